"""Writing credits: the rows of `media_people`."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from fullcredits.model import Credit, Record
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.characters import character_ids
from fullcredits.store.persons import Named
from fullcredits.store.schema import media_people, person_departments, source_people


@dataclass(slots=True)
class CreditChanges:
    """How many credits were added, rewritten (another billing) and removed."""

    new: int = 0
    changed: int = 0
    gone: int = 0


def put_credits(
    db: Connection,
    items: Sequence[tuple[int, Record, bool]],
    people: Mapping[str, Named],
) -> CreditChanges:
    """Make the credits of media items exactly those of their records.

    `items` are (media item id, record, whether credits of it were stored before); `people` gives
    source persons by key. A credit that stays keeps its row, and so its person: only its
    billing may move. One that is worded anew (another character, a new name) is another row for
    the same person. The same credit stated twice is two rows.
    """
    played = character_ids(
        db, {c.character for _, record, _ in items for c in record.credits if c.character}
    )
    added: list[_Row] = []
    moved: list[dict[str, Any]] = []
    removed: list[_Stored] = []
    before = _stored(db, [item_id for item_id, _, had in items if had])
    for item_id, record, _ in items:
        kept = before.get(item_id, {})
        fresh: list[Credit] = []
        for credit in record.credits:
            same = kept and kept.get(_identity(people[credit.person.key].id, credit))
            if not same:
                fresh.append(credit)
            elif (stored := same.popleft()).billing != credit.billing:
                moved.append({"row_id": stored.id, "billing": credit.billing})
        left = [stored for same in kept.values() for stored in same]
        holders = {stored.source_person: stored.person for stored in left}
        for credit in fresh:
            named = people[credit.person.key]
            held_for = named.person or holders.get(named.id)
            added.append(
                (item_id, named.id, held_for, credit.billing, credit.kind,
                 str(credit.department), credit.job, credit.character,
                 played.get(credit.character), credit.person.name)
            )  # fmt: skip
        removed += left
    _write(db, added, moved, removed)
    decided = {named.id for named in people.values() if named.person is not None}
    touched = {*(row[1] for row in added), *(stored.source_person for stored in removed)}
    _let_identity_look(db, touched - decided)
    return CreditChanges(len(added), len(moved), len(removed))


def _write(
    db: Connection,
    added: Sequence[_Row],
    moved: Sequence[dict[str, Any]],
    removed: Sequence[_Stored],
) -> None:
    bulk.insert_rows(db, media_people, _COLUMNS, added)
    if moved:
        where = media_people.c.id == bindparam("row_id")
        db.execute(update(media_people).where(where), moved)
    if removed:
        gone = [stored.id for stored in removed]
        db.execute(delete(media_people).where(among(media_people.c.id, gone)))
        # Who has other credits left is counted again by identity; nobody else is listed any more.
        whose = {stored.person for stored in removed if stored.person is not None}
        db.execute(delete(person_departments).where(among(person_departments.c.person_id, whose)))


_COLUMNS = (
    "media_item_id", "source_person_id", "person_id", "billing", "kind", "department", "job",
    "character", "character_id", "credited_as",
)  # fmt: skip
_Row = tuple[int, int, int | None, int, str, str, str, str, int | None, str]
"""A row of `media_people`, in the order of `_COLUMNS`."""


class _Stored(NamedTuple):
    """A credit as it was kept."""

    id: int
    source_person: int
    person: int | None
    billing: int


Identity = tuple[int, str, str, str, str, str]
"""What makes a stored credit the same credit: person, kind, department, job, character, name."""


def _identity(source_person: int, credit: Credit) -> Identity:
    return (
        source_person,
        credit.kind,
        str(credit.department),
        credit.job,
        credit.character,
        credit.person.name,
    )


def _stored(db: Connection, item_ids: Sequence[int]) -> dict[int, dict[Identity, deque[_Stored]]]:
    """The credits kept, in billing order, by what is credited, by media item."""
    found: dict[int, dict[Identity, deque[_Stored]]] = {}
    if not item_ids:
        return found
    query = (
        select(media_people)
        .where(among(media_people.c.media_item_id, item_ids))
        .order_by(media_people.c.media_item_id, media_people.c.billing)
    )
    for row in db.execute(query).all():
        of_item = found.setdefault(row.media_item_id, defaultdict(deque))
        same = (row.source_person_id, row.kind, row.department, row.job, row.character,
                row.credited_as)  # fmt: skip
        of_item[same].append(_Stored(row.id, row.source_person_id, row.person_id, row.billing))
    return found


def _let_identity_look(db: Connection, source_person_ids: set[int]) -> None:
    where = (among(source_people.c.id, source_person_ids), source_people.c.undecided.is_(False))
    db.execute(update(source_people).where(*where).values(undecided=True))

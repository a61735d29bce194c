"""Who may be called otherwise by another server: what tells of it, and keeping it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from fullcredits.model import Department
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.schema import media_items, media_people, source_people, spellings, titles


class BilledRow(NamedTuple):
    """A credit on a title that several sources have."""

    source: int
    person: int
    name: str
    department: Department
    part: str
    """The character or job, as the server wrote it."""


class SpellingRow(NamedTuple):
    """A pair of source persons on a title, as `identity.spellings.Alike` has it."""

    title_id: int
    one_id: int
    other_id: int
    same_part: bool


class OtherwiseRow(NamedTuple):
    """A pair of source persons on a film or show, as `identity.spellings.Otherwise` has it."""

    work: int
    one: int
    other: int
    same_part: bool


def load_billed(db: Connection, wanted: Iterable[int]) -> dict[int, list[BilledRow]]:
    """The credits on those of these titles that several sources have."""
    departments = {department.value: department for department in Department}
    found: dict[int, list[BilledRow]] = defaultdict(list)
    living = media_items.c.gone_since.is_(None)
    of_several = (
        select(media_items.c.title_id)
        .where(among(media_items.c.title_id, wanted), living)
        .group_by(media_items.c.title_id)
        .having(func.count(media_items.c.source_id.distinct()) > 1)
    )
    shared = db.scalars(of_several).all()
    if not shared:
        return found
    query = (
        select(
            media_items.c.title_id,
            media_items.c.source_id,
            source_people.c.id,
            source_people.c.name_folded,
            media_people.c.department,
            media_people.c.job,
            media_people.c.character,
        )
        .join(media_people, media_people.c.media_item_id == media_items.c.id)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .where(among(media_items.c.title_id, shared), living)
    )
    for title, source, person, name, department, job, character in db.execute(query):
        part = character if department == Department.ACTING else job
        row = BilledRow(source, person, name, departments[department], part)
        found[title].append(row)
    return found


def keep_spellings(
    db: Connection, about: Collection[int], rows: Mapping[int, Iterable[SpellingRow]]
) -> None:
    """Keep these pairs and no others of titles; whoever is in another pair now waits."""
    stale: list[int] = []
    fresh: list[SpellingRow] = []
    changed: set[int] = set()
    before: dict[int, set[SpellingRow]] = defaultdict(set)
    for row in db.execute(select(spellings).where(among(spellings.c.title_id, about))):
        before[row.title_id].add(SpellingRow(*row))
    for title in about:
        after = set(rows.get(title, ()))
        if after != before[title]:
            stale.append(title)
            fresh += sorted(after)
            for pair in after ^ before[title]:
                changed |= {pair.one_id, pair.other_id}
    if not stale:
        return
    db.execute(delete(spellings).where(among(spellings.c.title_id, stale)))
    bulk.insert_rows(db, spellings, SpellingRow._fields, fresh)
    where = among(source_people.c.id, changed)
    db.execute(update(source_people).where(where).values(undecided=True))


def load_otherwise(db: Connection, persons: Iterable[int]) -> list[OtherwiseRow]:
    """Every pair that one of these is the first of, once for each title."""
    query = (
        select(
            func.coalesce(titles.c.show_id, titles.c.id),
            spellings.c.one_id,
            spellings.c.other_id,
            spellings.c.same_part,
        )
        .join(titles, titles.c.id == spellings.c.title_id)
        .where(among(spellings.c.one_id, persons))
    )
    return [OtherwiseRow(*row) for row in db.execute(query)]

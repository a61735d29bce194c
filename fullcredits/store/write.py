"""Writing what a source states of its titles: facts and credits.

Each function is called inside one transaction (`Store.writing`) and compares before it writes:
stating the same thing again changes no row.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from fullcredits import text
from fullcredits.model import Department, ExternalId, MediaItem, Record
from fullcredits.store import figures
from fullcredits.store.among import among
from fullcredits.store.credits import CreditChanges, put_credits
from fullcredits.store.identity.waiting import look_again
from fullcredits.store.images import image_ids
from fullcredits.store.persons import put_source_people
from fullcredits.store.schema import holds, media_item_ids, media_items


@dataclass(slots=True)
class Written:
    """What a write changed."""

    new: int = 0
    changed: int = 0
    same: int = 0
    credits: CreditChanges = field(default_factory=CreditChanges)


def put_records(
    db: Connection, source_id: int, records: Sequence[Record], *, believed: bool = True
) -> Written:
    """Store full records of listed titles with all their credits; the plan of what to read is left
    alone.

    Titles that are not stored (any more) are left out. Of records that are not `believed` the
    credits are stored, but no facts of the titles, no portraits, and no other names of people who
    are known.
    """
    written = Written()
    known = known_items(db, source_id, [record.item.key for record in records])
    records = [record for record in records if record.item.key in known]
    people = put_source_people(
        db, source_id, [c.person for r in records for c in r.credits], believed=believed
    )
    pictures = _pictures(db, source_id, (r.item for r in records)) if believed else {}
    read: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    fresh_items: list[tuple[int, MediaItem]] = []
    changed_credits: list[tuple[int, Record, bool]] = []
    recast: set[int] = set()
    for record in records:
        row = known[record.item.key]
        facts_hash, credits_hash = _facts_hash(record.item), hash_of_credits(record)
        fresh_facts = believed and facts_hash != row.facts_hash
        fresh_credits = credits_hash != row.credits_hash
        if row.credits_hash is None:
            written.new += 1
        elif fresh_facts or fresh_credits:
            written.changed += 1
        else:
            written.same += 1
        if fresh_credits:
            changed_credits.append((row.id, record, row.credits_hash is not None))
            if row.title_id is not None:
                recast.add(row.title_id)
        if fresh_facts:
            fresh_items.append((row.id, record.item))
            facts.append({"row_id": row.id, **_facts(record.item, pictures)})
        if fresh_facts or fresh_credits:
            read.append(
                {
                    "row_id": row.id,
                    "credits_hash": credits_hash,
                    "credit_count": len(record.credits),
                    "cast_count": sum(c.department is Department.ACTING for c in record.credits),
                    "capped": record.capped,
                    "undecided": True,
                }
            )
    for changed in (facts, read):
        if changed:
            where = media_items.c.id == bindparam("row_id")
            db.execute(update(media_items).where(where), changed)
    _replace_ids(db, fresh_items)
    # Whoever is on these titles until now; of those who come, identity looks at whom it has to.
    look_again(db, recast)
    written.credits = put_credits(db, changed_credits, people)
    if born := [named.person for named in people.values() if named.person is not None]:
        figures.count_people(db, born)
        figures.let_totals_be_old(db)
    return written


_KNOWN = (
    "id", "key", "library_id", "marker", "due", "look_at", "unsettled_since", "read_at",
    "facts_hash", "credits_hash", "undecided", "gone_since", "hold_id", "title_id",
)  # fmt: skip


def known_items(db: Connection, source_id: int, keys: Sequence[str]) -> dict[str, Any]:
    """What is stored of media items, by key; without those not stored. `vanished`: held, because
    the library lacked them.
    """
    vanished = holds.c.library_id.is_not(None).label("vanished")
    columns = [*(media_items.c[name] for name in _KNOWN), vanished]
    whole = media_items.outerjoin(holds, holds.c.id == media_items.c.hold_id)
    query = select(*columns).select_from(whole)
    query = query.where(media_items.c.source_id == source_id, among(media_items.c.key, keys))
    return {row.key: row for row in db.execute(query)}


def known_credits(db: Connection, source_id: int, records: Sequence[Record]) -> set[str]:
    """The keys of those records that state exactly the credits that are stored."""
    known = known_items(db, source_id, [record.item.key for record in records])
    return {
        record.item.key
        for record in records
        if (row := known.get(record.item.key)) is not None
        and row.credits_hash == hash_of_credits(record)
    }


def insert_items(
    db: Connection,
    source_id: int,
    library_id: int,
    items: Sequence[MediaItem],
    due: int | None = None,
) -> dict[str, int]:
    """Store media items that are not stored yet, their records being due at a turn; returns row
    ids by key.
    """
    pictures = _pictures(db, source_id, items)
    of_all = {"source_id": source_id, "library_id": library_id, "due": due}
    rows = [
        _facts(item, pictures)
        | {"key": item.key, "kind": item.kind, "marker": item.marker or "", **of_all}
        for item in items
    ]
    db.execute(insert(media_items), rows)
    known = known_items(db, source_id, [item.key for item in items])
    ids = {key: row.id for key, row in known.items()}
    _insert_ids(db, [(ids[item.key], item) for item in items])
    return ids


def _facts(item: MediaItem, pictures: dict[str, int]) -> dict[str, Any]:
    return {
        "facts_hash": _facts_hash(item),
        "parent_key": item.parent_key,
        "show_key": item.show_key,
        "season_number": item.season_number,
        "episode_number": item.episode_number,
        "title": item.title,
        "title_folded": text.fold(item.title),
        "sort_title": item.sort_title,
        "original_title": item.original_title,
        "original_folded": _original_folded(item),
        "year": item.year,
        "released": item.released,
        "ended": item.ended,
        "runtime": item.runtime,
        "overview": item.overview,
        "tagline": item.tagline,
        "content_rating": item.content_rating,
        "genres": list(item.genres),
        "added": item.added.replace(tzinfo=None) if item.added else None,
        "poster_id": pictures.get(item.poster) if item.poster else None,
        "backdrop_id": pictures.get(item.backdrop) if item.backdrop else None,
    }


def _original_folded(item: MediaItem) -> str | None:
    return text.fold(item.original_title) if item.original_title and not item.show_key else None


def _pictures(db: Connection, source_id: int, items: Iterable[MediaItem]) -> dict[str, int]:
    refs: dict[str, str | None] = {}
    for item in items:
        if item.poster:
            refs[item.poster] = item.poster_blurhash
        if item.backdrop:
            refs[item.backdrop] = item.backdrop_blurhash
    return image_ids(db, source_id, refs)


def _replace_ids(db: Connection, items: Sequence[tuple[int, MediaItem]]) -> None:
    known: dict[int, set[ExternalId]] = defaultdict(set)
    of_item = media_item_ids.c.media_item_id
    query = select(media_item_ids).where(among(of_item, [item_id for item_id, _ in items]))
    for item_id, scheme, value in db.execute(query):
        known[item_id].add(ExternalId(scheme, value))
    changed = [(n, item) for n, item in items if known[n] != set(item.external_ids)]
    if stale := [item_id for item_id, _ in changed if known[item_id]]:
        db.execute(delete(media_item_ids).where(among(of_item, stale)))
    _insert_ids(db, changed)


def _insert_ids(db: Connection, items: Sequence[tuple[int, MediaItem]]) -> None:
    rows = [
        {"media_item_id": item_id, "scheme": scheme, "value": value}
        for item_id, item in items
        for scheme, value in dict.fromkeys(item.external_ids)
    ]
    if rows:
        db.execute(insert(media_item_ids), rows)


def _facts_hash(item: MediaItem) -> bytes:
    facts = [repr(getattr(item, name)) for name in _HASHED]
    return _hash("\x1f".join(facts))


_HASHED = tuple(
    name
    for name in MediaItem.__dataclass_fields__
    # What is no fact of the title.
    if name not in ("marker", "poster_blurhash", "backdrop_blurhash")
)


def hash_of_credits(record: Record) -> bytes:
    """Tells whether two records state the same credits."""
    parts = [
        f"{c.person.key}\x1f{c.person.name}\x1f{c.billing}\x1f{c.kind}\x1f{c.job}\x1f{c.character}"
        for c in record.credits
    ]
    return _hash("\x1e".join(parts))


def signs_of(record: Record) -> dict[str, str]:
    """By the kinds of what is odd in a record (`Odd`), what tells whether that is the same in
    another one.
    """
    return {
        kind: _hash("\x1e".join(sorted({what for k, what in record.oddities if k is kind}))).hex()
        for kind in dict.fromkeys(kind for kind, _ in record.oddities)
    }


def _hash(content: str) -> bytes:
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()

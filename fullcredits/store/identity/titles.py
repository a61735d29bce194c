"""Keeping what identity decided about titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, tuple_, update

from fullcredits import text
from fullcredits.model import TitleKind
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.figures import TOP_KINDS, Listed, in_libraries, put_genres
from fullcredits.store.identity.waiting import look_again
from fullcredits.store.schema import media_items, titles
from fullcredits.store.words import learn


class TitleGroup(NamedTuple):
    """Media items that are one title."""

    kind: TitleKind
    members: tuple[int, ...]
    number: int | None
    """The title's id; None: it is new."""
    parent: int | None
    """A media item of its parent: of a season its show, of an episode its season."""
    show: int | None
    """The title of its show."""


def keep_titles(
    db: Connection, groups: Sequence[TitleGroup], held: Mapping[int, int | None]
) -> dict[int, int]:
    """Write titles and point media items at them; returns title id by media item.

    `groups` are those of a portion that changed, `held` gives the title until now of every item
    in the portion, and of parents. Who is credited on items that come to another title, and what
    belongs to shows that do, waits for identity then.
    """
    title_of = {item: title for item, title in held.items() if title is not None}
    for kind in TitleKind:
        some = [group for group in groups if group.kind is kind]
        if some:
            _keep(db, some, title_of)
    moved = {item: title for item, title in title_of.items() if held.get(item) != title}
    if moved:
        rows = [{"row_id": item, "title_id": title} for item, title in moved.items()]
        db.execute(update(media_items).where(media_items.c.id == bindparam("row_id")), rows)
        shows = {m for g in groups if g.kind is TitleKind.SHOW for m in g.members}
        _let_parts_wait(db, sorted(shows & moved.keys()))
    return title_of


def settle_items(db: Connection, items: Iterable[int]) -> None:
    """Identity has looked at these media items."""
    where = (among(media_items.c.id, items), media_items.c.undecided)
    db.execute(update(media_items).where(*where).values(undecided=False))


def redirect_titles(db: Connection, moved: Mapping[int, int]) -> None:
    """Let old title addresses lead to the titles they turned out to be."""
    rows = [
        {"row_id": old, "merged_into": new, "held": False, "in_libraries": ""}
        for old, new in moved.items()
    ]
    if rows:
        db.execute(update(titles).where(titles.c.id == bindparam("row_id")), rows)
        put_genres(db, {}, list(moved))


def _keep(db: Connection, groups: Sequence[TitleGroup], title_of: dict[int, int]) -> None:
    """Write titles of one kind; adds the new ones to `title_of`."""
    fresh = [group for group in groups if group.number is None]
    numbers = iter(bulk.fresh_numbers(db, titles, len(fresh)))
    groups = [g if g.number is not None else g._replace(number=next(numbers)) for g in groups]
    members = _rows(db, _DESCRIBING, [member for group in groups for member in group.members])
    known = _rows(db, _DESCRIBED, [group.number for group in groups if group.number is not None])
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    weighed: list[int] = []
    for group in groups:
        assert group.number is not None
        title_of.update(dict.fromkeys(group.members, group.number))
        above = (title_of.get(group.parent) if group.parent is not None else None, group.show)
        facts = (*_project([members[member] for member in group.members]), *above, None)
        before = known.get(group.number)
        if before is None:
            added.append({"id": group.number, **_named(group.kind, facts)})
        elif tuple(before)[1:] != facts:
            changed.append({"row_id": group.number, **_named(group.kind, facts)})
            if any(getattr(before, name) != changed[-1][name] for name in _WEIGHED):
                weighed.append(group.number)
    columns = ("id", "kind", *_FACTS)
    bulk.insert_rows(db, titles, columns, [tuple(map(row.get, columns)) for row in added])
    if changed:
        db.execute(update(titles).where(titles.c.id == bindparam("row_id")), changed)
    look_again(db, weighed)
    if groups[0].kind in TOP_KINDS:
        _let_find(db, [*((f["id"], f) for f in added), *((f["row_id"], f) for f in changed)])


def _let_find(db: Connection, written: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Put what was written of movies and shows where filters and searches look."""
    genres = {
        number: Listed(facts["kind"], facts["year"], facts["genres"])
        for number, facts in written
        if facts["held"]
    }
    put_genres(db, genres, [number for number, _ in written])
    learn(db, (facts[name] for _, facts in written for name in ("title_folded", "original_folded")))


_FIRST_GIVEN = (
    "season_number", "episode_number", "title", "original_title", "year", "released", "ended",
    "runtime", "overview", "tagline", "content_rating", "poster_id", "backdrop_id",
)  # fmt: skip
_DESCRIBING = tuple(
    media_items.c[name]
    for name in (
        "id",
        *_FIRST_GIVEN,
        "source_id",
        "library_id",
        "kind",
        "gone_since",
        "sort_title",
        "genres",
        "added",
    )
)
_FACTS = (
    *_FIRST_GIVEN, "title_folded", "sort_folded", "original_folded", "genres", "added", "held",
    "in_libraries", "parent_id", "show_id", "merged_into",
)  # fmt: skip
_WEIGHED = ("year", "show_id")
"""What of a title says something of who is credited there."""
_DESCRIBED = (titles.c.id, *(titles.c[name] for name in _FACTS))


def _named(kind: TitleKind, facts: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(_FACTS, facts, strict=True)) | {"kind": kind}


def _project(members: Sequence[Row[Any]]) -> tuple[Any, ...]:
    """A title's facts: each from the first source that gives it. What is gone says nothing where
    another is there.
    """
    if len(members) > 1:
        there = [member for member in members if member.gone_since is None]
        members = sorted(there or members, key=lambda m: (m.source_id, m.id))
    first = members[0]
    given: Sequence[Any] = first[1 : len(_FIRST_GIVEN) + 1]
    for other in members[1:]:
        more = other[1 : len(_FIRST_GIVEN) + 1]
        given = [b if a is None else a for a, b in zip(given, more, strict=True)]
    title, original = given[2], given[3]
    sort_title = next((m.sort_title for m in members if m.sort_title), None) or title
    genres = max((m.genres for m in members), key=len)
    added = min((m.added for m in members if m.added), default=None)
    living = [m.library_id for m in members if m.gone_since is None]
    where = in_libraries(living if first.kind in TOP_KINDS else ())
    folded = *map(text.sort_key, (title, sort_title)), text.fold(original or "")
    return *given, *folded, genres, added, bool(living), where


def _rows(db: Connection, columns: Sequence[Any], ids: Sequence[int]) -> dict[int, Row[Any]]:
    query = select(*columns).where(among(columns[0], ids))
    return {row.id: row for row in db.execute(query).all()}


def _let_parts_wait(db: Connection, shows: Sequence[int]) -> None:
    """What belongs to these shows may be one with other things now."""
    if shows:
        keys = select(media_items.c.source_id, media_items.c.key)
        keys = keys.where(among(media_items.c.id, shows))
        belongs = tuple_(media_items.c.source_id, media_items.c.show_key).in_(keys)
        decided = media_items.c.undecided.is_(False)
        db.execute(update(media_items).where(belongs, decided).values(undecided=True))

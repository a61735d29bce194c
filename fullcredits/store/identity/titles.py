"""Keeping what identity decided about titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from fullcredits import text
from fullcredits.model import TitleKind
from fullcredits.store.chunks import chunked
from fullcredits.store.figures import TOP_KINDS, Listed, put_genres
from fullcredits.store.schema import media_items, media_people, source_people, titles
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
    """A media item of its show."""


def keep_titles(
    db: Connection, groups: Sequence[TitleGroup], held: Mapping[int, int | None]
) -> dict[int, int]:
    """Write titles and point media items at them; returns title id by media item.

    `groups` are those that changed, parents before children; `held` gives every media item's
    title until now. Credits of items that come to another title are marked for identity.
    """
    title_of: dict[int, int] = {item: title for item, title in held.items() if title is not None}
    for kind in TitleKind:
        for part in chunked([group for group in groups if group.kind is kind]):
            _keep_part(db, part, title_of)
    moved = [
        {"row_id": item, "title_id": title}
        for item, title in title_of.items()
        if held.get(item) != title
    ]
    if moved:
        where = media_items.c.id == bindparam("row_id")
        db.execute(update(media_items).where(where), moved)
        _let_identity_look(db, [row["row_id"] for row in moved])
    db.execute(update(media_items).where(media_items.c.undecided).values(undecided=False))
    return title_of


def _keep_part(db: Connection, groups: Sequence[TitleGroup], title_of: dict[int, int]) -> None:
    """Write some titles of one kind: whole rows of all of them at once would fill the memory."""
    items = _items(db, [member for group in groups for member in group.members])
    fresh: list[tuple[TitleGroup, dict[str, Any]]] = []
    changed: list[dict[str, Any]] = []
    known = _titles(db, [group.number for group in groups if group.number is not None])
    for group in groups:
        facts = _project(group, [items[member] for member in group.members], title_of)
        if group.number is None:
            fresh.append((group, facts))
            continue
        for member in group.members:
            title_of[member] = group.number
        if any(getattr(known[group.number], name) != value for name, value in facts.items()):
            changed.append({"row_id": group.number, **facts})
    if fresh:
        inserted = insert(titles).returning(titles.c.id, sort_by_parameter_order=True)
        numbers = db.scalars(inserted, [facts for _, facts in fresh])
        for (group, _), number in zip(fresh, numbers, strict=True):
            title_of.update(dict.fromkeys(group.members, number))
    if changed:
        db.execute(update(titles).where(titles.c.id == bindparam("row_id")), changed)
    if groups[0].kind in TOP_KINDS:
        written = [(title_of[group.members[0]], facts) for group, facts in fresh]
        _let_find(db, [*written, *((facts["row_id"], facts) for facts in changed)])


def _let_find(db: Connection, written: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Put what was written of movies and shows where filters and searches look."""
    genres = {
        number: Listed(facts["kind"], facts["year"], facts["genres"])
        for number, facts in written
        if facts["held"]
    }
    put_genres(db, genres, [number for number, _ in written])
    learn(db, (facts[name] for _, facts in written for name in ("sort_folded", "original_folded")))


def redirect_titles(db: Connection, moved: Mapping[int, int]) -> None:
    """Let old title addresses lead to the titles they turned out to be."""
    rows = [{"row_id": old, "merged_into": new, "held": False} for old, new in moved.items()]
    if rows:
        db.execute(update(titles).where(titles.c.id == bindparam("row_id")), rows)
        put_genres(db, {}, list(moved))


_FIRST_GIVEN = (
    "season_number", "episode_number", "title", "original_title", "year", "released", "ended",
    "runtime", "overview", "tagline", "content_rating", "poster_id", "backdrop_id",
)  # fmt: skip


def _project(
    group: TitleGroup, members: Iterable[Any], title_of: Mapping[int, int]
) -> dict[str, Any]:
    """The title's facts: each from the first source that gives it; living items before gone."""
    ordered = sorted(members, key=lambda m: (m.gone_since is not None, m.source_id, m.id))
    facts: dict[str, Any] = {
        name: next((v for m in ordered if (v := getattr(m, name)) is not None), None)
        for name in _FIRST_GIVEN
    }
    sort_title = next((m.sort_title for m in ordered if m.sort_title), None) or facts["title"]
    facts["kind"] = str(group.kind)
    facts["sort_folded"] = text.sort_key(sort_title)
    facts["original_folded"] = text.fold(facts["original_title"] or "")
    facts["genres"] = max((m.genres for m in ordered), key=len)
    facts["added"] = min((m.added for m in ordered if m.added), default=None)
    facts["parent_id"] = None if group.parent is None else title_of.get(group.parent)
    facts["show_id"] = None if group.show is None else title_of.get(group.show)
    facts["merged_into"] = None
    facts["held"] = any(m.gone_since is None for m in ordered)
    return facts


def _items(db: Connection, ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunked(ids):
        query = select(media_items).where(media_items.c.id.in_(chunk))
        found.update({row.id: row for row in db.execute(query)})
    return found


def _titles(db: Connection, ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunked(ids):
        query = select(titles).where(titles.c.id.in_(chunk))
        found.update({row.id: row for row in db.execute(query)})
    return found


def _let_identity_look(db: Connection, item_ids: Sequence[int]) -> None:
    for chunk in chunked(item_ids):
        credited = select(media_people.c.source_person_id).where(
            media_people.c.media_item_id.in_(chunk)
        )
        db.execute(
            update(source_people).where(source_people.c.id.in_(credited)).values(undecided=True)
        )

"""Which media items are one title: facts from the store, the decision, and keeping it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from fullcredits.identity.addresses import settle
from fullcredits.identity.episodes import group_parts
from fullcredits.identity.titles import Item, cast_needed, group_works
from fullcredits.model import TitleKind
from fullcredits.store import Connection
from fullcredits.store.identity import title_facts, titles
from fullcredits.store.identity.title_facts import ItemRow
from fullcredits.store.identity.waiting import look_again
from fullcredits.sync.identify_spellings import note_spellings


def decide_titles(db: Connection) -> bool:
    """Point a portion of the waiting media items at their titles; False when none waits.

    Films and shows come first: what belongs to a show is decided by the show's title.
    """
    works = title_facts.waiting_works(db)
    if works:
        items = [_item(row) for row in works]
        cast = title_facts.load_cast(db, cast_needed(items))
        groups = group_works(items, {item: frozenset(names) for item, names in cast.items()})
        _keep(db, works, groups.members().values())
        return True
    parts = title_facts.waiting_parts(db)
    show_of = {row.id: row.show_title for row in parts if row.show_title is not None}
    _keep(db, parts, group_parts(map(_item, parts), show_of).members().values())
    return bool(parts)


def _item(row: ItemRow) -> Item:
    return Item(
        row.id,
        row.kind,
        row.show,
        row.season_number,
        row.episode_number,
        row.ids,
        row.names,
        row.year,
        row.released,
        row.library,
        row.overview,
    )


def _keep(db: Connection, rows: Sequence[ItemRow], groups: Iterable[Sequence[int]]) -> None:
    """Write a portion's titles, as far as they are not as they were kept."""
    by_id = {row.id: row for row in rows}
    members = list(groups)
    held = {row.id: row.title for row in rows}
    settled = settle([Counter(t for m in g if (t := held[m]) is not None) for g in members])
    sizes = Counter(held.values())
    season_of = {
        (row.show, row.season_number): row.id for row in rows if row.kind is TitleKind.SEASON
    }
    # Episodes come to seasons that are new, or others now, though nothing else of them changes.
    number_of = {m: n for group, n in zip(members, settled.numbers, strict=True) for m in group}
    stirring = {m for m in season_of.values() if by_id[m].undecided or number_of[m] != held[m]}
    regrouped = {by_id[m].show for m in stirring}
    shows = {row.show: row.show_title for row in rows if row.show is not None}
    changed = [
        _title_group(group, number, by_id, season_of)
        for group, number in zip(members, settled.numbers, strict=True)
        if number is None
        or sizes[number] != len(group)
        or any(by_id[m].undecided or held[m] != number or by_id[m].show in regrouped for m in group)
    ]
    title_of = titles.keep_titles(db, changed, held | shows)
    redirects = {old: title_of[members[index][0]] for old, index in settled.moved.items()}
    titles.redirect_titles(db, redirects)
    moved = {row.id for row in rows if title_of[row.id] != row.title}
    stirred = {title_of[item] for item in moved}
    stirred |= {title for item in moved if (title := held[item]) is not None}
    look_again(db, stirred)
    note_spellings(db, stirred | {title_of[row.id] for row in rows if row.undecided})
    titles.settle_items(db, [row.id for row in rows if row.undecided])


def _title_group(
    members: Sequence[int],
    number: int | None,
    by_id: Mapping[int, ItemRow],
    season_of: Mapping[tuple[int | None, int | None], int],
) -> titles.TitleGroup:
    kind = by_id[members[0]].kind
    at_home = next((by_id[m] for m in members if by_id[m].show is not None), None)
    parent = at_home.show if at_home else None
    if kind is TitleKind.EPISODE:
        here = ((by_id[m].show, by_id[m].season_number) for m in members)
        parent = next((season_of[at] for at in here if at in season_of), parent)
    show_title = at_home.show_title if at_home else None
    return titles.TitleGroup(kind, tuple(members), number, parent, show_title)

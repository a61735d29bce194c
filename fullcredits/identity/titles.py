"""Which media items are one title: films and shows, and by them seasons and episodes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from fullcredits.identity.groups import Groups, join_sharers
from fullcredits.model import ExternalId, TitleKind

WORKS = (TitleKind.MOVIE, TitleKind.SHOW)
_ENOUGH_CAST = 2
_SHARE_OF_CAST = 0.25


class Item(NamedTuple):
    """What identity looks at in a media item."""

    id: int
    kind: TitleKind
    show: int | None
    """Of a season or an episode, the media item of its show on the same source."""
    season_number: int | None
    episode_number: int | None
    ids: tuple[ExternalId, ...]
    names: tuple[str, ...] = ()
    """Title and original title, folded; the title first."""
    year: int | None = None
    released: dt.date | None = None
    library: int = 0
    overview: str = ""


Cast = Mapping[int, frozenset[str]]
"""The folded names credited on a media item."""


def group_works(items: Iterable[Item], cast: Cast) -> Groups:
    """Films and shows that are one title.

    They are one when they share an external id and no ids of theirs clash. Without a common id
    their titles must fold to the same text, their years lie within one, and some of the same
    people be credited; where a server tells nobody, the day of release must be the same. Of
    several such in one library only the one most alike is meant, and none if that is not one:
    a library seldom has a work twice, and then describes it in the same words.
    """
    ordered = sorted(items, key=by_facts)
    groups = _by_ids(ordered)
    alike = [pair for pair in _namesakes(ordered, groups, cast) if _same_work(*pair, cast)]
    here = [(one, other) for one, other in alike if one.library == other.library]
    elsewhere = [(one, other) for one, other in alike if one.library != other.library]
    for one, other in here:
        if one.overview and one.overview == other.overview:
            groups.join(one.id, other.id)
    for one, other in here:
        if groups.leader(one.id) != groups.leader(other.id):
            groups.forbid(one.id, other.id)
    for one, other in _surest(elsewhere, groups):
        groups.join(one.id, other.id)
    return groups


def cast_needed(items: Iterable[Item]) -> set[int]:
    """The films and shows that only the people on them can tell to be one title."""
    ordered = sorted(items, key=by_facts)
    groups = _by_ids(ordered)
    needed: set[int] = set()
    for there in _of_one_name(ordered):
        works = {groups.leader(item.id) for item in there}
        if any(not groups.clash(one, other) for one, other in combinations(works, 2)):
            needed.update(item.id for item in there)
    return needed


def by_facts(item: Item) -> tuple[object, ...]:
    """An order that comes from the facts, not from the numbers that a database gave."""
    numbers = item.season_number or 0, item.episode_number or 0
    when = item.year or 0, item.released or dt.date.min
    return item.ids, item.names, *numbers, *when, item.overview, item.id


def _by_ids(ordered: Sequence[Item]) -> Groups:
    groups = Groups({item.id: item.ids for item in ordered})
    join_sharers(groups, (((item.kind, *own), item.id) for item in ordered for own in item.ids))
    return groups


def _of_one_name(ordered: Iterable[Item]) -> list[list[Item]]:
    """Films, and shows, with a title in common."""
    named: dict[tuple[TitleKind, str], list[Item]] = defaultdict(list)
    for item in ordered:
        for name in dict.fromkeys(item.names):
            named[item.kind, name].append(item)
    return [there for there in named.values() if len(there) > 1]


def _namesakes(ordered: Iterable[Item], groups: Groups, cast: Cast) -> list[tuple[Item, Item]]:
    """Works of one title that ids neither joined nor keep apart, with a person or day in common.

    Of thousands of home videos of one name nothing is compared: they have neither.
    """
    pairs: dict[tuple[int, int], tuple[Item, Item]] = {}
    for there in _of_one_name(ordered):
        sharing: dict[object, list[Item]] = defaultdict(list)
        for item in there:
            for clue in (item.released, *cast.get(item.id, ())):
                if clue is not None:
                    sharing[clue].append(item)
        for some in sharing.values():
            for one, other in combinations(some, 2):
                pairs[one.id, other.id] = one, other
    return [
        (one, other)
        for one, other in pairs.values()
        if groups.leader(one.id) != groups.leader(other.id) and not groups.clash(one.id, other.id)
    ]


def _same_work(one: Item, other: Item, cast: Cast) -> bool:
    if one.year and other.year and abs(one.year - other.year) > 1:
        return False
    ones, others = cast.get(one.id), cast.get(other.id)
    if ones and others:
        together = len(ones & others)
        fewer = min(len(ones), len(others))
        return together >= min(_ENOUGH_CAST, fewer) and together >= _SHARE_OF_CAST * fewer
    return one.released is not None and one.released == other.released


def _surest(alike: Sequence[tuple[Item, Item]], groups: Groups) -> list[tuple[Item, Item]]:
    """Pairs of which each is most like the other of all that the other's library has."""
    likest: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for one, other in alike:
        likeness = _likeness(one, other)
        likest[one.id, other.library].append((likeness, groups.leader(other.id)))
        likest[other.id, one.library].append((likeness, groups.leader(one.id)))

    def meant(one: Item, other: Item) -> bool:
        there = likest[one.id, other.library]
        best = max(likeness for likeness, _ in there)
        return {work for likeness, work in there if likeness == best} == {groups.leader(other.id)}

    return [(one, other) for one, other in alike if meant(one, other) and meant(other, one)]


def _likeness(one: Item, other: Item) -> int:
    same_words = bool(one.overview) and one.overview == other.overview
    return 2 * same_words + (one.released == other.released)

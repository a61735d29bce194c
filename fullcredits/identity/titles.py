"""Which media items are one title."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from fullcredits.identity.groups import Groups
from fullcredits.model import ExternalId, TitleKind

_TOP = (TitleKind.MOVIE, TitleKind.SHOW)
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


Cast = Mapping[int, frozenset[str]]
"""The folded names credited on a media item."""


def group_titles(items: Sequence[Item], cast: Cast | None = None) -> list[tuple[int, ...]]:
    """The media items of each title, by id.

    Films and shows are one when they share an external id and no ids of theirs clash. Without a
    common id their titles must fold to the same text, their years lie within one, and some of the
    same people be credited; where a server tells nobody, the day of release must be the same.
    Seasons are one by their show and number. Episodes are one by show, season and number, by
    external id within one show, or by a title that no other episode there has; again unless their
    ids clash, and specials, which every catalogue numbers otherwise, unless their titles do.
    """
    groups = _by_ids(items)
    for one, other in _namesakes(items, groups):
        if _same_work(one, other, cast or {}):
            groups.join(one.id, other.id)
    show_of = {i.id: groups.leader(i.show) for i in items if i.show is not None}
    by_kind: dict[TitleKind, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    _join_all(groups, _by_numbers(by_kind[TitleKind.SEASON], show_of))
    episodes = by_kind[TitleKind.EPISODE]
    _join_all(
        groups,
        (((show_of.get(item.id), *own), item.id) for item in episodes for own in item.ids),
    )
    _join_all(groups, _by_numbers(episodes, show_of))
    _join_all(groups, _by_own_name(episodes, show_of, groups))
    return [tuple(members) for members in groups.members().values()]


def cast_needed(items: Sequence[Item]) -> set[int]:
    """The films and shows that only the people on them can tell to be one title."""
    return {item.id for pair in _namesakes(items, _by_ids(items)) for item in pair}


def _by_ids(items: Sequence[Item]) -> Groups:
    """Films and shows joined by their external ids."""
    groups = Groups({item.id: item.ids for item in items})
    for kind in _TOP:
        _join_all(groups, ((tuple(i), t.id) for t in items if t.kind is kind for i in t.ids))
    return groups


def _namesakes(items: Iterable[Item], groups: Groups) -> list[tuple[Item, Item]]:
    """Films, and shows, of one title that ids neither joined nor keep apart."""
    named: dict[tuple[TitleKind, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.kind in _TOP:
            for name in set(item.names):
                named[item.kind, name].append(item)
    return [
        pair
        for key in sorted(key for key, there in named.items() if len(there) > 1)
        for pair in combinations(named[key], 2)
        if groups.leader(pair[0].id) != groups.leader(pair[1].id)
        and not groups.clash(pair[0].id, pair[1].id)
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


def _by_numbers(
    items: Iterable[Item], show_of: Mapping[int, int]
) -> Iterable[tuple[Hashable, int]]:
    for item in items:
        if item.id not in show_of or item.season_number is None:
            continue
        name = None
        if item.kind is TitleKind.EPISODE:
            if item.episode_number is None:
                continue
            if item.season_number == 0 and item.names:
                name = item.names[0]
        yield (show_of[item.id], item.season_number, item.episode_number, name), item.id


def _by_own_name(
    episodes: Iterable[Item], show_of: Mapping[int, int], groups: Groups
) -> Iterable[tuple[Hashable, int]]:
    """Episodes under their show and title, where each of its shows has one of that title only.

    So an episode numbered through from the first season finds the one numbered within its own.
    """
    named: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in episodes:
        if item.id in show_of and item.names and not _says_nothing(item.names[0]):
            named[show_of[item.id], item.names[0]].append(item)
    for key, there in named.items():
        if len({item.show for item in there}) == len(there) and not any(
            groups.clash(one.id, other.id) for one, other in combinations(there, 2)
        ):
            for item in there:
                yield key, item.id


def _says_nothing(name: str) -> bool:
    """A title made of a number: "Episode 12", "Part 2", "2021 03 04"."""
    return any(c.isdigit() for c in name) or len(name) < len("abcd")


def _join_all(groups: Groups, shared: Iterable[tuple[Hashable, int]]) -> None:
    """Join the records that share a key; keys are taken in order, so that arrival plays no part."""
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    for key, record in shared:
        by_key[key].append(record)
    for key in sorted((k for k, records in by_key.items() if len(records) > 1), key=str):
        first, *others = sorted(by_key[key])
        for other in others:
            groups.join(first, other)

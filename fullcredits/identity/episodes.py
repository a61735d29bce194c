"""Which seasons and episodes of one show are one title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from fullcredits.identity.groups import Groups, join_sharers
from fullcredits.identity.titles import WORKS, Cast, Item, by_facts, group_works
from fullcredits.model import TitleKind


def group_titles(items: Iterable[Item], cast: Cast | None = None) -> list[tuple[int, ...]]:
    """The media items of each title, by id: works first, then what belongs to shows."""
    everything = list(items)
    works = group_works((i for i in everything if i.kind in WORKS), cast or {})
    parts = [item for item in everything if item.kind not in WORKS]
    show_of = {i.id: works.leader(i.show) for i in parts if i.show is not None}
    groups = [*works.members().values(), *group_parts(parts, show_of).members().values()]
    return sorted(map(tuple, groups))


def group_parts(items: Iterable[Item], show_of: Mapping[int, int]) -> Groups:
    """Seasons and episodes that are one title; `show_of` numbers the show of each.

    Seasons are one by their show and number. Episodes are one by show, season and number, by
    external id within one show, or by a title that no other episode there has; unless their ids
    clash, and specials, which every catalogue numbers otherwise, unless their titles do.
    """
    ordered = sorted(items, key=by_facts)
    groups = Groups({item.id: item.ids for item in ordered})
    seasons = [item for item in ordered if item.kind is TitleKind.SEASON]
    episodes = [item for item in ordered if item.kind is TitleKind.EPISODE]
    join_sharers(groups, _by_numbers(seasons, show_of))
    join_sharers(groups, _by_ids(episodes, show_of))
    join_sharers(groups, _by_numbers(episodes, show_of))
    join_sharers(groups, _by_own_name(episodes, show_of, groups))
    return groups


def _by_ids(episodes: Iterable[Item], show_of: Mapping[int, int]) -> Iterable[tuple[Hashable, int]]:
    for item in episodes:
        if item.id in show_of:
            for own in item.ids:
                yield (show_of[item.id], *own), item.id


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

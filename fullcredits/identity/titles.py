"""Which media items are one title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from fullcredits.identity.groups import Groups
from fullcredits.model import ExternalId, TitleKind


class Item(NamedTuple):
    """What identity looks at in a media item."""

    id: int
    kind: TitleKind
    show: int | None
    """Of a season or an episode, the media item of its show on the same source."""
    season_number: int | None
    episode_number: int | None
    ids: tuple[ExternalId, ...]


def group_titles(items: Sequence[Item]) -> list[tuple[int, ...]]:
    """The media items of each title, by id.

    Films and shows are one when they share an external id and no ids of theirs clash. Seasons
    are one by their show and number; episodes by show, season and number, or by external id
    within one show, again unless their ids clash.
    """
    by_kind: dict[TitleKind, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    groups = Groups({item.id: item.ids for item in items})
    for kind in (TitleKind.MOVIE, TitleKind.SHOW):
        _join_all(groups, ((tuple(i), item.id) for item in by_kind[kind] for i in item.ids))
    show_of = {i.id: groups.leader(i.show) for i in items if i.show is not None}
    _join_all(groups, _by_numbers(by_kind[TitleKind.SEASON], show_of))
    _join_all(groups, _by_numbers(by_kind[TitleKind.EPISODE], show_of))
    _join_all(
        groups,
        (
            ((show_of.get(item.id), *external_id), item.id)
            for item in by_kind[TitleKind.EPISODE]
            for external_id in item.ids
        ),
    )
    return [tuple(members) for members in groups.members().values()]


def _by_numbers(
    items: Iterable[Item], show_of: Mapping[int, int]
) -> Iterable[tuple[Hashable, int]]:
    for item in items:
        if item.id not in show_of or item.season_number is None:
            continue
        if item.kind is TitleKind.EPISODE and item.episode_number is None:
            continue
        yield (show_of[item.id], item.season_number, item.episode_number), item.id


def _join_all(groups: Groups, shared: Iterable[tuple[Hashable, int]]) -> None:
    """Join the records that share a key; keys are taken in order, so that arrival plays no part."""
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    for key, record in shared:
        by_key[key].append(record)
    for key in sorted((k for k, records in by_key.items() if len(records) > 1), key=str):
        first, *others = sorted(by_key[key])
        for other in others:
            groups.join(first, other)

"""Which titles of two pretend servers are one, with ids, with ids on one of them, without any."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

from benchmarks.worlds import shares
from fullcredits.identity.episodes import group_titles
from fullcredits.identity.titles import Item
from fullcredits.model import ExternalId, TitleKind
from fullcredits.simulate import Catalogue, Work
from fullcredits.simulate.jellyfin.people import people_of
from fullcredits.simulate.jobs import plex_kind
from fullcredits.sources.values import day
from fullcredits.text import fold

_GOALS = {"ids on both": 0.999, "ids on one": 0.98, "no ids": 0.98}


def title_worlds(catalogue: Catalogue) -> int:
    """Print precision and recall over pairs of items; returns how many goals are missed."""
    one, other = shares(catalogue, 50)
    missed = 0
    print("Titles, half of them on both servers; pairs of items")
    for name, recall_goal in _GOALS.items():
        items: list[Item] = []
        cast: dict[int, frozenset[str]] = {}
        truth: dict[int, str] = {}
        _serve(items, cast, truth, one, ids=name != "no ids", plex=True)
        _serve(items, cast, truth, other, ids=name == "ids on both", plex=False)
        for kinds in (("movie", "show"), ("season", "episode")):
            start = time.process_time()
            groups = group_titles(items, cast)
            seconds = time.process_time() - start
            precision, recall = _pairs(groups, truth, {i.id for i in items if i.kind in kinds})
            good = precision == 1.0 and recall >= recall_goal
            missed += not good
            print(
                f"  {name:12} {' and '.join(kinds):18} precision {precision:.5f}"
                f" recall {recall:.4f}  goals 1, {recall_goal:g}:"
                f" {'reached' if good else 'MISSED'} ({seconds:.1f} s)"
            )
    return missed


def _serve(
    items: list[Item],
    cast: dict[int, frozenset[str]],
    truth: dict[int, str],
    works: Iterable[Work],
    *,
    ids: bool,
    plex: bool,
) -> None:
    show_of: dict[str, int] = {}
    season_of: dict[str, int | None] = {}
    for work in works:
        number = len(items)
        kind = TitleKind(work.kind)
        show = show_of.get(work.parent) if work.parent else None
        show_of[work.id] = number if show is None else show
        season = work.number if kind is TitleKind.SEASON else season_of.get(work.parent or "")
        season_of[work.id] = season
        items.append(
            Item(
                number,
                kind,
                show,
                season,
                work.number if kind is TitleKind.EPISODE else None,
                tuple(ExternalId(*pair) for pair in work.ids) if ids else (),
                tuple(dict.fromkeys(fold(n) for n in (work.title, work.original_title) if n)),
                work.year,
                day(work.date),
                int(plex),
                work.overview,
            )
        )
        names = (
            [c.human.name for c in work.credits if plex_kind(c)]
            if plex
            else [c.name for c in people_of(work.credits)]
        )
        cast[number] = frozenset(map(fold, names))
        truth[number] = work.id


def _pairs(
    groups: Iterable[Iterable[int]], truth: dict[int, str], among: set[int]
) -> tuple[float, float]:
    group_of = {item: number for number, group in enumerate(groups) for item in group}
    together = Counter(group_of[item] for item in among)
    wanted = Counter(truth[item] for item in among)
    right = Counter((group_of[item], truth[item]) for item in among)
    pairs = [sum(n * (n - 1) // 2 for n in c.values()) for c in (together, wanted, right)]
    return pairs[2] / pairs[0], pairs[2] / pairs[1]

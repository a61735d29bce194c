"""Which seasons, episodes or parts of a film or show some of somebody's credits are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fullcredits.model import TitleKind
from fullcredits.pages import spoilers
from fullcredits.pages.parts import joined
from fullcredits.store.read.decided import StatedRow
from fullcredits.text import code, part_key

_NAMED = 3
"""Are named; of the others it is said how many they are."""


def within(these: Sequence[StatedRow], rest: Sequence[StatedRow]) -> str:
    """What tells these credits on a film or show from the rest of those under that name there: like
    "S01", "S01E02 and S02E05", "as “Thief”"; "" where there is no rest, or spoilers are hidden.
    """
    if not rest or spoilers.are_hidden():
        return ""
    ordered = sorted(these, key=lambda row: (row.season or 0, row.episode or 0, row.title_id))
    others = {row.title_id for row in rest}
    if others.isdisjoint(row.title_id for row in these):
        seasons = {row.season for row in these}
        if None not in seasons and seasons.isdisjoint(row.season for row in rest):
            return some(_season(row.season or 0) for row in ordered)
        return some(map(_place, ordered))
    part = f"as {some(f'“{row.part}”' for row in ordered)}"
    same_part = {part_key(row.part) for row in these} & {part_key(row.part) for row in rest}
    return f"{some(map(_place, ordered))} {part}" if same_part else part


def some(things: Iterable[str]) -> str:
    """Like "S01", "S01, S02, S03 and 4 more"; "" for none."""
    each = list(dict.fromkeys(things))
    more = len(each) - _NAMED
    if more == 1:
        return joined(each)
    return joined([*each[:_NAMED], f"{more} more"] if more > 0 else each)


def _place(row: StatedRow) -> str:
    if row.title_id == row.work_id:
        return "as a whole"
    if row.kind == TitleKind.SEASON and row.season is not None:
        return _season(row.season)
    return code(row.season, row.episode) or f"“{row.title}”"


def _season(number: int) -> str:
    return f"S{number:02}"

from __future__ import annotations

import pytest

from fullcredits.pages import spoilers
from fullcredits.pages.within import within
from fullcredits.store.read.decided import StatedRow

SHOW, FILM = 1, 500


def on(season: int | None, episode: int | None, part: str = "Cop") -> StatedRow:
    """A credit on an episode, or a season, or the show."""
    kind = "episode" if episode else "season" if season else "show"
    title = SHOW + 100 * (season or 0) + (episode or 0)
    names = (SHOW, "Serial", title, "Tale", kind, season, episode)
    return StatedRow(0, 7, *names, "Acting", "Actor", part)


def film(part: str, job: str = "Actor") -> StatedRow:
    department = "Acting" if job == "Actor" else "Directing"
    return StatedRow(0, 7, FILM, "Heat", FILM, "Heat", "movie", None, None, department, job, part)


@pytest.mark.parametrize(
    ("these", "rest", "words"),
    [
        ([on(1, 1), on(1, 2)], [], ""),
        ([on(1, 1), on(1, 2)], [on(2, 1), on(None, None)], "S01"),
        ([on(2, 1), on(1, 2), on(1, None)], [on(3, 1)], "S01 and S02"),
        ([on(1, 2)], [on(1, 1), on(2, 1)], "S01E02"),
        ([on(1, n) for n in range(1, 8)], [on(1, 9)], "S01E01, S01E02, S01E03 and 4 more"),
        ([on(None, None)], [on(1, 1)], "as a whole"),
        ([on(1, None)], [on(1, 1)], "S01"),
        ([on(1, 1, "Thief"), on(2, 1, "Thief")], [on(1, 1), on(2, 1)], "as “Thief”"),
        ([on(1, 1, "Thief")], [on(1, 1), on(2, 1, "Thief")], "S01E01 as “Thief”"),
        ([film("Cop")], [film("", "Director")], "as “Cop”"),
        ([film("", "Director")], [film("Cop")], "as “Director”"),
    ],
)
def test_it_is_named_what_tells_some_credits_from_the_rest(
    these: list[StatedRow], rest: list[StatedRow], words: str
) -> None:
    assert within(these, rest) == words


def test_nothing_is_named_where_spoilers_are_hidden() -> None:
    spoilers.hide(hidden=True)
    try:
        assert within([on(1, 1)], [on(2, 1)]) == ""
    finally:
        spoilers.hide(hidden=False)

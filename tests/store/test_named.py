"""What titles are called in sentences."""

from __future__ import annotations

import pytest

from fullcredits.model import Library, LibraryKind, MediaItem, TitleKind
from fullcredits.store import Store, holds
from fullcredits.store.named import full_name, full_names
from tests.store.made import film, library, listed, source

SEASON, EPISODE = TitleKind.SEASON, TitleKind.EPISODE
MIXED = Library("1", "All", LibraryKind.MIXED)


@pytest.mark.parametrize(
    ("name", "kind", "title", "season", "episode", "show"),
    [
        ("Heat", TitleKind.MOVIE, "Heat", None, None, None),
        ("The Wire", TitleKind.SHOW, "The Wire", None, None, None),
        ("The Wire, season 2", SEASON, "Season 2", 2, None, "The Wire"),
        ("The Wire, season 2: The Port", SEASON, "The Port", 2, None, "The Wire"),
        ("The Wire, specials", SEASON, "", 0, None, "The Wire"),
        ("The Wire, Extras", SEASON, "Extras", None, None, "The Wire"),
        ("Season 2", SEASON, "Season 2", 2, None, None),
        ("The Wire, S02E05 Undertow", EPISODE, "Undertow", 2, 5, "The Wire"),
        ("The Wire, Undertow", EPISODE, "Undertow", None, 5, "The Wire"),
        ("S02E05", EPISODE, "", 2, 5, None),
    ],
)
def test_seasons_and_episodes_are_named_with_their_show(
    name: str,
    kind: TitleKind,
    title: str,
    season: int | None,
    episode: int | None,
    show: str | None,
) -> None:
    assert full_name(kind, title, season, episode, show) == name


def test_names_of_a_source(store: Store) -> None:
    """Another source may have the same keys."""
    other = source(store, "Other")
    listed(store, other, library(store, other), film("s", "Fog"))
    here = source(store)
    show = MediaItem("s", TitleKind.SHOW, "The Wire")
    season = MediaItem("s2", SEASON, "Season 2", parent_key="s", show_key="s", season_number=2)
    lone = MediaItem("x", EPISODE, "Pilot", show_key="?", season_number=1, episode_number=1)
    ids = listed(store, here, library(store, here, MIXED), show, season, lone, film())
    with store.writing() as db:
        names = full_names(db, [*ids.values(), 999])
        holds.hold_credits(db, here, holds.Doubted(ids["s2"], 9, 9, None, b"x"), 1, None)
        (held,) = holds.list_holds(db)
    assert [names[ids[key]] for key in ("s", "s2", "x", "10")] == [
        "The Wire",
        "The Wire, season 2",
        "S01E01 Pilot",
        "A Film",
    ]
    assert names[999] == "a title that was forgotten"
    assert held.words == "“The Wire, season 2” came back with no credits, and had 9"

"""Every credit that a server serves is in the database, as often as served, and nothing more."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    plex_app,
    running,
)
from fullcredits.store.schema import media_items, media_people, source_people
from tests import served
from tests.shared_data import shared_path
from tests.stated import credits_of
from tests.sync.conftest import Simulated
from tests.sync.household import LIST, Household, asked, written

FILMS, SERIES = 150, 7
LONG_SERIES = "Family Guy"


def test_every_credit_of_both_servers(
    synced: Household, attic: Simulated, cabin: Simulated
) -> None:
    from_plex = served.plex(attic.address, DEFAULT_TOKEN)
    from_jellyfin = served.jellyfin(cabin.address, DEFAULT_API_KEY)
    assert from_plex.total() > 3000
    assert from_jellyfin.total() > 5000
    assert credits_of(synced.store, "Attic") == from_plex
    assert credits_of(synced.store, "Cabin") == from_jellyfin
    undecided = select(func.count()).where(media_people.c.person_id.is_(None))
    untitled = select(func.count()).where(media_items.c.title_id.is_(None))
    assert [row[0] for q in (undecided, untitled) for row in synced.rows(q)] == [0, 0]


def test_the_second_run_writes_nothing_and_asks_for_listings_only(
    synced: Household, attic: Simulated, cabin: Simulated
) -> None:
    before = synced.dump()
    with (
        written(synced.store) as statements,
        asked(attic.app) as of_attic,
        asked(cabin.app) as of_cabin,
    ):
        for name in ("Attic", "Cabin"):
            summary = synced.sync(name)
            assert (summary.state, summary.credits, summary.people) == ("done", 0, 0)
            assert summary.titles > 200
    assert statements == []
    assert synced.dump() == before
    assert not [path for path in of_attic if "/library/metadata/" in path]
    assert not [path for path in of_cabin if "&ids=" in path or "People" in path]
    assert len(of_attic) + len(of_cabin) < 20


def test_reading_everything_again_changes_nothing(synced: Household) -> None:
    before = synced.dump()
    with written(synced.store, LIST) as statements:
        for name in ("Attic", "Cabin"):
            summary = synced.sync(name, full=True)
            assert summary.credits > 3000
            assert (summary.titles_new, summary.titles_changed, summary.credits_new) == (0, 0, 0)
    assert statements == []
    assert synced.dump() == before


@pytest.fixture(scope="module")
def slice_of_real_data() -> Catalogue:
    """The first films and series of the real data, and one series of thousands of credits."""
    folder = shared_path("data")
    catalogue = open_catalogue([folder / "movies.jsonl.gz", folder / "tv.jsonl.gz"])
    return _slice(catalogue)


def _slice(catalogue: Catalogue) -> Catalogue:
    films = itertools.islice((w.id for w in catalogue.works.values() if w.kind == "movie"), FILMS)
    shows = [w for w in catalogue.works.values() if w.kind == "show"]
    step = len(shows) // SERIES
    chosen = {w.id for w in shows[step // 2 :: step][:SERIES]}
    chosen |= {w.id for w in shows if w.title == LONG_SERIES}
    return Catalogue({w.id: w for w in catalogue.held({*films, *chosen})})


@pytest.fixture(scope="module")
def real_servers(slice_of_real_data: Catalogue) -> Iterator[tuple[str, str]]:
    """The addresses of a Plex and of a Jellyfin that serve it."""
    with (
        running(plex_app(slice_of_real_data)) as plex,
        running(jellyfin_app(slice_of_real_data)) as jellyfin,
    ):
        yield plex, jellyfin


def test_every_credit_of_real_films_and_series(
    sqlite_house: Household, real_servers: tuple[str, str]
) -> None:
    plex, jellyfin = real_servers
    sqlite_house.add("Plex", SourceKind.PLEX, plex)
    sqlite_house.add("Jellyfin", SourceKind.JELLYFIN, jellyfin)
    assert sqlite_house.sync("Plex").state == "done"
    assert sqlite_house.sync("Jellyfin").state == "done"
    from_plex = served.plex(plex, DEFAULT_TOKEN)
    from_jellyfin = served.jellyfin(jellyfin, DEFAULT_API_KEY)
    assert from_plex.total() > 8000
    assert from_jellyfin.total() > 15000
    assert credits_of(sqlite_house.store, "Plex") == from_plex
    assert credits_of(sqlite_house.store, "Jellyfin") == from_jellyfin
    before = sqlite_house.dump()
    with written(sqlite_house.store) as statements:
        sqlite_house.sync("Plex")
        sqlite_house.sync("Jellyfin")
    assert statements == []
    assert sqlite_house.dump() == before
    assert len(sqlite_house.rows(select(source_people.c.id))) > 5000

"""A sync with each version of both servers gives all that it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    JELLYFIN_VERSIONS,
    PLEX_VERSIONS,
)
from fullcredits.simulate.catalogue import Catalogue, Work, catalogue_of
from fullcredits.simulate.plex.dialect import Dialect
from fullcredits.store import Store
from fullcredits.store.schema import source_people
from tests import stated
from tests.faults.scene import served_by, small_catalogue, titles_of


@pytest.fixture(scope="module")
def small() -> Catalogue:
    return small_catalogue()


@pytest.fixture(scope="module")
def few(small: Catalogue) -> Catalogue:
    """With films enough that a batch is more than a page of Plex's."""
    more = [
        Work(f"more-{n}", "movie", f"More {n}", year=1970, credits=small.works["film-000"].credits)
        for n in range(40)
    ]
    return catalogue_of([*small.works.values(), *more], {})


@pytest.mark.parametrize("token", [None, DEFAULT_API_KEY], ids=["user", "key"])
@pytest.mark.parametrize("version", list(JELLYFIN_VERSIONS))
def test_every_credit_of_each_jellyfin(
    small: Catalogue, sqlite_store: Store, version: str, token: str | None
) -> None:
    with served_by(small, SourceKind.JELLYFIN, version, token) as cabin:
        cabin.add(sqlite_store)
        assert cabin.sync(sqlite_store).state == "done"
        truth = cabin.served()
        assert truth.total() > 400
        assert stated.credits_of(sqlite_store, "Cabin") == truth
        again = cabin.sync(sqlite_store)
        assert (again.state, again.credits) == ("done", 0)


PLAIN = PLEX_VERSIONS["1.43"]
XML = replace(PLAIN, speaks_json=False)


@pytest.mark.parametrize("version", [*PLEX_VERSIONS.values(), XML], ids=[*PLEX_VERSIONS, "xml"])
def test_every_credit_of_each_plex(small: Catalogue, sqlite_store: Store, version: Dialect) -> None:
    plain = replace(PLAIN, legacy_agents=version.legacy_agents)
    with served_by(small, SourceKind.PLEX, plain) as twin:
        truth = twin.served()
    with served_by(small, SourceKind.PLEX, version) as attic:
        attic.add(sqlite_store)
        assert attic.sync(sqlite_store).state == "done"
        assert truth.total() > 300
        assert stated.credits_of(sqlite_store, "Attic") == truth
        again = attic.sync(sqlite_store)
        assert (again.state, again.credits) == ("done", 0)


MOODS = {
    "excludes nothing": replace(PLAIN, excludes=False),
    "knows no order of ids": replace(PLAIN, sorts_by_id=False),
    "wants portions": replace(PLAIN, wants_portions=True),
    "pages records": replace(PLAIN, pages_records=True),
    "gives some records": replace(PLAIN, most_records=3),
    "pages records, gives some": replace(PLAIN, pages_records=True, most_records=7),
}
"""What is not known of any Plex, so that it may be so."""


@pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)
def test_every_credit_whichever_way_it_turns_out(
    few: Catalogue, sqlite_store: Store, mood: Dialect
) -> None:
    with served_by(few, SourceKind.PLEX, PLAIN) as twin:
        truth = twin.served()
    with served_by(few, SourceKind.PLEX, mood) as attic:
        attic.add(sqlite_store)
        summary = attic.sync(sqlite_store)
        assert (summary.state, summary.messages) == ("done", [])
        assert truth.total() > 400
        assert stated.credits_of(sqlite_store, "Attic") == truth
        gone = [n for n, work in few.works.items() if work.kind == "movie"][:9]
        for work in gone:
            attic.app.state.library.drop(work)
        summary = attic.sync(sqlite_store)
        assert (summary.state, summary.titles_gone) == ("done", len(gone))
        assert len(titles_of(sqlite_store)) == len(few.works) - len(gone)


@pytest.mark.parametrize("count", [999, 1000, 1001])
def test_pages_that_tell_no_total(sqlite_store: Store, count: int) -> None:
    films = [Work(f"f{n}", "movie", f"Film {n}", year=1990) for n in range(count)]
    with served_by(catalogue_of(films, {}), SourceKind.PLEX, "1.32") as attic:
        attic.add(sqlite_store)
        assert attic.sync(sqlite_store).state == "done"
        assert len(titles_of(sqlite_store)) == count
        library = attic.app.state.library
        library.drop("f7")
        summary = attic.sync(sqlite_store)
        assert (summary.state, summary.titles_gone) == ("done", 1)


def test_a_server_that_starts_is_waited_for(small: Catalogue, sqlite_store: Store) -> None:
    """Neither the 503 nor the half-told truth after it is believed."""
    with served_by(small, SourceKind.JELLYFIN, "12.0") as cabin:
        cabin.add(sqlite_store)
        assert cabin.sync(sqlite_store).state == "done"
        before = stated.credits_of(sqlite_store, "Cabin")
        for stage in ("setup", "half"):
            cabin.app.state.startup.stage = stage
            summary = cabin.sync(sqlite_store)
            assert summary.state == "failed"
            assert "is starting up" in (summary.error or "")
            assert stated.credits_of(sqlite_store, "Cabin") == before
        cabin.app.state.startup.stage = "ready"
        assert cabin.sync(sqlite_store).state == "done"


def test_legacy_people_are_known_by_name(small: Catalogue, sqlite_store: Store) -> None:
    with served_by(small, SourceKind.PLEX, "1.32") as attic:
        attic.add(sqlite_store)
        attic.sync(sqlite_store)
    names = {c.name for c in stated.credits_of(sqlite_store, "Attic")}
    assert names == names_that_are_keys(sqlite_store)


def names_that_are_keys(store: Store) -> set[str]:
    """The names of people who are only their name."""
    with store.reading() as db:
        return set(db.scalars(select(source_people.c.name).where(source_people.c.by_name)))

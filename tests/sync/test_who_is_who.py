"""Identity over real syncs, held against the invented catalogue, which knows the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, plex_app, running
from fullcredits.simulate.catalogue import Work
from fullcredits.store.schema import media_items, people, person_ids, sources, titles
from fullcredits.text import fold
from tests.sync.conftest import Simulated
from tests.sync.household import Household
from tests.sync.truth import Known, known, works_of


@pytest.fixture
def apps(attic: Simulated, cabin: Simulated) -> dict[str, Starlette]:
    """Both servers, by the names of their sources."""
    return {"Attic": attic.app, "Cabin": cabin.app}


def _grouped(credits: Iterable[Known]) -> set[frozenset[Known]]:
    """How credits are grouped into people, whatever the people's numbers."""
    groups: dict[int, set[Known]] = defaultdict(set)
    for credit in credits:
        groups[credit.person].add(credit._replace(person=0, title=0))
    return {frozenset(group) for group in groups.values()}


def test_people_with_strong_ids_are_exactly_the_humans(
    synced: Household, apps: dict[str, Starlette]
) -> None:
    pairs = {(c.humans, c.person) for c in known(synced, apps) if c.keyed}
    assert len(pairs) > 1000
    assert len({humans for humans, _ in pairs}) == len(pairs)
    assert len({person for _, person in pairs}) == len(pairs)


def test_a_name_on_a_title_of_both_servers_is_one_person(
    synced: Household, apps: dict[str, Starlette]
) -> None:
    credits = known(synced, apps)
    strong: dict[tuple[int, str], set[int]] = defaultdict(set)
    for credit in credits:
        if credit.keyed:
            strong[credit.title, fold(credit.name)].add(credit.person)
    joined = 0
    for credit in credits:
        elsewhere = strong.get((credit.title, fold(credit.name)), set())
        if credit.source == "Cabin" and len(elsewhere) == 1:
            assert {credit.person} == elsewhere, credit
            joined += 1
    assert joined > 2000


def test_nobody_is_given_the_credits_of_a_namesake(
    synced: Household, apps: dict[str, Starlette]
) -> None:
    """Jellyfin fuses namesakes; where Plex knows two, what cannot be told apart joins neither."""
    credits = known(synced, apps)
    human = {c.person: c.humans for c in credits if c.keyed}
    named = {c.name for c in credits if c.keyed}
    assert len(named) < len(human)
    for credit in credits:
        assert human.get(credit.person, credit.humans) <= credit.humans


def test_titles_on_both_servers_are_one(synced: Household, apps: dict[str, Starlette]) -> None:
    numbers: dict[str, set[int]] = defaultdict(set)
    behind: dict[int, set[str]] = defaultdict(set)
    held = {name: works_of(app) for name, app in apps.items()}
    query = select(sources.c.name, media_items.c.key, media_items.c.title_id).join(
        sources, sources.c.id == media_items.c.source_id
    )
    for row in synced.rows(query):
        work = held[row.name][row.key]
        numbers[work].add(row.title_id)
        behind[row.title_id].add(work)
    assert all(len(works) == 1 for works in behind.values())
    both = set(held["Attic"].values()) & set(held["Cabin"].values())
    works = {work.id: work for app in apps.values() for work in _works(app)}
    # Without an id in any catalogue, nothing says yet that two titles are one.
    tellable = {w for w in both if works[w].ids or works[w].kind in ("season", "episode")}
    assert len(tellable) > 100
    assert {w for w in tellable if len(numbers[w]) != 1} == set()


def _works(app: Starlette) -> Iterator[Work]:
    return (item.work for item in app.state.library.items.values())


def test_a_second_server_gives_nobody_another_address(
    sqlite_house: Household, apps: dict[str, Starlette], attic: Simulated, cabin: Simulated
) -> None:
    house = sqlite_house
    house.add("Attic", SourceKind.PLEX, attic.address)
    house.sync("Attic")
    alone = sorted(known(house, {"Attic": attic.app}), key=repr)
    named = house.rows(select(titles.c.id, titles.c.title))
    house.add("Cabin", SourceKind.JELLYFIN, cabin.address)
    house.sync("Cabin")
    found = house.rows(select(people.c.id, people.c.merged_into))
    merged = {old: new for old, new in found if new is not None}
    for_whom = {c._replace(person=0): c.person for c in known(house, apps)}
    for credit in alone:
        # Who turned out to be somebody older leads there.
        expected = merged.get(credit.person, credit.person)
        assert for_whom[credit._replace(person=0)] == expected
    # Only those whom Plex knew by name alone can turn out to be somebody; most did so there.
    strong = {credit.person for credit in alone if credit.keyed}
    assert strong & {credit.person for credit in alone if not credit.keyed}
    assert not strong & set(merged)
    assert set(named) <= set(house.rows(select(titles.c.id, titles.c.title)))


def test_the_order_of_servers_plays_no_part(
    synced: Household,
    sqlite_house: Household,
    apps: dict[str, Starlette],
    attic: Simulated,
    cabin: Simulated,
) -> None:
    sqlite_house.add("Cabin", SourceKind.JELLYFIN, cabin.address)
    sqlite_house.add("Attic", SourceKind.PLEX, attic.address)
    sqlite_house.sync("Cabin")
    sqlite_house.sync("Attic")
    assert _grouped(known(sqlite_house, apps)) == _grouped(known(synced, apps))


def test_two_plexes_share_their_people(
    sqlite_house: Household, attic: Simulated, invented: Catalogue
) -> None:
    loft = plex_app(invented, name="Loft", share="cabin")
    with running(loft) as address:
        sqlite_house.add("Attic", SourceKind.PLEX, attic.address)
        sqlite_house.add("Loft", SourceKind.PLEX, address)
        sqlite_house.sync("Attic")
        sqlite_house.sync("Loft")
        credits = known(sqlite_house, {"Attic": attic.app, "Loft": loft})
    keyed = [c for c in credits if c.keyed]
    assert {c.source for c in keyed} == {"Attic", "Loft"}
    pairs = {(c.humans, c.person) for c in keyed}
    on_both = {c.humans for c in keyed if c.source == "Attic"} & {
        c.humans for c in keyed if c.source == "Loft"
    }
    assert len(on_both) > 500
    assert len(pairs) == len({h for h, _ in pairs}) == len({p for _, p in pairs})
    ids = sqlite_house.rows(select(person_ids.c.scheme, person_ids.c.value))
    assert len(ids) == len(set(ids)) == len(pairs)

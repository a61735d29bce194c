"""The library of a running Jellyfin: 300 films, 20 series, 600 episodes, 16,332 persons."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from fullcredits.model import SourceKind, TitleKind
from fullcredits.simulate import running
from fullcredits.store.schema import media_items, source_people, source_person_ids
from tests.served import Stated, jellyfin_credits
from tests.shared_data import shared_path
from tests.stated import credits_of
from tests.sync.household import LIST, Household, written
from tests.sync.recorded_jellyfin import Recorded


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """The recording, read once."""
    return Recorded(shared_path("recordings", "jellyfin", "10.11.11", "library.jsonl.gz"))


def test_a_real_library_arrives_whole(sqlite_house: Household, recorded: Recorded) -> None:
    """Every credit in order, nothing more; every title; every person; and nothing new later."""
    house = sqlite_house
    with running(recorded.app()) as address:
        house.add("Recorded", SourceKind.JELLYFIN, address)
        summary = house.sync("Recorded")
        before = house.dump()
        with written(house.store, LIST) as statements:
            again = house.sync("Recorded", full=True)
    assert (summary.state, summary.messages) == ("done", [])
    (note,) = summary.notes
    assert note.startswith(
        "“Citizen Kane” and “Harry Potter and the Order of the Phoenix” were read"
    )
    served = Counter(stated for row in recorded.titles for stated in jellyfin_credits(row))
    assert served.total() == 24_581
    assert credits_of(house.store, "Recorded") == served
    assert summary.credits == again.credits == served.total()
    _check_titles(house, recorded)
    _check_persons(house, recorded)
    assert (statements, again.state) == ([], "done")
    assert house.dump() == before


def _check_titles(house: Household, recorded: Recorded) -> None:
    kinds = {"Movie": "movie", "Series": "show", "Season": "season", "Episode": "episode"}
    served = {row["Id"]: (kinds[row["Type"]], row["Name"]) for row in recorded.titles}
    stored = house.rows(select(media_items.c.key, media_items.c.kind, media_items.c.title))
    assert {row.key: (row.kind, row.title) for row in stored} == served
    kind_of = Counter(TitleKind(kind) for kind, _ in served.values())
    assert (kind_of[TitleKind.MOVIE], kind_of[TitleKind.EPISODE]) == (300, 600)


def _check_persons(house: Household, recorded: Recorded) -> None:
    persons = {row["Id"]: row for row in recorded.persons}
    assert len(persons) == 16_332
    stored = {row.key: row for row in house.rows(select(source_people))}
    assert stored.keys() == persons.keys()
    for key, row in persons.items():
        assert _stored_facts(stored[key]) == _served_facts(row)
    numbers = {row.id: key for key, row in stored.items()}
    ids = {(numbers[row[0]], row[1], row[2]) for row in house.rows(select(source_person_ids))}
    assert ids == {
        (key, scheme.lower(), value)
        for key, row in persons.items()
        for scheme, value in row["ProviderIds"].items()
    }


def _stored_facts(row: Any) -> tuple[str | None, ...]:
    days = (day.isoformat() if day else None for day in (row.born, row.died))
    return (row.name, *days, row.birthplace, row.biography)


def _served_facts(row: dict[str, Any]) -> tuple[str | None, ...]:
    born, died = row.get("PremiereDate"), row.get("EndDate")
    places = row.get("ProductionLocations") or [None]
    days = (born[:10] if born else None, died[:10] if died else None)
    return (row["Name"], *days, places[0], row.get("Overview") or None)


def test_the_comparison_can_fail(recorded: Recorded) -> None:
    """A credit less, or another place in the list, would be seen."""
    film = next(row for row in recorded.titles if len(row["People"]) > 2)
    whole = Counter(jellyfin_credits(film))
    turned = Counter(jellyfin_credits({**film, "People": film["People"][::-1]}))
    assert whole != turned
    assert sum((whole - Counter[Stated]([next(iter(whole))])).values()) == whole.total() - 1

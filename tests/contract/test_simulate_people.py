"""Who is in what on the simulated Jellyfin: ids made of names, order, duplicates, namesakes."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from fullcredits.simulate import (
    Catalogue,
    open_catalogue,
)
from fullcredits.simulate.catalogue import Human, Stated
from fullcredits.simulate.jellyfin.ids import etag, person_id
from fullcredits.simulate.jellyfin.people import people_of
from fullcredits.simulate.jellyfin.sorting import sort_title
from tests.contract.conftest import Simulated
from tests.contract.recorded import recorded
from tests.shared_data import shared_path

LIVE = "10.11.11"


LISTING: dict[str, str | int] = {
    "recursive": "true",
    "enableUserData": "false",
    "sortBy": "SortName",
    "limit": 50,
}


def items(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["Items"]
    return found


@pytest.fixture(scope="module")
def library() -> list[dict[str, Any]]:
    """The whole content of a real server, without its first line."""
    file = shared_path("recordings", "jellyfin", LIVE, "library.jsonl.gz")
    with gzip.open(file, "rt") as lines:
        return [json.loads(line) for line in lines][1:]


@pytest.mark.parametrize(
    "parts", [("person_id_vectors.json",), ("12.0-rc5", "person_id_vectors.json")]
)
def test_person_ids_follow_from_names(parts: tuple[str, ...]) -> None:
    known = recorded("jellyfin", *parts)
    pairs = known.items() if isinstance(known, dict) else [(k["name"], k["id"]) for k in known]
    for name, expected in pairs:
        assert person_id(name) == expected, name


def test_person_ids_of_a_whole_server(library: list[dict[str, Any]]) -> None:
    for row in library:
        if row["Type"] == "Person":
            assert person_id(row["Name"]) == row["Id"], row["Name"]


def test_unset_dates_have_the_recorded_etag() -> None:
    assert etag(0) == "543b6ca4c9f21c87d81daf7a932499c0"


def test_sort_names_of_a_whole_server(library: list[dict[str, Any]]) -> None:
    for row in library:
        if row["Type"] in ("Movie", "Series"):
            assert sort_title(row["Name"]) == row["SortName"]


CLASSES = {"Actor": 0, "GuestStar": 1, "Director": 2, "Writer": 3, "Producer": 4, "Composer": 4}


def test_recorded_people_without_billing_stand_by_class(library: list[dict[str, Any]]) -> None:
    """Crew has no billing on that server, so its order shows the classes alone."""
    for row in library:
        crew = [p for p in row.get("People", ()) if p["Type"] not in ("Actor", "GuestStar")]
        crew = [p for p in crew if p["Role"] != "Producer" or p["Name"] != "Bill Margolin"]
        classes = [CLASSES.get(p["Type"], 10) for p in crew]
        assert classes == sorted(classes), row["Name"]


def test_cast_of_the_same_films_comes_out_as_recorded(library: list[dict[str, Any]]) -> None:
    """The recorded server was fed from the same data: its lists must be ours, one by one."""
    films = open_catalogue([shared_path("data", "movies.jsonl.gz")]).works
    compared = 0
    for row in library:
        work = films.get(f"movie-{row['ProviderIds'].get('Tmdb')}")
        if row["Type"] != "Movie" or work is None:
            continue
        if any(c.name != c.name.strip() for c in work.credits):
            continue  # Its NFO files were read with blanks cut off.
        compared += 1
        ours = [(c.name, c.kind, c.role) for c in people_of(work.credits)]
        theirs = [(p["Name"], p["Type"], p["Role"]) for p in row["People"]]
        assert acting(ours) == acting(theirs), row["Name"]
        known = {entry[:2] for entry in theirs}
        shared = [entry[:2] for entry in ours if entry[:2] in known]
        assert shared == [e[:2] for e in theirs if e[:2] in set(shared)], row["Name"]
    assert compared > 250


def acting(people: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Whoever acts or plays a "Producer", in order."""
    return [p for p in people if p[1] == "Actor"]


@pytest.mark.parametrize("kind", ["Movie", "Series", "Episode", "Season"])
def test_hashes_are_empty_once_somebody_had_one(cabin: Simulated, kind: str) -> None:
    answer = cabin.get("/Items", includeItemTypes=kind, fields="People", **LISTING)
    for row in items(answer):
        assert row["People"] or kind == "Season"
        seen = False
        for person in row["People"]:
            assert person["Id"] == person_id(person["Name"])
            assert ("ImageBlurHashes" in person) == (seen or "PrimaryImageTag" in person)
            seen = seen or "PrimaryImageTag" in person
            if "PrimaryImageTag" not in person and seen:
                assert person["ImageBlurHashes"] == {"Primary": {}}


def test_people_are_the_truth_in_order(cabin: Simulated, invented: Catalogue) -> None:
    library = cabin.app.state.library
    answer = cabin.get("/Items", includeItemTypes="Movie", fields="People", recursive="true")
    for row in items(answer):
        work = library.items[row["Id"]].work
        served = [p["Name"] for p in row["People"] if p["Type"] == "Actor"]
        billed = sorted((c for c in work.credits if c.is_cast), key=lambda c: c.order or 0)
        assert set(served) == {c.name for c in billed}
        names = {human.id for credit in library.people(row["Id"]) for human in credit.humans}
        assert names <= {c.human.id for c in work.credits}


def test_persons_cannot_be_paged_on_10_11(cabin: Simulated) -> None:
    first = cabin.get("/Persons", limit=20)
    assert cabin.get("/Persons", limit=20, startIndex=20) == first
    assert first["TotalRecordCount"] == 20
    names = [row["Name"] for row in items(first)]
    assert names == sorted(names)
    assert cabin.get(f"/Persons/{names[0].upper()}")["Name"] == names[0]
    assert cabin.client.get("/Persons/Nobody At All").status_code == 404


def test_filmographies_go_by_name(cabin: Simulated) -> None:
    films = items(
        cabin.get("/Items", personIds=person_id("Nell Calloway"), recursive="true", fields="People")
    )
    assert films
    assert all("Nell Calloway" in [p["Name"] for p in row["People"]] for row in films)


def test_namesakes_are_fused(cabin: Simulated) -> None:
    person = cabin.app.state.library.person_named("Nell Calloway")
    assert len(person.humans) == 2
    ids = cabin.get("/Items", ids=person.id, fields="ProviderIds")["Items"][0]["ProviderIds"]
    assert dict(person.told.ids).get("tmdb") == ids.get("Tmdb")


DEPARTMENTS = {
    "Actor": "Acting",
    "Director": "Directing",
    "Producer": "Production",
    "Editor": "Editing",
    "Original Music Composer": "Sound",
}


def stated(
    name: str, job: str, character: str = "", order: int | None = None, **more: Any
) -> Stated:
    """One credit; ``human`` says who it is when the name does not."""
    human = Human(more.pop("human", name), name)
    return Stated(human, name, DEPARTMENTS.get(job, "Writing"), job, character, order, **more)


@pytest.mark.parametrize(
    ("credits", "people"),
    [
        (
            [stated("B", "Actor", "x", 1), stated("A", "Actor", "y", 0), stated("C", "Director")],
            ["A Actor y", "B Actor x", "C Director "],
        ),
        (
            [stated("E", "Editor"), stated("P", "Producer"), stated("W", "Screenplay"),
             stated("M", "Original Music Composer"), stated("D", "Director")],
            ["D Director ", "W Writer Screenplay", "P Producer Producer",
             "M Composer Original Music Composer", "E Editor Editor"],
        ),
        (
            [stated("A", "Novel"), stated("A", "Screenplay"), stated("A", "Director")],
            ["A Director ", "A Writer Novel"],
        ),
        (
            [stated("A", "Actor", "", 0), stated("a", "Actor", "late", 3),
             stated("B", "Actor", "b", 1)],
            ["B Actor b", "A Actor late"],
        ),
        (
            [stated("A", "Actor", "one", 0), stated("A", "Actor", "two", 0, human="other"),
             stated("A", "Actor", "three", 0, guest=True)],
            ["A GuestStar one"],
        ),
        ([stated("A", "Actor", "Producer", 0)], ["A Producer Producer"]),
        ([stated("", "Actor", "x", 0), stated("S", "Stunts")], []),
    ],
)  # fmt: skip
def test_people_are_merged_and_ordered(credits: list[Stated], people: list[str]) -> None:
    assert [f"{c.name} {c.kind} {c.role}" for c in people_of(credits)] == people

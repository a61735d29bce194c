"""Persons' own facts reach the database, whatever of them a user is shown in lists."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, running
from fullcredits.simulate.faults import wire
from fullcredits.simulate.traffic import Interfere
from fullcredits.store.schema import source_people, source_person_ids, sources
from fullcredits.sync.doubts import PAUSES
from fullcredits.sync.watch import Summary
from tests.faults.scene import token_of
from tests.sync.household import Household, asked

HUMANS = [
    Human(f"h{n}", f"Somebody No. {n:03}", biography=f"Born as number {n}.") for n in range(450)
]
LATER = Human("later", "Late Comer", biography="Came by the last bus.")


def film(number: int, *cast: Human) -> Work:
    credits = tuple(
        Stated(human, human.name, "Acting", "Actor", f"Part {n}", n) for n, human in enumerate(cast)
    )
    return Work(f"film-{number}", "movie", f"Film {number}", year=1990, credits=credits)


WORKS = [film(n, *HUMANS[n * 150 : (n + 1) * 150]) for n in range(3)]


class Cabin(NamedTuple):
    """A Jellyfin that is read as a user."""

    house: Household
    app: Starlette

    def sync(self) -> Summary:
        summary = self.house.sync("Cabin")
        assert (summary.state, summary.messages) == ("done", [])
        return summary

    def asking(self) -> list[tuple[bool, int]]:
        """Of a sync, the requests for persons: by a list or not, and the ids in it."""
        with asked(self.app) as paths:
            self.sync()
        return [
            ("includeItemTypes=Person" in path, path.partition("&ids=")[2].count(",") + 1)
            for path in paths
            if "ProductionLocations" in path
        ]

    def told(self) -> set[str]:
        """Names of those whose biography is known."""
        query = select(source_people.c.name).where(source_people.c.biography.is_not(None))
        return {row.name for row in self.house.rows(query)}

    def hide(self, *humans: Human) -> None:
        """No list shows them to users."""
        library = self.app.state.library
        library.unreached = {library.person_named(human.name).id for human in humans}


@contextmanager
def cabin(house: Household, version: str = "10.11") -> Iterator[Cabin]:
    app = jellyfin_app(Catalogue({work.id: work for work in WORKS}), version=version)
    with running(app) as address:
        house.add("Cabin", SourceKind.JELLYFIN, address, token_of(SourceKind.JELLYFIN, address))
        yield Cabin(house, app)


EVERYBODY = {human.name for human in HUMANS}


def test_persons_whom_no_list_shows_are_asked_for_by_their_ids(house: Household) -> None:
    """All of them at first, then those named since; two hundred a request."""
    with cabin(house) as server:
        server.hide(*HUMANS)
        assert server.asking() == [(True, 1), (False, 200), (False, 200), (False, 50)]
        assert server.told() == EVERYBODY
        assert server.asking() == [(True, 1)]
        server.app.state.library.put(film(9, HUMANS[0], LATER))
        server.hide(*HUMANS, LATER)
        assert server.asking() == [(True, 1), (False, 1)]
        assert server.told() == {*EVERYBODY, LATER.name}


def test_persons_whom_a_list_leaves_out(house: Household) -> None:
    """Nobody who is listed is asked for twice, and nobody left out is taken for gone."""
    with cabin(house) as server:
        server.hide(*HUMANS[:7])
        assert server.asking() == [(True, 1), (False, 7)]
        assert server.told() == EVERYBODY
        with house.store.writing() as db:  # the time has come to list all of them again
            db.execute(update(sources).values(people_swept_at=None, people_read_at=None))
        assert server.asking() == [(True, 1), (False, 7)]
        assert server.sync().credits == 0


@pytest.mark.parametrize("version", ["10.8", "10.10", "10.11", "12.0"])
def test_persons_who_are_all_listed_are_asked_for_by_no_id(house: Household, version: str) -> None:
    with cabin(house, version) as server:
        server.hide(*HUMANS[:7] if version != "10.11" else ())
        assert server.asking() == [(True, 1)]
        assert server.told() == EVERYBODY


def test_a_server_that_tells_a_user_nothing_of_persons(house: Household) -> None:
    """It is not asked for every single one."""
    with cabin(house) as server:
        server.hide(*HUMANS)
        script = server.app.state.faults.script("empty", "/items?*productionlocations*&ids=*")
        assert server.asking() == [(True, 1), (False, 200)]
        assert server.asking() == [(True, 1), (False, 200)]
        assert server.told() == set()
        script.stop()
        server.sync()
        assert server.told() == EVERYBODY


def test_a_person_that_breaks_the_server_costs_only_itself(house: Household) -> None:
    with cabin(house) as server:
        server.hide(*HUMANS)
        broken = server.app.state.library.person_named(HUMANS[3].name).id
        at = f"/items?*productionlocations*&ids=*{broken}*"
        script = server.app.state.faults.script("broken", at)
        summary = house.sync("Cabin")
        assert summary.state == "partial"
        assert server.told() == EVERYBODY - {HUMANS[3].name}
        (said,) = summary.messages
        assert said.startswith(f"the person “{HUMANS[3].name}” was not read from Cabin: ")
        assert "broke on /Items (HTTP 500)" in said
        script.stop()
        house.sync("Cabin")
        assert server.told() == EVERYBODY
        assert house.problems("Cabin") == []


class BreaksOnRow:
    """A fault: a list of persons cannot be read where a row of it is among those asked for; of
    `changes` as well, or only the list of all.
    """

    def __init__(self, row: int, *, changes: bool = True) -> None:
        self._row = row
        self._changes = changes

    def __call__(self, request: Request) -> Response | None:
        query = {name.lower(): value for name, value in request.query_params.items()}
        if query.get("includeitemtypes") != "Person":
            return None
        if "mindatelastsavedforuser" in query and not self._changes:
            return None
        start = int(query["startindex"])
        return Response(status_code=500) if 0 <= self._row - start < int(query["limit"]) else None


def telling(key: str, **fields: Any) -> Callable[[Request], Interfere]:
    """A fault: this is said of one person wherever persons are told of."""

    def bend(body: bytes) -> bytes:
        answer = json.loads(body)
        for row in answer.get("Items", ()) if isinstance(answer, dict) else ():
            if row.get("Id") == key:
                row |= fields
        return json.dumps(answer).encode()

    return lambda _request: wire.bent(bend)


def test_a_list_that_breaks_in_its_middle_is_read_to_its_end_by_the_next_sync(
    house: Household,
) -> None:
    """Nobody else would ask for whom nobody credits: by ids only those are who are credited."""
    with cabin(house) as server:
        server.app.state.library.drop("film-2")
        server.app.state.faults.append(BreaksOnRow(440))
        assert house.sync("Cabin").state == "partial"
        assert server.told() == EVERYBODY - {HUMANS[440].name}
        server.app.state.faults.clear()
        server.sync()
        assert server.told() == EVERYBODY
        assert server.asking() == [(True, 1)]
        assert server.sync().people == 0, "from now on those that change"


def test_a_list_of_changes_that_breaks_in_its_middle_is_asked_for_again(house: Household) -> None:
    with cabin(house) as server:
        server.sync()
        server.app.state.clock.ahead += 3600.0
        changed = {human.name: f"Told anew of {human.name}." for human in HUMANS[3:6]}
        for human in HUMANS[3:6]:
            server.app.state.library.put_human(replace(human, biography=changed[human.name]))
        server.app.state.clock.ahead += 3600.0
        server.app.state.faults.append(BreaksOnRow(1))
        assert house.sync("Cabin").state == "partial"
        server.app.state.clock.ahead += 3600.0
        server.app.state.faults.clear()
        server.sync()
        query = select(source_people.c.name, source_people.c.biography)
        assert changed.items() <= dict(house.rows(query)).items()


def test_a_row_that_is_broken_for_ever_has_the_list_read_again_after_growing_pauses(
    house: Household,
) -> None:
    """The next sync reads all of it again; those after it read what changed."""
    with cabin(house) as server:
        server.app.state.faults.append(BreaksOnRow(7, changes=False))

        def lists() -> int:
            with asked(server.app) as paths:
                house.sync("Cabin")
            return sum("includeItemTypes=Person" in path for path in paths)

        bisected = lists()
        assert bisected > 5
        assert lists() == bisected
        assert server.told() == EVERYBODY
        library = server.app.state.library
        house.later(dt.timedelta(minutes=50), server.app)
        library.put_human(replace(HUMANS[3], biography="Told anew."))
        assert lists() == 1
        known = select(source_people.c.biography).where(source_people.c.name == HUMANS[3].name)
        assert house.rows(known) == [("Told anew.",)]
        for pause in (dt.timedelta(hours=1), dt.timedelta(days=20)):
            house.later(pause, server.app)
            assert [lists(), lists()] == [bisected, 1]
        (problem,) = house.problems("Cabin")
        assert (problem.title, problem.times) == ("the list of persons", 4)
        server.app.state.faults.clear()
        house.sync("Cabin", asked=True)
        assert house.problems("Cabin") == []


def test_a_person_whom_nobody_can_read_is_asked_for_alone(house: Household) -> None:
    """What a list says of them has no name: it is read once, and nobody is taken for gone."""
    with cabin(house) as server:
        server.sync()
        house.later(dt.timedelta(days=15), server.app)
        server.app.state.faults.append(
            telling(server.app.state.library.person_named(HUMANS[7].name).id, Name=None)
        )
        assert house.sync("Cabin").state == "partial"
        assert server.told() == EVERYBODY
        for _ in range(2):
            with asked(server.app) as paths:
                summary = house.sync("Cabin")
            assert (summary.state, summary.people) == ("partial", 0)
            assert sum("ProductionLocations" in path for path in paths) == 2
        server.app.state.faults.clear()
        server.sync()
        assert house.problems("Cabin") == []


def test_of_a_person_with_a_wrongly_decoded_name_nothing_is_believed(house: Household) -> None:
    """What was known stays, and they are asked for by their key until the name is theirs."""
    with cabin(house) as server:
        server.sync()
        library = server.app.state.library
        fault = telling(
            library.person_named(HUMANS[7].name).id,
            Name="\ufffd\ufffd",
            Overview="garbage",
            ProviderIds={"Imdb": "nm1"},
        )
        server.app.state.faults.append(fault)
        library.put_human(replace(HUMANS[7], biography="Told anew."))
        known = select(source_people.c.biography).where(source_people.c.name == HUMANS[7].name)
        for _ in range(2):
            (said,) = house.sync("Cabin").messages
            assert "its name has characters that nobody sees or types" in said
            assert house.rows(known) == [(HUMANS[7].biography,)]
            assert house.rows(select(source_person_ids)) == []
        server.app.state.clock.ahead += 3600.0
        server.app.state.faults.clear()
        server.sync()
        assert house.rows(known) == [("Told anew.",)]
        assert house.problems("Cabin") == []


def test_a_wrongly_decoded_biography_takes_no_other_away(house: Household) -> None:
    """Where none is known it is shown: some really are so."""
    with cabin(house) as server:
        library = server.app.state.library
        library.put_human(replace(HUMANS[8], biography="Matthias Schweigh\ufffdfer"))
        server.sync()
        library.put_human(replace(HUMANS[7], biography="\ufffd\ufffd"))
        server.sync()
        known = select(source_people.c.biography).where(
            source_people.c.name.in_((HUMANS[7].name, HUMANS[8].name))
        )
        assert {row.biography for row in house.rows(known)} == {
            HUMANS[7].biography,
            "Matthias Schweigh\ufffdfer",
        }


def test_nothing_fails_of_persons_whom_nobody_credits(house: Household) -> None:
    """Whatever the list says of those whose title was deleted, nobody is to mend anything."""
    with cabin(house) as server:
        server.app.state.library.drop("film-2")
        script = server.app.state.faults.script("odd-addresses", "/items?*includeitemtypes=person*")
        summary = house.sync("Cabin")
        assert summary.state == "partial"
        assert re.match("the person “Somebody No. ", summary.messages[0])
        named = {problem.title for problem in house.problems("Cabin")}
        assert named == {f"the person “{human.name}”" for human in HUMANS[:300]}
        server.app.state.library.drop("film-1")
        script.stop()
        for _ in range(2):
            server.sync()
            assert house.problems("Cabin") == []


def test_an_orphan_stays_listed_until_the_server_tidies_up(house: Household) -> None:
    """For a week a Jellyfin lists persons whom no title credits any more. Nobody's credits change,
    nothing is asked for them, and they are forgotten when the server has forgotten them.
    """
    with cabin(house) as server:
        library = server.app.state.library
        library.put(film(8, LATER))
        server.sync()
        library.drop("film-8")
        assert server.asking() == [(True, 1)]
        assert len(library.persons) == len(HUMANS) + 1
        assert server.told() == {*EVERYBODY, LATER.name}
        del library.persons[library.person_named(LATER.name).id]
        library.changes += 1
        for _ in range(3):
            house.later(dt.timedelta(days=15), server.app)
            summary = server.sync()
            assert summary.credits_new == summary.credits_gone == 0
        assert server.told() == EVERYBODY


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_server_whose_clock_is_wrong(house: Household, hours: int) -> None:
    """What it saved since, or just now, is told by its own clock, whatever ours says."""
    with cabin(house) as server:
        server.app.state.clock.ahead = hours * 3600.0
        server.sync()
        library = server.app.state.library
        library.put_human(replace(HUMANS[3], biography="Told anew."))
        summary = server.sync()
        assert (summary.people, summary.people_changed) == (1, 1)
        known = select(source_people.c.biography).where(source_people.c.name == HUMANS[3].name)
        assert house.rows(known) == [("Told anew.",)]
        library.put(film(9, HUMANS[0]))
        assert server.sync().unsettled == 1


def test_what_was_known_of_everybody_is_missing_at_once(house: Household) -> None:
    """That is kept until a list an hour later says the same; whoever else is told of is read, and
    one look that has it all again is enough.
    """
    with cabin(house) as server:
        server.sync()
        library = server.app.state.library

        def touch(told: bool) -> None:
            for human in HUMANS[:50]:
                library.put_human(replace(human, biography=human.biography if told else None))

        touch(False)
        library.put_human(replace(HUMANS[60], biography="Told anew."))
        for _ in range(2):
            summary = house.sync("Cabin")
            assert summary.state == "partial"
            (said,) = summary.messages
            assert said == (
                "the list of persons was read from Cabin and not believed: what was known of most "
                "persons is missing in it (births, deaths, birthplaces, biographies or ids); that "
                "is kept until a list an hour later says the same"
            )
            assert server.told() == EVERYBODY
        known = select(source_people.c.biography).where(source_people.c.name == HUMANS[60].name)
        assert house.rows(known) == [("Told anew.",)]
        touch(True)
        server.sync()
        assert (server.told(), house.problems("Cabin")) == (EVERYBODY, [])
        touch(False)
        assert house.sync("Cabin").state == "partial"
        house.later(PAUSES[0], server.app)
        server.sync()
        assert server.told() == EVERYBODY - {human.name for human in HUMANS[:50]}
        assert house.problems("Cabin") == []


def test_one_of_several_ids_of_everybody_is_missing_at_once(house: Household) -> None:
    with cabin(house) as server:
        library = server.app.state.library
        for number, human in enumerate(HUMANS[:50], 1):
            library.put_human(replace(human, ids=(("imdb", f"nm{number}"), ("tmdb", f"{number}"))))
        server.sync()
        assert len(house.rows(select(source_person_ids))) == 100
        for number, human in enumerate(HUMANS[:50], 1):
            library.put_human(replace(human, ids=(("tmdb", f"{number}"),)))
        (said,) = house.sync("Cabin").messages
        assert "was read from Cabin and not believed" in said
        assert len(house.rows(select(source_person_ids))) == 100
        house.later(PAUSES[0], server.app)
        server.sync()
        assert len(house.rows(select(source_person_ids))) == 50

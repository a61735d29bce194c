"""`fullcredits people …`, over what two servers said of somebody."""

from __future__ import annotations

import json

import pytest

from fullcredits.model import MediaItem, SourceKind, TitleKind
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.write import put_records
from fullcredits.sync.identify import identify
from tests.cli.running import Machine
from tests.store import made

THANDIE, THANDIWE = "1", "2"


@pytest.fixture
def two(machine: Machine) -> Machine:
    """Thandie Newton on a Plex, Thandiwe Newton on a Jellyfin with two films."""
    store = Store(open_engine(f"sqlite:///{machine.folder / 'fullcredits.db'}"))
    kinds = ("Attic", SourceKind.PLEX), ("Cabin", SourceKind.JELLYFIN)
    attic, cabin = (made.source(store, *named) for named in kinds)
    for source, film, name, key in (
        (attic, 1, "Thandie Newton", "aa"),
        (cabin, 2, "Thandiwe Newton", None),
        (cabin, 3, "Thandiwe Newton", None),
    ):
        title = made.film(str(film), f"Film {film}", ids=f"imdb:tt{film}")
        person = made.person(name, key, f"/portrait/{source}")
        credit = made.actor(0, name, key=key)._replace(person=person)
        library = made.library(store, source)
        made.listed(store, source, library, title)
        with store.writing() as db:
            put_records(db, source, [made.record(title, credit)])
    identify(store)
    store.close()
    return machine


@pytest.fixture
def show(machine: Machine) -> Machine:
    """A show on a Jellyfin that knows one Dave Hillock: a cop, and then a thief."""
    store = Store(open_engine(f"sqlite:///{machine.folder / 'fullcredits.db'}"))
    den = made.source(store, "Den", SourceKind.JELLYFIN)
    show = MediaItem("a", TitleKind.SHOW, "Serial", "1")
    season = MediaItem("b", TitleKind.SEASON, "Season 1", "1", "a", "a", 1)
    episodes = [
        MediaItem(f"e{n}", TitleKind.EPISODE, f"Tale {n}", "1", "b", "a", 1, n) for n in (1, 2)
    ]
    made.listed(store, den, made.library(store, den), show, season, *episodes)
    for item, part in zip(episodes, ("Cop", "Thief"), strict=True):
        with store.writing() as db:
            put_records(db, den, [made.record(item, made.actor(0, "Dave Hillock", part))])
    identify(store)
    store.close()
    return machine


def test_a_word_is_given_listed_and_taken_back(two: Machine) -> None:
    said = two.run("people", "merge", THANDIE, THANDIWE, "--reason", "her own spelling")
    words = "Thandie Newton (Attic) and Thandiwe Newton (Cabin) are one person."
    assert said.out.splitlines() == [f"1  {words}", "Taken back by: fullcredits people undo 1"]
    assert two.run("person", THANDIWE, "--json").json["page"]["heading"] == "Thandie Newton"
    listed = two.run("people", "decisions").out
    assert words in listed
    assert "her own spelling" in listed
    assert two.run("people", "undo", "1").out == "Decision 1 is undone.\n"
    assert two.run("person", THANDIWE, "--json").json["page"]["heading"] == "Thandiwe Newton"
    assert "Nothing is decided" in two.run("people", "decisions").out
    (entry,) = two.run("people", "decisions", "--all", "--json").json["entries"]
    assert entry["undone"].startswith("undone ")
    assert "No decision 1 stands" in two.run("people", "undo", "1").problem


def test_a_contradiction_is_refused_and_says_what_to_undo(two: Machine) -> None:
    two.run("people", "apart", THANDIE, THANDIWE)
    refused = two.run("people", "merge", THANDIE, THANDIWE)
    assert "Decision 1 says that these are two people; undo it first." in refused.problem
    assert refused.error is not None
    assert refused.error.exit_code == 6
    assert len(two.run("people", "decisions", "--json").json["entries"]) == 1


def test_credits_are_given_to_somebody_else(two: Machine) -> None:
    said = two.run("people", "split", THANDIWE, "3", "--whose", THANDIE)
    assert (
        "1 credit of Thandiwe Newton (Cabin), on “Film 3”, is by Thandie Newton (Attic)."
        in said.out
    )
    told = f"These are person {THANDIE}'s now, the others person {THANDIWE}'s."
    assert told in said.out.splitlines()
    works = two.run("person", THANDIE, "--json").json["works"][0]["works"]
    assert {work["title"] for work in works} == {"Film 1", "Film 3"}
    wrong = two.run("people", "split", THANDIWE, "3")
    assert "On “Film 3” there is no credit of Thandiwe Newton" in wrong.problem
    assert "no film, show, season or episode of number 77" in (
        two.run("people", "split", THANDIWE, "77").problem
    )
    assert "all the credits" in two.run("people", "split", THANDIWE, "2").problem


def test_a_part_or_an_episode_of_a_show_is_given_to_somebody_else(show: Machine) -> None:
    """Whoever a Jellyfin fused plays a cop in one episode and a thief in the next."""
    one, serial = "1", "1"
    for chosen in (
        [serial, "--part", "THIEF"],
        [serial, "--episode", "S01E02"],
        [serial, "--episode", "s1e2", "--department", "Acting"],
        ["4"],  # the number of the episode's page
    ):
        said = show.run("people", "split", one, *chosen)
        words = "1 credit of Dave Hillock (Den), on “Serial” S01E02, is by somebody else."
        assert words in said.out
        (row,) = json.loads(show.run("people", "export").out)
        assert row["one"][0]["credits"][0]["title"] == "Serial S01E02: Tale 2"
        number = said.out.split()[0]
        left = show.run("person", one, "--json").json["works"][0]["works"]
        assert [work["detail"] for work in left] == ["Cop"], chosen
        show.run("people", "undo", number)
    for chosen, problem in (
        (["--part", "Baker"], "On “Serial” as “Baker” there is no credit of Dave Hillock"),
        (["--episode", "S02"], "On “Serial”, in S02 there is no credit of Dave Hillock"),
        (["--episode", "second"], "second is no episode: write S02E05, or S02"),
        (["--department", "Sound"], "On “Serial” in Sound there is no credit"),
        (["--episode", "S01"], "That would be all the credits of this person"),
    ):
        assert problem in show.run("people", "split", one, serial, *chosen).problem


def test_a_name_and_a_portrait_are_chosen(two: Machine) -> None:
    two.run("people", "rename", THANDIE, "Melanie Newton")
    assert two.run("person", THANDIE).out.startswith("Melanie Newton\nThandie Newton")
    assert "Cabin has no portrait" in two.run("people", "portrait", THANDIE, "Cabin").problem
    two.run("people", "merge", THANDIE, THANDIWE)
    said = two.run("people", "portrait", THANDIE, "Cabin")
    assert "Thandie Newton (Attic) has the portrait that Cabin has." in said.out


def test_decisions_travel_as_text(two: Machine) -> None:
    two.run("people", "merge", THANDIE, THANDIWE, "--reason", "é")
    file = two.folder / "decisions.json"
    assert two.run("people", "export", str(file)).out == ""
    assert two.run("people", "export").out == file.read_text(encoding="utf-8")
    (row,) = json.loads(file.read_text(encoding="utf-8"))
    assert (row["verb"], row["reason"]) == ("merge", "é")
    two.run("people", "undo", "1")
    assert two.run("people", "import", str(file)).out == "1 decision made, 0 stood already.\n"
    assert two.run("people", "import", str(file)).out == "0 decisions made, 1 stood already.\n"
    assert two.run("person", THANDIWE, "--json").json["page"]["heading"] == "Thandie Newton"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())  # as some editors save it
    assert two.run("people", "import", str(file)).out == "0 decisions made, 1 stood already.\n"
    assert "cannot be read" in two.run("people", "import", str(two.folder / "none")).problem
    file.write_bytes(b"\xff")
    assert "cannot be read" in two.run("people", "import", str(file)).problem


def test_who_somebody_is_and_what_is_open(two: Machine) -> None:
    """A merge of two that no evidence joins is told as decided."""
    two.run("people", "merge", THANDIE, THANDIWE)
    told = two.run("people", "why", THANDIE).out.splitlines()
    assert told[:3] == [
        "Thandie Newton",
        "Attic as Thandie Newton  by an id, 1 credit",
        "Cabin as Thandiwe Newton  by name only, 2 credits",
    ]
    assert told[3].startswith("you: Thandie Newton (Attic) and Thandiwe Newton (Cabin) are one")
    assert two.run("people", "why", THANDIE, "--json").json["panel"]["records"][0]["source"]
    assert two.run("people", "review").out == "0 pairs may be one person.\n"
    assert two.run("people", "review", "--json").json["proposals"] == []
    assert two.run("people", "suspects").out == "Nobody looks like several people.\n"
    assert two.run("people", "suspects", "--json").json["suspects"] == []
    assert "nobody" in two.run("people", "why", "99").problem


def test_an_old_number_means_whom_it_leads_to(two: Machine) -> None:
    two.run("people", "merge", THANDIE, THANDIWE)
    told = two.run("people", "why", THANDIWE)
    assert told.out.startswith("Thandie Newton\n")
    assert told.told == "2 is 1 now: they are one person.\n"
    assert two.run("person", THANDIWE).told == told.told
    assert two.run("people", "why", THANDIWE, "--json").json["person"]["text"] == "Thandie Newton"
    assert "are by somebody else" in two.run("people", "split", THANDIWE, "2", "3").out
    two.run("people", "undo", "2")
    assert "has the portrait" in two.run("people", "portrait", THANDIWE, "Cabin").out
    assert "is called Melanie" in two.run("people", "rename", THANDIWE, "Melanie").out


def test_whoever_was_made_one_is_not_two_until_that_is_undone(two: Machine) -> None:
    two.run("people", "merge", THANDIE, THANDIWE)
    refused = two.run("people", "apart", THANDIE, THANDIWE)
    first, decision = refused.problem.splitlines()
    assert first == "Decision 1 makes these two one person; undo it first."
    assert "1  Thandie Newton (Attic) and Thandiwe Newton (Cabin) are one person." in decision
    assert "nobody of number 99" in two.run("people", "apart", "99", THANDIWE).problem


@pytest.mark.parametrize(
    "said",
    [
        ("merge", THANDIE, THANDIWE),
        ("merge", THANDIWE, THANDIE),
        ("apart", THANDIE, THANDIWE),
        ("apart", THANDIWE, THANDIE),
        ("rename", THANDIE, "Melanie"),
        ("portrait", THANDIWE, "Cabin"),
    ],
)
def test_what_is_said_twice_is_one_decision(two: Machine, said: tuple[str, ...]) -> None:
    two.run("people", *said)
    again = two.run("people", *said)
    assert again.out.splitlines()[1:] == [
        "You said so already: nothing new is made.",
        "Taken back by: fullcredits people undo 1",
    ]
    assert len(two.run("people", "decisions", "--json").json["entries"]) == 1


def test_what_was_said_otherwise_meanwhile_can_be_said_again(two: Machine) -> None:
    for name in ("Melanie", "Thandiwe", "Melanie"):
        two.run("people", "rename", THANDIE, name)
    assert len(two.run("people", "decisions", "--json").json["entries"]) == 3
    two.run("people", "merge", THANDIE, THANDIWE)
    two.run("people", "undo", "4")
    assert two.run("people", "merge", THANDIE, THANDIWE).out.startswith("5  ")


def test_whom_servers_make_one_needs_no_merge(two: Machine) -> None:
    same = two.run("people", "merge", THANDIE, THANDIE)
    assert "one and the same person" in same.problem


def test_what_a_text_contradicts_is_told_in_words(two: Machine) -> None:
    two.run("people", "merge", THANDIE, THANDIWE)
    file = two.folder / "decisions.json"
    file.write_text(two.run("people", "export").out, encoding="utf-8")
    two.run("people", "undo", "1")
    two.run("people", "apart", THANDIE, THANDIWE)
    first, decision = two.run("people", "import", str(file)).problem.splitlines()
    assert first.startswith("Entry 1 (merge): Decision 2 says that these are two people")
    assert "2  Thandie Newton (Attic) is not the same person as Thandiwe" in decision


def test_that_somebody_is_one_person_travels_too(two: Machine) -> None:
    assert "Thandiwe Newton (Cabin) is one person." in two.run("people", "whole", THANDIWE).out
    assert "said so already" in two.run("people", "whole", THANDIWE).out
    text = two.run("people", "export").out
    file = two.folder / "decisions.json"
    file.write_text(text, encoding="utf-8")
    two.run("people", "undo", "1")
    assert two.run("people", "import", str(file)).out == "1 decision made, 0 stood already.\n"
    assert two.run("people", "export").out == text
    assert "nobody of number 99" in two.run("people", "whole", "99").problem

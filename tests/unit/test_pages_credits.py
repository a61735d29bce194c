"""How credits are shown: merging, order, jobs and characters."""

from __future__ import annotations

import random
from typing import Any

import pytest

from fullcredits.pages.credits import by_department, detail, gather, headlines, leading
from fullcredits.pages.groups import tier
from fullcredits.store.read.credits import CreditRow, Person
from fullcredits.store.read.over_episodes import Tally

ADA = Person(1, "Ada Quill", None)
BO = Person(2, "Bo Lind", None)
CY = Person(3, "Cy Marr", None)


def credit(person: Person = ADA, **values: Any) -> CreditRow:
    given: dict[str, Any] = {
        "media_item_id": 1,
        "source": "Attic",
        "gone": False,
        "department": "Acting",
        "job": "Actor",
        "character": "",
        "credited_as": person.name,
        "billing": 0,
        "id": 0,
    }
    return CreditRow(person, **given | values)


def test_two_sources_stating_one_credit_make_one_line() -> None:
    rows = [
        credit(character="Ines", source="Attic"),
        credit(character="INES (voice)", source="Cabin", media_item_id=2),
    ]
    (entry,) = gather(rows)
    line = entry.line()
    assert line.characters == ("Ines",)
    assert line.notes == ("voice",)
    assert line.detail == "Ines (voice)"
    assert line.sources == ("Attic", "Cabin")


def test_namesakes_stay_apart_and_departments_too() -> None:
    namesake = Person(9, ADA.name, None)
    rows = [credit(), credit(namesake), credit(department="Directing", job="Director")]
    assert len(gather(rows)) == 3


def test_a_name_not_looked_at_yet_is_shown_without_a_link() -> None:
    (entry,) = gather([credit(Person(None, "Ada Quill", None))])
    assert entry.line().name == "Ada Quill"
    assert entry.line().address is None


def test_credited_as_is_shown_only_when_it_differs() -> None:
    same, other = gather([credit(credited_as="ADA QUILL"), credit(BO, credited_as="Robert Lind")])
    assert same.line().credited_as == ""
    assert other.line().credited_as == "as Robert Lind"


@pytest.mark.parametrize(
    ("department", "stated", "shown"),
    [
        ("Acting", [("Attic", "Actor"), ("Cabin", "Guest Star")], ()),
        ("Acting", [("Attic", "Actor"), ("Cabin", "Narrator")], ("Narrator",)),
        ("Writing", [("Attic", "Writer"), ("Cabin", "Screenplay")], ("Screenplay",)),
        ("Writing", [("Attic", "Writer")], ("Writer",)),
        # One source naming both means both.
        (
            "Production",
            [("Attic", "Producer"), ("Cabin", "Producer"), ("Cabin", "Executive Producer")],
            ("Producer", "Executive Producer"),
        ),
        ("Sound", [("Cabin", "Composer"), ("Attic", "composer")], ("Composer",)),
    ],
)
def test_jobs(department: str, stated: list[tuple[str, str]], shown: tuple[str, ...]) -> None:
    rows = [credit(department=department, job=job, source=source) for source, job in stated]
    (entry,) = gather(rows)
    assert entry.line().jobs == shown


def test_the_longest_list_leads_and_others_add_whom_it_does_not_name() -> None:
    short = [credit(CY, media_item_id=1), credit(BO, media_item_id=1)]
    long = [credit(p, media_item_id=2) for p in (ADA, BO, Person(4, "Di Oka", None))]
    names = [entry.person.name for entry in gather(leading(short + long))]
    assert names == ["Ada Quill", "Bo Lind", "Di Oka", "Cy Marr"]


def test_what_a_source_said_before_it_lost_the_title_counts_only_when_none_has_it() -> None:
    rows = [credit(ADA, gone=True), credit(BO, media_item_id=2)]
    assert [row.person for row in leading(rows)] == [BO]
    assert [row.person for row in leading(rows[:1])] == [ADA]


def test_departments_come_in_their_order_whatever_order_rows_came_in() -> None:
    rows = [
        credit(BO, department=department, job="x")
        for department in ("Sound", "Acting", "Crew", "Writing", "Directing")
    ]
    random.Random(1).shuffle(rows)
    headings = [group.heading for group in by_department(gather(rows))]
    assert headings == ["Cast", "Directing", "Writing", "Sound", "Crew"]


def test_detail_without_anything_is_empty() -> None:
    assert detail((), (), ()) == ""
    assert detail((), (), ("uncredited",)) == "(uncredited)"
    assert detail(("A", "B"), ("Stunts",), ()) == "A / B, Stunts"


def test_headlines_name_few_and_nobody_twice() -> None:
    writers = [Person(n, f"Writer {n}", None) for n in range(10, 16)]
    rows = [credit(BO, department="Directing", job="Director")]
    rows += [credit(p, department="Writing", job="Writer") for p in writers]
    rows += [credit(writers[0], department="Writing", job="Story")]
    directed, written = headlines(gather(rows))
    assert (directed.label, [p.text for p in directed.people]) == ("Directed by", ["Bo Lind"])
    assert [p.text for p in written.people] == ["Writer 10", "Writer 11", "Writer 12"]


@pytest.mark.parametrize(
    ("episodes", "marked", "total", "group"),
    [
        (20, 0, 60, "regulars"),
        (19, 0, 60, "recurring"),
        (4, 0, 60, "recurring"),
        (3, 0, 60, "guests"),
        # A mark is believed of less than half of the episodes; and of a few, of as many as it says.
        (70, 70, 158, "recurring"),
        (79, 79, 158, "regulars"),
        (120, 120, 158, "regulars"),
        (2, 2, 2, "guests"),
        (1, 1, 1, "guests"),
        (1, 0, 1, "regulars"),
        # Of very many episodes, four are not many.
        (23, 0, 2394, "guests"),
        (24, 0, 2394, "recurring"),
        (24, 24, 2394, "recurring"),
        (4, 4, 400, "recurring"),
        (4, 4, 401, "guests"),
    ],
)
def test_regular_recurring_or_guest(episodes: int, marked: int, total: int, group: str) -> None:
    assert tier(Tally(ADA, "Acting", episodes, marked, None, None), total) == group


def test_whom_only_the_show_names_is_regular() -> None:
    assert tier(None, 158) == "regulars"

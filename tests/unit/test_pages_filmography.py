"""What a person did: one line per title, episodes under their show, newest first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fullcredits.model import TitleKind
from fullcredits.pages.filmography import again_and_again, gather_works, known_for, work
from fullcredits.store.read.people import PersonRow, WorkRow

ADA = PersonRow(
    1, "Ada Quill", (), dt.date(1970, 3, 4), dt.date(2010, 1, 1), None, None, None, None
)


def row(title_id: int, **values: Any) -> WorkRow:
    given: dict[str, Any] = dict.fromkeys(WorkRow._fields)
    given |= {
        "department": "Acting",
        "job": "Actor",
        "character": "",
        "credited_as": "Ada Quill",
        "billing": 5,
        "source_id": 1,
        "source": "Attic",
        "genres": [],
        "title_id": title_id,
        "kind": TitleKind.MOVIE,
        "title": f"Film {title_id}",
    }
    return WorkRow(**given | values)


def episode(number: int, **values: Any) -> WorkRow:
    given: dict[str, Any] = {
        "kind": TitleKind.EPISODE,
        "title": f"Night {number}",
        "season_number": 1,
        "episode_number": number,
        "released": dt.date(2000 + number, 1, 1),
        "show_id": 50,
        "show_title": "Long Nights",
        "character": "Vinter",
    }
    return row(100 + number, **given | values)


def test_sources_and_characters_of_one_title_are_one_line() -> None:
    rows = [row(1, character="Ines"), row(1, character="ines / The Widow", source="Cabin")]
    (gathered,) = gather_works(ADA, rows)["Acting"]
    shown = work(gathered, ADA, 0)
    assert shown.detail == "Ines / The Widow"
    assert shown.sources == ("Attic", "Cabin")


def test_episodes_stand_under_their_show_with_their_years() -> None:
    rows = [episode(3), episode(1), episode(2), episode(2, source="Cabin")]
    rows += [row(50, kind=TitleKind.SHOW, title="Long Nights", character="Inspector", year=1999)]
    (gathered,) = gather_works(ADA, rows)["Acting"]
    shown = work(gathered, ADA, 2)
    assert (shown.title, shown.kind, shown.count) == ("Long Nights", "show", "3 episodes")
    assert shown.year == "2001–03"
    assert [part.code for part in shown.episodes] == ["S01E01", "S01E02"]
    assert shown.more == "/person/1-ada-quill/show/50?department=acting"
    assert work(gathered, ADA, 3).more is None


def test_newest_first_and_what_has_no_year_before_all() -> None:
    rows = [row(1, year=1990), row(2, year=2005), row(3), row(4, year=1999)]
    works = gather_works(ADA, rows)["Acting"]
    assert [item.top_id for item in works] == [3, 2, 4, 1]


def test_departments_in_their_order() -> None:
    rows = [row(1, department=name, job="x") for name in ("Sound", "Directing", "Acting")]
    assert list(gather_works(ADA, rows)) == ["Acting", "Directing", "Sound"]


def test_nobody_ages_before_birth_or_after_death() -> None:
    dates = {1: dt.date(2000, 3, 3), 2: dt.date(1960, 1, 1), 3: dt.date(2020, 1, 1), 4: None}
    works = gather_works(ADA, [row(n, released=day) for n, day in dates.items()])["Acting"]
    assert {item.top_id: work(item, ADA, 0).age for item in works} == {
        1: "aged 29", 2: "", 3: "", 4: "",
    }  # fmt: skip


def test_known_for_is_what_names_them_first_each_title_once() -> None:
    rows = [row(n, billing=n, year=2000) for n in range(1, 9)]
    rows += [row(8, billing=0, department="Directing", job="Director", year=2000)]
    best = known_for(gather_works(ADA, rows), 3)
    assert [item.top_id for item in best] == [8, 1, 2]


def test_the_age_over_episodes_is_a_span() -> None:
    works = gather_works(ADA, [episode(1), episode(3), episode(3), episode(20)])["Acting"]
    assert work(works[0], ADA, 0).age == "aged 30–32"
    works = gather_works(ADA, [episode(1), episode(1)])["Acting"]
    assert work(works[0], ADA, 0).age == "aged 30"


def test_characters_of_several_titles_but_not_oneself() -> None:
    rows = [row(1, character="James Bond / Self"), row(2, character="JAMES BOND (voice)")]
    rows += [row(3, character="Self"), episode(1), episode(2), row(4, character="Q")]
    assert again_and_again(gather_works(ADA, rows)["Acting"]) == [("James Bond", 2)]

"""What is hidden from those who have not seen a show yet, and that a browser remembers it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.model import TitleKind
from fullcredits.pages import spoilers
from fullcredits.store import Store
from tests.library import Ids, Library
from tests.web.visitor import Visitor


@pytest.fixture
def hidden() -> Iterator[None]:
    spoilers.hide(hidden=True)
    yield
    spoilers.hide(hidden=False)


@pytest.fixture
def show(store: Store) -> int:
    """Two seasons: Ann turns out to be somebody else, Cy comes in the second one."""
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        show = made.title("show", "Masks", year=2001, ended=dt.date(2005, 1, 1))
        item = made.item(library, source, show, "show")
        people = {name: made.person(name) for name in ("Ann", "Bo", "Cy", "Di")}
        made.credit(item, source, people["Bo"], "Bo", "The Butler / The Murderer")
        for season, cast in (
            (1, {"Ann": "The Widow", "Bo": "The Butler", "Di": "Maid"}),
            (2, {"Ann": "The Heiress", "Cy": "The Inspector", "Bo": "The Murderer"}),
            (0, {"Di": "Herself, later"}),
        ):
            above = made.title(
                "season", f"Season {season}", show_id=show, parent_id=show, season_number=season
            )
            made.item(library, source, above, "season")
            episode = made.title(
                "episode", f"Part {season}", show_id=show, parent_id=above, season_number=season,
                episode_number=1, year=2000 + season,
            )  # fmt: skip
            item = made.item(library, source, episode, "episode")
            for name, character in cast.items():
                made.credit(item, source, people[name], name, character)
        made.done()
    return show


def _told(page: pages.ShowPage) -> dict[str, tuple[str, str, str]]:
    lines = (line for section in page.people.sections for line in section.lines)
    return {line.name: (line.detail, line.episodes, line.years) for line in lines}


def test_everything_is_told(store: Store, show: int) -> None:
    with store.reading() as db:
        page = pages.show(db, show)
    assert page.about.facts[0] == "2001–05"
    assert _told(page) == {
        "Ann": ("The Heiress / The Widow", "2 episodes", "2001–02"),
        "Bo": ("The Butler / The Murderer", "2 episodes", "2001–02"),
        "Cy": ("The Inspector", "1 episode", "2002"),
        "Di": ("Herself, later / Maid", "2 episodes", "2000–01"),
    }


@pytest.mark.usefixtures("hidden")
def test_counts_ends_and_later_characters_are_hidden(store: Store, show: int) -> None:
    with store.reading() as db:
        page = pages.show(db, show)
        person = pages.person(db, 1)
    assert page.about.facts[0] == "2001"
    assert _told(page) == {
        "Ann": ("The Widow", "", ""),
        "Bo": ("The Butler", "", ""),
        "Cy": ("", "", ""),
        "Di": ("Herself, later / Maid", "", ""),
    }
    (work,) = person.departments[0].works
    assert (work.year, work.count, work.episodes, work.more) == ("2001", "", (), None)


def _found(store: Store, show: int, query: str) -> list[tuple[str, str]]:
    with store.reading() as db:
        page = pages.credits(db, TitleKind.SHOW, show, query=query)
    return [(line.name, line.detail) for part in page.found for line in part.lines]


def test_a_list_is_filtered_by_what_comes_later(store: Store, show: int) -> None:
    assert _found(store, show, "heiress") == [("Ann", "The Heiress / The Widow")]
    assert _found(store, show, "murderer") == [("Bo", "The Butler / The Murderer")]


@pytest.mark.usefixtures("hidden")
def test_a_filter_does_not_tell_what_is_hidden(store: Store, show: int) -> None:
    for later in ("heiress", "murderer", "inspector", "ann heiress"):
        assert _found(store, show, later) == [], later
    assert _found(store, show, "widow") == [("Ann", "The Widow")]
    assert _found(store, show, "later") == [("Di", "Herself, later / Maid")]
    assert _found(store, show, "cy") == [("Cy", "")]


def test_the_page_behind_a_number_of_episodes_tells_nothing(client: TestClient, ids: Ids) -> None:
    visitor = Visitor(client, "http://127.0.0.1")
    page = f"/person/{ids.lead}-ada-quill/show/{ids.show}"
    assert "Night 24" in client.get(page).text
    visitor.post("/look", spoilers="hide")
    for address in (page, f"{page}?season=2"):
        hidden = client.get(address).text
        assert "You hide them" in hidden
        assert not re.search(r"Night \d|Season \d|\d episode", hidden)
    answer = visitor.post("/look", page, spoilers="", back=page)
    assert answer.headers["location"] == page
    assert "Night 24" in client.get(page).text


@pytest.mark.usefixtures("hidden")
def test_a_season_tells_its_own_characters(store: Store, show: int) -> None:
    with store.reading() as db:
        second = next(s for s in pages.show(db, show).seasons if s.title == "Season 2")
        number = int(second.address.split("/")[-1].split("-")[0])
        lines = pages.season(db, number).people.sections[0].lines
    assert {line.name: line.detail for line in lines}["Ann"] == "The Heiress"
    assert {line.episodes for line in lines} == {""}


def test_the_switch_leads_back_to_where_it_stands(client: TestClient, ids: Ids) -> None:
    page = client.get(f"/show/{ids.show}-long-nights").text
    back = re.search(r'name="back" value="([^"]*)"', page)
    assert back
    answer = Visitor(client, "http://127.0.0.1").post("/look", spoilers="hide", back=back[1])
    assert answer.headers["location"] == f"/show/{ids.show}-long-nights#full"
    assert 'id="full"' in page


def test_a_browser_remembers(client: TestClient, ids: Ids) -> None:
    visitor = Visitor(client, "http://127.0.0.1")
    show = f"/show/{ids.show}-long-nights"

    def told() -> str:
        return re.sub(r"</?a[^>]*>", "", client.get(show).text)

    assert "24 episodes, 2011–13" in told()
    answer = visitor.post("/look", show, spoilers="hide", back=show)
    assert (answer.status_code, answer.headers["location"]) == (303, show)
    assert 'aria-checked="true"' in told()
    assert "24 episodes, 2011" not in told()
    visitor.post("/look", spoilers="")
    assert "24 episodes, 2011–13" in told()


@pytest.mark.parametrize(
    ("theme", "told"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("", "")]
)
def test_dark_or_light_by_choice(client: TestClient, theme: str, told: str) -> None:
    Visitor(client, "http://127.0.0.1").post("/look", theme=theme)
    assert f'<html lang="en"{told}>' in client.get("/look").text
    assert f'<html lang="en"{told}>' in client.get("/nothing-here").text


def test_what_makes_no_sense_is_not_remembered(client: TestClient) -> None:
    said = {"Cookie": 'theme="><script>; spoilers=maybe'}
    assert '<html lang="en">' in client.get("/look", headers=said).text
    visitor = Visitor(client, "http://127.0.0.1")
    answer = visitor.post("/look", theme="pink", back="//evil.example/")
    assert answer.headers["location"] == "/"
    assert all("Max-Age=0" in cookie for cookie in answer.headers.get_list("set-cookie"))

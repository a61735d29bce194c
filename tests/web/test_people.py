"""Pages around a person: filtered, whom they worked with, which episodes."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.errors import NotFound
from fullcredits.pages import Wanted, spoilers
from fullcredits.pages.addresses import of
from fullcredits.store import Store
from fullcredits.store.schema import people
from tests.library import Ids, Library


def _titles(page: pages.PersonPage) -> dict[str, list[str]]:
    return {part.heading: [work.title for work in part.works] for part in page.departments}


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (
            Wanted(),
            {"Acting": ["Long Nights", "The Crowd", "The Harbour"], "Production": ["The Harbour"]},
        ),
        (Wanted(department="production"), {"Production": ["The Harbour"]}),
        (Wanted(kind="show"), {"Acting": ["Long Nights"]}),
        (Wanted(decade="2000"), {"Acting": ["The Harbour"], "Production": ["The Harbour"]}),
        (Wanted(genre="Crime", department="acting"), {"Acting": ["The Harbour"]}),
        (Wanted(source="1"), {"Acting": ["The Harbour"], "Production": ["The Harbour"]}),
        (Wanted(source="2", kind="movie", decade="2010"), {"Acting": ["The Crowd"]}),
    ],
)
def test_a_filmography_filtered(
    store: Store, ids: Ids, wanted: Wanted, titles: dict[str, list[str]]
) -> None:
    with store.reading() as db:
        page = pages.person(db, ids.lead, wanted)
    assert _titles(page) == titles
    assert page.filtered == bool(wanted)


def test_the_head_names_what_they_did_most(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        sam = made.person("Sam")
        show = made.title("show", "The Show", year=2000)
        for number in range(1, 13):
            episode = made.title(
                "episode", f"Part {number}", show_id=show, season_number=1, episode_number=number
            )
            item = made.item(library, source, episode, "episode")
            made.credit(item, source, sam, "Sam", "", "Producer", "Production")
            if number < 6:
                made.credit(item, source, sam, "Sam", "", "Director", "Directing")
            if number < 4:
                made.credit(item, source, sam, "Sam", "Gus")
        film = made.item(library, source, made.title("movie", "The Film"), "movie")
        made.credit(film, source, sam, "Sam", "", "Director", "Directing")
        made.done()
    with store.reading() as db:
        page = pages.person(db, sam)
    assert page.known_as == "Directing and Production"
    assert [part.heading for part in page.departments] == ["Acting", "Directing", "Production"]


def test_filters_are_kept_in_the_address(client: TestClient, ids: Ids) -> None:
    base = of("person", ids.lead, "Ada Quill")
    page = client.get(f"{base}?kind=show&genre=").text
    assert '<option value="show" selected>Shows (1)</option>' in page
    assert "The Harbour" not in page.partition('id="filmography"')[2]
    assert client.get(f"{base}?kind=opera").status_code == 404
    whole = client.get(f"{base}/credits?department=acting&kind=movie").text
    assert "The Crowd" in whole
    assert "Long Nights" not in whole


def test_all_of_a_long_biography_can_be_read(client: TestClient, store: Store, ids: Ids) -> None:
    told = " ".join(f"In {year} she did what she had done the year before." for year in range(999))
    with store.writing() as db:
        db.execute(update(people).where(people.c.id == ids.lead).values(biography=told[:20_000]))
    page = unescape(client.get(of("person", ids.lead, "Ada Quill")).text)
    biography = page.partition('id="biography"')[2].partition("</section>")[0]
    assert all(sentence in biography for sentence in re.findall(r"In \d+ .*?\.", told[:20_000]))


def test_each_work_says_where_it_is(client: TestClient, ids: Ids) -> None:
    page = client.get(of("person", ids.lead, "Ada Quill")).text
    works = page.partition('id="acting"')[2]
    assert re.findall(r'<span class="on">(.*?)</span>', works)[:3] == [
        "Cabin", "Cabin", "Attic · Cabin",
    ]  # fmt: skip


def test_they_are_together_in_the_episodes_they_share(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        ann, bo, cy = (made.person(name) for name in ("Ann", "Bo", "Cy"))

        def credit(title: int, *who: tuple[int, str]) -> None:
            item = made.item(library, source, title, "episode")
            for person, name in who:
                made.credit(item, source, person, name, f"As {name}")

        show = made.title("show", "The Show", year=2000)
        for number in (1, 2, 3):
            episode = made.title(
                "episode", f"Part {number}", show_id=show, season_number=1, episode_number=number
            )
            everybody = ((ann, "Ann"), (bo, "Bo")) if number < 3 else ((ann, "Ann"), (cy, "Cy"))
            credit(episode, *everybody)
        credit(made.title("movie", "The Film", year=1990), (ann, "Ann"), (bo, "Bo"))
        credit(made.title("movie", "Alone"), (ann, "Ann"))
        credit(made.title("movie", "Elsewhere"), (bo, "Bo"), (cy, "Cy"))
        made.done()
    with store.reading() as db:
        most = pages.most_together(db, ann)
        assert [(p.name, p.count) for p in most.people] == [
            ("Bo", "2 titles, 2 episodes together"), ("Cy", "1 title, 1 episode together"),
        ]  # fmt: skip
        everybody_of = pages.collaborators(db, bo)
        assert [(p.name, p.count) for p in everybody_of.people] == [
            ("Ann", "2 titles, 2 episodes together"), ("Cy", "1 title together"),
        ]  # fmt: skip
        assert pages.collaborators(db, bo, "directing").people == ()
        page = pages.together(db, ann, bo)
        assert [row.title.title for row in page.shared] == ["The Show", "The Film"]
        assert [e.title for e in page.shared[0].title.episodes] == ["Part 1", "Part 2"]
        assert [w.detail for w in page.shared[0].second] == ["As Bo"]
        assert page.count == "2 titles, 2 episodes"
        with pytest.raises(NotFound):
            pages.together(db, ann, ann)
        with pytest.raises(NotFound):
            pages.collaborators(db, bo, "cooking")


def test_of_as_many_titles_together_most_episodes_come_first(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        guest, friend, boss = (made.person(name) for name in ("Guest", "Friend", "Boss"))
        show = made.title("show", "The Show", year=2000)
        for number in range(1, 13):
            episode = made.title(
                "episode", f"Part {number}", show_id=show, season_number=1, episode_number=number
            )
            item = made.item(library, source, episode, "episode")
            made.credit(item, source, boss, "Boss", "", "Producer", "Production")
            made.credit(item, source, friend, "Friend", "Sidekick")
            made.credit(item, source, friend, "Friend", "", "Writer", "Writing")
            if number == 7:
                made.credit(item, source, guest, "Guest", "Caller")
        whole = made.item(library, source, show, "show")
        made.credit(whole, source, boss, "Boss", "", "Producer", "Production")
        made.credit(whole, source, friend, "Friend", "Sidekick")
        made.done()
    with store.reading() as db:
        assert [(p.name, p.count) for p in pages.collaborators(db, boss).people] == [
            ("Friend", "1 title, 12 episodes together"), ("Guest", "1 title, 1 episode together"),
        ]  # fmt: skip
        assert pages.together(db, boss, friend).count == "1 title, 12 episodes"
        spoilers.hide(hidden=True)
        try:
            told = [p.count for p in pages.most_together(db, boss).people]
            assert told == ["1 title together", "1 title together"]
            assert pages.together(db, boss, friend).count == "1 title"
        finally:
            spoilers.hide(hidden=False)


def test_the_number_of_titles_together_is_what_their_page_lists(store: Store, ids: Ids) -> None:
    with store.reading() as db:
        for one in pages.collaborators(db, ids.lead).people:
            other = int(one.address.rsplit("/", 1)[1])
            together = pages.together(db, ids.lead, other)
            assert one.count == f"{together.count} together"
            assert together.shared
            break


def test_a_number_of_episodes_opens_exactly_those(client: TestClient, ids: Ids) -> None:
    base = f"{of('person', ids.lead, 'Ada Quill')}/show/{ids.show}"

    def episodes(query: str = "") -> list[str]:
        text = client.get(f"{base}{query}").text
        return re.findall(r"<bdi>(Night \d+)</bdi>", text)

    assert episodes() == [f"Night {n}" for n in range(1, 25)]
    assert episodes("?season=3") == ["Night 21", "Night 22", "Night 23", "Night 24"]
    assert episodes("?department=acting&season=1") == [f"Night {n}" for n in range(1, 11)]
    assert "24 episodes" in client.get(base).text
    assert "4 episodes" in unescape(client.get(f"{base}?season=3").text)
    for wrong in ("?season=9", "?department=writing", "?season=x"):
        assert client.get(f"{base}{wrong}").status_code == 404
    guest = f"/person/{ids.guest}/show/{ids.show}"
    assert client.get(guest, follow_redirects=True).text.count("<bdi>Night") == 2

"""Every page over HTTP: what it says, where it redirects, how large it gets."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.pages.addresses import of
from fullcredits.store import Store
from fullcredits.store.schema import sources
from tests.library import HOSTILE, RTL, Ids, Library, filled

LARGEST = 200_000
"""Bytes of HTML that any page may have."""


def test_home(client: TestClient, ids: Ids) -> None:
    page = client.get("/").text
    for shown in ("The Harbour", "Long Nights", "Films", "Movies &amp; More", "Recently added"):
        assert shown in page
    assert "A Film Nobody Has" not in page


def test_home_of_an_empty_store_says_what_to_do(client: TestClient) -> None:
    page = client.get("/").text
    assert "fullcredits source add" in page
    assert "fullcredits demo" in page


def test_library_sorted_and_unknown_sort(client: TestClient, ids: Ids) -> None:
    page = client.get(f"/library/{ids.films}?sort=year").text
    assert "The Harbour" in page
    assert "1 film" in page
    assert "Kind" not in page, "of a library of films"
    assert "Kind" in client.get(f"/library/{ids.films}?kind=movie").text
    assert client.get(f"/library/{ids.films}?sort=size").status_code == 404
    assert client.get("/library/999").status_code == 404


def test_movie_merges_its_two_sources(client: TestClient, ids: Ids) -> None:
    page = unescape(client.get(of("movie", ids.movie, "The Harbour")).text)
    # The longer list leads: its spelling and billing, then what the other one adds.
    assert "ines\N{NO-BREAK SPACE}/ The Widow (voice)" in page
    assert "as Ada Q." in page
    assert "2 h 50 min" in page
    assert "Executive Producer" in page
    assert "Attic gives no more than its first 200 roles." in page
    assert "https://www.imdb.com/title/tt0000001/" in page
    assert "https://www.themoviedb.org/movie/77" in page


def test_a_title_leads_to_where_it_can_be_played(client: TestClient, ids: Ids) -> None:
    page = client.get(of("movie", ids.movie, "The Harbour")).text
    plex, jellyfin = (unescape(part.partition('"')[0]) for part in page.split('play" href="')[1:])
    assert re.fullmatch(
        r"https://app\.plex\.tv/desktop/#!/server/id%20of%20Attic"
        r"/details\?key=%2Flibrary%2Fmetadata%2F\d+",
        plex,
    )
    assert re.fullmatch(
        r"http://jellyfin\.invalid/web/#/details\?id=\d+&serverId=id%20of%20Cabin", jellyfin
    )
    gone = client.get(of("movie", ids.merged_title, "The Lost Harbour"), follow_redirects=True)
    assert gone.text.count('play" href="') == 2


def test_links_to_a_server_lead_where_its_owner_says(
    client: TestClient, ids: Ids, store: Store
) -> None:
    with store.writing() as db:
        db.execute(update(sources).values(link_address="https://home.example/tv"))
    page = client.get(of("movie", ids.movie, "The Harbour")).text
    plex, jellyfin = (unescape(part.partition('"')[0]) for part in page.split('play" href="')[1:])
    assert plex.startswith(
        "https://home.example/tv/web/index.html#!/server/id%20of%20Attic/details?key=%2Flibrary"
    )
    assert jellyfin.startswith("https://home.example/tv/web/#/details?id=")


def test_stars_are_known_from_their_best_other_title(client: TestClient, ids: Ids) -> None:
    harbour = client.get(of("movie", ids.movie, "The Harbour")).text
    assert f'class="also" href="{of("show", ids.show, "Long Nights")}"' in harbour
    assert harbour.count('class="also"') == 1
    episode = client.get(of("episode", ids.episode, "Night 1")).text
    assert f'class="also" href="{of("movie", ids.crowd, "The Crowd")}"' in episode
    assert f'class="also" href="{of("show", ids.show, "Long Nights")}"' not in episode


def test_the_full_list_is_filtered_by_name_character_and_job(client: TestClient, ids: Ids) -> None:
    base = f"{of('movie', ids.movie, 'The Harbour')}/credits"

    def names(query: str, department: str = "") -> list[str]:
        page = client.get(base, params={"q": query, "department": department})
        assert page.status_code == 200
        main = page.text.partition('<ul class="credits">')[2].partition("</ul>")[0]
        return re.findall(r'class="who">(?:<a [^>]*>)?<bdi>(.*?)</bdi>', main)

    assert names("widow, the") == ["Ada Quill"]
    assert names("QUÍLL") == ["Ada Quill"]
    assert names("director") == ["Bo Namesake"]
    assert names("executive", "production") == ["Ada Quill"]
    assert names("zzz") == []
    assert "Show everybody" in client.get(base, params={"q": "zzz"}).text
    assert "q=bo" in client.get(base, params={"q": "bo", "department": "cast"}).text


def test_a_filter_finds_in_all_departments_at_once(client: TestClient, ids: Ids) -> None:
    base = f"{of('movie', ids.movie, 'The Harbour')}/credits"
    found = client.get(base, params={"q": "bo"}).text
    headings = re.findall(r'<h2 class="h3"[^>]*>(.*?) <span class="pill">(\d+)', found)
    assert headings == [("Cast", "2"), ("Directing", "1")], "Bold, and two of one name"
    assert found.count("Bo Namesake</bdi>") == 2
    assert 'class="tabs"' not in found
    nobody = client.get(base, params={"q": "zzz"}).text
    assert 'class="pill"' not in nobody.partition("<main")[2]

    crowd = f"{of('movie', ids.crowd, 'The Crowd')}/credits"
    many = client.get(crowd, params={"q": "extra"}).text
    assert re.findall(r"Show all (\d+)", many) == ["150", "149"]
    whole = f"{crowd}?department=crew&q=extra"
    assert f'href="{whole}"' in unescape(many)
    crew = unescape(client.get(whole).text)
    assert crew.count('class="who"') == 149
    assert f'<a href="{crowd}?q=extra">All <span class="pill">299</span></a>' in crew


def test_who_is_marked_as_a_guest_in_most_episodes_is_no_guest_of_one(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        often, once = made.person("Often"), made.person("Once")
        show = made.title("show", "The Show")
        for number in range(1, 9):
            episode = made.title(
                "episode", f"Part {number}", show_id=show, season_number=1, episode_number=number
            )
            item = made.item(library, source, episode, "episode")
            made.credit(item, source, often, "Often", "Nurse", "Guest Star")
        made.credit(item, source, once, "Once", "Patient", "Guest Star", billing=1)
        made.done()
    with store.reading() as db:
        of_show, of_episode = pages.show(db, show).people, pages.episode(db, episode).people
    for people, headings in (
        (of_show, {"Regular cast": ["Often"], "Guest stars": ["Once"]}),
        (of_episode, {"Guest stars": ["Once"], "Cast": ["Often"]}),
    ):
        found = {part.heading: [line.name for line in part.lines] for part in people.sections}
        assert found == headings


def test_who_says_so_is_told_where_sources_differ(client: TestClient, ids: Ids) -> None:
    harbour = client.get(of("movie", ids.movie, "The Harbour")).text
    assert "Who says so" in harbour
    assert '<span class="by">Attic, Cabin</span>' in harbour
    assert '<span class="by">Cabin</span>' in harbour
    assert "Who says so" not in client.get(of("movie", ids.crowd, "The Crowd")).text


def test_what_is_hostile_is_shown_as_written(client: TestClient, ids: Ids) -> None:
    page = client.get(of("movie", ids.movie, "The Harbour")).text
    assert "<script>alert" not in page
    assert "<b>Bold" not in page
    assert str(escape(HOSTILE, quote=False)) in page.replace("&#34;", '"')
    assert RTL in page
    person = client.get(f"/person/{ids.hostile}", follow_redirects=True)
    assert person.status_code == 200
    assert "<script>alert" not in person.text


def test_namesakes_have_pages_of_their_own(client: TestClient, ids: Ids) -> None:
    page = client.get(of("movie", ids.movie, "The Harbour")).text
    assert len({line for line in page.split('"') if "bo-namesake" in line}) == 2


def test_show_counts_episodes_and_parts_regulars_from_guests(client: TestClient, ids: Ids) -> None:
    page = client.get(of("show", ids.show, "Long Nights")).text
    regulars, guests = page.index('id="regulars"'), page.index('id="guests"')
    assert regulars < page.index("24 episodes</a>, 2011–13") < guests
    assert guests < page.index("2 episodes</a>, 2011")
    assert "Created by" in page
    assert "6 seasons" not in page
    assert "3 seasons" in page


def test_each_number_of_episodes_leads_to_exactly_those(client: TestClient, ids: Ids) -> None:
    shows = client.get(of("show", ids.show, "Long Nights")).text
    season = client.get(of("season", ids.season, "Season 1")).text
    for page, query in ((shows, ""), (season, "&season=1")):
        found = re.findall(r'<a href="(/person/[^"]*/show/[^"]*)">(\d+) episodes?</a>', page)
        assert len(found) > 5
        for address, number in {*found}:
            assert unescape(address).endswith(query)
            episodes = client.get(unescape(address)).text.count('<li><span class="muted">S')
            assert episodes == int(number), address


def test_a_show_is_filtered_by_what_its_episodes_state(client: TestClient, ids: Ids) -> None:
    base = f"{of('show', ids.show, 'Long Nights')}/credits"
    for query, names in (("caller 1", 24), ("vinter quill", 1), ("tom", 1), ("writer", 1)):
        page = client.get(base, params={"q": query}).text
        totals = re.findall(r'class="pill">([\d,]+)<', page.partition("<nav")[2])
        assert sum(map(int, totals)) >= names, query
    assert "Guest Who Comes Twice" in client.get(base, params={"q": "tom"}).text


def test_seasons_turn(client: TestClient, ids: Ids) -> None:
    page = client.get(of("season", ids.season, "Season 1")).text
    assert 'rel="next" href="/season/' in page
    assert 'rel="prev"' not in page


def test_other_programs_are_told_what_a_page_is(client: TestClient, ids: Ids) -> None:
    page = client.get(of("movie", ids.movie, "The Harbour")).text
    assert '<meta property="og:title" content="The Harbour">' in page
    assert '<meta property="og:type" content="video.movie">' in page
    assert re.search(r'og:image" content="http://127.0.0.1/image/\d+/1600.webp"', page)
    assert "A harbour, at night. Then the fog comes." in page.partition("<body")[0]
    person = client.get(of("person", ids.lead, "Ada Quill")).text
    assert '<meta property="og:type" content="profile">' in person


def test_a_page_needs_three_requests_beside_its_pictures(client: TestClient, ids: Ids) -> None:
    page = client.get(of("movie", ids.movie, "The Harbour")).text
    assert len(re.findall(r'<link rel="stylesheet"|<script', page)) == 2
    script = unescape(page.partition('<script src="')[2].partition('"')[0])
    answer = client.get(script)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get(of("movie", ids.movie, "The Harbour")).headers
    assert answer.text.index("var htmx") < answer.text.index("Everything works without this")


def test_season_and_episode(client: TestClient, ids: Ids) -> None:
    season = client.get(of("season", ids.season, "Season 1")).text
    assert "Night 1" in season
    assert "Night 10" in season
    assert "Night 11" not in season
    episode = client.get(of("episode", ids.episode, "Night 1")).text
    assert episode.index('id="guests"') < episode.index('id="cast"')
    assert "S01E01" in episode
    assert "Next episode" in episode
    assert "Previous episode" not in episode


def test_person(client: TestClient, ids: Ids) -> None:
    page = client.get(of("person", ids.lead, "Ada Quill")).text
    for shown in ("4 March 1970", "Lyngby, Denmark", "アダ", "24 episodes", "2011–13", "aged 31"):
        assert shown in page
    assert "https://www.imdb.com/name/nm0000001/" in page
    assert page.index("Long Nights") < page.index("The Crowd") < page.index("The Harbour")


def test_search_forgives(client: TestClient, ids: Ids) -> None:
    for query in ("ada quill", "QUILL  ada", "Quíll", "quil"):
        page = client.get("/search", params={"q": query}).text
        assert "/person/1-ada-quill" in page, query
    assert "The Harbour" in client.get("/search", params={"q": "harbour, the"}).text
    for query in ("%", "_", "''", "\x00", "zzzz", " "):
        answer = client.get("/search", params={"q": query})
        assert answer.status_code == 200, query
        assert "ada-quill" not in answer.text, query


@pytest.mark.parametrize(
    "address",
    [
        "/nope", "/movie/424242", "/show/424242", "/season/424242", "/episode/424242",
        "/person/424242", "/person/424242/credits", "/movie/x", "/movie/99999999999",
        "/movie/1/credits?department=nope", "/person/1/show/424242", "/movie/1/credits?page=x",
        "/album/1/credits", "/image/1/121.webp", "/image/2/120.webp", "/static/nope.css",
    ],
)  # fmt: skip
def test_not_found(client: TestClient, ids: Ids, address: str) -> None:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 404


def test_one_address_for_each_thing(client: TestClient, ids: Ids) -> None:
    harbour = of("movie", ids.movie, "The Harbour")
    person = of("person", ids.lead, "Ada Quill")
    moves = {
        f"/movie/{ids.movie}": harbour,
        f"/movie/{ids.movie}-wrong": harbour,
        f"/show/{ids.movie}": harbour,
        f"/movie/{ids.merged_title}": harbour,
        f"/person/{ids.lead}": person,
        f"/person/{ids.merged_person}-a-quill": person,
        f"/movie/{ids.movie}/credits?department=cast": f"{harbour}/credits?department=cast",
        f"/person/{ids.lead}/show/{ids.show}": f"{person}/show/{ids.show}",
        f"/library/{ids.films}-films?sort=year": f"/library/{ids.films}?sort=year",
    }
    for old, new in moves.items():
        answer = client.get(old)
        assert (answer.status_code, answer.headers["location"]) == (302, new)
        assert client.get(new).status_code == 200


def test_everybody_of_a_crowd_can_be_reached_and_no_page_is_huge(
    client: TestClient, store: Store
) -> None:
    ids = filled(store, crowd=1000, episodes=60, guests=20)
    reached = set()
    for base, departments in (
        (of("movie", ids.crowd, "The Crowd"), ("cast", "crew")),
        (of("show", ids.show, "Long Nights"), ("guests",)),
    ):
        assert len(client.get(base).content) < LARGEST
        for department in departments:
            for number in range(1, 9):
                page = client.get(f"{base}/credits?department={department}&page={number}")
                assert len(page.content) < LARGEST
                reached |= set(re.findall(r"\"(/person/[^/\"]*)\"", page.text))
    assert len(reached) == 1000 + 60 * 20 + 1
    assert len(client.get(of("person", ids.lead, "Ada Quill")).content) < LARGEST

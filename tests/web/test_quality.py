"""The page of what looks wrong: each kind, what leads on, and how much of it is read."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert, update
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.errors import NotFound
from fullcredits.store import Connection, Store
from fullcredits.store.schema import evidence, media_items, source_people, suspects
from tests.library import EPOCH, Library
from tests.web.conftest import Counting


def _read(db: Connection, item: int, cast: int) -> None:
    values = {"read_at": EPOCH, "cast_count": cast}
    db.execute(update(media_items).where(media_items.c.id == item).values(**values))


@pytest.fixture
def wrong(store: Store) -> Store:
    """One of each kind that looks wrong, beside others that do not."""
    with store.writing() as db:
        made = Library(db)
        attic, cabin = made.source(), made.source("Cabin", "jellyfin")
        films, more = made.library(attic), made.library(cabin, "More")
        items = {}
        for cast, title in ((0, "Nobody"), (14, "Fourteen"), (15, "Fifteen"), (200, "Full")):
            number = made.title("movie", title, year=1990)
            library, source = (films, attic) if cast == 200 else (more, cabin)
            items[title] = made.item(library, source, number, "movie", added=EPOCH)
            _read(db, items[title], cast)
        unread = made.title("movie", "Not read yet")
        made.item(more, cabin, unread, "movie")
        gone = made.title("movie", "Long gone")
        _read(db, made.item(more, cabin, gone, "movie", gone_since=EPOCH), 0)
        face = made.image(attic)
        ann = made.person("Ann Vale")
        names = {"with a face": made.person("Bo Lund", portrait_id=face), "without": ann}
        same = [made.person("Cy Ray", portrait_id=face, born=dt.date(1950, 2, 3))]
        same.append(made.person("Cy Ráy", portrait_id=face))
        made.person("Cy Ray", portrait_id=face, merged_into=same[0])
        for person in (*names.values(), *same):
            made.credit(items["Full"], attic, person, f"Somebody {person}")
        made.credit(items["Fifteen"], cabin, ann, "Ann Vale")
        known = update(source_people).where(source_people.c.source_id == cabin)
        db.execute(known.values(person_id=ann))
        records = {p: made.source_people[attic, f"Somebody {p}"] for p in (ann, *same)}
        for person, record in records.items():
            where = source_people.c.id == record
            db.execute(update(source_people).where(where).values(person_id=person))
        pair = {"one_id": records[same[0]], "other_id": records[same[1]], "joined": False}
        clues = [["titles", 3.0, 1, 0, ""], ["department", -2.9, 0, 0, ""]]
        db.execute(insert(evidence).values(pair | {"clues": clues, "score": 2.0}))
        row = {"source_person_id": records[ann], "kind": "career", "first": 1901, "last": 2019}
        db.execute(insert(suspects).values(row))
        for value in ("nm0000001", "nm0000002"):
            made.person_id(same[0], "imdb", value)
        for person in same:
            made.person_id(person, "tmdb", "77")
            made.person_id(person, "plex", "the same")
        made.done()
    return store


def _found(store: Store) -> dict[str, list[tuple[str, str]]]:
    with store.reading() as db:
        page = pages.quality(db)
    return {
        part.anchor: [(row.name.text, row.note) for row in part.findings] for part in page.parts
    }


def test_each_kind_is_found(wrong: Store) -> None:
    assert _found(wrong) == {
        "no-portrait": [("Ann Vale", "2 titles")],
        "no-cast": [("Nobody", "1990 · nobody in the cast, as Cabin has it")],
        "cut": [
            ("Full", "1990 · 200 in the cast, as Attic has it"),
            ("Fifteen", "1990 · 15 in the cast, as Cabin has it"),
        ],
        "ids": [
            ("Cy Ray", "1 title · several ids of one catalogue: nm0000001, nm0000002"),
            ("Cy Ray", "1 title · shares the id 77"),
            ("Cy Ráy", "1 title · shares the id 77"),
        ],
        "namesakes": [
            ("Cy Ray", "one of 2 · 1 title · born 3 February 1950"),
            ("Cy Ráy", "one of 2 · 1 title"),
        ],
        "proposals": [
            ("Cy Ray", "1 title on Attic · may be Cy Ráy, 1 title on Attic · 1 shared title"),
        ],
        "suspects": [("Ann Vale", "2 titles · Attic: works from 1901 to 2019")],
    }


def test_what_leads_on(wrong: Store) -> None:
    with wrong.reading() as db:
        parts = {part.anchor: part for part in pages.quality(db).parts}
    ways = {name: [way.text for way in part.findings[0].ways] for name, part in parts.items()}
    assert ways == {
        "no-portrait": ["Open on Cabin"],
        "no-cast": ["Open on Cabin"],
        "cut": ["Open on Attic"],
        "ids": ["IMDb", "IMDb", "Say who it is"],
        "namesakes": ["Say who it is"],
        "proposals": ["Decide"],
        "suspects": ["Take apart"],
    }
    (there,) = parts["no-cast"].findings[0].ways
    assert there.address is not None
    assert there.address.startswith("http://jellyfin.invalid/web/#/details?id=")


def test_where_nothing_is_wrong_it_says_so(client: TestClient, store: Store) -> None:
    assert client.get("/quality").text.count("Nothing of the kind.") == 7
    assert _found(store)["ids"] == []


def test_each_kind_has_a_list_of_its_own(wrong: Store, client: TestClient) -> None:
    for kind in _found(wrong):
        answer = client.get(f"/quality/{kind}")
        assert answer.status_code == 200
        assert "Nothing of the kind." not in answer.text
        assert client.get(f"/quality/{kind}?page=7").status_code == 200
    assert client.get("/quality/moods").status_code == 404
    with wrong.reading() as db, pytest.raises(NotFound):
        pages.quality_part(db, "")


def test_long_lists_are_cut_into_pages_and_more_rows_are_no_more_queries(
    store: Store, client: TestClient, queries: Counting
) -> None:
    counts: list[int] = []
    for _ in range(2):
        with store.writing() as db:
            made = Library(db)
            source = made.source(f"Attic {len(counts)}")
            library = made.library(source)
            for number in range(65):
                title = made.title("movie", f"Film {number}")
                item = made.item(library, source, title, "movie", added=EPOCH)
                _read(db, item, 15)
                made.credit(item, source, made.person(f"P {number % 40}"), f"P {number}")
            made.done()
        with queries() as seen:
            whole = client.get("/quality")
            assert 'href="/quality/cut"' in whole.text
            assert 'href="/quality/cut?page=2"' in client.get("/quality/cut").text
            client.get("/quality/no-portrait")
            client.get("/quality/namesakes")
            assert len(whole.content) < 200_000
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_whom_no_server_has_a_page_for_is_found_by_their_titles(
    store: Store, client: TestClient
) -> None:
    with store.writing() as db:
        made = Library(db)
        plex = made.source()
        film = made.item(made.library(plex), plex, made.title("movie", "Alone"), "movie")
        eve = made.person("Eve Moss")
        made.credit(film, plex, eve, "Eve Moss")
        made.done()
    page = client.get("/quality/no-portrait").text
    assert f'href="/person/{eve}-eve-moss#works">Their titles</a>' in page
    assert 'id="works"' in client.get(f"/person/{eve}-eve-moss").text

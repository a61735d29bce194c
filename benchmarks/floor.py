"""The floor: the least any program can do that reads a library into a database.

`python -m benchmarks.floor KIND ADDRESS PAGES DATABASE` fetches the pages that a sync fetched
(PAGES: their paths with queries, as JSON), one after the other, decodes with msgspec what a page
of credits shows, and inserts it with sqlite3, a transaction a page, under the settings the program
writes with. It keeps titles with their facts and ids, people once each with what is told of them,
and credits in order, with the indexes without which such a database is of no use: titles and
people by key, credits by title and by person.

It compares nothing with what was there, remembers no change markers and no pictures of titles,
makes no search index, tells no namesakes apart, joins no servers, counts nothing, and cannot go on
where it stopped; whom it has met it keeps in memory. Prints what it did as JSON.
"""

from __future__ import annotations

import http.client
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from benchmarks.runs import HEADERS

_SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE titles (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    parent TEXT, season INTEGER, number INTEGER, name TEXT NOT NULL, year INTEGER, date TEXT,
    runtime INTEGER, overview TEXT, rating TEXT, genres TEXT);
CREATE TABLE title_ids (title INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE people (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    picture TEXT, born TEXT, died TEXT, birthplace TEXT, biography TEXT);
CREATE TABLE person_ids (person INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE credits (id INTEGER PRIMARY KEY, title INTEGER NOT NULL, person INTEGER NOT NULL,
    billing INTEGER NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL);
CREATE INDEX credits_title ON credits (title, billing);
CREATE INDEX credits_person ON credits (person);
"""
_TITLE = "INSERT INTO titles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TITLE_ID = "INSERT INTO title_ids VALUES (?, ?)"
_PERSON = "INSERT INTO people (id, key, name, picture) VALUES (?, ?, ?, ?)"
_FACTS = "UPDATE people SET born = ?, died = ?, birthplace = ?, biography = ? WHERE id = ?"
_PERSON_ID = "INSERT INTO person_ids VALUES (?, ?)"
_CREDIT = "INSERT INTO credits (title, person, billing, kind, role) VALUES (?, ?, ?, ?, ?)"

Row = tuple[object, ...]


class Kept:
    """The database, and the numbers of everybody met so far."""

    def __init__(self, file: Path) -> None:
        self.db = sqlite3.connect(file, isolation_level=None)
        self.db.executescript(_SCHEMA)
        self.people: dict[str, int] = {}
        self.titles = 0
        self._fresh: list[Row] = []

    def person(self, key: str, name: str, picture: str | None) -> int:
        """The number of a person, who is inserted with the page where not met before."""
        number = self.people.get(key)
        if number is None:
            number = self.people[key] = len(self.people) + 1
            self._fresh.append((number, key, name, picture))
        return number

    def insert(self, *tables: tuple[str, list[Row]]) -> None:
        """One page, in one transaction."""
        self.db.execute("BEGIN IMMEDIATE")
        for statement, rows in ((_PERSON, self._fresh), *tables):
            self.db.executemany(statement, rows)
        self.db.execute("COMMIT")
        self._fresh.clear()


class _Guid(msgspec.Struct):
    id: str


class _Tag(msgspec.Struct, rename="camel", gc=False):
    tag: str
    tag_key: str | None = None
    role: str | None = None
    thumb: str | None = None


class _PlexTitle(msgspec.Struct, rename="camel"):
    rating_key: str
    type: str
    title: str
    parent_rating_key: str | None = None
    parent_index: int | None = None
    index: int | None = None
    year: int | None = None
    originally_available_at: str | None = None
    duration: int | None = None
    summary: str | None = None
    content_rating: str | None = None
    guids: list[_Guid] = msgspec.field(name="Guid", default_factory=list)
    genres: list[_Tag] = msgspec.field(name="Genre", default_factory=list)
    roles: list[_Tag] = msgspec.field(name="Role", default_factory=list)
    directors: list[_Tag] = msgspec.field(name="Director", default_factory=list)
    writers: list[_Tag] = msgspec.field(name="Writer", default_factory=list)
    producers: list[_Tag] = msgspec.field(name="Producer", default_factory=list)


class _Metadata(msgspec.Struct):
    metadata: list[_PlexTitle] = msgspec.field(name="Metadata", default_factory=list)


class _PlexPage(msgspec.Struct):
    container: _Metadata = msgspec.field(name="MediaContainer")


def plex(kept: Kept, path: str, content: bytes) -> None:
    """A page of a Plex: of listings nothing is kept, full records say it all."""
    page = _plex_page.decode(content)
    if not path.startswith("/library/metadata/"):
        return
    titles: list[Row] = []
    ids: list[Row] = []
    credits: list[Row] = []
    for row in page.container.metadata:
        kept.titles += 1
        title = kept.titles
        genres = ", ".join([genre.tag for genre in row.genres])
        titles.append(
            (title, row.rating_key, row.type, row.parent_rating_key, row.parent_index, row.index,
             row.title, row.year, row.originally_available_at, row.duration, row.summary,
             row.content_rating, genres)
        )  # fmt: skip
        ids += [(title, guid.id) for guid in row.guids]
        billing = 0
        for kind, tags in (
            ("Role", row.roles), ("Director", row.directors), ("Writer", row.writers),
            ("Producer", row.producers),
        ):  # fmt: skip
            for tag in tags:
                person = kept.person(tag.tag_key or tag.tag, tag.tag, tag.thumb)
                credits.append((title, person, billing, kind, tag.role or ""))
                billing += 1
    kept.insert((_TITLE, titles), (_TITLE_ID, ids), (_CREDIT, credits))


class _Credit(msgspec.Struct, rename="pascal", gc=False):
    name: str
    id: str
    type: str
    role: str | None = None
    primary_image_tag: str | None = None


class _Item(msgspec.Struct, rename="pascal"):
    id: str
    type: str
    name: str
    premiere_date: str | None = None
    end_date: str | None = None
    production_year: int | None = None
    production_locations: list[str] | None = None
    overview: str | None = None
    genres: list[str] = msgspec.field(default_factory=list)
    official_rating: str | None = None
    run_time_ticks: int | None = None
    index_number: int | None = None
    parent_index_number: int | None = None
    series_id: str | None = None
    provider_ids: dict[str, str] = msgspec.field(default_factory=dict)
    image_tags: dict[str, str] = msgspec.field(default_factory=dict)
    people: list[_Credit] = msgspec.field(default_factory=list)


class _Items(msgspec.Struct, rename="pascal"):
    items: list[_Item]


def jellyfin(kept: Kept, path: str, content: bytes) -> None:
    """A page of a Jellyfin: full records, or persons; of listings nothing is kept."""
    page = _jellyfin_page.decode(content)
    if "People" in path:
        _jellyfin_titles(kept, page.items)
    elif "includeItemTypes=Person" in path:
        _jellyfin_persons(kept, page.items)


def _jellyfin_titles(kept: Kept, items: Sequence[_Item]) -> None:
    titles: list[Row] = []
    ids: list[Row] = []
    credits: list[Row] = []
    for row in items:
        kept.titles += 1
        title = kept.titles
        titles.append(
            (title, row.id, row.type, row.series_id, row.parent_index_number, row.index_number,
             row.name, row.production_year, row.premiere_date, row.run_time_ticks, row.overview,
             row.official_rating, ", ".join(row.genres))
        )  # fmt: skip
        ids += [(title, f"{scheme}:{value}") for scheme, value in row.provider_ids.items()]
        for billing, credit in enumerate(row.people):
            person = kept.person(credit.id, credit.name, credit.primary_image_tag)
            credits.append((title, person, billing, credit.type, credit.role or ""))
    kept.insert((_TITLE, titles), (_TITLE_ID, ids), (_CREDIT, credits))


def _jellyfin_persons(kept: Kept, items: Sequence[_Item]) -> None:
    facts: list[Row] = []
    ids: list[Row] = []
    for row in items:
        person = kept.person(row.id, row.name, row.image_tags.get("Primary"))
        place = row.production_locations[0] if row.production_locations else None
        if row.premiere_date or row.end_date or place or row.overview:
            facts.append((row.premiere_date, row.end_date, place, row.overview, person))
        ids += [(person, f"{scheme}:{value}") for scheme, value in row.provider_ids.items()]
    kept.insert((_FACTS, facts), (_PERSON_ID, ids))


_plex_page = msgspec.json.Decoder(_PlexPage)
_jellyfin_page = msgspec.json.Decoder(_Items)
_KEEP: dict[str, Callable[[Kept, str, bytes], None]] = {"plex": plex, "jellyfin": jellyfin}


def main() -> None:
    """Read and keep all pages; prints what it took; "waited s" of it for answers."""
    kind, address, pages, database = sys.argv[1:]
    paths: list[str] = json.loads(Path(pages).read_text())
    started = time.monotonic()
    kept = Kept(Path(database))
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    waited, size = 0.0, 0
    for path in paths:
        asked = time.monotonic()
        connection.request("GET", path, headers=HEADERS[kind])
        content = connection.getresponse().read()
        waited += time.monotonic() - asked
        size += len(content)
        _KEEP[kind](kept, path, content)
    seconds = time.monotonic() - started
    credits = kept.db.execute("SELECT count(*) FROM credits").fetchone()[0]
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "titles": kept.titles,
        "credits": credits,
        "requests": len(paths),
        "MB": size / 1e6,
        "s": seconds,
        "waited s": waited,
        "CPU s": used.ru_utime + used.ru_stime,
        "MiB": used.ru_maxrss >> 10,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()

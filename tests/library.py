"""A small made-up library, written straight into the tables: what pages are tested on.

Nothing here goes through a sync, so that a test of a page fails for the page's own reasons.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from fullcredits.store import Connection, Store, figures
from fullcredits.store.characters import character_ids
from fullcredits.store.schema import (
    images,
    libraries,
    media_item_ids,
    media_items,
    media_people,
    people,
    person_ids,
    source_people,
    sources,
    titles,
)
from fullcredits.store.words import learn
from fullcredits.text import fold, name_sort_key, sort_key

EPOCH = dt.datetime(2026, 1, 1)


@dataclass
class Library:
    """Fills tables row by row; every method gives the id of what it made."""

    db: Connection
    keys: itertools.count[int] = field(default_factory=itertools.count)
    source_people: dict[tuple[int, str], int] = field(default_factory=dict)

    def _insert(self, table: Any, **values: Any) -> int:
        made = self.db.execute(insert(table).values(**values)).inserted_primary_key
        assert made is not None
        return int(made[0])

    def source(self, name: str = "Attic", kind: str = "plex") -> int:
        return self._insert(
            sources,
            name=name,
            kind=kind,
            address=f"http://{kind}.invalid",
            secret=b"",
            server_id=f"id of {name}",
            added_at=EPOCH,
        )

    def library(self, source: int, name: str = "Films", kind: str = "movies") -> int:
        return self._insert(
            libraries, source_id=source, key=str(next(self.keys)), name=name, kind=kind
        )

    def image(self, source: int) -> int:
        return self._insert(images, source_id=source, ref=f"/image/{next(self.keys)}")

    def title(self, kind: str, title: str, **values: Any) -> int:
        original = fold(values.get("original_title", ""))
        folded = {"title_folded": sort_key(title), "sort_folded": sort_key(title)}
        given = {"genres": [], **folded, "original_folded": original} | values
        learn(self.db, [sort_key(title), original])
        return self._insert(titles, kind=kind, title=title, **given)

    def item(self, library: int, source: int, title_id: int, kind: str, **values: Any) -> int:
        key = str(next(self.keys))
        given: dict[str, Any] = {"title": key, "title_folded": key, "genres": []} | values
        return self._insert(
            media_items,
            source_id=source,
            library_id=library,
            key=key,
            kind=kind,
            title_id=title_id,
            **given,
        )

    def item_id(self, item: int, scheme: str, value: str) -> None:
        self.db.execute(
            insert(media_item_ids).values(media_item_id=item, scheme=scheme, value=value)
        )

    def person(self, name: str, **values: Any) -> int:
        given = {
            "also_known_as": [],
            "name_folded": fold(name),
            "sort_folded": name_sort_key(name),
            "also_folded": " ".join(map(fold, values.get("also_known_as", ()))),
        }
        learn(self.db, [fold(name)])
        return self._insert(people, name=name, **given | values)

    def person_id(self, person: int, scheme: str, value: str) -> None:
        self.db.execute(insert(person_ids).values(person_id=person, scheme=scheme, value=value))

    def credit(
        self,
        item: int,
        source: int,
        person: int | None,
        name: str,
        character: str = "",
        job: str = "Actor",
        department: str = "Acting",
        billing: int = 0,
    ) -> int:
        """A credit of a person, or of a name that identity has not looked at."""
        known = self.source_people.get((source, name))
        if known is None:
            known = self._insert(
                source_people,
                source_id=source,
                key=f"{name}:{next(self.keys)}",
                name=name,
                name_folded=fold(name),
                by_name=False,
            )
            self.source_people[source, name] = known
        return self._insert(
            media_people,
            media_item_id=item,
            source_person_id=known,
            person_id=person,
            billing=billing,
            kind=job,
            department=department,
            job=job,
            character=character,
            character_id=character_ids(self.db, {character})[character] if character else None,
            credited_as=name,
        )

    def done(self) -> None:
        """Count what is counted ahead."""
        figures.refresh(self.db)


@dataclass(frozen=True)
class Ids:
    """Where things are in the library of `filled`."""

    plex: int
    jellyfin: int
    films: int
    movie: int
    crowd: int
    show: int
    season: int
    episode: int
    lead: int
    guest: int
    hostile: int
    merged_person: int
    merged_title: int


HOSTILE = '<script>alert("hello")</script> & Söhne'
RTL = "نجيب محفوظ"


def filled(store: Store, *, crowd: int = 1000, episodes: int = 60, guests: int = 3) -> Ids:
    """A library with a two-source film, a film of `crowd` credits and a show of `episodes`."""
    with store.writing() as db:
        made = Library(db)
        plex, jellyfin = made.source(), made.source("Cabin", "jellyfin")
        films = made.library(plex, "Films")
        others = made.library(jellyfin, "Movies & More", "mixed")
        lead = made.person(
            "Ada Quill",
            born=dt.date(1970, 3, 4),
            birthplace="Lyngby, Denmark",
            biography="She began on the stage.\n\nThen came film.",
            also_known_as=["Ada Q.", "アダ"],
            portrait_id=made.image(plex),
        )
        made.person_id(lead, "imdb", "nm0000001")
        made.person_id(lead, "tmdb", "12")
        hostile = made.person(HOSTILE)
        movie = _movie(made, (plex, films), (jellyfin, others), lead, hostile)
        crowded = _crowd(made, (jellyfin, others), lead, crowd)
        show, season, episode, guest = _show(
            made, (jellyfin, others), lead, episodes=episodes, guests=guests
        )
        merged_person = made.person("A. Quill", merged_into=lead)
        merged_title = made.title("movie", "The Lost Harbour", merged_into=movie)
        made.title("movie", "A Film Nobody Has")
        made.done()
    return Ids(
        plex, jellyfin, films, movie, crowded, show, season, episode, lead, guest, hostile,
        merged_person, merged_title,
    )  # fmt: skip


def _movie(
    made: Library, plex: tuple[int, int], jellyfin: tuple[int, int], lead: int, hostile: int
) -> int:
    movie = made.title(
        "movie",
        "The Harbour",
        original_title="Havnen",
        year=2001,
        released=dt.date(2001, 5, 6),
        runtime=2 * 3600 + 50 * 60,
        overview="A harbour, at night.\n\nThen the fog comes.",
        tagline="Nobody leaves.",
        content_rating="PG-13",
        genres=["Drama", "Crime"],
        added=EPOCH,
        poster_id=made.image(plex[0]),
        backdrop_id=made.image(plex[0]),
    )
    ours = made.item(plex[1], plex[0], movie, "movie", capped=True)
    theirs = made.item(jellyfin[1], jellyfin[0], movie, "movie")
    made.item_id(ours, "imdb", "tt0000001")
    made.item_id(theirs, "tmdb", "77")
    made.credit(ours, plex[0], lead, "Ada Quill", "Ines / The Widow", billing=0)
    made.credit(ours, plex[0], lead, "Ada Quill", "", "Producer", "Production", 1)
    made.credit(theirs, jellyfin[0], lead, "Ada Q.", "ines (voice)", billing=0)
    made.credit(theirs, jellyfin[0], lead, "Ada Q.", "", "Executive Producer", "Production", 1)
    made.credit(theirs, jellyfin[0], hostile, HOSTILE, "<b>Bold</b>", billing=2)
    made.credit(theirs, jellyfin[0], None, RTL, "الراوي", billing=3)
    director = made.person("Bo Namesake")
    other = made.person("Bo Namesake")
    made.credit(theirs, jellyfin[0], director, "Bo Namesake", "", "Director", "Directing", 4)
    made.credit(theirs, jellyfin[0], other, "Bo Namesake", "A Man " * 60, billing=5)
    return movie


def _crowd(made: Library, place: tuple[int, int], lead: int, size: int) -> int:
    source, library = place
    crowded = made.title("movie", "The Crowd", year=2010, added=EPOCH + dt.timedelta(days=1))
    item = made.item(library, source, crowded, "movie")
    made.credit(item, source, lead, "Ada Quill", "Herself")
    for number in range(1, size):
        name = f"Extra Number {number:04}"
        person = made.person(name)
        job, department = ("Actor", "Acting") if number % 2 else ("Stunts", "Crew")
        character = f"Passer-by {number}" if number % 2 else ""
        made.credit(item, source, person, name, character, job, department, number)
    return crowded


def _show(
    made: Library, place: tuple[int, int], lead: int, *, episodes: int, guests: int
) -> tuple[int, int, int, int]:
    source, library = place
    show = made.title(
        "show",
        "Long Nights",
        year=2011,
        ended=dt.date(2014, 1, 1),
        backdrop_id=made.image(source),
        added=EPOCH + dt.timedelta(days=2),
    )
    item = made.item(library, source, show, "show")
    made.credit(item, source, lead, "Ada Quill", "Inspector Vinter")
    creator = made.person("Cleo Ward")
    made.credit(item, source, creator, "Cleo Ward", "", "Creator", "Writing", 1)
    guest = made.person("Guest Who Comes Twice")
    season = number = 0
    for index in range(episodes):
        if index % 10 == 0:
            number += 1
            season = made.title(
                "season",
                f"Season {number}",
                show_id=show,
                parent_id=show,
                season_number=number,
                year=2010 + number,
            )
            made.item(library, source, season, "season")
        episode = made.title(
            "episode",
            f"Night {index + 1}",
            show_id=show,
            parent_id=season,
            season_number=number,
            episode_number=index % 10 + 1,
            year=2010 + number,
            released=dt.date(2010 + number, 1, 1 + index % 10),
            runtime=3000,
            overview="It is dark, and somebody knocks.",
        )
        theirs = made.item(library, source, episode, "episode")
        made.credit(theirs, source, lead, "Ada Quill", "Inspector Vinter")
        if index < 2:
            made.credit(theirs, source, guest, "Guest Who Comes Twice", "Tom", "Guest Star")
        for place_ in range(guests):
            name = f"Guest {index}.{place_}"
            made.credit(
                theirs, source, made.person(name), name, f"Caller {place_}", "Guest Star",
                billing=place_ + 1,
            )  # fmt: skip
        made.credit(theirs, source, creator, "Cleo Ward", "", "Writer", "Writing", 50)
        if index == 0:
            first = (season, episode)
    return show, *first, guest

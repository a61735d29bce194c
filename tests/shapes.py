"""A library of shapes that real ones have: very many, very long, and in all scripts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import update

from fullcredits.store import Store
from fullcredits.store.schema import images
from tests.library import EPOCH, Library

SCRIPTS = (
    "Ingrid Ødegård", "Сергей Бондарчук", "Ελένη Καραΐνδρου", "נתלי פורטמן", "نجيب محفوظ",
    "周星馳", "黒澤 明", "김기덕", "सत्यजित राय", "อภิชาติพงศ์ วีระเศรษฐกุล", "ფარაჯანოვი სერგო",
)  # fmt: skip
LONG = "The Man Who Is Told at Length What He Was Before He Was What He Is, Twice, and " * 5
"""A character; cut to 348 characters, as the longest real one."""
OVERVIEW = "It is dark, somebody knocks, and nobody is there to open. " * 9
BLUR = b"RIFF" + b"\x00" * 110


@dataclass(frozen=True)
class Shapes:
    """Where what is of which shape."""

    film: int
    """993 credits."""
    show: int
    """4,000 guests."""
    season: int
    """Of it: 400 episodes."""
    episode: int
    person: int
    """644 credits, in films and on the show."""


def shaped(store: Store, *, guests: int = 4_000, credits: int = 993, works: int = 644) -> Shapes:
    """Fill a store with them; every name and character is in another script."""
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        films, shows = made.library(source, "Films"), made.library(source, "Shows", "shows")
        busy = made.person(
            SCRIPTS[0], born=dt.date(1930, 1, 2), portrait_id=made.image(source),
            biography="A life, told at length. " * 400, also_known_as=list(SCRIPTS[1:]),
        )  # fmt: skip
        film = made.title(
            "movie", LONG[:200], year=1963, genres=["Drama"], added=EPOCH, overview=OVERVIEW * 4,
            poster_id=made.image(source), backdrop_id=made.image(source),
        )  # fmt: skip
        item = made.item(films, source, film, "movie")
        made.credit(item, source, busy, SCRIPTS[0], LONG[:348])
        for number in range(1, credits):
            name = f"{SCRIPTS[number % len(SCRIPTS)]} {number}"
            person = made.person(name, portrait_id=made.image(source))
            job = ("Actor", "Acting") if number % 3 else ("Stunt Double of the Second Unit", "Crew")
            part = f"{LONG[:340]} {number}" if number % 3 else ""
            made.credit(item, source, person, name, part, *job, number)
        show = made.title("show", "Every Day", year=1990, added=EPOCH, poster_id=made.image(source))
        made.item(shows, source, show, "show")
        episodes: list[int] = []
        seasons: list[int] = []
        for index in range(800):
            if index % 400 == 0:
                number = 1 + index // 400
                season = made.title(
                    "season", f"Season {number}", show_id=show, parent_id=show,
                    season_number=number, poster_id=made.image(source),
                )  # fmt: skip
                made.item(shows, source, season, "season")
                seasons.append(season)
            episode = made.title(
                "episode", f"{LONG[:80]} {index}", show_id=show, parent_id=seasons[-1],
                season_number=len(seasons), episode_number=index % 400 + 1, overview=OVERVIEW,
                released=dt.date(1990, 1, 1) + dt.timedelta(days=index), runtime=1500,
                poster_id=made.image(source),
            )  # fmt: skip
            theirs = made.item(shows, source, episode, "episode")
            episodes.append(theirs)
            if index < works // 2:
                made.credit(theirs, source, busy, SCRIPTS[0], f"{LONG[:300]} {index % 7}")
            for guest in range(guests // 800):
                name = f"{SCRIPTS[(index + guest) % len(SCRIPTS)]} {index}.{guest}"
                person = made.person(name, portrait_id=made.image(source))
                made.credit(theirs, source, person, name, LONG[:348], "Guest Star", billing=guest)
        for number in range(works - works // 2):
            title = made.title(
                "movie", f"{LONG[:120]} {number}", year=1950 + number % 70, genres=["Drama"],
                added=EPOCH, poster_id=made.image(source),
            )  # fmt: skip
            theirs = made.item(films, source, title, "movie")
            made.credit(theirs, source, busy, SCRIPTS[0], f"{LONG[:340]} {number}")
        db.execute(update(images).values(blur=BLUR))
        made.done()
    return Shapes(film, show, seasons[0], episode, busy)

"""A made-up library of any size, as dense as real ones: films with cast and crew in a file.

How many people and characters a library of so many credits has was fitted to the full lists of
2,500 real films: the share of credits that name somebody new falls by a power of the number of
credits (a Pitman-Yor process). 10,000 films have 300,000 credits of 125,000 people then, three in
four of them credited once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

from fullcredits.simulate.invented import words

T = TypeVar("T")

CAST_SHARE = 0.6
_MEDIAN, _SPREAD, _MOST = 18.7, 1.0, 330
"""Credits a film: a log-normal spread, with a mean of 30."""
_JOBS = (
    ("Directing", "Director", 9),
    ("Writing", "Screenplay", 8),
    ("Writing", "Writer", 6),
    ("Production", "Producer", 22),
    ("Production", "Executive Producer", 14),
)
"""Crew that both kinds of server have a place for, by how often real films name them."""


_BEGINNINGS, _ENDINGS = "bcdfghjklmnprstvwz", ("a", "e", "i", "o", "u", "an", "el", "or", "in")
_SYLLABLES = [first + rest for first in _BEGINNINGS for rest in _ENDINGS]
_FOREIGN = ["é", "è", "ö", "ü", "ñ", "ć", "š", "ø", "å", "ó", "山", "木", "美"]
_IN_A_FOREIGN_WAY = 0.03


class Drawn(Generic[T]):
    """Draws known things again, or makes new ones, as often as real lists do.

    `discount` and `strength` are those of the process: the more of them, the more is new.
    """

    def __init__(self, random: Random, discount: float, strength: float) -> None:
        self._random = random
        self._discount = discount
        self._strength = strength
        self._drawn: list[int] = []
        self._times: list[int] = []
        self.things: list[T] = []

    def next(self) -> int | None:
        """The number of a thing drawn before; None: a new one is due, see `add`."""
        things = len(self._times)
        chance = (self._strength + self._discount * things) / (self._strength + len(self._drawn))
        if self._random.random() < chance:
            return None
        while True:
            number = self._random.choice(self._drawn)
            if self._random.random() >= self._discount / self._times[number]:
                self._drawn.append(number)
                self._times[number] += 1
                return number

    def add(self, thing: T) -> int:
        """A new thing, drawn once; returns its number."""
        number = len(self._times)
        self._drawn.append(number)
        self._times.append(1)
        self.things.append(thing)
        return number


class Maker:
    """Makes films, one after the other; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._names: set[str] = set()
        self._cast: Drawn[tuple[int, str]] = Drawn(self._random, 0.65, 8000)
        self._crew: Drawn[tuple[int, str]] = Drawn(self._random, 0.71, 1000)
        self._characters: Drawn[str] = Drawn(self._random, 0.83, 4000)
        self._people = 0

    def film(self, number: int) -> dict[str, Any]:
        """One film as a line of a catalogue."""
        random = self._random
        size = min(_MOST, max(1, round(random.lognormvariate(0, _SPREAD) * _MEDIAN)))
        acting = round(size * CAST_SHARE)
        cast, crew = self._company(self._cast, acting), self._company(self._crew, size - acting)
        genre = random.choice(words.GENRES)
        year = 2026 - min(random.randrange(90), random.randrange(90))
        hero, trouble = random.choice(genre.heroes), random.choice(genre.troubles)
        return {
            "tmdb_id": 5_000_000 + number,
            "imdb_id": f"tt8{number:07}",
            "title": f"{random.choice(genre.openings)} {random.choice(genre.nouns)} {number}",
            "original_title": None,
            "year": year,
            "release_date": f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
            "overview": f"{hero.capitalize()} {trouble}. {random.choice(genre.turns)}.",
            "genres": [genre.name, random.choice(genre.second)],
            "runtime": random.randint(71, 189),
            "cast": [
                {"person_id": key, "name": name, "character": self._character(), "order": order}
                for order, (key, name) in enumerate(cast)
            ],
            "crew": [{"person_id": key, "name": name, **self._job()} for key, name in crew],
        }

    def _company(self, drawn: Drawn[tuple[int, str]], size: int) -> list[tuple[int, str]]:
        """So many different people."""
        found: dict[int, None] = {}
        while len(found) < size:
            number = drawn.next()
            found[drawn.add(self._person()) if number is None else number] = None
        return [drawn.things[number] for number in found]

    def _person(self) -> tuple[int, str]:
        """Somebody new, whose name nobody else has but in one case of a hundred."""
        name = self._name()
        while name in self._names and self._random.random() < 0.99:
            name = self._name()
        self._names.add(name)
        self._people += 1
        return 7_000_000 + self._people, name

    def _name(self) -> str:
        """Of 13 letters, as real names are."""
        return f"{self._word(2)} {self._word(self._random.choice((3, 3, 4)))}"

    def _word(self, syllables: int) -> str:
        word = "".join(self._random.choices(_SYLLABLES, k=syllables))
        if self._random.random() < _IN_A_FOREIGN_WAY:
            word += self._random.choice(_FOREIGN)
        return word.capitalize()

    def _character(self) -> str:
        number = self._characters.next()
        if number is None:
            number = self._characters.add(self._new_character())
        return self._characters.things[number]

    def _new_character(self) -> str:
        random = self._random
        if random.random() < 0.2:
            return f"{random.choice(words.BIT_PARTS)} #{random.randint(1, 3000)}"
        name = self._name()
        titled = random.random() < 0.3
        return f"{random.choice(words.CHARACTER_TITLES)} {name}" if titled else name

    def _job(self) -> dict[str, str]:
        department, job, _ = self._random.choices(_JOBS, [often for *_, often in _JOBS])[0]
        return {"department": department, "job": job}


def films(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """So many films, as lines of a catalogue."""
    maker = Maker(seed)
    return (maker.film(number) for number in range(count))


def write_library(file: Path, count: int, seed: int = 1) -> int:
    """Write a catalogue of so many films; returns how many credits they have."""
    credits = 0
    with file.open("w", encoding="utf-8") as lines:
        for film in films(count, seed):
            credits += len(film["cast"]) + len(film["crew"])
            lines.write(json.dumps(film, ensure_ascii=False) + "\n")
    return credits

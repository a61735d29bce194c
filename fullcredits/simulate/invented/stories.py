"""Titles, plots and characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from fullcredits.simulate.invented import words
from fullcredits.simulate.invented.words import Genre


class Titles:
    """Hands out titles, no two alike; a title comes with its original title or None."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._given: set[str] = set()
        self._taken: Counter[str] = Counter()
        self._fixed = [*words.FOREIGN_TITLES, *((odd, None) for odd in words.ODD_TITLES)]
        random.shuffle(self._fixed)

    def next(self, genre: Genre, *, fixed: bool) -> tuple[str, str | None]:
        """A ready-made title when ``fixed`` and some are left, else one made for the genre."""
        if fixed and self._fixed:
            return self._fixed.pop()
        while True:
            title = f"{self._fresh(genre.openings)} {self._fresh(genre.nouns)}"
            if title not in self._given:
                self._given.add(title)
                return title, None

    def _fresh(self, parts: Sequence[str]) -> str:
        """One of the parts that were taken least often."""
        part = min(parts, key=lambda part: (self._taken[part], self._random.random()))
        self._taken[part] += 1
        return part


def plot(random: Random, genre: Genre) -> str:
    """Two or three sentences."""
    hero, trouble = random.choice(genre.heroes), random.choice(genre.troubles)
    turn, city = random.choice(genre.turns), random.choice(words.CITIES)
    opening = f"In {city}, {hero} {trouble}."
    return opening if random.random() < 0.15 else f"{opening} {turn}."


def lead_character(random: Random) -> str:
    """A name, now and then with a title."""
    given, family = random.choice(words.CHARACTER_GIVEN), random.choice(words.CHARACTER_FAMILY)
    chance = random.random()
    if chance < 0.2:
        return f"{random.choice(words.CHARACTER_TITLES)} {family}"
    return given if chance < 0.35 else f"{given} {family}"


def bit_character(random: Random, billing: int) -> str:
    """A small part, numbered now and then; "" for one in forty."""
    if random.random() < 0.025:
        return ""
    part = random.choice(words.BIT_PARTS)
    return f"{part} #{billing % 4 + 1}" if random.random() < 0.2 else part


def with_notes(random: Random, character: str, *, voiced: bool, late: bool) -> str:
    """The character with "A / B", "(voice)" or "(uncredited)" as credits print them."""
    if random.random() < 0.04:
        character = f"{character} / {lead_character(random)}"
    if voiced:
        return f"{character} (voice)"
    if late and random.random() < 0.25:
        return f"{character} (uncredited)".strip()
    return f"{character} (archive footage)" if random.random() < 0.004 else character

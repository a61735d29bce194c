"""The invented people, and the awkward cases among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from fullcredits.simulate.catalogue import Human
from fullcredits.simulate.invented.names import invent_name

# Well-behaved namesakes: each name is two different humans of different ages and trades.
NAMESAKES = (
    "Nell Calloway", "Martín Saavedra", "Ingrid Lindqvist", "Hugo Larivière", "Baek Ji-ho",
    "Ezra Whitlock", "Zainab Umeadi", "Greta Stanhope",
)  # fmt: skip

# What Plex calls them, what Jellyfin calls the very same human.
TWO_SPELLINGS = (
    ("Zdeněk Hrdlička", "Zdenek Hrdlicka"),
    ("Wi Na-ri", "Na-ri Wi"),
    ("水無月遥", "Haruka Minazuki"),
    ("Ximena Núñez Tejada", "Ximena Núñez"),
    ("Þóra Eldjárn", "Thora Eldjarn"),
    ("Folarin Ogunbanwo", "Folarin “Fola” Ogunbanwo"),
    ("Thaddeus Wetherby, Jr.", "Thaddeus Wetherby Jr."),
    ("Глеб Вересаев", "Gleb Veresaev"),
    ("Agnieszka Świątek", "Agnieszka Swiatek"),
    ("Camille Saint-Yves", "Camille Saint Yves"),
)

_TRADES = ("actor", "actor", "actor", "stage and film actor", "director", "screenwriter",
           "composer", "producer", "editor", "cinematographer")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Troupe:
    """Everybody there is to cast: ``born`` in step with ``humans`` gives the year of birth.

    ``pairs`` are the namesakes, two humans each; ``spellings`` maps a human id to the name that
    Jellyfin prints.
    """

    humans: tuple[Human, ...]
    years: tuple[int, ...]
    pairs: tuple[tuple[Human, Human], ...]
    spellings: dict[str, str]

    def alive_in(self, year: int, youngest: int, until: int) -> list[Human]:
        """Those between ``youngest`` and 82 then, and alive until another year, in fixed order."""
        return [
            human
            for human, born in zip(self.humans, self.years, strict=True)
            if youngest <= year - born <= 82 and not (human.died and int(human.died[:4]) < until)
        ]


def invent_people(random: Random, count: int) -> Troupe:
    """A troupe of about ``count`` people."""
    names = _distinct_names(random, count)
    humans: list[Human] = []
    years: list[int] = []
    for name, place in names:
        year = random.randint(1875, 2012)
        humans.append(_human(random, len(humans), name, place, year))
        years.append(year)
    pairs = []
    for index, name in enumerate(NAMESAKES):
        older, younger = 1931 + index * 4, 1976 + index * 2
        pair = []
        for year in (older, younger):
            human = _human(random, len(humans), name, None, year)
            pair.append(replace(human, died=None))
            humans.append(pair[-1])
            years.append(year)
        pairs.append((pair[0], pair[1]))
    spellings = {}
    for plex, jellyfin in TWO_SPELLINGS:
        human = _human(random, len(humans), plex, None, 1969)
        humans.append(replace(human, portrait=True))
        years.append(1969)
        spellings[human.id] = jellyfin
    return Troupe(tuple(humans), tuple(years), tuple(pairs), spellings)


def _distinct_names(random: Random, count: int) -> list[tuple[str, str]]:
    taken = set(NAMESAKES) | {name for pair in TWO_SPELLINGS for name in pair}
    names: list[tuple[str, str]] = []
    while len(names) < count:
        name, place = invent_name(random)
        if name not in taken:
            taken.add(name)
            names.append((name, place))
    return names


def _human(random: Random, index: int, name: str, place: str | None, year: int) -> Human:
    known = random.random()
    ids = []
    if known < 0.85:
        ids.append(("tmdb", str(7_000_000 + index * 7 + random.randrange(7))))
    if known < 0.6:
        ids.append(("imdb", f"nm{90_000_000 + index * 11}"))
    if known < 0.15:
        ids.append(("tvdb", str(8_800_000 + index)))
    if known >= 0.8:
        return Human(f"h{index:04}", name, tuple(ids), portrait=random.random() < 0.5)
    born = f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    died = None
    if (year < 1945 and random.random() < 0.7) or random.random() < 0.02:
        died = f"{min(2025, year + random.randint(45, 96))}-{random.randint(1, 12):02}-11"
    return Human(
        id=f"h{index:04}",
        name=name,
        ids=tuple(ids),
        born=born,
        died=died,
        birthplace=place,
        biography=_biography(random, name, place, year) if known < 0.65 else None,
        portrait=random.random() < 0.8,
    )


def _biography(random: Random, name: str, place: str | None, year: int) -> str:
    trade = random.choice(_TRADES)
    article = "an" if trade[0] in "aeiou" else "a"
    origin = f" from {place}" if place else ""
    start = year + random.randint(9, 30)
    path = random.choice(
        (
            f"First seen on stage in {start}, in a touring company that went bankrupt mid-season",
            f"Discovered in {start} while repairing the projector of a village cinema",
            f"Trained as a watchmaker before a walk-on part in {start} changed everything",
            f"Wrote for radio until {start}, when the station burned down",
            f"Grew up behind the box office of a travelling circus and left it in {start}",
        )
    )
    habit = random.choice(
        (
            "never watched a finished film twice",
            "insisted on doing every fall without a double",
            "kept bees on the roof of every studio",
            "is remembered for arriving by bicycle",
            "answered all letters by hand",
        )
    )
    return f"{name} is {article} {trade}{origin}. {path}; {habit}."

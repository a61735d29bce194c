"""Invented shows: regulars, recurring and guest stars, season by season."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from fullcredits.simulate.catalogue import Human, Stated, Work
from fullcredits.simulate.invented import words
from fullcredits.simulate.invented.credits import Casting
from fullcredits.simulate.invented.stories import bit_character, lead_character, plot

_TITLES = (
    ("The Undertow", "Crime"), ("Perihelion Station", "Science Fiction"),
    ("Calloway & Daughters", "Drama"), ("The Night Ferry", "Horror"),
    ("Otters in Office", "Animation"), ("Six Crosses", "Western"),
    ("The Understudies", "Comedy"), ("鷹司家の人々", "Drama"), ("Harbour Division", "Crime"),
    ("The Salt Road", "Adventure"), ("Nobody’s Ledger", "Crime"), ("Soufflé Wars", "Comedy"),
)  # fmt: skip
_ENGLISH = {"鷹司家の人々": "The House of Takatsukasa"}
_EPISODES = words.GENRES[2].nouns + words.GENRES[0].nouns + words.GENRES[4].nouns
SHOW_COUNT = len(_TITLES)
_LONGEST = 5
"""So many years a show's people must be able to work."""


class ShowMaker:
    """Makes one show after the other.

    ``guests`` maps the number of a show to people who must appear as guests in its first
    episode, beside whoever else does.
    """

    def __init__(
        self, random: Random, casting: Casting, guests: dict[int, tuple[Human, ...]]
    ) -> None:
        self._random = random
        self._casting = casting
        self._guests = guests

    def make(self, number: int) -> list[Work]:
        """The show, its seasons and episodes, parents before children."""
        random, casting = self._random, self._casting
        title, genre_name = _TITLES[number]
        genre = next(g for g in words.GENRES if g.name == genre_name)
        start = random.randint(1998, 2022)
        regulars = [
            casting.acting(human, lead_character(random), billing)
            for billing, human in enumerate(
                casting.company(start, random.randint(5, 8), until=start + _LONGEST)
            )
        ]
        makers = casting.company(start, 5, grown=True, until=start + _LONGEST)
        show = Work(
            id=f"show-{number:02}",
            kind="show",
            title=_ENGLISH.get(title, title),
            original_title=title if title in _ENGLISH else None,
            year=start,
            date=f"{start}-09-{random.randint(10, 28)}",
            overview=plot(random, genre),
            genres=(genre.name, random.choice(genre.second)),
            countries=(random.choice(words.COUNTRIES),),
            studio=random.choice(words.STUDIOS),
            rating="TV-14",
            runtime=random.choice((28, 44, 52)),
            ids=(
                ("imdb", f"tt9970{number:04}"),
                ("tmdb", str(9_700_000 + number)),
                ("tvdb", str(9_900_000 + number)),
            ),
        )
        below = self._seasons(show, number, regulars, makers)
        return [replace(show, credits=self._show_credits(regulars, makers, below)), *below]

    def _seasons(
        self, show: Work, number: int, regulars: list[Stated], makers: list[Human]
    ) -> list[Work]:
        random = self._random
        start = show.year or 0
        company = self._casting.company(start, 5, until=start + _LONGEST)
        recurring = [(human, lead_character(random)) for human in company]
        works: list[Work] = []
        first = 0 if number in (1, 6) else 1
        for season in range(first, random.randint(3, 5)):
            year = start + max(0, season - 1)
            works.append(
                Work(
                    id=f"{show.id}-s{season}",
                    kind="season",
                    title="Specials" if season == 0 else f"Season {season}",
                    year=year,
                    date=f"{year}-09-14",
                    parent=show.id,
                    number=season,
                )
            )
            crowd = 18 if number == 8 else 5  # One show credits more than 200 people.
            for index in range(1, 3 if season == 0 else random.randint(8, 12)):
                episode = self._episode(show, season, index)
                people = self._people(regulars, recurring, makers, year, crowd)
                must = self._guests.get(number, ()) if (season, index) == (1, 1) else ()
                people += [
                    self._casting.acting(h, lead_character(random), 60 + i, guest=True)
                    for i, h in enumerate(must)
                ]
                works.append(replace(episode, credits=tuple(people)))
        return works

    def _episode(self, show: Work, season: int, index: int) -> Work:
        random = self._random
        year = (show.year or 0) + max(0, season - 1)
        month, day = 9 + (index - 1) // 4, 1 + (index - 1) % 4 * 7
        genre = next(g for g in words.GENRES if g.name == show.genres[0])
        serial = int(show.id[-2:]) * 1000 + season * 100 + index
        return Work(
            id=f"{show.id}-s{season}e{index:02}",
            kind="episode",
            title="Pilot" if (season, index) == (1, 1) else f"The {random.choice(_EPISODES)}",
            year=year,
            date=f"{year}-{month:02}-{day:02}",
            overview=plot(random, genre),
            rating=show.rating,
            runtime=show.runtime,
            ids=(("tmdb", str(9_710_000 + serial)), ("tvdb", str(9_910_000 + serial))),
            parent=f"{show.id}-s{season}",
            number=index,
        )

    def _people(
        self,
        regulars: list[Stated],
        recurring: list[tuple[Human, str]],
        makers: list[Human],
        year: int,
        crowd: int,
    ) -> list[Stated]:
        random, casting = self._random, self._casting
        people = [c for c in regulars if c.order == 0 or random.random() < 0.85]
        billing = len(regulars)
        for human, character in recurring:
            if random.random() < 0.35:
                people.append(casting.acting(human, character, billing, guest=True))
                billing += 1
        guests = casting.company(year, random.randint(1, crowd))
        for human in guests:
            character = bit_character(random, billing) if billing % 3 else lead_character(random)
            people.append(casting.acting(human, character, billing, guest=True))
            billing += 1
        people.append(casting.working(random.choice(makers[:3]), "Directing", "Director"))
        for writer in random.sample(makers[1:], random.randint(1, 2)):
            job = random.choice(("Writer", "Teleplay"))
            people.append(casting.working(writer, "Writing", job))
        people.append(casting.working(makers[0], "Production", "Executive Producer"))
        people.append(casting.working(makers[4], "Editing", "Editor"))
        return people

    def _show_credits(
        self, regulars: list[Stated], makers: list[Human], below: list[Work]
    ) -> tuple[Stated, ...]:
        """Regulars first, then every guest by number of episodes, then who made the show."""
        casting = self._casting
        known = {c.human.id for c in regulars}
        seen: dict[str, list[Stated]] = {}
        for work in below:
            for credit in work.credits:
                if credit.guest and credit.human.id not in known:
                    seen.setdefault(credit.human.id, []).append(credit)
        often = sorted(seen.values(), key=lambda stated: -len(stated))
        cast = regulars + [
            replace(stated[0], order=len(regulars) + index, guest=False)
            for index, stated in enumerate(often)
        ]
        return (
            *cast,
            casting.working(makers[0], "Production", "Creator"),
            casting.working(makers[0], "Production", "Executive Producer"),
            casting.working(makers[3], "Production", "Executive Producer"),
        )

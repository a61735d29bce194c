"""Puts the invented world together."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from fullcredits.simulate.catalogue import Catalogue, Human, Work, catalogue_of
from fullcredits.simulate.invented import words
from fullcredits.simulate.invented.credits import Casting
from fullcredits.simulate.invented.people import Troupe, invent_people
from fullcredits.simulate.invented.shows import SHOW_COUNT, ShowMaker
from fullcredits.simulate.invented.stories import Titles, lead_character, plot

FILM_COUNT = 120
_FILMS_EACH, _FILMS_SHARED = 85, 50
_SHOWS_EACH, _SHOWS_SHARED = 9, 6
_CROWDED, _CROWD = 7, 236  # This film credits more people than Plex hands out.
_AGES = {40: 1925, 41: 2026}  # The oldest and the newest, both on both servers.
_HOME_VIDEO = _FILMS_SHARED + 3  # On the attic only, and recognised by no metadata agent.


def invent_catalogue(seed: int) -> Catalogue:
    """About 120 films and 12 shows with some 1,500 people, the same for the same seed.

    Two shares, ``attic`` and ``cabin``, hold 85 films and 9 shows each; 50 films and 6 shows are
    on both. Among the people are eight pairs of namesakes (the first pair guests on one and the
    same show, which both shares hold) and ten whom the two kinds of server spell differently.
    """
    random = Random(seed)
    troupe = invent_people(random, 1600)
    casting = Casting(random, troupe)
    placed = _placements(troupe)
    titles = Titles(random)
    films = [_film(random, casting, titles, n, placed.get(n, ())) for n in range(FILM_COUNT)]
    shows = ShowMaker(random, casting, {0: troupe.pairs[0]})
    works = films + [work for number in range(SHOW_COUNT) for work in shows.make(number)]
    return catalogue_of(works, _shares())


def _shares() -> dict[str, frozenset[str]]:
    attic = set(range(_FILMS_EACH))
    cabin = set(range(_FILMS_SHARED)) | set(range(_FILMS_EACH, FILM_COUNT))
    upstairs = set(range(_SHOWS_EACH))
    downstairs = set(range(_SHOWS_SHARED)) | set(range(_SHOWS_EACH, SHOW_COUNT))
    return {
        "attic": frozenset(f"film-{n:03}" for n in attic) | {f"show-{n:02}" for n in upstairs},
        "cabin": frozenset(f"film-{n:03}" for n in cabin) | {f"show-{n:02}" for n in downstairs},
    }


def _placements(troupe: Troupe) -> dict[int, tuple[Human, ...]]:
    """Which films the awkward people must be in, by number of the film."""
    placed: dict[int, list[Human]] = {}
    both, cabin = range(_FILMS_SHARED), range(_FILMS_EACH, FILM_COUNT)
    for index, (older, younger) in enumerate(troupe.pairs[1:]):
        # One of each pair on films of both servers, the other on films of one server only.
        placed.setdefault(both[index * 3 + 10], []).append(older)
        placed.setdefault(both[index * 3 + 11], []).append(older)
        placed.setdefault(cabin[index * 2], []).append(younger)
        placed.setdefault(_FILMS_SHARED + 5 + index, []).append(younger)
    spelled = [h for h in troupe.humans if h.id in troupe.spellings]
    for index, human in enumerate(spelled):
        for number in (
            both[index],
            both[index + 20],
            cabin[index + 14],
            _FILMS_SHARED + 15 + index,
        ):
            placed.setdefault(number, []).append(human)
    return {number: tuple(humans) for number, humans in placed.items()}


def _film(
    random: Random, casting: Casting, titles: Titles, number: int, must: tuple[Human, ...]
) -> Work:
    genre = random.choice(words.GENRES)
    title, original = titles.next(genre, fixed=number % 4 == 2)
    year = _year(random, number, must)
    size = _CROWD if number == _CROWDED else random.randint(6, 42)
    people = [*must, *(h for h in casting.company(year, size) if h not in must)]
    cast = casting.cast(people, voiced=genre.name == "Animation")
    crew = casting.crew(casting.company(year, 18, grown=True), cast, year)
    if must and number % 2:
        crew.append(casting.working(must[0], "Production", "Producer"))
    film = Work(
        id=f"film-{number:03}",
        kind="movie",
        title=title,
        original_title=original,
        year=year,
        date=f"{year}-{random.randint(1, 10):02}-{random.randint(1, 28):02}",
        overview=plot(random, genre),
        tagline=f"{lead_character(random)} is not coming back." if random.random() < 0.4 else "",
        genres=(genre.name, *random.sample(genre.second, random.randint(1, 2))),
        countries=(random.choice(words.COUNTRIES),),
        studio=random.choice(words.STUDIOS),
        rating=random.choice(words.RATINGS),
        runtime=random.randint(71, 189),
        ids=_ids(random, number),
        credits=(*cast, *crew),
    )
    return _home_video(film) if number == _HOME_VIDEO else film


def _year(random: Random, number: int, must: tuple[Human, ...]) -> int:
    """1925 to 2026, the recent decades often; late enough for those who must be in the film."""
    if number in _AGES:
        return _AGES[number]
    year = 2026 - min(random.randrange(102), random.randrange(102), random.randrange(102))
    born = max((int(h.born[:4]) for h in must if h.born), default=0)
    return min(2026, max(year, born + 22, 1988 if must else 0))


def _ids(random: Random, number: int) -> tuple[tuple[str, str], ...]:
    """Mostly IMDb and TMDB ids, sometimes one of them, for a few films none."""
    imdb, tmdb = ("imdb", f"tt9900{number:04}"), ("tmdb", str(9_600_000 + number))
    chance = random.random()
    if chance < 0.06:
        return ()
    return (tmdb,) if chance < 0.14 else (imdb, tmdb)


def _home_video(film: Work) -> Work:
    return replace(film, title="Lake house, summer", original_title=None, overview="", ids=(),
                   tagline="", genres=(), countries=(), studio=None, rating=None, date=None,
                   credits=(), matched=False)  # fmt: skip

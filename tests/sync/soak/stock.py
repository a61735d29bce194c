"""Works and people to play with: few, so that what happens to them meets."""

from __future__ import annotations

from random import Random

from fullcredits.simulate import Human, Stated, Work

HUMANS = tuple(
    Human(f"h{n}", name, ids=(("tmdb", str(500 + n)),) if n % 3 else ())
    for n, name in enumerate(
        (
            "Ana Silva", "Bo Lindh", "Cy Young", "Sam Reed", "Sam Reed", "Dov Katz", "Eve Moss",
            "Finn Ode", "Gil Brandt", "Hua Lin", "Ida Berg", "Jon Vale", "Kit Marsh", "Lea Roth",
        )
    )
)  # fmt: skip
"""Two of them share a name."""
_JOBS = (("Directing", "Director"), ("Writing", "Writer"), ("Production", "Producer"))


def cast(seed: int, most: int = 14) -> tuple[Stated, ...]:
    """Some people in some jobs, the same for the same seed."""
    random = Random(seed)
    people = random.sample(HUMANS, random.randint(0, min(most, len(HUMANS))))
    acting = [
        Stated(human, human.name, "Acting", "Actor", f"Part {random.randint(1, 9)}", place)
        for place, human in enumerate(people)
    ]
    crew = [
        Stated(human, human.name, *random.choice(_JOBS))
        for human in random.sample(HUMANS, random.randint(0, 3))
    ]
    return (*acting, *crew)


def _film(n: int) -> Work:
    ids = (("tmdb", str(900 + n)), ("imdb", f"tt{9000 + n}")) if n % 4 else ()
    return Work(
        f"film-{n}", "movie", f"Film {n}", year=1990 + n, date=f"{1990 + n}-05-01", ids=ids,
        credits=cast(n),
    )  # fmt: skip


def _show(n: int) -> list[Work]:
    show = Work(
        f"show-{n}", "show", f"Show {n}", year=2000 + n, ids=(("tvdb", str(n + 70)),),
        credits=cast(100 + n, 6),
    )  # fmt: skip
    works = [show]
    for season in (1, 2):
        key = f"{show.id}-{season}"
        works.append(Work(key, "season", f"Season {season}", parent=show.id, number=season))
        works += [
            Work(
                f"{key}-{number}", "episode", f"Part {number} of {key}", parent=key, number=number,
                year=2000 + n, date=f"{2000 + n}-0{number}-01",
                credits=cast(1000 * n + 10 * season + number, 5),
            )
            for number in (1, 2)
        ]  # fmt: skip
    return works


STOCK = {
    work.id: work
    for work in [*map(_film, range(16)), *(work for n in range(2) for work in _show(n))]
}
"""In an order in which each comes after what it is a part of."""
AT_FIRST = tuple(key for key in STOCK if key not in ("film-13", "film-14", "film-15"))

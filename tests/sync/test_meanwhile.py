"""Who is who is decided while a slow server is waited for, and comes out the same."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import cast

import pytest
from sqlalchemy import func, select

from fullcredits.model import MediaItem, Record, SourceKind, TitleKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, plex_app, running
from fullcredits.sources.contract import Pace, Records, Source
from fullcredits.store.identity import person_facts
from fullcredits.store.plan import Turn, Waiting
from fullcredits.store.schema import media_people, people, totals
from fullcredits.sync import fetch
from fullcredits.sync.fetch import Fetcher
from tests.sync.counted import check_figures
from tests.sync.household import Diary, Household, asked

NAMES = [f"{first} {last}" for first in ("Ana", "Bo", "Cy", "Di") for last in ("Ek", "Fo", "Gu")]
HUMANS = [Human(f"h{n}", name, (("tmdb", str(n)),)) for n, name in enumerate(NAMES)]


def _film(number: int) -> Work:
    who = (HUMANS[number % 12], HUMANS[(number * 5 + 1) % 12])
    cast = tuple(Stated(h, h.name, "Acting", "Actor", f"Part {number}", n)
                 for n, h in enumerate(who))  # fmt: skip
    return Work(f"film-{number}", "movie", f"Film {number}", year=1990, credits=cast)


@pytest.mark.parametrize("kind", [SourceKind.PLEX, SourceKind.JELLYFIN])
def test_decided_between_batches_as_at_the_end(
    kind: SourceKind, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    undecided: list[int] = []
    stored = Diary.stored
    nobodys = media_people.c.person_id.is_(None)

    def count(diary: Diary, titles: int, credits: int, left: float | None) -> None:
        undecided.extend(house.rows(select(func.count()).where(nobodys))[0])
        assert house.rows(select(totals.c.number).where(totals.c.name == "movies")) == [(450,)]
        stored(diary, titles, credits, left)

    monkeypatch.setattr(Diary, "stored", count)

    async def slow(_: Fetcher) -> bool:
        return True

    monkeypatch.setattr(Fetcher, "lets_wait", slow)
    monkeypatch.setattr(fetch, "AHEAD", 0)
    monkeypatch.setattr(person_facts, "PORTION", 10)
    works = [_film(number) for number in range(450)]
    app = (plex_app if kind is SourceKind.PLEX else jellyfin_app)(
        Catalogue({work.id: work for work in works}), name="Shelf"
    )
    with running(app) as address, asked(app) as paths:
        house.add("Shelf", kind, address)
        assert house.sync("Shelf").state == "done"
    if kind is SourceKind.JELLYFIN:
        records = [n for n, path in enumerate(paths) if "&ids=" in path]
        persons = [n for n, path in enumerate(paths) if "includeItemTypes=Person" in path]
        assert persons[0] < records[-1]
    assert 0 < max(undecided) < sum(len(work.credits) for work in works)
    check_figures(house.store)
    names = [row.name for row in house.rows(select(totals.c.name))]
    assert "old" not in names
    assert house.rows(select(media_people.c.id).where(nobodys)) == []
    assert sorted(row.name for row in house.rows(select(people.c.name))) == sorted(NAMES)


def test_a_slow_server_lets_one_wait() -> None:
    waiting = [Waiting(n, str(n), TitleKind.MOVIE, 1, "", None, None, 0, Turn.NEW)
               for n in range(2)]  # fmt: skip
    gate = asyncio.Event()

    class Slow:
        """Gives the first title at once, the second when the gate is open."""

        pace = Pace(titles=1, most_titles=1, parallel=1)
        setbacks = 0
        distance = 0.0

        async def records(self, kinds: dict[str, TitleKind]) -> Records:
            if "1" in kinds:
                await gate.wait()
            found = tuple(Record(MediaItem(key, kind, "Film"), ()) for key, kind in kinds.items())
            return Records(found, ())

    async def supply(most: int, taken: object) -> list[Waiting]:
        return [waiting.pop(0)] if waiting else []

    async def go() -> list[bool]:
        fetcher = Fetcher(cast(Source, Slow()), supply)
        waits = [await fetcher.lets_wait()]
        async with aclosing(fetcher.fetch()) as batches:
            async for _ in batches:
                await asyncio.sleep(0.01)
                waits.append(await fetcher.lets_wait())
                gate.set()
        return waits

    assert asyncio.run(go()) == [False, True, False]

"""Person items: births, deaths, birthplaces, biographies and ids, which no credit has.

Lists of them are cheap, but Jellyfin 10.11 may leave out of a user's lists those whom it takes to
be in no library of theirs. By their ids they are given all the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

from fullcredits.model import PersonFacts
from fullcredits.sources.contract import PeoplePage
from fullcredits.sources.decoding import Page
from fullcredits.sources.http import Params
from fullcredits.sources.jellyfin import translate
from fullcredits.sources.jellyfin.wire import Item, ItemsAnswer, total_of
from fullcredits.sources.paging import Slice, sweep
from fullcredits.sources.remarks import Remark, sampled

Ask = Callable[[Params], Awaitable[Page[ItemsAnswer, Item]]]
"""Gives a page of `/Items`."""

_LISTED: dict[str, str | int] = {
    "recursive": "true",
    "includeItemTypes": "Person",
    "sortBy": "SortName",
    "sortOrder": "Ascending",
}
_FACTS: dict[str, str | int] = {
    "enableUserData": "false",
    "enableImages": "true",
    "imageTypeLimit": 1,
    "collapseBoxSetItems": "false",
    "fields": "ProviderIds,Etag,Overview,ProductionLocations",
}


async def listed(
    ask: Ask, since: dt.datetime | None, start: int, size: int
) -> AsyncIterator[PeoplePage]:
    """All, or those saved since, so many a page, from a row of that list on."""
    params = {**_FACTS, **_LISTED}
    if since is not None:
        # the only one of the two date filters that works in every version
        params["minDateLastSavedForUser"] = f"{since.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"

    async def fetch(start: int, size: int) -> Slice[Item]:
        page = await ask({**params, "startIndex": start, "limit": size})
        return Slice(
            rows=[(row.id, row) for row in page.rows],
            served=len(page.rows) + len(page.broken),
            total=total_of(page, start),
            broken=page.broken,
        )

    async for part in sweep(fetch, size, start):
        # Rows with equal names change places between pages: one may come twice.
        rows = list(dict(part.rows).values())
        broken = (*part.broken, *_odd(rows))
        begin = part.end - part.served
        yield PeoplePage(tuple(_facts(rows)), part.total, broken, start=begin, end=part.end)


async def given(ask: Ask, parts: Iterable[Sequence[str]]) -> AsyncIterator[PeoplePage]:
    """Those with these ids, a request for each part; one that makes a request fail is found by
    halving it.
    """
    for some in parts:
        broken: list[tuple[str, str]] = []

        async def read(these: Sequence[str], broken: list[tuple[str, str]] = broken) -> list[Item]:
            page = await ask({**_FACTS, "ids": ",".join(these)})
            rows = list({row.id: row for row in page.rows if row.id in these}.values())
            broken += [*page.broken, *_odd(rows)]
            return rows

        sample = await sampled(some, read)
        people = tuple(_facts(sample.rows))
        yield PeoplePage(people, len(some), tuple(broken), tuple(sample.broken))


async def remarks(ask: Ask, titles: Iterable[Item]) -> list[Remark]:
    """Where a user is shown no list of the persons whom these titles name."""
    named = [person.id for title in titles for person in title.people or () if person.id]
    if not named:
        return []
    page = await ask({**_LISTED, "startIndex": 0, "limit": 1, "enableImages": "false"})
    if page.rows or total_of(page, 0):
        return []
    if (await ask({"ids": named[0], "enableImages": "false"})).rows:
        text = (
            "no list of persons is shown to this user: births, biographies and ids are asked for "
            "by each person's id, and changes of them are noticed late; an API key sees the list"
        )
        return [Remark("persons-unlisted", text, limits=True)]
    text = (
        "nothing of persons but their names is told to this user: for births, biographies and ids "
        "add the server with an API key, and sign in beside it"
    )
    return [Remark("persons-hidden", text, limits=True)]


def _odd(rows: Iterable[Item]) -> list[tuple[str, str]]:
    """(key, why) of those of whom not all can be taken; the rest is, where there is a name."""
    return [(row.id, why) for row in rows if (why := translate.why_odd(row))]


def _facts(rows: Iterable[Item]) -> list[PersonFacts]:
    return [facts for row in rows if (facts := translate.person_facts(row))]

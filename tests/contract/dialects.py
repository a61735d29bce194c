"""The same small library told in both dialects, for tests of what the clients have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from starlette.requests import Request

from fullcredits.model import Library, LibraryKind, MediaItem, SourceKind, TitleKind
from fullcredits.sources.contract import ListingPage, Source
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin.client import JellyfinSource
from fullcredits.sources.plex.client import PlexSource
from tests.contract.answering import TOKEN

T = TypeVar("T")
FILMS = Library("1", "Films", LibraryKind.MOVIES)
SHOWS = Library("2", "Shows", LibraryKind.SHOWS)
Row = dict[str, Any]


class Dialect(NamedTuple):
    """How one kind of server says things."""

    kind: SourceKind
    listing: str
    """The path films are listed at."""
    key: str
    page: Callable[[Sequence[Any], int | None], Any]
    """(rows, total) -> the body of an answer."""
    portion: Callable[[Request], tuple[int, int]]
    """The (start, size) a request asks for."""
    asked_keys: Callable[[Request], list[str]]
    film: Callable[[str, Sequence[str]], Row]
    """(key, names of actors) -> a full record."""
    open: Callable[[Http], Source]


def _jellyfin_film(key: str, names: Sequence[str]) -> Row:
    people = [{"Name": n, "Id": f"p{n}", "Role": "Ann", "Type": "Actor"} for n in names]
    return {"Id": key, "Type": "Movie", "Name": f"Film {key}", "People": people}


def _plex_film(key: str, names: Sequence[str]) -> Row:
    roles = [{"tag": n, "tagKey": f"p{n}", "role": "Ann"} for n in names]
    return {"ratingKey": key, "type": "movie", "title": f"Film {key}", "Role": roles}


def _plex_page(rows: Sequence[Any], total: int | None) -> Any:
    container = {"size": len(rows), "Metadata": rows}
    return {"MediaContainer": container | ({} if total is None else {"totalSize": total})}


def _jellyfin_page(rows: Sequence[Any], total: int | None) -> Any:
    return {"Items": rows} | ({} if total is None else {"TotalRecordCount": total})


def _plex_portion(request: Request) -> tuple[int, int]:
    start, size = (f"X-Plex-Container-{word}" for word in ("Start", "Size"))
    asked = int(request.query_params[start]), int(request.query_params[size])
    assert (request.headers[start], request.headers[size]) == tuple(map(str, asked))
    return asked


def _jellyfin_portion(request: Request) -> tuple[int, int]:
    return int(request.query_params["startIndex"]), int(request.query_params["limit"])


PLEX = Dialect(
    SourceKind.PLEX,
    "/library/sections/1/all",
    "ratingKey",
    _plex_page,
    _plex_portion,
    lambda request: request.url.path.rpartition("/")[2].split(","),
    _plex_film,
    PlexSource,
)
JELLYFIN = Dialect(
    SourceKind.JELLYFIN,
    "/Items",
    "Id",
    _jellyfin_page,
    _jellyfin_portion,
    lambda request: request.query_params["ids"].split(","),
    _jellyfin_film,
    JellyfinSource,
)
BOTH = [PLEX, JELLYFIN]


async def _no_pause(seconds: float) -> None:
    """In place of sleep."""


def asking(dialect: Dialect, address: str, ask: Callable[[Source], Awaitable[T]]) -> T:
    """What a source at the address says, without real pauses."""

    async def go() -> T:
        source = dialect.open(Http("Attic", address, {"X-Test": TOKEN}, sleep=_no_pause))
        try:
            return await ask(source)
        finally:
            await source.close()

    return asyncio.run(go())


def listed(
    dialect: Dialect,
    address: str,
    library: Library = FILMS,
    kind: TitleKind = TitleKind.MOVIE,
) -> list[ListingPage]:
    """All pages of a listing."""

    async def ask(source: Source) -> list[ListingPage]:
        return [page async for page in source.listing(library, kind)]

    return asking(dialect, address, ask)


def keys_of(pages: Sequence[ListingPage]) -> list[str]:
    """The keys of all items listed, in order."""
    return [item.key for page in pages for item in page.items]


def films(*keys: str) -> list[MediaItem]:
    """Listed films, to read the records of."""
    return [MediaItem(key, TitleKind.MOVIE, f"Film {key}") for key in keys]

"""The addresses of pages: made here and taken apart here, nowhere else.

Where a reverse proxy has the pages in a folder of its own, every address begins with it: the web
says so for each request (`below`). Elsewhere, as on the command line, addresses begin at "/".
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import lru_cache
from urllib.parse import quote, quote_plus, urlencode

from fullcredits.errors import NotFound
from fullcredits.model import SourceKind
from fullcredits.text import fold

_LONGEST_SLUG = 60
_REF = re.compile(r"(?P<id>[0-9]{1,10})(?:-.*)?", re.DOTALL)
_OWN = re.compile(r"/(?!/)[!-\[\]-~]*")
"""ASCII without blanks and backslashes, which browsers take for slashes."""

_folder: ContextVar[str] = ContextVar("folder", default="")


def below(folder: str) -> None:
    """From here on in this context, addresses are below that folder, "" or like "/films"."""
    _folder.set(folder)


def at(path: str) -> str:
    """The address of a path that begins with "/"."""
    return f"{_folder.get()}{path}"


def own(address: str) -> str:
    """An address that came from outside if it is one of ours, else that of the front page."""
    ours = _OWN.fullmatch(address) and "/../" not in f"{address}/"
    return address if ours and address.startswith(at("/")) else at("/")


LARGEST_ID = 2**31 - 1
"""Of anything in the database."""


class Moved(Exception):
    """What was asked for goes by another address now. Not a failure: a redirect."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


def of(kind: str, number: int, name: str) -> str:
    """Where the page of a movie, show, season, episode or person is: "/movie/12-heat"."""
    slug = _slug(name)
    return at(f"/{kind}/{number}-{slug}" if slug else f"/{kind}/{number}")


@lru_cache(maxsize=16384)
def _slug(name: str) -> str:
    """The readable part; "" for a name without letters and digits."""
    slug = fold(name)[:_LONGEST_SLUG].strip().replace(" ", "-")
    if not any(c.isalnum() for c in slug):
        return ""
    # What is folded and of ASCII has only letters, digits and blanks.
    return slug if slug.isascii() else quote(slug)


def number_in(ref: str) -> int:
    """The id in the last part of an address, "12-heat" or "12". Raises NotFound."""
    match = _REF.fullmatch(ref)
    if match is None or not 0 < (number := int(match["id"])) <= LARGEST_ID:
        raise NotFound("There is nothing at this address.")
    return number


def library(library_id: int, *, sort: str = "title", page: int = 1, **filters: str) -> str:
    """A stretch of a library; what is left at its default is left out, here and below."""
    sort = "" if sort == "title" else sort
    return _with(at(f"/library/{library_id}"), page=page, sort=sort, **filters)


def identity(of_person: str, *, page: int = 1) -> str:
    """Who a person is, and why, with all that can be said to it, of a stretch of their works."""
    return _with(f"{of_person}/identity", page=page)


def review(*, page: int = 1, decided: int = 0) -> str:
    """Pairs of people who may be one; `decided` is the decision that was just made."""
    return _with(at("/review"), page=page, decided=str(decided or ""))


def suspects(*, page: int = 1, decided: int = 0) -> str:
    """People who look like several; `decided` is the decision that was just made."""
    return _with(at("/suspects"), page=page, decided=str(decided or ""))


def decisions(*, every: bool = False) -> str:
    """What the owner decided on who is who."""
    return _with(at("/decisions"), all="yes" if every else "")


def people(
    *, sort: str = "name", after: int | str = "", before: int | str = "", **filters: str
) -> str:
    """Everybody, from right after or to right before the person of that number."""
    sort = "" if sort == "name" else sort
    return _with(at("/people"), **{"sort": sort, **filters}, after=str(after), before=str(before))


def titles(*, sort: str = "title", page: int = 1, **filters: str) -> str:
    """A stretch of everything."""
    return _with(at("/titles"), page=page, sort="" if sort == "title" else sort, **filters)


def search(query: str) -> str:
    """The finds for a query."""
    return _with(at("/search"), q=query)


def character(name: str, *, page: int = 1) -> str:
    """Everyone who played that."""
    return _with(at("/character"), name=name, page=page)


def credits(of_page: str, *, query: str = "", page: int = 1, **filters: str) -> str:
    """The whole list of credits behind a title's or person's page."""
    return _with(f"{of_page}/credits", **filters, q=query, page=page)


def episodes(of_page: str, *, page: int = 1) -> str:
    """A stretch of the episodes on a season's page."""
    return f"{_with(of_page, page=page)}#episodes"


def filtered(of_page: str, **filters: str) -> str:
    """A page with only a part of what it lists."""
    return _with(of_page, **filters)


def appearances(
    of_person: str, show_id: int, *, department: str = "", season: str = "", page: int = 1
) -> str:
    """The episodes of a show that a person worked on."""
    path = f"{of_person}/show/{show_id}"
    return _with(path, department=department, season=season, page=page)


def collaborators(of_person: str, *, department: str = "", page: int = 1) -> str:
    """Everybody that a person worked with."""
    return _with(f"{of_person}/with", department=department, page=page)


def most(of_person: str) -> str:
    """The few that a person worked with most: a part of their page."""
    return f"{of_person}/with/most"


def together(of_person: str, other: int) -> str:
    """All that two people worked on together."""
    return f"{of_person}/with/{other}"


def map_of(place: str) -> str:
    """A map of the world that shows a place."""
    return f"https://www.openstreetmap.org/search?{urlencode({'query': place})}"


def quality(part: str = "", *, page: int = 1) -> str:
    """What looks wrong with people, or one kind of it."""
    return _with(at(f"/quality/{part}" if part else "/quality"), page=page)


def look() -> str:
    """How pages look in this browser."""
    return at("/look")


def access() -> str:
    """The password, and who is signed in."""
    return at("/access")


def sync() -> str:
    """Where the page about syncing is."""
    return at("/sync")


def servers() -> str:
    """The media servers."""
    return at("/servers")


def add_server(number: str = "") -> str:
    """Where a server is added; with a number, where one that was begun is gone on with."""
    return at(f"/servers/add/{number}" if number else "/servers/add")


def server(source_id: int, page: str = "") -> str:
    """A media server, or a page about it: "test", "change", "sign-in", "remove"."""
    return at(f"/servers/{source_id}/{page}" if page else f"/servers/{source_id}")


def image(image_id: int, width: int) -> str:
    """A picture, that wide."""
    return at(f"/image/{image_id}/{width}.webp")


def _with(path: str, **values: str | int) -> str:
    """`page` is left out where it is the first."""
    query = "&".join(
        f"{name}={_quoted(str(value))}"
        for name, value in values.items()
        if value and (name, value) != ("page", 1)
    )
    return f"{path}?{query}" if query else path


def _quoted(value: str) -> str:
    """As in a query; most values are a word or a number, and need nothing."""
    return value if value.isascii() and value.isalnum() else quote_plus(value)


_ELSEWHERE = {
    ("imdb", "person"): "https://www.imdb.com/name/{}/",
    ("tmdb", "person"): "https://www.themoviedb.org/person/{}",
    ("tvdb", "person"): "https://thetvdb.com/people/{}",
    ("imdb", "movie"): "https://www.imdb.com/title/{}/",
    ("tmdb", "movie"): "https://www.themoviedb.org/movie/{}",
    ("tvdb", "movie"): "https://thetvdb.com/dereferrer/movie/{}",
    ("imdb", "show"): "https://www.imdb.com/title/{}/",
    ("tmdb", "show"): "https://www.themoviedb.org/tv/{}",
    ("tvdb", "show"): "https://thetvdb.com/dereferrer/series/{}",
    ("imdb", "episode"): "https://www.imdb.com/title/{}/",
    ("tvdb", "season"): "https://thetvdb.com/dereferrer/season/{}",
    ("tvdb", "episode"): "https://thetvdb.com/dereferrer/episode/{}",
}


def elsewhere(scheme: str, value: str, kind: str) -> str | None:
    """Where a catalogue shows what we show at a page of that kind; None where that is unknown."""
    pattern = _ELSEWHERE.get((scheme, kind))
    return pattern.format(quote(value, safe="")) if pattern else None


def playing(kind: str, address: str, links: str | None, server_id: str, key: str) -> str:
    """Where the user's own Plex or Jellyfin shows a title, ready to be played.

    `address` is where we reach the server; `links` is where browsers do, if the owner said so.
    """
    server, item = quote(server_id, safe=""), quote(key, safe="")
    if kind == SourceKind.PLEX:
        metadata = quote(f"/library/metadata/{key}", safe="")
        application = f"{links}/web/index.html" if links else "https://app.plex.tv/desktop/"
        return f"{application}#!/server/{server}/details?key={metadata}"
    return f"{links or address.rstrip('/')}/web/#/details?id={item}&serverId={server}"

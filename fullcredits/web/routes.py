"""The addresses of pages. Each route: read the address, ask the page function, render.

Handlers are plain functions, so they run in threads: the store is synchronous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Protocol, TypeVar
from urllib.parse import unquote

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from starlette.responses import RedirectResponse, Response

from fullcredits import pages
from fullcredits.model import TitleKind
from fullcredits.pages.addresses import number_in
from fullcredits.store import Connection
from fullcredits.web.templating import html

router = APIRouter(default_response_class=Response)

Handler = TypeVar("Handler", bound=Callable[..., Response])


class Page(Protocol):
    """What all pages have."""

    @property
    def address(self) -> str:
        """Where it is: the path, maybe with a query."""


def _db(request: Request) -> Iterator[Connection]:
    with request.app.state.store.reading() as connection:
        yield connection


Db = Annotated[Connection, Depends(_db, scope="function")]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


def _get(path: str) -> Callable[[Handler], Handler]:
    return router.api_route(path, methods=["GET", "HEAD"], response_model=None)


def _shown(request: Request, template: str, page: Page) -> Response:
    """The page, or a redirect to its own address: there are never two for one thing."""
    path = page.address.partition("?")[0]
    if unquote(path) != request.scope["path"]:
        query = request.url.query
        return RedirectResponse(f"{path}?{query}" if query else path, 302)
    return html(template, page)


@_get("/")
def home(request: Request, db: Db) -> Response:
    """What there is."""
    return _shown(request, "home.html", pages.home(db))


@_get("/people")
def people(
    request: Request,
    db: Db,
    sort: str = "name",
    letter: str = "",
    department: str = "",
    number: PageNumber = 1,
) -> Response:
    """Everybody."""
    page = pages.all_people(db, sort, letter, department, number)
    return _shown(request, "people.html", page)


@_get("/titles")
def titles(
    request: Request,
    db: Db,
    sort: str = "title",
    kind: str = "",
    decade: str = "",
    genre: str = "",
    source: str = "",
    number: PageNumber = 1,
) -> Response:
    """Everything."""
    page = pages.all_titles(db, sort, kind, decade, genre, source, number)
    return _shown(request, "titles.html", page)


@_get("/library/{ref}")
def library(
    request: Request, db: Db, ref: str, sort: str = "title", number: PageNumber = 1
) -> Response:
    """The posters of a library."""
    page = pages.library(db, number_in(ref), sort, number)
    return _shown(request, "library.html", page)


@_get("/movie/{ref}")
def movie(request: Request, db: Db, ref: str) -> Response:
    """A movie."""
    return _shown(request, "movie.html", pages.movie(db, number_in(ref)))


@_get("/show/{ref}")
def show(request: Request, db: Db, ref: str) -> Response:
    """A show."""
    return _shown(request, "show.html", pages.show(db, number_in(ref)))


@_get("/season/{ref}")
def season(request: Request, db: Db, ref: str) -> Response:
    """A season."""
    return _shown(request, "season.html", pages.season(db, number_in(ref)))


@_get("/episode/{ref}")
def episode(request: Request, db: Db, ref: str) -> Response:
    """An episode."""
    return _shown(request, "episode.html", pages.episode(db, number_in(ref)))


@_get("/person/{ref}")
def person(request: Request, db: Db, ref: str) -> Response:
    """A person."""
    return _shown(request, "person.html", pages.person(db, number_in(ref)))


@_get("/person/{ref}/credits")
def filmography(
    request: Request, db: Db, ref: str, department: str = "", number: PageNumber = 1
) -> Response:
    """A department of a person's filmography, whole."""
    page = pages.filmography(db, number_in(ref), department, number)
    return _shown(request, "filmography.html", page)


@_get("/person/{ref}/show/{show_ref}")
def appearances(
    request: Request, db: Db, ref: str, show_ref: str, number: PageNumber = 1
) -> Response:
    """A person's episodes of a show, all of them."""
    page = pages.appearances(db, number_in(ref), number_in(show_ref), number)
    return _shown(request, "appearances.html", page)


@_get("/{kind}/{ref}/credits")
def credits(
    request: Request,
    db: Db,
    kind: TitleKind,
    ref: str,
    department: str = "",
    q: str = "",
    number: PageNumber = 1,
) -> Response:
    """A department of a title, whole."""
    page = pages.credits(db, kind, number_in(ref), department, number, q)
    return _shown(request, "credits.html", page)


@_get("/character")
def character(request: Request, db: Db, name: str = "", number: PageNumber = 1) -> Response:
    """Everyone who played a character."""
    return _shown(request, "character.html", pages.character(db, name, number))


@_get("/search/instant")
def instant(db: Db, q: str = "") -> Response:
    """The first finds for a query, to be shown below the search box while one types."""
    return html("instant.html", pages.search(db, q, pages.SHOWN_AT_ONCE))


@_get("/search")
def search(request: Request, db: Db, q: str = "") -> Response:
    """The finds for a query."""
    return _shown(request, "search.html", pages.search(db, q))


def add_to(app: FastAPI) -> None:
    """Put all pages at their addresses."""
    app.include_router(router)

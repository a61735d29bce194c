"""The addresses of pages. Each route: read the address, ask the page function, render."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from fullcredits import pages
from fullcredits.model import TitleKind
from fullcredits.pages.addresses import number_in
from fullcredits.web.keeping import NotKept, keeping
from fullcredits.web.routing import Db, Number, PageNumber, Routes, shown
from fullcredits.web.templating import html

routes = Routes()

Wanted = Annotated[pages.Wanted, Depends()]


@routes.get("/")
def home(request: Request, db: Db) -> Response:
    """What there is."""
    return shown(request, "home.html", pages.home(db))


@routes.get("/people")
def people(
    request: Request,
    db: Db,
    sort: str = "name",
    letter: str = "",
    department: str = "",
    after: Number = None,
    before: Number = None,
) -> Response:
    """Everybody."""
    page = pages.all_people(db, sort, letter, department, after, before)
    return shown(request, "people.html", page)


@routes.get("/titles")
def titles(
    request: Request,
    db: Db,
    sort: str = "title",
    kind: str = "",
    decade: str = "",
    genre: str = "",
    source: str = "",
    number: PageNumber = 1,
    after: Number = None,
    before: Number = None,
) -> Response:
    """Everything."""
    asked = pages.Asked(sort, kind, decade, genre, source, number, after, before)
    return shown(request, "titles.html", pages.all_titles(db, asked))


@routes.get("/library/{ref}")
def library(
    request: Request,
    db: Db,
    ref: str,
    sort: str = "title",
    kind: str = "",
    decade: str = "",
    genre: str = "",
    number: PageNumber = 1,
    after: Number = None,
    before: Number = None,
) -> Response:
    """The posters of a library."""
    asked = pages.Asked(sort, kind, decade, genre, page=number, after=after, before=before)
    return shown(request, "titles.html", pages.library(db, number_in(ref), asked))


TitlePage = pages.MoviePage | pages.ShowPage | pages.SeasonPage | pages.EpisodePage


def _title(request: Request, ref: str, template: str, page: TitlePage) -> Response:
    """A title; what of it waits to be read is read now, before its turn, if anybody reads."""
    kept = keeping(request)
    if page.about.waits:
        request.app.state.wishes.add(number_in(ref), kept.wake)
    if isinstance(kept, NotKept) and page.about.coming:
        page = replace(page, about=replace(page.about, coming=False))
    return shown(request, template, page)


@routes.get("/movie/{ref}")
def movie(request: Request, db: Db, ref: str) -> Response:
    """A movie."""
    return _title(request, ref, "movie.html", pages.movie(db, number_in(ref)))


@routes.get("/show/{ref}")
def show(request: Request, db: Db, ref: str, number: PageNumber = 1) -> Response:
    """A show."""
    return _title(request, ref, "show.html", pages.show(db, number_in(ref), number))


@routes.get("/season/{ref}")
def season(request: Request, db: Db, ref: str, number: PageNumber = 1) -> Response:
    """A season."""
    return _title(request, ref, "season.html", pages.season(db, number_in(ref), number))


@routes.get("/episode/{ref}")
def episode(request: Request, db: Db, ref: str) -> Response:
    """An episode."""
    return _title(request, ref, "episode.html", pages.episode(db, number_in(ref)))


@routes.get("/person/{ref}")
def person(request: Request, db: Db, ref: str, wanted: Wanted) -> Response:
    """A person."""
    return shown(request, "person.html", pages.person(db, number_in(ref), wanted))


@routes.get("/person/{ref}/credits")
def filmography(
    request: Request, db: Db, ref: str, wanted: Wanted, number: PageNumber = 1
) -> Response:
    """A department of a person's filmography, whole."""
    page = pages.filmography(db, number_in(ref), wanted, number)
    return shown(request, "filmography.html", page)


@routes.get("/person/{ref}/with")
def collaborators(
    request: Request, db: Db, ref: str, department: str = "", number: PageNumber = 1
) -> Response:
    """Everybody that a person worked with."""
    page = pages.collaborators(db, number_in(ref), department, number)
    return shown(request, "collaborators.html", page)


@routes.get("/person/{ref}/with/most")
def most(db: Db, ref: str) -> Response:
    """The few that a person worked with most, to be put into their page."""
    return html("most.html", pages.most_together(db, number_in(ref)))


@routes.get("/person/{ref}/with/{other_ref}")
def together(request: Request, db: Db, ref: str, other_ref: str) -> Response:
    """All that two people worked on together."""
    page = pages.together(db, number_in(ref), number_in(other_ref))
    return shown(request, "together.html", page)


@routes.get("/person/{ref}/show/{show_ref}")
def appearances(
    request: Request,
    db: Db,
    ref: str,
    show_ref: str,
    department: str = "",
    season: str = "",
    number: PageNumber = 1,
) -> Response:
    """A person's episodes of a show, all of them."""
    person, show = number_in(ref), number_in(show_ref)
    page = pages.appearances(db, person, show, department, season, number)
    return shown(request, "appearances.html", page)


@routes.get("/{kind}/{ref}/credits")
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
    return shown(request, "credits.html", page)


@routes.get("/character")
def character(request: Request, db: Db, name: str = "", number: PageNumber = 1) -> Response:
    """Everyone who played a character."""
    return shown(request, "character.html", pages.character(db, name, number))


@routes.get("/quality")
def quality(request: Request, db: Db) -> Response:
    """What looks wrong with people."""
    return shown(request, "quality.html", pages.quality(db))


@routes.get("/quality/{part}")
def quality_part(request: Request, db: Db, part: str, number: PageNumber = 1) -> Response:
    """One kind of what looks wrong, whole."""
    return shown(request, "quality_part.html", pages.quality_part(db, part, number))


@routes.get("/search/instant")
def instant(db: Db, q: str = "") -> Response:
    """The first finds for a query, to be shown below the search box while one types."""
    return html("instant.html", pages.search(db, q, pages.SHOWN_AT_ONCE))


@routes.get("/search")
def search(request: Request, db: Db, q: str = "") -> Response:
    """The finds for a query."""
    return shown(request, "search.html", pages.search(db, q))

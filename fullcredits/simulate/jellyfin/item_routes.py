"""Endpoints about items and persons."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from fullcredits.simulate.catalogue import Human
from fullcredits.simulate.jellyfin.answers import Answers, Shape
from fullcredits.simulate.jellyfin.dialect import Dialect
from fullcredits.simulate.jellyfin.errors import Refused, failed, invalid, problem
from fullcredits.simulate.jellyfin.gate import Caller, Gate
from fullcredits.simulate.jellyfin.ids import person_id
from fullcredits.simulate.jellyfin.library import Item, JellyfinLibrary, Person
from fullcredits.simulate.jellyfin.listing import Listing, Page, Row
from fullcredits.simulate.jellyfin.query import Arguments, read_guid

_PLACEHOLDER = "00000000000000000000000000000001"
"""The server's own row that it cannot read back: any batch that names it fails."""


class ItemRoutes:
    """Endpoints behind the gate; they raise `Refused` for what the real server refuses."""

    def __init__(
        self, library: JellyfinLibrary, gate: Gate, dialect: Dialect, cost: str | None
    ) -> None:
        self._library = library
        self._gate = gate
        self._dialect = dialect
        self._answers = Answers(library, cost)
        self._listing = Listing(library, dialect)

    async def listing(self, request: Request) -> Response:
        """``/Items`` and ``/Users/{id}/Items``."""
        caller, arguments = self._gate.admit(request), Arguments.of(request)
        if _PLACEHOLDER in arguments.guids("ids"):
            raise Refused(failed(500))
        user = _has_user(request, arguments, caller)
        page = self._listing.page(arguments, user=user)
        return await self._answers.page(page, Shape.of(arguments, user=user))

    async def single(self, request: Request) -> Response:
        """``/Items/{id}`` and ``/Users/{id}/Items/{id}``: all fields; a key must name a user."""
        caller, arguments = self._gate.admit(request), Arguments.of(request)
        item_id = _path_guid(request, "itemId")
        if not _has_user(request, arguments, caller):
            raise Refused(failed(self._dialect.userless_single))
        row: Row | None = self._library.items.get(item_id) or self._library.persons.get(item_id)
        if row is None:
            raise Refused(problem(404))
        return await self._answers.single(row, user=True)

    async def seasons(self, request: Request) -> Response:
        """``/Shows/{id}/Seasons``, by number."""
        series = self._series(request)
        return await self._children(request, sorted(series.children, key=_number))

    async def episodes(self, request: Request) -> Response:
        """``/Shows/{id}/Episodes``, of one season when ``seasonId`` or ``season`` says so."""
        series, arguments = self._series(request), Arguments.of(request)
        season_id, number = arguments.guid("seasonId"), arguments.number("season")
        seasons = [
            season
            for season in sorted(series.children, key=_number)
            if season_id in (None, season.id) and number in (None, season.work.number)
        ]
        leaves = [leaf for season in seasons for leaf in sorted(season.children, key=_number)]
        return await self._children(request, leaves)

    async def persons(self, request: Request) -> Response:
        """``/Persons``: before 12 no paging, and the total is the size of the answer."""
        caller, arguments = self._gate.admit(request), Arguments.of(request)
        words = (arguments.text("searchTerm") or "").casefold()
        wanted = [p for p in self._library.persons.values() if words in p.name.casefold()]
        item_id = arguments.guid("appearsInItemId")
        if item_id:
            names = {credit.name for credit in self._library.people(item_id)}
            wanted = [person for person in wanted if person.name in names]
        order = self._dialect.persons_order
        if order != "met":
            wanted.sort(key=lambda person: person.name.lower() if order == "lower" else person.name)
        pages = self._dialect.pages_persons
        start = (arguments.number("startIndex") or 0) if pages else 0
        limit = arguments.number("limit")
        shown = wanted[start:] if limit is None else wanted[start : start + limit]
        total = len(wanted) if pages else len(shown)
        shape = Shape.of(arguments, user=_has_user(request, arguments, caller))
        return await self._answers.page(Page(shown, total, start), shape)

    async def person(self, request: Request) -> Response:
        """``/Persons/{name}``: the person of that name, written in any case."""
        caller, arguments = self._gate.admit(request), Arguments.of(request)
        name = request.path_params["name"]
        for person in self._library.persons.values():
            if person.name.lower() == name:
                user = _has_user(request, arguments, caller)
                return await self._answers.single(person, user=user)
        if not self._dialect.invents_persons:
            raise Refused(problem(404))
        made_up = Human("nobody", name.title())
        person = Person(person_id(name), name.title(), 0, {made_up.id: made_up})
        return await self._answers.single(person, user=False)

    async def _children(self, request: Request, items: Sequence[Item]) -> Response:
        caller, arguments = self._gate.admit(request), Arguments.of(request)
        start, limit = arguments.number("startIndex") or 0, arguments.number("limit")
        shown: Sequence[Item | Person] = items[start : None if limit is None else start + limit]
        shape = Shape.of(arguments, user=_has_user(request, arguments, caller))
        return await self._answers.page(Page(shown, len(items), start), shape)

    def _series(self, request: Request) -> Item:
        self._gate.admit(request)
        item = self._library.items.get(_path_guid(request, "seriesId"))
        if item is None or item.type != "Series":
            raise Refused(problem(404))
        return item


def _has_user(request: Request, arguments: Arguments, caller: Caller) -> bool:
    """Whether a user's view is asked for: by token, by path or by argument."""
    named = request.path_params.get("user") or arguments.guid("userId")
    return caller.user is not None or named is not None


def _path_guid(request: Request, name: str) -> str:
    text = request.path_params["id"]
    found = read_guid(text)
    if found is None:
        raise invalid(name, text)
    return found


def _number(item: Item) -> int:
    return item.work.number or 0

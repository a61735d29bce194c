"""The addresses of a Plex Media Server that a sync or python-plexapi asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from fullcredits.simulate.catalogue import Catalogue, Human
from fullcredits.simulate.control import control_routes
from fullcredits.simulate.faults import Faults
from fullcredits.simulate.plex import menus
from fullcredits.simulate.plex.answers import Answers, Head, container, encoded, error
from fullcredits.simulate.plex.dialect import DEFAULT_VERSION, DIALECTS, Dialect
from fullcredits.simulate.plex.images import Images
from fullcredits.simulate.plex.library import Item, PlexLibrary, Section
from fullcredits.simulate.plex.listing import Listing, page_of
from fullcredits.simulate.plex.notices import Notices
from fullcredits.simulate.plex.records import person_record
from fullcredits.simulate.plex.scanning import Scan
from fullcredits.simulate.plex.tags import KINDS, TAG_TYPES, Tagged, tag_key
from fullcredits.simulate.traffic import Traffic, TrafficMiddleware

DEFAULT_TOKEN = "attic-token"  # noqa: S105 - of a pretend server

_Endpoint = Callable[[Request], Awaitable[Response]]
_PAGE = 20
_OPEN = ("/identity", "/people/")


def plex_app(
    catalogue: Catalogue,
    *,
    name: str = "Attic",
    token: str = DEFAULT_TOKEN,
    share: str | Iterable[str] | None = None,
    version: str | Dialect = DEFAULT_VERSION,
    library: PlexLibrary | None = None,
) -> Starlette:
    """A pretend Plex Media Server over a share of a catalogue (None: all of it), or over a library
    that another version served before.

    ``version`` is one of `DIALECTS`, by name or made to measure. ``app.state.library`` (a
    `PlexLibrary`) is what it serves and may be changed while it is served; ``app.state.requests``
    lists the requests answered so far; ``app.state.faults`` are the `Faults` put in the way;
    ``app.state.notices`` (a `Notices`) tells who listens.

    Raises:
        KeyError: nobody plays that version.

    """
    dialect = DIALECTS[version] if isinstance(version, str) else version
    if library is None:
        library = PlexLibrary(catalogue.held(share), name, legacy=dialect.legacy_agents)
    traffic = Traffic(Faults(), library.clock)
    notices = Notices(token, wordless_ends=dialect.wordless_ends)
    library.watchers.append(notices.changed)
    app = Starlette(
        routes=[
            WebSocketRoute("/:/websockets/notifications", notices.socket),
            WebSocketRoute("/:/websocket/notifications", notices.socket),
            Route("/:/eventsource/notifications", notices.events),
            *_Server(library, token, dialect).routes(),
            *control_routes(library, catalogue, traffic, lambda works: Scan(library, works)),
        ],
        middleware=[Middleware(TrafficMiddleware, traffic=traffic)],
        exception_handlers={404: _not_found, 405: _not_allowed},
    )
    app.state.dialect = dialect
    app.state.library = library
    app.state.notices = notices
    app.state.clock = library.clock
    app.state.requests = traffic.requests
    app.state.faults = traffic.faults
    return app


async def _not_found(_request: Request, _exception: Exception) -> Response:
    return error(404)


async def _not_allowed(_request: Request, _exception: Exception) -> Response:
    return error(405)


class _Server:
    """The endpoints, all behind the token except those that real servers leave open."""

    def __init__(self, library: PlexLibrary, token: str, dialect: Dialect) -> None:
        self._version = dialect.version
        self._dialect = dialect
        self._library = library
        self._token = token
        self._answers = Answers(library)
        self._images = Images(library)
        self._listing = Listing(library)

    def routes(self) -> list[Route]:
        endpoints: dict[str, _Endpoint] = {
            "/": self.root,
            "/identity": self.identity,
            "/library": self.library,
            "/library/sections": self.sections,
            "/library/sections/all": self.sections,
            "/library/sections/{section:int}": self.section,
            "/library/sections/{section:int}/all": self.listing,
            "/library/metadata/{keys}": self.metadata,
            "/library/metadata/{key:int}/children": self.children,
            "/library/metadata/{key:int}/allLeaves": self.leaves,
            "/library/metadata/{key:int}/{what:str}/{stamp:int}": self._images.item,
            "/library/people/{person}": self.person,
            "/library/people/{person}/media": self.person_media,
            "/library/tags": self.tags,
            "/hubs/search": self.search,
            "/photo/:/transcode": self._images.transcode,
            "/people/{key}.jpg": self._images.person,
        }
        return [Route(path, self._guarded(path, call)) for path, call in endpoints.items()]

    def _guarded(self, path: str, call: _Endpoint) -> _Endpoint:
        if path.startswith(_OPEN):
            return call

        async def guarded(request: Request) -> Response:
            given = request.headers.get("X-Plex-Token") or request.query_params.get("X-Plex-Token")
            if given != self._token:
                return error(401, redirect=path == "/")
            try:
                return await call(request)
            except ValueError:
                return error(400)
            except LookupError:
                return error(404)

        return guarded

    async def root(self, request: Request) -> Response:
        return container(request, menus.root(self._library, self._version))

    async def identity(self, request: Request) -> Response:
        head = {
            "size": 0,
            "claimed": True,
            "machineIdentifier": self._library.machine_id,
            "version": self._version,
        }
        return container(request, head)

    async def library(self, request: Request) -> Response:
        head = {"size": 3, "allowSync": False, "identifier": menus.IDENTIFIER,
                "title1": "Plex Library"}  # fmt: skip
        rows = [{"key": "sections", "title": "Library Sections"}]
        return container(request, head, encoded(request, "Directory", rows), name="Directory")

    async def sections(self, request: Request) -> Response:
        rows = [menus.section(self._library, section) for section in self._library.sections]
        head = {"size": len(rows), "allowSync": False, "title1": "Plex Library"}
        return container(request, head, encoded(request, "Directory", rows), name="Directory")

    async def section(self, request: Request) -> Response:
        head, rows = menus.section_menu(self._section(request))
        return container(request, head, encoded(request, "Directory", rows), name="Directory")

    async def listing(self, request: Request) -> Response:
        section = self._section(request)
        page = page_of(self._listing.items(section, request), request)
        if self._dialect.wants_portions and (page.start is None or page.size is None):
            raise ValueError("no portion")
        if not self._dialect.sorts_by_id and request.query_params.get("sort") == "id":
            raise ValueError("id")
        head: Head = {**page.head, **menus.listing_head(section)}
        if request.query_params.get("includeMeta") == "1":
            head["Meta"] = menus.meta(section)
        rows = self._answers.listed(request, page.items)
        return container(request, head, rows, headers=page.headers)

    async def metadata(self, request: Request) -> Response:
        keys = dict.fromkeys(int(key) for key in request.path_params["keys"].split(","))
        items = [self._library.items[key] for key in keys if key in self._library.items]
        if not items:
            return error(404)
        if self._dialect.pages_records:
            items = list(page_of(items, request, usual=_PAGE).items)
        items = items[: self._dialect.most_records]
        head = {"size": len(items), "allowSync": True, "identifier": menus.IDENTIFIER}
        if len({item.section for item in items}) == 1:
            head |= menus.section_names(items[0].section)
        head |= menus.MEDIA_TAGS
        return container(request, head, self._answers.full(request, items))

    async def children(self, request: Request) -> Response:
        item = self._item(request)
        return self._below(request, item, sorted(item.children, key=_number))

    async def leaves(self, request: Request) -> Response:
        item = self._item(request)
        seasons = sorted(item.children, key=_number) if item.work.kind == "show" else [item]
        leaves = [leaf for season in seasons for leaf in sorted(season.children, key=_number)]
        return self._below(request, item, leaves)

    def _below(self, request: Request, item: Item, items: list[Item]) -> Response:
        page = page_of(items, request)
        head = page.head | menus.children_head(item, items)
        rows = self._answers.listed(request, page.items)
        return container(request, head, rows, headers=page.headers)

    async def person(self, request: Request) -> Response:
        kind, human = self._named(request)
        rows = [self._person_row(request, kind, human)]
        return container(
            request, {"size": 1}, encoded(request, "Directory", rows), name="Directory"
        )

    async def person_media(self, request: Request) -> Response:
        _, human = self._named(request)
        items = [i for i in self._library.media_of(human) if i.work.kind in ("movie", "show")]
        page = page_of(items, request)
        head = page.head | {"identifier": menus.IDENTIFIER} | menus.MEDIA_TAGS
        rows = self._answers.listed(request, page.items)
        return container(request, head, rows, headers=page.headers)

    async def tags(self, request: Request) -> Response:
        number = int(request.query_params.get("type", "6"))
        kind = next(kind for kind in KINDS if TAG_TYPES[kind] == number)
        rows = [self._person_row(request, kind, human) for human in self._everybody(kind)]
        head = {"size": len(rows), "identifier": menus.IDENTIFIER} | menus.MEDIA_TAGS
        return container(request, head, encoded(request, "Directory", rows), name="Directory")

    async def search(self, request: Request) -> Response:
        words = request.query_params["query"].casefold()
        found = [
            item
            for item in self._library.items.values()
            if item.work.kind in ("movie", "show") and words in item.work.title.casefold()
        ]
        people = [h for h in self._everybody("Role") if words in h.name.casefold()]
        rows = [self._person_row(request, "Role", human) for human in people[:20]]
        hubs = menus.search_hubs(self._library, found[:20], rows)
        head: Head = {"size": len(hubs)}
        return container(request, head, encoded(request, "Hub", hubs), name="Hub")

    def _everybody(self, kind: str) -> list[Human]:
        """Everybody with a tag of this kind on some item, by name."""
        humans = {
            tag.human.id: tag.human
            for key in self._library.items
            for tag in self._library.people(key).get(kind, ())
        }
        return sorted(humans.values(), key=lambda human: (human.name, human.id))

    def _person_row(self, request: Request, kind: str, human: Human) -> dict[str, object]:
        number, key = self._library.tags.number(kind, human), tag_key(human)
        tag = Tagged(kind, number, human.name, key, "", human.portrait, human)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        return person_record(tag, TAG_TYPES[kind], origin)

    def _named(self, request: Request) -> tuple[str, Human]:
        """The kind and human that a tag number or a tag key in the path stands for."""
        person = request.path_params["person"]
        if person.isdigit() and len(person) < 12:
            return self._library.tags.by_tag(int(person))
        return "Role", self._library.tags.by_key[person]

    def _section(self, request: Request) -> Section:
        key = request.path_params["section"]
        for section in self._library.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def _item(self, request: Request) -> Item:
        return self._library.items[request.path_params["key"]]


def _number(item: Item) -> int:
    return item.work.number or 0

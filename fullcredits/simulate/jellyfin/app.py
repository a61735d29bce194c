"""The addresses of a Jellyfin server that a sync or jellyfin-apiclient-python asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from fullcredits.simulate.catalogue import Catalogue
from fullcredits.simulate.control import control_routes
from fullcredits.simulate.faults import Faults
from fullcredits.simulate.jellyfin.dialect import DEFAULT_VERSION, DIALECTS, Dialect
from fullcredits.simulate.jellyfin.errors import Refused, empty
from fullcredits.simulate.jellyfin.gate import Gate
from fullcredits.simulate.jellyfin.images import Images
from fullcredits.simulate.jellyfin.item_routes import ItemRoutes
from fullcredits.simulate.jellyfin.library import JellyfinLibrary
from fullcredits.simulate.jellyfin.notices import Notices
from fullcredits.simulate.jellyfin.paths import PathsMiddleware
from fullcredits.simulate.jellyfin.scanning import Scan
from fullcredits.simulate.jellyfin.startup import Startup, StartupMiddleware
from fullcredits.simulate.jellyfin.system_routes import SystemRoutes
from fullcredits.simulate.traffic import Traffic, TrafficMiddleware

DEFAULT_API_KEY = "cabin-api-key"
DEFAULT_USER = "admin"
DEFAULT_PASSWORD = "cabin"  # noqa: S105 - of a pretend server

_Endpoint = Callable[[Request], Awaitable[Response]]


def jellyfin_app(
    catalogue: Catalogue,
    *,
    name: str = "Cabin",
    api_key: str = DEFAULT_API_KEY,
    user: str = DEFAULT_USER,
    password: str = DEFAULT_PASSWORD,
    cost: Literal["real"] | None = None,
    share: str | Iterable[str] | None = None,
    version: str = DEFAULT_VERSION,
    library: JellyfinLibrary | None = None,
) -> Starlette:
    """A pretend Jellyfin over a share of a catalogue (None: all of it), or over a library that
    another version served before.

    ``version`` is one of `DIALECTS`. ``cost`` "real" takes the time for People that real servers
    take. ``app.state.library`` (a `JellyfinLibrary`) is what it serves and may be changed while it
    is served, its ``scanning`` too; ``app.state.clock`` (a `Clock`) may be set forward;
    ``app.state.requests`` lists the requests answered so far; ``app.state.faults`` are the `Faults`
    put in the way; ``app.state.gate`` (a `Gate`) knows its tokens; ``app.state.notices`` (a
    `Notices`) tells who listens; ``app.state.startup`` (a `Startup`) may be set to pretend that it
    is starting.

    Raises:
        KeyError: nobody plays that version.

    """
    dialect = DIALECTS[version]
    if library is None:
        library = JellyfinLibrary(catalogue.held(share), name, dialect)
    library.dialect = dialect
    startup = Startup()
    gate = Gate(dialect, api_key=api_key, user=user, password=password)
    traffic = Traffic(Faults(), library.clock)
    system = SystemRoutes(library, gate, dialect)
    items = ItemRoutes(library, gate, dialect, cost)
    notices = Notices(gate)
    library.watchers.append(notices.changed)
    app = Starlette(
        routes=[
            WebSocketRoute("/socket", notices.socket),
            *_routes(system, items, dialect),
            *_images(Images(library)),
            *control_routes(library, catalogue, traffic, lambda works: Scan(library, works)),
        ],
        middleware=[
            Middleware(TrafficMiddleware, traffic=traffic),
            Middleware(StartupMiddleware, startup=startup, library=library, dialect=dialect),
            Middleware(PathsMiddleware, dialect=dialect),
        ],
        exception_handlers={404: _nothing_here, 405: _nothing_here, Refused: _refused},
    )
    app.state.library = library
    app.state.gate = gate
    app.state.notices = notices
    app.state.system = system
    app.state.startup = startup
    app.state.clock = library.clock
    app.state.requests = traffic.requests
    app.state.faults = traffic.faults
    return app


def _routes(system: SystemRoutes, items: ItemRoutes, dialect: Dialect) -> list[Route]:
    get: dict[str, _Endpoint] = {
        "/system/info/public": system.public_info,
        "/system/info": system.info,
        "/system/ping": system.ping,
        "/health": system.health,
        "/users/public": system.public_users,
        "/users/me": system.me,
        "/users/{user}": system.user,
        "/users": system.users,
        "/auth/keys": system.keys,
        "/quickconnect/enabled": system.quick_enabled,
        "/quickconnect/connect": system.quick_state,
        "/users/{user}/views": system.views,
        "/library/virtualfolders": system.virtual_folders,
        "/library/mediafolders": system.media_folders,
        "/scheduledtasks": system.tasks,
        "/items": items.listing,
        "/users/{user}/items": items.listing,
        "/users/{user}/items/{id}": items.single,
        "/shows/{id}/seasons": items.seasons,
        "/shows/{id}/episodes": items.episodes,
        "/persons": items.persons,
        "/persons/{name}": items.person,
    }
    post: dict[str, _Endpoint] = {
        "/system/ping": system.ping,
        "/users/authenticatebyname": system.sign_in,
        "/users/authenticatewithquickconnect": system.quick_redeem,
        "/quickconnect/authorize": system.quick_authorize,
        "/auth/keys": system.add_key,
        "/sessions/capabilities/full": system.capabilities,
        "/sessions/logout": system.sign_out,
    }
    if dialect.userless_paths:
        get |= {"/userviews": system.views, "/items/{id}": items.single}
    return [
        *(Route(path, call, methods=["POST"]) for path, call in post.items()),
        Route("/quickconnect/initiate", system.quick_initiate, methods=list(dialect.quick_connect)),
        Route("/auth/keys/{key}", system.remove_key, methods=["DELETE"]),
        *(Route(path, call) for path, call in get.items()),
    ]


def _images(images: Images) -> list[Route]:
    return [
        Route(f"{path}/images/{{type}}{index}", call)
        for path, call in (("/items/{id}", images.of_item), ("/persons/{name}", images.of_person))
        for index in ("", "/{index:int}")
    ]


async def _nothing_here(_request: Request, _exception: Exception) -> Response:
    return empty(404)


async def _refused(_request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return refused.answer

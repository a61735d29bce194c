"""The web application over a store and its pictures."""

from __future__ import annotations

import threading
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Lifespan, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from fullcredits.access import Entrance
from fullcredits.setup import Desk
from fullcredits.store import Store
from fullcredits.web import errors, identity, log_in, looks, routes, servers, syncs
from fullcredits.web.guard import Guard
from fullcredits.web.headers import FOREVER, Headers
from fullcredits.web.hooks import Hooks
from fullcredits.web.keeping import Keeping, NotKept
from fullcredits.web.pictures import Pictures, picture
from fullcredits.web.reach import Below, Hosts, Reach
from fullcredits.web.remembered import Remembered
from fullcredits.web.servers.unfinished import Unfinished
from fullcredits.web.templating import SCRIPTS
from fullcredits.web.wishes import Wishes

_STATIC = Path(__file__).with_name("static")
_FROM_HERE = Reach()

PARTS = (routes, log_in, looks, servers, syncs, identity)
"""The modules with routes; what changes anything is made by their `routes.post`."""


def create_app(
    store: Store,
    pictures: Pictures,
    entrance: Entrance,
    desk: Desk,
    reach: Reach = _FROM_HERE,
    keeping: Keeping | None = None,
    beside: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """The application; without `keeping`, nothing is kept in step with the servers beside it.
    `beside` is open for as long as it serves.

    What is not for everybody is refused before a route is looked for. Answers that have no end
    of their own end when `app.state.ending` (an Event) is set.
    """
    # The interactive documentation of FastAPI loads its scripts from another site.
    app = FastAPI(
        title="Fullcredits", docs_url=None, redoc_url=None, openapi_url=None, lifespan=beside
    )
    app.state.store = store
    app.state.pictures = pictures
    app.state.entrance = entrance
    app.state.desk = desk
    app.state.unfinished = Unfinished()
    app.state.wishes = Wishes(store)
    app.state.ending = threading.Event()
    app.state.keeping = keeping or NotKept()
    for part in PARTS:
        app.include_router(part.routes.router)
    app.add_api_route(
        "/image/{image_id}/{width}.webp", picture, methods=["GET", "HEAD"], response_model=None
    )
    # Pages are not packed: they hold secrets beside words of others, and length would tell.
    app.mount("/static", GZipMiddleware(_Static(directory=_STATIC)), name="static")
    errors.add_to(app)
    # The last one is the first to see a request.
    app.add_middleware(Guard, entrance=entrance, alone=reach.alone)
    app.add_middleware(Remembered)
    app.add_middleware(Hooks, store=store, word=desk.hook_word)
    app.add_middleware(Hosts, names=reach.hosts, alone=reach.alone)
    app.add_middleware(Below, folder=reach.folder)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(reach.proxies))
    app.add_middleware(Headers)
    return app


class _Static(StaticFiles):
    """May be kept forever: pages ask for them by addresses that have their digest."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file."""
        if path == "scripts.js":
            response = Response(SCRIPTS, media_type="text/javascript")
        else:
            response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = f"public, {FOREVER}"
        return response

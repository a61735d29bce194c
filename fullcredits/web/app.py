"""The web application over a store and its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from fullcredits.store import Store
from fullcredits.web import errors, routes
from fullcredits.web.headers import Headers
from fullcredits.web.pictures import Pictures, picture

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_STATIC = Path(__file__).with_name("static")


def create_app(store: Store, pictures: Pictures, hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """The application; it answers only requests that name one of `hosts` as their host.

    Without that a page of some other site could have its own name point here and read ours.
    """
    # The interactive documentation of FastAPI loads its scripts from another site.
    app = FastAPI(title="Fullcredits", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store = store
    app.state.pictures = pictures
    routes.add_to(app)
    app.add_api_route(
        "/image/{image_id}/{width}.webp", picture, methods=["GET", "HEAD"], response_model=None
    )
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    errors.add_to(app)
    app.add_middleware(Headers)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app

"""What all routes are made with: how they get what they need, and how they answer.

Handlers are plain functions where they can be, so they run in threads: the store is synchronous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from fullcredits.pages.addresses import LARGEST_ID
from fullcredits.store import Connection
from fullcredits.web.forms import Form, submitted
from fullcredits.web.templating import html

Handler = TypeVar("Handler", bound=Callable[..., Any])


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
Number = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
Submitted = Annotated[Form, Depends(submitted)]


REFUSED = 422
"""For a page that is shown again because what was typed cannot be done. Never 5xx, whatever the
reason: proxies put pages of their own in place of those."""


class Routes:
    """Some routes that belong together."""

    def __init__(self) -> None:
        self.router = APIRouter(default_response_class=Response)

    def get(self, path: str) -> Callable[[Handler], Handler]:
        """A page."""
        return self.router.api_route(path, methods=["GET", "HEAD"], response_model=None)

    def post(self, path: str) -> Callable[[Handler], Handler]:
        """What the form of the page at the same path does; the form is always checked before."""
        return self.router.api_route(
            path, methods=["POST"], response_model=None, dependencies=[Depends(submitted)]
        )


def shown(request: Request, template: str, page: Page) -> Response:
    """The page, or a redirect to its own address: there are never two for one thing."""
    path = page.address.partition("?")[0]
    if unquote(path) != request.scope["path"]:
        query = request.url.query
        return RedirectResponse(f"{path}?{query}" if query else path, 302)
    return html(template, page, store=request.app.state.store)


def on_to(address: str) -> Response:
    """After something was done: the browser goes on to a page, which may be loaded again."""
    return RedirectResponse(address, 303)

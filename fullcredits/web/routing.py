"""What all routes are made with: how they get what they need, and how they answer.

Handlers are plain functions where they can be, so they run in threads: the store is synchronous.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
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


Db = Connection
"""A handler's `db`: one view of the database, for as long as it runs."""
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
        route = self.router.api_route(path, methods=["GET", "HEAD"], response_model=None)

        def add(handler: Handler) -> Handler:
            route(_with_database(handler))
            return handler

        return add

    def post(self, path: str) -> Callable[[Handler], Handler]:
        """What the form of the page at the same path does; the form is always checked before."""
        return self.router.api_route(
            path, methods=["POST"], response_model=None, dependencies=[Depends(submitted)]
        )


def _with_database(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, opening the database in the thread it runs in.

    As a dependency that would be done in threads of its own, which takes longer than most queries.
    """
    signature = inspect.signature(handler, eval_str=True)
    parameters = signature.parameters
    if "db" not in parameters:
        return handler

    @functools.wraps(handler)
    def reading(request: Request, **values: Any) -> Any:
        if "request" in parameters:
            values["request"] = request
        with request.app.state.store.reading() as db:
            return handler(db=db, **values)

    asked = [parameter for name, parameter in parameters.items() if name not in ("request", "db")]
    vars(reading)["__signature__"] = signature.replace(parameters=[_REQUEST, *asked])
    return reading


_REQUEST = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)


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

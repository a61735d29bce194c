"""What goes wrong, as a page: what happened and where to go from there."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from fullcredits.errors import FullcreditsError
from fullcredits.pages import Moved, addresses
from fullcredits.pages.parts import Link
from fullcredits.web.forms import Stale
from fullcredits.web.templating import html


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """An error, for whoever met it."""

    heading: str
    message: str
    status: int
    way: Link
    """Where to go from there."""
    address: str = ""
    """None: it is at whatever address was asked for."""


_HEADINGS = {401: "Signed out", 403: "Not allowed", 404: "Not here", 405: "Not like that"}
_MESSAGES = {
    404: "There is nothing at this address.",
    405: "This address cannot be used like that.",
    422: "This address makes no sense.",
}


def add_to(app: FastAPI) -> None:
    """Answer every kind of error with a page."""
    app.add_exception_handler(Moved, _moved)
    app.add_exception_handler(FullcreditsError, _explained)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _senseless)
    app.add_exception_handler(Stale, _stale)
    app.add_exception_handler(Exception, _unexpected)


def _moved(_: Request, error: Exception) -> Response:
    # 302, not 301: a merge can be undone, and the old address then means somebody again.
    assert isinstance(error, Moved)
    return RedirectResponse(error.address, 302)


def _explained(_: Request, error: Exception) -> Response:
    assert isinstance(error, FullcreditsError)
    return error_page(error.http_status, str(error))


def _of_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return error_page(error.status_code, _MESSAGES.get(error.status_code, error.detail))


def _senseless(_: Request, error: Exception) -> Response:
    return error_page(404, _MESSAGES[422])


def _unexpected(_: Request, error: Exception) -> Response:
    return error_page(500, "This is a fault in Fullcredits; its log says more.")


def _stale(_: Request, __: Exception) -> Response:
    return error_page(
        403,
        "This form was opened before you signed in or out, or in another browser: "
        "nothing was done. Open its page again and send it from there.",
    )


def error_page(status: int, message: str, way: Link | None = None) -> Response:
    """A page that says what is wrong, and leads on: to the front page, if nowhere else."""
    heading = _HEADINGS.get(status, "Something went wrong")
    way = way or Link("To the front page", addresses.at("/"))
    return html("error.html", ErrorPage(heading, message, status, way), status=status)

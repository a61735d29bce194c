"""The routes of the page "Servers".

A media server is asked in an event loop of the request's own thread, so that a slow one keeps
nobody else waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from fastapi import Request
from starlette.responses import Response

from fullcredits import pages
from fullcredits.errors import ConfigError, FullcreditsError
from fullcredits.model import USUAL_TRUST, Trust, Trusted
from fullcredits.pages import addresses
from fullcredits.setup import Desk, Joining, Step
from fullcredits.sources import AT_ONCE, certificates
from fullcredits.web.forms import Form
from fullcredits.web.keeping import keeping
from fullcredits.web.routing import REFUSED, Db, Routes, Submitted, on_to, shown
from fullcredits.web.servers import views
from fullcredits.web.servers.unfinished import Unfinished
from fullcredits.web.templating import html

routes = Routes()


@routes.get("/servers")
def servers(request: Request, db: Db) -> Response:
    """All servers, and how their last sync went."""
    return shown(request, "servers.html", pages.servers(db, keeping(request).trouble))


# Adding


@routes.get("/servers/add")
def add() -> Response:
    """Where the server is."""
    return html("server_add.html", views.add_page())


@routes.post("/servers/add")
def begin(request: Request, form: Submitted) -> Response:
    """Look for it there, or begin with the account at plex.tv."""
    joining = Joining(_desk(request), name=form["name"] or None)
    try:
        joining.limit(_limit(form))
        joining.link(form["link_address"])
        if form["how"] == "account":
            _done(joining.begin_pin())
        else:
            _done(joining.reach(form["address"], _trust(form)))
    except FullcreditsError as error:
        form = form.refused(error)
        return html("server_add.html", views.add_page(), form=form, status=REFUSED)
    return on_to(addresses.add_server(_unfinished(request).keep(joining)))


@routes.get("/servers/add/{number}")
def step(request: Request, number: str) -> Response:
    """What is to be answered next; a code is looked at, whether it was confirmed."""
    joining = _unfinished(request).find(number)
    before = joining.step
    if before is Step.CODE and joining.turn.acquire(blocking=False):
        try:
            _done(joining.look())
        except FullcreditsError as error:
            joining.trouble = str(error)
        finally:
            joining.turn.release()
    if "hx-request" in request.headers:
        # Asked again and again: nothing changes until it goes on, and then the whole page does.
        still = joining.step is before and not joining.trouble
        go_on = {"HX-Redirect": addresses.add_server(number)}
        return Response(status_code=204, headers={} if still else go_on)
    if joining.step is Step.DONE:
        return _finished(request, number, joining)
    form, joining.trouble = Form(error=joining.trouble), ""
    return _step(joining, number, form)


@routes.post("/servers/add/{number}")
def answered(request: Request, number: str, form: Submitted) -> Response:
    """The answer to that."""
    joining = _unfinished(request).find(number)
    try:
        with joining.turn:  # a button may be pressed twice
            if joining.step is not Step.DONE:
                _answer(joining, form)
    except FullcreditsError as error:
        return _step(joining, number, form.refused(error), REFUSED)
    if joining.step is Step.DONE:
        return _finished(request, number, joining)
    return on_to(addresses.add_server(number))


def _answer(joining: Joining, form: Form) -> None:
    key = form["key"] or None
    match form["how"]:
        case "accept" if joining.step is Step.CERTIFICATE:
            _done(joining.accept())
        case "account":
            _done(joining.begin_pin())
        case "quick" if joining.found is not None:
            _done(joining.begin_quick(key))
        case "stop":
            joining.stop()
        case "server":
            _done(joining.take(form["server"]))
        case _ if joining.found is None:
            raise ConfigError("this is answered already: go on from here")
        case _ if not form["user"] and not form["key"]:
            raise ConfigError("give a user name with its password, or an API key, or both")
        case _ if form["user"]:
            _done(joining.by_password(form["user"], form.secret("password"), key))
        case _:
            _done(joining.by_token(form["key"]))


# One server


@routes.get("/servers/{source_id}")
def server(request: Request, db: Db, source_id: int) -> Response:
    """How it stands."""
    return shown(request, "server.html", pages.server(db, source_id))


@routes.get("/servers/{source_id}/test")
def test(request: Request, source_id: int) -> Response:
    """Ask it who it is, what it holds, and what it can tell about people."""
    desk = _desk(request)
    row = desk.row(source_id)
    checked, error = None, ""
    try:
        checked = _done(desk.check(row.name))
    except FullcreditsError as trouble:
        error = str(trouble)
    added = "added" in request.query_params
    return html("server_test.html", views.test_page(row, checked, error, added=added))


@routes.get("/servers/{source_id}/change")
def change(request: Request, source_id: int) -> Response:
    """How it is reached."""
    page = views.change_page(_desk(request).row(source_id))
    return html(
        "server_change.html", page, form=Form({"address": page.where, "link_address": page.links})
    )


@routes.post("/servers/{source_id}/change")
def changed(request: Request, source_id: int, form: Submitted) -> Response:
    """Reach it otherwise, if it answers; what it need not be asked for is kept at once."""
    desk = _desk(request)
    row = desk.row(source_id)
    joining = Joining(desk, row, moves=True)
    try:
        joining.limit(_limit(form))
        joining.link(form["link_address"])
        kept = form["trust"] == "kept" and row.trust != USUAL_TRUST
        trust = row.trust if kept else _trust(form)
        if joining.stays_at(form["address"], trust):
            joining.keep()
            keeping(request).wake()
            return on_to(addresses.server(source_id))
        _done(joining.reach(form["address"], trust))
    except FullcreditsError as error:
        page = views.change_page(row)
        return html("server_change.html", page, form=form.refused(error), status=REFUSED)
    number = _unfinished(request).keep(joining)
    if joining.step is Step.DONE:
        return _finished(request, number, joining)
    return on_to(addresses.add_server(number))


@routes.post("/servers/{source_id}/sign-in")
def sign_in(request: Request, source_id: int) -> Response:
    """Begin to sign in again, or as a user beside a key."""
    desk = _desk(request)
    joining = Joining(desk, desk.row(source_id))
    joining.stay()
    return on_to(addresses.add_server(_unfinished(request).keep(joining)))


@routes.get("/servers/{source_id}/remove")
def removal(request: Request, db: Db, source_id: int) -> Response:
    """What would be lost."""
    return shown(request, "server_remove.html", pages.removal(db, source_id))


@routes.post("/servers/{source_id}/remove")
def remove(request: Request, source_id: int) -> Response:
    """Forget it."""
    desk = _desk(request)
    desk.remove(desk.row(source_id))
    keeping(request).wake()
    return on_to(addresses.servers())


def _step(joining: Joining, number: str, form: Form, status: int = 200) -> Response:
    page = views.step_page(joining, addresses.add_server(number))
    return html("server_step.html", page, form=form, status=status)


def _finished(request: Request, number: str, joining: Joining) -> Response:
    assert joining.checked is not None
    _unfinished(request).drop(number)
    keeping(request).wake()
    (row,) = _desk(request).rows([joining.checked.name])
    tested = addresses.server(row.id, "test")
    return on_to(tested if joining.row else f"{tested}?added=")


def _limit(form: Form) -> int | None:
    chosen = form["limit"]
    return int(chosen) or None if chosen in dict(views.limits(*AT_ONCE)) else None


def _trust(form: Form) -> Trust | None:
    """None: the usual, and to be asked where that is not enough. Raises ConfigError."""
    match form["trust"]:
        case "any":
            return Trust(Trusted.ANY)
        case "authority":
            return certificates.authorities_in(form["ca"])
        case _:
            return None


def _done(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _unfinished(request: Request) -> Unfinished:
    unfinished: Unfinished = request.app.state.unfinished
    return unfinished

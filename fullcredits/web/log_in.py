"""The password of the pages: giving it, changing it, and signing out."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from fullcredits import pages
from fullcredits.access import Entrance
from fullcredits.errors import ConfigError, Denied, FullcreditsError, Hasty
from fullcredits.pages import addresses
from fullcredits.web import visits
from fullcredits.web.forms import Form
from fullcredits.web.guard import LOG_IN
from fullcredits.web.routing import Routes, Submitted, on_to
from fullcredits.web.templating import html

routes = Routes()


@dataclass(frozen=True, slots=True)
class LogInPage:
    """Where the password is asked for."""

    address: str
    heading: str


@routes.get(LOG_IN)
def log_in(request: Request) -> Response:
    """Ask for the password, to go on to `next` then."""
    wanted = addresses.own(request.query_params.get("next", ""))
    visit = visits.current()
    if visit.session is not None or not visit.guarded:
        return on_to(wanted)
    return _asked(Form({"next": wanted}))


@routes.post(LOG_IN)
def logged_in(request: Request, form: Submitted) -> Response:
    """Take the password."""
    visit, wanted = visits.current(), addresses.own(form["next"])
    if visit.session is None and visit.guarded:
        agent = request.headers.get("user-agent", "")
        try:
            token = _entrance(request).sign_in(form.secret("password"), _from(request), agent)
        except Denied as error:
            return _refused(_asked(form.refused(error), error.http_status), error)
        visit.sign_in(token)
    return on_to(wanted)


@routes.post("/log-out")
def log_out(request: Request) -> Response:
    """Sign this browser out."""
    visit = visits.current()
    if visit.session is not None:
        _entrance(request).sign_out(visit.session.id)
    visit.sign_out()
    return on_to(addresses.at("/"))


@routes.get("/access")
def access(request: Request) -> Response:
    """The password, and who is signed in."""
    return _access(request, Form())


@routes.post("/access")
def change_password(request: Request, form: Submitted) -> Response:
    """Another password, or the first. Whoever has the new one only now is signed in from here."""
    visit, entrance = visits.current(), _entrance(request)
    new = form.secret("new")
    try:
        if new != form.secret("again"):
            raise ConfigError("the two new passwords are not the same")
        if visit.guarded:
            entrance.check(form.secret("password"), _from(request))
        entrance.set_password(new, visit.session.id if visit.session else None)
    except (ConfigError, Denied) as error:
        return _refused(_access(request, form.refused(error), error.http_status), error)
    if visit.session is None:
        agent = request.headers.get("user-agent", "")
        visit.sign_in(entrance.sign_in(new, _from(request), agent))
    return on_to(addresses.access())


@routes.post("/access/devices/{session_id}/log-out")
def log_out_device(request: Request, session_id: int) -> Response:
    """Sign another browser out."""
    _entrance(request).sign_out(session_id)
    return on_to(addresses.access())


@routes.post("/access/log-out-everywhere")
def log_out_everywhere(request: Request) -> Response:
    """Sign all browsers out, this one too."""
    _entrance(request).sign_out_everywhere()
    visits.current().sign_out()
    return on_to(addresses.at("/"))


def _asked(form: Form, status: int = 200) -> Response:
    page = LogInPage(addresses.at(LOG_IN), "Sign in")
    return html("log_in.html", page, form=form, status=status)


def _refused(answer: Response, error: FullcreditsError) -> Response:
    """Says when to try again, where that is known."""
    if isinstance(error, Hasty):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _access(request: Request, form: Form, status: int = 200) -> Response:
    session = visits.current().session
    with request.app.state.store.reading() as db:
        page = pages.access(db, session.id if session else None)
    return html("access.html", page, form=form, status=status)


def _entrance(request: Request) -> Entrance:
    entrance: Entrance = request.app.state.entrance
    return entrance


def _from(request: Request) -> str:
    return request.client.host if request.client else ""

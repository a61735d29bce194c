"""The routes on which an owner says who is who."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from fullcredits import pages
from fullcredits.errors import IdentityError, NotFound
from fullcredits.pages import addresses
from fullcredits.pages.addresses import LARGEST_ID, number_in
from fullcredits.store import Connection
from fullcredits.store.identity import held_by
from fullcredits.store.identity.decisions import newest_decision
from fullcredits.sync import owner
from fullcredits.sync.choosing import Choice, chosen
from fullcredits.sync.identify import identify_concerned
from fullcredits.web.forms import Form
from fullcredits.web.routing import REFUSED, Db, Number, PageNumber, Routes, Submitted, on_to, shown
from fullcredits.web.templating import html

routes = Routes()

Say = Callable[[Connection], int]

_MEANT = re.compile(r"(?:.*/person/)?(\d{1,10})(?:[-/?#].*)?", re.DOTALL)


@routes.get("/person/{ref}/identity")
def who(request: Request, db: Db, ref: str, number: PageNumber = 1) -> Response:
    """Who a person is, why, and all that can be said to it."""
    return shown(request, "identity.html", pages.identity(db, number_in(ref), number))


@routes.post("/person/{ref}/identity/merge")
def merge(request: Request, ref: str, form: Submitted) -> Response:
    """Say that somebody else is this person, too."""
    one = number_in(ref)
    return _said(
        request, one, form, lambda db: owner.merge(db, [one, _meant(form["other"])], form["reason"])
    )


@routes.post("/person/{ref}/identity/apart")
def apart(request: Request, ref: str, form: Submitted) -> Response:
    """Say that somebody else is not this person."""
    one = number_in(ref)
    return _said(
        request,
        one,
        form,
        lambda db: owner.keep_apart(db, one, _meant(form["other"]), form["reason"]),
    )


@routes.post("/person/{ref}/identity/split")
def split(request: Request, ref: str, form: Submitted) -> Response:
    """Some of this person's credits are somebody else's."""
    one = number_in(ref)

    def say(db: Connection) -> int:
        choices = pages.choices_in(form.values)
        if not choices:
            raise IdentityError("Choose what is somebody else's.")
        credits = chosen(db, held_by.today(db, one), [Choice(*choice) for choice in choices])
        whose = _meant(form["whose"]) if form["whose"] else None
        return owner.split(db, one, credits, whose, form["reason"])

    return _said(request, one, form, say)


@routes.post("/person/{ref}/identity/whole")
def whole(request: Request, ref: str, form: Submitted) -> Response:
    """Say that this person, who looks like several, is one."""
    one = number_in(ref)
    return _said(request, one, form, lambda db: owner.whole(db, one, form["reason"]))


@routes.post("/person/{ref}/identity/rename")
def rename(request: Request, ref: str, form: Submitted) -> Response:
    """Call this person by another name."""
    one = number_in(ref)
    return _said(request, one, form, lambda db: owner.rename(db, one, form["name"], form["reason"]))


@routes.post("/person/{ref}/identity/portrait")
def portrait(request: Request, ref: str, form: Submitted) -> Response:
    """Take one server's portrait of this person."""
    one = number_in(ref)

    def say(db: Connection) -> int:
        record = form["record"]
        chosen = int(record) if record.isdecimal() else 0
        return owner.choose_portrait(db, one, chosen, form["reason"])

    return _said(request, one, form, say)


@routes.get("/review")
def review(request: Request, db: Db, number: PageNumber = 1, decided: Number = None) -> Response:
    """Pairs of people who may be one."""
    return shown(request, "review.html", pages.review(db, number, decided or 0))


@routes.post("/review")
def decide(request: Request, form: Submitted) -> Response:
    """Accept or refuse such a pair."""
    one, other = _meant(form["one"]), _meant(form["other"])
    same = form["same"] == "yes"

    def say(db: Connection) -> int:
        if same:
            return owner.merge(db, [one, other], "proposed")
        return owner.keep_apart(db, one, other, "proposed")

    page = _page_in(form["page"])

    def goes_on(decided: int) -> str:
        if form["back"]:
            return addresses.own(form["back"])
        return addresses.review(page=page, decided=decided)

    return _done(request, form, say, goes_on, "review.html", pages.review)


@routes.get("/suspects")
def suspects(request: Request, db: Db, number: PageNumber = 1, decided: Number = None) -> Response:
    """People who look like several."""
    return shown(request, "suspects.html", pages.suspects(db, number, decided or 0))


@routes.post("/suspects")
def clear(request: Request, form: Submitted) -> Response:
    """Say that somebody who looks like several people is one."""
    one, page = _meant(form["person"]), _page_in(form["page"])

    def goes_on(decided: int) -> str:
        return addresses.suspects(page=page, decided=decided)

    def say(db: Connection) -> int:
        return owner.whole(db, one)

    return _done(request, form, say, goes_on, "suspects.html", pages.suspects)


@routes.get("/decisions")
def decisions(request: Request, db: Db, every: Annotated[str, Query(alias="all")] = "") -> Response:
    """What the owner decided."""
    return shown(request, "decisions.html", pages.decisions(db, every=bool(every)))


@routes.post("/decisions")
def undo(request: Request, form: Submitted) -> Response:
    """Take a decision back, and go on to where that was asked for."""
    number = form["number"]

    def say(db: Connection) -> int:
        return owner.take_back(db, int(number) if number.isdecimal() else 0)

    def goes_on(_: int) -> str:
        return addresses.own(form["back"]) if form["back"] else addresses.decisions()

    return _done(request, form, say, goes_on, "decisions.html", pages.decisions)


def _meant(text: str) -> int:
    """The number of a person, given by it or by the address of their page."""
    found = _MEANT.fullmatch(text)
    if found is None or not 0 < (number := int(found[1])) <= LARGEST_ID:
        raise IdentityError(
            "Give the address of the person's page, or the number in it: /person/12-a-name is 12."
        )
    return number


def _page_in(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) <= LARGEST_ID else 1


def _said(request: Request, person: int, form: Form, say: Say) -> Response:
    """Do it, and show who the person is then; an old number means whom it leads to."""
    with request.app.state.store.reading() as db:
        now = held_by.today(db, person)
        before = pages.identity(db, now)

    def page(db: Connection) -> pages.IdentityPage:
        return pages.identity(db, now)

    def say_once(db: Connection) -> int:
        newest = newest_decision(db)
        decision = say(db)
        if decision <= newest:
            raise IdentityError("You said so already; nothing new is made.", [decision])
        return decision

    return _done(request, form, say_once, lambda _: before.address, "identity.html", page)


def _done(
    request: Request,
    form: Form,
    say: Say,
    goes_on: Callable[[int], str],
    template: str,
    page: Callable[[Connection], Any],
) -> Response:
    """Do it and go on, as the decision's number says; what cannot be done shows the page again,
    and why.
    """
    store = request.app.state.store
    try:
        with store.writing() as db:
            decision = say(db)
    except (IdentityError, NotFound) as error:
        with store.reading() as db:
            against = pages.decisions_of(db, getattr(error, "decisions", ()))
            shown_again = page(db)
        refused = form.refused(error)
        return html(
            template, shown_again, form=refused, status=REFUSED, store=store, against=against
        )
    identify_concerned(store, decision)
    return on_to(goes_on(decision))

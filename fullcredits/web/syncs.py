"""The routes of the page "Sync"."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from fullcredits import pages
from fullcredits.errors import ConfigError, NotFound
from fullcredits.pages import addresses
from fullcredits.pages.runs import all_now
from fullcredits.pages.syncs import library_field
from fullcredits.store import Connection, Store, holds, schedules, sources
from fullcredits.store.alike import those
from fullcredits.store.plan import plan_named
from fullcredits.store.schedules import LibrarySchedule, Schedule
from fullcredits.web import visits
from fullcredits.web.forms import Form
from fullcredits.web.hooks import PATH
from fullcredits.web.keeping import keeping
from fullcredits.web.routing import REFUSED, Db, Routes, Submitted, on_to, shown
from fullcredits.web.templating import html, part

routes = Routes()

Change = Callable[[Schedule], Schedule]

LOOK = 1.0
"""Seconds between two looks whether there is something to tell."""
_LOOKS = 600
"""After so many the browser asks anew, and is let in again or not."""
_ALIVE = 15


@routes.get("/sync")
def sync(request: Request, db: Db) -> Response:
    """What runs, what came of it, what is next."""
    return shown(request, "sync.html", _page(request, db))


@routes.get("/sync/live")
async def live(request: Request) -> Response:
    """What changes of that page, as server-sent events: the new insides of its parts by id."""
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    visit, state = visits.current(), request.app.state
    stays = partial(state.entrance.stays, visit.token, guarded=visit.guarded)
    return StreamingResponse(
        _told(state.store, state.ending, stays),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _told(
    store: Store, ending: threading.Event, stays: Callable[[], bool]
) -> AsyncIterator[str]:
    """Ends when the program does, and when who looks on is signed out."""
    before: dict[str, str] = {}
    for turn in range(_LOOKS):
        present = await run_in_threadpool(_parts, store, stays)
        if present is None:
            return
        fresh = {name: text for name, text in present.items() if before.get(name) != text}
        if fresh:
            yield f"data: {json.dumps(fresh)}\n\n"
        elif turn % _ALIVE == 0:
            yield ": still here\n\n"
        before = present
        await asyncio.sleep(LOOK)
        if ending.is_set():
            return


def _parts(store: Store, stays: Callable[[], bool]) -> dict[str, str] | None:
    if not stays():
        return None
    with store.reading() as db:
        states = all_now(db, dt.datetime.now())
    return {f"now-{n}": part("sync_now.html", now) for n, now in states.items()}


@routes.post("/sync/{source_id}/now")
def sync_now(request: Request, source_id: int, form: Submitted) -> Response:
    """Compare everything, or read everything again, as soon as possible."""
    asked = "full" if form["what"] == "full" else "all"
    return _decide(request, source_id, lambda known: known._replace(asked=asked))


@routes.post("/sync/{source_id}/pause")
def pause(request: Request, source_id: int) -> Response:
    """Ask nothing of the server until it is taken back."""
    return _decide(request, source_id, Schedule.pausing)


@routes.post("/sync/{source_id}/resume")
def resume(request: Request, source_id: int) -> Response:
    """Take the pause back."""
    return _decide(request, source_id, lambda known: known._replace(paused=False))


@routes.post("/sync/{source_id}/again")
def again(request: Request, source_id: int, form: Submitted) -> Response:
    """Wish for a title that had a problem, which quiet hours let through as they do what is looked
    at; for everything where no title is meant, and in a pause, which wishes have to wait for.
    """
    with request.app.state.store.writing() as db:
        paused = schedules.schedule_of(db, source_id).paused
        wished = not paused and plan_named(db, source_id, [form["key"]])
    if wished:
        keeping(request).wake()
        return on_to(addresses.sync())
    return _decide(request, source_id, lambda known: known._replace(asked="all"))


@routes.post("/sync/{source_id}/believe")
def believe(request: Request, source_id: int, form: Submitted) -> Response:
    """What the server said and was held is true: a comparison puts all else in step with it."""
    with request.app.state.store.writing() as db:
        for hold in _holds_of(db, source_id, form):
            holds.accept(db, hold)
    return _decide(request, source_id, lambda known: known._replace(asked="all"))


@routes.post("/sync/{source_id}/keep")
def keep(request: Request, source_id: int, form: Submitted) -> Response:
    """What was known stays until the server says something else."""
    with request.app.state.store.writing() as db:
        sources.source_by_id(db, source_id)
        for hold in _holds_of(db, source_id, form):
            holds.refuse(db, hold)
    return on_to(addresses.sync())


def _holds_of(db: Connection, source_id: int, form: Form) -> list[int]:
    """The one that is meant, or those of a kind that were seen. Raises NotFound."""
    text, kind = form["hold"], form["kind"]
    found = []
    if text.isascii() and text.isdigit() and len(text) <= 15:
        found = those(holds.list_holds(db, source_id), kind, int(text)) if kind else [int(text)]
    if not found:
        raise NotFound("nothing like that is held any more")
    return found


@routes.get("/sync/{source_id}/schedule")
def schedule_page(request: Request, source_id: int) -> Response:
    """The form is on the page of all sources."""
    return on_to(addresses.sync())


@routes.post("/sync/{source_id}/schedule")
def schedule(request: Request, source_id: int, form: Submitted) -> Response:
    """When everything is compared, when nothing is asked, and how hard the server is worked."""
    store = request.app.state.store
    with store.reading() as db:
        libraries = schedules.library_schedules(db, source_id)
    try:
        own = {library: _own(form, library) for library in libraries}
        wanted = Schedule(
            every=_number(form, "every", "the hours between two comparisons", 0, 24 * 30) * 60,
            share=_number(form, "share", "the per cent of the server's time", 5, 100),
        ).quiet(form["quiet_from"], form["quiet_to"])
    except ConfigError as error:
        with store.reading() as db:
            page = _page(request, db)
        refused = Form({**form.values, "source": str(source_id)}).refused(error)
        return html("sync.html", page, form=refused, status=REFUSED)

    def change(known: Schedule) -> Schedule:
        return wanted._replace(paused=known.paused, asked=known.asked)

    with store.writing() as db:
        for library, every in own.items():
            schedules.set_library_schedule(db, library.id, every)
    return _decide(request, source_id, change)


def _own(form: Form, library: LibrarySchedule) -> int | None:
    """Minutes between two comparisons of a library; what the form does not have stays."""
    name = library_field(library.id)
    if name not in form.values:
        return library.every
    if not form[name].strip():
        return None
    return _number(form, name, f"the hours for “{library.name}”", 0, 24 * 30) * 60


def _page(request: Request, db: Connection) -> pages.SyncPage:
    word = request.app.state.desk.hook_word()
    hook = f"{request.url.scheme}://{request.url.netloc}{addresses.at(PATH + word)}"
    return pages.syncs(db, keeping(request).trouble, hook)


def _number(form: Form, name: str, what: str, least: int, most: int) -> int:
    text = form[name]
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ConfigError(f"{what} must be a whole number from {least} to {most}")
    return int(text)


def _decide(request: Request, source_id: int, change: Change) -> Response:
    """Keep another schedule. Raises NotFound."""
    with request.app.state.store.writing() as db:
        sources.source_by_id(db, source_id)
        schedules.set_schedule(db, source_id, change(schedules.schedule_of(db, source_id)))
    keeping(request).wake()
    return on_to(addresses.sync())

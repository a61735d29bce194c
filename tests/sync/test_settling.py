"""What a server is still writing is shown, and read again until it is the last word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Human, Stated, Work
from fullcredits.simulate.jellyfin import scanning as of_jellyfin
from fullcredits.simulate.plex import scanning as of_plex
from fullcredits.store.schema import media_items
from fullcredits.sync.settling import LATELY, SOON
from fullcredits.sync.watch import Summary
from tests.sync.household import asked
from tests.sync.scene import Scene
from tests.sync.twisting import asks_records, key_of, rows_of

MINUTE = dt.timedelta(minutes=1)


def _film(number: int, people: int = 30) -> Work:
    cast = tuple(
        Stated(
            Human(f"new-{n}", f"Newcomer {n}"), f"Newcomer {n}", "Acting", "Actor", f"Part {n}", n
        )
        for n in range(people)
    )
    return Work(f"new-{number}", "movie", f"New Film {number}", year=2001, credits=cast)


NEW = [_film(n) for n in range(4)]


class Scanned(Scene):
    """A server that was read while it was at rest, and that scans when told to."""

    def scan(self) -> Any:
        """A scan that finds the new films."""
        kinds = {SourceKind.PLEX: of_plex.Scan, SourceKind.JELLYFIN: of_jellyfin.Scan}
        return kinds[self.kind](self.library, NEW)

    def records(self, *, wanted: bool = False) -> tuple[Summary, int]:
        """Sync, perhaps because its owner wants it now; how many records were asked for."""
        with asked(self.server.app) as paths:
            summary = self.house.sync("Shelf", asked=wanted)
        assert (summary.state, summary.messages) == ("done", [])
        return summary, sum("/library/metadata/" in p or "&ids=" in p for p in paths)

    def people(self) -> int:
        """How many credits of the new films are stored."""
        query = select(func.sum(media_items.c.credit_count))
        count: int = self.house.rows(query.where(media_items.c.title.like("New Film%")))[0][0]
        return count


@pytest.fixture
def scanned(scene: Scene) -> Scanned:
    """At rest, and read."""
    found = Scanned(*scene)
    summary, _ = found.records()
    assert summary.unsettled == 0
    return found


def test_people_who_arrive_under_a_final_marker(scanned: Scanned) -> None:
    """Nobody at first, then some, then all: what there is is stored, and in the end all of it."""
    scan = scanned.scan()
    scan.begin()
    summary, _ = scanned.records()
    assert (summary.titles_new, summary.unsettled, scanned.people()) == (4, 4, 0)
    for film in NEW:
        scan.settle(film.id)
        scan.arrive(film.id, 7)
    scanned.later(MINUTE)
    summary, _ = scanned.records()
    assert (summary.unsettled, scanned.people()) == (4, 28)
    scan.finish()
    summary, _ = scanned.records()
    assert summary.unsettled == 4
    scanned.later(LATELY + MINUTE)
    summary, requests = scanned.records()
    assert (summary.unsettled, requests) == (0, 1)
    assert scanned.stored() == scanned.served()
    scanned.later(LATELY)
    assert scanned.records()[1] == 0
    assert scanned.stored() == scanned.served()


def test_a_torn_cast_is_whole_a_minute_later(scanned: Scanned) -> None:
    """No scan is to be seen, as with a token that may not know: the time alone says so."""
    scan = scanned.scan()
    scan.begin()
    scan.settle(NEW[0].id)
    scan.arrive(NEW[0].id, 5)
    _scan_unseen(scanned)
    scanned.records()
    assert 0 < scanned.people() < 30
    scan.arrive(NEW[0].id, 30)
    scanned.later(SOON)
    scanned.records()
    assert scanned.people() == 30


def _scan_unseen(scanned: Scanned) -> None:
    scanned.library.refreshing = scanned.library.scanning = False


def test_what_was_saved_long_ago_is_believed_at_once(scanned: Scanned) -> None:
    scanned.library.put(replace(scanned.library.item("film-001").work, credits=NEW[0].credits))
    scanned.later(LATELY + MINUTE)
    summary, requests = scanned.records()
    assert (summary.titles_changed, summary.unsettled, requests) == (1, 0, 1)
    scanned.later(dt.timedelta(hours=1))
    assert scanned.records()[1] == 0


def test_what_was_saved_just_now_is_read_once_more(scanned: Scanned) -> None:
    """A minute later, and when it was at rest for long enough; not by every sync between."""
    scanned.library.touch("film-001")
    assert scanned.records()[1] == 1
    assert scanned.records()[1] == 0
    scanned.later(SOON)
    summary, requests = scanned.records()
    assert (summary.unsettled, requests) == (1, 1)
    scanned.later(SOON)
    assert scanned.records()[1] == 0
    scanned.later(LATELY)
    summary, requests = scanned.records()
    assert (summary.unsettled, requests) == (0, 1)


def test_who_asks_for_a_sync_has_what_is_not_settled_read_again(scanned: Scanned) -> None:
    scanned.library.touch("film-001")
    title = scanned.library.item("film-001").work.title
    for wanted in (False, True, True):
        summary, requests = scanned.records(wanted=wanted)
        assert (summary.unsettled_titles, requests) == ([title], 1)
    scanned.later(LATELY + SOON)
    summary, requests = scanned.records(wanted=True)
    assert (summary.unsettled, requests) == (0, 1)


def test_a_run_that_goes_on_reads_nothing_twice(scanned: Scanned) -> None:
    """Its owner wants to know at once what a scan that goes on has come to."""
    scan = scanned.scan()
    scan.begin()
    scanned.fault(lambda r: Response(status_code=401) if asks_records(r) else None)
    assert scanned.sync().state == "failed"
    scanned.mend()
    with asked(scanned.server.app) as paths:
        assert scanned.house.sync("Shelf", asked=True).unsettled == len(NEW)
    records = [path for path in paths if "/library/metadata/" in path or "&ids=" in path]
    assert len(records) == len(set(records))


def test_a_long_scan_has_nothing_read_over_and_over(scanned: Scanned) -> None:
    scan = scanned.scan()
    scan.begin()
    scanned.records()
    asked_for = 0
    for _ in range(12):
        scanned.later(dt.timedelta(minutes=5))
        asked_for += scanned.records()[1]
    assert asked_for == 1  # once, a while after they were found
    scan.finish()
    scanned.later(LATELY + MINUTE)
    scanned.records()
    scanned.later(LATELY + MINUTE)
    assert scanned.records()[0].unsettled == 0
    assert scanned.stored() == scanned.served()


def test_two_edits_in_one_second(scanned: Scanned) -> None:
    """Plex marks a title with the second: the second edit leaves no mark, and is found."""
    library, film = scanned.library, scanned.library.item("film-001")
    library.touch("film-001")
    scanned.records()
    marked = film.updated if scanned.kind is SourceKind.PLEX else film.saved
    library.put(replace(film.work, credits=NEW[0].credits))
    if scanned.kind is SourceKind.PLEX:
        film.updated = marked
    else:
        film.saved = marked
    library.show_people("film-001", None)
    assert scanned.stored() != scanned.served()
    scanned.later(LATELY)
    scanned.records()
    assert scanned.stored() == scanned.served()


def test_a_marker_that_several_titles_share_is_none(scanned: Scanned) -> None:
    """On a Jellyfin. On a Plex titles refreshed together share a second, and that is a marker."""
    for film in ("film-001", "film-002"):
        item = scanned.library.item(film)
        scanned.library.touch(film)
        if scanned.kind is SourceKind.PLEX:
            item.updated = 1_700_000_000
        else:
            item.saved = 638_000_000_000_000_000
        scanned.library.show_people(film, _all_but_one(scanned, film))
    summary, requests = scanned.records()
    jellyfin = scanned.kind is SourceKind.JELLYFIN
    assert (summary.unsettled, requests) == (2 if jellyfin else 0, 1)
    for film in ("film-001", "film-002"):
        scanned.library.show_people(film, None)
    scanned.later(LATELY + MINUTE)
    summary, _ = scanned.records()
    assert summary.unsettled == 0
    assert (scanned.stored() == scanned.served()) is jellyfin


def _all_but_one(scanned: Scanned, film: str) -> int:
    """So many people that one is missing."""
    if scanned.kind is SourceKind.PLEX:
        kinds = scanned.library.people(scanned.library.item(film).key)
        return max(map(len, kinds.values())) - 1
    return len(scanned.library.people(scanned.library.item(film).id)) - 1


def test_a_title_without_a_marker_is_not_read_by_every_sync(scanned: Scanned) -> None:
    """It is believed when it was there for a while, and read when it gets a marker."""
    bare = scanned.key("film-001")
    has_marker = False

    def twist(_: Request, content: Any) -> None:
        for row in rows_of(content):
            if key_of(row) == bare and not has_marker:
                row.pop("updatedAt", None)
                row.pop("Etag", None)

    scanned.server.twist = twist
    assert scanned.records()[1] == 1
    scanned.later(SOON)
    assert scanned.records()[1] == 1
    scanned.later(LATELY)
    summary, requests = scanned.records()
    assert (summary.unsettled, requests) == (0, 1)
    scanned.later(LATELY)
    assert scanned.records()[1] == 0
    has_marker = True
    assert scanned.records()[1] == 1


def test_a_server_that_does_not_say_what_it_writes(scanned: Scanned) -> None:
    """Nothing is believed, everything is stored."""
    scanned.library.touch("film-001")

    def silent(request: Request) -> Response | None:
        path, query = request.url.path.lower(), request.url.query
        if path == "/scheduledtasks" or "minDateLastSavedForUser" in query:
            return Response(status_code=500) if "Person" not in query else None
        return None

    scanned.fault(silent)
    summary, requests = scanned.records()
    assert (summary.unsettled, requests) == (1, 1)


@pytest.mark.parametrize("scene", [SourceKind.JELLYFIN], indirect=True)
def test_a_token_that_may_not_know(scanned: Scanned) -> None:
    """A user who is no administrator: what was saved long ago is believed all the same."""
    closed = ("/scheduledtasks", "/library/virtualfolders")
    views = Response(
        content=(
            b'{"Items":[%s],"TotalRecordCount":2,"StartIndex":0}'
            % b",".join(
                b'{"Name":"%s","Id":"%s","CollectionType":"%s"}'
                % (v.name.encode(), v.id.encode(), v.collection.encode())
                for v in scanned.library.views
            )
        ),
        media_type="application/json",
    )
    user = Response(
        content=b'{"Id":"%s","Name":"kid"}' % (b"a" * 32), media_type="application/json"
    )

    def answer(request: Request) -> Response | None:
        path = request.url.path.lower()
        if path in closed:
            return Response(status_code=403)
        return {"/userviews": views, "/users/me": user}.get(path)

    scanned.fault(answer)
    scanned.library.touch("film-001")
    scanned.later(LATELY + MINUTE)
    summary, requests = scanned.records()
    assert (summary.unsettled, requests) == (0, 1)


def test_a_full_sync_believes_what_was_settled_even_during_a_scan(scanned: Scanned) -> None:
    scanned.scan().begin()
    with asked(scanned.server.app) as paths:
        summary = scanned.house.sync("Shelf", full=True)
    assert [path for path in paths if asks_records_in(path)]
    assert summary.unsettled == len(NEW)


def asks_records_in(path: str) -> bool:
    return "/library/metadata/" in path or "&ids=" in path

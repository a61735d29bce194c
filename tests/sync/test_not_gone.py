"""Nothing is called gone by half an answer, and nothing much at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from starlette.requests import Request

from fullcredits.model import SourceKind
from fullcredits.store.schema import media_items
from tests.sync.scene import FILMS, Scene, check_sentence
from tests.sync.twisting import asks_records, key_of, rows_of


def test_a_listing_shorter_than_it_says_makes_nothing_gone(scene: Scene) -> None:
    assert scene.sync().state == "done"
    before = scene.stored()
    hidden = {scene.key(f"film-{n:03}") for n in (3, 17, 30)}

    def twist(request: Request, content: Any) -> None:
        if not asks_records(request):
            rows_of(content)[:] = [row for row in rows_of(content) if key_of(row) not in hidden]

    scene.server.twist = twist
    assert scene.sync().titles_gone == 0
    assert (scene.gone(), scene.stored()) == (0, before)


def test_a_title_missing_in_a_listing_only_is_not_gone(scene: Scene) -> None:
    """The listing looks complete, but the title can still be read by its key."""
    assert scene.sync().state == "done"
    hidden = scene.key("film-003")

    def twist(request: Request, content: Any) -> None:
        kept = [row for row in rows_of(content) if key_of(row) != hidden]
        if asks_records(request) or len(kept) == len(rows_of(content)):
            return
        rows_of(content)[:] = kept
        holder = content.get("MediaContainer", content)
        total = "totalSize" if "totalSize" in holder else "TotalRecordCount"
        holder[total] -= 1

    scene.server.twist = twist
    assert scene.sync().titles_gone == 0
    assert scene.gone() == 0


def test_half_a_library_away_is_held(scene: Scene) -> None:
    """Kept and told; once they are back, or few, nothing is held any more."""
    assert scene.sync().state == "done"
    before, library = scene.stored(), scene.server.app.state.library
    works = [library.item(f"film-{n:03}").work for n in range(FILMS // 2)]
    for work in works:
        library.drop(work.id)
    for times in (1, 2):
        summary = scene.sync()
        assert (summary.state, summary.problems, summary.titles_gone) == ("partial", 1, 0)
        assert f"{FILMS // 2} of {FILMS} movies in Movies" in summary.messages[0]
        check_sentence(summary.messages[0])
        (problem,) = scene.house.problems("Shelf")
        assert (problem.phase, problem.times) == ("reconcile", times)
    assert (scene.gone(), scene.stored()) == (0, before)
    for work in works[2:]:
        library.put(work)
    if scene.kind is SourceKind.JELLYFIN:  # gives the old keys to what comes back
        assert scene.sync().state == "done"
        assert scene.house.problems("Shelf") == []
        assert scene.gone() == 2
        assert scene.stored() == scene.served()
    else:  # new keys, of the titles known before
        assert scene.sync().titles_new == FILMS // 2 - 2
        titles = select(func.count(media_items.c.title_id.distinct()))
        assert scene.house.rows(titles.where(media_items.c.kind == "movie")) == [(FILMS,)]

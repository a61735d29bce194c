"""What a server names while a run is under way is read by that run, and nothing heard is lost."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from sqlalchemy import Connection, func, select
from starlette.requests import Request

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, changes
from fullcredits.sources.jellyfin import client
from fullcredits.store.identity import person_facts
from fullcredits.store.plan import plan_named
from fullcredits.store.schema import media_items, media_people, source_people
from fullcredits.sync import fetch, live, news, stride
from fullcredits.sync.identify_people import decide_people
from fullcredits.sync.live import Ear, Heard
from fullcredits.sync.meanwhile import Meanwhile
from tests.sync.scene import Scene
from tests.sync.twisting import asks_records, keys_of


def _nobody(_: object) -> NoReturn:
    raise AssertionError("nobody listens by it")


class Listened:
    """A server that is listened to while it is read, title by title."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.records: list[str] = []
        """Keys of titles whose records were asked for."""
        self.asked: list[Request] = []
        self.ear: Ear | None = None

    def sync(self, *, small: bool = False, **how: Any) -> Any:
        """All of it, or what changed."""
        sync = self.scene.house.small if small else self.scene.house.sync
        self.scene.server.twist = lambda request, content: self.answer(request, content)
        summary = sync("Shelf", meanwhile=self._hears, **how)
        self._meanwhile.end()
        self.scene.server.twist = None
        return summary

    def then(self, request: int, key: str) -> None:
        """Called with the number of each answer and whose record it has, when that is made and not
        yet sent."""

    def tell(self, *changed: str, removed: str | None = None) -> None:
        """The server names what changed."""
        assert self.ear is not None
        self.ear.put_back(Heard(set(changed), {removed} if removed else set()))

    def heard(self) -> Heard:
        """What is left for a sync afterwards."""
        assert self.ear is not None
        return self.ear.take()

    def _hears(self) -> Meanwhile:
        self.ear = Ear(_nobody, None, lambda: None)  # type: ignore[arg-type]
        self._meanwhile = Meanwhile(self.ear)
        return self._meanwhile

    def answer(self, request: Request, content: Any) -> None:
        """An answer is made."""
        self.asked.append(request)
        if asks_records(request) and in_full(request):
            (key,) = keys_of(request)
            self.records.append(key)
            self.then(len(self.records), key)


@pytest.fixture
def listened(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Listened:
    """Title by title, and hints count at once."""
    monkeypatch.setattr(live, "QUIET", 0.0)
    monkeypatch.setattr(live, "MOST", 0.0)
    monkeypatch.setattr(fetch, "AHEAD", 0)
    one = stride.Stride(1.0, 1)
    monkeypatch.setattr(stride, "first", lambda pace: one)
    monkeypatch.setattr(stride.Stride, "after", lambda *_, **__: one)
    return Listened(scene)


def test_a_film_that_was_read_and_is_recast(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read next, and who is in it is decided at once."""
    scene, recast = listened.scene, []

    def then(request: int, key: str) -> None:
        if request == 20:
            changes.recast(scene.library, work_of(scene, listened.records[0]))
            listened.tell(listened.records[0])
            recast.append(listened.records[0])
        if request == 25:
            younger = media_people.c.credited_as.like("% the Younger")
            assert [
                row.person_id is None
                for row in scene.house.rows(media_people.select().where(younger))
            ] == [False]

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    again = [n for n, key in enumerate(listened.records, 1) if key == recast[0]]
    assert again[0] == 1
    assert 21 <= again[1] <= 23
    assert len(listened.records) == len(set(listened.records)) + 1
    assert scene.stored() == scene.served()
    assert not listened.heard()


def test_a_film_that_is_recast_after_it_was_given(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes was said before; it is read once more."""
    scene, recast = listened.scene, []
    monkeypatch.setattr(fetch, "AHEAD", 2**20)

    def then(request: int, key: str) -> None:
        if request == 10:
            changes.recast(scene.library, work_of(scene, key))
            listened.tell(key)
            recast.append(key)

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert listened.records.count(recast[0]) == 2
    assert scene.stored() == scene.served()
    assert not listened.heard()


def test_the_last_film_is_recast_after_it_was_given(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is late for this run is not for the next."""
    scene = listened.scene
    listened.sync()
    whole = len(listened.records)
    listened.records.clear()

    def then(request: int, key: str) -> None:
        if request == whole:
            changes.recast(scene.library, work_of(scene, key))
            listened.tell(key)

    monkeypatch.setattr(listened, "then", then)
    listened.sync(full=True)
    left = listened.heard()
    scene.house.small("Shelf", changed=sorted(left.changed))
    assert scene.stored() == scene.served()


def test_a_film_whose_turn_comes_anyway(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan names all: who was never read waits as before, and nobody is read twice."""

    def then(request: int, key: str) -> None:
        if request == 10:
            everything = {listened.scene.key(i.work.id) for i in items(listened.scene)}
            listened.tell(*everything - set(listened.records))

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert len(listened.records) == len(set(listened.records))
    scene = listened.scene
    kinds = {scene.key(item.work.id): item.work.kind for item in items(scene)}
    parts = [kinds[key] in ("season", "episode") for key in listened.records]
    assert parts == sorted(parts)
    assert not listened.heard()


def test_a_new_film_is_read_next(
    listened: Listened, invented: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, added = listened.scene, []

    def then(request: int, key: str) -> None:
        if request == 10:
            scene.library.put(invented.works["film-100"])
            added.append(scene.key("film-100"))
            listened.tell(*added)

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert added[0] in listened.records[10:13]
    assert scene.stored() == scene.served()
    assert not listened.heard()


def test_a_film_that_is_gone_goes_at_once(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, gone = listened.scene, media_items.c.gone_since.is_not(None)

    def then(request: int, key: str) -> None:
        if request == 10:
            changes.delete(scene.library, work_of(scene, listened.records[0]))
            listened.tell(removed=listened.records[0])
        if request == 15:
            keys = [row.key for row in scene.house.rows(media_items.select().where(gone))]
            assert keys == [listened.records[0]]

    monkeypatch.setattr(listened, "then", then)
    summary = listened.sync()
    assert (summary.state, summary.titles_gone) == ("done", 1)
    assert scene.stored() == scene.served()
    assert not listened.heard()


def test_a_film_that_is_gone_and_whose_record_is_on_its_way_is_left(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = listened.scene

    def then(request: int, key: str) -> None:
        if request == 10:
            changes.delete(scene.library, work_of(scene, key))
            listened.tell(removed=key)

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    left = listened.heard()
    assert left == Heard(set(), {listened.records[9]})
    scene.house.small("Shelf", removed=sorted(left.removed))
    assert scene.stored() == scene.served()


@pytest.mark.parametrize("scene", [SourceKind.JELLYFIN], indirect=True)
def test_what_is_no_title_is_asked_for_once(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = nothing(listened.scene)

    def then(request: int, key: str) -> None:
        if request == 10:
            listened.tell(stranger)

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert sum(stranger in str(request.url) for request in listened.asked) == 1
    assert not listened.heard()


@pytest.mark.parametrize("scene", [SourceKind.JELLYFIN], indirect=True)
def test_news_while_all_is_listed_waits(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be on the next page."""
    answer, stranger = listened.answer, nothing(listened.scene)

    def then(request: Request, content: Any) -> None:
        answer(request, content)
        if lists(request):
            listened.tell(stranger)

    monkeypatch.setattr(listened, "answer", then)
    assert listened.sync().state == "done"
    about = [n for n, r in enumerate(listened.asked) if stranger in str(r.url)]
    listed = [n for n, request in enumerate(listened.asked) if lists(request)]
    assert about[0] > listed[-1]


@pytest.mark.parametrize("many", [True, False])
def test_what_a_run_has_no_time_for_is_left(
    listened: Listened, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    """A scan names everything; and to place a title may take long."""
    first = int(nothing(listened.scene), 16)
    keys = [f"{first + n:x}" for n in range(news.MOST + 1 if many else 2)]
    monkeypatch.setattr(news, "REST", 1e9)

    def then(request: int, key: str) -> None:
        if many and request == 10:
            listened.tell(*keys)
        elif not many and request in (10, 15):
            listened.tell(keys[request == 15])

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert listened.heard() == Heard(set(keys if many else keys[1:]), set())


def test_news_that_the_server_breaks_on_is_left(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = listened.scene
    stranger = nothing(scene)
    scene.server.app.state.faults.script("broken", f"*{stranger}*")

    def then(request: int, key: str) -> None:
        if request == 10:
            listened.tell(stranger)

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert listened.heard() == Heard({stranger}, set())


def test_a_film_that_is_recast_while_all_is_listed(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read between two pages of the lists."""
    scene = listened.scene
    listened.sync()
    film, answer = listened.records[0], listened.answer
    listened.asked.clear()
    recast: list[int] = []

    def then(request: Request, content: Any) -> None:
        answer(request, content)
        if lists(request) and not recast:
            recast.append(len(listened.asked))
            changes.recast(scene.library, work_of(scene, film))
            listened.tell(film)

    monkeypatch.setattr(listened, "answer", then)
    listened.records.clear()
    assert listened.sync().state == "done"
    again = [n for n, r in enumerate(listened.asked) if asks_records(r) and film in keys_of(r)]
    listed = [n for n, request in enumerate(listened.asked) if lists(request)]
    assert recast[0] <= again[0] < listed[-1]
    assert scene.stored() == scene.served()


def test_a_page_that_is_opened_while_a_small_sync_decides_who_is_who(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first sync that broke off may leave much to decide."""
    scene = listened.scene
    listened.sync()
    first, second = listened.records[:2]
    listened.records.clear()
    undecided = source_people.c.undecided
    with scene.house.store.writing() as db:
        db.execute(source_people.update().values(undecided=True))
    monkeypatch.setattr(person_facts, "PORTION", 10)
    left: list[int] = []

    def opened(db: Connection) -> bool:
        if not left:
            plan_named(db, 1, [second])
        left.append(db.execute(select(func.count()).where(undecided)).scalar_one())
        return decide_people(db)

    def then(request: int, key: str) -> None:
        if key == second:
            waiting = select(func.count()).where(undecided)
            assert 10 < scene.house.rows(waiting)[0][0] < left[0]

    monkeypatch.setattr("fullcredits.sync.identify.decide_people", opened)
    monkeypatch.setattr(listened, "then", then)
    assert listened.sync(small=True, changed={first}).state == "done"
    assert listened.records == [first, second]
    assert scene.house.rows(select(source_people.c.id).where(undecided)) == []


@pytest.mark.parametrize("scene", [SourceKind.JELLYFIN], indirect=True)
def test_a_film_that_is_recast_while_persons_are_read(
    listened: Listened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read between two pages of their list."""
    scene = listened.scene
    monkeypatch.setattr(client, "_PAGE", 20)
    listened.sync()
    film, answer = listened.records[0], listened.answer
    listened.asked.clear()
    recast: list[int] = []

    def then(request: Request, content: Any) -> None:
        answer(request, content)
        if of_persons(request) and not recast:
            recast.append(len(listened.asked))
            changes.recast(scene.library, work_of(scene, film))
            listened.tell(film)

    monkeypatch.setattr(listened, "answer", then)
    assert listened.sync(full=True).state == "done"
    again = [n for n, r in enumerate(listened.asked) if asks_records(r) and film in keys_of(r)]
    listed = [n for n, request in enumerate(listened.asked) if of_persons(request)]
    assert recast[0] <= again[-1] < listed[-1]
    assert scene.stored() == scene.served()


def nothing(scene: Scene) -> str:
    """A key under which the server has nothing."""
    return "1" * (8 if scene.kind is SourceKind.PLEX else 32)


def in_full(request: Request) -> bool:
    """Whether records are asked for, and not only whether titles are there, or where."""
    asked = request.query_params
    return "includeGuids" in asked or "People" in asked.get("fields", "")


def lists(request: Request) -> bool:
    """Whether titles of a library are listed."""
    return request.url.path.endswith("/all") or (
        "parentId" in request.query_params and "ids" not in request.query_params
    )


def of_persons(request: Request) -> bool:
    """Whether persons are listed."""
    return request.query_params.get("includeItemTypes") == "Person"


def items(scene: Scene) -> list[Any]:
    """What the server holds."""
    return list(scene.library.items.values())


def work_of(scene: Scene, key: str) -> str:
    """The work that has a key on its server."""
    found: str
    (found,) = (
        work
        for work in (item.work.id for item in scene.library.items.values())
        if scene.key(work) == key
    )
    return found

"""What a server names while a run is under way is read by that run, and nothing heard is lost."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from starlette.requests import Request

from fullcredits.model import SourceKind
from fullcredits.simulate import changes
from fullcredits.sources.jellyfin import client
from fullcredits.store.schema import media_people
from fullcredits.sync import fetch, live, stride
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

    def sync(self, **how: Any) -> Any:
        """All of it."""
        self.scene.server.twist = lambda request, content: self.answer(request, content)
        summary = self.scene.house.sync("Shelf", meanwhile=self._hears, **how)
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
        if asks_records(request):
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


def test_what_is_new_or_gone_is_left(listened: Listened, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the small sync afterwards."""

    def then(request: int, key: str) -> None:
        if request == 10:
            listened.tell("1" * 32, removed=key)

    monkeypatch.setattr(listened, "then", then)
    assert listened.sync().state == "done"
    assert listened.heard() == Heard({"1" * 32}, {listened.records[9]})


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

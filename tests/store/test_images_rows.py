from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from fullcredits.store.engine import Store
from fullcredits.store.images import image_by_id, image_ids, mark_failed, mark_fetched
from fullcredits.store.schema import images, sources
from fullcredits.store.sources import now


@pytest.fixture
def source_ids(store: Store) -> list[int]:
    rows = [
        {"name": name, "kind": "plex", "address": "http://x", "secret": b"", "added_at": now()}
        for name in ("one", "two")
    ]
    with store.writing() as db:
        db.execute(insert(sources), rows)
        return list(db.execute(select(sources.c.id).order_by(sources.c.id)).scalars())


def test_ids_are_made_once_and_found_again(store: Store, source_ids: list[int]) -> None:
    with store.writing() as db:
        first = image_ids(db, source_ids[0], ["/a", "/b"])
    with store.writing() as db:
        second = image_ids(db, source_ids[0], ["/b", "/c", "/a"])
    assert list(first) == ["/a", "/b"]
    assert second == first | {"/c": second["/c"]}
    assert len(set(second.values())) == 3


def test_the_same_ref_on_two_sources_is_two_pictures(store: Store, source_ids: list[int]) -> None:
    with store.writing() as db:
        assert image_ids(db, source_ids[0], ["/a"]) != image_ids(db, source_ids[1], ["/a"])


def test_no_refs_ask_nothing(store: Store, source_ids: list[int]) -> None:
    with store.reading() as db:
        assert image_ids(db, source_ids[0], []) == {}


def test_more_refs_than_a_statement_carries(store: Store, source_ids: list[int]) -> None:
    refs = [f"https://pictures.invalid/{number}.jpg" for number in range(25_000)]
    with store.writing() as db:
        ids = image_ids(db, source_ids[0], refs)
        assert len(set(ids.values())) == len(refs)
        assert db.execute(select(func.count()).select_from(images)).scalar_one() == len(refs)
        assert image_ids(db, source_ids[0], refs) == ids


def test_what_became_of_a_picture(store: Store, source_ids: list[int]) -> None:
    with store.writing() as db:
        image_id = image_ids(db, source_ids[0], ["/a"])["/a"]
        assert image_by_id(db, image_id) == (image_id, source_ids[0], "/a", *[None] * 5)
        mark_failed(db, image_id, "gone")
        failed = image_by_id(db, image_id)
        assert failed is not None
        assert (failed.state, failed.digest) == ("gone", None)
        assert failed.tried_at is not None
        mark_fetched(db, image_id, "d" * 64, 640, 480)
        fetched = image_by_id(db, image_id)
        assert fetched is not None
        assert fetched[3:4] + fetched[5:] == ("ok", "d" * 64, 640, 480)
        assert image_by_id(db, image_id + 1) is None

from __future__ import annotations

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fullcredits.errors import StoreError
from fullcredits.images.cache import SPARE, Cache

MUCH = 10**9
BLOCK = 4096
LONG_AGO = 1_000_000_000


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def put(cache: Cache, name: str, size: int = 100) -> str:
    cache.put(digest(name), {120: name.encode() * size})
    return digest(name)


def ahead(cache: Cache, name: str, worth: int, size: int = 100) -> bool:
    return cache.put_ahead(digest(name), {120: b"x" * size}, worth)


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def on_disk(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in files(folder))


def looked_at(folder: Path, name: str, hours_ago: float) -> None:
    (path,) = (p for p in files(folder / "looked") if p.parent.name + p.name == digest(name))
    at = time.time() - hours_ago * 3600
    os.utime(path, (at, at))


def test_what_is_put_is_there_after_a_restart(tmp_path: Path) -> None:
    cache = Cache(tmp_path, MUCH)
    cache.put(digest("a"), {120: b"small", 480: b"larger"})
    assert cache.look(digest("a"), 480) == b"larger"
    again = Cache(tmp_path, MUCH)
    assert again.look(digest("a"), 120) == b"small"
    assert again.holds(digest("a"))
    assert again.look(digest("b"), 120) is None
    assert not again.holds(digest("b"))


@pytest.mark.parametrize(
    ("asked", "given"), [(120, b"120"), (240, b"480"), (480, b"480"), (960, b"960"), (1600, b"960")]
)
def test_the_next_larger_width_stands_for_one_that_was_not_made(
    tmp_path: Path, asked: int, given: bytes
) -> None:
    cache = Cache(tmp_path, MUCH)
    cache.put(digest("a"), {960: b"960", 120: b"120", 480: b"480"})
    assert cache.look(digest("a"), asked) == given


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\n",
        b"120:5",
        b"120:5\nshor",
        b"120:5 999999999:9\nshort",
        b"120:-5\nshort",
        b"x" * 1000,
        b"\x00" * 50,
    ],
)
def test_a_file_that_the_disk_damaged_goes(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path, MUCH)
    put(cache, "a")
    (path,) = files(tmp_path)
    path.write_bytes(damage)
    assert cache.look(digest("a"), 120) is None
    assert files(tmp_path) == []
    assert not cache.holds(digest("a"))


def test_what_was_looked_at_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 3 * BLOCK)
    for name, hours in (("old", 30), ("used", 40), ("new", 20)):
        put(cache, name)
        looked_at(tmp_path, name, hours)
    cache.recount()
    assert cache.look(digest("used"), 120) is not None  # this is a look
    put(cache, "another")
    assert not cache.holds(digest("old"))
    assert all(cache.holds(digest(name)) for name in ("used", "new", "another"))


def test_what_another_process_looked_at_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 2 * BLOCK)
    put(cache, "a")
    put(cache, "b")
    looked_at(tmp_path, "a", 50)
    looked_at(tmp_path, "b", 40)
    cache.recount()
    assert Cache(tmp_path, MUCH).look(digest("a"), 120) is not None
    put(cache, "c")
    assert cache.holds(digest("a"))
    assert not cache.holds(digest("b"))


def test_what_another_process_removed_counts_no_more(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 2 * BLOCK)
    put(cache, "a")
    put(cache, "b")
    Cache(tmp_path, BLOCK).recount()  # it holds a smaller budget
    put(cache, "c")
    put(cache, "d")
    assert on_disk(tmp_path) <= 2 * BLOCK
    assert cache.held.looked_at == 2


def test_the_budget_holds_after_a_restart_and_when_it_shrinks(tmp_path: Path) -> None:
    for number in range(20):
        put(Cache(tmp_path, 5 * BLOCK), f"{number}")
    assert on_disk(tmp_path) == 5 * BLOCK
    Cache(tmp_path, 2 * BLOCK).recount()
    assert on_disk(tmp_path) == 2 * BLOCK


def test_a_picture_larger_than_the_budget_is_still_given(tmp_path: Path) -> None:
    cache = Cache(tmp_path, BLOCK)
    put(cache, "large", 10_000)
    assert cache.look(digest("large"), 120) is not None


def test_what_a_crash_left_unfinished_goes(tmp_path: Path) -> None:
    left, fresh = (tmp_path / "looked" / "ab" / name for name in (".x1y2", ".z3"))
    left.parent.mkdir(parents=True)
    left.write_bytes(b"?" * 900)
    fresh.write_bytes(b"?")
    os.utime(left, (LONG_AGO, LONG_AGO))
    cache = Cache(tmp_path, MUCH)
    cache.recount()
    assert not left.exists()
    assert fresh.exists(), "somebody is writing it"
    assert cache.held.looked_at == 0


def test_reading_seldom_writes(tmp_path: Path) -> None:
    cache = Cache(tmp_path, MUCH)
    put(cache, "a")
    looked_at(tmp_path, "a", 0.5)
    (path,) = files(tmp_path)
    before = path.stat().st_mtime
    cache.look(digest("a"), 120)
    assert path.stat().st_mtime == before


# Fetched ahead


def test_the_first_look_makes_it_looked_at(tmp_path: Path) -> None:
    cache = Cache(tmp_path, MUCH)
    assert ahead(cache, "a", worth=LONG_AGO)
    assert cache.held[:2] == (0, 1)
    assert cache.look(digest("a"), 120) == b"x" * 100
    assert cache.held[:2] == (1, 0)
    assert time.time() - files(tmp_path)[0].stat().st_mtime < 100
    assert ahead(cache, "a", worth=LONG_AGO), "it is there"
    assert cache.held[:2] == (1, 0)


def test_what_is_fetched_ahead_removes_nothing_that_was_looked_at(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 2 * BLOCK)
    put(cache, "a")
    put(cache, "b")
    looked_at(tmp_path, "a", 100_000)
    cache.recount()
    assert not ahead(cache, "c", worth=int(time.time()))
    assert cache.holds(digest("a"))
    assert not cache.holds(digest("c"))


def test_what_is_looked_at_removes_what_was_fetched_ahead_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 3 * BLOCK)
    put(cache, "a")
    looked_at(tmp_path, "a", 100_000)
    ahead(cache, "dear", worth=LONG_AGO + 2)
    ahead(cache, "cheap", worth=LONG_AGO + 1)
    put(cache, "b")
    assert not cache.holds(digest("cheap"))
    put(cache, "c")
    assert not cache.holds(digest("dear"))
    assert cache.holds(digest("a"))
    put(cache, "d")
    assert not cache.holds(digest("a"))


def test_what_is_worth_more_takes_the_place_of_what_is_worth_less(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 2 * BLOCK)
    ahead(cache, "a", worth=10)
    ahead(cache, "b", worth=20)
    assert not ahead(cache, "c", worth=10), "as much is not more"
    assert ahead(cache, "d", worth=15)
    assert not cache.holds(digest("a"))
    assert cache.holds(digest("b"))


def test_nothing_goes_for_what_does_not_fit_even_then(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 2 * BLOCK)
    ahead(cache, "a", worth=10)
    ahead(cache, "b", worth=20)
    assert not ahead(cache, "large", worth=15, size=2 * BLOCK - 100)
    assert cache.held.ahead == 2


def test_a_picture_may_become_worth_more(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 2 * BLOCK)
    ahead(cache, "a", worth=10)
    ahead(cache, "b", worth=20)
    cache.holds(digest("a"), worth=30)
    cache.holds(digest("a"), worth=5)
    assert ahead(cache, "c", worth=25)
    assert cache.holds(digest("a"))
    assert not cache.holds(digest("b"))


def test_there_is_room_where_the_largest_fits(tmp_path: Path) -> None:
    cache = Cache(tmp_path, SPARE + 10 * BLOCK)
    for number in range(10):
        assert cache.room_for(1)
        ahead(cache, f"{number}", worth=5)
    ahead(cache, "one more", worth=5)
    assert not cache.room_for(5)
    assert cache.room_for(6)


# Trouble


def test_many_threads(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 20 * BLOCK)

    def use(number: int) -> None:
        ahead(cache, f"{number % 50}", worth=number)
        put(cache, f"{number % 40}")
        cache.look(digest(f"{number % 50}"), 120)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(400)))
    assert on_disk(tmp_path) <= 20 * BLOCK
    assert cache.held.taken == on_disk(tmp_path)
    assert not list(tmp_path.rglob(".*"))


def test_a_folder_that_cannot_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"picture cache in .*file cannot be used"):
        put(Cache(tmp_path / "file", MUCH), "picture")
    with pytest.raises(StoreError, match="picture cache"):
        Cache(tmp_path / "file", MUCH).look("a" * 64, 120)

from __future__ import annotations

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fullcredits.errors import StoreError
from fullcredits.images.cache import Cache

MUCH = 10**9


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def age(path: Path | None, hours: float) -> None:
    assert path is not None
    at = time.time() - hours * 3600
    os.utime(path, (at, at))


def test_files_are_named_by_the_content_of_the_original(tmp_path: Path) -> None:
    cache = Cache(tmp_path, MUCH)
    digest = cache.put_original(b"picture")
    path = cache.put_resized(digest, 480, b"small")
    assert digest == hashlib.sha256(b"picture").hexdigest()
    assert path.read_bytes() == b"small"
    assert files(tmp_path) == [
        f"{digest[:2]}/{digest[2:]}/480.webp",
        f"{digest[:2]}/{digest[2:]}/original",
    ]


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "not made yet", MUCH)
    assert cache.original("a" * 64) is None
    assert cache.resized("a" * 64, 480) is None


def test_a_restart_finds_everything(tmp_path: Path) -> None:
    digest = Cache(tmp_path, MUCH).put_original(b"picture")
    found = Cache(tmp_path, MUCH).original(digest)
    assert found is not None
    assert found.read_bytes() == b"picture"


def test_a_forgotten_original_is_gone_and_its_widths_are_not(tmp_path: Path) -> None:
    cache = Cache(tmp_path, MUCH)
    digest = cache.put_original(b"picture")
    cache.put_resized(digest, 480, b"small")
    cache.forget_original(digest)
    assert cache.original(digest) is None
    assert cache.resized(digest, 480) is not None


def test_what_was_used_least_recently_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    old, used, new = (cache.put_original(bytes([number]) * 300) for number in range(3))
    age(cache.original(old), hours=30)
    age(cache.original(used), hours=40)
    age(cache.original(new), hours=20)
    assert cache.original(used) is not None  # this is a use
    cache.put_original(b"?" * 300)
    assert cache.original(old) is None
    assert cache.original(used) is not None
    assert cache.original(new) is not None


def test_empty_folders_go_too(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    age(cache.original(cache.put_original(b"a" * 900)), hours=2)
    cache.put_original(b"b" * 900)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_budget_holds_after_a_restart(tmp_path: Path) -> None:
    for number in range(20):
        Cache(tmp_path, 1000).put_original(bytes([number]) * 100)
    assert sum(p.stat().st_size for p in tmp_path.rglob("original")) <= 1000


def test_a_picture_larger_than_the_budget_is_still_given(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 10)
    digest = cache.put_original(b"larger than the budget")
    assert cache.original(digest) is not None


def test_what_a_crash_left_unfinished_counts_and_goes(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    left = tmp_path / "ab" / "cd" / ".original.x1y2"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"?" * 900)
    age(left, hours=5)
    cache.put_original(b"a" * 200)
    assert not left.exists()


def test_reading_seldom_writes(tmp_path: Path) -> None:
    cache = Cache(tmp_path, MUCH)
    path = cache.original(cache.put_original(b"picture"))
    age(path, hours=0.5)
    assert path is not None
    before = path.stat().st_mtime
    cache.original(hashlib.sha256(b"picture").hexdigest())
    assert path.stat().st_mtime == before


def test_many_threads(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 5000)

    def use(number: int) -> None:
        digest = cache.put_original(bytes([number % 50]) * 400)
        cache.put_resized(digest, 120, b"small")
        cache.original(digest)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(400)))
    assert sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) <= 5000
    assert not list(tmp_path.rglob(".*"))


def test_a_folder_that_cannot_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"picture cache in .*file cannot be used"):
        Cache(tmp_path / "file", MUCH).put_original(b"picture")
    with pytest.raises(StoreError, match="picture cache"):
        Cache(tmp_path / "file", MUCH).original("a" * 64)

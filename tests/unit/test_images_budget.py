"""Whatever is looked at and fetched in whatever order, the cache keeps its promises."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fullcredits.images.cache import SPARE, Cache

BLOCK = 4096
BUDGET = SPARE + 8 * BLOCK
NAMES = st.integers(0, 30)
WORTHS = st.integers(0, 1000)


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def size(number: int) -> int:
    """Of one to thirty blocks, the same for a picture whenever it comes."""
    return (1 + number) * BLOCK - 100


class Viewing(RuleBasedStateMachine):
    """A model beside the cache: what was looked at, in order, and what was fetched ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="fullcredits-cache-"))
        self.cache = Cache(self.folder, BUDGET)
        self.looks = 0
        self.last_look: dict[int, int] = {}

    def held(self) -> set[int]:
        return {n for n in range(31) if self.cache.holds(digest(n))}

    @rule(number=NAMES)
    def look(self, number: int) -> None:
        """As a page does: from the cache, else fetched and put there."""
        before = self.held()
        if self.cache.look(digest(number), 120) is None:
            assert number not in before
            self.cache.put(digest(number), {120: b"x" * size(number)})
        self.looks += 1
        self.last_look[number] = self.looks
        # The clock of a file system is too coarse to tell looks of a moment apart.
        self.cache._looked.date(digest(number), 2_000_000_000 + self.looks)
        after = self.held()
        assert number in after
        gone = before - after
        kept = {n for n in after if n in self.last_look}
        for lost in gone & self.last_look.keys():
            assert all(self.last_look[n] > self.last_look[lost] for n in kept - {number})
            assert not any(n not in self.last_look for n in after), "the unseen go first"
            del self.last_look[lost]

    @rule(number=NAMES, worth=WORTHS)
    def fetch_ahead(self, number: int, worth: int) -> None:
        before = self.held()
        worths = {n: self.cache._ahead.at(digest(n)) for n in before}
        room = self.cache.room_for(worth)
        came = self.cache.put_ahead(digest(number), {120: b"x" * size(number)}, worth)
        after = self.held()
        assert came or not room, "nothing is fetched only to find that it does not fit"
        assert came == (number in after)
        for lost in before - after:
            assert lost not in self.last_look
            assert (worths[lost] or 0) < worth

    @precondition(lambda self: self.looks < 50)
    @rule(wishes=st.dictionaries(NAMES, WORTHS))
    def fetch_all_twice(self, wishes: dict[int, int]) -> None:
        """The second time there is nothing to do, however little fits."""

        def go() -> list[int]:
            fetched = []
            for number, worth in sorted(wishes.items(), key=lambda wish: -wish[1]):
                if not self.cache.holds(digest(number), worth) and self.cache.room_for(worth):
                    self.cache.put_ahead(digest(number), {120: b"x" * size(number)}, worth)
                    fetched.append(number)
            return fetched

        seen = self.held() & self.last_look.keys()
        go()
        go()
        before = self.held()
        assert go() == []
        assert self.held() == before
        assert seen <= before

    @rule()
    def restart(self) -> None:
        before = self.held()
        self.cache = Cache(self.folder, BUDGET)
        assert self.held() == before

    @invariant()
    def within_budget(self) -> None:
        taken = sum(p.stat().st_blocks * 512 for p in self.folder.rglob("*") if p.is_file())
        assert self.cache.held.taken == taken <= BUDGET

    def teardown(self) -> None:
        shutil.rmtree(self.folder)


TestViewing = Viewing.TestCase
TestViewing.settings = settings(deadline=None, max_examples=50, stateful_step_count=20)

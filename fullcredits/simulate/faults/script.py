"""When a fault strikes: which requests, how often, until when."""

from __future__ import annotations

import threading
from fnmatch import fnmatchcase
from random import Random

from starlette.requests import Request
from starlette.responses import Response

from fullcredits.simulate.faults.kinds import KINDS, LONGEST_LINE
from fullcredits.simulate.traffic import Fault, Interfere


class Script:
    """A fault of one kind, scripted; put into the ``faults`` of a simulated server.

    ``at`` is a pattern with ``*`` and ``?`` for paths with their queries, in any case; a pattern
    that names an id strikes the batches that hold it. Of the matching requests, a share of
    ``rate`` is struck (drawn from ``seed``), ``times`` at most. ``seen`` counts the matching
    ones, ``struck`` those that were struck.

    Raises:
        KeyError: no fault has that name.

    """

    def __init__(
        self,
        kind: str,
        at: str = "*",
        *,
        rate: float = 1.0,
        times: int | None = None,
        seed: int = 1,
        longest: int = LONGEST_LINE,
    ) -> None:
        self.kind = kind
        self.at = at
        self.seen = self.struck = 0
        self._commit = KINDS[kind]
        self._pattern = at.lower()
        self._rate = rate
        self._left = times
        self._random = Random(seed)
        self._longest = longest
        self._stopped = False
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response | Interfere | None:
        """Strike, or let the request pass."""
        address = _address(request)
        if not fnmatchcase(address.lower(), self._pattern):
            return None
        if self.kind == "too-long" and len(f"GET {address} HTTP/1.1") <= self._longest:
            return None
        with self._lock:
            self.seen += 1
            if self._stopped or self._left == 0 or self._random.random() >= self._rate:
                return None
            if self._left is not None:
                self._left -= 1
            self.struck += 1
            turn = self.struck - 1
        return self._commit(request, turn)

    def stop(self) -> None:
        """Strike no more."""
        with self._lock:
            self._stopped = True


class Faults(list[Fault]):
    """The faults of a simulated server: scripts, and any function from request to answer."""

    def script(
        self,
        kind: str,
        at: str = "*",
        *,
        rate: float = 1.0,
        times: int | None = None,
        seed: int = 1,
        longest: int = LONGEST_LINE,
    ) -> Script:
        """Begin with a `Script`; it is over when it is stopped or all faults are cleared."""
        script = Script(kind, at, rate=rate, times=times, seed=seed, longest=longest)
        self.append(script)
        return script


def parse_fault(text: str) -> Script:
    """A script from ``kind``, ``kind:rate``, ``kind@pattern`` or ``kind:rate@pattern``.

    Raises:
        ValueError: the kind is unknown or the rate no number from 0 to 1; the text says which.

    """
    told, _, pattern = text.partition("@")
    kind, colon, share = told.partition(":")
    if kind not in KINDS:
        raise ValueError(f"no fault is called {kind!r}; there are {', '.join(KINDS)}")
    try:
        rate = float(share) if colon else 1.0
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise ValueError(f"the rate {share!r} of {kind} is no number from 0 to 1")
    return Script(kind, pattern or "*", rate=rate)


def _address(request: Request) -> str:
    """Path and query as they came."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path

"""What a sync may ask of a source, whichever dialect it speaks.

Every method raises only `SourceError`s that name the source; requests that may pass on a second
try have been tried again before. Nothing here writes to the server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from typing import Protocol

from fullcredits.errors import SourceError
from fullcredits.model import (
    Library,
    ListedTitle,
    MediaItem,
    PersonFacts,
    Record,
    Server,
    SourceKind,
    TitleKind,
)
from fullcredits.sources.address import Origin
from fullcredits.sources.remarks import Remark


@dataclass(frozen=True, slots=True)
class Pace:
    """How much to ask of this kind of server at once."""

    titles: int
    """Titles a request for full records, at first; sync adapts it between 1 and `most_titles`."""
    most_titles: int
    """What fits a request line and an answer."""
    parallel: int
    """Requests for full records under way at once, at most; sync adapts it between 1 and this. More
    gain nothing on this kind of server, or its owner wants no more."""
    whole: int = 1
    """So many titles a request are worth some patience: fewer would mean more requests than this
    kind of server needs."""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a cheap listing."""

    items: tuple[ListedTitle, ...]
    total: int
    """How many titles of that kind the server says the library has, as of this page."""
    broken: tuple[tuple[str, str], ...] = ()
    """(key, why) of rows that came but have not the expected form, or that the server cannot
    read; the key is "" where even that is not known."""


@dataclass(frozen=True, slots=True)
class Records:
    """Full records as one request gave them, in no promised order."""

    records: tuple[Record, ...]
    missing: tuple[str, ...]
    """Keys the server left out: gone, or hidden from this account."""
    broken: tuple[tuple[str, str], ...] = ()
    """(key, why) of records that came but have not the expected form."""
    size: int = 0
    """Bytes of the answer, unpacked."""


def answered(
    asked: Sequence[str], found: Mapping[str, Record], broken: Mapping[str, str], size: int
) -> Records:
    """Sort the keys asked for into found, broken and missing.

    Where a broken row does not even have its key, none of the keys without a record may be called
    missing: they count as broken too.
    """
    left = [key for key in asked if key not in found and key not in broken]
    strays = [why for key, why in broken.items() if key not in set(asked)]
    known = [(key, why) for key, why in broken.items() if key in set(asked)]
    if strays:
        known += [(key, f"perhaps the row without a key: {strays[0]}") for key in left]
        left = []
    return Records(tuple(found.values()), tuple(left), tuple(known), size)


@dataclass(frozen=True, slots=True)
class Unrest:
    """What a server is busy writing, so that what it says of it may not be the last word."""

    scanning: bool
    """It looks through its folders, or gets facts from somewhere; False also where our token is
    not told."""
    saved: Callable[[MediaItem], bool]
    """Whether it saved a title within the time that was asked for; False for a title without a
    change marker, of which it does not tell."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Titles of which only the keys were known."""

    items: tuple[tuple[Library, ListedTitle], ...]
    """Where they are, and their facts as listed."""
    left: frozenset[str] = frozenset()
    """Keys of titles that the server gives, or breaks on, and of which it was not learnt where they
    are: a comparison tells."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Facts on some persons."""

    people: tuple[PersonFacts, ...]
    total: int
    """How many there are in all, as of this page."""
    broken: tuple[tuple[str, str], ...] = ()
    """As `ListingPage.broken`."""
    failed: tuple[tuple[str, SourceError], ...] = ()
    """Keys that the server breaks on, and how."""
    start: int = 0
    """Of a page of the list: at which of its rows it begins …"""
    end: int = 0
    """… and where the list goes on."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as the source gave it."""

    content: bytes
    """At most 20 MB; not checked to be the picture that `media_type` says."""
    media_type: str
    """Like "image/jpeg"."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a server says of changes: where to look, never what is to be seen there."""

    changed: frozenset[str] = frozenset()
    """Keys of titles that were added or changed, those of things we do not know among them."""
    removed: frozenset[str] = frozenset()
    """Keys of titles that are said to be gone."""
    compare: bool = False
    """Something changed that is not named, or may have been missed: compare the listings."""
    scanning: bool | None = None
    """Whether the server looks through its folders; None where this says nothing of it."""


class Source(Protocol):
    """A media server we can read."""

    name: str
    """The user's name for it, used in every error."""
    kind: SourceKind
    pace: Pace
    own_markers: bool
    """Each title has a change marker of its own: one that several share is none."""

    @property
    def requests(self) -> int:
        """Requests sent so far, repeated ones included."""
        ...

    @property
    def received(self) -> int:
        """Bytes of answers so far, as they came over the wire (compressed)."""
        ...

    @property
    def setbacks(self) -> int:
        """How often so far no good answer came because the server had too much to do, or something
        broke: it asked to wait, broke off, failed, or took too long.
        """
        ...

    @property
    def silence(self) -> float:
        """Seconds for which no whole answer came until now; 0 where nobody waits for one."""
        ...

    @property
    def arriving(self) -> int:
        """Bytes that came so far of answers that are not whole yet."""
        ...

    @property
    def distance(self) -> float:
        """Seconds that any answer takes at least, as far as is known: of the quickest so far."""
        ...

    @property
    def clock(self) -> dt.datetime | None:
        """The server's own clock (UTC, whole seconds) at its last answer; None before one.

        The watermark for `people(since)`: our clock and the server's may disagree.
        """
        ...

    async def server(self) -> Server:
        """Who answers, seen with our token: the check that address, kind and token are right."""
        ...

    async def remarks(self, server: Server) -> list[Remark]:
        """What its owner should know of people on this server: by its version, its settings, and
        a sample of each library.
        """
        ...

    async def libraries(self) -> list[Library]:
        """Libraries with films or series, in the server's order."""
        ...

    def listing(self, library: Library, kind: TitleKind) -> AsyncIterator[ListingPage]:
        """All titles of a kind, cheaply: facts and change markers, no credits.

        Each key once, even where the server repeats one across pages; the keys may still fall
        short of `total` when the library moves meanwhile.
        """
        ...

    async def records(self, kinds: Mapping[str, TitleKind]) -> Records:
        """Full records of listed titles, whose kinds are given by their keys; by one request where
        the keys fit one request line.

        Raises Failed where a smaller request may pass: the server broke on this one, took too
        long over it, or gave too much.
        """
        ...

    async def present(self, keys: Sequence[str]) -> set[str]:
        """Which of these titles the server gives when asked for them by their keys, cheaply; one
        that it cannot read is there.
        """
        ...

    async def unrest(self, lately: dt.timedelta) -> Unrest:
        """What is being written now, or was within so short a time by the server's own clock."""
        ...

    async def placed(self, libraries: Sequence[Library], keys: Collection[str]) -> Placed:
        """Of titles of which only the keys are known: where they are, and their facts as listed.

        Keys of other things (folders, albums) are left out, and so is (Plex) what is not in one of
        the libraries.
        """
        ...

    def people(self, since: dt.datetime | None, start: int = 0) -> AsyncIterator[PeoplePage]:
        """Facts on persons; only those changed since a time of the server's clock, or all; from a
        row of that list on, once. It is in the order of names, and who was added, removed or
        renamed meanwhile moves the others: some may come twice, or not.

        Empty where the dialect has no such records (Plex). The list may leave some out (Jellyfin
        10.11, for a user).
        """
        ...

    def persons(self, keys: Sequence[str]) -> AsyncIterator[PeoplePage]:
        """Facts on the persons with these keys, as far as the server gives them: a page for each
        request, whose `total` is how many it asked for.
        """
        ...

    def changes(self) -> AsyncGenerator[Hint, None]:
        """Hints for as long as the server can be listened to; to be closed by who iterates.

        The first says to compare: what happened before was not heard. How many hints one change
        makes is the server's affair. Ends only by a SourceError, after which one may begin anew.
        """
        ...

    async def picture(
        self, ref: str, *, homes: Collection[Origin] = (), first: bool = False
    ) -> Picture | None:
        """The image at a `poster`, `backdrop` or `portrait` address of this source.

        None: there is none now (404, 410, 403). The token is sent only to the source's own
        address. Other addresses inside private networks are not asked, except `homes`, those of
        the user's other servers; no redirect leads to any of these. `first`: somebody looks on,
        so before whatever else waits for the server.

        Raises Nonsense for addresses that are not asked and for what is no image, Failed for what
        is too large or takes too long; Unreachable, Busy and Refused say nothing of the picture.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...

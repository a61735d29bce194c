"""The nouns: what a media server says, in our words, whichever server said it.

Everything here is a plain value. Sources make these from a server's answers, the store keeps
them, identity decides which of them are the same person or title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class SourceKind(StrEnum):
    """The dialects we speak."""

    PLEX = "plex"
    JELLYFIN = "jellyfin"


class TitleKind(StrEnum):
    """What a title is. The order is parents first: a show exists before its seasons."""

    MOVIE = "movie"
    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"


class LibraryKind(StrEnum):
    """What a library holds; other libraries (music, photos, …) are left alone."""

    MOVIES = "movies"
    SHOWS = "shows"
    MIXED = "mixed"

    @property
    def title_kinds(self) -> tuple[TitleKind, ...]:
        """The kinds of titles to list in such a library, parents before children."""
        match self:
            case LibraryKind.MOVIES:
                return (TitleKind.MOVIE,)
            case LibraryKind.SHOWS:
                return (TitleKind.SHOW, TitleKind.SEASON, TitleKind.EPISODE)
            case LibraryKind.MIXED:
                return tuple(TitleKind)


class Department(StrEnum):
    """The part of the work a job belongs to, in the order pages show them."""

    ACTING = "Acting"
    DIRECTING = "Directing"
    WRITING = "Writing"
    PRODUCTION = "Production"
    CAMERA = "Camera"
    EDITING = "Editing"
    SOUND = "Sound"
    ART = "Art"
    CREW = "Crew"
    """Whatever a server names that we cannot place; the job keeps its word."""


class Shape(StrEnum):
    """What a picture is to its page."""

    PORTRAIT = "portrait"
    """2:3."""
    POSTER = "poster"
    """2:3."""
    STILL = "still"
    """16:9."""
    BACKDROP = "backdrop"
    """16:9."""

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths in pixels that pages offer to browsers, rising."""
        match self:
            case Shape.STILL:
                return (240, 480, 960)
            case Shape.BACKDROP:
                return (960, 1600)
        return (120, 240, 480)


class ExternalId(NamedTuple):
    """An id in somebody's catalogue, never without the catalogue's name.

    Schemes in use: "imdb", "tmdb", "tvdb", "plex" (the last part of a `plex://` guid, or a
    person's `tagKey`); others as the server spells them, in lower case.
    """

    scheme: str
    value: str


class Trusted(StrEnum):
    """Whose https certificate we take a server's own for."""

    SYSTEM = "system"
    """One signed by the usual authorities."""
    AUTHORITY = "authority"
    """One signed by the certificates kept with the source."""
    CERTIFICATE = "certificate"
    """Exactly the certificate kept with the source, whatever name it is for."""
    ANY = "any"
    """Any at all: whoever sits in between may read along."""


class Trust(NamedTuple):
    """How a source's https certificate is checked."""

    mode: Trusted = Trusted.SYSTEM
    pem: str = ""
    """The certificates kept, of AUTHORITY and CERTIFICATE."""


USUAL_TRUST = Trust()


@dataclass(frozen=True, slots=True)
class Server:
    """Who answered at a source's address."""

    id: str
    """Durable: Plex `machineIdentifier`, Jellyfin `Id`."""
    name: str
    version: str
    account: str | None = None
    """Whose eyes we see with, where the server tells; None for an API key."""


@dataclass(frozen=True, slots=True)
class Library:
    """A section (Plex) or view (Jellyfin) that holds films or series."""

    key: str
    name: str
    kind: LibraryKind


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A title as one source has it.

    Listings give it with less (`overview`, `external_ids` may be missing); full records with
    all. Times are whole seconds, dates are the server's calendar days.
    """

    key: str
    """The source's own id: Plex `ratingKey`, Jellyfin `Id`."""
    kind: TitleKind
    title: str
    marker: str | None = None
    """Changes when the item changes: Plex `updatedAt`, Jellyfin `Etag`. None: assume changed."""
    parent_key: str | None = None
    """Of a season its show, of an episode its season (its show where seasons are hidden)."""
    show_key: str | None = None
    """Of a season or an episode, the show."""
    season_number: int | None = None
    """0 are specials."""
    episode_number: int | None = None
    sort_title: str | None = None
    original_title: str | None = None
    year: int | None = None
    released: dt.date | None = None
    ended: dt.date | None = None
    runtime: int | None = None
    overview: str | None = None
    tagline: str | None = None
    content_rating: str | None = None
    genres: tuple[str, ...] = ()
    external_ids: tuple[ExternalId, ...] = ()
    poster: str | None = None
    """Where the source has the picture: an absolute address, or a path on the server. Never
    with a token in it. Of an episode this is its still (16:9)."""
    poster_blurhash: str | None = None
    """A blur of it (https://blurha.sh), where the server has made one: Jellyfin."""
    backdrop: str | None = None
    backdrop_blurhash: str | None = None
    added: dt.datetime | None = None
    """When the server got it, in UTC."""


class ListedTitle(NamedTuple):
    """A title as a list shows it. Most say nothing new, so facts are worded of those only that do:
    that is most of the time of a sync without changes.
    """

    key: str
    """As `MediaItem.key`."""
    kind: TitleKind
    marker: str | None
    """As `MediaItem.marker`."""
    facts: Callable[[], MediaItem]
    """All that the list says of it."""


class SourcePerson(NamedTuple):
    """A person as one source names them."""

    key: str
    """Plex `tagKey`, or "name:…" where a Plex tag has none; Jellyfin `Id` (made of the name)."""
    name: str
    """As served, outer blanks included."""
    by_name: bool
    """True where the key is only the name: namesakes share it, so it proves nothing."""
    portrait: str | None = None
    """As `MediaItem.poster`."""
    portrait_blurhash: str | None = None
    """As `MediaItem.poster_blurhash`."""


class Credit(NamedTuple):
    """One person did one job on one title, as one source states it.

    A named tuple, not a dataclass: a sync makes one for every credit of the library, and this
    is three times as fast.
    """

    person: SourcePerson
    billing: int
    """0-based place in the server's own order. Plex keeps each kind in a list of its own: there
    the lists follow each other as Role, Director, Writer, Producer."""
    kind: str
    """The server's own word: Plex "Role", "Director", …; Jellyfin "Actor", "GuestStar", …"""
    department: Department
    job: str
    """"Actor", "Guest Star", "Director", "Screenplay", …; the server's word where it has one."""
    character: str
    """Who is played, whole, as the server wrote it; "" for crew or when the server is silent."""


class Odd(StrEnum):
    """What looks so absurd in an answer that it is rather a fault than the truth."""

    NAMES = "names"
    """The title, or who is in it, has a name that is `text.odd` as served."""
    PICTURES = "pictures"
    """A picture of it, or of who is in it, is where no server has pictures."""
    NAMELESS = "nameless"
    """The title has no name, or who is in it has none, or (Jellyfin) no id."""
    VALUES = "values"
    """A date, a number or an id is there and cannot be read."""


@dataclass(frozen=True, slots=True)
class Record:
    """A media item with all its credits, in the server's order."""

    item: MediaItem
    credits: tuple[Credit, ...]
    capped: bool = False
    """The server cut the list: Plex gives at most 200 roles."""
    oddities: tuple[tuple[Odd, str], ...] = ()
    """What is odd of it, in Python's `ascii` of what was served: a name, or where a picture is said
    to be, by the kinds.
    """

    @property
    def odd(self) -> Odd | None:
        """The first kind of oddity there is."""
        return self.oddities[0][0] if self.oddities else None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What a source knows about a person beyond name and credits."""

    person: SourcePerson
    born: dt.date | None = None
    died: dt.date | None = None
    birthplace: str | None = None
    biography: str | None = None
    external_ids: tuple[ExternalId, ...] = field(default=())
    odd: bool = False
    """The name is `text.odd` as served."""
    unread: frozenset[str] = frozenset()
    """What is there and cannot be read: "born", "died", schemes of ids. Of "birthplace" and
    "biography": what was decoded wrongly."""

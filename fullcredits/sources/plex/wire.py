"""Plex's JSON as structs: only what we use, as tolerant as its servers are different.

Facts of a title are `Scalar`s, because they come as numbers from one version and as text from
another. Every list may come as a single object, as null or not at all.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct, field

from fullcredits.sources.decoding import Key, Line, PageDecoder, Scalar, Text

T = TypeVar("T")


def listed(value: list[T] | T | None) -> list[T]:
    """A list where one is due."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


class Tag(Struct, rename="camel", gc=False):
    """A `Role`, `Director`, `Writer`, `Producer` or `Genre` entry."""

    tag: Line | None = None
    """The name. In listings it is all there is."""
    tag_key: Line | None = None
    """24 hex digits, one per person on all servers; missing from legacy agents' tags."""
    role: Line | None = None
    """The character; only on `Role`."""
    thumb: Line | None = None


class Guid(Struct, gc=False):
    """An id elsewhere: "imdb://tt0107048"."""

    id: Line | None = None


class Item(Struct, rename="camel"):
    """A row of `Metadata`: a title, whole or cut short."""

    rating_key: Key
    type: Line | None = None
    guid: Line | None = None
    parent_rating_key: Key | None = None
    grandparent_rating_key: Key | None = None
    section: Key | None = field(name="librarySectionID", default=None)
    """Not in listings."""
    index: Scalar = None
    parent_index: Scalar = None
    title: Scalar = None
    title_sort: Scalar = None
    original_title: Scalar = None
    summary: Text | None = None
    tagline: Text | None = None
    content_rating: Scalar = None
    year: Scalar = None
    originally_available_at: Scalar = None
    duration: Scalar = None
    """Milliseconds."""
    added_at: Scalar = None
    updated_at: Scalar = None
    thumb: Line | None = None
    art: Line | None = None
    guids: list[Guid] | Guid | None = field(name="Guid", default=None)
    genres: list[Tag] | Tag | None = field(name="Genre", default=None)
    roles: list[Tag] | Tag | None = field(name="Role", default=None)
    directors: list[Tag] | Tag | None = field(name="Director", default=None)
    writers: list[Tag] | Tag | None = field(name="Writer", default=None)
    producers: list[Tag] | Tag | None = field(name="Producer", default=None)


class Section(Struct, rename="camel"):
    """A row of `/library/sections`."""

    key: Key
    type: Line | None = None
    title: Scalar = None
    agent: Line | None = None
    """Who gets facts from somewhere: tells what to expect of people."""
    refreshing: Scalar = None
    """Whether its folders are being looked through."""


class Sections(Struct):
    """The container of `/library/sections`."""

    directory: list[Section] | Section | None = field(name="Directory", default=None)


class SectionsAnswer(Struct):
    """`/library/sections`."""

    container: Sections = field(name="MediaContainer")


class Titles(Struct, rename="camel"):
    """The container of titles, listed or read by key."""

    total_size: Scalar = None
    """Of a paged list, the rows in all; missing from unpaged ones."""
    metadata: list[Item] | Item | None = field(name="Metadata", default=None)


class TitlesAnswer(Struct):
    """`/library/sections/…/all` and `/library/metadata/…`."""

    container: Titles = field(name="MediaContainer")


class Identity(Struct, rename="camel"):
    """The container of `/identity` and of `/`, which alone has the name."""

    machine_identifier: Line | None = None
    friendly_name: Scalar = None
    version: Scalar = None


class IdentityAnswer(Struct):
    """`/identity` and `/`."""

    container: Identity = field(name="MediaContainer")


class TimelineEntry(Struct, rename="camel"):
    """A step in the life of an item, as a server tells of it while it takes it."""

    identifier: Line | None = None
    """Whose item: only those of `com.plexapp.plugins.library` are titles and the like."""
    item_id: Key | None = field(name="itemID", default=None)
    type: Scalar = None
    state: Scalar = None
    metadata_state: Line | None = None


class ActivityContext(Struct, rename="camel"):
    """What an activity is about."""

    key: Line | None = None


class Activity(Struct, rename="camel"):
    """Something a server is at."""

    type: Line | None = None
    context: ActivityContext | None = field(name="Context", default=None)


class ActivityNotification(Struct, rename="camel"):
    """A step of an activity."""

    event: Line | None = None
    """"started", "updated" or "ended"."""
    activity: Activity | None = field(name="Activity", default=None)


class Notification(Struct):
    """What a message is about. One entry is a list over a WebSocket and single in an event."""

    timeline: list[TimelineEntry] | TimelineEntry | None = field(name="TimelineEntry", default=None)
    activities: list[ActivityNotification] | ActivityNotification | None = field(
        name="ActivityNotification", default=None
    )


class NotificationAnswer(Struct):
    """A message of the WebSocket. Server-sent events go without this container."""

    container: Notification = field(name="NotificationContainer")


SECTIONS = PageDecoder(
    SectionsAnswer,
    Section,
    lambda answer: listed(answer.container.directory),
    ("MediaContainer", "Directory"),
    "key",
)
TITLES = PageDecoder(
    TitlesAnswer,
    Item,
    lambda answer: listed(answer.container.metadata),
    ("MediaContainer", "Metadata"),
    "ratingKey",
)

"""Jellyfin's JSON as structs: only what we use.

Nulls are left out by the server, except those of ids. Kinds of people and of items are plain
strings: every version knows others.
"""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct, field

from fullcredits.sources.decoding import Id, Line, Page, PageDecoder, Scalar, Text
from fullcredits.sources.values import whole


class Credit(Struct, rename="pascal", gc=False):
    """`BaseItemPerson`: one person in one job on one item."""

    name: Line | None = None
    id: Line | None = None
    role: Line | None = None
    """Of cast the character, of crew the job; "" or missing where the server is silent."""
    type: Line | None = None
    primary_image_tag: Line | None = None


class Item(Struct, rename="pascal"):
    """`BaseItemDto`: a title or a person."""

    id: Id
    type: Line | None = None
    name: Scalar = None
    etag: Line | None = None
    date_created: Scalar = None
    sort_name: Scalar = None
    original_title: Scalar = None
    premiere_date: Scalar = None
    """First shown; of a person, born."""
    end_date: Scalar = None
    """Ended; of a person, died."""
    production_year: Scalar = None
    production_locations: list[Line | None] | None = None
    """Of a person, where born."""
    overview: Text | None = None
    taglines: list[Line | None] | None = None
    genres: list[Line | None] | None = None
    official_rating: Scalar = None
    run_time_ticks: Scalar = None
    """100 ns."""
    index_number: Scalar = None
    parent_index_number: Scalar = None
    series_id: Line | None = None
    season_id: Line | None = None
    provider_ids: dict[str, Scalar] | None = None
    image_tags: dict[str, Scalar] | None = None
    backdrop_image_tags: list[Line | None] | None = None
    image_blur_hashes: Any = None
    """By type of image, by tag; also of images that are inherited. Whatever else is here costs
    nobody a title."""
    location_type: Line | None = None
    people: list[Credit] | None = None


class ItemsAnswer(Struct, rename="pascal"):
    """`/Items`."""

    items: list[Item]
    total_record_count: Scalar = None


class TypeOptions(Struct, rename="pascal"):
    """Who brings facts on one type of item."""

    metadata_fetchers: list[Line | None] | None = None


class LibraryOptions(Struct, rename="pascal"):
    """A library's settings; only of `/Library/VirtualFolders`."""

    type_options: list[TypeOptions] | None = None


class View(Struct, rename="pascal"):
    """A library, of `/Library/VirtualFolders` (`ItemId`) or of `/UserViews` (`Id`)."""

    name: Scalar = None
    item_id: Line | None = None
    id: Line | None = None
    collection_type: Line | None = None
    library_options: LibraryOptions | None = None
    refresh_status: Line | None = None
    """ "Idle", "Queued" or "Active"; only of `/Library/VirtualFolders`."""


class Task(Struct, rename="pascal"):
    """A row of `/ScheduledTasks`."""

    key: Line | None = None
    state: Line | None = None
    """ "Idle", "Running" or "Cancelling"."""


class ViewsAnswer(Struct, rename="pascal"):
    """`/UserViews`."""

    items: list[View]


class PublicInfo(Struct, rename="pascal"):
    """`/System/Info/Public`. While the server starts up its keys are in camel case: none fits."""

    id: Line | None = None
    server_name: Scalar = None
    version: Scalar = None
    product_name: Line | None = None
    startup_wizard_completed: bool | None = None


class Policy(Struct, rename="pascal"):
    """What a user may see."""

    enable_all_folders: bool | None = None
    max_parental_rating: Scalar = None
    blocked_tags: list[Line] | None = None
    allowed_tags: list[Line] | None = None
    block_unrated_items: list[Line] | None = None


class User(Struct, rename="pascal"):
    """`/Users/Me`."""

    id: Line | None = None
    name: Scalar = None
    policy: Policy | None = None


class SignedIn(Struct, rename="pascal"):
    """The answer to a sign-in."""

    access_token: Line


class SignIn(Struct, rename="pascal"):
    """The body of `POST /Users/AuthenticateByName`."""

    username: str
    pw: str


class QuickConnect(Struct, rename="pascal"):
    """A Quick Connect that waits for its code to be typed, or was."""

    secret: Line
    code: Line
    authenticated: bool = False


class QuickSignIn(Struct, rename="pascal"):
    """The body of `POST /Users/AuthenticateWithQuickConnect`."""

    secret: str


class Message(Struct, rename="pascal"):
    """A message of the socket."""

    message_type: Line | None = None
    data: Raw = Raw(b"null")
    """Of a form that depends on the type."""


class LibraryChanged(Struct, rename="pascal"):
    """What changed in the libraries, sent some time after the last change of many."""

    items_added: list[Line] = field(default_factory=list)
    items_updated: list[Line] = field(default_factory=list)
    items_removed: list[Line] = field(default_factory=list)
    folders_added_to: list[Line] = field(default_factory=list)
    folders_removed_from: list[Line] = field(default_factory=list)


ITEMS = PageDecoder(ItemsAnswer, Item, lambda answer: answer.items, ("Items",), "Id")


def total_of(page: Page[ItemsAnswer, Item], start: int) -> int:
    """How many rows the list has whose page begins at `start`; as far as is seen where the server
    does not say.
    """
    total = whole(page.container.total_record_count)
    return start + len(page.rows) + len(page.broken) if total is None else total

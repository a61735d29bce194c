"""Whatever a server or plex.tv says of itself, of accounts, libraries and changes: what we make of
it, or a SourceError, never another error.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from xml.sax.saxutils import quoteattr

from httpx2 import Headers
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import Nonsense, SourceError
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin import live as jellyfin_live
from fullcredits.sources.jellyfin import remarks as jellyfin_remarks
from fullcredits.sources.jellyfin import sign_in, translate, who
from fullcredits.sources.jellyfin.wire import ITEMS
from fullcredits.sources.plex import account, xml
from fullcredits.sources.plex import live as plex_live
from fullcredits.sources.plex import remarks as plex_remarks
from fullcredits.sources.plex.wire import SECTIONS, TITLES
from fullcredits.sources.trouble import Answer
from tests.unit.any_json import SCALARS, anything, check_storable, encoded

OF_PLEX_TV = [
    "id", "code", "authToken", "expiresIn", "title", "username", "restricted", "provides", "server",
    "clientIdentifier", "accessToken", "name", "owned", "sourceTitle", "connections", "uri",
    "local", "relay", "address", "port", "publicAddressMatches", "httpsRequired", "productVersion",
]  # fmt: skip
FIELD = SCALARS | st.lists(st.dictionaries(st.sampled_from(OF_PLEX_TV), SCALARS), max_size=2)
OF_JELLYFIN = [
    "Id", "ServerName", "Version", "ProductName", "Name", "Policy", "IsAdministrator", "Key",
    "EnableAllFolders", "State", "RefreshStatus", "LibraryOptions", "TypeOptions", "Type", "Items",
    "MetadataFetchers", "CollectionType", "ItemId", "Secret", "Code", "Authenticated", "User",
    "AccessToken", "People", "Role", "EnableInternetProviders", "Configuration",
]  # fmt: skip
OF_LIVE = [
    "NotificationContainer", "TimelineEntry", "ActivityNotification", "Activity", "Context", "key",
    "type", "identifier", "itemID", "state", "metadataState", "event", "ItemsAdded",
    "ItemsUpdated", "ItemsRemoved",
]  # fmt: skip


class Told:
    """Answers every question with the same."""

    name = "Attic"
    address = "http://attic.example.org"

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def get(self, path: str, params: Mapping[str, Any] | None = None, **more: Any) -> bytes:
        return self._content

    async def find(
        self, path: str, params: Mapping[str, Any] | None = None, **more: Any
    ) -> bytes | None:
        return self._content

    async def post(self, path: str, body: bytes = b"", **more: Any) -> bytes | None:
        return self._content

    def url(self, path: str) -> str:
        return self.address + path

    async def send(self, method: str, url: str, **more: Any) -> Answer:
        return Answer(200, Headers({"Content-Type": "application/json"}), self._content)


Question = Callable[[Http], Awaitable[Any]]


def answers(content: bytes, *questions: Question) -> None:
    """Each question gives what can be kept, or raises a SourceError."""
    for question in questions:
        with contextlib.suppress(SourceError):
            check_storable(asked(question, content))


def asked(question: Question, content: bytes) -> Any:
    """Its outcome; it waits for nothing, so it is done in one step."""
    try:
        cast(Any, question)(Told(content)).send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waits")


@given(anything(OF_PLEX_TV))
def test_what_plex_tv_says(value: Any) -> None:
    answers(
        encoded(value),
        lambda http: account.begin_pin(http, "https://app.plex.tv", "tests"),
        lambda http: account.end_pin(http, "1"),
        account.account,
        account.servers,
    )


@given(st.lists(st.dictionaries(st.sampled_from(OF_PLEX_TV), FIELD), max_size=3))
def test_servers_of_an_account(devices: list[dict[str, Any]]) -> None:
    told = [
        {"provides": "server", "clientIdentifier": "a", "accessToken": "t"} | device
        for device in devices
    ]
    answers(encoded(told), account.servers)


@given(anything(OF_JELLYFIN))
def test_what_a_jellyfin_says_of_itself(value: Any) -> None:
    answers(
        encoded(value), who.server, who.user, _libraries, who.scanning,
        sign_in.begin_quick_connect, lambda http: sign_in.end_quick_connect(http, "secret"),
        lambda http: sign_in.by_password(http, "anna", "password"),
    )  # fmt: skip


async def _libraries(http: Http) -> tuple[Any, ...]:
    return tuple(translate.library(view) for view in await who.views(http))


@given(anything(OF_JELLYFIN), anything(["Directory", "MediaContainer", *OF_PLEX_TV]))
def test_what_is_told_of_libraries(jellyfin: Any, plex: Any) -> None:
    samples = [{"Id": "1", "People": jellyfin}, {"Id": "2", "People": [jellyfin]}]
    items = ITEMS.decode("Cabin", encoded({"Items": samples})).rows
    with contextlib.suppress(Nonsense):
        for view in asked(who.views, encoded([{"Name": "x"} | _named(jellyfin)])):
            jellyfin_remarks.of_settings(view)
            jellyfin_remarks.of_sample(view, items)
    section = {"key": "1", "type": "movie", "title": "Films"} | _named(plex)
    titles = TITLES.decode(
        "Attic", encoded({"MediaContainer": {"Metadata": [{"ratingKey": "1", "Role": plex}]}})
    ).rows
    with contextlib.suppress(Nonsense):
        for row in SECTIONS.decode(
            "Attic", encoded({"MediaContainer": {"Directory": [section]}})
        ).rows:
            plex_remarks.of_agent(row)
            plex_remarks.of_sample(row, titles)


def _named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@given(anything(OF_LIVE))
def test_what_is_heard(value: Any) -> None:
    text = json.dumps(value)
    for told in (text, text.encode(), json.dumps({"NotificationContainer": value})):
        plex_live.of_message("Attic", told)
    plex_live.of_event("Attic", text)
    jellyfin_live.of_library("Cabin", text.encode())


@given(st.text(), st.binary(max_size=60))
def test_any_text_heard(text: str, content: bytes) -> None:
    plex_live.of_message("Attic", text)
    plex_live.of_message("Attic", content)
    plex_live.of_event("Attic", text)
    jellyfin_live.of_library("Cabin", content)


NODES = st.recursive(
    st.just(""),
    lambda inner: st.builds(
        lambda name, told, below: f"<{name} {_attributes(told)}>{''.join(below)}</{name}>",
        st.sampled_from(["Video", "Directory", "Role", "Media", "Guid"]),
        st.dictionaries(
            st.sampled_from(["ratingKey", "title", "tag", "size"]), st.text(max_size=6)
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


def _attributes(told: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in told.items())


@given(NODES, st.integers(min_value=0))
def test_any_xml(nodes: str, length: int) -> None:
    whole = f"<MediaContainer size='1'>{nodes}</MediaContainer>".encode("utf-8", "replace")
    for content in (whole, whole[: length % len(whole)], nodes.encode("utf-8", "replace")):
        with contextlib.suppress(Nonsense):
            TITLES.decode("Attic", xml.as_json("Attic", content))


@given(st.binary(max_size=80))
def test_any_bytes(content: bytes) -> None:
    with contextlib.suppress(Nonsense):
        xml.as_json("Attic", content)
    answers(content, who.server, who.views, account.servers, account.account)

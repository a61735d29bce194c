"""Which messages of servers mean that a title changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fullcredits.sources.contract import Hint
from fullcredits.sources.jellyfin.live import of_library
from fullcredits.sources.plex.live import of_event, of_message
from tests.shared_data import shared_path

LIBRARY = "com.plexapp.plugins.library"
DONE = {"identifier": LIBRARY, "itemID": "7", "type": 1, "state": 5}
CHANGED, REMOVED = Hint(frozenset({"7"})), Hint(removed=frozenset({"7"}))


def timeline(**changed: Any) -> dict[str, Any]:
    entry = {name: value for name, value in {**DONE, **changed}.items() if value is not None}
    return {"TimelineEntry": [entry]}


def activity(event: str, kind: str, **context: Any) -> dict[str, Any]:
    return {
        "ActivityNotification": [{"event": event, "Activity": {"type": kind, "Context": context}}]
    }


CASES: list[tuple[str, dict[str, Any], Hint | None]] = [
    ("settled", timeline(), CHANGED),
    ("settled, numbers as text", timeline(type="1", state="5"), CHANGED),
    ("settled, the key a number", timeline(itemID=7), CHANGED),
    ("an episode", timeline(type=4), CHANGED),
    ("a music album", timeline(type=9), None),
    ("a collection", timeline(type=18), None),
    ("on its way", timeline(state=4), None),
    ("created", timeline(state=0), None),
    ("somebody else's", timeline(identifier="tv.plex.providers.epg"), None),
    ("nobody's", timeline(identifier=None), None),
    ("without a key", timeline(itemID=None), None),
    ("gone, as older versions say it", timeline(state=9, metadataState="deleted"), REMOVED),
    ("gone, in words only", timeline(state=5, metadataState="deleted"), REMOVED),
    ("gone, as 1.43 says it", timeline(type=-1), REMOVED),
    ("an album gone", timeline(type=9, state=9, metadataState="deleted"), None),
    ("refreshed", activity("ended", "library.refresh.items", key="/library/metadata/7"), CHANGED),
    (
        "being refreshed",
        activity("updated", "library.refresh.items", key="/library/metadata/7"),
        None,
    ),
    ("refreshed, what?", activity("ended", "library.refresh.items"), None),
    ("a scan", activity("started", "library.update.section"), Hint(scanning=True)),
    ("a scan's end", activity("ended", "library.update.section"), Hint(scanning=False)),
    ("a film played", {"PlaySessionStateNotification": [{"ratingKey": "7"}]}, None),
    ("nothing", {}, None),
]


@pytest.mark.parametrize(("told", "hint"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_plex(told: dict[str, Any], hint: Hint | None) -> None:
    assert of_message("Attic", json.dumps({"NotificationContainer": told})) == hint
    # Server-sent events have one entry, by itself, and no container.
    single = {name: entries[0] for name, entries in told.items()}
    assert of_event("Attic", json.dumps(single)) == hint


@pytest.mark.parametrize("message", ["", "no JSON", "[]", '{"NotificationContainer": 3}', b"\xff"])
def test_what_is_no_message(message: str | bytes) -> None:
    assert of_message("Attic", message) is None
    assert of_event("Attic", str(message)) is None


def test_the_recorded_message_of_plex() -> None:
    path = shared_path("recordings", "plex", "ws_timeline_settled.json")
    assert of_message("Attic", path.read_text()) == Hint(frozenset({"10141"}))


@pytest.mark.parametrize(
    ("recording", "changed", "removed"),
    [
        ("10.11.11/socket_user_token_edit_one_film.json", 1, 0),
        ("12.0-rc5/socket_user_token_edit_one_film.json", 1, 0),
        ("12.0-rc5/socket_user_token_scan_five_films_removed_one_nfo_edited.json", 171, 5),
        ("10.11.11/socket_api_key_edit_one_film.json", 0, 0),
        ("12.0-rc5/socket_api_key_edit_one_film.json", 0, 0),
    ],
)
def test_the_recorded_messages_of_jellyfin(recording: str, changed: int, removed: int) -> None:
    told = json.loads(shared_path("recordings", "jellyfin", *recording.split("/")).read_text())
    frames = [row["frame"] for row in told if "frame" in row]
    hints = [
        of_library("Cabin", json.dumps(frame["Data"]).encode())
        for frame in frames
        if frame["MessageType"] == "LibraryChanged"
    ]
    assert sum(len(hint.changed) for hint in hints) == changed
    assert sum(len(hint.removed) for hint in hints) == removed


def test_a_jellyfin_that_names_nothing_is_compared() -> None:
    assert of_library("Cabin", b'{"FoldersAddedTo":["1"]}') == Hint(compare=True)
    assert of_library("Cabin", b'"what?"') == Hint(compare=True)


def test_a_jellyfin_that_says_both_of_one_title() -> None:
    told = b'{"ItemsUpdated":["1","2"],"ItemsRemoved":["2"]}'
    assert of_library("Cabin", told) == Hint(frozenset({"1"}), frozenset({"2"}))

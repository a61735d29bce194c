"""Every kind of answer of the pretend servers has the form that real ones were recorded with:
names, types, presence and order of fields, status and media type. What is different is in
docs/servers.md, with why.
"""

from __future__ import annotations

import fnmatch
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    PLEX_VERSIONS,
    Catalogue,
    jellyfin_app,
    plex_app,
    running,
)
from tests.contract.forms.apart import APART
from tests.contract.forms.jellyfin import JELLYFIN
from tests.contract.forms.kinds import Kind
from tests.contract.forms.known import FOLDER, SETS, known, learnt, recordings, written
from tests.contract.forms.listed import Difference, differences, listed
from tests.contract.forms.plex import PLEX
from tests.contract.recorded import recorded_files
from tests.shared_data import shared_path

WHO = 'MediaBrowser Client="Test", Device="desk", DeviceId="forms", Version="1"'


class Asker:
    """Asks a pretend server what real ones were asked."""

    def __init__(self, address: str, app: Any) -> None:
        self._address = address
        self.words: dict[str, str] = {}
        for kind in ("movie", "show", "season", "episode"):
            items = app.state.library.items.items()
            keys = [str(key) for key, item in items if item.work.kind == kind]
            self.words |= {kind: keys[0], f"{kind}s": ",".join(keys[:60])}

    def ask(self, kind: Kind, headers: dict[str, str]) -> httpx2.Response:
        address = self._address + kind.asks.format_map(self.words)
        return httpx2.get(address, headers=headers, timeout=60)


class JellyfinAsker(Asker):
    """Knows its ids, and has a token of each sort."""

    def __init__(self, address: str, app: Any) -> None:
        super().__init__(address, app)
        persons = list(app.state.library.persons.values())
        self.words |= {
            "user": app.state.gate.user_id,
            "persons": ",".join(person.id for person in persons[:60]),
            "bare": next(person.id for person in persons if not person.pictured),
            "broken": "0" * 31 + "1",
        }
        self.signed_in = self.post("/Users/AuthenticateByName", DEFAULT_PASSWORD).json()
        token = self.signed_in["AccessToken"]
        self._tokens = {"key": DEFAULT_API_KEY, "user": token, "stranger": "wrong"}

    def post(self, path: str, password: str) -> httpx2.Response:
        body = {"Username": DEFAULT_USER, "Pw": password}
        return httpx2.post(self._address + path, json=body, headers={"Authorization": WHO})

    def answer(self, kind: Kind) -> httpx2.Response:
        token = self._tokens.get(kind.by)
        told = {"Authorization": f'MediaBrowser Token="{token}"'} if token else {}
        return self.ask(kind, told)


class PlexAsker(Asker):
    """Knows a person."""

    def __init__(self, address: str, app: Any) -> None:
        super().__init__(address, app)
        self.words["person"] = next(iter(app.state.library.tags.by_key))

    def answer(self, kind: Kind) -> httpx2.Response:
        token = {} if kind.by == "nobody" else {"X-Plex-Token": DEFAULT_TOKEN}
        return self.ask(kind, {"Accept": "application/json", **token})


def compared(name: str, kinds: list[Kind], asker: JellyfinAsker | PlexAsker) -> set[Difference]:
    """All differences of the answers to these questions, where they were recorded."""
    found: set[Difference] = set()
    for kind in kinds:
        if kind.name not in known(name):
            continue
        answer = asker.answer(kind)
        assert known(name)[kind.name].answered(answer), kind.name
        plain = "json" not in answer.headers.get("content-type", "")
        body = answer.text if plain else answer.json()
        values = list(kind.values(body))
        assert values, kind.name
        found |= set(differences(name, kind.name, values))
    return found


def all_explained(found: set[Difference], dialect: str) -> None:
    """The table lists each difference, and nothing that is none."""
    table = listed(dialect)
    assert [f for f in sorted(found) if not any(one.covers(f) for one in table)] == []
    assert [one for one in table if not any(one.covers(f) for f in found)] == []


def test_a_jellyfin_answers_in_the_recorded_forms(invented: Catalogue) -> None:
    found: set[Difference] = set()
    for version in ("10.11", "12.0"):
        app = jellyfin_app(invented, share="cabin", version=version)
        with running(app) as address:
            asker = JellyfinAsker(address, app)
            found |= compared(f"jellyfin-{version}", list(JELLYFIN), asker)
            found |= set(differences(f"jellyfin-{version}", "signed in", [asker.signed_in]))
    all_explained(found, "jellyfin")


def test_a_plex_answers_in_the_recorded_forms(invented: Catalogue) -> None:
    found: set[Difference] = set()
    for legacy in (False, True):
        version = replace(PLEX_VERSIONS["1.43"], legacy_agents=legacy)
        app = plex_app(invented, share="attic", version=version)
        with running(app) as address:
            kinds = [kind for kind in PLEX if kind.legacy == legacy]
            found |= compared("plex", kinds, PlexAsker(address, app))
    all_explained(found, "plex")


@pytest.mark.parametrize("name", list(SETS))
def test_the_forms_are_those_of_the_recordings(name: str) -> None:
    """After new recordings: `python -m tests.contract.forms.learn`."""
    shared_path("recordings")
    assert (FOLDER / f"{name}.txt").read_text() == written(name)
    for kind, answers in learnt(name):
        assert len({answer[:2] for answer in answers if answer[1]}) <= 1, kind.name


@pytest.mark.parametrize("dialect", list(APART))
def test_every_recording_is_compared_or_said_why_not(dialect: str) -> None:
    shared_path("recordings")
    compared = {
        path.removeprefix(f"{dialect}/")
        for name, (whose, _, kinds) in SETS.items()
        if whose == dialect
        for kind in kinds
        for path, _ in recordings(name, kind)
    }
    for path in recorded_files(dialect):
        apart = any(fnmatch.fnmatch(path, f"{pattern}.*") for pattern in APART[dialect])
        assert (path in compared) != apart, path


def test_every_kind_is_known() -> None:
    for name, (_, _, kinds) in SETS.items():
        names = {kind.name for kind in kinds}
        assert known(name).keys() <= names
    everywhere = {name for kinds in (known(name) for name in SETS) for name in kinds}
    assert everywhere == {kind.name for _, _, kinds in SETS.values() for kind in kinds}

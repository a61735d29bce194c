"""Each fault in each phase of a sync, of both kinds of server.

While it lasts nothing that was known is lost, and what is said names the server, what happened
and what to do, and no token. Once it is over, one more sync gives exactly what is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet

from fullcredits.model import SourceKind
from fullcredits.simulate.faults.kinds import KINDS
from fullcredits.sources import http, paging
from fullcredits.store import Store
from fullcredits.sync import fetch, settling
from fullcredits.sync.watch import Summary
from tests import stated
from tests.faults import facts
from tests.faults.scene import (
    Scene,
    key_of,
    known_credits,
    libraries_of,
    other_names_of,
    problems_of,
    soon_in_vain,
)

PHASES = {
    SourceKind.PLEX: {
        "server": "/identity",
        "token": "/",
        "libraries": "/library/sections",
        "listing": "/library/sections/*/all*",
        "records": "/library/metadata/*",
    },
    SourceKind.JELLYFIN: {
        "server": "/system/info/public",
        "token": "/users/me",
        "libraries": "/library/virtualfolders",
        "listing": "/items?*parentid=*",
        "records": "/items?*&ids=*",
        "people": "/items?*includeitemtypes=person*",
    },
}
LONGEST = {SourceKind.PLEX: 230, SourceKind.JELLYFIN: 420}
"""Bytes of a request line that a very strict proxy would let pass: a few keys."""

FULL = {
    SourceKind.PLEX: "/library/metadata/*includeguids=1*",
    SourceKind.JELLYFIN: "/items?*&ids=*&fields=people*",
}
"""Where records are asked for, and not only whether they are there."""

STOPS = {
    "time-out": ("took too long to answer", "does not answer"),
    "drip": ("took longer than",),
    "reset-head": ("broke off",),
    "reset-body": ("broke off",),
    "truncated": ("broken JSON: does a proxy cut answers off?",),
    "malformed": ("broken JSON: does a proxy cut answers off?",),
    "wrong-type": ("text/plain, not JSON: is this a media server?",),
    "portal": ("a web page, not JSON: is a log-in portal or proxy in front?",),
    "to-web": ("sends us on to /jellyfin/web/: add /jellyfin to the address",),
    "starting": ("is starting up or under maintenance, asks us to wait for 5 seconds",),
    "broken": ("(HTTP 500): its log says why",),
    "unauthorised": ("refuses our token (HTTP 401): sign in again",),
    "expired": ("says our token has expired (HTTP 498): sign in again",),
    "not-open": ("this account may not read ",),
}
"""Faults that leave nothing of an answer, and what is said of them."""

HANGS = ("time-out", "drip")
"""Those that take minutes each time."""
MOST_STRUCK = {
    "server": (1, 3),
    "token": (1, 3),
    "libraries": (1, 3),
    "listing": (2 * paging.MOST_LATE, 4 * 20),  # two lists; each of four kinds, down to four rows
    "records": (fetch.MOST_LATE + 2, 4 * 17),  # of 17 titles; two more where what is gone is asked
    "people": (paging.MOST_LATE, 20),
}
"""How often at most a server is waited for that hangs, and asked that does something else, by
phase of a sync."""

HUGE = "sent more than 32 MB at once: some text or list is far too long"
MOST_HUGE = {"server": 1, "token": 1, "libraries": 1, "listing": 18, "records": 8, "people": 9}
"""How often at most a server is asked that sends 50 MB each time, by phase of a sync: two lists are
tried down to single rows."""

DOING = {
    "server": "(while it was asked who it is)",
    "token": "(while it was asked who it is)",
    "libraries": "(while its libraries were listed)",
    "listing": "(while its titles were listed)",
    "records": "(while its titles were read)",
    "again": "(while what is gone was looked for)",
    "people": "(while its persons were read)",
}
"""What a run says it was at; records are read again to be sure of what is gone."""

HURTS = ("empty", "missing", "short", "repeated", "moving-total")
"""Faults that leave an answer that looks whole."""

SAID = re.compile(
    r"(“|the list of |a title in |the person |a person ).+ (was|were) not read "
    r"from (?P<source>\w+): "
    r".+[:?(].+ \(tried again .+\)"
)
"""What is said of what failed and ended no run: what, where, why, a way out."""

LISTS = ("libraries", "listing", "records", "people")

ELSEWHERE = {"odd-pictures"}
"""Of pictures, which no sync asks for: see `tests.sync.test_odd_pictures`."""

ABSURD = {
    "crowd": "came back with 10,0",
    "odd-names": "came back with characters in names that nobody sees or types",
    "odd-addresses": "came back with pictures at addresses that no server gives",
    "no-names": "came back with no title, or people without a name or an id",
    "bad-values": "came back with dates, numbers or ids that cannot be read",
    "long-keys": "came back with dates, numbers or ids that cannot be read",
}
"""Faults that look like the truth, because a server may well say such things, and what is said of
them where records are read.
"""

OF_ROWS = {
    ("people", "odd-addresses"): "its picture has a tag that is none",
    ("people", "no-names"): "it has no name",
    ("people", "odd-names"): "its name has characters that nobody sees or types",
    ("people", "bad-values"): "there is a date that is none",
    ("people", "long-keys"): "a person without a key and ",
    ("listing", "long-keys"): "a title in ",
}
"""What is said of absurd rows of lists."""


def cases(faults: Iterable[str], *phases: str) -> list[ParameterSet]:
    """(kind of server, phase, fault) of each case."""
    return [
        pytest.param(kind, phase, fault, id=f"{kind.value}-{phase}-{fault}")
        for kind, known in PHASES.items()
        for phase in phases or known
        if phase in known
        for fault in faults
    ]


CELLS = {
    "none": cases(STOPS),
    "whole": [*cases(HURTS, *LISTS), *cases(("empty",), "server", "token")],
    "absurd": [
        *cases(("crowd",), "records"),
        *[case for case in cases(("crowd",), "listing") if case.values[0] is SourceKind.PLEX],
        *cases(("odd-names",)),
        *cases(("no-names",)),
        *cases(("odd-addresses", "bad-values", "long-keys"), "listing", "records", "people"),
    ],
    "huge": cases(("huge-field",)),
    "long": cases(("too-long",), "records"),
    "xml": cases(("xml",)),
}
"""The matrix, by the promise that is kept."""

_NO_ROWS = "an answer about the server or an account has no rows to lose, repeat or count"
_NO_CAST = "nobody's cast is in such an answer"
_NO_PICTURE = "no picture is in such an answer"
_NO_VALUE = "no date, number or id of a title or person is in such an answer"
LEFT_OUT = {
    **{(f, p): _NO_ROWS for f in HURTS[1:] for p in ("server", "token")},
    **{("crowd", p): _NO_CAST for p in ("server", "token", "libraries", "people")},
    **{("odd-addresses", p): _NO_PICTURE for p in ("server", "token", "libraries")},
    **{
        (f, p): _NO_VALUE
        for f in ("bad-values", "long-keys")
        for p in ("server", "token", "libraries")
    },
    ("crowd", "listing"): "a Jellyfin is not asked for people there; a Plex is in the matrix",
    **{
        ("too-long", p): "only requests that name many keys are long"
        for p in ("server", "token", "libraries", "listing", "people")
    },
}
"""(fault, phase) that cannot be had, and why."""


def test_each_fault_is_committed_in_each_phase_or_cannot_be() -> None:
    found = {
        (kind, phase, fault)
        for part in CELLS.values()
        for kind, phase, fault in (case.values for case in part)
    }
    faults = KINDS.keys() - ELSEWHERE
    assert faults == {*STOPS, *HURTS, *ABSURD, "huge-field", "too-long", "xml"}
    for kind, phases in PHASES.items():
        for fault in faults:
            missing = {phase for phase in phases if (kind, phase, fault) not in found}
            assert missing <= {phase for left, phase in LEFT_OUT if left == fault}


def converges(scene: Scene, store: Store) -> None:
    """One more sync, at once, gives exactly the served truth, titles, pictures, ids and persons
    too, and solves every problem. Where it was told of titles that their owner may have tried again
    at once, he does.
    """
    asked = any(p.next_try for p in problems_of(store, scene.name) if p.phase != "listing")
    summary = scene.sync(store, asked=asked)
    assert (summary.state, summary.messages, summary.error) == ("done", [], None)
    assert stated.credits_of(store, scene.name) == scene.truth
    assert facts.differences(facts.stored(store, scene.name), scene.facts) == []
    assert problems_of(store, scene.name) == []
    assert other_names_of(store) == {}


def words_of(summary: Summary) -> str:
    """All that is said of a run."""
    return "\n".join([*filter(None, [summary.error]), *summary.messages])


def explained(scene: Scene, store: Store, summary: Summary, *phases: str) -> None:
    """What is said names the source, what of it was not read, why, and what to do; and no token."""
    for message in summary.messages:
        told = SAID.fullmatch(message)
        assert told, message
        assert told["source"] == scene.name
        assert len(message) < 400
    for problem in problems_of(store, scene.name):
        assert problem.phase in phases
        assert problem.title
        assert ": " in problem.message, "why, and what to do"
    assert scene.token not in words_of(summary)


def nothing_is_lost(scene: Scene, store: Store) -> None:
    assert not scene.before - known_credits(store, scene.name)
    now = facts.stored(store, scene.name)
    assert facts.lost(scene.facts_before, now, scene.facts) == []
    assert not set(other_names_of(store)) & set(scene.facts_before.people)


@pytest.mark.parametrize(("kind", "phase", "fault"), CELLS["none"])
def test_an_answer_that_is_none(
    played: Scene, known: Store, phase: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = played.faults.script(fault, PHASES[played.kind][phase])
    with monkeypatch.context() as impatient:
        if fault == "drip":
            soon_in_vain(impatient)
        summary = played.sync(known, hurried=fault in HANGS)
    assert script.struck > 0
    assert script.struck <= MOST_STRUCK[phase][fault not in HANGS]
    assert summary.state in ("failed", "partial")
    assert summary.source == played.name
    said = words_of(summary)
    assert any(sentence in said for sentence in STOPS[fault]), said
    told = {DOING[phase], DOING["again"] if phase == "records" else DOING[phase]}
    assert summary.error is None or any(words in summary.error for words in told)
    explained(played, known, summary, phase)
    nothing_is_lost(played, known)
    script.stop()
    converges(played, known)


@pytest.mark.parametrize("at", ["/scheduledtasks", "/items?*movie*mindatelastsaved*"])
@pytest.mark.parametrize("fault", STOPS)
@pytest.mark.parametrize("kind", [SourceKind.JELLYFIN])
def test_what_the_server_is_writing_is_not_told(
    played: Scene, known: Store, at: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is read and shown, and looked at again later: it may not be the last word. A Plex tells
    of it with its libraries.
    """
    script = played.faults.script(fault, at)
    with monkeypatch.context() as impatient:
        impatient.setattr(settling, "_EVERY", 0.0)
        if fault == "drip":
            soon_in_vain(impatient)
        summary = played.sync(known, hurried=fault in HANGS)
    assert script.struck > 0
    assert fault not in HANGS or script.struck <= paging.MOST_LATE
    assert (summary.state, summary.messages) == ("done", [])
    assert summary.unsettled > 0
    assert stated.credits_of(known, played.name) == played.truth
    script.stop()
    converges(played, known)


@pytest.mark.parametrize(("kind", "phase", "fault"), CELLS["whole"])
def test_an_answer_that_looks_whole(played: Scene, known: Store, phase: str, fault: str) -> None:
    script = played.faults.script(fault, PHASES[played.kind][phase])
    summary = played.sync(known)
    assert script.struck > 0
    assert summary.error is None or DOING[phase] in summary.error
    explained(played, known, summary, phase, "records")
    if (fault, phase) == ("empty", "listing"):
        assert "titles that the server still gives" in words_of(summary)
        assert summary.state == "partial"
    nothing_is_lost(played, known)
    script.stop()
    converges(played, known)


@pytest.mark.parametrize(("kind", "phase", "fault"), CELLS["absurd"])
def test_an_answer_that_is_absurd(played: Scene, known: Store, phase: str, fault: str) -> None:
    """It is not believed, though a server may well say such things, and looked at again."""
    place = FULL[played.kind] if phase == "records" else PHASES[played.kind][phase]
    script = played.faults.script(fault, place)
    summary = played.sync(known)
    assert script.struck > 0
    assert summary.error is None
    nothing_is_lost(played, known)
    if phase == "records":
        assert stated.credits_of(known, played.name) != played.truth
        assert summary.holds > 0
        assert ABSURD[fault] in words_of(summary)
        told = [words for words in summary.messages if "`fullcredits hold`" in words]
        assert all(words.startswith("“") and played.name in words for words in told)
    elif (phase, fault) in OF_ROWS:
        explained(played, known, summary, phase)
        assert OF_ROWS[phase, fault] in words_of(summary)
    else:
        assert (summary.state, summary.messages) == ("done", [])
    again = played.sync(known)
    assert (phase, fault) in OF_ROWS or again.messages == [], "what is held is told once"
    nothing_is_lost(played, known)
    script.stop()
    converges(played, known)


@pytest.mark.parametrize(("kind", "phase", "fault"), CELLS["huge"])
def test_a_field_of_fifty_megabytes_each_time(
    played: Scene, known: Store, phase: str, fault: str
) -> None:
    """So much is not even taken in, and who goes on so is given up after a few answers."""
    script = played.faults.script(fault, PHASES[played.kind][phase])
    summary = played.sync(known)
    assert 0 < script.struck <= MOST_HUGE[phase]
    assert summary.received < (script.struck + 2) * http.MOST_JSON
    assert summary.state in ("failed", "partial")
    assert HUGE in words_of(summary)
    assert summary.error is None or DOING[phase] in summary.error
    explained(played, known, summary, phase)
    nothing_is_lost(played, known)
    script.stop()
    converges(played, known)


@pytest.mark.parametrize(("kind", "phase", "fault"), cases(("huge-field",), "listing", "people"))
def test_a_field_of_fifty_megabytes_once(
    played: Scene, known: Store, phase: str, fault: str
) -> None:
    """Smaller requests bring what was in that answer, in the same sync."""
    script = played.faults.script(fault, PHASES[played.kind][phase], times=1)
    converges(played, known)
    assert script.struck == 1


@pytest.mark.parametrize(("kind", "phase", "fault"), CELLS["long"])
def test_request_lines_that_a_proxy_refuses(
    played: Scene, known: Store, phase: str, fault: str
) -> None:
    place = PHASES[played.kind][phase]
    script = played.faults.script(fault, place, longest=LONGEST[played.kind])
    converges(played, known)
    assert script.struck > 0


@pytest.mark.parametrize(
    ("kind", "phase", "fault"), cases(("broken", "reset-head", "starting"), "listing", "records")
)
def test_a_fault_now_and_then(played: Scene, known: Store, phase: str, fault: str) -> None:
    """A second try hides what passes."""
    script = played.faults.script(fault, PHASES[played.kind][phase], times=1)
    converges(played, known)
    assert script.struck == 1


@pytest.mark.parametrize(("kind", "phase", "fault"), CELLS["xml"])
def test_a_proxy_that_drops_what_is_asked_for(
    played: Scene, known: Store, phase: str, fault: str
) -> None:
    """A Plex then speaks XML, which says the same; a Jellyfin has nothing but JSON."""
    script = played.faults.script(fault, PHASES[played.kind][phase])
    converges(played, known)
    assert script.struck > 0


@pytest.mark.parametrize("kind", list(SourceKind))
def test_one_title_that_makes_every_batch_fail(played: Scene, known: Store) -> None:
    key = key_of(played.app, "film-003")
    script = played.faults.script("broken", f"{PHASES[played.kind]['records'][:-1]}*{key}*")
    summary = played.sync(known)
    assert summary.state == "partial"
    assert [problem.item_key for problem in problems_of(known, played.name)] == [key]
    (said,) = summary.messages
    title = played.app.state.library.item("film-003").work.title
    assert said.startswith(f"“{title}” was not read from {played.name}: broke on ")
    explained(played, known, summary, "records")
    nothing_is_lost(played, known)
    served = {c[:4] for c in played.truth if c.key != key}
    assert served <= set(known_credits(known, played.name))
    script.stop()
    converges(played, known)


@pytest.mark.parametrize("kind", list(SourceKind))
def test_one_library_that_is_not_open(played: Scene, known: Store) -> None:
    """The others are read, and nothing of it is gone."""
    films = libraries_of(known)["movies"]
    place = {SourceKind.PLEX: f"/library/sections/{films}/all*"}
    script = played.faults.script("not-open", place.get(played.kind, f"*parentid={films}*"))
    summary = played.sync(known)
    assert (summary.state, summary.error, len(summary.messages)) == ("partial", None, 1)
    (said,) = summary.messages
    assert said.startswith(
        f"the list of movies in Movies was not read from {played.name}: this acc"
    )
    explained(played, known, summary, "listing")
    (problem,) = problems_of(known, played.name)
    assert (problem.phase, problem.code) == ("listing", "refused")
    nothing_is_lost(played, known)
    script.stop()
    converges(played, known)


@pytest.mark.parametrize("fault", ["broken", "unauthorised", "portal"])
@pytest.mark.parametrize("phase", PHASES[SourceKind.JELLYFIN])
@pytest.mark.parametrize("kind", [SourceKind.JELLYFIN])
def test_a_jellyfin_read_with_an_api_key(
    played: Scene, keyed_scene: Scene, known: Store, phase: str, fault: str
) -> None:
    script = played.faults.script(fault, PHASES[played.kind][phase])
    summary = keyed_scene.sync(known)
    assert script.struck > 0
    assert summary.state in ("failed", "partial")
    assert any(sentence in words_of(summary) for sentence in STOPS[fault])
    explained(keyed_scene, known, summary, phase)
    nothing_is_lost(played, known)
    script.stop()
    converges(keyed_scene, known)


@pytest.mark.parametrize(
    ("kind", "phase", "fault"),
    [
        *cases(("reset-body", "missing", *ABSURD), "records"),
        *cases(("broken", "repeated"), "listing"),
        *cases(("repeated",), "libraries"),
    ],
)
def test_the_same_on_postgresql(
    played: Scene, postgres_store: Store, phase: str, fault: str
) -> None:
    """A first sync that goes wrong, into the other kind of database."""
    played.add(postgres_store)
    script = played.faults.script(fault, PHASES[played.kind][phase])
    played.sync(postgres_store)
    assert script.struck > 0
    script.stop()
    converges(played, postgres_store)

"""Adding a Jellyfin: by password, Quick Connect and key, asked step by step and by flags."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcredits.cli.asking import TRIES
from fullcredits.errors import Refused
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_USER,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    running,
)
from tests.cli.running import Machine
from tests.contract.answering import closed_port
from tests.contract.secure import https, made

CABIN = jellyfin_app(open_catalogue(), share="cabin")


@pytest.fixture(scope="module")
def cabin() -> Iterator[str]:
    with running(CABIN) as address:
        yield address


def test_with_a_key_by_variable(machine: Machine, cabin: str) -> None:
    added = machine.run("source", "add", f"{cabin}/web/", FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert "Added Cabin." in added.out
    assert "Cabin: jellyfin 1" in added.out
    assert "no user stands behind an API key: it sees every library, but is told of no" in added.out
    (row,) = machine.run("source", "list", "--json").json
    assert (row["address"], row["account"], row["told_of_changes"]) == (cabin, None, False)
    assert DEFAULT_API_KEY.encode() not in machine.database


def test_with_name_and_password(machine: Machine, cabin: str) -> None:
    added = machine.run(
        "source", "add", cabin, "--user", DEFAULT_USER, FULLCREDITS_PASSWORD=DEFAULT_PASSWORD
    )
    assert f"seen as {DEFAULT_USER}" in added.out
    assert "an API key" not in added.out
    (row,) = machine.run("source", "list", "--json").json
    assert (row["account"], row["told_of_changes"]) == (DEFAULT_USER, True)


def test_a_user_beside_a_key(machine: Machine, cabin: str) -> None:
    machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    signed = machine.run(
        "source", "sign-in", "cabin", "--user", DEFAULT_USER, FULLCREDITS_PASSWORD=DEFAULT_PASSWORD
    )
    assert "Signed in to Cabin." in signed.out
    assert "is told of no changes" not in signed.out
    (row,) = machine.run("source", "list", "--json").json
    assert (row["account"], row["told_of_changes"]) == (None, True)
    again = machine.run("source", "sign-in", "cabin", FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert again.error is None
    assert machine.run("source", "list", "--json").json[0]["told_of_changes"] is True


def test_asked_step_by_step(machine: Machine, cabin: str) -> None:
    added = machine.run("source", "add", typed=["1", cabin, "1", DEFAULT_USER, DEFAULT_PASSWORD])
    assert added.error is None
    assert "Added Cabin." in added.out
    assert f"seen as {DEFAULT_USER}" in added.out
    assert "Signing in is recommended: a Jellyfin tells of changes only to users" in added.told
    assert "but sees every library" in added.told


def test_asked_for_a_key_and_a_user_beside_it(machine: Machine, cabin: str) -> None:
    typed = ["7", "3", DEFAULT_API_KEY, "y", "n", DEFAULT_USER, DEFAULT_PASSWORD]
    added = machine.run("source", "add", cabin, typed=typed)
    assert added.error is None
    (row,) = machine.run("source", "list", "--json").json
    assert (row["account"], row["told_of_changes"]) == (None, True)


def test_what_was_mistyped_is_asked_again(machine: Machine, cabin: str) -> None:
    typed = ["1", "not an address", closed_port(), cabin, "1"]
    typed += ["admin", "pa55word", DEFAULT_USER, DEFAULT_PASSWORD]
    added = machine.run("source", "add", typed=typed)
    assert added.error is None
    assert "Added Cabin." in added.out
    assert "nothing listens" in added.told
    assert "the name or password is wrong" in added.told
    assert added.told.count("Try again, or end with Ctrl-C.") == 3


def test_a_mistyped_key_is_asked_again_before_a_user_is(machine: Machine, cabin: str) -> None:
    typed = ["3", "pa55word", DEFAULT_API_KEY, "y", "n", DEFAULT_USER, DEFAULT_PASSWORD]
    added = machine.run("source", "add", cabin, typed=typed)
    assert added.error is None
    assert "this Jellyfin does not take this API key: is it the right one?" in added.told
    (row,) = machine.run("source", "list", "--json").json
    assert (row["account"], row["told_of_changes"]) == (None, True)


def test_after_a_few_times_it_ends(machine: Machine, cabin: str) -> None:
    typed = ["1", *[DEFAULT_USER, "pa55word"] * TRIES, DEFAULT_USER, DEFAULT_PASSWORD]
    added = machine.run("source", "add", cabin, typed=typed)
    assert "the name or password is wrong" in added.problem
    assert machine.run("source", "list", "--json").json == []


def test_a_password_that_is_asked_for_is_asked_again(machine: Machine, cabin: str) -> None:
    typed = ["pa55word", DEFAULT_PASSWORD]
    added = machine.run("source", "add", cabin, "--user", DEFAULT_USER, typed=typed)
    assert added.error is None


def typing_the_code() -> threading.Thread:
    """Somebody signed in who types any code that waits."""
    gate = CABIN.state.gate

    def type_it() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if any(gate.authorize(quick.code) for quick in list(gate._waiting.values())):
                return
            time.sleep(0.02)

    thread = threading.Thread(target=type_it)
    thread.start()
    return thread


def test_quick_connect(machine: Machine, cabin: str) -> None:
    somebody = typing_the_code()
    added = machine.run("source", "add", cabin, "--quick-connect")
    somebody.join()
    assert f"seen as {DEFAULT_USER}" in added.out
    assert "Type this code where you are signed in" in added.told


def test_nobody_types_the_code(
    machine: Machine, cabin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fullcredits.cli.letting_in._TEN_MINUTES", 0.1)
    failed = machine.run("source", "add", cabin, "--quick-connect")
    assert failed.problem == "nobody confirmed the code in time: begin again"
    assert machine.run("source", "list", "--json").json == []


def test_what_is_missing_is_said_where_nobody_can_be_asked(machine: Machine, cabin: str) -> None:
    for arguments, missing in (
        ([], "the address is missing"),
        ([cabin], "give --user, --quick-connect or --token"),
        ([cabin, "--user", "anna"], "set FULLCREDITS_PASSWORD"),
    ):
        assert missing in machine.run("source", "add", *arguments).problem
    assert "there is no way" not in machine.run("source", "list").out


def test_nothing_is_kept_of_what_does_not_answer(machine: Machine, cabin: str) -> None:
    wrong = machine.run("source", "add", cabin, "--token", "pa55word")
    assert isinstance(wrong.error, Refused)
    assert "does not take this API key: is it the right one?" in wrong.problem
    wrong = machine.run("source", "add", cabin, "--user", "admin", FULLCREDITS_PASSWORD="pa55word")
    assert "the name or password is wrong" in wrong.problem
    assert "nothing listens" in machine.run("source", "add", closed_port(), "--token", "x").problem
    plex_only = machine.run("source", "add", cabin, "--server", "x")
    assert "a Jellyfin has no account at plex.tv" in plex_only.problem
    assert machine.run("source", "list", "--json").json == []
    assert "No sources yet" in machine.run("source", "list").out


def test_one_server_once_and_its_sign_in_stays_good(machine: Machine, cabin: str) -> None:
    """A second sign-in of the same user would end the first: so it is refused before."""
    sign_in = ("source", "add", cabin, "--user", DEFAULT_USER)
    machine.run(*sign_in, FULLCREDITS_PASSWORD=DEFAULT_PASSWORD)
    twice = machine.run(*sign_in, "--name", "B", FULLCREDITS_PASSWORD=DEFAULT_PASSWORD)
    assert "this server is already there as Cabin" in twice.problem
    assert machine.run("source", "test", "Cabin").error is None


def test_an_ended_sign_in_says_how_to_sign_in_again(machine: Machine, cabin: str) -> None:
    sign_in = ("--user", DEFAULT_USER)
    machine.run("source", "add", cabin, *sign_in, FULLCREDITS_PASSWORD=DEFAULT_PASSWORD)
    for token in list(CABIN.state.gate._tokens):
        CABIN.state.gate.sign_out(token)
    ended = machine.run("source", "test", "Cabin")
    assert ended.problem == (
        "Cabin: refuses our token (HTTP 401): sign in again with `fullcredits source sign-in Cabin`"
    )
    wrong = machine.run("source", "sign-in", "Cabin", *sign_in, FULLCREDITS_PASSWORD="no")
    assert wrong.problem.startswith("Cabin: does not let this user in: the name or password is")
    again = machine.run(
        "source", "sign-in", "Cabin", *sign_in, FULLCREDITS_PASSWORD=DEFAULT_PASSWORD
    )
    assert again.error is None
    assert machine.run("source", "test", "Cabin").error is None


def test_what_a_check_tells(machine: Machine, cabin: str) -> None:
    machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    checked = machine.run("source", "test", "cabin", "--json").json
    assert (checked["name"], checked["kind"], checked["address"]) == ("Cabin", "jellyfin", cabin)
    assert checked["server"]["version"].startswith("1")
    assert {"name", "kind", "key"} == set(checked["libraries"][0])
    codes = {remark["code"] for remark in checked["remarks"]}
    assert {"api-key", "names-only"} <= codes
    assert set(checked["remarks"][0]) == {"code", "text", "library", "limits"}
    assert "namesakes are one person" in machine.run("source", "test", "Cabin").out


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything takes long."""
    monkeypatch.setattr("fullcredits.sync.silence._LOOK", 0.0005)
    monkeypatch.setattr("fullcredits.sync.silence.LONG", 0.0)


def test_a_check_says_that_it_waits(
    machine: Machine, cabin: str, request: pytest.FixtureRequest
) -> None:
    machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert "Waiting" not in machine.run("source", "test", "Cabin").told
    request.getfixturevalue("impatient")
    checked = machine.run("source", "test", "Cabin")
    assert "Waiting for Cabin to answer, 0 s …" in checked.told
    assert "Waiting" not in checked.out
    checked = machine.run("source", "test", "Cabin", "--json")
    assert "Waiting for Cabin to answer, 0 s …" in checked.told
    assert checked.json["name"] == "Cabin"


@pytest.mark.usefixtures("impatient")
def test_adding_and_signing_in_say_that_they_wait(machine: Machine, cabin: str) -> None:
    added = machine.run("source", "add", typed=["1", cabin, "1", DEFAULT_USER, DEFAULT_PASSWORD])
    assert f"Waiting for the server at {cabin} to answer, 0 s …" in added.told
    signed = machine.run(
        "source", "sign-in", "Cabin", "--user", DEFAULT_USER, FULLCREDITS_PASSWORD=DEFAULT_PASSWORD
    )
    assert "Waiting for Cabin to answer, 0 s …" in signed.told
    assert "Waiting" not in added.out + signed.out


def test_what_is_known_is_told_though_the_rest_fails(machine: Machine) -> None:
    app = jellyfin_app(open_catalogue(), share="cabin")
    with running(app) as cabin:
        machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
        sample = app.state.faults.script("broken", "/Items*")
        tested = machine.run("source", "test", "Cabin")
        sample.stop()
        app.state.faults.script("broken", "/Library/*")
        unlisted = machine.run("source", "test", "Cabin")
    known = f"Cabin: jellyfin 10.11.11 at {cabin}\nseen with an API key\n"
    assert tested.out.startswith(f"{known}  Movies (movies)\n  Shows (shows)\n")
    assert unlisted.out == known
    assert unlisted.problem.startswith("Cabin: ")


def test_a_sync_says_how_much_came_of_what_it_waits_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where bytes trickle, too."""
    monkeypatch.setattr("fullcredits.sync.silence._LOOK", 0.01)
    monkeypatch.setattr("fullcredits.sync.silence.LONG", 0.2)
    monkeypatch.setattr("fullcredits.cli.terminal._AGAIN", 0.0)
    monkeypatch.setattr("fullcredits.sources.patience.LONGEST_ANSWER", 0.6)
    app = jellyfin_app(Catalogue({}), name="Cabin")
    with running(app) as cabin:
        machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
        app.state.faults.script("drip", "/items*", times=1)
        told = machine.run("sync").told
    assert re.search(r"Cabin: waiting for its answer for \d s, asked for .+ \(so far 1 kB\)", told)


def test_more_at_once_than_a_jellyfin_is_given(machine: Machine, cabin: str) -> None:
    """Before anything is asked for that lets us in."""
    refused = machine.run("source", "add", cabin, "--limit", "4")
    assert "4 requests at once are too many for a Jellyfin" in refused.problem
    assert machine.run("source", "list", "--json").json == []


def test_settings_of_a_source(machine: Machine, cabin: str) -> None:
    machine.run("source", "add", cabin, "--limit", "1", FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert machine.run("source", "list", "--json").json[0]["limit"] == 1
    machine.run("source", "set", "cabin", "--limit", "0", "--address", f"{cabin}/web/index.html")
    (row,) = machine.run("source", "list", "--json").json
    assert (row["limit"], row["address"]) == (None, cabin)
    assert "nothing to change" in machine.run("source", "set", "cabin").problem
    refused = machine.run("source", "set", "cabin", "--limit", "3").problem
    assert "3 requests at once are too many for a Jellyfin: it is given 2 at most" in refused
    assert machine.run("source", "set", "cabin", "--limit", "2").error is None
    assert machine.run("source", "list", "--json").json[0]["limit"] == 2
    machine.run("source", "set", "cabin", "--link-address", "https://tv.example/jelly/web/")
    machine.run("source", "set", "cabin", "--limit", "0")
    (row,) = machine.run("source", "list", "--json").json
    assert (row["limit"], row["link_address"]) == (None, "https://tv.example/jelly")
    machine.run("source", "set", "cabin", "--link-address", "")
    assert machine.run("source", "list", "--json").json[0]["link_address"] is None
    other = jellyfin_app(open_catalogue(), name="Other", share="attic")
    other.state.library.server_id = "0" * 32
    with running(other) as elsewhere:
        wrong = machine.run("source", "set", "cabin", "--address", elsewhere)
    assert "another server than Cabin answers at" in wrong.problem
    asked = {request.path for request in other.state.requests}
    assert asked == {"/identity", "/System/Info/Public"}, "it was shown our token"
    assert machine.run("source", "list", "--json").json[0]["address"] == cabin


def test_where_links_lead_from_the_beginning(machine: Machine, cabin: str) -> None:
    add = ("source", "add", cabin, "--link-address")
    refused = machine.run(*add, "ftp://nas", FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert refused.problem.startswith("links cannot lead there: ")
    machine.run(*add, "nas:8096/web/", FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert machine.run("source", "list", "--json").json[0]["link_address"] == "http://nas:8096"


def test_what_a_server_need_not_be_asked_for(machine: Machine) -> None:
    """It may be off, or starting."""
    app = jellyfin_app(Catalogue({}), name="Cabin")
    with running(app) as cabin:
        machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    links = "http://nas:8096"
    done = machine.run("source", "set", "cabin", "--link-address", links, "--limit", "1")
    assert (done.error, done.out) == (None, "Changed Cabin.\n")
    (row,) = machine.run("source", "list", "--json").json
    assert (row["address"], row["link_address"], row["limit"]) == (cabin, links, 1)
    with running(app, port=int(cabin.rpartition(":")[2])):
        assert machine.run("source", "test", "Cabin").error is None


def test_removing(machine: Machine, cabin: str) -> None:
    machine.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert "give --yes" in machine.run("source", "remove", "cabin").problem
    assert "was kept" in machine.run("source", "remove", "cabin", typed=["n"]).problem
    assert "Removed Cabin." in machine.run("source", "remove", "cabin", typed=["y"]).out
    assert machine.run("source", "list", "--json").json == []


class TestCertificates:
    """A server with a certificate of its own making."""

    INFO = b'{"Id":"9","ServerName":"C","Version":"12.0.0","ProductName":"Jellyfin Server"}'

    @pytest.fixture
    def secure(self, tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
        pair = made(tmp_path, "secure")
        with https(pair, self.INFO, b"[]", b'{"Id":"1","Name":"anna"}') as (address, _):
            yield address, pair.fingerprint, pair.path

    def test_refused_where_nobody_is_asked(
        self, machine: Machine, secure: tuple[str, str, Path]
    ) -> None:
        failed = machine.run("source", "add", secure[0], "--token", "x")
        assert "accept it with --fingerprint or --ca" in failed.problem

    def test_shown_and_asked_about(self, machine: Machine, secure: tuple[str, str, Path]) -> None:
        address, fingerprint, _ = secure
        failed = machine.run("source", "add", address, "--token", "x", typed=["n"])
        assert fingerprint in failed.told
        assert "CN=secure" in failed.told
        assert "nothing was kept" in failed.problem

    def test_taken_by_choice(self, machine: Machine, secure: tuple[str, str, Path]) -> None:
        address, fingerprint, path = secure
        ways = (["--insecure"], ["--ca", str(path)], ["--fingerprint", fingerprint])
        for way, kept in zip(ways, ("any", "authority", "certificate"), strict=True):
            added = machine.run("source", "add", address, "--token", "x", *way)
            assert added.error is None, way
            assert machine.run("source", "list", "--json").json[0]["certificates"] == kept
            assert machine.run("source", "test", "C").error is None
            assert machine.run("source", "set", "C", "--limit", "1").error is None
            machine.run("source", "remove", "C", "--yes")
        added = machine.run("source", "add", address, "--token", "x", typed=["y"])
        assert added.error is None
        back = machine.run("source", "set", "C", "--usual-certificates")
        assert "is not trusted" in back.problem

    def test_another_fingerprint(self, machine: Machine, secure: tuple[str, str, Path]) -> None:
        address, fingerprint, _ = secure
        failed = machine.run("source", "add", address, "--token", "x", "--fingerprint", "AB:CD")
        assert f"fingerprint is {fingerprint}" in failed.problem
        two = machine.run("source", "add", address, "--insecure", "--fingerprint", "AB:CD")
        assert "give one of --insecure" in two.problem

"""`fullcredits password`, and that nothing is served to others without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from fullcredits.access import passwords
from fullcredits.errors import ConfigError
from tests.cli.running import Machine

VARIABLE = "FULLCREDITS_WEB_PASSWORD"
GOOD = "correct horse battery"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    for name in ("FULLCREDITS_HOST", "FULLCREDITS_HOSTS", VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return Machine(tmp_path / "data", monkeypatch)


def test_set_at_the_terminal(machine: Machine) -> None:
    ran = machine.run("password", typed=[GOOD, GOOD])
    assert "The password is set" in ran.out
    assert GOOD not in ran.out + ran.told
    assert GOOD.encode() not in machine.database
    assert b"$argon2id$" in machine.database


def test_typed_twice_and_not_the_same(machine: Machine) -> None:
    ran = machine.run("password", typed=[GOOD, "something else"])
    assert "not the same" in ran.problem
    assert b"$argon2id$" not in machine.database


def test_from_standard_input_and_from_the_environment(machine: Machine) -> None:
    assert machine.run("password", "--stdin", typed=[GOOD]).error is None
    assert machine.run("password", **{VARIABLE: GOOD}).error is None


@pytest.mark.parametrize("words", [[], ["--stdin"]])
def test_nobody_there_to_be_asked(machine: Machine, words: list[str]) -> None:
    ran = machine.run("password", *words)
    assert isinstance(ran.error, ConfigError)
    assert "password is" in ran.problem


def test_too_short(machine: Machine) -> None:
    assert "8 characters" in machine.run("password", "--stdin", typed=["short"]).problem


def test_removed(machine: Machine) -> None:
    assert "there is no password" in machine.run("password", "--remove").problem
    machine.run("password", **{VARIABLE: GOOD})
    assert "was kept" in machine.run("password", "--remove").problem
    assert "was kept" in machine.run("password", "--remove", typed=["n"]).problem
    assert "removed" in machine.run("password", "--remove", typed=["y"]).out
    machine.run("password", **{VARIABLE: GOOD})
    assert "removed" in machine.run("password", "--remove", "--yes").out


@pytest.mark.parametrize(
    "settings", [{"FULLCREDITS_HOST": "0.0.0.0"}, {"FULLCREDITS_HOSTS": "films.example.org"}]
)
def test_nothing_is_served_to_others_without_one(
    machine: Machine, settings: dict[str, str]
) -> None:
    ran = machine.run("serve", "--port", "0", **settings)
    assert isinstance(ran.error, ConfigError)
    assert "`fullcredits password`" in ran.problem
    assert VARIABLE in ran.problem


def test_a_short_one_in_the_environment_is_none(machine: Machine) -> None:
    ran = machine.run("serve", "--port", "0", FULLCREDITS_HOST="0.0.0.0", **{VARIABLE: "short"})
    assert "8 characters" in ran.problem


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_here(machine: Machine, host: str) -> None:
    machine.run("password", **{VARIABLE: GOOD})
    assert host in machine.run("serve", "--port", "0", FULLCREDITS_HOST=host).problem

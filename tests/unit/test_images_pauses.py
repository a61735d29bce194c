from __future__ import annotations

import pytest

from fullcredits.errors import Busy, Failed, Nonsense, Refused, SourceError, Unreachable
from fullcredits.images.pauses import Pauses

AWAY = Unreachable("Den", "is off")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pauses(clock: Clock) -> Pauses:
    return Pauses(clock)


def asked(pauses: Pauses, error: SourceError | None = None) -> bool:
    return pauses.end("den", pauses.begin("den"), error)


def test_whoever_answers_is_asked_again(pauses: Pauses) -> None:
    assert pauses.over("den")
    assert not asked(pauses)
    assert not asked(pauses, Failed("Den", "broke on this one"))
    assert not asked(pauses, Nonsense("Den", "gave text/html for a picture"))
    assert pauses.over("den")


@pytest.mark.parametrize("error", [AWAY, Busy("Den", "waits"), Refused("Den", "no such token")])
def test_whoever_is_in_trouble_is_left_alone(
    pauses: Pauses, clock: Clock, error: SourceError
) -> None:
    assert asked(pauses, error)
    assert not pauses.over("den")
    assert pauses.over("attic")
    clock.now += 31
    assert pauses.over("den")


def test_one_finds_out_whether_it_is_over(pauses: Pauses, clock: Clock) -> None:
    asked(pauses, AWAY)
    clock.now += 31
    began = pauses.begin("den")
    assert not pauses.over("den"), "the others do without meanwhile"
    assert not pauses.end("den", began, None)
    assert pauses.over("den")


def test_nobody_waits_for_one_who_never_found_out(pauses: Pauses, clock: Clock) -> None:
    asked(pauses, AWAY)
    clock.now += 31
    pauses.begin("den")
    clock.now += 61
    assert pauses.over("den")


def test_pauses_grow_to_five_minutes(pauses: Pauses, clock: Clock) -> None:
    lengths = []
    for _ in range(7):
        asked(pauses, AWAY)
        waited = 0
        while not pauses.over("den"):
            clock.now += 1
            waited += 1
        lengths.append(waited)
    assert lengths == [30, 60, 120, 240, 300, 300, 300]
    asked(pauses)
    assert asked(pauses, AWAY)
    clock.now += 31
    assert pauses.over("den"), "short again after an answer"


def test_several_that_were_under_way_are_one_pause(pauses: Pauses, clock: Clock) -> None:
    begun = [pauses.begin("den") for _ in range(4)]
    for began in begun:
        pauses.end("den", began, AWAY)
    clock.now += 31
    assert pauses.over("den")


@pytest.mark.parametrize(("asked_for", "pause"), [(5, 30), (90, 90), (86_400, 300), (None, 30)])
def test_who_asks_us_to_wait_is_heard_within_reason(
    pauses: Pauses, clock: Clock, asked_for: float | None, pause: float
) -> None:
    asked(pauses, Busy("Den", "waits", asked_for))
    clock.now += pause - 1
    assert not pauses.over("den")
    clock.now += 2
    assert pauses.over("den")


def test_whoever_takes_long_to_fail_is_left_alone(pauses: Pauses, clock: Clock) -> None:
    began = pauses.begin("den")
    clock.now += 20
    assert pauses.end("den", began, Failed("Den", "took too long"))

"""How long a large library takes: 242,000 people with a million credits, and one changed title."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import defaultdict

from benchmarks.worlds import called_otherwise
from fullcredits.identity.evidence import Credit, Person, parts_of
from fullcredits.identity.names import count_names
from fullcredits.identity.people import Deciding, decide_people
from fullcredits.model import Department, ExternalId

_PEOPLE, _CREDITS, _TITLES = 284_000, 1_000_000, 40_000
_MOST_SECONDS, _MOST_MEGABYTES, _MOST_MILLISECONDS = 60, 1024, 100
_SHARED = 0.5
_GIVEN, _FAMILY = 4_000, 40_000
Facts = tuple[list[Person], list[Credit]]


def made_library(seed: int = 5) -> Facts:
    """Half the source persons on a Plex, half on a Jellyfin; half the titles on both.

    Names, and how many credits somebody has, are as unevenly spread as real ones.
    """
    dice = random.Random(seed)
    persons: list[Person] = []
    credits: list[Credit] = []
    on_title: dict[int, list[tuple[str, int]]] = defaultdict(list)
    numbers: dict[tuple[int, int | str], int] = {}
    names = [_name(dice) for _ in range(_PEOPLE // 2)]
    while len(credits) < _CREDITS:
        human = int(len(names) * dice.random() ** 3)
        title = dice.randrange(_TITLES)
        on_title[title].append((names[human], human))
        for source in (1, 2) if title < _TITLES * _SHARED else (1 + title % 2,):
            key: int | str = human if source == 1 else names[human]
            number = numbers.setdefault((source, key), len(persons))
            if number == len(persons):
                ids = (ExternalId("plex", str(human)),) if source == 1 else ()
                persons.append(Person(number, source, names[human], source == 2, ids))
            part = parts_of(f"part {len(on_title[title])}", True)
            credits.append(
                Credit(
                    len(credits), number, title, title, Department.ACTING, part, 1950 + title % 76
                )
            )
    return persons, credits


def _name(dice: random.Random) -> str:
    return f"given{int(_GIVEN * dice.random() ** 2)} family{int(_FAMILY * dice.random() ** 2)}"


def whole_library() -> int:
    """Decide everything anew in a process of its own; returns how many goals are missed."""
    command = [sys.executable, "-m", "benchmarks.size"]
    seconds, megabytes, people, credits = map(
        float, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    )
    missed = (seconds > _MOST_SECONDS) + (megabytes > _MOST_MEGABYTES)
    print(
        f"\nEverything anew: {people:,.0f} source persons, {credits:,.0f} credits:"
        f" {seconds:.1f} s of processor time (goal {_MOST_SECONDS}),"
        f" peak {megabytes:.0f} MB with the facts (goal {_MOST_MEGABYTES})"
        f"{': MISSED' if missed else ': reached'}"
    )
    return missed


def one_title() -> int:
    """Decide anew after one film changed: everybody on it and all their namesakes."""
    persons, credits = made_library()
    name_of = {person.id: person.name for person in persons}
    title = next(c.title for c in credits if c.title < _TITLES * _SHARED)
    touched = {name_of[c.person] for c in credits if c.title == title}
    few = [person for person in persons if person.name in touched]
    ids = {person.id for person in few}
    theirs = [credit for credit in credits if credit.person in ids]
    names = count_names(set(name_of.values()))
    beside: dict[int, set[str]] = defaultdict(set)
    compared = Deciding(few, theirs).company(names)
    for credit in credits:
        if credit.title in compared:
            beside[credit.title].add(name_of[credit.person])
    company = {t: tuple(there) for t, there in beside.items()}
    start = time.process_time()
    deciding = Deciding(few, theirs)
    deciding.company(names)
    deciding.decide(names, company)
    milliseconds = (time.process_time() - start) * 1000
    good = milliseconds <= _MOST_MILLISECONDS
    print(
        f"One changed title: {len(few):,} source persons with {len(theirs):,} credits to look at:"
        f" {milliseconds:.0f} ms (goal {_MOST_MILLISECONDS}): {'reached' if good else 'MISSED'}"
    )
    return not good


def _measure() -> None:
    import resource

    persons, credits = made_library()
    start = time.process_time()
    otherwise = called_otherwise(persons, credits)
    decide_people(persons, credits, otherwise=otherwise)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak, len(persons), len(credits))


if __name__ == "__main__":
    _measure()

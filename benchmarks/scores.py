"""How right a decision is: counted over credits whose human is known."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations

from benchmarks.worlds import World
from fullcredits.identity.people import PersonGroup


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one world; a share is None where there is nothing to count."""

    credits: int
    joined_precision: float | None
    """Of pairs of credits that stand with different source persons, here or across servers, and
    were joined by us: how many are one human."""
    joined_recall: float | None
    """Of pairs of one human's credits on different servers: how many were joined."""
    records_joined: int
    """Pairs of source persons that were joined by us."""
    records_right: float | None
    """How many of them have a human in common. A server's record may be several: then pairs of
    credits are wrong although this join is right."""
    all_precision: float | None
    """Of all pairs held for one person, also those that one server itself fused by name."""
    cubed_precision: float
    cubed_recall: float
    namesakes: int
    """Pairs of humans that a server fused under one name, each with a title on another server
    that knows them by id, and credits there no namesake with the very same job and part."""
    namesakes_apart: float | None
    """How many of these have no credit in common now."""
    namesakes_untold: int
    """Further pairs, of whom each title credits both with the very same job and part."""
    namesakes_apart_of_all: float | None
    """How many of both have no credit in common now."""
    spellings: int
    """Humans served under several names, by records of different keys."""
    spellings_joined: float | None
    """How many of these are one person."""
    wrongly_split: float | None
    """Of source persons that are one human, bearing a name nobody else bears: how many are several
    persons now."""


def halves(world: World) -> tuple[set[int], set[int]]:
    """Known credits to choose weights on, and to report on: parted by name."""
    chosen: set[int] = set()
    reported: set[int] = set()
    for credit in world.credits:
        if credit.id in world.truth:
            name = world.persons[credit.person].name
            (reported if zlib.crc32(f"half {name}".encode()) % 2 else chosen).add(credit.id)
    return chosen, reported


def score(world: World, groups: Iterable[PersonGroup], among: set[int]) -> Scores:
    """The figures over these credits."""
    group_of = held_for(world, groups)
    cells = _cells(world, group_of, among)
    together = _joined(cells, lambda group, human, source, person: group)
    same = _joined(cells, lambda group, human, source, person: (group, human))
    humans = _apart(cells, lambda group, human, source, person: human)
    found = _apart(cells, lambda group, human, source, person: (human, group))
    every = _pairs(cells, lambda group, human, source, person: group)
    right = _pairs(cells, lambda group, human, source, person: (group, human))
    precision, recall = _b_cubed(cells)
    spelt = _spelt(world, cells)
    records = _records(cells)
    told = _namesakes_apart(world, group_of, among, told=True)
    every_pair = _namesakes_apart(world, group_of, among, told=False)
    return Scores(
        credits=sum(cells.values()),
        joined_precision=_share(same, together),
        joined_recall=_share(found, humans),
        all_precision=_share(right, every),
        cubed_precision=precision,
        cubed_recall=recall,
        records_joined=len(records),
        records_right=_share(sum(records.values()), len(records)),
        namesakes=told[1],
        namesakes_apart=_share(*told),
        namesakes_untold=every_pair[1] - told[1],
        namesakes_apart_of_all=_share(*every_pair),
        spellings=len(spelt),
        spellings_joined=_share(sum(n == 1 for n in spelt.values()), len(spelt)),
        wrongly_split=_wrongly_split(world, group_of, among),
    )


def held_for(world: World, groups: Iterable[PersonGroup]) -> dict[int, int]:
    """For each credit, the number of the group that has it."""
    by_person: dict[int, int] = {}
    by_credit: dict[int, int] = {}
    for number, group in enumerate(groups):
        by_person.update(dict.fromkeys(group.persons, number))
        by_credit.update(dict.fromkeys(group.credits, number))
    return {c.id: by_credit.get(c.id, by_person[c.person]) for c in world.credits}


Cell = tuple[int, str, int, int]
"""Group, human, source, source person."""
Key = Callable[[int, str, int, int], Hashable]
"""What of a cell has to be equal."""


def _cells(world: World, group_of: dict[int, int], among: set[int]) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    for credit in world.credits:
        if credit.id in among:
            source = world.persons[credit.person].source
            cells[group_of[credit.id], world.truth[credit.id], source, credit.person] += 1
    return cells


def _pairs(cells: Counter[Cell], key: Key) -> int:
    sums: Counter[object] = Counter()
    for cell, count in cells.items():
        sums[key(*cell)] += count
    return sum(n * (n - 1) // 2 for n in sums.values())


def _joined(cells: Counter[Cell], key: Key) -> int:
    """Pairs with equal key whose source persons differ."""
    own = _pairs(cells, lambda *cell: (key(*cell), cell[3]))
    return _pairs(cells, key) - own


def _apart(cells: Counter[Cell], key: Key) -> int:
    """Pairs with equal key on different servers."""
    own = _pairs(cells, lambda *cell: (key(*cell), cell[2]))
    return _pairs(cells, key) - own


def _records(cells: Counter[Cell]) -> dict[tuple[int, int], bool]:
    """Pairs of source persons in one group, and whether a human has credits of both."""
    humans: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for group, human, _, person in cells:
        humans[group][person].add(human)
    found: dict[tuple[int, int], bool] = {}
    for persons in humans.values():
        for one, other in combinations(sorted(persons), 2):
            right = not persons[one].isdisjoint(persons[other])
            found[one, other] = found.get((one, other), False) or right
    return found


def _b_cubed(cells: Counter[Cell]) -> tuple[float, float]:
    groups: Counter[int] = Counter()
    humans: Counter[str] = Counter()
    both: Counter[tuple[int, str]] = Counter()
    for (group, human, _, _), count in cells.items():
        groups[group] += count
        humans[human] += count
        both[group, human] += count
    total = max(1, sum(cells.values()))
    precision = sum(n * n / groups[group] for (group, _), n in both.items()) / total
    recall = sum(n * n / humans[human] for (_, human), n in both.items()) / total
    return precision, recall


def _namesakes_apart(
    world: World, group_of: dict[int, int], among: set[int], *, told: bool
) -> tuple[int, int]:
    """Pairs of namesakes with no credit in common, and all pairs."""
    keyed = _keyed(world, told=told)
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for credit in world.credits:
        person = world.persons[credit.person]
        if person.by_name and credit.id in among:
            human = world.truth[credit.id]
            if (credit.title, human) in keyed:
                found[credit.person][human].add(group_of[credit.id])
    pairs = [pair for humans in found.values() for pair in combinations(humans.values(), 2)]
    return sum(one.isdisjoint(other) for one, other in pairs), len(pairs)


def _keyed(world: World, *, told: bool) -> set[tuple[int, str]]:
    """The titles on which a server knows each human by id; if `told`, only those where it does
    not credit a namesake with the very same job and part.
    """
    doing: dict[tuple[int, str, str, frozenset[str]], set[str]] = defaultdict(set)
    for credit in world.credits:
        person = world.persons[credit.person]
        if not person.by_name and credit.id in world.truth:
            what = (credit.title, person.name, credit.department.value, credit.parts)
            doing[what].add(world.truth[credit.id])
    return {
        (what[0], human)
        for what, humans in doing.items()
        for human in humans
        if len(humans) == 1 or not told
    }


def _spelt(world: World, cells: Counter[Cell]) -> dict[str, int]:
    """Humans served under several names, and how many persons each is."""
    names: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, set[int]] = defaultdict(set)
    keys: dict[str, set[object]] = defaultdict(set)
    for group, human, _, number in cells:
        person = world.persons[number]
        names[human].add(person.name)
        keys[human].add(number if person.by_name else person.ids)
        groups[human].add(group)
    return {h: len(groups[h]) for h, spelt in names.items() if len(spelt) > 1 and len(keys[h]) > 1}


def _wrongly_split(world: World, group_of: dict[int, int], among: set[int]) -> float | None:
    humans: dict[str, set[str | None]] = defaultdict(set)
    groups: dict[int, set[int]] = defaultdict(set)
    for credit in world.credits:
        person = world.persons[credit.person]
        # Two credits of unknown truth under one name may be two humans: such a name counts not.
        humans[person.name].add(world.truth.get(credit.id))
        if credit.id in among:
            groups[credit.person].add(group_of[credit.id])
    unique = [n for n in groups if len(humans[world.persons[n].name]) == 1]
    return _share(sum(len(groups[n]) > 1 for n in unique), len(unique))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

"""What numbers a database gave, and which server was added first, plays no part in who is who."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from fullcredits.identity.evidence import Credit, Link, Person
from fullcredits.identity.people import Decided, decide_people
from fullcredits.identity.rulings import Ruling, Side, Verb
from fullcredits.identity.spellings import Billed, Otherwise, find_alike
from fullcredits.model import Department, ExternalId

ACTING, DIRECTING, WRITING = Department.ACTING, Department.DIRECTING, Department.WRITING
SERVERS = (1, 2, 3, 4)
"""The odd ones know people by id."""
NAMES = ("ana silva", "ann silva", "bo berg", "cy lee")
BIRTHS = (None, None, dt.date(1960, 1, 2), dt.date(1970, 3, 3))


def world(dice: random.Random) -> tuple[list[Person], list[Credit]]:
    """A few people on four servers, and what they did."""
    people: dict[tuple[int, str], Person] = {}
    for number in range(dice.randint(2, 9)):
        source, name = dice.choice(SERVERS), dice.choice(NAMES)
        if source % 2:
            tag = f"{dice.choice('abc')} {name}"
            person = Person(number, source, name, False, (ExternalId("plex", tag),))
            people.setdefault((source, tag), person)
        else:
            ids = (ExternalId("tmdb", dice.choice("12")),) if dice.random() < 0.4 else ()
            person = Person(number, source, name, True, ids, dice.choice(BIRTHS))
            people.setdefault((source, name), person)
    years = [dice.choice([1930, 1980, 2000, 2010]) for _ in range(8)]
    credits = []
    for number in range(dice.randint(0, 22)):
        who, title = dice.choice(list(people.values())), dice.randrange(8)
        department = dice.choice([ACTING, ACTING, ACTING, DIRECTING, WRITING])
        parts = frozenset(dice.choice("xyz"))
        work = 100 + title // 2
        credits.append(Credit(number, who.id, title, work, department, parts, years[title]))
    return list(people.values()), credits


def word(dice: random.Random, people: Sequence[Person]) -> list[Ruling]:
    """Sometimes the owner says something."""
    if dice.random() < 0.7:
        return []
    one, other = dice.sample(people, 2) if len(people) > 1 else (people[0], people[0])
    verb = dice.choice([Verb.MERGE, Verb.APART])
    return [Ruling(1, verb, (Side(one.id),), (Side(other.id),))] if one != other else []


class Renumbered:
    """The same world with other numbers of everything, in another order."""

    def __init__(self, people: list[Person], credits: list[Credit], dice: random.Random) -> None:
        self._dice = dice
        self.person = self._numbers(p.id for p in people)
        self.credit = self._numbers(c.id for c in credits)
        source = dict(zip(SERVERS, dice.sample(SERVERS, len(SERVERS)), strict=True))
        title = self._numbers(c.title for c in credits)
        work = self._numbers(c.work for c in credits)
        self.people = [p._replace(id=self.person[p.id], source=source[p.source]) for p in people]
        self.credits = [
            c._replace(
                id=self.credit[c.id],
                person=self.person[c.person],
                title=title[c.title],
                work=1000 + work[c.work],
            )
            for c in credits
        ]
        dice.shuffle(self.people)
        dice.shuffle(self.credits)

    def _numbers(self, of: Iterable[int]) -> dict[int, int]:
        old = sorted(set(of))
        return dict(zip(old, self._dice.sample(range(500), len(old)), strict=True))

    def ruling(self, ruling: Ruling) -> Ruling:
        one, other = (
            tuple(Side(self.person[side.person or 0]) for side in sides)
            for sides in (ruling.one, ruling.other)
        )
        return ruling._replace(one=one, other=other)


def decide(people: list[Person], credits: list[Credit], said: list[Ruling]) -> Decided:
    named = {person.id: person for person in people}
    billed: dict[tuple[int, int], list[Billed]] = {}
    for c in credits:
        who = named[c.person]
        one = Billed(who.source, who.id, who.name, c.department, c.parts)
        billed.setdefault((c.title, c.work), []).append(one)
    otherwise = [
        Otherwise(work, pair.one, pair.other, pair.same_part)
        for (_, work), there in billed.items()
        for pair in find_alike(there)
    ]
    return decide_people(people, credits, rulings=said, otherwise=otherwise)


def as_facts(people: list[Person], credits: list[Credit], links: list[Link]) -> Counter[object]:
    """Links in words that no number is in."""

    def facts(number: int) -> object:
        person = next(p for p in people if p.id == number)
        own = [c for c in credits if c.person == number]
        work = frozenset(Counter((c.department, c.parts, c.year) for c in own).items())
        return person._replace(id=0, source=0), work

    return Counter(
        (frozenset(Counter((facts(link.one), facts(link.other))).items()), round(link.score, 6))
        for link in links
    )


@pytest.mark.parametrize("tenth", range(10))
def test_neither_numbers_nor_the_order_of_servers_play_a_part(tenth: int) -> None:
    for seed in range(tenth * 100, tenth * 100 + 100):
        dice = random.Random(seed)
        people, credits = world(dice)
        said = word(dice, people)
        decided = decide(people, credits, said)
        other = Renumbered(people, credits, dice)
        again = decide(other.people, other.credits, [other.ruling(r) for r in said])

        groups = {
            (
                frozenset(other.person[p] for p in group.persons),
                frozenset(other.credit[c] for c in group.credits),
            )
            for group in decided.groups
        }
        assert {(frozenset(g.persons), frozenset(g.credits)) for g in again.groups} == groups, seed
        for links, links_again in (
            (decided.joined, again.joined),
            (decided.told, again.told),
            (decided.proposed, again.proposed),
        ):
            expected = as_facts(people, credits, links)
            assert as_facts(other.people, other.credits, links_again) == expected, seed

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import IdentityError
from fullcredits.identity.evidence import Credit, Person
from fullcredits.identity.names import Names
from fullcredits.identity.people import PersonGroup, decide_people
from fullcredits.identity.rulings import (
    Ruling,
    Side,
    Verb,
    first_contradiction,
    refuse_contradiction,
)
from fullcredits.model import Department, ExternalId
from fullcredits.text import NameWord

MERGE, APART, SPLIT = Verb.MERGE, Verb.APART, Verb.SPLIT
PEOPLE = [
    Person(1, 1, "dave hill", False, (ExternalId("plex", "aa"),)),
    Person(2, 1, "david hill", False, (ExternalId("plex", "bb"),)),
    Person(3, 2, "dave hill", True, ()),
]


def credit(number: int, person: int, title: int) -> Credit:
    return Credit(number, person, title, title, Department.ACTING, frozenset(), None)


OWNERS = {1: 1, 2: 3, 3: 3, 4: 2}
CREDITS = [credit(1, 1, 10), credit(2, 3, 10), credit(3, 3, 20), credit(4, 2, 30)]


def pair(number: int, verb: Verb, one: int, other: int) -> Ruling:
    return Ruling(number, verb, (Side(one),), (Side(other),))


def these(*credits: int) -> Side:
    return Side(credits=frozenset(credits))


def split(number: int, *credits: int, whose: int | None = None) -> Ruling:
    other = () if whose is None else (Side(whose),)
    return Ruling(number, SPLIT, (these(*credits),), other)


def decide(*rulings: Ruling) -> list[tuple[list[int], list[int]]]:
    groups: list[PersonGroup] = decide_people(PEOPLE, CREDITS, rulings=rulings).groups
    return [(group.persons, group.credits) for group in groups]


def test_without_a_word_evidence_decides() -> None:
    assert decide() == [([1, 3], []), ([2], [])]


def test_a_merge_outranks_clashing_ids() -> None:
    assert decide(pair(1, MERGE, 1, 2)) == [([1, 2, 3], [])]


def test_apart_outranks_a_shared_title() -> None:
    assert decide(pair(1, APART, 3, 1)) == [([1], []), ([2], []), ([3], [])]


def test_a_split_takes_the_named_credits_and_no_other() -> None:
    assert decide(split(7, 3)) == [([1, 3], []), ([2], []), ([], [3])]


def test_a_split_may_say_whose_the_credits_are() -> None:
    assert decide(split(7, 3, whose=2)) == [([1, 3], []), ([2], [3])]


def test_credits_split_off_may_be_merged_with_somebody_later() -> None:
    merge = Ruling(8, MERGE, (these(3),), (Side(2),))
    assert decide(split(7, 3), merge) == [([1, 3], []), ([2], [3])]


def test_whoever_is_made_one_with_a_record_is_still_told_by_titles() -> None:
    """The owner spoke of the rest: on title 10 the record means whom the other server knows."""
    people = [*PEOPLE[:1], PEOPLE[1]._replace(name="dave hill"), PEOPLE[2]]
    decided = decide_people(people, CREDITS, rulings=[pair(1, MERGE, 3, 2)]).groups
    assert [(g.persons, g.credits) for g in decided] == [([1], [2]), ([2, 3], [])]


NAMESAKES = [
    PEOPLE[0],
    PEOPLE[1]._replace(name="dave hill"),
    PEOPLE[2],
]
"""Two of one name, who are one record on the server that knows names only."""
SHARED = [credit(1, 1, 10), credit(2, 2, 20), credit(3, 3, 10), credit(4, 3, 20), credit(5, 3, 30)]
"""Titles 10 and 20 tell whose those of record 3 are, nothing tells of title 30."""


def fused(*rulings: Ruling) -> list[tuple[list[int], list[int]]]:
    groups = decide_people(NAMESAKES, SHARED, rulings=rulings).groups
    return [(group.persons, group.credits) for group in groups]


@pytest.mark.parametrize(
    "said",
    [
        [pair(1, APART, 1, 3)],
        [pair(1, APART, 2, 3)],
        [pair(1, APART, 1, 3), pair(2, APART, 2, 3)],
    ],
)
def test_not_the_same_is_of_what_is_left_of_a_fused_record(said: list[Ruling]) -> None:
    assert fused() == [([1], [3]), ([2], [4]), ([3], [])]
    assert fused(*said) == fused()


def test_a_split_of_a_fused_record_moves_no_other_credit() -> None:
    given = Ruling(1, SPLIT, (these(3),), (Side(2),), (Side(1),))
    assert fused(given) == [([1], []), ([2], [3, 4]), ([3], [])]


def test_who_was_refused_makes_the_next_namesake_no_likelier() -> None:
    """One human alone would be taken for the rest of the record."""
    near = [*SHARED[:2], credit(4, 3, 20), credit(5, 3, 30)]
    alone = decide_people(NAMESAKES[1:], near[1:]).groups
    assert [(g.persons, g.credits) for g in alone] == [([2, 3], [])]
    said = decide_people(NAMESAKES, near, rulings=[pair(1, APART, 1, 3)]).groups
    assert [(g.persons, g.credits) for g in said] == [([1], []), ([2], [4]), ([3], [])]


def test_evidence_does_not_take_all_of_a_record_that_the_owner_keeps_apart() -> None:
    beside = {title: {"dave hill", "ana vega", "bo moss", "cy lee"} for title in (10, 30)}
    directing = credit(2, 2, 20)._replace(department=Department.DIRECTING)
    credits = [credit(1, 1, 10), directing, credit(3, 3, 30)]
    decided = decide_people(NAMESAKES, credits, beside=beside).groups
    assert [(g.persons, g.credits) for g in decided] == [([1, 3], []), ([2], [])]
    said = decide_people(NAMESAKES, credits, beside=beside, rulings=[pair(1, APART, 1, 3)]).groups
    assert [(g.persons, g.credits) for g in said] == [([1], []), ([2], []), ([3], [])]


def test_work_of_another_kind_stays_with_whom_the_owner_made_one() -> None:
    people = [PEOPLE[2], PEOPLE[2]._replace(id=4, source=3, name="d hill")]
    other = [CREDITS[1], CREDITS[2]._replace(department=Department.SOUND)]
    common = Names({NameWord("dave", False): 4000, NameWord("hill", True): 4000})
    apart = decide_people(people, other, common, {}).groups
    assert [(g.persons, g.credits) for g in apart] == [([3], []), ([4], []), ([], [3])]
    merged = decide_people(people, other, common, {}, [pair(1, MERGE, 3, 4)]).groups
    assert [(g.persons, g.credits) for g in merged] == [([3, 4], [])]
    whole = decide_people(people, other, common, {}, [Ruling(1, MERGE, (Side(3),))]).groups
    assert [(g.persons, g.credits) for g in whole] == [([3], []), ([4], [])]


def test_what_concerns_records_that_are_gone_does_nothing() -> None:
    assert decide(pair(1, MERGE, 1, 99), pair(2, APART, 98, 99)) == decide()


@pytest.mark.parametrize(
    ("standing", "new", "words"),
    [
        ([pair(1, APART, 1, 2)], pair(2, MERGE, 2, 1), "Decision 1"),
        ([pair(1, MERGE, 1, 2)], pair(2, APART, 2, 1), "Decision 1 makes these two one"),
        ([pair(1, MERGE, 1, 2), pair(2, APART, 1, 3)], pair(3, MERGE, 2, 3), "Decision 2"),
        ([split(1, 2, 3)], split(2, 3), "Decision 1"),
        ([split(1, 3)], split(2, 3), "Decision 1 takes these credits away already"),
        ([split(1, 3)], Ruling(2, MERGE, (these(3),), (Side(3),)), "Decision 1"),
        ([split(1, 3, whose=2)], pair(2, MERGE, 2, 3), "Decision 1"),
        ([pair(1, MERGE, 2, 3)], split(2, 3, whose=2), "Decision 1 makes these two one"),
        (
            [pair(1, MERGE, 1, 2), pair(4, MERGE, 2, 3)],
            pair(5, APART, 1, 3),
            "Decisions 1 and 4 together make these two one person; undo one of them first",
        ),
        ([], split(1, 3, whose=3), "that person's already"),
        ([], pair(1, MERGE, 1, 1), "one and the same"),
    ],
)
def test_a_contradiction_is_refused_and_explained(
    standing: list[Ruling], new: Ruling, words: str
) -> None:
    with pytest.raises(IdentityError, match=words):
        refuse_contradiction(standing, new, OWNERS)


pairs = st.tuples(st.sampled_from([MERGE, APART]), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(pairs, max_size=5))
def test_what_was_not_refused_holds(drawn: list[tuple[Verb, int, int]]) -> None:
    standing: list[Ruling] = []
    for number, (verb, one, other) in enumerate(drawn, 1):
        try:
            refuse_contradiction(standing, pair(number, verb, one, other), OWNERS)
        except IdentityError:
            continue
        standing.append(pair(number, verb, one, other))
    group_of = {p: n for n, (persons, _) in enumerate(decide(*standing)) for p in persons}
    for ruling in standing:
        together = len({group_of[side.person or 0] for side in ruling.sides}) == 1
        assert together == (ruling.verb is MERGE)


sides = st.one_of(
    st.integers(1, 3).map(Side), st.sets(st.integers(1, 4), min_size=1, max_size=2).map(frozenset)
).map(lambda drawn: drawn if isinstance(drawn, Side) else Side(credits=drawn))


@st.composite
def anything_said(draw: st.DrawFn) -> list[Ruling]:
    """Decisions that may contradict each other, in the order of their numbers."""
    found: list[Ruling] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        verb = draw(st.sampled_from([MERGE, APART, SPLIT]))
        one, other = (tuple(draw(st.lists(sides, min_size=n, max_size=2))) for n in (1, 0))
        if verb is SPLIT:
            taken = frozenset(draw(st.sets(st.integers(1, 4), min_size=1, max_size=2)))
            whence = tuple(draw(st.lists(st.integers(1, 3).map(Side), max_size=1)))
            found.append(Ruling(number, verb, (Side(credits=taken),), other, whence))
        else:
            found.append(Ruling(number, verb, one, other or (Side(3),)))
    return found


@given(anything_said(), st.integers(0, 3))
def test_many_decisions_at_once_are_refused_where_one_by_one_they_would_be(
    drawn: list[Ruling], before: int
) -> None:
    standing, new = drawn[:before], drawn[before:]
    refused = None
    for number, ruling in enumerate(new):
        try:
            refuse_contradiction([*standing, *new[:number]], ruling, OWNERS)
        except IdentityError:
            refused = ruling
            break
    assert first_contradiction(standing, new, OWNERS) == refused

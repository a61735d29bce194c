from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import IdentityError
from fullcredits.identity.evidence import Credit, Person
from fullcredits.identity.people import PersonGroup, decide_people
from fullcredits.identity.rulings import Ruling, Verb, refuse_contradiction
from fullcredits.model import Department, ExternalId

MERGE, APART, SPLIT = Verb
PEOPLE = [
    Person(1, 1, "dave hill", False, (ExternalId("plex", "aa"),)),
    Person(2, 1, "david hill", False, (ExternalId("plex", "bb"),)),
    Person(3, 2, "dave hill", True, ()),
]


def credit(number: int, person: int, title: int) -> Credit:
    return Credit(number, person, title, title, Department.ACTING, frozenset(), None)


CREDITS = [credit(1, 1, 10), credit(2, 3, 10), credit(3, 3, 20), credit(4, 2, 30)]


def decide(*rulings: Ruling) -> list[tuple[list[int], list[int]]]:
    groups: list[PersonGroup] = decide_people(PEOPLE, CREDITS, rulings=rulings).groups
    return [(group.persons, group.credits) for group in groups]


def test_without_a_word_evidence_decides() -> None:
    assert decide() == [([1, 3], []), ([2], [])]


def test_a_merge_outranks_clashing_ids() -> None:
    assert decide(Ruling(1, MERGE, 1, 2)) == [([1, 2, 3], [])]


def test_apart_outranks_a_shared_title() -> None:
    assert decide(Ruling(1, APART, 3, 1)) == [([1], []), ([2], []), ([3], [])]


def test_a_split_takes_the_named_credits_and_no_other() -> None:
    split = Ruling(7, SPLIT, 3, credits=frozenset({3}))
    assert decide(split) == [([], [3]), ([1, 3], []), ([2], [])]


def test_what_concerns_records_that_are_gone_does_nothing() -> None:
    assert decide(Ruling(1, MERGE, 1, 99), Ruling(2, APART, 98, 99)) == decide()


@pytest.mark.parametrize(
    ("standing", "new", "words"),
    [
        ([Ruling(1, APART, 1, 2)], Ruling(2, MERGE, 2, 1), "Decision 1"),
        ([Ruling(1, MERGE, 1, 2)], Ruling(2, APART, 2, 1), "undo a merge"),
        ([Ruling(1, MERGE, 1, 2), Ruling(2, APART, 1, 3)], Ruling(3, MERGE, 2, 3), "Decision 2"),
        (
            [Ruling(1, SPLIT, 3, credits=frozenset({2, 3}))],
            Ruling(2, SPLIT, 3, credits=frozenset({3})),
            "Decision 1",
        ),
        ([], Ruling(1, MERGE, 1, 1), "one and the same"),
    ],
)
def test_a_contradiction_is_refused_and_explained(
    standing: list[Ruling], new: Ruling, words: str
) -> None:
    with pytest.raises(IdentityError, match=words):
        refuse_contradiction(standing, new)


pairs = st.tuples(st.sampled_from([MERGE, APART]), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(pairs, max_size=5))
def test_what_was_not_refused_holds(drawn: list[tuple[Verb, int, int]]) -> None:
    standing: list[Ruling] = []
    for number, (verb, one, other) in enumerate(drawn, 1):
        try:
            refuse_contradiction(standing, Ruling(number, verb, one, other))
        except IdentityError:
            continue
        standing.append(Ruling(number, verb, one, other))
    group_of = {p: n for n, (persons, _) in enumerate(decide(*standing)) for p in persons}
    for ruling in standing:
        assert ruling.other is not None
        together = group_of[ruling.one] == group_of[ruling.other]
        assert together == (ruling.verb is MERGE)

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from fullcredits.identity.evidence import Credit, Person
from fullcredits.identity.names import Names, count_names
from fullcredits.identity.people import PersonGroup, decide_people
from fullcredits.model import Department, ExternalId
from fullcredits.text import NameWord

PLEX, JELLYFIN, OTHER_PLEX, OTHER_JELLYFIN = 1, 2, 3, 4
ACTING, DIRECTING = Department.ACTING, Department.DIRECTING


def plex(number: int, name: str, tag: str, source: int = PLEX) -> Person:
    return Person(number, source, name, False, (ExternalId("plex", tag),))


def jellyfin(number: int, name: str, ids: str = "", source: int = JELLYFIN) -> Person:
    external = tuple(ExternalId(*i.split(":")) for i in ids.split())
    return Person(number, source, name, True, external)


def credit(
    number: int, person: int, title: int, part: str = "", department: Department = ACTING
) -> Credit:
    return Credit(number, person, title, title, department, frozenset(part.split()), None)


def group_people(people: list[Person], credits: list[Credit]) -> list[PersonGroup]:
    return decide_people(people, credits).groups


def humans(groups: list[PersonGroup]) -> list[tuple[list[int], list[int]]]:
    return [(g.persons, g.credits) for g in groups]


def test_one_plex_id_on_two_servers_is_one_human_whatever_the_spelling() -> None:
    people = [plex(1, "thandie newton", "aa"), plex(2, "thandiwe newton", "aa", OTHER_PLEX)]
    assert humans(group_people(people, [])) == [([1, 2], [])]


def test_two_plex_ids_are_two_humans_even_under_one_name_on_one_title() -> None:
    people = [plex(1, "chris evans", "aa"), plex(2, "chris evans", "bb", OTHER_PLEX)]
    shared = [credit(1, 1, 10, "steve"), credit(2, 2, 10, "steve")]
    assert humans(group_people(people, shared)) == [([1], []), ([2], [])]


def test_a_name_joins_where_both_servers_have_the_title() -> None:
    people = [plex(1, "ana silva", "aa"), jellyfin(2, "ana silva")]
    assert humans(group_people(people, [credit(1, 1, 10), credit(2, 2, 10)])) == [([1, 2], [])]


def test_a_name_alone_joins_nobody() -> None:
    people = [plex(1, "ana silva", "aa"), jellyfin(2, "ana silva")]
    assert humans(group_people(people, [])) == [([1], []), ([2], [])]


def test_fused_namesakes_come_apart_credit_by_credit() -> None:
    people = [plex(1, "dave hill", "aa"), plex(2, "dave hill", "bb"), jellyfin(3, "dave hill")]
    shared = [credit(1, 1, 10), credit(2, 2, 20), credit(3, 3, 10), credit(4, 3, 20)]
    assert humans(group_people(people, shared)) == [([1], [3]), ([2], [4]), ([3], [])]


def test_a_known_namesake_keeps_what_is_not_resolved_apart() -> None:
    people = [plex(1, "dave hill", "aa"), plex(2, "dave hill", "bb"), jellyfin(3, "dave hill")]
    shared = [credit(1, 1, 10), credit(2, 3, 10), credit(3, 2, 20), credit(4, 3, 30)]
    assert humans(group_people(people, shared)) == [([1], [2]), ([2], []), ([3], [])]


def test_namesakes_on_one_title_are_told_apart_by_what_they_do() -> None:
    people = [plex(1, "dave hill", "aa"), plex(2, "dave hill", "bb"), jellyfin(3, "dave hill")]
    shared = [
        credit(1, 1, 10, "the smith"),
        credit(2, 2, 10, "director", DIRECTING),
        credit(3, 3, 10, "the smith"),
        credit(4, 3, 10, "director", DIRECTING),
    ]
    assert humans(group_people(people, shared)) == [([1], [3]), ([2], [4]), ([3], [])]


def test_what_tells_nothing_stays_apart() -> None:
    people = [plex(1, "dave hill", "aa"), plex(2, "dave hill", "bb"), jellyfin(3, "dave hill")]
    shared = [credit(1, 1, 10), credit(2, 2, 10), credit(3, 3, 10)]
    assert humans(group_people(people, shared)) == [([1], []), ([2], []), ([3], [])]


def test_two_jellyfins_join_on_a_common_title_unless_their_ids_clash() -> None:
    shared = [credit(1, 1, 10), credit(2, 2, 10)]
    one, other = jellyfin(1, "ana silva"), jellyfin(2, "ana silva", source=OTHER_JELLYFIN)
    assert humans(group_people([one, other], shared)) == [([1, 2], [])]
    one = jellyfin(1, "ana silva", "tmdb:1")
    other = jellyfin(2, "ana silva", "tmdb:2", OTHER_JELLYFIN)
    assert humans(group_people([one, other], shared)) == [([1], []), ([2], [])]


def test_two_jellyfins_are_not_joined_across_clashing_plex_people() -> None:
    people = [
        plex(1, "dave hill", "aa"),
        plex(2, "dave hill", "bb"),
        jellyfin(3, "dave hill"),
        jellyfin(4, "dave hill", source=OTHER_JELLYFIN),
    ]
    shared = [
        credit(1, 1, 10), credit(2, 3, 10),  # Plex 1 and Jellyfin agree on title 10
        credit(3, 2, 20), credit(4, 4, 20),  # Plex 2 and the other Jellyfin on title 20
        credit(5, 3, 30), credit(6, 4, 30),  # both Jellyfins have title 30
    ]  # fmt: skip
    assert humans(group_people(people, shared)) == [([1], [2]), ([2], [4]), ([3, 4], [])]


def test_the_strongest_evidence_joins_first_not_that_of_the_first_server() -> None:
    """Both could join the third, whose id neither has; it is who shares the part."""
    people = [
        jellyfin(1, "ana silva", "tmdb:1"),
        jellyfin(2, "ana silva", "tmdb:2", OTHER_JELLYFIN),
        jellyfin(3, "ana silva", source=5),
    ]
    shared = [credit(1, 1, 10, "x"), credit(2, 3, 10, "y"), credit(3, 2, 20, "z")]
    shared += [credit(4, 3, 20, "z")]
    assert humans(group_people(people, shared)) == [([1], []), ([2, 3], [])]
    tags = [p._replace(ids=(ExternalId("tmdb", str(3 - p.id)),)) for p in people[:2]]
    assert humans(group_people([*tags, people[2]], shared)) == [([1], []), ([2, 3], [])]


def test_of_two_records_for_one_human_the_surer_is_theirs() -> None:
    people = [
        plex(1, "ana silva", "aa"),
        jellyfin(2, "ana silva", "tmdb:1"),
        jellyfin(3, "ana silva", "tmdb:2", OTHER_JELLYFIN),
    ]
    shared = [credit(1, 1, 10, "x"), credit(2, 1, 20, "y"), credit(3, 2, 10, "z")]
    shared += [credit(4, 3, 10, "x"), credit(5, 3, 20, "y"), credit(6, 2, 30)]
    assert humans(group_people(people, shared)) == [([1, 3], [3]), ([2], [])]


def test_the_likeliest_namesake_is_proposed() -> None:
    """Not whoever has most of the record: the owner is asked of whom most speaks for."""
    people = [plex(1, "dave hill", "aa"), plex(2, "dave hill", "bb"), jellyfin(3, "dave hill")]
    shared = [
        credit(1, 1, 10), credit(2, 3, 10), credit(3, 1, 40, "", DIRECTING),
        credit(4, 2, 20, "", DIRECTING), credit(5, 3, 30, "", DIRECTING),
    ]  # fmt: skip
    beside = {20: {"dave hill", "bo", "cy"}, 30: {"dave hill", "bo", "cy"}}
    names = Names({NameWord("dave", False): 16, NameWord("hill", True): 16})
    decided = decide_people(people, shared, names, beside)
    assert [(link.one, link.other) for link in decided.proposed] == [(2, 3)]


Drawn = tuple[list[tuple[int, str, str]], list[tuple[int, int, str, Department]]]
names = st.sampled_from(["ana", "bo", "cy lee"])
bearers = st.tuples(st.sampled_from([1, 2, 3]), names, st.sampled_from(["", "a", "b", "c"]))
departments = st.sampled_from([ACTING, ACTING, DIRECTING])
credited = st.tuples(st.integers(0, 7), st.integers(1, 3), st.sampled_from("xy"), departments)
worlds = st.tuples(st.lists(bearers, max_size=8), st.lists(credited, max_size=16))


def world(
    drawn: Drawn,
) -> tuple[list[Person], list[Credit]]:
    people = [
        plex(n, name, tag, source) if tag else jellyfin(n, name, source=source)
        for n, (source, name, tag) in enumerate(drawn[0])
    ]
    shared = [
        credit(n, person, title, part, department)
        for n, (person, title, part, department) in enumerate(drawn[1])
        if person < len(people)
    ]
    return people, shared


@given(worlds, st.randoms())
def test_order_of_arrival_plays_no_part(drawn: Drawn, chance: random.Random) -> None:
    people, shared = world(drawn)
    expected = humans(group_people(people, shared))
    chance.shuffle(people)
    chance.shuffle(shared)
    assert humans(group_people(people, shared)) == expected


@given(worlds)
def test_everybody_is_one_human_and_no_human_has_two_plex_ids(
    drawn: Drawn,
) -> None:
    people, shared = world(drawn)
    groups = group_people(people, shared)
    assert sorted(p for g in groups for p in g.persons) == [p.id for p in people]
    named = [c for g in groups for c in g.credits]
    assert len(named) == len(set(named))
    tags = {p.id: set(p.ids) for p in people}
    for group in groups:
        assert len(set().union(*(tags[p] for p in group.persons))) <= 1


@given(worlds)
def test_each_name_decided_alone_is_as_decided_with_all(drawn: Drawn) -> None:
    people, shared = world(drawn)
    # One id under two names connects them.
    people = [
        p._replace(ids=tuple(i._replace(value=i.value + p.name) for i in p.ids)) for p in people
    ]
    names = count_names({p.name for p in people})
    named = {p.id: p.name for p in people}
    beside = {
        c.title: frozenset(named[o.person] for o in shared if o.title == c.title) for c in shared
    }
    whole = decide_people(people, shared)
    alone = [
        decide_people(
            [p for p in people if p.name == name],
            [c for c in shared if named[c.person] == name],
            names,
            beside,
        )
        for name in {p.name for p in people}
    ]
    apart = [group for decided in alone for group in humans(decided.groups)]
    assert sorted(apart) == sorted(humans(whole.groups))


@given(worlds, st.permutations(range(8)))
def test_what_numbers_a_database_gave_plays_no_part(drawn: Drawn, numbers: list[int]) -> None:
    people, shared = world(drawn)
    before = group_people(people, shared)
    renumbered = [p._replace(id=numbers[p.id]) for p in people]
    after = group_people(renumbered, [c._replace(person=numbers[c.person]) for c in shared])
    expected = {(frozenset(numbers[p] for p in g.persons), frozenset(g.credits)) for g in before}
    if len({p._replace(id=0) for p in people}) == len(people):
        assert {(frozenset(g.persons), frozenset(g.credits)) for g in after} == expected

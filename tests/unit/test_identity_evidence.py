from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.identity.evidence import Clue, Credit, Person, parts_of, sentence
from fullcredits.identity.names import Names
from fullcredits.identity.people import Decided, Deciding, Open, decide_people
from fullcredits.identity.rulings import Ruling, Side, Verb
from fullcredits.identity.weights import JOIN, PROPOSE, Profile, score, weigh
from fullcredits.model import Department, ExternalId
from fullcredits.text import NameWord, name_ends

PLEX, JELLYFIN = 1, 2
RARE = Names()
COMMON = Names({NameWord("john", False): 400, NameWord("smith", True): 400})


def two(name: str) -> list[Person]:
    """A name as a Plex and as a Jellyfin has it."""
    tag = ExternalId("plex", "aa")
    return [Person(1, PLEX, name, False, (tag,)), Person(2, JELLYFIN, name, True, ())]


def acting(number: int, person: int, title: int, year: int = 2000) -> Credit:
    return Credit(number, person, title, title, Department.ACTING, frozenset(), year)


def decide(name: str, credits: list[Credit], names: Names, company: int = 0) -> Decided:
    beside = frozenset({name, *(f"companion {n}" for n in range(company))})
    return decide_people(two(name), credits, names, {c.title: beside for c in credits})


APART = [acting(1, 1, 10), acting(2, 2, 20)]


def test_a_rare_name_with_the_same_kind_of_work_is_one_human() -> None:
    decided = decide("zbigniew wolanski", APART, RARE)
    assert len(decided.groups) == 1
    (link,) = decided.joined
    assert link.score >= JOIN
    assert {clue.kind for clue in link.clues} == {"rarity", "department"}


def test_a_common_name_needs_company() -> None:
    assert len(decide("john smith", APART, COMMON).groups) == 2
    assert len(decide("john smith", APART, COMMON, company=60).groups) == 1


def test_what_is_likely_but_not_sure_is_proposed() -> None:
    decided = decide("john smith", APART, COMMON, company=2)
    assert len(decided.groups) == 2
    (link,) = decided.proposed
    assert PROPOSE <= link.score < JOIN


def test_another_kind_of_work_speaks_against_it() -> None:
    directing = APART[1]._replace(department=Department.DIRECTING)
    assert len(decide("zbigniew wolanski", [APART[0], directing], RARE).groups) == 2


def test_nobody_works_for_a_century() -> None:
    credits = [acting(1, 1, 10, 1915), acting(2, 2, 20, 2020)]
    assert len(decide("zbigniew wolanski", credits, RARE).groups) == 2


@pytest.mark.parametrize(
    ("one", "other", "humans"),
    [
        (None, "1960-05-02", 2),
        ("1960-05-02", "1960-05-02", 1),
        ("1960-05-02", "1960-05-03", 1),  # the same moment in another zone
        ("1960-01-01", "1960-05-02", 2),  # a mere year tells nothing
        ("1961-07-30", "1960-05-02", 2),
    ],
)
def test_the_day_of_birth_speaks_where_two_servers_know_it(
    one: str | None, other: str, humans: int
) -> None:
    born = [dt.date.fromisoformat(day) if day else None for day in (one, other)]
    people = [Person(n, n, "john smith", True, (), day) for n, day in enumerate(born, 1)]
    decided = decide_people(people, APART, COMMON, {})
    assert len(decided.groups) == humans


def test_other_days_of_birth_keep_a_rare_name_apart() -> None:
    days = dt.date(1960, 5, 2), dt.date(1961, 7, 30)
    people = [Person(n, n, "zbigniew wolanski", True, (), day) for n, day in enumerate(days, 1)]
    assert len(decide_people(people, APART, RARE, {}).groups) == 2
    undated = [person._replace(born=None) for person in people]
    assert len(decide_people(undated, APART, RARE, {}).groups) == 1


def test_whether_company_matters_depends_on_the_day_of_birth() -> None:
    day = dt.date(1960, 5, 2)
    people = [Person(n, n, "john smith", True, (), day) for n in (1, 2)]
    assert Deciding(people, APART).company(COMMON) == set(), "it is clear without"


def test_company_is_asked_for_only_where_titles_tell_nothing() -> None:
    people = two("ana silva")
    told = Deciding(people, [acting(1, 1, 10), acting(2, 2, 10)])
    assert told.open() == Open(frozenset(), frozenset())
    assert told.company(COMMON) == set()
    untold = Deciding(people, APART)
    assert untold.open() == Open(frozenset({1, 2}), frozenset({"ana silva"}))
    assert untold.company(RARE) == set(), "a rare name is clear without"
    assert untold.company(Names({NameWord("ana", False): 90, NameWord("silva", True): 90})) == {
        10,
        20,
    }


def test_of_two_known_namesakes_the_one_in_the_same_company_is_meant() -> None:
    people = [*two("dave hill"), Person(3, PLEX, "dave hill", False, (ExternalId("plex", "bb"),))]
    credits = [acting(1, 1, 10), acting(2, 3, 30), acting(3, 2, 20), acting(4, 2, 40)]
    troupe = frozenset({f"companion {n}" for n in range(60)})
    beside = {10: troupe, 20: troupe, 30: frozenset({"bo"}), 40: frozenset({"cy"})}
    decided = decide_people(people, credits, RARE, beside)
    assert [(g.persons, g.credits) for g in decided.groups] == [([1], [3]), ([2], []), ([3], [])]


def test_single_credits_have_a_reason_from_each_server_that_tells() -> None:
    aa, bb = ExternalId("plex", "aa"), ExternalId("plex", "bb")
    people = [
        *two("dave hill"),
        Person(3, PLEX, "dave hill", False, (bb,)),
        Person(4, 3, "dave hill", False, (aa,)),
    ]
    cop = frozenset({"cop"})
    credits = [
        acting(1, 1, 10)._replace(parts=cop), acting(2, 2, 10)._replace(parts=cop),
        acting(3, 1, 11), acting(4, 2, 11)._replace(parts=cop),
        acting(5, 4, 12), acting(6, 2, 12),  # known on another server by the same id
        acting(7, 3, 21)._replace(work=20), acting(8, 2, 22)._replace(work=20),
        acting(9, 2, 90),  # nothing tells whose
    ]  # fmt: skip
    decided = decide_people(people, credits, COMMON, {})
    told = {(link.one, link.other): list(map(sentence, link.clues)) for link in decided.told}
    assert told == {
        (1, 2): ["2 shared titles, 1 with the same part"],
        (4, 2): ["1 shared title"],
        (3, 2): ["other episodes of a show of theirs"],
    }


def test_what_was_weighed_is_told_too() -> None:
    people = [*two("dave hill"), Person(3, PLEX, "dave hill", False, (ExternalId("plex", "bb"),))]
    credits = [acting(1, 1, 10), acting(2, 3, 30), acting(3, 2, 20), acting(4, 2, 40)]
    troupe = frozenset({f"companion {n}" for n in range(60)})
    beside = {10: troupe, 20: troupe, 30: frozenset({"bo"}), 40: frozenset({"cy"})}
    (link,) = decide_people(people, credits, RARE, beside).told
    assert (link.one, link.other) == (1, 2)
    assert list(map(sentence, link.clues)) == ["1 work that, of all so named, fits theirs best"]


def test_whole_records_and_what_the_owner_gave_need_no_such_reason() -> None:
    credits = [acting(1, 1, 10), acting(2, 2, 10)]
    assert decide_people(two("dave hill"), credits, RARE, {}).told == []
    given = Ruling(1, Verb.SPLIT, (Side(credits=frozenset({2})),), (Side(1),))
    assert decide_people(two("dave hill"), credits, RARE, {}, [given]).told == []


def test_characters_are_compared_one_by_one() -> None:
    assert parts_of("Steve Rogers / Captain America (voice)", True) == {
        "steve rogers",
        "captain america",
    }
    assert parts_of("Executive Producer", False) == {"executive producer"}
    assert parts_of("", False) == frozenset()


@pytest.mark.parametrize(
    ("clue", "words"),
    [
        (Clue("id", 10.0, word="plex"), "same Plex id"),
        (Clue("record", 0.8, 1), "1 other work of the same record"),
        (Clue("titles", 5.0, 7, 5), "7 shared titles, 5 with the same part"),
        (Clue("titles", 3.0, 1), "1 shared title"),
        (Clue("titles", 0.0), "of all so named, whose other works these fit"),
        (Clue("episodes", 3.0, 2), "other episodes of 2 shows of theirs"),
        (Clue("fits", 4.2, 3), "3 works that, of all so named, fit theirs best"),
        (Clue("companions", 1.0, 3), "3 people credited beside both"),
        (Clue("rarity", 5.5, 1), "the same name"),
        (Clue("rarity", 3.0, 64), "the same name, which may be that of 64 people"),
        (Clue("rarity", -1.7, 64), "a name that 64 people may have"),
        (Clue("department", -2.6), "different kinds of work"),
        (Clue("spelling", 1.5, word="spelling"), "names that differ in spelling"),
        (Clue("born", 4.0), "born on the same day"),
        (Clue("born", -4.0), "other days of birth"),
        (Clue("years", -0.5, 14), "14 years between their works"),
        (Clue("years", -0.05, 1), "1 year between their works"),
        (Clue("career", -3.0, 80), "a career of 80 years"),
    ],
)
def test_a_clue_can_be_read(clue: Clue, words: str) -> None:
    assert sentence(clue) == words


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("ana silva", "ana", "silva"),
        ("robert downey jr", "robert", "downey"),
        ("ana maria da silva iii", "ana", "silva"),
        ("king jr", "king", "jr"),
    ],
)
def test_a_name_is_as_common_as_its_first_and_last_word(name: str, first: str, last: str) -> None:
    assert name_ends(name) == (NameWord(first, False), NameWord(last, True))


def test_a_single_word_may_be_anybody() -> None:
    assert name_ends("ricky") == ()
    assert RARE.commonness("ricky") > COMMON.commonness("john silva")


works = st.tuples(
    st.integers(1, 4),
    st.sampled_from(list(Department)),
    st.sampled_from("xyz"),
    st.integers(1900, 2026),
)


@given(st.lists(works, min_size=1), st.lists(works, min_size=1), st.integers(0, 20))
def test_what_speaks_for_two_does_not_depend_on_which_is_first(
    ones: list[tuple[int, Department, str, int]],
    others: list[tuple[int, Department, str, int]],
    commonness: int,
) -> None:
    beside = {title: frozenset({f"companion {title % 2}", "ana"}) for title in range(1, 5)}
    one, other = (
        Profile(
            "ana",
            [
                Credit(n, 1, t, t, job, frozenset({part}), year)
                for n, (t, job, part, year) in enumerate(own)
            ],
            beside,
        )
        for own in (ones, others)
    )
    there, back = weigh(one, other, commonness), weigh(other, one, commonness)
    assert [clue.kind for clue in there] == [clue.kind for clue in back]
    assert score(there) == pytest.approx(score(back))

"""One human under two names: how alike names are, who is compared, and what is made of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.identity.evidence import Credit, Person, sentence
from fullcredits.identity.groups import Groups
from fullcredits.identity.names import Names
from fullcredits.identity.people import Decided, decide_people
from fullcredits.identity.spellings import Alike, Billed, Otherwise, find_alike, likeness
from fullcredits.model import Department, ExternalId
from fullcredits.text import NameWord, fold

PLEX, JELLYFIN = 1, 2
ACTING, EDITING = Department.ACTING, Department.EDITING


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Thandie Newton", "Thandiwe Newton", "spelling"),
        ("Zoe Saldana", "Zoë Saldaña-Perego", "spelling"),
        ("Michelle Yeoh", "楊紫瓊", "script"),
        ("Андрей Иванов", "Andrei Ivanov", "script"),
        ("Zhang Ziyi", "Ziyi Zhang", "words"),
        ("J. J. Feild", "JJ Feild", "words"),
        ("V. J. Foster", "Vincent Foster", "spelling"),
        ("R. Lee Ermey", "Ronald Lee Ermey", "spelling"),
        ("Chris Obi", "Christopher Obi", "spelling"),
        ("Kett Turton", "Birkett Turton", "spelling"),
        ("Ben Garant", "Robert Ben Garant", "spelling"),
        ("Salma Hayek", "Salma Hayek Pinault", "spelling"),
        ("Ok Taec-yeon", "Taecyeon", "spelling"),
        ("Robert Downey", "Robert Downey, Jr.", "spelling"),
        ("Robert Downey, Sr.", "Robert Downey, Jr.", "none"),
        ("Helene Wilson", "Helene Maksoud", "word"),
        ("Cher", "Cher Lloyd", "word"),
        ("Liam Hemsworth", "Henry Cavill", "none"),
        ("陈佩斯", "楊紫瓊", "none"),
    ],
)
def test_how_alike_names_are_whichever_is_first(one: str, other: str, how: str) -> None:
    assert likeness(fold(one), fold(other)) == how
    assert likeness(fold(other), fold(one)) == how


words = st.text("abj ", max_size=8).map(fold)


@given(words, words)
def test_likeness_is_symmetric(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


def billed(
    person: int, source: int, name: str, part: str = "", department: Department = ACTING
) -> Billed:
    parts = frozenset({part}) if part else frozenset()
    return Billed(source, person, fold(name), department, parts)


def test_whom_the_other_server_does_not_name_is_compared_by_their_part() -> None:
    here = [billed(1, PLEX, "Michelle Yeoh", "evelyn"), billed(2, PLEX, "Ke Huy Quan", "waymond")]
    there = [billed(3, JELLYFIN, "楊紫瓊", "evelyn"), billed(4, JELLYFIN, "Ke Huy Quan", "waymond")]
    assert find_alike(here + there) == {Alike(1, 3, True)}


def test_a_part_of_several_and_a_part_of_anybody_tell_nothing() -> None:
    several = [
        billed(1, PLEX, "Ana Vega", "dancer"),
        billed(2, JELLYFIN, "Bo Moss", "dancer"),
        billed(3, JELLYFIN, "Cy Dunn", "dancer"),
    ]
    anybody = [billed(1, PLEX, "Ana Vega", "self"), billed(2, JELLYFIN, "Bo Moss", "self")]
    assert find_alike(several) == find_alike(anybody) == set()


def test_crew_are_compared_by_names_or_as_the_only_ones_left_in_a_job() -> None:
    alike = [
        billed(1, PLEX, "Ziyi Zhang", "editor", EDITING),
        billed(2, JELLYFIN, "Zhang Ziyi", "editor", EDITING),
        billed(3, JELLYFIN, "Bo Moss", "editor", EDITING),
    ]
    alone = [
        billed(1, PLEX, "Michelle Yeoh", "editor", EDITING),
        billed(2, JELLYFIN, "楊紫瓊", "editor", EDITING),
    ]
    another = [billed(3, JELLYFIN, "赵丽娜", "editor", EDITING)]
    assert find_alike(alike) == find_alike(alone) == {Alike(1, 2, False)}
    assert find_alike(alone + another) == set()


def decide(one: str, other: str, works: int, same_part: bool = True) -> Decided:
    """Somebody on a Plex and somebody on a Jellyfin, credited alike on so many films."""
    people = [
        Person(1, PLEX, fold(one), False, (ExternalId("plex", "aa"),)),
        Person(2, JELLYFIN, fold(other), True, ()),
    ]
    credits = [
        Credit(10 * person + work, person, work, work, ACTING, frozenset(), 2000)
        for person in (1, 2)
        for work in range(works)
    ]
    pairs = [Otherwise(work, 1, 2, same_part) for work in range(works)]
    return decide_people(people, credits, otherwise=pairs)


@pytest.mark.parametrize(
    ("one", "other", "works", "same_part", "outcome"),
    [
        ("Thandie Newton", "Thandiwe Newton", 1, True, "joined"),
        ("Thandie Newton", "Thandiwe Newton", 1, False, "proposed"),
        ("Zhang Ziyi", "Ziyi Zhang", 1, False, "joined"),
        ("Michelle Yeoh", "楊紫瓊", 1, True, "proposed"),
        ("Michelle Yeoh", "楊紫瓊", 2, True, "joined"),
        ("Helene Wilson", "Helene Maksoud", 1, True, "proposed"),
        ("Helene Wilson", "Helene Maksoud", 3, True, "joined"),
        ("Liam Hemsworth", "Henry Cavill", 1, True, "apart"),
        ("Liam Hemsworth", "Henry Cavill", 2, True, "proposed"),
        ("Romi Park", "Vic Mignogna", 30, True, "proposed"),
    ],
)
def test_names_join_with_evidence_only(
    one: str, other: str, works: int, same_part: bool, outcome: str
) -> None:
    decided = decide(one, other, works, same_part)
    assert (len(decided.groups) == 1) == (outcome == "joined")
    assert len(decided.joined) == (outcome == "joined")
    assert len(decided.proposed) == (outcome == "proposed")


def test_it_can_be_read_why() -> None:
    (link,) = decide("Michelle Yeoh", "楊紫瓊", 3).joined
    assert [sentence(clue) for clue in link.clues] == [
        "3 shared titles, 3 with the same part",
        "names in different scripts",
    ]


def test_what_else_is_under_a_name_that_nobody_else_bears_tells_nothing() -> None:
    """Only how many may bear one of two names speaks, and of none does it say that they are one."""
    people = [
        Person(1, PLEX, "thandie newton", False, (ExternalId("plex", "aa"),)),
        Person(2, JELLYFIN, "thandiwe newton", True, ()),
    ]
    work = [(1, 1), (2, 1), (2, 2)]
    credits = [
        Credit(number, person, title, title, ACTING, frozenset(), 2000)
        for number, (person, title) in enumerate(work)
    ]

    def clues(names: Names) -> list[str]:
        decided = decide_people(people, credits, names, otherwise=[Otherwise(1, 1, 2, True)])
        (link,) = [*decided.joined, *decided.proposed]
        return [sentence(clue) for clue in link.clues]

    told = ["1 shared title, 1 with the same part", "names that differ in spelling"]
    assert clues(Names()) == told
    common = Names({NameWord("thandiwe", False): 4, NameWord("newton", True): 4})
    assert clues(common) == [*told, "a name that 16 people may have"]


def test_who_stands_side_by_side_is_two() -> None:
    people = [
        Person(1, PLEX, "ana vega", False, (ExternalId("plex", "aa"),)),
        Person(2, JELLYFIN, "ana vega", True, ()),
        Person(3, JELLYFIN, "anna vega", True, ()),
    ]
    credits = [
        Credit(number, person, title, title, ACTING, frozenset(), 2000)
        for number, (person, title) in enumerate([(1, 1), (2, 1), (2, 2), (3, 2), (1, 3), (3, 3)])
    ]
    decided = decide_people(people, credits, otherwise=[Otherwise(3, 1, 3, True)])
    assert [group.persons for group in decided.groups] == [[1, 2], [3]]
    assert not decided.proposed


@given(st.randoms(use_true_random=False))
def test_order_plays_no_part(chance: random.Random) -> None:
    names = ["ana vega", "vega ana", "anna vega", "ana vegas"]
    people = [Person(n, n % 3, names[chance.randrange(4)], n % 3 > 0, ()) for n in range(6)]
    credits = [
        Credit(n, chance.randrange(6), chance.randrange(4), 0, ACTING, frozenset(), 2000)
        for n in range(12)
    ]
    pairs = [
        Otherwise(work, one, chance.randrange(one + 1, 6), chance.random() < 0.5)
        for work, one in enumerate((0, 1, 2, 4))
    ]
    before = decide_people(people, credits, otherwise=pairs)
    for facts in (people, credits, pairs):
        chance.shuffle(facts)
    after = decide_people(people, credits, otherwise=pairs)
    assert [(g.persons, g.credits) for g in after.groups] == [
        (g.persons, g.credits) for g in before.groups
    ]


@pytest.mark.parametrize(("left", "compared"), [(30, True), (31, False)])
def test_where_servers_speak_of_others_names_alike_are_chance(left: int, compared: bool) -> None:
    """Of one film they have two casts; the same part still tells."""
    here = [billed(1, PLEX, "Thandie Newton"), billed(2, PLEX, "Ana Vega", "the same")]
    there = [billed(3, JELLYFIN, "Thandiwe Newton"), billed(4, JELLYFIN, "Bo Moss", "the same")]
    for n in range(left - 2):
        here.append(billed(100 + n, PLEX, f"{chr(97 + n) * 9} plex"))
        there.append(billed(200 + n, JELLYFIN, f"{chr(97 + n)} {chr(98 + n) * 9}"))
    by_name = {Alike(1, 3, False)} if compared else set()
    assert find_alike(here + there) == {Alike(2, 4, True)} | by_name


def test_long_chains_of_names_that_are_alike_cost_what_their_pairs_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is alike to the next one, so all are connected."""
    looked_up = 0
    leader = Groups.leader

    def counted(groups: Groups, record: int) -> int:
        nonlocal looked_up
        looked_up += 1
        return leader(groups, record)

    monkeypatch.setattr(Groups, "leader", counted)
    counts = []
    for many in (50, 100):
        people = [
            Person(n, PLEX if n % 2 else JELLYFIN, f"ann {n:04}", False, (ExternalId("x", str(n)),))
            for n in range(many)
        ]
        credits = [Credit(n, n, n // 2, n // 2, ACTING, frozenset(), 2000) for n in range(many)]
        pairs = [Otherwise(n, n, n + 1, False) for n in range(many - 1)]
        looked_up = 0
        decide_people(people, credits, otherwise=pairs)
        counts.append(looked_up)
    assert counts[1] < 3 * counts[0]

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import event, select, update

from fullcredits import pages
from fullcredits.errors import IdentityError, NotFound
from fullcredits.model import Credit, Department, ExternalId, PersonFacts, SourceKind
from fullcredits.pages.known import panel
from fullcredits.store import Connection, Store
from fullcredits.store import sources as sources_store
from fullcredits.store.identity import held_by
from fullcredits.store.persons import put_person_facts
from fullcredits.store.schema import (
    decisions,
    evidence,
    media_items,
    media_people,
    people,
    source_people,
    sources,
    suspects,
)
from fullcredits.store.write import put_records
from fullcredits.sync import decisions_text, owner
from fullcredits.sync.identify import identify
from tests import who
from tests.store import made

Grouping = set[frozenset[int]]
_NAMES = [f"{first} {last}" for first in ("Ana", "Bo", "Cy", "Dee") for last in ("Vega", "Moss")]


def put(store: Store, source_id: int, film: int, *credits: Credit) -> None:
    item = made.film(str(film), f"Film {film}", marker=None, ids=f"imdb:tt{film}")
    library = made.library(store, source_id)
    made.listed(store, source_id, library, item)
    with store.writing() as db:
        put_records(db, source_id, [made.record(item, *credits)])


def decide(store: Store) -> None:
    identify(store)


def held(store: Store) -> dict[int, int]:
    """Who holds each credit."""
    with store.reading() as db:
        return {
            row.id: row.person_id
            for row in db.execute(select(media_people.c.id, media_people.c.person_id))
        }


def grouping(store: Store) -> Grouping:
    groups: dict[int, set[int]] = {}
    for credit, person in held(store).items():
        groups.setdefault(person, set()).add(credit)
    return {frozenset(group) for group in groups.values()}


def person_of(store: Store, *, source: str, film: int) -> int:
    """Whom the credit of a film on a source is held for."""
    on_film = media_people.c.media_item_id == media_items.c.id
    there = (media_items.c.source_id == sources.c.id) & (sources.c.name == source)
    with store.reading() as db:
        query = select(media_people.c.person_id)
        number: int = db.scalars(query.where(on_film, there, media_items.c.key == str(film))).one()
        return number


def credits_on(store: Store, film: int) -> list[int]:
    with store.reading() as db:
        query = select(media_people.c.id).join(media_items)
        return list(db.scalars(query.where(media_items.c.key == str(film))))


def at(store: Store, source: str) -> set[int]:
    """The credits on a source."""
    there = (media_items.c.source_id == sources.c.id) & (sources.c.name == source)
    with store.reading() as db:
        on = media_people.c.media_item_id == media_items.c.id
        return set(db.scalars(select(media_people.c.id).where(on, there)))


def said(store: Store, say: Callable[[Connection], int | None]) -> int:
    with store.writing() as db:
        number = say(db)
    identify(store)
    return number or 0


def why(store: Store) -> list[tuple[object, ...]]:
    """The evidence kept, and who is suspected."""
    kept = (evidence.c.one_id, evidence.c.other_id, evidence.c.joined, evidence.c.clues)
    with store.reading() as db:
        rows = [*db.execute(select(*kept)).all(), *db.execute(select(suspects)).all()]
    return sorted(tuple(map(str, row)) for row in rows)


def everybody(store: Store) -> list[tuple[object, ...]]:
    """All people with credits, as they are described."""
    with store.reading() as db:
        having = people.c.id.in_(select(media_people.c.person_id))
        rows = db.execute(select(people).where(having).order_by(people.c.id)).all()
        return [tuple(row) for row in rows]


def described(store: Store, person: int) -> tuple[str, list[str], int | None]:
    with store.reading() as db:
        columns = (people.c.name, people.c.also_known_as, people.c.portrait_id)
        return tuple(db.execute(select(*columns).where(people.c.id == person)).one())


@pytest.fixture
def hill(store: Store) -> Store:
    """Dave Hill on a Plex in film 1, and on a Jellyfin in films 1 and 2."""
    attic = made.source(store)
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    put(store, attic, 1, made.actor(0, "Dave Hill", "Smith", key="aa"))
    for film in (1, 2):
        put(store, cabin, film, made.actor(0, "Dave Hill", "Smith"))
    decide(store)
    assert len(grouping(store)) == 1
    return store


@pytest.fixture
def two(store: Store) -> Store:
    """Thandie and Thandiwe Newton, on a Plex and on a Jellyfin, with a film each."""
    put(store, made.source(store), 1, made.actor(0, "Thandie Newton", "Maeve", key="aa"))
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    put(store, cabin, 2, made.actor(0, "Thandiwe Newton", "Val"))
    decide(store)
    assert len(grouping(store)) == 2
    return store


def both(store: Store) -> tuple[int, int]:
    plex = person_of(store, source="Attic", film=1)
    return plex, person_of(store, source="Cabin", film=2)


def test_a_merge_joins_the_younger_address_redirects_and_undoing_is_exact(two: Store) -> None:
    before, (one, other) = held(two), both(two)
    number = said(two, lambda db: owner.merge(db, [other, one], "her own spelling"))
    assert both(two) == (one, one)
    assert described(two, one)[:2] == ("Thandie Newton", ["Thandiwe Newton"])
    with two.reading() as db:
        assert db.scalar(select(people.c.merged_into).where(people.c.id == other)) == one
    said(two, lambda db: owner.take_back(db, number))
    assert held(two) == before
    with two.reading() as db:
        assert db.scalar(select(people.c.merged_into).where(people.c.id == other)) is None


def test_a_merge_survives_everything_anew_and_a_rebuilt_server(two: Store) -> None:
    said(two, lambda db: owner.merge(db, both(two)))
    with two.writing() as db:
        db.execute(sources.delete().where(sources.c.name == "Cabin"))
    decide(two)
    cabin = made.source(two, "Cabin", SourceKind.JELLYFIN)
    put(two, cabin, 2, made.actor(0, "Thandiwe Newton", "Val"))
    with two.writing() as db:
        db.execute(update(source_people).values(undecided=True))
        db.execute(update(media_items).values(undecided=True))
    decide(two)
    one, other = both(two)
    assert one == other


def apart(store: Store) -> int:
    """Say that film 2 on the Jellyfin is not by the Plex's Dave Hill, after a split."""
    one = person_of(store, source="Attic", film=1)
    return said(store, lambda db: owner.split(db, one, credits_on(store, 2), reason="his nephew"))


def test_a_split_moves_the_named_credit_and_is_undone_exactly(hill: Store) -> None:
    before, number = held(hill), apart(hill)
    assert frozenset(credits_on(hill, 2)) in grouping(hill)
    said(hill, lambda db: owner.take_back(db, number))
    assert held(hill) == before
    with hill.writing() as db, pytest.raises(NotFound):
        owner.take_back(db, number)


def test_a_split_may_give_the_credits_to_somebody_known(hill: Store) -> None:
    put(hill, made.source(hill, "Shed"), 3, made.actor(0, "David Hill", key="bb"))
    decide(hill)
    one, other = (person_of(hill, source=s, film=f) for s, f in (("Attic", 1), ("Shed", 3)))
    said(hill, lambda db: owner.split(db, one, credits_on(hill, 2), other))
    assert person_of(hill, source="Cabin", film=2) == other
    assert person_of(hill, source="Cabin", film=1) == one


def test_of_whom_nothing_is_left_nothing_is_split_off(hill: Store) -> None:
    one = person_of(hill, source="Attic", film=1)
    with hill.writing() as db, pytest.raises(IdentityError, match="all the credits"):
        owner.split(db, one, list(held(hill)))
    with hill.writing() as db, pytest.raises(NotFound, match="not this person's"):
        owner.split(db, one, [99])


def test_whoever_was_split_off_can_be_merged_back_only_by_undoing(hill: Store) -> None:
    apart(hill)
    one, other = (person_of(hill, source="Cabin", film=film) for film in (1, 2))
    with hill.writing() as db, pytest.raises(IdentityError, match="Decision 1"):
        owner.merge(db, [one, other])


def test_not_the_same_keeps_apart_what_a_shared_title_would_join(store: Store) -> None:
    put(store, made.source(store), 1, made.actor(0, "Dave Hill", "Smith", key="aa"))
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    directing = made.actor(0, "Dave Hill")._replace(
        department=Department.DIRECTING, kind="Director", job="Director"
    )
    put(store, cabin, 2, directing)
    decide(store)
    one, other = (person_of(store, source=s, film=f) for s, f in (("Attic", 1), ("Cabin", 2)))
    assert one != other
    number = said(store, lambda db: owner.keep_apart(db, one, other))
    put(store, cabin, 1, made.actor(0, "Dave Hill", "Smith"))
    decide(store)
    assert person_of(store, source="Cabin", film=1) != one
    with store.writing() as db, pytest.raises(IdentityError, match=f"Decision {number}"):
        owner.merge(db, [one, person_of(store, source="Cabin", film=1)])
    said(store, lambda db: owner.take_back(db, number))
    assert person_of(store, source="Cabin", film=1) == one


@pytest.fixture
def evans(store: Store) -> Store:
    """Two Chris Evans on a Plex, one record on a Jellyfin: film 1 is the one's, film 2 the
    other's, and nothing tells whose film 3 is.
    """
    attic = made.source(store)
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    for film, key in ((1, "aa"), (2, "bb"), (4, "aa")):
        put(store, attic, film, made.actor(0, "Chris Evans", "Steve", key=key))
    for film in (1, 2, 3, 4):
        if film != 3:
            put(store, cabin, film, made.actor(0, "Chris Evans", "Steve"))
    other = made.actor(0, "Chris Evans")._replace(
        department=Department.DIRECTING, kind="Director", job="Director"
    )
    put(store, cabin, 3, other)
    decide(store)
    assert len(grouping(store)) == 3
    return store


def test_not_the_same_moves_nothing_that_shared_titles_tell(evans: Store) -> None:
    before = held(evans)
    rest = person_of(evans, source="Cabin", film=3)
    for film in (1, 2):
        one = person_of(evans, source="Attic", film=film)
        said(evans, partial(owner.keep_apart, one=one, other=rest))
        assert held(evans) == before


def test_a_split_to_a_namesake_moves_nothing_else(evans: Store) -> None:
    before = held(evans)
    one, other = (person_of(evans, source="Attic", film=film) for film in (1, 2))
    (given,) = (c for c in credits_on(evans, 4) if c in at(evans, "Cabin"))
    number = said(evans, lambda db: owner.split(db, one, [given], other))
    assert held(evans) == before | {given: other}
    said(evans, lambda db: owner.take_back(db, number))
    assert held(evans) == before


@pytest.fixture
def clashing(store: Store) -> Store:
    """Two people, each on the Plex and on the Jellyfin, which has other ids for either."""
    attic = made.source(store)
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    for film, name, number in ((1, "Thandie Newton", "11"), (2, "Thandiwe Newton", "22")):
        for source in (attic, cabin):
            key = None if source == cabin else name
            put(store, source, film, made.actor(0, name, f"Part {film}", key=key))
        put(store, cabin, film + 10, made.actor(0, name))
        with store.writing() as db:
            facts = PersonFacts(made.person(name), external_ids=(ExternalId("tmdb", number),))
            put_person_facts(db, cabin, [facts])
    decide(store)
    assert len(grouping(store)) == 2
    return store


def test_a_merge_is_of_all_that_two_people_are_whatever_ids_say(clashing: Store) -> None:
    before, reasons = held(clashing), why(clashing)
    one, other = (person_of(clashing, source="Attic", film=film) for film in (1, 2))
    number = said(clashing, lambda db: owner.merge(db, [one, other]))
    assert set(held(clashing).values()) == {one}
    with clashing.reading() as db:
        text = decisions_text.write_out(db)
    said(clashing, lambda db: owner.take_back(db, number))
    assert (held(clashing), why(clashing)) == (before, reasons)
    with clashing.writing() as db:
        decisions_text.read_in(db, text)
    decide(clashing)
    assert set(held(clashing).values()) == {one}


def test_a_merge_of_who_gave_a_credit_away_is_of_the_rest_too(clashing: Store) -> None:
    with clashing.reading() as db:
        cabin = db.scalars(select(sources.c.id).where(sources.c.name == "Cabin")).one()
    put(clashing, cabin, 3, made.actor(0, "Thandie Newton", "Maeve"))
    decide(clashing)
    one, other = (person_of(clashing, source="Attic", film=film) for film in (1, 2))
    said(clashing, lambda db: owner.split(db, one, credits_on(clashing, 3)))
    said(clashing, lambda db: owner.merge(db, [one, other]))
    assert [len(group) for group in sorted(grouping(clashing), key=len)] == [1, 6]


def test_a_merge_names_no_record_that_evidence_gives_to_others_too(evans: Store) -> None:
    """What a record has of another namesake's stays theirs."""
    before = held(evans)
    one, rest = person_of(evans, source="Attic", film=1), person_of(evans, source="Cabin", film=3)
    said(evans, lambda db: owner.merge(db, [one, rest]))
    assert held(evans) == {c: one if p == rest else p for c, p in before.items()}


def test_a_name_and_a_portrait_are_chosen_and_undone(store: Store) -> None:
    attic, cabin = made.source(store), made.source(store, "Cabin", SourceKind.JELLYFIN)
    for source, key in ((attic, "aa"), (cabin, None)):
        portrait = made.person("Dave Hill", key, f"/portrait/{key}")
        put(store, source, 1, made.actor(0, "Dave Hill", key=key)._replace(person=portrait))
    decide(store)
    one = person_of(store, source="Attic", film=1)
    before = described(store, one)
    with store.reading() as db:
        pictures = held_by.portraits_of(db, one)
    taken, other = sorted(pictures)
    assert before == ("Dave Hill", [], pictures[taken])
    renamed = said(store, lambda db: owner.rename(db, one, "  David   Hill ", "his own name"))
    chosen = said(store, lambda db: owner.choose_portrait(db, one, other))
    assert described(store, one) == ("David Hill", ["Dave Hill"], pictures[other])
    again = said(store, lambda db: owner.rename(db, one, "D. Hill"))
    assert described(store, one)[0] == "D. Hill"
    for number in (again, renamed, chosen):
        said(store, partial(owner.take_back, decision=number))
    assert described(store, one) == before
    for name in ("", "x" * 201):
        with store.writing() as db, pytest.raises(IdentityError, match="A name has"):
            owner.rename(db, one, name)
    for name in ("\u202elliH evaD", "Dave\x00Hill", "D\u200bave"):
        with store.writing() as db, pytest.raises(IdentityError, match="nobody sees or types"):
            owner.rename(db, one, name)
    with store.writing() as db, pytest.raises(IdentityError, match="A name has"):
        owner.rename(db, one, "\u200c")
    with store.writing() as db, pytest.raises(IdentityError, match="reason has up to"):
        owner.rename(db, one, "Dave", "x" * 501)
    persian = "علی\u200cرضا"
    said(store, lambda db: owner.rename(db, one, persian))
    assert described(store, one)[0] == persian
    with store.writing() as db, pytest.raises(NotFound):
        owner.choose_portrait(db, one, 99)


def test_somebody_split_off_keeps_only_the_name(hill: Store) -> None:
    apart(hill)
    other = person_of(hill, source="Cabin", film=2)
    assert described(hill, other) == ("Dave Hill", [], None)
    said(hill, lambda db: owner.rename(db, other, "Dave Hill junior"))
    assert described(hill, other)[0] == "Dave Hill junior"


def test_evidence_is_kept_and_follows_what_changes(hill: Store) -> None:
    with hill.reading() as db:
        (row,) = db.execute(select(evidence)).all()
    (clue,) = row.clues
    assert (row.joined, clue[0], clue[2:4]) == (True, "titles", [1, 1])
    with hill.writing() as db:
        db.execute(sources.delete().where(sources.c.name == "Attic"))
    decide(hill)
    assert why(hill) == []


def test_why_single_credits_are_theirs_is_kept_and_follows_what_changes(hill: Store) -> None:
    put(hill, made.source(hill, "Shed"), 2, made.actor(0, "Dave Hill", "Smith", key="bb"))
    decide(hill)
    ones, others = (person_of(hill, source=s, film=f) for s, f in (("Attic", 1), ("Shed", 2)))
    told = [
        ("Attic and Cabin", "1 shared title, 1 with the same part"),
        ("Cabin and Shed", "1 shared title, 1 with the same part"),
    ]

    def whys() -> list[tuple[str, str]]:
        with hill.reading() as db:
            panels = [panel(db, person, "") for person in (ones, others)]
        return [(reason.between, reason.words) for shown in panels for reason in shown.why]

    assert whys() == told
    before = why(hill)
    number = said(hill, lambda db: owner.keep_apart(db, ones, others))
    assert whys() == told
    split = said(hill, lambda db: owner.split(db, others, credits_on(hill, 2)[:1]))
    assert whys() == told[:1]
    for decision in (split, number):
        said(hill, partial(owner.take_back, decision=decision))
    assert (whys(), why(hill)) == (told, before)
    with hill.writing() as db:
        db.execute(sources.delete().where(sources.c.name == "Shed"))
    decide(hill)
    assert whys() == told[:1], "the record is whole again"


def test_why_somebody_split_off_is_one_person_is_the_owners_word(hill: Store) -> None:
    """What makes the records one is of those who keep them."""
    for server, key in (("Attic", "aa"), ("Cabin", None)):
        with hill.reading() as db:
            number = db.scalars(select(sources.c.id).where(sources.c.name == server)).one()
        put(hill, number, 3, made.actor(0, "Dave Hill", "Jones", key=key))
    decide(hill)
    one = person_of(hill, source="Attic", film=1)

    def whys(person: int) -> list[tuple[str, str]]:
        with hill.reading() as db:
            return [(why.between, why.words) for why in panel(db, person, "").why]

    assert whys(one) == [("Attic and Cabin", "2 shared titles, 2 with the same part")]
    split = said(hill, lambda db: owner.split(db, one, credits_on(hill, 3)))
    other = person_of(hill, source="Attic", film=3)
    assert whys(one) == [("Attic and Cabin", "1 shared title, 1 with the same part")]
    assert whys(other) == [("Attic and Cabin", "you said so")]
    again = said(hill, lambda db: owner.split(db, one, credits_on(hill, 2)))
    with hill.reading() as db:
        spoken = [[e.number for e in pages.identity(db, it).decisions] for it in (one, other)]
    assert spoken == [[again, split], [split]]
    said(hill, partial(owner.take_back, decision=again))
    said(hill, partial(owner.take_back, decision=split))
    assert whys(one) == [("Attic and Cabin", "2 shared titles, 2 with the same part")]


def test_a_decision_outlives_a_rebuilt_server(hill: Store) -> None:
    apart(hill)
    with hill.writing() as db:
        db.execute(sources.delete().where(sources.c.name == "Cabin"))
    again = made.source(hill, "Cabin", SourceKind.JELLYFIN)
    for film in (2, 1):
        put(hill, again, film, made.actor(0, "Dave Hill", "Smith"))
    decide(hill)
    assert sorted(map(len, grouping(hill))) == [1, 2]


def redirects(store: Store) -> dict[int, int | None]:
    """Of each number that was ever given, whose it is now."""
    with store.reading() as db:
        rows = db.execute(select(people.c.id, people.c.merged_into)).all()
        return {row.id: row.merged_into for row in rows}


def records(store: Store) -> dict[int, int | None]:
    """Who the source persons are."""
    with store.reading() as db:
        rows = db.execute(select(source_people.c.id, source_people.c.person_id)).all()
        return {row.id: row.person_id for row in rows}


def evans_of_ten(store: Store) -> int:
    """A Jellyfin's Chris Evans in ten films; returns his number."""
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    for film in range(1, 11):
        put(store, cabin, film, made.actor(0, "Chris Evans", "Max"))
    decide(store)
    return person_of(store, source="Cabin", film=1)


def two_evans(store: Store, ones: int) -> None:
    """A Plex has the first of those films with one Chris Evans, the last with another."""
    attic = made.source(store)
    for film in (*range(1, ones + 1), 10):
        key = "bb" if film == 10 else "aa"
        put(store, attic, film, made.actor(0, "Chris Evans", "Max", key))
    decide(store)


@pytest.mark.parametrize("ones", [9, 6])
def test_when_a_name_turns_out_to_be_several_the_address_stays_with_the_largest_part(
    store: Store, ones: int
) -> None:
    number = evans_of_ten(store)
    two_evans(store, ones)
    assert person_of(store, source="Attic", film=1) == number
    assert len(set(held(store).values())) == (2 if ones == 9 else 3)
    assert set(redirects(store)) == set(held(store).values()), "no page is left empty"
    before = held(store)
    who.decide_anew(store)
    assert held(store) == before
    with store.writing() as db:
        attic = db.scalars(select(sources.c.id).where(sources.c.name == "Attic")).one()
        sources_store.remove_source(db, attic)
    decide(store)
    assert set(held(store).values()) == {number}


def test_a_name_given_to_who_turns_out_to_be_several_goes_with_the_address(store: Store) -> None:
    number = evans_of_ten(store)
    renamed = said(store, lambda db: owner.rename(db, number, "Captain"))
    two_evans(store, 9)
    other = person_of(store, source="Attic", film=10)
    assert described(store, number)[0] == "Captain"
    assert described(store, other)[0] == "Chris Evans"
    said(store, lambda db: owner.take_back(db, renamed))
    assert described(store, number)[0] == "Chris Evans"


@pytest.fixture
def five(store: Store) -> Store:
    """Ana Vega in five films on a Plex, and Bo Moss in a sixth."""
    attic = made.source(store)
    for film in range(1, 6):
        put(store, attic, film, made.actor(0, "Ana Vega", "Max", "aa"))
    put(store, attic, 6, made.actor(0, "Bo Moss", "Max", "bb"))
    decide(store)
    return store


@pytest.mark.parametrize("many", [2, 3])
def test_the_address_stays_with_the_larger_part_when_the_owner_splits(
    five: Store, many: int
) -> None:
    before, number = held(five), person_of(five, source="Attic", film=1)
    given = [credit for film in range(1, many + 1) for credit in credits_on(five, film)]
    split = said(five, lambda db: owner.split(db, number, given))
    kept = {credit for credit, person in held(five).items() if person == number}
    assert kept == (
        set(given) if many == 3 else {c for c in before if before[c] == number} - {*given}
    )
    said(five, lambda db: owner.take_back(db, split))
    assert held(five) == before


def test_credits_given_to_somebody_known_leave_both_their_addresses(five: Store) -> None:
    one, other = (person_of(five, source="Attic", film=film) for film in (1, 6))
    given = [credit for film in (1, 2, 3) for credit in credits_on(five, film)]
    said(five, lambda db: owner.split(db, one, given, other))
    assert [person_of(five, source="Attic", film=f) for f in range(1, 7)] == [other] * 3 + [
        one, one, other,
    ]  # fmt: skip


def test_whoever_was_split_off_has_the_same_address_after_a_merge_undone(five: Store) -> None:
    before, led = held(five), redirects(five)
    one, other = (person_of(five, source="Attic", film=film) for film in (1, 6))
    split = said(five, lambda db: owner.split(db, one, credits_on(five, 1)))
    third = person_of(five, source="Attic", film=1)
    for _ in range(2):
        apart, led_then = held(five), redirects(five)
        merged = said(five, lambda db: owner.merge(db, [other, third]))
        assert person_of(five, source="Attic", film=1) == other
        assert redirects(five)[third] == other
        said(five, partial(owner.take_back, decision=merged))
        assert (held(five), redirects(five)) == (apart, led_then)
    merged = said(five, lambda db: owner.merge(db, [other, third]))
    for number in (split, merged):
        said(five, partial(owner.take_back, decision=number))
    assert (held(five), redirects(five)) == (before, led | {third: one})


def test_a_word_that_stands_moves_no_address_when_titles_go(five: Store) -> None:
    one = person_of(five, source="Attic", film=1)
    said(five, lambda db: owner.split(db, one, credits_on(five, 1) + credits_on(five, 2)))
    third = person_of(five, source="Attic", film=1)
    with five.writing() as db:
        db.execute(media_items.delete().where(media_items.c.key.in_(["4", "5"])))
        db.execute(update(source_people).values(undecided=True))
    decide(five)
    assert [person_of(five, source="Attic", film=film) for film in (1, 2, 3)] == [third, third, one]


def test_whoever_never_stood_apart_has_an_address_once_a_word_is_taken_back(store: Store) -> None:
    one_side, other_side = ({"source": "Attic", "key": key} for key in ("aa", "bb"))
    with store.writing() as db:
        decisions_text.read_in(db, entries(("merge", one_side, other_side)))
    attic = made.source(store)
    put(store, attic, 1, made.actor(0, "Ana Vega", key="aa"))
    put(store, attic, 2, made.actor(0, "Bo Moss", key="bb"))
    decide(store)
    one, other = (person_of(store, source="Attic", film=film) for film in (1, 2))
    assert one == other
    assert set(redirects(store).values()) == {None, one}
    with store.writing() as db:
        (number,) = db.scalars(select(decisions.c.id)).all()
    said(store, lambda db: owner.take_back(db, number))
    assert {person_of(store, source="Attic", film=film) for film in (1, 2)} == set(redirects(store))
    assert set(redirects(store).values()) == {None}


@pytest.mark.parametrize("first", [1, 2])
def test_what_somebody_is_called_does_not_depend_on_which_record_came_first(
    store: Store, first: int
) -> None:
    attic = made.source(store)
    cast = {
        1: made.actor(0, "Thandie Newton", "Maeve", "bb"),
        2: made.actor(0, "Thandiwe Newton", "Val", "aa"),
    }
    for film in (first, 3 - first):
        put(store, attic, film, cast[film])
    decide(store)
    people_of = [person_of(store, source="Attic", film=film) for film in (1, 2)]
    said(store, lambda db: owner.merge(db, people_of))
    number = person_of(store, source="Attic", film=1)
    assert described(store, number)[:2] == ("Thandie Newton", ["Thandiwe Newton"])
    put(store, attic, 3, cast[2])
    decide(store)
    assert described(store, number)[0] == "Thandiwe Newton", "more of the work is under it"


def test_decisions_are_written_out_and_read_in(hill: Store) -> None:
    one = person_of(hill, source="Attic", film=1)
    numbers = [apart(hill), said(hill, lambda db: owner.rename(db, one, "David Hill"))]
    with hill.writing() as db:
        text = decisions_text.write_out(db)
        assert decisions_text.read_in(db, text) == (0, 2, 0)
        for number in numbers:
            owner.take_back(db, number)
        assert decisions_text.write_out(db) == "[]\n"
        assert decisions_text.read_in(db, text) == (2, 0, 0)
        assert decisions_text.write_out(db) == text
    decide(hill)
    assert len(grouping(hill)) == 2
    with hill.writing() as db:
        db.execute(sources.delete())
        db.execute(update(decisions).values(undone_at=sources_store.now()))
        assert decisions_text.read_in(db, text) == (2, 0, 2)


SIDE = '{"source": "Attic", "key": "aa"}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no list of decisions"),
        ("{}", "no list of decisions"),
        ("[1]", "Entry 1 is no decision"),
        ("[" * 100_000, "no list of decisions"),
        ('[{"verb": "merge"}]', "Entry 1 is no decision: merge needs one, other; it has nothing"),
        ('[{"verb": ["merge"]}]', "its verb is"),
        ('[{"verb": "merge", "one": [], "other": []}]', "one names nobody"),
        (f'[{{"verb": "apart", "one": [{SIDE}], "other": []}}]', "other names nobody"),
        (f'[{{"verb": "merge", "one": [{SIDE}], "other": [7]}}]', "other, 1 is 7, not"),
        (f'[{{"verb": "merge", "one": [{SIDE}], "other": [{SIDE}]}}]', "one and the same"),
        (
            '[{"verb": "rename", "one": [{"source": "A", "key": " "}], "name": "X"}]',
            "key of one, 1",
        ),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": ""}}]', "A name has one to 200"),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": "{"x" * 5000}"}}]', "A name has one to"),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": "x\\u0000"}}]', r"name .* U\+0000"),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": "x\\u202ey"}}]', r"U\+202E"),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": "X", "reason": 3}}]', "reason is 3"),
        (
            '[{"verb": "split", "one": [{"source": "A", "key": "b", "credits": []}]}]',
            "the credits of one, 1 are none",
        ),
        (
            '[{"verb": "split", "one": [{"source": "A", "key": "b", "credits": [{"key": "c", '
            '"job": "", "character": "", "ids": "imdb:tt1"}]}]}]',
            "the ids of one, 1, credit 1 is",
        ),
        ('[{"verb": "praise"}]', "praise"),
        (f'[{{"verb": "merge", "one": [{SIDE}], "other": [{{"source": 1}}]}}]', "Entry 1"),
        (f'[{{"verb": "split", "one": [{SIDE}]}}]', "credits"),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": "X", "decided_at": "soon"}}]', "soon"),
        (f'[{{"verb": "rename", "one": [{SIDE}], "name": ["X"]}}]', "name"),
        ('[{"verb": "rename", "one": {"source": "x"}, "name": "X"}]', "Entry 1"),
    ],
)
def test_what_is_no_list_of_decisions_is_refused(store: Store, text: str, words: str) -> None:
    with store.writing() as db, pytest.raises(IdentityError, match=words):
        decisions_text.read_in(db, text)


NOBODY_HERE = [{"source": "Nowhere", "key": key} for key in ("aa", "bb", "cc")]


def of(side: dict[str, str], *films: int) -> dict[str, object]:
    """Credits of theirs on these films, in words."""
    known = {"job": "Actor", "character": ""}
    return {**side, "credits": [{"key": f"{n}", "ids": [f"imdb:tt{n}"], **known} for n in films]}


def entries(*said: tuple[str, object, object]) -> str:
    rows = [{"verb": verb, "one": [one], "other": [other]} for verb, one, other in said]
    return json.dumps(rows)


A, B, C = NOBODY_HERE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (entries(("merge", A, B), ("apart", A, B)), "Entry 2 (apart): it cannot stand beside en"),
        (entries(("apart", A, B), ("merge", B, A)), "Entry 2 (merge): it cannot stand beside en"),
        (entries(("merge", A, B), ("merge", B, C), ("apart", C, A)), "entry 1 and entry 2; leave"),
        (entries(("split", of(A, 1), B), ("merge", B, A)), "stand beside entry 1"),
        (entries(("split", of(A, 1), B), ("split", of(A, 1), C)), "stand beside entry 1"),
        (entries(("split", of(A, 1), B), ("split", of(A, 1, 2), C)), "stand beside entry 1"),
    ],
)
def test_a_contradiction_about_whom_no_server_has_is_refused(
    store: Store, text: str, words: str
) -> None:
    with pytest.raises(IdentityError) as refused, store.writing() as db:
        decisions_text.read_in(db, text)
    assert words in str(refused.value)
    with store.reading() as db:
        assert decisions_text.write_out(db) == "[]\n"


def test_what_was_read_in_before_anybody_came_is_not_contradicted_later(store: Store) -> None:
    text = entries(("merge", A, B), ("split", of(A, 1), C))
    with store.writing() as db:
        assert decisions_text.read_in(db, text) == (2, 0, 2)
        assert decisions_text.read_in(db, text) == (0, 2, 0)
    with store.writing() as db, pytest.raises(IdentityError, match="Decision 1 makes these two"):
        decisions_text.read_in(db, entries(("apart", B, A)))


def test_credits_and_portraits_that_no_server_has_wait_too(hill: Store) -> None:
    """Also where the people are here."""
    cabin = {"source": "Cabin", "key": "name:Dave Hill"}
    rows = [
        {"verb": "split", "one": [of(cabin, 77)]},
        {"verb": "portrait", "one": [cabin], "portrait": A},
        {"verb": "rename", "one": [cabin], "name": "D. Hill"},
    ]
    with hill.writing() as db:
        assert decisions_text.read_in(db, json.dumps(rows)) == (3, 0, 2)


def test_a_split_is_read_in_where_no_other_credits_are_read_yet(hill: Store) -> None:
    """A library set up anew has its owner's word before all its titles."""
    with hill.reading() as db:
        cabin = db.scalars(select(sources.c.id).where(sources.c.name == "Cabin")).one()
    put(hill, cabin, 3, made.actor(0, "Bo Moss", "Smith"))
    decide(hill)
    credit = {"key": "3", "ids": ["imdb:tt3"], "job": "Actor", "character": "Smith"}
    bo = {"source": "Cabin", "key": "name:Bo Moss", "credits": [credit]}
    with hill.writing() as db:
        assert decisions_text.read_in(db, json.dumps([{"verb": "split", "one": [bo]}])) == (1, 0, 0)


def test_the_same_entry_twice_is_one_decision(store: Store) -> None:
    with store.writing() as db:
        made = decisions_text.read_in(db, entries(("apart", A, B), ("apart", A, B)))
        assert made == (1, 1, 1)


def test_many_decisions_are_looked_up_at_once(store: Store) -> None:
    """Each by itself takes as long as there are decisions: thousands would take hours."""

    def lookups(first: int, many: int) -> int:
        seen: list[str] = []

        def note(*asked: object) -> None:
            seen.append(str(asked[2]))

        each = [
            ("apart", A | {"key": f"a{n}"}, B | {"key": f"b{n}"})
            for n in range(first, first + many)
        ]
        event.listen(store.engine, "before_cursor_execute", note)
        with store.writing() as db:
            assert decisions_text.read_in(db, entries(*each)) == (many, 0, many)
        event.remove(store.engine, "before_cursor_execute", note)
        return sum(statement.startswith("SELECT") for statement in seen)

    assert lookups(0, 4) == lookups(4, 40)


def test_a_time_with_a_zone_is_kept_as_the_moment_it_is(store: Store) -> None:
    row = {"verb": "rename", "one": [A], "name": "X", "decided_at": "2026-01-01T01:00:00+01:00"}
    with store.writing() as db:
        decisions_text.read_in(db, json.dumps([row]))
        (kept,) = json.loads(decisions_text.write_out(db))
    assert kept["decided_at"] == "2026-01-01T00:00:00"


def test_an_entry_that_contradicts_is_named_and_nothing_is_read(hill: Store) -> None:
    hill_side = {"source": "Attic", "key": "aa"}
    pair = {"one": [hill_side], "other": [{"source": "Cabin", "key": "name:Dave Hill"}]}
    rows = [{"verb": "apart", **pair}, {"verb": "merge", **pair}]
    with (
        pytest.raises(IdentityError, match=r"Entry 2 \(merge\): it cannot stand beside entry 1;"),
        hill.writing() as db,
    ):
        decisions_text.read_in(db, json.dumps(rows))
    with hill.reading() as db:
        assert decisions_text.write_out(db) == "[]\n"


def test_step_by_step_is_as_everything_anew(store: Store) -> None:
    dice = random.Random(11)
    kinds = (SourceKind.PLEX, SourceKind.JELLYFIN, SourceKind.JELLYFIN)
    of = [made.source(store, f"Server {n}", kind) for n, kind in enumerate(kinds)]
    for crowd in range(4):  # Many others, so that few undecided are not everybody.
        names = (f"Extra{n} Somebody{crowd}" for n in range(60))
        put(store, of[0], 900 + crowd, *(made.actor(n, name) for n, name in enumerate(names)))
    decide(store)
    for _ in range(25):
        which = dice.randrange(3)
        cast = dice.sample(_NAMES, dice.randrange(6))
        keys = [f"{name} {dice.randrange(2)}" if which == 0 else None for name in cast]
        credits = [
            made.actor(n, name, dice.choice(["", "Smith"]), key)
            for n, (name, key) in enumerate(zip(cast, keys, strict=True))
        ]
        put(store, of[which], dice.randrange(8), *credits)
        if dice.random() < 0.2:
            with store.writing() as db:
                gone = media_items.c.key == str(dice.randrange(8))
                db.execute(update(media_items).where(gone).values(undecided=True))
        decide(store)
        step_by_step = grouping(store), why(store)
        with store.writing() as db:
            db.execute(update(source_people).values(undecided=True))
        decide(store)
        assert (grouping(store), why(store)) == step_by_step


def test_whatever_was_said_once_it_is_all_undone_everything_is_as_it_was(store: Store) -> None:
    dice = random.Random(5)
    kinds = (SourceKind.PLEX, SourceKind.JELLYFIN)
    of = [made.source(store, f"Server {n}", kind) for n, kind in enumerate(kinds)]
    for film in range(10):
        for which, source in enumerate(of):
            cast = dice.sample(_NAMES, 4)
            keys = [f"{name} {dice.randrange(2)}" if which == 0 else None for name in cast]
            pairs = enumerate(zip(cast, keys, strict=True))
            put(store, source, film, *(made.actor(n, name, key=key) for n, (name, key) in pairs))
    decide(store)
    before, reasons, looked = held(store), why(store), everybody(store)
    were, led = records(store), redirects(store)
    said_so: list[int] = []
    while len(said_so) < 12:
        now = held(store)
        one, other = dice.sample(sorted(set(now.values())), 2)
        theirs = [credit for credit, person in now.items() if person == one]
        try:
            match dice.randrange(4):
                case 0:
                    say = partial(owner.merge, people=[one, other])
                case 1:
                    say = partial(owner.keep_apart, one=one, other=other)
                case 2:
                    some = dice.sample(theirs, dice.randrange(1, len(theirs) + 1))
                    say = partial(owner.split, person=one, credits=some, whose=other)
                case _:
                    say = partial(owner.rename, person=one, name=f"Somebody {len(said_so)}")
            said_so.append(said(store, say))
        except IdentityError:
            continue
    assert held(store) != before
    dice.shuffle(said_so)
    for number in said_so:
        said(store, partial(owner.take_back, decision=number))
    assert (held(store), why(store), everybody(store)) == (before, reasons, looked)
    assert records(store) == were
    assert redirects(store).items() >= led.items()

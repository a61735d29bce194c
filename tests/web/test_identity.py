"""Who is who, on pages: what is shown, said, refused and taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select, update

from fullcredits.model import Credit, Department, SourceKind
from fullcredits.store import Store
from fullcredits.store.schema import evidence, source_people
from fullcredits.store.write import put_records
from fullcredits.sync.identify import identify
from tests.store import made
from tests.web.visitor import House, Visitor, shown_error
from tests.who import decide_anew


def put(store: Store, source: int, film: int, year: int, *credits: Credit) -> None:
    item = replace(made.film(str(film), f"Film {film}", ids=f"imdb:tt{film}"), year=year)
    made.listed(store, source, made.library(store, source), item)
    with store.writing() as db:
        put_records(db, source, [made.record(item, *credits)])


def directing(name: str) -> Credit:
    return made.actor(0, name)._replace(
        department=Department.DIRECTING, kind="Director", job="Director"
    )


@pytest.fixture
def owner(sqlite_store: Store) -> Visitor:
    """Dave Hill on a Plex and a Jellyfin; John Smith, who directs on the one and acts on the other;
    an actor of that Jellyfin with a very long career."""
    attic = made.source(sqlite_store)
    cabin = made.source(sqlite_store, "Cabin", SourceKind.JELLYFIN)
    crowd = [made.actor(n, f"John {n}") for n in range(12)]
    crowd += [made.actor(n, f"X{n} Smith") for n in range(12)]
    put(sqlite_store, attic, 1, 1999, made.actor(0, "Dave Hill", "Smith", key="aa"))
    put(sqlite_store, cabin, 1, 1999, made.actor(0, "Dave Hill", "Smith"))
    put(sqlite_store, cabin, 2, 2001, made.actor(0, "Dave Hill", "Jones"))
    put(sqlite_store, attic, 3, 1999, made.actor(0, "John Smith", key="bb"), *crowd)
    put(sqlite_store, cabin, 4, 1999, directing("John Smith"))
    put(sqlite_store, cabin, 5, 1920, made.actor(0, "Old Timer"))
    put(sqlite_store, cabin, 6, 2020, made.actor(0, "Old Timer"))
    identify(sqlite_store)
    return House(sqlite_store).visitor("127.0.0.1")


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page)))


def person_named(owner: Visitor, name: str, which: int = 0) -> str:
    """The address of a person's page."""
    found = re.findall(r'href="(/person/[^"]+)"', owner.get(f"/search?q={name}").text)
    addresses = sorted(set(found), key=lambda address: int(address.split("/")[2].split("-")[0]))
    found_there: str = addresses[which]
    return found_there


def test_a_persons_page_tells_who_knows_them_and_why_that_is_one_person(owner: Visitor) -> None:
    page = text_of(owner.get(person_named(owner, "Dave Hill")).text)
    assert "Attic as Dave Hill 1 credit, by an id" in page
    assert "Cabin as Dave Hill 2 credits, by name only" in page
    assert "Attic and Cabin 1 shared title, 1 with the same part" in page


def test_somebody_else_is_the_same_person_until_it_is_undone(owner: Visitor) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    answer = owner.post(
        f"{one}/identity/merge", f"{one}/identity", other=other, reason="I know him"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{one}/identity")
    assert owner.get(other).headers["location"] == one
    page = owner.get(f"{one}/identity").text
    words = "John Smith of “Film 3” (Attic) and John Smith of “Film 4” (Cabin) are one person."
    assert words in page
    assert "I know him" in page
    undone = owner.post("/decisions", f"{one}/identity", number="1", back=f"{one}/identity")
    assert undone.headers["location"] == f"{one}/identity"
    assert owner.get(other).status_code == 200
    assert "undone" in owner.get("/decisions?all=yes").text


def test_the_owners_word_holds_at_once_while_others_still_wait_for_identity(
    owner: Visitor, sqlite_store: Store
) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    old_timer = source_people.c.name == "Old Timer"
    with sqlite_store.writing() as db:
        db.execute(update(source_people).where(old_timer).values(undecided=True))
    owner.post(f"{one}/identity/merge", f"{one}/identity", other=other)
    assert owner.get(other).headers["location"] == one
    with sqlite_store.reading() as db:
        waiting = db.scalars(select(source_people.c.name).where(source_people.c.undecided)).all()
    assert waiting == ["Old Timer"], "left to the sync that goes on"
    owner.post("/decisions", f"{one}/identity", number="1", back=f"{one}/identity")
    assert owner.get(other).status_code == 200
    identify(sqlite_store)
    assert owner.get(other).status_code == 200


def test_credits_are_taken_away(owner: Visitor) -> None:
    one = person_named(owner, "Dave Hill")
    page = owner.get(f"{one}/identity").text
    field = re.search(r'name="(work-\d+-Acting)" value="on"><span><bdi>Film 2', page)
    assert field
    owner.post(f"{one}/identity/split", f"{one}/identity", **{field[1]: "on"})
    assert "Film 2" not in owner.get(one).text
    assert "Film 2" in owner.get(person_named(owner, "Dave Hill", 1)).text
    nothing = owner.post(f"{one}/identity/split", f"{one}/identity", **{field[1]: "on"})
    assert nothing.status_code == 422
    assert "On “Film 2” in Acting there is no credit of Dave Hill" in shown_error(nothing)


def test_what_cannot_be_done_is_explained_and_what_was_typed_is_kept(owner: Visitor) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    page = f"{one}/identity"
    assert "Choose what" in shown_error(owner.post(f"{page}/split", page))
    wrong = owner.post(f"{page}/merge", page, other="the other one")
    assert wrong.status_code == 422
    assert "Give the address" in shown_error(wrong)
    assert 'value="the other one"' in wrong.text
    assert "nobody" in shown_error(owner.post(f"{page}/merge", page, other="9999"))
    assert "one and the same" in shown_error(owner.post(f"{page}/merge", page, other=one))
    assert "A name has" in shown_error(owner.post(f"{page}/rename", page, name=" "))
    assert "no such portrait" in shown_error(owner.post(f"{page}/portrait", page, record="7"))
    owner.post(f"{page}/apart", page, other=other)
    refused = owner.post(f"{page}/merge", page, other=other)
    assert "Decision 1 says that these are two people; undo it first." in shown_error(refused)
    assert owner.get("/person/9999/identity").status_code == 404


def test_who_has_single_credits_only_can_have_a_portrait(sqlite_store: Store) -> None:
    """No picture of a name that several share is theirs by itself; the owner may say that it is."""
    cabin = made.source(sqlite_store, "Cabin", SourceKind.JELLYFIN)
    person = made.person("Dave Hill", portrait="/portrait/dave")
    for film in (1, 2):
        put(sqlite_store, cabin, film, 1999, made.actor(0, "Dave Hill")._replace(person=person))
    identify(sqlite_store)
    owner = House(sqlite_store).visitor("127.0.0.1")
    one = person_named(owner, "Dave Hill")
    assert "Choose the portrait" not in owner.get(f"{one}/identity").text
    field = re.search(r'name="(work-\d+-Acting)"', owner.get(f"{one}/identity").text)
    assert field
    owner.post(f"{one}/identity/split", f"{one}/identity", **{field[1]: "on"})
    other = person_named(owner, "Dave Hill", 1)
    page = owner.get(f"{other}/identity").text
    record = re.search(r'name="record" value="(\d+)" required>', page)
    assert record, "it is not theirs yet"
    owner.post(f"{other}/identity/portrait", f"{other}/identity", record=record[1])
    assert "has the portrait that Cabin has" in text_of(owner.get(f"{other}/identity").text)


def test_a_person_is_called_otherwise(owner: Visitor) -> None:
    one = person_named(owner, "Dave Hill")
    owner.post(f"{one}/identity/rename", f"{one}/identity", name="David Hill")
    page = owner.get(owner.get(one).headers["location"]).text
    assert "<h1><bdi>David Hill</bdi></h1>" in page
    assert "<bdi>Dave Hill</bdi>" in page


@pytest.mark.parametrize("same", ["yes", "no"])
def test_a_proposal_is_accepted_or_refused_and_never_comes_again(owner: Visitor, same: str) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    page = owner.get("/review").text
    shown = text_of(page)
    assert "1 pair that may be one person" in shown
    assert "Different kinds of work" in shown
    numbers = re.search(r'name="one" value="(\d+)"><input [^>]*name="other" value="(\d+)"', page)
    assert numbers
    answer = owner.post("/review", one=numbers[1], other=numbers[2], same=same)
    assert answer.headers["location"] == "/review?decided=1"
    assert "Nobody is waiting" in owner.get("/review").text
    assert (owner.get(other).status_code == 302) == (same == "yes")
    assert owner.get(one).status_code == 200


def test_long_careers_are_suspected(owner: Visitor) -> None:
    page = owner.get("/suspects").text
    assert "Cabin: works from 1920 to 2020" in text_of(page)
    assert f'href="{person_named(owner, "Old Timer")}/identity"' in page


def test_only_who_is_credited_is_another_of_this_name(owner: Visitor) -> None:
    """Not who turned out to be this person, nor whoever has no credits left."""
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    assert "Others of this name" in owner.get(f"{one}/identity").text
    owner.post(f"{one}/identity/merge", f"{one}/identity", other=other)
    assert "Others of this name" not in owner.get(f"{one}/identity").text
    dave = person_named(owner, "Dave Hill")
    page = owner.get(f"{dave}/identity").text
    field = re.search(r'name="(work-\d+-Acting)" value="on"><span><bdi>Film 2', page)
    assert field
    owner.post(f"{dave}/identity/split", f"{dave}/identity", **{field[1]: "on"})
    assert "Others of this name" in owner.get(f"{dave}/identity").text
    owner.post("/decisions", f"{dave}/identity", number="2", back=f"{dave}/identity")
    assert "Others of this name" not in owner.get(f"{dave}/identity").text


def test_an_old_address_of_who_somebody_is_leads_to_the_new_one(owner: Visitor) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    owner.post(f"{one}/identity/merge", f"{one}/identity", other=other)
    assert owner.get(f"{other}/identity").headers["location"] == f"{one}/identity"


def test_what_speaks_against_one_person_is_not_told_as_a_reason(
    owner: Visitor, sqlite_store: Store
) -> None:
    """Two records that were joined although their kinds of work differ."""
    with sqlite_store.writing() as db:
        clues = [
            ["department", -2.9, 0, 0, ""],
            ["titles", 8.0, 1, 1, ""],
            ["years", -0.2, 4, 0, ""],
        ]
        db.execute(update(evidence).where(evidence.c.joined).values(clues=clues))
    page = text_of(owner.get(person_named(owner, "Dave Hill")).text)
    assert (
        "1 shared title, 1 with the same part, "
        "although different kinds of work and 4 years between their works"
    ) in page


def test_forms_of_an_old_address_are_about_whom_it_leads_to(owner: Visitor) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    page = f"{one}/identity"
    owner.post(f"{page}/merge", page, other=other)
    refused = owner.post(f"{page}/apart", page, other=other)
    assert "Decision 1 makes these two one person; undo it first." in shown_error(refused)
    answer = owner.post(f"{other}/identity/rename", page, name="Jack Smith")
    assert answer.headers["location"] == page
    assert "Jack Smith" in owner.get(owner.get(page).headers["location"]).text
    assert "Choose what" in shown_error(owner.post(f"{other}/identity/split", "/decisions"))


def test_what_is_said_twice_is_told_and_not_decided_again(owner: Visitor) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    page = f"{one}/identity"
    owner.post(f"{page}/apart", page, other=other)
    again = owner.post(f"{other}/identity/apart", f"{other}/identity", other=one)
    assert "You said so already" in shown_error(again)
    assert owner.get("/decisions?all=yes").text.count(">Undo<") == 1


def test_decisions_tell_namesakes_apart(owner: Visitor, sqlite_store: Store) -> None:
    """By the films that one has and the other has not; credits by what they are on."""
    attic = made.source(sqlite_store, "Loft")
    put(sqlite_store, attic, 3, 1999, made.actor(0, "John Smith", key="bb"))
    identify(sqlite_store)
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    page = f"{one}/identity"
    owner.post(f"{page}/apart", page, other=other)
    apart = (
        "John Smith of “Film 3” (Attic, Loft) is not the same person as "
        "John Smith of “Film 4” (Cabin)."
    )
    assert apart in owner.get("/decisions").text
    refused = owner.post(f"{page}/merge", page, other=other)
    assert "undo it first" in shown_error(refused)
    assert refused.text.count(apart) == 2, "with what is refused, and among what was decided"
    timer = person_named(owner, "Old Timer")
    for film in (7, 8, 9):
        put(sqlite_store, 2, film, 1990, made.actor(0, "Old Timer"))
    identify(sqlite_store)
    page = f"{timer}/identity"
    fields = re.findall(r'name="(work-\d+-Acting)"', owner.get(page).text)[:4]
    owner.post(f"{page}/split", page, **dict.fromkeys(fields, "on"))
    words = "4 credits of Old Timer (Cabin), on “Film 6”, “Film 7”, “Film 8” and “Film 9”, are by"
    assert words in owner.get("/decisions").text


@pytest.mark.parametrize("same", ["yes", "no"])
def test_what_was_just_decided_is_told_and_can_be_undone(owner: Visitor, same: str) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    numbers = {"one": one.split("/")[2], "other": other.split("/")[2]}
    after = owner.post("/review", same=same, **numbers).headers["location"]
    page = owner.get(after).text
    said = "are one person." if same == "yes" else "is not the same person as"
    assert "You decided" in page
    assert said in page
    back = re.search(r'name="number" value="1"><input [^>]*name="back" value="([^"]+)"', page)
    assert back
    undone = owner.post("/decisions", after, number="1", back=unescape(back[1]))
    assert undone.headers["location"] == after
    page = owner.get(after).text
    assert "You took back" in page
    assert ">Undo<" not in page
    assert "1 pair that may be one person" in text_of(page)
    assert owner.get("/review?decided=99").status_code == 200


@pytest.mark.parametrize("on_their_page", [True, False])
def test_who_is_one_person_is_suspected_no_longer(
    owner: Visitor, sqlite_store: Store, on_their_page: bool
) -> None:
    timer = person_named(owner, "Old Timer")
    if on_their_page:
        assert "Cabin: works from 1920 to 2020" in text_of(owner.get(f"{timer}/identity").text)
        owner.post(f"{timer}/identity/whole", f"{timer}/identity")
        assert "Several people?" not in owner.get(f"{timer}/identity").text
    else:
        number = timer.split("/")[2].partition("-")[0]
        after = owner.post("/suspects", person=number).headers["location"]
        assert after == "/suspects?decided=1"
        assert "Old Timer (Cabin) is one person." in owner.get(after).text
    decide_anew(sqlite_store)
    assert "Nobody looks like several people" in owner.get("/suspects").text
    owner.post("/decisions", number="1")
    assert "Cabin: works from 1920 to 2020" in text_of(owner.get("/suspects").text)


def test_a_pair_decided_on_a_persons_page_leads_back_there(owner: Visitor) -> None:
    one, other = (person_named(owner, "John Smith", n) for n in (0, 1))
    page = owner.get(f"{one}/identity").text
    back = re.search(r'name="page" value="1"><input [^>]*name="back" value="([^"]+)"', page)
    assert back
    numbers = {"one": one.split("/")[2], "other": other.split("/")[2]}
    answer = owner.post("/review", f"{one}/identity", same="no", back=back[1], **numbers)
    assert answer.headers["location"] == f"{one}/identity"
    assert "is not the same person as" in owner.get(f"{one}/identity").text

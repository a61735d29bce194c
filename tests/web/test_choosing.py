"""What of a person is somebody else's, chosen within a show: on its page and by its fields."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from fullcredits import pages
from fullcredits.model import Credit, Department, MediaItem, SourceKind, TitleKind
from fullcredits.pages import choices, spoilers
from fullcredits.store import Store
from fullcredits.store.schema import media_items, media_people
from fullcredits.store.write import put_records
from fullcredits.sync.identify import identify
from tests.store import made
from tests.web.test_identity import person_named, text_of
from tests.web.visitor import House, Visitor, shown_error

SHOW = MediaItem("show", TitleKind.SHOW, "Serial", year=2010)
NAME = "Dave Hillock"


def season(number: int) -> MediaItem:
    key = f"season {number}"
    return MediaItem(key, TitleKind.SEASON, key, None, "show", "show", number)


def episode(number: int, of: int) -> MediaItem:
    title = f"Tale {of}.{number}"
    return MediaItem(title, TitleKind.EPISODE, title, None, f"season {of}", "show", of, number)


def as_(character: str, job: str = "Actor") -> Credit:
    credit = made.actor(0, NAME, character)
    if job == "Director":
        return credit._replace(department=Department.DIRECTING, kind=job, job=job)
    return credit


@pytest.fixture
def den(sqlite_store: Store) -> Store:
    """One name, fused by a Jellyfin: a cop and a thief of two seasons, and who directed one."""
    den = made.source(sqlite_store, "Den", SourceKind.JELLYFIN)
    said = {
        made.film("1", "Film 1"): [as_("Cop")],
        SHOW: [],
        season(1): [as_("Cop")],
        episode(1, 1): [as_("Cop"), as_("", "Director")],
        episode(2, 1): [as_("Thief")],
        season(2): [],
        episode(1, 2): [as_("Cop (voice)")],
        episode(2, 2): [as_("Thief")],
        episode(3, 2): [as_("")],
    }
    items = [replace(item, marker=item.key) for item in said]
    made.listed(sqlite_store, den, made.library(sqlite_store, den), *items)
    with sqlite_store.writing() as db:
        records = [made.record(item, *own) for item, own in zip(items, said.values(), strict=True)]
        put_records(db, den, records)
    identify(sqlite_store)
    return sqlite_store


@pytest.fixture
def owner(den: Store) -> Visitor:
    return House(den).visitor("127.0.0.1")


def taken(store: Store, person: str) -> set[str]:
    """What is not this person's any more, in words."""
    columns = (media_items.c.title, media_people.c.character, media_people.c.department)
    query = select(*columns).join(media_items, media_items.c.id == media_people.c.media_item_id)
    number = int(person.split("/")[2].split("-")[0])
    with store.reading() as db:
        rows = db.execute(query.where(media_people.c.person_id != number)).all()
    return {" ".join(filter(None, (title, part, what[:3]))) for title, part, what in rows}


def fields(page: str) -> dict[str, str]:
    """The fields of the form by what stands at them."""
    found = re.findall(
        r'<label><input type="checkbox" name="([^"]+)" value="on">(.*?)</label>', page
    )
    return {" ".join(re.sub("<[^>]*>", " ", words).split()): name for name, words in found}


@pytest.mark.parametrize(
    ("chosen", "gone"),
    [
        (["Thief Den"], {"Tale 1.2 Thief Act", "Tale 2.2 Thief Act"}),
        (["Cop Den"], {"Tale 1.1 Cop Act", "Tale 2.1 Cop (voice) Act", "season 1 Cop Act"}),
        (["without a character 1 episode Den"], {"Tale 2.3 Act"}),
        (["S01E02 Tale 1.2"], {"Tale 1.2 Thief Act"}),
        (["The season as a whole"], {"season 1 Cop Act"}),
        (["Season 1"], {"Tale 1.1 Cop Act", "season 1 Cop Act"}),
        (["S01E02 Tale 1.2", "Film 1 1999 Cop Den"], {"Tale 1.2 Thief Act", "Film 1 Cop Act"}),
    ],
)
def test_parts_seasons_and_episodes_of_a_show_are_chosen(
    owner: Visitor, den: Store, chosen: list[str], gone: set[str]
) -> None:
    one = person_named(owner, NAME)
    page = owner.get(f"{one}/identity").text
    there = fields(page)
    answer = owner.post(
        f"{one}/identity/split", f"{one}/identity", **{there[it]: "on" for it in chosen}
    )
    assert answer.status_code == 303
    assert taken(den, one) == gone


def test_the_whole_show_is_one_choice_and_departments_stay_apart(
    owner: Visitor, den: Store
) -> None:
    one = person_named(owner, NAME)
    there = fields(owner.get(f"{one}/identity").text)
    whole = next(
        name for words, name in there.items() if words.startswith("Serial") and "Acting" in name
    )
    owner.post(f"{one}/identity/split", f"{one}/identity", **{whole: "on"})
    # The show is the larger part, with which the address goes.
    assert taken(den, one) == {"Film 1 Cop Act", "Tale 1.1 Dir"}
    assert not any(name.endswith("Directing/director") for name in there.values()), "one episode"


def test_a_decision_on_episodes_outlives_a_full_resync(owner: Visitor, den: Store) -> None:
    one = person_named(owner, NAME)
    there = fields(owner.get(f"{one}/identity").text)
    owner.post(f"{one}/identity/split", f"{one}/identity", **{there["S01E02 Tale 1.2"]: "on"})
    with den.writing() as db:
        source = db.scalar(select(media_items.c.source_id))
        put_records(db, source or 0, [made.record(episode(2, 1), as_("Somebody"))])
    identify(den)
    assert taken(den, one) == set()
    with den.writing() as db:
        put_records(db, source or 0, [made.record(episode(2, 1), as_("Thief"))])
    identify(den)
    assert taken(den, one) == {"Tale 1.2 Thief Act"}


def test_what_is_not_theirs_is_refused_by_its_name_and_stays_unfolded(
    owner: Visitor, den: Store
) -> None:
    one = person_named(owner, NAME)
    page = f"{one}/identity"
    there = fields(owner.get(page).text)
    chosen = {there["S01E02 Tale 1.2"]: "on"}
    owner.post(f"{page}/split", page, **chosen)
    refused = owner.post(f"{page}/split", page, split="yes", **chosen, **{there["Cop Den"]: "on"})
    assert refused.status_code == 422
    problem = shown_error(refused)
    assert (
        "On “Serial: Tale 1.2” as “thief” in Acting there is no credit of Dave Hillock" in problem
    )
    opened = re.search(
        r'<details class="more-fields panel" open><summary>Some of this.*?</form>',
        refused.text,
        re.S,
    )
    assert opened
    assert opened[0].count('<details class="within" open>') == 1, "the show is, its part is not"
    assert f'name="{there["Cop Den"]}" value="on" checked' in opened[0]


def test_while_spoilers_are_hidden_only_whole_works_are_listed(den: Store) -> None:
    spoilers.hide(hidden=True)
    try:
        with den.reading() as db:
            page = pages.identity(db, 1)
    finally:
        spoilers.hide(hidden=False)
    assert page.hidden
    assert page.departments
    assert not any(work.parts for there in page.departments for work in there.choices)


def test_a_long_work_has_a_page_of_its_own(monkeypatch: pytest.MonkeyPatch, owner: Visitor) -> None:
    monkeypatch.setattr(choices, "LINES", 5)
    one = person_named(owner, NAME)
    first = owner.get(f"{one}/identity").text
    assert "1 of" in text_of(first)
    shown = [owner.get(f"{one}/identity?page={n}").text for n in (1, 2)]
    seen = [name for page in shown for name in fields(page).values()]
    assert len(seen) == len(set(seen))
    monkeypatch.undo()
    assert sorted(fields(owner.get(f"{one}/identity").text).values()) == sorted(seen)

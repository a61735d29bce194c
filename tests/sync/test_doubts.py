"""What looks absurd is not believed before a second look says the same; what is known is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import Request

from fullcredits.simulate.faults import bodies
from fullcredits.store import holds
from fullcredits.store.schema import (
    images,
    media_item_ids,
    media_items,
    media_people,
    source_people,
)
from fullcredits.sync.doubts import CROWD, ENOUGH, PAUSES
from fullcredits.sync.settling import LATELY, SOON
from fullcredits.sync.watch import Summary
from tests.sync.household import asked
from tests.sync.scene import FILMS, Scene, check_sentence
from tests.sync.twisting import key_of, rows_of

HOUR = PAUSES[0]
FILM = "film-001"
RECORDS = ("includeGuids=1&skipRefresh", "fields=People%2C", "fields=People,")
"""Of a request for full records."""


def names(number: int) -> list[str]:
    return [f"Player {n}" for n in range(number)]


CAST = names(20)
ODD = [*names(19), "Ma\u202erio"]


def say(scene: Scene, cast: list[str], *, film: str | None = FILM) -> None:
    """From now on the server gives a film, or all, this cast, and shows no other marker."""
    key = film and scene.key(film)

    def twist(_: Request, content: Any) -> None:
        for row in rows_of(content):
            film_row = (row.get("Type") or row.get("type")) in ("Movie", "movie")
            if film_row and key in (None, key_of(row)):
                _cast(row, cast)

    scene.server.twist = twist


def _cast(row: dict[str, Any], cast: list[str]) -> None:
    if "ratingKey" in row:
        if "Role" in row:
            row["Role"] = [{"tag": name, "role": "Somebody"} for name in cast]
        for kind in ("Director", "Writer", "Producer"):
            row.pop(kind, None)
    elif "People" in row:
        row["People"] = [
            {
                "Name": name,
                "Id": hashlib.md5(name.encode()).hexdigest(),
                "Role": "Somebody",
                "Type": "Actor",
            }
            for name in cast
        ]


def read(scene: Scene, *, full: bool = False) -> tuple[Summary, int]:
    """Sync; how many times a title's record was asked for."""
    with asked(scene.server.app) as paths:
        summary = scene.house.sync("Shelf", full=full)
    found = [path for path in paths if any(words in path for words in RECORDS)]
    return summary, sum(map(_keys, found))


def _keys(path: str) -> int:
    path = path.replace("%2C", ",")
    start = "/library/metadata/" if "/library/metadata/" in path else "ids="
    return len(path.partition(start)[2].partition("?")[0].partition("&")[0].split(","))


@pytest.fixture
def known(scene: Scene) -> Iterator[Scene]:
    """The film has a cast of twenty, and that was believed."""
    say(scene, CAST)
    assert scene.sync().unsettled == 0
    scene.later(LATELY)
    yield scene
    assert scene.stored() == scene.served()


def changed(scene: Scene, cast: list[str]) -> Summary:
    """The film has another cast and marker, and is read."""
    scene.library.touch(FILM)
    scene.later(LATELY + SOON)
    say(scene, cast)
    summary, records = read(scene)
    assert records == 1
    return summary


def kept(scene: Scene) -> bool:
    """Whether the film still has the cast that was believed."""
    key = scene.key(FILM)
    names = {credit.name for credit in scene.stored() if credit.key == key}
    return names == set(CAST)


def test_what_is_really_odd_is_read_once_more_and_no_more(known: Scene) -> None:
    summary = changed(known, ODD)
    assert (summary.state, summary.holds, summary.unsettled) == ("partial", 1, 0)
    assert kept(known)
    (said,) = summary.messages
    assert "came back with characters in names that nobody sees or types: what was known" in said
    check_sentence(said)
    known.later(HOUR)
    summary, records = read(known)
    assert (summary.state, records) == ("done", 1)
    assert known.stored() == known.served()
    for pause in (SOON, LATELY, HOUR, HOUR):
        known.later(pause)
        assert read(known)[1] == 0
    assert read(known, full=True)[0].state == "done"
    assert changed(known, ODD).state == "done", "odd as before, under another marker"
    assert changed(known, [*ODD, "Another"]).state == "done"
    known.later(LATELY)
    assert read(known)[1] == 0


def test_a_library_of_odd_names_is_shown_and_read_twice(scene: Scene) -> None:
    """All forty films, and no more than that whatever time passes."""
    say(scene, ODD, film=None)
    summary, first = read(scene)
    assert (summary.unsettled, len(summary.unsettled_titles)) == (FILMS, 3)
    assert (summary.state, summary.messages) == ("done", [])
    (said,) = summary.notes
    assert f"and {FILMS - 3} more were read from Shelf with characters in names" in said
    assert said.endswith("they are shown, and read again in a minute; if it stays, refresh it on "
                         "the server")  # fmt: skip
    assert scene.stored() == scene.served()
    again = 0
    for pause in (SOON, SOON, LATELY, HOUR, HOUR):
        scene.later(pause)
        summary, records = read(scene)
        again += records
        assert (summary.messages, bool(summary.notes)) == ([], bool(summary.unsettled and records))
    assert (again, summary.unsettled) == (FILMS, 0)
    assert first > FILMS, "there is a show, too"
    assert scene.stored() == scene.served()


def test_a_new_crowd_is_gone_at_the_next_look(scene: Scene) -> None:
    """Nobody keeps a crowd that was never believed, and a sync at once is such a look."""
    say(scene, names(CROWD + 1))
    assert read(scene)[0].unsettled == 1
    assert scene.stored() == scene.served()
    say(scene, CAST)
    summary, records = read(scene)
    assert (summary.state, summary.unsettled, summary.holds, records) == ("done", 0, 0, 1)
    assert scene.stored() == scene.served()


@pytest.mark.parametrize("absurd", [ODD, names(CROWD + 1)], ids=["odd", "crowd"])
def test_a_mistake_touches_nothing_and_is_gone_at_the_next_look(
    known: Scene, absurd: list[str]
) -> None:
    """Under the same marker, whatever the pause before a look that may confirm it; and nobody who
    was named by mistake alone was ever heard of.
    """
    before = {row.name for row in known.house.rows(select(source_people.c.name))}
    assert changed(known, absurd).holds == 1
    assert {row.name for row in known.house.rows(select(source_people.c.name))} == before
    for _ in range(3):
        assert read(known)[1] == 1, "looked at by every sync, and never believed so soon"
        assert kept(known)
    say(known, CAST)
    summary, records = read(known)
    assert (summary.state, summary.unsettled, summary.holds, records) == ("done", 0, 0, 1)
    known.later(HOUR)
    assert read(known)[1] == 0


def test_a_crowd_that_comes_twice_is_believed_and_kept(known: Scene) -> None:
    summary = changed(known, names(CROWD + 1))
    assert f"came back with {CROWD + 1:,} credits, and had 20: what was" in summary.messages[0]
    assert known.holds()[0].words.endswith(f"came back with {CROWD + 1:,} credits, and had 20")
    assert kept(known)
    known.later(HOUR)
    assert read(known)[0].holds == 0
    assert known.stored() == known.served()
    assert changed(known, names(CROWD + 50)).holds == 0, "as many as before, nearly"
    known.library.touch(FILM)
    known.later(LATELY + SOON)
    say(known, CAST)
    assert read(known)[0].holds == 1
    known.later(HOUR)
    assert read(known)[0].holds == 0


def test_a_cast_of_a_thousand_is_none(known: Scene) -> None:
    assert changed(known, names(CROWD)).holds == 0


def test_the_owner_believes_what_looks_absurd(known: Scene) -> None:
    changed(known, ODD)
    (hold,) = known.holds()
    assert hold.words.endswith("came back with characters in names that nobody sees or types")
    with known.house.store.writing() as db:
        holds.accept(db, hold.id)
    assert read(known)[0].state == "done"
    assert known.stored() == known.served()


def test_what_is_absurd_anew_at_each_look_is_not_read_for_ever(scene: Scene) -> None:
    """Of a new film it is believed at last; of a known one the owner decides."""
    numbers = count()
    say(scene, [*CAST, f"Oddity {next(numbers)}\0"])
    summary, _ = read(scene)
    looks = 0
    while summary.unsettled:
        scene.later(LATELY)
        say(scene, [*CAST, f"Oddity {next(numbers)}\0"])
        summary, records = read(scene)
        looks += records
        assert looks <= 1 + ENOUGH / LATELY
    scene.later(HOUR)
    assert read(scene)[1] == 0


def test_a_thin_cast_with_an_odd_name_is_held_and_then_believed(known: Scene) -> None:
    assert changed(known, ODD[-5:]).holds == 1
    known.later(HOUR)
    summary, _ = read(known)
    assert (summary.holds, summary.unsettled) == (0, 0)


def test_an_ordinary_cast_replaces_what_was_never_believed_however_thin_it_is(
    scene: Scene,
) -> None:
    say(scene, ODD)
    read(scene)
    say(scene, CAST[:2])
    assert read(scene)[0].state == "done"
    assert scene.stored() == scene.served()


def pictured(scene: Scene) -> dict[str, str | None]:
    """Where pictures are said to be, of titles and of people, by their keys."""
    found: dict[str, str | None] = {}
    for table, column in ((media_items, "poster_id"), (media_items, "backdrop_id"),
                          (source_people, "portrait_id")):  # fmt: skip
        query = select(table.c.key, images.c.ref).join(
            images, images.c.id == table.c[column], isouter=True
        )
        found |= {f"{column} {key}": ref for key, ref in scene.house.rows(query)}
    return found


def told(scene: Scene) -> dict[str, tuple[str, str | None]]:
    """What is known of titles and credited people, by their keys: names and pictures."""
    credited = select(media_people.c.source_person_id)
    found: dict[str, tuple[str, str | None]] = {}
    for query in (
        select(media_items.c.key, media_items.c.title, media_items.c.poster_id),
        select(source_people.c.key, source_people.c.name, source_people.c.portrait_id).where(
            source_people.c.id.in_(credited)
        ),
    ):
        refs = dict(scene.house.rows(select(images.c.id, images.c.ref)))
        found |= {key: (name, refs.get(ref)) for key, name, ref in scene.house.rows(query)}
    return found


def misnamed(body: bytes, _turn: int) -> bytes:
    """Everybody in it has an odd name."""
    return body.replace(b"Player", b"Pl\\u202eayer")


@pytest.mark.parametrize("fault", [bodies.odd_addresses, misnamed])
def test_what_was_believed_to_be_odd_is_not_believed_when_something_else_is_odd(
    known: Scene, fault: Callable[[bytes, int], bytes]
) -> None:
    changed(known, ODD)
    known.later(HOUR)
    assert read(known)[0].holds == 0
    before, stored = told(known), known.stored()
    say(known, ODD)
    same = known.server.twist
    assert same is not None
    key = known.key(FILM)

    def twist(request: Request, content: Any) -> None:
        same(request, content)
        for row in rows_of(content):
            if key_of(row) == key:
                row |= json.loads(fault(json.dumps({"Items": [row]}).encode(), 0))["Items"][0]

    known.server.twist = twist
    known.library.touch(FILM)
    known.later(LATELY + SOON)
    summary, records = read(known)
    assert (summary.state, summary.holds, records) == ("partial", 1, 1)
    wrong = "pictures at addresses" if fault is bodies.odd_addresses else "characters in names"
    assert f"came back with {wrong}" in summary.messages[0]
    assert (told(known), known.stored()) == (before, stored)
    known.server.twist = same
    assert read(known)[0].state == "done"
    after = told(known)
    assert known.stored() == stored == known.served()
    assert before[key][1], "it has a poster"
    moved = {name for name, now in after.items() if now != before[name]}
    assert moved <= {key}, "on a Plex a poster's address moves with the marker"
    assert after.keys() == before.keys()
    assert after[key][0] == before[key][0]
    assert after[key][1]


def test_the_owner_believes_what_was_seen_and_nothing_else(known: Scene) -> None:
    changed(known, ODD)
    (hold,) = known.holds()
    with known.house.store.writing() as db:
        holds.accept(db, hold.id)
    say(known, [*CAST, "Bow\u202eser"])
    assert read(known)[0].holds == 1
    assert kept(known)
    known.later(HOUR)
    assert read(known)[0].holds == 0


def bend(scene: Scene, fault: Callable[[bytes, int], bytes], work: str = FILM) -> None:
    """From now on a fault is committed on all that is said of one title."""
    key = scene.key(work)

    def twist(_: Request, content: Any) -> None:
        for row in rows_of(content):
            if key_of(row) == key:
                (bent,) = json.loads(fault(json.dumps({"Items": [row]}).encode(), 0))["Items"]
                row.clear()
                row |= bent

    scene.server.twist = twist


def astray(scene: Scene) -> None:
    """From now on the pictures of the film, and of who is in it, are where nobody has pictures."""
    bend(scene, bodies.odd_addresses)


def facts(scene: Scene, work: str) -> Any:
    """What is known of a title: name, number, year, day, running time and ids."""
    names = ("id", "title", "season_number", "year", "released", "runtime")
    columns = [media_items.c[name] for name in names]
    (row,) = scene.house.rows(select(*columns).where(media_items.c.key == scene.key(work)))
    ids = media_item_ids.c
    held = scene.house.rows(select(ids.scheme, ids.value).where(ids.media_item_id == row.id))
    return (*row, sorted(held))


@pytest.mark.parametrize("work", [FILM, "show-00-s1"])
@pytest.mark.parametrize("fault", [bodies.no_names, bodies.bad_values])
def test_a_title_without_name_or_with_facts_that_cannot_be_read(
    scene: Scene, work: str, fault: Callable[[bytes, int], bytes]
) -> None:
    """What is known is kept, also of a season, which has no credits, and a look later all is as it
    was; what stays so is believed after an hour.
    """
    scene.sync()
    before = facts(scene, work)
    for lasts in (False, True):
        bend(scene, fault, work)
        scene.library.touch(work)
        scene.later(LATELY + SOON)
        summary, records = read(scene)
        assert (summary.holds or summary.unsettled, records) == (1, 1)
        assert facts(scene, work) == before
        if lasts:
            scene.later(ENOUGH)
        else:
            scene.server.twist = None
        summary, records = read(scene)
        assert (summary.state, summary.unsettled, records) == ("done", 0, 1)
        assert lasts or facts(scene, work) == before
    nameless = fault is bodies.no_names
    untitled = "Untitled" if work == FILM else before[1]
    assert facts(scene, work)[1] == (untitled if nameless else before[1])
    assert nameless or facts(scene, work) != before
    scene.later(HOUR)
    assert read(scene)[1] == 0


def test_pictures_that_go_astray_replace_none(scene: Scene) -> None:
    scene.sync()
    before = pictured(scene)
    assert len([ref for ref in before.values() if ref]) > 50
    astray(scene)
    scene.library.touch(FILM)
    scene.later(LATELY + SOON)
    summary, records = read(scene)
    assert (summary.state, summary.holds, records) == ("partial", 1, 1)
    (said,) = summary.messages
    assert "came back with pictures at addresses that no server gives: what was known" in said
    check_sentence(said)
    assert pictured(scene) == before
    scene.server.twist = None
    assert read(scene)[0].state == "done"
    after = pictured(scene)
    moved = {name for name, ref in after.items() if ref != before[name]}
    assert all(name.endswith(f" {scene.key(FILM)}") for name in moved), "on a Plex by its marker"
    assert after.keys() == before.keys()


def test_pictures_of_a_title_without_credits_go_astray_for_minutes(scene: Scene) -> None:
    """As those of a season: there is nobody, but a poster to lose."""
    scene.library.put(replace(scene.library.item(FILM).work, credits=()))
    scene.later(LATELY)
    scene.sync()
    before = pictured(scene)
    poster = f"poster_id {scene.key(FILM)}"
    assert before[poster]
    astray(scene)
    scene.library.touch(FILM)
    scene.later(LATELY + SOON)
    for _ in range(4):
        assert read(scene)[0].unsettled == 1
        assert pictured(scene)[poster] == before[poster]
        scene.later(LATELY)
    scene.server.twist = None
    assert read(scene)[0].unsettled == 0
    whole = pictured(scene)
    assert whole[poster]
    scene.house.sync("Shelf", full=True)
    assert pictured(scene) == whole


def test_a_title_without_credits_is_misnamed_for_minutes(scene: Scene) -> None:
    """It has a name to lose, and whoever it credits all at once may have one, too."""
    scene.library.put(replace(scene.library.item(FILM).work, credits=()))
    scene.later(LATELY)
    scene.sync()
    key, before = scene.key(FILM), told(scene)

    def twist(_: Request, content: Any) -> None:
        for row in rows_of(content):
            if key_of(row) == key:
                row["title" if "ratingKey" in row else "Name"] = "Mistaken\u202e for another"
                _cast(row, ODD)

    scene.server.twist = twist
    scene.library.touch(FILM)
    scene.later(LATELY + SOON)
    for _ in range(4):
        assert read(scene)[0].unsettled == 1
        assert told(scene)[key][0] == before[key][0]
        scene.later(LATELY)
    scene.server.twist = None
    assert read(scene)[0].unsettled == 0
    assert {row: name for row, (name, _) in told(scene).items()} == {
        row: name for row, (name, _) in before.items()
    }
    assert scene.stored() == scene.served()
    scene.server.twist = twist
    scene.library.touch(FILM)
    scene.later(LATELY + SOON)
    read(scene)
    scene.later(ENOUGH)
    assert read(scene)[0].unsettled == 0
    assert told(scene)[key][0] != before[key][0], "what stays for an hour may be true"


def test_pictures_of_a_new_title_that_go_astray_are_not_taken(scene: Scene) -> None:
    astray(scene)
    summary, _ = read(scene)
    assert summary.unsettled == 1
    assert "addresses that no server gives: these are not taken, and it is read" in summary.notes[0]
    check_sentence(summary.notes[0])
    assert scene.stored() == scene.served()
    assert not set(pictured(scene).values()) & set(bodies.ADDRESSES)
    scene.server.twist = None
    assert read(scene)[0].unsettled == 0
    whole = pictured(scene)
    scene.house.sync("Shelf", full=True)
    assert pictured(scene) == whole

"""The invented catalogue, and reading catalogues from files."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fullcredits.simulate import Catalogue, open_catalogue
from fullcredits.simulate.catalogue import Work
from tests.shared_data import shared_path


def tops(works: list[Work]) -> Counter[str]:
    return Counter(work.kind for work in works)


def test_there_is_as_much_as_promised(invented: Catalogue) -> None:
    kinds = tops(list(invented.works.values()))
    assert (kinds["movie"], kinds["show"]) == (120, 12)
    assert 270 <= kinds["episode"] <= 360
    assert 1350 <= len(invented.humans()) <= 1650
    years = [w.year for w in invented.works.values() if w.kind == "movie" and w.year]
    assert (min(years), max(years)) == (1925, 2026)


def test_the_shares_overlap_by_half(invented: Catalogue) -> None:
    attic, cabin = invented.shares["attic"], invented.shares["cabin"]
    for share in ("attic", "cabin"):
        kinds = tops(invented.held(share))
        assert (kinds["movie"], kinds["show"]) == (85, 9)
    both = Counter(key[:4] for key in attic & cabin)
    assert both == {"film": 50, "show": 6}
    assert attic | cabin == {w.id for w in invented.works.values() if w.parent is None}


def test_parents_come_before_their_children(invented: Catalogue) -> None:
    seen: set[str] = set()
    for work in invented.works.values():
        assert work.parent is None or work.parent in seen
        seen.add(work.id)


def test_namesakes_are_different_humans(invented: Catalogue) -> None:
    humans = defaultdict(set)
    for human in invented.humans().values():
        humans[human.name].add(human.id)
    pairs = {name: ids for name, ids in humans.items() if len(ids) > 1}
    assert len(pairs) >= 6
    assert all(len(ids) == 2 for ids in pairs.values())
    where: dict[str, set[str]] = defaultdict(set)
    for work in invented.works.values():
        for credit in work.credits:
            where[credit.human.id].add(work.id)
    together = [name for name, (one, two) in pairs.items() if where[one] & where[two]]
    assert together == ["Nell Calloway"]
    both = invented.shares["attic"] & invented.shares["cabin"]
    split = [
        name
        for name, (one, two) in pairs.items()
        if (where[one] & both) != (where[two] & both) and (where[one] | where[two]) & both
    ]
    assert len(split) >= 5


def test_some_are_spelled_differently(invented: Catalogue) -> None:
    spelled = {
        (c.human.name, c.name)
        for w in invented.works.values()
        for c in w.credits
        if c.name != c.human.name
    }
    assert len(spelled) == 10


def test_the_awkward_cases_are_there(invented: Catalogue) -> None:
    characters = [c.character for w in invented.works.values() for c in w.credits if c.is_cast]
    for mark in ("(voice)", "(uncredited)", " / ", "(archive footage)"):
        assert any(mark in character for character in characters)
    assert "" in characters
    assert any(len(w.credits) > 220 for w in invented.works.values() if w.kind == "movie")
    jobs = defaultdict(set)
    twice = 0
    for work in invented.works.values():
        played = Counter(c.human.id for c in work.credits if c.is_cast)
        twice += sum(1 for times in played.values() if times > 1)
        for credit in work.credits:
            jobs[work.id, credit.human.id].add(credit.job)
    assert twice > 5
    assert sum(1 for done in jobs.values() if len(done) > 1) > 50
    names = "".join(human.name for human in invented.humans().values())
    for script in "鷹אعБΑ-éŁ.“":
        assert script in names


def test_a_seed_means_one_world() -> None:
    assert open_catalogue(seed=1) == open_catalogue(seed=1)
    assert open_catalogue(seed=2).works != open_catalogue(seed=1).works


def test_the_default_world_is_the_same_on_every_machine(invented: Catalogue) -> None:
    text = "\n".join(
        f"{w.id} {w.title} {[(c.human.id, c.name, c.character, c.job) for c in w.credits]}"
        for w in invented.works.values()
    )
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == DEFAULT_WORLD


DEFAULT_WORLD = "a1a02f5097d2858a"


def a_film(**changes: Any) -> dict[str, Any]:
    film: dict[str, Any] = {
        "tmdb_id": 5, "imdb_id": None, "title": "T", "original_title": None, "year": None,
        "release_date": None, "overview": "", "genres": [], "runtime": None, "source": "s",
        "complete": True, "cast": [], "crew": [],
    }  # fmt: skip
    return film | changes


def written(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    return path


def test_files_are_served_as_they_stand(tmp_path: Path) -> None:
    cast = [
        {"person_id": None, "name": "\u200bAda\tB ", "character": None, "order": 0, "gender": 0},
        {"person_id": None, "name": None, "character": "x", "order": 1, "gender": 0},
        {"person_id": 7, "name": "Q", "character": "", "order": 2, "gender": 0},
    ]
    crew = [{"person_id": 7, "name": "Qu", "department": "Directing", "job": "Director"}]
    file = written(tmp_path / "films.jsonl.gz", a_film(cast=cast, crew=crew))
    (film,) = open_catalogue([file]).works.values()
    assert [c.name for c in film.credits] == ["\u200bAda\tB ", "Q", "Qu"]
    assert film.credits[1].human is film.credits[2].human
    assert film.credits[0].human.ids == ()
    assert film.ids == (("tmdb", "5"),)


def test_files_may_be_plain_and_must_be_catalogues(tmp_path: Path) -> None:
    plain = tmp_path / "films.jsonl"
    plain.write_text(json.dumps(a_film()) + "\n")
    assert list(open_catalogue([plain]).works) == ["movie-5"]
    for text in ("{}", "[]", "nonsense", '{"title": "T", "seasons": 3}'):
        plain.write_text(text)
        with pytest.raises(msgspec.DecodeError):
            open_catalogue([plain])


@pytest.mark.parametrize("name", ["movies.jsonl.gz", "tv.jsonl.gz"])
def test_every_credit_of_the_real_files_is_read(name: str) -> None:
    file = shared_path("data", name)
    catalogue = open_catalogue([file])
    credits = nameless = 0
    with gzip.open(file, "rt") as lines:
        for line in map(json.loads, lines):
            episodes = [e for s in line.get("seasons", ()) for e in s["episodes"]]
            people = line["cast"] + line["crew"]
            people += [p for e in episodes for p in e["guest_stars"] + e["crew"]]
            credits += len(people)
            nameless += sum(1 for person in people if person["name"] is None)
    assert sum(len(w.credits) for w in catalogue.works.values()) == credits - nameless


def test_nobody_works_after_their_death_or_runs_a_film_as_a_child(invented: Catalogue) -> None:
    for work in invented.works.values():
        if work.kind == "show":  # its list names the guests of years to come
            continue
        year = int((work.date or str(work.year or 9999))[:4])
        for stated in work.credits:
            human = stated.human
            assert not human.died or int(human.died[:4]) >= year, (human, work.id)
            grown = 20 if stated.department != "Acting" else 5
            assert not human.born or year - int(human.born[:4]) >= grown, (human, work.id, stated)

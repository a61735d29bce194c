"""Worlds of two spaces of ids: a Plex, and a catalogue that numbers people in its own way.

Nothing says which number there is which TMDB id. Where both have a title (by its IMDb id) and it
credits one human of a name, that is who the number is; whoever is several humans so is left out.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.worlds import Truth, World
from fullcredits.model import Department
from fullcredits.simulate import Catalogue
from fullcredits.text import fold

Row = Mapping[str, Any]
Told = Mapping[str, Mapping[str, set[str]]]
"""By IMDb id of a film or show and by folded name: the humans credited there."""


def justwatch_worlds(file: Path, catalogue: Catalogue, truth: Truth) -> Iterator[World]:
    """One world with all its titles, one without those that both have; none without the file."""
    if not file.exists():
        return
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    told = _told(catalogue, truth)
    human_of = _humans(rows, told)
    for name, overlap in (("all titles", None), ("no title in common", 0)):
        world = World(f"Plex + JustWatch ids, {name}", overlap)
        world.add_plex(list(catalogue.works.values()), truth)
        works = {
            value: work.id
            for work in catalogue.works.values()
            for scheme, value in work.ids
            if scheme == "imdb"
        }
        world.begin_source()
        for row in rows:
            if overlap is None or row["imdb_id"] not in told:
                _add(world, row, works, human_of)
        yield world


def _told(catalogue: Catalogue, truth: Truth) -> Told:
    roots: dict[str, str] = {}
    imdb: dict[str, str] = {}
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for work in catalogue.works.values():
        roots[work.id] = roots[work.parent] if work.parent else work.id
        if work.parent is None:
            imdb.update((work.id, value) for scheme, value in work.ids if scheme == "imdb")
        if (at := imdb.get(roots[work.id])) is not None:
            for credit in work.credits:
                if (human := truth(credit.human)) is not None:
                    told[at][fold(credit.name)].add(human)
    return told


def _humans(rows: list[Row], told: Told) -> dict[int, str]:
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        there = told.get(row["imdb_id"] or "", {})
        for credit in (*row["cast"], *row["crew"]):
            found[credit["person_id"]] |= there.get(fold(credit["name"]), set())
    return {person: next(iter(humans)) for person, humans in found.items() if len(humans) == 1}


def _add(world: World, row: Row, works: Mapping[str, str], human_of: Mapping[int, str]) -> None:
    title = works.get(row["imdb_id"] or "", row["jw_id"])
    for department, credits in (
        (Department.ACTING, row["cast"]),
        (Department.DIRECTING, row["crew"]),
    ):
        for credit in credits:
            number = credit["person_id"]
            world.add_keyed(
                ("justwatch", str(number)),
                credit["name"],
                title,
                department,
                credit.get("character") or "",
                row["year"],
                human_of.get(number),
            )

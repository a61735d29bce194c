"""Read a catalogue from files: one movie or series a line, JSON, gzipped or not.

A line with ``seasons`` is a series, any other a movie. Strings are served exactly as they stand
in the file (outer blanks, tabs and zero-width characters are test cases). A credit with neither
id nor name cannot be served by anybody and is left out; a person without id is known by name, so
for the truth of those files a name without an id is one human.
"""

from __future__ import annotations

import gc
import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from fullcredits.simulate.catalogue import Catalogue, Human, Stated, Work, catalogue_of

_Line = Mapping[str, Any]
_GZIP = b"\x1f\x8b"


def load_catalogue(files: Iterable[Path]) -> Catalogue:
    """The catalogue of all the files together, in their order; a later line of one id wins.

    Raises:
        OSError, msgspec.DecodeError: a file cannot be read or is not a catalogue.

    """
    reader = _Reader()
    collecting = gc.isenabled()
    gc.disable()  # Hundreds of thousands of live objects: each full collection would walk them all.
    try:
        works = [work for file in files for line in _lines(file) for work in reader.works(line)]
    finally:
        if collecting:
            gc.enable()
    return catalogue_of(works, {})


def _lines(file: Path) -> Iterator[_Line]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    with file.open("rb") as raw:
        lines = gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == _GZIP else raw
        for line in lines:
            yield decoder.decode(line)


class _Reader:
    """Turns lines into works, handing out one Human per person and one str per repeated text."""

    def __init__(self) -> None:
        self._humans: dict[int | str, Human] = {}

    def works(self, line: _Line) -> Iterator[Work]:
        try:
            yield from self._works(line)
        except (KeyError, TypeError) as error:
            title = line.get("title")
            raise msgspec.ValidationError(f"{title!r} lacks or misspells {error}") from error

    def _works(self, line: _Line) -> Iterator[Work]:
        if "seasons" not in line:
            yield self._movie(line)
            return
        show = self._show(line)
        yield show
        for season in line["seasons"]:
            yield from self._season(show, season)

    def _movie(self, line: _Line) -> Work:
        return Work(
            id=f"movie-{line['tmdb_id']}",
            kind="movie",
            title=line["title"],
            original_title=line["original_title"],
            year=line["year"],
            date=line["release_date"],
            overview=line["overview"],
            genres=_texts(line["genres"]),
            runtime=line["runtime"],
            ids=_ids(line),
            credits=(*self._cast(line["cast"], guest=False), *self._crew(line["crew"])),
        )

    def _show(self, line: _Line) -> Work:
        return Work(
            id=f"show-{line['tmdb_id']}",
            kind="show",
            title=line["title"],
            original_title=line["original_title"],
            year=line["year"],
            date=line["first_air_date"],
            overview=line["overview"],
            genres=_texts(line["genres"]),
            ids=_ids(line),
            credits=(*self._cast(line["cast"], guest=False), *self._crew(line["crew"])),
        )

    def _season(self, show: Work, line: _Line) -> Iterator[Work]:
        season = Work(
            id=f"{show.id}-s{line['season']}",
            kind="season",
            title=line["name"],
            year=_year(line["air_date"]),
            date=line["air_date"],
            parent=show.id,
            number=line["season"],
        )
        yield season
        for episode in line["episodes"]:
            yield self._episode(season, episode)

    def _episode(self, season: Work, line: _Line) -> Work:
        guests = self._cast(line["guest_stars"], guest=True)
        return Work(
            id=f"episode-{line['id']}",
            kind="episode",
            title=line["name"],
            year=_year(line["air_date"]),
            date=line["air_date"],
            runtime=line["runtime"],
            ids=(("tmdb", str(line["id"])),),
            parent=season.id,
            number=line["episode"],
            credits=(*guests, *self._crew(line["crew"])),
        )

    def _cast(self, people: Iterable[_Line], *, guest: bool) -> Iterator[Stated]:
        for person in people:
            name = person["name"]
            if name is not None:
                yield Stated(
                    human=self._human(person["person_id"], name),
                    name=sys.intern(name),
                    department="Acting",
                    job="Actor",
                    character=sys.intern(person["character"] or ""),
                    order=person["order"],
                    guest=guest,
                )

    def _crew(self, people: Iterable[_Line]) -> Iterator[Stated]:
        for person in people:
            name = person["name"]
            if name is not None:
                yield Stated(
                    human=self._human(person["person_id"], name),
                    name=sys.intern(name),
                    department=sys.intern(person["department"]),
                    job=sys.intern(person["job"]),
                )

    def _human(self, person_id: int | None, name: str) -> Human:
        key = name if person_id is None else person_id
        human = self._humans.get(key)
        if human is None:
            mark = f"name-{name}" if person_id is None else f"tmdb-{person_id}"
            human = Human(
                id=mark,
                name=sys.intern(name),
                ids=() if person_id is None else (("tmdb", str(person_id)),),
                portrait=zlib.crc32(mark.encode()) % 4 != 0,
            )
            self._humans[key] = human
        return human


def _ids(line: _Line) -> tuple[tuple[str, str], ...]:
    imdb = line["imdb_id"]
    tmdb = ("tmdb", str(line["tmdb_id"]))
    return (("imdb", imdb), tmdb) if imdb else (tmdb,)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sys.intern(value) for value in values)


def _year(date: str | None) -> int | None:
    return int(date[:4]) if date else None

"""Which credits of a person the owner chooses: of films, shows, seasons, episodes, in one part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fullcredits.errors import NotFound
from fullcredits.model import Department
from fullcredits.store import Connection
from fullcredits.store.identity import held_by
from fullcredits.store.identity.held_by import HeldRow
from fullcredits.text import code, fold, part_key, title_named


class Episodes(NamedTuple):
    """An episode of some show by its numbers, or a whole season."""

    season: int
    episode: int | None = None


class Choice(NamedTuple):
    """What somebody did on a title, or some of it."""

    title: int
    """A film, a show, a season or an episode, with all that belongs to it."""
    department: str = ""
    """Of this department only."""
    part: str | None = None
    """As this only: a character or job as `text.part_key` has it."""
    alone: bool = False
    """Not in what belongs to the title."""
    playing: str = ""
    """In this character, or this job, only, also where it is one of several."""
    episodes: tuple[Episodes, ...] = ()
    """In these only."""


def chosen(db: Connection, person: int, choices: Iterable[Choice]) -> list[int]:
    """The credits of a person that any of these choices means.

    Raises NotFound: one of them means none.
    """
    rows = held_by.held_credits(db, person)
    found: set[int] = set()
    for choice in choices:
        meant = [row.id for row in rows if _means(choice, row)]
        if not meant:
            raise NotFound(_none(db, person, choice))
        found.update(meant)
    return sorted(found)


def _means(choice: Choice, row: HeldRow) -> bool:
    there = (row.title,) if choice.alone else (row.title, row.parent, row.show)
    if choice.title not in there or choice.department not in ("", row.department):
        return False
    if choice.episodes and not any(
        row.season == wanted.season and wanted.episode in (None, row.episode)
        for wanted in choice.episodes
    ):
        return False
    key = part_key(row.character if row.department == Department.ACTING else row.job)
    if choice.playing:
        wanted = fold(choice.playing)
        return wanted == fold(row.character or row.job) or wanted in key.split(" / ")
    return choice.part in (None, key)


def _none(db: Connection, person: int, choice: Choice) -> str:
    """That there is no such credit, and of what."""
    name = held_by.title_of(db, choice.title)
    if name is None:
        return f"There is no film, show, season or episode of number {choice.title}."
    part = choice.playing or choice.part
    numbers = [code(at.season, at.episode) or f"S{at.season:02}" for at in choice.episodes]
    what = "".join(
        (
            f" as {title_named(part)}" if part else "",
            f" in {choice.department}" if choice.department else "",
            f", in {' or '.join(numbers)}" if numbers else "",
        )
    )
    who = held_by.name_of(db, person) or f"number {person}"
    return f"On {title_named(name)}{what} there is no credit of {who}; look at their page again."

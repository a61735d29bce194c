"""Being told how a sync goes: what a face (terminal, plain lines, page) has to understand."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Protocol


@dataclass(slots=True)
class Summary:
    """What a run did. Counts are of what this source states."""

    source: str
    libraries: int = 0
    titles: int = 0
    """Titles the server listed."""
    titles_new: int = 0
    titles_changed: int = 0
    titles_gone: int = 0
    credits: int = 0
    """Credits read with full records in this run."""
    credits_new: int = 0
    credits_changed: int = 0
    credits_gone: int = 0
    people: int = 0
    """Person records read in this run (Jellyfin)."""
    people_new: int = 0
    """Persons this source had not named before."""
    people_changed: int = 0
    """Of those known before, whose records said something new."""
    titles_held: int = 0
    """Living titles of this source in the database at the end; `credits_held` are theirs."""
    credits_held: int = 0
    people_held: int = 0
    unsettled: int = 0
    """Titles that the server was still writing when they were read, and new ones that look absurd:
    they are read again.
    """
    unsettled_titles: list[str] = field(default_factory=list)
    """The names of the first of them."""
    holds: int = 0
    """What is not believed and waits for time or the owner: vanished titles, casts that came back
    thin or absurd.
    """
    left: bool = False
    """Something was left to a comparison of everything."""
    unplaced: frozenset[str] = frozenset()
    """So were titles with these keys, which the server named: where they are it did not tell."""
    problems: int = 0
    requests: int = 0
    received: int = 0
    """Bytes of answers, as they came over the network."""
    seconds: float = 0.0
    error: str | None = None
    """Why the run could not go on, where it could not; what was stored until then stays."""
    exit_code: int = 0
    """Of that error, for the command line."""
    messages: list[str] = field(default_factory=list)
    """What failed, alike failures in one sentence, and what is held."""
    notes: list[str] = field(default_factory=list)
    """What looks absurd in titles that are shown all the same: real libraries have a few."""

    @property
    def state(self) -> str:
        """One of "done", "partial" (problems, or something is held) and "failed"."""
        if self.error:
            return "failed"
        return "partial" if self.problems or self.holds else "done"

    def counts(self) -> dict[str, int]:
        """The numbers, by name."""
        numbers = asdict(self)
        del numbers["exit_code"]
        return {n: v for n, v in numbers.items() if type(v) is int}


class Watch(Protocol):
    """Told by a sync what it is doing. Called from one thread, in this order for a source."""

    def waiting(self, name: str, why: str) -> None:
        """A source has to wait, because it "is being synced by" somebody else."""

    def source(self, name: str, server: str) -> None:
        """Begin with a source; `server` is what it calls itself."""

    def listed(self, listing: str, titles: int, total: int) -> None:
        """So many titles of a library and kind ("Films: movies") are listed by now."""

    def planned(self, titles: int) -> None:
        """So many full records will be read."""

    def stored(self, titles: int, credits: int, left: float | None) -> None:
        """One batch is in the database; `left`: seconds until all are, as far as can be told."""

    def people(self, persons: int) -> None:
        """One page of person records is in the database."""

    def step(self, words: str) -> None:
        """Another part of the work begins, like "who is who"."""

    def silent(self, name: str, seconds: float, asked: str) -> None:
        """Nothing whole came from a source for so long, which was asked for "the movies in Films"
        or, where something came, "the movies in Films (so far 2 kB)"; told again each second, and
        with 0 seconds when it is over.
        """

    def problem(self, message: str) -> None:
        """Something failed and was noted, or several things alike; the run goes on."""

    def finished(self, summary: Summary) -> None:
        """The source is done, or given up."""


class Unwatched:
    """Nobody looks on."""

    def waiting(self, name: str, why: str) -> None:
        """Nobody is told."""

    def source(self, name: str, server: str) -> None:
        """Nobody is told."""

    def listed(self, listing: str, titles: int, total: int) -> None:
        """Nobody is told."""

    def planned(self, titles: int) -> None:
        """Nobody is told."""

    def stored(self, titles: int, credits: int, left: float | None) -> None:
        """Nobody is told."""

    def people(self, persons: int) -> None:
        """Nobody is told."""

    def step(self, words: str) -> None:
        """Nobody is told."""

    def silent(self, name: str, seconds: float, asked: str) -> None:
        """Nobody is told."""

    def problem(self, message: str) -> None:
        """Nobody is told: it is kept with the problems of the source."""

    def finished(self, summary: Summary) -> None:
        """Nobody is told: it is kept with the runs of the source."""

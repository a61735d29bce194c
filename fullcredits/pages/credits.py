"""How credits are shown: what several sources state becomes one line per person and department.

Pure: rows in, lines out. The source with most credits on a title leads with its billing, the
others add whom it does not name. A line says each character and each job once, in order, and
remembers which sources state it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from fullcredits.model import Department
from fullcredits.pages import addresses, spoilers
from fullcredits.pages.parts import Link, Picture, joined, picture, years
from fullcredits.store.read.credits import GUEST_JOB, CreditRow, EpisodeCredit, Person, Tally
from fullcredits.text import counted, fold, played

_PLAIN_JOBS = {
    Department.ACTING: frozenset({"actor", fold(GUEST_JOB)}),
    Department.WRITING: frozenset({"writer"}),
    Department.PRODUCTION: frozenset({"producer"}),
}
"""Jobs that say no more than the department; a source that is more exact overrules them."""

_ORDER = {department: place for place, department in enumerate(Department)}


Stated = CreditRow | EpisodeCredit
"""A source's statement of what somebody did, on one title or over many episodes."""


class Said(Protocol):
    """What such a statement says of what they did."""

    @property
    def source(self) -> str:
        """Whose word it is."""

    @property
    def job(self) -> str:
        """In our words."""

    @property
    def character(self) -> str:
        """As the source has it."""

    @property
    def credited_as(self) -> str:
        """The name on the credit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person in one department of one title."""

    name: str
    address: str | None
    """None until it is known who that is."""
    portrait: Picture
    department: str
    characters: tuple[str, ...]
    jobs: tuple[str, ...]
    """Empty where they say no more than the department ("Actor")."""
    notes: tuple[str, ...]
    """Like "voice", "uncredited", …"""
    detail: str
    """Characters or jobs and notes, as one text; may be ""."""
    credited_as: str
    """Like "as …" where the credits spell the name otherwise; else ""."""
    episodes: str
    """Like "12 episodes", of a show or season; else ""."""
    episodes_at: str | None
    """Where exactly those are."""
    years: str
    """Like "2011–14", of those episodes; else ""."""
    sources: tuple[str, ...]
    """The names of the sources that state it, sorted."""
    known_from: Link | None = None
    """Of a star, another title to know them from."""


@dataclass(slots=True)
class Entry:
    """A line in the making. Texts are kept by their folded form, in order of first mention."""

    person: Person
    department: str
    characters: dict[str, str] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    jobs_by_source: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tally: Tally | None = None
    episodes_at: str | None = None
    """Where the episodes of the tally are."""

    def state(self, stated: Said) -> None:
        """Add one source's statement."""
        taken = played(stated.character)
        for character in taken.characters:
            self.characters.setdefault(fold(character), character)
        self.notes.update(dict.fromkeys(taken.notes))
        job = fold(stated.job)
        self.jobs.setdefault(job, stated.job)
        self.jobs_by_source.setdefault(stated.source, set()).add(job)
        self.names.setdefault(fold(stated.credited_as), stated.credited_as)

    @property
    def is_guest(self) -> bool:
        """Some source says so."""
        return fold(GUEST_JOB) in self.jobs

    def line(self) -> Line:
        """As it is shown."""
        tally = None if spoilers.are_hidden() else self.tally
        return Line(
            name=self.person.name,
            address=link_to(self.person).address,
            portrait=picture("portrait", self.person.portrait_id, self.person.name),
            department=self.department,
            characters=tuple(self.characters.values()),
            jobs=tuple(self._exact_jobs()),
            notes=tuple(self.notes),
            detail=self.detail(),
            credited_as=self.aliases(),
            episodes=counted(tally.episodes, "episode") if tally else "",
            episodes_at=self.episodes_at if tally else None,
            years=years(tally.first_year, tally.last_year) if tally else "",
            sources=self.sources(),
        )

    def detail(self) -> str:
        """Characters, jobs and notes as one text."""
        return detail(tuple(self.characters.values()), self._exact_jobs(), tuple(self.notes))

    def aliases(self) -> str:
        """Like "as …" where the credits spell the name otherwise; else ""."""
        own = fold(self.person.name)
        others = [name for folded, name in self.names.items() if folded != own]
        return f"as {joined(others)}" if others else ""

    def sources(self) -> tuple[str, ...]:
        """The names of those that state it, sorted."""
        return tuple(sorted(self.jobs_by_source))

    def _exact_jobs(self) -> list[str]:
        plain = _PLAIN_JOBS.get(Department(self.department), frozenset())
        if self.department == Department.ACTING:
            return [job for folded, job in self.jobs.items() if folded not in plain]
        # "Producer" beside another source's "Executive Producer" is the same credit, said less
        # exactly; from one and the same source it is a second one.
        exact_too = any(plain & said and said - plain for said in self.jobs_by_source.values())
        if exact_too or plain.issuperset(self.jobs):
            return list(self.jobs.values())
        return [job for folded, job in self.jobs.items() if folded not in plain]


@dataclass(slots=True)
class Group:
    """A stretch of the list under one heading."""

    anchor: str
    """Names it in addresses."""
    heading: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Section:
    """A group as far as a page shows it."""

    anchor: str
    heading: str
    total: int
    lines: tuple[Line, ...]
    more: str | None
    """Where the whole of it is, if this is not."""


@dataclass(frozen=True, slots=True)
class Headline:
    """Who a title is by, above everything else: "Directed by" and names."""

    label: str
    people: tuple[Link, ...]


def gather(rows: Iterable[Stated], entries: dict[object, Entry] | None = None) -> list[Entry]:
    """Statements as entries, in order of first mention; `entries` goes on from earlier ones."""
    entries = {} if entries is None else entries
    for row in rows:
        key = key_of(row.person, row.department)
        if key not in entries:
            entries[key] = Entry(row.person, row.department)
        entries[key].state(row)
    return list(entries.values())


def key_of(person: Person, department: str) -> tuple[object, str]:
    """What makes two statements the same line."""
    return (fold(person.name) if person.id is None else person.id, department)


def leading(rows: Sequence[CreditRow]) -> list[CreditRow]:
    """A title's rows, the longest list first, each list in its billing.

    What sources said before they lost the title counts only when none has it any more.
    """
    held = [row for row in rows if not row.gone] or rows
    lengths = Counter(row.media_item_id for row in held)
    return sorted(held, key=lambda row: (-lengths[row.media_item_id], row.media_item_id))


def by_department(entries: Iterable[Entry]) -> list[Group]:
    """Groups in the order of departments, cast first; none is empty."""
    groups: dict[str, Group] = {}
    for entry in entries:
        heading = "Cast" if entry.department == Department.ACTING else entry.department
        group = groups.setdefault(entry.department, Group(fold(heading), heading, []))
        group.entries.append(entry)
    return [groups[key] for key in sorted(groups, key=lambda key: _ORDER[Department(key)])]


def detail(characters: Sequence[str], jobs: Sequence[str], notes: Sequence[str]) -> str:
    """Characters and jobs on one line: "Neil McCauley / Himself (voice)", "Story, Screenplay"."""
    said = ", ".join(part for part in (" / ".join(characters), ", ".join(jobs)) if part)
    noted = f"({', '.join(notes)})" if notes else ""
    return f"{said} {noted}".strip()


def link_to(person: Person) -> Link:
    """A person's name, leading to their page once it is known who they are."""
    if person.id is None:
        return Link(person.name, None)
    return Link(person.name, addresses.of("person", person.id, person.name))


_HEADLINES = (
    ("Created by", frozenset({"creator"})),
    ("Directed by", frozenset({"director", "co director"})),
    ("Written by", frozenset({"writer", "screenplay", "teleplay", "story", "co writer"})),
    ("Music by", frozenset({"composer", "original music composer", "music"})),
    ("Photography by", frozenset({"director of photography", "cinematographer", "cinematography"})),
)
_NAMES_IN_HEADLINE = 3


def headlines(crew: Sequence[Entry]) -> tuple[Headline, ...]:
    """The first few who made it, by the jobs everybody looks for."""
    found = []
    for label, jobs in _HEADLINES:
        did = {key_of(entry.person, ""): entry.person for entry in crew if jobs & entry.jobs.keys()}
        if did:
            first = islice(did.values(), _NAMES_IN_HEADLINE)
            found.append(Headline(label, tuple(map(link_to, first))))
    return tuple(found)

"""How credits are shown: what several sources state becomes one line per person and department.

Pure: rows in, lines out. The source with most credits on a title leads with its billing, the
others add whom it does not name. A line says each character and each job once, in order, and
remembers which sources state it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Protocol

from fullcredits.model import Department
from fullcredits.pages import addresses, spoilers
from fullcredits.pages.parts import Link, Picture, joined, years
from fullcredits.store.read.credits import CreditRow, Person
from fullcredits.store.read.over_episodes import GUEST_JOB, EpisodeCredit, Tally
from fullcredits.text import counted, fold, played

_GUEST = fold(GUEST_JOB)
_PLAIN_JOBS: dict[str, frozenset[str]] = {
    Department.ACTING: frozenset({"actor", _GUEST}),
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


@dataclass(frozen=True, slots=True)
class Star:
    """One of the first of a cast, with a portrait."""

    line: Line
    portrait: Picture
    known_from: Link | None
    """Another title to know them from."""


@dataclass(slots=True)
class Entry:
    """A line in the making.

    Of a large cast few lines are shown: what was stated is taken apart when it is asked for. Texts
    are then told by their folded form, in order of first mention.
    """

    person: Person
    department: str
    stated: list[Said] = field(default_factory=list)
    """What each source says, each time."""
    tally: Tally | None = None
    episodes_at: str | None = None
    """Where the episodes of the tally are."""

    @property
    def characters(self) -> Mapping[str, str]:
        """All that they play."""
        return characters_in([said.character for said in self.stated])

    @property
    def notes(self) -> tuple[str, ...]:
        """What is noted of it, like "voice" and "uncredited"."""
        if len(self.stated) == 1:
            return played(self.stated[0].character).notes
        every = (note for said in self.stated for note in played(said.character).notes)
        return tuple(dict.fromkeys(every))

    @property
    def jobs(self) -> dict[str, str]:
        """All that they did."""
        found: dict[str, str] = {}
        for said in self.stated:
            found.setdefault(fold(said.job), said.job)
        return found

    @property
    def names(self) -> dict[str, str]:
        """All ways in which the credits write their name."""
        found: dict[str, str] = {}
        for said in self.stated:
            found.setdefault(fold(said.credited_as), said.credited_as)
        return found

    @property
    def is_guest(self) -> bool:
        """Some source says so."""
        return any(fold(said.job) == _GUEST for said in self.stated)

    def line(self) -> Line:
        """As it is shown."""
        tally = None if spoilers.are_hidden() else self.tally
        characters, jobs = tuple(self.characters.values()), tuple(self._exact_jobs())
        notes = self.notes
        return Line(
            name=self.person.name,
            address=address_of(self.person),
            department=self.department,
            characters=characters,
            jobs=jobs,
            notes=notes,
            detail=detail(characters, jobs, notes),
            credited_as=self.aliases(),
            episodes=counted(tally.episodes, "episode") if tally else "",
            episodes_at=self.episodes_at if tally else None,
            years=years(tally.first_year, tally.last_year) if tally else "",
            sources=self.sources(),
        )

    def detail(self) -> str:
        """Characters, jobs and notes as one text."""
        return detail(tuple(self.characters.values()), self._exact_jobs(), self.notes)

    def aliases(self) -> str:
        """Like "as …" where the credits spell the name otherwise; else ""."""
        if len(self.stated) == 1 and self.stated[0].credited_as == self.person.name:
            return ""
        own = fold(self.person.name)
        others = [name for folded, name in self.names.items() if folded != own]
        return f"as {joined(others)}" if others else ""

    def sources(self) -> tuple[str, ...]:
        """The names of those that state it, sorted."""
        if len(self.stated) == 1:
            return (self.stated[0].source,)
        return tuple(sorted({said.source for said in self.stated}))

    def _exact_jobs(self) -> list[str]:
        plain = _PLAIN_JOBS.get(self.department, frozenset())
        if len(self.stated) == 1:
            job = self.stated[0].job
            tells = self.department != Department.ACTING or fold(job) not in plain
            return [job] if tells else []
        jobs = self.jobs
        exact = [job for folded, job in jobs.items() if folded not in plain]
        if self.department == Department.ACTING:
            return exact
        if not exact or len(exact) == len(jobs):
            return list(jobs.values())
        # "Producer" beside another source's "Executive Producer" is the same credit, said less
        # exactly; from one and the same source it is a second one.
        by_source: dict[str, set[str]] = {}
        for said in self.stated:
            by_source.setdefault(said.source, set()).add(fold(said.job))
        exact_too = any(plain & theirs and theirs - plain for theirs in by_source.values())
        return list(jobs.values()) if exact_too else exact


@dataclass(slots=True)
class Group:
    """A stretch of the list under one heading."""

    anchor: str
    """Names it in addresses."""
    heading: str
    entries: list[Entry]
    """Of one department."""

    @property
    def is_cast(self) -> bool:
        """Whether they are before the camera."""
        return self.entries[0].department == Department.ACTING if self.entries else False


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


def gather(rows: Iterable[Stated]) -> list[Entry]:
    """Statements as entries, in order of first mention."""
    entries: dict[object, Entry] = {}
    for row in rows:
        key = key_of(row.person, row.department)
        entry = entries.get(key)
        if entry is None:
            entry = entries[key] = Entry(row.person, row.department)
        entry.stated.append(row)
    return list(entries.values())


@lru_cache(maxsize=16384)
def characters_in_text(text: str) -> Mapping[str, str]:
    """All characters in one text, by their folded names, in order of first mention."""
    found: dict[str, str] = {}
    for character in played(text).characters:
        found.setdefault(fold(character), character)
    return found


def characters_in(texts: Sequence[str]) -> Mapping[str, str]:
    """The same of several texts."""
    if len(texts) == 1:
        return characters_in_text(texts[0])
    found: dict[str, str] = {}
    for text in texts:
        for folded, character in characters_in_text(text).items():
            found.setdefault(folded, character)
    return found


class _Told(NamedTuple):
    source: str
    job: str
    character: str
    credited_as: str


def first_told(entry: Entry) -> list[Said]:
    """What is stated of an entry, without all characters but the first."""
    first = next(iter(entry.characters.values()), "")
    noted = f"{first} ({', '.join(entry.notes)})" if entry.notes else first
    return [
        _Told(said.source, said.job, "" if place else noted, said.credited_as)
        for place, said in enumerate(entry.stated)
    ]


def key_of(person: Person, department: str) -> tuple[object, str]:
    """What makes two statements the same line."""
    return (fold(person.name) if person.id is None else person.id, department)


def leading(rows: Sequence[CreditRow]) -> list[CreditRow]:
    """A title's rows, the longest list first, each list in its billing.

    What sources said before they lost the title counts only when none has it any more.
    """
    held = [row for row in rows if not row.gone] or list(rows)
    lengths = Counter(row.media_item_id for row in held)
    if len(lengths) == 1:
        return held
    return sorted(held, key=lambda row: (-lengths[row.media_item_id], row.media_item_id))


def by_department(entries: Iterable[Entry]) -> list[Group]:
    """Groups in the order of departments, cast first; none is empty."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.department, []).append(entry)
    groups = []
    for department in sorted(found, key=lambda name: _ORDER[Department(name)]):
        heading = "Cast" if department == Department.ACTING else department
        groups.append(Group(fold(heading), heading, found[department]))
    return groups


def detail(characters: Sequence[str], jobs: Sequence[str], notes: Sequence[str]) -> str:
    """Characters and jobs on one line: "Neil McCauley / Himself (voice)", "Story, Screenplay"."""
    said = ", ".join(part for part in (" / ".join(characters), ", ".join(jobs)) if part)
    noted = f"({', '.join(notes)})" if notes else ""
    return f"{said} {noted}".strip()


def link_to(person: Person) -> Link:
    """A person's name, leading to their page once it is known who they are."""
    return Link(person.name, address_of(person))


def address_of(person: Person) -> str | None:
    """Where a person's page is, once it is known who they are."""
    return None if person.id is None else addresses.of("person", person.id, person.name)


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
    done = [(entry.person, entry.jobs.keys()) for entry in crew]
    found = []
    for label, jobs in _HEADLINES:
        did = {key_of(person, ""): person for person, theirs in done if jobs & theirs}
        if did:
            first = islice(did.values(), _NAMES_IN_HEADLINE)
            found.append(Headline(label, tuple(map(link_to, first))))
    return tuple(found)

"""What looks wrong with people, and what can be done about it, here or on a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from fullcredits.errors import NotFound
from fullcredits.model import SourceKind
from fullcredits.pages import addresses
from fullcredits.pages.parts import (
    Link,
    Pages,
    Picture,
    day,
    given,
    id_links,
    paged,
    person_card,
    picture,
)
from fullcredits.pages.proposals import proposal, suspect
from fullcredits.store import Connection
from fullcredits.store.read import identity
from fullcredits.store.read import quality as read
from fullcredits.store.read.credits import Person
from fullcredits.store.read.identity import ProposalRow, SuspectRow
from fullcredits.store.read.listed_people import PersonLine
from fullcredits.store.read.quality import CastRow, Clash, Namesake
from fullcredits.text import counted

SHOWN_FIRST = 6
COUNTED_FIRST = 200
"""Of each kind, where all kinds are shown."""
COUNTED = 1_000
"""Of one kind on its own page."""
PAGE_SIZE = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Somebody, or a title, that something looks wrong with."""

    name: Link
    picture: Picture
    note: str
    """Like "12 titles"."""
    ways: tuple[Link, ...]
    """Where something can be done about it."""


@dataclass(frozen=True, slots=True)
class Part:
    """All that looks wrong in one way."""

    anchor: str
    heading: str
    advice: tuple[str, ...]
    """What it means and what can be done, as sentences; commands stand in backquotes."""
    count: str
    """Like "36", or "200 or more"."""
    findings: tuple[Finding, ...]
    more: str | None
    """Where the rest is."""


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The first few of everything that looks wrong."""

    address: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class QualityPartPage:
    """Everything that looks wrong in one way, as long as it is."""

    address: str
    heading: str
    whole: Link
    part: Part
    pages: Pages


class _Kind(NamedTuple):
    heading: str
    advice: tuple[str, ...]
    rows: Callable[[Connection, int], Sequence[Any]]
    """So many of them at most."""
    findings: Callable[[Connection, Sequence[Any]], list[Finding]]


def quality(db: Connection) -> QualityPage:
    """The first of each kind; kinds of which there is nothing, too, so that one knows."""
    parts = []
    for anchor, kind in _KINDS.items():
        rows = kind.rows(db, COUNTED_FIRST)
        more = addresses.quality(anchor) if len(rows) > SHOWN_FIRST else None
        parts.append(_part(db, anchor, rows[:SHOWN_FIRST], _number(rows, COUNTED_FIRST), more))
    return QualityPage(addresses.quality(), "What looks wrong", tuple(parts))


def quality_part(db: Connection, anchor: str, page: int = 1) -> QualityPartPage:
    """A page of one kind. Raises NotFound for a kind there is not."""
    if anchor not in _KINDS:
        raise NotFound("Nothing is called that.")
    rows = _KINDS[anchor].rows(db, COUNTED)
    pages = paged(len(rows), PAGE_SIZE, page, lambda n: addresses.quality(anchor, page=n))
    shown = pages.cut(rows, PAGE_SIZE)
    part = _part(db, anchor, shown, _number(rows, COUNTED), None)
    whole = Link("What looks wrong", addresses.quality())
    return QualityPartPage(addresses.quality(anchor), part.heading, whole, part, pages)


def _part(db: Connection, anchor: str, shown: Sequence[Any], count: str, more: str | None) -> Part:
    kind = _KINDS[anchor]
    findings = tuple(kind.findings(db, shown)) if shown else ()
    return Part(anchor, kind.heading, kind.advice, count, findings, more)


def _number(rows: Sequence[Any], most: int) -> str:
    return f"{len(rows):,}" if len(rows) < most else f"{most:,} or more"


def _faceless(db: Connection, rows: Sequence[PersonLine]) -> list[Finding]:
    known: dict[int, dict[str, Link]] = {}
    for one in read.known_as(db, [line.person.id or 0 for line in rows]):
        # Plex has no page for a person that an address leads to.
        if one.source_kind == SourceKind.JELLYFIN and one.server_id:
            where = addresses.playing(
                one.source_kind, one.source_address, one.link_address, one.server_id, one.key
            )
            links = known.setdefault(one.person_id, {})
            links.setdefault(one.source, Link(f"Open on {one.source}", where))
    found = []
    for line in rows:
        address = addresses.of("person", line.person.id or 0, line.person.name)
        theirs = {"titles": Link("Their titles", f"{address}#works")}
        ways = known.get(line.person.id or 0, theirs)
        found.append(_finding(line.person, counted(line.titles, "title"), ways))
    return found


def _casts(db: Connection, rows: Sequence[CastRow]) -> list[Finding]:
    found = []
    for row in rows:
        ways: tuple[Link, ...] = ()
        if row.server_id:
            where = addresses.playing(
                row.source_kind, row.source_address, row.link_address, row.server_id, row.key
            )
            ways = (Link(f"Open on {row.source}", where),)
        cast = f"{row.cast} in the cast" if row.cast else "nobody in the cast"
        year = str(row.year) if row.year else None
        found.append(
            Finding(
                name=Link(row.title, addresses.of(row.kind, row.id, row.title)),
                picture=picture("poster", row.poster_id, row.title),
                note=" · ".join(given(year, f"{cast}, as {row.source} has it")),
                ways=ways,
            )
        )
    return found


def _clashes(db: Connection, limit: int) -> list[list[Clash]]:
    ones = groupby(read.several_ids(db, limit), lambda row: (row.person.id, row.id.scheme))
    shared = groupby(read.shared_ids(db, limit), lambda row: row.id)
    found = [list(rows) for _, rows in ones] + [list(rows) for _, rows in shared]
    return found[:limit]


def _clashing(db: Connection, rows: Sequence[list[Clash]]) -> list[Finding]:
    found = []
    for clash in rows:
        one = clash[0]
        if len({row.person.id for row in clash}) == 1:
            values = ", ".join(row.id.value for row in clash)
            links = [link for row in clash for link in id_links([row.id], "person")]
            ways = {row.id.value: link for row, link in zip(clash, links, strict=False)}
            note = f"{counted(one.titles, 'title')} · several ids of one catalogue: {values}"
            found.append(_finding(one.person, note, ways | _who_is(one.person)))
            continue
        for row in clash:
            note = f"{counted(row.titles, 'title')} · shares the id {row.id.value}"
            ways = {link.text: link for link in id_links([row.id], "person")}
            found.append(_finding(row.person, note, ways | _who_is(row.person)))
    return found


def _namesakes(db: Connection, names: Sequence[str]) -> list[Finding]:
    found = []
    for _, rows in groupby(read.people_called(db, names), lambda row: row.name_folded):
        same: list[Namesake] = list(rows)
        for row in same:
            born = f"born {day(row.born)}" if row.born else None
            of = f"one of {len(same)}"
            note = " · ".join(given(of, counted(row.titles, "title"), born))
            found.append(_finding(row.person, note, _who_is(row.person)))
    return found


def _pairs(db: Connection, rows: Sequence[ProposalRow]) -> list[Finding]:
    found = []
    for row in rows:
        pair = proposal(row)
        other = f"may be {pair.other.name}, {pair.other.count} on {pair.other_source}"
        note = " · ".join((f"{pair.one.count} on {pair.one_source}", other, *pair.speaks_for[:1]))
        decide = {"who": Link("Decide", addresses.identity(pair.one.address))}
        found.append(_finding(row.one, note, decide))
    return found


def _fused(db: Connection, rows: Sequence[SuspectRow]) -> list[Finding]:
    found = []
    for row in rows:
        several = suspect(row)
        note = f"{several.person.count} · {several.source}: {several.why}"
        found.append(_finding(row.person, note, {"who": Link("Take apart", several.identity)}))
    return found


def _who_is(person: Person) -> dict[str, Link]:
    """To where it is said."""
    address = addresses.of("person", person.id or 0, person.name)
    return {"who": Link("Say who it is", addresses.identity(address))}


def _finding(person: Person, note: str, ways: dict[str, Link]) -> Finding:
    card = person_card(person, 0)
    return Finding(Link(card.name, card.address), card.portrait, note, tuple(ways.values()))


_KINDS = {
    "no-portrait": _Kind(
        "No portrait",
        (
            "No server has a picture of them; those in most titles come first.",
            "Jellyfin: open the person there and choose Edit images. "
            "Plex: refresh the metadata of a title they are in.",
        ),
        read.without_portrait,
        _faceless,
    ),
    "no-cast": _Kind(
        "Nobody in the cast",
        (
            "Films and shows that were read and name nobody.",
            "Refresh their metadata on the server, or match them with the right title.",
        ),
        lambda db, limit: read.casts_of(db, read.NOBODY, limit),
        _casts,
    ),
    "cut": _Kind(
        "Exactly 15, or 200, in the cast",
        (
            "Where lists are cut: Jellyfin's importer keeps 15 unless told otherwise "
            "(Dashboard → Plugins → TMDb; then refresh the metadata), Plex gives 200 at most.",
            "A second server may know the rest.",
        ),
        lambda db, limit: read.casts_of(db, read.CUT, limit),
        _casts,
    ),
    "ids": _Kind(
        "Ids that contradict each other",
        (
            "Two people with one id, or one person with two ids of a catalogue.",
            "Correct the id on the server; or say that two are one, or one is two.",
        ),
        _clashes,
        _clashing,
    ),
    "namesakes": _Kind(
        "Namesakes",
        (
            "Several people of one name: often right, sometimes one person twice.",
            "Where two are one, say so.",
        ),
        read.shared_names,
        _namesakes,
    ),
    "proposals": _Kind(
        "Pairs that may be one person",
        ("Evidence alone does not say it.", "Until you say so they stay two."),
        lambda db, limit: identity.proposals(db, limit=limit),
        _pairs,
    ),
    "suspects": _Kind(
        "One name, several people",
        (
            "Servers that know people by name only take namesakes for one.",
            "These look like several: take away what is somebody else's.",
        ),
        lambda db, limit: identity.list_suspects(db, limit=limit),
        _fused,
    ),
}
"""By their names in addresses."""

"""The page on which an owner says who a person is."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.pages import addresses, choices, spoilers
from fullcredits.pages.choices import ChoicesIn
from fullcredits.pages.decisions import Entry, entries
from fullcredits.pages.filmography import gather_works
from fullcredits.pages.known import Known, Panel, panel
from fullcredits.pages.parts import Link, Pages, PersonCard, Picture, paged, person_card, picture
from fullcredits.pages.people import address_of, find
from fullcredits.pages.proposals import Proposal, Suspect, proposal, suspect
from fullcredits.store import Connection
from fullcredits.store.identity import held_by
from fullcredits.store.identity.decisions import DecisionRow, load_decisions
from fullcredits.store.identity.naming import Meant
from fullcredits.store.read import identity as read
from fullcredits.store.read.people import works_of
from fullcredits.text import fold

NAMESAKES = 12
PROPOSALS = 12


@dataclass(frozen=True, slots=True)
class IdentityPage:
    """All about who a person is."""

    address: str
    heading: str
    person: Link
    portrait: Picture
    panel: Panel
    proposals: tuple[Proposal, ...]
    suspicions: tuple[Suspect, ...]
    """Why they look like several people."""
    namesakes: tuple[PersonCard, ...]
    decisions: tuple[Entry, ...]
    """Of the owner about this person, the newest first."""
    portraits: tuple[Known, ...]
    """Servers that have a portrait, if any is another than theirs."""
    departments: tuple[ChoicesIn, ...]
    """What they did, to choose what is somebody else's; empty if that is one credit only."""
    hidden: bool
    """Spoilers are hidden: parts and episodes of these works are not listed."""
    pages: Pages
    """Of these works."""


def identity(db: Connection, person_id: int, page: int = 1) -> IdentityPage:
    """The page, with that page of their works. Raises NotFound and Moved."""
    try:
        row = find(db, person_id)
    except addresses.Moved as moved:
        raise addresses.Moved(addresses.identity(moved.address, page=page)) from None
    address = address_of(row)
    known = panel(db, row.id, address)
    pictured = {record.portrait.number: record for record in reversed(known.records)}
    portraits = [pictured[number] for number in pictured if number is not None]
    sheets = choices.sheets(gather_works(row, works_of(db, row.id)))
    pages = paged(len(sheets), 1, page, lambda n: addresses.identity(address, page=n))
    return IdentityPage(
        address=known.address,
        heading=f"Who is {row.name}?",
        person=Link(row.name, address),
        portrait=picture("portrait", row.portrait_id, row.name),
        panel=known,
        proposals=tuple(
            proposal(found) for found in read.proposals(db, person=row.id, limit=PROPOSALS)
        ),
        suspicions=tuple(map(suspect, read.list_suspects(db, person=row.id))),
        namesakes=tuple(
            person_card(*line) for line in read.namesakes_of(db, row.id, fold(row.name), NAMESAKES)
        ),
        decisions=entries(db, _decisions_on(db, row.id)),
        portraits=tuple(reversed(portraits)) if pictured.keys() - {row.portrait_id, None} else (),
        departments=choices.choices(row, sheets[pages.page - 1]) if sheets else (),
        hidden=spoilers.are_hidden(),
        pages=pages,
    )


def _decisions_on(db: Connection, person: int) -> list[DecisionRow]:
    """The decisions that stand and speak of this person, the newest first."""
    rows = load_decisions(db, standing=True)
    if not rows:
        return []
    records = {record.id for record in held_by.records_of(db, person)}
    meant = Meant(db, [words for row in rows for words in row.words])
    credits = held_by.credits_of(db, person).keys()

    def speaks_of(row: DecisionRow) -> bool:
        return any(
            not meant.credits(words).isdisjoint(credits)
            if "credits" in words
            else meant.person(words) in records
            for words in row.words
        )

    return [row for row in reversed(rows) if speaks_of(row)]

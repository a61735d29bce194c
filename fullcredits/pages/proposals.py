"""Pairs of people who may be one, for the owner to decide, and people who look like several."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.identity.evidence import Clue, sentence
from fullcredits.pages import addresses
from fullcredits.pages.decisions import Entry, decisions_of
from fullcredits.pages.parts import Pages, PersonCard, paged, person_card
from fullcredits.store import Connection
from fullcredits.store.read import identity as read
from fullcredits.store.read.identity import ProposalRow, SuspectRow

PROPOSALS_ON_PAGE = 20
SUSPECTS_ON_PAGE = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two people who may be one."""

    one: PersonCard
    other: PersonCard
    one_number: int
    other_number: int
    one_source: str
    """Where the first is known so."""
    other_source: str
    speaks_for: tuple[str, ...]
    """Like "23 people credited beside both"; what speaks most is first."""
    speaks_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Pairs of people who may be one, the likeliest first."""

    address: str
    heading: str
    proposals: tuple[Proposal, ...]
    pages: Pages
    decided: tuple[Entry, ...]
    """What was decided just now, to be undone; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody who looks like several people."""

    person: PersonCard
    source: str
    """Where namesakes may be fused."""
    why: str
    """Like "works from 1931 to 2019"."""
    identity: str
    """Where their credits can be taken apart."""
    number: int
    """Of the person."""


@dataclass(frozen=True, slots=True)
class SuspectsPage:
    """People who look like several, those with most titles first."""

    address: str
    heading: str
    suspects: tuple[Suspect, ...]
    pages: Pages
    decided: tuple[Entry, ...]
    """What was decided just now, to be undone; empty where nothing was."""


def review(db: Connection, page: int = 1, decided: int = 0) -> ReviewPage:
    """A page of what the owner is asked, after that decision."""
    total, size = read.count_proposals(db), PROPOSALS_ON_PAGE
    pages = paged(total, size, page, lambda number: addresses.review(page=number))
    rows = read.proposals(db, skip=pages.skipped(size), limit=size)
    return ReviewPage(
        address=addresses.review(page=pages.page, decided=decided),
        heading="The same person?",
        proposals=tuple(map(proposal, rows)),
        pages=pages,
        decided=decisions_of(db, [decided] if decided else []),
    )


def suspects(db: Connection, page: int = 1, decided: int = 0) -> SuspectsPage:
    """A page of who looks fused, after that decision."""
    total, size = read.count_suspects(db), SUSPECTS_ON_PAGE
    pages = paged(total, size, page, lambda number: addresses.suspects(page=number))
    rows = read.list_suspects(db, skip=pages.skipped(size), limit=size)
    return SuspectsPage(
        address=addresses.suspects(page=pages.page, decided=decided),
        heading="One name, several people?",
        suspects=tuple(map(suspect, rows)),
        pages=pages,
        decided=decisions_of(db, [decided] if decided else []),
    )


def proposal(row: ProposalRow) -> Proposal:
    """A pair with what speaks for and against it."""
    clues = sorted((Clue(*clue) for clue in row.clues), key=lambda clue: -abs(clue.weight))
    return Proposal(
        one=person_card(row.one, row.one_titles),
        other=person_card(row.other, row.other_titles),
        one_number=row.one.id or 0,
        other_number=row.other.id or 0,
        one_source=row.one_source,
        other_source=row.other_source,
        speaks_for=tuple(sentence(clue) for clue in clues if clue.weight > 0),
        speaks_against=tuple(sentence(clue) for clue in clues if clue.weight <= 0),
    )


def suspect(row: SuspectRow) -> Suspect:
    """Somebody with what makes them look like several."""
    match row.kind:
        case "born":
            why = f"works since {row.first}, born in {row.last}"
        case "career":
            why = f"works from {row.first} to {row.last}"
        case _:
            why = "another server has another id for this name"
    card = person_card(row.person, row.titles)
    return Suspect(card, row.source, why, addresses.identity(card.address), row.person.id or 0)

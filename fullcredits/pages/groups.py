"""Whom a title's page lists, in which groups: its own credits, and of shows those of episodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fullcredits.model import Department, TitleKind
from fullcredits.pages import addresses, spoilers
from fullcredits.pages.credits import (
    Entry,
    Group,
    Headline,
    Section,
    Star,
    by_department,
    first_told,
    gather,
    headlines,
    key_of,
    leading,
    link_to,
)
from fullcredits.pages.parts import Link, picture
from fullcredits.store import Connection
from fullcredits.store.read import credits, over_episodes
from fullcredits.store.read.over_episodes import Stretch, Tally
from fullcredits.store.read.titles import TitleRow
from fullcredits.text import fold

_REGULAR_SHARE = 1 / 3
"""Of the episodes. Who is in fewer is recurring or a guest."""
_CERTAIN_SHARE = 1 / 2
"""Who is in as many is no guest, whatever a source says."""
_RECURRING_EPISODES = 4
_RECURRING_SHARE = 1 / 100
"""Who is in fewer, of either, is a guest: of thousands of episodes four are not many."""

_HEADINGS = {"regulars": "Regular cast", "recurring": "Recurring cast", "guests": "Guest stars"}


class Limits(NamedTuple):
    """How many a page shows: cards of stars, lines of the first group, lines of each other."""

    stars: int = 16
    first: int = 150
    other: int = 40


@dataclass(frozen=True, slots=True)
class CastAndCrew:
    """The people of a title as far as its page shows them."""

    stars: tuple[Star, ...]
    """The first of the cast, for a row of portraits."""
    sections: tuple[Section, ...]
    """Everybody, the stars again; cast first, then crew by department."""
    headlines: tuple[Headline, ...]
    """Of the crew, the first few by the jobs everybody looks for."""
    disputed: bool
    """Not every source states everybody, so it is worth saying who says what."""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody on a title, in groups. What they did over episodes is read only when shown."""

    top_id: int
    """Of the movie or show it all belongs to."""
    groups: list[Group]
    stretch: Stretch | None = None
    """Where the entries' tallies were counted; None for a title without episodes."""
    episodes_at: Callable[[Entry], str | None] = lambda _: None
    """Where the episodes of a tally are."""
    first_season: int | None = None
    """Of a show of which spoilers are hidden: what comes after it is not told."""

    @property
    def cast(self) -> list[Entry]:
        """Those before the camera, in their order."""
        return [e for group in self.groups if group.is_cast for e in group.entries]

    @property
    def crew(self) -> list[Entry]:
        """Those behind the camera, in their order."""
        return [e for group in self.groups if not group.is_cast for e in group.entries]

    def shown(self, db: Connection, address: str, limits: Limits) -> CastAndCrew:
        """What the page at `address` shows; the rest is a link away."""
        stars = self.cast[: limits.stars]
        parts = [
            group.entries[: limits.other if place else limits.first]
            for place, group in enumerate(self.groups)
        ]
        self.detail(db, [*stars, *(entry for part in parts for entry in part)])
        sections = [
            section(group, part, address) for group, part in zip(self.groups, parts, strict=True)
        ]
        said = {line.sources for section in sections for line in section.lines}
        found = headlines(self.crew)
        return CastAndCrew(self._stars(db, stars), tuple(sections), found, len(said) > 1)

    def _stars(self, db: Connection, stars: Sequence[Entry]) -> tuple[Star, ...]:
        known = [entry.person.id for entry in stars if entry.person.id is not None]
        others = credits.best_others(db, known, self.top_id)
        return tuple(
            Star(
                entry.line(),
                picture("portrait", entry.person.portrait_id, entry.person.name),
                _link(others.get(entry.person.id or 0)),
            )
            for entry in stars
        )

    def detail(self, db: Connection, entries: Sequence[Entry]) -> None:
        """Fill in what these entries' people did over the episodes, and where those are."""
        if self.stretch is None or not entries:
            return
        for one in entries:
            one.episodes_at = self.episodes_at(one) if one.tally else None
        known = {key_of(e.person, e.department): e for e in entries}
        for stated in over_episodes.episode_credits(db, self.stretch, {e.person for e in entries}):
            entry = known.get(key_of(stated.person, stated.department))
            if entry and not self.comes_later(stated):
                entry.stated.append(stated)

    def comes_later(self, stated: over_episodes.EpisodeCredit | over_episodes.Said) -> bool:
        """Whether it is not told while spoilers are hidden.

        Specials stand outside the order of seasons: nobody knows when they are seen.
        """
        if self.first_season is None or stated.department != Department.ACTING:
            return False
        return (stated.first_season or self.first_season) > self.first_season


def _link(other: credits.OtherTitle | None) -> Link | None:
    return Link(other.title, addresses.of(other.kind, other.id, other.title)) if other else None


def section(group: Group, part: Sequence[Entry], address: str, query: str = "") -> Section:
    """A part of a group, with the way to all of it: in the lists of the title at `address`."""
    whole = addresses.credits(address, department=group.anchor, query=query)
    return Section(
        anchor=group.anchor,
        heading=group.heading,
        total=len(group.entries),
        lines=tuple(entry.line() for entry in part),
        more=whole if len(part) < len(group.entries) else None,
    )


def people_of(db: Connection, title: TitleRow) -> People:
    """Everybody on a title, whatever its kind."""
    own = gather(leading(credits.credits_of_title(db, title.id)))
    match title.kind:
        case TitleKind.SHOW:
            return _of_episodes(db, own, title, Stretch("show", title.id))
        case TitleKind.SEASON:
            return _of_episodes(db, own, title, Stretch("season", title.id))
        case TitleKind.EPISODE:
            return People(title.show_id or title.id, _guests_first(db, own, title))
        case _:
            return People(title.id, by_department(own))


def _of_episodes(db: Connection, own: list[Entry], title: TitleRow, stretch: Stretch) -> People:
    entries = {key_of(e.person, e.department): e for e in own}
    for row in over_episodes.tally(db, stretch):
        # A season's year stands in its head, so it need not be said of everybody.
        tally = row if stretch.level == "show" else row._replace(first_year=None, last_year=None)
        key = key_of(tally.person, tally.department)
        if key not in entries:
            entries[key] = Entry(tally.person, tally.department)
        entries[key].tally = tally
    total, first_season = over_episodes.extent(db, stretch)
    cast = [e for e in entries.values() if e.department == Department.ACTING]
    crew = [e for e in entries.values() if e.department != Department.ACTING]
    top_id = title.show_id or title.id
    where = _episodes_at(title, top_id)
    groups = _tiers(cast, lambda entry: tier(entry.tally, total)) + by_department(crew)
    if stretch.level == "season" or not spoilers.are_hidden():
        return People(top_id, groups, stretch, where)
    for entry in own:
        # When the others are played, the list of a show as a whole does not tell.
        entry.stated = first_told(entry)
    return People(top_id, groups, stretch, where, first_season)


def _episodes_at(title: TitleRow, show_id: int) -> Callable[[Entry], str | None]:
    season = ""
    if title.kind == TitleKind.SEASON:
        season = "none" if title.season_number is None else str(title.season_number)

    def where(entry: Entry) -> str | None:
        base = link_to(entry.person).address
        department = fold(entry.department)
        if base is None:
            return None
        return addresses.appearances(base, show_id, department=department, season=season)

    return where


def _guests_first(db: Connection, own: list[Entry], episode: TitleRow) -> list[Group]:
    """An episode's guests are why its page is opened: they come before the regular cast."""
    groups = by_department(own)
    if not groups or groups[0].anchor != "cast" or episode.show_id is None:
        return groups
    cast = groups[0].entries
    show = Stretch("show", episode.show_id)
    ids = [e.person.id for e in cast if e.person.id is not None]
    tallies = {
        tally.person.id: tally
        for tally in over_episodes.tally(db, show, ids)
        if tally.department == Department.ACTING
    }
    total = over_episodes.extent(db, show).episodes
    regulars = [e for e in cast if _regular(e, tallies.get(e.person.id), total)]
    guests = [e for e in cast if e not in regulars]
    if not guests:
        return groups
    first = [Group("guests", "Guest stars", guests)]
    return first + ([Group("cast", "Cast", regulars)] if regulars else []) + groups[1:]


def _regular(entry: Entry, tally: Tally | None, total: int) -> bool:
    if entry.is_guest:
        return tally is not None and _is_certain(tally, total)
    return tally is None or tier(tally, total) == "regulars"


def _tiers(cast: list[Entry], tier_of: Callable[[Entry], str]) -> list[Group]:
    """Regulars as billed by the show; of the others, who is in most episodes comes first."""
    groups = {anchor: Group(anchor, heading, []) for anchor, heading in _HEADINGS.items()}
    for entry in cast:
        groups[tier_of(entry)].entries.append(entry)
    for anchor in ("recurring", "guests"):
        groups[anchor].entries.sort(key=lambda e: -e.tally.episodes if e.tally else 0)
    return [group for group in groups.values() if group.entries]


def tier(tally: Tally | None, total: int) -> str:
    """Which group somebody belongs to who was in that many of so many episodes: "regulars",
    "recurring" or "guests".

    Whom the show names and no episode does is billed by the show as a whole: a regular. A source
    that marks guest stars is believed of whoever is in less than half of the episodes; otherwise
    the share of the episodes tells.
    """
    if tally is None or _is_certain(tally, total):
        return "regulars"
    marked = tally.as_guest * 2 >= tally.episodes and tally.as_guest > 0
    if not marked and tally.episodes >= total * _REGULAR_SHARE:
        return "regulars"
    return "recurring" if _is_often(tally, total) else "guests"


def _is_often(tally: Tally, total: int) -> bool:
    return tally.episodes >= max(_RECURRING_EPISODES, total * _RECURRING_SHARE)


def _is_certain(tally: Tally, total: int) -> bool:
    """Of two or three episodes half is no reason to doubt a source."""
    return _is_often(tally, total) and tally.episodes >= total * _CERTAIN_SHARE

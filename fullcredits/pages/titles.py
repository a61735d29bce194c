"""What the pages of movies, shows, seasons and episodes have in common."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.errors import NotFound
from fullcredits.model import TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.parts import (
    Card,
    Link,
    Picture,
    given,
    id_links,
    joined,
    paragraphs,
    picture,
    run,
)
from fullcredits.store import Connection
from fullcredits.store.read import titles as read
from fullcredits.store.read.titles import CardRow, TitleRow


@dataclass(frozen=True, slots=True)
class Place:
    """A library that has the title."""

    source: str
    library: Link


@dataclass(frozen=True, slots=True)
class About:
    """The head of a title's page."""

    name: str
    address: str
    kind: str
    original: str
    """The original title where it is another one; else ""."""
    facts: tuple[str, ...]
    """Year, runtime, rating, …: short, in the order they are shown."""
    genres: tuple[str, ...]
    tagline: str
    overview: tuple[str, ...]
    """By paragraphs."""
    poster: Picture
    """Of an episode its still."""
    backdrop: Picture
    """Of a season or episode without one, the show's."""
    places: tuple[Place, ...]
    plays: tuple[Link, ...]
    """To the title on each server that has it."""
    ids: tuple[Link, ...]
    """To the catalogues that know it."""
    notes: tuple[str, ...]
    """What to know about how complete this is, as sentences."""
    waits: bool
    """Whether it waits to be read on some server: its page asks for that to be soon."""
    coming: bool
    """Whether more of its people are about to be known."""


def find(db: Connection, title_id: int, kind: TitleKind) -> TitleRow:
    """The title of that id and kind. Raises NotFound, or Moved to where it is instead."""
    row = read.title_by_id(db, title_id)
    if row is None:
        raise NotFound(f"There is no {kind} with this number.")
    if row.merged_into is not None:
        row = read.title_by_id(db, row.merged_into) or row
        raise addresses.Moved(address_of(row))
    if row.kind != kind:
        raise addresses.Moved(address_of(row))
    return row


def about(db: Connection, row: TitleRow, facts: tuple[str, ...], show: TitleRow | None) -> About:
    """The head of a page; `show` lends its backdrop to seasons and episodes."""
    backdrop = row.backdrop_id or (show.backdrop_id if show else None)
    holdings = read.holdings_of(db, row.id)
    return About(
        name=row.title,
        address=address_of(row),
        kind=row.kind,
        original=row.original_title if row.original_title not in (None, row.title) else "",
        facts=facts,
        genres=tuple(row.genres),
        tagline=row.tagline or "",
        overview=paragraphs(row.overview),
        poster=picture(
            "still" if row.kind == TitleKind.EPISODE else "poster", row.poster_id, row.title
        ),
        backdrop=picture("backdrop", backdrop, row.title),
        places=tuple(
            dict.fromkeys(
                Place(h.source_name, Link(h.library_name, addresses.library(h.library_id)))
                for h in holdings
                if not h.gone
            )
        ),
        plays=_plays(holdings),
        ids=id_links(read.ids_of_title(db, row.id), row.kind),
        notes=_notes(holdings),
        waits=any(h.waits and not h.gone for h in holdings),
        coming=any(((h.waits and h.unread) or h.undecided) and not h.gone for h in holdings),
    )


def _plays(holdings: list[read.Holding]) -> tuple[Link, ...]:
    """One for each source, though it may have the title in several libraries."""
    links: dict[str, Link] = {}
    for held in holdings:
        if held.server_id and not held.gone:
            where = addresses.playing(
                held.source_kind,
                held.source_address,
                held.link_address,
                held.server_id,
                held.key,
            )
            links.setdefault(held.source_name, Link(f"Play on {held.source_name}", where))
    return tuple(links.values())


def _notes(holdings: list[read.Holding]) -> tuple[str, ...]:
    held = [h for h in holdings if not h.gone]
    capped = sorted({h.source_name for h in held if h.capped})
    return given(
        None if held else "No source has this any more; this is what was known last.",
        f"{joined(capped)} gives no more than its first 200 roles." if capped else None,
    )


def address_of(row: TitleRow | CardRow) -> str:
    """Where a title's page is."""
    return addresses.of(row.kind, row.id, row.title)


def card(row: CardRow) -> Card:
    """A title for a grid."""
    return Card(
        title=row.title,
        address=address_of(row),
        kind=row.kind,
        year=run(row.year, row.ended),
        poster=picture("poster", row.poster_id, row.title),
    )

"""The pieces pages are made of, and the words for dates, durations and counts."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Literal, TypeVar

from fullcredits.model import ExternalId, Shape
from fullcredits.pages import addresses, spoilers
from fullcredits.store.read.credits import Person
from fullcredits.text import counted, fold, initials

T = TypeVar("T")

_TONES = 12
_SCHEMES = {"imdb": "IMDb", "tmdb": "TMDB", "tvdb": "TheTVDB"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and what stands in its place until it is there or if it never comes."""

    shape: Literal["portrait", "poster", "still", "backdrop"]
    """2:3, 2:3, 16:9, 16:9."""
    address: str | None
    """In a middle width; None where no source has a picture."""
    srcset: str
    """All widths as HTML's `srcset`; "" without an address."""
    initials: str
    tone: int
    """0 to 11: a colour that is always the same for this name."""
    number: int | None = None
    """The picture's own, in its addresses."""


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads; `address` is None for a name nothing is known about yet."""

    text: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A title in a grid of posters."""

    title: str
    address: str
    kind: str
    year: str
    """Like "1995", or "" where unknown."""
    poster: Picture


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person in a list."""

    name: str
    address: str
    portrait: Picture
    count: str
    """Like "12 titles"."""
    also_known_as: str = ""
    """Another name by which they were found; "" elsewhere."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a long list, and the way on."""

    page: int
    """From 1."""
    last: int
    total: int
    """Of what is listed, over all pages."""
    first: str
    before: str | None
    after: str | None
    end: str
    """The addresses of the first, previous, next and last page."""

    def skipped(self, size: int) -> int:
        """How many items are on the pages before this one."""
        return (self.page - 1) * size

    def cut(self, items: Sequence[T], size: int) -> Sequence[T]:
        """The items of this page, of all there are."""
        return items[(self.page - 1) * size : self.page * size]


def picture(
    shape: Literal["portrait", "poster", "still", "backdrop"], image_id: int | None, name: str
) -> Picture:
    """The picture of somebody or something called that."""
    letters, tone = _stand_in(name)
    if image_id is None:
        return Picture(shape, None, "", letters, tone)
    widths = Shape(shape).widths
    srcset = ", ".join(f"{addresses.image(image_id, w)} {w}w" for w in widths)
    middle = addresses.image(image_id, widths[len(widths) // 2])
    return Picture(shape, middle, srcset, letters, tone, image_id)


@lru_cache(maxsize=16384)
def _stand_in(name: str) -> tuple[str, int]:
    """The letters and the colour that are shown for a name."""
    return initials(name), zlib.crc32(fold(name).encode()) % _TONES


def person_card(person: Person, titles: int, also_known_as: str = "") -> PersonCard:
    """Somebody who worked on that many movies and shows, found by another name if one is given."""
    return PersonCard(
        name=person.name,
        address=addresses.of("person", person.id or 0, person.name),
        portrait=picture("portrait", person.portrait_id, person.name),
        count=counted(titles, "title"),
        also_known_as=also_known_as,
    )


def paged(total: int, size: int, page: int, address: Callable[[int], str]) -> Pages:
    """Where page `page` of a list is; a page past the end is the last one."""
    last = max(1, -(-total // size))
    page = min(max(page, 1), last)
    return Pages(
        page=page,
        last=last,
        total=total,
        first=address(1),
        before=address(page - 1) if page > 1 else None,
        after=address(page + 1) if page < last else None,
        end=address(last),
    )


def id_links(ids: Iterable[ExternalId], kind: str) -> tuple[Link, ...]:
    """Links to the catalogues that have a page for this, one for each."""
    links: dict[str, Link] = {}
    for scheme, value in ids:
        address = addresses.elsewhere(scheme, value, kind)
        if address:
            links.setdefault(scheme, Link(_SCHEMES[scheme], address))
    return tuple(links[scheme] for scheme in _SCHEMES if scheme in links)


def day(date: dt.date) -> str:
    """Like "15 December 1995"."""
    return f"{date.day} {date:%B} {date.year}"


def years(first: int | None, last: int | None) -> str:
    """Like "1995", "2011–14", "1998–2003"; "" where nothing is known."""
    if first is None or last is None or first == last:
        return str(first or last or "")
    short = first // 100 == last // 100
    return f"{first}–{last % 100:02}" if short else f"{first}–{last}"


def run(year: int | None, ended: dt.date | None) -> str:
    """The years of a show that has an end: "2008–13"; else the year it began."""
    ended = None if spoilers.are_hidden() else ended
    return years(year, ended.year if ended and year else year)


def runtime(seconds: int | None) -> str:
    """Like "2 h 50 min"; "" for nothing or less than a minute."""
    hours, minutes = divmod((seconds or 0) // 60, 60)
    parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
    return " ".join(parts)


def age(born: dt.date, then: dt.date) -> int:
    """Full years between two days."""
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def given(*texts: str | None) -> tuple[str, ...]:
    """Those that say something."""
    return tuple(text for text in texts if text)


_PARAGRAPH = 1_600
_LONGEST = 40_000
"""Bytes of a text as it stands in a page: far more than anybody writes of a person or a film."""


def paragraphs(text: str | None) -> tuple[str, ...]:
    """A long text by its paragraphs, without empty ones; very long ones are parted at sentences.

    What is longer than a page can carry ends with "…".
    """
    lines = (line.strip() for line in (text or "").splitlines())
    shown: list[str] = []
    left = _LONGEST
    for part in given(*(part for line in lines for part in _parted(line))):
        left -= len(f"<p>{escape(part)}</p>".encode())
        if left < 0:
            return (*shown, "…")
        shown.append(part)
    return tuple(shown)


def _parted(line: str) -> Iterator[str]:
    while len(line) > _PARAGRAPH:
        end = line.rfind(". ", 0, _PARAGRAPH) + 1 or line.rfind(" ", 0, _PARAGRAPH)
        end = end if end > 0 else _PARAGRAPH
        yield line[:end]
        line = line[end:].lstrip()
    yield line


def joined(texts: Sequence[str]) -> str:
    """Like "a", "a and b", "a, b and c"."""
    return " and ".join(given(", ".join(texts[:-1]), texts[-1] if texts else None))

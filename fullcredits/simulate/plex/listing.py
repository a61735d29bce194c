"""Listings: which items, in which order, which page of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from fullcredits.simulate.plex.guids import guid
from fullcredits.simulate.plex.library import Item, PlexLibrary, Section
from fullcredits.simulate.plex.records import sort_title
from fullcredits.simulate.plex.tags import FILTERS

TYPES = {1: "movie", 2: "show", 3: "season", 4: "episode"}
_FILTER = re.compile(r"(?:\w+\.)?(\w+?)(>>|<<|>|<|!)?$")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda have, want: bool(have == want),
    "!": lambda have, want: bool(have != want),
    ">": lambda have, want: bool(have >= want),
    "<": lambda have, want: bool(have <= want),
    ">>": lambda have, want: bool(have > want),
    "<<": lambda have, want: bool(have < want),
}
_NUMBERS: dict[str, Callable[[Item], int]] = {
    "addedAt": lambda item: item.added,
    "updatedAt": lambda item: item.updated,
    "year": lambda item: item.work.year or 0,
    "index": lambda item: item.work.number or 0,
    "duration": lambda item: (item.work.runtime or 0) * 60_000,
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing; ``start`` is None when no paging was asked for (then all rows)."""

    items: Sequence[Item]
    total: int
    start: int | None
    size: int | None = None
    """What was asked for."""

    @property
    def head(self) -> dict[str, int]:
        """The counts of the container: totalSize and offset exist only when paged."""
        if self.start is None:
            return {"size": len(self.items)}
        return {"size": len(self.items), "totalSize": self.total, "offset": self.start}

    @property
    def headers(self) -> dict[str, str]:
        """The same in the response's headers."""
        if self.start is None:
            return {}
        start, total = str(self.start), str(self.total)
        return {"X-Plex-Container-Start": start, "X-Plex-Container-Total-Size": total}


class Listing:
    """Answers queries over one library; keeps the sorted items of each kind between changes."""

    def __init__(self, library: PlexLibrary) -> None:
        self._library = library
        self._kept: dict[tuple[int, str, str], tuple[int, list[Item]]] = {}

    def items(self, section: Section, request: Request) -> list[Item]:
        """The items of a section that were asked for, filtered and sorted.

        Raises:
            ValueError: the type is not a number that Plex knows.

        """
        wanted = request.query_params.get("type")
        kind = section.type if wanted is None else TYPES.get(int(wanted))
        if kind is None:
            raise ValueError(wanted)
        items = self._all(section, kind, request.query_params.get("sort") or "titleSort")
        for name, value in request.query_params.multi_items():
            items = _filtered(self._library, items, name, value)
        return items

    def _all(self, section: Section, kind: str, sort: str) -> list[Item]:
        changes, items = self._kept.get((section.key, kind, sort), (-1, []))
        if changes != self._library.changes:
            changes, held = self._library.changes, self._library.items.values()
            items = _sorted([i for i in held if i.section is section and i.work.kind == kind], sort)
            self._kept[section.key, kind, sort] = (changes, items)
        return items


def page_of(items: Sequence[Item], request: Request, usual: int | None = None) -> Page:
    """The page that headers or query ask for; a Size without a Start is ignored. ``usual``: so
    many where nothing is asked for.

    Raises:
        ValueError: a position is not a number.

    """
    start = _position(request, "X-Plex-Container-Start")
    size = _position(request, "X-Plex-Container-Size")
    if start is None:
        return Page(items[:usual], len(items), None)
    end = len(items) if size is None else start + size
    return Page(items[start:end], len(items), start, size)


def _position(request: Request, name: str) -> int | None:
    value = request.headers.get(name) or request.query_params.get(name)
    return None if value is None else int(value)


def _filtered(library: PlexLibrary, items: list[Item], name: str, value: str) -> list[Item]:
    """The items that pass one query argument; arguments that are no filters pass everything."""
    match = _FILTER.match(name)
    if match is None:
        return items
    field, compare = match[1], _COMPARE[match[2] or ""]
    if field in _NUMBERS and value.lstrip("-").isdigit():
        number = _NUMBERS[field]
        return [item for item in items if compare(number(item), int(value))]
    if field == "title":
        return [item for item in items if value.casefold() in item.work.title.casefold()]
    if field == "guid":
        return [item for item in items if compare(guid(item), value)]
    if field in FILTERS.values():
        return _crediting(library, items, field, value)
    if name == "show.id":
        return [i for i in items if value in (str(i.key), *(str(a.key) for a in _above(i)))]
    return items


def _crediting(library: PlexLibrary, items: Iterable[Item], field: str, ids: str) -> list[Item]:
    kind = next(kind for kind, word in FILTERS.items() if word == field)
    wanted = {int(part) for part in ids.split(",") if part.isdigit()}
    return [
        item
        for item in items
        if any(tag.id in wanted for tag in library.people(item.key).get(kind, ()))
    ]


def _above(item: Item) -> list[Item]:
    above = []
    while item.parent:
        item = item.parent
        above.append(item)
    return above


def _sorted(items: list[Item], sort: str) -> list[Item]:
    """Sorted by ``field[:desc],field2``; unknown fields keep the order of the keys."""
    for part in reversed(sort.split(",")):
        field, *how = part.strip().split(":")
        field = field.rpartition(".")[2]
        descending = "desc" in how
        if field in _NUMBERS:
            items = sorted(items, key=_NUMBERS[field], reverse=descending)
        elif field == "titleSort":
            items = sorted(items, key=_by_title, reverse=descending)
        elif field == "originallyAvailableAt":
            items = sorted(items, key=lambda i: i.work.date or "", reverse=descending)
        elif field in ("id", "ratingKey"):
            items = sorted(items, key=lambda i: i.key, reverse=descending)
    return items


def _by_title(item: Item) -> tuple[object, ...]:
    show, *_ = [*reversed(_above(item)), item]
    numbers = [step.work.number or 0 for step in (*reversed(_above(item)), item)]
    return (sort_title(show.work.title), show.key, *numbers[1:])

"""/Items: which items and persons, in which order, which page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fullcredits.simulate.jellyfin.dialect import Dialect
from fullcredits.simulate.jellyfin.errors import Refused, failed
from fullcredits.simulate.jellyfin.library import Item, JellyfinLibrary, Person
from fullcredits.simulate.jellyfin.query import Arguments
from fullcredits.simulate.jellyfin.sorting import sort_name

Row = Item | Person

_KEYS: dict[str, Callable[[Row], str]] = {
    "sortname": lambda row: row.name if isinstance(row, Person) else sort_name(row),
    "name": lambda row: row.name if isinstance(row, Person) else row.work.title,
    "datecreated": lambda row: str(row.saved if isinstance(row, Person) else row.created),
    "premieredate": lambda row: (row.told.born if isinstance(row, Person) else row.work.date) or "",
    "productionyear": lambda row: "" if isinstance(row, Person) else str(row.work.year or ""),
    "parentindexnumber": lambda row: _number(row, above=True),
    "indexnumber": lambda row: _number(row, above=False),
}


_KEPT = 8


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; ``total`` as the server tells it, which without counting is the page."""

    rows: Sequence[Row]
    total: int
    start: int


class Listing:
    """Answers queries over one library. Keeps the lists last paged through, and sort names."""

    def __init__(self, library: JellyfinLibrary, dialect: Dialect) -> None:
        self._library = library
        self._dialect = dialect
        self._names: dict[str, tuple[int, str]] = {}
        self._kept: dict[frozenset[tuple[str, str]], tuple[int, Sequence[Row]]] = {}

    def page(self, arguments: Arguments, *, user: bool) -> Page:
        """The page that the arguments ask for, as a user sees it, or an API key."""
        rows = self._rows(arguments)
        unreached = self._library.unreached
        if unreached and user and self._dialect.persons_by_library and not arguments.text("ids"):
            rows = [row for row in rows if row.id not in unreached]
        start = max(0, arguments.number("startIndex") or 0)
        limit = arguments.number("limit")
        shown = rows[start:] if limit is None else rows[start : start + max(0, limit)]
        counted = arguments.truth("enableTotalRecordCount", True)
        return Page(shown, len(rows) if counted else len(shown), start)

    def _rows(self, arguments: Arguments) -> Sequence[Row]:
        query, changes = arguments.apart_from("startindex", "limit"), self._library.changes
        kept = self._kept.pop(query, None)
        if kept is None or kept[0] != changes:
            found = self._filtered(self._chosen(arguments), arguments)
            kept = changes, self._sorted(found, arguments)
        self._kept[query] = kept
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[1]

    def _chosen(self, arguments: Arguments) -> Iterable[Row]:
        library = self._library
        ids = arguments.guids("ids")
        if arguments.text("ids"):
            found = ((library.items.get(i) or library.persons.get(i)) for i in dict.fromkeys(ids))
            return (row for row in found if row)
        kinds = arguments.words("includeItemTypes")
        if kinds == {"person"}:
            return library.persons.values()
        recurses = self._dialect.libraries_recurse and bool(kinds)
        rows = self._below(arguments.guid("parentId"), arguments.truth("recursive", recurses))
        if not kinds:
            return rows
        return (row for row in rows if row.type.lower() in kinds)

    def _below(self, parent: str | None, recursive: bool) -> Iterable[Item]:
        items = self._library.items
        if parent is None:
            return items.values() if recursive else ()
        for view in self._library.views:
            if parent in (view.id, view.folder):
                here = (item for item in items.values() if item.view.path == view.path)
                return here if recursive else (item for item in here if item.parent is None)
        top = items.get(parent)
        if top is None:
            return ()
        if not recursive:
            return top.children
        return [leaf for child in top.children for leaf in (child, *child.children)]

    def _filtered(self, rows: Iterable[Row], arguments: Arguments) -> Iterable[Row]:
        alone = arguments.text("minDateLastSaved") and not arguments.text("minDateLastSavedForUser")
        if alone and self._dialect.date_filter == "fails":
            raise Refused(failed(500))
        if alone and self._dialect.date_filter == "empty":
            return ()
        # Two names for one filter on the item's own date.
        for name in ("minDateLastSaved", "minDateLastSavedForUser"):
            since = arguments.time(name)
            if since is not None:
                rows = [row for row in rows if row.saved >= since]
        words = arguments.text("searchTerm")
        if words:
            rows = [row for row in rows if words.casefold() in _KEYS["name"](row).casefold()]
        years = arguments.words("years")
        if years:
            rows = [row for row in rows if _KEYS["productionyear"](row) in years]
        people = arguments.guids("personIds")
        if people:
            rows = self._crediting(rows, people)
        return rows

    def _crediting(self, rows: Iterable[Row], people: Iterable[str]) -> list[Row]:
        known = [self._library.persons[p] for p in people if p in self._library.persons]
        names = {person.name.casefold() for person in known}
        return [
            row
            for row in rows
            if isinstance(row, Item)
            and any(c.name.casefold() in names for c in self._library.people(row.id))
        ]

    def _sorted(self, rows: Iterable[Row], arguments: Arguments) -> list[Row]:
        """In the order asked for; ids without a sort stay in the order of the request."""
        fields = [field.lower() for field in arguments.texts("sortBy")]
        orders = [order.lower() for order in arguments.texts("sortOrder")] or ["ascending"]
        found = list(rows)
        if not fields and not arguments.text("ids"):
            fields = ["sortname"]
        for index, field in reversed(list(enumerate(fields))):
            key = self._sort_name if field == "sortname" else _KEYS.get(field)
            if key:
                order = orders[min(index, len(orders) - 1)]
                found.sort(key=key, reverse=order == "descending")
        return found

    def _sort_name(self, row: Row) -> str:
        if isinstance(row, Person):
            return row.name
        version, name = self._names.get(row.id, (-1, ""))
        if version != row.version:
            name = sort_name(row)
            self._names[row.id] = (row.version, name)
        return name


def _number(row: Row, *, above: bool) -> str:
    if isinstance(row, Person):
        return ""
    item = row.parent if above and row.parent else row
    return f"{item.work.number or 0:06}"

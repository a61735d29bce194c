"""Small made-up facts for store tests."""

from __future__ import annotations

from functools import partial

from fullcredits.model import (
    Credit,
    Department,
    ExternalId,
    Library,
    LibraryKind,
    ListedTitle,
    MediaItem,
    Record,
    Server,
    SourceKind,
    SourcePerson,
    TitleKind,
)
from fullcredits.store import Store, sources
from fullcredits.store.listed import compare_listed, put_listed

FILMS = Library("1", "Films", LibraryKind.MOVIES)


def source(store: Store, name: str = "Attic", kind: SourceKind = SourceKind.PLEX) -> int:
    with store.writing() as db:
        server = Server(f"id of {name}", name, "1.0")
        return sources.add_source(db, name, kind, "http://127.0.0.1:1", b"sealed", server)


def library(store: Store, source_id: int, of: Library = FILMS) -> int:
    with store.writing() as db:
        return sources.put_libraries(db, source_id, [of])[of.key]


def listed(store: Store, source_id: int, library_id: int, *items: MediaItem) -> dict[str, int]:
    """List media items; returns their row ids by key."""
    shown = [ListedTitle(i.key, i.kind, i.marker, partial(_same, i)) for i in items]
    with store.writing() as db:
        return put_listed(
            db, source_id, library_id, compare_listed(db, source_id, library_id, shown)
        )


def _same(item: MediaItem) -> MediaItem:
    return item


def film(
    key: str = "10", title: str = "A Film", marker: str | None = "m1", ids: str = ""
) -> MediaItem:
    external = tuple(ExternalId(*i.split(":")) for i in ids.split())
    return MediaItem(key, TitleKind.MOVIE, title, marker=marker, year=1999, external_ids=external)


def person(name: str, key: str | None = None, portrait: str | None = None) -> SourcePerson:
    return SourcePerson(key or f"name:{name}", name, key is None, portrait)


def actor(billing: int, name: str, character: str = "", key: str | None = None) -> Credit:
    return Credit(person(name, key), billing, "Role", Department.ACTING, "Actor", character)


def record(item: MediaItem, *credits: Credit) -> Record:
    return Record(item, credits)

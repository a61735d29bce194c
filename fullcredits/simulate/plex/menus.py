"""Containers, section rows and menus: everything around the items, as recorded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from fullcredits.simulate.plex.guids import guid
from fullcredits.simulate.plex.library import Item, PlexLibrary, Section

Record = dict[str, Any]

IDENTIFIER = "com.plexapp.plugins.library"
MEDIA_TAGS = {
    "mediaTagPrefix": "/system/bundle/media/flags/",
    "mediaTagVersion": 1_737_563_967,
}
_SCANNED = 1_764_000_000
_KINDS = {"movie": ((1, "movie", "Movies"),), "show": ((2, "show", "TV Shows"),
          (3, "season", "Seasons"), (4, "episode", "Episodes"))}  # fmt: skip
_SORTS = (("titleSort", "Title", "asc"), ("originallyAvailableAt", "Release Date", "desc"),
          ("addedAt", "Date Added", "desc"), ("updatedAt", "Date Updated", "desc"))  # fmt: skip
_FIELDS = (("title", "Title", "string"), ("year", "Year", "integer"),
           ("addedAt", "Date Added", "date"), ("updatedAt", "Date Updated", "date"),
           ("actor", "Actor", "tag"), ("director", "Director", "tag"),
           ("writer", "Writer", "tag"), ("producer", "Producer", "tag"))  # fmt: skip
_OPERATORS = {
    "string": (("=", "contains"), ("!=", "does not contain"), ("==", "is"), ("!==", "is not")),
    "integer": (("=", "is"), ("!=", "is not"), (">>=", "is greater than"), ("<<=", "is less than")),
    "date": (("<<=", "is before"), (">>=", "is after")),
    "tag": (("=", "is"), ("!=", "is not")),
}


def root(library: PlexLibrary, version: str) -> Record:
    """The capabilities that ``/`` tells."""
    return {
        "size": 0,
        "allowSync": True,
        "claimed": True,
        "countryCode": "usa",
        "eventStream": True,
        "friendlyName": library.name,
        "hubSearch": True,
        "machineIdentifier": library.machine_id,
        "mediaProviders": True,
        "multiuser": True,
        "myPlex": True,
        "myPlexMappingState": "mapped",
        "myPlexSigninState": "ok",
        "myPlexSubscription": False,
        "myPlexUsername": "owner@attic.example",
        "platform": "Linux",
        "platformVersion": "6.12",
        "transcoderPhoto": True,
        "updatedAt": _SCANNED,
        "version": version,
    }


def section(library: PlexLibrary, section: Section) -> Record:
    """One library in ``/library/sections``; its change counter follows the newest item."""
    changed = max(
        (item.updated for item in library.items.values() if item.section is section), default=0
    )
    return {
        "allowSync": True,
        "art": _resource(section, "-fanart.jpg"),
        "composite": f"/library/sections/{section.key}/composite/{changed}",
        "filters": True,
        "refreshing": library.refreshing,
        "thumb": _resource(section, ".png"),
        "key": str(section.key),
        "type": section.type,
        "title": section.title,
        "agent": _agent(section),
        "scanner": "Plex Movie" if section.type == "movie" else "Plex TV Series",
        "language": "en-US",
        "uuid": section_uuid(section),
        "updatedAt": _SCANNED,
        "createdAt": _SCANNED - 90_000_000,
        "scannedAt": max(changed, _SCANNED),
        "content": True,
        "directory": True,
        "contentChangedAt": changed,
        "hidden": 0,
        "Location": [{"id": section.key, "path": section.path}],
    }


def _agent(section: Section) -> str:
    film = section.type == "movie"
    if section.legacy:
        return f"com.plexapp.agents.{'imdb' if film else 'thetvdb'}"
    return f"tv.plex.agents.{'movie' if film else 'series'}"


def section_menu(section: Section) -> tuple[Record, list[Record]]:
    """Head and rows of ``/library/sections/{key}``."""
    rows = [
        {"key": "all", "title": f"All {'Movies' if section.type == 'movie' else 'Shows'}"},
        {"key": "recentlyAdded", "title": "Recently Added"},
    ]
    head: Record = {"size": len(rows), "allowSync": False} | listing_head(section)
    head |= {"content": "secondary", "viewGroup": "secondary"}
    return head, rows


def section_names(section: Section) -> Record:
    """How a container names the section of its items."""
    return {
        "librarySectionID": section.key,
        "librarySectionTitle": section.title,
        "librarySectionUUID": section_uuid(section),
    }


def section_uuid(section: Section) -> str:
    """A stable UUID of the section."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"section {section.key}"))


def listing_head(section: Section) -> Record:
    """The head of a listing; one of episodes calls itself "All Shows" as well (recorded)."""
    head: Record = {
        "allowSync": True,
        "art": _resource(section, "-fanart.jpg"),
        "content": "secondary",
        "identifier": IDENTIFIER,
        **section_names(section),
        **MEDIA_TAGS,
    }
    if section.type == "show":
        head["nocache"] = True
    shown = "All Movies" if section.type == "movie" else "All Shows"
    return head | {
        "thumb": _resource(section, ".png"),
        "title1": section.title,
        "title2": shown,
        "viewGroup": section.type,
    }


def children_head(item: Item, below: Sequence[Item]) -> Record:
    """The head of children and leaves; a grandparent's key is a number here (recorded)."""
    head: Record = {"allowSync": True, "identifier": IDENTIFIER, "key": str(item.key)}
    if item.parent:
        head["grandparentRatingKey"] = item.parent.key
        head["grandparentTitle"] = item.parent.work.title
    return head | {
        **section_names(item.section),
        **MEDIA_TAGS,
        "nocache": True,
        "parentIndex": item.work.number or 1,
        "parentTitle": item.work.title,
        "parentYear": item.work.year or 0,
        "summary": item.work.overview,
        "thumb": f"/library/metadata/{item.key}/thumb/{item.updated}",
        "title1": item.section.title,
        "title2": item.work.title,
        "viewGroup": below[0].work.kind if below else "season",
    }


def meta(section: Section) -> Record:
    """The menus of filters and sorts that ``includeMeta=1`` adds."""
    base = f"/library/sections/{section.key}"
    kinds = [
        {
            "key": f"{base}/all?type={number}",
            "type": kind,
            "title": title,
            "active": kind == section.type,
            "Filter": [
                {"filter": f, "filterType": t, "key": f"{base}/{f}", "title": name,
                 "type": "filter"}
                for f, name, t in _FIELDS
                if t in ("tag", "integer")
            ],
            "Sort": [
                {"defaultDirection": way, "descKey": f"{key}:desc", "key": key, "title": name}
                for key, name, way in _SORTS
            ],
            "Field": [
                {"key": key if kind == "movie" else f"{kind}.{key}", "title": name, "type": t}
                for key, name, t in _FIELDS
            ],
        }
        for number, kind, title in _KINDS[section.type]
    ]  # fmt: skip
    operators = [
        {"type": kind, "Operator": [{"key": key, "title": title} for key, title in known]}
        for kind, known in _OPERATORS.items()
    ]
    return {"Type": kinds, "FieldType": operators}


def search_hubs(
    library: PlexLibrary, found: Sequence[Item], people: Sequence[Record]
) -> list[Record]:
    """The hubs of a search: titles as Metadata, people as Directory, one row per section."""
    hubs = []
    for kind, title in (("show", "Shows"), ("movie", "Movies")):
        rows = [
            {
                "ratingKey": str(item.key),
                "key": f"/library/metadata/{item.key}",
                "guid": guid(item),
                "type": kind,
                "title": item.work.title,
                "year": item.work.year or 0,
                "librarySectionID": item.section.key,
            }
            for item in found
            if item.work.kind == kind
        ]
        hubs.append(_hub(kind, title, "Metadata", rows))
    actors = [
        person | {"type": "tag", "librarySectionID": section.key}
        for person in people
        for section in library.sections
    ]
    return [*hubs, _hub("actor", "Actors", "Directory", actors)]


def _hub(kind: str, title: str, name: str, rows: list[Record]) -> Record:
    hub: Record = {"type": kind, "hubIdentifier": kind, "title": title, "size": len(rows),
                   "more": False, "style": "shelf"}  # fmt: skip
    return hub | {name: rows} if rows else hub


def _resource(section: Section, tail: str) -> str:
    return f"/:/resources/{section.type}{tail}"

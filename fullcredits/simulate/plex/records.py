"""One item as Plex words it: field names, their order, and what is left out where.

Shapes and orders were taken from recorded answers of PMS 1.41 to 1.43. A record is a dict of
JSON-able values; the same dict becomes XML by turning scalars into attributes.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import Any

from fullcredits.simulate.catalogue import Work
from fullcredits.simulate.plex.guids import external_guids, guid
from fullcredits.simulate.plex.library import Item, PlexLibrary
from fullcredits.simulate.plex.media import media
from fullcredits.simulate.plex.tags import FILTERS, ROLE_CAP, Tagged

Record = dict[str, Any]

_LISTED_ROLES, _LISTED_WRITERS, _LISTED_TAGS = 3, 2, 2


def full_record(library: PlexLibrary, item: Item, origin: str, *, counts: bool = False) -> Record:
    """What ``/library/metadata/{id}`` gives; ``origin`` is put before paths of portraits.

    ``counts``: with each person on how many items they are.
    """
    record = _head(item, full=True)
    record["Media"] = media(item, full=True)
    _pictures(record, item)
    record["Genre"] = [_plain_tag("genre", genre) for genre in item.work.genres]
    record["Country"] = [_plain_tag("country", country) for country in item.work.countries]
    record["Guid"] = external_guids(item)
    people = library.people(item.key)
    for kind in ("Director", "Writer", "Role", "Producer"):
        tags = people.get(kind, ())[:ROLE_CAP]
        told = {t.human.id: {"count": len(library.media_of(t.human))} for t in tags if counts}
        record[kind] = [_full_tag(t, origin) | told.get(t.human.id, {}) for t in tags]
    if item.work.kind == "show":
        record["Location"] = [{"path": f"/media/shows/{item.work.title}"}]
    return _without_empty(record)


def listed_record(library: PlexLibrary, item: Item, *, guids: bool) -> Record:
    """What a listing gives: three first-billed names, no producers, names without ids."""
    record = _head(item, full=False)
    record["Media"] = media(item, full=False)
    _pictures(record, item)
    if guids:
        record["Guid"] = external_guids(item)
    record["Genre"] = [{"tag": genre} for genre in item.work.genres[:_LISTED_TAGS]]
    record["Country"] = [{"tag": country} for country in item.work.countries[:_LISTED_TAGS]]
    people = library.people(item.key)
    record["Director"] = [{"tag": t.name} for t in people.get("Director", ())]
    record["Writer"] = [{"tag": t.name} for t in people.get("Writer", ())[:_LISTED_WRITERS]]
    record["Role"] = [{"tag": t.name} for t in people.get("Role", ())[:_LISTED_ROLES]]
    return _without_empty(record)


def person_record(tag: Tagged, tag_type: int, origin: str) -> Record:
    """A person as ``/library/people`` and ``/library/tags`` give them."""
    record = _full_tag(tag, origin)
    record.pop("role", None)
    thumb = record.pop("thumb", None)
    key = record.pop("tagKey", None)
    record["tagType"] = tag_type
    if key:
        record["tagKey"] = key
    if thumb:
        record["thumb"] = thumb
    return record


def sort_title(title: str) -> str:
    """Without a leading English article, in lower case."""
    return re.sub(r"^(the|a|an)\s+", "", title.strip().lower())


def _head(item: Item, *, full: bool) -> Record:
    """The scalar fields in their recorded order; None marks what this item does not have."""
    work, parent = item.work, item.parent
    show = parent.parent if parent and parent.parent else None
    children = work.kind in ("show", "season")
    path = f"/library/metadata/{item.key}"
    record: Record = {"ratingKey": str(item.key), "key": f"{path}/children" if children else path}
    if parent:
        record["parentRatingKey"] = str(parent.key)
    if show:
        record["grandparentRatingKey"] = str(show.key)
    record["guid"] = guid(item)
    if parent:
        record["parentGuid"] = guid(parent)
    if show:
        record["grandparentGuid"] = guid(show)
        record["grandparentSlug"] = _slug(show.work)
    elif not parent and work.matched:
        record["slug"] = _slug(work)
        record["studio"] = work.studio
    record["type"] = work.kind
    record["title"] = work.title
    if sort_title(work.title) != work.title.lower():
        record["titleSort"] = re.sub(r"^(the|a|an)\s+", "", work.title, flags=re.I)
    if show:
        record["grandparentKey"] = f"/library/metadata/{show.key}"
    if parent:
        record["parentKey"] = f"/library/metadata/{parent.key}"
    if full:
        record["librarySectionTitle"] = item.section.title
        record["librarySectionID"] = item.section.key
        record["librarySectionKey"] = f"/library/sections/{item.section.key}"
    if show:
        record["grandparentTitle"] = show.work.title
    if parent:
        record["parentTitle"] = parent.work.title
    record["originalTitle"] = work.original_title if work.original_title != work.title else None
    record["contentRating"] = work.rating
    record["summary"] = work.overview
    record |= _numbers(item, show)
    return {name: value for name, value in record.items() if value is not None}


def _numbers(item: Item, show: Item | None) -> Record:
    work, parent = item.work, item.parent
    record: Record = {}
    if work.kind != "movie":
        record["index"] = 1 if work.kind == "show" else work.number
    if parent:
        record["parentIndex"] = 1 if work.kind == "season" else parent.work.number
    if work.kind == "season" and parent:
        record["parentYear"] = parent.work.year
    else:
        if work.matched:
            record["audienceRating"] = _rating(work)
        # Recorded: an episode carries the year of its show, whenever it was aired.
        record["year"] = show.work.year if show else work.year
    record["tagline"] = work.tagline or None
    record |= _paths(item, show)
    if work.runtime and work.kind != "season":
        record["duration"] = work.runtime * 60_000
    if work.kind != "season":
        record["originallyAvailableAt"] = work.date
    if work.kind in ("show", "season"):
        leaves = (
            item.children
            if work.kind == "season"
            else [leaf for season in item.children for leaf in season.children]
        )
        record["leafCount"], record["viewedLeafCount"] = len(leaves), 0
    if work.kind == "show":
        record["childCount"] = len(item.children)
    record["addedAt"], record["updatedAt"] = item.added, item.updated
    if work.matched and work.kind != "season":
        record["audienceRatingImage"] = "themoviedb://image.rating"
    return record


def _paths(item: Item, show: Item | None) -> Record:
    parent, top = item.parent, show or item.parent or item
    record: Record = {"thumb": _path(item, "thumb"), "art": _path(top, "art")}
    if parent:
        record["parentThumb"] = _path(parent, "thumb")
    if show:
        record["grandparentThumb"] = _path(show, "thumb")
        record["grandparentArt"] = _path(show, "art")
    return record


def _path(item: Item, what: str) -> str:
    return f"/library/metadata/{item.key}/{what}/{item.updated}"


def _pictures(record: Record, item: Item) -> None:
    title = item.work.title
    cover = {"alt": title, "type": "coverPoster", "url": record["thumb"]}
    if item.work.kind == "episode":
        cover["url"] = record["parentThumb"]
    images = [cover, {"alt": title, "type": "background", "url": record["art"]}]
    if item.work.kind == "episode":
        images.insert(1, {"alt": title, "type": "snapshot", "url": record["thumb"]})
    record["Image"] = images
    shades = hashlib.md5(item.work.id.encode()).hexdigest()
    corners = ("topLeft", "topRight", "bottomRight", "bottomLeft")
    record["UltraBlurColors"] = {c: shades[i * 6 : i * 6 + 6] for i, c in enumerate(corners)}


def _full_tag(tag: Tagged, origin: str) -> Record:
    record: Record = {
        "id": tag.id,
        "filter": f"{FILTERS[tag.kind]}={tag.id}",
        "tag": tag.name,
    }
    if tag.key:
        record["tagKey"] = tag.key
    if tag.kind == "Role":
        record["role"] = tag.role
    if tag.portrait:
        record["thumb"] = f"{origin}/people/{tag.key}.jpg"
    return record


def _plain_tag(kind: str, text: str) -> Record:
    number = zlib.crc32(f"{kind} {text}".encode()) % 100_000
    return {"id": number, "filter": f"{kind}={number}", "tag": text}


def _rating(work: Work) -> float:
    return 4 + zlib.crc32(f"rating {work.id}".encode()) % 56 / 10


def _slug(work: Work) -> str:
    return re.sub(r"[^\w]+", "-", work.title.lower()).strip("-") or work.id


def _without_empty(record: Record) -> Record:
    """Plex leaves a list out when it has nothing in it."""
    return {name: value for name, value in record.items() if value != []}

"""Items and persons as BaseItemDto words them: every field there is, in the recorded order.

Nulls are left out except in nullable ids.
"""

from __future__ import annotations

from typing import Any

from fullcredits.simulate.jellyfin import pictures
from fullcredits.simulate.jellyfin.ids import etag, net_guid
from fullcredits.simulate.jellyfin.library import Item, JellyfinLibrary, Person
from fullcredits.simulate.jellyfin.sorting import sort_name
from fullcredits.simulate.jellyfin.times import iso_date, iso_ticks

Record = dict[str, Any]

_SCHEMES = {"imdb": "Imdb", "tmdb": "Tmdb", "tvdb": "Tvdb"}
_LINKS = {"imdb": ("IMDb", "https://www.imdb.com/{}/{}")}


def item_record(library: JellyfinLibrary, item: Item, *, people: bool) -> Record:
    """Every field of a movie, series, season or episode; People only when wanted, being dear."""
    work, series = item.work, item.series
    file = work.kind in ("movie", "episode")
    record: Record = {
        "Name": work.title,
        "OriginalTitle": work.original_title if work.original_title != work.title else None,
        "ServerId": library.server_id,
        "Id": item.id,
        "Etag": etag(item.saved),
        "DateCreated": iso_ticks(item.created),
        "CanDelete": True,
        "CanDownload": file,
        "SortName": sort_name(item),
        "PremiereDate": iso_date(work.date),
        "ExternalUrls": _links(work.ids, "title"),
        "MediaSources": _sources(item) if file else None,
        "ProductionLocations": list(work.countries) if work.kind == "movie" else None,
        "Path": _path(item),
        "EnableMediaSourceDisplay": True,
        "OfficialRating": work.rating,
        "Overview": work.overview or None,
        "Taglines": [work.tagline] if work.tagline else [],
        "Genres": list(work.genres),
        "RunTimeTicks": work.runtime * 600_000_000 if work.runtime and file else None,
        "PlayAccess": "Full",
        "ProductionYear": work.year,
        "IndexNumber": work.number,
        "ParentIndexNumber": _season_number(item),
        "RemoteTrailers": [],
        "ProviderIds": _provider_ids(work.ids),
        "IsFolder": not file,
        "Type": item.type,
        "People": people_record(library, item) if people else None,
        "Studios": [_named("Studio", work.studio)] if work.studio else [],
        "GenreItems": [_named("Genre", genre) for genre in work.genres],
        "LocalTrailerCount": 0,
        "UserData": _user_data(item.id, dict(work.ids).get("tmdb")),
        "ChildCount": len(item.children) if not file else None,
        "SeriesName": series.work.title if series else None,
        "SeriesId": series.id if series else None,
        "SeasonId": item.parent.id if work.kind == "episode" and item.parent else None,
        "SpecialFeatureCount": 0,
        "DisplayPreferencesId": net_guid(f"preferences {item.id}"),
        "AirDays": [] if work.kind == "show" else None,
        "Tags": [],
        "PrimaryImageAspectRatio": 1.7777777777777777 if work.kind == "episode" else 2 / 3,
        "SeasonName": item.parent.work.title if work.kind == "episode" and item.parent else None,
        "MediaStreams": [] if file else None,
        "VideoType": "VideoFile" if file else None,
        **pictures.item_images(item),
        "Chapters": [] if file else None,
        "Trickplay": {} if file else None,
        "LocationType": "FileSystem",
        "MediaType": "Video" if file else "Unknown",
        "LockedFields": [],
        "LockData": False,
    }
    parent = item.parent.id if item.parent else item.view.folder
    return _with_ids(record, channel_after="OfficialRating", parent=parent)


def person_record(library: JellyfinLibrary, person: Person) -> Record:
    """Every field of a person; birth is PremiereDate, death EndDate, both at midnight."""
    told = person.told
    record: Record = {
        "Name": person.name,
        "ServerId": library.server_id,
        "Id": person.id,
        "Etag": etag(person.saved),
        "DateCreated": iso_ticks(person.saved),
        "CanDelete": False,
        "CanDownload": False,
        "SortName": person.name,
        "PremiereDate": iso_date(told.born),
        "ExternalUrls": _links(told.ids, "name"),
        "ProductionLocations": [told.birthplace] if told.birthplace else None,
        "Path": f"/config/metadata/People/{person.name[:1]}/{person.name}",
        "EnableMediaSourceDisplay": True,
        "Overview": told.biography,
        "Taglines": [],
        "Genres": [],
        "RemoteTrailers": [],
        "ProviderIds": _provider_ids(told.ids),
        "Type": "Person",
        "People": [],
        "Studios": [],
        "GenreItems": [],
        "LocalTrailerCount": 0,
        "UserData": _user_data(person.id, f"Person-{person.name}"),
        "SpecialFeatureCount": 0,
        "DisplayPreferencesId": net_guid("preferences of persons"),
        "Tags": [],
        **pictures.person_images(person),
        "LocationType": "FileSystem",
        "MediaType": "Unknown",
        "EndDate": iso_date(told.died),
        "LockedFields": [],
        "LockData": False,
    }
    return _with_ids(record, channel_after="EnableMediaSourceDisplay", parent=None)


def people_record(library: JellyfinLibrary, item: Item) -> list[Record]:
    """People of an item. Portraits are those of the persons as they are now.

    Once somebody in the list had a picture, those without carry an empty set of hashes.
    """
    entries: list[Record] = []
    hashes_seen = False
    for credit in library.people(item.id):
        person = library.person_named(credit.name)
        entry: Record = {
            "Name": credit.name,
            "Id": person.id,
            "Role": credit.role,
            "Type": credit.kind,
        }
        if library.dialect.silent_roles and not credit.role:
            del entry["Role"]
        pictured = person.pictured
        if pictured:
            hashes_seen = True
            tag, colours = pictures.portrait(pictured.id)
            entry["PrimaryImageTag"] = tag
            entry["ImageBlurHashes"] = {"Primary": {tag: colours}}
        elif hashes_seen:
            entry["ImageBlurHashes"] = {"Primary": {}}
        entries.append(entry)
    return entries


def _with_ids(record: Record, *, channel_after: str, parent: str | None) -> Record:
    """The record without its nulls, but with the two ids that are served even when null."""
    complete: Record = {}
    for name, value in record.items():
        if name == "Type":
            complete["ParentId"] = parent
        if value is not None:
            complete[name] = value
        if name == channel_after:
            complete["ChannelId"] = None
    return complete


def _season_number(item: Item) -> int | None:
    return item.parent.work.number if item.parent and item.work.kind == "episode" else None


def _provider_ids(ids: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_SCHEMES[scheme]: value for scheme, value in sorted(ids)}


def _links(ids: tuple[tuple[str, str], ...], what: str) -> list[Record]:
    return [
        {"Name": _LINKS[scheme][0], "Url": _LINKS[scheme][1].format(what, value)}
        for scheme, value in ids
        if scheme in _LINKS
    ]


def _named(kind: str, name: str) -> Record:
    return {"Name": name, "Id": net_guid(f"MediaBrowser.Controller.Entities.{kind}{name.lower()}")}


def _path(item: Item) -> str:
    work, parent = item.work, item.parent
    if parent is None:
        folder = f"{item.view.path}/{work.title} ({work.year})"
        return folder if work.kind == "show" else f"{folder}/{work.title}.mkv"
    if work.kind == "season":
        return f"{_path(parent)}/Season {work.number:02}"
    return f"{_path(parent)}/E{work.number:02}.mkv"


def _sources(item: Item) -> list[Record]:
    return [
        {
            "Protocol": "File",
            "Id": item.id,
            "Path": _path(item),
            "Type": "Default",
            "Container": "mkv",
            "Name": item.work.title,
            "IsRemote": False,
            "SupportsTranscoding": True,
            "SupportsDirectStream": True,
            "SupportsDirectPlay": True,
            "VideoType": "VideoFile",
            "MediaStreams": [],
            "MediaAttachments": [],
            "Formats": [],
            "HasSegments": False,
        }
    ]


def _user_data(item_id: str, key: str | None) -> Record:
    dashed = "-".join((item_id[:8], item_id[8:12], item_id[12:16], item_id[16:20], item_id[20:]))
    return {
        "PlaybackPositionTicks": 0,
        "PlayCount": 0,
        "IsFavorite": False,
        "Played": False,
        "Key": key or dashed,
        "ItemId": item_id,
    }

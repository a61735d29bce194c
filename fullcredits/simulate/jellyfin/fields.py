"""Which fields of a record come always, and which only when they are asked for."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]

# What must be asked for, and the value of `fields` that brings it.
_ASKED = {
    "Etag": "etag",
    "DateCreated": "datecreated",
    "CanDelete": "candelete",
    "CanDownload": "candownload",
    "OriginalTitle": "originaltitle",
    "SortName": "sortname",
    "ExternalUrls": "externalurls",
    "ProductionLocations": "productionlocations",
    "Path": "path",
    "EnableMediaSourceDisplay": "enablemediasourcedisplay",
    "Overview": "overview",
    "Taglines": "taglines",
    "Genres": "genres",
    "PlayAccess": "playaccess",
    "RemoteTrailers": "remotetrailers",
    "ProviderIds": "providerids",
    "ParentId": "parentid",
    "People": "people",
    "Studios": "studios",
    "GenreItems": "genres",
    "LocalTrailerCount": "localtrailercount",
    "SpecialFeatureCount": "specialfeaturecount",
    "DisplayPreferencesId": "displaypreferencesid",
    "ChildCount": "childcount",
    "RecursiveItemCount": "recursiveitemcount",
    "PrimaryImageAspectRatio": "primaryimageaspectratio",
    "Tags": "tags",
    "MediaSources": "mediasources",
    "MediaStreams": "mediastreams",
    "Chapters": "chapters",
    "Trickplay": "trickplay",
    "LockedFields": "settings",
    "LockData": "settings",
    "MovieCount": "itemcounts",
    "SeriesCount": "itemcounts",
    "EpisodeCount": "itemcounts",
}
EVERY_FIELD = frozenset(_ASKED.values())
_IMAGES = ("ImageTags", "BackdropImageTags", "ImageBlurHashes")


def selected(record: Record, fields: frozenset[str], *, images: bool, user_data: bool) -> Record:
    """The part of a record that was asked for; ``fields`` are lower-case ItemFields."""
    return {
        name: value
        for name, value in record.items()
        if (name not in _ASKED or _ASKED[name] in fields)
        and (images or name not in _IMAGES)
        and (user_data or name != "UserData")
    }

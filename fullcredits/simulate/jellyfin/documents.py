"""Answers that are about the server and its users rather than about items, as recorded."""

from __future__ import annotations

from typing import Any

from fullcredits.simulate.jellyfin.gate import Caller, Gate
from fullcredits.simulate.jellyfin.ids import etag, net_guid, ticks
from fullcredits.simulate.jellyfin.library import JellyfinLibrary, View
from fullcredits.simulate.jellyfin.times import iso_ticks

Record = dict[str, Any]

_NEVER = "0001-01-01T00:00:00.0000000Z"
_BORN = ticks(1_577_836_800)


def public_info(library: JellyfinLibrary, version: str, address: str) -> Record:
    """``/System/Info/Public``."""
    return {
        "LocalAddress": address,
        "ServerName": library.name,
        "Version": version,
        "ProductName": "Jellyfin Server",
        "OperatingSystem": "",
        "Id": library.server_id,
        "StartupWizardCompleted": True,
    }


def system_info(library: JellyfinLibrary, version: str, address: str) -> Record:
    """``/System/Info``."""
    return {
        "OperatingSystemDisplayName": "",
        "HasPendingRestart": False,
        "IsShuttingDown": False,
        "SupportsLibraryMonitor": True,
        "WebSocketPortNumber": int(address.rpartition(":")[2] or 8096),
        "CompletedInstallations": [],
        "CanSelfRestart": True,
        "CanLaunchWebBrowser": False,
        "ProgramDataPath": "/config",
        "WebPath": "/usr/share/jellyfin/web",
        "ItemsByNamePath": "/config/metadata",
        "CachePath": "/cache",
        "LogPath": "/config/log",
        "InternalMetadataPath": "/config/metadata",
        "TranscodingTempPath": "/cache/transcodes",
        "CastReceiverApplications": [
            {"Id": "F007D354", "Name": "Stable"},
            {"Id": "6F511C87", "Name": "Unstable"},
        ],
        "HasUpdateAvailable": False,
        "EncoderLocation": "System",
        "SystemArchitecture": "X64",
        **public_info(library, version, address),
    }


def user(library: JellyfinLibrary, gate: Gate) -> Record:
    """The one user, an administrator."""
    return {
        "Name": gate.user_name,
        "ServerId": library.server_id,
        "Id": gate.user_id,
        "HasPassword": True,
        "HasConfiguredPassword": True,
        "HasConfiguredEasyPassword": False,
        "EnableAutoLogin": False,
        "LastActivityDate": iso_ticks(ticks(library.clock.time())),
        "Configuration": {
            "PlayDefaultAudioTrack": True,
            "SubtitleLanguagePreference": "",
            "DisplayMissingEpisodes": False,
            "GroupedFolders": [],
            "SubtitleMode": "Default",
            "DisplayCollectionsView": False,
            "EnableLocalPassword": False,
            "OrderedViews": [],
            "LatestItemsExcludes": [],
            "MyMediaExcludes": [],
            "HidePlayedInLatest": True,
            "RememberAudioSelections": True,
            "RememberSubtitleSelections": True,
            "EnableNextEpisodeAutoPlay": True,
            "CastReceiverId": "F007D354",
        },
        "Policy": {
            "IsAdministrator": True,
            "IsHidden": True,
            "IsDisabled": False,
            "BlockedTags": [],
            "AllowedTags": [],
            "EnableRemoteAccess": True,
            "EnableMediaPlayback": True,
            "EnableContentDeletion": True,
            "EnabledChannels": [],
            "EnableAllChannels": True,
            "EnabledFolders": [],
            "EnableAllFolders": True,
            "InvalidLoginAttemptCount": 0,
            "LoginAttemptsBeforeLockout": -1,
            "MaxActiveSessions": 0,
            "EnablePublicSharing": True,
            "BlockedMediaFolders": [],
            "BlockedChannels": [],
            "SyncPlayAccess": "CreateAndJoinGroups",
        },
    }


def signed_in(library: JellyfinLibrary, gate: Gate, caller: Caller, token: str) -> Record:
    """The answer to a sign-in."""
    now = iso_ticks(ticks(library.clock.time()))
    session = {
        "PlayState": {"CanSeek": False, "IsPaused": False, "IsMuted": False,
                      "RepeatMode": "RepeatNone", "PlaybackOrder": "Default"},
        "AdditionalUsers": [],
        "RemoteEndPoint": "127.0.0.1",
        "PlayableMediaTypes": [],
        "Id": net_guid(f"session {caller.device_id}"),
        "UserId": gate.user_id,
        "UserName": gate.user_name,
        "Client": caller.client,
        "LastActivityDate": now,
        "LastPlaybackCheckIn": _NEVER,
        "DeviceName": caller.device,
        "DeviceId": caller.device_id,
        "ApplicationVersion": caller.version,
        "IsActive": True,
        "SupportsMediaControl": False,
        "SupportsRemoteControl": False,
        "NowPlayingQueue": [],
        "NowPlayingQueueFullItems": [],
        "HasCustomDeviceName": False,
        "ServerId": library.server_id,
        "SupportedCommands": [],
    }  # fmt: skip
    return {
        "User": user(library, gate),
        "SessionInfo": session,
        "AccessToken": token,
        "ServerId": library.server_id,
    }


def virtual_folder(library: JellyfinLibrary, view: View) -> Record:
    """A row of ``/Library/VirtualFolders``."""
    return {
        "Name": view.name,
        "Locations": [view.path],
        "CollectionType": view.collection,
        "LibraryOptions": {
            "Enabled": True,
            "EnableRealtimeMonitor": True,
            "PathInfos": [{"Path": view.path}],
            "SeasonZeroDisplayName": "Specials",
            "TypeOptions": [],
        },
        "ItemId": view.id,
        "RefreshStatus": "Active" if library.scanning else "Idle",
    }


def view(library: JellyfinLibrary, shown: View, *, for_user: bool) -> Record:
    """A library as an item: for a user with play state and number of children."""
    count = sum(1 for i in library.items.values() if i.view is shown and i.parent is None)
    record: Record = {
        "Name": shown.name,
        "ServerId": library.server_id,
        "Id": shown.id,
        "Etag": etag(_BORN),
        "DateCreated": iso_ticks(_BORN),
        "DateLastMediaAdded": _NEVER if for_user else None,
        "CanDelete": False,
        "CanDownload": False,
        "SortName": shown.name.lower(),
        "ExternalUrls": [],
        "Path": f"/config/root/default/{shown.name}",
        "EnableMediaSourceDisplay": True,
    }
    record = {name: value for name, value in record.items() if value is not None}
    record |= {"ChannelId": None, "Taglines": [], "Genres": []}
    if for_user:
        record["PlayAccess"] = "Full"
    record |= {
        "RemoteTrailers": [],
        "ProviderIds": {},
        "IsFolder": True,
        "ParentId": net_guid(f"{library.name}/root"),
        "Type": "CollectionFolder",
        "People": [],
        "Studios": [],
        "GenreItems": [],
        "LocalTrailerCount": 0,
    }
    if for_user:
        record["ChildCount"] = count
    return record | {
        "SpecialFeatureCount": 0,
        "DisplayPreferencesId": shown.id,
        "Tags": [],
        "CollectionType": shown.collection,
        "ImageTags": {},
        "BackdropImageTags": [],
        "ImageBlurHashes": {},
        **({"Chapters": []} if library.dialect.library_chapters else {}),
        "LocationType": "FileSystem",
        "MediaType": "Unknown",
        "LockedFields": [],
        "LockData": False,
    }


def scan_task(*, running: bool) -> Record:
    """The library scan in ``/ScheduledTasks``."""
    return {
        "Name": "Scan Media Library",
        "State": "Running" if running else "Idle",
        "Id": net_guid("task RefreshLibrary"),
        "LastExecutionResult": {"Status": "Completed", "Key": "RefreshLibrary"},
        "Triggers": [],
        "Description": "Scans your media library for new files and refreshes metadata.",
        "Category": "Library",
        "IsHidden": False,
        "Key": "RefreshLibrary",
    }


def page(rows: list[Record]) -> Record:
    """The envelope around a complete list."""
    return {"Items": rows, "TotalRecordCount": len(rows), "StartIndex": 0}

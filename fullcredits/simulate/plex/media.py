"""The files behind an item: made up, and only there because real records carry them."""

from __future__ import annotations

import zlib
from typing import Any

from fullcredits.simulate.plex.library import Item

Record = dict[str, Any]


def media(item: Item, *, full: bool) -> list[Record]:
    """One version with one file; its streams only in full records. Shows and seasons have none."""
    work = item.work
    if work.kind not in ("movie", "episode"):
        return []
    chance = zlib.crc32(f"file {work.id}".encode())
    high = chance % 3 == 0
    duration = (work.runtime or 45) * 60_000
    version: Record = {
        "id": item.key + 20_000,
        "duration": duration,
        "bitrate": 2_000 + chance % 20_000,
        "width": 3840 if high else 1920,
        "height": 2160 if high else 1080,
        "aspectRatio": 1.78,
        "audioChannels": 6,
        "audioCodec": "eac3",
        "videoCodec": "hevc" if high else "h264",
        "videoResolution": "4k" if high else "1080",
        "container": "mkv",
        "videoFrameRate": "24p",
        "videoProfile": "main 10" if high else "high",
        "hasVoiceActivity": False,
    }
    part: Record = {
        "id": item.key + 30_000,
        "key": f"/library/parts/{item.key + 30_000}/{item.added}/file.mkv",
        "duration": duration,
        "file": f"{item.section.path}/{_folder(item)}.mkv",
        "size": duration * (2_000 + chance % 20_000) // 8,
        "container": "mkv",
        "videoProfile": version["videoProfile"],
    }
    if full:
        part["Stream"] = _streams(item.key + 40_000, version)
    return [version | {"Part": [part]}]


def _folder(item: Item) -> str:
    work, season = item.work, item.parent
    if season is None or season.parent is None:
        return f"{work.title} ({work.year})/{work.title} ({work.year})"
    show, numbers = season.parent.work, f"S{season.work.number:02}E{work.number:02}"
    return f"{show.title}/Season {season.work.number:02}/{show.title} - {numbers}"


def _streams(number: int, version: Record) -> list[Record]:
    video: Record = {
        "id": number * 2,
        "streamType": 1,
        "default": True,
        "codec": version["videoCodec"],
        "index": 0,
        "bitrate": version["bitrate"] - 768,
        "language": "English",
        "languageTag": "en",
        "languageCode": "eng",
        "frameRate": 23.976,
        "height": version["height"],
        "width": version["width"],
        "displayTitle": f"{version['videoResolution']} ({version['videoCodec'].upper()})",
    }
    audio: Record = {
        "id": number * 2 + 1,
        "streamType": 2,
        "selected": True,
        "default": True,
        "codec": "eac3",
        "index": 1,
        "channels": 6,
        "bitrate": 768,
        "language": "English",
        "languageTag": "en",
        "languageCode": "eng",
        "displayTitle": "English (EAC3 5.1)",
    }
    return [video, audio]

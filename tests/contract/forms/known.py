"""The forms that are written down, and how they are learnt from recordings."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from tests.contract.forms.form import Form
from tests.contract.forms.jellyfin import JELLYFIN, JELLYFIN_TOLD
from tests.contract.forms.kinds import Kind
from tests.contract.forms.plex import PLEX, PLEX_TOLD
from tests.contract.recorded import recorded_files
from tests.shared_data import shared_path

FOLDER = Path(__file__).with_name("recorded")


class Known(NamedTuple):
    """What was recorded of a kind of answer."""

    status: int
    media_type: str
    """"" where it was not recorded."""
    form: Form

    def answered(self, answer: httpx2.Response) -> bool:
        """Whether an answer has this status and media type."""
        told = answer.headers.get("content-type", "") if self.media_type else ""
        return (answer.status_code, told) == (self.status, self.media_type)


SETS = {
    "jellyfin-10.11": ("jellyfin", "10.11.11/", (*JELLYFIN, *JELLYFIN_TOLD)),
    "jellyfin-12.0": ("jellyfin", "12.0-rc5/", (*JELLYFIN, *JELLYFIN_TOLD)),
    "plex": ("plex", "", (*PLEX, *PLEX_TOLD)),
}
"""By file: the dialect, the folder of its recordings, and the kinds."""


@cache
def known(name: str) -> dict[str, Known]:
    """The written forms of a set, by kind."""
    found = {}
    for block in (FOLDER / f"{name}.txt").read_text().split("\n\n"):
        head, *lines = block.strip().split("\n")
        kind, status, media_type = head.removeprefix("# ").split(" | ")
        found[kind] = Known(int(status), media_type, Form.written(lines))
    return found


def written(name: str) -> str:
    """What the file of a set should say, learnt from the recordings; skips without them."""
    blocks = []
    for kind, answers in learnt(name):
        status, media_type, _ = answers[0]
        form = Form.of(value for *_, body in answers for value in kind.values(body))
        blocks.append("\n".join([f"# {kind.name} | {status} | {media_type}", *form.lines()]))
    return "\n\n".join(blocks) + "\n"


Answer = tuple[int, str, Any]
"""Status, media type, body."""


def learnt(name: str) -> Iterator[tuple[Kind, Sequence[Answer]]]:
    """The recorded answers of each kind that was recorded for a set."""
    _, _, kinds = SETS[name]
    for kind in kinds:
        answers = [
            answer for path, part in recordings(name, kind) for answer in _answers(path, part)
        ]
        if answers:
            yield kind, answers


def recordings(name: str, kind: Kind) -> list[tuple[str, str]]:
    """The paths of a kind's recordings, and which part of each."""
    dialect, folder, _ = SETS[name]
    found = []
    for pattern in kind.recordings:
        file, _, part = pattern.partition("#")
        below = file if "/" in file else f"{folder}{file}"
        if below.startswith(folder):
            paths = fnmatch.filter(recorded_files(dialect), f"{below}.json")
            found += [(f"{dialect}/{path}", part) for path in paths]
    return found


def _answers(path: str, part: str) -> Iterator[Answer]:
    told = json.loads(shared_path("recordings", path).read_text())
    if part:
        for row in told:
            if row.get("frame", {}).get("MessageType") == part:
                yield 200, "", row["frame"]
            elif f"{row.get('request', '').partition('?')[0]} {row.get('status')}".startswith(part):
                yield _answer(row)
    elif isinstance(told, dict) and "request" in told:
        yield _answer(told)
    else:
        yield 200, "", told


def _answer(told: Any) -> Answer:
    return told["status"], told.get("headers", {}).get("Content-Type", ""), told["body"]

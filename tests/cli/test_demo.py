"""`fullcredits demo`: everything at once, and nothing left behind."""

from __future__ import annotations

import re
import signal
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.cli.process import SECONDS, Program

PAGES = ("/", "/search?q=a")
LINK = re.compile(r'href="(/(?:library|movie|show|season|episode|person)/[^"?#]+)')
PICTURE = re.compile(r'src="(/image/[^"]+)"')


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A machine that was never used."""
    return Program(tmp_path)


def test_the_demonstration(program: Program) -> None:
    """Serves a page of every kind with pictures; Ctrl-C leaves no file and no process."""
    with program.start("demo", "--port", "0") as process:
        assert process.stdout is not None
        said = (line for line in process.stdout if line.startswith("Fullcredits is at"))
        address = next(said).split()[-1]
        try:
            kinds, pictures = _walk(address)
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=SECONDS)
    assert kinds == {"library", "movie", "show", "season", "episode", "person"}
    assert len(pictures) > 5
    assert process.returncode == 130, rest  # interrupted, as shells count it
    assert not list(program.folder.glob("fullcredits-demo-*"))
    assert not program.data.exists()
    assert not _processes_of(process.pid)


def _walk(address: str) -> tuple[set[str], set[str]]:
    """One page of each kind, from the home page on; each with a picture if it has any."""
    kinds: set[str] = set()
    pictures: set[str] = set()
    waiting = [urljoin(address, page) for page in PAGES]
    while waiting:
        page = _get(waiting.pop(0), "text/html").decode()
        if found := PICTURE.search(page):
            picture = urljoin(address, found[1].replace("&amp;", "&"))
            assert len(_get(picture, "image/")) > 200
            pictures.add(picture)
        for path in LINK.findall(page):
            kind = path.split("/")[1]
            if kind not in kinds:
                kinds.add(kind)
                waiting.append(urljoin(address, path))
    return kinds, pictures


def _get(address: str, media_type: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith(media_type)
        content: bytes = answer.read()
    return content


def _processes_of(parent: int) -> list[str]:
    """Processes that this one started, or itself."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        if parent in (int(fields[1]), int(status.parent.name)):
            found.append(status.parent.name)
    return found

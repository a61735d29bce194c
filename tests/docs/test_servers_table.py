"""The tables of facts in docs/servers.md name tests, every test they name exists, and every fact
of the sheets has its row.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs import sheets
from tests.shared_data import shared_path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "servers.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
NOT_MET = "not met by a sync"
SECTIONS = ("### Plex", "### Jellyfin", "### Faults")


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests a file defines; none where there is no such file."""
    file = TESTS / path
    if not file.exists():
        return frozenset()
    tree = ast.parse(file.read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def rows(section: str) -> list[tuple[str, str]]:
    """(fact, what holds it) of the table below a heading."""
    _, _, below = PAGE.read_text().partition(f"\n{section}\n")
    table = re.split(r"\n##", below)[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    cells = [line.strip("| ").split(" | ") for line in lines]
    assert all(len(cell) == 2 for cell in cells), cells
    return [(fact, held) for fact, held in cells]


def test_every_named_test_exists() -> None:
    named = NAMED.findall(PAGE.read_text())
    assert len(named) > 100
    missing = [f"{path}::{test}" for path, test in named if test not in defined_in(path)]
    assert missing == []


def test_every_fact_is_held_or_not_met() -> None:
    for section in SECTIONS:
        found = rows(section)
        assert len(found) >= 8, section
        loose = [fact for fact, held in found if not NAMED.search(held) and NOT_MET not in held]
        assert loose == []
        facts = [fact for fact, _ in found]
        assert len(facts) == len(set(facts))


def numbered(sheet: str) -> set[str]:
    """The lines of a sheet that say something, as section and number."""
    found: set[str] = set()
    section, number = "top", 0
    for line in sheet.splitlines():
        if line.startswith("## "):
            heading = re.match(r"## (\d+b?)\.", line)
            section, number = heading[1] if heading else "seen", 0
        elif re.match(r"[-*] |\| |[A-Z`(]", line) and not line.startswith("|-"):
            number += 1
            found.add(f"{section}.{number}")
    return found


@pytest.mark.parametrize(
    ("sheet", "section", "text"),
    [
        ("plex-api.md", "### Plex", sheets.PLEX),
        ("jellyfin-api.md", "### Jellyfin", sheets.JELLYFIN),
    ],
)
def test_every_fact_of_the_sheets_has_a_row(sheet: str, section: str, text: str) -> None:
    facts = [fact for fact, _ in rows(section)]
    placed = sheets.rows_of(text)
    lost = [
        f"{line}: {start}"
        for line, starts in placed.items()
        for start in starts
        if not any(fact.startswith(start) for fact in facts)
    ]
    assert lost == []
    starts = {start for found in placed.values() for start in found}
    assert [fact for fact in facts if not fact.startswith(tuple(starts))] == []
    assert numbered(shared_path(sheet).read_text()) == placed.keys()

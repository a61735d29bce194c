"""The documentation names what there is, and nothing that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from fullcredits import errors
from fullcredits.cli.commands import cli
from fullcredits.config import Config

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_documentation_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_every_page_is_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(docs/([^)]+\.md)\)", (ROOT / "README.md").read_text()))
    assert linked >= {page.name for page in (ROOT / "docs").glob("*.md")}


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", read("configure.md"), re.MULTILINE))
    assert set(rows) == set(Config.model_fields)
    for name in ("host", "port", "picture_budget", "log_level"):
        assert rows[name] == f"`{Config.model_fields[name].default}`"


def commands() -> Iterator[str]:
    group = typer.main.get_group(cli)
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        yield from (f"{name} {sub}" for sub in inner) if inner else [name]


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"^\| `fullcredits ([a-z -]+)` \|", read("cli.md"), re.MULTILINE))
    assert documented == set(commands())


def error_classes(base: type[errors.FullcreditsError]) -> Iterator[type[errors.FullcreditsError]]:
    yield base
    for child in base.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from error_classes(child)


def test_every_error_code_is_documented_with_its_exit_code() -> None:
    documented = {}
    for code, words in re.findall(r"^\| (\d+) \| (.*?) \|", read("cli.md"), re.MULTILINE):
        documented.update(dict.fromkeys(re.findall(r"`(\w+)`", words), int(code)))
    known = {c.code: c.exit_code for c in error_classes(errors.FullcreditsError)}
    assert documented == known


def test_the_tree_of_errors_is_drawn_whole() -> None:
    drawn = set(
        re.findall(r"\b([A-Z]\w+)\b(?=  )|^(\w+Error)$", errors.__doc__ or "", re.MULTILINE)
    )
    names = {a or b for a, b in drawn}
    assert names == {c.__name__ for c in error_classes(errors.FullcreditsError)}

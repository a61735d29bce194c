"""`fullcredits person | title | search`: the pages, as text or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from rich.text import Text

from fullcredits import pages
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import err, out, print_json
from fullcredits.errors import ConfigError, NotFound
from fullcredits.model import TitleKind
from fullcredits.pages import EpisodePage, MoviePage, PersonPage, SeasonPage, ShowPage
from fullcredits.pages.credits import Line
from fullcredits.store import Connection
from fullcredits.text import fold

Ref = Annotated[str, typer.Argument(help="The number in its page's address, or the name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

TitlePage = MoviePage | ShowPage | SeasonPage | EpisodePage
Page = TypeVar("Page")


@dataclass(frozen=True, slots=True)
class Group:
    """A department's whole list."""

    department: str
    lines: list[Line]


TITLE_PAGES: dict[str, Callable[[Connection, int], TitlePage]] = {
    "movie": pages.movie,
    "show": pages.show,
    "season": pages.season,
    "episode": pages.episode,
}


def title(context: typer.Context, ref: Ref, as_json: Json = False) -> None:
    """Show a film, show, season or episode with its whole cast and crew."""
    with opened(context) as app, app.store.reading() as db:
        number = int(ref) if ref.isdecimal() else _number_of(db, ref, "titles")
        page = _by_number(TITLE_PAGES, db, number)
        people = [_group(p) for p in _whole_list(db, page.address, number)]
    if as_json:
        print_json({"page": page, "credits": people})
        return
    _heading(page.heading, page.about.original, *page.about.facts)
    for paragraph in page.about.overview:
        out.print(Text(paragraph))
    for group in people:
        _section(group.department, len(group.lines))
        table = _columns()
        for line in group.lines:
            detail = " · ".join(p for p in (line.detail, line.episodes, line.years) if p)
            table.add_row(Text(line.name), Text(detail, style="dim"))
        out.print(table)


def person(context: typer.Context, ref: Ref, as_json: Json = False) -> None:
    """Show a person: facts and the whole filmography."""
    with opened(context) as app, app.store.reading() as db:
        number = int(ref) if ref.isdecimal() else _number_of(db, ref, "people")
        page = _by_number({"person": pages.person}, db, number)
        works = [work for part in page.departments for work in _all_works(db, page, part.anchor)]
    if as_json:
        print_json({"page": page, "works": works})
        return
    _heading(page.heading, ", ".join(page.also_known_as), page.known_as, page.count)
    for words, value in (
        ("Born", page.born),
        ("Died", page.died),
        ("In", page.birthplace and page.birthplace.text),
    ):
        if value:
            out.print(Text.assemble((f"{words} ", "dim"), value))
    for paragraph in page.biography:
        out.print(Text(paragraph))
    for part in works:
        _section(part.department, part.pages.total)
        table = _columns(3)
        for work in part.works:
            detail = " · ".join(p for p in (work.detail, work.count) if p)
            table.add_row(Text(work.year), Text(work.title), Text(detail, style="dim"))
        out.print(table)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Part of a name or title.")],
    as_json: Json = False,
) -> None:
    """Find titles and people; case, accents and the order of words do not matter."""
    with opened(context) as app, app.store.reading() as db:
        page = pages.search(db, query)
    if as_json:
        print_json(page)
        return
    if not page.people and not page.titles:
        raise NotFound(f"nothing is found for {query!r}")
    table = _columns(4)
    for card in page.titles:
        table.add_row(
            _number_text(card.address), Text(card.title), card.year, Text(card.kind, style="dim")
        )
    for found in page.people:
        other = found.also_known_as
        name = f"{found.name} (also known as {other})" if other else found.name
        table.add_row(_number_text(found.address), Text(name), "", Text(found.count, style="dim"))
    out.print(table)
    if page.more_people or page.more_titles:
        out.print(Text("… and more: give more of the name.", style="dim"))


def _number_of(db: Connection, name: str, what: str) -> int:
    """The one thing of that name. Raises NotFound, or ConfigError that lists several."""
    page = pages.search(db, name)
    found = (
        [(c.title, c.year, c.address) for c in page.titles]
        if what == "titles"
        else [(p.name, p.count, p.address) for p in page.people]
    )
    exact = [entry for entry in found if fold(entry[0]) == fold(name)] or found
    if not exact:
        raise NotFound(f"no {what} are found for {name!r}")
    if len(exact) > 1:
        several = "\n".join(f"  {_number(a)}  {n}  {d}" for n, d, a in exact)
        raise ConfigError(f"several {what} are found for {name!r}; give a number:\n{several}")
    return int(_number(exact[0][2]))


def _by_number(
    functions: dict[str, Callable[[Connection, int], Page]], db: Connection, number: int
) -> Page:
    """The page of that number, whatever its kind; of an old one it is said where that leads."""
    kind = next(iter(functions))
    while True:
        try:
            return functions[kind](db, number)
        except pages.Moved as moved:
            _, kind, last = moved.address.split("/")
            old, number = number, int(_number(last))
            if old != number:
                err.print(Text(f"{old} is {number} now: they are one {kind}.", style="dim"))


def _whole_list(db: Connection, address: str, number: int) -> Iterator[list[pages.CreditsPage]]:
    """The pages of each department's list."""
    _, word, last = address.split("/")
    kind, number = TitleKind(word), int(_number(last))
    first = pages.credits(db, kind, number)
    for tab in first.tabs:
        last_page = pages.credits(db, kind, number, tab.anchor).pages.last
        yield [pages.credits(db, kind, number, tab.anchor, n + 1) for n in range(last_page)]


def _group(found: list[pages.CreditsPage]) -> Group:
    return Group(found[0].department, [line for page in found for line in page.lines])


def _all_works(db: Connection, page: PersonPage, anchor: str) -> Iterator[pages.FilmographyPage]:
    number = int(_number(page.address.rsplit("/", 1)[1]))
    wanted = pages.Wanted(department=anchor)
    first = pages.filmography(db, number, wanted)
    yield first
    for n in range(1, first.pages.last):
        yield pages.filmography(db, number, wanted, n + 1)


def _number(address: str) -> str:
    return address.rsplit("/", 1)[-1].split("-")[0]


def _number_text(address: str) -> Text:
    return Text(_number(address), style="bold")


def _heading(name: str, *facts: str) -> None:
    out.print(Text(name, style="bold"))
    known = " · ".join(fact for fact in facts if fact)
    if known:
        out.print(Text(known, style="dim"))


def _section(name: str, total: int) -> None:
    out.print()
    out.print(Text.assemble((name, "bold"), (f"  {total:,}", "dim")))


def _columns(count: int = 2) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(count):
        table.add_column(overflow="fold")
    return table

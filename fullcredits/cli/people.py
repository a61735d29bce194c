"""`fullcredits people …`: the owner's word on who is who."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.text import Text

from fullcredits import pages
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import err, out, print_json
from fullcredits.errors import ConfigError, IdentityError, NotFound
from fullcredits.pages.parts import Pages, PersonCard
from fullcredits.store import Connection, Store
from fullcredits.store.identity import held_by
from fullcredits.store.identity.decisions import newest_decision
from fullcredits.sync import decisions_text, owner
from fullcredits.sync.choosing import Choice, Episodes, chosen
from fullcredits.sync.identify import identify
from fullcredits.text import counted

people = typer.Typer(
    help="Say who is who: your word outranks all evidence, and lasts.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Person = Annotated[int, typer.Argument(help="The number in the address of a person's page.")]
Reason = Annotated[str | None, typer.Option(help="Why, kept with the decision.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Page = Annotated[int, typer.Option(min=1, help="Which page of them.")]
T = TypeVar("T")
_EPISODE = re.compile(r"\s*s(\d{1,6})(?:e(\d{1,6}))?\s*", re.IGNORECASE)


@people.command("merge")
def merge(
    context: typer.Context,
    person: Person,
    others: Annotated[list[int], typer.Argument(help="Who they are, too.")],
    reason: Reason = None,
) -> None:
    """Say that these are one person."""
    _say(context, lambda db: owner.merge(db, [person, *others], reason), person, *others)


@people.command("apart")
def apart(
    context: typer.Context,
    person: Person,
    other: Annotated[int, typer.Argument(help="Who they are not.")],
    reason: Reason = None,
) -> None:
    """Say that two are not the same person."""
    _say(context, lambda db: owner.keep_apart(db, person, other, reason), person, other)


@people.command("split")
def split(
    context: typer.Context,
    person: Person,
    titles: Annotated[
        list[int],
        typer.Argument(
            help="Films, shows, seasons or episodes: the numbers in their pages' addresses."
        ),
    ],
    department: Annotated[
        str, typer.Option(help="Only the credits of this department, like Acting.")
    ] = "",
    part: Annotated[str, typer.Option(help="Only as this character, or in this job.")] = "",
    episode: Annotated[
        list[str] | None,
        typer.Option(help="Only in this episode of the show, like S02E05, or season, like S02."),
    ] = None,
    whose: Annotated[
        int | None, typer.Option(help="The person they belong to, if there is a page of theirs.")
    ] = None,
    reason: Reason = None,
) -> None:
    """Say that a person's credits on some films, shows, seasons or episodes are somebody else's."""
    episodes = tuple(map(_episodes, episode or ()))
    taken: set[int] = set()
    left: set[int] = set()

    def say(db: Connection) -> int:
        choices = [Choice(title, department, playing=part, episodes=episodes) for title in titles]
        today = held_by.today(db, person)
        taken.update(chosen(db, today, choices))
        left.update(held_by.credits_of(db, today).keys() - taken)
        return owner.split(db, person, sorted(taken), whose, reason)

    def tell(db: Connection) -> str:
        """The number went with the larger part."""
        return f"These are {_numbers(db, taken)} now, the others {_numbers(db, left)}."

    _say(context, say, person, *([] if whose is None else [whose]), tell=tell)


@people.command("whole")
def whole(context: typer.Context, person: Person, reason: Reason = None) -> None:
    """Say that somebody who looks like several people is one."""
    _say(context, lambda db: owner.whole(db, person, reason), person)


@people.command("rename")
def rename(
    context: typer.Context,
    person: Person,
    name: Annotated[str, typer.Argument(help="How to call them.")],
    reason: Reason = None,
) -> None:
    """Call a person by another name."""
    _say(context, lambda db: owner.rename(db, person, name, reason), person)


@people.command("portrait")
def portrait(
    context: typer.Context,
    person: Person,
    source: Annotated[str, typer.Argument(help="The server whose portrait to take.")],
    reason: Reason = None,
) -> None:
    """Choose which server's portrait a person has."""

    def say(db: Connection) -> int:
        record = held_by.on_source(db, held_by.portraits_of(db, held_by.today(db, person)), source)
        if record is None:
            raise NotFound(f"{source} has no portrait of this person.")
        return owner.choose_portrait(db, person, record, reason)

    _say(context, say, person)


@people.command("why")
def why(context: typer.Context, person: Person, as_json: Json = False) -> None:
    """Show which servers know a person, under which names, and why that is one person."""
    with opened(context) as app, app.store.reading() as db:
        (person,) = _meant_today(db, [person])
        page = pages.identity(db, person)
    if as_json:
        print_json(page)
        return
    out.print(Text(page.person.text, style="bold"))
    for record in page.panel.records:
        known = f" as {record.name}"
        detail = f"  {record.how}, {record.count}"
        out.print(Text.assemble((record.source, "bold"), known, (detail, "dim")))
    for reason in page.panel.why:
        although = f"although {reason.although}" if reason.although else ""
        words = ", ".join(part for part in (reason.words, although) if part)
        out.print(Text.assemble((f"{reason.between}: ", "dim"), words))
    for entry in page.decisions:
        out.print(Text.assemble(("you: ", "dim"), entry.words, (f"  {entry.number}", "dim")))
    for found in page.proposals:
        other = found.one if found.other_number == person else found.other
        out.print(Text.assemble(("maybe also: ", "dim"), f"{other.name} ({_number(other)})"))


@people.command("review")
def review(
    context: typer.Context,
    page: Page = 1,
    as_json: Json = False,
) -> None:
    """List pairs that may be one person, the likeliest first."""
    found = _read(context, lambda db: pages.review(db, page))
    if as_json:
        print_json(found)
        return
    out.print(Text(f"{counted(found.pages.total, 'pair')} may be one person.", style="dim"))
    for it in found.proposals:
        names = f"{it.one.name} ({it.one_source}) · {it.other.name} ({it.other_source})"
        numbers = f"{it.one_number} {it.other_number}"
        out.print(Text.assemble((f"{numbers:>14}  ", "bold"), names))
        clues = [*it.speaks_for, *(f"but {text}" for text in it.speaks_against)]
        out.print(Text(f"{'':16}{', '.join(clues)}", style="dim"))
    _go_on(found.pages)


@people.command("suspects")
def suspects(
    context: typer.Context,
    page: Page = 1,
    as_json: Json = False,
) -> None:
    """List people who look like several of one name."""
    found = _read(context, lambda db: pages.suspects(db, page))
    if as_json:
        print_json(found)
        return
    if not found.suspects:
        out.print("Nobody looks like several people.")
    for it in found.suspects:
        detail = f"  {it.person.count} · {it.source}: {it.why}"
        number = f"{_number(it.person):>6}  "
        out.print(Text.assemble((number, "bold"), it.person.name, (detail, "dim")))
    _go_on(found.pages)


@people.command("decisions")
def decisions(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those that were undone.")] = False,
    as_json: Json = False,
) -> None:
    """List what you decided, the newest first."""
    found = _read(context, lambda db: pages.decisions(db, every=every))
    if as_json:
        print_json(found)
        return
    if not found.entries:
        out.print("Nothing is decided by you: evidence alone says who is who.")
    for entry in found.entries:
        out.print(Text.assemble((f"{entry.number:>4}  ", "bold"), entry.words))
        detail = " · ".join(part for part in (entry.when, entry.reason, entry.undone) if part)
        out.print(Text(f"      {detail}", style="dim"))


@people.command("undo")
def undo(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The decision's number.")],
) -> None:
    """Take a decision back: all is again as if it had never been made."""
    with opened(context) as app:
        with app.store.writing() as db:
            owner.take_back(db, number)
        identify(app.store)
    out.print(f"Decision {number} is undone.")


@people.command("export")
def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; else to standard output.")] = None,
) -> None:
    """Write your decisions out as text (JSON)."""
    text = _read(context, decisions_text.write_out)
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from error


@people.command("import")
def read_in(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="What `people export` wrote; - reads it from stdin.")
    ],
) -> None:
    """Make the decisions of an exported text, all or none; those that stand stay as they are."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    with opened(context) as app:
        with _explaining(app.store), app.store.writing() as db:
            result = decisions_text.read_in(db, text)
        identify(app.store)
    made = counted(result.made, "decision")
    out.print(f"{made} made, {result.known} stood already.")
    if result.idle:
        out.print(f"{result.idle} of them are about what no server here has now.")


def _read(context: typer.Context, what: Callable[[Connection], T]) -> T:
    with opened(context) as app, app.store.reading() as db:
        return what(db)


def _go_on(listed: Pages) -> None:
    if listed.after:
        out.print(Text(f"Go on with --page {listed.page + 1}.", style="dim"))


def _episodes(text: str) -> Episodes:
    found = _EPISODE.fullmatch(text)
    if found is None:
        raise ConfigError(f"{text} is no episode: write S02E05, or S02 for a whole season.")
    season, number = found.groups()
    return Episodes(int(season), int(number) if number else None)


def _number(card: PersonCard) -> str:
    return card.address.rsplit("/", 1)[1].partition("-")[0]


def _meant_today(db: Connection, numbers: Iterable[int]) -> list[int]:
    """Whom these numbers mean today; says of old ones where they lead."""
    found = []
    for number in numbers:
        found.append(today := held_by.today(db, number))
        if today != number:
            err.print(Text(f"{number} is {today} now: they are one person.", style="dim"))
    return found


@contextmanager
def _explaining(store: Store) -> Iterator[None]:
    """What is refused is told with the decisions that it names, in words."""
    try:
        yield
    except IdentityError as error:
        with store.reading() as db:
            entries = pages.decisions_of(db, error.decisions)
        lines = (f"  {entry.number}  {entry.words} ({entry.when})" for entry in entries)
        raise IdentityError("\n".join((str(error), *lines)), error.decisions) from error


def _numbers(db: Connection, credits: Collection[int]) -> str:
    """Whose some credits are, in words."""
    return " and ".join(f"person {number}'s" for number in held_by.holders_of(db, credits))


def _say(
    context: typer.Context,
    say: Callable[[Connection], int],
    *people: int,
    tell: Callable[[Connection], str] | None = None,
) -> None:
    """Make a decision; `tell` says what came of it."""
    with opened(context) as app:
        with _explaining(app.store), app.store.writing() as db:
            _meant_today(db, people)
            newest = newest_decision(db)
            number = say(db)
        identify(app.store)
        with app.store.reading() as db:
            entry = pages.decision(db, number)
            came = tell(db) if tell else ""
    out.print(Text.assemble((f"{number}  ", "bold"), entry.words))
    if came:
        out.print(came)
    if number <= newest:
        out.print("You said so already: nothing new is made.")
    out.print(Text(f"Taken back by: fullcredits people undo {number}", style="dim"))

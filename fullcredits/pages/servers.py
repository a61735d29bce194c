"""The pages about the media servers: all of them, and one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from fullcredits.model import SourceKind, Trusted
from fullcredits.pages import addresses
from fullcredits.pages.moments import when
from fullcredits.pages.parts import Link, given
from fullcredits.store import Connection, runs
from fullcredits.store import sources as stored
from fullcredits.store.alive import is_dead
from fullcredits.store.problems import open_problems
from fullcredits.store.read import libraries as libraries_read
from fullcredits.store.read import servers as read
from fullcredits.store.runs import RunRow
from fullcredits.store.schedules import local
from fullcredits.store.sources import SourceRow
from fullcredits.text import counted

KINDS = {SourceKind.PLEX: "Plex", SourceKind.JELLYFIN: "Jellyfin"}
PROBLEMS_SHOWN = 100

TRUST = {
    Trusted.SYSTEM: "The usual authorities",
    Trusted.AUTHORITY: "Authorities of your own",
    Trusted.CERTIFICATE: "Exactly one certificate",
    Trusted.ANY: "Any certificate: whoever sits in between may read along",
}
_ASK_ONLY = (
    "An API key is told of no changes: they are found by asking. Sign in as a user beside it, and "
    "they come within seconds."
)


@dataclass(frozen=True, slots=True)
class LastSync:
    """How the newest sync went."""

    text: str
    """Like "Read today, 17:04"."""
    error: str
    """Why it could not be done, or ""."""


@dataclass(frozen=True, slots=True)
class ServerItem:
    """A server in the list."""

    name: str
    address: str
    """Of its page."""
    kind: str
    """"Plex" or "Jellyfin"."""
    facts: tuple[str, ...]
    where: str
    last_sync: LastSync
    trouble: str
    """Why it could not be read last, or else why its changes are not heard of; or ""."""
    problems: str
    """Like "3 problems", or ""."""


@dataclass(frozen=True, slots=True)
class ServersPage:
    """All servers."""

    address: str
    heading: str
    add: str
    """Where one is added."""
    servers: tuple[ServerItem, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What failed with one title, or with the whole."""

    title: str
    message: str
    times: str
    """Like "4 times", or "" for once."""


@dataclass(frozen=True, slots=True)
class ServerPage:
    """One server, as it stands."""

    address: str
    heading: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    """(label, text)."""
    last_sync: LastSync
    libraries: tuple[Link, ...]
    advice: str
    """What would make it better, or ""."""
    problems: tuple[Problem, ...]
    more_problems: int
    """How many there are beside those shown."""


@dataclass(frozen=True, slots=True)
class RemovalPage:
    """What is lost when a server is forgotten."""

    address: str
    heading: str
    name: str
    back: str
    lost: tuple[str, ...]
    """Like "1,204 titles"."""


def servers(db: Connection, trouble: Callable[[int], str | None]) -> ServersPage:
    """All servers, in the order they were added; `trouble` says why a source's changes are not
    heard of.
    """
    last, problems, titles = (
        read.newest_runs(db),
        read.problem_counts(db),
        read.title_counts(db),
    )
    return ServersPage(
        address=addresses.servers(),
        heading="Servers",
        add=addresses.add_server(),
        servers=tuple(
            _item(
                row,
                last_sync(last.get(row.id)),
                titles.get(row.id, 0),
                problems.get(row.id, 0),
                trouble(row.id),
            )
            for row in stored.list_sources(db)
        ),
    )


def _item(
    row: SourceRow, synced: LastSync, titles: int, problems: int, trouble: str | None
) -> ServerItem:
    return ServerItem(
        name=row.name,
        address=addresses.server(row.id),
        kind=KINDS[row.kind],
        facts=given(
            short_version(row.server_version or ""),
            f"seen as {row.server_account}" if row.server_account else None,
            counted(titles, "title") if titles else None,
        ),
        where=row.address,
        last_sync=synced,
        trouble=synced.error or trouble or "",
        problems=counted(problems, "problem") if problems else "",
    )


def server(db: Connection, source_id: int) -> ServerPage:
    """One server. Raises NotFound."""
    row = stored.source_by_id(db, source_id)
    problems = open_problems(db, source_id)
    return ServerPage(
        address=addresses.server(source_id),
        heading=row.name,
        kind=KINDS[row.kind],
        facts=_facts(row),
        last_sync=last_sync(runs.last_run(db, source_id)),
        libraries=tuple(
            Link(f"{item.name} ({item.titles:,})", addresses.library(item.id))
            for item in libraries_read.all_libraries(db)
            if item.source_name == row.name
        ),
        advice="" if row.told_of_changes else _ASK_ONLY,
        problems=tuple(
            Problem(
                one.title or one.item_key or "",
                one.message,
                f"{one.times:,} times" if one.times > 1 else "",
            )
            for one in problems[:PROBLEMS_SHOWN]
        ),
        more_problems=max(0, len(problems) - PROBLEMS_SHOWN),
    )


def removal(db: Connection, source_id: int) -> RemovalPage:
    """What would be lost with a server. Raises NotFound."""
    row = stored.source_by_id(db, source_id)
    held = stored.held(db, source_id)
    return RemovalPage(
        address=addresses.server(source_id, "remove"),
        heading=f"Remove {row.name}?",
        name=row.name,
        back=addresses.server(source_id),
        lost=(
            counted(held.titles, "title"),
            counted(held.credits, "credit"),
            counted(held.people, "person", "people"),
        ),
    )


def _facts(row: SourceRow) -> tuple[tuple[str, str], ...]:
    keys = {SourceKind.JELLYFIN: "An API key", SourceKind.PLEX: "A token"}
    account = row.server_account or keys[row.kind]
    if row.kind is SourceKind.PLEX and row.account_secret:
        account = "The Plex account that is signed in"
    if row.kind is SourceKind.JELLYFIN and not row.server_account and row.account_secret:
        account = "An API key, and a user who is told of changes"
    at_once = f"{row.at_once} at most" if row.at_once else "As many as gain something"
    facts = (
        ("Address", row.address),
        ("Links lead to", row.link_address or ""),
        ("Calls itself", row.server_name or ""),
        ("Version", short_version(row.server_version or "")),
        ("Seen as", account),
        ("Requests at once", at_once),
        ("Certificates", TRUST[row.trust.mode] if row.address.startswith("https:") else ""),
    )
    return tuple(fact for fact in facts if fact[1])


def short_version(version: str) -> str:
    """Without what Plex appends, which says only how it was built."""
    return version.partition("-")[0]


def last_sync(run: RunRow | None) -> LastSync:
    """How the newest sync of a source went, or that it is under way."""
    now = dt.datetime.now()
    if run is None:
        return LastSync("Not read yet", "")
    if run.ended_at is None and is_dead(run):
        return LastSync("Broken off: the next sync goes on", "")
    if run.ended_at is None:
        return LastSync(f"Being read since {when(local(run.started_at), now)}", "")
    ended = when(local(run.ended_at), now)
    if run.error:
        return LastSync(f"Could not be read to the end, {ended}", run.error)
    return LastSync(f"Read {ended}", "")

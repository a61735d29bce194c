"""What goes into setting a source up, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fullcredits.model import USUAL_TRUST, Library, Server, SourceKind, Trust
from fullcredits.sources.remarks import Remark
from fullcredits.store.problems import ProblemRow
from fullcredits.store.runs import RunRow
from fullcredits.store.sources import SourceRow


@dataclass(frozen=True, slots=True)
class Login:
    """What lets us in. In memory only: it is sealed before it is stored, and never shown."""

    token: str = field(repr=False)
    account: str | None = field(default=None, repr=False)
    """Plex: the account's token, which finds the server again. Jellyfin: a user's beside an API
    key, because only users are told of changes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may decide about a source."""

    trust: Trust = USUAL_TRUST
    at_once: int | None = None
    """Requests at once at most; None: as many as this kind of server can use."""
    link_address: str | None = None
    """Where browsers find it; None: where we do, or a Plex in Plex's own web application."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A source that answered."""

    name: str
    kind: SourceKind
    address: str
    server: Server
    account: str | None
    """Whose eyes it is seen with: a Jellyfin's user, a Plex account; None for an API key, behind
    which nobody stands, and for a plain Plex token, of which nobody tells whose it is."""
    libraries: list[Library]
    remarks: list[Remark]
    """What is good to know of it; those with `limits` are about what is missing."""


class Onlooker:
    """Is told what is known of a server as soon as it is, while more is asked: a slow one takes
    minutes to tell all. This one keeps it to itself.
    """

    def met(self, kind: SourceKind, address: str, server: Server) -> None:
        """Who answers."""

    def seen_as(self, kind: SourceKind, account: str | None, *, told: bool) -> None:
        """Whose eyes it is seen with, as `Checked.account`; `told`: somebody is told of changes."""

    def holds(self, libraries: Sequence[Library]) -> None:
        """What libraries it shows."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A source as it stands, without asking its server."""

    source: SourceRow
    last_run: RunRow | None
    """The newest sync, maybe one under way."""
    problems: list[ProblemRow]
    """What failed and was not solved since, newest first."""
    told_of_changes: bool
    """Whether changes can be told to us: of a Jellyfin only to a user's token."""

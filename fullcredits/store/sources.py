"""The configured servers and their libraries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fullcredits.errors import ConfigError, NotFound
from fullcredits.model import (
    USUAL_TRUST,
    Library,
    LibraryKind,
    Server,
    SourceKind,
    Trust,
    Trusted,
)
from fullcredits.store import figures
from fullcredits.store.identity import name_counts
from fullcredits.store.identity.waiting import let_company_look_where
from fullcredits.store.person_lists import begin_list_again
from fullcredits.store.schema import (
    libraries,
    media_items,
    media_people,
    people,
    source_people,
    sources,
    titles,
)


class SourceRow(NamedTuple):
    """A configured server; `secret` is sealed (see `store.secrets`)."""

    id: int
    name: str
    kind: SourceKind
    address: str
    secret: bytes
    server_id: str | None
    server_name: str | None
    server_version: str | None
    people_read_at: dt.datetime | None
    people_swept_at: dt.datetime | None = None
    account_secret: bytes | None = None
    """A second token, sealed: of a Plex account, or of a Jellyfin user beside an API key."""
    trust: Trust = USUAL_TRUST
    at_once: int | None = None
    """Requests at once at most, where the user said so."""
    server_account: str | None = None
    """Whose eyes we see with, where the server tells; None for an API key."""
    people_up_to: int = 0
    """Persons with higher row ids were named since persons were read last."""
    link_address: str | None = None
    """Where browsers find it, where that is not `address`."""

    @property
    def told_of_changes(self) -> bool:
        """Whether changes can be told to us: of a Jellyfin only to a user's token."""
        user = self.account_secret is not None or self.server_account is not None
        return user or self.kind is SourceKind.PLEX


class Access(NamedTuple):
    """How to get at a server; the secrets are sealed."""

    address: str
    secret: bytes
    account_secret: bytes | None = None
    trust: Trust = USUAL_TRUST
    at_once: int | None = None
    link_address: str | None = None

    def columns(self) -> dict[str, object]:
        """As the table has it."""
        usual = self.trust.mode is Trusted.SYSTEM
        return {
            "address": self.address,
            "secret": self.secret,
            "account_secret": self.account_secret,
            "trusted": None if usual else str(self.trust.mode),
            "trusted_pem": None if usual else self.trust.pem,
            "at_once": self.at_once,
            "link_address": self.link_address,
        }


_COLUMNS = (
    sources.c.id,
    sources.c.name,
    sources.c.kind,
    sources.c.address,
    sources.c.secret,
    sources.c.server_id,
    sources.c.server_name,
    sources.c.server_version,
    sources.c.people_read_at,
    sources.c.people_swept_at,
    sources.c.account_secret,
    sources.c.at_once,
    sources.c.server_account,
    sources.c.people_up_to,
    sources.c.link_address,
    sources.c.trusted,
    sources.c.trusted_pem,
)


def _row(row: RowMapping) -> SourceRow:
    values: dict[str, Any] = dict(row)
    mode, pem = values.pop("trusted"), values.pop("trusted_pem")
    trust = Trust(Trusted(mode), pem or "") if mode else USUAL_TRUST
    return SourceRow(**{**values, "kind": SourceKind(row["kind"]), "trust": trust})


def add_source(
    db: Connection, name: str, kind: SourceKind, address: str, secret: bytes, server: Server
) -> int:
    """Remember a server; returns its id. Raises ConfigError for a name or server already there."""
    for known in list_sources(db):
        if known.name.casefold() == name.casefold():
            raise ConfigError(f"there is already a source named {known.name}")
    refuse_known(db, kind, server.id)
    values = {"name": name, "kind": kind, "address": address, "secret": secret, "added_at": now()}
    try:
        inserted = insert(sources).values(**values, **_facts(server)).returning(sources.c.id)
        source_id: int = db.execute(inserted).scalar_one()
    except IntegrityError as error:
        raise ConfigError(f"there is already a source named {name}") from error
    return source_id


def refuse_known(db: Connection, kind: SourceKind, server_id: str) -> None:
    """Raises ConfigError where this server is a source already."""
    for known in list_sources(db):
        if (known.kind, known.server_id) == (kind, server_id):
            raise ConfigError(f"this server is already there as {known.name}")


def set_access(db: Connection, source_id: int, access: Access) -> None:
    """Another way to the same server, maybe with the eyes of another account."""
    begin_list_again(db, source_id, now())
    db.execute(update(sources).where(sources.c.id == source_id).values(**access.columns()))


def list_sources(db: Connection) -> list[SourceRow]:
    """All sources in the order they were added."""
    return [_row(row) for row in db.execute(select(*_COLUMNS).order_by(sources.c.id)).mappings()]


def source_named(db: Connection, name: str) -> SourceRow:
    """The source of that name, whatever its case. Raises NotFound that lists the known names."""
    known = list_sources(db)
    for source in known:
        if source.name.casefold() == name.casefold():
            return source
    names = ", ".join(source.name for source in known) or "none yet"
    raise NotFound(f"no source is named {name!r}; there are: {names}")


def source_by_id(db: Connection, source_id: int) -> SourceRow:
    """The source with that id. Raises NotFound."""
    row = db.execute(select(*_COLUMNS).where(sources.c.id == source_id)).mappings().first()
    if row is None:
        raise NotFound(f"there is no source number {source_id}")
    return _row(row)


def remove_source(db: Connection, source_id: int) -> None:
    """Forget a server and all it stated.

    Titles and people that other sources know stay, and wait for identity to describe them by
    those alone; the others go, and their addresses are not given out again.
    """
    own_titles = select(media_items.c.title_id).where(media_items.c.source_id == source_id)
    own_people = (
        select(media_people.c.person_id)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .where(source_people.c.source_id == source_id)
    )
    shared = select(media_people.c.source_person_id).where(media_people.c.person_id.in_(own_people))
    db.execute(
        update(media_items).where(media_items.c.title_id.in_(own_titles)).values(undecided=True)
    )
    db.execute(update(source_people).where(source_people.c.id.in_(shared)).values(undecided=True))
    let_company_look_where(db, media_items.c.source_id == source_id)
    of_source = source_people.c.source_id == source_id
    name_counts.forget_names(db, select(source_people.c.name_folded).where(of_source))
    db.execute(delete(sources).where(sources.c.id == source_id))
    for table, users in ((titles, media_items.c.title_id), (people, media_people.c.person_id)):
        used = select(users).where(users == table.c.id).exists()
        db.execute(delete(table).where(~used, table.c.merged_into.is_(None)))
    figures.refresh(db)


def forget_server(db: Connection, source_id: int) -> None:
    """Whichever server answers next is taken for this source."""
    begin_list_again(db, source_id, now())
    db.execute(update(sources).where(sources.c.id == source_id).values(server_id=None))


def note_server(db: Connection, source_id: int, server: Server) -> None:
    """Keep what the server says of itself, if it says something new."""
    facts = _facts(server)
    known = db.execute(
        select(*(sources.c[name] for name in facts)).where(sources.c.id == source_id)
    ).one()
    if tuple(known) != tuple(facts.values()):
        db.execute(update(sources).where(sources.c.id == source_id).values(**facts))


def _facts(server: Server) -> dict[str, str | None]:
    return {
        "server_id": server.id,
        "server_name": server.name,
        "server_version": server.version,
        "server_account": server.account,
    }


class Held(NamedTuple):
    """How much of a source is in the database: living titles, their credits, persons."""

    titles: int
    credits: int
    people: int


def held(db: Connection, source_id: int) -> Held:
    """What is stored of a source now."""
    living = (media_items.c.source_id == source_id, media_items.c.gone_since.is_(None))
    counted = func.coalesce(func.sum(media_items.c.credit_count), 0)
    titles, credits = db.execute(select(func.count(), counted).where(*living)).one()
    persons = select(func.count()).where(source_people.c.source_id == source_id)
    return Held(titles, int(credits), db.execute(persons).scalar_one())


def has_titles(db: Connection, source_id: int) -> bool:
    """Whether any living title of a source is stored."""
    living = (media_items.c.source_id == source_id, media_items.c.gone_since.is_(None))
    return db.execute(select(media_items.c.id).where(*living).limit(1)).first() is not None


def note_people_read(
    db: Connection, source_id: int, at: dt.datetime | None, up_to: int, *, swept: bool
) -> None:
    """Persons as they were at `at`, by the server's clock, are stored; None: as before. Those with
    row ids `up_to` were asked for. `swept`: all of them were listed.
    """
    values: dict[str, object] = {"people_up_to": up_to}
    if at is not None:
        values["people_read_at"] = at
    if swept:
        values["people_swept_at"] = now()
    db.execute(update(sources).where(sources.c.id == source_id).values(**values))


def put_libraries(db: Connection, source_id: int, found: Iterable[Library]) -> dict[str, int]:
    """Store the libraries a server has now; returns id by key.

    One that the server no longer shows stays: its titles are for reconciling, not for here.
    """
    known = {
        row.key: row
        for row in db.execute(select(libraries).where(libraries.c.source_id == source_id))
    }
    ids: dict[str, int] = {}
    for library in found:
        row = known.get(library.key)
        facts = {"name": library.name, "kind": str(library.kind)}
        if row is None:
            values = {"source_id": source_id, "key": library.key, **facts}
            inserted = insert(libraries).values(**values).returning(libraries.c.id)
            ids[library.key] = db.execute(inserted).scalar_one()
            continue
        ids[library.key] = row.id
        if (row.name, LibraryKind(row.kind)) != (library.name, library.kind):
            db.execute(update(libraries).where(libraries.c.id == row.id).values(**facts))
    return ids


def known_libraries(db: Connection, source_id: int) -> dict[Library, int]:
    """The libraries of a source as they were stored last, with their ids."""
    query = select(libraries).where(libraries.c.source_id == source_id).order_by(libraries.c.id)
    return {Library(r.key, r.name, LibraryKind(r.kind)): r.id for r in db.execute(query)}


def forget_libraries(db: Connection, source_id: int, shown: Collection[int]) -> None:
    """Forget libraries that are shown no longer and hold nothing any more."""
    used = select(media_items.c.id).where(media_items.c.library_id == libraries.c.id).exists()
    query = select(libraries.c.id).where(libraries.c.source_id == source_id, ~used)
    empty = [row for row in db.scalars(query) if row not in shown]
    if empty:
        db.execute(delete(libraries).where(libraries.c.id.in_(empty)))


def now() -> dt.datetime:
    """The moment it is in UTC, in the form the database keeps (without a zone)."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)

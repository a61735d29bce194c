"""Writing character texts: each once, however many credits have it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from fullcredits import text
from fullcredits.store.chunks import chunked
from fullcredits.store.schema import characters
from fullcredits.store.words import learn


def character_ids(db: Connection, names: Collection[str]) -> dict[str, int]:
    """The id of each text, new rows made for those not seen before.

    Part of the path of every sync, so it asks in bulk and not per text.
    """
    digests = {_digest(name): name for name in names}
    ids = _known(db, digests)
    fresh = [(digest, name) for digest, name in digests.items() if name not in ids]
    if fresh:
        dialect = sqlite if db.dialect.name == "sqlite" else postgresql
        # On PostgreSQL another writer may make the same rows between the look and this.
        statement = dialect.insert(characters).on_conflict_do_nothing()
        folded = {name: text.fold(name) for _, name in fresh}
        rows = [{"digest": d, "name": name, "name_folded": folded[name]} for d, name in fresh]
        db.execute(statement, rows)
        learn(db, folded.values())
        ids |= _known(db, dict(fresh))
    return ids


def _known(db: Connection, digests: Mapping[bytes, str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in chunked(list(digests)):
        query = select(characters.c.digest, characters.c.id).where(characters.c.digest.in_(chunk))
        ids.update({digests[digest]: number for digest, number in db.execute(query)})
    return ids


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=16).digest()

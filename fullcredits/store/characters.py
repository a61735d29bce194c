"""Writing character texts: each once, however many credits have it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from fullcredits import text
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.schema import characters
from fullcredits.store.words import learn


def character_ids(db: Connection, names: Collection[str]) -> dict[str, int]:
    """The id of each text, new rows made for those not seen before.

    Part of the path of every sync, so it asks in bulk and not per text.
    """
    digests = {_digest(name): name for name in names}
    ids = _known(db, digests)
    fresh = [(digest, name) for digest, name in digests.items() if name not in ids]
    return ids | _insert(db, fresh) if fresh else ids


def _insert(db: Connection, fresh: Collection[tuple[str, str]]) -> dict[str, int]:
    numbers = bulk.fresh_numbers(db, characters, len(fresh))
    rows = [
        (number, digest, name, text.fold(name))
        for number, (digest, name) in zip(numbers, fresh, strict=True)
    ]
    bulk.insert_rows(db, characters, ("id", "digest", "name", "name_folded"), rows)
    learn(db, (folded for *_, folded in rows))
    return {name: number for number, _, name, _ in rows}


def _known(db: Connection, digests: Mapping[str, str]) -> dict[str, int]:
    known = select(characters.c.digest, characters.c.id)
    rows = db.execute(known.where(among(characters.c.digest, digests))).all()
    return {digests[digest]: number for digest, number in rows}


def _digest(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()

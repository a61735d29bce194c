"""Keeping why source persons are one, whom the owner is asked about, and who looks fused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, or_, select, tuple_

from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.schema import evidence, suspects

_MOST_PAIRS = 400


class EvidenceRow(NamedTuple):
    """What speaks for two source persons being one."""

    one_id: int
    other_id: int
    joined: bool
    """False: the owner is asked."""
    score: float
    clues: list[list[Any]]
    """As `identity.evidence.Clue` has them."""


class SuspectRow(NamedTuple):
    """Why a source person looks like several, as `identity.suspects.Suspect` has it."""

    source_person_id: int
    kind: str
    first: int
    last: int


def keep_evidence(db: Connection, persons: Collection[int], rows: Iterable[EvidenceRow]) -> None:
    """Keep this and nothing else about source persons who were decided together."""
    ours = evidence.c
    _keep(db, evidence, persons, (ours.one_id, ours.other_id), EvidenceRow, rows)


def keep_suspects(db: Connection, persons: Collection[int], rows: Iterable[SuspectRow]) -> None:
    """Keep this and nothing else about source persons who were decided together."""
    ours = suspects.c
    _keep(db, suspects, persons, (ours.source_person_id, ours.kind), SuspectRow, rows)


def _keep(
    db: Connection,
    table: Table,
    persons: Collection[int],
    key: tuple[Any, Any],
    kind: type[EvidenceRow] | type[SuspectRow],
    rows: Iterable[EvidenceRow] | Iterable[SuspectRow],
) -> None:
    """Write what is not as it was."""
    about = [column for column in key if column.foreign_keys]
    before: dict[tuple[Any, Any], Any] = {}
    query = select(*(table.c[name] for name in kind._fields))
    query = query.where(or_(*(among(column, persons) for column in about)))
    for row in db.execute(query).all():
        before[row[0], row[1]] = tuple(row)
    after = {(row[0], row[1]): row for row in rows}
    stale = [pair for pair, row in before.items() if after.get(pair) != row]
    for start in range(0, len(stale), _MOST_PAIRS):
        db.execute(delete(table).where(tuple_(*key).in_(stale[start : start + _MOST_PAIRS])))
    fresh = [row for pair, row in after.items() if before.get(pair) != row]
    bulk.insert_rows(db, table, kind._fields, fresh)

"""Long lists of keys in pieces that a statement can carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

MOST_VALUES = 10_000
"""SQLite takes 32,766 bound values in a statement, PostgreSQL 65,535."""


def chunked(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in order, in pieces of at most MOST_VALUES; no piece for no values."""
    for start in range(0, len(values), MOST_VALUES):
        yield values[start : start + MOST_VALUES]

"""An order of source persons that comes from the facts, not from the numbers a database gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property, total_ordering

from fullcredits.identity.evidence import Credit, Person


class Order:
    """What comes first where nothing else decides: by name, ids and birth, then by the work."""

    def __init__(self, credits: Mapping[int, Sequence[Credit]]) -> None:
        """`credits` are those of each source person."""
        self._credits = credits

    def key(self, person: Person) -> tuple[object, ...]:
        """To sort by."""
        own = self._credits.get(person.id, ())
        born = person.born or dt.date.min
        named = person.name, person.by_name, person.ids, born
        return *named, len(own), _Work(own), person.source, person.id


@total_ordering
class _Work:
    """What some credits say, whatever numbers they and their titles have; read only if asked."""

    def __init__(self, credits: Sequence[Credit]) -> None:
        self._credits = credits

    @cached_property
    def _facts(self) -> list[tuple[str, list[str], int]]:
        return sorted((c.department.value, sorted(c.parts), c.year or 0) for c in self._credits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Work) and self._facts == other._facts

    def __lt__(self, other: _Work) -> bool:
        return self._facts < other._facts

    __hash__ = None  # type: ignore[assignment]

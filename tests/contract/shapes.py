"""Compare the form of JSON objects: which fields, of which type, in which order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from tests.shared_data import shared_path

Record = Mapping[str, Any]


def recorded(*parts: str) -> Any:
    """A recorded answer, decoded."""
    return json.loads(shared_path("recordings", *parts).read_text())


class Shape:
    """What recorded rows have in common: fields and their types, who is always there, the order.

    Fields of nested objects and of lists of objects are compared too, under ``name.field``.
    """

    def __init__(self, rows: Iterable[Record]) -> None:
        self.types: dict[str, set[str]] = {}
        self.always: set[str] | None = None
        self._before: set[tuple[str, str]] = set()
        self._nested: dict[str, list[Record]] = {}
        for row in rows:
            self._learn(row)
        self._shapes = {name: Shape(rows) for name, rows in self._nested.items()}

    def complaints(self, row: Record, unlike: Iterable[str] = ()) -> list[str]:
        """What is wrong with a row; ``unlike`` names fields that may be more or fewer."""
        free = set(unlike)
        found = [
            f"{name} is unheard of" for name in row if name not in self.types | dict.fromkeys(free)
        ]
        found += [f"{name} is missing" for name in (self.always or set()) - set(row) - free]
        found += [
            f"{name} is {kind(value)}, not {sorted(self.types[name])}"
            for name, value in row.items()
            if name in self.types and kind(value) not in self.types[name]
        ]
        names = [name for name in row if name in self.types]
        found += [
            f"{first} stands before {second}"
            for first, second in pairwise(names)
            if (second, first) in self._before and (first, second) not in self._before
        ]
        for name, rows in nested(row).items():
            shape = self._shapes.get(name)
            below = {f.removeprefix(f"{name}.") for f in free if f.startswith(f"{name}.")}
            for inner in rows if shape else ():
                assert shape
                found += [f"{name}.{text}" for text in shape.complaints(inner, below)]
        return found

    def _learn(self, row: Record) -> None:
        for name, value in row.items():
            self.types.setdefault(name, set()).add(kind(value))
        self.always = set(row) if self.always is None else self.always & set(row)
        names = list(row)
        self._before |= {(a, b) for i, a in enumerate(names) for b in names[i + 1 :]}
        for name, rows in nested(row).items():
            self._nested.setdefault(name, []).extend(rows)


def nested(row: Record) -> dict[str, list[Record]]:
    """The objects directly inside, by field; maps whose keys are data are not looked into."""
    found: dict[str, list[Record]] = {}
    for name, value in row.items():
        if name in ("ImageBlurHashes", "ImageTags", "ProviderIds", "Trickplay"):
            continue
        inner = value if isinstance(value, list) else [value]
        objects: list[Record] = [part for part in inner if isinstance(part, dict)]
        if objects:
            found[name] = objects
    return found


def kind(value: object) -> str:
    """The JSON type; whole and broken numbers are one."""
    if value is None or isinstance(value, bool):
        return str(type(value).__name__)
    return "number" if isinstance(value, int | float) else type(value).__name__

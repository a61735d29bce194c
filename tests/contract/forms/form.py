"""The form of JSON values: learnt from some, written down, and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

MAPS = ("ImageBlurHashes", "ImageTags", "ProviderIds", "Trickplay", "errors")
"""Objects whose names are data: their members are not looked at."""
_LINE = re.compile(r"(?P<path>\S*)(?P<sometimes> \?)?(?P<anywhere> ~)?: (?P<types>.*)")


class Member(NamedTuple):
    """What is known of a place in the values."""

    types: frozenset[str]
    always: bool = True
    """Whether whatever could have it has it."""
    anywhere: bool = False
    """Whether it stands now before and now after one of its neighbours."""

    def line(self, path: str) -> str:
        """As it is written down."""
        marks = f"{'' if self.always else ' ?'}{' ~' if self.anywhere else ''}"
        return f"{path}{marks}: {' or '.join(sorted(self.types))}"


@dataclass
class Form:
    """Places by path, in the order of the values: `Items[].People[].Name`."""

    members: dict[str, Member] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[Any]) -> Form:
        """What some values have in common."""
        seen = _Seen()
        for value in values:
            seen.add("", value)
        return cls(dict(seen.members("")))

    @classmethod
    def written(cls, lines: Iterable[str]) -> Form:
        """As `lines` wrote it."""
        members = {}
        for line in lines:
            found = _LINE.fullmatch(line)
            assert found, line
            types = frozenset(found["types"].split(" or "))
            members[found["path"]] = Member(types, not found["sometimes"], bool(found["anywhere"]))
        return cls(members)

    def lines(self) -> list[str]:
        """One for each place."""
        return [member.line(path) for path, member in self.members.items()]

    def differences(self, other: Form) -> dict[str, str]:
        """How another form deviates, by path; what is below a place that differs is left out.

        Where this one says "sometimes", "always" is no deviation.
        """
        found: dict[str, str] = {}
        for path, mine in self.members.items():
            its = other.members.get(path)
            if _below(path, found):
                continue
            if its is None:
                found[path] = "never there"
            elif not its.types <= mine.types:
                found[path] = f"{' or '.join(sorted(its.types - mine.types))}"
            elif mine.always and not its.always:
                found[path] = "not always there"
        for path in other.members:
            if path not in self.members and not _below(path, found):
                found[path] = "unheard of"
        return found | self._misplaced(other)

    def _misplaced(self, other: Form) -> dict[str, str]:
        place = {p: n for n, (p, m) in enumerate(self.members.items()) if not m.anywhere}
        both = [path for path, m in other.members.items() if path in place and not m.anywhere]
        return {
            second: f"behind {first}"
            for first, second in pairwise(both)
            if place[first] > place[second]
        }


def _below(path: str, places: Iterable[str]) -> bool:
    return any(path.startswith((f"{place}.", f"{place}[")) for place in places)


@dataclass
class _Seen:
    """One place while values go by."""

    types: set[str] = field(default_factory=set)
    count: int = 0
    objects: int = 0
    parts: dict[str, _Seen] = field(default_factory=dict)
    element: _Seen | None = None
    orders: set[tuple[str, str]] = field(default_factory=set)

    def add(self, name: str, value: Any) -> None:
        self.count += 1
        self.types.add(type_of(name, value))
        if isinstance(value, list):
            self.element = self.element or _Seen()
            for one in value:
                self.element.add(name, one)
        elif isinstance(value, Mapping) and name not in MAPS:
            self.objects += 1
            names = list(value)
            self.orders |= {(a, b) for i, a in enumerate(names) for b in names[i + 1 :]}
            for inner, one in value.items():
                self.parts.setdefault(inner, _Seen()).add(inner, one)

    def members(
        self, path: str, *, always: bool = True, anywhere: bool = False
    ) -> Iterator[tuple[str, Member]]:
        """This place and all below it."""
        yield path, Member(frozenset(self.types), always, anywhere)
        if self.element is not None and self.element.count:
            yield from self.element.members(f"{path}[]")
        for name in _in_order(list(self.parts), self.orders):
            part = self.parts[name]
            yield from part.members(
                f"{path}.{name}".lstrip("."),
                always=part.count == self.objects,
                anywhere=any({(other, name), (name, other)} <= self.orders for other in self.parts),
            )


def _in_order(names: Sequence[str], orders: set[tuple[str, str]]) -> list[str]:
    """So that each stands behind what always stood before it."""
    left, found = list(names), list[str]()
    while left:
        free = next(
            (
                name
                for name in left
                if not any((o, name) in orders and (name, o) not in orders for o in left)
            ),
            left[0],
        )
        left.remove(free)
        found.append(free)
    return found


def type_of(name: str, value: object) -> str:
    """The JSON type; whole and broken numbers are one."""
    match value:
        case None:
            return "null"
        case bool():
            return "truth"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case _:
            return "map" if name in MAPS else "object"

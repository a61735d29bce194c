"""People as Plex knows them: one tag per human *and kind*, held together by a key."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from fullcredits.simulate.catalogue import Human, Stated, Work
from fullcredits.simulate.jobs import plex_kind

KINDS = ("Director", "Writer", "Role", "Producer")
"""The four kinds in the order of Plex's own numbers, 4 to 7."""

TAG_TYPES = {"Director": 4, "Writer": 5, "Role": 6, "Producer": 7}
FILTERS = {"Director": "director", "Writer": "writer", "Role": "actor", "Producer": "producer"}
_FIRST = 1000
ROLE_CAP = 200
"""No recorded item has more Roles, and three shows have exactly as many."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """One person under one kind on one item, as the full record shows it.

    ``human`` is the truth behind the tag. ``key`` is 24 hex digits, or None for a tag that is
    known by its name alone and whose number namesakes therefore share.
    """

    kind: str
    id: int
    name: str
    key: str | None
    role: str
    portrait: bool
    human: Human


def tag_key(human: Human) -> str:
    """Plex's universal key of a person, 24 hex digits, equal on all servers and for all kinds."""
    return hashlib.md5(f"plex person {human.id}".encode()).hexdigest()[:24]


class TagBook:
    """Numbers the tags of one server: other numbers on another server, and for another kind."""

    def __init__(self, humans: Iterable[Human], *, legacy: bool = False) -> None:
        self._legacy = legacy
        self._numbers: dict[str, int] = {}
        self._humans: list[Human] = []
        self.by_key: dict[str, Human] = {}
        for human in humans:
            self._enter(human)

    def tagged(self, work: Work) -> dict[str, list[Tagged]]:
        """The people of a work by kind, in billing order, each person once a kind.

        Characters of one person are joined with " / ". Kinds that have nobody are left out.
        Only Role is kept for a show, nobody at all for a season; both as recorded. Agents of old
        give no keys and no actors of episodes.
        """
        if work.kind == "season" or not work.matched:
            return {}
        keyed = zlib.crc32(work.id.encode()) % 29 != 0
        found: dict[str, dict[str, list[Stated]]] = {}
        for credit in _in_billing_order(work.credits):
            kind = plex_kind(credit)
            if self._legacy and work.kind == "episode" and kind == "Role":
                continue
            if kind and (kind == "Role" or work.kind != "show"):
                found.setdefault(kind, {}).setdefault(credit.human.id, []).append(credit)
        return {
            kind: [
                self._tag(kind, stated, not self._legacy and (keyed or kind == "Role"))
                for stated in people.values()
            ]
            for kind, people in found.items()
        }

    def number(self, kind: str, human: Human) -> int:
        """The tag number of a human for one kind."""
        return self._enter(human) * len(KINDS) + KINDS.index(kind) + _FIRST

    def by_tag(self, number: int) -> tuple[str, Human]:
        """Kind and human of a tag number; tags without key are not to be found.

        Raises:
            IndexError: no tag has that number.

        """
        index, kind = divmod(number - _FIRST, len(KINDS))
        if index < 0:
            raise IndexError(number)
        return KINDS[kind], self._humans[index]

    def _tag(self, kind: str, stated: list[Stated], keyed: bool) -> Tagged:
        human = stated[0].human
        number = self.number(kind, human) if keyed else self._number_by_name(kind, human)
        role = " / ".join(c.character for c in stated if c.character) if kind == "Role" else ""
        key = tag_key(human) if keyed else None
        return Tagged(kind, number, human.name, key, role, human.portrait and keyed, human)

    def _enter(self, human: Human) -> int:
        number = self._numbers.get(human.id)
        if number is None:
            number = self._numbers[human.id] = len(self._humans)
            self._humans.append(human)
            self.by_key[tag_key(human)] = human
        return number

    def _number_by_name(self, kind: str, human: Human) -> int:
        """A tag without key, fused by name as the agents of old do; numbers above 50 million."""
        return 50_000_000 + zlib.crc32(f"{kind} {human.name}".encode())


def _in_billing_order(credits: Iterable[Stated]) -> list[Stated]:
    """Cast by billing, crew as stated; the sort is stable."""
    return sorted(credits, key=lambda c: c.order if c.order is not None else -1)

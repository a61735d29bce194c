"""Joining records into groups that never hold contradicting ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from fullcredits.model import ExternalId


class Groups:
    """Records (by number) joined step by step; a join that would unite clashing ids is refused.

    Ids clash when both sides have ids of one scheme and none in common: two films with different
    IMDb ids are two films, whatever else agrees.
    """

    def __init__(self, ids: Mapping[int, Iterable[ExternalId]]) -> None:
        self._leader = {record: record for record in ids}
        self._ids: dict[int, dict[str, frozenset[str]]] = {}
        for record, external_ids in ids.items():
            by_scheme: dict[str, set[str]] = defaultdict(set)
            for scheme, value in external_ids:
                by_scheme[scheme].add(value)
            self._ids[record] = {s: frozenset(values) for s, values in by_scheme.items()}
        self._foes: dict[int, set[int]] = {}
        self._joined: dict[int, list[int]] = {}
        """By leader the records of a group of several."""

    def add(self, record: int) -> None:
        """Let there be one more record, without ids."""
        self._leader[record] = record
        self._ids[record] = {}

    def leader(self, record: int) -> int:
        """The record that stands for this one's group now."""
        leader = record
        while self._leader[leader] != leader:
            leader = self._leader[leader]
        while self._leader[record] != leader:
            self._leader[record], record = leader, self._leader[record]
        return leader

    def together(self, record: int) -> Sequence[int]:
        """All records of this one's group, in no order."""
        leader = self.leader(record)
        return self._joined.get(leader, (leader,))

    def forbid(self, one: int, other: int) -> None:
        """Keep two groups apart, whatever is found later; one that is joined already stays so."""
        one, other = self.leader(one), self.leader(other)
        if one == other:
            return
        self._foes.setdefault(one, set()).add(other)
        self._foes.setdefault(other, set()).add(one)

    def forbidden(self, one: int, other: int) -> bool:
        """Whether two groups must stay apart by word."""
        return self.leader(other) in self._foes.get(self.leader(one), ())

    def join(self, one: int, other: int, *, whatever_ids: bool = False) -> bool:
        """Make two groups one; False if that is forbidden or their ids clash: they stay apart."""
        one, other = self.leader(one), self.leader(other)
        if one == other:
            return True
        if self.forbidden(one, other) if whatever_ids else self.must_be_two(one, other):
            return False
        if other < one:
            one, other = other, one
        self._leader[other] = one
        self._joined.setdefault(one, [one]).extend(self._joined.pop(other, (other,)))
        ids, joining = self._ids[one], self._ids.pop(other)
        for scheme, values in joining.items():
            ids[scheme] = ids.get(scheme, frozenset()) | values
        for foe in self._foes.pop(other, ()):
            self._foes[foe].remove(other)
            self._foes[foe].add(one)
            self._foes.setdefault(one, set()).add(foe)
        return True

    def clash(self, one: int, other: int) -> bool:
        """Whether the ids of two groups contradict each other."""
        a, b = self._ids[self.leader(one)], self._ids[self.leader(other)]
        return any(scheme in b and values.isdisjoint(b[scheme]) for scheme, values in a.items())

    def must_be_two(self, one: int, other: int) -> bool:
        """Whether two groups must stay apart, by word or by their ids."""
        return self.forbidden(one, other) or self.clash(one, other)

    def members(self) -> dict[int, list[int]]:
        """All records by the leader of their group, both in rising order."""
        found: dict[int, list[int]] = defaultdict(list)
        for record in sorted(self._leader):
            found[self.leader(record)].append(record)
        return dict(sorted(found.items()))


def join_sharers(groups: Groups, shared: Iterable[tuple[Hashable, int]]) -> None:
    """Join the records that share a key, where nothing forbids it.

    Keys are taken in order, records as they come: what a refused join leaves apart then depends
    on the facts alone, as long as the caller orders records by their facts.
    """
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    for key, record in shared:
        by_key[key].append(record)
    for key in sorted((k for k, records in by_key.items() if len(records) > 1), key=str):
        first, *others = by_key[key]
        for other in others:
            groups.join(first, other)

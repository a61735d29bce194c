"""Whether what vanished of a library is so much that a disk may be away: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fullcredits.model import TitleKind
from fullcredits.store.gone import Suspect
from fullcredits.store.plan import TOP

FEW = 5
"""Fewer titles than this, with the seasons and episodes of shows, are not held while others of
their library are there: of a small one they are soon a large share."""


def looks_away(
    missing: Sequence[Suspect],
    living: Mapping[TitleKind, int],
    most: float,
    before: Mapping[TitleKind, int] = MappingProxyType({}),
    *,
    few: int = FEW,
    told: bool = False,
) -> bool:
    """Whether of a library nothing is left, or more than a share `most` vanished, and not too `few`
    titles, with what did just `before`. `living`: what there is, with what is missing now.

    A show is one title of that share, however long: what hangs on it is not counted there. One film
    or show alone is what somebody deletes, and never too much: not even the last one, where its
    server `told` of it as it happened.
    """
    if most >= 1:
        return False
    tops = [title for title in missing if title.kind in TOP]
    gone = {title.key for title in tops}
    if tops and len(tops) >= sum(living.get(kind, 0) for kind in TOP):
        return not told or len(tops) + sum(before.values()) > 1
    hanging = sum(title.show_key in gone for title in missing)
    lost = Counter(title.kind for title in missing if title.show_key not in gone)
    for kind, count in lost.items():
        earlier = before.get(kind, 0)
        titles = count + earlier
        several = titles + (hanging if kind is TitleKind.SHOW else 0)
        enough = several >= few and titles >= min(few, 2)
        if enough and titles > most * (living.get(kind, 0) + earlier):
            return True
    return False

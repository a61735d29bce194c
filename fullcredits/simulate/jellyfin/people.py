"""An item's People: which credits 10.11 keeps, and the order in which it shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fullcredits.simulate.catalogue import Human, Stated
from fullcredits.simulate.jobs import jellyfin_kind, jellyfin_role

_CLASSES = {"actor": 0, "gueststar": 1, "director": 2, "writer": 3, "producer": 4, "composer": 4}
_LAST_CLASS = 10
_KINDS_BY_ROLE = {k.lower(): k for k in ("GuestStar", "Director", "Producer", "Writer")}
_NO_ORDER = 2**31 - 1


@dataclass(slots=True)
class Credit:
    """One entry of People. ``humans`` is the truth: more than one where namesakes were fused."""

    name: str
    kind: str
    role: str
    sort_order: int | None
    humans: list[Human] = field(default_factory=list)


def people_of(credits: Iterable[Stated]) -> list[Credit]:
    """What is stored of a work's credits, in the order in which it is served."""
    kept: dict[tuple[str, str], Credit] = {}
    for stated in credits:
        kind = jellyfin_kind(stated)
        if kind and stated.name:
            role = jellyfin_role(stated)
            # Recorded: whoever plays "Producer" is stored as a producer.
            kind = _KINDS_BY_ROLE.get(role.lower(), kind)
            _add(kept, Credit(stated.name, kind, role, stated.order, [stated.human]))
    # Python's sort is stable: what ties stays as it was stored.
    return sorted(kept.values(), key=_place)


def _add(kept: dict[tuple[str, str], Credit], new: Credit) -> None:
    """Keep one actor per name and one credit per name and kind, as PeopleHelper.AddPerson does.

    The first role wins; a missing one is filled in by a later acting credit. The billing of the
    later credit wins. An actor who is also a guest star becomes a guest star.
    """
    name = new.name.casefold()
    acting = new.kind in ("Actor", "GuestStar")
    key = (name, "Acting" if acting else new.kind)
    old = kept.get(key)
    if old is None:
        kept[key] = new
        return
    if new.kind == "GuestStar":
        old.kind = "GuestStar"
    if acting and not old.role:
        old.role = new.role
    if new.sort_order is not None:
        old.sort_order = new.sort_order
    old.humans += [human for human in new.humans if human not in old.humans]


def _place(credit: Credit) -> tuple[int, int]:
    """DtoService.AttachPeople: by billing, then by class; a role that names a class counts."""
    order = _NO_ORDER if credit.sort_order is None else credit.sort_order
    words = {credit.kind.lower(), credit.role.lower()}
    return order, min((c for word, c in _CLASSES.items() if word in words), default=_LAST_CLASS)

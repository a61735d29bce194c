"""An item's People: which credits each version keeps, and the order in which it shows them."""

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


def people_of(credits: Iterable[Stated], *, apart: bool = False) -> list[Credit]:
    """What is stored of a work's credits, in the order in which it is served.

    ``apart``: as 12.0 does, which trims names and keeps one person's roles apart.
    """
    kept: dict[tuple[str, ...], Credit] = {}
    for stated in credits:
        kind = jellyfin_kind(stated)
        if kind and stated.name:
            role = jellyfin_role(stated)
            # Recorded: whoever plays "Producer" is stored as a producer.
            kind = _KINDS_BY_ROLE.get(role.lower(), kind)
            name = stated.name.strip() if apart else stated.name
            new = Credit(name, kind, role, stated.order, [stated.human])
            _add(kept, new, _apart(kept, new) if apart else _together(new))
    # Python's sort is stable: what ties stays as it was stored.
    return sorted(kept.values(), key=_place)


def _together(new: Credit) -> tuple[str, ...]:
    """One actor per name, and one credit per name and kind."""
    return new.name.casefold(), "Acting" if _acts(new) else new.kind


def _apart(kept: dict[tuple[str, ...], Credit], new: Credit) -> tuple[str, ...]:
    """One credit per name, kind and role; acting without a role joins any other acting."""
    name, kind = _together(new)
    if kind == "Acting":
        for key, old in kept.items():
            if key[:2] == (name, kind) and not (old.role and new.role):
                return key
    return name, kind, new.role.casefold()


def _acts(credit: Credit) -> bool:
    return credit.kind in ("Actor", "GuestStar")


def _add(kept: dict[tuple[str, ...], Credit], new: Credit, key: tuple[str, ...]) -> None:
    """Keep one credit per key, as PeopleHelper.AddPerson does.

    The first role wins; a missing one is filled in by a later acting credit. The billing of the
    later credit wins. An actor who is also a guest star becomes a guest star.
    """
    old = kept.get(key)
    if old is None:
        kept[key] = new
        return
    if new.kind == "GuestStar":
        old.kind = "GuestStar"
    if _acts(new) and not old.role:
        old.role = new.role
    if new.sort_order is not None:
        old.sort_order = new.sort_order
    old.humans += [human for human in new.humans if human not in old.humans]


def _place(credit: Credit) -> tuple[int, int]:
    """DtoService.AttachPeople: by billing, then by class; a role that names a class counts."""
    order = _NO_ORDER if credit.sort_order is None else credit.sort_order
    words = {credit.kind.lower(), credit.role.lower()}
    return order, min((c for word, c in _CLASSES.items() if word in words), default=_LAST_CLASS)

"""What owners and agents do to a library while it is served: edit, recast, add, delete, refresh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol

from fullcredits.simulate.catalogue import Catalogue, Human, Stated, Work


class Held(Protocol):
    """A work as a server holds it."""

    work: Work


class Library(Protocol):
    """What the libraries of both kinds of server can do."""

    def item(self, work_id: str, /) -> Held:
        """What the server holds of a work; KeyError where it holds none."""
        ...

    def put(self, work: Work, /) -> object:
        """Add a work or replace what is known of it."""
        ...

    def touch(self, work_id: str, /) -> None:
        """Make it look changed."""
        ...

    def drop(self, work_id: str, /) -> None:
        """Delete it with all below it."""
        ...


def edit(library: Library, work_id: str, **facts: Any) -> None:
    """Change facts of a work, named as the fields of `Work`.

    Raises:
        KeyError: the server does not hold the work.
        TypeError: works have no such fact.

    """
    library.put(replace(library.item(work_id).work, **facts))


def recast(library: Library, work_id: str, credits: Iterable[Stated] | None = None) -> None:
    """Give a work these credits; without any, let the first-billed actor give way to a stranger.

    Raises:
        KeyError: the server does not hold the work.
        ValueError: nobody acts in it who could give way.

    """
    work = library.item(work_id).work
    if credits is None:
        leading = next((c for c in work.credits if c.is_cast), None)
        if leading is None:
            raise ValueError(f"nobody acts in {work.title}")
        name = f"{leading.name} the Younger"
        other = replace(leading, human=Human(f"{leading.human.id}-younger", name), name=name)
        credits = [other if credit is leading else credit for credit in work.credits]
    library.put(replace(work, credits=tuple(credits)))


def add(library: Library, catalogue: Catalogue, work_id: str) -> None:
    """Add a work of a catalogue with everything below it.

    Raises:
        KeyError: the catalogue has no such work, or the server lacks what it is a part of.

    """
    work = catalogue.works[work_id]
    library.put(work)
    taken = {work.id}
    for below in catalogue.works.values():
        if below.parent in taken:
            taken.add(below.id)
            library.put(below)


def delete(library: Library, work_id: str) -> None:
    """Delete a work with everything below it.

    Raises:
        KeyError: the server does not hold the work.

    """
    library.drop(work_id)


def refresh(library: Library, work_id: str) -> None:
    """Let a work look changed though nothing in it is, as agents do at night.

    Raises:
        KeyError: the server does not hold the work.

    """
    library.touch(work_id)

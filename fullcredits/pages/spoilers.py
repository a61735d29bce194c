"""Whether what comes later in a show is kept from those who have not seen it yet.

Hidden are how many episodes somebody is in, and which, the years something ends, and characters
that come after the first season. The web says so for each request; elsewhere everything is told.
"""

from __future__ import annotations

from contextvars import ContextVar

_hidden: ContextVar[bool] = ContextVar("spoilers_hidden", default=False)


def hide(*, hidden: bool) -> None:
    """From here on in this context."""
    _hidden.set(hidden)


def are_hidden() -> bool:
    """As of now."""
    return _hidden.get()

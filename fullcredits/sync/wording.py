"""What an owner writes: names of people, and reasons."""

from __future__ import annotations

from fullcredits.errors import IdentityError
from fullcredits.text import odd, visible

LONGEST_NAME = 200
LONGEST_REASON = 500
_JOINERS = "\u200c\u200d"
"""Nobody sees them, but names in Persian and in Indian scripts are written with them."""


def fit_name(name: str) -> str:
    """A name as it is kept. Raises IdentityError: this is no name."""
    name = _seen(name, "This name")
    if not visible(name) or len(name) > LONGEST_NAME:
        raise IdentityError(f"A name has one to {LONGEST_NAME} letters.")
    return name


def fit_reason(reason: str | None) -> str | None:
    """A reason as it is kept. Raises IdentityError: it cannot be seen whole, or is too long."""
    reason = _seen(reason or "", "This reason")
    if len(reason) > LONGEST_REASON:
        raise IdentityError(f"A reason has up to {LONGEST_REASON} letters.")
    return reason or None


def _seen(text: str, what: str) -> str:
    """The text with single blanks. Raises IdentityError where something in it cannot be seen."""
    text = " ".join(text.split())
    for letter in text:
        if odd(letter) and letter not in _JOINERS:
            raise IdentityError(
                f"{what} has a character that nobody sees or types (U+{ord(letter):04X}); "
                "leave it out."
            )
    return text

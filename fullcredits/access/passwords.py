"""The one password of the pages: what is kept of it, and whether another is it."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from fullcredits.errors import ConfigError

SHORTEST = 8
LONGEST = 1000
"""Characters of a password."""

_hasher = PasswordHasher()
# Each takes 64 MiB and a good part of a second of a small machine: one after the other.
_turn = threading.Lock()


def hashed(password: str) -> str:
    """What is kept of a new password. Raises ConfigError for one that is too short or too long."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise ConfigError(f"the password is too short: it needs {SHORTEST} characters or more")
    if len(text) > LONGEST:
        raise ConfigError(f"the password is too long: {LONGEST} characters are the most")
    with _turn:
        return _hasher.hash(text)


def is_it(password: str, kept: str) -> bool:
    """Whether it is the password that `kept` was made of."""
    text = _normal(password)
    if len(text) > LONGEST:
        return False
    try:
        with _turn:
            return _hasher.verify(kept, text)
    except (Argon2Error, InvalidHashError):
        return False


def is_dated(kept: str) -> bool:
    """Whether it was made with weaker parameters than are used today."""
    return _hasher.check_needs_rehash(kept)


def _normal(password: str) -> str:
    # Keyboards differ in how they put an accented letter together, and pasting adds blanks.
    return unicodedata.normalize("NFC", password.strip())

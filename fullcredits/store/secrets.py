"""Keeping the servers' tokens sealed: the database alone, or a copy of it, opens none."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from fullcredits.errors import StoreError

KEY_FILE = "secret.key"


class Secrets:
    """Seals and opens texts with the key of this installation.

    The key is a file in the data directory that only its owner may read; it is made when the
    first secret is sealed. It is not in the database, so that a backup of that tells nothing.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / KEY_FILE

    def seal(self, text: str) -> bytes:
        """The text encrypted, another result each time.

        Raises StoreError if the key cannot be made or read.
        """
        try:
            _make_key(self._path)
        except OSError as error:
            raise StoreError(f"the key file {self._path} cannot be made: {error}") from error
        return self._fernet().encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text that was sealed. Raises StoreError if the key is missing or another one."""
        try:
            return self._fernet().decrypt(sealed).decode()
        except InvalidToken as error:
            raise self._unusable("is not the key this was sealed with") from error

    def word(self, purpose: str) -> str:
        """A word for a purpose that nobody can guess, always the same for this installation."""
        if not self._path.exists():
            self.seal("")
        try:
            key = self._path.read_bytes()
        except OSError as error:
            raise self._unusable(f"cannot be read ({error.strerror})") from error
        return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()[:40]

    def _fernet(self) -> Fernet:
        try:
            return Fernet(self._path.read_bytes())
        except OSError as error:
            raise self._unusable(f"cannot be read ({error.strerror})") from error
        except ValueError as error:
            raise self._unusable("holds no key", "delete it and ") from error

    def _unusable(self, why: str, first: str = "") -> StoreError:
        return StoreError(
            f"the key file {self._path} {why}: put it back from a backup, "
            f"or {first}add the source again"
        )


def _make_key(path: Path) -> None:
    """Make a key file unless there is one; of two processes at it, the first one's key stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made whole under another name, readable by its owner only, and linked: nobody ever sees
    # half a key, and a link does not replace a file.
    descriptor, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        Path(made).unlink()

"""Plex's XML in the form of its JSON, for servers and proxies that will not give JSON.

Attributes become fields (all of them text, which the wire structs take), elements become lists
named after them; rows with a `ratingKey`, which XML calls `Video` or `Directory`, become
`Metadata`.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

import msgspec

from fullcredits.errors import Nonsense

_DEEPEST = 20
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_CONTAINER = "MediaContainer"


class _TooOdd(Exception):
    """XML that no Plex makes."""


def as_json(source: str, content: bytes) -> bytes:
    """The JSON that the server would have given.

    Control characters, which make XML ill-formed and which Plex does send, are left out; entities
    are resolved once. Raises Nonsense for anything that is no whole `MediaContainer`.
    """
    text = _NOT_XML.sub("", content.decode("utf-8-sig", "replace"))
    reader = _Reader()
    try:
        reader.parser.Parse(_REFERENCE.sub(_possible, text).encode(), True)
    except expat.ExpatError:
        raise Nonsense(source, "answered with broken XML: does a proxy cut answers off?") from None
    except _TooOdd:
        raise Nonsense(source, "answered with XML that no Plex makes") from None
    return msgspec.json.encode({_CONTAINER: reader.root})


def _possible(reference: re.Match[str]) -> str:
    """A numeric reference, unless to a character that XML must not have."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    allowed = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
    return reference[0] if allowed or 0x10000 <= number <= 0x10FFFF else ""


class _Reader:
    """Builds the objects as elements begin and end."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[dict[str, Any]] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        # No entities of its own: they are how small XML grows without end.
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        made: dict[str, Any] = dict(attributes)
        if not self._open:
            if name != _CONTAINER:
                raise _TooOdd
            self.root = made
        elif len(self._open) >= _DEEPEST:
            raise _TooOdd
        else:
            row = len(self._open) == 1 and "ratingKey" in attributes
            self._open[-1].setdefault("Metadata" if row else name, []).append(made)
        self._open.append(made)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _refuse(self, *_: object) -> None:
        raise _TooOdd

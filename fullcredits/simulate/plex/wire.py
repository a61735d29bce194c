"""Records as bytes: JSON for those who ask for it, XML for everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec

_encode = msgspec.json.Encoder().encode
_ELEMENTS = {"movie": "Video", "episode": "Video", "show": "Directory", "season": "Directory"}


def record_json(record: Mapping[str, Any]) -> bytes:
    """One record as a JSON object."""
    return _encode(record)


def record_xml(name: str, record: Mapping[str, Any]) -> bytes:
    """One record as an element: scalars are attributes, lists and dicts are child elements.

    ``name`` is the JSON key that the record stands under; the items of ``Metadata`` become Video
    or Directory elements, by their type.
    """
    parts: list[str] = []
    _element(_ELEMENTS[record["type"]] if name == "Metadata" else name, record, parts)
    return "".join(parts).encode()


def container_json(
    head: Mapping[str, Any], name: str, rows: Sequence[bytes], *, single: bool = False
) -> bytes:
    """A MediaContainer around encoded rows; without rows the key ``name`` is missing.

    ``single``: one row stands there without a list around it.
    """
    opening = _encode({"MediaContainer": head})[:-2]
    body = b",".join(rows)
    if not body:
        return opening + b"}}"
    form = b"%b,%b:%b}}" if single and len(rows) == 1 else b"%b,%b:[%b]}}"
    return form % (opening, _encode(name), body)


def container_xml(head: Mapping[str, Any], rows: Iterable[bytes]) -> bytes:
    """A MediaContainer around encoded elements."""
    attributes = "".join(f" {k}={quoteattr(_text(v))}" for k, v in head.items())
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer{attributes}>\n'.encode()
    return start + b"\n".join(rows) + b"\n</MediaContainer>\n"


def _element(name: str, record: Mapping[str, Any], parts: list[str]) -> None:
    parts.append(f"<{name}")
    nested = []
    for key, value in record.items():
        if isinstance(value, list | dict):
            nested.append((key, value))
        else:
            parts.append(f" {key}={quoteattr(_text(value))}")
    if not nested:
        parts.append("/>")
        return
    parts.append(">")
    for key, value in nested:
        for child in value if isinstance(value, list) else [value]:
            _element(key, child, parts)
    parts.append(f"</{name}>")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)

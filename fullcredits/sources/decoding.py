"""From bytes to wire structs, shared by both dialects.

The fast way decodes a whole page at once. Where that fails, the page is taken apart leniently
(lone surrogates, control characters and broken UTF-8 pass) and its rows one by one, so that a
malformed row costs only itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec

from fullcredits.errors import Nonsense
from fullcredits.text import storable

C = TypeVar("C")
R = TypeVar("R")

Line = Annotated[str, msgspec.Meta(max_length=10_000)]
"""A name, a key, a character: longer ones are not what they claim to be."""
Text = Annotated[str, msgspec.Meta(max_length=1_000_000)]
Scalar = Line | int | float | bool | None
"""A value some server writes as a number and another as text; see `whole` and `words`."""
MOST_KEY = 100
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_KEY)]
"""A key by which a server is asked: a number or 32 digits so far. Longer ones are none, and would
make each request too long that names them."""
Key = Annotated[str, msgspec.Meta(max_length=MOST_KEY)] | int


def decode(source: str, content: bytes, kind: type[C]) -> C:
    """One struct. Raises Nonsense with the JSON path of what does not fit."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (ValueError, RecursionError):
        return _convert(source, _lenient(source, content), kind)


class Page(NamedTuple, Generic[C, R]):
    """A container with its rows decoded."""

    container: C
    rows: Sequence[R]
    broken: tuple[tuple[str, str], ...]
    """(key, why) of rows without the expected form; the key is "" where it has none."""
    size: int = 0
    """Bytes, unpacked."""


class PageDecoder(Generic[C, R]):
    """Decodes pages of one kind: a container struct with a list of rows in it.

    `path` leads to the list in the JSON, `key` is the field with a row's key, `rows_of` takes the
    rows from the container.
    """

    def __init__(
        self,
        container: type[C],
        row: type[R],
        rows_of: Callable[[C], Sequence[R]],
        path: Sequence[str],
        key: str,
    ) -> None:
        self._decoder = msgspec.json.Decoder(container)
        self._container = container
        self._row = row
        self._rows_of = rows_of
        self._path = tuple(path)
        self._key = key

    def decode(self, source: str, content: bytes) -> Page[C, R]:
        """All rows that have the expected form. Raises Nonsense where the container has not."""
        try:
            container = self._decoder.decode(content)
        except (ValueError, RecursionError):
            return self._one_by_one(source, content)
        return Page(container, self._rows_of(container), (), len(content))

    def _one_by_one(self, source: str, content: bytes) -> Page[C, R]:
        loose = _lenient(source, content)
        holder = loose
        for step in self._path[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
        served = holder.get(self._path[-1]) if isinstance(holder, dict) else None
        if not isinstance(served, list):
            container = _convert(source, loose, self._container)
            return Page(container, self._rows_of(container), (), len(content))
        holder[self._path[-1]] = []
        container = _convert(source, loose, self._container)
        rows: list[R] = []
        broken: list[tuple[str, str]] = []
        for raw in served:
            try:
                rows.append(msgspec.convert(raw, self._row))
            except (ValueError, RecursionError) as error:
                key = raw.get(self._key) if isinstance(raw, dict) else None
                name = storable(str(key)) if isinstance(key, str | int) else ""
                broken.append((name if len(name) <= MOST_KEY else "", _why(error)))
        return Page(container, rows, tuple(broken), len(content))


def _lenient(source: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig", "replace"), strict=False)
    except RecursionError:
        raise Nonsense(source, "answered with JSON nested too deeply") from None
    except ValueError:
        if not content.strip():
            raise Nonsense(source, "answered with nothing where JSON is due") from None
        raise Nonsense(source, "answered with broken JSON: does a proxy cut answers off?") from None


def _convert(source: str, loose: Any, kind: type[C]) -> C:
    try:
        return msgspec.convert(loose, kind)
    except (ValueError, RecursionError) as error:
        raise Nonsense(source, f"answered in an unknown form: {_why(error)}") from None


def _why(error: Exception) -> str:
    """The sentence of msgspec, with the JSON path: it holds types and paths, never values."""
    return str(error) if isinstance(error, msgspec.ValidationError) else "nested too deeply"

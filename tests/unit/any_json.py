"""JSON that nobody should serve, for fuzzing wire and translate."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["", " ", "0", "2001-13-01", "0001-01-01T00:00:00Z", "\x00", "\ud800", "1e400",
                     "9999-12-31T23:59:59-14:00", "plex://", "/a?X-Plex-Token=t", "/\ud800", "nan",
                     "\ud800k"]),
)  # fmt: skip


def anything(names: list[str]) -> st.SearchStrategy[Any]:
    """Nested values whose objects mostly use the names that a dialect knows."""
    keys = st.one_of(st.sampled_from(names), st.text(max_size=5))
    return st.recursive(
        SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner)),
        max_leaves=25,
    )


def rows(names: list[str], key: str) -> st.SearchStrategy[list[Any]]:
    """Rows of which most have a key, with anything in the other fields."""
    value = anything(names)
    row = st.dictionaries(st.sampled_from(names), value).map(lambda d: {key: "1"} | d)
    odd = st.dictionaries(st.sampled_from(names), st.just("\ud800k")).map(
        lambda d: d | {key: "\x00"}
    )
    return st.lists(st.one_of(row, row, odd, value), max_size=4)


def texts(value: Any) -> Iterator[str]:
    """Every text in a value of the model, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            yield from texts(getattr(value, part.name))


def check_storable(value: Any) -> None:
    """A database takes every text in it."""
    for text in texts(value):
        text.encode()
        assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\n\r" for c in text), text


def encoded(value: Any) -> bytes:
    """As a server with bad manners would send it: NaN and lone surrogates included."""
    return json.dumps(value).encode()

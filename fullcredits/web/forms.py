"""Forms: what was typed, and that it came from a page of ours.

A page with a form has two routes at one path: `get` shows it, `post` does it and goes on to the
page that shows the outcome. What cannot be done shows the same page again, with the error and what
was typed; secrets are not repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from fastapi import Request

from fullcredits.errors import FullcreditsError, SourceError
from fullcredits.web.visits import TOKEN_FIELD, current

_MOST_BYTES = 1 << 18
_MOST_FIELDS = 1500


class Stale(Exception):
    """The form is not one that this browser got from us as it is signed in now."""


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed, by the names of the fields; empty where nothing was."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    error: str = ""
    """Why it could not be done, to be shown with it."""

    def __getitem__(self, name: str) -> str:
        """A field without blanks around it; "" where it was left out."""
        return self.values.get(name, "").strip()

    def secret(self, name: str) -> str:
        """A field as it was typed."""
        return self.values.get(name, "")

    def refused(self, error: FullcreditsError | str) -> Form:
        """The same, to be shown again with what is wrong; what it tells of is named once."""
        if isinstance(error, SourceError) and error.source in error.problem:
            return Form(self.values, error.problem)
        return Form(self.values, str(error))


async def submitted(request: Request) -> Form:
    """The form of a request. Raises Stale unless it came from a page of ours."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise Stale
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise Stale from None
    values = dict(pairs)
    if not current().made(values.pop(TOKEN_FIELD, "")):
        raise Stale
    return Form(values)

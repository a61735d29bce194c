"""Logging: one line an event on standard error, with everything secret taken out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_SECRET = re.compile(
    r"""(?ix)
        (?P<name> x-plex-token | api_?key | access_?token | auth_?token | \btoken
                | \bpw | password )
        (?P<between> ["']? \s* [=:] \s* ["']? )
        (?P<value> [^\s"'&,;)]+ )"""
)


def redact(text: str) -> str:
    """The text with the value of everything that looks like a token or password blanked."""
    return _SECRET.sub(lambda m: f"{m['name']}{m['between']}…", text)


def set_up(level: str) -> None:
    """Send our log, and that of the libraries we use, to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redacted,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    handler = _ToStandardError()
    handler.addFilter(_Redacting())
    logging.basicConfig(
        level=max(logging.WARNING, logging.getLevelName(level.upper())),
        handlers=[handler],
        force=True,
    )


def _redacted(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {k: redact(v) if isinstance(v, str) else v for k, v in event.items()}


class _ToStandardError(logging.StreamHandler[TextIO]):
    """Looks it up each time, as our own log does: who replaced it for a while may have closed
    theirs.
    """

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True

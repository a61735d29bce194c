from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from fullcredits import logs


@pytest.mark.parametrize(
    "text",
    [
        "GET /library?X-Plex-Token=s3cret&a=1",
        "?ApiKey=s3cret",
        "api_key: s3cret",
        'Authorization: MediaBrowser Client="F", Token="s3cret"',
        '{"AccessToken": "s3cret", "a": 1}',
        '{"Username":"ann","Pw":"s3cret"}',
        "password = s3cret",
        "authToken='s3cret'",
    ],
)
def test_secrets_are_blanked(text: str) -> None:
    clean = logs.redact(text)
    assert "s3cret" not in clean
    assert "…" in clean


@pytest.mark.parametrize("text", ["nothing secret here", "a token of love", "tokens: 5 of them"])
def test_other_text_stays(text: str) -> None:
    assert logs.redact(text) == text


@pytest.fixture
def _own_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_own_logging")
def test_neither_our_log_nor_a_library_s_tells_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info")
    structlog.get_logger().info("asked", address="http://x/?X-Plex-Token=s3cret")
    logging.getLogger("some.library").warning("retry %s", "http://x/?api_key=s3cret")
    told = capsys.readouterr().err
    assert "asked" in told
    assert "retry" in told
    assert "s3cret" not in told


@pytest.mark.usefixtures("_own_logging")
def test_a_standard_error_that_was_closed_since_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for_a_while = io.StringIO()
    with monkeypatch.context() as replaced:
        replaced.setattr(sys, "stderr", for_a_while)
        logs.set_up("info")
    for_a_while.close()
    structlog.get_logger().info("later")
    logging.getLogger("some.library").warning("later still")
    told = capsys.readouterr().err
    assert "later" in told
    assert "later still" in told
    assert "Logging error" not in told

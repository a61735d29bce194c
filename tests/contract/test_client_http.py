"""What goes wrong on the wire comes out as one of our errors, in a sentence that names the source
and never the token.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import httpx2
import pytest
from starlette.responses import Response

from fullcredits.errors import (
    Busy,
    ConfigError,
    Failed,
    Nonsense,
    Refused,
    SourceError,
    Unreachable,
)
from fullcredits.sources.http import Http
from fullcredits.sources.trouble import NotOpen, TooMuch
from tests.contract.answering import TOKEN, closed_port, raw, said, scripted

HTML = "<!DOCTYPE html><html><title>Sign in</title></html>"


class Outcome(NamedTuple):
    """What came of one request."""

    content: bytes | None
    error: SourceError | None
    pauses: list[float]
    requests: int
    received: int
    setbacks: int


def fetched(
    address: str,
    ask: Callable[[Http], Awaitable[bytes | None]] | None = None,
    timeout: float = 10.0,
) -> Outcome:
    """Ask for /Items, or what is given, without real pauses."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def go() -> Outcome:
        headers = {"Authorization": f'MediaBrowser Token="{TOKEN}"', "X-Plex-Token": TOKEN}
        http = Http("Attic", address, headers, sleep=pause, timeout=httpx2.Timeout(timeout))
        content = error = None
        try:
            content = await (ask(http) if ask else http.get("/Items", {"ids": "1,2"}))
        except SourceError as raised:
            error = raised
        finally:
            await http.close()
        return Outcome(content, error, pauses, http.requests, http.received, http.setbacks)

    return asyncio.run(go())


def failed(outcome: Outcome) -> SourceError:
    assert outcome.error is not None
    text = f"{outcome.error} {outcome.error!r} {vars(outcome.error)}"
    assert str(outcome.error).startswith("Attic: ")
    assert TOKEN not in text
    assert "ids=" not in text
    return outcome.error


STATUSES = [
    (said("", 401, ""), Refused, "refuses our token (HTTP 401)"),
    (said("", 403, ""), Refused, "may not read /Items (HTTP 403)"),
    (said("", 498, ""), Refused, "expired (HTTP 498)"),
    (said("", 407, ""), Refused, "a proxy on the way"),
    (said("no", 404), Nonsense, "has no /Items (HTTP 404)"),
    (said("", 400, ""), Nonsense, "does not understand our request for /Items (HTTP 400)"),
    (said("", 414, ""), TooMuch, "refuses so long a request (HTTP 414)"),
    (said("", 500, "text/plain"), Failed, "broke on /Items (HTTP 500)"),
    (said(HTML, 502, "text/html"), Failed, "broke on /Items (HTTP 502)"),
    (said(HTML, 504, "text/html"), Failed, "broke on /Items (HTTP 504)"),
    (said("", 429, "", retry_after="7"), Busy, "wait for 7 seconds (HTTP 429): too many"),
    (said(HTML, 503, "text/html", retry_after="005"), Busy, "for 5 seconds (HTTP 503): try again"),
    (said("", 503, "", retry_after="4000"), Busy, "wait for 1 hour 7 minutes (HTTP 503)"),
    (said("", 503, "", retry_after="Wed, 21 Oct 2099 07:28:00 GMT"), Busy, "1 day or longer (HTTP"),
    (said("", 503, ""), Busy, "is starting up or under maintenance"),
    (said(HTML, 200, "text/html; charset=utf-8"), Nonsense, "a web page, not JSON: is a log-in"),
    (said(HTML, 200, "application/octet-stream"), Nonsense, "answered with a web page, not JSON"),
    (said("<x/>", 200, "text/xml"), Nonsense, "answered with XML, not JSON"),
    (said("{}", 200, "text/plain"), Nonsense, "answered with text/plain, not JSON"),
    (said("", 302, "", location="/jellyfin/web/"), Nonsense, "add /jellyfin to the address"),
    (said("", 302, "", location="/media/Items?ids=1"), Nonsense, "add /media to the address"),
    (said("", 302, "", location="/web/index.html"), Nonsense, "sends us on to /web/index.html"),
    (said("", 301, "", location="https://127.0.0.1:1/Items"), Nonsense, "with https://127.0.0.1:1"),
    (
        said("", 302, "", location="https://auth.example.org/?rd=s3cret-t0ken"),
        Nonsense,
        "sends us on to https://auth.example.org: is a log-in portal in front?",
    ),
    (said("", 302, "", location="http://[oops"), Nonsense, "sends us on to nowhere"),
    (said("", 304, ""), Nonsense, "sends us on to nowhere (HTTP 304)"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "kind", "sentence"), STATUSES)
def test_answers_that_are_none(answer: Response, kind: type[SourceError], sentence: str) -> None:
    with scripted(lambda request: answer) as (address, _):
        outcome = fetched(address)
    error = failed(outcome)
    assert isinstance(error, kind)
    assert sentence in str(error)
    assert bool(outcome.setbacks) == issubclass(kind, Busy | Failed)


def test_an_answer_without_a_media_type_is_taken_for_json() -> None:
    with scripted({"/Items": said("{}", 200, "")}) as (address, _):
        assert fetched(address).content == b"{}"


def test_none_for_what_may_be_absent() -> None:
    with scripted({}) as (address, _):
        assert fetched(address, lambda http: http.find("/Items")).content is None


class TestPatience:
    """What is tried again, how often and after which pause."""

    @staticmethod
    def in_turn(*answers: Response) -> tuple[Outcome, int]:
        left = list(answers)
        with scripted(lambda request: left.pop(0) if len(left) > 1 else left[0]) as (address, app):
            return fetched(address), len(app.asked)

    def test_a_start_up_is_waited_for(self) -> None:
        outcome, asked = self.in_turn(
            said(HTML, 503, "text/html", retry_after="005"), said({"Items": []})
        )
        assert outcome.content == b'{"Items": []}'
        assert outcome.pauses == [5.0]
        assert asked == outcome.requests == 2

    def test_a_short_retry_after_does_not_shorten_our_own_pause(self) -> None:
        outcome, _ = self.in_turn(said("", 429, "", retry_after="0"), said({}))
        assert outcome.pauses[0] > 0.3

    def test_a_long_wait_is_told_not_waited(self) -> None:
        outcome, asked = self.in_turn(said("", 503, "", retry_after="3600"))
        error = failed(outcome)
        assert isinstance(error, Busy)
        assert error.retry_after == 3600
        assert (outcome.pauses, asked) == ([], 1)

    def test_nonsense_in_retry_after(self) -> None:
        error = failed(self.in_turn(said("", 503, "", retry_after="soon"))[0])
        assert isinstance(error, Busy)
        assert error.retry_after is None

    def test_busy_three_times(self) -> None:
        outcome, asked = self.in_turn(said("", 503, "", retry_after="1"))
        failed(outcome)
        assert asked == 3
        assert len(outcome.pauses) == 2

    def test_a_breakdown_is_tried_once_more(self) -> None:
        outcome, asked = self.in_turn(said("", 500, "text/plain"))
        failed(outcome)
        assert asked == 2
        assert self.in_turn(said("", 500, "text/plain"), said({}))[0].content == b"{}"

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 414, 498, 302])
    def test_what_is_final_is_not_tried_again(self, status: int) -> None:
        outcome, asked = self.in_turn(said("", status, ""))
        failed(outcome)
        assert (asked, outcome.pauses) == (1, [])

    @pytest.mark.parametrize(("refusals", "asked"), [(1, 3), (2, 3)])
    def test_a_token_that_was_taken_is_shown_once_more(self, refusals: int, asked: int) -> None:
        """A busy server may say 401 of a good token."""
        answers = [said({}), *[said("", 401, "")] * refusals, said({})]
        with scripted(lambda request: answers.pop(0)) as (address, app):

            async def twice(http: Http) -> bytes:
                await http.get("/")
                return await http.get("/")

            outcome = fetched(address, twice)
        assert len(app.asked) == asked
        if refusals == 1:
            assert outcome.content == b"{}"
        else:
            assert isinstance(failed(outcome), Refused)

    def test_a_library_that_is_not_open_to_us(self) -> None:
        text = "anna is not permitted to access Library Films."
        outcome, asked = self.in_turn(said(text, 401))
        assert "this account may not read" in str(failed(outcome))
        assert isinstance(outcome.error, NotOpen)
        assert asked == 1

    def test_a_sign_in_is_never_sent_twice(self) -> None:
        with scripted(lambda request: said("", 503, "")) as (address, app):
            failed(fetched(address, lambda http: http.post("/Users/AuthenticateByName", b"{}")))
        assert len(app.asked) == 1


WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
CUT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
CUT_CHUNKS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'
)


class TestTheWire:
    """Faults below HTTP."""

    def test_nothing_listens(self) -> None:
        outcome = fetched(closed_port())
        assert isinstance(failed(outcome), Unreachable)
        assert "nothing listens at http://127.0.0.1:" in str(outcome.error)
        assert outcome.requests == 3

    def test_an_unknown_host(self) -> None:
        error = failed(fetched("http://nowhere.invalid:8096"))
        assert isinstance(error, Unreachable)
        assert "the host of http://nowhere.invalid:8096 is not known" in str(error)

    def test_https_where_http_is_spoken(self) -> None:
        with scripted({}) as (address, _):
            error = failed(fetched(address.replace("http:", "https:")))
        assert isinstance(error, Unreachable)
        assert "does not speak https: try http" in str(error)

    @pytest.mark.parametrize("answer", [CUT, CUT_CHUNKS, b"", b"\x15\x03\x01\x00\x02\x02P"])
    @pytest.mark.parametrize("reset", [False, True])
    def test_answers_cut_off(self, answer: bytes, reset: bool) -> None:
        with raw(answer, reset=reset) as address:
            outcome = fetched(address)
        assert isinstance(failed(outcome), Unreachable)
        assert outcome.requests == 3

    @pytest.mark.parametrize("first", [CUT, b""])
    def test_cut_off_once_then_whole(self, first: bytes) -> None:
        with raw(first, WHOLE) as address:
            outcome = fetched(address)
        assert (outcome.content, outcome.requests) == (b"{}", 2)

    def test_no_answer_in_time(self) -> None:
        def slow(request: object) -> Response:
            time.sleep(1)
            return said({})

        with scripted(slow) as (address, _):
            outcome = fetched(address, timeout=0.2)
        error = failed(outcome)
        assert isinstance(error, TooMuch)
        assert isinstance(error, Failed)  # so that a smaller batch is tried
        assert outcome.requests == 1

    def test_a_broken_compression(self) -> None:
        answer = said(b"\x1f\x8bnot gzip", content_encoding="gzip")
        with scripted(lambda request: answer) as (address, _):
            error = failed(fetched(address))
        assert isinstance(error, Nonsense)
        assert "cannot be unpacked" in str(error)

    def test_more_than_memory_should_hold(self) -> None:
        bomb = gzip.compress(b" " * (33 << 20), 1)
        with scripted(lambda request: said(bomb, content_encoding="gzip")) as (address, _):
            outcome = fetched(address)
        error = failed(outcome)
        assert isinstance(error, TooMuch)
        assert "more than 32 MB at once" in str(error)
        assert outcome.requests == 1

    def test_bytes_are_counted_as_they_came(self) -> None:
        packed = gzip.compress(b'{"Items": [' + b" " * 100_000 + b"]}")
        with scripted(lambda request: said(packed, content_encoding="gzip")) as (address, app):
            outcome = fetched(address)
        assert outcome.content is not None
        assert len(outcome.content) > 100_000
        assert outcome.received == len(packed)
        assert app.asked[0].headers["accept-encoding"] == "gzip"


def test_no_secret_in_any_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted({"/Items": said({})}) as (address, _):
        fetched(address)
        fetched(address, lambda http: http.get("/missing"))
    fetched(closed_port())
    assert caplog.records
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("token", ["a\nb", "a\r\nX-Evil: 1", "schlüssel", "a\x00b"])
def test_a_token_that_cannot_be_one_is_not_repeated(token: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        Http("Attic", "http://host", {"X-Plex-Token": token})
    assert str(refusal.value) == "Attic: the token has characters in it that no token has"


def test_an_answer_that_trickles_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcredits.sources.patience.LONGEST_ANSWER", 0.6)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        writer.write(b"Content-Length: 1000000\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b" ")
                await asyncio.sleep(0.05)
        finally:
            writer.transport.abort()

    async def ask(asking: Http) -> bytes:
        async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            asking.base = f"http://{host}:{port}"
            try:
                return await asking.get("/Items")
            finally:
                server.close()

    assert isinstance(failed(fetched("http://127.0.0.1:1", ask)), TooMuch)

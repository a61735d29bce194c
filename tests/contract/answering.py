"""Small servers on real sockets that say exactly what a test wants said."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fullcredits.simulate.serve import running

TOKEN = "s3cret-t0ken"
Answer = Callable[[Request], Response]


def said(body: Any, status: int = 200, kind: str = "application/json", **headers: str) -> Response:
    """A response; anything but text and bytes is sent as JSON."""
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(content, status, headers={"content-type": kind, **named} if kind else named)


class Scripted:
    """An ASGI app that answers by path; keeps what it was asked."""

    def __init__(self, answers: Mapping[str, Answer | Response] | Answer) -> None:
        self._answers = answers
        self.asked: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await request.body()
        self.asked.append(request)
        found: Answer | Response | None
        if callable(self._answers) and not isinstance(self._answers, Mapping):
            found = self._answers
        else:
            found = self._answers.get(request.url.path)
        if found is None:
            found = said("", 404, "")
        response = found if isinstance(found, Response) else found(request)
        await response(scope, receive, send)

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.asked]


@contextlib.contextmanager
def scripted(
    answers: Mapping[str, Answer | Response] | Answer,
) -> Iterator[tuple[str, Scripted]]:
    """Serve an app; yields its address and the app."""
    app = Scripted(answers)
    with running(app) as address:
        yield address, app


@contextlib.contextmanager
def raw(*answers: bytes, reset: bool = False) -> Iterator[str]:
    """A server that sends these bytes, one answer a connection (the last for ever), and then
    closes, or resets, the connection.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        turn = 0
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                with contextlib.suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(answers[min(turn, len(answers) - 1)])
                if reset:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            turn += 1

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


@contextlib.contextmanager
def endless(head: bytes, chunk: bytes, pause: float = 0.0) -> Iterator[tuple[str, list[int]]]:
    """A server that sends a head, then the same chunk for ever; also gives the bytes it sent to
    each client, once that has gone away.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    sent: list[int] = []

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            total = 0
            with connection, contextlib.suppress(OSError):
                connection.recv(65536)
                connection.sendall(head)
                while not over.wait(pause):
                    connection.sendall(chunk)
                    total += len(chunk)
            sent.append(total)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", sent
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def closed_port() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

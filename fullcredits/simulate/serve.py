"""Put a simulated server on a real socket, always on the loopback interface."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 10.0


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve from a thread of its own; yields ``http://127.0.0.1:<port>``, no slash at the end.

    Port 0 takes any free one. Many servers can run in one process, each with its own event loop.

    Raises:
        OSError: the port is taken.
        TimeoutError: the server did not start.

    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_LOOPBACK, port))
        config = uvicorn.Config(
            app,
            log_level="warning",
            lifespan="off",
            access_log=False,
            server_header=False,
            date_header=False,  # a server dates its answers itself, by its own clock
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="simulated-server", daemon=True
        )
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield f"http://{_LOOPBACK}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
    finally:
        listening.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise TimeoutError("the simulated server did not start")
        time.sleep(0.005)

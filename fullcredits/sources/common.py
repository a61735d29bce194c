"""What both dialects have in common as sources: whatever only passes on what `Http` knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from fullcredits.sources import pictures
from fullcredits.sources.address import Origin
from fullcredits.sources.contract import Picture
from fullcredits.sources.http import Http


class HttpSource:
    """A server that is asked over one `Http`; see `contract.Source`."""

    def __init__(self, http: Http, server_id: str | None = None) -> None:
        """`server_id`: who is meant to answer; `server` shows nobody else our token."""
        self._http = http
        self._server_id = server_id
        self.name = http.name

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._http.requests

    @property
    def received(self) -> int:
        """Bytes received so far."""
        return self._http.received

    @property
    def setbacks(self) -> int:
        """See `Http.find`, which counts them."""
        return self._http.setbacks

    @property
    def distance(self) -> float:
        """Seconds of the quickest answer so far."""
        return self._http.quickest

    @property
    def clock(self) -> dt.datetime | None:
        """The server's clock at its last answer."""
        return self._http.clock

    async def picture(
        self, ref: str, *, homes: Collection[Origin] = (), first: bool = False
    ) -> Picture | None:
        """See `pictures.fetch`."""
        return await pictures.fetch(self._http, ref, homes=homes, first=first)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()

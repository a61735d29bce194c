"""What both dialects have in common as sources: whatever only passes on what `Http` knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import ClassVar

from fullcredits.errors import Unreachable
from fullcredits.sources import pictures, probe
from fullcredits.sources.address import Origin
from fullcredits.sources.contract import Picture
from fullcredits.sources.http import Http
from fullcredits.sources.trouble import Another


class HttpSource:
    """A server that is asked over one `Http`; see `contract.Source`."""

    pulse: ClassVar[str]
    """See `Http.pulse`: it should ask for something of the server's database, because a server
    whose database is stuck still says who it is.
    """

    def __init__(self, http: Http, server_id: str | None = None) -> None:
        """`server_id`: who is meant to answer; nobody else is shown our token."""
        self._http = http
        self._server_id = server_id
        self._met = False
        self.name = http.name
        http.pulse = self.pulse

    async def _meet(self) -> None:
        """See once, without our token, that it is the right server that answers, before what is
        not a sync shows it the token; `server` sees to that for syncs. Raises SourceError.
        """
        if self._met or self._server_id is None:
            return
        found = await probe.find(self._http)
        if found is None or found.server_id != self._server_id:
            raise Another(self.name, self._http.base)
        self._met = True

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
    def silence(self) -> float:
        """See `Http.silence`."""
        return self._http.silence

    @property
    def arriving(self) -> int:
        """See `Http.arriving`."""
        return self._http.arriving

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
        if not pictures.place_of(ref):
            try:
                await self._meet()
            except Another as error:  # says nothing of the picture
                raise Unreachable(self.name, error.problem) from None
        return await pictures.fetch(self._http, ref, homes=homes, first=first)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()

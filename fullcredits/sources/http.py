"""The one place that talks HTTP, for both dialects.

Requests go out, whole answers or our errors come back. Trying again after a fault that may pass
happens here and nowhere else, so that nobody multiplies anybody's patience.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from urllib.parse import quote, urlencode

import httpx2

from fullcredits import __version__
from fullcredits.errors import Busy, ConfigError, Failed, SourceError, Unreachable
from fullcredits.model import USUAL_TRUST, Trust
from fullcredits.sources import certificates, patience, places, trouble
from fullcredits.sources.address import cleaned, origin
from fullcredits.sources.gate import UNKNOWN, gate_of
from fullcredits.sources.patience import Patience
from fullcredits.sources.strangers import Strangers
from fullcredits.sources.trouble import Answer, Crowded, Hangs, TooLarge, TooSlow
from fullcredits.sources.waiting import Waiting

MOST_JSON = 32 * 1024 * 1024
"""Bytes of one answer, unpacked. 200 blockbusters of Plex are 10 MB."""

AT_ONCE = 4
"""Requests under way at one server at most, where nothing else is said."""
_LIMITS = httpx2.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=30.0)

Params = Mapping[str, str | int]
"""A query. Values are encoded, except commas, which both servers take as they are."""


class Http:
    """Requests to one source.

    `headers` go to the source's own address only, and `trust` holds there only. At most `at_once`
    requests are under way there, those of other connections to the same address counted in, of
    other processes too (`places`); None is for who only looks what answers, and minds the number
    of others.
    After each request its place rests, so that the server is busy with us `share` per cent of the
    time at most; not after one that somebody waits for.
    `from_xml` makes JSON of XML, given the source's name, for servers that speak both.
    `sleep` and `timeout` are there for tests.
    """

    def __init__(
        self,
        name: str,
        address: str,
        headers: Mapping[str, str],
        *,
        trust: Trust = USUAL_TRUST,
        at_once: int | None = AT_ONCE,
        share: int = 100,
        from_xml: Callable[[str, bytes], bytes] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timeout: httpx2.Timeout = patience.USUAL,
    ) -> None:
        self.name = name
        self.base = cleaned(address)
        self.requests = 0
        self.received = 0
        self.setbacks = 0
        self.quickest = float("inf")
        """Seconds of the server's own quickest answer."""
        self.clock: dt.datetime | None = None
        self.pulse = ""
        """The path of something small that a living server answers soon. It is asked where an
        answer did not come in time; "": nothing is."""
        self._patience = Patience(timeout)
        strange = name in self.base and name != trouble.PLEX_TV
        self._waiting = Waiting(f"the server at {self.base}" if strange else name)
        self._arriving: set[httpx2.Response] = set()
        self._let_in = False
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise ConfigError(f"{name}: the token has characters in it that no token has")
        self.trust = trust
        self._own_headers = dict(headers)
        self._rest = 100 / share - 1
        self._from_xml = from_xml
        self._sleep = sleep
        self._timeout = timeout
        self._origin = origin(self.base)
        self.at_once = at_once or UNKNOWN
        self._gate = gate_of(self.base, at_once)
        self._client = self._opened(trust)
        self._neighbours: httpx2.AsyncClient | None = None
        self.strangers = Strangers(name)
        """For pictures on hosts that are none of the user's servers."""

    def _opened(self, trust: Trust) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"Fullcredits/{__version__}",
            },
            verify=certificates.context(self.name, trust),
            timeout=self._timeout,
            limits=_LIMITS,
            follow_redirects=False,
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """Those that go to the source's own address only; the token is among them."""
        return self._own_headers

    async def get(
        self,
        path: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        own: bool = True,
        within: float | None = None,
    ) -> bytes:
        """The JSON at a path of the server, undecoded. Raises Nonsense for a 404."""
        content = await self.find(path, params, headers, absent=(), own=own, within=within)
        assert content is not None
        return content

    async def find(
        self,
        path: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        absent: Collection[int] = (404,),
        own: bool = True,
        within: float | None = None,
    ) -> bytes | None:
        """As `get`, but None where the server answers with one of the `absent` statuses. The token
        goes along only where `own`; `within` as in `send`.

        Raises Hangs where no answer came in time, and then none to `pulse` either, or where that
        happens again and again.
        """
        url = self.url(path, params)
        tried = 0
        while True:
            tried += 1
            try:
                answer = await self.send("GET", url, headers=headers, own=own, within=within)
                self._patience.answered()
                content = self._json(path, answer, absent)
                self._let_in = self._let_in or own
                return content
            except SourceError as error:
                self.setbacks += isinstance(error, Busy | Failed | Unreachable)
                if isinstance(error, TooSlow):
                    await self._see_that_it_lives(path, error)
                pause = patience.pause(error, tried, let_in=self._let_in)
                if pause is None:
                    raise
            with self._waiting.one():
                await self._sleep(pause)

    async def _see_that_it_lives(self, path: str, error: TooSlow) -> None:
        """Raises Hangs, or as `send`, where the server does not. Nothing is asked of one that never
        took our token: it may be somebody else's.
        """
        self._patience.waited_in_vain(error)
        if not self.pulse or path == self.pulse or not self._let_in:
            return
        try:
            await self.send("GET", self.url(self.pulse), within=patience.SMALL, first=True)
        except TooSlow:
            raise Hangs(
                self.name,
                f"{error.what}; then it did not answer the smallest request either: it hangs, "
                "so look into its log, or restart it",
            ) from None

    @property
    def silence(self) -> float:
        """See `Waiting.silence`."""
        return self._waiting.silence

    @property
    def arriving(self) -> int:
        """Bytes that came so far, over the wire, of answers that are not whole yet."""
        return sum(response.num_bytes_downloaded for response in self._arriving)

    async def post(
        self,
        path: str,
        body: bytes = b"",
        params: Params | None = None,
        *,
        absent: Collection[int] = (),
    ) -> bytes | None:
        """The JSON that a JSON body gets, None for an `absent` status; never tried twice."""
        headers = {"Content-Type": "application/json"} if body else {}
        answer = await self.send("POST", self.url(path, params), headers=headers, body=body)
        return self._json(path, answer, absent)

    def url(self, path: str, params: Params | None = None) -> str:
        """The absolute address of a path of the server."""
        query = urlencode(params, safe=",", quote_via=quote) if params else ""
        return f"{self.base}{path}?{query}" if query else f"{self.base}{path}"

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        own: bool = True,
        most: int = MOST_JSON,
        within: float | None = None,
        first: bool = False,
    ) -> Answer:
        """One request, whatever the status. The token goes along only where `own`.

        `first`: before others that wait for the server. Raises SourceErrors for transport faults,
        Crowded where another process keeps the server busy, TooLarge beyond `most` bytes, TooSlow
        beyond `within` seconds for the whole answer, of which `Patience.longest` are the most.
        """
        longest = self._patience.longest
        within = min(within or longest, longest)
        self.requests += 1
        at_home = own or origin(url) == self._origin
        try:
            client = self._client if at_home else self._neighbour()
            request = client.build_request(
                method,
                url,
                headers={**(self._own_headers if own else {}), **(headers or {})},
                content=body,
                timeout=self._patience.timeout,
            )
            async with self._place(first=first) if at_home else nullcontext():
                began = time.monotonic()
                with self._waiting.one() if at_home else nullcontext():
                    async with asyncio.timeout(within):
                        response, content = await self._exchange(client, request, most)
                spent = time.monotonic() - began
                if at_home:
                    self.quickest = min(self.quickest, spent)
                if self._rest and at_home and not first:
                    await self._sleep(min(spent * self._rest, patience.LONGEST_REST))
        except TimeoutError:
            raise TooSlow(self.name, f"took longer than {within:g} s for one answer") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            shown = self.base if at_home else "the picture's host"
            raise trouble.from_transport(self.name, shown, error) from None
        answer = Answer(response.status_code, response.headers, content)
        if at_home:
            self.clock = trouble.http_date(response.headers.get("date", "")) or self.clock
        return answer

    @asynccontextmanager
    async def _place(self, *, first: bool) -> AsyncIterator[None]:
        """A place at the server, this process's and then that of all. Raises Crowded."""
        async with self._gate.place(first=first), AsyncExitStack() as stack:
            try:
                with self._waiting.one(answer=False):
                    await stack.enter_async_context(places.place(self.base, self._gate.places))
            except TimeoutError:
                raise Crowded(self.name, places.PATIENCE) from None
            yield

    async def _exchange(
        self, client: httpx2.AsyncClient, request: httpx2.Request, most: int
    ) -> tuple[httpx2.Response, bytes]:
        response = await client.send(request, stream=True)
        self._arriving.add(response)
        try:
            return response, await self._read(response, most)
        finally:
            self._arriving.remove(response)
            self.received += response.num_bytes_downloaded
            await response.aclose()

    def _neighbour(self) -> httpx2.AsyncClient:
        """For the user's other servers: no trust of this source's reaches them."""
        if self._neighbours is None:
            self._neighbours = self._opened(USUAL_TRUST)
        return self._neighbours

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()
        await self.strangers.close()
        if self._neighbours is not None:
            await self._neighbours.aclose()

    def _json(self, path: str, answer: Answer, absent: Collection[int]) -> bytes | None:
        if answer.status in absent:
            return None
        if answer.status not in (200, 201):
            raise trouble.from_status(self.name, self.base, path, answer)
        if self._from_xml and answer.media_type in ("text/xml", "application/xml"):
            return self._from_xml(self.name, answer.content)
        if answer.media_type and "json" not in answer.media_type:
            raise trouble.not_json(self.name, answer)
        return answer.content

    async def _read(self, response: httpx2.Response, most: int) -> bytes:
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > most:
                raise TooLarge(
                    self.name,
                    f"sent more than {most >> 20} MB at once: some text or list is far too long, "
                    "look for it on the server",
                )
        return bytes(content)

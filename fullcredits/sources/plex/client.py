"""Which addresses of a Plex server to ask, and in what portions.

Listings carry three actors and no producer, so credits always come from full records, many keys
a request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from urllib.parse import quote

from fullcredits import __version__
from fullcredits.errors import Failed, Nonsense, Refused, SourceError
from fullcredits.model import Library, ListedTitle, MediaItem, Record, Server, SourceKind, TitleKind
from fullcredits.sources import probe
from fullcredits.sources.common import HttpSource
from fullcredits.sources.contract import (
    Hint,
    ListingPage,
    Pace,
    PeoplePage,
    Placed,
    Records,
    Unrest,
    answered,
)
from fullcredits.sources.decoding import Page, decode
from fullcredits.sources.http import Http, Params
from fullcredits.sources.paging import Slice, portions, slices
from fullcredits.sources.patience import SMALL
from fullcredits.sources.plex import live, remarks, translate
from fullcredits.sources.plex.wire import (
    SECTIONS,
    TITLES,
    Identity,
    IdentityAnswer,
    Item,
    TitlesAnswer,
)
from fullcredits.sources.remarks import (
    SAMPLE,
    Remark,
    Sample,
    in_time,
    of_reading,
    sampled,
    too_old,
    unread,
)
from fullcredits.sources.trouble import Another, TooSlow
from fullcredits.sources.values import truth, whole, words

_PAGE = 1000
_LONGEST_KEYS = 3980
"""Characters: proxies cut request lines at 8 KB and less."""
_MOST_KEYS = 1000
_TYPES = {TitleKind.MOVIE: 1, TitleKind.SHOW: 2, TitleKind.SEASON: 3, TitleKind.EPISODE: 4}
_NOT_NEEDED = "Media,Image,Rating,Review,Chapter,Marker,Extras,Similar,UltraBlurColors,Collection"
_RECORDS: Params = {
    "includeGuids": 1,
    "skipRefresh": 1,  # without it a read may make the server look at its files
    "checkFiles": 0,
    "excludeElements": _NOT_NEEDED,
}
_PRESENCE: Params = {
    **_RECORDS,
    "includeGuids": 0,
    "excludeElements": f"{_NOT_NEEDED},Role,Director,Writer,Producer,Genre,Country,Guid",
}
_CHANGED = "does a proxy in between change its answers?"
_Titles = Page[TitlesAnswer, Item]


def headers(token: str | None, client_id: str) -> dict[str, str]:
    """What Plex wants to know of a client, with its token if it has one."""
    return {
        **({"X-Plex-Token": token} if token else {}),
        "X-Plex-Client-Identifier": client_id,
        "X-Plex-Product": "Fullcredits",
        "X-Plex-Version": __version__,
    }


class PlexSource(HttpSource):
    """A Plex Media Server; see `contract.Source`."""

    kind = SourceKind.PLEX
    pulse = "/library/sections"
    own_markers = False  # a marker is a second, and what is refreshed together shares it

    def __init__(self, http: Http, server_id: str | None = None) -> None:
        super().__init__(http, server_id)
        self.pace = Pace(titles=100, most_titles=200, parallel=http.at_once, whole=100)
        self._order: Params = {"sort": "id"}

    async def server(self) -> Server:
        """`/identity` says whether this is a Plex, and which, before it is shown our token; `/`
        whether it takes it.

        `account` stays None: `myPlexUsername` is the server's owner, not whose token this is.
        """
        try:
            identity = await self._identity("/identity", own=False)
        except (Nonsense, Refused) as error:
            await probe.refuse_other_kind(self._http, self.kind)
            raise error
        machine = words(identity.machine_identifier) or ""
        if self._server_id and machine != self._server_id:
            raise Another(self.name, self._http.base)
        root = await self._identity("/", own=True)
        return Server(
            id=machine,
            name=words(root.friendly_name) or self.name,
            version=words(identity.version) or words(root.version) or "",
        )

    async def _identity(self, path: str, *, own: bool) -> Identity:
        content = await self._http.get(path, own=own, within=SMALL)
        identity = decode(self.name, content, IdentityAnswer).container
        if not words(identity.machine_identifier):
            raise Nonsense(self.name, "does not say who it is: is this a Plex Media Server?")
        return identity

    async def libraries(self) -> list[Library]:
        """`/library/sections` of films and series."""
        page = SECTIONS.decode(self.name, await self._http.get("/library/sections"))
        found = [translate.library(section) for section in page.rows]
        return [library for library in found if library is not None]

    async def remarks(self, server: Server) -> list[Remark]:
        """By each section's agent and newest titles."""
        page = SECTIONS.decode(self.name, await self._http.get("/library/sections"))
        found = too_old("Plex", server.version, remarks.LEAST)
        for section in page.rows:
            library = translate.library(section)
            if library is None:
                continue
            found.append(remarks.of_agent(section))
            try:
                sample = await in_time(self.name, self._newest(library))
                found += of_reading(library.name, sample)
                found += remarks.of_sample(section, sample.rows)
            except SourceError as error:
                found.append(unread(library.name, error))
                if isinstance(error, TooSlow):
                    break  # it hangs, over the others too
        return found

    async def _newest(self, library: Library) -> Sample[Item]:
        """Full records of the titles added last."""
        portion = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": str(SAMPLE)}
        params: Params = {
            "type": _TYPES[library.kind.title_kinds[0]],
            "sort": "addedAt:desc",
            **portion,
        }
        path = f"/library/sections/{quote(library.key, safe='')}/all"
        listed = TITLES.decode(self.name, await self._http.get(path, params, portion))
        keys = [str(row.rating_key) for row in listed.rows][:SAMPLE]

        async def read(some: Sequence[str]) -> Sequence[Item]:
            page = await self._metadata(some)
            return page.rows if page else []

        return await sampled(keys, read)

    async def listing(self, library: Library, kind: TitleKind) -> AsyncIterator[ListingPage]:
        """`/library/sections/{key}/all`, sorted by key so that pages stay where they are; in the
        server's own order where it does not know that one.
        """
        path = f"/library/sections/{quote(library.key, safe='')}/all"
        first: set[str] = set()

        async def fetch(start: int, size: int) -> Slice[ListedTitle]:
            portion = {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(size)}
            params: Params = {"type": _TYPES[kind], "includeGuids": 1, **portion}
            sorted_so = {**params, **self._order}
            content = await self._http.find(path, sorted_so, portion, absent=(400,))
            if content is None:
                self._order = {}
                content = await self._http.get(path, params, portion)
            page = TITLES.decode(self.name, content)
            served = len(page.rows) + len(page.broken)
            keys = {str(row.rating_key) for row in page.rows}
            total = whole(page.container.container.total_size)
            if total is None:  # then more come while pages are full, unless it is the same again
                again = bool(start) and keys <= first
                total = start + (0 if again else served + (served == size))
            if start == 0:
                first.update(keys)
            return Slice(
                rows=[
                    (str(row.rating_key), translate.listed_title(row, kind))
                    for row in page.rows
                    if translate.title_kind(row, kind) is kind
                ],
                served=served,
                total=total,
                broken=page.broken,
            )

        async for part in slices(fetch, _PAGE):
            yield ListingPage(tuple(item for _, item in part.rows), part.total, part.broken)

    async def records(self, kinds: Mapping[str, TitleKind]) -> Records:
        """`/library/metadata/1,2,3`. The server leaves out unknown and hidden keys; all of them
        unknown is a 404.
        """
        found: dict[str, Record] = {}
        broken: dict[str, str] = {}
        people = translate.People()
        size = 0
        for keys in _portions(list(kinds)):
            async for page in self._given(keys, _RECORDS):
                for row in page.rows:
                    key = str(row.rating_key)
                    if key in kinds:
                        found[key] = people.record(row, kinds[key])
                broken.update(page.broken)
                size += page.size
        return answered(list(kinds), found, broken, size)

    async def _given(self, keys: Sequence[str], params: Params) -> AsyncIterator[_Titles]:
        """All that the server gives of these keys. What is left of an answer that is too short is
        asked for again, before it may be called missing: servers may page, or cut, without a word.
        """
        left = list(keys)
        while left:
            page = await self._metadata(left, params)
            if page is None:
                return
            yield page
            given = {str(row.rating_key) for row in page.rows}
            still = [key for key in left if key not in given]
            if page.broken or len(still) == len(left):
                return
            left = still

    async def _metadata(self, keys: Sequence[str], params: Params = _RECORDS) -> _Titles | None:
        portion = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": str(len(keys))}
        content = await self._http.find(_metadata_path(keys), params, portion)
        if content is None:
            return None
        page = TITLES.decode(self.name, content)
        if not page.rows and not page.broken and len(keys) > 1:
            raise Failed(self.name, f"gave nothing for {len(keys)} titles at once: {_CHANGED}")
        return page

    async def present(self, keys: Sequence[str]) -> set[str]:
        """`/library/metadata/1,2,3` without its lists. Nothing is unknown without a 404."""
        found: set[str] = set()
        for some in _portions(keys):
            async for page in self._given(some, _PRESENCE):
                if not page.rows and not page.broken:
                    raise Failed(self.name, f"gave nothing for a title: {_CHANGED}")
                found.update(str(row.rating_key) for row in page.rows)
                found.update(some if page.broken else ())
        return found

    async def unrest(self, lately: dt.timedelta) -> Unrest:
        """By `refreshing` of the sections, and by `updatedAt`, which is each title's marker."""
        page = SECTIONS.decode(self.name, await self._http.get("/library/sections"))
        since = ((self._http.clock or dt.datetime.now(dt.UTC)) - lately).timestamp()

        def saved(item: MediaItem) -> bool:
            return (whole(item.marker) or 0) >= since

        return Unrest(any(truth(section.refreshing) for section in page.rows), saved)

    async def placed(self, libraries: Sequence[Library], keys: Collection[str]) -> Placed:
        """`/library/metadata/1,2,3`, which names the section of each."""
        by_key = {library.key: library for library in libraries}
        found: list[tuple[Library, ListedTitle]] = []
        for some in _portions(sorted(keys)):
            async for page in self._given(some, _RECORDS):
                for row in page.rows:
                    kind = translate.kind_of(row)
                    library = by_key.get(str(row.section))
                    if kind is not None and library is not None:
                        found.append((library, translate.listed_title(row, kind)))
        return Placed(tuple(found))

    async def people(self, since: dt.datetime | None, start: int = 0) -> AsyncIterator[PeoplePage]:
        """None: Plex knows of a person what stands in its credits."""
        nothing: tuple[PeoplePage, ...] = ()
        for page in nothing:
            yield page

    async def persons(self, keys: Sequence[str]) -> AsyncIterator[PeoplePage]:
        """None, see `people`."""
        async for page in self.people(None):
            yield page

    async def changes(self) -> AsyncGenerator[Hint, None]:
        """See `live.changes`."""
        await self._meet()
        async with aclosing(live.changes(self._http)) as hints:
            async for hint in hints:
                yield hint


def _metadata_path(keys: Sequence[str]) -> str:
    return f"/library/metadata/{','.join(quote(key, safe='') for key in keys)}"


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return portions(keys, _LONGEST_KEYS, _MOST_KEYS)

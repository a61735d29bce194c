"""Which addresses of a Jellyfin server to ask, and in what portions.

People cost the server about 1.4 ms a credit whatever we do, so listings go without them and full
records are read of changed titles only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing

from fullcredits.errors import SourceError
from fullcredits.model import (
    Library,
    ListedTitle,
    Record,
    Server,
    SourceKind,
    TitleKind,
)
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
from fullcredits.sources.decoding import Page
from fullcredits.sources.http import Http, Params
from fullcredits.sources.jellyfin import live, persons, placing, remarks, translate, who
from fullcredits.sources.jellyfin.wire import ITEMS, Item, ItemsAnswer, total_of
from fullcredits.sources.paging import Slice, portions, slices
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
from fullcredits.sources.trouble import TooSlow

_PAGE = 2000
_MOST_KEYS = 200
_LONGEST_KEYS = 6600
"""The server's request line ends after 8 KiB; proxies may cut earlier. Two hundred ids fit."""
_FACTS = "ProviderIds,Etag,DateCreated,ParentId,SortName,OriginalTitle,Overview,Genres,Taglines"
_LEAN: dict[str, str | int] = {
    "enableUserData": "false",
    "enableImages": "true",
    "imageTypeLimit": 1,
    "collapseBoxSetItems": "false",
}
_TYPES = {kind: word for word, kind in translate.KINDS.items()}


class JellyfinSource(HttpSource):
    """A Jellyfin server; see `contract.Source`.

    `user_headers`: those of a user beside the API key that `http` carries.
    """

    kind = SourceKind.JELLYFIN
    pulse = "/Users/Me"
    own_markers = True  # made of the moment of saving, to the ten-millionth of a second

    def __init__(
        self,
        http: Http,
        user_headers: Mapping[str, str] | None = None,
        server_id: str | None = None,
    ) -> None:
        super().__init__(http, server_id)
        self.pace = Pace(titles=25, most_titles=_MOST_KEYS, parallel=min(2, http.at_once))
        self._user_headers = user_headers
        self._user_id: str | None = None

    async def server(self) -> Server:
        """See `who.server`."""
        return await who.server(self._http, self._server_id)

    async def libraries(self) -> list[Library]:
        """Those the token may list, see `who.views`."""
        found = [translate.library(view) for view in await who.views(self._http)]
        return [library for library in found if library is not None]

    async def remarks(self, server: Server) -> list[Remark]:
        """By whose token it is, and by each library's settings and newest titles."""
        user = await who.user(self._http)
        found = too_old("Jellyfin", server.version, remarks.LEAST) + remarks.of_account(user)
        named: list[Item] = []
        for view in await who.views(self._http):
            library = translate.library(view)
            if library is None:
                continue
            found += remarks.of_settings(view)
            try:
                sample = await in_time(self.name, self._newest(library))
                found += of_reading(library.name, sample)
                found += remarks.of_sample(view, sample.rows)
                named += sample.rows
            except SourceError as error:
                found.append(unread(library.name, error))
                if isinstance(error, TooSlow):
                    break  # it hangs, over the others too
        if user is not None:
            found += await persons.remarks(self._items, named)
        return found

    async def _newest(self, library: Library) -> Sample[Item]:
        page = await self._items(
            {
                **_LEAN,
                "parentId": library.key,
                "recursive": "true",
                "includeItemTypes": _TYPES[library.kind.title_kinds[0]],
                "sortBy": "DateCreated",
                "sortOrder": "Descending",
                "startIndex": 0,
                "limit": SAMPLE,
            }
        )

        async def read(some: Sequence[str]) -> Sequence[Item]:
            return (await self._items({**_LEAN, "ids": ",".join(some), "fields": "People"})).rows

        return await sampled([row.id for row in page.rows], read)

    async def listing(self, library: Library, kind: TitleKind) -> AsyncIterator[ListingPage]:
        """`/Items` below the library, with all facts and without people."""
        params: dict[str, str | int] = {
            **_LEAN,
            "parentId": library.key,
            "recursive": "true",
            "includeItemTypes": _TYPES[kind],
            "fields": _FACTS,
            "sortBy": "SortName",
            "sortOrder": "Ascending",
        }
        if kind is TitleKind.EPISODE:
            params["excludeLocationTypes"] = "Virtual"  # episodes that are only announced

        async def fetch(start: int, size: int) -> Slice[ListedTitle]:
            page = await self._items({**params, "startIndex": start, "limit": size})
            return Slice(
                rows=[
                    (row.id, translate.listed_title(row, kind))
                    for row in page.rows
                    if translate.title_kind(row, kind) is kind
                ],
                served=len(page.rows) + len(page.broken),
                total=total_of(page, start),
                broken=page.broken,
            )

        async for part in slices(fetch, _PAGE):
            yield ListingPage(tuple(item for _, item in part.rows), part.total, part.broken)

    async def _items(self, params: Params) -> Page[ItemsAnswer, Item]:
        named = {**params, "userId": self._user_id} if self._user_id else params
        content = await self._http.find("/Items", named, absent=() if self._user_id else (400,))
        if content is None:  # 10.8 wants a user's token to name its user
            user = await who.user(self._http)
            self._user_id = user.id if user else None
            named = {**params, "userId": self._user_id} if self._user_id else params
            content = await self._http.get("/Items", named)
        return ITEMS.decode(self.name, content)

    async def records(self, kinds: Mapping[str, TitleKind]) -> Records:
        """`/Items?ids=…` with people. Unknown ids are left out by the server; one it cannot read
        makes the whole request fail.
        """
        found: dict[str, Record] = {}
        broken: dict[str, str] = {}
        people = translate.People()
        keys = list(kinds)
        size = 0
        for some in portions(keys, _LONGEST_KEYS, _MOST_KEYS):
            page = await self._items({**_LEAN, "ids": ",".join(some), "fields": f"People,{_FACTS}"})
            found.update(
                (row.id, people.record(row, kinds[row.id])) for row in page.rows if row.id in kinds
            )
            broken.update(page.broken)
            size += page.size
        return answered(keys, found, broken, size)

    async def present(self, keys: Sequence[str]) -> set[str]:
        """`/Items?ids=…` without any field."""
        found: set[str] = set()
        for some in portions(keys, _LONGEST_KEYS, _MOST_KEYS):
            page = await self._items({**_LEAN, "enableImages": "false", "ids": ",".join(some)})
            found.update(row.id for row in page.rows)
            found.update(some if page.broken else ())
        return found

    async def unrest(self, lately: dt.timedelta) -> Unrest:
        """By the scan task and the libraries' own state, which administrators and API keys are
        told of, and by what was saved lately.
        """
        scanning = await who.scanning(self._http)
        since = (self._http.clock or dt.datetime.now(dt.UTC)) - lately
        params: dict[str, str | int] = {
            **_LEAN,
            "enableImages": "false",
            "recursive": "true",
            "includeItemTypes": ",".join(_TYPES.values()),
            "minDateLastSavedForUser": f"{since:%Y-%m-%dT%H:%M:%SZ}",
            "sortBy": "SortName",
        }

        async def fetch(start: int, size: int) -> Slice[str]:
            page = await self._items({**params, "startIndex": start, "limit": size})
            rows = [(row.id, row.id) for row in page.rows]
            return Slice(rows, len(rows) + len(page.broken), total_of(page, start), page.broken)

        saved = {key async for part in slices(fetch, _PAGE) for key, _ in part.rows}
        return Unrest(scanning, lambda item: item.key in saved)

    async def placed(self, libraries: Sequence[Library], keys: Collection[str]) -> Placed:
        """See `placing`."""
        return await placing.placed(
            self._items,
            {**_LEAN, "fields": _FACTS},
            libraries,
            portions(sorted(keys), _LONGEST_KEYS, _MOST_KEYS),
            now=self._http.clock or dt.datetime.now(dt.UTC),
            size=_PAGE,
        )

    async def people(self, since: dt.datetime | None, start: int = 0) -> AsyncIterator[PeoplePage]:
        """See `persons.listed`."""
        async for page in persons.listed(self._items, since, start, _PAGE):
            yield page

    async def persons(self, keys: Sequence[str]) -> AsyncIterator[PeoplePage]:
        """See `persons.given`."""
        parts = portions(keys, _LONGEST_KEYS, _MOST_KEYS)
        async for page in persons.given(self._items, parts):
            yield page

    async def changes(self) -> AsyncGenerator[Hint, None]:
        """By the socket of the signed-in user, whose token may be one beside an API key; with a
        key alone by asking now and then: sockets tell keys nothing.
        """
        await self._meet()
        if self._user_headers is None and await who.user(self._http) is None:
            hints = live.Polling(self._items, lambda: self._http.clock).changes()
        else:
            hints = live.changes(self._http, self._user_headers)
        async with aclosing(hints):
            async for hint in hints:
                yield hint

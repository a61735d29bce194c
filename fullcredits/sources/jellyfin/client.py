"""Which addresses of a Jellyfin server to ask, and in what portions.

People cost the server about 1.4 ms a credit whatever we do, so listings go without them and full
records are read of changed titles only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence

from fullcredits.errors import Busy, Nonsense, Refused
from fullcredits.model import (
    Library,
    MediaItem,
    PersonFacts,
    Record,
    Server,
    SourceKind,
    TitleKind,
)
from fullcredits.sources import pictures, probe
from fullcredits.sources.contract import (
    ListingPage,
    Pace,
    PeoplePage,
    Picture,
    Records,
    answered,
)
from fullcredits.sources.decoding import Page, decode
from fullcredits.sources.http import Http, Params
from fullcredits.sources.jellyfin import translate
from fullcredits.sources.jellyfin.wire import (
    ITEMS,
    Item,
    ItemsAnswer,
    PublicInfo,
    User,
    View,
    ViewsAnswer,
)
from fullcredits.sources.paging import Slice, slices
from fullcredits.sources.trouble import Missing
from fullcredits.sources.values import whole, words

_PAGE = 2000
_MOST_KEYS = 200
"""245 ids still fit the server's request line of 8 KiB; proxies may cut earlier."""
_FACTS = "ProviderIds,Etag,DateCreated,ParentId,SortName,OriginalTitle,Overview,Genres,Taglines"
_PERSON_FACTS = "ProviderIds,Etag,Overview,ProductionLocations"
_LEAN: dict[str, str | int] = {
    "enableUserData": "false",
    "enableImages": "true",
    "imageTypeLimit": 1,
    "collapseBoxSetItems": "false",
}
_TYPES = {kind: word for word, kind in translate.KINDS.items()}


class JellyfinSource:
    """A Jellyfin server; see `contract.Source`."""

    kind = SourceKind.JELLYFIN

    def __init__(self, http: Http) -> None:
        self.pace = Pace(titles=25, most_titles=_MOST_KEYS, parallel=min(2, http.at_once))
        self._http = http
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
    def clock(self) -> dt.datetime | None:
        """The server's clock at its last answer."""
        return self._http.clock

    async def server(self) -> Server:
        """`/System/Info/Public` says whether this is a Jellyfin, `/Users/Me` whose token ours is.

        Raises Busy while the server starts up: then its keys are in camel case, and what they say
        is not yet true.
        """
        try:
            content = await self._http.get("/System/Info/Public")
            info = decode(self.name, content, PublicInfo)
        except (Nonsense, Refused) as error:
            await probe.refuse_other_kind(self._http, self.kind)
            raise error
        if not info.id:
            if b'"startupWizardCompleted"' in content:
                raise Busy(self.name, "is starting up: try again in some seconds", 5.0)
            raise Nonsense(self.name, "does not say who it is: is this a Jellyfin server?")
        if "jellyfin" not in (info.product_name or "").lower():
            await probe.refuse_other_kind(self._http, self.kind)
        user = await self._me()
        return Server(
            id=info.id,
            name=words(info.server_name) or self.name,
            version=words(info.version) or "",
            account=words(user.name) if user else None,
        )

    async def _me(self) -> User | None:
        """Whose token ours is; None for an API key, which gets a 400.

        Raises Refused for a wrong token (401) and for that of a deleted user (404).
        """
        try:
            content = await self._http.find("/Users/Me", absent=(400,))
        except Missing:
            raise Refused(self.name, "the user of our token is gone: sign in again") from None
        return None if content is None else decode(self.name, content, User)

    async def libraries(self) -> list[Library]:
        """`/Library/VirtualFolders` for administrators, else what the token's user may see."""
        content = await self._http.find("/Library/VirtualFolders", absent=(403, 404))
        if content is None:
            views = await self._user_views()
        else:
            views = decode(self.name, content, list[View])
        found = [translate.library(view) for view in views]
        return [library for library in found if library is not None]

    async def _user_views(self) -> list[View]:
        user = await self._me()
        if user is None or not user.id:
            raise Refused(self.name, "this token may not list libraries: use an API key")
        content = await self._http.find("/UserViews", {"userId": user.id})
        if content is None:  # 10.8
            content = await self._http.get(f"/Users/{user.id}/Views")
        return decode(self.name, content, ViewsAnswer).items

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

        async def fetch(start: int, size: int) -> Slice[MediaItem]:
            page = await self._items({**params, "startIndex": start, "limit": size})
            return Slice(
                rows=[
                    (row.id, translate.media_item(row, kind))
                    for row in page.rows
                    if translate.title_kind(row, kind) is kind
                ],
                served=len(page.rows) + len(page.broken),
                total=_total(page, start),
                broken=page.broken,
            )

        async for part in slices(fetch, _PAGE):
            yield ListingPage(tuple(item for _, item in part.rows), part.total, part.broken)

    async def _items(self, params: Params) -> Page[ItemsAnswer, Item]:
        return ITEMS.decode(self.name, await self._http.get("/Items", params))

    async def records(self, library: Library, items: Sequence[MediaItem]) -> Records:
        """`/Items?ids=…` with people. Unknown ids are left out by the server; one it cannot read
        makes the whole request fail.
        """
        kinds = {item.key: item.kind for item in items}
        found: dict[str, Record] = {}
        broken: dict[str, str] = {}
        people = translate.People()
        keys = list(kinds)
        for first in range(0, len(keys), _MOST_KEYS):
            ids = ",".join(keys[first : first + _MOST_KEYS])
            page = await self._items({**_LEAN, "ids": ids, "fields": f"People,{_FACTS}"})
            found.update(
                (row.id, people.record(row, kinds[row.id])) for row in page.rows if row.id in kinds
            )
            broken.update(page.broken)
        return answered(keys, found, broken)

    async def people(self, since: dt.datetime | None) -> AsyncIterator[PeoplePage]:
        """Person items: biography, dates and ids, which no credit has."""
        params: dict[str, str | int] = {
            **_LEAN,
            "recursive": "true",
            "includeItemTypes": "Person",
            "fields": _PERSON_FACTS,
            "sortBy": "SortName",
            "sortOrder": "Ascending",
        }
        if since is not None:
            # the only one of the two date filters that works in every version
            params["minDateLastSavedForUser"] = f"{since.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"

        async def fetch(start: int, size: int) -> Slice[PersonFacts]:
            page = await self._items({**params, "startIndex": start, "limit": size})
            return Slice(
                rows=[(row.id, translate.person_facts(row)) for row in page.rows if row.name],
                served=len(page.rows) + len(page.broken),
                total=_total(page, start),
                broken=page.broken,
            )

        async for part in slices(fetch, _PAGE):
            yield PeoplePage(tuple(facts for _, facts in part.rows), part.broken)

    async def picture(self, ref: str) -> Picture | None:
        """See `pictures.fetch`."""
        return await pictures.fetch(self._http, ref)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()


def _total(page: Page[ItemsAnswer, Item], start: int) -> int:
    total = whole(page.container.total_record_count)
    return start + len(page.rows) + len(page.broken) if total is None else total

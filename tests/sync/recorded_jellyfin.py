"""A recorded library of a running Jellyfin, served again record by record, unchanged."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Row = dict[str, Any]
_COLLECTIONS = {"movies": {"Movie"}, "tvshows": {"Series", "Season", "Episode"}}


class Recorded:
    """The rows of the recording: titles with their People, and persons."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            head, *rows = map(json.loads, lines)
        self.info: Row = head["info"]
        self.folders: list[Row] = head["folders"]
        self.rows: dict[str, Row] = {row["Id"]: row for row in rows}

    @property
    def titles(self) -> list[Row]:
        """Every film, series, season and episode."""
        return [row for row in self.rows.values() if row["Type"] != "Person"]

    @property
    def persons(self) -> list[Row]:
        """Every person."""
        return [row for row in self.rows.values() if row["Type"] == "Person"]

    def app(self) -> Starlette:
        """A server that knows the requests of a sync, and no token."""
        return Starlette(
            routes=[
                Route("/System/Info/Public", self._info),
                Route("/Users/Me", self._me),
                Route("/Library/VirtualFolders", self._folders),
                Route("/Items", self._items),
            ]
        )

    async def _info(self, _: Request) -> Response:
        return JSONResponse(self.info)

    async def _me(self, _: Request) -> Response:
        return Response(status_code=400)

    async def _folders(self, _: Request) -> Response:
        return JSONResponse(self.folders)

    async def _items(self, request: Request) -> Response:
        query = request.query_params
        if "ids" in query:
            wanted = [self.rows[key] for key in query["ids"].split(",") if key in self.rows]
            return _page(wanted, 0, len(wanted))
        kinds = set(query["includeItemTypes"].split(","))
        if "parentId" in query:
            folder = next(f for f in self.folders if f["ItemId"] == query["parentId"])
            kinds &= _COLLECTIONS[folder["CollectionType"]]
        listed = [self._without_people(row) for row in self.rows.values() if row["Type"] in kinds]
        start = int(query.get("startIndex", 0))
        return _page(listed[start : start + int(query["limit"])], start, len(listed))

    def _without_people(self, row: Row) -> Row:
        return {name: value for name, value in row.items() if name != "People"}


def _page(rows: Iterable[Row], start: int, total: int) -> Response:
    return JSONResponse({"Items": list(rows), "TotalRecordCount": total, "StartIndex": start})

"""Paths as Kestrel takes them: any case, old prefixes on older versions, 8 KiB at most."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.simulate.jellyfin.dialect import Dialect
from fullcredits.simulate.jellyfin.errors import empty

_OLD_PREFIXES = ("/emby/", "/mediabrowser/")
_LONGEST_LINE = 8 * 1024


class PathsMiddleware:
    """Makes the path lower case for routing; ``scope["written_path"]`` keeps it as it came."""

    def __init__(self, app: ASGIApp, dialect: Dialect) -> None:
        self._app = app
        self._dialect = dialect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] != "http":
            await self._app(dict(scope, path=scope["path"].lower()), receive, send)
            return
        line = len(scope["method"]) + len(scope["raw_path"] or b"") + len(scope["query_string"])
        if line + len("  ? HTTP/1.1") > _LONGEST_LINE:
            await empty(414)(scope, receive, send)
            return
        path = scope["path"]
        prefixes = _OLD_PREFIXES if self._dialect.old_prefixes else ()
        for prefix in prefixes:
            if path.lower().startswith(prefix):
                path = path[len(prefix) - 1 :]
        routed = dict(scope, path=path.lower(), written_path=path)
        await self._app(routed, receive, send)

"""Endpoints about the server, its users and its libraries."""

from __future__ import annotations

import secrets

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.simulate.jellyfin import documents
from fullcredits.simulate.jellyfin.dialect import Dialect
from fullcredits.simulate.jellyfin.errors import Refused, as_json, empty, failed, problem
from fullcredits.simulate.jellyfin.gate import Caller, Gate
from fullcredits.simulate.jellyfin.library import JellyfinLibrary
from fullcredits.simulate.jellyfin.query import Arguments


class SystemRoutes:
    """The endpoints."""

    def __init__(self, library: JellyfinLibrary, gate: Gate, dialect: Dialect) -> None:
        self._library = library
        self._gate = gate
        self._version = dialect.version

    async def public_info(self, request: Request) -> Response:
        """``/System/Info/Public``, for anybody."""
        return as_json(documents.public_info(self._library, self._version, _address(request)))

    async def info(self, request: Request) -> Response:
        """``/System/Info``."""
        self._gate.admit(request)
        return as_json(documents.system_info(self._library, self._version, _address(request)))

    async def ping(self, _request: Request) -> Response:
        """``/System/Ping``, for anybody."""
        return as_json("Jellyfin Server")

    async def health(self, _request: Request) -> Response:
        """``/health``, for anybody."""
        headers = {"Content-Type": "text/plain", "Cache-Control": "no-store, no-cache"}
        return Response("Healthy", headers=headers)

    async def public_users(self, _request: Request) -> Response:
        """``/Users/Public``: the one user is hidden."""
        return as_json([])

    async def me(self, request: Request) -> Response:
        """``/Users/Me``: the user of the token."""
        caller = self._gate.admit(request)
        if caller.user is None:  # An API key is nobody.
            raise Refused(problem(400))
        return as_json(documents.user(self._library, self._gate))

    async def user(self, request: Request) -> Response:
        """``/Users/{id}``."""
        self._gate.admit(request)
        if request.path_params["user"].replace("-", "") != self._gate.user_id:
            raise Refused(problem(404))
        return as_json(documents.user(self._library, self._gate))

    async def users(self, request: Request) -> Response:
        """``/Users``."""
        self._gate.admit(request)
        return as_json([documents.user(self._library, self._gate)])

    async def sign_in(self, request: Request) -> Response:
        """``/Users/AuthenticateByName``."""
        body = await _body(request)
        caller = self._gate.read(request)
        token = self._gate.sign_in(caller, body.get("username", ""), body.get("pw", ""))
        return self._signed_in(caller, token)

    async def sign_out(self, request: Request) -> Response:
        """``/Sessions/Logout``."""
        self._gate.sign_out(self._gate.admit(request).token)
        return empty(204)

    async def capabilities(self, request: Request) -> Response:
        """``/Sessions/Capabilities/Full``, taken and forgotten."""
        self._gate.admit(request)
        return empty(204)

    async def keys(self, request: Request) -> Response:
        """``GET /Auth/Keys``."""
        self._gate.admit(request)
        rows: list[documents.Record] = [
            {"AccessToken": key, "AppName": app, "IsActive": True}
            for key, app in self._gate.api_keys.items()
        ]
        return as_json(documents.page(rows))

    async def add_key(self, request: Request) -> Response:
        """``POST /Auth/Keys``: nothing is told, the key is to be read from the list."""
        self._gate.admit(request)
        self._gate.api_keys[secrets.token_hex(16)] = Arguments.of(request).text("app") or ""
        return empty(204)

    async def remove_key(self, request: Request) -> Response:
        """``DELETE /Auth/Keys/{key}``."""
        self._gate.admit(request)
        self._gate.api_keys.pop(request.path_params["key"], None)
        return empty(204)

    async def quick_enabled(self, _request: Request) -> Response:
        """``/QuickConnect/Enabled``."""
        return as_json(True)

    async def quick_initiate(self, request: Request) -> Response:
        """``/QuickConnect/Initiate``."""
        return as_json(self._gate.initiate(self._gate.read(request)).record())

    async def quick_state(self, request: Request) -> Response:
        """``/QuickConnect/Connect``."""
        waiting = self._gate.waiting(Arguments.of(request).text("secret") or "")
        return as_json(waiting.record()) if waiting else as_json("Unknown secret", 404)

    async def quick_authorize(self, request: Request) -> Response:
        """``/QuickConnect/Authorize``, by somebody signed in."""
        self._gate.admit(request)
        return as_json(self._gate.authorize(Arguments.of(request).text("code") or ""))

    async def quick_redeem(self, request: Request) -> Response:
        """``/Users/AuthenticateWithQuickConnect``."""
        caller, token = self._gate.redeem((await _body(request)).get("secret", ""))
        return self._signed_in(caller, token)

    async def views(self, request: Request) -> Response:
        """``/UserViews``: a key must name a user."""
        caller, arguments = self._gate.admit(request), Arguments.of(request)
        named = request.path_params.get("user") or arguments.guid("userId")
        if caller.user is None and named is None:
            raise Refused(failed(400))
        library = self._library
        return as_json(
            documents.page([documents.view(library, v, for_user=True) for v in library.views])
        )

    async def virtual_folders(self, request: Request) -> Response:
        """``/Library/VirtualFolders``."""
        self._gate.admit(request)
        return as_json(
            [documents.virtual_folder(self._library, view) for view in self._library.views]
        )

    async def media_folders(self, request: Request) -> Response:
        """``/Library/MediaFolders``."""
        self._gate.admit(request)
        library = self._library
        return as_json(
            documents.page([documents.view(library, v, for_user=False) for v in library.views])
        )

    async def tasks(self, request: Request) -> Response:
        """``/ScheduledTasks``."""
        self._gate.admit(request)
        return as_json([documents.scan_task(running=self._library.scanning)])

    def _signed_in(self, caller: Caller, token: str) -> Response:
        return as_json(documents.signed_in(self._library, self._gate, caller, token))


def _address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


async def _body(request: Request) -> dict[str, str]:
    """The text members of a JSON body, names in lower case."""
    try:
        decoded = msgspec.json.decode(await request.body())
    except msgspec.DecodeError:
        raise Refused(problem(400)) from None
    if not isinstance(decoded, dict):
        raise Refused(problem(400))
    return {name.lower(): value for name, value in decoded.items() if isinstance(value, str)}

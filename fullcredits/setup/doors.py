"""Finding servers, and being let in: everything that comes before a source is kept."""

from __future__ import annotations

from fullcredits.config import Config
from fullcredits.errors import ConfigError
from fullcredits.model import USUAL_TRUST, Trust
from fullcredits.setup.plex import PlexTv
from fullcredits.sources import Found, certificates, jellyfin_door, normalised, server_at
from fullcredits.sources.jellyfin import sign_in
from fullcredits.sources.jellyfin.wire import QuickConnect


class Doors:
    """The doors of servers, seen from an installation."""

    def __init__(self, config: Config, client_id: str) -> None:
        self._client_id = client_id
        self.plex_tv = PlexTv(config, client_id)
        """For signing in to a Plex account."""

    async def find(self, address: str, trust: Trust = USUAL_TRUST) -> Found:
        """Which server answers there, and where it really is.

        Raises ConfigError if none we speak with, Untrusted for an https certificate that nobody
        vouches for (see `certificate`), and other SourceErrors.
        """
        found = await server_at(address, trust)
        if found is None:
            raise ConfigError(
                f"neither a Plex nor a Jellyfin answers at {normalised(address)}; "
                "check the address and that the server runs"
            )
        return found

    async def certificate(self, address: str) -> certificates.Certificate:
        """The certificate shown at an https address, for its owner to recognise."""
        return await certificates.presented(normalised(address), normalised(address))

    async def sign_in(
        self, name: str, address: str, user: str, password: str, trust: Trust = USUAL_TRUST
    ) -> str:
        """A Jellyfin token for a user's name and password; the password is not kept. `name` is what
        errors call the server.

        A token this user got from here before stops working. Raises SourceError.
        """
        async with jellyfin_door(name, address, self._client_id, trust) as door:
            return await sign_in.by_password(door, user, password)

    async def begin_quick_connect(
        self, name: str, address: str, trust: Trust = USUAL_TRUST
    ) -> QuickConnect:
        """A code for a signed-in Jellyfin user to type. Raises SourceError."""
        async with jellyfin_door(name, address, self._client_id, trust) as door:
            return await sign_in.begin_quick_connect(door)

    async def end_quick_connect(
        self, name: str, address: str, secret: str, trust: Trust = USUAL_TRUST
    ) -> str | None:
        """The token; None until the code was typed. Raises SourceError."""
        async with jellyfin_door(name, address, self._client_id, trust) as door:
            return await sign_in.end_quick_connect(door, secret)

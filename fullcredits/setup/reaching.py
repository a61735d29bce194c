"""A server that is looked for: where it is, and whether its certificate is trusted."""

from __future__ import annotations

from fullcredits.errors import ConfigError
from fullcredits.model import USUAL_TRUST, Trust, Trusted
from fullcredits.setup.desk import Desk
from fullcredits.sources import Found, certificates
from fullcredits.sources.trouble import Untrusted
from fullcredits.store.sources import SourceRow


class Reaching:
    """How far it is with finding a server."""

    def __init__(self, desk: Desk, row: SourceRow | None) -> None:
        """`row`: the source it should be; without it, it must not be a source yet."""
        self._desk = desk
        self.row = row
        self.trust = row.trust if row else USUAL_TRUST
        self.found: Found | None = None
        self.certificate: certificates.Certificate | None = None
        """One that nobody vouches for, to be accepted or not."""
        self.address = ""
        """Where it is looked for."""

    async def reach(self, address: str, trust: Trust | None = None) -> None:
        """Find the server there; `trust` None means the usual one, and to ask where it is not
        enough. Raises ConfigError, also for a server that is a source already, and SourceError.
        """
        self.address, self.certificate = address, None
        try:
            self._met(await self._desk.doors.find(address, trust or USUAL_TRUST))
        except Untrusted as error:
            if trust is not None:
                raise
            self.certificate = await self._desk.doors.certificate(error.address)
            self.address = error.address
            return
        self.trust = trust or USUAL_TRUST

    async def expect(self, address: str, fingerprint: str) -> None:
        """As `reach`, trusting exactly the certificate with this SHA-256 fingerprint."""
        doors = self._desk.doors
        try:
            self.address = (await doors.find(address)).address
        except Untrusted as error:
            self.address = error.address
        self.certificate = await doors.certificate(self.address)
        shown = self.certificate.fingerprint
        if not certificates.same_fingerprint(shown, fingerprint):
            raise ConfigError(
                f"{self.address} shows another certificate than the one you expect; its SHA-256 "
                f"fingerprint is {shown}"
            )
        await self.accept()

    async def accept(self) -> None:
        """The certificate is the server's. Raises as `reach`."""
        assert self.certificate is not None
        trust = Trust(Trusted.CERTIFICATE, self.certificate.pem)
        self.certificate = None
        await self.reach(self.address, trust)

    def stay(self) -> None:
        """Where the source of `row` is."""
        assert self.row is not None
        self.found = Found(self.row.kind, self.row.address, self.row.server_id or "")

    def _met(self, found: Found) -> None:
        if self.row is None:
            self._desk.refuse_known(found)
        else:
            self._desk.refuse_another(self.row, found.address, found.server_id)
        self.found = found

    @property
    def _where(self) -> str:
        assert self.found is not None
        return self.found.address

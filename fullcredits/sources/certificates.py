"""Whether a server's https certificate is the one its owner means.

By default the usual authorities decide. A source may instead trust authorities of the owner's own,
exactly one certificate (whatever name it is for: many servers make their own), or anything.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from fullcredits.errors import ConfigError, Unreachable
from fullcredits.model import Trust, Trusted
from fullcredits.sources.waiting import Waiting

_PATIENCE = 10.0


class Certificate(NamedTuple):
    """A certificate as its owner may recognise it."""

    pem: str
    fingerprint: str
    """SHA-256 as browsers show it: "AB:CD:…"."""
    subject: str
    issuer: str
    ends: dt.date


@cache
def _usual() -> ssl.SSLContext:
    # Reading all authorities takes longer than a small sync.
    return httpx2.create_ssl_context()


def context(source: str, trust: Trust) -> ssl.SSLContext:
    """What the HTTP client is to verify with. Raises ConfigError for PEM without a certificate."""
    if trust.mode is Trusted.SYSTEM:
        return _usual()
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trust.mode is Trusted.ANY:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        return made
    try:
        made.load_verify_locations(cadata=trust.pem)
    except (ssl.SSLError, ValueError):
        raise ConfigError(f"{source}: there is no usable certificate to trust") from None
    if trust.mode is Trusted.CERTIFICATE:
        made.check_hostname = False
        made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return made


async def presented(source: str, address: str) -> Certificate:
    """The certificate shown at an https address, verified by nobody: show it to the owner.

    Raises Unreachable.
    """
    parts = urlsplit(address)
    where = (parts.hostname or "", parts.port or 443)
    try:
        with Waiting(f"the server at {address}").one():
            pem = await asyncio.to_thread(ssl.get_server_certificate, where, timeout=_PATIENCE)
        return _read(pem)
    except (OSError, ValueError):
        raise Unreachable(source, f"{address} shows no certificate: is it https?") from None


def same_fingerprint(one: str, other: str) -> bool:
    """Whether two fingerprints are one, however they are written."""
    return _bare(one) == _bare(other) != ""


def authorities(path: Path) -> Trust:
    """Trust in the certificates of a PEM file. Raises ConfigError for any other file."""
    try:
        return authorities_in(path.read_text(encoding="ascii"), str(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} holds no certificate in PEM form") from None


def authorities_in(pem: str, place: str = "what was given") -> Trust:
    """Trust in the certificates of a text in PEM form. Raises ConfigError for any other text."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise ConfigError(f"{place} holds no certificate in PEM form") from None
    whole = "".join(ssl.DER_cert_to_PEM_cert(one.public_bytes(Encoding.DER)) for one in found)
    return Trust(Trusted.AUTHORITY, whole)


def _read(pem: str) -> Certificate:
    found = x509.load_pem_x509_certificate(pem.encode())
    return Certificate(
        pem,
        found.fingerprint(hashes.SHA256()).hex(":").upper(),
        found.subject.rfc4514_string(),
        found.issuer.rfc4514_string(),
        found.not_valid_after_utc.date(),
    )


def _bare(fingerprint: str) -> str:
    text = fingerprint.strip().upper().removeprefix("SHA256").strip(":= ")
    return text.replace(":", "").replace(" ", "")

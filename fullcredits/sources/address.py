"""Where a media server lives: from what a user types or pastes to an address we can build on."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from fullcredits.errors import ConfigError

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_WEB_CLIENT = re.compile(r"/web(?:/.*)?$|/index\.html$", re.IGNORECASE)
_USUAL = re.compile(r"(https?://[A-Za-z0-9.-]+(?::[0-9]+)?)?/(?!/)[\w./%~-]{,500}", re.ASCII)
"""What nearly all portraits' addresses look like: told quickly, because there are so many."""
_ABSURD = re.compile(r"[\"<>\\]")
_LONGEST = 2000
_SECRET = re.compile(r"token|api_?key|password|secret", re.IGNORECASE)
_PLEX_WEBSITE = re.compile(r"^(?:www\.|app\.|watch\.)?plex\.tv$")


def normalised(address: str) -> str:
    """The address with a scheme and without what browsers leave on it.

    "plex.local:32400/web/index.html#!/" gives "http://plex.local:32400". No slash at the end; a
    path (a reverse proxy's prefix) stays. Raises ConfigError, which never repeats a secret, also
    for Plex's website, which is no server of anybody's.
    """
    clean = cleaned(address)
    host = urlsplit(clean).hostname or ""
    if _PLEX_WEBSITE.match(host):
        raise ConfigError(
            f"{host} is Plex's website: give the address of your own server, "
            "like http://192.168.1.5:32400"
        )
    return clean


def cleaned(address: str) -> str:
    """As `normalised`, for any host."""
    text = address.strip()
    if not text:
        raise ConfigError("the address is empty: give one like http://192.168.1.5:32400")
    if not text.isprintable() or any(c.isspace() for c in text):
        raise ConfigError("the address has blanks or invisible characters in it")
    if not _SCHEME.match(text):
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ConfigError("the address has no valid host and port") from None
    _refuse_secrets(parts.scheme, parts.netloc, parts.query + parts.fragment)
    host = parts.hostname
    if not host:
        raise ConfigError("the address names no host: give one like http://192.168.1.5:8096")
    name = f"[{host}]" if ":" in host else host
    netloc = name if port is None else f"{name}:{port}"
    path = _WEB_CLIENT.sub("", parts.path.rstrip("/")).rstrip("/")
    return urlunsplit((parts.scheme.lower(), netloc, path, "", ""))


def _refuse_secrets(scheme: str, netloc: str, rest: str) -> None:
    if scheme.lower() not in ("http", "https"):
        raise ConfigError("the address must begin with http:// or https://")
    if "@" in netloc:
        raise ConfigError(
            "the address has a user name or password in it: leave them out and give a token"
        )
    if _SECRET.search(rest):
        raise ConfigError("the address has a token in it: leave it out and give it separately")


def without_secrets(ref: str) -> str | None:
    """A picture's address as we keep it: a path on the server or an absolute http(s) address,
    without tokens in its query. None for anything else, also for a path that leads out of where it
    begins.
    """
    if not ref.startswith(("/", "http://", "https://")) or ref.startswith("//"):
        return None
    if not ref.isprintable() or len(ref) > _LONGEST:
        return None
    path, _, query = ref.partition("?")
    if "/../" in f"{path}/":
        return None
    if path == ref:
        return ref
    kept = [part for part in query.split("&") if part and not _SECRET.search(part.split("=")[0])]
    return f"{path}?{'&'.join(kept)}" if kept else path


def is_odd_picture(ref: str) -> bool:
    """Whether no server says in earnest that a picture is there: whoever does is not himself. An
    address of a house's own network is not odd, whether it is asked or not.
    """
    usual = _USUAL.fullmatch(ref)
    if usual and ".." not in ref:
        return usual[1] is not None and _is_odd_place(usual[1])
    if without_secrets(ref) is None or _ABSURD.search(ref):
        return True
    return not ref.startswith("/") and _is_odd_place(ref)


@lru_cache(maxsize=64)
def _is_odd_place(address: str) -> bool:
    """Whether an absolute address leads to no host that serves pictures."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return True
    if "@" in parts.netloc or not host or host.isdigit():
        return True
    try:
        return ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False


Origin = tuple[str, str, int]
"""Scheme, host and port."""


def origin(address: str) -> Origin:
    """The origin of an absolute address; raises ValueError for a broken one."""
    parts = urlsplit(address)
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme.lower(), parts.hostname or "", parts.port or default

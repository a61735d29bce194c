"""Pictures of a source: from its own address with our token, from others without and with care.

A server may name any address as a portrait's. So others never learn our token, and are asked only
where they are public, or are one of the user's own servers.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urljoin

from fullcredits.errors import Failed, Nonsense, SourceError, Unreachable
from fullcredits.sources import trouble
from fullcredits.sources.address import Origin, origin, without_secrets
from fullcredits.sources.contract import Picture
from fullcredits.sources.http import Http
from fullcredits.sources.trouble import Answer

MOST_BYTES = 20 * 1024 * 1024
WITHIN = 60.0
"""Seconds for a whole answer: a Jellyfin may have to fetch a picture itself first."""
_HOPS = 3
_ELSEWHERE = (301, 302, 303, 307, 308)
_NONE = (403, 404, 410)
_AWAY = (429, 502, 503, 504)
"""Said by a host, or a proxy before it, that has no time: nothing is known of the picture."""


async def fetch(
    http: Http, ref: str, *, homes: Collection[Origin] = (), first: bool = False
) -> Picture | None:
    """The picture at a path of the server or at an absolute address; None where there is none.

    `homes` are the origins of all the user's servers, `first` as in `Http.send`.
    """
    clean = without_secrets(ref)
    if clean is None:
        raise Nonsense(http.name, "names a picture that is not at an http address")
    where = http.url(clean) if clean.startswith("/") else clean
    try:
        place = origin(where)
    except ValueError:
        raise Nonsense(http.name, "names a picture at a broken address") from None
    if place == origin(http.base):
        answer = await _at_home(http, where, first=first)
    elif place in homes:
        answer = await _at_home(http, where, first=first, own=False)
    else:
        return await _elsewhere(http, where, homes, first)
    if answer.status in _AWAY:
        raise _away(http, answer)
    if answer.status not in (200, *_NONE):
        raise trouble.from_status(http.name, http.base, "picture", answer)
    return _picture(http, answer)


def place_of(ref: str) -> str:
    """Whom a ref makes us ask: "" for the source itself, else a host."""
    return "" if ref.startswith("/") else ref.partition("://")[2].partition("/")[0].lower()


async def _at_home(http: Http, url: str, *, first: bool, own: bool = True) -> Answer:
    headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
    return await http.send(
        "GET", url, headers=headers, own=own, most=MOST_BYTES, within=WITHIN, first=first
    )


async def _elsewhere(
    http: Http, url: str, homes: Collection[Origin], first: bool
) -> Picture | None:
    """From another host, followed where that sends us on to: never to one of our own servers."""
    for _ in range(_HOPS + 1):
        answer = await http.strangers.get(url, most=MOST_BYTES, within=WITHIN, first=first)
        if answer.status not in _ELSEWHERE or "location" not in answer.headers:
            break
        try:
            url = urljoin(url, answer.headers["location"])
            place = origin(url)
        except ValueError:
            raise Nonsense(http.name, "names a picture that leads to a broken address") from None
        if place in {origin(http.base), *homes}:
            raise Nonsense(http.name, "names a picture that leads back to your own server")
    if answer.status in _AWAY:
        raise _away(http, answer)
    if answer.status not in (200, *_NONE):
        kind = Failed if answer.status >= 500 else Nonsense
        raise kind(http.name, f"names a picture whose host answers HTTP {answer.status}")
    return _picture(http, answer)


def _away(http: Http, answer: Answer) -> SourceError:
    if answer.status in (429, 503):
        return trouble.from_status(http.name, http.base, "picture", answer)
    return Unreachable(http.name, f"cannot give a picture now (HTTP {answer.status})")


def _picture(http: Http, answer: Answer) -> Picture | None:
    if answer.status in _NONE or not answer.content:
        return None
    if not answer.media_type.startswith("image/"):
        raise Nonsense(http.name, f"gave {answer.media_type or 'something'} for a picture")
    return Picture(answer.content, answer.media_type)

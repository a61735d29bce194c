"""Blurs in pages: what stands in the place of a picture until it is there.

A blur is a picture of a hundred bytes inside the page. Templates only say where one may be; which
there are is asked once for the whole page, when it is made.
"""

from __future__ import annotations

import base64
import functools
import re

from fullcredits.images.blurhash import decoded
from fullcredits.images.render import BLUR, webp
from fullcredits.store import Store
from fullcredits.store.images import Blur, blurs

_PLACE = re.compile(r'<img class="blur" src="(\d+)" alt="">')
"""As `macros.html` writes it. Nothing that a server says looks like this: all that is escaped."""
_QUALITY = 50


def with_blurs(page: str, store: Store | None) -> str:
    """The page with the blurs that there are, and without the places of the others."""
    wanted = {int(number) for number in _PLACE.findall(page)}
    known: dict[int, Blur] = {}
    if wanted and store:
        with store.reading() as db:
            known = blurs(db, wanted)

    def shown(place: re.Match[str]) -> str:
        blur = known.get(int(place[1]))
        content = _content(blur) if blur else None
        if content is None:
            return ""
        address = f"data:image/webp;base64,{base64.b64encode(content).decode()}"
        return f'<img class="blur" src="{address}" alt="">'

    return _PLACE.sub(shown, page)


def _content(blur: Blur) -> bytes | None:
    return blur.picture or (_of_blurhash(blur.blurhash) if blur.blurhash else None)


@functools.lru_cache(maxsize=4096)
def _of_blurhash(blurhash: str) -> bytes | None:
    """Needed until the picture itself was fetched once; a millisecond's work."""
    image = decoded(blurhash, *BLUR)
    return webp(image, _QUALITY) if image else None

"""What Plex calls the works themselves, beside its own numbers for them."""

from __future__ import annotations

import hashlib

from fullcredits.simulate.plex.library import Item


def external_guids(item: Item) -> list[dict[str, str]]:
    """The ids elsewhere, as full records have them; agents of old knew none."""
    known = {} if item.section.legacy else dict(item.work.ids)
    return [{"id": f"{s}://{known[s]}"} for s in ("imdb", "tmdb", "tvdb") if s in known]


def guid(item: Item) -> str:
    """``plex://movie/5d77…``, or ``local://<ratingKey>`` for what no agent recognised.

    Agents of old have ``com.plexapp.agents.imdb://tt0165832?lang=en`` instead, and for seasons
    and episodes the show's with their numbers.
    """
    work = item.work
    if not work.matched:
        return f"local://{item.key}"
    if item.section.legacy:
        return _legacy_guid(item)
    return f"plex://{work.kind}/{hashlib.md5(f'plex {work.id}'.encode()).hexdigest()[:24]}"


def _legacy_guid(item: Item) -> str:
    numbers: list[str] = []
    while item.parent:
        numbers.insert(0, f"/{item.work.number}")
        item = item.parent
    known = dict(item.work.ids)
    wanted = ("imdb", "tmdb") if item.work.kind == "movie" else ("tvdb", "tmdb")
    scheme = next((scheme for scheme in wanted if scheme in known), None)
    agent = {"imdb": "imdb", "tvdb": "thetvdb", "tmdb": "themoviedb", None: "none"}[scheme]
    value = known[scheme] if scheme else str(item.key)
    return f"com.plexapp.agents.{agent}://{value}{''.join(numbers)}?lang=en"

"""Plex's words into ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from fullcredits.model import (
    Credit,
    ExternalId,
    Library,
    LibraryKind,
    ListedTitle,
    MediaItem,
    Odd,
    Record,
    SourcePerson,
    TitleKind,
)
from fullcredits.sources.address import is_odd_picture, without_secrets
from fullcredits.sources.plex.jobs import CAST, KINDS
from fullcredits.sources.plex.wire import Item, Section, Tag, listed
from fullcredits.sources.values import (
    day,
    ids,
    is_id,
    moment,
    number,
    prose,
    seconds,
    title_of,
    unread,
    unread_ids,
    whole,
    words,
    year,
)
from fullcredits.text import fold, odd, storable

MOST_ROLES = 200
"""Plex cuts `Role` here and does not say so."""

_LIBRARIES = {"movie": LibraryKind.MOVIES, "show": LibraryKind.SHOWS}
_TITLES = {kind.value: kind for kind in TitleKind}  # Plex happens to use our four words
_LEGACY_AGENTS = {
    "com.plexapp.agents.imdb": "imdb",
    "com.plexapp.agents.thetvdb": "tvdb",
    "com.plexapp.agents.themoviedb": "tmdb",
}
_METADATA = "/library/metadata/"
_OWN_PICTURE = re.compile(r"/library/metadata/[^/?]+/(?:thumb|art)/-?[0-9]+(?:\?.*)?")
_IMDB_TITLE = re.compile(r"tt\d+")
_READERS = (
    ("index", number),
    ("parent_index", number),
    ("year", year),
    ("originally_available_at", day),
    ("duration", whole),
    ("added_at", moment),
)
_MILLISECONDS = 1000


def library(section: Section) -> Library | None:
    """A section that holds films or series; None for music, photos."""
    kind = _LIBRARIES.get(section.type or "")
    key = storable(str(section.key))
    return Library(key, words(section.title) or key, kind) if kind else None


def title_kind(row: Item, asked: TitleKind) -> TitleKind | None:
    """What a row is: what was asked for where it does not say, None for a collection or clip."""
    return _TITLES.get(row.type) if row.type else asked


def kind_of(row: Item) -> TitleKind | None:
    """What a row says it is; None for a collection, an album, and where it does not say."""
    return _TITLES.get(row.type or "")


def listed_title(row: Item, kind: TitleKind) -> ListedTitle:
    """A row of a list; its facts are those of `media_item`, without pictures that are odd."""
    return ListedTitle(_key(row), kind, _marker(row), partial(_listed_facts, row, kind))


def _listed_facts(row: Item, kind: TitleKind) -> MediaItem:
    item = media_item(row, kind)
    return replace(item, poster=None, backdrop=None) if _odd_pictures(row) else item


def _key(row: Item) -> str:
    return storable(str(row.rating_key))


def _marker(row: Item) -> str | None:
    return words(row.updated_at)


def media_item(row: Item, kind: TitleKind) -> MediaItem:
    """The facts of a title, as far as the row has them.

    An episode's `year` is often its show's, so its year is that of `originallyAvailableAt`.
    """
    parent, show = words(row.parent_rating_key), words(row.grandparent_rating_key)
    season, episode = number(row.parent_index), number(row.index)
    if kind is TitleKind.SEASON:
        show, season, episode = parent, episode, None
    elif kind is not TitleKind.EPISODE:
        parent = show = season = episode = None
    released = day(row.originally_available_at)
    return MediaItem(
        key=_key(row),
        kind=kind,
        title=title_of(row.title, kind, season if kind is TitleKind.SEASON else episode),
        marker=_marker(row),
        parent_key=parent or show,
        show_key=show,
        season_number=season,
        episode_number=episode,
        sort_title=words(row.title_sort),
        original_title=words(row.original_title),
        year=_year(row, kind, released.year if released else None),
        released=released,
        runtime=seconds(row.duration, _MILLISECONDS),
        overview=prose(row.summary),
        tagline=words(row.tagline),
        content_rating=words(row.content_rating),
        genres=tuple(name for tag in listed(row.genres) if (name := words(tag.tag))),
        external_ids=external_ids(row, kind),
        poster=without_secrets(row.thumb or ""),
        backdrop=_backdrop(row, kind),
        added=moment(row.added_at),
    )


def _backdrop(row: Item, kind: TitleKind) -> str | None:
    """The title's own. A season or an episode has its show's lent: that has another address when
    the show is touched, and no marker of theirs moves with it.
    """
    art = row.art or ""
    below = kind in (TitleKind.SEASON, TitleKind.EPISODE)
    lent = art.startswith(_METADATA) and not art.startswith(f"{_METADATA}{row.rating_key}/")
    return None if below and lent else without_secrets(art)


def _odd_pictures(row: Item) -> list[str]:
    """Pictures of the title that are elsewhere than a Plex has those of its titles."""
    return [ref for ref in (row.thumb, row.art) if ref and not _OWN_PICTURE.fullmatch(ref)]


def _year(row: Item, kind: TitleKind, air_year: int | None) -> int | None:
    return air_year if kind is TitleKind.EPISODE else year(row.year) or air_year


def external_ids(row: Item, kind: TitleKind) -> tuple[ExternalId, ...]:
    """The ids of the title itself: of `Guid`, and of `guid`, be it modern or of a legacy agent.

    A legacy season or episode has only its show's id and numbers there: that is no id of it.
    """
    pairs = _guids(row)
    for agent, rest in _split(row.guid):
        value = rest.partition("?")[0]
        if agent == "plex":
            pairs.append((agent, value.rpartition("/")[2]))
        elif agent.startswith("com.plexapp.agents.") and kind in (TitleKind.MOVIE, TitleKind.SHOW):
            if _IMDB_TITLE.fullmatch(value):
                pairs.append(("imdb", value))
            elif agent in _LEGACY_AGENTS and value.isalnum():
                pairs.append((_LEGACY_AGENTS[agent], value))
    return ids(pairs)


def _guids(row: Item) -> list[tuple[str, str]]:
    return [pair for guid in listed(row.guids) for pair in _split(guid.id)]


def _split(guid: str | None) -> list[tuple[str, str]]:
    scheme, mark, value = (guid or "").partition("://")
    return [(scheme.lower(), value)] if mark else []


class People:
    """Makes credits, and each person of a page once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str, str | None], SourcePerson] = {}
        self._odd: dict[int, tuple[Odd, str]] = {}
        """What is odd of persons, by `id` of those known."""

    def record(self, row: Item, kind: TitleKind) -> Record:
        """A full record. A tag without a name names nobody and is left out."""
        roles = listed(row.roles)
        lists: tuple[tuple[str, Sequence[Tag]], ...] = (
            ("Role", roles),
            ("Director", listed(row.directors)),
            ("Writer", listed(row.writers)),
            ("Producer", listed(row.producers)),
        )
        found: list[Credit] = []
        before = 0
        oddities = [(Odd.NAMES, str(row.title))] if odd(str(row.title)) else []
        if not words(row.title):
            oddities.append((Odd.NAMELESS, "title"))
        oddities += ((Odd.VALUES, what) for what in unread(row, _READERS))
        oddities += ((Odd.VALUES, str(pair)) for pair in unread_ids(_guids(row)))
        for word, tags in lists:
            department, usual = KINDS[word]
            cast = word == CAST
            for billing, tag in enumerate(tags, before):
                person = self.person(tag)
                if person is None:
                    oddities.append((Odd.NAMELESS, tag.tag_key or word))
                    continue
                character = tag.role if tag.role and cast else ""
                if odd(character):
                    oddities.append((Odd.NAMES, character))
                character = storable(character)
                job = usual if cast or not tag.role else storable(tag.role).strip() or usual
                found.append(Credit(person, billing, word, department, job, character))
            before += len(tags)
        capped = len(roles) >= MOST_ROLES
        if self._odd:
            oddities += filter(None, (self._odd.get(id(credit.person)) for credit in found))
        oddities += ((Odd.PICTURES, ref) for ref in _odd_pictures(row))
        as_served = tuple((why, ascii(what)) for why, what in sorted(oddities))
        return Record(media_item(row, kind), tuple(found), capped, as_served)

    def person(self, tag: Tag) -> SourcePerson | None:
        """Who a tag names.

        The key is the `tagKey`, which is the person's id in the "plex" scheme on every server;
        tags of legacy agents have none and are known by their name alone. What cannot be one
        proves nothing either.
        """
        seen = (tag.tag_key, tag.tag or "", tag.thumb)
        person = self._known.get(seen)
        if person is None and (name := words(tag.tag)):
            key = tag.tag_key if tag.tag_key and is_id("plex", tag.tag_key) else None
            ref = tag.thumb or ""
            portrait = without_secrets(ref)
            person = (
                SourcePerson(key, name, by_name=False, portrait=portrait)
                if key
                else SourcePerson(f"name:{fold(name)}", name, by_name=True, portrait=portrait)
            )
            self._known[seen] = person
            if tag.tag and odd(tag.tag):
                self._odd[id(person)] = Odd.NAMES, tag.tag
            elif tag.tag_key and not key:
                self._odd[id(person)] = Odd.VALUES, tag.tag_key
            elif ref and is_odd_picture(ref):
                self._odd[id(person)] = Odd.PICTURES, ref
        return person

"""Jellyfin's words into ours. Pure."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import quote

from fullcredits.model import (
    Credit,
    Department,
    ExternalId,
    Library,
    LibraryKind,
    ListedTitle,
    MediaItem,
    Odd,
    PersonFacts,
    Record,
    SourcePerson,
    TitleKind,
)
from fullcredits.sources.jellyfin import jobs, wire
from fullcredits.sources.values import (
    day,
    ids,
    key_of,
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
from fullcredits.text import fold, odd, storable, wrongly_decoded

_LIBRARIES = {
    "movies": LibraryKind.MOVIES,
    "tvshows": LibraryKind.SHOWS,
    "mixed": LibraryKind.MIXED,
    "": LibraryKind.MIXED,
}
KINDS = {
    "Movie": TitleKind.MOVIE,
    "Series": TitleKind.SHOW,
    "Season": TitleKind.SEASON,
    "Episode": TitleKind.EPISODE,
}
_UNSET_ETAG = "543b6ca4c9f21c87d81daf7a932499c0"
"""Made of the date 0, so shared by all items that were never saved: no marker."""
_NO_ID = "0" * 32
_TICKS = 10_000_000
_LIFE = (("premiere_date", day), ("end_date", day))
_READERS = (
    ("index_number", number),
    ("parent_index_number", number),
    ("production_year", year),
    ("premiere_date", day),
    ("end_date", day),
    ("run_time_ticks", whole),
    ("date_created", moment),
)
_NOT_THE_TITLES_OWN = ("collection", "slug")
_TAG = re.compile(r"[\w.=+-]{1,100}", re.ASCII)
"""What tells one picture from the next; 32 hexadecimal digits so far."""
_BLURHASH = re.compile(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,166}")


def library(view: wire.View) -> Library | None:
    """A library that may hold films or series; None for music, collections."""
    key = words(view.item_id) or words(view.id)
    kind = _LIBRARIES.get((view.collection_type or "").lower())
    return Library(key, words(view.name) or key, kind) if key and kind else None


def title_kind(row: wire.Item, asked: TitleKind) -> TitleKind | None:
    """What a row is; None for other items and for episodes that only exist as a plan."""
    kind = KINDS.get(row.type or "") if row.type else asked
    missing = kind in (TitleKind.EPISODE, TitleKind.MOVIE) and row.location_type == "Virtual"
    return None if missing else kind


def listed_title(row: wire.Item, kind: TitleKind) -> ListedTitle:
    """A row of a list; its facts are those of `media_item`."""
    facts = partial(media_item, row, kind)
    return ListedTitle(storable(row.id), kind, _marker(row), facts)


def _marker(row: wire.Item) -> str | None:
    return None if row.etag == _UNSET_ETAG else words(row.etag)


def media_item(row: wire.Item, kind: TitleKind) -> MediaItem:
    """The facts of a title, as far as the row has them."""
    show, season = _id(row.series_id), _id(row.season_id)
    season_number, episode_number = number(row.parent_index_number), number(row.index_number)
    if kind is TitleKind.SEASON:
        season, season_number, episode_number = None, episode_number, None
    elif kind is not TitleKind.EPISODE:
        show = season = season_number = episode_number = None
    released = day(row.premiere_date)
    primary = words((row.image_tags or {}).get("Primary"))
    # Its own only: what the server lends it is its show's, and no marker of it moves with that.
    backdrop = next(filter(None, row.backdrop_image_tags or ()), None)
    return MediaItem(
        key=storable(row.id),
        kind=kind,
        title=title_of(
            row.name, kind, season_number if kind is TitleKind.SEASON else episode_number
        ),
        marker=_marker(row),
        parent_key=season or show,
        show_key=show,
        season_number=season_number,
        episode_number=episode_number,
        sort_title=words(row.sort_name),
        original_title=words(row.original_title),
        year=year(row.production_year) or (released.year if released else None),
        released=released,
        ended=day(row.end_date),
        runtime=seconds(row.run_time_ticks, _TICKS),
        overview=prose(row.overview),
        tagline=next(filter(None, map(words, row.taglines or ())), None),
        content_rating=words(row.official_rating),
        genres=tuple(filter(None, map(words, row.genres or ()))),
        external_ids=external_ids(row),
        poster=_image(row.id, "Primary", primary),
        poster_blurhash=_blurhash(row, "Primary", primary),
        backdrop=_image(row.id, "Backdrop", backdrop),
        backdrop_blurhash=_blurhash(row, "Backdrop", backdrop),
        added=moment(row.date_created),
    )


def _id(value: str | None) -> str | None:
    return words(value) if value != _NO_ID else None


def _odd_pictures(row: wire.Item) -> list[str]:
    tags = (words((row.image_tags or {}).get("Primary")), *(row.backdrop_image_tags or ()))
    return [tag for tag in tags if tag and not _TAG.fullmatch(tag)]


def _image(owner: str | None, kind: str, tag: str | None) -> str | None:
    """A picture's path; the tag makes a new path of a new picture. None for what is no tag."""
    if not owner or not tag or not _TAG.fullmatch(tag):
        return None
    return f"/Items/{quote(owner, safe='')}/Images/{kind}?tag={tag}"


def _blurhash(row: wire.Item, kind: str, tag: str | None) -> str | None:
    """The blurhash of an image, if the server has made one that is one."""
    held = row.image_blur_hashes
    by_tag = held.get(kind) if isinstance(held, dict) else None
    found = by_tag.get(tag) if isinstance(by_tag, dict) else None
    return found if isinstance(found, str) and _BLURHASH.fullmatch(found) else None


def external_ids(row: wire.Item) -> tuple[ExternalId, ...]:
    """`ProviderIds` of the title or person itself, not of the collection it is in."""
    return ids(_provider_ids(row))


def _provider_ids(row: wire.Item) -> list[tuple[str, str]]:
    return [
        (scheme, words(value) or "")
        for scheme, value in (row.provider_ids or {}).items()
        if not scheme.lower().endswith(_NOT_THE_TITLES_OWN)
    ]


def why_odd(row: wire.Item) -> str | None:
    """What of a Person item cannot be taken; None: all can."""
    if words(row.name) is None:
        return "it has no name"
    if unread(row, _LIFE):
        return "there is a date that is none"
    if unread_ids(_provider_ids(row)):
        return "there is an id that is none"
    return "its picture has a tag that is none" if _odd_pictures(row) else None


def person_facts(row: wire.Item) -> PersonFacts | None:
    """A Person item; None where it names nobody. Its ids belong to whichever namesake the server
    saved last.
    """
    name = words(row.name)
    if name is None:
        return None
    dates = {"premiere_date": "born", "end_date": "died"}
    wrecked = {dates[what.partition(" ")[0]] for what in unread(row, _LIFE)}
    wrecked |= {scheme for scheme, _ in unread_ids(_provider_ids(row))}
    birthplace = next(filter(None, map(words, row.production_locations or ())), None)
    texts = {"birthplace": birthplace, "biography": prose(row.overview)}
    wrecked |= {what for what, text in texts.items() if text and wrongly_decoded(text)}
    tag = words((row.image_tags or {}).get("Primary"))
    portrait, blurhash = _image(row.id, "Primary", tag), _blurhash(row, "Primary", tag)
    return PersonFacts(
        person=SourcePerson(storable(row.id), name, True, portrait, blurhash),
        born=day(row.premiere_date),
        died=day(row.end_date),
        birthplace=birthplace,
        biography=texts["biography"],
        external_ids=external_ids(row),
        odd=odd(str(row.name)),
        unread=frozenset(wrecked),
    )


class People:
    """Makes credits: each person, and each kind of crew credit, of a page once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str | None, str | None], SourcePerson] = {}
        self._crew: dict[tuple[str | None, str | None], tuple[str, Department, str]] = {}
        self._odd: dict[int, tuple[Odd, str]] = {}
        """What is odd of persons, by `id` of those known."""

    def record(self, row: wire.Item, kind: TitleKind) -> Record:
        """A full record. A credit without a name names nobody and is left out."""
        known, crew = self._known, self._crew
        found: list[Credit] = []
        oddities = [(Odd.NAMES, str(row.name))] if odd(str(row.name)) else []
        if not words(row.name):
            oddities.append((Odd.NAMELESS, "title"))
        oddities += ((Odd.VALUES, what) for what in unread(row, _READERS))
        oddities += ((Odd.VALUES, str(pair)) for pair in unread_ids(_provider_ids(row)))
        for billing, served in enumerate(row.people or ()):
            who = (served.id, served.name, served.primary_image_tag)
            person = known.get(who) or self._person(who)
            if person is None:
                oddities.append((Odd.NAMELESS, served.id or str(served.type)))
                continue
            role = served.role
            if cast := _CAST.get(served.type):
                word, department, job = cast
                character = role or ""
                if odd(character):
                    oddities.append((Odd.NAMES, character))
                character = storable(character)
            else:
                what = (served.type, role)
                word, department, job = crew.get(what) or self._job(what)
                character = ""
            found.append(Credit(person, billing, word, department, job, character))
        if self._odd:
            oddities += filter(None, (self._odd.get(id(credit.person)) for credit in found))
        oddities += ((Odd.PICTURES, tag) for tag in _odd_pictures(row))
        as_served = tuple((why, ascii(what)) for why, what in sorted(oddities))
        return Record(media_item(row, kind), tuple(found), oddities=as_served)

    def _person(self, who: tuple[str | None, str | None, str | None]) -> SourcePerson | None:
        id_, served, tag = who
        name = words(served)
        if name is None:
            return None
        key = key_of(id_)
        person = (
            SourcePerson(key, name, True, _image(key, "Primary", tag))
            if key
            else SourcePerson(f"name:{fold(name)}", name, True)
        )
        self._known[who] = person
        if served and odd(served):
            self._odd[id(person)] = Odd.NAMES, served
        elif not key:
            self._odd[id(person)] = (Odd.VALUES, id_) if id_ else (Odd.NAMELESS, name)
        elif tag and not _TAG.fullmatch(tag):
            self._odd[id(person)] = Odd.PICTURES, tag
        return person

    def _job(self, what: tuple[str | None, str | None]) -> tuple[str, Department, str]:
        self._crew[what] = job = crew_job(*what)
        return job


_CAST: dict[str | None, tuple[str, Department, str]] = {
    kind: (kind, *jobs.KINDS[kind]) for kind in jobs.CAST
}


def crew_job(served_kind: str | None, role: str | None) -> tuple[str, Department, str]:
    """Kind, department and job of a crew credit, from its `Type` and `Role`.

    The role is the job, unless it only repeats the type.
    """
    kind = words(served_kind) or "Unknown"
    department, default = jobs.KINDS.get(kind, (None, kind))
    job = storable(role or "").strip()
    if not job or job == kind:
        job = default
    return kind, department or jobs.department_of(job), job

"""What a server serves of titles and people beside credits, read in the plainest way, and what a
database holds of it, in the same words.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import Table, select

from fullcredits.simulate import DEFAULT_API_KEY
from fullcredits.store import Connection, Store
from fullcredits.store.schema import (
    images,
    media_item_ids,
    media_items,
    media_people,
    source_people,
    source_person_ids,
    sources,
    titles,
)
from tests import served

Ids = frozenset[tuple[str, str]]


class Title(NamedTuple):
    name: str
    overview: str | None
    poster: str | None
    backdrop: str | None
    ids: Ids
    parent: str | None
    """The key of an episode's season, or a season's show."""


class Person(NamedTuple):
    portrait: str | None
    born: str | None = None
    died: str | None = None
    birthplace: str | None = None
    biography: str | None = None
    ids: Ids = frozenset()


class Facts(NamedTuple):
    """By the server's keys; people are those who are credited, and without a key by their name."""

    titles: dict[str, Title]
    people: dict[str, Person]


def lost(before: Facts, now: Facts, truth: Facts) -> list[str]:
    """What was known and neither is nor is true any more."""
    was, held, right = map(_by_name, (before, now, truth))
    return [
        f"{name}: {value}, now {held.get(name)}"
        for name, value in was.items()
        if value and held.get(name) not in (value, right.get(name))
    ]


def _by_name(facts: Facts) -> dict[str, object]:
    every: list[tuple[str, Title | Person]] = [*facts.titles.items(), *facts.people.items()]
    return {
        f"{name} of {key}": value for key, one in every for name, value in one._asdict().items()
    }


def of_plex(address: str, token: str) -> Facts:
    """All that a Plex serves."""
    headers = {"X-Plex-Token": token, "Accept": "application/json"}
    keys = sorted(
        {credit.key for credit in served.plex(address, token)} | _plex_keys(address, headers)
    )
    query = f"/library/metadata/{','.join(keys)}?includeGuids=1"
    rows = served.get(f"{address}{query}", headers)["MediaContainer"]["Metadata"]
    portraits: dict[str, str | None] = {}
    for row in rows:
        for kind in ("Role", "Director", "Writer", "Producer"):
            for tag in row.get(kind, []):
                key = tag.get("tagKey") or f"name:{tag['tag']}"
                portraits[key] = portraits.get(key) or tag.get("thumb")
    return Facts(
        {row["ratingKey"]: _plex_title(row) for row in rows},
        {key: Person(portrait) for key, portrait in portraits.items()},
    )


def _plex_keys(address: str, headers: dict[str, str]) -> set[str]:
    sections = served.get(f"{address}/library/sections", headers)["MediaContainer"]["Directory"]
    found: set[str] = set()
    for section in sections:
        for kind in (1, 2, 3, 4):
            url = f"{address}/library/sections/{section['key']}/all?type={kind}"
            rows = served.get(url, headers)["MediaContainer"].get("Metadata", [])
            found |= {row["ratingKey"] for row in rows}
    return found


def _plex_title(row: dict[str, Any]) -> Title:
    ids = {tuple(guid["id"].split("://")) for guid in row.get("Guid", [])}
    if row["guid"].startswith("plex://"):
        ids.add(("plex", row["guid"].rpartition("/")[2]))
    lent = row["type"] in ("season", "episode") and f"/{row['ratingKey']}/" not in row["art"]
    backdrop = None if lent else row["art"]
    return Title(
        row["title"],
        row.get("summary") or None,
        row["thumb"],
        backdrop,
        frozenset(ids),
        row.get("parentRatingKey"),
    )


def of_jellyfin(address: str) -> Facts:
    """All that a Jellyfin serves."""
    titles = {row["Id"]: row for row in _jellyfin(address, "Movie,Series,Season,Episode")}
    people = {row["Id"]: row for row in _jellyfin(address, "Person")}
    credited = {
        person["Id"]: person.get("PrimaryImageTag")
        for row in titles.values()
        for person in row.get("People", [])
    }
    return Facts(
        {key: _jellyfin_title(row) for key, row in titles.items()},
        {key: _jellyfin_person(key, people.get(key, {}), tag) for key, tag in credited.items()},
    )


def _jellyfin(address: str, kinds: str) -> list[dict[str, Any]]:
    fields = "People,Overview,ProviderIds,ProductionLocations"
    query = f"recursive=true&includeItemTypes={kinds}&fields={fields}&collapseBoxSetItems=false"
    headers = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}
    rows: list[dict[str, Any]] = served.get(f"{address}/Items?{query}", headers)["Items"]
    return rows


def _jellyfin_title(row: dict[str, Any]) -> Title:
    backdrops = row.get("BackdropImageTags") or [None]
    return Title(
        row["Name"],
        row.get("Overview"),
        _tagged(row["Id"], "Primary", row.get("ImageTags", {}).get("Primary")),
        _tagged(row["Id"], "Backdrop", backdrops[0]),
        _ids(row),
        row.get("SeasonId" if row["Type"] == "Episode" else "SeriesId"),
    )


def _jellyfin_person(key: str, row: dict[str, Any], tag: str | None) -> Person:
    return Person(
        _tagged(key, "Primary", tag),
        (row.get("PremiereDate") or "")[:10] or None,
        (row.get("EndDate") or "")[:10] or None,
        (row.get("ProductionLocations") or [None])[0],
        row.get("Overview"),
        _ids(row),
    )


def _tagged(key: str, kind: str, tag: str | None) -> str | None:
    return f"/Items/{key}/Images/{kind}?tag={tag}" if tag else None


def _ids(row: dict[str, Any]) -> Ids:
    return frozenset((name.lower(), value) for name, value in row.get("ProviderIds", {}).items())


def stored(store: Store, source: str, but: str = "") -> Facts:
    """What a database holds of the living titles of a source, and of who is credited on them;
    `but`: the key of a title that does not count.
    """
    i, p, m, title = media_items, source_people, media_people, titles.alias()
    with store.reading() as db:
        number = db.execute(select(sources.c.id).where(sources.c.name == source)).scalar_one()
        refs: dict[int | None, str] = {row.id: row.ref for row in db.execute(select(images))}
        living = (i.c.source_id == number, i.c.gone_since.is_(None), i.c.key != but)
        credited = (
            select(m.c.id)
            .join(i, i.c.id == m.c.media_item_id)
            .where(*living, m.c.source_person_id == p.c.id)
        )
        above = i.alias()
        parent = (
            select(above.c.key)
            .join(title, title.c.parent_id == above.c.title_id)
            .where(title.c.id == i.c.title_id, above.c.source_id == number)
            .scalar_subquery()
            .label("parent")
        )
        title_ids = _ids_of(db, media_item_ids, "media_item_id")
        person_ids = _ids_of(db, source_person_ids, "source_person_id")
        found = {
            row.key: Title(
                row.title,
                row.overview,
                refs.get(row.poster_id),
                refs.get(row.backdrop_id),
                title_ids[row.id],
                row.parent,
            )
            for row in db.execute(select(i, parent).where(*living))
        }
        people = {
            f"name:{row.name}" if row.key.startswith("name:") else row.key: Person(
                refs.get(row.portrait_id),
                row.born and str(row.born),
                row.died and str(row.died),
                row.birthplace,
                row.biography,
                person_ids[row.id],
            )
            for row in db.execute(select(p).where(credited.exists()))
        }
    return Facts(found, people)


def _ids_of(db: Connection, table: Table, owner: str) -> defaultdict[int, Ids]:
    found: defaultdict[int, Ids] = defaultdict(frozenset)
    for row in db.execute(select(table)):
        found[getattr(row, owner)] |= {(row.scheme, row.value)}
    return found


def differences(one: Facts, other: Facts) -> list[str]:
    """What differs between two, to be read."""
    this, that = _by_name(one), _by_name(other)
    return [
        f"{name}: {this.get(name)}, not {that.get(name)}"
        for name in sorted(this.keys() | that.keys())
        if name not in this or name not in that or this[name] != that[name]
    ]

"""Plex's XML says the same as its JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import Nonsense
from fullcredits.model import Library, LibraryKind, SourceKind, TitleKind
from fullcredits.simulate import DEFAULT_TOKEN, PLEX_VERSIONS, Catalogue, plex_app, running
from fullcredits.sources import Source, open_source
from fullcredits.sources.plex.xml import as_json
from tests.contract.answering import TOKEN, said, scripted
from tests.contract.dialects import FILMS, PLEX, films
from tests.contract.recorded import recorded
from tests.shared_data import shared_path

T = TypeVar("T")
SHOWS = Library("2", "TV Shows", LibraryKind.SHOWS)


def told(xml: str | bytes) -> Any:
    content = xml if isinstance(xml, bytes) else xml.encode()
    return json.loads(as_json("Attic", content))["MediaContainer"]


def written(name: str, value: Any) -> str:
    """An element as Plex writes what its JSON says: attributes, and elements for lists."""
    attributes, inner = "", ""
    for field, part in value.items():
        if isinstance(part, list):
            row = "Video" if field == "Metadata" else field
            inner += "".join(written(row, one) for one in part)
        elif not isinstance(part, dict):
            text = str(int(part)) if isinstance(part, bool) else str(part)
            attributes += f" {field}={quoteattr(text)}"
    return f"<{name}{attributes}>{inner}</{name}>"


def asked(address: str, ask: Callable[[Source], Awaitable[T]], token: str = TOKEN) -> T:
    async def go() -> T:
        source = open_source(SourceKind.PLEX, "Attic", address, token, "client")
        try:
            return await ask(source)
        finally:
            await source.close()

    return asyncio.run(go())


@pytest.mark.parametrize(
    "name",
    [
        "metadata_movie_wicked_200roles.json",
        "metadata_show_200roles.json",
        "rs_metadata_108_legacy_22roles.json",
        "metadata_movie_local_no_tags.json",
    ],
)
def test_a_recorded_record_says_the_same_in_both(name: str) -> None:
    body = recorded("plex", name)
    (row,) = body["MediaContainer"]["Metadata"]
    path, items = f"/library/metadata/{row['ratingKey']}", films(row["ratingKey"])
    xml = written("MediaContainer", body["MediaContainer"])
    xml = f"<?xml version='1.0' encoding='utf-8'?>\n{xml}"
    kinds = {item.key: item.kind for item in items}
    found = []
    for answer in (said(body), said(xml, 200, "text/xml;charset=utf-8")):
        with scripted({path: answer}) as (address, _):
            records = asked(address, lambda source: source.records(kinds))
        found.append(records.records)
        assert records.broken == ()
    assert found[0] == found[1]
    assert len(found[0]) == 1


def test_a_whole_server_says_the_same_in_both(invented: Catalogue) -> None:
    async def everything(source: Source) -> Any:
        found: list[Any] = [await source.server(), await source.libraries()]
        for library in found[1]:
            for kind in library.kind.title_kinds:
                async for page in source.listing(library, kind):
                    records = await source.records({i.key: i.kind for i in page.items[:40]})
                    found += [(page.total, page.broken), [item.facts() for item in page.items]]
                    found.append(sorted(records.records, key=lambda r: r.item.key))
        return found

    said_so = []
    for speaks_json in (True, False):
        dialect = replace(PLEX_VERSIONS["1.32"], speaks_json=speaks_json)
        with running(plex_app(invented, share="attic", version=dialect)) as address:
            said_so.append(asked(address, everything, DEFAULT_TOKEN))
    assert said_so[0] == said_so[1]
    assert all(said_so[0])
    assert len(said_so[0]) >= 10


def test_recorded_xml() -> None:
    content = shared_path("recordings", "plex", "xml_ha_library_tvshows_all.xml").read_bytes()
    answer = said(content, 200, "application/xml")

    async def listing(source: Source) -> Any:
        return [page async for page in source.listing(SHOWS, TitleKind.SHOW)]

    with scripted({"/library/sections/2/all": answer}) as (address, _):
        (page,) = asked(address, listing)
    (show,) = (item.facts() for item in page.items)
    assert (show.key, show.title, show.year) == ("30", "TV Show", 2000)
    assert show.genres == ("Action", "Animated")
    assert [(i.scheme, i.value) for i in show.external_ids] == [("tvdb", "12345")]


def test_libraries_in_xml() -> None:
    xml = (
        '<MediaContainer size="2"><Directory key="1" type="movie" title="Films" agent="x">'
        '<Location id="1" path="/f"/></Directory><Directory key="2" type="artist" title="M"/>'
        "</MediaContainer>"
    )
    with scripted({"/library/sections": said(xml, 200, "text/xml")}) as (address, _):
        found = asked(address, lambda source: source.libraries())
    assert found == [Library("1", "Films", LibraryKind.MOVIES)]


def test_entities_are_resolved_once_and_control_characters_left_out() -> None:
    row = (
        b'<MediaContainer><Video ratingKey="1" title="Tom &amp;amp; J&#233;r\x04\xc3\xa9&#x1F600;">'
        b'<Role tag="Frances O&#39;Connor" role="&lt;x&gt;&#4;&#xD800;&#x110000;"/></Video>'
        b"</MediaContainer>"
    )
    (title,) = told(row)["Metadata"]
    assert title["title"] == "Tom &amp; Jéré😀"
    assert title["Role"] == [{"tag": "Frances O'Connor", "role": "<x>"}]


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_comes_through(name: str, role: str) -> None:
    credit = f"<Role tag={quoteattr(name)} role={quoteattr(role)}/>"
    xml = f"<MediaContainer><Video ratingKey='1'>{credit}</Video></MediaContainer>"
    (tag,) = told(xml.encode("utf-8", "replace"))["Metadata"][0]["Role"]
    visible = [c for c in name if c.isprintable() and not c.isspace()]
    assert [c for c in tag["tag"] if c.isprintable() and not c.isspace()] == visible


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(Nonsense):
        assert as_json("Attic", b"<MediaContainer>" + content).startswith(b"{")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><MediaContainer title="&b;"/>'
)


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        ("<MediaContainer><Video", "does a proxy cut answers off"),
        ("", "does a proxy cut answers off"),
        ("<Response code='503'/>", "that no Plex makes"),
        (BOMB, "that no Plex makes"),
        ("<MediaContainer>" + "<a>" * 30, "that no Plex makes"),
    ],
)
def test_other_xml_is_refused(xml: str, why: str) -> None:
    with scripted({PLEX.listing: said(xml, 200, "text/xml")}) as (address, _):

        async def listing(source: Source) -> Any:
            return [page async for page in source.listing(FILMS, TitleKind.MOVIE)]

        with pytest.raises(Nonsense, match=why):
            asked(address, listing)

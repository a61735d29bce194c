"""The simulated Plex, held against answers of real servers and driven by a real client."""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest
from starlette.responses import Response

from fullcredits.simulate import DEFAULT_TOKEN, Catalogue, plex_app, running
from fullcredits.simulate.jobs import plex_kind
from tests.contract.conftest import Simulated
from tests.contract.recorded import recorded
from tests.shared_data import shared_path


def rows(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["MediaContainer"]["Metadata"]
    return found


def test_listings_are_cut_where_real_ones_are(attic: Simulated) -> None:
    people: Counter[tuple[str, int]] = Counter()
    for section, kind in ((1, 1), (2, 2), (2, 4)):
        for row in rows(attic.get(f"/library/sections/{section}/all", type=kind)):
            assert "Producer" not in row
            assert "Guid" not in row
            for name in ("Role", "Writer", "Genre", "Director"):
                people[name, len(row.get(name, ()))] += 1
                assert all(set(tag) == {"tag"} for tag in row.get(name, ()))
    assert max(count for name, count in people if name == "Role") == 3
    assert max(count for name, count in people if name == "Writer") == 2
    assert max(count for name, count in people if name == "Genre") == 2


def test_full_records_hold_at_most_200_roles_in_billing_order(
    attic: Simulated, invented: Catalogue
) -> None:
    crowded = attic.app.state.library.item("film-007")
    (row,) = rows(attic.get(f"/library/metadata/{crowded.key}"))
    cast = [c for c in invented.works["film-007"].credits if c.is_cast]
    assert len({c.human.id for c in cast}) > 200
    billed = list(dict.fromkeys(c.human.name for c in sorted(cast, key=lambda c: c.order or 0)))
    assert [role["tag"] for role in row["Role"]] == billed[:200]


def test_full_records_tell_the_truth(attic: Simulated, invented: Catalogue) -> None:
    library = attic.app.state.library
    films = [item for item in library.items.values() if item.work.kind == "movie"]
    for row in rows(attic.get(f"/library/metadata/{','.join(str(i.key) for i in films)}")):
        work = library.items[int(row["ratingKey"])].work
        for name in ("Director", "Writer", "Producer", "Role"):
            truth = {c.human.name for c in work.credits if plex_kind(c) == name}
            served = {tag["tag"] for tag in row.get(name, ())}
            assert served == truth or len(row["Role"]) == 200


def test_one_human_has_one_tag_key_and_one_number_per_kind(attic: Simulated) -> None:
    library = attic.app.state.library
    films = [str(i.key) for i in library.items.values() if i.work.kind == "movie"]
    numbers: dict[str, set[tuple[str, int]]] = {}
    for row in rows(attic.get(f"/library/metadata/{','.join(films)}")):
        for name in ("Director", "Writer", "Producer", "Role"):
            for tag in row.get(name, ()):
                assert tag["filter"].endswith(f"={tag['id']}")
                assert ("role" in tag) == (name == "Role")
                if "tagKey" in tag:
                    assert len(tag["tagKey"]) == 24
                    numbers.setdefault(tag["tagKey"], set()).add((name, tag["id"]))
                else:
                    assert name != "Role"
    assert all(len({kind for kind, _ in ids}) == len(ids) for ids in numbers.values())
    assert any(len(ids) > 1 for ids in numbers.values())


def test_namesakes_keep_their_own_keys(attic: Simulated, invented: Catalogue) -> None:
    show = attic.app.state.library.item("show-00")
    (row,) = rows(attic.get(f"/library/metadata/{show.key}"))
    keys = {tag["tagKey"] for tag in row["Role"] if tag["tag"] == "Nell Calloway"}
    assert len(keys) == 2
    humans = {attic.app.state.library.tags.by_key[key].id for key in keys}
    assert len(humans) == 2


def test_seasons_have_nobody_and_shows_have_no_crew(attic: Simulated) -> None:
    for kind in (2, 3):
        keys = [row["ratingKey"] for row in rows(attic.get("/library/sections/2/all", type=kind))]
        for row in rows(attic.get(f"/library/metadata/{','.join(keys)}")):
            assert not {"Director", "Writer", "Producer"} & set(row)
            assert ("Role" in row) == (kind == 2)


def test_unknown_keys_are_left_out_and_none_known_is_404(attic: Simulated) -> None:
    known = next(iter(attic.app.state.library.items))
    assert len(rows(attic.get(f"/library/metadata/999999,{known},{known}"))) == 1
    assert attic.client.get("/library/metadata/999998,999999").status_code == 404


def test_pages_follow_each_other(attic: Simulated) -> None:
    whole = attic.get("/library/sections/1/all")
    assert not {"totalSize", "offset"} & set(whole["MediaContainer"])
    keys = [row["ratingKey"] for row in rows(whole)]
    paged = []
    for start in range(0, 120, 30):
        answer = attic.client.get(
            "/library/sections/1/all",
            headers={"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": "30"},
        )
        head = answer.json()["MediaContainer"]
        assert (head["totalSize"], head["offset"]) == (len(keys), start)
        assert answer.headers["X-Plex-Container-Total-Size"] == str(len(keys))
        paged += [row["ratingKey"] for row in head.get("Metadata", [])]
    assert paged == keys


def test_a_size_of_zero_counts(attic: Simulated) -> None:
    query = {"X-Plex-Container-Start": 0, "X-Plex-Container-Size": 0, "type": 4}
    head = attic.get("/library/sections/2/all", **query)["MediaContainer"]
    assert head["size"] == 0
    assert head["totalSize"] > 100
    assert "Metadata" not in head


def test_a_size_without_a_start_is_ignored(attic: Simulated) -> None:
    head = attic.get("/library/sections/1/all", **{"X-Plex-Container-Size": 5})["MediaContainer"]
    assert head["size"] == 85


@pytest.mark.parametrize("operator", [">", "%3E", ">>", "%3E%3E"])
def test_listings_can_be_filtered_by_time(attic: Simulated, operator: str) -> None:
    times = sorted(row["updatedAt"] for row in rows(attic.get("/library/sections/1/all")))
    query = f"updatedAt{operator}={times[-6]}"
    found = rows(attic.client.get(f"/library/sections/1/all?{query}").json())
    assert len(found) == (6 if len(operator) in (1, 3) else 5)


@pytest.mark.parametrize(
    ("path", "name", "status"),
    [
        ("/library/sections", "error_401_plain.html", 401),
        ("/", "error_401_root_redirect.html", 401),
        ("/library/metadata/1001", "error_401_plain.html", 401),
    ],
)
@pytest.mark.parametrize("token", [None, "wrong"])
def test_strangers_get_html(
    attic: Simulated, path: str, name: str, status: int, token: str | None
) -> None:
    headers = {"Accept": "application/json"} | ({"X-Plex-Token": token} if token else {})
    answer = httpx2.get(attic.address + path, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text == recorded_text(name)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/library/metadata/999999", 404),
        ("/no/such/thing", 404),
        ("/library/sections/9/all", 404),
        ("/library/sections/1/all?type=x", 400),
        ("/library/metadata/x", 400),
    ],
)
def test_errors_are_html_whatever_was_asked_for(attic: Simulated, path: str, status: int) -> None:
    answer = attic.client.get(path)
    assert answer.status_code == status
    assert answer.text == recorded_text(f"error_{status}.html")


def recorded_text(name: str) -> str:
    return shared_path("recordings", "plex", name).read_text().strip()


def test_the_token_may_stand_in_the_query_and_identity_needs_none(attic: Simulated) -> None:
    query = {"X-Plex-Token": DEFAULT_TOKEN}
    assert httpx2.get(f"{attic.address}/library/sections", params=query).status_code == 200
    identity = httpx2.get(f"{attic.address}/identity", headers={"Accept": "application/json"})
    known = recorded("plex", "doc_identity.json")["MediaContainer"]
    assert set(identity.json()["MediaContainer"]) == set(known)


def test_xml_says_the_same_as_json(attic: Simulated) -> None:
    key = attic.app.state.library.item("film-007").key
    (row,) = rows(attic.get(f"/library/metadata/{key}"))
    answer = attic.client.get(f"/library/metadata/{key}", headers={"Accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/xml")
    video = ElementTree.fromstring(answer.content).find("Video")
    assert video is not None
    assert {k: as_text(v) for k, v in row.items() if not isinstance(v, list | dict)} == video.attrib
    for name in ("Role", "Director", "Writer", "Producer", "Guid", "Genre"):
        inner = [{k: as_text(v) for k, v in tag.items()} for tag in row[name]]
        assert inner == [element.attrib for element in video.findall(name)]


def as_text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def test_people_have_records_and_media(attic: Simulated, invented: Catalogue) -> None:
    tags = attic.get("/library/tags", type=6)["MediaContainer"]["Directory"]
    tag = tags[0]
    for name in (tag["id"], tag["tagKey"]):
        (person,) = attic.get(f"/library/people/{name}")["MediaContainer"]["Directory"]
        assert person["tag"] == tag["tag"]
    media = rows(attic.get(f"/library/people/{tag['tagKey']}/media"))
    listed = rows(attic.get("/library/sections/1/all", actor=tag["id"]))
    assert {row["ratingKey"] for row in listed} <= {row["ratingKey"] for row in media}


def test_pictures_are_served(attic: Simulated) -> None:
    (row,) = rows(attic.get(f"/library/metadata/{attic.app.state.library.item('film-007').key}"))
    portrait = next(role["thumb"] for role in row["Role"] if "thumb" in role)
    assert portrait.startswith(attic.address)
    assert httpx2.get(portrait).headers["content-type"] == "image/jpeg"
    for path in (row["thumb"], row["art"]):
        assert attic.client.get(path).content[:2] == b"\xff\xd8"
        assert httpx2.get(attic.address + path).status_code == 401
    query = {"url": portrait, "width": 90, "height": 90}
    assert len(attic.client.get("/photo/:/transcode", params=query).content) < 9000


def test_a_changed_library_shows_at_once(invented: Catalogue) -> None:
    app = plex_app(invented, share="attic")
    library = app.state.library
    headers = {"X-Plex-Token": DEFAULT_TOKEN, "Accept": "application/json"}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        item = library.item("film-003")
        before = rows(client.get(f"/library/metadata/{item.key}").json())[0]
        library.touch("film-003")
        after = rows(client.get(f"/library/metadata/{item.key}").json())[0]
        assert after["updatedAt"] > before["updatedAt"]
        library.drop("film-003")
        assert client.get(f"/library/metadata/{item.key}").status_code == 404
        assert library.put(invented.works["film-003"]) > item.key
        app.state.faults.append(lambda _: busy())
        assert client.get("/library/sections").status_code == 503
    assert [asked.status for asked in app.state.requests] == [200, 200, 404, 503]
    assert app.state.requests[0].path == f"/library/metadata/{item.key}"
    assert app.state.requests[0].bytes > 1000


def busy() -> Response:
    return Response("busy", 503)

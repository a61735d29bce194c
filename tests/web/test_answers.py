"""What every answer has: headers, hosts, pictures, methods; and pages as plain values."""

from __future__ import annotations

import json
from dataclasses import asdict
from io import BytesIO

import pytest
from PIL import Image
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.errors import StoreError
from fullcredits.model import TitleKind
from fullcredits.store import Store
from tests.library import Ids


@pytest.mark.parametrize("address", ["/", "/nope", "/search?q=a", "/static/fullcredits.css"])
def test_nothing_may_be_loaded_from_elsewhere_or_run_inline(
    client: TestClient, address: str
) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("host", ["localhost", "localhost:8484", "127.0.0.1:1", "[::1]:8484"])
def test_loopback_hosts_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil"])
def test_other_hosts_are_not(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_pictures_may_be_kept_forever(client: TestClient) -> None:
    answer = client.get("/image/1/240.webp")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = client.get("/image/1/240.webp", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_missing_picture_is_not_asked_for_again_at_once(client: TestClient) -> None:
    answer = client.get("/image/2/240.webp")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.headers["vary"] == "Accept"
    with Image.open(BytesIO(answer.content)) as shown:
        assert (shown.size, shown.convert("RGBA").getpixel((0, 0))) == ((1, 1), (0, 0, 0, 0))


@pytest.mark.parametrize(
    "accept",
    [
        "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
        "image/webp,*/*",
        "text/html,application/xhtml+xml,image/webp,*/*;q=0.8",
    ],
)
def test_browsers_show_a_missing_picture_as_clear(client: TestClient, accept: str) -> None:
    """They would print any other answer as an error."""
    answer = client.get("/image/2/240.webp", headers={"Accept": accept})
    assert answer.status_code == 200
    assert (answer.headers["cache-control"], answer.headers["vary"]) == (
        "private, max-age=60", "Accept",
    )  # fmt: skip
    assert "etag" not in answer.headers
    assert answer.content == client.get("/image/2/240.webp").content


def test_what_stands_in_for_a_picture_is_asked_for_again_soon(client: TestClient) -> None:
    answer = client.get("/image/3/240.webp")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=600"


def test_static_files_have_their_digest_in_their_address(client: TestClient) -> None:
    page = client.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert address.startswith("/static/fullcredits.css?")
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/").headers["cache-control"] == "private, no-cache"


def test_head_is_answered_and_writing_is_not(client: TestClient, ids: Ids) -> None:
    assert client.head("/").status_code == 200
    answer = client.post("/", headers={"Origin": "http://127.0.0.1"})
    assert answer.status_code == 405
    assert "cannot be used like that" in answer.text


def test_an_error_of_the_store_is_explained(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise StoreError("the database refused: <disk full>")

    monkeypatch.setattr(pages, "home", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "The database refused: &lt;disk full&gt;" in answer.text


def test_pages_are_plain_values(store: Store, ids: Ids) -> None:
    with store.reading() as db:
        for page in (
            pages.home(db),
            pages.library(db, ids.films, pages.Asked()),
            pages.movie(db, ids.movie),
            pages.show(db, ids.show),
            pages.season(db, ids.season),
            pages.episode(db, ids.episode),
            pages.person(db, ids.lead),
            pages.filmography(db, ids.lead, pages.Wanted()),
            pages.appearances(db, ids.lead, ids.show),
            pages.credits(db, TitleKind.SHOW, ids.show),
            pages.search(db, "ada"),
            pages.all_people(db),
            pages.all_titles(db, pages.Asked()),
            pages.character(db, "Inspector Vinter"),
        ):
            values = asdict(page)
            assert json.loads(json.dumps(values))["address"] == page.address

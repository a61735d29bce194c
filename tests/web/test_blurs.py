"""What stands in the place of pictures, inside the page."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image
from sqlalchemy import update
from starlette.testclient import TestClient

from fullcredits.store import Store
from fullcredits.store.images import FETCHED, Outcome, note_outcomes
from fullcredits.store.schema import images
from fullcredits.store.sources import now
from fullcredits.web.blurs import with_blurs
from tests.library import Ids
from tests.web.conftest import Counting

BLUR = re.compile(r'<img class="blur" src="data:image/webp;base64,([A-Za-z0-9+/=]+)" alt="">')
BLURHASH = "dSEB:A%20gS5V@oMWXj]NdWBr=R*NGaxs:WVE2a}-ot6"


def place(number: int) -> str:
    return f'<img class="blur" src="{number}" alt="">'


def webp(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "WEBP")
    return file.getvalue()


def blurs_in(page: str) -> list[Image.Image]:
    return [Image.open(io.BytesIO(base64.b64decode(found))) for found in BLUR.findall(page)]


def test_pages_have_the_blurs_that_there_are(
    store: Store, client: TestClient, ids: Ids, queries: Counting
) -> None:
    page = client.get(f"/movie/{ids.movie}", follow_redirects=True).text
    assert 'class="blur"' not in page
    with store.writing() as db:
        db.execute(update(images).values(blurhash=BLURHASH))
    with queries() as seen:
        page = client.get(f"/movie/{ids.movie}", follow_redirects=True).text
    found = blurs_in(page)
    assert len(found) >= 3, "backdrop, poster, a star"
    assert {blur.size for blur in found} == {(8, 12)}
    assert sum("blurhash" in statement for statement in seen) == 1


def test_a_blur_of_the_picture_itself_is_better(store: Store, ids: Ids) -> None:
    with store.writing() as db:
        db.execute(update(images).values(blurhash=BLURHASH))
        note_outcomes(db, {1: Outcome(FETCHED, 0, None, "d" * 64, 9, 9, webp((12, 8)))})
    first, second = blurs_in(with_blurs(place(1) + place(2), store))
    assert (first.size, second.size) == ((12, 8), (8, 12))


def test_what_cannot_be_had_shows_initials(store: Store, ids: Ids) -> None:
    with store.writing() as db:
        db.execute(update(images).values(blurhash=BLURHASH))
        note_outcomes(db, {1: Outcome("the source has it no more", 1, now())})
    assert with_blurs(f"[{place(1)}]", store) == "[]"


@pytest.mark.parametrize("blurhash", ["", "x", "<script>", "L" * 166])
def test_what_is_no_blurhash_is_no_blur(store: Store, ids: Ids, blurhash: str) -> None:
    with store.writing() as db:
        db.execute(update(images).values(blurhash=blurhash))
    assert with_blurs(f"[{place(1)}]", store) == "[]"


def test_pictures_nobody_knows_and_pages_without_a_store(store: Store) -> None:
    assert with_blurs(f"[{place(10**9)}]", store) == "[]"
    assert with_blurs(f"[{place(1)}{place(2)}]", None) == "[]"


def test_a_name_that_looks_like_a_place_is_shown_as_written(
    store: Store, client: TestClient, ids: Ids
) -> None:
    page = client.get("/search", params={"q": place(1)}).text
    assert place(1) not in page
    assert "&lt;img class=&#34;blur&#34; src=&#34;1&#34;" in page

"""The drawn pictures: always the same, of the right size, and never a row of empty boxes."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from fullcredits.simulate import Catalogue, Human
from fullcredits.simulate.drawn import Shape, Studio
from fullcredits.simulate.drawn.lettering import lettered
from fullcredits.simulate.jellyfin.pictures import blurhash

SIZES: dict[Shape, tuple[int, int]] = {
    "poster": (600, 900),
    "backdrop": (1280, 720),
    "still": (640, 360),
}


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("shape", SIZES)
def test_works_have_pictures_of_the_right_size(invented: Catalogue, shape: Shape) -> None:
    films = [w for w in invented.works.values() if w.parent is None][:12]
    one, other = Studio(), Studio()
    drawn = [one.work(film, shape) for film in films]
    assert {opened(data).size for data in drawn} == {SIZES[shape]}
    assert drawn == [other.work(film, shape) for film in films]
    assert len(set(drawn)) == len(films)


def test_a_season_looks_like_its_show_with_its_own_name(invented: Catalogue) -> None:
    studio, show = Studio(), invented.works["show-00"]
    season = invented.works["show-00-s1"]
    assert studio.work(season, "poster", show) != studio.work(show, "poster")


@pytest.mark.parametrize("born", [None, "1899-01-01", "1950-05-05", "1990-09-09"])
def test_everybody_has_a_face_of_their_own(born: str | None) -> None:
    studio = Studio()
    faces = [studio.portrait(Human(f"h{n}", "x", born=born)) for n in range(8)]
    assert len(set(faces)) == 8
    assert {opened(face).size for face in faces} == {(400, 600)}


def test_pictures_are_made_to_fit() -> None:
    studio = Studio()
    face = studio.portrait(Human("h", "x"))
    small = opened(studio.resized(face, 90, 90, "WEBP"))
    assert (small.size, small.format) == ((60, 90), "WEBP")
    assert opened(studio.resized(face, 4000, 4000, "JPEG")).size == (400, 600)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Naïve Æon", "NAIVE AEON"),
        ("9½ Minutes", "9 1/2 MINUTES"),
        ("東京の雨", ""),
        ("Łódź", "LODZ"),
    ],
)
def test_posters_are_lettered_in_what_the_font_has(text: str, letters: str) -> None:
    assert lettered(text) == letters


@pytest.mark.parametrize(
    ("waves", "first", "length"), [((4, 5), "d", 44), ((6, 4), "W", 52), ((4, 3), "L", 28)]
)
def test_blurhashes_have_the_form_of_recorded_ones(
    waves: tuple[int, int], first: str, length: int
) -> None:
    for seed in "abc":
        text = blurhash(seed, *waves)
        assert (text[0], len(text)) == (first, length)
    assert blurhash("a", *waves) == blurhash("a", *waves) != blurhash("b", *waves)

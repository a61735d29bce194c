from __future__ import annotations

import contextlib
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fullcredits.images import render
from fullcredits.images.check import FORMATS, NotAPicture
from fullcredits.images.render import WIDTHS, rendered, useful_width
from fullcredits.model import Shape

SIDEWAYS = 6


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 450), **options: Any) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    return encoded(image, kind, **options)


def exif(orientation: int) -> Image.Exif:
    facts = Image.Exif()
    facts[0x0112] = orientation
    facts[0x010E] = "a private description"
    return facts


def png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header promises a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def check(content: bytes) -> tuple[int, int]:
    made = rendered(content, [120])
    return made.width, made.height


def resized(content: bytes, width: int) -> bytes:
    (made,) = rendered(content, [width]).pictures.values()
    return made


def grey(image: Image.Image, x: int, y: int) -> int:
    return image.convert("L").crop((x, y, x + 1, y + 1)).tobytes()[0]


@pytest.mark.parametrize("kind", FORMATS)
def test_pictures_pass_with_their_size(kind: str) -> None:
    assert check(picture(kind)) == (300, 450)


def test_an_animation_is_its_first_frame() -> None:
    frames = [Image.new("RGB", (40, 60), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert check(content) == (40, 60)
    still = opened(resized(content, 120))
    assert not getattr(still, "is_animated", False)
    red = 76
    assert abs(grey(still, 20, 30) - red) < 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>Not found</title>",
        b"GIF89a<script>alert(1)</script>",
        picture("JPEG")[:-2000],
        picture("PNG")[:-200],
        picture("WEBP")[:-200],
        picture("AVIF")[:-200],
        picture("GIF")[:-2000],
        encoded(Image.new("RGB", (30, 30)), "TIFF"),
        encoded(Image.new("RGB", (30, 30)), "BMP"),
        encoded(Image.new("RGB", (30, 30)), "EPS"),
    ],
    ids=lambda content: content[:12].decode("latin-1"),
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture, match="not an image, or a damaged one"):
        check(content)


@pytest.mark.parametrize("side", [7_100, 10_000, 20_000, 60_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(NotAPicture, match="50 megapixels"):
        check(png_that_claims(side, side))


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MOST_BYTES", 1000)
    with pytest.raises(NotAPicture, match="20 MB"):
        check(picture())


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of corrupt metadata
@settings(deadline=None, max_examples=150)
@given(
    kind=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_damage_never_raises_anything_else(kind: str, changes: list[tuple[float, int]]) -> None:
    content = bytearray(picture(kind, (60, 90), exif=exif(SIDEWAYS)))
    for place, value in changes:
        content[int(place * len(content))] = value
    with contextlib.suppress(NotAPicture):
        rendered(bytes(content), Shape.PORTRAIT.widths)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_width_is_what_was_asked(width: int) -> None:
    image = opened(resized(picture("JPEG", (2000, 3000)), width))
    assert image.format == "WEBP"
    assert image.size == (width, width * 3 // 2)


@pytest.mark.parametrize("shape", Shape)
def test_all_widths_of_a_page_are_made_at_once(shape: Shape) -> None:
    made = rendered(picture("JPEG", (2000, 3000)), shape.widths)
    assert {w: opened(p).size for w, p in made.pictures.items()} == {
        w: (w, w * 3 // 2) for w in shape.widths
    }


def test_widths_beyond_the_original_are_one() -> None:
    made = rendered(picture("PNG", (300, 450)), Shape.PORTRAIT.widths)
    assert {w: opened(p).size for w, p in made.pictures.items()} == {
        120: (120, 180),
        240: (240, 360),
        480: (300, 450),
    }
    assert (made.width, made.height) == (300, 450)


@pytest.mark.parametrize(("size", "blur"), [((300, 450), (8, 12)), ((1280, 720), (12, 8))])
def test_a_tiny_picture_is_made_too(size: tuple[int, int], blur: tuple[int, int]) -> None:
    made = rendered(picture("JPEG", size), [240])
    assert opened(made.blur).size == blur
    assert len(made.blur) < 200


def test_nothing_is_made_larger() -> None:
    assert opened(resized(picture("PNG", (100, 150)), 960)).size == (100, 150)


@pytest.mark.parametrize(
    ("asked", "original", "made"),
    [(120, 2000, 120), (960, 300, 480), (480, 480, 480), (1600, 50, 120), (1600, 9000, 1600)],
)
def test_no_width_is_made_twice(asked: int, original: int, made: int) -> None:
    assert useful_width(asked, original) == made


def test_a_picture_that_lies_on_its_side_is_put_upright_and_says_nothing_more() -> None:
    content = picture("JPEG", (600, 400), exif=exif(SIDEWAYS), comment=b"private")
    assert check(content) == (400, 600)
    made = resized(content, 240)
    assert opened(made).size == (240, 360)
    assert not opened(made).getexif()
    assert b"private" not in made
    assert grey(opened(made), 230, 180) < 60 < 190 < grey(opened(made), 10, 180)


def test_a_nonsense_orientation_is_none() -> None:
    assert check(picture("JPEG", (600, 400), exif=exif(99))) == (600, 400)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "JPEG"), ("LA", "PNG"), ("P", "GIF"), ("CMYK", "JPEG"), ("I;16", "PNG")],
)
def test_every_kind_of_colour(mode: str, kind: str) -> None:
    assert opened(resized(encoded(Image.new(mode, (300, 300)), kind), 120)).size == (120, 120)


def test_grey_of_sixteen_bits_stays_grey() -> None:
    content = encoded(Image.new("I;16", (300, 300), 128 * 256), "PNG")
    assert grey(opened(resized(content, 120)), 60, 60) in range(126, 131)


def test_transparency_stays() -> None:
    made = opened(resized(encoded(Image.new("RGBA", (300, 300)), "PNG"), 120))
    assert made.mode == "RGBA"


def test_a_picture_too_tall_for_webp_is_made_to_fit() -> None:
    content = encoded(Image.new("RGB", (20, 40_000)), "PNG")
    assert opened(resized(content, 120)).size == (8, 16_383)

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from fullcredits.images.blurhash import decoded

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
KNOWN = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
PORTRAIT = "dSEB:A%20gS5V@oMWXj]NdWBr=R*NGaxs:WVE2a}-ot6"


def corner(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    return tuple(image.crop((x, y, x + 1, y + 1)).tobytes())


@pytest.mark.parametrize(
    ("blurhash", "size"),
    [
        (PORTRAIT, (8, 12)),
        (KNOWN, (12, 8)),
        ("00FFaX", (8, 12)),
        ("L00000fQfQfQfQfQfQfQfQfQfQfQ", (12, 8)),
    ],
)
def test_a_blur_is_upright_or_wide(blurhash: str, size: tuple[int, int]) -> None:
    image = decoded(blurhash, 12, 8)
    assert image is not None
    assert (image.size, image.mode) == (size, "RGB")


def test_one_wave_is_one_colour() -> None:
    image = decoded("00" + digits(0xFF8040), 12, 8)
    assert image is not None
    assert set(zip(*[iter(image.tobytes())] * 3, strict=True)) == {(0xFF, 0x80, 0x40)}


def digits(number: int) -> str:
    return "".join(ALPHABET[number // 83**place % 83] for place in (3, 2, 1, 0))


def test_a_wave_across_is_brighter_on_one_side() -> None:
    red_first = 18 * 361 + 9 * 19 + 9
    image = decoded("1" + "~" + digits(0x808080) + digits(red_first)[2:], 12, 8)
    assert image is not None
    left, right = corner(image, 0, 4), corner(image, 11, 4)
    assert left[0] > 0x80 > right[0]
    assert left[1:] == right[1:] == (0x80, 0x80)


def test_a_known_blur_looks_as_it_should() -> None:
    """Colours of another decoder (PyPI's blurhash 1.1.5), at the same places."""
    image = decoded(KNOWN, 32, 32)
    assert image is not None
    known = {
        (8, 8): (153, 157, 161),
        (24, 8): (150, 158, 162),
        (8, 20): (144, 133, 132),
        (24, 20): (146, 140, 136),
    }
    for (x, y), colour in known.items():
        assert corner(image, x, y) == pytest.approx(colour, abs=3)


@given(st.text(max_size=60))
@example("")
@example("L")
@example("LEHV6nWB2yk8pyo0adR*.7kCMdn")
@example("LEHV6nWB2yk8pyo0adR*.7kCMdnj ")
@example("~~~~~~")
@example("<script>")
@example("LEHV6nWB2yk8pyo0adR*.7kCMdn\x00")
def test_whatever_a_server_sends_is_a_blur_or_none(text: str) -> None:
    image = decoded(text, 12, 8)
    assert image is None or image.size in ((12, 8), (8, 12))


@given(st.integers(0, 80), st.data())
def test_every_number_of_waves(size: int, data: st.DataObject) -> None:
    length = 3 + 2 * (size // 9 + 1) * (size % 9 + 1)
    rest = data.draw(st.text(ALPHABET, min_size=length, max_size=length))
    assert decoded(ALPHABET[size] + rest, 12, 8) is not None

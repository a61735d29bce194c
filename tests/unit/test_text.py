from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.text import (
    fold,
    initials,
    name_sort_key,
    odd,
    part_key,
    played,
    remaining,
    sort_key,
    storable,
)

ACCENTS = "\u0300\u0301\u0308\u030a\u0327"


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_nothing_visible_folds_to_nothing(text: str) -> None:
    assert fold(text) or not text.strip()


@given(st.text())
def test_case_and_composition_and_blanks_do_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    if any(c.isalnum() for c in text):
        assert fold(f"  {text}\t") == fold(text)


@given(st.text(st.sampled_from("abcXYZ éß")), st.sampled_from(ACCENTS))
def test_accents_do_not_matter(text: str, accent: str) -> None:
    assert fold("".join(c + accent if c.isalpha() else c for c in text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë Saldaña-Perego, Jr.", "zoe saldana perego jr"),
        ("  O’Brien  ", "obrien"),
        ("O'Brien", "obrien"),
        ("Łukasz Żal", "lukasz zal"),
        ("Bjørn Æsir Þór", "bjorn aesir thor"),
        ("STRASSE Straße", "strasse strasse"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Ａｎａ", "ana"),
        ("ﬁlm", "film"),
        ("snake_case", "snake case"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("Σίσυφος ΣΊΣΥΦΟΣ", "σισυφοσ σισυφοσ"),
        ("Алёна", "алена"),
        ("宮崎 駿", "宮崎 駿"),
        ("Мария-Луиза", "мария луиза"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("...", "..."),
        ("¡Ñ!", "n"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("", ""),
        (" ", ""),
    ],
)
def test_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("कमल", "कमला"), ("कुमार", "कमर"), ("か", "が"), ("สิ", "สี"), ("राम", "रम")],
)
def test_names_that_differ_in_a_vowel_or_tone_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert " " not in fold(one)


def test_hangul_is_the_same_composed_and_not() -> None:
    assert fold("봉준호") == fold(unicodedata.normalize("NFD", "봉준호")) != fold("봉준")


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Matrix", "matrix"),
        ("An Angel", "angel"),
        ("A", "a"),
        ("The", "the"),
        ("Theatre", "theatre"),
        ("Das Boot", "das boot"),
        ("A.I.", "a i"),
    ],
)
def test_sort_key(title: str, key: str) -> None:
    assert sort_key(title) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Rosie Perez", "perez rosie"),
        ("Robert Downey Jr.", "downey robert jr"),
        ("Cher", "cher"),
        ("Jr.", "jr"),
        ("", ""),
    ],
)
def test_name_sort_key(name: str, key: str) -> None:
    assert name_sort_key(name) == key


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana de la Vega", "AV"),
        ("Zoë Saldaña, Jr.", "ZS"),
        ("Robert Downey Jr", "RD"),
        ("William Baldwin Sr.", "WB"),
        ("Henry Thomas III", "HT"),
        ("Louis II Smith IV", "LS"),
        ("Prince II", "P"),
        ("Jr.", "J"),
        ("\u200bZoë Saldaña", "ZS"),
        ("\ufeffCher", "C"),
        ("e\u0301mile zola", "ÉZ"),
        ("Conan O’Brien", "CO"),
        ("'Weird Al' Yankovic", "WY"),
        ('Dwayne "The Rock" Johnson', "DJ"),
        ("Jean-Luc Godard", "JG"),
        ("Mary-Kate", "MK"),
        ("50 Cent", "5C"),
        ("Studio 54", "S"),
        ("宮崎 駿", "宮"),
        ("Алёна Ёлкина", "АЁ"),
        ("ﬁ ß", "FS"),
        ("…", "?"),
        ("", "?"),
        ("🎬", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text())
def test_initials_are_one_or_two(name: str) -> None:
    assert 1 <= len(initials(name)) <= 2


@given(st.text(st.characters(exclude_categories=[])))
def test_what_is_storable_can_be_stored_and_shown(text: str) -> None:
    clean = storable(text)
    clean.encode()
    assert "\0" not in clean
    assert storable(clean) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("two\nlines\tand\r", "two\nlines\tand\r"),
        ("a\0b\x1bc\x7f", "abc"),
        ("\ud800x", "x"),
        ("宮崎 駿 🎬", "宮崎 駿 🎬"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_storable(text: str, clean: str) -> None:
    assert storable(text) == clean


@pytest.mark.parametrize("name", ["a\0b", "a\tb", "\ud800x", "x\u202e", "\u200bx", "x\U000e0041",
                                  "Zo\ufffd"])  # fmt: skip
def test_odd_names(name: str) -> None:
    assert odd(name)


@pytest.mark.parametrize("name", ["", "Zoë Saldaña", "宮崎\u3000駿", "no\u00a0break", "महेश 🎬"])
def test_names_that_are_not_odd(name: str) -> None:
    assert not odd(name)


@pytest.mark.parametrize(
    ("character", "characters", "notes"),
    [
        ("", (), ()),
        ("Ripley", ("Ripley",), ()),
        ("Self (uncredited)", ("Self",), ("uncredited",)),
        ("(voice)", (), ("voice",)),
        ("Shrek (voice, uncredited)", ("Shrek",), ("voice", "uncredited")),
        ("Shrek (voice) (uncredited)", ("Shrek",), ("voice", "uncredited")),
        ("Buzz [Voice]", ("Buzz",), ("voice",)),
        (
            "Healer Han / Additional Voices (voice)",
            ("Healer Han", "Additional Voices"),
            ("voice",),
        ),
        ("Gru (voice) / Dru (voice)", ("Gru", "Dru"), ("voice",)),
        ("Clerk / Clerk", ("Clerk",), ()),
        ("Ben (40 years later)", ("Ben (40 years later)",), ()),
        ("Ben (40 years later) (voice)", ("Ben (40 years later)",), ("voice",)),
        ("AC/DC Fan", ("AC/DC Fan",), ()),
        ("Man (voice, on the phone)", ("Man (voice, on the phone)",), ()),
        ("Woman (", ("Woman (",), ()),
        ("Robot ()", ("Robot ()",), ()),
        (" / Clerk", ("/ Clerk",), ()),
    ],
)
def test_played(character: str, characters: tuple[str, ...], notes: tuple[str, ...]) -> None:
    assert played(character) == (characters, notes)


@given(st.text(st.sampled_from("aB /()[],voice ")))
def test_playing_loses_no_word(text: str) -> None:
    taken = played(text)
    words = "".join([*taken.characters, *taken.notes]).casefold()
    assert set("abceiov") & set(text.casefold()) <= set(words)
    assert all(name == name.strip() and name for name in taken.characters)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cop", "cop (voice)"),
        ("Healer Han / Additional Voices", "Additional Voices / Healer Hán (uncredited)"),
        ("", "(voice)"),
        ("Executive Producer", "executive producer"),
    ],
)
def test_one_part_has_one_key(one: str, other: str) -> None:
    assert part_key(one) == part_key(other)


def test_the_key_of_a_part_is_short_and_tells_parts_apart() -> None:
    long = [f"{'x' * 10_000} {n}" for n in (1, 2)]
    keys = {part_key(part) for part in ("Cop", "Thief", "", *long)}
    assert len(keys) == 5
    assert max(map(len, keys)) <= 60


def test_the_time_that_is_left() -> None:
    words = {
        1: "1 second",
        14: "14 seconds",
        59.4: "59 seconds",
        59.6: "1 minute",
        66: "1 minute 10 seconds",
        114: "1 minute 50 seconds",
        116: "2 minutes",
        134: "2 minutes",
        136: "2½ minutes",
        284: "4½ minutes",
        286: "5 minutes",
        329: "5 minutes",
        4920: "1 hour 22 minutes",
    }
    assert {seconds: remaining(seconds) for seconds in words} == words


@given(st.floats(5, 100_000))
def test_the_time_that_is_left_is_told_within_an_eighth(seconds: float) -> None:
    numbers = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
    parts = re.findall(r"(\S+) ([a-z]+?)s?\b", remaining(seconds))
    told = sum(float(number.replace("½", ".5")) * numbers[unit] for number, unit in parts)
    assert abs(told - seconds) <= seconds / 8 + 0.5

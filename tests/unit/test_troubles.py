"""What is said of what failed: one sentence for what failed alike."""

from __future__ import annotations

from fullcredits.errors import Failed, Nonsense
from fullcredits.sync.troubles import Troubles
from fullcredits.text import title_named


def broke(key: str) -> Failed:
    return Failed("Attic", f"broke on /library/metadata/{key} (HTTP 500): its log says why")


def test_one_title() -> None:
    troubles = Troubles("Attic")
    sentence = (
        "“Fog” was not read from Attic: broke on /library/metadata/… (HTTP 500): its log says why "
        "(tried again later, and at once by `fullcredits sync`)"
    )
    assert troubles.note("records", "7", title_named("Fog"), broke("7")) == sentence
    assert troubles.sentences() == [sentence]
    assert troubles.again() == []


def test_many_that_failed_alike_are_one_sentence() -> None:
    troubles = Troubles("Attic")
    told = [troubles.note("records", f"{n}", title_named(f"No. {n}"), broke(f"{n}"))
            for n in range(45)]  # fmt: skip
    assert [words is None for words in told] == [False, *[True] * 44]
    (sentence,) = troubles.sentences()
    assert sentence.startswith(
        "“No. 0”, “No. 1”, “No. 2” and 42 more were not read from Attic: broke on "
    )
    assert troubles.again() == [sentence]


def test_what_has_no_name_of_its_own_is_named_once() -> None:
    troubles = Troubles("Cabin")
    for _ in range(140):
        troubles.note("people", "", "a person without a key", Nonsense("Cabin", "it is odd"))
    (sentence,) = troubles.sentences()
    assert sentence.startswith("a person without a key and 139 more were not read from Cabin: ")


def test_two_are_both_named() -> None:
    troubles = Troubles("Attic")
    for key in "12":
        troubles.note("records", key, title_named(key), broke(key))
    assert troubles.sentences()[0].startswith("“1” and “2” were not read from Attic: ")


def test_what_fails_in_other_ways_or_elsewhere_is_told_apart() -> None:
    troubles = Troubles("Attic")
    odd = Nonsense("Attic", "answered with something: why?")
    assert troubles.note("records", "1", "“A”", odd)
    assert troubles.note("listing", "1", "the list of movies in Films", odd)
    assert troubles.note("records", "2", "“B”", broke("2"))
    assert [words.partition(" not read")[0] for words in troubles.sentences()] == [
        "“A” was",
        "the list of movies in Films was",
        "“B” was",
    ]
    assert troubles.again() == []


def test_what_is_no_failure_is_told_in_its_own_words() -> None:
    troubles = Troubles("Attic")
    told = [troubles.tell_of("thin", f"“{n}”", f"came back with {n}: kept", "came back thin: kept")
            for n in (5, 6)]  # fmt: skip
    assert told == ["“5” came back with 5: kept", None]
    assert troubles.sentences() == ["“5” and “6” came back thin: kept"]


def test_an_absurd_title_is_cut() -> None:
    assert title_named("x" * 61) == f"“{'x' * 59}…”"
    assert title_named("x" * 50) == f"“{'x' * 50}”"

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fullcredits.identity.addresses import settle, settle_said


def test_a_group_keeps_its_number_and_a_new_one_gets_none() -> None:
    assert settle([{7: 3}, {}]) == ([7, None], {})


def test_when_two_become_one_the_older_number_stays_and_the_other_redirects() -> None:
    assert settle([{9: 5, 7: 1}]) == ([7], {9: 0})


def test_when_one_becomes_two_the_number_stays_with_the_larger_part() -> None:
    assert settle([{7: 2}, {7: 5}]) == ([None, 7], {})


def test_a_number_that_went_to_several_groups_goes_on_in_one_only() -> None:
    assert settle([{7: 2, 3: 4}, {7: 2}]) == ([3, None], {7: 0})


def test_what_is_joined_and_parted_again_is_as_it_was_before() -> None:
    own = [{5: 1}, {9: 1}]
    assert settle([{5: 1}, {9: 100}], own) == ([5, 9], {})
    assert settle([{5: 1, 9: 100}], [{5: 1, 9: 1}]) == ([5], {9: 0})
    assert settle([{5: 1}, {5: 100}], own) == ([5, 9], {})


def test_an_own_number_goes_to_the_larger_part_that_has_no_other() -> None:
    assert settle([{5: 3}, {5: 6}, {5: 1}], [{5: 3}, {}, {}]) == ([None, 5, None], {})
    assert settle([{}, {5: 9}, {5: 1}]) == ([None, 5, None], {})
    assert settle([{5: 3}, {5: 3}], [{}, {5: 3}]) == ([None, 5], {})
    assert settle([{5: 2}, {5: 3, 7: 1}], [{5: 2}, {7: 1}]) == ([5, 7], {})


def test_what_a_word_joined_and_another_parted_has_its_numbers_back() -> None:
    evident, own = [{1: 2}, {1: 1}, {2: 1}], [{1: 2}, {}, {2: 1}]
    apart: list[dict[int, int]] = [{}, {3: 1}, {}]
    assert settle_said([{1: 2}, {2: 1}, {2: 1}], evident, own, apart) == ([1, 3, 2], {})
    joined = settle_said(
        [{1: 2}, {3: 1, 2: 1}], [{1: 2}, {1: 1, 2: 1}], [{1: 2}, {2: 1}], apart[:2]
    )
    assert joined == ([1, 2], {3: 1})


def test_while_a_word_stands_whoever_alone_has_a_number_keeps_it() -> None:
    evident, own = [{1: 3}, {1: 4}], [{1: 3}, {}]
    assert settle_said([{1: 3}, {7: 4}], evident, own, [{}, {7: 4}]) == ([1, 7], {})
    assert settle_said([{7: 4}], [{1: 4}], [{1: 4}], [{7: 4}]) == ([7], {1: 0})


@given(st.lists(st.dictionaries(st.integers(1, 6), st.integers(1, 5), max_size=3), max_size=6))
def test_no_number_means_two_groups_and_none_is_lost(groups: list[dict[int, int]]) -> None:
    numbers, moved = settle(groups)
    given_out = [n for n in numbers if n is not None]
    assert len(given_out) == len(set(given_out))
    assert set(given_out) | set(moved) == {n for g in groups for n in g}
    assert not set(given_out) & set(moved)
    for old, index in moved.items():
        assert old in groups[index]
        assert numbers[index] is not None

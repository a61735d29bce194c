from __future__ import annotations

import datetime as dt

from fullcredits.identity.evidence import Credit, Person
from fullcredits.identity.suspects import LONG_CAREER, Suspect, find_suspects
from fullcredits.model import Department, ExternalId

HILL = Person(1, 1, "dave hill", True, ())


def worked(
    number: int, year: int | None, department: Department = Department.ACTING, person: int = 1
) -> Credit:
    return Credit(number, person, number, number, department, frozenset(), year)


def test_a_career_longer_than_a_life_is_suspected() -> None:
    long = [worked(1, 1940), worked(2, 1941 + LONG_CAREER), worked(3, None)]
    last = 1941 + LONG_CAREER
    assert find_suspects([HILL], long, ()) == [Suspect(1, "career", 1940, last)]
    assert find_suspects([HILL], [worked(1, 1940), worked(2, 1940 + LONG_CAREER)], ()) == []


def test_books_are_filmed_long_after_their_writers() -> None:
    books = [worked(1, 1910, Department.WRITING), worked(2, 2020, Department.WRITING)]
    assert find_suspects([HILL], books, ()) == []


def test_work_before_birth_is_suspected() -> None:
    hill = HILL._replace(born=dt.date(1970, 1, 1))
    credits = [worked(1, 1960), worked(2, 1999)]
    assert find_suspects([hill], credits, ()) == [Suspect(1, "born", 1960, 1970)]


def test_what_was_found_to_be_anothers_and_whom_the_owner_cleared_counts_not() -> None:
    long = [worked(1, 1920), worked(2, 2020)]
    assert find_suspects([HILL], long, {1}) == []
    assert find_suspects([HILL], long, (), {1}) == []
    assert find_suspects([HILL._replace(by_name=False)], long, ()) == []


def test_different_ids_of_one_catalogue_under_one_name_are_suspected() -> None:
    one, other, third = (
        HILL._replace(id=n, source=n, ids=(ExternalId("tmdb", i),))
        for n, i in ((1, "11"), (2, "12"), (3, "11"))
    )
    assert find_suspects([one, third], [], ()) == []
    assert find_suspects([one, other], [], ()) == [Suspect(1, "ids"), Suspect(2, "ids")]
    elsewhere = other._replace(ids=(ExternalId("imdb", "nm1"),))
    assert find_suspects([one, elsewhere], [], ()) == []

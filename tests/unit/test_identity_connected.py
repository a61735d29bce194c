from __future__ import annotations

from fullcredits.identity.connected import connected
from fullcredits.identity.evidence import Person
from fullcredits.identity.spellings import Otherwise
from fullcredits.model import ExternalId


def test_names_ids_and_other_spellings_connect_also_by_way_of_others() -> None:
    imdb = (ExternalId("imdb", "nm1"),)
    persons = [
        Person(1, 1, "ana vega", False, imdb),
        Person(2, 2, "ana vega", True, ()),
        Person(3, 2, "anna vega", True, imdb),
        Person(4, 1, "anna vega", False, ()),
        Person(5, 2, "vega ana", True, ()),
        Person(6, 1, "bo moss", False, ()),
    ]
    otherwise = [Otherwise(9, 5, 4, same_part=True)]
    assert connected(persons, otherwise, {2}) == {1, 2, 3, 4, 5}
    assert connected(persons, otherwise, {6}) == {6}
    assert connected(persons, otherwise, set()) == set()

"""What tells namesakes apart where decisions are put in words."""

from __future__ import annotations

from sqlalchemy import select

from fullcredits.store import Store
from fullcredits.store.read import decided
from fullcredits.store.schema import source_people
from fullcredits.store.write import put_records
from fullcredits.sync.identify import identify
from tests.store import made


def test_namesakes_are_told_by_the_titles_that_bill_them_best(store: Store) -> None:
    attic = made.source(store)
    for film, billing, key in ((1, 5, "aa"), (2, 0, "aa"), (3, 1, "bb")):
        item = made.film(str(film), f"Film {film}")
        made.listed(store, attic, made.library(store, attic), item)
        with store.writing() as db:
            credit = made.actor(billing, "Dave Hill", key=key)
            put_records(db, attic, [made.record(item, credit)])
    identify(store)
    with store.reading() as db:
        one, other = db.scalars(select(source_people.c.id).order_by(source_people.c.key))
        assert decided.best_titles(db, [one, other]) == {
            one: ["Film 2", "Film 1"],
            other: ["Film 3"],
        }
        assert decided.shared_names(db, ["dave hill", "nobody"]) == {"dave hill"}
        stated = decided.credits_stated(db, [one, other])
        assert [(row.record, row.work, row.title, row.part) for row in stated] == [
            (one, "Film 1", "Film 1", "Actor"),
            (one, "Film 2", "Film 2", "Actor"),
            (other, "Film 3", "Film 3", "Actor"),
        ]

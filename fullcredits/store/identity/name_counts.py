"""How common names are: how many names of the library begin, and end, with a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from fullcredits.store.among import among
from fullcredits.store.schema import name_words, names_counted, source_people
from fullcredits.text import NameWord, name_ends

PORTION = 20_000
Counts = Mapping[NameWord, int]


class Counted(NamedTuple):
    """How many names had some words until now, and have them now."""

    before: Counts
    after: Counts


def names_wait(db: Connection) -> bool:
    """Whether any name is not counted yet."""
    up_to, newest = _counted_up_to(db)
    return newest > (up_to or 0)


def count_names(db: Connection) -> Counted | None:
    """Count some names not counted yet; None when all are."""
    up_to, newest = _counted_up_to(db)
    if up_to is None and db.execute(select(name_words.c.word).limit(1)).first() is None:
        up_to = 0  # a first sync: there may be very many
    if up_to is not None and newest <= up_to:
        return None
    if up_to is None:
        before: Counts = {
            NameWord(row.word, row.last): row.names for row in db.execute(select(name_words)).all()
        }
        after = _count(db.scalars(select(source_people.c.name_folded).distinct()))
        db.execute(delete(name_words))
        _insert(db, after)
        up_to = newest
    else:
        up_to, fresh = _fresh(db, up_to)
        more = _count(fresh)
        before = _known(db, more)
        after = Counter({word: before.get(word, 0) + many for word, many in more.items()})
        _insert(db, {word: many for word, many in after.items() if word not in before})
        _update(db, {word: many for word, many in after.items() if word in before})
    db.execute(delete(names_counted))
    db.execute(insert(names_counted).values(up_to=up_to))
    return Counted(before, after)


def forget_names(db: Connection, names: Iterable[str] | Select[tuple[str]]) -> None:
    """Somebody who bore these names will bear them no more.

    Whoever else does waits for identity again, and the next count looks at all names.
    """
    bearers = source_people.c.name_folded.in_(names), source_people.c.undecided.is_(False)
    db.execute(update(source_people).where(*bearers).values(undecided=True))
    db.execute(delete(names_counted))


def look_again(db: Connection, words: Iterable[NameWord]) -> None:
    """Let identity look at whoever was decided by how common their name is and bears a word."""
    changed = set(words)
    if not changed:
        return
    query = select(source_people.c.id, source_people.c.name_folded)
    decided = db.execute(query.where(source_people.c.weighed, ~source_people.c.undecided))
    stale = [number for number, name in decided if not changed.isdisjoint(name_ends(name))]
    where = among(source_people.c.id, stale)
    db.execute(update(source_people).where(where).values(undecided=True))


def load_counts(db: Connection, names: Iterable[str]) -> Counts:
    """The counts of the words of these names."""
    return _known(db, {word for name in names for word in name_ends(name)})


def _counted_up_to(db: Connection) -> tuple[int | None, int]:
    """How far names are counted (None: not at all), and the newest source person."""
    newest = select(func.max(source_people.c.id)).scalar_subquery()
    up_to = select(names_counted.c.up_to).scalar_subquery()
    known, last = db.execute(select(up_to, newest)).one()
    return known, last or 0


def _fresh(db: Connection, up_to: int) -> tuple[int, set[str]]:
    """The names that are new among the next source persons, and how far these go."""
    query = (
        select(source_people.c.id, source_people.c.name_folded)
        .where(source_people.c.id > up_to)
        .order_by(source_people.c.id)
        .limit(PORTION)
    )
    rows = db.execute(query).all()
    fresh = {name for _, name in rows}
    known = select(source_people.c.name_folded).where(
        among(source_people.c.name_folded, fresh), source_people.c.id <= up_to
    )
    fresh.difference_update(db.scalars(known.distinct()).all())
    return rows[-1].id, fresh


def _count(names: Iterable[str]) -> Counter[NameWord]:
    return Counter(word for name in names for word in name_ends(name))


def _known(db: Connection, words: Iterable[NameWord]) -> Counts:
    found: dict[NameWord, int] = {}
    wanted = set(words)
    query = select(name_words).where(among(name_words.c.word, {word for word, _ in wanted}))
    for row in db.execute(query).all():
        if (word := NameWord(row.word, row.last)) in wanted:
            found[word] = row.names
    return found


def _insert(db: Connection, counts: Counts) -> None:
    rows = [{"word": w, "last": last, "names": many} for (w, last), many in counts.items()]
    if rows:
        db.execute(insert(name_words), rows)


def _update(db: Connection, counts: Counts) -> None:
    rows = [{"w": w, "l": last, "names": many} for (w, last), many in counts.items()]
    if rows:
        where = (name_words.c.word == bindparam("w"), name_words.c.last == bindparam("l"))
        db.execute(update(name_words).where(*where), rows)

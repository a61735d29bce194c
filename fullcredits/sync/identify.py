"""The last step of a sync: who is who, for what changed.

Gathers evidence from the store, lets `fullcredits.identity` decide, keeps the decision. Nothing
undecided: nothing is read further and nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from fullcredits.identity.addresses import settle
from fullcredits.identity.evidence import Credit, Person, parts_of
from fullcredits.identity.people import Decided, PersonGroup, decide_people, titles_to_compare
from fullcredits.identity.rulings import Ruling
from fullcredits.identity.titles import Item, cast_needed, group_titles
from fullcredits.identity.weights import count_names, now_commoner
from fullcredits.model import Department, TitleKind
from fullcredits.store import Connection, figures
from fullcredits.store.identity import people, person_facts, title_facts, titles
from fullcredits.sync.owner import rulings


def identify(db: Connection) -> None:
    """Decide titles and people anew where anything changed; one transaction."""
    if not title_facts.anything_undecided(db):
        return
    identify_titles(db)
    identify_people(db)
    figures.count_totals(db)


def identify_titles(db: Connection) -> None:
    """Point every media item at its title."""
    rows = title_facts.load_items(db)
    if not any(row.undecided for row in rows):
        return
    by_id = {row.id: row for row in rows}
    items = [_item(row) for row in rows]
    cast = title_facts.load_cast(db, cast_needed(items))
    groups = group_titles(items, {item: frozenset(names) for item, names in cast.items()})
    settled = settle([Counter(t for m in g if (t := by_id[m].title) is not None) for g in groups])
    seasons = {
        (by_id[m].show, by_id[m].season_number): m
        for g in groups
        for m in g
        if by_id[m].kind is TitleKind.SEASON
    }
    sizes = Counter(row.title for row in rows)
    changed = [
        _title_group(members, number, by_id, seasons)
        for members, number in zip(groups, settled.numbers, strict=True)
        if _is_new(members, number, by_id, sizes)
    ]
    title_of = titles.keep_titles(db, changed, {row.id: row.title for row in rows})
    redirects = {old: title_of[groups[index][0]] for old, index in settled.moved.items()}
    titles.redirect_titles(db, redirects)
    person_facts.look_again(db, [row.id for row in rows if row.undecided])


def _item(row: title_facts.ItemRow) -> Item:
    return Item(
        row.id,
        row.kind,
        row.show,
        row.season_number,
        row.episode_number,
        row.ids,
        row.names,
        row.year,
        row.released,
    )


def _is_new(
    members: Sequence[int],
    number: int | None,
    by_id: Mapping[int, title_facts.ItemRow],
    sizes: Mapping[int | None, int],
) -> bool:
    """Whether a group or a fact in it is not as it was kept."""
    return (
        number is None
        or sizes[number] != len(members)
        or any(by_id[m].undecided or by_id[m].title != number for m in members)
    )


def _title_group(
    members: tuple[int, ...],
    number: int | None,
    by_id: Mapping[int, title_facts.ItemRow],
    seasons: Mapping[tuple[int | None, int | None], int],
) -> titles.TitleGroup:
    kind = by_id[members[0]].kind
    show = next((s for m in members if (s := by_id[m].show) is not None), None)
    parent = show
    if kind is TitleKind.EPISODE:
        here = ((by_id[m].show, by_id[m].season_number) for m in members)
        parent = next((seasons[at] for at in here if at in seasons), show)
    return titles.TitleGroup(kind, members, number, parent, show)


def identify_people(db: Connection) -> None:
    """Point every credit at its person, for the undecided and all they are connected with."""
    fresh = person_facts.undecided_names(db)
    if not fresh:
        return
    names = person_facts.all_names(db)
    ruled = rulings(db)
    in_scope = person_facts.scope(
        db, now_commoner(names, fresh), [(r.one, r.other) for r in ruled if r.other is not None]
    )
    rows = {row.id: row for row in person_facts.load_persons(db, in_scope)}
    credits = _credits(db, _to_decide(rows, ruled))
    groups = _decide(db, [Person(*row) for row in rows.values()], credits, names, ruled).groups
    held = person_facts.held(db, in_scope)
    owners = {credit.id: credit.person for credit in credits}
    split = {credit: index for index, group in enumerate(groups) for credit in group.credits}
    parts = _parts(db, split, owners)
    weights = [_weights(group, held, parts, split) for group in groups]
    for credit, index in split.items():
        weights[index][parts[owners[credit]][credit]] += 1
    alive = sorted(
        (index for index, weight in enumerate(weights) if weight),
        key=lambda index: _only_named(groups[index], rows),
    )
    settled = settle([_numbers(weights[index]) for index in alive])
    humans = [
        people.Human(number, _described_by(groups[index], rows, parts, owners))
        for index, number in zip(alive, settled.numbers, strict=True)
    ]
    numbers = dict(zip(alive, people.keep_people(db, humans), strict=True))
    _hold(db, groups, numbers, held, parts, split)
    redirects = {old: numbers[alive[index]] for old, index in settled.moved.items()}
    people.redirect_people(db, redirects)
    people.settle_persons(db, in_scope)
    before = {holder for holders in held.values() for holder in holders if holder is not None}
    figures.count_people(db, before | set(numbers.values()))


def _to_decide(rows: Mapping[int, person_facts.PersonRow], ruled: Iterable[Ruling]) -> set[int]:
    """Those who share their name with others: of the rest nothing is open, but to the owner."""
    bearers = Counter(row.name for row in rows.values())
    shared = {row.id for row in rows.values() if bearers[row.name] > 1}
    return shared | {ruling.one for ruling in ruled if ruling.one in rows}


def _only_named(group: PersonGroup, rows: Mapping[int, person_facts.PersonRow]) -> bool:
    """Whoever is known by an id is numbered first: that address stays when names join them."""
    return all(rows[person].by_name for person in group.persons)


def _credits(db: Connection, persons: set[int]) -> list[Credit]:
    return [
        Credit(
            row.id,
            row.person,
            row.title,
            row.work,
            row.department,
            parts_of(row.part, row.department is Department.ACTING),
            row.year,
        )
        for row in person_facts.load_credits(db, persons)
    ]


def _decide(
    db: Connection,
    persons: Sequence[Person],
    credits: Sequence[Credit],
    names: set[str],
    ruled: Sequence[Ruling],
) -> Decided:
    compared = titles_to_compare(persons, credits, ruled)
    beside = {
        title: frozenset(there) for title, there in person_facts.names_beside(db, compared).items()
    }
    return decide_people(persons, credits, count_names(names), beside, ruled)


Parts = dict[int, dict[int, int | None]]
"""Of source persons that several humans share: each credit and whom it is held for until now."""


def _parts(db: Connection, split: Mapping[int, int], owners: Mapping[int, int]) -> Parts:
    return {
        person: person_facts.credits_of(db, person)
        for person in sorted({owners[credit] for credit in split})
    }


def _weights(
    group: PersonGroup,
    held: Mapping[int, Counter[int | None]],
    parts: Parts,
    split: Mapping[int, int],
) -> Counter[int | None]:
    """How many credits of the group's source persons are held for whom, without the split ones."""
    weights: Counter[int | None] = Counter()
    for person in group.persons:
        if person in parts:
            weights.update(h for credit, h in parts[person].items() if credit not in split)
        else:
            weights.update(held.get(person, ()))
    return weights


def _numbers(weights: Mapping[int | None, int]) -> dict[int, int]:
    return {number: weight for number, weight in weights.items() if number is not None}


def _described_by(
    group: PersonGroup,
    rows: Mapping[int, person_facts.PersonRow],
    parts: Parts,
    owners: Mapping[int, int],
) -> tuple[person_facts.PersonRow, ...]:
    """Id-bearing records first; one that several humans share says nothing where others do.

    Of somebody who only has single credits nothing is known but the name, and no id is theirs.
    """
    if not group.persons:
        return tuple(rows[p]._replace(ids=()) for p in sorted({owners[c] for c in group.credits}))
    ordered = sorted(
        (rows[person] for person in group.persons), key=lambda r: (r.by_name, r.source, r.id)
    )
    return tuple(row for row in ordered if row.id not in parts) or tuple(ordered)


def _hold(
    db: Connection,
    groups: Sequence[PersonGroup],
    numbers: Mapping[int, int],
    held: Mapping[int, Counter[int | None]],
    parts: Parts,
    split: Mapping[int, int],
) -> None:
    """Write who holds which credit, where that is not as it was."""
    by_person: dict[int, int] = {}
    by_credit: dict[int, int] = {}
    rest: dict[int, int] = {}
    for index, number in numbers.items():
        for person in groups[index].persons:
            if person in parts:
                rest[person] = number
            elif any(holder != number for holder in held.get(person, ())):
                by_person[person] = number
    for person, credits in parts.items():
        for credit, holder in credits.items():
            number = numbers[split[credit]] if credit in split else rest[person]
            if holder != number:
                by_credit[credit] = number
    people.hold_persons(db, by_person)
    people.hold_credits(db, by_credit)

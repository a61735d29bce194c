"""The owner's decisions in words that tell namesakes apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from fullcredits.identity.rulings import Verb
from fullcredits.pages.parts import given, joined
from fullcredits.pages.within import some, within
from fullcredits.store import Connection
from fullcredits.store.identity.decisions import DecisionRow
from fullcredits.store.identity.naming import Meant, Words
from fullcredits.store.read import decided as read
from fullcredits.store.read.decided import StatedRow
from fullcredits.text import counted, fold


class Wording:
    """What is known of those whom some decisions speak of, looked up all at once."""

    def __init__(self, db: Connection, rows: Sequence[DecisionRow]) -> None:
        every = [words for row in rows for words in row.words]
        self._meant = Meant(db, every)
        self._shared = read.shared_names(db, {fold(_name(it)) for it in every})
        alike = [words for row in rows for words in row.words if self._names_alike(row, words)]
        records = {self._meant.person(words) for words in alike if "credits" not in words}
        self._best = read.best_titles(db, [record for record in records if record is not None])
        single = {self._meant.person(words) for words in every if "credits" in words} - {None}
        stated = read.credits_stated(db, [record for record in single if record is not None])
        self._on = {row.id: row.work for row in stated}
        self._stated = _grouped(stated, lambda row: row.record)

    def sentence(self, row: DecisionRow) -> str:
        """A decision, like "Thandie Newton (Attic) and Thandiwe Newton (Cabin) are one person."."""
        one, other = row.subject["one"], row.subject.get("other", ())
        ones, others = self._named(row, one, other), self._named(row, other, one)
        match Verb(row.verb):
            case Verb.MERGE:
                return f"{joined([*ones, *others])} are one person."
            case Verb.APART:
                are = "is" if len(ones) == 1 else "are"
                return f"{joined(ones)} {are} not the same person as {joined(others)}."
            case Verb.SPLIT:
                return self._split(one, others)
            case Verb.WHOLE:
                return f"{joined(ones)} {'is' if len(ones) == 1 else 'are'} one person."
            case Verb.RENAME:
                return f"{joined(ones)} is called {row.subject['name']}."
            case Verb.PORTRAIT:
                source = row.subject["portrait"]["source"]
                return f"{joined(ones)} has the portrait that {source} has."

    def _split(self, one: Collection[Words], others: Sequence[str]) -> str:
        credits = sum(len(words["credits"]) for words in one)
        whose = joined(others) if others else "somebody else"
        of = joined(_by_name((_name(words), "", words["source"]) for words in one))
        on = some(self._works(one))
        are = "is" if credits == 1 else "are"
        return f"{counted(credits, 'credit')} of {of}, on {on}, {are} by {whose}."

    def _works(self, one: Collection[Words]) -> list[str]:
        """On what credits are, like "“Six Crosses” S01"."""
        credits = {credit for words in one for credit in self._meant.credits(words)}
        records = dict.fromkeys(self._meant.person(words) for words in one)
        stated = [row for record in records for row in self._stated.get(record or 0, ())]
        rest = _grouped((row for row in stated if row.id not in credits), lambda row: row.work_id)
        these = _grouped((row for row in stated if row.id in credits), lambda row: row.work_id)
        here = [
            " ".join(given(f"“{rows[0].work}”", within(rows, rest.get(work, ()))))
            for work, rows in these.items()
        ]
        absent = [words for words in one if not self._meant.credits(words)]
        return [*here, *(f"“{title}”" for words in absent for title in self._titles(words))]

    def _named(self, row: DecisionRow, side: Iterable[Words], beside: Iterable[Words]) -> list[str]:
        """One side of a decision; `beside` is the other."""
        taken = {title for words in beside for title in self._titles(words)}
        return _by_name((_name(it), self._known_by(row, it, taken), it["source"]) for it in side)

    def _known_by(self, row: DecisionRow, words: Words, taken: Collection[str]) -> str:
        """By which title somebody is told from others of the name, where that is needed."""
        titles = self._titles(words)
        if "credits" in words:
            return _some(titles)
        if not self._names_alike(row, words):
            return ""
        own = [title for title in titles if title not in taken]
        return _some(own[:1])

    def _titles(self, words: Words) -> list[str]:
        if "credits" not in words:
            record = self._meant.person(words)
            return [] if record is None else self._best.get(record, [])
        credits = sorted(self._meant.credits(words))
        return [self._on[credit] for credit in credits if credit in self._on] or [
            credit.get("title") or credit["key"] for credit in words["credits"]
        ]

    def _names_alike(self, row: DecisionRow, words: Words) -> bool:
        """Whether the name alone does not tell who is meant."""
        name = fold(_name(words))
        sides: Mapping[str, Iterable[Words]] = row.subject
        named = [{fold(_name(it)) for it in sides.get(side, ())} for side in ("one", "other")]
        return name in self._shared or all(name in names for names in named)


def _name(words: Words) -> str:
    return str(words.get("name") or words["key"])


def _grouped(
    rows: Iterable[StatedRow], by: Callable[[StatedRow], int]
) -> dict[int, list[StatedRow]]:
    found: dict[int, list[StatedRow]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return found


def _some(titles: Iterable[str]) -> str:
    """Like "“Heat”", "“Heat”, “Ronin” and 4 more"; "" for none."""
    return some(f"“{title}”" for title in titles)


def _by_name(them: Iterable[tuple[str, str, str]]) -> list[str]:
    """People of a name, known by a title, on a source; each with all its sources."""
    sources: dict[tuple[str, str], dict[str, None]] = {}
    for name, title, source in them:
        sources.setdefault((name, title), {})[source] = None
    return [
        f"{name}{f' of {title}' if title else ''} ({', '.join(at)})"
        for (name, title), at in sources.items()
    ]

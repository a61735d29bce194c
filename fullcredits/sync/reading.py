"""Reading and storing the full records that wait, whoever's turn it is first."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Collection, Iterable, Sequence

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import Record
from fullcredits.store import Connection, problems
from fullcredits.store.figures import count_totals
from fullcredits.store.named import full_names
from fullcredits.store.plan import (
    LOOKED_AT,
    Named,
    Read,
    Turn,
    Waiting,
    named_titles,
    next_waiting,
    note_read,
    plan_first,
    plan_sample,
    put_off,
    sample_of,
    waiting_queues,
)
from fullcredits.store.sources import now
from fullcredits.store.write import Written, put_records
from fullcredits.sync.context import Context
from fullcredits.sync.doubts import Doubtful, judge
from fullcredits.sync.fetch import Fetched, Fetcher
from fullcredits.sync.news import take_in
from fullcredits.sync.persons import Persons
from fullcredits.sync.rounds import Rounds, identify_read
from fullcredits.sync.settling import Settling
from fullcredits.sync.troubles import odd_form
from fullcredits.text import title_named

SECONDS = 30.0
"""How often what there is in all is counted while records are read."""


async def read_records(
    run: Context, turns: Iterable[Turn] = Turn, persons: Persons | None = None
) -> list[Waiting]:
    """Read what waits at these turns; each batch is stored while the next ones are read, and while
    a slow server is waited for, the list of `persons` is read and who is who decided. Returns the
    titles that the server did not give.

    Raises the SourceError that makes going on pointless.
    """
    turns = tuple(turns)
    missing: list[Waiting] = []

    async def supply(most: int, taken: Collection[int]) -> Sequence[Waiting]:
        run.watch.more(await heed(run, taken, turns))
        return await run.read(next_waiting, run.row.id, most, taken, turns)

    if Turn.SAMPLE in turns and (sample := await run.read(sample_of, run.row.id)):
        await run.write(plan_sample, sample)
    waiting = await run.read(waiting_queues, run.row.id, turns)
    settling = Settling(run)
    if waiting:
        await settling.begin(again=any(queue.turn is Turn.AGAIN for queue in waiting))
    run.watch.planned(waiting)
    fetcher = Fetcher(run.source, supply)
    rounds = Rounds(run.store)
    counted = time.monotonic()
    async with contextlib.aclosing(fetcher.fetch()) as batches:
        async for fetched in batches:
            missing += await _keep(run, settling, fetched)
            await take_in(run, fetcher.taken)
            if fetched.titles[0].turn in LOOKED_AT:
                items = [title.id for title in fetched.titles]
                await asyncio.to_thread(identify_read, run.store, items)
            elif await fetcher.lets_wait() and not (persons and await persons.read_page()):
                await asyncio.to_thread(rounds.portion)
            if time.monotonic() - counted > SECONDS:
                await run.write(count_totals)
                counted = time.monotonic()
    return missing


async def read_meanwhile(run: Context) -> None:
    """Read what waits before all others, while the run does something else and is listened to: what
    the server named, or somebody looks at. What cannot be read now waits for its turn.
    """
    if run.meanwhile is None:
        return
    await heed(run, (), LOOKED_AT)
    await take_in(run, ())
    if not await run.read(next_waiting, run.row.id, 1, (), LOOKED_AT):
        return
    was, shown = (run.doing, run.asked), run.watch.now
    run.doing, run.asked = "what changed was read", "what changed"
    with contextlib.suppress(Failed, Nonsense):
        await read_records(run, LOOKED_AT)
    run.doing, run.asked = was
    reached = run.watch.now
    run.watch.now = shown._replace(credits=reached.credits, problems=reached.problems)


async def heed(run: Context, taken: Collection[int], turns: Collection[Turn]) -> list[Named]:
    """Let known titles that the server named since wait before all others, when they are not
    `taken`, being read just now. What was never read and waits at one of these `turns` has its
    turn. Returns those that did not wait before.
    """
    named = run.meanwhile.named() if run.meanwhile else frozenset[str]()
    if run.meanwhile is None or not named:
        return []
    known = await run.read(named_titles, run.row.id, named)
    free = [title for title in known if title.id not in taken]
    first = [title for title in free if title.read_at or title.due not in turns]
    if first:
        await run.write(plan_first, [title.id for title in first])
    strangers = named - {title.key for title in known}
    run.meanwhile.dealt_with(strangers, [title.key for title in known if title.id in taken])
    return [title for title in first if title.due is None]


async def _keep(run: Context, settling: Settling, fetched: Fetched) -> list[Waiting]:
    """Store a batch; returns those of it that the server did not give."""
    titles = {title.key: title for title in fetched.titles}
    records = [record for record in fetched.records.records if record.item.key in titles]
    reads = await settling.judge(titles, records) if records else []
    written, doubtful = await run.write(_put, run.row.id, titles, records, reads)
    names = await run.read(full_names, [doubted.id for doubted in doubtful]) if doubtful else {}
    for doubted in doubtful:
        one, many = doubted.words(run.row.name)
        tell = run.tell_of if doubted.kept else run.note
        tell((doubted.why, doubted.kept), title_named(names[doubted.id]), one, many)
    total = run.summary
    total.credits += sum(len(record.credits) for record in records)
    for changes in written:
        total.titles_new += changes.new
        total.titles_changed += changes.changed
        total.credits_new += changes.credits.new
        total.credits_changed += changes.credits.changed
        total.credits_gone += changes.credits.gone
    for key, why in fetched.records.broken:
        await run.unread(titles[key], Nonsense(run.row.name, odd_form(why)))
    if fetched.error:
        for title in fetched.titles:
            await run.unread(title, fetched.error)
    missing = [titles[key] for key in fetched.records.missing]
    if missing:
        await run.write(put_off, [title.id for title in missing], now())
    run.watch.stored(fetched.titles, {r.item.key: len(r.credits) for r in records})
    return missing


def _put(
    db: Connection,
    source_id: int,
    titles: dict[str, Waiting],
    records: Sequence[Record],
    reads: Sequence[Read],
) -> tuple[list[Written], list[Doubtful]]:
    """Store records and, in the same transaction, that they were read. Returns what is not believed
    too.
    """
    judged = judge(db, source_id, titles, records, reads)
    written = [put_records(db, source_id, judged.believed)]
    if judged.shown:
        written.append(put_records(db, source_id, judged.shown, believed=False))
    note_read(db, judged.reads)
    problems.solve_problems(db, source_id, {record.item.key for record in records})
    return written, judged.doubtful

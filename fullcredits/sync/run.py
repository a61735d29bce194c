"""A sync, whole: libraries → listing → what is gone → records → persons → who is who.

What is to be read is kept with the titles, and each batch is one transaction that stores records
together with the fact that they were read; so a run that is killed anywhere goes on where it was.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from fullcredits.errors import Nonsense
from fullcredits.model import Library, Server, TitleKind
from fullcredits.sources.contract import Source
from fullcredits.sources.remarks import NO_LIBRARY
from fullcredits.sources.trouble import NothingShown
from fullcredits.store import Connection, Store, runs, sources
from fullcredits.store.person_lists import begin_list_again
from fullcredits.store.plan import plan_again, plan_all, plan_doubted, plan_put_off, plan_sweep
from fullcredits.store.progress import Holder
from fullcredits.store.sources import now
from fullcredits.sync.context import Context, refuse_another
from fullcredits.sync.identify import identify_listed
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.persons import persons_to_read, read_everybody
from fullcredits.sync.plan import Lister, Listing
from fullcredits.sync.reading import read_meanwhile, read_records
from fullcredits.sync.reconcile import reconcile
from fullcredits.sync.rules import USUAL, Rules
from fullcredits.sync.tidying import tidy
from fullcredits.sync.watch import Summary, Watch

_NAMED = 3
"""More libraries are not named in a sentence."""
_NOT_GIVEN = "it is listed, but its record is not given: does it open on the server itself?"


async def sync_source(
    store: Store,
    source: Source,
    row: sources.SourceRow,
    watch: Watch,
    holder: Holder | None = None,
    *,
    full: bool = False,
    asked: bool = False,
    later: Collection[str] = (),
    meanwhile: Meanwhile | None = None,
    rules: Rules = USUAL,
) -> Summary:
    """Bring the database in step with one source; `full` reads again what seems unchanged. `asked`:
    its owner wants it now, so what failed or was not settled is read again whatever its pause.
    `later`: keys of libraries that are compared another time. `meanwhile`: what the server names.

    Never raises SourceError: what failed is in the summary, and what was stored stays. Raises
    Occupied where somebody else syncs this source.
    """
    run = Context(store, source, row, watch, rules, meanwhile)
    return await run.through(
        holder, what_of(full=full, later=later), _compare(run, full=full, asked=asked, later=later)
    )


def what_of(*, full: bool, later: Collection[str]) -> str:
    """What such a run is called in the history; see `RunRow.what`."""
    return "full" if full else "some" if later else "all"


async def _compare(run: Context, *, full: bool, asked: bool, later: Collection[str]) -> None:
    """All that is asked of the source. Raises the SourceError that makes going on pointless."""
    run.between = partial(read_meanwhile, run)
    went_on: dt.datetime | None = None
    libraries = await _libraries(run)
    if not full and await run.read(runs.goes_on, run.id):
        went_on = now()
        await _go_on(run, asked=asked)
    run.doing = "its titles were listed"
    run.listed = False
    listing = await _list(run, libraries, later)
    run.listed = True
    run.doing, run.asked = "what is gone was looked for", "titles that it lists no longer"
    await reconcile(run, libraries, listing)
    await run.write(_plan, run, full=full, asked=asked, went_on=went_on)
    run.doing, run.asked = "its titles were read", "full records of titles"
    persons = await persons_to_read(run, asked=asked)
    for title in await read_records(run, persons=persons):
        await run.unread(title, Nonsense(run.row.name, _NOT_GIVEN))
    if await persons.finish() and persons.resumed:
        await (await persons_to_read(run, asked=False)).finish()
    await run.identify()
    await tidy(run, libraries, later)


async def _go_on(run: Context, *, asked: bool) -> None:
    """Do first what the run before left: to list all again would not bring it nearer to its end.
    What is not given may be gone: the listing will tell. Persons are read to their end, too. Where
    this fails, the next run lists first.
    """
    run.listed = True
    run.doing, run.asked = "its titles were read", "full records of titles"
    persons = await persons_to_read(run, asked=asked)
    await read_records(run, persons=persons)
    await persons.finish()
    await run.identify()
    await run.write(runs.note_listed, run.id)


def _plan(
    db: Connection, run: Context, *, full: bool, asked: bool, went_on: dt.datetime | None
) -> None:
    """All is listed: plan what is to be read beside what the listing says, but for what this run
    read before, where it `went_on` then.
    """
    runs.note_listed(db, run.id)
    if full:
        plan_all(db, run.row.id)
        read_everybody(db, run.row.id)
        return
    if asked:
        plan_put_off(db, run.row.id, went_on)
    else:
        plan_again(db, run.row.id)
    plan_doubted(db, run.row.id)
    plan_sweep(db, run.row.id, run.rules.reread_days, now())


async def _libraries(run: Context) -> Mapping[Library, int]:
    """Those it shows. Raises NothingShown where there are none: then nothing can be called gone."""
    server = await run.source.server()
    run.asked = "its libraries"
    run.watch.source(run.row.name, f"{server.name}, {run.row.kind} {server.version}")
    refuse_another(run, server)
    await run.write(_note_server, run.row, server)
    run.doing = "its libraries were listed"
    found = list({library.key: library for library in await run.source.libraries()}.values())
    if not found:
        before = await run.read(sources.known_libraries, run.row.id)
        stays = "; what was read of it stays" if before else ""
        raise NothingShown(run.row.name, f"{NO_LIBRARY}{stays}")
    ids = await run.write(sources.put_libraries, run.row.id, found)
    return {library: ids[library.key] for library in found}


def _note_server(db: Connection, row: sources.SourceRow, server: Server) -> None:
    """Another version may word the same facts differently, and no marker moves: all is read."""
    sources.note_server(db, row.id, server)
    before = row.server_version
    if before and _series(before) != _series(server.version):
        plan_all(db, row.id)
        begin_list_again(db, row.id, now())  # it may have another order


def _series(version: str) -> list[str]:
    """Its first two numbers: later ones are for mistakes that were mended."""
    return version.split(".")[:2]


async def _list(run: Context, libraries: Mapping[Library, int], later: Collection[str]) -> Listing:
    """Store what there is; films and shows have their pages before their parts are listed. Raises
    NothingShown where there is nothing, and nothing was.
    """
    lister = Lister(run, libraries, later)
    run.summary.libraries = sum(library.key not in later for library in libraries)
    async for kind in lister.list_all():
        if lister.listing.news and kind is not TitleKind.SEASON:
            await asyncio.to_thread(identify_listed, run.store)
    if not (lister.listing.seen or lister.failing or later):
        await _refuse_nothing(run, [library.name for library in libraries])
    return lister.listing


async def _refuse_nothing(run: Context, libraries: Sequence[str]) -> None:
    """Raises NothingShown, unless titles are known, over which there is more to be said."""
    if not await run.read(sources.has_titles, run.row.id):
        some = len(libraries) <= _NAMED
        names = ", ".join(libraries) if some else f"any of its {len(libraries)} libraries"
        raise NothingShown(
            run.row.name,
            f"lists no title in {names}: is it still scanning, are its disks there and the "
            "libraries' folders right, and may this account see them?",
        )

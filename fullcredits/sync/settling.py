"""Whether a record that was read is the last word, or the server is still writing it.

While a Jellyfin scans, films appear before their people, and people grow under a change marker
that no longer changes: whoever believes the marker keeps a torn cast for ever. So a marker is
believed of a record only that was read while the server did not scan, of a title that it had not
saved just before, by its own clock. What came is shown in any case, and read again until settled.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import time

from fullcredits.errors import SourceError
from fullcredits.model import MediaItem, Record
from fullcredits.sources.contract import Unrest
from fullcredits.sources.trouble import TooSlow
from fullcredits.store.plan import Read, Turn, Waiting, put_off_unsettled, shared_markers
from fullcredits.store.sources import now
from fullcredits.sync.context import Context

LATELY = dt.timedelta(minutes=10)
"""What was saved so shortly ago may still be written: a server saves a title before its people."""
SOON = dt.timedelta(minutes=1)
"""So long after what may be torn was read for the first time, it is read again."""
_EVERY = 15.0
"""Seconds for which an answer about the server's unrest is good."""


class Settling:
    """Judges what one run reads."""

    def __init__(self, run: Context) -> None:
        self._run = run
        self._unrest: Unrest | None = None
        self._good_until = 0.0
        self._shared: set[str] = set()

    async def begin(self, *, again: bool) -> None:
        """Before anything is read. `again`: titles wait to be looked at again; while the server
        scans, only those are that were looked at once.
        """
        run = self._run
        if run.source.own_markers:
            self._shared = await run.read(shared_markers, run.row.id)
        if again and (await self._look()).scanning:
            await run.write(put_off_unsettled, run.row.id, now() + LATELY)

    async def judge(self, titles: dict[str, Waiting], records: list[Record]) -> list[Read]:
        """What to note of titles whose records were read just now."""
        unrest = await self._look()
        return [self._judged(titles[record.item.key], record.item, unrest) for record in records]

    async def _look(self) -> Unrest:
        """What the server is writing, as it said within the last seconds."""
        if self._unrest is None or time.monotonic() > self._good_until:
            try:
                self._unrest = await self._run.source.unrest(LATELY)
                self._good_until = time.monotonic() + _EVERY
            except SourceError as error:
                # What came is stored; if the server is gone, the next records say so. If it hangs
                # over this, it is not waited for again.
                self._unrest = _UNKNOWN
                hangs = isinstance(error, TooSlow)
                self._good_until = math.inf if hangs else time.monotonic() + _EVERY
        return self._unrest

    def _judged(self, title: Waiting, item: MediaItem, unrest: Unrest) -> Read:
        """A marker is believed that the listing showed too, before we asked what is being written:
        what was saved since then has another. A title without one is believed when it was given
        for long enough; one that was settled before and only comes round again, even now.
        """
        moment = now()
        own = item.marker or title.marker
        item = dataclasses.replace(item, marker=own)
        same = own == title.marker
        since = title.unsettled_since if same else None
        if same and not unrest.saved(item):
            known = title.turn is Turn.SWEEP and title.read_at and not title.unsettled_since
            marked = own and own not in self._shared
            waited = since and moment - since >= LATELY
            if known or ((marked or waited) and not unrest.scanning):
                return Read(title.id, own, moment)
        look_at = moment + (LATELY if since else SOON)
        return Read(title.id, own, moment, look_at, since or moment)


_UNKNOWN = Unrest(scanning=True, saved=lambda _: True)
"""Of a server that does not say."""

"""Records that look absurd: names that nobody could type, casts of thousands.

Mostly a fault speaks so, and nothing else of the answer shows it; now and then it is the truth. So
such a record is shown, and believed only when a second look says the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from fullcredits.model import Record
from fullcredits.store import Connection
from fullcredits.store.plan import Read, Waiting
from fullcredits.store.write import known_records
from fullcredits.sync.settling import LATELY, SOON

CROWD = 1000
"""More credits than this no film has, but for a handful (of 3,000 real ones the most is 993)."""
ENOUGH = dt.timedelta(hours=1)
"""What says something else at each look is believed after this time, lest it be read for ever."""


def is_crowd(credits: int) -> bool:
    """Whether so many credits are absurd."""
    return credits > CROWD


def doubt(
    db: Connection,
    source_id: int,
    titles: Mapping[str, Waiting],
    records: Sequence[Record],
    reads: Sequence[Read],
) -> list[Read]:
    """What to note of titles that were read, when absurd records among those about to be stored
    are not believed yet: they are looked at again.
    """
    absurd = [record for record in records if record.odd or is_crowd(len(record.credits))]
    if not absurd:
        return list(reads)
    said_before = known_records(db, source_id, absurd)
    doubted = {titles[r.item.key].id for r in absurd if r.item.key not in said_before}
    since = {title.id: title.unsettled_since for title in titles.values()}
    return [_doubted(read, since[read.id]) if read.id in doubted else read for read in reads]


def _doubted(read: Read, since: dt.datetime | None) -> Read:
    """`since`: when it was read first of those looks that were not believed."""
    if since and read.at - since >= ENOUGH:
        return read
    again = read.look_at or read.at + (LATELY if since else SOON)
    return read._replace(look_at=again, unsettled_since=read.unsettled_since or since or read.at)

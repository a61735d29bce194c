"""Faults inside JSON: what the real server said, with rows lost, repeated, swollen or defaced.

Each takes the body of a 200 answer of either kind of server and how often the fault has struck
before, and gives the body to be sent. An answer that the fault cannot touch stays as it is.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

Row = dict[str, Any]

HUGE_FIELD = 50 * 1024 * 1024
CROWD = 10_000
ODD = (
    "\x00",  # a NUL, which PostgreSQL cannot store
    "\x04\x1b",  # control characters
    "\ud83d",  # half of a surrogate pair
    "\u202egnp\u202c",  # right to left
    "\u200b\u2060\ufeff",  # nothing to be seen
    "\U000e0041",  # a tag character
    "\ufffd\ufffd",  # what was decoded wrongly
)
"""What is put into names, one after the other."""


ADDRESSES = (
    "http://127.0.0.1:9/admin?delete=all",
    "http://localhost:9/a.jpg",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:9/a.jpg",
    "http://192.168.0.1/reboot",
    "http://2130706433/a.jpg",
    "http://user:secret@10.0.0.1/a.jpg",
    "file:///etc/passwd",
    "ftp://10.0.0.1/a.jpg",
    "//10.0.0.1/a.jpg",
    "javascript:alert(1)",
    "data:image/svg+xml,<svg onload='alert(1)'/>",
    "http://[oops/a.jpg",
    "http://nowhere.invalid/a.jpg",
    "/../../../etc/passwd",
    '"><script>alert(1)</script>',
    "a.jpg\r\nX-Injected: yes",
    "x" * 5000,
)
"""Where pictures are said to be."""


def truncated(body: bytes, _turn: int) -> bytes:
    """The first half."""
    return body[: len(body) // 2]


def malformed(body: bytes, _turn: int) -> bytes:
    """With a colon too many in the middle of it, behind the name of a field."""
    middle = body.find(b'":', len(body) // 2) + 1
    return body[:middle] + b":" + body[middle:]


def empty(body: bytes, _turn: int) -> bytes:
    """No rows, and counted so. Plex leaves the list out then."""
    answer = json.loads(body)
    if isinstance(answer, list):
        return b"[]"
    if "MediaContainer" in answer:
        return b'{"MediaContainer":{"size":0,"totalSize":0}}'
    return b'{"Items":[],"TotalRecordCount":0,"StartIndex":0}' if "Items" in answer else b"{}"


def missing(body: bytes, _turn: int) -> bytes:
    """Without every third row, counted as if they were there."""
    answer = json.loads(body)
    rows = _rows(answer)
    del rows[::3]
    return _told(answer)


def short(body: bytes, _turn: int) -> bytes:
    """The first half of the rows; the total as it was."""
    answer = json.loads(body)
    rows = _rows(answer)
    del rows[(len(rows) + 1) // 2 :]
    return _told(answer)


def repeated(body: bytes, turn: int) -> bytes:
    """One row in the place of its neighbour, as when equal rows change places between pages."""
    answer = json.loads(body)
    rows = _rows(answer)
    if len(rows) > 1:
        at = turn % (len(rows) - 1)
        rows[at + 1] = rows[at]
    return _told(answer)


def moving(body: bytes, turn: int) -> bytes:
    """A total that is one more, then one less than the truth."""
    answer = json.loads(body)
    change = -1 if turn % 2 else 1
    for holder in (answer, _container(answer)):
        for name in ("totalSize", "TotalRecordCount"):
            if isinstance(holder, dict) and name in holder:
                holder[name] += change
                return _told(answer)
    return body


def huge(body: bytes, _turn: int) -> bytes:
    """50 MB of text in the first row, or in what has no rows."""
    answer = json.loads(body)
    for row in (_rows(answer) or [_container(answer)])[:1]:
        row["summary" if "ratingKey" in row else "Overview"] = "x" * HUGE_FIELD
    return _told(answer)


def crowd(body: bytes, _turn: int) -> bytes:
    """10,000 people on the first row that has any."""
    answer = json.loads(body)
    for row in [row for row in _rows(answer) if _cast(row)][:1]:
        cast = _cast(row)
        missing = CROWD - len(cast)
        if "ratingKey" in row:
            cast += [{"tag": f"Extra {n:05}", "role": "Crowd"} for n in range(missing)]
        else:
            cast += [
                {
                    "Name": f"Extra {n:05}",
                    "Id": f"{1 + n:08x}" * 4,
                    "Role": "Crowd",
                    "Type": "Actor",
                }
                for n in range(missing)
            ]
    return _told(answer)


def odd_names(body: bytes, _turn: int) -> bytes:
    """Names of servers, users, libraries, titles and people with characters that break databases,
    pages and parsers.
    """
    answer = json.loads(body)
    for row, odd in zip(_rows(answer) or [_container(answer)], itertools.cycle(ODD), strict=False):
        _deface(row, odd)
        for person, another in zip(_cast(row), ODD, strict=False):
            _deface(person, another)
    return _told(answer)


def _deface(row: Row, odd: str) -> None:
    for name in _NAMES & row.keys():
        row[name] = f"{row[name][:3]}{odd}{row[name][3:]}"


def odd_addresses(body: bytes, _turn: int) -> bytes:
    """Pictures at addresses that nobody should ask, or that lead out of a path."""
    answer = json.loads(body)
    for row in _rows(answer):
        for person, odd in zip(_cast(row), itertools.cycle(ADDRESSES), strict=False):
            if "tag" in person:
                person["thumb"] = odd
            elif "Name" in person:
                person["PrimaryImageTag"] = odd
        odd = ADDRESSES[len(str(row)) % len(ADDRESSES)]
        if "ratingKey" in row:
            row |= {"thumb": odd, "art": odd}
        elif "ImageTags" in row:
            row |= {"ImageTags": {"Primary": odd}, "BackdropImageTags": [odd]}
    return _told(answer)


def no_names(body: bytes, _turn: int) -> bytes:
    """Servers, users, libraries, titles and every third of the people without a name, or with a
    blank one.
    """
    answer = json.loads(body)
    for turn, row in enumerate(_rows(answer) or [_container(answer)]):
        for named in (row, *_cast(row)[::3]):
            for name in _NAMES & named.keys():
                named[name] = "  "
                if turn % 2:
                    del named[name]
    return _told(answer)


def bad_values(body: bytes, _turn: int) -> bytes:
    """Dates, numbers and ids in which nothing can be read."""
    answer = json.loads(body)
    for row, value in zip(_rows(answer), itertools.cycle(_GARBAGE), strict=False):
        row |= dict.fromkeys(_VALUES & row.keys(), value)
        if "ProviderIds" in row:
            row["ProviderIds"] = {"Imdb": "<html>", "Tmdb": str(value)}
        elif "Guid" in row:
            row["Guid"] = [{"id": "imdb://<html>"}, {"id": f"tmdb://{value}"}]
    return _told(answer)


def long_keys(body: bytes, _turn: int) -> bytes:
    """Ids of people that are far too long to be any; of titles, where nobody is named."""
    answer = json.loads(body)
    rows = _rows(answer)
    people = [person for row in rows for person in _cast(row)]
    for one in people or rows[::3]:
        for name in {"Id", "tagKey", "ratingKey"} & one.keys():
            one[name] = str(one[name]) * 50
    return _told(answer)


_NAMES = {"tag", "title", "Name", "ServerName", "friendlyName"}
_GARBAGE = ("garbage", "99999-01-01", -(10**18))
_VALUES = {
    "year", "originallyAvailableAt", "duration", "addedAt", "index", "parentIndex",
    "ProductionYear", "PremiereDate", "EndDate", "RunTimeTicks", "DateCreated", "IndexNumber",
    "ParentIndexNumber",
}  # fmt: skip


def _container(answer: Any) -> Any:
    return answer.get("MediaContainer", answer) if isinstance(answer, dict) else answer


def _rows(answer: Any) -> list[Row]:
    """The rows of an answer, to be changed in place; a list of their own where there are none."""
    holder = _container(answer)
    found = holder
    if isinstance(holder, dict):
        found = next((holder[n] for n in ("Metadata", "Items", "Directory") if n in holder), [])
    return found if isinstance(found, list) else []


def _cast(row: Row) -> list[Row]:
    found = row.get("Role") or row.get("People") or []
    return found if isinstance(found, list) else []


def _told(answer: Any) -> bytes:
    return json.dumps(answer).encode()

"""A picture in all its widths in one file: a line that says which width takes how many bytes, and
the widths one after the other. So it comes and goes as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

_LONGEST_LINE = 200
_LINE = re.compile(rb"(?:[1-9]\d{0,4}:[1-9]\d{0,8} ?)+\n")


def packed(pictures: Mapping[int, bytes]) -> bytes:
    """The file; `pictures` by width, at least one."""
    line = " ".join(f"{width}:{len(pictures[width])}" for width in sorted(pictures))
    return b"".join([f"{line}\n".encode(), *(pictures[width] for width in sorted(pictures))])


def taken_out(file: BinaryIO, width: int) -> bytes | None:
    """The picture of that width, else of the next larger one, else of the largest there is.

    None for a damaged file.
    """
    line = file.readline(_LONGEST_LINE)
    if not _LINE.fullmatch(line):
        return None
    start, best = len(line), (0, 0)
    for entry in line.split():
        there, size = map(int, entry.split(b":"))
        best = (start, size)
        start += size
        if there >= width:
            break
    file.seek(best[0])
    content = file.read(best[1])
    return content if len(content) == best[1] else None

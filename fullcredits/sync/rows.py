"""Many row ids in little memory."""

from __future__ import annotations


class Rows:
    """A set of row ids, one bit each: a hundred thousand titles are some kilobytes."""

    def __init__(self, bits: bytes = b"") -> None:
        self._bits = bytearray(bits)
        self._count = sum(byte.bit_count() for byte in bits)

    @property
    def bits(self) -> bytes:
        """To be kept, and made a set of again."""
        return bytes(self._bits)

    @property
    def highest(self) -> int:
        """The highest id; 0 where there is none."""
        last = len(self._bits) - 1
        return 8 * last + self._bits[last].bit_length() - 1 if self else 0

    def add(self, row: int) -> None:
        """Take an id in."""
        at, bit = divmod(row, 8)
        if at >= len(self._bits):
            self._bits.extend(bytes(at + 1 - len(self._bits)))
        self._count += row not in self
        self._bits[at] |= 1 << bit

    def __contains__(self, row: int) -> bool:
        at, bit = divmod(row, 8)
        return at < len(self._bits) and bool(self._bits[at] & (1 << bit))

    def __len__(self) -> int:
        return self._count

"""How long whoever guesses the password has to wait. Pure.

Failures wear off one by one. So a wait is never longer than it takes for one of them to wear off,
whatever somebody else did before: nobody is locked out for long.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

_OF_A_HOUSEHOLD = 64
"""Bits of an IPv6 address that one subscriber keeps; the others they choose as they like."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures are forgiven at once, and after how many seconds one more is."""

    at_once: int
    seconds: float

    def left(self, failures: float, since: float) -> float:
        """What still counts of some failures after so many seconds."""
        return max(0.0, failures - max(0.0, since) / self.seconds)

    def wait(self, failures: float) -> float:
        """Seconds until the next try; 0 for at once."""
        return max(0.0, failures - self.at_once + 1) * self.seconds


ONE_PLACE = Patience(at_once=5, seconds=60)
EVERYWHERE = Patience(at_once=50, seconds=6)
"""For all places together from which nobody signed in lately."""


def place_of(address: str) -> str:
    """Whom failures from an address are counted against."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address or "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((int(known), _OF_A_HOUSEHOLD), strict=False))
    return str(known)

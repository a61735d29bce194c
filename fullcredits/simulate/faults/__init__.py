"""Faults that a simulated server commits on demand: named, seeded, counted and stoppable."""

from fullcredits.simulate.faults.kinds import KINDS
from fullcredits.simulate.faults.script import Faults, Script, parse_fault

__all__ = ["KINDS", "Faults", "Script", "parse_fault"]

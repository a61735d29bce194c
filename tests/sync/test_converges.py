"""Whatever happens to two servers, between syncs and during them: one sync makes all right.

A seeded slice of what `make soak` does for as long as one likes.
"""

from __future__ import annotations

import hypothesis
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.soak.machine import Machine, staged

SLICE = hypothesis.settings(
    max_examples=6,
    stateful_step_count=15,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[hypothesis.Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(hypothesis.HealthCheck),
)


def test_one_sync_makes_it_right() -> None:
    with staged():
        run_state_machine_as_test(Machine, settings=SLICE)

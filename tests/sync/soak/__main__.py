"""`python -m tests.sync.soak [steps] [seed]`: let anything happen for so many steps."""

from __future__ import annotations

import argparse
import random

import hypothesis
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.soak.machine import Machine, staged

LENGTH = 40
"""Steps of one life of the two servers."""


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(prog="soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("steps", nargs="?", type=int, default=4000)
    parser.add_argument("seed", nargs="?", type=int, default=random.randrange(10**9))
    told = parser.parse_args()
    print(f"{told.steps} steps, seed {told.seed}", flush=True)
    settings = hypothesis.settings(
        max_examples=max(1, told.steps // LENGTH),
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],  # to make a failure smaller takes hours here
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    with staged():
        machine = hypothesis.seed(told.seed)(Machine)
        run_state_machine_as_test(machine, settings=settings)
    print("everything came right", flush=True)


if __name__ == "__main__":
    main()

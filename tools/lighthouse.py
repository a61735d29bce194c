"""Let Lighthouse score the main pages, as on a desk; it comes from npm and is no part of the tests.

python -m tools.lighthouse                                  of the demonstration
python -m tools.lighthouse --base http://127.0.0.1:8484     of one that runs
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from tools.screenshots import CHROMIUM, addresses, demonstration

PAGES = ("home", "movie", "show", "person")
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 95


def scores(address: str, command: list[str]) -> tuple[dict[str, int], list[str]]:
    """The scores of a page, of 100, and the audits that cost some of them."""
    asked = [
        *command, address, "--quiet", "--output=json", "--preset=desktop",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless --no-sandbox",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": str(CHROMIUM)}
    said = subprocess.run(asked, env=environment, capture_output=True, check=True).stdout  # noqa: S603
    report: dict[str, Any] = json.loads(said)
    given = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    audits = report["audits"].values()
    return given, [a["id"] for a in audits if a["score"] is not None and a["score"] < 0.9]


def main() -> int:
    """Read the arguments and score each page; 1 where a score is too low."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--base", help="where a Fullcredits runs; without it, a demonstration")
    parser.add_argument("--command", default="npx --yes lighthouse@12.8.2", help="how it is called")
    arguments = parser.parse_args()
    running = contextlib.nullcontext(arguments.base) if arguments.base else demonstration()
    lowest = 100
    with running as base:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            with browser.new_page() as page:
                found = addresses(page, base.rstrip("/"))
            browser.close()
        for name in PAGES:
            given, costly = scores(found[name], arguments.command.split())
            lowest = min(lowest, *given.values())
            print(name, *(f"{what} {score}" for what, score in given.items()), *costly, flush=True)
    return 0 if lowest >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())

"""axe-core, which knows what keeps people from using a page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_name("vendor") / "axe.min.js"
_SHOWN = 3
"""Places of each fault."""


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page: the rule, where, and why."""
    page.evaluate(_SCRIPT.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        for node in fault["nodes"][:_SHOWN]
    ]

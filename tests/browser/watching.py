"""What a browser complains of, and whom it asks."""

from __future__ import annotations

from playwright.sync_api import Dialog, Page


def complaints(page: Page, base: str) -> list[str]:
    """A list that fills with errors, dialogs and requests to others than `base`."""
    wrong: list[str] = []

    def stop(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda said: wrong.append(said.text) if said.type != "log" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", stop)
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((f"{base}/", "data:")) else wrong.append(asked.url)
        ),
    )
    return wrong

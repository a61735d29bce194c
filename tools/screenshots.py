"""Take pictures of all pages, at three widths, light and dark, into `screenshots/`.

    python -m tools.screenshots                     of the demonstration, and of states of pages
    python -m tools.screenshots --base http://127.0.0.1:8484 movie   of one that runs
    python -m tools.screenshots --readme            the README's three, into `docs/pictures/`

Pages are found by following links from the front page.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.states import STATES, Places, places

CHROMIUM = Path("/usr/bin/chromium")
FOLDER = Path("screenshots")
SIZES = {"1440": (1440, 900), "820": (820, 1180), "390": (390, 844)}
"""By their widths in the names of pictures."""
COMPUTER = 1_000
"""Pixels; what is narrower is touched."""
SCHEMES = ("dark", "light")

_KNOWN = {
    "home": "/",
    "titles": "/titles",
    "people": "/people",
    "search": "/search?q=night",
    "nothing": "/search?q=qqqq",
    "quality": "/quality",
    "wrong": "/quality/no-portrait",
    "review": "/review",
    "look": "/look",
    "sync": "/sync",
    "servers": "/servers",
    "add": "/servers/add",
    "server": "/servers/1",
    "access": "/access",
    "tested": "/servers/1/test",
    "change": "/servers/1/change",
    "remove": "/servers/1/remove",
    "suspects": "/suspects",
    "decisions": "/decisions",
    "missing": "/movie/1000000000",
}
# From which page, and which link or form on it, the next page is found.
_WAYS = (
    ("library", "home", 'a[href^="/library/"]'),
    ("movie", "home", '.posters a[href^="/movie/"]'),
    ("show", "home", '.posters a[href^="/show/"]'),
    ("person", "movie", '.stars a[href^="/person/"]'),
    ("credits", "show", "form.sieve"),
    ("season", "show", '.stars a[href^="/season/"]'),
    ("episode", "season", '.episodes a[href^="/episode/"]'),
    ("appearances", "show", '.span a[href*="/show/"]'),
    ("collaborators", "person", 'a[href$="/with"]'),
    ("identity", "person", 'a[href$="/identity"]'),
    ("together", "collaborators", '.faces a[href*="/with/"]'),
    ("character", "search", 'a[href^="/character"]'),
)

README = Path("docs/pictures")
# What of the demonstration the README shows: what is searched for, the link that is followed,
# what is scrolled to; width, height and colours.
_SHOWN = {
    "movie": ("honey embassy", ".posters a", "", 1080, 1290, "dark"),
    "show": ("harbour division", ".posters a", "#full", 1440, 900, "dark"),
    "person": ("jocelyn okell", ".faces a", "", 1440, 900, "light"),
}


@contextlib.contextmanager
def demonstration() -> Iterator[str]:
    """Run the demonstration on a free port; gives its address once it serves."""
    command = [sys.executable, "-m", "fullcredits", "demo", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, env=environment
    ) as demo:
        assert demo.stdout is not None
        try:
            said = ""
            for line in demo.stdout:
                said += line
                if match := re.search(r"Fullcredits is at (http://\S+)", line):
                    yield match[1]
                    break
            else:
                raise RuntimeError(f"the demonstration did not start:\n{said}")
        finally:
            demo.terminate()


def addresses(page: Page, base: str) -> dict[str, str]:
    """The addresses to take, by name; a page that nothing leads to is left out."""
    found = {name: base + path for name, path in _KNOWN.items()}
    for name, start, selector in _WAYS:
        if start in found:
            page.goto(found[start])
            link = page.query_selector(selector)
            if link:
                to = link.get_attribute("href") or link.get_attribute("action") or ""
                found[name] = base + to
    return found


def take(browser: Browser, base: str, only: list[str], whole: bool) -> Iterator[Path]:
    """Take all pictures; gives the path of each when it is there."""
    with browser.new_page() as page:
        wanted = {n: a for n, a in addresses(page, base).items() if not only or n in only}
    for size in SIZES:
        for scheme in SCHEMES:
            with _opened(browser, size, scheme) as page:
                for name, address in wanted.items():
                    page.goto(address, wait_until="networkidle")
                    yield _taken(page, f"{name}-{size}-{scheme}", whole=whole)


def take_states(browser: Browser, only: list[str], places: Places, whole: bool) -> Iterator[Path]:
    """Take pictures of the states that no link leads to."""
    for size in SIZES:
        for name, bring in STATES.items():
            if only and name not in only:
                continue
            # Each begins as a browser that was never here.
            with _opened(browser, size, SCHEMES[0]) as page:
                bring(page, places)
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                    yield _taken(page, f"{name}-{size}-{scheme}", whole=whole)


@contextlib.contextmanager
def _opened(browser: Browser, size: str, scheme: str) -> Iterator[Page]:
    """A window of a computer, or the screen of something that is touched."""
    width, height = SIZES[size]
    touched = width < COMPUTER
    with browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=touched,
        is_mobile=touched,
    ) as page:
        yield page


def _taken(page: Page, name: str, *, whole: bool) -> Path:
    path = FOLDER / f"{name}.png"
    page.wait_for_timeout(200)
    page.screenshot(path=path, full_page=whole)
    return path


def take_for_readme(browser: Browser, base: str) -> Iterator[Path]:
    """Take the README's pictures; gives the path of each when it is there."""
    for name, (query, link, part, width, height, scheme) in _SHOWN.items():
        with browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        ) as page:
            page.goto(f"{base}/search?q={query}")
            page.locator(f"main {link}").first.click()
            page.wait_for_load_state("networkidle")
            if part:
                page.locator(part).evaluate("it => it.scrollIntoView()")
            page.wait_for_timeout(500)
            path = README / f"{name}.webp"
            Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, quality=82)
            yield path


def main() -> int:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--base", help="where a Fullcredits runs; without it, a demonstration")
    parser.add_argument("only", nargs="*", help="names of pages; all, if none is given")
    parser.add_argument("--readme", action="store_true", help="the README's pictures instead")
    parser.add_argument("--whole", action="store_true", help="the whole length of each page")
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    only, whole = arguments.only, arguments.whole
    own = not arguments.base and not arguments.readme
    with contextlib.ExitStack() as stack:
        # Before the browser: its event loop lets no other one run in this thread.
        found = stack.enter_context(places()) if own else None
        base = arguments.base or stack.enter_context(demonstration())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        at = base.rstrip("/")
        taken = take_for_readme(browser, at) if arguments.readme else take(browser, at, only, whole)
        for path in taken:
            print(path, flush=True)
        for path in take_states(browser, only, found, whole) if found else ():
            print(path, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""States of pages that no link leads to: steps of adding a server, a sync at work, errors.

Everything runs in this process: installations, and the servers that they are shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Page
from sqlalchemy import select
from starlette.applications import Starlette

from fullcredits.app import App
from fullcredits.cli.sync import run_sync
from fullcredits.config import Config
from fullcredits.model import Odd, SourceKind
from fullcredits.setup import Login
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    Offered,
    Way,
    jellyfin_app,
    offered_at,
    open_catalogue,
    plex_app,
    plextv_app,
    running,
)
from fullcredits.store import runs
from fullcredits.store.holds import Doubted, hold_credits
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.schema import media_items
from fullcredits.sync.lease import begin

_HOLDER = Holder("fullcredits serve", "nas", 7, "")
_PASSWORD = "correct horse battery"  # noqa: S105  of an installation that is gone in a minute


@dataclass(frozen=True)
class Places:
    """Where installations are, and the servers that may be added to them."""

    empty: str
    """Nothing was added to it."""
    guarded: str
    """It has a password."""
    troubled: str
    """One server is being read; of the other much has vanished, and a title cannot be read."""
    troubles: App
    plex_tv: str
    plex: str
    jellyfin: str
    secure: str
    """A Jellyfin with a certificate that nobody vouches for."""
    away: str
    """Nothing answers there."""


@contextlib.contextmanager
def places() -> Iterator[Places]:
    """All of them, for as long as the context lasts."""
    catalogue = open_catalogue()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fullcredits-")))
        attic = plex_app(catalogue, name="Attic", share="attic")
        cabin = jellyfin_app(catalogue, name="Cabin", share="cabin")
        plex, jellyfin = (stack.enter_context(running(app)) for app in (attic, cabin))
        shared = Offered("Barn", "barn", "its-token", (Way(plex),), owner="Juno")
        tv = stack.enter_context(running(plextv_app([offered_at(plex, DEFAULT_TOKEN), shared])))

        def opened(name: str) -> tuple[App, str]:
            app = App(Config(data_dir=folder / name, database="", plex_tv=tv, plex_website=tv))
            stack.callback(app.close)
            pages = app.pages()
            pages.add_api_route("/fault", _fault)
            return app, stack.enter_context(running(pages))

        _, empty = opened("empty")
        guard, guarded = opened("guarded")
        guard.entrance.set_password(_PASSWORD)
        troubles, troubled = opened("troubled")
        asyncio.run(troubles.desk.add("Attic", SourceKind.PLEX, plex, Login(DEFAULT_TOKEN)))
        asyncio.run(
            troubles.desk.add("Cabin", SourceKind.JELLYFIN, jellyfin, Login(DEFAULT_API_KEY))
        )
        run_sync(troubles)
        _trouble(attic)
        run_sync(troubles, ["Attic"])
        yield Places(
            empty=empty,
            guarded=guarded,
            troubled=troubled,
            troubles=troubles,
            plex_tv=tv,
            plex=plex,
            jellyfin=jellyfin,
            secure=stack.enter_context(_secure(cabin, folder)),
            away=f"http://127.0.0.1:{_free_port()}",
        )


def _fault() -> None:
    raise RuntimeError("made for a picture")


def _trouble(plex: Starlette) -> None:
    """Half of its films vanish, and one that changed breaks the server."""
    library = plex.state.library
    films = [item.work.id for item in library.items.values() if item.work.kind == "movie"]
    for work in films[len(films) // 2 :]:
        library.drop(work)
    library.touch(films[0])
    plex.state.faults.script("broken", f"*/metadata/*{library.item(films[0]).key}*")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@contextlib.contextmanager
def _secure(app: Starlette, folder: Path) -> Iterator[str]:
    """Serve it over https, with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cabin.lan")])
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=400))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain, style = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    (folder / "cabin.pem").write_bytes(
        certificate.public_bytes(pem) + key.private_bytes(pem, style, plain)
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app, log_level="error", lifespan="off", ssl_certfile=folder / "cabin.pem"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _added(page: Page, places: Places, address: str) -> None:
    """Give an address to the first form."""
    page.goto(f"{places.empty}/servers/add")
    page.get_by_role("textbox", name="Address").fill(address)
    page.get_by_role("button", name="Go on").click()


def _wrong_password(page: Page, places: Places) -> None:
    _added(page, places, places.jellyfin)
    page.get_by_label("User name").fill(DEFAULT_USER)
    page.get_by_label("Password").fill("mistyped")
    page.get_by_role("button", name="Add it").click()


def _quick_connect(page: Page, places: Places) -> None:
    _added(page, places, places.jellyfin)
    page.get_by_role("button", name="Quick Connect instead").click()


def _more_settings(page: Page, places: Places) -> None:
    page.goto(f"{places.empty}/servers/add")
    page.get_by_text("More settings").click()
    page.get_by_text("Authorities of my own").click()


def _plex_code(page: Page, places: Places) -> None:
    page.goto(f"{places.empty}/servers/add")
    page.get_by_role("button", name="Sign in at plex.tv").click()


def _plex_servers(page: Page, places: Places) -> None:
    _plex_code(page, places)
    link = page.get_by_role("link", name="Open Plex's page").get_attribute("href") or ""
    code = parse_qs(urlsplit(link).fragment.lstrip("?"))["code"][0]
    page.request.post(f"{places.plex_tv}/auth", form={"code": code})
    page.get_by_role("heading", name="Which server?").wait_for()


def _syncing(page: Page, places: Places) -> None:
    """Cabin is being read; Attic has problems and a held disappearance, shown at once."""
    at = Progress("reading titles", 1_204, 5_310, 61_880, 2_341.0, 24.0, 1)
    with places.troubles.store.writing() as db:
        under_way = runs.running_of(db, 2)
        run = under_way.id if under_way else begin(db, 2, _HOLDER, "all")
        runs.beat(db, run, at._asdict())
    page.goto(f"{places.troubled}/sync")


def _held(page: Page, places: Places) -> None:
    """Cabin gave many titles odd pictures, and two hardly any credits; one group is opened."""
    with places.troubles.store.writing() as db:
        items = db.scalars(select(media_items.c.id).where(media_items.c.source_id == 2)).all()
        for n, item in enumerate(items[-30:]):
            doubted = Doubted(item, 0 if n < 28 else 9, 11, Odd.PICTURES if n < 28 else None, b"")
            soon = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(minutes=40 + n)
            hold_credits(db, 2, doubted, 1, soon)
    page.goto(f"{places.troubled}/sync")
    page.get_by_text("Each by itself").click()


def _problems(page: Page, places: Places) -> None:
    _syncing(page, places)
    for summary in page.locator("section:first-of-type .more-fields > summary").all():
        summary.click()


def _wrong_guess(page: Page, places: Places) -> None:
    page.goto(f"{places.guarded}/titles")
    page.get_by_label("Password").fill("a wrong guess")
    page.get_by_role("button", name="Sign in").click()


def _devices(page: Page, places: Places) -> None:
    page.goto(f"{places.guarded}/access")
    page.get_by_label("Password").fill(_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Signed in").wait_for()


def _stale(page: Page, places: Places) -> None:
    page.goto(f"{places.empty}/look")
    page.evaluate("document.forms[1].form_token.value = 'old'")
    page.get_by_role("button", name="Save").click()


def _menu(page: Page, places: Places) -> None:
    page.goto(f"{places.troubled}/people")
    page.locator("details.menu summary").click()


def _finds(page: Page, places: Places) -> None:
    page.goto(f"{places.troubled}/titles")
    page.get_by_role("searchbox").click()
    page.keyboard.type("night")
    page.get_by_role("region", name="Finds").get_by_role("link").first.wait_for()


def _open(path: str, at: str = "empty") -> Callable[[Page, Places], None]:
    return lambda page, places: page.goto(getattr(places, at) + path) and None


STATES: dict[str, Callable[[Page, Places], None]] = {
    "first": _open("/"),
    "first-titles": _open("/titles"),
    "first-people": _open("/people"),
    "first-servers": _open("/servers"),
    "first-sync": _open("/sync"),
    "first-review": _open("/review"),
    "add-more": _more_settings,
    "add-away": lambda page, places: _added(page, places, places.away),
    "add-certificate": lambda page, places: _added(page, places, places.secure),
    "add-plex": lambda page, places: _added(page, places, places.plex),
    "add-plex-code": _plex_code,
    "add-plex-servers": _plex_servers,
    "add-jellyfin": lambda page, places: _added(page, places, places.jellyfin),
    "add-wrong-password": _wrong_password,
    "add-quick-connect": _quick_connect,
    "tested": _open("/servers/1/test?added=", "troubled"),
    "tested-jellyfin": _open("/servers/2/test", "troubled"),
    "troubled-servers": _open("/servers", "troubled"),
    "troubled-server": _open("/servers/1", "troubled"),
    "syncing": _syncing,
    "problems": _problems,
    "held": _held,
    "log-in": _open("/titles", "guarded"),
    "log-in-wrong": _wrong_guess,
    "devices": _devices,
    "menu": _menu,
    "finds": _finds,
    "error-403": _stale,
    "error-500": _open("/fault"),
}
"""By their names: what brings a page there."""

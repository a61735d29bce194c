"""What the pages of adding and changing servers show."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.model import USUAL_TRUST, LibraryKind, SourceKind
from fullcredits.pages import addresses
from fullcredits.pages.parts import day
from fullcredits.pages.servers import KINDS, TRUST, short_version
from fullcredits.setup import Checked, Joining, Step
from fullcredits.sources import AT_ONCE
from fullcredits.sources.remarks import Remark
from fullcredits.store.sources import SourceRow


@dataclass(frozen=True, slots=True)
class AddPage:
    """Where a server is, or whose account knows it."""

    address: str
    heading: str
    back: str
    links_hint: str
    """What the address for links is for."""
    limits: tuple[tuple[str, str], ...]
    """(value, text) of how many requests at once may be chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    value: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class StepPage:
    """What is to be answered next about a server; what a step does not need is empty."""

    address: str
    heading: str
    back: str
    step: str
    """One of `setup.Step`."""
    kind: str
    """"Plex", "Jellyfin"."""
    where: str
    again: bool
    """Whether it is a source already, to be signed in to again."""
    certificate: tuple[tuple[str, str], ...]
    fingerprint: str
    """Of the certificate: bytes in hexadecimal digits, with colons between."""
    code: str
    """To be typed at the Jellyfin."""
    link: str
    """Where a Plex account's owner says yes."""
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """How a server is reached."""

    address: str
    heading: str
    back: str
    where: str
    links: str
    """Where links to it lead, where that was said; or ""."""
    links_hint: str
    """As `AddPage.links_hint`."""
    limits: tuple[tuple[str, str], ...]
    """As `AddPage.limits`."""
    limit: str
    kept: str
    """What is trusted now, where that is not the usual; or ""."""


@dataclass(frozen=True, slots=True)
class LibraryRemarks:
    """A library and what is good to know of it."""

    name: str
    kind: str
    """What it holds; "" where its name says so."""
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class TestPage:
    """What a server answered."""

    address: str
    heading: str
    back: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]
    libraries: tuple[LibraryRemarks, ...]
    error: str
    """Why it did not answer, or ""."""
    added: bool
    """Whether it is new."""


def add_page() -> AddPage:
    """The first step."""
    return AddPage(
        address=addresses.add_server(),
        heading="Add a server",
        back=addresses.servers(),
        links_hint=f"{_FOR_LINKS} a Jellyfin at the address above, a Plex in app.plex.tv.",
        limits=limits(*AT_ONCE),
    )


def step_page(joining: Joining, address: str) -> StepPage:
    """The step that a server is at."""
    row, found, shown = joining.row, joining.found, joining.certificate
    kind = KINDS[found.kind] if found else "Plex"
    headings = {
        Step.CERTIFICATE: "Is this your server?",
        Step.SERVER: "Which server?",
        Step.CODE: "Confirm the code" if joining.quick else "Sign in at plex.tv",
    }
    name = row.name if row else f"your {kind}"
    return StepPage(
        address=address,
        heading=headings.get(joining.step, f"Sign in to {name}"),
        back=addresses.server(row.id) if row else addresses.add_server(),
        step=joining.step.value,
        kind=kind,
        where=found.address if found else "",
        again=row is not None,
        certificate=()
        if shown is None
        else (
            ("For", _plainly(shown.subject)),
            ("By", _plainly(shown.issuer)),
            ("Until", day(shown.ends)),
        ),
        fingerprint=shown.fingerprint if shown else "",
        code=joining.quick.code if joining.quick else "",
        link=joining.pin.page if joining.pin else "",
        choices=tuple(
            Choice(
                one.id,
                one.name,
                f"Shared by {one.owner}" if one.owner else "Yours",
            )
            for one in joining.servers
        ),
    )


def _plainly(name: str) -> str:
    """A distinguished name; where it is nothing but a common name, that."""
    return name.removeprefix("CN=") if name.count("=") == 1 else name


_FOR_LINKS = "Where your browsers and phones find it, for “Play on …”. Empty:"
_LINKS = {
    SourceKind.JELLYFIN: f"{_FOR_LINKS} at the address above.",
    SourceKind.PLEX: f"{_FOR_LINKS} in Plex's own web application, app.plex.tv.",
}


def change_page(row: SourceRow) -> ChangePage:
    """As it is now."""
    trusted = TRUST[row.trust.mode]
    return ChangePage(
        address=addresses.server(row.id, "change"),
        heading=f"Change {row.name}",
        back=addresses.server(row.id),
        where=row.address,
        links=row.link_address or "",
        links_hint=_LINKS[row.kind],
        limits=limits(row.kind),
        limit=str(row.at_once or 0),
        kept="" if row.trust == USUAL_TRUST else f"{trusted[0].lower()}{trusted[1:]}",
    )


def limits(*kinds: SourceKind) -> tuple[tuple[str, str], ...]:
    """How many requests at once may be chosen, where it is one of these kinds."""
    most = max(AT_ONCE[kind] for kind in kinds)
    found = [("0", "As many as gain something")]
    for number in range(1, most + 1):
        able = [KINDS[kind] for kind in kinds if AT_ONCE[kind] >= number]
        only = "" if len(able) == len(kinds) else f" ({able[0]} only)"
        found.append((f"{number}", f"{number}{only}"))
    return tuple(found)


_HELD = {
    LibraryKind.MOVIES: "Movies",
    LibraryKind.SHOWS: "Shows",
    LibraryKind.MIXED: "Movies and shows",
}
_NOBODY = {
    SourceKind.JELLYFIN: "An API key",
    SourceKind.PLEX: "",
}


def test_page(row: SourceRow, checked: Checked | None, error: str, *, added: bool) -> TestPage:
    """What it answered, or why not."""
    server = checked.server if checked else None
    remarks = sorted(checked.remarks, key=lambda r: not r.limits) if checked else []
    return TestPage(
        address=addresses.server(row.id, "test"),
        heading=row.name,
        back=addresses.server(row.id),
        facts=()
        if checked is None or server is None
        else tuple(
            fact
            for fact in (
                ("Server", f"{KINDS[row.kind]} {short_version(server.version)}"),
                ("Calls itself", server.name),
                ("Address", checked.address),
                ("Seen as", checked.account or _NOBODY[row.kind]),
            )
            if fact[1]
        ),
        remarks=tuple(r for r in remarks if r.library is None),
        libraries=()
        if checked is None
        else tuple(
            LibraryRemarks(
                library.name,
                "" if _HELD[library.kind].lower() in library.name.lower() else _HELD[library.kind],
                tuple(r for r in remarks if r.library == library.name),
            )
            for library in checked.libraries
        ),
        error=error,
        added=added,
    )

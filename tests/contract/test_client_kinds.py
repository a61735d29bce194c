"""Which kind of server answers, and what we say to a wrong one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Busy, ConfigError, Nonsense, Refused, SourceError, Unreachable
from fullcredits.model import Server, SourceKind
from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_PASSWORD, DEFAULT_TOKEN, DEFAULT_USER
from fullcredits.sources import Source, jellyfin_door, open_source, server_at
from fullcredits.sources.jellyfin.sign_in import by_password
from fullcredits.sources.trouble import Another
from tests.contract.answering import TOKEN, closed_port, said, scripted
from tests.contract.conftest import Simulated

HTML = "<html><body>Please sign in</body></html>"
IDENTITY = {"MediaContainer": {"size": 0, "machineIdentifier": "ab12", "version": "1.43"}}
EMBY = {"LocalAddress": "http://h", "ServerName": "E", "Version": "4.8.10.0", "Id": "77"}
STARTING = {"serverName": "C", "version": "12.0.0", "productName": "Jellyfin Server", "id": "9",
            "startupWizardCompleted": False}  # fmt: skip
PORTAL = said(HTML, 200, "text/html")


def server(kind: SourceKind, address: str, token: str = TOKEN) -> Server:
    async def go() -> Server:
        source = open_source(kind, "Attic", address, token, "client")
        try:
            return await source.server()
        finally:
            await source.close()

    return asyncio.run(go())


async def found(address: str) -> SourceKind | None:
    server = await server_at(address)
    return server and server.kind


def refusal(kind: SourceKind, address: str, token: str = TOKEN) -> SourceError:
    with pytest.raises(SourceError) as refused:
        server(kind, address, token)
    assert str(refused.value).startswith("Attic: ")
    assert TOKEN not in str(refused.value)
    return refused.value


def test_each_kind_says_who_it_is(attic: Simulated, cabin: Simulated) -> None:
    assert asyncio.run(found(attic.address)) is SourceKind.PLEX
    assert asyncio.run(found(f"{cabin.address}/web/index.html#/home")) is SourceKind.JELLYFIN
    plex = server(SourceKind.PLEX, attic.address, DEFAULT_TOKEN)
    assert (plex.id, plex.name, plex.account) == (attic.app.state.library.machine_id, "Attic", None)
    jellyfin = server(SourceKind.JELLYFIN, cabin.address, DEFAULT_API_KEY)
    assert (jellyfin.name, jellyfin.account) == ("Cabin", None)
    assert len(jellyfin.id) == 32


def test_a_user_signs_in_to_jellyfin(cabin: Simulated) -> None:
    async def sign_in(password: str) -> str:
        async with jellyfin_door("Cabin", cabin.address, "client") as door:
            return await by_password(door, DEFAULT_USER, password)

    token = asyncio.run(sign_in(DEFAULT_PASSWORD))
    assert server(SourceKind.JELLYFIN, cabin.address, token).account == DEFAULT_USER
    with pytest.raises(Refused, match="the name or password is wrong") as refused:
        asyncio.run(sign_in("wrong-pa55word"))
    assert "wrong-pa55word" not in str(refused.value)


def test_nobody_signs_in_to_plex_so(attic: Simulated) -> None:
    async def sign_in() -> str:
        async with jellyfin_door("Attic", attic.address, "client") as door:
            return await by_password(door, "anna", "pa55word")

    with pytest.raises(Nonsense, match="is a Plex server, not a Jellyfin"):
        asyncio.run(sign_in())


def test_one_kind_where_the_other_was_meant(attic: Simulated, cabin: Simulated) -> None:
    assert str(refusal(SourceKind.PLEX, cabin.address)) == (
        "Attic: this address is a Jellyfin server, not a Plex: "
        "add it as a source of its own, with `fullcredits source add`"
    )
    assert str(refusal(SourceKind.JELLYFIN, attic.address)) == (
        "Attic: this address is a Plex server, not a Jellyfin: "
        "add it as a source of its own, with `fullcredits source add`"
    )


@pytest.mark.parametrize("kind", SourceKind)
def test_a_wrong_token(kind: SourceKind, attic: Simulated, cabin: Simulated) -> None:
    address = attic.address if kind is SourceKind.PLEX else cabin.address
    error = refusal(kind, address)
    assert isinstance(error, Refused)
    assert "refuses our token (HTTP 401): sign in again" in str(error)


@pytest.mark.parametrize("kind", SourceKind)
def test_emby_is_told_apart(kind: SourceKind) -> None:
    with scripted({"/System/Info/Public": said(EMBY)}) as (address, _):
        assert "this address is an Emby server" in str(refusal(kind, address))
        with pytest.raises(Nonsense, match="an Emby server"):
            asyncio.run(found(address))


@pytest.mark.parametrize("kind", SourceKind)
def test_a_portal_in_front(kind: SourceKind) -> None:
    with scripted(lambda request: PORTAL) as (address, _):
        assert "answered with a web page, not JSON" in str(refusal(kind, address))
        with pytest.raises(Nonsense, match="web page"):
            asyncio.run(found(address))


@pytest.mark.parametrize("kind", SourceKind)
def test_a_forgotten_prefix(kind: SourceKind) -> None:
    moved = said("", 302, "", location="/jellyfin/web/")
    with scripted(lambda request: moved) as (address, app):
        assert "add /jellyfin to the address" in str(refusal(kind, address))
    assert all(not path.endswith("/web/") for path in app.paths)


def test_a_jellyfin_that_nobody_set_up() -> None:
    """Which a server that starts up says of itself too, in other letters."""
    fresh = {name[0].upper() + name[1:]: value for name, value in STARTING.items()}
    with scripted({"/System/Info/Public": said(fresh)}) as (address, app):
        error = refusal(SourceKind.JELLYFIN, address)
        assert isinstance(error, Busy)
        assert f"is not set up yet: open {address} in a browser" in str(error)
        with pytest.raises(Busy, match="is not set up yet"):
            asyncio.run(found(address))
        assert not any("authorization" in request.headers for request in app.asked)


@pytest.mark.parametrize(
    "answers",
    [
        {"/identity": said({"MediaContainer": {"size": 0}})},
        {"/System/Info/Public": said({"hello": "world"})},
        {"/System/Info/Public": said([])},
        {"/identity": said("{", 200)},
        {},
    ],
)
def test_something_else(answers: Mapping[str, Response]) -> None:
    with scripted(answers) as (address, _):
        for kind in SourceKind:
            assert isinstance(refusal(kind, address), Nonsense)


def test_nothing_of_ours_is_no_kind() -> None:
    with scripted({"/System/Info/Public": said({"hello": "world"})}) as (address, _):
        assert asyncio.run(found(address)) is None


def test_a_jellyfin_that_starts_up() -> None:
    with scripted({"/System/Info/Public": said(STARTING)}) as (address, _):
        error = refusal(SourceKind.JELLYFIN, address)
        assert asyncio.run(found(address)) is SourceKind.JELLYFIN
    assert isinstance(error, Busy)
    assert error.retry_after == 5.0


def test_a_jellyfin_that_is_up_a_moment_later() -> None:
    info = {"Id": "9", "ServerName": "C", "Version": "12", "ProductName": "Jellyfin Server"}
    answers = [said("", 503, "text/html", **{"Retry-After": "0"})] * 2

    def soon(request: Request) -> Response:
        return answers.pop() if answers else said(info)

    with scripted({"/System/Info/Public": soon}) as (address, _):
        assert asyncio.run(found(address)) is SourceKind.JELLYFIN


def test_a_plex_that_speaks_xml_is_still_a_plex() -> None:
    xml = said('<MediaContainer size="0" machineIdentifier="ab" version="1.32"/>', 200, "text/xml")
    with scripted({"/identity": xml, "/": xml}) as (address, _):
        assert asyncio.run(found(address)) is SourceKind.PLEX
        assert "is a Plex server" in str(refusal(SourceKind.JELLYFIN, address))
        assert server(SourceKind.PLEX, address) == Server("ab", "Attic", "1.32")


def test_a_deleted_users_token() -> None:
    info = {"Id": "9", "ServerName": "C", "Version": "12", "ProductName": "Jellyfin Server"}
    with scripted({"/System/Info/Public": said(info)}) as (address, _):
        assert isinstance(refusal(SourceKind.JELLYFIN, address), Refused)


def test_nobody_there() -> None:
    address = closed_port()
    assert isinstance(refusal(SourceKind.PLEX, address), Unreachable)
    with pytest.raises(Unreachable, match="nothing listens"):
        asyncio.run(found(address))


@pytest.mark.parametrize("token", ["", "   "])
def test_no_token(token: str) -> None:
    with pytest.raises(ConfigError, match="there is no token"):
        open_source(SourceKind.PLEX, "Attic", "http://host", token, "client")


async def _who(source: Source) -> object:
    return await source.server()


async def _picture(source: Source) -> object:
    return await source.picture("/library/metadata/1/thumb/1")


async def _hint(source: Source) -> object:
    async with aclosing(source.changes()) as hints:
        return await anext(hints)


@pytest.mark.parametrize("kind", SourceKind)
@pytest.mark.parametrize("ask", [_who, _picture, _hint])
def test_no_token_before_it_is_known_who_answers(
    kind: SourceKind, ask: Callable[[Source], Awaitable[object]]
) -> None:
    """Another server where the one we know was, and whatever says not who it is, never sees it."""
    public = {
        "/identity": said(IDENTITY),
        "/System/Info/Public": said({**EMBY, "ProductName": "Jellyfin Server"}),
    }

    async def go(address: str) -> None:
        source = open_source(kind, "Attic", address, TOKEN, "client", server_id="cd34")
        try:
            await ask(source)
        finally:
            await source.close()

    for answers in (public, {}, dict.fromkeys(public, PORTAL)):
        with scripted(answers) as (address, app), pytest.raises(SourceError) as refused:
            asyncio.run(go(address))
        assert app.asked
        shown = [f"{request.url} {request.headers}" for request in app.asked]
        assert not [words for words in shown if TOKEN in words]
        if answers is public:
            assert "another server answers at http://127.0.0.1:" in str(refused.value)
            assert isinstance(refused.value, Unreachable if ask is _picture else Another)

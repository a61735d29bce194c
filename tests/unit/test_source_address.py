"""Addresses as users type and paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import ConfigError
from fullcredits.sources.address import is_odd_picture, normalised, origin, without_secrets


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("192.168.1.5:32400", "http://192.168.1.5:32400"),
        (" plex.local:32400/ ", "http://plex.local:32400"),
        ("HTTP://Plex.Local:32400", "http://plex.local:32400"),
        ("https://media.example.org", "https://media.example.org"),
        ("https://example.org/jellyfin/", "https://example.org/jellyfin"),
        ("http://h:8096/web/index.html#!/home.html", "http://h:8096"),
        ("http://h:8096/web/#/details?id=1", "http://h:8096"),
        ("http://h:8096/jellyfin/web", "http://h:8096/jellyfin"),
        ("http://h:32400/web/index.html", "http://h:32400"),
        ("http://h/index.html", "http://h"),
        ("http://h:8096/?serverId=4e43", "http://h:8096"),
        ("http://h/webdav", "http://h/webdav"),
        ("[::1]:8096", "http://[::1]:8096"),
        ("http://[fd00::5]", "http://[fd00::5]"),
        ("localhost", "http://localhost"),
        ("müller.example:8096", "http://müller.example:8096"),
    ],
)
def test_normalised(typed: str, address: str) -> None:
    assert normalised(typed) == address
    assert normalised(address) == address


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("http://", "names no host"),
        ("http://:8096", "names no host"),
        ("ftp://h", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("http://h:port", "no valid host and port"),
        ("http://h:99999", "no valid host and port"),
        ("http://[::1", "no valid host and port"),
        ("http://a b", "blanks"),
        ("http://h\x00", "invisible"),
        ("http://anna:hunter2@h", "user name or password"),
        ("anna:hunter2@h:8096", "user name or password"),
        ("http://h:32400/?X-Plex-Token=hunter2", "has a token in it"),
        ("http://h/?api_key=hunter2", "has a token in it"),
        ("http://h/?ApiKey=hunter2", "has a token in it"),
        ("http://h/web/#!/?accessToken=hunter2", "has a token in it"),
        ("https://app.plex.tv/desktop/#!/server/1", "is Plex's website"),
    ],
)
def test_refused(typed: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as refusal:
        normalised(typed)
    assert "hunter2" not in str(refusal.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_config_error(text: str) -> None:
    try:
        address = normalised(text)
    except ConfigError:
        return
    assert address.startswith(("http://", "https://"))
    assert not address.endswith("/")


@pytest.mark.parametrize(
    ("ref", "kept"),
    [
        ("/library/metadata/1/thumb/2", "/library/metadata/1/thumb/2"),
        ("/composite/1?width=400&height=600", "/composite/1?width=400&height=600"),
        ("/a?X-Plex-Token=abc&w=1", "/a?w=1"),
        ("/a?x-plex-token=abc", "/a"),
        ("http://h/a.jpg?api_key=abc&ApiKey=d&tag=1", "http://h/a.jpg?tag=1"),
        ("https://metadata-static.plex.tv/a.jpg", "https://metadata-static.plex.tv/a.jpg"),
        ("//evil.example/a.jpg", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AA", None),
        ("a.jpg", None),
        ("/../etc/passwd", None),
        ("http://h/a/..", None),
        ("/a..b/c", "/a..b/c"),
        ("/a?path=/../b", "/a?path=/../b"),
        ("/" + "x" * 2000, None),
        ("", None),
    ],
)
def test_without_secrets(ref: str, kept: str | None) -> None:
    assert without_secrets(ref) == kept


@pytest.mark.parametrize(
    "ref",
    [
        "https://metadata-static.plex.tv/4/people/4e2f.jpg",
        "http://image.tmdb.org/t/p/original/a.jpg",
        "http://192.168.1.9/photos/Ann%20Bee.jpg",
        "http://127.0.0.1:32400/people/1.jpg",
        "/library/metadata/1/thumb/2",
        "/a?X-Plex-Token=abc",
    ],
)
def test_where_pictures_may_be(ref: str) -> None:
    assert not is_odd_picture(ref)


@pytest.mark.parametrize(
    "ref",
    [
        "file:///etc/passwd", "//10.0.0.1/a.jpg", "javascript:alert(1)", "a.jpg", "x" * 5000,
        "/../../../etc/passwd", '/"><script>', "http://[oops/a.jpg", "http://h:port/a.jpg",
        "http://user:secret@10.0.0.1/a.jpg", "http://2130706433/a.jpg", "http:///a.jpg",
        "http://169.254.169.254/latest/meta-data/", "/a.jpg\r\nX-Injected: yes",
    ],
)  # fmt: skip
def test_where_no_server_has_pictures(ref: str) -> None:
    assert is_odd_picture(ref)


def test_origins() -> None:
    assert origin("http://H/a") == origin("http://h:80") == ("http", "h", 80)
    assert origin("https://h") != origin("http://h")

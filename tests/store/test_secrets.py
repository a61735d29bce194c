from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import StoreError
from fullcredits.store.secrets import KEY_FILE, Secrets

TOKEN = "xyzzy-TOKEN"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return Secrets(tmp_path_factory.mktemp("data"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(kept: Secrets, text: str) -> None:
    assert kept.open(kept.seal(text)) == text


def test_the_token_is_not_in_what_is_kept(tmp_path: Path) -> None:
    sealed = Secrets(tmp_path).seal(TOKEN)
    assert TOKEN.encode() not in sealed
    assert TOKEN.encode() not in (tmp_path / KEY_FILE).read_bytes()
    assert sealed != Secrets(tmp_path).seal(TOKEN)


def test_the_key_is_for_its_owner_only_and_the_only_file(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "folder"
    Secrets(data_dir).seal(TOKEN)
    assert [path.name for path in data_dir.iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((data_dir / KEY_FILE).stat().st_mode) == 0o600


def test_a_restart_uses_the_same_key(tmp_path: Path) -> None:
    sealed = Secrets(tmp_path).seal(TOKEN)
    assert Secrets(tmp_path).open(sealed) == TOKEN


def test_many_first_uses_at_once_make_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda _: Secrets(tmp_path).seal(TOKEN), range(16)))
    assert {Secrets(tmp_path).open(one) for one in sealed} == {TOKEN}


def test_a_missing_key_is_explained_and_not_replaced(tmp_path: Path) -> None:
    sealed = Secrets(tmp_path).seal(TOKEN)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StoreError, match=rf"{KEY_FILE} cannot be read .*add the source again"):
        Secrets(tmp_path).open(sealed)
    assert not (tmp_path / KEY_FILE).exists()


def test_another_key_is_explained(tmp_path: Path) -> None:
    sealed = Secrets(tmp_path / "one").seal(TOKEN)
    Secrets(tmp_path / "two").seal(TOKEN)
    with pytest.raises(StoreError, match=rf"two/{KEY_FILE} is not the key"):
        Secrets(tmp_path / "two").open(sealed)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 44])
def test_a_broken_key_file_is_explained_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(StoreError, match="holds no key"):
        Secrets(tmp_path).seal(TOKEN)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_data_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        Secrets(tmp_path / "file").seal(TOKEN)

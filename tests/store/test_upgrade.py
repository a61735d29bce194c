from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, select, text, update

from fullcredits.errors import ConfigError, StoreError
from fullcredits.store import upgrade
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.schema import images, libraries, metadata, sources
from fullcredits.store.sources import now
from fullcredits.store.upgrade import open_store

NEXT_REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    # Rebuilds the table on SQLite.
    with op.batch_alter_table("sources") as batch:
        batch.alter_column("name", type_=sa.String(300))
        batch.add_column(sa.Column("colour", sa.Text))
"""
BROKEN_REVISION = NEXT_REVISION + "    op.execute('UPDATE nothing SET nothing = 1')\n"


def fill(store: Store) -> None:
    source = {"id": 7, "name": "Den", "kind": "plex", "address": "http://den", "secret": b"?"}
    with store.writing() as db:
        db.execute(insert(sources).values(**source, added_at=now()))
        db.execute(insert(images).values(source_id=7, ref="/a"))
        db.execute(insert(libraries).values(source_id=7, key="1", name="Films", kind="movies"))


def release(monkeypatch: pytest.MonkeyPatch, folder: Path, revision: str) -> None:
    """As if a later version of the program, with one more revision, were installed."""
    shutil.copytree(upgrade.MIGRATIONS, folder)
    (folder / "versions" / "0002_next.py").write_text(revision)
    monkeypatch.setattr(upgrade, "MIGRATIONS", folder)


def test_the_files_of_migrations_begin_with_what_they_are_called() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    known = ScriptDirectory.from_config(config).walk_revisions()
    for script in known:
        assert Path(script.path).name.startswith(f"{script.revision}_")


# SQLAlchemy cannot read such an index back from SQLite; the next test compares them.
@pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index",
    "ignore:autogenerate skipping metadata-specified expression-based index",
)
def test_a_new_database_is_what_the_metadata_says(store: Store) -> None:
    with store.reading() as db:
        options: dict[str, object] = {"compare_type": True, "compare_server_default": True}
        # Made by statements that the metadata cannot hold; the next test compares those.
        options["include_object"] = lambda _, name, *__: "_search" not in name
        context = MigrationContext.configure(db, opts=options)
        assert compare_metadata(context, metadata) == []


def test_a_new_sqlite_file_is_stated_word_for_word_as_the_metadata(sqlite_store: Store) -> None:
    query = text(
        "SELECT name, sql FROM sqlite_master "
        "WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    direct = create_engine("sqlite://")
    with direct.begin() as connection:
        metadata.create_all(connection)
        stated = connection.execute(query).all()
    direct.dispose()
    with sqlite_store.reading() as db:
        assert db.execute(query).all() == stated


def test_opening_again_changes_nothing(address: str) -> None:
    store = open_store(address)
    fill(store)
    store.close()
    store = open_store(address)
    with store.reading() as db:
        assert db.execute(select(sources.c.name)).scalars().all() == ["Den"]
    store.close()


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there 100%" / "fullcredits.db"
    open_store(f"sqlite:///{path}").close()
    assert path.is_file()


def test_an_upgrade_keeps_every_row(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(address)
    fill(store)
    store.close()
    release(monkeypatch, tmp_path / "later", NEXT_REVISION)
    store = open_store(address)
    with store.reading() as db:
        assert "colour" in {column["name"] for column in inspect(db).get_columns("sources")}
        assert db.execute(select(images.c.source_id)).scalars().all() == [7]
        assert db.execute(select(libraries.c.source_id)).scalars().all() == [7]
    if address.startswith("sqlite"):
        with store.reading() as db:
            assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_a_file_is_copied_before_its_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fullcredits.db"
    first = open_store(f"sqlite:///{path}")
    fill(first)
    release(monkeypatch, tmp_path / "later", NEXT_REVISION)
    open_store(f"sqlite:///{path}").close()
    first.close()
    monkeypatch.undo()
    assert sorted(p.name for p in tmp_path.glob("*.db*")) == [
        "fullcredits.db",
        "fullcredits.db.before-0002",
    ]
    copy = open_store(f"sqlite:///{path}.before-0002")
    with copy.reading() as db:
        assert db.execute(select(sources.c.name)).scalars().all() == ["Den"]
    copy.close()


def test_a_new_file_is_not_copied(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'fullcredits.db'}").close()
    assert [p.name for p in tmp_path.iterdir()] == ["fullcredits.db"]


def test_a_failed_upgrade_leaves_the_database_as_it_was(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(address)
    fill(store)
    store.close()
    release(monkeypatch, tmp_path / "later", BROKEN_REVISION)
    with pytest.raises(StoreError, match="nothing"):
        open_store(address)
    monkeypatch.undo()
    store = open_store(address)
    with store.reading() as db:
        assert "colour" not in {column["name"] for column in inspect(db).get_columns("sources")}
        assert db.execute(select(images.c.source_id)).scalars().all() == [7]
    store.close()


def test_a_newer_database_is_refused(address: str) -> None:
    store = open_store(address)
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    store.close()
    with pytest.raises(StoreError, match=r"newer Fullcredits .*0999.* install that version again"):
        open_store(address)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE films (id INT)", "CREATE TABLE sources (x INT)"]
)
def test_a_foreign_database_is_refused_and_left_alone(address: str, statement: str) -> None:
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(StoreError, match="set another database address"):
        open_store(address)
    assert len(inspect(engine).get_table_names()) == 1
    engine.dispose()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fullcredits.db"
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(StoreError, match=r"fullcredits\.db cannot be opened: it is not a SQLite"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear diary")


def test_a_damaged_file_is_refused(sqlite_store: Store) -> None:
    path = Path(sqlite_store.engine.url.database or "")
    sqlite_store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(StoreError, match="damaged"):
        open_store(f"sqlite:///{path}")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open database file"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_file_where_a_folder_must_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="folder cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'sub' / 'fullcredits.db'}")


def test_an_unwritable_folder_is_refused() -> None:
    # Not even root may make a file there.
    with pytest.raises(StoreError, match="unable to open database file"):
        open_store("sqlite:////proc/fullcredits.db")


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ConfigError, match="name a file"):
        open_store("sqlite://")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hunter2@127.0.0.1:1/films",
        "postgresql://me@127.0.0.1:1/films?password=hunter2",
        "postgresql://me:one@hunter2@127.0.0.1:1/films",
        "postgresql://me:one/hunter2@127.0.0.1:1/films",
        "postgresql://me:one@hunter2/two@127.0.0.1:1/films",
        "postgresql://me:hunter2@127.0.0.1:port/films",
    ],
)
def test_no_password_is_shown(address: str) -> None:
    with pytest.raises((StoreError, ConfigError)) as caught:
        open_store(address)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unreachable_server_is_named() -> None:
    with pytest.raises(StoreError, match=r"postgresql://me:\*\*\*@127\.0\.0\.1:1/films cannot be"):
        open_store("postgresql://me:hunter2@127.0.0.1:1/films")


def test_processes_that_open_a_new_database_at_once(address: str) -> None:
    program = (
        "import sys; from fullcredits.store.upgrade import open_store; open_store(sys.argv[1])"
    )
    command = [sys.executable, "-c", program, address]
    openers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [opener.communicate()[1] for opener in openers] == [""] * 4
    store = open_store(address)
    fill(store)
    store.close()


def test_a_program_of_the_older_version_is_not_disturbed_by_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fullcredits.db"
    older = open_store(f"sqlite:///{path}")
    fill(older)
    release(monkeypatch, tmp_path / "later", NEXT_REVISION)
    with older.reading() as db:
        assert db.execute(select(sources.c.name)).scalar_one() == "Den"
        open_store(f"sqlite:///{path}").close()
        assert db.execute(select(sources.c.name)).scalar_one() == "Den"
    with older.writing() as db:
        db.execute(update(sources).values(name="Attic"))
    older.close()
    with sqlite3.connect(f"{path}.before-0002") as copy:
        assert copy.execute("SELECT name FROM sources").fetchall() == [("Den",)]
    copy.close()

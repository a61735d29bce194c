"""The tables of the first release.

A frozen description: later changes of the schema are revisions of their own, so nothing here may
follow `store.schema`.
"""

from __future__ import annotations

import contextlib

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import DBAPIError

revision = "0001"
down_revision = None


def upgrade() -> None:
    _sources()
    _titles()
    _people()
    _owner_and_syncing()
    _access()
    _searching()


def _sources() -> None:
    op.create_table(
        "sources",
        _id(),
        Column("name", String(200), nullable=False, unique=True),
        Column("kind", String(20), nullable=False),
        Column("address", Text, nullable=False),
        Column("secret", LargeBinary, nullable=False),
        Column("server_id", Text),
        Column("server_name", Text),
        Column("server_version", Text),
        Column("server_account", Text),
        Column("added_at", DateTime, nullable=False),
        Column("people_read_at", DateTime),
        Column("people_swept_at", DateTime),
        Column("people_up_to", Integer, nullable=False, default=0),
        Column("account_secret", LargeBinary),
        Column("trusted", String(20)),
        Column("trusted_pem", Text),
        Column("at_once", Integer),
        Column("link_address", Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "libraries",
        _id(),
        _of("source_id", "sources.id"),
        Column("key", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("titles", Integer, nullable=False, default=0),
        Column("every", Integer),
        Column("compared_at", DateTime),
        Column("listed_up_to", Integer),
        UniqueConstraint("source_id", "key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "holds",
        _id(),
        _of("source_id", "sources.id"),
        _of("library_id", "libraries.id", nullable=True),
        Column("missing", Integer, nullable=False),
        Column("whole", Integer, nullable=False),
        Column("answer", LargeBinary),
        Column("looks", Integer, nullable=False, default=1),
        Column("next_look", DateTime),
        Column("odd", String(20)),
        Column("first_seen", DateTime, nullable=False),
        Column("last_seen", DateTime, nullable=False),
        Column("word", String(20)),
        UniqueConstraint("source_id", "library_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "images",
        _id(),
        _of("source_id", "sources.id"),
        Column("ref", Text, nullable=False),
        Column("state", String(200)),
        Column("tried_at", DateTime),
        Column("failures", Integer, nullable=False, default=0),
        Column("retry_at", DateTime),
        Column("digest", String(64)),
        Column("width", Integer),
        Column("height", Integer),
        Column("blurhash", String(200)),
        Column("blur", LargeBinary),
        UniqueConstraint("source_id", "ref"),
        sqlite_autoincrement=True,
    )


def _titles() -> None:
    op.create_table(
        "titles",
        _id(),
        Column("kind", String(20), nullable=False),
        _of("parent_id", "titles.id", nullable=True, ondelete="SET NULL"),
        _of("show_id", "titles.id", nullable=True, ondelete="SET NULL"),
        Column("season_number", Integer),
        Column("episode_number", Integer),
        Column("title", Text, nullable=False),
        _folded("title_folded"),
        _folded("sort_folded"),
        Column("original_title", Text),
        _folded("original_folded", default=""),
        Column("year", Integer),
        Column("released", Date),
        Column("ended", Date),
        Column("runtime", Integer),
        Column("overview", Text),
        Column("tagline", Text),
        Column("content_rating", Text),
        Column("genres", JSON, nullable=False),
        Column("added", DateTime),
        _of("poster_id", "images.id", nullable=True, ondelete="SET NULL"),
        _of("backdrop_id", "images.id", nullable=True, ondelete="SET NULL"),
        _of("merged_into", "titles.id", nullable=True, ondelete="SET NULL"),
        Column("held", Boolean, nullable=False, default=False),
        Column("in_libraries", Text, nullable=False, default=""),
        _listed_index("title", "sort_folded", "id", "kind", "year", "in_libraries"),
        _listed_index(
            "year", text("coalesce(year, 0) DESC"), "sort_folded", "id", "kind", "in_libraries"
        ),
        _listed_index(
            "added",
            text(f"coalesce(added, '{_LONG_AGO}') DESC"),
            "id",
            "kind",
            "year",
            "in_libraries",
        ),
        _listed_index("name", "title_folded", "id"),
        _listed_index("newest", text("coalesce(year, 0) DESC"), "title_folded", "id"),
        Index("ix_titles_show", "show_id", "season_number", "episode_number"),
        Index("ix_titles_parent", "parent_id"),
        _where_given("titles", "poster_id"),
        _where_given("titles", "backdrop_id"),
        _where_given("titles", "merged_into"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "title_genres",
        _of("title_id", "titles.id"),
        Column("genre", String(100), nullable=False),
        Column("kind", String(20), nullable=False),
        Column("year", Integer),
        UniqueConstraint("title_id", "genre"),
        Index("ix_title_genres_genre", "genre", "kind", "year"),
    )
    op.create_table(
        "media_items",
        _id(),
        _of("source_id", "sources.id"),
        _of("library_id", "libraries.id"),
        Column("key", Text, nullable=False),
        Column("kind", String(20), nullable=False),
        _of("title_id", "titles.id", nullable=True, ondelete="SET NULL"),
        Column("parent_key", Text),
        Column("show_key", Text),
        Column("season_number", Integer),
        Column("episode_number", Integer),
        Column("title", Text, nullable=False),
        _folded("title_folded"),
        Column("sort_title", Text),
        Column("original_title", Text),
        _folded("original_folded", nullable=True),
        Column("year", Integer),
        Column("released", Date),
        Column("ended", Date),
        Column("runtime", Integer),
        Column("overview", Text),
        Column("tagline", Text),
        Column("content_rating", Text),
        Column("genres", JSON, nullable=False),
        Column("added", DateTime),
        _of("poster_id", "images.id", nullable=True, ondelete="SET NULL"),
        _of("backdrop_id", "images.id", nullable=True, ondelete="SET NULL"),
        Column("marker", Text, nullable=False, default=""),
        Column("due", Integer),
        Column("look_at", DateTime),
        Column("unsettled_since", DateTime),
        Column("shown", Boolean, nullable=False, default=False),
        Column("signs", JSON(none_as_null=True)),
        Column("read_at", DateTime),
        Column("facts_hash", LargeBinary),
        Column("credits_hash", LargeBinary),
        Column("credit_count", Integer, nullable=False, default=0),
        Column("cast_count", Integer, nullable=False, default=0),
        Column("capped", Boolean, nullable=False, default=False),
        _of("hold_id", "holds.id", nullable=True, ondelete="SET NULL"),
        Column("gone_since", DateTime),
        Column("undecided", Boolean, nullable=False, default=True),
        UniqueConstraint("source_id", "key"),
        Index("ix_media_items_title", "title_id", "gone_since", "library_id"),
        _flagged_index("media_items", "undecided", "show_key", "id"),
        Index("ix_media_items_title_folded", "title_folded"),
        _where_given("media_items", "original_folded"),
        _turns("due", "added"),
        _turns("look_at"),
        _odd_casts(),
        Index("ix_media_items_library_kind", "library_id", "kind", "gone_since", "title_id"),
        Index("ix_media_items_show_key", "source_id", "show_key"),
        _where_given("media_items", "poster_id"),
        _where_given("media_items", "backdrop_id"),
        _where_given("media_items", "hold_id"),
        _where_given("media_items", "gone_since"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "media_item_ids",
        _of("media_item_id", "media_items.id"),
        Column("scheme", String(50), nullable=False),
        Column("value", Text, nullable=False),
        UniqueConstraint("media_item_id", "scheme", "value"),
        Index("ix_media_item_ids_value", "scheme", "value"),
    )


def _people() -> None:
    op.create_table(
        "people",
        _id(),
        Column("name", Text, nullable=False),
        _folded("name_folded"),
        _folded("sort_folded"),
        Column("also_known_as", JSON, nullable=False),
        _folded("also_folded", default=""),
        Column("born", Date),
        Column("died", Date),
        Column("birthplace", Text),
        Column("biography", Text),
        _of("portrait_id", "images.id", nullable=True, ondelete="SET NULL"),
        Column("gone_since", DateTime),
        _of("merged_into", "people.id", nullable=True, ondelete="SET NULL"),
        Index("ix_people_name", "name_folded", "merged_into", "gone_since"),
        Index("ix_people_sort", "sort_folded"),
        _where_given("people", "portrait_id"),
        _where_given("people", "merged_into"),
        _where_given("people", "gone_since"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person_ids",
        _of("person_id", "people.id"),
        Column("scheme", String(50), nullable=False),
        Column("value", Text, nullable=False),
        Column("clashes", Boolean, nullable=False),
        UniqueConstraint("person_id", "scheme", "value"),
        Index("ix_person_ids_value", "scheme", "value"),
        _flagged_index("person_ids", "clashes", "person_id", "scheme", "value"),
        _flagged_index(
            "person_ids", "clashes", "scheme", "value", "person_id", name="ix_person_ids_clashing"
        ),
    )
    op.create_table(
        "person_departments",
        _of("person_id", "people.id"),
        Column("department", String(20), nullable=False),
        Column("titles", Integer, nullable=False),
        _folded("sort_folded"),
        PrimaryKeyConstraint("person_id", "department"),
        Index("ix_person_departments_sort", "department", "sort_folded", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_person_departments_titles",
        "person_departments",
        ["department", text("titles DESC"), "sort_folded"],
    )
    op.create_table(
        "source_people",
        _id(),
        _of("source_id", "sources.id"),
        Column("key", Text, nullable=False),
        Column("name", Text, nullable=False),
        _folded("name_folded"),
        Column("by_name", Boolean, nullable=False),
        _of("portrait_id", "images.id", nullable=True, ondelete="SET NULL"),
        Column("born", Date),
        Column("died", Date),
        Column("birthplace", Text),
        Column("biography", Text),
        _of("person_id", "people.id", nullable=True, ondelete="SET NULL"),
        _of("own_person_id", "people.id", nullable=True, ondelete="SET NULL"),
        Column("weighed", Boolean, nullable=False, default=False),
        Column("undecided", Boolean, nullable=False, default=True),
        UniqueConstraint("source_id", "key"),
        Index("ix_source_people_name", "name_folded"),
        Index("ix_source_people_person", "person_id"),
        _where_given("source_people", "own_person_id"),
        _flagged_index("source_people", "weighed", "id"),
        _flagged_index("source_people", "undecided", "id"),
        _where_given("source_people", "portrait_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "source_person_ids",
        _of("source_person_id", "source_people.id"),
        Column("scheme", String(50), nullable=False),
        Column("value", Text, nullable=False),
        UniqueConstraint("source_person_id", "scheme", "value"),
        Index("ix_source_person_ids_value", "scheme", "value"),
    )
    op.create_table(
        "part_holders",
        _of("source_person_id", "source_people.id"),
        _of("person_id", "people.id"),
        UniqueConstraint("source_person_id", "person_id"),
        Index("ix_part_holders_person", "person_id"),
    )
    op.create_table(
        "name_words",
        Column("word", Text, primary_key=True),
        Column("last", Boolean, primary_key=True),
        Column("names", Integer, nullable=False),
    )
    op.create_table(
        "names_counted",
        Column("up_to", Integer, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "characters",
        _id(),
        Column("digest", String(32), nullable=False, unique=True),
        Column("name", Text, nullable=False),
        _folded("name_folded"),
        Index("ix_characters_beginning", text("substr(name_folded, 1, 100)")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "words",
        _folded("word", primary_key=True),
        _folded("backwards"),
        Index("ix_words_backwards", "backwards", "word"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "media_people",
        _id(),
        _of("media_item_id", "media_items.id"),
        _of("source_person_id", "source_people.id"),
        _of("person_id", "people.id", nullable=True, ondelete="SET NULL"),
        Column("billing", Integer, nullable=False),
        Column("kind", String(50), nullable=False),
        Column("department", String(20), nullable=False),
        Column("job", Text, nullable=False),
        Column("character", Text, nullable=False),
        _of("character_id", "characters.id", nullable=True, ondelete="SET NULL"),
        Column("credited_as", Text, nullable=False),
        Index("ix_media_people_item", "media_item_id", "billing"),
        Index("ix_media_people_character", "character_id", "person_id"),
        Index("ix_media_people_person", "person_id", "department", "billing", "source_person_id"),
        Index("ix_media_people_source_person", "source_person_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "said_numbers",
        _of("credit_id", "media_people.id"),
        _of("source_person_id", "source_people.id"),
        _of("evident_id", "people.id"),
        _of("apart_id", "people.id", nullable=True, ondelete="SET NULL"),
        PrimaryKeyConstraint("credit_id"),
        Index("ix_said_numbers_source_person", "source_person_id"),
        Index("ix_said_numbers_evident", "evident_id"),
        _where_given("said_numbers", "apart_id"),
    )


def _owner_and_syncing() -> None:
    op.create_table(
        "totals",
        Column("name", String(20), primary_key=True),
        Column("number", Integer, nullable=False),
    )
    op.create_table(
        "decisions",
        _id(),
        Column("verb", String(20), nullable=False),
        Column("subject", JSON, nullable=False),
        Column("reason", Text),
        Column("decided_at", DateTime, nullable=False),
        Column("undone_at", DateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        _id(),
        _of("one_id", "source_people.id"),
        _of("other_id", "source_people.id"),
        Column("joined", Boolean, nullable=False),
        Column("score", Float, nullable=False),
        Column("clues", JSON, nullable=False),
        UniqueConstraint("one_id", "other_id"),
        Index("ix_evidence_other", "other_id"),
        Index(
            "ix_evidence_proposed",
            "score",
            sqlite_where=text("joined = 0"),
            postgresql_where=text("NOT joined"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "spellings",
        _of("title_id", "titles.id"),
        _of("one_id", "source_people.id"),
        _of("other_id", "source_people.id"),
        Column("same_part", Boolean, nullable=False),
        UniqueConstraint("title_id", "one_id", "other_id"),
    )
    op.create_index("ix_spellings_one", "spellings", ["one_id"])
    op.create_index("ix_spellings_other", "spellings", ["other_id"])
    op.create_table(
        "suspects",
        _of("source_person_id", "source_people.id"),
        Column("kind", String(20), nullable=False),
        Column("first", Integer, nullable=False),
        Column("last", Integer, nullable=False),
        UniqueConstraint("source_person_id", "kind"),
    )
    op.create_table(
        "sync_runs",
        _id(),
        _of("source_id", "sources.id"),
        Column("what", String(20), nullable=False),
        Column("started_at", DateTime, nullable=False),
        Column("ended_at", DateTime),
        Column("state", String(20), nullable=False),
        Column("error", Text),
        Column("counts", JSON, nullable=False),
        Column("holder", Text),
        Column("beat_at", DateTime),
        Column("progress", JSON),
        Column("listed", Boolean, nullable=False),
        Index("ix_sync_runs_source", "source_id", "started_at"),
        Index(
            "uq_sync_runs_running",
            "source_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person_lists",
        Column(
            "source_id",
            Integer,
            ForeignKey("sources.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("since", DateTime),
        Column("began_at", DateTime, nullable=False),
        Column("watermark", DateTime),
        Column("position", Integer, nullable=False),
        Column("total", Integer, nullable=False),
        Column("again", Boolean, nullable=False),
        Column("listed", LargeBinary, nullable=False),
        Column("shown", Integer, nullable=False),
        Column("unread", JSON, nullable=False),
        Column("keyless", Integer, nullable=False),
        Column("lacking", Text),
        Column("wrecked", Boolean, nullable=False),
        Column("asked_up_to", Integer, nullable=False),
    )
    op.create_table(
        "schedules",
        Column(
            "source_id",
            Integer,
            ForeignKey("sources.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("every", Integer, nullable=False),
        Column("paused", Boolean, nullable=False),
        Column("quiet_from", Integer),
        Column("quiet_to", Integer),
        Column("share", Integer, nullable=False),
        Column("asked", String(20)),
    )
    op.create_table(
        "sync_problems",
        _id(),
        _of("source_id", "sources.id"),
        Column("item_key", Text),
        Column("title", Text),
        Column("phase", String(20), nullable=False),
        Column("code", String(30), nullable=False),
        Column("message", Text, nullable=False),
        Column("first_seen", DateTime, nullable=False),
        Column("last_seen", DateTime, nullable=False),
        Column("times", Integer, nullable=False),
        Column("next_try", DateTime),
        Column("solved_at", DateTime),
        Index("ix_sync_problems_source_item", "source_id", "item_key"),
        sqlite_autoincrement=True,
    )


def _access() -> None:
    op.create_table(
        "passwords",
        _id(),
        Column("hash", Text, nullable=False),
        Column("set_at", DateTime, nullable=False),
    )
    op.create_table(
        "sessions",
        _id(),
        Column("digest", String(32), nullable=False, unique=True),
        Column("created_at", DateTime, nullable=False),
        Column("seen_at", DateTime, nullable=False),
        Column("agent", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_places",
        Column("place", Text, primary_key=True),
        Column("failures", Float, nullable=False),
        Column("counted_at", DateTime, nullable=False),
        Column("signed_in_at", DateTime),
    )


def _searching() -> None:
    searched = (
        ("people", ("name_folded", "also_folded"), "1"),
        ("titles", ("title_folded", "original_folded"), "{}.kind IN ('movie', 'show')"),
        ("characters", ("name_folded",), "1"),
    )
    for table, columns, rows in searched:
        if op.get_bind().dialect.name == "sqlite":
            _sqlite_search(table, columns, rows)
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_search([(table, columns) for table, columns, _ in searched])


def _sqlite_search(table: str, columns: tuple[str, ...], rows: str) -> None:
    index, names = f"{table}_search", ", ".join(columns)
    new = ", ".join(f"new.{name}" for name in ("id", *columns))
    old = ", ".join(f"old.{name}" for name in ("id", *columns))
    put = f"INSERT INTO {index}(rowid, {names}) VALUES ({new});"  # noqa: S608
    take = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', {old});"  # noqa: S608
    changed = " OR ".join(f"old.{name} <> new.{name}" for name in columns)
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{table}', "
        "content_rowid='id', tokenize='trigram case_sensitive 1')"
    )
    op.execute(
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} "
        f"WHEN {rows.format('new')} BEGIN {put} END"
    )
    op.execute(
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} "
        f"WHEN {rows.format('old')} BEGIN {take} END"
    )
    op.execute(
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {names} ON {table} "
        f"WHEN {rows.format('new')} AND ({changed}) BEGIN {take} {put} END"
    )


def _postgresql_search(searched: list[tuple[str, tuple[str, ...]]]) -> None:
    bind = op.get_bind()
    with contextlib.suppress(DBAPIError), bind.begin_nested():
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table, columns in searched:
            for column in columns:
                op.execute(
                    f"CREATE INDEX ix_{table}_search_{column} "
                    f"ON {table} USING gin ({column} gin_trgm_ops)"
                )


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _of(
    name: str, target: str, *, nullable: bool = False, ondelete: str = "CASCADE"
) -> Column[int]:
    return Column(name, Integer, ForeignKey(target, ondelete=ondelete), nullable=nullable)


def _folded(
    name: str, *, default: str | None = None, primary_key: bool = False, nullable: bool = False
) -> Column[str]:
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    return Column(name, kind, nullable=nullable, default=default, primary_key=primary_key)


def _where_given(table: str, column: str) -> Index:
    given = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=given, postgresql_where=given)


def _odd_casts() -> Index:
    # Holds only movies and shows with nobody in the cast, or as many as where lists are cut.
    odd = text("cast_count IN (0, 15, 200) AND kind IN ('movie', 'show')")
    return Index(
        "ix_media_items_odd_cast", "cast_count", "added", sqlite_where=odd, postgresql_where=odd
    )


def _turns(*columns: str) -> Index:
    given = text(f"{columns[0]} IS NOT NULL")
    name = f"ix_media_items_{columns[0]}"
    return Index(name, "source_id", *columns, sqlite_where=given, postgresql_where=given)


def _flagged_index(table: str, flag: str, *columns: str, name: str | None = None) -> Index:
    return Index(
        name or f"ix_{table}_{flag}",
        *columns,
        sqlite_where=text(f"{flag} = 1"),
        postgresql_where=text(flag),
    )


_LONG_AGO = "0001-01-01 00:00:00.000001"


def _listed_index(order: str, *columns: str | TextClause) -> Index:
    listed = "{} AND kind IN ('movie', 'show')"
    return Index(
        f"ix_titles_by_{order}",
        *columns,
        sqlite_where=text(listed.format("held = 1")),
        postgresql_where=text(listed.format("held")),
    )

"""The tables: what each server said, and above it who is who.

A source states media items, source people and credits; these rows are never rewritten by
identity. Identity only points them upward: `media_items.title_id` and `media_people.person_id`.
So the upper layer (`titles`, `people`) can be computed again from the lower one at any time.

Conventions: ids are never used twice (an address given out never means somebody else); times
are UTC; durations are whole seconds; text is as the server gave it, and a column that ends in
`_folded` is `text.fold()` of its neighbour, for finding and sorting.
"""

from __future__ import annotations

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
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

from fullcredits.store import search_index

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
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
    # In the order of code points on both databases, whatever the machine's language.
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    return Column(name, kind, nullable=nullable, default=default, primary_key=primary_key)


def _where_given(table: str, column: str) -> Index:
    # For what points there: without it, deleting one row over there reads all of this table.
    given = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=given, postgresql_where=given)


def _flagged_index(table: str, flag: str, *columns: str, name: str | None = None) -> Index:
    # Holds only the few rows that bear the flag.
    return Index(
        name or f"ix_{table}_{flag}",
        *columns,
        sqlite_where=text(f"{flag} = 1"),
        postgresql_where=text(flag),
    )


def _listed_index(order: str, *columns: str | TextClause) -> Index:
    # In the order of a list of movies and shows that a source has; filters are read from it, too.
    listed = "{} AND kind IN ('movie', 'show')"
    return Index(
        f"ix_titles_by_{order}",
        *columns,
        sqlite_where=text(listed.format("held = 1")),
        postgresql_where=text(listed.format("held")),
    )


def _turns(*columns: str) -> Index:
    # Holds only the titles whose turn is told by the first of the columns.
    given = text(f"{columns[0]} IS NOT NULL")
    name = f"ix_media_items_{columns[0]}"
    return Index(name, "source_id", *columns, sqlite_where=given, postgresql_where=given)


def _odd_casts() -> Index:
    # Holds only movies and shows with nobody in the cast, or as many as where lists are cut.
    odd = text("cast_count IN (0, 15, 200) AND kind IN ('movie', 'show')")
    return Index(
        "ix_media_items_odd_cast", "cast_count", "added", sqlite_where=odd, postgresql_where=odd
    )


LONG_AGO = "0001-01-01 00:00:00.000001"
"""When what has no date was added: a time that both databases write alike."""

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("address", Text, nullable=False),
    # The token, encrypted with the installation's key; never in clear.
    Column("secret", LargeBinary, nullable=False),
    Column("server_id", Text),
    Column("server_name", Text),
    Column("server_version", Text),
    # Whose eyes the server is seen with, where it tells; null for an API key.
    Column("server_account", Text),
    Column("added_at", DateTime, nullable=False),
    # By the server's own clock: persons changed since then are asked for.
    Column("people_read_at", DateTime),
    # When all persons were listed last, by our clock.
    Column("people_swept_at", DateTime),
    # Persons with higher row ids were named since they were read last.
    Column("people_up_to", Integer, nullable=False, default=0),
    # A second token, encrypted too. Plex: the account's, which finds the server when its address
    # changes. Jellyfin: a user's beside an API key, because only users are told of changes.
    Column("account_secret", LargeBinary),
    # Whose https certificate is taken for the server's (`model.Trusted`; null: the usual
    # authorities decide), and the certificates, as PEM.
    Column("trusted", String(20)),
    Column("trusted_pem", Text),
    # Requests at once at most; null: as many as this kind of server can use.
    Column("at_once", Integer),
    # Where browsers find it, for links; null: at `address`, a Plex in Plex's own web application.
    Column("link_address", Text),
    sqlite_autoincrement=True,
)

libraries = Table(
    "libraries",
    metadata,
    _id(),
    _of("source_id", "sources.id"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    # How many movies and shows it has now; kept by `store.figures`.
    Column("titles", Integer, nullable=False, default=0),
    # Minutes between two comparisons of it; null: as often as its source.
    Column("every", Integer),
    Column("compared_at", DateTime),
    # Media items with higher row ids came after all of it was listed last; null: it never was.
    Column("listed_up_to", Integer),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
)

# What a server says that is not believed at once: titles of a library that are listed no longer, or
# a title's credits that are much fewer than before. What was known is kept meanwhile.
holds = Table(
    "holds",
    metadata,
    _id(),
    _of("source_id", "sources.id"),
    # Whose titles are missing; null: credits are, of the one media item that points here.
    _of("library_id", "libraries.id", nullable=True),
    # How many titles or credits are missing, of how many.
    Column("missing", Integer, nullable=False),
    Column("whole", Integer, nullable=False),
    # Of credits: what was read instead, how often that was read, and when it is looked at next.
    Column("answer", LargeBinary),
    Column("looks", Integer, nullable=False, default=1),
    Column("next_look", DateTime),
    # What looks absurd in it (`model.Odd`), if anything does; more credits than there were are less
    # than none missing.
    Column("odd", String(20)),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
    # The owner's word: "accepted" (what the server says) or "refused"; null: not yet.
    Column("word", String(20)),
    UniqueConstraint("source_id", "library_id"),
    sqlite_autoincrement=True,
)

images = Table(
    "images",
    metadata,
    _id(),
    _of("source_id", "sources.id"),
    # Where the source has it: an absolute address or a path on the server; never with a token.
    Column("ref", Text, nullable=False),
    # What became of fetching it: null = not tried, "ok", or the reason why not.
    Column("state", String(200)),
    Column("tried_at", DateTime),
    # How often in a row it was no picture, and until when it is not asked for again.
    Column("failures", Integer, nullable=False, default=0),
    Column("retry_at", DateTime),
    # SHA-256 of the picture as fetched: the name of its files in the cache.
    Column("digest", String(64)),
    Column("width", Integer),
    Column("height", Integer),
    # A blur of it, to be shown until it is there: the server's, and a tiny picture made of it
    # when it was fetched.
    Column("blurhash", String(200)),
    Column("blur", LargeBinary),
    UniqueConstraint("source_id", "ref"),
    sqlite_autoincrement=True,
)

titles = Table(
    "titles",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    # Of a season its show, of an episode its season.
    _of("parent_id", "titles.id", nullable=True, ondelete="SET NULL"),
    _of("show_id", "titles.id", nullable=True, ondelete="SET NULL"),
    Column("season_number", Integer),
    Column("episode_number", Integer),
    Column("title", Text, nullable=False),
    # Without a leading article, as all that is sorted or found. Found by what it is called: servers
    # have other texts to sort by, with numbers filled up with zeros.
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
    # Set when this title turned out to be another one: its address redirects there.
    _of("merged_into", "titles.id", nullable=True, ondelete="SET NULL"),
    # Some source has it now.
    Column("held", Boolean, nullable=False, default=False),
    # Of a movie or show the libraries that have it now, like " 1 3 ", or "": so lists are filtered
    # within their indexes. As `store.figures` writes them.
    Column("in_libraries", Text, nullable=False, default=""),
    _listed_index("title", "sort_folded", "id", "kind", "year", "in_libraries"),
    _listed_index(
        "year", text("coalesce(year, 0) DESC"), "sort_folded", "id", "kind", "in_libraries"
    ),
    _listed_index(
        "added", text(f"coalesce(added, '{LONG_AGO}') DESC"), "id", "kind", "year", "in_libraries"
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

# The genres of movies and shows that a source has, with what filters them further, so that a
# filtered list is counted in one index. Kept by `store.figures`.
title_genres = Table(
    "title_genres",
    metadata,
    _of("title_id", "titles.id"),
    Column("genre", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("year", Integer),
    UniqueConstraint("title_id", "genre"),
    Index("ix_title_genres_genre", "genre", "kind", "year"),
)

media_items = Table(
    "media_items",
    metadata,
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
    # Of films and shows only, to find them by it.
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
    # The plan of what to read is kept with the titles (see `store.plan`). The change marker that
    # the server gave last, "" for none:
    Column("marker", Text, nullable=False, default=""),
    # the turn at which the full record is to be read (`plan.Turn`, lowest first), null for none;
    Column("due", Integer),
    # when it is due again whatever the marker says, null for not;
    Column("look_at", DateTime),
    # since when what was read under this marker is not taken for the last word, null for it is;
    Column("unsettled_since", DateTime),
    # whether credits are shown that look absurd and are not believed yet;
    Column("shown", Boolean, nullable=False, default=False),
    # what was odd in the record that was believed last (`write.signs_of`), null where none was;
    Column("signs", JSON(none_as_null=True)),
    # when the full record was last read, null for never.
    Column("read_at", DateTime),
    # Of the facts and of the credits as stored, to skip writes that would change nothing.
    Column("facts_hash", LargeBinary),
    Column("credits_hash", LargeBinary),
    Column("credit_count", Integer, nullable=False, default=0),
    # Of those, the credits in the cast.
    Column("cast_count", Integer, nullable=False, default=0),
    # The server cut the list of credits (Plex gives at most 200 roles).
    Column("capped", Boolean, nullable=False, default=False),
    # What of it is not believed until its owner or time says so; it is kept as it was.
    _of("hold_id", "holds.id", nullable=True, ondelete="SET NULL"),
    Column("gone_since", DateTime),
    # Changed since identity last looked: `title_id` may be wrong or null.
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

media_item_ids = Table(
    "media_item_ids",
    metadata,
    _of("media_item_id", "media_items.id"),
    Column("scheme", String(50), nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("media_item_id", "scheme", "value"),
    Index("ix_media_item_ids_value", "scheme", "value"),
)

people = Table(
    "people",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _folded("name_folded"),
    _folded("sort_folded"),
    Column("also_known_as", JSON, nullable=False),
    # The other names, folded, one after the other.
    _folded("also_folded", default=""),
    Column("born", Date),
    Column("died", Date),
    Column("birthplace", Text),
    Column("biography", Text),
    _of("portrait_id", "images.id", nullable=True, ondelete="SET NULL"),
    # Since when nobody credits them any more.
    Column("gone_since", DateTime),
    # Set when this person turned out to be another one: their address redirects there.
    _of("merged_into", "people.id", nullable=True, ondelete="SET NULL"),
    # Also tells names that several people have, without a look at the rows.
    Index("ix_people_name", "name_folded", "merged_into", "gone_since"),
    Index("ix_people_sort", "sort_folded"),
    _where_given("people", "portrait_id"),
    _where_given("people", "merged_into"),
    _where_given("people", "gone_since"),
    sqlite_autoincrement=True,
)

person_ids = Table(
    "person_ids",
    metadata,
    _of("person_id", "people.id"),
    Column("scheme", String(50), nullable=False),
    Column("value", Text, nullable=False),
    # Contradicts another id, or did. Kept by `store.figures`, so that not all need be compared.
    Column("clashes", Boolean, nullable=False, default=False),
    UniqueConstraint("person_id", "scheme", "value"),
    Index("ix_person_ids_value", "scheme", "value"),
    _flagged_index("person_ids", "clashes", "person_id", "scheme", "value"),
    _flagged_index(
        "person_ids", "clashes", "scheme", "value", "person_id", name="ix_person_ids_clashing"
    ),
)

# In how many movies and shows that a source has somebody worked, in each department and ("") in
# all. Nobody without any is here. Kept by `store.figures`.
person_departments = Table(
    "person_departments",
    metadata,
    _of("person_id", "people.id"),
    Column("department", String(20), nullable=False),
    Column("titles", Integer, nullable=False),
    # As in `people`, so that a department's list is in order.
    _folded("sort_folded"),
    PrimaryKeyConstraint("person_id", "department"),
    Index("ix_person_departments_sort", "department", "sort_folded", "person_id"),
    sqlite_with_rowid=False,
)
Index(
    "ix_person_departments_titles",
    person_departments.c.department,
    person_departments.c.titles.desc(),
    person_departments.c.sort_folded,
)

source_people = Table(
    "source_people",
    metadata,
    _id(),
    _of("source_id", "sources.id"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    _folded("name_folded"),
    # The key is only the name: namesakes share it.
    Column("by_name", Boolean, nullable=False),
    _of("portrait_id", "images.id", nullable=True, ondelete="SET NULL"),
    Column("born", Date),
    Column("died", Date),
    Column("birthplace", Text),
    Column("biography", Text),
    # Who they are: whom all their credits are held for, but those that `part_holders` tells of.
    _of("person_id", "people.id", nullable=True, ondelete="SET NULL"),
    # Under which number they came, or last stood apart, whatever the owner said: theirs again when
    # they are parted.
    _of("own_person_id", "people.id", nullable=True, ondelete="SET NULL"),
    # Evidence was weighed for their name: it matters how common that is, and whom they work with.
    Column("weighed", Boolean, nullable=False, default=False),
    # They or their credits changed since identity last looked.
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

source_person_ids = Table(
    "source_person_ids",
    metadata,
    _of("source_person_id", "source_people.id"),
    Column("scheme", String(50), nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("source_person_id", "scheme", "value"),
    Index("ix_source_person_ids_value", "scheme", "value"),
)

# Who holds some credits of a source person that is several humans.
part_holders = Table(
    "part_holders",
    metadata,
    _of("source_person_id", "source_people.id"),
    _of("person_id", "people.id"),
    UniqueConstraint("source_person_id", "person_id"),
    Index("ix_part_holders_person", "person_id"),
)

# How many different names of source persons begin, and end, with a word, as far as counted.
name_words = Table(
    "name_words",
    metadata,
    Column("word", Text, primary_key=True),
    Column("last", Boolean, primary_key=True),
    Column("names", Integer, nullable=False),
)

# The highest id of a source person whose name is counted in `name_words`; no row where all are to
# be counted anew.
names_counted = Table(
    "names_counted",
    metadata,
    Column("up_to", Integer, primary_key=True, autoincrement=False),
)

# Each character text once, as a server wrote it: what a search for characters looks through. One
# that no credit has any more stays, and is found no more.
characters = Table(
    "characters",
    metadata,
    _id(),
    # Of the name: no index takes a text of any length.
    Column("digest", String(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    _folded("name_folded"),
    # No index takes a text of any length.
    Index("ix_characters_beginning", text("substr(name_folded, 1, 100)")),
    sqlite_autoincrement=True,
)

# Every word of four letters or more in what is searched, each once: what a word with a typo is
# compared with. A word that nothing has any more stays, and finds nothing.
words = Table(
    "words",
    metadata,
    _folded("word", primary_key=True),
    # The same from its end: of a word with one typo, one half is right.
    _folded("backwards"),
    Index("ix_words_backwards", "backwards", "word"),
    sqlite_with_rowid=False,
)

media_people = Table(
    "media_people",
    metadata,
    _id(),
    _of("media_item_id", "media_items.id"),
    _of("source_person_id", "source_people.id"),
    # Who that is; null only until identity has looked.
    _of("person_id", "people.id", nullable=True, ondelete="SET NULL"),
    Column("billing", Integer, nullable=False),
    # The server's own word for the kind of credit, and our department and job for it.
    Column("kind", String(50), nullable=False),
    Column("department", String(20), nullable=False),
    Column("job", Text, nullable=False),
    # Whole, as the server wrote it; `text.played()` takes it apart.
    Column("character", Text, nullable=False),
    # The same text in `characters`; null where it is empty.
    _of("character_id", "characters.id", nullable=True, ondelete="SET NULL"),
    # The name on this credit.
    Column("credited_as", Text, nullable=False),
    Index("ix_media_people_item", "media_item_id", "billing"),
    Index("ix_media_people_character", "character_id", "person_id"),
    # With the last one, as whom each source knows a person is counted without a look at the rows.
    Index("ix_media_people_person", "person_id", "department", "billing", "source_person_id"),
    Index("ix_media_people_source_person", "source_person_id"),
    sqlite_autoincrement=True,
)

# Numbers of a credit that the owner's word has a part in, beside that of its holder.
said_numbers = Table(
    "said_numbers",
    metadata,
    _of("credit_id", "media_people.id"),
    _of("source_person_id", "source_people.id"),
    # Whom it would be held for if nothing had been said.
    _of("evident_id", "people.id"),
    # Under which number they came whom only a word set apart: theirs again when a second word that
    # joined them with others is taken back.
    _of("apart_id", "people.id", nullable=True, ondelete="SET NULL"),
    PrimaryKeyConstraint("credit_id"),
    Index("ix_said_numbers_source_person", "source_person_id"),
    Index("ix_said_numbers_evident", "evident_id"),
    _where_given("said_numbers", "apart_id"),
)

# How much there is in all: "movies", "shows", "episodes", "people", "credits"; "old" is there while
# they are to be counted again. Kept by `store.figures`.
totals = Table(
    "totals",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("number", Integer, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    # "merge", "split", …: what the owner said, about which records, why and when.
    Column("verb", String(20), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("reason", Text),
    Column("decided_at", DateTime, nullable=False),
    Column("undone_at", DateTime),
    sqlite_autoincrement=True,
)

# Why two source persons are one, or may be: what identity weighed, as far as it came to more than
# names. `other` may stand for all whom an id makes one with them.
evidence = Table(
    "evidence",
    metadata,
    _id(),
    _of("one_id", "source_people.id"),
    _of("other_id", "source_people.id"),
    # False: the owner is asked.
    Column("joined", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    # A list of [kind, weight, number, out of, word], as `identity.evidence.Clue` has them.
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

# Source persons of different servers who may be one human under two names, and the title that both
# servers have and says so (`identity.spellings.Alike`).
spellings = Table(
    "spellings",
    metadata,
    _of("title_id", "titles.id"),
    _of("one_id", "source_people.id"),
    _of("other_id", "source_people.id"),
    Column("same_part", Boolean, nullable=False),
    UniqueConstraint("title_id", "one_id", "other_id"),
    Index("ix_spellings_one", "one_id"),
    Index("ix_spellings_other", "other_id"),
)

# Records known by name that look like several people, and why (`identity.suspects.Suspect`).
suspects = Table(
    "suspects",
    metadata,
    _of("source_person_id", "source_people.id"),
    Column("kind", String(20), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    UniqueConstraint("source_person_id", "kind"),
)

sync_runs = Table(
    "sync_runs",
    metadata,
    _id(),
    _of("source_id", "sources.id"),
    # What was to be done: "all" (compare everything), "full" (read everything), "changes" (look at
    # what a server named).
    Column("what", String(20), nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    # "running", "done", "partial" (some problems), "failed" (the source could not be read),
    # "stopped" (by its user).
    Column("state", String(20), nullable=False),
    Column("error", Text),
    Column("counts", JSON, nullable=False),
    # While it runs: by whom (`sync.lease.Holder`), when they last gave a sign of life, and how far
    # they are, which stays known of one that was stopped. A run under way is its source's lease, so
    # there is never more than one.
    Column("holder", Text),
    Column("beat_at", DateTime),
    Column("progress", JSON),
    # Everything was listed: who comes after it, should it die, reads what waits before it lists.
    Column("listed", Boolean, nullable=False, default=False),
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

# Lists of persons that are not read to their end: how far they came. One that is finished is not
# here, and one of a single page never is.
person_lists = Table(
    "person_lists",
    metadata,
    Column(
        "source_id",
        Integer,
        ForeignKey("sources.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    # Of whoever was saved since then, by the server's clock; null: of everybody.
    Column("since", DateTime),
    # When it began, by our clock and, as its first page told, by the server's.
    Column("began_at", DateTime, nullable=False),
    Column("watermark", DateTime),
    # Where it goes on, in rows; how many it has, as the last page told; whether it is read a second
    # time, because rows did not come.
    Column("position", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("again", Boolean, nullable=False),
    # Row ids of those who came, one bit each, and how many the list itself showed.
    Column("listed", LargeBinary, nullable=False),
    Column("shown", Integer, nullable=False),
    # Keys of rows that could not be read, how many have none, and why.
    Column("unread", JSON, nullable=False),
    Column("keyless", Integer, nullable=False),
    Column("lacking", Text),
    # Some of it is not believed.
    Column("wrecked", Boolean, nullable=False),
    # Who is not listed was asked for by key, up to this row id.
    Column("asked_up_to", Integer, nullable=False),
)

# When a source is looked at; one without a row is looked at as `store.schedules.Schedule()` says.
schedules = Table(
    "schedules",
    metadata,
    Column(
        "source_id",
        Integer,
        ForeignKey("sources.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    # Minutes between two comparisons.
    Column("every", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
    # Minutes since midnight, local time: in between nothing is asked of the server.
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    # Per cent of its time that the server may be kept busy by us.
    Column("share", Integer, nullable=False),
    # Somebody wants a sync now; "all" or "full".
    Column("asked", String(20)),
)

sync_problems = Table(
    "sync_problems",
    metadata,
    _id(),
    _of("source_id", "sources.id"),
    # The media item's key on its source; null when a whole library is meant.
    Column("item_key", Text),
    Column("title", Text),
    Column("phase", String(20), nullable=False),
    Column("code", String(30), nullable=False),
    Column("message", Text, nullable=False),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
    Column("times", Integer, nullable=False),
    # Until then it is left alone, or (a list) until the next comparison; null: until that.
    Column("next_try", DateTime),
    Column("solved_at", DateTime),
    Index("ix_sync_problems_source_item", "source_id", "item_key"),
    sqlite_autoincrement=True,
)

# The password of the pages; one row, or none while there is no password.
passwords = Table(
    "passwords",
    metadata,
    _id(),
    # By argon2, with its parameters and salt.
    Column("hash", Text, nullable=False),
    Column("set_at", DateTime, nullable=False),
)

# Browsers that are signed in to the pages.
sessions = Table(
    "sessions",
    metadata,
    _id(),
    # SHA-256 of the token in the browser's cookie; the token itself is nowhere kept.
    Column("digest", String(32), nullable=False, unique=True),
    Column("created_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    # What the browser said it is.
    Column("agent", Text, nullable=False),
    sqlite_autoincrement=True,
)

# From where people signed in, or failed to; "" stands for everywhere together.
sign_in_places = Table(
    "sign_in_places",
    metadata,
    Column("place", Text, primary_key=True),
    # How many failures count still, as of `counted_at`: they wear off with time.
    Column("failures", Float, nullable=False),
    Column("counted_at", DateTime, nullable=False),
    Column("signed_in_at", DateTime),
)


search_index.attach_to(metadata)

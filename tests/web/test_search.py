"""Finding: the same on both databases, best first."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update

from fullcredits import pages
from fullcredits.errors import NotFound
from fullcredits.store import Store
from fullcredits.store.schema import people, sources
from fullcredits.store.search import find_people, find_titles
from fullcredits.store.search_characters import find_characters
from fullcredits.store.search_closest import closest
from fullcredits.store.sources import remove_source
from tests.library import Library


@pytest.fixture
def found(store: Store) -> Store:
    """People and titles whose order among the finds is known."""
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        for title, year in (
            ("Heat", 1995), ("The Heat", 2013), ("Heatwave", 2022), ("Dead Heat", 1988),
            ("Wheatfield", 2001), ("100% Wolf", 2020), ("1000 Wolfs", 2021), ("A_B", 1990),
        ):  # fmt: skip
            title_id = made.title("movie", title, year=year)
            made.item(library, source, title_id, "movie")
        made.title("movie", "Heat Nobody Has")
        items = [
            made.item(library, source, made.title("movie", f"Everything {part}"), "movie")
            for part in range(9)
        ]
        item = items[0]
        for name, titles in (
            ("Zoë Saldaña", 3), ("Zoe Saldana", 5), ("Ann Lee", 1), ("Ang Lee", 2),
            ("Lee Ann", 9), ("Leeann Rimes", 4), ("Bruce Lee", 1), ("Galilee Jones", 8),
        ):  # fmt: skip
            person = made.person(name)
            for number in range(titles):
                made.credit(items[number], source, person, name, str(number))
        made.person("Lee Without Credits")
        chow = made.person("Stephen Chow", also_known_as=["周星馳"])
        made.credit(item, source, chow, "Stephen Chow", "The Clown / Captain Zöe (voice)")
        made.credit(item, source, made.person("Ann Other"), "Ann Other", "captain zoe")
        made.credit(item, source, made.person("Mo Third"), "Mo Third", "Captain Zoelle")
        made.item(library, source, made.title("movie", "Hero", original_title="英雄"), "movie")
        made.done()
    return store


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("zoe SALDANA", ["Zoe Saldana", "Zoë Saldaña"]),
        ("saldaña, zoë", ["Zoe Saldana", "Zoë Saldaña"]),
        ("ann lee", ["Ann Lee", "Lee Ann", "Leeann Rimes"]),
        ("周星馳", ["Stephen Chow"]),
        ("星馳", ["Stephen Chow"]),
        ("lee", ["Lee Ann", "Leeann Rimes", "Ang Lee", "Ann Lee", "Bruce Lee", "Galilee Jones"]),
        ("le", ["Lee Ann", "Leeann Rimes", "Ang Lee", "Ann Lee", "Bruce Lee"]),
        ("without", []),
        ("%", []),
        ("_", []),
        ("", []),
    ],
)
def test_people(found: Store, query: str, names: list[str]) -> None:
    with found.reading() as db:
        assert [row.person.name for row in find_people(db, query, 10)] == names


def test_who_is_found_by_another_name_says_by_which(store: Store) -> None:
    names = ["Maggie Cheung Man-yuk", "張曼玉", "Zhang Manyu"]
    with store.writing() as db:
        made = Library(db)
        library = made.library(source := made.source())
        item = made.item(library, source, made.title("movie", "Heat"), "movie")
        person = made.person("Maggie Cheung", also_known_as=names)
        made.credit(item, source, person, "Maggie Cheung", "Su Li-zhen")
        made.done()
    with store.reading() as db:
        for query, said in (
            ("cheung maggie", ""), ("magg", ""), ("cheung man yuk", names[0]), ("曼玉", names[1]),
            ("MANYU", names[2]), ("zhang man", names[2]), ("yuk zhang", names[0]), ("ma", ""),
        ):  # fmt: skip
            (found,) = find_people(db, query, 3)
            assert (query, found.also_known_as) == (query, said)
            (card,) = pages.search(db, query).people
            assert card.also_known_as == said
        (found,) = closest(db, "magige cheung", 3).people
        assert found.also_known_as == ""


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("heat", ["The Heat", "Heat", "Heatwave", "Dead Heat", "Wheatfield"]),
        ("the heat", ["The Heat", "Heat", "Heatwave", "Dead Heat", "Wheatfield"]),
        ("100% wolf", ["100% Wolf", "1000 Wolfs"]),
        ("a_b", ["A_B"]),
        ("英雄", ["Hero"]),
        ("heat wave nothing", []),
        ("\\", []),
    ],
)
def test_titles(found: Store, query: str, names: list[str]) -> None:
    with found.reading() as db:
        assert [row.title for row in find_titles(db, query, 10)] == names


def test_a_limit_keeps_the_best(found: Store) -> None:
    with found.reading() as db:
        assert [row.person.name for row in find_people(db, "lee", 1)] == ["Lee Ann"]


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("8 Mile", "00000000008 mile"),
        ("21", "0000000021"),
        ("12 Angry Men", "0000000012 angry men"),
        ("Apollo 13", "apollo 0000000013"),
        ("The 9½ Minutes", "00000000091 2 minutes"),
        ("Aliens", "alien 2"),
    ],
)
def test_titles_are_found_by_what_they_are_called(store: Store, title: str, sort: str) -> None:
    """Not by what servers sort them by."""
    with store.writing() as db:
        made = Library(db)
        library = made.library(source := made.source())
        made.item(library, source, made.title("movie", title, sort_folded=sort), "movie")
        made.done()
    with store.reading() as db:
        assert [row.title for row in find_titles(db, title, 10)] == [title]
        assert find_titles(db, sort, 10) == []


@pytest.mark.parametrize("candidates", [1, 6])
def test_of_too_many_the_best_are_found(
    found: Store, monkeypatch: pytest.MonkeyPatch, candidates: int
) -> None:
    monkeypatch.setattr("fullcredits.store.search_words.CANDIDATES", candidates)
    with found.reading() as db:
        names = [row.person.name for row in find_people(db, "lee", 3)]
        assert names == ["Lee Ann", "Leeann Rimes", "Ang Lee"]
        assert [row.title for row in find_titles(db, "heat", 3)] == ["The Heat", "Heat", "Heatwave"]
        assert find_characters(db, "captain", 1)[0].people == 2


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("captain zoe", [("captain zoe", 2), ("Captain Zoelle", 1)]),
        ("ZÖE, captain", [("captain zoe", 2), ("Captain Zoelle", 1)]),
        ("clown", [("The Clown", 1)]),
        ("voice", []),
        ("captain clown", []),
        ("ca", []),
        ("%", []),
    ],
)
def test_characters(found: Store, query: str, names: list[tuple[str, int]]) -> None:
    with found.reading() as db:
        assert [(row.name, row.people) for row in find_characters(db, query, 10)] == names


@pytest.fixture
def bonds(store: Store) -> Store:
    """One is played by seven, others whose texts are shorter or begin alike by fewer."""
    with store.writing() as db:
        made = Library(db)
        library = made.library(source := made.source())
        item = made.item(library, source, made.title("movie", "Heat"), "movie")
        texts = [
            "James Bond", "James Bond", "James Bond / Sir James", "James Bond (voice)",
            "Agent / James Bond", "James Bond", "JAMES BOND", "James Bond Fan", "Bond", "Bondsman",
            "Bond Girl", "Bond Girl", "Vagabond", "Vagabond", "Vagabond",
        ]  # fmt: skip
        for number, character in enumerate(texts):
            name = f"Player {number}"
            person = made.person(name)
            made.credit(item, source, person, name, character)
            if character == "James Bond Fan":  # by the same one in many credits
                for _ in range(9):
                    made.credit(item, source, person, name, character)
        made.done()
    return store


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("james", [("James Bond", 7), ("Sir James", 1), ("James Bond Fan", 1)]),
        ("james bond", [("James Bond", 7), ("James Bond Fan", 1)]),
        (
            "bond",
            [
                ("Bond", 1), ("James Bond", 7), ("Bond Girl", 2), ("Bondsman", 1),
                ("James Bond Fan", 1), ("Vagabond", 3),
            ],
        ),
    ],
)  # fmt: skip
def test_characters_whom_most_have_played_come_first(
    bonds: Store, query: str, names: list[tuple[str, int]]
) -> None:
    """After one of exactly that name, and before those in whose name it only stands."""
    with bonds.reading() as db:
        assert [tuple(row) for row in find_characters(db, query, 10)] == names
        for most in range(1, len(names)):
            assert [tuple(row) for row in find_characters(db, query, most)] == names[:most]


@pytest.mark.parametrize("candidates", [1, 3, 5])
def test_of_too_many_characters_those_most_have_played_are_found(
    bonds: Store, monkeypatch: pytest.MonkeyPatch, candidates: int
) -> None:
    monkeypatch.setattr("fullcredits.store.search_words.CANDIDATES", candidates)
    with bonds.reading() as db:
        assert find_characters(db, "james bond", 1)[0].name == "James Bond"


def test_everyone_who_played_a_character(found: Store) -> None:
    with found.reading() as db:
        page = pages.character(db, "CAPTAIN ZÖE")
        assert [p.name for p in page.players] == ["Stephen Chow", "Ann Other"]
        assert [part.title.text for part in page.players[0].parts] == ["Everything 0"]
        assert page.heading == "captain zoe"
        for nobody in ("Captain", "zoe captain", "", "%"):
            with pytest.raises(NotFound):
                pages.character(db, nobody)


@pytest.mark.parametrize(
    ("query", "kind", "first"),
    [
        ("leeann rimse", "people", "Leeann Rimes"),
        ("brcue lee", "people", "Bruce Lee"),
        ("zeo slodana", "people", None),
        ("weatfield", "titles", "Wheatfield"),
        ("heatwaev", "titles", "Heatwave"),
        ("captian zoelle", "characters", "Captain Zoelle"),
        ("xyzzy", "people", None),
        ("lxe", "people", None),
        ("withuot", "people", None),
    ],
)
def test_typos_are_forgiven(found: Store, query: str, kind: str, first: str | None) -> None:
    with found.reading() as db:
        rows = getattr(closest(db, query, 3), kind)
    names = [
        row.title if kind == "titles" else row.person.name if kind == "people" else row.name
        for row in rows
    ]
    assert names[:1] == ([first] if first else [])


MISSPELT = {
    "brian cranston": "Bryan Cranston",
    "stephen spielberg": "Steven Spielberg",
    "cate winslet": "Kate Winslet",
    "penelope crus": "Penélope Cruz",
    "luke admas": "Luke Adams",
    "elile hart": "Ellie Hart",
    "winslet cate": "Kate Winslet",
}
OTHERS = """
    Brian Cox, Briana Cuoco, Brianne Howey, Brain Kelly, Bria Hall, Brion James, Bruan Day,
    Stephen King, Stephan James, Stephens Ray, Stephenson Lee, Stephane Roy, Cate Blanchett,
    Cater Moss, Crate Bo, Caty Perry, Katey Sagal, Crus Lim, Crust May, Crush Ty, Cross Al,
    Admas Bekele, Admass Li, Adman Joe, Elile Acosta, Elil Shah, Lile Roe
"""


@pytest.mark.parametrize("query", MISSPELT)
def test_a_wrong_spelling_may_be_the_right_one_of_somebody_else(store: Store, query: str) -> None:
    """Every word of the query is known, and so are many more that are like it."""
    with store.writing() as db:
        made = Library(db)
        library = made.library(source := made.source())
        item = made.item(library, source, made.title("movie", "Heat"), "movie")
        names = [*MISSPELT.values(), *(name.strip() for name in OTHERS.split(","))]
        for name in dict.fromkeys(names):
            made.credit(item, source, made.person(name), name)
        made.done()
    with store.reading() as db:
        found = closest(db, query, 10)
        assert found.people[0].person.name == MISSPELT[query]


def test_a_character_is_played_by_as_many_however_few_are_shown(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        library = made.library(source := made.source())
        item = made.item(library, source, made.title("movie", "Heat"), "movie")
        for number in range(9):
            name = f"Player {number}"
            part = f"Night Watchman / Part {number}"
            made.credit(item, source, made.person(name), name, part)
        made.done()
    with store.reading() as db:
        (few,), (one,) = (closest(db, "night wachman", n).characters for n in (9, 1))
        assert (few, one.people) == (one, 9)


def test_a_database_without_the_extension_finds_the_same(
    postgres_store: Store,
) -> None:
    with postgres_store.writing() as db:
        made = Library(db)
        source = made.source()
        item = made.item(made.library(source), source, made.title("movie", "Heatwave"), "movie")
        made.credit(item, source, made.person("Ann Lee"), "Ann Lee", "Captain Zoe")
        made.done()
        db.execute(text("DROP EXTENSION pg_trgm CASCADE"))
    with postgres_store.reading() as db:
        assert [row.title for row in find_titles(db, "heat", 3)] == ["Heatwave"]
        assert [row.name for row in find_characters(db, "zoe", 3)] == ["Captain Zoe"]
        assert [row.title for row in closest(db, "heatwaev", 3).titles] == ["Heatwave"]


def test_what_is_found_follows_every_change(found: Store) -> None:
    with found.writing() as db:
        renamed = update(people).where(people.c.name == "Bruce Lee")
        db.execute(renamed.values(name="Li Zhenfan", name_folded="li zhenfan"))
        db.execute(delete(people).where(people.c.name == "Galilee Jones"))
    with found.reading() as db:
        assert find_people(db, "bruce", 3) == []
        assert find_people(db, "galilee", 3) == []
        assert [row.person.name for row in find_people(db, "zhenfan", 3)] == ["Li Zhenfan"]
    with found.writing() as db:
        for source in db.scalars(select(sources.c.id)).all():
            remove_source(db, source)
    with found.reading() as db:
        assert find_people(db, "zhenfan", 3) == []
        assert find_titles(db, "heat", 3) == []
        assert find_characters(db, "captain", 3) == []


def test_the_index_is_sound_after_a_source_is_gone(sqlite_store: Store) -> None:
    with sqlite_store.writing() as db:
        made = Library(db)
        made.title("episode", "Never Indexed")
        db.execute(delete(people))
    with sqlite_store.writing() as db:
        for table in ("people", "titles", "characters"):
            db.exec_driver_sql(
                f"INSERT INTO {table}_search({table}_search) VALUES ('integrity-check')"
            )

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from fullcredits.identity.episodes import group_titles
from fullcredits.identity.titles import Item, cast_needed
from fullcredits.model import ExternalId, TitleKind

MOVIE, SHOW, SEASON, EPISODE = TitleKind


def item(
    number: int,
    kind: TitleKind = MOVIE,
    ids: str = "",
    show: int | None = None,
    season: int | None = None,
    episode: int | None = None,
) -> Item:
    external = tuple(ExternalId(*i.split(":")) for i in ids.split())
    return Item(number, kind, show, season, episode, external)


def test_films_that_share_an_id_are_one_title() -> None:
    films = [item(1, ids="imdb:tt1 tmdb:5"), item(2, ids="tmdb:5"), item(3, ids="tmdb:6")]
    assert group_titles(films) == [(1, 2), (3,)]


def test_clashing_ids_keep_films_apart_whatever_else_agrees() -> None:
    films = [item(1, ids="imdb:tt1 tmdb:5"), item(2, ids="imdb:tt2 tmdb:5")]
    assert group_titles(films) == [(1,), (2,)]


def test_films_without_ids_stay_apart() -> None:
    assert group_titles([item(1), item(2)]) == [(1,), (2,)]


def test_a_film_and_a_show_never_join_on_one_number() -> None:
    assert group_titles([item(1, ids="tmdb:5"), item(2, SHOW, ids="tmdb:5")]) == [(1,), (2,)]


def test_seasons_and_episodes_follow_their_show_and_numbers() -> None:
    items = [
        item(1, SHOW, "tvdb:9"),
        item(2, SHOW, "tvdb:9"),
        item(3, SEASON, show=1, season=1),
        item(4, SEASON, show=2, season=1),
        item(5, SEASON, show=2, season=0),
        item(6, EPISODE, show=1, season=1, episode=2),
        item(7, EPISODE, show=2, season=1, episode=2),
        item(8, EPISODE, show=2, season=1, episode=3),
    ]
    assert group_titles(items) == [(1, 2), (3, 4), (5,), (6, 7), (8,)]


def test_episodes_numbered_differently_join_by_id_within_their_show() -> None:
    items = [
        item(1, SHOW, "tvdb:9"),
        item(2, SHOW, "tvdb:9"),
        item(3, EPISODE, "tvdb:77", show=1, season=1, episode=13),
        item(4, EPISODE, "tvdb:77", show=2, season=2, episode=1),
    ]
    assert group_titles(items) == [(1, 2), (3, 4)]


def test_same_numbers_but_clashing_ids_are_two_episodes() -> None:
    items = [
        item(1, SHOW, "tvdb:9"),
        item(2, SHOW, "tvdb:9"),
        item(3, EPISODE, "tvdb:77", show=1, season=1, episode=1),
        item(4, EPISODE, "tvdb:78", show=2, season=1, episode=1),
    ]
    assert group_titles(items) == [(1, 2), (3,), (4,)]


def test_episodes_without_numbers_stay_apart() -> None:
    items = [item(1, SHOW), item(2, EPISODE, show=1, season=1), item(3, EPISODE, show=1, season=1)]
    assert group_titles(items) == [(1,), (2,), (3,)]


def named(
    number: int,
    title: str = "the long night",
    year: int | None = 1999,
    ids: str = "",
    released: dt.date | None = None,
    kind: TitleKind = MOVIE,
    library: int | None = None,
    overview: str = "",
) -> Item:
    """A work that is in a library of its own, unless one is given."""
    return item(number, kind, ids)._replace(
        names=(title,),
        year=year,
        released=released,
        library=number if library is None else library,
        overview=overview,
    )


TROUPE = frozenset({"ana silva", "bo wang", "cy young"})


def test_without_ids_title_year_and_cast_join() -> None:
    films = [named(1), named(2, year=2000), named(3, year=2001)]
    cast = dict.fromkeys((1, 2, 3), TROUPE)
    assert cast_needed(films) == {1, 2, 3}
    assert group_titles([named(1), named(3, year=2001)], cast) == [(1,), (3,)]
    assert group_titles(films[:2], cast) == [(1, 2)]


def test_another_cast_is_another_film() -> None:
    cast = {1: TROUPE, 2: frozenset({"dee snow", "eve moss"})}
    assert group_titles([named(1), named(2)], cast) == [(1,), (2,)]


def test_where_nobody_is_credited_the_day_of_release_tells() -> None:
    day = dt.date(1999, 3, 4)
    films = [named(1, released=day), named(2, released=day), named(3)]
    assert group_titles(films) == [(1, 2), (3,)]


DAY = dt.date(1999, 3, 4)


def test_a_library_describes_two_files_of_one_film_in_the_same_words() -> None:
    cast = dict.fromkeys((1, 2, 3), TROUPE)
    copies = [named(n, released=DAY, library=7, overview="A night, long.") for n in (1, 2)]
    assert group_titles([*copies, named(3, library=8)], cast) == [(1, 2, 3)]


def test_a_work_that_a_library_seems_to_have_twice_is_two_works() -> None:
    cast = dict.fromkeys((1, 2), TROUPE)
    assert group_titles([named(n, released=DAY, library=7) for n in (1, 2)], cast) == [(1,), (2,)]


def test_of_two_works_alike_in_one_library_the_one_told_in_the_same_words_is_meant() -> None:
    cast = dict.fromkeys((1, 2, 3, 4), TROUPE)
    told = named(1, released=DAY, overview="A night, long.")
    twice = [
        named(2, released=DAY, library=8),
        named(3, released=DAY, library=8, overview="A night, long."),
    ]
    assert group_titles([told, *twice], cast) == [(1, 3), (2,)]
    assert group_titles([named(4, released=DAY), *twice], cast) == [(2,), (3,), (4,)]


def test_thousands_of_home_videos_of_one_name_are_not_compared() -> None:
    clips = [named(n, year=None) for n in range(5_000)]
    assert len(group_titles(clips)) == len(clips)


def test_clashing_ids_outweigh_title_year_and_cast() -> None:
    films = [named(1, ids="imdb:tt1"), named(2, ids="imdb:tt2")]
    assert cast_needed(films) == set()
    assert group_titles(films, {1: TROUPE, 2: TROUPE}) == [(1,), (2,)]


def test_a_film_and_a_show_of_one_title_stay_apart() -> None:
    works = [named(1), named(2, kind=SHOW)]
    assert group_titles(works, {1: TROUPE, 2: TROUPE}) == [(1,), (2,)]


def test_an_episode_numbered_through_finds_its_twin_by_title() -> None:
    items = [
        item(1, SHOW, "tvdb:9"),
        item(2, SHOW, "tvdb:9"),
        item(3, EPISODE, show=1, season=2, episode=1)._replace(names=("the lantern",)),
        item(4, EPISODE, show=2, season=1, episode=14)._replace(names=("the lantern",)),
        item(5, EPISODE, show=1, season=2, episode=2)._replace(names=("episode 2",)),
        item(6, EPISODE, show=2, season=1, episode=15)._replace(names=("episode 2",)),
    ]
    assert group_titles(items) == [(1, 2), (3, 4), (5,), (6,)]


def test_a_title_that_a_show_has_twice_joins_nothing() -> None:
    items = [
        item(1, SHOW, "tvdb:9"),
        item(2, SHOW, "tvdb:9"),
        item(3, EPISODE, show=1, season=1, episode=1)._replace(names=("pilot",)),
        item(4, EPISODE, show=1, season=2, episode=1)._replace(names=("pilot",)),
        item(5, EPISODE, show=2, season=5, episode=5)._replace(names=("pilot",)),
    ]
    assert group_titles(items) == [(1, 2), (3,), (4,), (5,)]


def test_specials_are_one_only_where_their_titles_agree() -> None:
    items = [
        item(1, SHOW, "tvdb:9"),
        item(2, SHOW, "tvdb:9"),
        item(3, EPISODE, show=1, season=0, episode=1)._replace(names=("making of",)),
        item(4, EPISODE, show=2, season=0, episode=1)._replace(names=("christmas",)),
        item(5, EPISODE, show=2, season=0, episode=2)._replace(names=("making of",)),
    ]
    assert group_titles(items) == [(1, 2), (3, 5), (4,)]


ids = st.lists(
    st.builds(ExternalId, st.sampled_from(["imdb", "tmdb"]), st.sampled_from("1234")), max_size=2
)
films = st.lists(ids, max_size=12).map(
    lambda many: [Item(n, MOVIE, None, None, None, tuple(own)) for n, own in enumerate(many)]
)


@given(films, st.randoms())
def test_order_of_arrival_plays_no_part(items: list[Item], chance: random.Random) -> None:
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert group_titles(shuffled) == group_titles(items)


@given(films)
def test_every_item_is_in_exactly_one_title_and_no_title_contradicts_itself(
    items: list[Item],
) -> None:
    groups = group_titles(items)
    assert sorted(m for g in groups for m in g) == [i.id for i in items]
    own = {i.id: set(i.ids) for i in items}
    for group in groups:
        for member in group:
            others = set().union(*(own[m] for m in group if m != member))
            assert len(group) == 1 or own[member] & others

"""What a Plex and plex.tv are asked."""

from __future__ import annotations

from tests.contract.forms.kinds import Kind

_PAGE = "&X-Plex-Container-Start=0&X-Plex-Container-Size=100&includeGuids=1"
_ROWS = "MediaContainer.Metadata"

PLEX = (
    Kind("who it is", ("doc_identity",), "/identity", "MediaContainer", by="nobody"),
    Kind("all about it", ("doc_root",), "/", "MediaContainer"),
    Kind("head of sections", ("library_sections_1",), "/library/sections", "MediaContainer"),
    Kind(
        "sections of films",
        ("library_sections_1",),
        "/library/sections",
        "MediaContainer.Directory",
        "movie",
    ),
    Kind(
        "sections of shows",
        ("library_sections_1",),
        "/library/sections",
        "MediaContainer.Directory",
        "show",
    ),
    Kind(
        "head of a page of films",
        ("listing_movies_[1g]*",),
        f"/library/sections/1/all?type=1{_PAGE}",
        "MediaContainer",
    ),
    Kind(
        "head of a page of episodes",
        ("listing_episodes_*",),
        f"/library/sections/2/all?type=4{_PAGE}",
        "MediaContainer",
    ),
    Kind(
        "films listed",
        ("listing_movies_*",),
        f"/library/sections/1/all?type=1{_PAGE}",
        _ROWS,
        "movie",
    ),
    Kind(
        "shows listed",
        ("listing_shows_*",),
        f"/library/sections/2/all?type=2{_PAGE}",
        _ROWS,
        "show",
    ),
    Kind(
        "episodes listed",
        ("listing_episodes_*",),
        f"/library/sections/2/all?type=4{_PAGE}",
        _ROWS,
        "episode",
    ),
    Kind(
        "seasons of a show",
        ("rs_children_seasons",),
        "/library/metadata/{show}/children",
        _ROWS,
        "season",
    ),
    Kind(
        "head of a film",
        ("metadata_movie_*", "rs_metadata_1[038]*"),
        "/library/metadata/{movie}",
        "MediaContainer",
    ),
    Kind(
        "films",
        ("metadata_movie_*", "rs_metadata_13194*", "rs_metadata_182*"),
        "/library/metadata/{movies}",
        _ROWS,
        "movie",
    ),
    Kind("shows", ("metadata_show_*",), "/library/metadata/{shows}", _ROWS, "show"),
    Kind(
        "episodes",
        ("metadata_episode_no*", "hub_recentlyadded_*"),
        "/library/metadata/{episodes}",
        _ROWS,
        "episode",
    ),
    Kind(
        "films listed, of old",
        ("rs_listing_movies_legacy*",),
        "/library/sections/1/all?type=1",
        _ROWS,
        "movie",
        legacy=True,
    ),
    Kind(
        "shows listed, of old",
        ("rs_listing_shows_legacy*",),
        "/library/sections/2/all?type=2",
        _ROWS,
        "show",
        legacy=True,
    ),
    Kind(
        "films of old",
        ("rs_metadata_108*",),
        "/library/metadata/{movies}",
        _ROWS,
        "movie",
        legacy=True,
    ),
    Kind(
        "episodes of old",
        ("metadata_episode_legacy*",),
        "/library/metadata/{episodes}",
        _ROWS,
        "episode",
        legacy=True,
    ),
    Kind(
        "a person",
        ("doc_library_person",),
        "/library/people/{person}",
        "MediaContainer.Directory",
        "*",
    ),
    Kind("tags", ("doc_library_tags",), "/library/tags?type=6", "MediaContainer.Directory", "*"),
)

PLEX_TOLD = (
    Kind("a new code", ("rs_plextv_pins_new",)),
    Kind("a code that was allowed", ("rs_plextv_pins_linked",)),
    Kind("servers of an account", ("*plextv_resources",)),
)

"""What a Jellyfin is asked."""

from __future__ import annotations

from tests.contract.forms.kinds import Kind

LIST = (
    "/Items?recursive=true&enableUserData=false&collapseBoxSetItems=false&imageTypeLimit=1"
    "&sortBy=SortName&sortOrder=Ascending"
)
FIELDS = "&fields=ProviderIds,Etag,DateCreated,ParentId,SortName,OriginalTitle"
PEOPLE = f"&enableUserData=false{FIELDS},People"
NOBODY = "5f0c8b6a3d2e4f10a1b2c3d4e5f60718"

JELLYFIN = (
    Kind("who it is", ("system_info_public",), "/System/Info/Public", by="nobody"),
    Kind("all about it", ("system_info",), "/System/Info"),
    Kind("its health", ("openapi_probe",), "/health", by="nobody"),
    Kind("whether Quick Connect", ("quickconnect_enabled",), "/QuickConnect/Enabled", by="nobody"),
    Kind("libraries", ("virtual_folders",), "/Library/VirtualFolders"),
    Kind("media folders", ("media_folders",), "/Library/MediaFolders"),
    Kind("views", ("user_views",), "/UserViews?userId={user}"),
    Kind("views of a key", ("user_views_with_api_key*",), "/UserViews"),
    Kind("whose token", ("users_me_with_user_token",), "/Users/Me", by="user"),
    Kind("whose key", ("users_me_with_api_key",), "/Users/Me"),
    Kind("films listed", ("list_movie_page0*",), f"{LIST}{FIELDS}&includeItemTypes=Movie&limit=50"),
    Kind("shows listed", ("list_series*",), f"{LIST}{FIELDS}&includeItemTypes=Series&limit=50"),
    Kind("seasons listed", ("list_season*",), f"{LIST}{FIELDS}&includeItemTypes=Season&limit=50"),
    Kind(
        "episodes listed", ("list_episode*",), f"{LIST}{FIELDS}&includeItemTypes=Episode&limit=50"
    ),
    Kind("persons listed", ("list_person*",), f"{LIST}{FIELDS}&includeItemTypes=Person&limit=50"),
    Kind(
        "a page without a total",
        ("list_movie_no_total",),
        f"{LIST}&includeItemTypes=Movie&startIndex=0&limit=5&enableTotalRecordCount=false",
    ),
    Kind(
        "a page past the end",
        ("list_movie_past_the_end",),
        f"{LIST}{FIELDS}&includeItemTypes=Movie&startIndex=999999&limit=50",
    ),
    Kind(
        "one film listed",
        ("apikey_query", "10.11.11/legacy_*", "10.11.11/emby_prefix"),
        f"{LIST}&includeItemTypes=Movie&limit=1",
    ),
    Kind("films", ("movies_with_people_*",), f"/Items?ids={{movies}}{PEOPLE},Overview"),
    Kind("shows", ("series_with_people",), f"/Items?ids={{shows}}{PEOPLE},Overview"),
    Kind("seasons", ("seasons_with_people",), f"/Items?ids={{seasons}}{PEOPLE}"),
    Kind("episodes", ("episodes_with_people_*",), f"/Items?ids={{episodes}}{PEOPLE}"),
    Kind(
        "persons",
        ("persons_filled",),
        "/Items?ids={persons}&fields=Overview,ProviderIds,ProductionLocations,Etag,DateCreated",
    ),
    Kind(
        "films after a change",
        ("film_after_portraits", "film_after_edit"),
        "/Items?ids={movies}&fields=People,Etag",
    ),
    Kind(
        "what changed",
        ("changed_since",),
        f"{LIST}&includeItemTypes=Movie,Series,Season,Episode&fields=People,Etag&limit=40"
        "&minDateLastSavedForUser=2000-01-01T00:00:00Z",
    ),
    Kind("some of the ids", ("ids_one_missing",), f"/Items?ids={{movies}},{NOBODY}&fields=People"),
    Kind("none of the ids", ("ids_all_missing",), f"/Items?ids={NOBODY}&fields=People"),
    Kind(
        "a field that is none",
        ("unknown_field_is_dropped",),
        f"{LIST}&includeItemTypes=Movie&limit=1&fields=People,Nonsense",
    ),
    Kind("a film by its path", ("single_movie",), "/Items/{movie}?userId={user}", by="user"),
    Kind("a film of nobody", ("single_movie_with_api_key*",), "/Items/{movie}"),
    Kind(
        "/Persons",
        ("persons_page",),
        "/Persons?limit=20&fields=Overview,ProviderIds,ProductionLocations,Etag",
    ),
    Kind("/Persons from the 20th", ("persons_start_index",), "/Persons?startIndex=20&limit=20"),
    Kind("no picture", ("portrait_missing",), "/Items/{bare}/Images/Primary", by="nobody"),
    Kind(
        "no token",
        ("error_401_no_token",),
        f"{LIST}&includeItemTypes=Movie&limit=1",
        by="nobody",
    ),
    Kind(
        "a wrong token",
        ("error_401_wrong_token", "12.0-rc5/legacy_*"),
        f"{LIST}&includeItemTypes=Movie&limit=1",
        by="stranger",
    ),
    Kind("no such item", ("error_404_item",), f"/Items/{NOBODY}?userId={{user}}"),
    Kind("no id", ("error_bad_guid",), "/Items/not-a-guid?userId={user}"),
    Kind("no limit", ("error_bad_limit",), f"{LIST}&limit=abc"),
    Kind("no such path", ("not_found_path",), "/Nothing/Here"),
    Kind("the old prefix", ("12.0-rc5/emby_prefix",), "/emby/Items?limit=1"),
    Kind("a row that cannot be read", ("ids_placeholder_row",), "/Items?ids={movie},{broken}"),
)

JELLYFIN_TOLD = (
    Kind("signed in", ("auth_by_name", "sign_in_flows#POST /Users/AuthenticateWithQuickConnect")),
    Kind("a code", ("sign_in_flows#POST /QuickConnect/Initiate",)),
    Kind("a code that waits", ("sign_in_flows#GET /QuickConnect/Connect 200",)),
    Kind("a code that is none", ("sign_in_flows#GET /QuickConnect/Connect 404",)),
    Kind("a wrong password", ("sign_in_flows#POST /Users/AuthenticateByName 401",)),
    Kind("ForceKeepAlive", ("socket_*#ForceKeepAlive",)),
    Kind("KeepAlive", ("socket_*#KeepAlive",)),
    Kind("LibraryChanged", ("socket_*#LibraryChanged",)),
    Kind("RefreshProgress", ("socket_*#RefreshProgress",)),
    Kind("ServerShuttingDown", ("socket_*#ServerShuttingDown",)),
)
"""What is told in the course of something, compared by the tests that do it."""

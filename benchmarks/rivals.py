"""How the usual client libraries read the whole cast of a library: nothing is kept.

`python -m benchmarks.rivals KIND ADDRESS` reads all films of a Plex by python-plexapi (one
`reload()` each, because its listings have three actors) or of a Jellyfin by
jellyfin-apiclient-python (pages of 100 with `People`). Prints what it read as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from jellyfin_apiclient_python import JellyfinClient
from plexapi.server import PlexServer

from fullcredits.simulate import DEFAULT_PASSWORD, DEFAULT_TOKEN, DEFAULT_USER

PAGE = 100


def plex(address: str) -> tuple[int, int]:
    """Titles and credits, as python-plexapi gives them."""
    server = PlexServer(address, DEFAULT_TOKEN)  # type: ignore[no-untyped-call]
    titles = credits = 0
    try:
        section = server.library.section("Movies")
        for title in section.all():
            title.reload()
            titles += 1
            people = (title.roles, title.directors, title.writers, title.producers)
            credits += sum(map(len, people))
    finally:
        server._session.close()
    return titles, credits


def jellyfin(address: str) -> tuple[int, int]:
    """Titles and credits, as jellyfin-apiclient-python gives them."""
    client = JellyfinClient()
    client.config.app("Benchmark", "1", "desk", "device-1")
    client.config.data["auth.ssl"] = False
    client.auth.connect_to_address(address)
    client.auth.login(address, DEFAULT_USER, DEFAULT_PASSWORD)
    titles = credits = 0
    while True:
        page: dict[str, Any] = client.jellyfin.user_items(
            params={
                "Recursive": True,
                "IncludeItemTypes": "Movie",
                "Fields": "People",
                "StartIndex": titles,
                "Limit": PAGE,
            }
        )
        titles += len(page["Items"])
        credits += sum(len(item["People"]) for item in page["Items"])
        if not page["Items"] or titles >= page["TotalRecordCount"]:
            return titles, credits


def main() -> None:
    """Read everything once."""
    kind, address = sys.argv[1:]
    read = {"plex": plex, "jellyfin": jellyfin}[kind]
    started = time.monotonic()
    titles, credits = read(address)
    seconds = time.monotonic() - started
    print(json.dumps({"titles": titles, "credits": credits, "s": seconds}))


if __name__ == "__main__":
    main()

"""What is not compared."""

from __future__ import annotations

APART = {
    "jellyfin": {
        "INDEX": "says where the files come from",
        "*/startup_sequence*": "whole answers, one by one: test_simulate_startup.py",
        "*/people_arrive*": "what was measured, played again: test_simulate_changes.py",
        "*/portrait_headers": "headers of a picture: test_simulate_jellyfin.py",
        "*person_id_vectors": "names and ids, one by one: test_simulate_people.py",
        "*/library*": "a whole server, person by person: test_simulate_people.py",
        "real_*": "fragments and other versions, read by test_recordings_jellyfin.py",
    },
    "plex": {
        "INDEX": "says where the files come from",
        "error_*": "whole answers, one by one: test_simulate_plex.py",
        "xml_*": "other versions, read by test_recordings_plex.py; XML is made of what JSON says",
        "doc_allLeaves": "one body that stands for four answers",
        "doc_library_metadata": "as above",
        "doc_library_person_media": "as above",
        "doc_section_all": "as above",
        "doc_library_sections_all": "as above: sections were recorded",
        "directory_countries_empty": "nobody asks for lists of countries",
        "hubs_search_*": "cut by who recorded it, and nobody searches",
        "rs_media_providers_*": "nobody asks for providers",
        "rs_metadata_161_collection": "there are no collections",
        "section_detail*": "menus, which are what python-plexapi needs: test_simulate_plex.py",
        "ws_*": "cut by who told of it: test_simulate_sockets.py",
        "webhook_*": "sent by a server, not served; read by tests/web/test_hooks.py",
    },
}
"""Recordings whose form is not compared here, and why not or where."""

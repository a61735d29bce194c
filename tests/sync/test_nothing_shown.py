"""A server that answers and shows nothing: it is told with a remedy, and nothing is lost."""

from __future__ import annotations

import pytest

from fullcredits.model import SourceKind
from fullcredits.simulate.faults import Faults
from tests.sync.scene import FILMS, Scene, fails

pytestmark = pytest.mark.usefixtures("no_pause")

LIBRARIES = {SourceKind.PLEX: "/library/sections", SourceKind.JELLYFIN: "/library/virtualfolders"}
LISTS = {SourceKind.PLEX: "/library/sections/*/all*", SourceKind.JELLYFIN: "/items?*startindex*"}
GIVEN = {SourceKind.PLEX: "/library/metadata/*", SourceKind.JELLYFIN: "/items?*&ids=*"}
NO_LIBRARY = ("shows this account no library with films or series", "open one to it", "disks")


def faults(scene: Scene) -> Faults:
    found: Faults = scene.server.app.state.faults
    return found


def test_a_new_server_without_a_library(scene: Scene) -> None:
    script = faults(scene).script("empty", LIBRARIES[scene.kind])
    fails(scene.house, "Shelf", 3, *NO_LIBRARY)
    assert script.struck > 0
    scene.mend()
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()


def test_a_known_server_without_a_library_loses_nothing(scene: Scene) -> None:
    """Not even where it gives none of the titles by their keys."""
    assert scene.sync().state == "done"
    before = scene.stored()
    faults(scene).script("empty", LIBRARIES[scene.kind])
    fails(scene.house, "Shelf", 3, *NO_LIBRARY, "what was read of it stays")
    faults(scene).script("empty", GIVEN[scene.kind])
    for _ in range(3):
        fails(scene.house, "Shelf", 3, *NO_LIBRARY)
    assert (scene.gone(), scene.holds(), scene.stored()) == (0, [], before)
    scene.mend()
    assert scene.sync().state == "done"
    assert scene.stored() == before


def test_a_small_library_that_is_shown_no_longer_loses_nothing(scene: Scene) -> None:
    """However few titles there are."""
    for number in range(3, FILMS):
        scene.library.drop(f"film-{number:03}")
    scene.library.drop("show-00")
    assert scene.sync().state == "done"
    before = scene.stored()
    faults(scene).script("empty", LIBRARIES[scene.kind])
    faults(scene).script("empty", GIVEN[scene.kind])
    fails(scene.house, "Shelf", 3, *NO_LIBRARY)
    assert (scene.gone(), scene.stored()) == (0, before)


def test_a_new_server_whose_libraries_list_nothing(scene: Scene) -> None:
    faults(scene).script("empty", LISTS[scene.kind])
    fails(scene.house, "Shelf", 3, "no title", "Movies", "still scanning", "may this account")
    scene.mend()
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()


def test_a_known_server_whose_libraries_list_nothing(scene: Scene) -> None:
    """Of what is known, that is told as a library's trouble, or held."""
    assert scene.sync().state == "done"
    before = scene.stored()
    faults(scene).script("empty", LISTS[scene.kind])
    summary = scene.sync()
    assert (summary.state, summary.error) == ("partial", None)
    assert summary.problems or summary.holds
    assert (scene.gone(), scene.stored()) == (0, before)

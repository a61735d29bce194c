"""Seasons that a server lists only after their episodes: made meanwhile, or their list failed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from fullcredits.model import SourceKind
from fullcredits.simulate.faults import Faults
from fullcredits.store.schema import titles
from tests.sync.scene import Scene

pytestmark = pytest.mark.usefixtures("no_pause")

SEASONS = {
    SourceKind.PLEX: "/library/sections/*/all[?]type=3*",
    SourceKind.JELLYFIN: "/items[?]*includeitemtypes=season*",
}


def parents(scene: Scene) -> dict[str, int]:
    """Of how many episodes the parent is of which kind."""
    above = titles.alias()
    query = (
        select(above.c.kind, func.count())
        .join_from(titles, above, above.c.id == titles.c.parent_id)
        .where(titles.c.kind == "episode")
        .group_by(above.c.kind)
    )
    return dict(scene.house.rows(query))


@pytest.mark.parametrize("fault", ["empty", "broken"])
def test_episodes_come_to_their_season(scene: Scene, fault: str) -> None:
    faults: Faults = scene.server.app.state.faults
    script = faults.script(fault, SEASONS[scene.kind])
    scene.sync()
    assert script.struck > 0
    (episodes,) = parents(scene).values()
    scene.mend()
    assert scene.sync().state == "done"
    assert parents(scene) == {"season": episodes}

"""Names and parts as servers really write them arrive as they were served."""

from __future__ import annotations

import pytest

from fullcredits.model import SourceKind
from fullcredits.simulate.catalogue import Catalogue, Human, Stated, Work, catalogue_of
from fullcredits.store import Store
from tests import stated
from tests.faults.scene import served_by

NAMES = (
    "Dan Castellaneta ",  # a blank at the end
    "Frances O&#39;Connor",  # an entity that is none, in JSON
    "Renée Zellweger",
    "Rene\u0301e Zellweger",  # the same, decomposed
    "zoë bell",
    "ZOË BELL",
    "\u05d0\u05d1\u05d9 \u05e0\u05e9\u05e8",  # Hebrew
    "Ｋｅｎ　Ｗ",  # full width
    "A, B",
    "A & B",
    "李安",
    "Ann/Bee",
)
PARTS = ("", "Self - Host", "Healer Han / Additional Voices (voice)", "Bob (uncredited)", "Actor",
         "Director", "Producer", "Him", "Ｈｅｒ", "3 / 4", "x" * 300, "The \"Boss\"")  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    humans = [Human(f"h{n}", name) for n, name in enumerate(NAMES)]
    cast = [
        Stated(human, human.name, "Acting", "Actor", part, n)
        for n, (human, part) in enumerate(zip(humans, PARTS, strict=True))
    ]
    jobs = [
        Stated(humans[2], NAMES[2], "Directing", "Director"),
        Stated(humans[2], NAMES[2], "Production", "Executive Producer"),
        Stated(humans[2], NAMES[2], "Writing", "Screenplay"),
        Stated(humans[2], NAMES[2], "Writing", "Novel"),
    ]
    return catalogue_of([Work("f", "movie", "Fog", year=1961, credits=(*cast, *jobs))], {})


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        (SourceKind.PLEX, "1.43"),
        (SourceKind.JELLYFIN, "10.8"),
        (SourceKind.JELLYFIN, "10.11"),
        (SourceKind.JELLYFIN, "12.0"),
    ],
)
def test_names_and_parts_as_served(
    catalogue: Catalogue, store: Store, kind: SourceKind, version: str
) -> None:
    with served_by(catalogue, kind, version) as server:
        server.add(store)
        assert server.sync(store).state == "done"
        truth = server.served()
        assert stated.credits_of(store, server.name) == truth
    spelled = {name.strip() for name in NAMES} if version == "12.0" else set(NAMES)
    assert {c.name for c in truth} <= spelled
    assert len({c.name for c in truth}) >= len(NAMES) - 2  # names in two cases are one
    jobs = sorted(c.kind for c in truth if c.name == NAMES[2])
    acting = "Role" if kind is SourceKind.PLEX else "Actor"
    writing = ["Writer"] * (2 if version == "12.0" else 1)
    assert jobs == sorted([acting, "Director", "Producer", *writing])

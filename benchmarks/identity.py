"""How right identity is, and how fast: `python -m benchmarks.identity FOLDER`.

Worlds are made of the real credits in FOLDER (`movies.jsonl.gz` and `tv.jsonl.gz`; where it is
there, `justwatch.jsonl.gz` for people numbered in another way). Weights and
thresholds were chosen on one half of the names; the figures printed are those of the other half.
Ends with 1 if a goal is missed.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Iterator
from gzip import open as gzip_open
from itertools import chain
from pathlib import Path

from benchmarks.justwatch import justwatch_worlds
from benchmarks.scores import Scores, halves, score
from benchmarks.size import one_title, whole_library
from benchmarks.titles import title_worlds
from benchmarks.worlds import Truth, World, called_otherwise, known_names, worlds
from fullcredits.identity.people import decide_people
from fullcredits.simulate import Human
from fullcredits.simulate.load import load_catalogue

_COLUMNS = (
    ("joined precision", "joined_precision", 5),
    ("joined recall", "joined_recall", 4),
    ("joined records right", "records_right", 5),
    ("precision of all pairs", "all_precision", 5),
    ("B-cubed precision", "cubed_precision", 4),
    ("B-cubed recall", "cubed_recall", 4),
    ("namesakes apart", "namesakes_apart", 4),
    ("apart, told or not", "namesakes_apart_of_all", 4),
    ("spellings joined", "spellings_joined", 3),
    ("wrongly split", "wrongly_split", 5),
)


def truth_of(folder: Path) -> Truth:
    """The human behind a person: the TMDB id, and of a human entered there twice the lower one."""
    twins: dict[str, str] = {}
    xref = folder / "person_xref.jsonl.gz"
    if xref.exists():
        with gzip_open(xref, "rt", encoding="utf-8") as lines:
            for line in lines:
                ids = sorted(json.loads(line)["tmdb"])
                twins.update((f"tmdb-{other}", f"tmdb-{ids[0]}") for other in ids[1:])

    def truth(human: Human) -> str | None:
        return twins.get(human.id, human.id) if human.ids else None

    return truth


def goals(world: World) -> Iterator[tuple[str, float]]:
    """What a world must reach: the figure's name and its bound (an upper one for splits)."""
    yield "joined_precision", 0.999 if world.overlap == 0 else 0.9995
    if world.overlap is not None and world.overlap >= 50:
        yield "joined_recall", 0.99
    elif world.overlap == 10:
        yield "joined_recall", 0.95
    yield "namesakes_apart", 0.98
    yield "wrongly_split", 0.001


def _of(name: str, scores: Scores) -> str:
    """Of how many a share is, where that is not plain."""
    match name:
        case "records_right":
            return f"of {scores.records_joined:,} pairs of source persons"
        case "spellings_joined":
            return f"of {scores.spellings:,} humans served under several names"
        case "namesakes_apart_of_all":
            return (
                f"with {scores.namesakes_untold:,} pairs whom the other server credits with the"
                f" same job and part, beside the {scores.namesakes:,} above"
            )
        case _:
            return ""


def report(world: World, scores: Scores, proposals: int, seconds: float) -> int:
    """Print a world's figures with their goals; returns how many goals are missed."""
    bounds = dict(goals(world))
    missed = 0
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"\n{world.name}: {len(world.persons):,} source persons, {len(world.credits):,} credits,"
        f" {scores.credits:,} scored"
    )
    for label, name, digits in _COLUMNS:
        value = getattr(scores, name)
        if value is None:
            continue
        goal = ""
        if name in bounds:
            good = value <= bounds[name] if name == "wrongly_split" else value >= bounds[name]
            missed += not good
            goal = f"goal {bounds[name]:g}: {'reached' if good else 'MISSED'}"
        goal = goal or _of(name, scores)
        print(f"  {label:24} {value:.{digits}f}  {goal}".rstrip())
    print(f"  {proposals:,} proposals, {seconds:.1f} s of processor time, peak {megabytes} MB")
    return missed


def main(arguments: list[str]) -> int:
    """Measure every world, then the size of a large library."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    catalogue = known_names(load_catalogue([folder / "movies.jsonl.gz", folder / "tv.jsonl.gz"]))
    gc.freeze()
    missed = title_worlds(catalogue)
    truth = truth_of(folder)
    spaces = justwatch_worlds(folder / "justwatch.jsonl.gz", catalogue, truth)
    for world in chain(worlds(catalogue, truth), spaces):
        _, reported = halves(world)
        start = time.process_time()
        otherwise = called_otherwise(world.persons, world.credits)
        decided = decide_people(world.persons, world.credits, otherwise=otherwise)
        seconds = time.process_time() - start
        figures = score(world, decided.groups, reported)
        missed += report(world, figures, len(decided.proposed), seconds)
        sys.stdout.flush()
    missed += whole_library() + one_title()
    print(f"\n{missed} goals missed" if missed else "\nall goals reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

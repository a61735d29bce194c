"""What was measured, in a table, and which goals it meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.runs import Measured

COLUMNS = ("titles", "credits", "requests", "MB", "s", "whole s", "CPU s", "server CPU s", "MiB")
"""`s` from the first request to the last write; `whole s` with the start of the program."""
Value = int | float | str


class Report:
    """Rows as they come, and in the end the goals."""

    def __init__(self) -> None:
        self._rows: list[list[Value]] = [["", *COLUMNS]]
        self._goals: list[list[Value]] = [["", "measured", "goal", ""]]
        self._notes: list[str] = []
        self.met = True

    def row(self, what: str, figures: Mapping[str, Value]) -> None:
        """One run, its figures by column; told at once, because all of it takes long."""
        self._rows.append([what, *(figures.get(column, "") for column in COLUMNS)])
        told = ", ".join(f"{name} {cell(value)}" for name, value in figures.items())
        print(f"{what}: {told}", flush=True)

    def sync(self, what: str, run: Measured, server: float) -> None:
        """A run of the command; `server` is the processor time of the simulated server."""
        told = run.summary
        self.row(
            what,
            {
                "titles": told["titles"],
                "credits": told["credits"],
                "requests": told["requests"],
                "MB": told["received"] / 1e6,
                "s": run.inner,
                "whole s": run.seconds,
                "CPU s": run.cpu,
                "server CPU s": server,
                "MiB": run.peak >> 20,
            },
        )

    def goal(self, what: str, measured: float, limit: float | None, *, least: bool = False) -> None:
        """At most `limit`, or at least where `least`; None: told only."""
        met = limit is None or (measured >= limit if least else measured <= limit)
        self.met &= met
        sign = "" if limit is None else f"{'≥' if least else '≤'} {limit:g}"
        self._goals.append([what, f"{measured:,.3g}", sign, "" if met else "MISSED"])

    def note(self, words: str) -> None:
        """Something a reader must know."""
        self._notes.append(words)

    def print(self) -> None:
        """Everything once more, in columns."""
        for rows in (self._rows, self._goals):
            print()
            print_table(rows)
        for words in self._notes:
            print(words)


def print_table(rows: Sequence[Sequence[object]]) -> None:
    """Rows in columns, the first left and the others right."""
    cells = [[cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    for first, *others in cells:
        line = [first.ljust(widths[0])]
        line += [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        print("  ".join(line).rstrip())


def cell(value: object) -> str:
    """A value as a table shows it."""
    match value:
        case float():
            return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"
        case int():
            return f"{value:,}"
    return str(value)

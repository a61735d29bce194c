"""How servers are shown: one that just answered, and all as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from fullcredits.cli.terminal import out, print_json
from fullcredits.model import Library, Server, SourceKind
from fullcredits.pages.servers import last_sync
from fullcredits.setup import Checked, Onlooker, Overview


class Shown(Onlooker):
    """Prints of a server that is asked whatever is known, as soon as it is."""

    def met(self, kind: SourceKind, address: str, server: Server) -> None:
        """Who answers."""
        out.print(Text(f"{server.name}: {kind} {server.version} at {address}"))

    def seen_as(self, kind: SourceKind, account: str | None, *, told: bool) -> None:
        """Whose eyes it is seen with."""
        if account:
            out.print(Text(f"seen as {account}", style="dim"))
        elif kind is SourceKind.JELLYFIN:
            beside = ", and a user who is told of changes" if told else ""
            out.print(Text(f"seen with an API key{beside}", style="dim"))

    def holds(self, libraries: Sequence[Library]) -> None:
        """What libraries it shows."""
        for library in libraries:
            out.print(Text(f"  {library.name} ({library.kind})"))


def print_remarks(checked: Checked) -> None:
    """What is good to know of a server, after what `Shown` prints: of all of it, then of its
    libraries; what is missing first.
    """
    places = [None, *(library.name for library in checked.libraries)]
    for place in places:
        of_it = [remark for remark in checked.remarks if remark.library == place]
        for remark in sorted(of_it, key=lambda remark: not remark.limits):
            mark, style = ("! ", "yellow") if remark.limits else ("· ", "dim")
            where = f"{place}: " if place else ""
            out.print(Text(f"{mark}{where}{remark.text}", style=style))


def print_overview(overview: Sequence[Overview], *, as_json: bool) -> None:
    """All sources, without asking their servers."""
    if as_json:
        print_json([_as_dict(one) for one in overview])
        return
    if not overview:
        out.print(Text("No sources yet. Add one with: fullcredits source add"))
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for words in ("name", "kind", "address", "server", "version", "last sync", "problems"):
        table.add_column(words, overflow="fold")
    for one in overview:
        row = one.source
        table.add_row(
            Text(row.name, style="bold"),
            str(row.kind),
            Text(row.address),
            Text(row.server_name or ""),
            Text(row.server_version or ""),
            last_sync(one.last_run).text,
            f"{len(one.problems)}" if one.problems else "",
        )
    out.print(table)


def _as_dict(one: Overview) -> dict[str, object]:
    row, run = one.source, one.last_run
    return {
        "name": row.name,
        "kind": row.kind,
        "address": row.address,
        "link_address": row.link_address,
        "server": row.server_name,
        "version": row.server_version,
        "account": row.server_account,
        "certificates": row.trust.mode,
        "limit": row.at_once,
        "told_of_changes": one.told_of_changes,
        "last_run": run._asdict() if run else None,
        "problems": [problem.message for problem in one.problems],
    }

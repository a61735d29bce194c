"""How servers are shown: one that just answered, and all as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from fullcredits.cli.terminal import out, print_json
from fullcredits.model import SourceKind
from fullcredits.pages.servers import last_sync
from fullcredits.setup import Checked, Overview
from fullcredits.sources.remarks import Remark


def print_checked(checked: Checked) -> None:
    """Who answered, what it holds, and what is good to know of it."""
    server = checked.server
    out.print(Text(f"{server.name}: {checked.kind} {server.version} at {checked.address}"))
    if checked.account:
        out.print(Text(f"seen as {checked.account}", style="dim"))
    elif checked.kind is SourceKind.JELLYFIN:
        alone = any(remark.code == "api-key" for remark in checked.remarks)
        beside = "" if alone else ", and a user who is told of changes"
        out.print(Text(f"seen with an API key{beside}", style="dim"))
    _remarks([remark for remark in checked.remarks if remark.library is None], "")
    for library in checked.libraries:
        out.print(Text(f"  {library.name} ({library.kind})"))
        _remarks([r for r in checked.remarks if r.library == library.name], "    ")


def _remarks(remarks: Sequence[Remark], indent: str) -> None:
    for remark in sorted(remarks, key=lambda remark: not remark.limits):
        mark, style = ("! ", "yellow") if remark.limits else ("· ", "dim")
        out.print(Text(f"{indent}{mark}{remark.text}", style=style))


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

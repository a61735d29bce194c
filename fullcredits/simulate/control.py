"""``/-/…`` on a running simulated server: change its library from outside, slow it, watch it.

``/-/edit?work=film-001&title=…``, ``/-/recast?work=…``, ``/-/add?work=…`` (of the whole catalogue,
also what the server's share of it lacks), ``/-/delete?work=…``, ``/-/refresh?work=…`` change it, by
POST. ``POST /-/scan`` lets it find five films more within 20 seconds, or what ``work=`` names with
commas within ``seconds=``: at first without people, who arrive piecemeal under a mark that is
final. ``POST /-/delay?seconds=0.02`` lets every answer after it come so much later, as over a long
line. ``GET /-/requests`` lists what was answered so far. Nobody is asked for a token: these servers
listen on the loopback interface only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fullcredits.simulate import changes
from fullcredits.simulate.catalogue import Catalogue, Work
from fullcredits.simulate.scans import SECONDS, Scan, Scans
from fullcredits.simulate.traffic import Traffic

_FACTS = ("title", "original_title", "overview", "tagline", "rating", "date")


def control_routes(
    library: changes.Library,
    catalogue: Catalogue,
    traffic: Traffic,
    scan: Callable[[Sequence[Work]], Scan],
) -> list[Route]:
    """The endpoints of one server; ``scan`` makes one that finds these works."""
    scans = Scans(library, catalogue, scan)

    def change(action: str, work: str, facts: dict[str, str]) -> None:
        if action == "edit":
            changes.edit(library, work, **facts)
        elif action == "recast":
            changes.recast(library, work)
        elif action == "add":
            changes.add(library, catalogue, work)
        elif action == "delete":
            changes.delete(library, work)
        elif action == "refresh":
            changes.refresh(library, work)
        else:
            raise KeyError(action)

    async def answer(request: Request) -> Response:
        told = dict(request.query_params)
        facts = {name: told[name] for name in _FACTS if name in told}
        try:
            change(request.path_params["action"], told.get("work", ""), facts)
        except KeyError as error:
            return JSONResponse({"unknown": str(error.args[0])}, 404)
        except ValueError as error:
            return JSONResponse({"refused": str(error)}, 409)
        return Response(status_code=204)

    async def delay(request: Request) -> Response:
        try:
            traffic.delay = float(request.query_params.get("seconds", ""))
        except ValueError as error:
            return JSONResponse({"refused": str(error)}, 409)
        return Response(status_code=204)

    async def begin_scan(request: Request) -> Response:
        told = request.query_params
        try:
            named = [work for work in told.get("work", "").split(",") if work]
            found = scans.begin(named, float(told.get("seconds", SECONDS)))
        except KeyError as error:
            return JSONResponse({"unknown": str(error.args[0])}, 404)
        except ValueError as error:
            return JSONResponse({"refused": str(error)}, 409)
        return JSONResponse({"found": found}, 202)

    async def requests(_request: Request) -> Response:
        return JSONResponse([asked._asdict() for asked in tuple(traffic.requests)])

    return [
        Route("/-/delay", delay, methods=["POST"]),
        Route("/-/scan", begin_scan, methods=["POST"]),
        Route("/-/requests", requests),
        Route("/-/{action}", answer, methods=["POST"]),
    ]

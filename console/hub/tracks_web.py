"""The route of tracks: where a unit has been between two moments."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.domain.ids import UnitId
from console.hub import access
from console.hub.asking import json, who
from console.hub.problems import Refusal
from console.wire.geography import Track

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub


def routes(hub: "Hub") -> list[Route]:
    """What the hub answers about tracks."""

    async def track(request: Request) -> Response:
        if who(hub, request).person.role not in access.MAY_SEE_TRACKS:
            raise Refusal(403, "Where units have been is for people on the floor.", "forbidden")
        unit_id = UnitId(request.path_params["unit_id"])
        since, until = _moment(request, "from"), _moment(request, "to")
        if since > until:
            raise Refusal(400, "A track ends after it begins: `from` is later than `to`.", "wrong-order", "from, to")
        found = await hub.tracks.track(unit_id, since, until)
        if found is None and unit_id not in hub.ledger.state.units:
            raise Refusal(404, f"There is neither a unit {unit_id[:64]} nor a track of one.", "no-such-unit", "unit")
        return json(found or Track(unit_id, ()))

    return [Route("/v1/tracks/{unit_id}", track, methods=["GET"])]


def _moment(request: Request, name: str) -> datetime:
    """A moment that the query names, ISO 8601 with its zone."""
    text = request.query_params.get(name, "")
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    what = f"{text[:64]!r} is no moment with its zone" if text else "no moment is named"
    raise Refusal(400, f"{name}: {what}; write one as in 2026-11-22T14:00:00-05:00.", "no-moment", name)

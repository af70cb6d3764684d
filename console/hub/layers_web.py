"""The route of layers: beats, districts and the like as a desk draws them."""

import asyncio
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.domain.times import local
from console.hub.asking import json, who
from console.wire import codec
from console.wire.geography import Layer

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub


def routes(hub: "Hub") -> list[Route]:
    """What the hub answers about layers."""

    async def layers(request: Request) -> Response:
        """Those in force today, simplified to be drawn; 304 where the desk has them (ETag, RFC 9110 8.8.3)."""
        who(hub, request, uses=False)
        today = local(hub.ledger.state.agency, hub.time.now()).date()
        drawn = await asyncio.to_thread(lambda: found.drawn(today) if (found := hub.ground.layers) else ())
        tag = _tag(drawn)
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"etag": tag})
        answer = json(drawn)
        answer.headers["etag"] = tag
        return answer

    return [Route("/v1/layers", layers, methods=["GET"])]


@lru_cache(2)
def _tag(drawn: tuple[Layer, ...]) -> str:
    return f'"{hashlib.sha256(codec.encode(drawn)).hexdigest()[:20]}"'

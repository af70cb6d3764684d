"""The route of places: what words may mean, by the center's own addresses, streets and places."""

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.domain.agency import Agency
from console.geography.unusable import Unusable
from console.hub.asking import json, who
from console.hub.problems import Refusal
from console.wire.geography import FoundPlace

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub

_LOG = logging.getLogger("console.hub")

WORDS_AT_MOST = 200
"""Characters of an address or a name."""
_FOUND, _FOUND_AT_MOST = 8, 50


def routes(hub: "Hub") -> list[Route]:
    """What the hub answers about places."""

    async def geocode(request: Request) -> Response:
        who(hub, request)
        words, limit = request.query_params.get("q", "").strip(), _limit(request)
        if len(words) > WORDS_AT_MOST:
            raise Refusal(400, f"An address or a name has at most {WORDS_AT_MOST} characters.", "too-long", "q")
        if not words:
            return json(())
        return json(await asyncio.to_thread(_found, hub, words, limit, hub.ledger.state.agency))

    return [Route("/v1/geocode", geocode, methods=["GET"])]


def _found(hub: "Hub", words: str, limit: int, agency: Agency) -> tuple[FoundPlace, ...]:
    from console.geography.geocoder import find_places

    geocoder, crossings = hub.ground.geocoder, hub.ground.crossings
    if geocoder is not None:
        try:
            return geocoder.find(words, limit, agency.center, agency.places, crossings)
        except Unusable as error:
            _LOG.error("the addresses went bad, only places are found: %s; import them again", error)
    return find_places(words, agency.places, limit, agency.center, crossings)


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(_FOUND))[:16]
    limit = int(text) if text.isascii() and text.isdecimal() else 0
    if not 0 < limit <= _FOUND_AT_MOST:
        raise Refusal(400, f"{text!r} is no number of answers; 1 to {_FOUND_AT_MOST} are given.", "no-limit", "limit")
    return limit

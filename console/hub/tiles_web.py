"""What the hub answers about its base map: which tiles there are, and each tile."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.geography.basemap import THEMES
from console.geography.tile_archive import TileName
from console.geography.tile_image import MEDIA_TYPES, tile_image
from console.hub.asking import json, who
from console.hub.map_tiles import TileServerAway, TilesExchanged
from console.hub.problems import Refusal

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub

_FOR_EVER = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"
_DIGITS = 9


def routes(hub: "Hub") -> list[Route]:
    """`/v1/tiles` and `/v1/tiles/{theme}/{z}/{x}/{y}`, for whoever is signed in."""

    async def sets(request: Request) -> Response:
        who(hub, request, uses=False)
        return json(await hub.tiles.sets())

    async def tile(request: Request) -> Response:
        who(hub, request, uses=False)
        theme = next((theme for theme in THEMES if theme == request.path_params["theme"]), None)
        if theme is None:
            raise Refusal(404, f"A map is {' or '.join(THEMES)}.", "no-such-theme", "theme")
        name = TileName(*(_number(request.path_params[part]) for part in ("z", "x", "y")))
        asked = request.query_params.get("archive", "")
        try:
            archive, data = await hub.tiles.tile(theme, name, asked)
        except TilesExchanged:
            raise Refusal(410, "The base map was exchanged; /v1/tiles says which it is now.", "tiles-exchanged") from None
        except TileServerAway as error:
            raise Refusal(502, str(error), "tile-server-away") from None
        image = tile_image(data)
        if image is None:
            return Response(status_code=204, headers={"cache-control": _ASK_AGAIN})
        tag = f'"{archive}-{name.zoom}-{name.column}-{name.row}"'
        headers = {"etag": tag, "cache-control": _FOR_EVER if asked else _ASK_AGAIN}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=MEDIA_TYPES[image.format], headers=headers)

    return [
        Route("/v1/tiles", sets, methods=["GET"]),
        Route("/v1/tiles/{theme}/{z}/{x}/{y}", tile, methods=["GET"]),
    ]


def _number(text: str) -> int:
    """A number of an address; the router's own would fail on thousands of digits, before it is known who asks."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise Refusal(404, "A tile is named by three numbers: zoom, column and row.", "no-such-tile")
    return int(text)

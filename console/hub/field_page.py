"""The page for a tablet's browser, served by the hub out of `resources/field`: nothing of it comes from anywhere else."""

import sys
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.hub.problems import Refusal

_KINDS: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
NO_STORE: Final = {"cache-control": "no-store"}
"""On everything that a tablet is told: another crew may hold it tomorrow."""
HEADERS: Final = {
    **NO_STORE,
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def _folder() -> Path:
    """Beside `console/` in a checkout, inside the bundle when the program is frozen into one."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).parents[2]) / "resources" / "field"


def routes() -> list[Route]:
    """`/field`, and the files that it is made of: those in the folder, and no other path."""
    files = {path.name: path for path in _folder().glob("*") if path.suffix in _KINDS}

    async def page(_request: Request) -> Response:
        return _answer(files, "page.html")

    async def part(request: Request) -> Response:
        return _answer(files, request.path_params["name"])

    return [Route("/field", page, methods=["GET"]), Route("/field/{name}", part, methods=["GET"])]


def _answer(files: dict[str, Path], name: str) -> Response:
    path = files.get(name)
    if path is None:
        raise Refusal(404, "The field's page has no such part.", "no-such-part")
    return Response(path.read_bytes(), headers=HEADERS, media_type=_KINDS[path.suffix])

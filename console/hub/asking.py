"""What routes have in common: who asks, what the body says, and a record as the answer."""

from typing import TYPE_CHECKING, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from console.hub.problems import Refusal
from console.hub.sign_in import Signed
from console.wire import codec

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub

T = TypeVar("T")

BODY_AT_MOST = 1 << 20
"""Bytes of a request's body."""


def who(hub: "Hub", request: Request, *, uses: bool = True) -> Signed:
    """Who asks; whatever is asked is a word of their desk. `uses` is False for what a desk sends by itself."""
    signed = hub.sign_ins.who(request.headers.get("authorization"), uses=uses)
    hub.desks.heard(signed.person.user_id, signed.desk_id)
    return signed


async def body(request: Request, kind: type[T]) -> T:
    """Read the body as a record."""
    try:
        return codec.decode(await body_bytes(request), kind)
    except codec.Unreadable as error:
        raise Refusal(400, f"{error.what}.", "unreadable", error.where) from None


async def body_bytes(request: Request) -> bytes:
    """Read the body, never more of it than `BODY_AT_MOST` bytes."""
    declared = request.headers.get("content-length", "")
    chunks, size = [], 0
    if not (declared.isdecimal() and int(declared) > BODY_AT_MOST):
        async for chunk in request.stream():
            size += len(chunk)
            if size > BODY_AT_MOST:
                break
            chunks.append(chunk)
        else:
            return b"".join(chunks)
    raise Refusal(413, f"The body is larger than {BODY_AT_MOST} bytes.", "too-large")


def json(record: object) -> Response:
    """A record as the answer."""
    return Response(codec.encode(record), media_type="application/json")

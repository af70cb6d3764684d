"""The web address that phone trackers send their fixes to. It answers nothing but whether a fix was understood."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from console.hub.answering import Server
from console.hub.beside import beside
from console.hub.feeds import osmand
from console.hub.feeds.fix import NoFix, Reason
from console.hub.feeds.intake import Intake
from console.hub.feeds.settings import OsmandFeed, place

BODY_AT_MOST = 1 << 20
_AT_ONCE = 1000
"""Requests under way; a phone whose request is refused sends it again."""
_NOT_UNDERSTOOD = frozenset({Reason.UNREADABLE, Reason.NO_DEVICE, Reason.OUT_OF_RANGE, Reason.FAULT})


def app(intake: Intake) -> ASGIApp:
    """Answers 200 for what was understood, whatever becomes of it: a phone that hears no 200 sends the same for ever."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method not in ("GET", "POST"):
            await PlainTextResponse("Send fixes by GET or POST.\n", 405)(scope, receive, send)
            return
        try:
            body = await _body(request)
        except ClientDisconnect:
            return
        if body is None:
            intake.hear(lambda _: [NoFix(Reason.TOO_LONG, f"a request of more than {BODY_AT_MOST} bytes")])
            too_large = PlainTextResponse(f"More than {BODY_AT_MOST} bytes.\n", 413, {"connection": "close"})
            await too_large(scope, receive, send)
            return
        query, content_type = scope["query_string"].decode("latin-1"), request.headers.get("content-type", "")
        heard = intake.hear(lambda at: osmand.read(query, body, content_type, at))
        wrong = [one.what for one in heard if isinstance(one, NoFix) and one.reason in _NOT_UNDERSTOOD]
        words, status = ("\n".join(wrong[:10]) + "\n", 400) if wrong and len(wrong) == len(heard) else ("", 200)
        await PlainTextResponse(words, status)(scope, receive, send)

    return answer


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too large."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_AT_MOST:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


@asynccontextmanager
async def listened(feed: OsmandFeed, intake: Intake) -> AsyncIterator[None]:
    """Answer while the block runs; OSError where the address cannot be had."""
    host, port = place(feed.listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=256) as listening:
        host, port = listening.getsockname()[:2]
        intake.listens.append(f"http [{host}]:{port}" if ":" in host else f"http {host}:{port}")
        config = uvicorn.Config(
            app(intake), http="h11", ws="none", lifespan="off", log_config=None, access_log=False, proxy_headers=False,
            server_header=False, timeout_graceful_shutdown=1, limit_concurrency=_AT_ONCE,
        )  # fmt: skip
        server = Server(config)
        async with beside() as tasks:
            tasks.create_task(server.serve(sockets=[listening]))
            try:
                await server.answering.wait()
                yield
            finally:
                server.ending.set()

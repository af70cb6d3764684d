"""A telephone switch for tests: a small real HTTP server that checks what it is told, and says what became of the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.hub import webhooks
from console.hub.beside import beside
from console.hub.serve import listen, url_of
from console.hub.telephony import Said, Told
from console.hub.telephony_settings import TelephonySettings
from console.wire import codec

KEY = bytes(range(32))


class SmallSwitch:
    """What it was told, and a way for it to say something. `answers` are given in turn; then it takes everything."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.told: list[Told] = []
        self.answers: list[int] = []
        self.tries = 0
        self._moved = asyncio.Event()

    @property
    def settings(self) -> TelephonySettings:
        """How a hub reaches it."""
        return TelephonySettings(name="Small switch", url=self.url, key=KEY, timeout_s=5.0, give_up_s=3600.0)

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until something it was told makes it so."""
        while not met():
            self._moved.clear()
            await self._moved.wait()

    async def hear(self, request: Request) -> Response:
        """Take a message that is signed; a repeat is no second word."""
        body = await request.body()
        self.tries += 1
        status = self.answers.pop(0) if self.answers else 204
        if status < 300:
            message_id = webhooks.verified(request.headers, body, KEY, datetime.now(UTC))
            told = codec.decode(body, Told)
            assert told.id == message_id
            if all(told.id != before.id for before in self.told):
                self.told.append(told)
        self._moved.set()
        return Response(status_code=status)

    async def say(self, hub: httpx.AsyncClient, said: Said, message_id: str = "", key: bytes = KEY) -> httpx.Response:
        """Say something to the hub, signed as it would."""
        body = codec.encode(said)
        headers = webhooks.signed(message_id or str(uuid4()), datetime.now(UTC), body, key)
        return await hub.post("/v1/telephony/events", content=body, headers=headers)


@asynccontextmanager
async def small_switch() -> AsyncIterator[SmallSwitch]:
    """One that answers on a free port of this machine while the block runs."""
    listening = listen("127.0.0.1:0")
    switch = SmallSwitch(f"{url_of(listening)}/heart")
    app = Starlette(routes=[Route("/heart", switch.hear, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    try:
        async with beside() as tasks:
            serving = tasks.create_task(server.serve(sockets=[listening]))
            try:
                yield switch
            finally:
                server.should_exit = True
                await serving
    finally:
        listening.close()

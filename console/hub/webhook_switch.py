"""A telephone switch that is told of hand-offs by signed POSTs, under way as long as the hub runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx

from console.hub import webhooks
from console.hub.app import Hub
from console.hub.beside import beside
from console.hub.hub_time import RealTime
from console.hub.telephony import NotDelivered, Telephony, Told
from console.hub.telephony_settings import TelephonySettings
from console.wire import codec


class Webhook:
    """A switch that is told by signed POSTs."""

    def __init__(self, settings: TelephonySettings, client: httpx.AsyncClient, now: Callable[[], datetime]) -> None:
        """Talk to `settings.url`; `now` is real time, which the signature is about."""
        self._settings, self._client, self._now = settings, client, now

    async def tell(self, told: Told) -> None:
        """POST it, signed anew at each try."""
        body = codec.encode(told)
        headers = webhooks.signed(told.id, self._now(), body, self._settings.key) | {"content-type": "application/json"}
        try:
            answer = await self._client.post(self._settings.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise NotDelivered(f"{type(error).__name__}: {error}") from None
        if not answer.is_success:
            never = answer.is_client_error and answer.status_code not in (408, 425, 429)
            raise NotDelivered(f"it answered {answer.status_code}", refused=never)


@asynccontextmanager
async def told(hub: Hub, settings: TelephonySettings) -> AsyncIterator[None]:
    """While the block runs, the center's switch is told of hand-offs, and its words are taken."""
    async with httpx.AsyncClient(timeout=settings.timeout_s, trust_env=False) as client, beside() as tasks:
        hub.telephony = Telephony(hub.store, hub.ledger, Webhook(settings, client, RealTime().now), settings)
        telling = tasks.create_task(hub.telephony.run())
        try:
            yield
        finally:
            telling.cancel()

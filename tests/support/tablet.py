"""A unit's tablet at a running hub: a token of its own, and short ways to ask and to say."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import httpx

from console.domain.commands import AnyCommand, Order
from console.domain.ids import UnitId
from console.hub import tablets
from console.wire import codec
from console.wire.field import FieldAnswer
from tests.support.hub import RunningHub, order

T1 = UnitId("T1")


class Tablet:
    """One device, by its token."""

    def __init__(self, hub: RunningHub, tablet_id: str, token: str) -> None:
        """`hub` is where it asks."""
        self.hub, self.tablet_id, self.token = hub, tablet_id, token

    @property
    def bearer(self) -> dict[str, str]:
        """The header by which it is known."""
        return {"authorization": f"Bearer {self.token}"}

    async def get(self, path: str = "/v1/field/me") -> httpx.Response:
        """Ask the hub."""
        return await self.hub.client.get(path, headers=self.bearer)

    async def me(self, query: str = "") -> FieldAnswer:
        """The unit as the tablet is told."""
        answer = await self.get(f"/v1/field/me{query}")
        assert answer.status_code == 200, answer.text
        return codec.decode(answer.content, FieldAnswer)

    async def post(self, path: str, body: object) -> httpx.Response:
        """POST a record, or bytes as they are."""
        content = body if isinstance(body, bytes) else codec.encode(body)
        return await self.hub.client.post(path, content=content, headers=self.bearer)

    async def say(self, command: AnyCommand | Order) -> httpx.Response:
        """Send a command under a new id, or an order as it is."""
        return await self.post("/v1/field/commands", command if isinstance(command, Order) else order(command))

    async def revoke(self) -> None:
        """Take its token back."""
        await self.hub.hub.store.write(partial(tablets.revoke, self.tablet_id, datetime.now(UTC)))


async def tablet_of(hub: RunningHub, unit: UnitId = T1) -> Tablet:
    """A new tablet of a unit."""
    made = await hub.hub.store.write(partial(tablets.add, unit, "Vehicle 1", datetime.now(UTC)))
    return Tablet(hub, *made)

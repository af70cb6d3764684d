"""Commands over HTTP: what is taken, what is refused, and in which words."""

from __future__ import annotations

from pathlib import Path

from console.domain.commands import ReceiveCall
from console.domain.ids import CallId
from console.domain.state import Place, Source
from tests.support.agency import CRISIS
from tests.support.hub import in_loop, running_hub


@in_loop
async def test_smoke(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        answer = await hub.order(ReceiveCall(CallId("c1"), Source.PHONE, CRISIS, Place("1 Main St")))
        assert answer.status_code == 200, answer.text
        snap = await hub.get("/v1/snapshot")
        assert snap.status_code == 200
        print(snap.json()["seq"], (await hub.client.get("/v1/health")).text)

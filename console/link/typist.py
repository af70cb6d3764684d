"""Tells the hub what is being typed into a call: the latest words, a few times a second, and only while the link holds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from console.domain.ids import CallId
from console.link.problems import Refused, Unreachable
from console.wire.messages import TYPED_AT_MOST, Typed

EVERY_S = 0.25
"""The least time between two tellings."""

_log = logging.getLogger(__name__)


class Typist:
    """Between a person's keys and the hub. Words that could not be told are not kept: the next key brings newer ones."""

    def __init__(
        self, tell: Callable[[Typed], Awaitable[None]], connected: Callable[[], bool], every_s: float = EVERY_S
    ) -> None:
        """Tell by `tell`, while it is so that `connected`."""
        self._tell, self._connected, self._every_s = tell, connected, every_s
        self._latest: dict[CallId, str] = {}
        self._told: dict[CallId, str] = {}
        self._woken = asyncio.Event()

    def type_into(self, call_id: CallId, text: str) -> None:
        """These words stand in the person's field for the narrative of this call now; "" for none."""
        self._latest[call_id] = text[-TYPED_AT_MOST:]
        self._woken.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            latest, self._latest = self._latest, {}
            for call_id, text in latest.items():
                if self._connected() and text != self._told.get(call_id, ""):
                    await self._tell_one(call_id, text)
            await asyncio.sleep(self._every_s)

    async def _tell_one(self, call_id: CallId, text: str) -> None:
        try:
            await self._tell(Typed(call_id, text))
        except (Unreachable, Refused) as why:
            _log.debug("typing-not-told: %s", why)  # what was typed is in no log
        if text:
            self._told[call_id] = text
        else:
            self._told.pop(call_id, None)

"""One bell for a hub: whatever moves rings it, and every stream that waits looks for itself what is new."""

import asyncio


class Bell:
    """Wakes all who wait. Who looks first and then waits, without giving way between, misses no ring."""

    def __init__(self) -> None:
        """Start silent."""
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        """Return at the next ring."""
        await self._event.wait()

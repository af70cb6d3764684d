"""A desk without its screen: the whole link, at work against a hub, and ways to wait for what it sees."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from console.domain.ids import UnitId, UserId
from console.domain.state import State
from console.link.connection import Connection
from console.link.hub_client import HubClient
from console.link.link_state import LinkState, LinkStatus
from console.link.outbox import Outbox, open_outbox
from console.wire.messages import Session, Typing


class Desk:
    """A connection, and everything it said."""

    def __init__(self, client: HubClient, outbox: Outbox) -> None:
        self.client, self.outbox = client, outbox
        self.batches: list[tuple[State, State, frozenset[UnitId]]] = []
        self.links: list[LinkState] = []
        self.sessions: list[tuple[Session | None, str]] = []
        self.typed: list[dict[str, str]] = []
        """What others were typing, by name, each time it became something else."""
        self._moved = asyncio.Event()
        self.connection = Connection(
            client,
            outbox,
            on_change=self._changed,
            on_link=self._link,
            on_unsent=self._moved.set,
            on_session=self._session,
            on_typing=self._typing,
            jitter=lambda: 0.0,
        )

    @property
    def state(self) -> State:
        return self.connection.state

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until something the connection said makes it so."""
        while not met():
            self._moved.clear()
            await self._moved.wait()

    async def live(self) -> None:
        """Wait for the live board."""
        await self.until(lambda: self.connection.link.state is LinkState.LIVE)

    def _changed(self, old: State, new: State, positions: frozenset[UnitId]) -> None:
        self.batches.append((old, new, positions))
        self._moved.set()

    def _link(self, status: LinkStatus) -> None:
        if self.links[-1:] != [status.state]:
            self.links.append(status.state)
        self._moved.set()

    def _typing(self, typings: tuple[Typing, ...]) -> None:
        self.typed.append({typing.user_id: typing.text for typing in typings})
        self._moved.set()

    def _session(self, session: Session | None, why: str) -> None:
        self.sessions.append((session, why))
        self._moved.set()


@asynccontextmanager
async def desk(
    url: str, folder: Path, user: str | None = "okafor", password: str = "correct horse", *, desk_token: str | None = None
) -> AsyncIterator[Desk]:
    """A desk at work with its outbox in `folder`, signed in as `user` (None: nobody is yet)."""
    outbox, _ = open_outbox(folder)
    try:
        async with HubClient(url, desk_token) as client:
            made = Desk(client, outbox)
            if user is not None:
                await made.connection.sign_in(UserId(user), password)
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(made.connection.run())
                try:
                    yield made
                finally:
                    running.cancel()
    finally:
        await outbox.close()

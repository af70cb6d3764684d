"""One question at a time to the hub, of what is on no board: the newer cancels the older; a hub that is away is said."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from console.domain.agency import Point
from console.domain.contacts import Contacts, NumbersBegun
from console.domain.ids import UnitId
from console.link.problems import HubFault, Refused, Unreachable
from console.ui.store import Store
from console.wire.feeds import FeedHealth
from console.wire.geography import Coverage, FoundPlace, Layer, RoadTimes, Track

T = TypeVar("T")

HISTORY = "history"
_AWAY = "could not be asked: the hub is away"
AWAY = f"{HISTORY} {_AWAY}"


class History(Protocol):
    """Whom a desk asks for contacts: the hub's client (coroutines), or a plain table that answers at once."""

    def contacts(self, callback: str, address: str) -> Awaitable[Contacts] | Contacts:
        """The closed calls of a callback number and of a place."""

    def numbers_begun(self, digits: str) -> Awaitable[NumbersBegun] | NumbersBegun:
        """The numbers with these first digits."""

    def feeds(self) -> Awaitable[tuple[FeedHealth, ...]] | tuple[FeedHealth, ...]:
        """How the feeds of unit positions stand."""

    def geocode(self, words: str) -> Awaitable[tuple[FoundPlace, ...]] | tuple[FoundPlace, ...]:
        """The places that words may mean, the likeliest first."""

    def road_times(self, point: Point) -> Awaitable[RoadTimes | None] | RoadTimes | None:
        """How long each unit needs to a place by the roads; None where the center has no streets."""

    def coverage(self, minutes: Sequence[float]) -> Awaitable[Coverage] | Coverage:
        """The ground that a free unit reaches within so many minutes."""

    def layers(self) -> Awaitable[tuple[Layer, ...]] | tuple[Layer, ...]:
        """The layers of the center's own map."""

    def track(self, unit_id: UnitId, since: datetime, until: datetime) -> Awaitable[Track] | Track:
        """Where a unit has been between two moments."""


class Question(Generic[T]):
    """Holds the one that is on its way. `hear` gets the answer, or None and in words why there is none.

    `about` is what could then not be asked, in those words.
    """

    def __init__(self, store: Store, hear: Callable[[T | None, str], None], about: str = HISTORY) -> None:
        self._store, self._hear, self._about = store, hear, about
        self._on_its_way: asyncio.Task[None] | None = None

    @property
    def waits(self) -> bool:
        """Whether one is on its way."""
        return self._on_its_way is not None

    def ask(self, what: Callable[[History], Awaitable[T] | T]) -> None:
        """Ask this instead of whatever is on its way."""
        self.cancel()
        store, link = self._store, self._store.link
        if store.history is None or (link is not None and not link.connected):
            self._hear(None, f"{self._about} {_AWAY}")
            return
        answer = what(store.history)
        if not inspect.isawaitable(answer):
            self._hear(answer, "")
        elif store.tasks is None:
            raise RuntimeError("a history that takes time to answer needs the desk's task group")
        else:
            self._on_its_way = task = store.tasks.create_task(self._carry(answer))
            if inspect.iscoroutine(answer):
                task.add_done_callback(lambda _: answer.close())  # one given up before its first step was never awaited

    def cancel(self) -> None:
        """Want no answer any more."""
        task, self._on_its_way = self._on_its_way, None
        if task is not None:
            task.cancel()

    async def _carry(self, answer: Awaitable[T]) -> None:
        """Wait for the answer. An exception must not leave this task: it would end every other one of the desk."""
        found: T | None = None
        why = ""
        try:
            found = await answer
        except HubFault:
            why = f"{self._about} could not be asked: the hub failed on it"
        except Unreachable:
            why = f"{self._about} {_AWAY}"
        except Refused as refused:
            why = f"{self._about} could not be asked: {refused.problem.detail}"
        except Exception as error:
            why = f"{self._about} could not be asked: the console failed"
            self._store.failed.emit(error)
        if asyncio.current_task() is self._on_its_way:  # else another question has taken its place
            self._on_its_way = None
            self._hear(found, why)

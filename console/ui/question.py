"""One question at a time to the hub's history: the newer cancels the older, and a hub that is away is said, not hidden."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from console.domain.contacts import Contacts, NumbersBegun
from console.link.problems import HubFault, Refused, Unreachable
from console.ui.store import Store

T = TypeVar("T")

AWAY = "history could not be asked: the hub is away"


class History(Protocol):
    """Whom a desk asks for contacts: the hub's client (coroutines), or a plain table that answers at once."""

    def contacts(self, callback: str, address: str) -> Awaitable[Contacts] | Contacts:
        """The closed calls of a callback number and of a place."""

    def numbers_begun(self, digits: str) -> Awaitable[NumbersBegun] | NumbersBegun:
        """The numbers with these first digits."""


class Question(Generic[T]):
    """Holds the one that is on its way. `hear` gets the answer, or None and in words why there is none."""

    def __init__(self, store: Store, hear: Callable[[T | None, str], None]) -> None:
        self._store, self._hear = store, hear
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
            self._hear(None, AWAY)
            return
        answer = what(store.history)
        if not inspect.isawaitable(answer):
            self._hear(answer, "")
        elif store.tasks is None:
            raise RuntimeError("a history that takes time to answer needs the desk's task group")
        else:
            self._on_its_way = store.tasks.create_task(self._carry(answer))

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
            why = "history could not be asked: the hub failed on it"
        except Unreachable:
            why = AWAY
        except Refused as refused:
            why = f"history could not be asked: {refused.problem.detail}"
        except Exception as error:
            why = "history could not be asked: the console failed"
            self._store.failed.emit(error)
        if asyncio.current_task() is self._on_its_way:  # else another question has taken its place
            self._on_its_way = None
            self._hear(found, why)

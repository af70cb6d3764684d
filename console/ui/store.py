"""The desk's view of the shared state: read it here, learn here that it changed, and send commands through here.

A widget never writes state and never tells another widget. `changed` comes once for every batch that was read from the
hub. In the desk a connection fills the store; a test fills it by hand with `take_state`, `take_positions` and so on.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.changes import changes
from console.domain.commands import AddNarrative, AnyCommand, CommandOutcome, Rejected
from console.domain.ids import CallId, EntryId, UnitId
from console.domain.instant import Instant
from console.domain.positions import Standing, standings
from console.domain.state import Position, State
from console.wire.messages import Session, Typing

if TYPE_CHECKING:
    from console.link.link_state import LinkStatus
    from console.link.outbox import Row
    from console.ui.question import History

Send = Callable[[AnyCommand, Instant | None], Awaitable[CommandOutcome] | CommandOutcome]
"""How commands leave: the connection's way (a coroutine), or a test's plain function that answers at once."""


class Submission:
    """One command on its way. Await it, or give `then` a function; a rejection that nobody asked for becomes a notice."""

    def __init__(self, command: AnyCommand) -> None:
        self.command = command
        self.outcome: CommandOutcome | None = None
        self.heard = False
        self._then: list[Callable[[CommandOutcome], None]] = []

    def then(self, hear: Callable[[CommandOutcome], None]) -> Submission:
        """Call `hear` with the outcome, at once if it is there already; returns this submission."""
        self.heard = True
        if self.outcome is None:
            self._then.append(hear)
        else:
            hear(self.outcome)
        return self

    def settle(self, outcome: CommandOutcome) -> None:
        """Take the outcome and tell whoever asked. Called once, by the store."""
        self.outcome = outcome
        waiting, self._then = self._then, []
        for hear in waiting:
            hear(outcome)

    def __await__(self) -> Generator[Any, None, CommandOutcome]:
        self.heard = True
        if self.outcome is None:
            arrived: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
            self.then(lambda outcome: None if arrived.done() else arrived.set_result(outcome))
            return (yield from arrived.__await__())
        return self.outcome


class Store(QObject):
    """State, positions, link and person as they are now, and signals that say when they are not any more."""

    changed = Signal(object)
    """`console.domain.changes.Changes`, once per batch."""
    positions_changed = Signal(object)
    """`frozenset[UnitId]` of the units whose position is new."""
    link_changed = Signal(object)
    """`LinkStatus`."""
    me_changed = Signal(object)
    """`Session | None`."""
    unsent_changed = Signal(object)
    """The commands that wait for the link, oldest first."""
    typing_changed = Signal(object)
    """`frozenset[CallId]` of the calls into which somebody else began, went on or ended typing."""
    rejected = Signal(object)
    """`Rejected`, of a command whose outcome nobody asked for."""
    failed = Signal(object)
    """The exception of a command that ended neither accepted nor rejected: a fault of the program."""

    def __init__(
        self,
        state: State | None = None,
        *,
        now: datetime | Callable[[], datetime] | None = None,
        submit: Send | None = None,
        positions: Iterable[Position] = (),
        me: Session | None = None,
        link: LinkStatus | None = None,
        tasks: asyncio.TaskGroup | None = None,
    ) -> None:
        super().__init__()
        self.state = State() if state is None else state
        self.positions: Mapping[UnitId, Position] = {p.unit_id: p for p in positions}
        self.standings: Mapping[UnitId, Standing] = standings({}, self.positions, self.positions)
        """Since when each unit has been reporting the point where it is."""
        self.positions_changed.connect(self._follow_standings)
        self.link = link
        self.me = me
        self.unsent: tuple[Row, ...] = ()
        self.send = submit
        self.history: History | None = None
        """Whom to ask for the contacts of a number or place: the hub's client; None where there is no hub."""
        self.typist: Callable[[CallId, str], None] | None = None
        """Whom to tell what is being typed: the connection."""
        self._typing: dict[CallId, list[Typing]] = {}
        self.tasks = tasks
        """Where commands on their way live: owned, and ended, by the desk."""
        self.plays = False
        """Whether the hub said that it plays an exercise; a moment later the board says so too."""
        self._rate: Callable[[], float] = lambda: 1.0
        self._now: Callable[[], datetime] = now if callable(now) else (lambda: now or datetime.now(UTC))

    def now(self) -> datetime:
        """The hub's time, as an aware UTC datetime; reckoned, so it runs on between two heartbeats and in an exercise."""
        return self._now()

    @property
    def rate(self) -> float:
        """Seconds of hub time in one real second: an exercise's speed, else 1."""
        return self._rate()

    def keep_time_by(self, now: Callable[[], datetime], rate: Callable[[], float] = lambda: 1.0) -> None:
        """Take the time, and how fast it runs, from here on: from the connection, or in a test from a function."""
        self._now, self._rate = now, rate

    def submit(self, command: AnyCommand, occurred_at: Instant | None = None) -> Submission:
        """Send a command; `occurred_at` is a person's word about when, None for now. Never raises, never blocks."""
        submission = Submission(command)
        if self.send is None:
            self._settle(submission, Rejected("no-link", "This desk is not connected to a hub; nothing was sent."))
            return submission
        try:
            answer = self.send(command, occurred_at)
        except Exception as error:
            self._fail(submission, error)
            return submission
        if not inspect.isawaitable(answer):
            self._settle(submission, answer)
        elif self.tasks is None:
            raise RuntimeError("a store whose commands take time needs the desk's task group")
        else:
            self.tasks.create_task(self._carry(submission, answer))
        return submission

    async def _carry(self, submission: Submission, answer: Awaitable[CommandOutcome]) -> None:
        """Wait for the hub's answer. An exception must not leave this task: it would end every other one of the desk."""
        try:
            outcome = await answer
        except Exception as error:
            self._fail(submission, error)
        else:
            self._settle(submission, outcome)

    def _settle(self, submission: Submission, outcome: CommandOutcome) -> None:
        submission.settle(outcome)
        if isinstance(outcome, Rejected):
            # One turn later: who sent it may be about to await it.
            QTimer.singleShot(0, self, lambda: None if submission.heard else self.rejected.emit(outcome))

    def _fail(self, submission: Submission, error: Exception) -> None:
        submission.settle(Rejected("fault", "The console failed while sending this; it may not have been sent."))
        self.failed.emit(error)

    def take_state(self, state: State) -> None:
        """Show this state from now on, and say what is different."""
        old, self.state = self.state, state
        different = changes(old, state)
        if different:
            self.changed.emit(different)

    def share_positions(self, positions: Mapping[UnitId, Position]) -> None:
        """Show these from here on. Whoever changes them in place says so by `moved`."""
        self.positions = positions

    def moved(self, units: frozenset[UnitId]) -> None:
        """The positions of these units are new."""
        self.positions_changed.emit(units)

    def take_positions(self, positions: Iterable[Position]) -> None:
        """Replace the last known position of each of these units."""
        fresh = {p.unit_id: p for p in positions}
        if fresh:
            self.positions = {**self.positions, **fresh}
            self.moved(frozenset(fresh))

    def _follow_standings(self, fresh: frozenset[UnitId]) -> None:
        self.standings = standings(self.standings, self.positions, fresh)

    def take_link(self, link: LinkStatus) -> None:
        """The link is so from now on."""
        if link != self.link:
            self.link = link
            self.link_changed.emit(link)

    def take_me(self, me: Session | None) -> None:
        """This person is signed in here from now on; None for nobody."""
        if me != self.me:
            self.me = me
            self.me_changed.emit(me)

    def type_into(self, call_id: CallId, text: str) -> None:
        """Let the others on this call see what stands half-written in the field for its narrative; "" once nothing does.

        Called with each key; never with words of a clinical note.
        """
        if self.typist is not None:
            self.typist(call_id, text)

    def typing(self, call_id: CallId) -> list[Typing]:
        """What others are typing into this call's narrative now, whoever began first before the others."""
        return list(self._typing.get(call_id, ()))

    def take_typing(self, typings: Iterable[Typing]) -> None:
        """This, and no more, is being typed by others from now on."""
        before, self._typing = self._typing, {}
        for typing in typings:
            self._typing.setdefault(typing.call_id, []).append(typing)
        calls = before.keys() | self._typing.keys()
        different = frozenset(call_id for call_id in calls if before.get(call_id) != self._typing.get(call_id))
        if different:
            self.typing_changed.emit(different)

    @property
    def unsent_entries(self) -> frozenset[EntryId]:
        """The narrative entries among what waits: the board shows them already, marked as not sent."""
        return frozenset(row.command.entry_id for row in self.unsent if isinstance(row.command, AddNarrative))

    def take_unsent(self, unsent: tuple[Row, ...]) -> None:
        """These commands wait for the link."""
        if unsent != self.unsent:
            self.unsent = unsent
            self.unsent_changed.emit(unsent)

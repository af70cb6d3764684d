"""A desk's whole link to the hub as one thing: what is true, what is unsent, how the link is, and how to ask for change."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from console.domain.commands import Accepted, AnyCommand, CommandOutcome, Order, Rejected
from console.domain.events import LogEntry
from console.domain.ids import CallId, CommandId, Seq, UnitId, UserId
from console.domain.instant import Instant
from console.domain.state import Position, State
from console.link.backoff import Backoff
from console.link.events_stream import Message
from console.link.follow import follow
from console.link.fresh import new_command_id
from console.link.hub_client import HubClient
from console.link.hub_time import HubTime
from console.link.link_state import LinkStatus, LinkWatch
from console.link.outbox import UNSETTLED, Outbox, OutboxFailed, Row, RowState, expires
from console.link.problems import Refused, Unreachable
from console.link.projection import project
from console.link.replica import Replica
from console.link.sender import Bound, Sender
from console.link.typist import Typist
from console.wire.messages import BeingTyped, Heartbeat, Session, Snapshot, Typing

LOOK_EVERY_S = 1.0

_log = logging.getLogger(__name__)


class Connection:
    """One desk at one hub.

    What it promises: `state` is the hub's as far as this desk has heard, with what was given while the link was down
    carried out on top; `on_change` is called once for all that one read brought, after the state has changed; a command
    is on this desk's disk before anything else happens with it; and an accepted one is in `state` by the time `submit`
    returns. Callbacks run in the loop's own turn and are not to raise.
    """

    def __init__(
        self,
        client: HubClient,
        outbox: Outbox,
        *,
        on_change: Callable[[State, State, frozenset[UnitId]], None] = lambda _old, _new, _positions: None,
        on_link: Callable[[LinkStatus], None] = lambda _status: None,
        on_unsent: Callable[[], None] = lambda: None,
        on_session: Callable[[Session | None, str], None] = lambda _session, _why: None,
        on_typing: Callable[[tuple[Typing, ...]], None] = lambda _typings: None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Compose the parts; nothing is asked of the hub before `sign_in` and `run`.

        `on_change` gets the old and new state and the units whose position moved; `on_session` who is signed in now and,
        when the hub ended it, why; `on_typing` all that others are typing now into the calls that this person is on.
        """
        self._client = client
        self._outbox = outbox
        self._on_change = on_change
        self._on_link = on_link
        self._on_unsent = on_unsent
        self._on_session = on_session
        self._on_typing = on_typing
        self._replica = Replica()
        self._time = HubTime()
        self._watch = LinkWatch(self._link_changed, self._time)
        self._follow_backoff = Backoff(jitter)
        self._sender = Sender(
            client,
            outbox,
            self._bound,
            Backoff(jitter),
            answered=self._answer,
            changed=self._rows_changed,
            signed_out=self._ended,
            echoed=lambda delay_ms: self._watch.echo(delay_ms, time.monotonic()),
            hub_time=lambda in_s: self._time.now(time.monotonic() + in_s),
        )
        self._typist = Typist(client.type_into, lambda: self.link.connected)
        self._typings: tuple[Typing, ...] = ()
        self._heartbeat = asyncio.Event()
        self._session: Session | None = None
        self._session_changed = asyncio.Event()
        self._state = self._replica.state
        self._moved: set[UnitId] = set()
        self._telling = False
        self._shown = Seq(0)
        self._link_told = self._watch.status
        self._rows_moved = False
        self._answers: dict[CommandId, asyncio.Future[CommandOutcome]] = {}
        self._waiting: list[tuple[Seq, asyncio.Future[None]]] = []

    @property
    def state(self) -> State:
        """The board as it is to be shown."""
        return self._state

    @property
    def confirmed(self) -> State:
        """The board as the hub has said it; what `state` has beyond it is "not sent"."""
        return self._replica.state

    @property
    def positions(self) -> Mapping[UnitId, Position]:
        """The last known position of each unit; changed in place."""
        return self._replica.positions

    @property
    def seq(self) -> Seq:
        """The last entry of the log that `confirmed` has."""
        return self._replica.seq

    @property
    def link(self) -> LinkStatus:
        """How the link is now."""
        return self._watch.status

    @property
    def session(self) -> Session | None:
        """Who is signed in at this desk."""
        return self._session

    @property
    def unsent(self) -> tuple[Row, ...]:
        """What the person signed in should know about: held up, come back, or refused without their seeing it."""
        mine = self._outbox.of(self._session.user_id if self._session else None)
        return tuple(row for row in mine if row.late and row.state is not RowState.ACCEPTED)

    @property
    def unsent_of_others(self) -> int:
        """How many commands of other people wait on this desk until they sign in here again."""
        return len(self._outbox.rows) - len(self._outbox.of(self._session.user_id if self._session else None))

    def now(self) -> datetime:
        """The hub's time now, in UTC; in an exercise the exercise's."""
        return self._time.now(time.monotonic())

    @property
    def rate(self) -> float:
        """Seconds of hub time in one real second: 1, or an exercise's speed."""
        return self._time.rate

    async def sign_in(self, user_id: UserId, password: str) -> Session:
        """Sign in at the hub under this desk's id, in the place of whoever was. Raises `Refused` or `Unreachable`."""
        before = self._session
        session = await self._client.sign_in(user_id, password, self._outbox.desk_id)
        self._become(session, "")
        if before is not None and before.user_id != user_id:
            try:
                await self._client.end(before)
            except (Unreachable, Refused) as why:
                _log.info("sign-out-not-heard: %s", why)
        return session

    async def sign_out(self) -> str:
        """Sign out, also where the hub does not answer; "" once it is done, else why the hub keeps the person at work.

        What is unsent stays, for the same person.
        """
        try:
            await self._client.sign_out()
        except Unreachable as why:
            _log.info("sign-out-not-heard: %s", why)
        except Refused as refused:
            if not refused.signed_out:
                return str(refused)
        self._become(None, "")
        return ""

    async def run(self) -> None:
        """Keep the board, and send what waits, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(), name="follow")
            tasks.create_task(self._sender.run(), name="sender")
            tasks.create_task(self._look(), name="look")
            tasks.create_task(self._answer_heartbeats(), name="here")
            tasks.create_task(self._typist.run(), name="typist")

    async def submit(self, command: AnyCommand, occurred_at: Instant | None = None) -> CommandOutcome:
        """Have a command carried out; return when the hub has answered and `state` has it.

        It is on this desk's disk before it is sent. Without a link it waits there: a recording until the link is back,
        an order for 30 s, after which the outcome is `Rejected("not-sent")` and the row stands in `unsent`.
        """
        if self._session is None:
            return Rejected("signed-out", "Nobody is signed in at this desk.")
        if self.link.outdated:
            return Rejected("outdated", f"{self.link.detail} Nothing can be changed from here until both are the same.")
        if self._replica.log_id is None:
            return Rejected("no-board", "This desk has not received the board yet; nothing was kept. Try again when it has.")
        row = Row(
            place=self._outbox.take_place(),
            order=Order(new_command_id(), command, occurred_at),
            user_id=self._session.user_id,
            log_id=self._replica.log_id,
            made_at=self.now(),
            expires_at=expires(command, time.time()),
            state=RowState.SENDING if self.link.connected else RowState.WAITING,
            late=not self.link.connected,
        )
        answer: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
        self._answers[row.command_id] = answer
        try:
            await self._outbox.write(row)
            self._rows_changed()
            self._sender.wake()
            outcome = await answer
            if isinstance(outcome, Accepted):
                await self._reached(outcome.seq)
            return outcome
        except OutboxFailed as failed:
            return Rejected("not-kept", f"{failed} Nothing was sent.")
        finally:
            del self._answers[row.command_id]

    def type_into(self, call_id: CallId, text: str) -> None:
        """Let others on this call see what is half-written in the field for its narrative; "" once nothing is.

        Returns at once. The latest words are told a few times a second while the link holds, and nowhere kept.
        """
        self._typist.type_into(call_id, text)

    async def send_now(self, command_id: CommandId) -> None:
        """Send a row that came back; its outcome shows in `unsent`, or by its being gone from there."""
        await self._sender.send_now(command_id)

    async def discard(self, command_id: CommandId) -> None:
        """Drop a row that came back, or one that was refused and has been seen."""
        await self._sender.discard(command_id)

    async def _follow(self) -> None:
        """Follow while somebody is signed in, and whenever somebody else is, anew with their session."""
        while True:
            self._session_changed.clear()
            if self._session is None:
                await self._session_changed.wait()
                continue
            async with asyncio.TaskGroup() as tasks:
                following = tasks.create_task(self._follow_signed_in(), name="following")
                await self._session_changed.wait()
                following.cancel()
            if self._session is None:
                self._watch.lost("Signed out.", time.monotonic())
            else:
                self._watch.asking("Signing in.", time.monotonic())

    async def _follow_signed_in(self) -> None:
        try:
            await follow(self._client, self._replica, self._watch, self._took, self._follow_backoff)
        except Refused as refused:
            self._ended(refused)

    async def _answer_heartbeats(self) -> None:
        """Answer each heartbeat, so that the hub knows of a desk that lives and that its board moves."""
        while True:
            await self._heartbeat.wait()
            self._heartbeat.clear()
            session = self._session
            try:
                if session is not None:
                    await self._client.here()
            except Unreachable as why:
                _log.debug("heartbeat-not-answered: %s", why)  # whether the link holds is seen by the stream
            except Refused as refused:
                if refused.signed_out and self._session is session:
                    self._ended(refused)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self._watch.look(time.monotonic())
            await self._sender.look()

    def _took(self, message: Message | Snapshot) -> None:
        """Note what a message changed; the desk is told at the end of the turn, once for all that the read brought."""
        match message:
            case LogEntry():
                self._sender.saw(message)
            case Snapshot():
                self._moved.update(self._replica.positions)
                self._waiting = [(Seq(0), reached) for _, reached in self._waiting]  # it may be of another log
                self._sender.wake()
                self._show_typing(())  # the stream that follows says anew what is being typed
            case Heartbeat():
                self._heartbeat.set()
            case BeingTyped(typings):
                self._show_typing(typings)
            case tuple():
                self._moved.update(position.unit_id for position in message)
        self._tell_soon()

    def _show_typing(self, typings: tuple[Typing, ...]) -> None:
        if typings != self._typings:
            self._typings = typings
            self._on_typing(typings)

    def _tell_soon(self) -> None:
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        """Say what is new since the last time: the state first, so that all else is said of a board that has it."""
        self._telling = False
        self._sender.reached(self._replica.seq)
        old, moved = self._state, frozenset(self._moved)
        self._state, self._shown = project(self._replica.state, self._not_sent()), self._replica.seq
        self._moved.clear()
        status, link_moved = self.link, self.link != self._link_told
        rows_moved, self._link_told, self._rows_moved = self._rows_moved, status, False
        try:
            if self._state is not old or moved:
                self._on_change(old, self._state, moved)
            if link_moved:
                self._on_link(status)
            if rows_moved:
                self._on_unsent()
        finally:
            self._release()

    def _not_sent(self) -> tuple[Row, ...]:
        """The rows that the board shows as if carried out: none that is merely on its way."""
        mine = self._outbox.of(self._session.user_id if self._session else None)
        held = (r for r in mine if r.state in UNSETTLED and r.log_id == self._replica.log_id)
        return tuple(row for row in held if row.late or not self.link.connected)

    async def _reached(self, seq: Seq) -> None:
        """Wait until the board has entry `seq`, or cannot get it for now."""
        if self._shown < seq and self.link.connected:
            reached = asyncio.get_running_loop().create_future()
            self._waiting.append((seq, reached))
            await reached

    def _release(self) -> None:
        """Let go whoever waited for an entry that came, or that will not come soon."""
        still = []
        for seq, reached in self._waiting:
            if reached.done():
                continue
            if self._shown >= seq or not self.link.connected:
                reached.set_result(None)
            else:
                still.append((seq, reached))
        self._waiting = still

    def _bound(self) -> Bound | None:
        if self._session is None or self._replica.log_id is None or not self.link.connected:
            return None
        return Bound(self._session.user_id, self._replica.log_id)

    def _answer(self, command_id: CommandId, outcome: CommandOutcome) -> bool:
        answer = self._answers.get(command_id)
        if answer is None or answer.done():
            return False
        answer.set_result(outcome)
        return True

    def _rows_changed(self) -> None:
        self._rows_moved = True
        self._tell_soon()

    def _link_changed(self, status: LinkStatus) -> None:
        if not status.connected:
            self._sender.held_up()
            self._show_typing(())
        self._sender.wake()
        self._tell_soon()

    def _ended(self, refused: Refused) -> None:
        """The hub does not accept the session any more."""
        self._client.use(None)
        self._become(None, refused.problem.detail)

    def _become(self, session: Session | None, why: str) -> None:
        self._session = session
        self._session_changed.set()
        self._show_typing(())
        self._sender.wake()
        self._on_session(session, why)
        self._rows_changed()

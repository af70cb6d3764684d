"""The seam to the center's telephone switch: what a hand-off asks of it, and what it says of the line.

Two adapters. *Manual*, where the hub knows no switch: nothing is sent, the desk shows the extension to dial, and people
tick what they hear. *Webhook* (`webhook_switch.py`): each step of a hand-off is a signed POST to the switch (`Told`), and
the switch says in signed POSTs to `/v1/telephony/events` what became of the line (`Said`).

What the hub sends is delivered at least once and in order; `id` tells a repeat. What it takes is carried out once for each
`webhook-id`. That both hear each other is never the switch's word: a person's ears say so (09 NCAC 06C .0209).
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Literal, Protocol

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from console.domain import events as e
from console.domain import queries
from console.domain.commands import AnyCommand, BridgeHandOff, CommandOutcome, LoseCaller, Order
from console.domain.events import LogEntry
from console.domain.hand_off import HandOff
from console.domain.ids import CallBackId, CallId, CommandId, HandOffId, Seq, UserId, derived_id
from console.domain.instant import Instant
from console.domain.state import Call, State
from console.hub import webhooks
from console.hub.hub_time import RealTime
from console.hub.ledger import Ledger
from console.hub.problems import Refusal
from console.hub.store import Store
from console.hub.tables import telephony_cursor
from console.hub.telephony_settings import TelephonySettings
from console.wire import codec

_LOG = logging.getLogger("console.hub")

TELEPHONY = UserId("telephony")
"""The switch, as one who says things of a call."""
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 15.0

Step = Literal["offered", "accepted", "released", "ended", "taken_over"]
_STEPS: dict[type[e.Event], Step] = {
    e.HandOffOffered: "offered",
    e.HandOffAccepted: "accepted",
    e.HandOffReleased: "released",
    e.CallTakenOver: "taken_over",
    e.HandOffDeclined: "ended",
    e.HandOffTimedOut: "ended",
    e.HandOffWithdrawn: "ended",
    e.HandOffReturned: "ended",
    e.CallerLost: "ended",
}


class Line(Struct, frozen=True):
    """One end of a hand-off: who, and what to dial."""

    user: UserId
    name: str
    extension: str


class Told(Struct, frozen=True):
    """What the switch is told.

    `accepted` asks it to bring all three onto one line, `released` to let `from_line` go, `taken_over` to bring the caller
    from `from_line` to `to_line`.

    `now` is where the hand-off stands as this is sent: after an outage it may have gone on since.
    """

    id: str
    type: str
    at: Instant
    call: CallId
    number: str
    callback: str
    hand_off: HandOffId
    now: str
    reason: str
    from_line: Line
    to_line: Line


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """What the switch says: all three are on one line, or the caller has hung up."""

    type: Literal["hand_off.bridged", "call.caller_lost"]
    call: CallId
    hand_off: HandOffId = HandOffId("")


class NotDelivered(Exception):
    """The switch did not take it. `refused`: it never will."""

    def __init__(self, words: str, *, refused: bool = False) -> None:
        """Say what it answered, or that it did not."""
        super().__init__(words)
        self.refused = refused


class Switch(Protocol):
    """A center's telephone switch, as far as the hub needs it. Where there is none, no `Telephony` runs: people dial."""

    async def tell(self, told: Told) -> None:
        """Have it told, or raise `NotDelivered`."""


class Telephony:
    """Tells a switch of every hand-off, in the order of the log, from where an earlier hub stopped."""

    def __init__(
        self, store: Store, ledger: Ledger, switch: Switch, settings: TelephonySettings, first_retry_s: float = FIRST_RETRY_S
    ) -> None:
        """Go on after what the store says was delivered; a store that knows of no switch begins now, not with its past."""
        self._store, self._ledger, self._switch, self._settings = store, ledger, switch, settings
        self._first_retry_s = first_retry_s
        found = store.read_now(_delivered)
        self._unmarked = found is None
        self.delivered: Seq = ledger.head if found is None else found
        self.trouble = ""
        """Why the switch takes nothing at the moment; "" while it does."""

    async def heard(self, headers: Mapping[str, str], body: bytes) -> CommandOutcome:
        """Carry out what the switch says, once for each id; refuses what is not its word."""
        try:
            message_id = webhooks.verified(headers, body, self._settings.key, RealTime().now())
            said = codec.decode(body, Said)
        except webhooks.NotGenuine as error:
            raise Refusal(401, str(error), "not-genuine") from None
        except codec.Unreadable as error:
            raise Refusal(400, f"{error.what}.", "unreadable", error.where) from None
        order = Order(CommandId(derived_id("telephony", message_id)), command_of(said, message_id))
        return await self._ledger.submit(order, TELEPHONY)

    async def run(self) -> None:
        """Tell it all that happens, until cancelled."""
        if self._unmarked:
            await self._mark(self.delivered)
        while True:
            if self.delivered >= self._ledger.head:
                await self._ledger.bell.wait()
                continue
            for entry in await self._ledger.entries(self.delivered):
                told = told_of(self._ledger.log_id, entry, self._ledger.state)
                if told is not None:
                    await self._deliver(told)
                    await self._mark(entry.seq)
                self.delivered = entry.seq

    async def _deliver(self, told: Told) -> None:
        """Try until it is taken, refused, or older than it may get: a switch must not bridge now what was wanted then."""
        wait = self._first_retry_s
        while True:
            try:
                await self._switch.tell(told)
            except NotDelivered as error:
                self.trouble = f"The switch has not taken {told.type} of call {told.number}: {error}"
                old = RealTime().now() - told.at > timedelta(seconds=self._settings.give_up_s)
                if error.refused or old:
                    _LOG.error("telephony: %s; given up, the floor goes on by hand", self.trouble)
                    return
                _LOG.warning("telephony: %s; tried again in %.1f s", self.trouble, wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_RETRY_S)
            else:
                self.trouble = ""
                return

    async def _mark(self, seq: Seq) -> None:
        await self._store.write(partial(_keep_delivered, seq))


def told_of(log_id: str, entry: LogEntry, state: State) -> Told | None:
    """What the switch is told of an entry of the log; None where it is nothing to it."""
    step = _STEPS.get(type(entry.event))
    if step is None or not isinstance(entry.event, e.HandOffEvent):
        return None
    call = state.calls.get(entry.event.call_id)
    if call is None:
        return None
    if isinstance(entry.event, e.CallTakenOver):
        return _told(log_id, entry, step, state, call, call.hand_off, entry.event.from_user, entry.by)
    wanted = getattr(entry.event, "hand_off_id", None)
    hand_off = next((h for h in call.hand_offs if h.hand_off_id == wanted), None)
    if hand_off is None:
        return None
    return _told(log_id, entry, step, state, call, hand_off, hand_off.from_user, hand_off.to_user)


def _told(
    log_id: str, entry: LogEntry, step: Step, state: State, call: Call, hand_off: HandOff | None, from_: UserId, to: UserId
) -> Told:
    return Told(
        f"{log_id}-{entry.seq}", f"hand_off.{step}", entry.recorded_at, call.call_id, call.number, call.callback,
        hand_off.hand_off_id if hand_off else HandOffId(""), hand_off.state.value if hand_off else "",
        hand_off.reason if hand_off else "", _line(state, from_), _line(state, to),
    )  # fmt: skip


def _line(state: State, user: UserId) -> Line:
    person = state.people.get(user)
    return Line(user, queries.person_name(state, user), person.extension if person else "")


def command_of(said: Said, message_id: str) -> AnyCommand:
    """What the switch's word is as a command; the same word is always the same one."""
    if said.type == "hand_off.bridged":
        return BridgeHandOff(said.call, said.hand_off)
    return LoseCaller(said.call, CallBackId(derived_id("caller lost", message_id)))


def _delivered(connection: Connection) -> Seq | None:
    found = connection.execute(select(telephony_cursor.c.delivered)).scalar()
    return None if found is None else Seq(found)


def _keep_delivered(seq: Seq, connection: Connection) -> None:
    connection.execute(delete(telephony_cursor))
    connection.execute(insert(telephony_cursor).values(delivered=seq))

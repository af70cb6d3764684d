"""Feeding recorded calls to a hub, each at its time; feeding them again makes no second call."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from console.domain.commands import Accepted, CommandOutcome, Order, ReceiveCall, Rejected
from console.domain.ids import CallId, CommandId, Seq, derived_id
from console.recorded.pace import Pace
from console.recorded.recorded_call import RecordedCall

IN_FLIGHT = 16
"""Calls on their way to the hub at once, so that its waiting commands can be committed together."""

Send = Callable[[Order], Awaitable[CommandOutcome]]
"""Gives an order to the hub and returns its outcome; raises HubLost when there is none."""

BEGINNING = Seq(0)
"""Where an empty log ends."""
ALREADY_THERE = "call-known"
"""How the hub refuses a call that it has: fed before, by a mapping that has been changed since."""
TRIES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds after which a call is sent again to a hub that did not answer; then the feeding ends."""


class HubLost(Exception):
    """The hub did not answer an order; the words say why. Sending it again is harmless."""


class Fed(Struct):
    """How far the feeding has come: calls the hub took, had already, and refused, and the last call sent.

    `head` is where the hub's log ended before: a call that was accepted up to there was fed before.
    """

    head: Seq = BEGINNING
    taken: int = 0
    there: int = 0
    refused: int = 0
    last: RecordedCall | None = None


class Replayed(Struct, frozen=True):
    """What makes orders of recorded calls: the mapping's name, the local zone, and whether the recorded times stay."""

    name: str
    zone: ZoneInfo
    recorded_times: bool

    def order(self, call: RecordedCall) -> Order:
        """The order that has the hub receive a call. The same call always makes the same ids."""
        call_id = derived_id("recorded", self.name, call.key)
        command = ReceiveCall(
            call_id=CallId(call_id),
            source=call.source,
            nature=call.nature,
            place=call.place,
            priority=call.priority,
            nature_text=call.nature_text,
            callback=call.callback,
            language=call.language,
            reference=call.reference,
            flags=call.flags,
            text=self._text(call),
        )
        # The hub keeps its first answer to an id: a call it refused gets another one once the mapping makes it another.
        command_id = CommandId(derived_id("receive", msgspec.json.encode(command).decode()))
        return Order(command_id, command, call.received_at if self.recorded_times else None)

    def _text(self, call: RecordedCall) -> str:
        """The first narrative: what the recording says, and when and with whom, which nothing else would show."""
        when = f"Recorded {local(call.received_at, self.zone)}." if not self.recorded_times else ""
        units = f"Units: {', '.join(call.units)}." if call.units else ""
        return " ".join(filter(None, (call.text, when, units)))


def local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the clock of the place showed it."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


async def replay(
    calls: Iterable[RecordedCall],
    replayed: Replayed,
    pace: Pace,
    send: Send,
    fed: Fed,
    refused: Callable[[RecordedCall, Rejected], None],
    stepped: Callable[[], object],
) -> None:
    """Send the calls in their order, each when `pace` says; `fed` is kept up to date, also when this is cancelled.

    A call the hub refuses is told to `refused` and the next one follows. Raises HubLost when `send` goes on doing so.
    """
    waiting = iter(calls)
    turn = asyncio.Lock()

    async def feed() -> None:
        while True:
            async with turn:
                call = next(waiting, None)
                if call is None:
                    return
                await pace.until(call.received_at)
            outcome = await _sent(replayed.order(call), send, pace.wait)
            match outcome:
                case Rejected(code) if code != ALREADY_THERE:
                    fed.refused += 1
                    refused(call, outcome)
                case Accepted(seq) if seq > fed.head:
                    fed.taken += 1
                case _:
                    fed.there += 1
            if fed.last is None or call.received_at >= fed.last.received_at:
                fed.last = call
            stepped()

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(IN_FLIGHT):
                tasks.create_task(feed())
    except ExceptionGroup as group:
        lost, other = group.split(HubLost)
        if lost is None or other is not None:
            raise
        raise lost.exceptions[0] from None


async def _sent(order: Order, send: Send, wait: Callable[[float], Awaitable[None]]) -> CommandOutcome:
    """Send an order, again after a while if the hub did not answer: it may be starting again."""
    for seconds in TRIES_S:
        try:
            return await send(order)
        except HubLost:
            await wait(seconds)
    return await send(order)

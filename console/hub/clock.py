"""The hub's clock as an actor: what becomes due is a command like any other, with an id made from what it is about.

So two hubs that see the same thing due do it once, and a hub that was down catches up when it starts.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from console.domain.commands import AnyCommand, FileClosedCalls, Order, TimeOutHandOff
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, CommandId, derived_id
from console.domain.state import State
from console.hub.ledger import Ledger, NotRecorded

TICK_S = 1.0
"""Hub seconds between two looks; never more than 20 looks in a real second, however fast an exercise runs."""
_LOOKS_A_SECOND = 20


def due(state: State, now: datetime, log_id: str) -> list[Order]:
    """What time has made due: hand-offs nobody answered, and once an hour the filing of calls closed long ago."""
    limit = timedelta(seconds=state.agency.hand_off_s)
    orders = [
        _order(TimeOutHandOff(call.call_id, hand_off.hand_off_id), "hand-off-timed-out", hand_off.hand_off_id)
        for call in state.calls.values()
        if call.closing is None
        and (hand_off := call.hand_off) is not None
        and hand_off.state is HandOffState.OFFERED
        and now >= hand_off.offered_at + limit
    ]
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    before = hour - timedelta(hours=state.agency.keep_closed_h)
    if any(call.closing is not None and call.closing.at < before for call in state.calls.values()):
        orders.append(_order(FileClosedCalls(before), "closed-calls-filed", log_id, hour.isoformat()))
    return orders


async def run(
    ledger: Ledger, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]], speed: Callable[[], float]
) -> None:
    """Submit what is due, look again after a tick, until cancelled."""
    settled: set[CommandId] = set()
    while True:
        orders = due(ledger.state, now(), ledger.log_id)
        try:
            for order in orders:
                if order.command_id not in settled:
                    await ledger.submit(order, CLOCK)
                    settled.add(order.command_id)
        except NotRecorded:
            pass  # the store's trouble, which the ledger has reported; it is still due at the next look
        settled &= {order.command_id for order in orders}
        await sleep(max(TICK_S, speed() / _LOOKS_A_SECOND))


def _order(command: AnyCommand, *about: str) -> Order:
    return Order(CommandId(derived_id(*about)), command)

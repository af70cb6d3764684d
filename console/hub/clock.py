"""The hub's clock as an actor: what becomes due is a command like any other, with an id made from what it is about.

So two hubs that see the same thing due do it once, and a hub that was down catches up when it starts.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from console.domain import queries
from console.domain.commands import (
    AnyCommand,
    CommandOutcome,
    EndWrapUp,
    FileClosedCalls,
    FileFollowUps,
    MissCheck,
    OfferNext,
    Order,
    QueueForClinician,
    TimeOutHandOff,
)
from console.domain.ids import CLOCK, CommandId, DeskId, HandOffId, LogId, UserId, derived_id
from console.domain.ringing import whom_to_ring
from console.domain.state import Presence, PresenceStatus, State
from console.domain.status_check import status_check
from console.hub.ledger import NotRecorded

KEEP_FOLLOW_UPS = timedelta(days=90)
"""How long what was owed after a call stays on the live lists once it is done: the longest span of the published figures."""
TICK_S = 1.0
"""Hub seconds between two looks; never more than 20 looks in a real second, however fast an exercise runs."""
LOOKS_A_SECOND = 20


class Board(Protocol):
    """What the clock needs of a hub's ledger."""

    log_id: LogId

    @property
    def state(self) -> State:
        """The board as it stands."""

    async def submit(self, order: Order, by: UserId, desk_id: DeskId | None = None) -> CommandOutcome:
        """Carry out a command."""


def due(state: State, now: datetime, log_id: str) -> list[Order]:
    """What time has made due: who is rung next, whose wrap-up is over, whose check was missed, and hourly what is filed."""
    orders = [*_hand_offs(state, now), *_wrap_ups(state, now), *_checks(state, now)]
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    before = hour - timedelta(hours=state.agency.keep_closed_h)
    if any(call.closing is not None and call.closing.at < before for call in state.calls.values()):
        orders.append(_order(FileClosedCalls(before), "closed-calls-filed", log_id, hour.isoformat()))
    before = hour - KEEP_FOLLOW_UPS
    ended = [one.ended for one in state.call_backs.values()] + [one.ended for one in state.referrals.values()]
    if any(stamp is not None and stamp.at < before for stamp in ended):
        orders.append(_order(FileFollowUps(before), "follow-ups-filed", log_id, hour.isoformat()))
    return orders


def _hand_offs(state: State, now: datetime) -> Iterator[Order]:
    """Offers that rang out, also at once where nothing is heard of the desk they ring at; then the next to ring.

    Each clinician is rung for one caller at a look: for the one who stands first in the queue.
    """
    limit = timedelta(seconds=state.agency.hand_off_s)
    rung: set[UserId] = set()
    for call in sorted((c for c in queries.open_calls(state) if c.seeking or c.hand_offs), key=queries.rank):
        hand_off, seeking = call.hand_off, call.seeking
        if hand_off is not None and hand_off.rings:
            person = state.people.get(hand_off.to_user)
            lost = person is not None and person.lost_at is not None
            if lost or now >= hand_off.offered_at + limit:
                out = TimeOutHandOff(call.call_id, hand_off.hand_off_id)
                yield _order(out, "hand-off-timed-out", hand_off.hand_off_id)
        elif seeking is not None and not (hand_off is not None and hand_off.connects):
            found = (one.person for one in whom_to_ring(state, call, seeking.programme).candidates)
            person = next((one for one in found if one.user_id not in rung), None)
            if person is not None:
                rung.add(person.user_id)
                again = str(now.timestamp() // max(1, state.agency.hand_off_s))
                about = ("offer-next", call.call_id, str(len(call.hand_offs)), *_idle(state, person), again)
                offer = OfferNext(call.call_id, HandOffId(derived_id("hand-off", *about)), person.user_id)
                yield _order(offer, *about)
            elif seeking.queued_at is None:
                queue = QueueForClinician(call.call_id, seeking.programme)
                yield _order(queue, "queued", call.call_id, seeking.since.isoformat(), str(len(call.hand_offs)))


def _idle(state: State, person: Presence) -> tuple[str, str, str]:
    """Who is idle since when: refused once, the same offer is another one when they are idle anew, or a while later."""
    ended = (h.changed_at or h.offered_at for c in state.calls.values() for h in c.hand_offs if h.to_user == person.user_id)
    return person.user_id, person.since.isoformat(), max(ended, default=person.since).isoformat()


def _wrap_ups(state: State, now: datetime) -> Iterator[Order]:
    limit = state.agency.hand_off.wrap_up_s
    if not limit:
        return
    for person in state.people.values():
        if person.status is PresenceStatus.WRAP_UP and now >= person.since + timedelta(seconds=limit):
            over = EndWrapUp(person.user_id, person.since)
            yield _order(over, "wrap-up-over", person.user_id, person.since.isoformat())


def _checks(state: State, now: datetime) -> Iterator[Order]:
    """Status checks that went unanswered, each miss once."""
    for unit in state.units.values():
        asked = status_check(state, unit)
        if asked is None or now < asked.overdue_at:
            continue
        grace = max(1.0, (asked.overdue_at - asked.due_at).total_seconds())
        due = min(int((now - asked.due_at).total_seconds() // grace), state.agency.checks.escalate_after)
        if due > asked.misses:
            missed = MissCheck(unit.unit_id, asked.due_at, asked.misses + 1)
            yield _order(missed, "check-missed", unit.unit_id, asked.due_at.isoformat(), str(missed.misses))


async def run(
    ledger: Board, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]], speed: Callable[[], float]
) -> None:
    """Look, and look again after a tick, until cancelled."""
    settled: set[CommandId] = set()
    while True:
        await look(ledger, now(), settled)
        await sleep(max(TICK_S, speed() / LOOKS_A_SECOND))


async def look(board: Board, now: datetime, settled: set[CommandId]) -> None:
    """Submit what is due. `settled` are the orders of earlier looks that had their answer and are due still."""
    orders = due(board.state, now, board.log_id)
    try:
        for order in orders:
            if order.command_id not in settled:
                await board.submit(order, CLOCK)
                settled.add(order.command_id)
    except NotRecorded:
        pass  # the store's trouble, which the ledger has reported; it is still due at the next look
    settled &= {order.command_id for order in orders}


def _order(command: AnyCommand, *about: str) -> Order:
    return Order(CommandId(derived_id(*about)), command)

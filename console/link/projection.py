"""What the board would be if everything waiting were accepted: the same rules, over a copy, stored nowhere."""

from collections.abc import Iterable

from msgspec.structs import replace

from console.domain.commands import Rejected
from console.domain.evolve import evolve
from console.domain.state import State
from console.link.outbox import UNSETTLED, Row


def project(state: State, rows: Iterable[Row]) -> State:
    """The state with the unsettled rows carried out, in order, each as of the moment it was given.

    A row that would be rejected changes nothing here; the hub says so to the person when it is sent. A call that exists
    only here bears no number: the hub gives it one. `changes.changes(state, projected)` names what is "not sent".
    """
    waiting = [row for row in rows if row.state in UNSETTLED]
    if not waiting:
        return state
    from console.domain.decide import decide  # a start needs no rules, so they are loaded after it

    projected = state
    for row in waiting:
        at = row.order.occurred_at or row.made_at
        events = decide(projected, row.command, row.user_id, at)
        if not isinstance(events, Rejected):
            for event in events:
                projected = evolve(projected, event, row.user_id, at)
    unnumbered = {i: replace(call, number="") for i, call in projected.calls.items() if i not in state.calls}
    return replace(projected, calls=projected.calls | unnumbered) if unnumbered else projected

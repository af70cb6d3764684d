"""What is still to be done about a response that turned: whom to tell, what to send instead, whom to call back. Pure."""

from console.domain.agency import Agency
from console.domain.programmes import Responds
from console.domain.queries import assigned_units
from console.domain.state import Call, State, Transition, Unit
from console.domain.unit_status import ARRIVED


def instead_of(transition: Transition) -> tuple[str, ...]:
    """The programmes and services that were proposed in place of a response that turned, in the order to send them."""
    return tuple(code for code in (transition.instead, *transition.along) if code)


def still_to_send(agency: Agency, call: Call, transition: Transition) -> tuple[str, ...]:
    """Of what was proposed instead, what nobody has sent yet. A later turn takes the place of an earlier one.

    Nothing, once the call is closed or a person said that it is not needed.
    """
    latest = call.transitions[-1].transition_id == transition.transition_id
    if not latest or call.closing is not None or transition.waived is not None:
        return ()
    return tuple(code for code in instead_of(transition) if not _was_sent(agency, call, transition, code))


def _was_sent(agency: Agency, call: Call, transition: Transition, code: str) -> bool:
    for assignment in call.assignments:
        was_there = assignment.cleared_at is None or assignment.cleared_at > transition.at
        if assignment.programme == code and was_there and not assignment.recalled:
            return True
    if any(order.service == code for order in call.services):
        return True
    programme = agency.programme(code)
    if programme is None or programme.responds is not Responds.BY_PHONE:
        return False
    if call.in_care_of is not None and call.hand_off is not None and call.hand_off.programme == code:
        return True
    return any(h.programme == code and h.taken_at is not None and h.taken_at > transition.at for h in call.hand_offs)


def open_turns(agency: Agency, call: Call) -> tuple[Transition, ...]:
    """The turns of which somebody has yet to be told, or in whose place something has yet to be sent."""
    return tuple(turned for turned in call.transitions if turned.untold or still_to_send(agency, call, turned))


def to_recall(state: State, call: Call, transition: Transition) -> list[Unit]:
    """The units of a programme that turned which are on their way to the call: they can be called back until they arrive."""
    return [
        unit
        for unit in assigned_units(state, call)
        if unit.programme in transition.programmes and unit.status not in ARRIVED
    ]

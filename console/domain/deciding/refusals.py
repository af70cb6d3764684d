"""What the decisions have in common: their form, and the rejections that several share, in one wording each."""

from console.domain.commands import Rejected
from console.domain.events import AnyEvent
from console.domain.ids import CallId, UnitId
from console.domain.state import Call, State, Unit

Decision = tuple[AnyEvent, ...] | Rejected
"""What comes of a command: the events that it causes (none, where it changes nothing), or why it may not be."""

LONGEST_TEXT = 10_000
"""Characters that one narrative entry, note or reason may have."""


def open_call(state: State, call_id: str) -> Call | Rejected:
    """The call of that id if it is still open."""
    call = state.calls.get(CallId(call_id))
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": call_id})
    if call.closing is not None:
        return Rejected("call-closed", f"Call {call.number} is already closed.", {"call": call_id})
    return call


def known_unit(state: State, unit_id: str) -> Unit | Rejected:
    """The unit of that id."""
    unit = state.units.get(UnitId(unit_id))
    return unit or Rejected("unit-unknown", f"There is no unit {unit_id} on the roster.", {"unit": unit_id})


def unknown_service(state: State, code: str) -> Rejected | None:
    """A rejection if the agency has no such service outside its programmes."""
    known = {service.code for service in state.agency.other_services}
    if code in known:
        return None
    words = f"{code} is not a service of this agency. It has {', '.join(sorted(known))}."
    return Rejected("service-unknown", words, {"service": code})


def text(words: str, what: str, *, needed: bool = True) -> Rejected | None:
    """A rejection if the words are missing or longer than `LONGEST_TEXT`."""
    if needed and not words.strip():
        return Rejected("text-missing", f"{what} is empty. Say it in a few words.")
    if len(words) > LONGEST_TEXT:
        return Rejected("text-too-long", f"{what} has {len(words):,} characters; {LONGEST_TEXT:,} are the most.")
    return None

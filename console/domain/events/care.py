"""What happened to a call in care: messages, asks of dispatch, what was told outside the clinical compartment."""

from console.domain.asks import AskOutcome
from console.domain.events.event import Event
from console.domain.ids import AskId, CallId, EntryId


class MessageSent(Event, frozen=True, tag=True):
    """Between those who hand a caller over; kept with the call."""

    call_id: CallId
    entry_id: EntryId
    text: str


class SummaryReleased(Event, frozen=True, tag=True):
    """A clinician told everybody on purpose what they may know; it becomes an entry of the narrative."""

    call_id: CallId
    entry_id: EntryId
    text: str


class ResponseAsked(Event, frozen=True, tag=True):
    """A clinician asks dispatch for a programme or a service, by its code."""

    call_id: CallId
    ask_id: AskId
    code: str
    reason: str = ""
    is_for_a_unit: bool = False


class AskAnswered(Event, frozen=True, tag=True):
    call_id: CallId
    ask_id: AskId
    outcome: AskOutcome
    reason: str = ""


class ThreatDisclosed(Event, frozen=True, tag=True):
    """A clinician told a service of an imminent threat (45 CFR 164.512(j)); `basis` says why it is one."""

    call_id: CallId
    disclosure_id: str
    to: str
    text: str
    basis: str


class DisclosureAcknowledged(Event, frozen=True, tag=True):
    call_id: CallId
    disclosure_id: str


CareEvent = MessageSent | SummaryReleased | ResponseAsked | AskAnswered | ThreatDisclosed | DisclosureAcknowledged

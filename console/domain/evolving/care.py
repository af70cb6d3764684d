"""What an event of a call in care changes: messages, asks of dispatch, what is told outside the clinical compartment."""

from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain.asks import Ask, AskAnswer, Disclosure
from console.domain.evolving.changing import with_call
from console.domain.ids import UserId
from console.domain.instant import Instant, Stamp
from console.domain.state import Entry, State


def evolved(state: State, event: e.CareEvent, by: UserId, at: Instant) -> State:
    """The state after an event of a call in care."""
    call, stamp = state.calls[event.call_id], Stamp(by, at)
    match event:
        case e.MessageSent(_, entry_id, text):
            call = replace(call, messages=(*call.messages, Entry(entry_id, text, by, at)))
        case e.SummaryReleased(_, entry_id, text):
            call = replace(call, narrative=(*call.narrative, Entry(entry_id, text, by, at, summary=True)))
        case e.ResponseAsked(_, ask_id, code, reason, is_for_a_unit):
            call = replace(call, asks=(*call.asks, Ask(ask_id, code, stamp, reason, is_for_a_unit=is_for_a_unit)))
        case e.AskAnswered(_, ask_id, outcome, reason):
            answer = AskAnswer(outcome, stamp, reason)
            asks = tuple(replace(ask, answer=answer) if ask.ask_id == ask_id else ask for ask in call.asks)
            call = replace(call, asks=asks)
        case e.ThreatDisclosed(_, disclosure_id, to, text, basis):
            call = replace(call, disclosures=(*call.disclosures, Disclosure(disclosure_id, to, text, basis, stamp)))
        case e.DisclosureAcknowledged(_, disclosure_id):
            read = tuple(replace(d, acknowledged=stamp) if d.disclosure_id == disclosure_id else d for d in call.disclosures)
            call = replace(call, disclosures=read)
        case _:
            assert_never(event)
    return with_call(state, call, at)

"""Calls from receipt to closing. The law that matters most: an eligible call is served, or its missing has a reason."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.commands import Rejected
from console.domain.conditions import NOT_KNOWN
from console.domain.deciding.care import answered_by_sending
from console.domain.deciding.refusals import Decision, open_call, text, unknown_service
from console.domain.ids import CallId, EntryId, NatureCode, UserId, derived_id
from console.domain.instant import Instant
from console.domain.state import PRIORITIES, Answered, Call, Place, State
from console.domain.triage.interview import asked_in_vain, settled_by
from console.domain.triage.protocol import Answer, Question


def receive(state: State, command: c.ReceiveCall, at: Instant) -> Decision:
    """A new call gets the next number of its local day. An unknown nature is a configuration gap, not a lost call."""
    if command.call_id in state.calls:
        return Rejected("call-known", "A call with this id is already on the board.", {"call": command.call_id})
    refusal = (
        _bad_priority(command.priority, allow_none=True)
        or _bad_place(command.place)
        or text(command.text, "The narrative", needed=False)
        or _unknown_nature(state, command.nature)
    )
    if refusal:
        return refusal
    day = at.astimezone(ZoneInfo(state.agency.time_zone)).date().isoformat()
    count = state.numbering.last + 1 if state.numbering.day >= day else 1
    received = e.CallReceived(
        command.call_id, f"{count:04d}", max(day, state.numbering.day), count, command.source, command.nature,
        command.priority or state.agency.nature(command.nature).priority, command.place,
        nature_text=command.nature_text, callback=command.callback, language=command.language,
        reference=command.reference, flags=tuple(dict.fromkeys(command.flags)),
    )  # fmt: skip
    told = _told_by_flags(state, command.call_id, received.flags)
    if not command.text.strip():
        return (received, *told)
    first = EntryId(derived_id("first-entry", command.call_id))
    return (received, *told, e.NarrativeAdded(command.call_id, first, command.text))


def add_narrative(state: State, command: c.AddNarrative) -> Decision:
    """Words are added to a closed call too: what was learned late belongs to the record."""
    call = state.calls.get(command.call_id)
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    if command.entry_id in [entry.entry_id for entry in call.narrative]:
        return ()
    return text(command.text, "The entry") or (e.NarrativeAdded(command.call_id, command.entry_id, command.text),)


def seal_note(state: State, command: c.SealNote) -> Decision:
    """That a note was sealed, on a closed call too. A second one under the same id is refused: its words would be lost."""
    call = state.calls.get(command.call_id)
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    if any(note.note_id == command.note_id for note in call.notes):
        return Rejected("note-known", f"Call {call.number} already has a note of this id.", {"note": command.note_id})
    return (e.NoteSealed(command.call_id, command.note_id, command.kind, command.hash),)


def recode(state: State, command: c.RecodeCall) -> Decision:
    """Another nature. What the call began as stays in `start_nature`."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if call.nature == command.nature:
        return ()
    return _unknown_nature(state, command.nature) or (e.CallRecoded(command.call_id, command.nature),)


def prioritise(state: State, command: c.PrioritiseCall) -> Decision:
    """Another priority."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if call.priority == command.priority:
        return ()
    refusal = _bad_priority(command.priority, allow_none=False)
    return refusal or (e.CallPrioritised(command.call_id, command.priority),)


def locate(state: State, command: c.LocateCall) -> Decision:
    """Another place."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if call.place == command.place:
        return ()
    return _bad_place(command.place) or (e.CallLocated(command.call_id, command.place),)


def change_callback(state: State, command: c.ChangeCallback) -> Decision:
    """Another number to call back."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if call.callback == command.callback:
        return ()
    refusal = text(command.callback, "The callback number", needed=False)
    return refusal or (e.CallbackChanged(command.call_id, command.callback),)


def raise_flag(state: State, command: c.RaiseFlag) -> Decision:
    """A flag that every summary of the call shows; the agency may say which facts it tells."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if command.flag in call.flags:
        return ()
    told = _told_by_flags(state, command.call_id, (command.flag,))
    return text(command.flag, "The flag") or (e.FlagRaised(command.call_id, command.flag), *told)


def lower_flag(state: State, command: c.LowerFlag) -> Decision:
    """Take a flag down, and what it told; what a person, or a flag that stays up, says of the fact stands."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if command.flag not in call.flags:
        return ()
    up = [flag for flag in call.flags if flag != command.flag]
    stands = {told.fact: told for told in _told_by_flags(state, command.call_id, up)}
    gone = [told.fact for told in call.told if told.flag == command.flag]
    back = (stands.get(fact) or e.FactTakenBack(command.call_id, fact) for fact in gone)
    return (e.FlagLowered(command.call_id, command.flag), *back)


def answer_question(state: State, command: c.AnswerQuestion) -> Decision:
    """An answer of the protocol in force; the event carries its version and the facts it sets.

    A first "not known" to a question that has other words sets nothing yet: it is asked again.
    """
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    protocol = next((p for p in state.agency.protocols if p.id == command.protocol), None)
    question = protocol.question(command.question) if protocol else None
    answer = question.answer(command.answer) if question else None
    if protocol is None or question is None or answer is None:
        about = {"protocol": command.protocol, "question": command.question, "answer": command.answer}
        return Rejected("answer-unknown", "The protocol in force has no such question or answer.", about)
    before = next((a for a in call.answers if a.question == question.id), None)
    if command.seen is not None and command.seen != ((before.answer, before.attempt) if before else ("", 0)):
        return _answered_meanwhile(state, call, question, before, answer)
    if before and (before.answer, before.version) == (answer.key, protocol.version) and not asked_in_vain(question, before):
        return ()
    attempt, sets = settled_by(question, answer, before)
    return (e.QuestionAnswered(command.call_id, protocol.id, protocol.version, question.id, answer.key, sets, attempt),)


def _answered_meanwhile(state: State, call: Call, question: Question, before: Answered | None, answer: Answer) -> Decision:
    """The answer that was given was seen with another one, or none, before it: whoever was quicker is not overruled."""
    about: dict[str, str] = {"call": call.call_id, "question": question.id}
    if before is None:
        return Rejected("answered-meanwhile", "The answer that you changed was taken back a moment ago.", about)
    if before.answer == answer.key:
        return ()
    stands = question.answer(before.answer)
    words = next(iter(stands.text.values()), before.answer) if stands else before.answer
    name = queries.person_name(state, before.by)
    reason = f"{name} answered this a moment ago: “{words}”. It stands; change it if it is wrong."
    return Rejected("answered-meanwhile", reason, about)


def take_back_answer(state: State, command: c.TakeBackAnswer) -> Decision:
    """Remove one answer; the others stay where they still apply."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if not any(answered.question == command.question for answered in call.answers):
        return ()
    return (e.AnswerTakenBack(command.call_id, command.question),)


def set_fact(state: State, command: c.SetFact) -> Decision:
    """A fact told by hand, with the reason. It stands until it is taken back or a later answer says otherwise."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    about = {"fact": command.fact, "value": command.value}
    fact = state.agency.facts.get(command.fact)
    if fact is None:
        return Rejected("fact-unknown", f"{command.fact} is not a fact of this agency.", about)
    if command.value not in fact.values and command.value != NOT_KNOWN:
        return Rejected("value-unknown", f"{command.value!r} is not a value of {fact.name}.", about)
    given = next((told for told in call.told if told.fact == command.fact), None)
    if given and given.value == command.value == call.facts.get(command.fact):
        return ()
    return text(command.reason, "The reason") or (e.FactSet(command.call_id, command.fact, command.value, command.reason),)


def take_back_fact(state: State, command: c.TakeBackFact) -> Decision:
    """Remove a fact that was set by hand."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if not any(told.fact == command.fact for told in call.told):
        return ()
    return (e.FactTakenBack(command.call_id, command.fact),)


def order_other_service(state: State, command: c.OrderOtherService) -> Decision:
    """Ask another service to the call. That does not serve an eligible call: its missing still wants a reason."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if any(order.service == command.service for order in call.services):
        name = state.agency.name_of(command.service)
        return Rejected("service-already-ordered", f"{name} was already asked to call {call.number}.")
    refusal = unknown_service(state, command.service) or text(command.reason, "The reason", needed=False)
    ordered = e.OtherServiceOrdered(command.call_id, command.service, command.reason)
    return refusal or (ordered, *answered_by_sending(call, command.service))


def close(state: State, command: c.CloseCall, by: UserId) -> Decision:
    """End a call with exactly one of an outcome and, where an eligible call was served by nobody, a reason."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    about: dict[str, str] = {"call": command.call_id}
    on_it = queries.current_assignments(call)
    if on_it:
        names = ", ".join(a.unit_id for a in on_it)
        are, them = ("is", "it") if len(on_it) == 1 else ("are", "them")
        words = f"{names} {are} still on call {call.number}. Clear or recall {them} first."
        return Rejected("unit-still-assigned", words, about)
    if call.hand_off and call.hand_off.is_open:
        words = f"Call {call.number} is being handed over. Wait until it is released, or withdraw it."
        return Rejected("hand-off-open", words, about)
    if call.in_care_of is not None and call.in_care_of != by:
        holder = queries.person_name(state, call.in_care_of)
        return Rejected("in-care-of-another", f"Call {call.number} is in the care of {holder}, who closes it.", about)
    untold = [party for transition in call.transitions for party in transition.untold]
    if untold:
        who = ", ".join(queries.party_words(state, party) for party in untold)
        words = f"The response to call {call.number} turned, and not everybody was told. Tick who has been: {who}."
        return Rejected("turn-not-told", words, about)
    if bool(command.outcome) == bool(command.missed):
        return Rejected("closing-unclear", "A call closes with an outcome or with why it was missed: one of them.", about)
    must_say_why = call.eligible_since is not None and not queries.served(call)
    refusal = text(command.note, "The note", needed=False)
    refusal = refusal or (_unknown_nature(state, command.nature) if command.nature else None)
    if refusal:
        return refusal
    turned_out = command.nature if command.nature != call.nature else NatureCode("")
    if must_say_why:
        return _missed(state, command, call.number, turned_out)
    if command.missed:
        why = "somebody served it" if queries.served(call) else "no programme was ever open to it"
        return Rejected("not-missed", f"Call {call.number} was not missed: {why}. Close it with an outcome.", about)
    if command.outcome not in {outcome.code for outcome in state.agency.outcomes}:
        return Rejected("outcome-unknown", f"{command.outcome} is not an outcome of this agency.", about)
    return (e.CallClosed(command.call_id, outcome=command.outcome, note=command.note, nature=turned_out),)


def _missed(state: State, command: c.CloseCall, number: str, turned_out: NatureCode) -> Decision:
    about: dict[str, str] = {"call": command.call_id}
    if not command.missed:
        words = f"Call {number} was eligible and nobody served it. Close it with the reason why it was missed."
        return Rejected("missed-reason-needed", words, about)
    reason = next((r for r in state.agency.missed_reasons if r.code == command.missed), None)
    if reason is None:
        return Rejected("missed-reason-unknown", f"{command.missed} is not a reason of this agency.", about)
    if reason.needs_text and not command.note.strip():
        return Rejected("note-needed", f'"{reason.name}" wants a few words in the note.', about)
    return (e.CallClosed(command.call_id, missed=command.missed, note=command.note, nature=turned_out),)


def file_closed(state: State, command: c.FileClosedCalls) -> Decision:
    """Take calls that closed long ago off the live board. Never one that is open."""
    old = tuple(call.call_id for call in state.calls.values() if call.closing and call.closing.at < command.closed_before)
    return (e.CallsFiled(old),) if old else ()


def _told_by_flags(state: State, call_id: CallId, flags: Iterable[str]) -> tuple[e.FactSet, ...]:
    sets = {fact: (value, flag) for flag in flags for fact, value in state.agency.flags.get(flag, {}).items()}
    return tuple(e.FactSet(call_id, fact, value, f"flag {flag}", flag) for fact, (value, flag) in sets.items())


def _unknown_nature(state: State, nature: str) -> Rejected | None:
    if nature in state.agency.natures:
        return None
    return Rejected("nature-unknown", f"{nature} is not in the catalogue of natures.", {"nature": nature})


def _bad_priority(priority: str, *, allow_none: bool) -> Rejected | None:
    if priority in PRIORITIES or (allow_none and not priority):
        return None
    return Rejected("priority-unknown", f"Priority {priority!r} is not P or 1 to 9.", {"priority": priority})


def _bad_place(place: Place) -> Rejected | None:
    """A point outside the world, or half a point."""
    latitude, longitude = place.latitude, place.longitude
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return Rejected("place-outside", "The point is not a latitude and longitude on this world.")
    return None

"""What the strip of a hand-off says: its steps and ticks, who has the caller now, what comes if nobody does. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from console.domain import queries
from console.domain.follow_ups import CallBack
from console.domain.hand_off import STRIP, Connection, HandOff, HandOffState
from console.domain.ids import HandOffId, UserId
from console.domain.instant import Stamp
from console.domain.ringing import whom_to_ring
from console.domain.state import Call, Role, State
from console.domain.times import about, span, time_of_day
from console.ui.actions import action, key_words
from console.ui.call.hand_off_proposal import second_programme, speaks_words
from console.ui.handoff.mishaps import ended_by, lost_call_back, not_heard, not_reachable, standing_take_over, was_reached
from console.ui.queue.rows import language

_STEP_WORDS: Final[dict[HandOffState, str]] = {
    HandOffState.OFFERED: "Offered",
    HandOffState.SEEN: "On screen",
    HandOffState.ACCEPTED: "Accepted",
    HandOffState.BRIDGED: "Bridged",
    HandOffState.RELEASED: "Released",
    HandOffState.DECLINED: "Declined",
    HandOffState.TIMED_OUT: "No answer",
    HandOffState.WITHDRAWN: "Withdrawn",
    HandOffState.RETURNED: "Returned",
    HandOffState.CALLER_LOST: "Caller lost",
}
_ENDED_WORDS: Final[dict[HandOffState, str]] = {
    HandOffState.DECLINED: "declined",
    HandOffState.TIMED_OUT: "did not answer",
    HandOffState.WITHDRAWN: "was offered the caller, and that was taken back",
    HandOffState.RETURNED: "gave the caller back",
    HandOffState.CALLER_LOST: "was to have the caller, who was lost",
}


class Step(Struct, frozen=True):
    """One step of the strip: its word, when it was reached ("" while it was not), and how it is drawn."""

    words: str
    at: str
    kind: Literal["done", "now", "ahead", "exit"]


class Tick(Struct, frozen=True):
    """One of the two ticks: its words, when and by whom it was set ("" while it was not), and whether one may set it now."""

    words: str
    briefly: str
    said: str = ""
    may: bool = False


class StripLines(Struct, frozen=True):
    """All that the strip says at an instant; "" and () where there is nothing of that to say."""

    holder: str
    briefly: str
    """The same in fewer words."""
    steps: tuple[Step, ...] = ()
    clock: str = ""
    tone: Literal["muted", "due"] = "muted"
    told: Tick | None = None
    verified: Tick | None = None
    dial: str = ""
    chain: tuple[str, ...] = ()
    next: str = ""
    hand_off: HandOffId | None = None
    """The hand-off that is on its way."""
    may_lose: bool = False
    """Whether a caller who is gone can be said to be gone here."""
    warns: tuple[str, ...] = ()
    """At whose desk nothing is heard, and what to do about it."""


def strip_lines(state: State, call: Call, me: UserId, now: datetime) -> StripLines | None:
    """The strip of a call for the person who looks at it; None where nobody is handing it over, has it or wants it to be."""
    hand_off, seeking = call.hand_off, call.seeking
    lost = lost_call_back(state, call) if call.closing is None else None
    if call.closing is not None or (seeking is None and lost is None and not _is_of_interest(call)):
        return None
    mine = me in (queries.controller(call), queries.on_the_line(call))
    if hand_off is None or (seeking is not None and seeking.queued_at is not None and not hand_off.is_open):
        steps: tuple[Step, ...] = ()
    elif any(over.hand_off_id == hand_off.hand_off_id for over in call.take_overs):
        steps = ()  # taken over: nothing was offered, nor accepted
    else:
        steps = tuple(_steps(state, call, hand_off))
    if lost is not None:
        held, warns = _lost(state, lost), tuple(_warns(state, call, me))
        return StripLines(held, held, steps, tone="due", next=_after_loss(state, lost, me), warns=warns)
    clock, late = _clock(state, call, now)
    told, verified = _ticks(state, hand_off, me) if hand_off is not None and hand_off.is_open else (None, None)
    holder = _holder(state, call, me)
    return StripLines(
        holder=holder,
        briefly=_briefly(holder, _taken_over_from(state, call, me)),
        steps=steps,
        clock=clock,
        tone="due" if late else "muted",
        told=told,
        verified=verified,
        dial=_dial(state, call, me),
        chain=tuple(_chain(state, call, now, late=late)),
        next=_next(state, call, me, now, late=late),
        hand_off=hand_off.hand_off_id if hand_off is not None and hand_off.is_open else None,
        may_lose=mine,
        warns=tuple(_warns(state, call, me)),
    )


def _is_of_interest(call: Call) -> bool:
    """Whether the latest hand-off still tells who has the caller: it is open, was taken, or ended by itself."""
    hand_off = call.hand_off
    if hand_off is None or hand_off.state is HandOffState.WITHDRAWN:
        return bool(call.take_overs)
    return True


# ---------------------------------------------------------------------------------------------- who has the caller


def _holder(state: State, call: Call, me: UserId) -> str:
    """Who has the caller now, in words, and until when."""
    hand_off, has_it = call.hand_off, queries.controller(call)
    holder, to = ("You have" if has_it == me else f"{queries.person_name(state, has_it)} has"), ""
    if hand_off is not None:
        to = "you" if hand_off.to_user == me else queries.person_name(state, hand_off.to_user)
    if hand_off is not None and hand_off.connects:
        until = "you release them" if has_it == me else "they release them"
        return f"{holder} the caller until {until} to {to}."
    over = standing_take_over(call)
    if over is not None:
        return f"{holder} the caller{_taken_over_from(state, call, me)}: {over.reason}."
    if hand_off is not None and hand_off.rings:
        return f"{holder} the caller while it rings."
    if call.in_care_of is not None:
        return f"{holder} the caller."
    if call.seeking is not None:
        return f"{holder} the caller while they wait."
    if hand_off is not None and hand_off.state is HandOffState.CALLER_LOST and not was_reached(state, call):
        return f"{holder} the call. The caller was lost."
    ended = hand_off is not None and hand_off.state in (HandOffState.RETURNED, HandOffState.CALLER_LOST)
    return f"{holder} the caller {'again' if ended else 'still'}."


def _briefly(holder: str, over: str) -> str:
    """The same in fewer words: who has the caller, and from whom they took them over."""
    has, the_caller, _ = holder.partition(" the caller")
    return f"{has}{the_caller}{over}." if the_caller else holder


def _taken_over_from(state: State, call: Call, me: UserId) -> str:
    """ ", taken over from M. Reyes"; "" where whoever has the caller did not take them over."""
    over = standing_take_over(call)
    if over is None or (call.hand_off is not None and call.hand_off.connects):
        return ""
    return f", taken over from {'you' if over.from_user == me else queries.person_name(state, over.from_user)}"


def _lost(state: State, owed: CallBack) -> str:
    """That the caller is gone, since when, and that they are to be called back."""
    tried = owed.attempts[-1] if owed.attempts else None
    when = f"tried {time_of_day(state.agency, tried.made.at)}, not reached" if tried is not None else "due now"
    lost_at = time_of_day(state.agency, owed.planned.at)
    return f"◆ The caller was lost at {lost_at}. Call back: {owed.callback or 'no number is known'}, {when}."


def _after_loss(state: State, owed: CallBack, me: UserId) -> str:
    """Whose the call back is, and by which key it is written down."""
    person = state.people.get(me)
    lists = person is not None and person.role is Role.CLINICIAN
    where = f"the list ({_key('focus.queue')})" if lists else _key("call.call_back")
    if owed.owner == me:
        return f"Next: call back; {where} says whether they were reached."
    return f"{queries.person_name(state, owed.owner)} owes it; {where} says whether they were reached."


def _warns(state: State, call: Call, me: UserId) -> Iterator[str]:
    """At whose desk nothing is heard, of those on whom the caller depends, and what to do about it."""
    hand_off, has_it = call.hand_off, queries.controller(call)
    connects = hand_off is not None and hand_off.connects
    for person in not_heard(state, call):
        if person.user_id == me:
            continue
        since = not_reachable(state, person)
        over = f"{_key('call.take_over')} takes the caller over."
        if person.user_id != has_it:
            back = f" {_key('call.withdraw')} takes the caller back." if me == has_it else ""
            yield f"▲ {person.name} is to have the caller and is {since}.{back}"
        elif connects:
            yield f"▲ {person.name} is to release the caller and is {since}: nobody else releases them. {over}"
        else:
            yield f"▲ {person.name} has the caller and is {since}. {over}"


def _key(action_id: str) -> str:
    """The key of an action, as it is printed on a keyboard."""
    return key_words(action(action_id).keys[0])


def _clock(state: State, call: Call, now: datetime) -> tuple[str, bool]:
    """How long it rings, connects or waits, and whether that is longer than the agency lets it."""
    hand_off, rules, seeking = call.hand_off, state.agency.hand_off, call.seeking
    if hand_off is not None and hand_off.rings:
        rung, most = (now - hand_off.offered_at).total_seconds(), state.agency.hand_off_s
        return f"rings {span(rung)} of {span(most)}", False
    if hand_off is not None and hand_off.connects and hand_off.accepted_at is not None:
        since = (now - hand_off.accepted_at).total_seconds()
        late = since >= rules.bridge_s
        return f"{'◆ ' if late else ''}accepted {span(since)} ago", late
    if seeking is not None and seeking.queued_at is not None:
        waited = (now - seeking.queued_at).total_seconds()
        late = waited >= rules.queue_s
        return f"{'◆ ' if late else ''}waits {span(waited)} of {span(rules.queue_s)}", late
    if call.in_care_of is not None and hand_off is not None and hand_off.taken_at is not None:
        return f"for {about((now - hand_off.taken_at).total_seconds())}", False
    return "", False


# ---------------------------------------------------------------------------------------------- the steps and the ticks


def _steps(state: State, call: Call, hand_off: HandOff) -> Iterator[Step]:
    """The way so far with its times, then what is ahead; where it ended otherwise, how, in the place of what was ahead."""
    line = hand_off.connection or Connection()
    reached = {
        HandOffState.OFFERED: hand_off.offered_at,
        HandOffState.SEEN: hand_off.seen_at,
        HandOffState.ACCEPTED: hand_off.accepted_at,
        HandOffState.BRIDGED: line.bridged.at if line.bridged is not None else None,
        HandOffState.RELEASED: hand_off.taken_at,
    }
    last = max(place for place, step in enumerate(STRIP) if reached[step] is not None)
    over = hand_off.state not in STRIP
    exit_ = "Taken over" if ended_by(call, hand_off) is not None else _STEP_WORDS[hand_off.state]
    for place, step in enumerate(STRIP):
        at = reached[step]
        if over and place > last:
            ended = hand_off.changed_at
            yield Step(exit_, _at(state, ended) if ended is not None else "", "exit")
            return
        words = _STEP_WORDS[step]
        yield Step(words, _at(state, at) if at is not None else "", _kind(place, last, over=over, reached=at is not None))
    if over:
        yield Step(exit_, _at(state, hand_off.changed_at) if hand_off.changed_at else "", "exit")


def _kind(place: int, last: int, *, over: bool, reached: bool) -> Literal["done", "now", "ahead"]:
    return "now" if place == last and not over else "done" if reached else "ahead"


def _at(state: State, at: datetime) -> str:
    return time_of_day(state.agency, at, seconds=True)


def _ticks(state: State, hand_off: HandOff, me: UserId) -> tuple[Tick, Tick]:
    """The two ticks that the release waits for; those on the line may set them."""
    line, on_it = hand_off.connection or Connection(), me in (hand_off.from_user, hand_off.to_user)

    def tick(words: str, briefly: str, set_by: Stamp | None, *, may: bool) -> Tick:
        said = f"{_at(state, set_by.at)} by {queries.person_name(state, set_by.by)}" if set_by is not None else ""
        return Tick(words, briefly, said, may and not said)

    may_tell = me == hand_off.from_user or (on_it and hand_off.connects)
    return (
        tick("Caller told", "Caller told", line.caller_told, may=may_tell),
        tick("Both hear each other", "Both hear", line.verified, may=on_it and hand_off.connects),
    )


def _dial(state: State, call: Call, me: UserId) -> str:
    """What to dial, for whoever connects the two; where the center's switch does that, that it does, or has."""
    hand_off = call.hand_off
    if hand_off is None or not hand_off.connects or hand_off.from_user != me:
        return ""
    if hand_off.connection is not None and hand_off.connection.verified is not None:
        return ""  # they hear each other: there is nobody left to dial
    person = state.people.get(hand_off.to_user)
    if state.agency.switch:
        bridged = hand_off.state is HandOffState.BRIDGED
        return f"{state.agency.switch} {'has all on one line' if bridged else 'is connecting; dial only if it does not'}"
    return f"Dial {person.extension} for {person.name}" if person is not None and person.extension else ""


# ---------------------------------------------------------------------------------------------- what comes


def _chain(state: State, call: Call, now: datetime, *, late: bool) -> Iterator[str]:
    """Who said no, where it rings now and why there, who is rung after them, and what comes last."""
    hand_off, seeking, rules = call.hand_off, call.seeking, state.agency.hand_off
    began = seeking.since if seeking is not None else hand_off.offered_at if hand_off is not None else None
    for earlier in call.hand_offs:
        if ended_by(call, earlier) is not None:
            continue  # whoever took the caller over is named already
        if began is not None and earlier.offered_at >= began and earlier.state in _ENDED_WORDS:
            because = f": {earlier.reason}" if earlier.reason and earlier.state is not HandOffState.WITHDRAWN else ""
            yield f"{queries.person_name(state, earlier.to_user)} {_ENDED_WORDS[earlier.state]}{because}"
    if hand_off is not None and hand_off.rings:
        yield _rings_at(state, call, hand_off)
        follows = rules.next_clinician and not hand_off.onward
        if follows:
            after = whom_to_ring(state, call, hand_off.programme).candidates[:1]
            for one in after:
                ready = f"ready {about((now - one.person.since).total_seconds())}"
                yield ", ".join((f"then {one.person.name}", *speaks_words(state.agency, call, one), ready))
            yield f"then the queue for {state.agency.name_of(hand_off.programme)}"
        return
    if seeking is not None and seeking.queued_at is not None:
        yield f"in the queue for {state.agency.name_of(seeking.programme)}: whoever is ready is rung"
        second = second_programme(state.agency, call, seeking.programme, now)
        if second is not None and not late:
            yield f"after {about(rules.queue_s)} {second.name} can go instead"


def _rings_at(state: State, call: Call, hand_off: HandOff) -> str:
    """At whom it rings, and what speaks for them."""
    person = state.people.get(hand_off.to_user)
    name = queries.person_name(state, hand_off.to_user)
    if person is None:
        return f"rings at {name}"
    spoken = queries.other_language(state.agency, call)
    speaks = f"speaks {language(spoken)}" if spoken and spoken in person.languages else ""
    ready = f"ready {about((hand_off.offered_at - person.since).total_seconds())} when rung"
    return ", ".join(filter(None, (f"rings at {name}", speaks, ready)))


def _next(state: State, call: Call, me: UserId, now: datetime, *, late: bool) -> str:
    """The next thing that the person who looks is to do; "" where it is somebody else's turn."""
    hand_off, seeking = call.hand_off, call.seeking
    if hand_off is not None and hand_off.connects:
        missing = hand_off.missing
        if me == hand_off.from_user:
            return f"Next: {' and '.join(missing)}." if missing else "Next: release them."
        if me == hand_off.to_user:
            from_ = queries.person_name(state, hand_off.from_user)
            return f"Next: {missing[-1]}." if missing else f"Next: {from_} releases them."
    if hand_off is not None and hand_off.rings and me == hand_off.from_user and hand_off.connection is None:
        return "Next: tell the caller."
    if late and seeking is not None:
        second = second_programme(state.agency, call, seeking.programme, now)
        instead = f": {second.name} can go instead" if second is not None else ": send what can go instead"
        return f"No clinician took the caller in {about(state.agency.hand_off.queue_s)}{instead}."
    return ""

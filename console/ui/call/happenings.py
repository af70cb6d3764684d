"""What happened around a hand-off, for a call's history: each step, who took over, what was asked of dispatch. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from console.domain.asks import AskOutcome
from console.domain.hand_off import ENDED, HandOff, HandOffState, TakeOver
from console.domain.queries import person_name
from console.domain.state import Call, State
from console.ui.handoff.mishaps import ended_by, took_over_words

Happening = tuple[datetime, str]


def handed_over(state: State, call: Call) -> Iterator[Happening]:
    """Each step of each hand-off, the wait for one, and who took the call over."""
    if call.seeking is not None and call.seeking.queued_at is not None:
        yield call.seeking.queued_at, f"waits for {state.agency.name_of(call.seeking.programme)}"
    for hand_off in call.hand_offs:
        if not any(over.hand_off_id == hand_off.hand_off_id for over in call.take_overs):
            yield from _steps(state, hand_off, ended_by(call, hand_off))
    for over in call.take_overs:
        yield over.at, took_over_words(state, over)


def _steps(state: State, hand_off: HandOff, over: TakeOver | None) -> Iterator[Happening]:
    """Each step of one hand-off; where a take-over ended it, that is said by itself."""
    name, line = person_name(state, hand_off.to_user), hand_off.connection
    asks = f": {hand_off.asks}" if hand_off.asks else ""
    yield hand_off.offered_at, f"offered to {name}{asks}"
    if hand_off.seen_at is not None:
        yield hand_off.seen_at, f"on the screen of {name}"
    if hand_off.accepted_at is not None:
        yield hand_off.accepted_at, f"{name} {'took the caller' if line is None else 'accepted'}"
    if line is not None:
        ticks = (("the caller was told", line.caller_told), ("both hear each other", line.verified))
        for words, tick in ticks:
            if tick is not None:
                yield tick.at, f"{words}, said {person_name(state, tick.by)}"
        if line.bridged is not None:
            yield line.bridged.at, "all three on one line"
        if hand_off.released_at is not None:
            yield hand_off.released_at, f"released: {name} has the caller"
    if hand_off.state in ENDED and hand_off.changed_at is not None and over is None:
        because = f": {hand_off.reason}" if hand_off.reason else ""
        if hand_off.state is HandOffState.RETURNED:
            yield hand_off.changed_at, f"{name} gave the caller back{because}"
            return
        yield hand_off.changed_at, f"offer to {name} {hand_off.state.value.replace('_', ' ')}{because}"


def asked_and_told(state: State, call: Call) -> Iterator[Happening]:
    """What a clinician asked dispatch to send, what became of it, and what was told because of a threat."""

    def why(reason: str) -> str:
        return f": {reason}" if reason else ""

    for ask in call.asks:
        name = state.agency.name_of(ask.code)
        yield ask.at, f"{person_name(state, ask.asked.by)} asked dispatch for {name}{why(ask.reason)}"
        answer = ask.answer
        if answer is not None and answer.outcome is not AskOutcome.SENT:
            who = person_name(state, answer.stamp.by)
            yield answer.stamp.at, f"{name} {answer.outcome.value} by {who}{why(answer.reason)}"
    for told in call.disclosures:
        to = state.agency.name_of(told.to)
        yield told.made.at, f"imminent threat, {to} must know, said {person_name(state, told.made.by)}: {told.text}"
        if told.acknowledged is not None:
            yield told.acknowledged.at, f"passed on to {to} by {person_name(state, told.acknowledged.by)}"

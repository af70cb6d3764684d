"""What the simulated days are like: repeatable, lawful, near the published figures."""

from datetime import datetime, timedelta
from statistics import fmean

import pytest
from msgspec import Struct

from console.domain import metrics, queries, unit_status
from console.domain.asks import AskOutcome
from console.domain.assignment import Assignment
from console.domain.commands import DispatchUnit, Rejected
from console.domain.events import CallClosed, CallReceived, HandOffOffered, HandOffQueued, HandOffQueueLeft
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import CallId, ProgrammeCode
from console.domain.programmes import Responds, duty
from console.domain.state import Call
from console.hub.exercise.rehearsal import Happened
from console.wire import codec
from tests.support.exercise import at, exercise, rehearsal, without_routine

DAYS = 7
TOLERANCE = 0.10
ANSWERED_BAND = 5.0
"""Percentage points around the published share of eligible calls answered."""


class Days(Struct, frozen=True):
    """What happened in some simulated days."""

    happened: tuple[Happened, ...]
    closed: dict[CallId, Call]


@pytest.fixture(scope="module")
def days() -> Days:
    played = rehearsal(without_routine(exercise()))
    happened, closed = [], {}
    for one in played.play(at(24 * DAYS)):
        happened.append(one)
        for event in () if isinstance(one.outcome, Rejected) else one.outcome:
            if isinstance(event, CallClosed):
                closed[event.call_id] = played.state.calls[event.call_id]
    return Days(tuple(happened), closed)


def arrivals(days: Days, code: ProgrammeCode) -> list[tuple[Call, Assignment]]:
    return [(c, a) for c in days.closed.values() for a in c.assignments if a.programme == code and a.arrived_at]


def conversations(days: Days, code: ProgrammeCode) -> list[tuple[Call, HandOff]]:
    return [(c, h) for c in days.closed.values() for h in c.hand_offs if h.programme == code and h.accepted_at]


def minutes(later: object, earlier: object) -> float:
    return (later - earlier).total_seconds() / 60  # type: ignore[operator,no-any-return]


def met(responds: Responds) -> list[ProgrammeCode]:
    return [p.code for p in exercise().agency.programmes if p.responds is responds and p.published]


def test_given_one_seed_when_played_twice_then_the_same_happens_and_another_seed_differs() -> None:
    logs = [[codec.encode(h) for h in rehearsal(exercise(seed)).play(at(2))] for seed in (7, 7, 8)]
    assert logs[0] == logs[1] != logs[2]
    assert len(logs[0]) > 100


def test_given_a_whole_day_then_about_a_thousand_calls_come_and_about_110_are_eligible() -> None:
    played = rehearsal(exercise())
    received = sum(
        isinstance(event, CallReceived)
        for one in played.play(at(24))
        if not isinstance(one.outcome, Rejected)
        for event in one.outcome
    )
    assert 900 <= received <= 1100
    assert 95 <= sum(call.eligible_since is not None for call in played.state.calls.values()) <= 130


def test_given_the_days_then_nothing_was_refused(days: Days) -> None:
    refused = {(type(h.command).__name__, h.outcome.code) for h in days.happened if isinstance(h.outcome, Rejected)}
    assert refused == set()


def _on_the_line(call: Call, hand_off: HandOff) -> tuple[datetime, datetime]:
    span = queries.care_span(call, hand_off)
    assert span is not None and span[1] is not None
    return span[0], span[1]


def test_given_the_days_then_every_closed_call_was_served_or_says_why_not(days: Days) -> None:
    eligible = [call for call in days.closed.values() if call.eligible_since is not None]
    assert len(eligible) > 80 * DAYS
    for call in eligible:
        assert call.closing is not None
        assert bool(call.closing.outcome) == queries.served(call) != bool(call.closing.missed)


def test_given_the_days_then_who_accepts_has_the_caller_within_a_minute_told_and_verified(days: Days) -> None:
    handed = [h for call in days.closed.values() for h in call.hand_offs if h.accepted_at is not None]
    assert len(handed) > 5 * DAYS
    for hand_off in handed:
        assert hand_off.seen_at is not None and hand_off.taken_at is not None and hand_off.accepted_at is not None
        assert not hand_off.missing
        assert timedelta() < hand_off.taken_at - hand_off.accepted_at < timedelta(minutes=1)


def test_given_the_days_then_somebody_else_is_rung_for_who_was_declined_and_nobody_waits_long_past_the_limit(
    days: Days,
) -> None:
    rules = exercise().agency.hand_off
    again = [call for call in days.closed.values() if len(call.hand_offs) > 1]
    assert any(call.hand_offs[0].state is HandOffState.DECLINED for call in again)
    assert any(call.hand_offs[0].state is HandOffState.TIMED_OUT for call in again)
    queued: dict[CallId, datetime] = {}
    left = 0
    for one in days.happened:
        for event in () if isinstance(one.outcome, Rejected) else one.outcome:
            if isinstance(event, HandOffQueued):
                queued[event.call_id] = one.at
            elif isinstance(event, HandOffQueueLeft):
                left += 1
                assert one.at - queued.pop(event.call_id) < timedelta(seconds=rules.queue_s + 60)
            elif isinstance(event, HandOffOffered):
                queued.pop(event.call_id, None)
    assert left and not queued.keys() & days.closed.keys()


def test_given_the_days_then_what_clinicians_ask_for_is_answered_within_the_limit(days: Days) -> None:
    asks = [ask for call in days.closed.values() for ask in call.asks]
    assert {ask.answer.outcome for ask in asks if ask.answer} == {AskOutcome.SENT, AskOutcome.DECLINED}
    limit = timedelta(seconds=2 * exercise().agency.hand_off.ask_s)
    assert all(ask.answer is not None and ask.answer.stamp.at - ask.at < limit for ask in asks)


def test_given_the_days_then_now_and_then_something_turns_and_everybody_is_told_within_a_minute(days: Days) -> None:
    turned = [(call, turn) for call in days.closed.values() for turn in call.transitions]
    sent = sum(bool(call.assignments or call.hand_offs) for call in days.closed.values())
    assert 0.01 <= len(turned) / sent <= 0.05
    for call, turn in turned:
        assert turn.parties and not turn.untold
        assert all(p.told_at is not None and p.told_at - turn.at <= timedelta(minutes=1) for p in turn.parties)
        wanted = {turn.instead, *turn.along} & {service.code for service in exercise().agency.other_services}
        assert wanted <= {order.service for order in call.services}


def test_given_the_days_then_off_duty_programmes_are_never_sent(days: Days) -> None:
    agency = exercise().agency
    programmes = {unit.unit_id: agency.programme(unit.programme) for unit in agency.units}
    sent = [h for h in days.happened if isinstance(h.command, DispatchUnit)]
    assert len(sent) > 30 * DAYS
    for one in sent:
        assert isinstance(one.command, DispatchUnit)
        programme = programmes[one.command.unit_id]
        assert programme is not None
        assert duty(programme, one.at, agency.time_zone).on


@pytest.mark.parametrize("code", met(Responds.IN_PERSON))
def test_given_the_days_then_units_take_as_long_as_published(days: Days, code: ProgrammeCode) -> None:
    programme = exercise().agency.programme(code)
    assert programme is not None and programme.published is not None
    found = arrivals(days, code)
    to_scene = fmean(minutes(a.arrived_at, c.received_at) for c, a in found)
    on_scene = fmean(minutes(a.cleared_at, a.arrived_at) for _, a in found if a.cleared_at)
    assert to_scene == pytest.approx(programme.published.minutes_to_scene, rel=TOLERANCE)
    assert on_scene == pytest.approx(programme.published.minutes_on_scene, rel=TOLERANCE)
    transported = 100 * sum(a.transporting_at is not None for _, a in found) / len(found)
    assert transported == pytest.approx(programme.published.transport_percent, abs=2)


@pytest.mark.parametrize("code", met(Responds.BY_PHONE))
def test_given_the_days_then_clinicians_take_as_long_as_published(days: Days, code: ProgrammeCode) -> None:
    programme = exercise().agency.programme(code)
    assert programme is not None and programme.published is not None
    found = conversations(days, code)
    contact = fmean(minutes(h.accepted_at, c.received_at) for c, h in found)
    talked = fmean(minutes(until, since) for since, until in (_on_the_line(c, h) for c, h in found))
    alone = 100 * sum(not any(a.arrived_at for a in c.assignments) for c, _ in found) / len(found)
    assert contact == pytest.approx(programme.published.minutes_to_scene, rel=TOLERANCE)
    assert talked == pytest.approx(programme.published.minutes_on_scene, rel=TOLERANCE)
    assert alone == pytest.approx(programme.published.by_phone_percent, abs=8)


@pytest.mark.parametrize("code", [*met(Responds.IN_PERSON), *met(Responds.BY_PHONE)])
def test_given_the_days_then_the_shares_answered_are_near_the_published_ones(days: Days, code: ProgrammeCode) -> None:
    agency = exercise().agency
    programme = agency.programme(code)
    assert programme is not None and programme.published is not None
    counting = {reason.code for reason in agency.missed_reasons if reason.counts}
    answered = [c for c in days.closed.values() if _answered(c, code)]
    missed = [
        c
        for c in days.closed.values()
        if code in metrics.was_open_to(agency, c)
        and not _answered(c, code)
        and c.closing
        and (c.closing.outcome or c.closing.missed in counting)
    ]
    share = 100 * len(answered) / (len(answered) + len(missed))
    low, high = programme.published.answered_percent
    assert low - ANSWERED_BAND <= share <= high + ANSWERED_BAND


def _answered(call: Call, code: ProgrammeCode) -> bool:
    return any(a.programme == code and a.arrived_at for a in call.assignments) or any(
        h.programme == code and h.accepted_at for h in call.hand_offs
    )


def test_given_the_afternoon_then_the_board_is_alive() -> None:
    played = rehearsal(exercise())
    for _ in played.play(at(14.5)):
        pass
    state = played.state
    assert len(queries.clinicians(state)) == 3
    assert sum(unit_status.on_duty(unit) for unit in state.units.values()) >= 6
    assert len(queries.open_calls(state)) > 10
    assert metrics.today(state, at(14.5)).eligible > 40

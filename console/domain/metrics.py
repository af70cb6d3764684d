"""Today in the terms of the published figures, and the queue over time: all computed from the calls themselves."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from math import ceil
from zoneinfo import ZoneInfo

from msgspec import Struct

from console.domain import queries
from console.domain.agency import Agency
from console.domain.assignment import Assignment
from console.domain.conditions import NOT_KNOWN
from console.domain.eligibility import open_to
from console.domain.hand_off import HandOff
from console.domain.ids import CallId, NatureCode, ProgrammeCode, UnitId, UserId
from console.domain.state import Call, State


class ProgrammeDay(Struct, frozen=True):
    """One programme today. `answered_percent` is of the settled calls that were open to it; None while there are none.

    `minutes_to_scene` runs from receipt to arrival (by phone: to the clinician's answer), as the published figures do.
    """

    code: ProgrammeCode
    answered: int
    open_to: int
    answered_percent: float | None
    minutes_to_scene: float | None
    by_phone_percent: float | None


class Today(Struct, frozen=True):
    """Eligible calls received since local midnight, and how they stand."""

    eligible: int
    answered: int
    pending: int
    missed: int
    excluded: int
    """Closed unserved for a reason that does not count as missed."""
    programmes: tuple[ProgrammeDay, ...]
    missed_by_reason: dict[str, int]
    missed_by_hour: tuple[int, ...]
    """24 counts by the local hour of receipt."""
    recoded: dict[tuple[NatureCode, NatureCode], int] = {}
    """Calls received today, eligible or not, that ended as another nature than they began as: from, to, the most first.

    By base nature: "trespass in progress" closed as "trespass" is no other.
    """


class QueuePoint(Struct, frozen=True):
    """How many eligible calls waited at a moment, by the first programme they were open to, and how many past target."""

    at: datetime
    waiting: dict[ProgrammeCode, int]
    past_target: int


class UnitDay(Struct, frozen=True):
    """A unit's or a clinician's day so far: calls, share of the day's duty spent on them, and the spans themselves."""

    calls: int
    busy_s: float
    spans: tuple[tuple[datetime, datetime], ...]


def midnight(state: State, now: datetime) -> datetime:
    """The last local midnight, in UTC."""
    zone = ZoneInfo(state.agency.time_zone)
    return datetime.combine(now.astimezone(zone).date(), time(0), zone).astimezone(UTC)


def today(state: State, now: datetime) -> Today:
    """The day so far."""
    since = midnight(state, now)
    zone = ZoneInfo(state.agency.time_zone)
    counting = {reason.code for reason in state.agency.missed_reasons if reason.counts}
    calls = [c for c in state.calls.values() if c.eligible_since is not None and c.received_at >= since]
    met = {c.call_id: _answered_by(c) for c in calls}
    waiting = {c.call_id for c in calls if queries.is_pending(c)}
    missed = [c for c in calls if c.closing and c.closing.missed in counting]
    excluded = sum(1 for c in calls if c.closing and c.closing.missed and c.closing.missed not in counting)
    by_hour = Counter(c.received_at.astimezone(zone).hour for c in missed)
    settled = [(c, met[c.call_id]) for c in calls if met[c.call_id] or (c.closing and c.closing.missed in counting)]
    was_open = {c.call_id: was_open_to(state.agency, c) for c, _ in settled}
    return Today(
        eligible=len(calls),
        answered=sum(1 for c in calls if met[c.call_id] and c.call_id not in waiting),
        pending=len(waiting),
        missed=len(missed),
        excluded=excluded,
        programmes=tuple(_programme_day(code, settled, was_open) for code in _meeting(state)),
        missed_by_reason=dict(Counter(c.closing.missed for c in missed if c.closing).most_common()),
        missed_by_hour=tuple(by_hour[hour] for hour in range(24)),
        recoded=_recoded(state, since),
    )


def was_open_to(agency: Agency, call: Call) -> tuple[ProgrammeCode, ...]:
    """The programmes that a settled call counts for: also those that the careful choice left at home.

    A risk that nobody could learn of keeps a team away and is a call that it did not answer, with that as the reason.
    """
    in_doubt = call.closing is not None and NOT_KNOWN in call.facts.values()
    return open_to(agency, call.circumstances, in_doubt=True) if in_doubt else call.open_to


def _recoded(state: State, since: datetime) -> dict[tuple[NatureCode, NatureCode], int]:
    def base(code: NatureCode) -> NatureCode:
        return state.agency.nature(code).base or code

    today = ((call.start_nature, call.closing) for call in state.calls.values() if call.received_at >= since)
    pairs = ((base(began), base(closing.nature)) for began, closing in today if closing and closing.nature != began)
    return dict(Counter(pair for pair in pairs if pair[0] != pair[1]).most_common())


def _meeting(state: State) -> list[ProgrammeCode]:
    """Programmes that some nature is open to."""
    listed = {code for nature in state.agency.natures.values() for code in nature.listed}
    return [p.code for p in state.agency.programmes if p.code in listed]


def _answered_by(call: Call) -> set[ProgrammeCode]:
    """Programmes of which somebody met the neighbor."""
    if not call.assignments and not call.hand_offs:
        return set()
    return {a.programme for a in call.assignments if a.arrived_at} | {h.programme for h in call.hand_offs if h.taken_at}


def _programme_day(
    code: ProgrammeCode,
    settled: list[tuple[Call, set[ProgrammeCode]]],
    was_open: Mapping[CallId, tuple[ProgrammeCode, ...]],
) -> ProgrammeDay:
    """`settled` holds each call that is answered or missed, with the programmes that met the neighbor."""
    mine = [c for c, met in settled if code in met]
    eligible = [c for c, met in settled if code in was_open[c.call_id] or code in met]
    arrivals = [
        (a.arrived_at - c.received_at).total_seconds()
        for c in mine
        for a in c.assignments
        if a.programme == code and a.arrived_at
    ]
    pick_ups = [
        (h.accepted_at - c.received_at).total_seconds()
        for c in mine
        for h in c.hand_offs
        if h.programme == code and h.accepted_at and h.taken_at
    ]
    seconds = arrivals or pick_ups
    handed = [c for c in mine if any(h.programme == code and h.taken_at for h in c.hand_offs) and c.closing]
    alone = [c for c in handed if not any(a.arrived_at for a in c.assignments)]
    return ProgrammeDay(
        code=code,
        answered=len(mine),
        open_to=len(eligible),
        answered_percent=_percent(len(mine), len(eligible)),
        minutes_to_scene=sum(seconds) / len(seconds) / 60 if seconds else None,
        by_phone_percent=_percent(len(alone), len(handed)),
    )


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def waited_until(call: Call) -> datetime | None:
    """When an eligible call stopped waiting: its first unit, accepted hand-off, or closing; None while it waits."""
    if not call.assignments and not call.hand_offs:
        return call.closing.at if call.closing else None
    ends = [a.dispatched_at for a in call.assignments] + [h.accepted_at for h in call.hand_offs if h.accepted_at]
    if call.closing:
        ends.append(call.closing.at)
    return min(ends, default=None)


def queue_history(state: State, now: datetime, hours: int = 12, step_minutes: int = 5) -> list[QueuePoint]:
    """The queue at even steps up to `now`, as the calls on the board tell it (those of the last `keep_closed_h` hours)."""
    step = timedelta(minutes=step_minutes)
    count = hours * 60 // step_minutes + 1
    first = now - (count - 1) * step
    waiting: dict[ProgrammeCode, list[int]] = {}
    past = [0] * (count + 1)
    begins, step_s = first.timestamp(), step.total_seconds()

    def place(at: datetime) -> int:
        """The place of the first step at or after a moment, 0 to `count`."""
        return min(count, max(0, ceil((at.timestamp() - begins) / step_s)))

    for call in state.calls.values():
        for start, end in _waits(call):
            # Each wait adds one where it begins and takes one away where it ends; the sums are made once, below.
            begun, until = place(start), count if end is None else place(end)
            if begun >= until:
                continue
            marks = waiting.setdefault(_counted_under(state, call), [0] * (count + 1))
            marks[begun] += 1
            marks[until] -= 1
            late = _past_at(state, call)
            if late is not None and (breached := max(begun, place(late))) < until:
                past[breached] += 1
                past[until] -= 1
    sums = {code: list(accumulate(marks)) for code, marks in waiting.items()}
    breaches = list(accumulate(past))
    return [
        QueuePoint(first + n * step, {code: marks[n] for code, marks in sums.items() if marks[n]}, breaches[n])
        for n in range(count)
    ]


def queue_point(state: State, now: datetime) -> QueuePoint:
    """The queue as it is at `now`: what `queries.pending` counts, by the same programmes as its history."""
    pending = queries.pending(state)
    past = sum(1 for call in pending if queries.wait(state.agency, call, now).level == "past")
    return QueuePoint(now, dict(Counter(_counted_under(state, call) for call in pending)), past)


def _waits(call: Call) -> list[tuple[datetime, datetime | None]]:
    """The spans in which an eligible call waited: up to the first who came, and again since the last who left it."""
    if call.eligible_since is None:
        return []
    end = waited_until(call)
    if end is None or call.closing is not None or not queries.is_pending(call):
        return [(call.eligible_since, end)]
    left = [a.cleared_at for a in call.assignments if a.cleared_at] + [h.changed_at for h in call.hand_offs if h.changed_at]
    return [(call.eligible_since, end), (max(left, default=end), None)]


def _counted_under(state: State, call: Call) -> ProgrammeCode:
    """The first programme of the nature that the call is open to, as the agency's list of natures orders them."""
    listed = state.agency.nature(call.start_nature).listed
    still_open = (code for code in listed if code in call.open_to)
    return next(still_open, None) or next(iter((*call.open_to, *listed)), ProgrammeCode(""))


def _past_at(state: State, call: Call) -> datetime | None:
    target = state.agency.target(call.priority)
    return call.received_at + timedelta(seconds=target.past_s) if target else None


def unit_days(state: State, now: datetime) -> dict[UnitId, UnitDay]:
    """Each unit's day, from its assignments since local midnight."""
    since = midnight(state, now)
    spans: dict[UnitId, list[tuple[datetime, datetime]]] = {unit_id: [] for unit_id in state.units}
    for call in state.calls.values():
        for assignment in call.assignments:
            span = _span(assignment, since, now)
            if span:
                spans.setdefault(assignment.unit_id, []).append(span)
    return {unit_id: _day(found) for unit_id, found in spans.items()}


def clinician_days(state: State, now: datetime) -> dict[UserId, UnitDay]:
    """Each clinician's day, from the hand-offs they took since local midnight."""
    since = midnight(state, now)
    spans: dict[UserId, list[tuple[datetime, datetime]]] = {p.user_id: [] for p in queries.clinicians(state)}
    for call in state.calls.values():
        for hand_off in call.hand_offs:
            span = _care_span(call, hand_off, since, now)
            if span:
                spans.setdefault(hand_off.to_user, []).append(span)
    return {user: _day(found) for user, found in spans.items()}


def _span(assignment: Assignment, since: datetime, now: datetime) -> tuple[datetime, datetime] | None:
    start, end = max(assignment.dispatched_at, since), assignment.cleared_at or now
    return (start, end) if end > start else None


def _care_span(call: Call, hand_off: HandOff, since: datetime, now: datetime) -> tuple[datetime, datetime] | None:
    span = queries.care_span(call, hand_off)
    if span is None:
        return None
    start, end = max(span[0], since), span[1] or now
    return (start, end) if end > start else None


def _day(spans: Iterable[tuple[datetime, datetime]]) -> UnitDay:
    ordered = sorted(spans)
    return UnitDay(len(ordered), sum((end - start).total_seconds() for start, end in ordered), tuple(ordered))

"""Which unit to send, why, and why not the others. Minutes are an estimate, and labelled as one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from console.domain import eligibility, queries, unit_status
from console.domain.agency import Agency
from console.domain.areas import area_of
from console.domain.areas import holds as in_area
from console.domain.availability import usual_time
from console.domain.conditions import holds
from console.domain.eligibility import Verdict, response, verdicts
from console.domain.ids import ProgrammeCode, UnitId
from console.domain.positions import Standing, doubt
from console.domain.programmes import duty
from console.domain.state import Call, Position, State, Unit, UnitStatus
from console.domain.times import time_of_day
from console.domain.travel import way
from console.domain.triage.interview import protocol_for
from console.domain.turned import open_turns

_READY = {UnitStatus.AVAILABLE: 0, UnitStatus.ASSIST: 1}

Fit = Literal["proposed", "eligible", "listed", "unlisted"]
"""How a unit's programme stands to a call: the proposed response, eligible, open with a fact still open, or not open yet."""
FITS: tuple[Fit, ...] = ("proposed", "eligible", "listed", "unlisted")


class Candidate(Struct, frozen=True):
    """A unit that may go. `minutes` is an estimate (None where a position or the call's point is missing).

    `by_road`: reckoned on the streets; else by a straight line with the agency's factor. `cost` are the minutes with what
    else counts against the unit; each of that stands in `against`, with what it was counted as.
    """

    unit_id: UnitId
    programme: ProgrammeCode
    minutes: float | None
    kilometres: float | None
    because: tuple[str, ...] = ()
    by_road: bool = False
    cost: float | None = None
    fit: Fit = "unlisted"
    against: tuple[str, ...] = ()
    shift_ends: datetime | None = None
    """When its programme's duty ends; None where it does not within a week, or has ended."""


class PassedOver(Struct, frozen=True):
    """A unit that is not proposed, and the reason."""

    unit_id: UnitId
    reason: str


class Recommendation(Struct, frozen=True):
    """Units in the order to send them, and those passed over. Units off shift are in neither list."""

    units: tuple[Candidate, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


class Road(Struct, frozen=True):
    """The way of a unit to the call on the streets, as a road network gives it: an estimate too."""

    minutes: float
    kilometres: float


_NO_ROADS: Mapping[UnitId, Road] = {}
_NO_STANDINGS: Mapping[UnitId, Standing] = {}


def recommend(
    state: State,
    positions: Mapping[UnitId, Position],
    call: Call,
    now: datetime,
    roads: Mapping[UnitId, Road] = _NO_ROADS,
    standings: Mapping[UnitId, Standing] = _NO_STANDINGS,
) -> Recommendation:
    """Order the units that may be sent to a call: of the proposed programme, then of eligible ones, then of those open.

    Within each those that stand ready first, then an assist, then break and writing up; of these whoever costs the fewest
    minutes: the way, and what the agency's rules count for a language, a discipline, a doubtful position or a shift that
    ends. A conditional programme that nothing admits yet comes last. Once a response to the call has turned, only units of
    which nothing is in doubt are proposed: the same mistake is not made twice.
    """
    fitness = Fitness(state, call, now)
    candidates: list[tuple[int, int, bool, float, UnitId, Candidate]] = []
    passed: list[PassedOver] = []
    ending = _Ending(state, now)
    for unit in state.units.values():
        if not unit_status.on_duty(unit):
            continue
        reason = _busy(state, unit) or fitness.why_not(unit)
        if reason:
            passed.append(PassedOver(unit.unit_id, reason))
            continue
        position = positions.get(unit.unit_id)
        road = roads.get(unit.unit_id)
        there = road or way(state.agency.travel, position, call.place)
        minutes, km = (there.minutes, there.kilometres) if there else (None, None)
        against = _against(state, unit, call, position, standings.get(unit.unit_id), now, ending.before(unit, minutes))
        more = sum(worth for _, worth in against)
        cost = None if minutes is None else minutes + more
        fit = fitness.fit(unit)
        counted = tuple(_counted(words, worth if cost is not None else 0) for words, worth in against)
        candidate = Candidate(
            unit.unit_id,
            unit.programme,
            minutes,
            km,
            _why(unit, fitness.not_known(unit)),
            road is not None,
            cost,
            fit,
            counted,
            ending.of(unit),
        )
        ready = _READY.get(unit.status, len(_READY))
        key = (True, more) if cost is None else (False, cost)
        candidates.append((FITS.index(fit), ready, *key, unit.unit_id, candidate))
    candidates.sort()
    return Recommendation(tuple(candidate for *_, candidate in candidates), tuple(passed))


class Fitness:
    """How units fit a call, whatever they do now: by programme, by what is known of the caller, and by place."""

    def __init__(self, state: State, call: Call, now: datetime) -> None:
        self._state, self._call, self._now = state, call, now
        self._verdict_of = verdicts(state.agency, call.circumstances)
        self._proposed = response(state.agency, call.circumstances, protocol_for(state.agency, call)).propose
        self._turned = _has_turned(state.agency, call, self._verdict_of)

    def why_not(self, unit: Unit) -> str:
        """Why the unit is not for this call; "" where it is."""
        verdict = self._verdict_of.get(unit.programme)
        if verdict is None or verdict.standing is eligibility.Standing.NOT:
            return "; ".join(verdict.because) if verdict else "its programme meets nobody in person"
        if verdict.in_vain:
            return f"{queries.fact_names(self._state.agency, verdict.in_vain)} could not be learned, and it goes unarmed"
        if self._turned and verdict.doubt:
            return f"{queries.fact_names(self._state.agency, verdict.open)} not known, and a response turned"
        return _elsewhere(self._state, unit, self._call, self._now)

    def open_to(self, unit: Unit) -> bool:
        """Whether nothing speaks against the unit, and its programme is open to the call already."""
        return not self.why_not(unit) and self.fit(unit) != "unlisted"

    def fit(self, unit: Unit) -> Fit:
        """How its programme stands to the call, for a unit that nothing speaks against."""
        verdict = self._verdict_of.get(unit.programme)
        if unit.programme == self._proposed:
            return "proposed"
        if verdict is not None and verdict.standing is eligibility.Standing.ELIGIBLE:
            return "eligible"
        return "listed" if unit.programme in self._call.open_to else "unlisted"

    def not_known(self, unit: Unit) -> tuple[str, ...]:
        """The facts that its programme needs and nobody has told yet, each in words."""
        verdict, facts = self._verdict_of.get(unit.programme), self._state.agency.facts
        return tuple(f"{facts[fact].name} not known" for fact in verdict.open if fact in facts) if verdict else ()


class _Ending:
    """Whether a unit's shift ends before it would be done with a call; what a programme needs is looked up once."""

    def __init__(self, state: State, now: datetime) -> None:
        self._state, self._now = state, now
        self._left: dict[ProgrammeCode, tuple[datetime | None, timedelta | None]] = {}

    def of(self, unit: Unit) -> datetime | None:
        """When its shift ends: with its programme's duty."""
        return self._known(unit)[0]

    def before(self, unit: Unit, minutes: float | None) -> datetime | None:
        """When its shift ends, if that is before it would be done; None where it is not, or nothing is known of either."""
        until, usual = self._known(unit)
        if until is None or usual is None:
            return None
        return until if self._now + max(usual, timedelta(minutes=minutes or 0)) > until else None

    def _known(self, unit: Unit) -> tuple[datetime | None, timedelta | None]:
        if unit.programme not in self._left:
            programme = self._state.agency.programme(unit.programme)
            usual = usual_time(self._state, programme) if programme else None
            until = duty(programme, self._now, self._state.agency.time_zone).until if programme else None
            self._left[unit.programme] = until, usual
        return self._left[unit.programme]


def _against(
    state: State,
    unit: Unit,
    call: Call,
    position: Position | None,
    standing: Standing | None,
    now: datetime,
    ends: datetime | None,
) -> list[tuple[str, float]]:
    """What counts against a unit, in words, and as how many minutes."""
    rules, agency = state.agency.recommend, state.agency
    found: list[tuple[str, float]] = []
    language = queries.other_language(agency, call)
    if language and language not in unit.languages:
        found.append((f"does not speak {language}", rules.language_minutes))
    facts = call.circumstances
    for want in rules.wants:
        if want.discipline not in unit.crew and holds(want.when, facts):
            found.append((f"no {want.discipline} on the crew: {want.because}", rules.discipline_minutes))
    if position is None:
        found.append(("position not known", rules.doubt_minutes))
    elif doubted := doubt(agency, unit, position, standing, now):
        found.append((doubted, rules.doubt_minutes))
    if ends is not None:
        found.append((f"its shift ends {time_of_day(agency, ends, now)}", rules.shift_minutes))
    return found


def _counted(words: str, worth: float) -> str:
    return f"{words} (counts {worth:g} min)" if worth else words


def _elsewhere(state: State, unit: Unit, call: Call, now: datetime) -> str:
    """Why the place of the call is none of the unit's programme; "" where it is, or nobody knows where that place is."""
    programme, point = state.agency.programme(unit.programme), call.place.point
    area = area_of(state.agency, programme, now) if programme is not None else ()
    return "outside the area it serves" if area and point is not None and not in_area(area, point) else ""


def _has_turned(agency: Agency, call: Call, verdict_of: Mapping[ProgrammeCode, Verdict]) -> bool:
    """Whether a response to the call turned out wrong and that still stands, or who turned out wrong is still on it."""
    if open_turns(agency, call):
        return True
    gone_wrong = {code for transition in call.transitions for code in transition.programmes}
    engaged = {assignment.programme for assignment in queries.current_assignments(call)}
    return any((verdict := verdict_of.get(code)) is None or verdict.doubt for code in gone_wrong & engaged)


def _busy(state: State, unit: Unit) -> str:
    """What a unit does that it cannot be sent from; "" where it can."""
    if unit_status.dispatchable(unit):
        return ""
    call = state.calls.get(unit.call) if unit.call else None
    doing = unit_status.STATUS_WORDS[unit.status].lower()
    if unit.backup is not None:
        doing = f"{doing}, asks for backup"
    return f"{doing}, call {call.number}" if call else doing


def _why(unit: Unit, not_known: tuple[str, ...]) -> tuple[str, ...]:
    """What a person should know of a proposed unit: its crew, what it does now, and facts that are open."""
    words = [" · ".join(unit.crew)]
    if unit.status is UnitStatus.ASSIST:
        words.append(f"on an assist at {unit.where}" if unit.where else "on an assist")
    elif unit.status is not UnitStatus.AVAILABLE:
        words.append(unit_status.STATUS_WORDS[unit.status].lower())
    return (*words, *not_known)

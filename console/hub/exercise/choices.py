"""What a telecommunicator of the exercise makes of a call once it is sorted: whom it is for, or why it will be missed."""

from datetime import datetime

from msgspec import Struct

from console.domain import eligibility
from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, holds
from console.domain.eligibility import Standing
from console.domain.hand_off import HandOffState
from console.domain.ids import ProgrammeCode
from console.domain.programmes import Programme, Responds, duty
from console.domain.state import Call
from console.domain.triage import interview
from console.hub.exercise.world import World


class Choice(Struct, frozen=True):
    """Either programmes to try, in order, or another service at once; `missed` is the reason if no programme serves it."""

    try_first: tuple[ProgrammeCode, ...]
    service: str
    missed: str
    note: str = ""
    along: tuple[str, ...] = ()
    """Other services that go along with what was proposed first."""


def sorted_at(agency: Agency, call: Call) -> datetime | None:
    """When the triage of a call ended; None while a question is open. Calls without a protocol are sorted at once."""
    if not asks(agency, call):
        return call.received_at
    protocol = interview.protocol_for(agency, call)
    if protocol is None or isinstance(interview.step(protocol, call), interview.Asking):
        return None
    return max((a.at for a in call.answers), default=call.received_at)


def asks(agency: Agency, call: Call) -> bool:
    """Whether this call is asked about at all: its nature names a protocol, and a programme could serve it."""
    nature = agency.nature(call.nature)
    return bool(nature.protocol and nature.listed)


def choose(world: World, agency: Agency, call: Call, at: datetime) -> Choice:
    """The choice for a call that was sorted at `at`. The same call always gives the same."""
    codes, chance, floor = world.script.codes, world.chance, world.script.floor
    if call.eligible_since is None:
        kind = world.script.calls.get(call.nature)
        return Choice((), (kind.service if kind else "") or codes.general_service, "")
    response = eligibility.response(agency, call.circumstances, interview.protocol_for(agency, call))
    services = {service.code for service in agency.other_services}
    service = response.propose if response.propose in services else codes.general_service
    along = tuple(code for code in response.along if code in services)
    if not call.open_to or response.propose in services:
        missed = codes.missed_risk if _risk_not_known(agency, call) else codes.missed_excluded
        return Choice((), service, missed, along=along)
    if chance.happens(floor.duplicate, "duplicate", call.call_id):
        return Choice((), "", codes.missed_duplicate)
    if chance.happens(floor.caller_declines, "declines", call.call_id):
        return Choice((), "", codes.missed_caller)
    if chance.happens(floor.caller_cancels, "cancels", call.call_id):
        return Choice((), "", codes.missed_cancelled)
    if _outside(world, call):
        return Choice((), service, codes.missed_outside)
    wanted = ProgrammeCode(response.propose)
    by_phone = _responds(agency, wanted) is Responds.BY_PHONE
    on = tuple(code for code in (wanted, *_instead(agency, call, wanted)) if _on_duty(agency, code, at))
    if not on:
        return Choice((), service, codes.missed_off_hours)
    if chance.happens(floor.looked_over.get(wanted, 0.0), "looked over", call.call_id):
        on = tuple(code for code in on if code != wanted)
    if not on:
        missed = chance.pick(codes.missed_looked_over, "why looked over", call.call_id)
        return Choice((), service, missed, "An officer was nearer and already asked for.")
    missed = codes.missed_no_clinician if by_phone and len(on) == 1 else codes.missed_busy
    return Choice(on, service, missed, along=along if on[0] == wanted else ())


def _risk_not_known(agency: Agency, call: Call) -> bool:
    """Whether nobody may go unarmed because something could not be learned."""
    rules = (rule.when for rule in agency.never_unarmed if any(NOT_KNOWN in v for v in rule.when.facts.values()))
    return any(holds(when, call.circumstances) for when in rules)


def _instead(agency: Agency, call: Call, wanted: ProgrammeCode) -> list[ProgrammeCode]:
    """Other programmes that would come in person, and of which nothing is in doubt."""
    return [
        code
        for code, verdict in eligibility.verdicts(agency, call.circumstances).items()
        if code != wanted and verdict.standing is Standing.ELIGIBLE and _responds(agency, code) is Responds.IN_PERSON
    ]


def failed_offers(call: Call) -> int:
    """How many hand-offs of a call came to nothing."""
    return sum(h.state in {HandOffState.DECLINED, HandOffState.TIMED_OUT} for h in call.hand_offs)


def _responds(agency: Agency, code: ProgrammeCode) -> Responds | None:
    programme = agency.programme(code)
    return programme.responds if programme else None


def _on_duty(agency: Agency, code: ProgrammeCode, at: datetime) -> bool:
    programme: Programme | None = agency.programme(code)
    return programme is not None and duty(programme, at, agency.time_zone).on


def _outside(world: World, call: Call) -> bool:
    return call.place.point is not None and not world.city.holds(call.place.point)

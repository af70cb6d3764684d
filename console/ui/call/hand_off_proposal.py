"""What the hand-off key does with a call now: offer the caller, let them wait, or release them; to whom, and why. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from console.domain import queries
from console.domain.agency import Agency
from console.domain.commands import OfferHandOff, QueueForClinician
from console.domain.eligibility import Standing, verdicts
from console.domain.hand_off import HandOff
from console.domain.ids import HandOffId, ProgrammeCode, UserId
from console.domain.programmes import Programme, Responds, duty
from console.domain.ringing import Candidate, Ringing, whom_to_ring
from console.domain.state import Call, PresenceStatus, Role, State
from console.domain.times import about, time_of_day
from console.ui.call.proposal import Proposal, refusal
from console.ui.handoff.mishaps import lost_call_back, standing_take_over
from console.ui.queue.rows import language

SOON: Final = timedelta(minutes=15)
"""A programme whose duty ends so soon may not hold a caller to the end: that is said before it is offered one."""

Does = Literal["", "offer", "queue", "release"]


class HandOffProposal(Struct, frozen=True):
    """Handing the caller over: what the key does, whom it takes, who else could be rung, and why not the others."""

    proposal: Proposal
    does: Does = ""
    programme: ProgrammeCode = ProgrammeCode("")
    """Whose clinicians are looked for."""
    ringing: Ringing = Ringing()
    take_back: str = ""
    """What is taken back by a key of its own, in words; "" where nothing is."""
    open_offer: HandOffId | None = None
    """The hand-off that is on its way; None while the caller only waits."""
    warning: str = ""

    @property
    def to(self) -> tuple[Candidate, ...]:
        """Who can be rung, in order."""
        return self.ringing.candidates


def hand_off_proposal(state: State, call: Call, me: UserId, now: datetime, proposed: Programme | None) -> HandOffProposal:
    """What the key does; `proposed` is the programme by phone that is the response to the call, where one is."""
    colour = proposed.colour if proposed is not None else ""
    hand_off = call.hand_off
    if hand_off is not None and hand_off.is_open:
        return _on_its_way(state, hand_off, me, colour)
    if call.in_care_of is not None:
        name = queries.person_name(state, call.in_care_of)
        return HandOffProposal(Proposal(f"{name} has the caller", f"The caller is in the care of {name}.", colour))
    lost = lost_call_back(state, call)
    if lost is not None:
        why = f"The caller was lost at {time_of_day(state.agency, lost.planned.at)}. Say first that they were reached."
        return HandOffProposal(Proposal("Hand off · the caller was lost", why, "", ("Hand off",)))
    code = programme_sought(state.agency, call, proposed)
    found = whom_to_ring(state, call, code or None)
    back = "Leave the queue" if call.seeking is not None else ""
    warning = duty_warning(state.agency, call, code, now)
    if not found.candidates:
        return _nobody(state, call, me, now, HandOffProposal(Proposal("", "", colour), "", code, found, back, None, warning))
    first = found.candidates[0].person
    refused = refusal(state, OfferHandOff(call.call_id, HandOffId("asked"), first.user_id), me, now)
    words = f"Hand off to {first.name}"
    ready = f"{words} · ready {about((now - first.since).total_seconds())}"
    whole = " · ".join((ready, *speaks_words(state.agency, call, found.candidates[0])))
    proposal = Proposal(words, refused, colour) if refused else Proposal(whole, "", colour, (ready, words, "Hand off"))
    return HandOffProposal(proposal, "" if refused else "offer", code, found, back, None, warning)


def speaks_words(agency: Agency, call: Call, candidate: Candidate) -> tuple[str, ...]:
    """ "speaks Spanish", or that they do not, and the skills of theirs that the call wants."""
    spoken = queries.other_language(agency, call)
    speaks = (f"speaks {language(spoken)}" if candidate.speaks else f"no {language(spoken)}",) if spoken else ()
    return (*speaks, *(skill.name for skill in candidate.skills))


def duty_warning(agency: Agency, call: Call, code: ProgrammeCode, now: datetime) -> str:
    """That the programme's duty has ended or ends soon, and what is there next; "" where it has long to go."""
    programme = agency.programme(code)
    if programme is None:
        return ""
    shift = duty(programme, now, agency.time_zone)
    if shift.on and (shift.until is None or shift.until - now > SOON):
        return ""
    words = f"{programme.code} is off duty"
    if shift.on and shift.until is not None:
        left = about((shift.until - now).total_seconds())
        words = f"{programme.code} on duty until {time_of_day(agency, shift.until)}, {left}"
    second = second_programme(agency, call, code, now)
    return f"◆ {words}{f'; {second.code} can go instead' if second else ''}"


def second_programme(agency: Agency, call: Call, code: ProgrammeCode, now: datetime) -> Programme | None:
    """The next programme that can meet the neighbor in the place of this one: on duty, and nothing known excludes it."""
    known = verdicts(agency, call.circumstances)
    fits = (
        programme
        for programme in agency.programmes
        if programme.code != code
        and programme.code in call.open_to
        and known[programme.code].standing is not Standing.NOT
        and duty(programme, now, agency.time_zone).on
    )
    return next(fits, None)


def _on_its_way(state: State, hand_off: HandOff, me: UserId, colour: str) -> HandOffProposal:
    """Ringing, or accepted and not yet released."""
    name = queries.person_name(state, hand_off.to_user)
    person = state.people.get(me)
    mine = hand_off.from_user == me or (person is not None and person.role is Role.SUPERVISOR)
    back = ("Take the offer back" if hand_off.rings else "Take the caller back") if mine else ""
    offer, code = hand_off.hand_off_id, hand_off.programme
    if hand_off.rings:
        why = f"It rings at {name}; wait for the answer or take the offer back."
        shown = Proposal(f"Offered to {name}", why, colour, ("Offered",))
        return HandOffProposal(shown, "", code, take_back=back, open_offer=offer)
    if not mine:
        why = f"{queries.person_name(state, hand_off.from_user)} is handing the caller over to {name}."
        return HandOffProposal(Proposal(f"{name} has accepted", why, colour, ("Accepted",)), "", code, open_offer=offer)
    words, missing = f"Release to {name}", " and ".join(hand_off.missing)
    programme = state.agency.programme(code)
    ready = programme.colour if programme is not None and not missing else ""
    whole = f"{words} · once {missing}" if missing else words
    return HandOffProposal(Proposal(whole, "", ready, (words, "Release")), "release", code, take_back=back, open_offer=offer)


def _nobody(state: State, call: Call, me: UserId, now: datetime, found: HandOffProposal) -> HandOffProposal:
    """Nobody can be rung: the caller waits for the next who is ready, unless nobody is at work or the call is excluded."""
    agency, colour = state.agency, found.proposal.primary
    if standing_take_over(call) is not None and call.seeking is None:
        colour = ""  # somebody has just taken the caller: they speak with them, and nobody need be waited for
    queue = QueueForClinician(call.call_id, found.programme)
    doing = _doing(state, found)
    why = _nobody_at_work(agency, now) if not found.ringing.passed_over else refusal(state, queue, me, now)
    if why:
        words = f"Hand off · {why}".replace("· No ", "· no ")  # a programme's name keeps its capital
        shown = Proposal(words, why, colour, (words.partition(":")[0], "Hand off"))
        return HandOffProposal(shown, "", found.programme, found.ringing, found.take_back)
    name = agency.name_of(found.programme)
    if call.seeking is not None and call.seeking.queued_at is not None:
        why = f"The caller waits for the next clinician of {name} who is ready: {doing}."
        shown = Proposal(f"Waits for {name} · {doing}", why, colour, (f"Waits for {name}", "Waits"))
        return HandOffProposal(shown, "", found.programme, found.ringing, found.take_back)
    words = f"Queue for {name}"
    shown = Proposal(f"{words} · {doing}", "", colour, (words, f"Queue for {found.programme}", "Queue"))
    return HandOffProposal(shown, "queue", found.programme, found.ringing, found.take_back, None, found.warning)


def _doing(state: State, found: HandOffProposal) -> str:
    """What each clinician of the programme is doing, who cannot be rung now."""
    words = []
    for other in found.ringing.passed_over:
        person = other.person
        ready = person.status is PresenceStatus.READY and person.lost_at is None
        doing = "is being offered a call" if queries.ringing(state, person.user_id) is not None else "declined"
        if not ready:
            doing = "unreachable" if person.lost_at is not None else queries.PRESENCE_WORDS[person.status]
        words.append(f"{person.name} {doing}")
    return ", ".join(words)


def _nobody_at_work(agency: Agency, now: datetime) -> str:
    by_phone = (programme for programme in agency.programmes if programme.responds is Responds.BY_PHONE)
    off = [programme.name for programme in by_phone if not duty(programme, now, agency.time_zone).on]
    return f"{' and '.join(off)} is off duty" if off else "No clinician is at work"


def programme_sought(agency: Agency, call: Call, proposed: Programme | None) -> ProgrammeCode:
    """The programme by phone that is looked for: the one sought already, the proposed one, the first that is open."""
    if call.seeking is not None:
        return call.seeking.programme
    by_phone = [programme.code for programme in agency.programmes if programme.responds is Responds.BY_PHONE]
    open_ones = (code for code in by_phone if code in call.open_to)
    return proposed.code if proposed else next(open_ones, next(iter(by_phone), ProgrammeCode("")))

"""Whom to ring for a caller, in which order and why, and who is passed over. The hub and the desk ask the same."""

from msgspec import Struct

from console.domain import queries
from console.domain.agency import Agency, Skill
from console.domain.commands import Rejected
from console.domain.conditions import holds
from console.domain.eligibility import Standing, verdicts
from console.domain.hand_off import HandOffState
from console.domain.ids import ProgrammeCode, UserId
from console.domain.programmes import Responds
from console.domain.state import Call, Presence, PresenceStatus, Role, State


class Candidate(Struct, frozen=True):
    """A clinician who can be rung now, and what speaks for them; idle since `person.since`."""

    person: Presence
    speaks: bool
    """Whether they share a language with the caller; also where the caller's is not known."""
    skills: tuple[Skill, ...]
    """The skills that the call wants and they have."""


class PassedOver(Struct, frozen=True):
    """A clinician at work who is not rung, and why not."""

    person: Presence
    reason: str


class Ringing(Struct, frozen=True):
    """The clinicians of a programme for a call: first those to ring, in order, then those passed over."""

    candidates: tuple[Candidate, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def whom_to_ring(state: State, call: Call, programme: ProgrammeCode | None = None) -> Ringing:
    """Who speaks the caller's language stands first, then who has the skills it wants, then who is idle the longest.

    Whoever declined the caller since somebody began to look for a clinician is not rung for them again.
    """
    wanted = skills_wanted(state.agency, call)
    declined = declined_by(call)
    found: list[tuple[tuple[object, ...], Candidate]] = []
    passed: list[PassedOver] = []
    for person in queries.clinicians(state):
        if programme is not None and person.programme != programme:
            continue
        refusal = why_not_rung(state, call, person)
        if refusal is None and person.user_id not in declined:
            skills = tuple(skill for skill in wanted if skill.code in person.skills)
            speaks = call.language in ("", *person.languages)
            key = (not speaks, -len(skills), person.since, person.user_id)
            found.append((key, Candidate(person, speaks, skills)))
        else:
            reason = refusal.reason if refusal else f"{person.name} declined: {declined[person.user_id]}."
            passed.append(PassedOver(person, reason))
    found.sort(key=lambda pair: pair[0])
    return Ringing(tuple(candidate for _, candidate in found), tuple(passed))


def skills_wanted(agency: Agency, call: Call) -> tuple[Skill, ...]:
    """The skills of which the agency says that a call like this wants them."""
    known = call.circumstances
    return tuple(skill for skill in agency.skills if skill.when is not None and holds(skill.when, known) is True)


def declined_by(call: Call) -> dict[UserId, str]:
    """Who declined the caller while they are looked for, and the reason they gave."""
    if call.seeking is None:
        return {}
    since = call.seeking.since
    return {h.to_user: h.reason for h in call.hand_offs if h.state is HandOffState.DECLINED and h.offered_at >= since}


def why_not_rung(state: State, call: Call, person: Presence | None) -> Rejected | None:
    """Why this person cannot be offered the call now: absent, not heard of, busy, or excluded by what is known."""
    if person is None or person.role is not Role.CLINICIAN or person.status is PresenceStatus.SIGNED_OFF:
        who = person.name if person is not None else "This person"
        return Rejected("not-a-clinician", f"{who} is not a clinician at work.")
    about: dict[str, str] = {"call": call.call_id, "user": person.user_id}
    programme = state.agency.programme(person.programme)
    if programme is None or programme.responds is not Responds.BY_PHONE:
        words = f"{person.name} is of a programme that takes no callers over by phone."
        return Rejected("programme-not-by-phone", words, about)
    if person.lost_at is not None:
        words = f"{person.name} is unreachable: nothing is heard of their desk."
        return Rejected("clinician-unreachable", words, about)
    if person.status is not PresenceStatus.READY:
        since = f" for {person.reason}" if person.reason else ""
        words = f"{person.name} is {queries.PRESENCE_WORDS[person.status]}{since}, not ready."
        return Rejected("clinician-not-ready", words, about)
    other = queries.ringing(state, person.user_id)
    if other is not None:
        return Rejected("clinician-ringing", f"{person.name} is being offered call {other.number}.", about)
    return why_denied(state, call, person.programme)


def why_denied(state: State, call: Call, programme: ProgrammeCode) -> Rejected | None:
    """A rejection where what is known of the call excludes a programme that its nature lists."""
    verdict = verdicts(state.agency, call.circumstances).get(programme)
    if verdict and verdict.standing is Standing.NOT and programme in state.agency.nature(call.nature).listed:
        words = f"Call {call.number} is excluded from {programme}: {'; '.join(verdict.because)}."
        return Rejected("programme-denied", words, {"call": call.call_id})
    return None

"""The turn of a verdict under a response that is on its way, and who has been told of it."""

from collections.abc import Iterator

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.agency import Agency
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, open_call, text
from console.domain.eligibility import Response, Standing, Verdict, response, verdicts
from console.domain.evolve import evolve
from console.domain.ids import CallId, ProgrammeCode, TransitionId, UserId, derived_id
from console.domain.instant import Instant
from console.domain.state import Call, State
from console.domain.triage.interview import protocol_for
from console.domain.turned import instead_of

_LEARNED = (
    e.QuestionAnswered, e.AnswerTakenBack, e.FactSet, e.FactTakenBack, e.CallRecoded, e.CallPrioritised, e.AgencyConfigured,
)  # fmt: skip
"""What can turn a verdict."""


def turns(state: State, happened: tuple[e.AnyEvent, ...], by: UserId, at: Instant) -> tuple[e.VerdictTurned, ...]:
    """One event for each open call on which somebody is, or is on the way, whose programme is excluded from now on."""
    if not any(isinstance(event, _LEARNED) for event in happened):
        return ()
    after = state
    for event in happened:
        after = evolve(after, event, by, at)
    return tuple(_turned(state, after))


def _turned(before: State, after: State) -> Iterator[e.VerdictTurned]:
    for call_id, now in after.calls.items():
        was = before.calls.get(call_id)
        if was is None or was is now or now.closing is not None:
            continue
        engaged = _engaged(now)
        if not engaged:
            continue
        worse = {code: _worse(code, before.agency, was, after.agency, now) for code in engaged}
        turned = {code: verdict for code, verdict in worse.items() if verdict is not None}
        if turned:
            yield _event(after, was, now, turned, tuple(party for code in turned for party in engaged[code]))


def _engaged(call: Call) -> dict[ProgrammeCode, list[str]]:
    """The programmes that are on the call now, and who of each must hear of a turn, as `Party.key`s."""
    found: dict[ProgrammeCode, list[str]] = {}
    for assignment in queries.current_assignments(call):
        found.setdefault(assignment.programme, []).append(f"unit:{assignment.unit_id}")
    clinician = queries.on_the_line(call)
    if clinician is not None and call.hand_off is not None:
        found.setdefault(call.hand_off.programme, []).append(f"clinician:{clinician}")
    return found


def _worse(code: ProgrammeCode, rules: Agency, was: Call, rules_now: Agency, now: Call) -> Verdict | None:
    """The verdict by which a programme is further from eligible than it was: in doubt, asked about in vain, or excluded.

    Who was sent though the nature is off their list was excluded by that alone: they are judged as if it were on it, too.
    """
    for listed in (None, code):
        before = verdicts(rules, was.circumstances, as_if_listed=listed).get(code)
        after = verdicts(rules_now, now.circumstances, as_if_listed=listed).get(code)
        if before is not None and after is not None and after.doubt > before.doubt:
            return after
    return None


def _event(
    state: State,
    was: Call,
    now: Call,
    turned: dict[ProgrammeCode, Verdict],
    engaged: tuple[str, ...],
) -> e.VerdictTurned:
    agency, before = state.agency, was.facts
    instead: Response = response(agency, now.circumstances, protocol_for(agency, now))
    why = (_why(state, verdict) for verdict in turned.values())
    because = dict.fromkeys(words for each in why for words in each)
    by_kind = {kind: [key for key in engaged if key.startswith(f"{kind}:")] for kind in ("unit", "clinician")}
    to_tell = [key for kind in agency.tell_on_turn for key in by_kind.get(kind, [_key(kind)])]
    return e.VerdictTurned(
        now.call_id,
        TransitionId(derived_id("turned", now.call_id, str(len(now.transitions)))),
        tuple(turned),
        tuple(because),
        {fact: value for fact, value in now.facts.items() if before.get(fact) != value},
        tuple(to_tell),
        instead.propose,
        instead.along,
    )


def _why(state: State, verdict: Verdict) -> tuple[str, ...]:
    if verdict.standing is Standing.NOT:
        return verdict.because
    facts = verdict.in_vain or verdict.open
    return tuple(f"{state.agency.facts[fact].name} not known" for fact in facts if fact in state.agency.facts)


def _key(kind: str) -> str:
    """The caller, or a service that is always told."""
    return kind if kind == "caller" else f"service:{kind}"


def tell(state: State, command: c.TellOfTransition) -> Decision:
    """A party was told; to tell them again changes nothing. It may be ticked off after the call has closed."""
    call = state.calls.get(CallId(command.call_id))
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    about: dict[str, str] = {"transition": command.transition_id, "party": command.party}
    transition = next((t for t in call.transitions if t.transition_id == command.transition_id), None)
    party = next((p for p in transition.parties if p.key == command.party), None) if transition else None
    if party is None:
        return Rejected("party-unknown", f"Call {call.number} has no such turn, or nobody of that name to tell.", about)
    if party.told_at is not None:
        return ()
    return (e.TransitionTold(command.call_id, command.transition_id, command.party),)


def waive(state: State, command: c.WaiveInstead) -> Decision:
    """A person says why nothing is sent in place of what turned; the first who says it is kept."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    about: dict[str, str] = {"transition": command.transition_id}
    transition = next((t for t in call.transitions if t.transition_id == command.transition_id), None)
    if transition is None or not instead_of(transition):
        return Rejected("turn-unknown", f"Call {call.number} has no such turn for which something was proposed.", about)
    if transition.waived is not None:
        return ()
    refusal = text(command.reason, "The reason")
    return refusal or (e.InsteadWaived(command.call_id, command.transition_id, command.reason),)

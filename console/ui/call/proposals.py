"""The three things that can be done with a call now, whom each would take, and why not where it cannot. Pure.

What the hub would say is asked of the same `decide` beforehand, so a button is never alive that would be refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from console.domain import queries
from console.domain.commands import DispatchUnit, PreemptUnit
from console.domain.eligibility import response, verdicts
from console.domain.ids import ProgrammeCode, UnitId, UserId
from console.domain.moving import Preemption, preemptions
from console.domain.positions import Standing
from console.domain.programmes import Programme, Responds
from console.domain.recommend import Recommendation, recommend
from console.domain.state import Call, Position, State
from console.domain.triage.interview import protocol_for
from console.ui.call.hand_off_proposal import HandOffProposal, hand_off_proposal
from console.ui.call.proposal import Proposal, refusal
from console.ui.call.recommended import taking_consequence, taking_reason, taking_words, unit_words
from console.ui.road_times import Roads

_NO_STANDINGS: Mapping[UnitId, Standing] = {}


class DispatchProposal(Struct, frozen=True):
    """Sending a unit: the units in the order to send them, and those passed over.

    Where nobody is free whose programme is open to the call, those that could be taken off less urgent calls; where nobody
    is free at all the button takes the first of them, at its second press, and `consequence` says what that does.
    """

    proposal: Proposal
    recommendation: Recommendation = Recommendation()
    taking: tuple[Preemption, ...] = ()
    consequence: str = ""

    @property
    def takes(self) -> Preemption | None:
        """Who the button takes off another call; None where it sends who is free."""
        return self.taking[0] if self.taking and not self.recommendation.units else None


class Proposals(Struct, frozen=True):
    """The three actions of a call."""

    hand_off: HandOffProposal
    dispatch: DispatchProposal
    other: Proposal
    services: tuple[str, ...] = ()
    """The services that are proposed, or go along with what is, and were not asked yet."""


def proposals(
    state: State,
    positions: Mapping[UnitId, Position],
    call: Call,
    me: UserId,
    now: datetime,
    roads: Roads = Roads(),  # noqa: B008  it is frozen
    standings: Mapping[UnitId, Standing] = _NO_STANDINGS,
) -> Proposals:
    """What can be done with an open call at an instant; `roads` are the ways to it, `standings` tell a stuck receiver."""
    found = response(state.agency, call.circumstances, protocol_for(state.agency, call))
    programme = state.agency.programme(found.propose)
    by_phone = programme is not None and programme.responds is Responds.BY_PHONE
    colour = programme.colour if programme else "slate" if found.propose else ""
    asked = {order.service for order in call.services}
    known = {service.code for service in state.agency.other_services}
    services = tuple(code for code in (found.propose, *found.along) if code in known - asked)
    units = recommend(state, positions, call, now, roads.ways, standings)
    taking: tuple[Preemption, ...] = ()
    if nobody_open(units) and not queries.current_assignments(call) and call.in_care_of is None:
        taking = preemptions(state, positions, call, now, roads.ways)
    return Proposals(
        hand_off_proposal(state, call, me, now, programme if by_phone else None),
        _dispatch(state, units, taking, call, me, now, programme if programme and not by_phone else None),
        _other(state, call, services, colour if programme is None else ""),
        services,
    )


def _dispatch(
    state: State,
    found: Recommendation,
    taking: tuple[Preemption, ...],
    call: Call,
    me: UserId,
    now: datetime,
    proposed: Programme | None,
) -> DispatchProposal:
    """The button is the one to take only where its unit is of the proposed programme, and may go as far as was asked."""
    primary = proposed.colour if proposed else ""
    also = "Send also" if queries.current_assignments(call) else "Dispatch"
    if taking and not found.units:
        one = taking[0]
        words, number = f"Take {taking_words(state, one, long=True)}", state.calls[one.leaves].number
        refused = refusal(state, PreemptUnit(one.unit_id, call.call_id, taking_reason(state, call, one)), me, now)
        shown = Proposal(
            words,
            refused,
            "",
            (f"Take {taking_words(state, one)}", f"Take {one.unit_id} from {number}", f"Take {one.unit_id}"),
        )
        consequence = f"◆ Nobody is free. {taking_words(state, one, long=True)}: {taking_consequence(state, one, now)}."
        return DispatchProposal(shown, found, taking, consequence)
    if not found.units:
        why = "; ".join(f"{p.unit_id}: {p.reason}" for p in found.passed_over) or "No unit is on duty."
        return DispatchProposal(Proposal(f"{also} · no unit may go now", why, primary, (also,)), found)
    first, *rest = found.units
    not_asked = _not_asked(state, call, first.programme)
    if proposed is None or first.programme != proposed.code or not_asked:
        primary = ""
    words = f"{also} {unit_words(first, long=True)}"
    shorter: tuple[str, ...] = (words, f"{also} {unit_words(first)}", f"{also} {first.unit_id}")
    if not_asked:
        words = f"{words} · {not_asked} not asked yet"
        shorter = (*(f"{less} · {not_asked} not asked yet" for less in shorter[1:]), f"{shorter[-1]} · {not_asked}?")
        shorter = (*shorter, f"Send {first.unit_id} · {not_asked}?")
    refused = refusal(state, DispatchUnit(first.unit_id, call.call_id), me, now)
    next_one = f"; {unit_words(rest[0])}" if rest and not not_asked else ""
    return DispatchProposal(Proposal(words + next_one, refused, primary, shorter), found, taking)


def nobody_open(found: Recommendation) -> bool:
    """Whether nobody is free of a programme that is open to the call; who goes only for a reason not found yet is not."""
    return all(candidate.fit == "unlisted" for candidate in found.units)


def _not_asked(state: State, call: Call, code: ProgrammeCode) -> str:
    """The first danger that would keep an unarmed team from going and that nobody has asked about yet; "" for none."""
    programme = state.agency.programme(code)
    if programme is None or not programme.unarmed:
        return ""
    verdict = verdicts(state.agency, call.circumstances)[code]
    dangers = {fact for rule in state.agency.never_unarmed for fact in rule.when.facts}
    named = state.agency.facts
    return next((named[f].name.lower() for f in verdict.open if f in dangers and f in named and f not in call.facts), "")


def _other(state: State, call: Call, proposed: tuple[str, ...], primary: str) -> Proposal:
    """The services outside the programmes, the proposed one first; those asked already say so."""
    asked = {order.service for order in call.services}
    ordered = sorted(state.agency.other_services, key=lambda service: service.code not in proposed)
    names = [f"{service.name}{' (asked)' if service.code in asked else ''}" for service in ordered]
    why = "" if len(asked) < len(ordered) else "Every service has been asked to this call."
    if not ordered:
        why = "The agency has configured no other service."
    if proposed:
        shorter = (f"Ask {' and '.join(proposed)}", f"Ask {proposed[0]}…", "Other")
        return Proposal(f"Ask {service_words(state, proposed)}", why, primary, shorter)
    words = " · ".join(names) or "Other service"
    return Proposal(words, why, "", ("Other service", "Other"))


def service_words(state: State, codes: tuple[str, ...]) -> str:
    """ "Emergency medical services with Police": services that are asked together."""
    first, *along = (state.agency.name_of(code) for code in codes)
    return " with ".join(filter(None, (first, " and ".join(along))))

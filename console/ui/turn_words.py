"""What the desk says of a response that turned out wrong on its way: who is to be told, what goes instead. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.agency import Agency
from console.domain.commands import TellOfTransition
from console.domain.conditions import NOT_KNOWN
from console.domain.eligibility import Standing, verdicts
from console.domain.ids import ProgrammeCode, TransitionId, UnitId, UserId
from console.domain.programmes import Responds
from console.domain.queries import nature_words, party_words, person_name
from console.domain.state import Call, Party, Role, State, Transition
from console.domain.times import time_of_day
from console.domain.turned import instead_of, still_to_send
from console.ui.command_words import NOT_SENT
from console.ui.store import Store

Ticked = frozenset[tuple[TransitionId, str]]
"""Parties, by their transition and key, whose tick is on its way."""


def concerns(call: Call, transition: Transition, me: UserId, role: Role) -> bool:
    """Whether a turn is for this person's eyes: every dispatcher's and supervisor's, and those of its clinician."""
    if role is not Role.CLINICIAN:
        return True
    named = any(party.kind == "clinician" and party.about == me for party in transition.parties)
    return (named and bool(transition.untold)) or queries.on_the_line(call) == me


def sentence(state: State, call: Call, transition: Transition) -> str:
    """The turn in one breath: the call, who is on it, why that is wrong now, whom to tell, and what goes instead."""
    name = f"{call.number} {nature_words(state.agency, call)}"
    going = ", ".join(_doing(state, call, party) for party in transition.parties if party.kind in ("unit", "clinician"))
    about = ", ".join(part for part in (name, going) if part)
    return f"{about}: {why_words(transition)}. {_wanted(state, call, transition)}"


def why_words(transition: Transition) -> str:
    """Why the response is wrong now; what one programme says in fewer words than another is said once."""
    because = transition.because
    longest = (words for words in because if not any(words != other and words in other for other in because))
    return "; ".join(longest)


def _doing(state: State, call: Call, party: Party) -> str:
    """ "T1 on scene", "M. Reyes on the line", or that they have left the call."""
    who = party_words(state, party)
    if party.kind == "clinician":
        return f"{who} on the line" if queries.on_the_line(call) == party.about else f"{who} no longer on the line"
    unit = state.units.get(UnitId(party.about))
    on_it = unit is not None and unit.call == call.call_id
    return f"{who} {unit_status.STATUS_WORDS[unit.status].lower()}" if unit and on_it else f"{who} off the call"


def _wanted(state: State, call: Call, transition: Transition) -> str:
    """ "Tell T1; send Armed with Police instead." Those who face it are named, once they know the others."""
    facing = [party for party in transition.untold if party.kind in ("unit", "clinician")]
    told = ", ".join(party_words(state, party) for party in facing or transition.untold)
    words = _instead_wanted(state.agency, call, transition)
    return f"Tell {told}; {words}." if told else f"{words[:1].upper()}{words[1:]}."


def _instead_wanted(agency: Agency, call: Call, transition: Transition) -> str:
    codes = still_to_send(agency, call, transition)
    if codes:
        first, *along = (agency.name_of(code) for code in codes)
        return f"send {' with '.join(filter(None, (first, ' and '.join(along))))} instead"
    instead = instead_words(agency, transition)
    if transition.waived is not None:
        return "nothing is needed instead"
    return f"{instead} was sent instead" if instead else "no other response can be proposed"


def instead_words(agency: Agency, transition: Transition) -> str:
    """What was proposed in place of the response that turned: "Armed with Police"; "" for nothing."""
    along = " and ".join(agency.name_of(code) for code in transition.along)
    instead = agency.name_of(transition.instead) if transition.instead else ""
    return f"{instead} with {along}" if instead and along else instead or along


def sending_words(agency: Agency, code: str) -> str:
    """What a button that sends it says."""
    programme = agency.programme(code)
    if programme is None:
        return f"Ask {agency.name_of(code)}…"
    return f"Hand off to {programme.name}…" if programme.responds is Responds.BY_PHONE else f"Send {programme.name}…"


def reason_words(transition: Transition) -> str:
    """Why something else is sent, as the reason of that order."""
    return f"{', '.join(transition.programmes)} turned: {why_words(transition)}"


def facts_words(agency: Agency, call: Call, transition: Transition) -> str:
    """The facts that changed with it, as they were told then: "Weapon: within reach (officer saw it)"."""
    return ", ".join(_fact(agency, call, transition, name, value) for name, value in transition.facts.items())


def _fact(agency: Agency, call: Call, transition: Transition, name: str, value: str) -> str:
    fact = next((fact for key, fact in agency.facts.items() if key == name), None)
    words = "not known" if value == NOT_KNOWN else fact.values.get(value, value) if fact else value
    by_hand = (told.reason for told in call.told if told.fact == name and told.at == transition.at)
    reason = next(by_hand, "")
    return f"{fact.name if fact else name}: {words}{f' ({reason})' if reason else ''}"


def programmes_now(agency: Agency, call: Call, transition: Transition) -> tuple[str, ...]:
    """The programmes that turned and are eligible again now, by what is known of the call at this moment."""
    if call.closing is not None:
        return ()
    found = verdicts(agency, call.circumstances)

    def again(code: ProgrammeCode) -> bool:
        return code in found and found[code].standing is Standing.ELIGIBLE

    return tuple(f"{agency.name_of(code)} is eligible again now" for code in transition.programmes if again(code))


class PartyLine(Struct, frozen=True):
    """One who must be told: who, and when they were and by whom ("" while nobody has told them)."""

    who: str
    told: str


class Record(Struct, frozen=True):
    """The transition record: what turned when, by whose word and on which facts, who knows, and what became of the rest.

    `sent` has a line for each of what was proposed instead; "" where it was not sent yet.
    """

    turned: str
    on: str
    instead: str
    parties: tuple[PartyLine, ...]
    sent: tuple[PartyLine, ...]
    again: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everybody has been told, and what goes instead was sent or is not needed."""
        return all(line.told for line in (*self.parties, *self.sent))


def record(state: State, call: Call, transition: Transition, now: datetime, unsent: Ticked = frozenset()) -> Record:
    """The record of one turn, in words."""
    agency = state.agency
    at = time_of_day(agency, transition.at, now, seconds=True)
    names = ", ".join(transition.programmes)
    instead = instead_words(agency, transition)

    def line(party: Party) -> PartyLine:
        told = ""
        if party.told_at is not None and party.told_by is not None:
            when = time_of_day(agency, party.told_at, now, seconds=True)
            waits = f", {NOT_SENT}" if (transition.transition_id, party.key) in unsent else ""
            told = f"told {when} by {person_name(state, party.told_by)}{waits}"
        return PartyLine(party_words(state, party), told)

    return Record(
        f"{at} {names} turned: {why_words(transition)}",
        " · ".join(
            filter(None, (f"by the word of {person_name(state, transition.by)}", facts_words(agency, call, transition)))
        ),
        f"instead: {instead}" if instead else "no other response could be proposed",
        tuple(line(party) for party in transition.parties),
        tuple(PartyLine(agency.name_of(code), _sent(state, call, transition, code, now)) for code in instead_of(transition)),
        programmes_now(agency, call, transition),
    )


def _sent(state: State, call: Call, transition: Transition, code: str, now: datetime) -> str:
    """What became of one that was proposed instead: "asked 14:31:02 by Okafor"; "" where it is still to be sent."""

    def stamp(did: str, at: datetime, by: UserId) -> str:
        return f"{did} {time_of_day(state.agency, at, now, seconds=True)} by {person_name(state, by)}"

    if code in still_to_send(state.agency, call, transition):
        return ""
    for order in call.services:
        if order.service == code:
            return stamp("asked", order.at, order.by)
    for sent in reversed(call.assignments):
        if sent.programme == code and not sent.recalled:
            return stamp(f"{sent.unit_id} sent", sent.dispatched_at, sent.by)
    if (waived := transition.waived) is not None:
        return f"{stamp('not needed, said', waived.at, waived.by)}: {waived.reason}"
    if call.transitions[-1].transition_id != transition.transition_id:
        return "taken over by the later turn"
    return "not sent: the call was closed" if call.closing is not None else "has the caller"


def happened(state: State, call: Call) -> Iterable[tuple[datetime, str]]:
    """Each turn and each telling, with its moment, for the call's history."""
    for transition in call.transitions:
        facts = facts_words(state.agency, call, transition)
        instead = instead_words(state.agency, transition)
        words = f"{', '.join(transition.programmes)} turned by the word of {person_name(state, transition.by)}: "
        words += why_words(transition) + (f" ({facts})" if facts else "")
        yield transition.at, words + (f"; proposed instead: {instead}" if instead else "; nothing could be proposed instead")
        for party in transition.parties:
            if party.told_at is not None and party.told_by is not None:
                yield party.told_at, f"{party_words(state, party)} told of the turn by {person_name(state, party.told_by)}"
        if (waived := transition.waived) is not None:
            yield waived.at, f"{instead} is not needed, said {person_name(state, waived.by)}: {waived.reason}"


def ticks_under_way(store: Store) -> Ticked:
    """The ticks that the board shows already and that wait for the link."""
    commands = (row.command for row in store.unsent)
    return frozenset((c.transition_id, c.party) for c in commands if isinstance(c, TellOfTransition))

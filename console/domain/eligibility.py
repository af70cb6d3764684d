"""Which programmes a call is open to, in three values, with the facts that decided and those that are still open.

Hours, areas and staff are another question (`programmes.duty`, `recommend`): "eligible, nobody on duty" is not "not
eligible".
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.ids import FactName, ProgrammeCode
from console.domain.programmes import Condition, Programme, Responds
from console.domain.state import Call
from console.domain.triage.protocol import NOT_KNOWN, Protocol


class Standing(StrEnum):
    """The three answers to "may this programme go?"."""

    ELIGIBLE = "eligible"
    NOT = "not"
    NOT_KNOWN = "not_known"


class Verdict(Struct, frozen=True):
    """Standing of one programme on one call, why in words, and the needed facts that nobody has told yet."""

    programme: ProgrammeCode
    standing: Standing
    because: tuple[str, ...] = ()
    open: tuple[FactName, ...] = ()


class Response(Struct, frozen=True):
    """The response to propose: a programme's or another service's code ("" where nothing fits yet)."""

    propose: str
    because: tuple[str, ...] = ()
    open: tuple[FactName, ...] = ()
    """Facts that could still change it, not known ones included."""

    @property
    def settled(self) -> bool:
        """Whether nothing that is still open could change the proposal."""
        return not self.open


def holds(condition: Condition, facts: Mapping[FactName, str], priority: str) -> bool | None:
    """Whether a condition holds; None while a fact it names is not told, or was asked for and is not known."""
    if condition.priority and priority not in condition.priority:
        return False
    unknown = False
    for fact, values in condition.facts.items():
        value = facts.get(fact)
        if value in values:
            continue
        if value is not None and value != NOT_KNOWN:
            return False
        unknown = True
    return None if unknown else True


def verdicts(agency: Agency, call: Call, *, as_if_listed: ProgrammeCode | None = None) -> dict[ProgrammeCode, Verdict]:
    """The verdict of every programme that meets neighbors on a call, in the agency's order.

    `as_if_listed` names a programme to judge as if the nature were on its list: what a person overrides, and no more.
    """
    nature = agency.nature(call.nature)
    facts = call.facts
    found = {}
    for programme in agency.programmes:
        if programme.responds is Responds.FOLLOW_UP:
            continue
        if programme.code in nature.programmes or programme.code == as_if_listed:
            found[programme.code] = _verdict(programme, facts, call.priority, conditional=False)
        elif programme.code in nature.conditional:
            found[programme.code] = _verdict(programme, facts, call.priority, conditional=True)
        else:
            because = f"{nature.name} is not on the list of {programme.name}"
            found[programme.code] = Verdict(programme.code, Standing.NOT, (because,))
    return found


def _verdict(programme: Programme, facts: Mapping[FactName, str], priority: str, *, conditional: bool) -> Verdict:
    criteria = programme.criteria
    denied = [rule.because for rule in criteria.deny if holds(rule.when, facts, priority)]
    if denied:
        return Verdict(programme.code, Standing.NOT, tuple(denied))
    because: tuple[str, ...] = ()
    doubtful: list[FactName] = []
    if conditional:
        admitted = {rule.because: holds(rule.when, facts, priority) for rule in criteria.admit}
        because = tuple(words for words, held in admitted.items() if held)
        if not because:
            if all(held is False for held in admitted.values()):
                return Verdict(programme.code, Standing.NOT, ("no reason for it is known",))
            doubtful = [f for rule in criteria.admit for f in rule.when.facts if facts.get(f, NOT_KNOWN) == NOT_KNOWN]
    missing = [*doubtful, *(f for f in criteria.needs if facts.get(f, NOT_KNOWN) == NOT_KNOWN)]
    standing = Standing.NOT_KNOWN if missing else Standing.ELIGIBLE
    return Verdict(programme.code, standing, because, tuple(dict.fromkeys(missing)))


def open_to(agency: Agency, call: Call) -> tuple[ProgrammeCode, ...]:
    """Programmes that the nature lists and nothing known denies, and conditional ones whose condition is met."""
    listed = agency.nature(call.nature).programmes
    return tuple(
        code
        for code, verdict in verdicts(agency, call).items()
        if verdict.standing is Standing.ELIGIBLE or (verdict.standing is Standing.NOT_KNOWN and code in listed)
    )


def response(agency: Agency, call: Call, protocol: Protocol | None) -> Response:
    """What to propose for a call: the protocol's first proposal that holds and is not denied, else the first open one.

    An unarmed programme is never proposed as settled while a fact that could exclude it is open.
    """
    verdict_of = verdicts(agency, call)
    facts = call.facts
    doubtful: list[FactName] = []
    for proposal in protocol.proposals if protocol else ():
        held = holds(proposal.when, facts, call.priority)
        verdict = verdict_of.get(ProgrammeCode(proposal.propose))
        if held is None:
            doubtful += [f for f in proposal.when.facts if facts.get(f, NOT_KNOWN) == NOT_KNOWN]
        if held and (verdict is None or verdict.standing is not Standing.NOT):
            return Response(
                proposal.propose,
                (proposal.because, *(verdict.because if verdict else ())),
                tuple(dict.fromkeys((*doubtful, *(verdict.open if verdict else ())))),
            )
    for code in open_to(agency, call):
        return Response(code, verdict_of[code].because, tuple(dict.fromkeys((*doubtful, *verdict_of[code].open))))
    denials = tuple(words for verdict in verdict_of.values() for words in verdict.because)
    return Response("", denials, tuple(dict.fromkeys(doubtful)))

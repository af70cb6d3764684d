"""Which programmes a call is open to, in three values, with the facts that decided and those that are still open.

Hours, areas and staff are another question (`programmes.duty`, `recommend`): "eligible, nobody on duty" is not "not
eligible".
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Circumstances, holds
from console.domain.ids import FactName, ProgrammeCode
from console.domain.programmes import Programme, Responds
from console.domain.triage.protocol import Protocol


class Standing(StrEnum):
    """The three answers to "may this programme go?"."""

    ELIGIBLE = "eligible"
    NOT = "not"
    NOT_KNOWN = "not_known"


STANDING_WORDS: dict[Standing, str] = {
    Standing.ELIGIBLE: "eligible",
    Standing.NOT: "not eligible",
    Standing.NOT_KNOWN: "not enough known",
}


class Verdict(Struct, frozen=True):
    """Standing of one programme on one call, why in words, and the needed facts that nobody has told yet.

    `in_vain` are those of the open ones that could not be learned, where the programme goes unarmed: it is not excluded, but
    the careful choice is another, and a person who sends it all the same says why.
    """

    programme: ProgrammeCode
    standing: Standing
    because: tuple[str, ...] = ()
    open: tuple[FactName, ...] = ()
    in_vain: tuple[FactName, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it may be proposed: nothing known excludes it, and nothing was asked for in vain that it needs."""
        return self.standing is not Standing.NOT and not self.in_vain

    @property
    def doubt(self) -> int:
        """How far it is from eligible: 0 it is, 1 a fact is open, 2 one was asked for in vain, 3 it is excluded."""
        if self.standing is Standing.NOT_KNOWN:
            return 2 if self.in_vain else 1
        return 0 if self.standing is Standing.ELIGIBLE else 3


class Response(Struct, frozen=True):
    """The response to propose: a programme's or another service's code ("" where nothing fits yet)."""

    propose: str
    because: tuple[str, ...] = ()
    open: tuple[FactName, ...] = ()
    """Facts that could still change it, not known ones included."""
    along: tuple[str, ...] = ()
    """Codes of the programmes and services that go with it."""

    @property
    def settled(self) -> bool:
        """Whether nothing that is still open could change the proposal."""
        return not self.open


def verdicts(
    agency: Agency, known: Circumstances, *, as_if_listed: ProgrammeCode | None = None
) -> dict[ProgrammeCode, Verdict]:
    """The verdict of every programme that meets neighbors on a call, in the agency's order.

    `as_if_listed` names a programme to judge as if the nature were on its list: what a person overrides, and no more.
    """
    nature = agency.nature(known.nature)
    found = {}
    for programme in agency.programmes:
        if programme.responds is Responds.FOLLOW_UP:
            continue
        if programme.code in nature.programmes or programme.code == as_if_listed:
            found[programme.code] = _verdict(programme, known, conditional=False)
        elif programme.code in nature.conditional:
            found[programme.code] = _verdict(programme, known, conditional=True)
        else:
            because = f"{nature.name} is not on the list of {programme.name}"
            found[programme.code] = Verdict(programme.code, Standing.NOT, (because,))
    return found


def _verdict(programme: Programme, known: Circumstances, *, conditional: bool) -> Verdict:
    criteria = programme.criteria
    denied = [rule.because for rule in criteria.deny if holds(rule.when, known)]
    if denied:
        return Verdict(programme.code, Standing.NOT, tuple(dict.fromkeys(denied)))
    because: tuple[str, ...] = ()
    doubtful: list[FactName] = []
    if conditional:
        admitted = {rule.because: holds(rule.when, known) for rule in criteria.admit}
        because = tuple(words for words, held in admitted.items() if held)
        if not because:
            if all(held is False for held in admitted.values()):
                return Verdict(programme.code, Standing.NOT, ("no reason for it is known",))
            doubtful = [fact for rule in criteria.admit for fact in _untold(rule.when.facts, known)]
    waived = tuple(rule.because for rule in criteria.waive if holds(rule.when, known))
    # Somebody at the scene answers for what was not asked; what was asked there in vain stays not known.
    missing = [*doubtful, *(_in_vain(criteria.needs, known) if waived else _untold(criteria.needs, known))]
    standing = Standing.NOT_KNOWN if missing else Standing.ELIGIBLE
    still_open = tuple(dict.fromkeys(missing))
    in_vain = tuple(_in_vain(still_open, known)) if programme.unarmed else ()
    return Verdict(programme.code, standing, because + waived, still_open, in_vain)


def _untold(facts: Iterable[FactName], known: Circumstances) -> list[FactName]:
    """Those that nobody has told, or that could not be learned."""
    return [fact for fact in facts if known.facts.get(fact, NOT_KNOWN) == NOT_KNOWN]


def _in_vain(facts: Iterable[FactName], known: Circumstances) -> list[FactName]:
    """Those that were asked for and could not be learned."""
    return [fact for fact in facts if known.facts.get(fact) == NOT_KNOWN]


def open_to(agency: Agency, known: Circumstances, *, in_doubt: bool = False) -> tuple[ProgrammeCode, ...]:
    """Programmes that the nature lists and nothing known denies, and conditional ones whose condition is met.

    Those that go unarmed and need what was asked for in vain are left out, but for `in_doubt`: whether the call is one that
    a programme should have answered does not hang on what could not be learned.
    """
    listed = agency.nature(known.nature).programmes
    return tuple(
        code
        for code, verdict in verdicts(agency, known).items()
        if (verdict.standing is Standing.ELIGIBLE or (verdict.standing is Standing.NOT_KNOWN and code in listed))
        and (in_doubt or verdict.fits)
    )


def response(agency: Agency, known: Circumstances, protocol: Protocol | None) -> Response:
    """What to propose for a call: the protocol's first proposal that holds and is not denied, else the first open one.

    A programme whose need was asked for in vain is not proposed unarmed: not known is never taken for no.
    """
    verdict_of = verdicts(agency, known)
    doubtful: list[FactName] = []
    for proposal in protocol.proposals if protocol else ():
        held = holds(proposal.when, known)
        code = ProgrammeCode(proposal.propose)
        verdict = verdict_of.get(code)
        if held is None:
            doubtful += _untold(proposal.when.facts, known)
        if held and (verdict is None or verdict.fits):
            because = (proposal.because, *(verdict.because if verdict else ()))
            still_open = dict.fromkeys((*doubtful, *(verdict.open if verdict else ())))
            return Response(proposal.propose, because, tuple(still_open), proposal.along)
    for code in open_to(agency, known):
        return Response(code, verdict_of[code].because, tuple(dict.fromkeys((*doubtful, *verdict_of[code].open))))
    denials = tuple(words for verdict in verdict_of.values() for words in verdict.because)
    return Response("", denials, tuple(dict.fromkeys(doubtful)))

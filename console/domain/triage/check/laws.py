"""The laws that a protocol must keep on every path, and the rules of eligibility whatever anybody tells."""

from collections.abc import Iterator, Sequence
from math import prod

from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.ids import FactName, ProgrammeCode
from console.domain.triage.check.anything import Anything
from console.domain.triage.check.conversation import played, told
from console.domain.triage.check.diagram import NONE
from console.domain.triage.check.findings import Finding, Proof
from console.domain.triage.check.form import asked_before, contradicting, malformed, unneeded, unused, wordless
from console.domain.triage.check.paths import Paths
from console.domain.triage.check.reasoning import Outcome, unarmed_only
from console.domain.triage.check.starts import starts_of
from console.domain.triage.protocol import Protocol

LAWS = (
    "every conversation ends with a proposal, after no more questions than its limit",
    "nobody is sent unarmed and alone where never_unarmed forbids it, whatever is answered, or told by hand or by a flag",
    "no unarmed programme is proposed before what could exclude it has been asked, unless its rules waive that",
    "what never_unarmed looks at is asked a second time in other words",
    "every question is asked of somebody, never when all that it could tell is known, and only on what is known by then",
    "every question has one answer for not known, and all its words in each language of the protocol",
    "one id is one question in all protocols, so that an answer holds when a call is recoded",
    "every proposal can be made, and something looks at all that is asked",
)
"""What holds of a protocol that is proved, for the people who answer for it."""


def prove(agency: Agency, protocol: Protocol) -> Proof:
    """Prove one protocol among the rules of its agency. Of one that cannot be walked, say what must be mended first."""
    proof = Proof(protocol.id, protocol.version, len(protocol.questions))
    if broken := tuple(malformed(agency, protocol)):
        return replace(proof, findings=broken)
    try:
        return _walked(agency, protocol, proof)
    except RecursionError:  # a diagram is as deep as there are questions, and facts told before
        what = f"{len(protocol.questions)} questions are more than a proof can go through, so nothing is proved; use fewer"
        return replace(proof, findings=(Finding("questions", what),))


def _walked(agency: Agency, protocol: Protocol, proof: Proof) -> Proof:
    found = [*wordless(protocol), *contradicting(agency, protocol), *unneeded(agency, protocol)]
    starts = starts_of(agency, protocol)
    if not all(starts.sizes):
        return replace(proof, findings=(*found, Finding("natures and sources", "no nature and no source leads to it")))
    paths = Paths(protocol, starts, _told_before(agency, protocol))
    longest, example = paths.longest
    if longest > protocol.limit:
        what = f"an interview can take {longest} questions, and its limit is {protocol.limit}"
        found.append(Finding("limit", what, played(agency, protocol, example)))
    states = paths.states()
    found += _questions(agency, protocol, paths, states)
    found += _outcomes(agency, protocol, paths)
    return replace(
        proof, starts=prod(starts.sizes), states=sum(states), paths=paths.count(), longest=longest,
        findings=tuple(found),
    )  # fmt: skip


def _told_before(agency: Agency, protocol: Protocol) -> dict[FactName, tuple[str, ...]]:
    """What a call can bring to the first question: what flags tell, and the other protocols of a call that was recoded."""
    said = list(agency.flags.values())
    others = (question for other in agency.protocols if other.id != protocol.id for question in other.questions)
    said += (answer.sets for question in others for answer in question.answers)
    found: dict[FactName, dict[str, None]] = {}
    for sets in said:
        for fact, value in sets.items():
            found.setdefault(fact, {})[value] = None
    return {fact: tuple(values) for fact, values in found.items()}


def prove_rules(agency: Agency) -> tuple[Finding, ...]:
    """That no facts at all, by hand or by questions, make an unarmed programme eligible where nobody may go unarmed."""
    anything = Anything(agency, starts_of(agency, None))
    reasoning = anything.reasoning
    found, standings = list(unused(agency)), reasoning.standings(agency)
    if any(programme.unarmed for programme in agency.programmes) and not agency.never_unarmed:
        found.append(Finding("never_unarmed", "nothing says when nobody may be sent unarmed, so there is nothing to prove"))
    for programme in agency.programmes:
        standing = standings.get(programme.code)
        if standing is None or not programme.unarmed:
            continue
        for rule in agency.never_unarmed:
            wrong = anything.diagrams.both(standing.eligible, reasoning.held(rule.when).yes)
            if example := anything.fewest(wrong):
                what = f"{programme.name} is unarmed and eligible though nobody may go unarmed: {rule.because}"
                found.append(Finding(f"criteria of {programme.code}", what, told(agency, *example)))
    return tuple(found)


def _questions(agency: Agency, protocol: Protocol, paths: Paths, states: Sequence[int]) -> Iterator[Finding]:
    for level, question in enumerate(protocol.questions):
        at = f"question {question.id}"
        if not states[level]:
            yield Finding(at, "it is never asked: no answers lead to it")
        elif example := paths.shortest(paths.needless[level]):
            what = "it is asked for nothing: all that it could tell is known by then"
            yield Finding(at, what, played(agency, protocol, example))


def _outcomes(agency: Agency, protocol: Protocol, paths: Paths) -> Iterator[Finding]:
    """Each path has an outcome, which is never unarmed where it must not be, and never before all is asked."""
    outcomes = paths.reasoning.outcomes(agency, protocol)
    wheres = [outcome.where for outcome in outcomes]
    if example := paths.shortest(paths.all, wheres[::-1]):
        yield Finding("proposals", "this conversation ends without a proposal", played(agency, protocol, example))
    anything = Anything(agency, paths.starts, protocol)
    whatever = anything.reasoning.outcomes(agency, protocol)
    begins = anything.reasoning.begins()
    for number, outcome in enumerate(outcomes):
        at, earlier = _place(outcome), [each.where for each in whatever[:number]]
        anyhow = anything.diagrams.both(begins, whatever[number].where)
        if outcome.proposal is not None and anything.fewest(anyhow, earlier) is None:
            yield Finding(at, "it is never proposed: another always comes first, or it never holds")
        if not unarmed_only(agency, (outcome.propose, *outcome.along)):
            continue
        for rule in agency.never_unarmed:
            wrong = anything.diagrams.both(anyhow, anything.reasoning.held(rule.when).yes)
            if by_hand := anything.fewest(wrong, earlier):
                what = f"only unarmed people are sent though nobody may go unarmed: {rule.because}"
                wrong = paths.diagrams.both(outcome.where, paths.reasoning.held(rule.when).yes)
                example = paths.shortest(wrong, wheres[:number])
                yield Finding(at, what, played(agency, protocol, example) if example else told(agency, *by_hand))
        if example := paths.shortest(_unasked(agency, paths, outcome), wheres[:number]):
            what = "an unarmed programme is proposed before all that could exclude it has been asked"
            yield Finding(at, what, played(agency, protocol, example))


def _unasked(agency: Agency, paths: Paths, outcome: Outcome) -> int:
    """Where an unarmed programme is proposed though a fact that could exclude it was never asked for, nor waived."""
    diagrams, reasoning = paths.diagrams, paths.reasoning
    wrong = NONE
    for code in (outcome.propose, *outcome.along):
        programme = agency.programme(ProgrammeCode(code))
        if programme is not None and programme.unarmed:
            silent = diagrams.either(*(reasoning.value(fact, None) for fact in asked_before(agency, programme)))
            waived = reasoning.any_holds(programme.criteria.waive)
            wrong = diagrams.either(wrong, diagrams.all_of(outcome.where, silent, diagrams.outside(waived)))
    return wrong


def _place(outcome: Outcome) -> str:
    if outcome.proposal is None:
        return f"no proposal holds, and {outcome.propose} is open"
    return f"proposal {outcome.proposal + 1} ({outcome.propose})"

"""The proof against the plain rules: what it says of all paths at once is what comes of walking every one of them."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Circumstances, Condition, holds
from console.domain.eligibility import Standing, response, verdicts
from console.domain.ids import FactName, NatureCode, ProgrammeCode
from console.domain.programmes import Criteria
from console.domain.triage.check import Finding, prove
from console.domain.triage.check.anything import Anything
from console.domain.triage.check.diagram import NONE
from console.domain.triage.check.paths import Paths
from console.domain.triage.check.reasoning import unarmed_only
from console.domain.triage.check.starts import starts_of
from console.domain.triage.interview import Asking
from console.domain.triage.rehearsal import Rehearsal, rehearse
from tests.support.any_protocol import FACTS, NATURES, PRIORITIES, SOURCES, VALUES, centers

slowly = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Walked(NamedTuple):
    """A conversation to its end: every answer in turn, the answer that stands for each question, and the facts."""

    nature: NatureCode
    said: tuple[tuple[str, str], ...]
    stands: dict[str, str]
    facts: dict[FactName, str]


def walks(agency: Agency, told: dict[FactName, str], states: set[object]) -> Iterator[Walked]:
    """Every conversation of calls that are told these facts before; `states` collects what stands and what is asked then."""

    def on(rehearsal: Rehearsal, said: tuple[tuple[str, str], ...], stands: dict[str, str]) -> Iterator[Walked]:
        step = rehearsal.step()
        states.add((frozenset(stands.items()), step.question.id if isinstance(step, Asking) else None))
        if not isinstance(step, Asking):
            yield Walked(rehearsal.call.nature, said, stands, rehearsal.call.facts)
            return
        for answer in step.question.answers:
            settled = step.again or not (answer.is_not_known and step.question.again)
            standing = stands | {step.question.id: answer.key} if settled else stands
            yield from on(rehearsal.answer(answer.key), (*said, (step.question.id, answer.key)), standing)

    for nature in NATURES:
        begun = rehearse(agency, nature)
        for fact, value in told.items():
            begun = begun.tell(fact, value)
        yield from on(begun, (), {})


def circumstances(found: list[Walked]) -> Iterator[tuple[Walked, Circumstances]]:
    for walked, priority, source in product(found, PRIORITIES, SOURCES):
        yield walked, Circumstances(walked.facts, walked.nature, priority, source)


def shortest(findings: tuple[Finding, ...], what: str) -> int | None:
    """The fewest answers in a conversation of a finding; those told without a conversation do not count."""
    lengths = [len(f.conversation.turns) for f in findings if f.conversation and f.conversation.turns and what in f.what]
    return min(lengths, default=None)


VALUES_TOLD = (*VALUES, NOT_KNOWN)
told_before: st.SearchStrategy[dict[FactName, str]] = st.just({}) | st.dictionaries(
    st.sampled_from(FACTS), st.sampled_from(VALUES_TOLD)
)


@slowly
@given(agency=centers(), told=told_before)
def test_given_any_protocol_then_the_proof_is_what_comes_of_walking_every_path(
    agency: Agency, told: dict[FactName, str]
) -> None:
    states: set[object] = set()
    found = list(walks(agency, told, states))
    (protocol,) = agency.protocols
    paths = Paths(protocol, starts_of(agency, protocol), dict.fromkeys(FACTS, VALUES_TOLD))
    assert paths.count(told) == len({walked.said for walked in found})
    assert sum(paths.states(told)) == len(states)
    assert paths.longest[0] >= max(len(walked.stands) for walked in found)
    ends: dict[object, Walked] = {}
    for walked in sorted(found, key=lambda walked: len(walked.said), reverse=True):
        ends[walked.nature, *walked.stands.items()] = walked
    _same_responses(agency, paths, told, list(ends.values()))
    if not told:
        alone = Paths(protocol, starts_of(agency, protocol))
        assert (alone.count(), alone.states()) == (paths.count(), paths.states())
        assert alone.longest[0] == max(len(walked.stands) for walked in found)
        _same_laws(agency, list(ends.values()))


def _same_responses(agency: Agency, paths: Paths, told: dict[FactName, str], found: list[Walked]) -> None:
    """At every end the proof expects the response that the rules give, and no other."""
    (protocol,) = agency.protocols
    outcomes = paths.reasoning.outcomes(agency, protocol)
    for walked, known in circumstances(found):
        keys = [[answer.key for answer in question.answers] for question in protocol.questions]
        stands = [walked.stands.get(question.id) for question in protocol.questions]
        levels = [given.index(key) + 1 if key else 0 for given, key in zip(keys, stands, strict=True)]
        here = paths.answered(levels)
        here = paths.diagrams.all_of(paths.given(told), here, _beginning(paths, agency, known))
        assert paths.diagrams.both(here, paths.all) != NONE
        taken = next((outcome for outcome in outcomes if paths.diagrams.both(here, outcome.where)), None)
        proposed = response(agency, known, protocol)
        assert (proposed.propose, proposed.along) == ((taken.propose, taken.along) if taken else ("", ()))


def _beginning(paths: Paths, agency: Agency, known: Circumstances) -> int:
    """Where a call begins like this one: by the kind that the proof took its nature, priority and source for."""
    starts, diagrams = paths.starts, paths.diagrams
    first = len(diagrams.sizes) - 3
    where = NONE
    for n, (nature, priority, source) in enumerate(product(starts.natures, starts.priorities, starts.sources)):
        if _alike(agency, known, Circumstances(known.facts, nature, priority, source)):
            sizes = starts.sizes
            values = n // (sizes[1] * sizes[2]), n // sizes[2] % sizes[1], n % sizes[2]
            where = diagrams.all_of(*(diagrams.where(first + i, [value]) for i, value in enumerate(values)))
    assert where != NONE, "every call is of some kind"
    return where


def _alike(agency: Agency, one: Circumstances, other: Circumstances) -> bool:
    natures = [agency.nature(each.nature) for each in (one, other)]
    programmes = [(set(n.programmes), set(n.conditional)) for n in natures]
    conditions = [rule.when for p in agency.programmes for rule in (*p.criteria.deny, *p.criteria.admit, *p.criteria.waive)]
    conditions += [rule.when for rule in agency.never_unarmed] + [p.when for p in agency.protocols[0].proposals]
    conditions += [q.ask_when for q in agency.protocols[0].questions]
    conditions += [q.ask_unless for q in agency.protocols[0].questions if q.ask_unless]
    return programmes[0] == programmes[1] and all(holds(each, one) == holds(each, other) for each in conditions)


def _denied_in_vain(criteria: Criteria) -> set[FactName]:
    """What it does not need, and is denied for whenever it was asked for in vain, whatever else is so."""
    alone = [rule.when for rule in criteria.deny if rule.when == Condition(rule.when.facts) and len(rule.when.facts) == 1]
    return {fact for when in alone for fact in when.facts if NOT_KNOWN in when.facts[fact]} - set(criteria.needs)


def _same_laws(agency: Agency, found: list[Walked]) -> None:
    """A law is found broken where it is, and is shown by the shortest conversation that breaks it."""
    (protocol,) = agency.protocols
    findings = prove(agency, protocol).findings
    exclusions = {fact for rule in agency.never_unarmed for fact in rule.when.facts}
    nothing: list[int] = []
    unasked: list[int] = []
    unarmed: dict[str, list[int]] = {rule.because: [] for rule in agency.never_unarmed}
    for walked, known in circumstances(found):
        proposed = response(agency, known, protocol)
        sent = (proposed.propose, *proposed.along)
        if not proposed.propose:
            nothing.append(len(walked.said))
        elif unarmed_only(agency, sent):
            for rule in agency.never_unarmed:
                if holds(rule.when, known):
                    unarmed[rule.because].append(len(walked.said))
            going = [p.criteria for p in agency.programmes if p.code in sent]
            silent = [c for c in going if exclusions - _denied_in_vain(c) - walked.facts.keys()]
            if any(not any(holds(rule.when, known) for rule in criteria.waive) for criteria in silent):
                unasked.append(len(walked.said))
    assert shortest(findings, "ends without a proposal") == min(nothing, default=None)
    assert shortest(findings, "before all that could exclude") == min(unasked, default=None)
    for because, lengths in unarmed.items():
        assert shortest(findings, f"nobody may go unarmed: {because}") == min(lengths, default=None)


@slowly
@given(agency=centers(), chance=st.randoms(use_true_random=False))
def test_given_any_facts_told_by_hand_then_the_proof_expects_the_verdicts_that_the_rules_give(
    agency: Agency, chance: Random
) -> None:
    anything = Anything(agency, starts_of(agency, None))
    standings = anything.reasoning.standings(agency)
    wrong = {
        (code, rule.because): anything.fewest(anything.diagrams.both(each.eligible, anything.reasoning.held(rule.when).yes))
        for code, each in standings.items()
        for rule in agency.never_unarmed
    }
    points = list(product([None, *VALUES, NOT_KNOWN], repeat=len(FACTS)))
    for point, nature, priority, source in product(chance.sample(points, 16), NATURES, PRIORITIES, SOURCES):
        facts = {fact: value for fact, value in zip(FACTS, point, strict=True) if value is not None}
        known = Circumstances(facts, nature, priority, source)
        for code, verdict in verdicts(agency, known).items():
            for rule in agency.never_unarmed:
                if verdict.standing is Standing.ELIGIBLE and holds(rule.when, known):
                    example = wrong[code, rule.because]
                    assert example is not None and len(example[3]) <= len(facts)
    for (programme, because), example in wrong.items():
        if example is not None:
            nature, priority, source, told = example
            known = Circumstances(told, nature, priority, source)
            (rule,) = {rule.because: rule for rule in agency.never_unarmed if rule.because == because}.values()
            assert verdicts(agency, known)[ProgrammeCode(programme)].standing is Standing.ELIGIBLE
            assert holds(rule.when, known)

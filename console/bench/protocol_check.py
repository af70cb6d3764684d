"""The proof of triage protocols: those that ship, and one made up with 80 questions whose conditions cross."""

import random
import time
from collections.abc import Iterator

from msgspec.structs import replace

from console.bench.figure import Figure
from console.domain.agency import EMPTY, Agency, Nature, OtherService
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import FactName, NatureCode, ProgrammeCode, QuestionId
from console.domain.programmes import Criteria, Programme, Responds
from console.domain.triage.check import Finding, Proof, prove, prove_rules
from console.domain.triage.protocol import Answer, Fact, Proposal, Protocol, Question
from console.hub.configuration import load
from console.shipped import configurations

QUESTIONS = 80
ANSWERS = 4
GATES = 4
"""The first questions, which every later one may hang on, however far it is from them."""
REACH = 8
"""How far back a question looks for the other facts it hangs on."""

VALUES = tuple(f"v{number}" for number in range(1, ANSWERS + 1))


def measure() -> list[Figure]:
    """The seconds that each proof takes, and that it finds nothing, so that no law ended it early."""
    folders = configurations()
    shipped = [_timed(load(folder)) for folder in folders]
    made_up, proofs = _timed(synthetic(QUESTIONS))
    paths = proofs[0].paths
    names = ", ".join(folder.name for folder in folders)
    return [
        Figure(
            "proof of the protocols that ship", max(seconds for seconds, _ in shipped), "s", 5.0,
            f"rules and every protocol of one configuration, the slowest of {names}; reading the files is not counted",
        ),
        Figure(
            "proof of 80 questions", made_up, "s", 30.0,
            f"{QUESTIONS} questions of {ANSWERS} answers and not known, each from the fifth on hangs on one of the first "
            f"{GATES} and on one or two of the {REACH} before it; {_power(paths)} paths",
        ),
    ]  # fmt: skip


def synthetic(questions: int, seed: int = 1) -> Agency:
    """A center with one protocol of so many questions, which is sound; the same seed gives the same.

    The first questions are asked of everybody and can exclude the unarmed team. Each later one hangs on one of them, on
    one or two facts told shortly before, and now and then on the nature; proposals look at any two facts.
    """
    chance = random.Random(seed)
    facts = [FactName(f"fact{number:02d}") for number in range(questions)]
    natures = {code: Nature(code, code, "2", (TEAM,), (ARMED,)) for code in map(NatureCode, ("N1", "N2", "N3"))}
    natures[NatureCode("N3")] = replace(natures[NatureCode("N3")], programmes=())
    wrong = tuple(Rule(Condition({fact: (VALUES[-1], NOT_KNOWN)}), f"{fact} excludes it") for fact in facts[:GATES])
    deny = tuple(Rule(Condition({fact: (VALUES[-1],)}), f"{fact} excludes it") for fact in facts[:GATES])
    priority = Rule(Condition(priority=("P",)), "a threat to life")
    asked = tuple(_question(facts, number, chance, natures) for number in range(questions))
    proposals = [Proposal(ARMED, rule.when, "an exclusion") for rule in (*wrong, priority)]
    for number, fact in enumerate(facts[GATES:-1], GATES + 1):
        along = ("POLICE",) if chance.random() < 0.3 else ()
        value = chance.choice(VALUES)
        proposals.append(
            Proposal(TEAM, Condition({fact: (value,), chance.choice(facts[number:]): VALUES[:2]}), f"{fact}", along)
        )
    protocol = Protocol(
        "made_up", "1", "Made up", "sample", "nobody", "2026-01-01", ("en",), asked,
        (*proposals, Proposal("POLICE", Condition(), "nothing else fits")), questions,
    )  # fmt: skip
    criteria = Criteria((*deny, priority), needs=tuple(facts[:GATES]))
    team = Programme(TEAM, "Team", Responds.IN_PERSON, True, (), "teal", "circle", (), criteria=criteria)
    armed = Programme(ARMED, "Armed", Responds.IN_PERSON, False, (), "blue", "square", (), criteria=Criteria(admit=wrong))
    return replace(
        EMPTY, name="Made up", programmes=(team, armed), natures=natures, never_unarmed=(*wrong, priority),
        other_services=(OtherService("POLICE", "Police", armed=True),), protocols=(protocol,), facts_shown=tuple(facts),
        facts={fact: Fact(fact, {value: value for value in VALUES}) for fact in facts},
    )  # fmt: skip


TEAM, ARMED = ProgrammeCode("TEAM"), ProgrammeCode("ARMED")


def _question(facts: list[FactName], number: int, chance: random.Random, natures: dict[NatureCode, Nature]) -> Question:
    fact = facts[number]
    answers = [Answer(str(n), {"en": value}, {fact: value}) for n, value in enumerate((*VALUES, NOT_KNOWN), 1)]
    asked = Question(QuestionId(f"q{number}"), "any", {"en": f"What of {fact}?"}, tuple(answers))
    if number < GATES:
        return replace(asked, again={"en": f"Once more, what of {fact}?"})
    gate, *near = facts[chance.randrange(GATES)], *chance.sample(facts[max(0, number - REACH) : number], 2)
    spared = chance.choice(VALUES)
    when = {gate: VALUES[: chance.randint(2, 3)]}
    if number % 3 == 0:
        when[near[0]] = tuple(value for value in VALUES if value != spared)
    unless = Condition({near[1]: (spared,)})
    nature = (chance.choice(list(natures)),) if number % 10 == 0 else ()
    return replace(asked, ask_when=Condition(when, nature), ask_unless=unless)


def _timed(agency: Agency) -> tuple[float, list[Proof]]:
    begun = time.perf_counter()
    findings = list(prove_rules(agency))
    proofs = [prove(agency, protocol) for protocol in agency.protocols]
    seconds = time.perf_counter() - begun
    for finding in (*findings, *_all(proofs)):
        raise RuntimeError(f"{agency.name}: {finding.place}: {finding.what}")
    return seconds, proofs


def _all(proofs: list[Proof]) -> Iterator[Finding]:
    return (finding for proof in proofs for finding in proof.findings)


def _power(count: int) -> str:
    return f"about 10^{len(str(count)) - 1}"

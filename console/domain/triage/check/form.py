"""What can be seen of a protocol without walking it: texts, keys, answers, conditions, and what is used."""

from collections import Counter
from collections.abc import Iterator

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Condition
from console.domain.ids import FactName
from console.domain.programmes import Programme
from console.domain.triage.check.findings import Finding
from console.domain.triage.check.starts import conditions_of, rules_of
from console.domain.triage.protocol import Answer, Protocol, Question


def exclusions(agency: Agency) -> tuple[FactName, ...]:
    """The facts that can make an unarmed response wrong."""
    return tuple(dict.fromkeys(fact for rule in agency.never_unarmed for fact in rule.when.facts))


def asked_before(agency: Agency, programme: Programme) -> tuple[FactName, ...]:
    """The exclusions that an unarmed programme may not go without asking for.

    Not those that it does not need and is denied for, by that alone, once they were asked for in vain: what few calls are
    about (are the means to die within reach?) is asked where there is reason to, and then counts.
    """
    criteria = programme.criteria
    in_vain = {fact for rule in criteria.deny for fact in _alone(rule.when) if NOT_KNOWN in rule.when.facts[fact]}
    return tuple(fact for fact in exclusions(agency) if fact in criteria.needs or fact not in in_vain)


def _alone(when: Condition) -> tuple[FactName, ...]:
    """The fact that a condition looks at, where it looks at nothing else."""
    more = len(when.facts) != 1 or when.nature or when.priority or when.source
    return () if more else tuple(when.facts)


def malformed(agency: Agency, protocol: Protocol) -> Iterator[Finding]:
    """What keeps a protocol from being walked: no two people would read it the same way."""
    if not protocol.questions:
        yield Finding("questions", "it asks nothing")
    for name, times in Counter(question.id for question in protocol.questions).items():
        if times > 1:
            yield Finding(f"question {name}", f"{times} questions have this id")
    told: set[FactName] = set()
    for question in protocol.questions:
        yield from _answers(agency, question)
        yield from _asking(question, told)
        told |= set(question.facts)
    for number, proposal in enumerate(protocol.proposals, 1):
        at = f"proposal {number} ({proposal.propose})"
        for fact, values in proposal.when.facts.items():
            yield from _unheard_of(agency, at, fact, *values)
        for code in (proposal.propose, *proposal.along):
            if not agency.programme(code) and code not in [service.code for service in agency.other_services]:
                yield Finding(at, f"{code!r} is neither a programme nor a service")


def _answers(agency: Agency, question: Question) -> Iterator[Finding]:
    at = f"question {question.id}"
    for key, times in Counter(answer.key for answer in question.answers).items():
        if times > 1:
            yield Finding(at, f"{times} answers have the key {key}")
        if len(key) != 1 or key not in "0123456789":
            yield Finding(at, f"the key {key!r} is not a digit")
    not_known = [answer for answer in question.answers if answer.is_not_known]
    if len(not_known) != 1:
        yield Finding(at, f'{len(not_known) or "no"} answers say "not known", there must be one')
    for answer in question.answers:
        here = f"{at}, answer {answer.key}"
        if not answer.sets:
            yield Finding(here, "it tells nothing")
        for fact, value in answer.sets.items():
            yield from _unheard_of(agency, here, fact, value)


def _unheard_of(agency: Agency, at: str, fact: FactName, *values: str) -> Iterator[Finding]:
    known = agency.facts.get(fact)
    if known is None:
        yield Finding(at, f"{fact!r} is not a fact")
        return
    for value in values:
        if value not in known.values and value != NOT_KNOWN:
            yield Finding(at, f"{value!r} is not a value of {known.name}")


def _asking(question: Question, told: set[FactName]) -> Iterator[Finding]:
    at = f"question {question.id}"
    for condition in filter(None, (question.ask_when, question.ask_unless)):
        if condition.priority or condition.source:
            yield Finding(
                at, "whether it is asked hangs on the priority or the source; only facts and the nature may decide"
            )
        for fact in condition.facts:
            if fact not in told:
                yield Finding(at, f"whether it is asked hangs on {fact!r}, which no earlier question tells")


def faulty(agency: Agency, protocol: Protocol) -> Iterator[Finding]:
    """What is wrong with a protocol though it can be walked: words that are missing, and questions nobody needs."""
    excluding, used = set(exclusions(agency)), used_facts(agency)
    for question in protocol.questions:
        at = f"question {question.id}"
        yield from _wordless(protocol, at, question.text)
        if question.again:
            yield from _wordless(protocol, f"{at}, again", question.again)
        for answer in question.answers:
            yield from _answer_words(protocol, f"{at}, answer {answer.key}", answer)
        if excluding.intersection(question.facts) and not question.again:
            names = " and ".join(sorted(agency.facts[fact].name for fact in excluding.intersection(question.facts)))
            yield Finding(at, f"it has no other words to ask again in (again), and {names} can exclude an unarmed response")
        if not used.intersection(question.facts):
            yield Finding(at, "nothing looks at what it tells")


def _answer_words(protocol: Protocol, at: str, answer: Answer) -> Iterator[Finding]:
    yield from _wordless(protocol, at, answer.text)
    if answer.instruction:
        yield from _wordless(protocol, f"{at}, instruction", answer.instruction)


def _wordless(protocol: Protocol, at: str, text: dict[str, str]) -> Iterator[Finding]:
    for language in protocol.languages:
        if not text.get(language, "").strip():
            yield Finding(at, f"it has no words in {language!r}")
    for language in text:
        if language not in protocol.languages:
            yield Finding(at, f"it has words in {language!r}, which the protocol does not declare")


def used_facts(agency: Agency) -> set[FactName]:
    """The facts that something looks at."""
    conditions: list[Condition] = [each for protocol in agency.protocols for each in conditions_of(protocol)]
    conditions += [rule.when for rule in rules_of(agency)]
    conditions += [recode.when for recode in agency.recode_when]
    used = {*agency.facts_shown, *(fact for programme in agency.programmes for fact in programme.criteria.needs)}
    return used | {fact for condition in conditions for fact in condition.facts}


def unused(agency: Agency) -> Iterator[Finding]:
    """Facts that nothing looks at, or that nothing tells."""
    used = used_facts(agency)
    telling = {fact for protocol in agency.protocols for question in protocol.questions for fact in question.facts}
    telling |= {fact for told in agency.flags.values() for fact in told}
    for fact in agency.facts:
        if fact not in used:
            yield Finding(f"fact {fact}", "no rule, question or proposal looks at it, and no summary shows it")
        if fact not in telling:
            yield Finding(f"fact {fact}", "no question and no flag tells it")

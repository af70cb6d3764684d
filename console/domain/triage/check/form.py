"""What can be seen of a protocol without walking it: texts, keys, answers, conditions, and what is used."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Condition
from console.domain.ids import FactName
from console.domain.programmes import Programme
from console.domain.state import PRIORITIES, Source
from console.domain.triage.check.findings import Finding, listed
from console.domain.triage.check.starts import conditions_of, rules_of
from console.domain.triage.protocol import Protocol, Question

_SOURCES = tuple(source.value for source in Source)


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


def ill_formed(agency: Agency) -> dict[str, tuple[Finding, ...]]:
    """What is wrong in form, by protocol: what nobody could walk, words that are missing, one id for two questions.

    Of two protocols that differ in a question, one with faults of its own is wrong alone: it does not count against others.
    """
    own = {protocol.id: (*malformed(agency, protocol), *wordless(protocol)) for protocol in agency.protocols}
    sound = replace(agency, protocols=tuple(protocol for protocol in agency.protocols if not own[protocol.id]))
    differing = {protocol.id: tuple(contradicting(sound, protocol)) for protocol in sound.protocols}
    return {name: findings for name, findings in (own | differing).items() if findings}


def malformed(agency: Agency, protocol: Protocol) -> Iterator[Finding]:
    """What keeps a protocol from being walked: no two people would read it the same way."""
    yield from _head(agency, protocol)
    for name, times in Counter(question.id for question in protocol.questions).items():
        if times > 1:
            yield Finding(f"question {name}", f"{times} questions have this id", allowed="each id once")
    told: set[FactName] = set()
    for question in protocol.questions:
        yield from _answers(agency, question)
        yield from _asking(agency, question, told)
        told |= set(question.facts)
    codes = [*(programme.code for programme in agency.programmes), *(service.code for service in agency.other_services)]
    for number, proposal in enumerate(protocol.proposals, 1):
        at = f"proposal {number} ({proposal.propose})"
        yield from unknown_in(agency, at, proposal.when)
        for code in (proposal.propose, *proposal.along):
            if code not in codes:
                yield Finding(at, f"{code!r} is neither a programme nor a service", allowed=listed(codes))


def _head(agency: Agency, protocol: Protocol) -> Iterator[Finding]:
    if not protocol.questions:
        yield Finding("questions", "it asks nothing", allowed="at least one question")
    if not protocol.languages:
        yield Finding("languages", "it names no language", allowed=listed(agency.languages))
    if protocol.limit < 1:
        yield Finding("limit", f"{protocol.limit} questions at most", allowed="1 or more")
    yield from _not_among("languages", protocol.languages, agency.languages)
    yield from _not_among("sources", protocol.sources, _SOURCES)


def unknown_in(agency: Agency, at: str, condition: Condition) -> Iterator[Finding]:
    """Each name in a condition that the agency does not know."""
    yield from _not_among(f"{at}, priority", condition.priority, PRIORITIES)
    yield from _not_among(f"{at}, source", condition.source, _SOURCES)
    yield from _not_among(f"{at}, nature", condition.nature, agency.natures)
    for fact, values in condition.facts.items():
        yield from unknown_fact(agency, at, fact, *values)


def unknown_fact(agency: Agency, at: str, fact: FactName, *values: str) -> Iterator[Finding]:
    """A fact, or values of one, that the agency does not know."""
    known = agency.facts.get(fact)
    if known is None:
        yield Finding(at, f"{fact!r} is not a fact", allowed=listed(agency.facts))
        return
    for value in values:
        if value not in known.values and value != NOT_KNOWN:
            yield Finding(
                at, f"{value!r} is not a value of {fact} ({known.name})", allowed=listed([*known.values, NOT_KNOWN])
            )


def _not_among(at: str, used: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    for name in used:
        if name not in known:
            yield Finding(at, f"{name!r} is not known", allowed=listed(known))


def _answers(agency: Agency, question: Question) -> Iterator[Finding]:
    at = f"question {question.id}"
    for key, times in Counter(answer.key for answer in question.answers).items():
        if times > 1:
            yield Finding(at, f"{times} answers have the key {key}", allowed="each key once")
        if len(key) != 1 or key not in "0123456789":
            yield Finding(at, f"the key {key!r} is not a digit", allowed="allowed: 0 to 9")
    not_known = [answer for answer in question.answers if answer.is_not_known]
    if len(not_known) != 1:
        what = f'{len(not_known) or "no"} answers say "not known"'
        yield Finding(at, what, allowed=f"one answer that sets all its facts to {NOT_KNOWN}")
    for answer in question.answers:
        here = f"{at}, answer {answer.key}"
        if not answer.sets:
            yield Finding(here, "it tells nothing", allowed="at least one fact with its value")
        for fact, value in answer.sets.items():
            yield from unknown_fact(agency, here, fact, value)


def _asking(agency: Agency, question: Question, told: set[FactName]) -> Iterator[Finding]:
    at = f"question {question.id}"
    for name, condition in (("ask_when", question.ask_when), ("ask_unless", question.ask_unless)):
        if condition is None:
            continue
        yield from unknown_in(agency, f"{at}, {name}", condition)
        if condition.priority or condition.source:
            what = "whether it is asked hangs on the priority or the source"
            yield Finding(at, what, allowed="only facts and the nature may decide")
        for fact in condition.facts:
            if fact in agency.facts and fact not in told:
                what = f"whether it is asked hangs on {fact!r}, which no earlier question tells"
                yield Finding(at, what, allowed=f"allowed here: {', '.join(sorted(told)) or 'nothing, it is the first'}")


def contradicting(agency: Agency, protocol: Protocol) -> Iterator[Finding]:
    """Questions that another protocol has otherwise: by its id an answer is carried over when a call is recoded."""
    for other in agency.protocols:
        if other.id == protocol.id:
            continue
        for question in protocol.questions:
            if other.question(question.id) not in (None, question):
                what = f"another question has this id in protocol {other.id}"
                yield Finding(f"question {question.id}", what, allowed="another id, or one question that both include")


def unneeded(agency: Agency, protocol: Protocol) -> Iterator[Finding]:
    """Questions that nobody needs, and those that must be put a second time and have no other words for it."""
    excluding, used = set(exclusions(agency)), used_facts(agency)
    for question in protocol.questions:
        at = f"question {question.id}"
        if excluding.intersection(question.facts) and not question.again:
            names = " and ".join(sorted(agency.facts[fact].name for fact in excluding.intersection(question.facts)))
            yield Finding(at, f"it has no other words to ask again in (again), and {names} can exclude an unarmed response")
        if not used.intersection(question.facts):
            yield Finding(at, "nothing looks at what it tells")


def wordless(protocol: Protocol) -> Iterator[Finding]:
    """Words that are missing in a language of the protocol, or that are there in another."""
    for question in protocol.questions:
        at = f"question {question.id}"
        yield from _wordless(protocol, at, question.text)
        if question.again:
            yield from _wordless(protocol, f"{at}, again", question.again)
        for answer in question.answers:
            yield from _wordless(protocol, f"{at}, answer {answer.key}", answer.text)
            if answer.instruction:
                yield from _wordless(protocol, f"{at}, answer {answer.key}, instruction", answer.instruction)


def _wordless(protocol: Protocol, at: str, text: dict[str, str]) -> Iterator[Finding]:
    for language in protocol.languages:
        if not text.get(language, "").strip():
            yield Finding(at, f"it has no words in {language!r}", allowed="a text in each declared language")
    for language in text:
        if language not in protocol.languages:
            what = f"it has words in {language!r}, which the protocol does not declare"
            yield Finding(at, what, allowed=listed(protocol.languages))


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

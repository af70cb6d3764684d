"""An example of a proof as people read it: the call, what is said, and what the rules propose then.

It is not told from the proof but played: by the interview and the rules that the center itself runs. A proof and a center
that differed would be found out here.
"""

from collections.abc import Mapping

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import FactName, NatureCode
from console.domain.triage.check.findings import Conversation, Turn
from console.domain.triage.check.paths import Example
from console.domain.triage.interview import Asking
from console.domain.triage.protocol import Protocol, Question
from console.domain.triage.rehearsal import Rehearsal, rehearse


def played(agency: Agency, protocol: Protocol, example: Example) -> Conversation:
    """Play an interview to its end. A "not known" that is asked again is answered so both times."""
    rehearsal = rehearse(agency, example.nature, example.priority, example.source)
    for fact, value in example.told.items():
        rehearsal = rehearsal.tell(fact, value)
    answers = dict(zip((question.id for question in protocol.questions), example.answers, strict=True))
    turns = []
    while isinstance(asking := rehearsal.step(), Asking):
        question = asking.question
        assert answers[question.id], f"the proof does not put the question {question.id}, the interview does"
        answer = question.answers[answers[question.id] - 1]
        turns.append(Turn(question.id, _words(protocol, question, asking.again), answer.key, _first(protocol, answer.text)))
        rehearsal = rehearsal.answer(answer.key)
    return _conversation(rehearsal, example.told, tuple(turns))


def told(
    agency: Agency, nature: NatureCode, priority: str, source: str, facts: Mapping[FactName, str]
) -> Conversation:  # fmt: skip
    """A call to which somebody tells these facts, without a question."""
    rehearsal = rehearse(agency, nature, priority, source)
    for fact, value in facts.items():
        rehearsal = rehearsal.tell(fact, value)
    return _conversation(rehearsal, facts, ())


def fact_in_words(agency: Agency, fact: FactName, value: str) -> tuple[str, str]:
    """The name of a fact and of its value."""
    known = agency.facts.get(fact)
    if known is None:
        return fact, value
    return known.name, "not known" if value == NOT_KNOWN else known.values.get(value, value)


def _conversation(rehearsal: Rehearsal, facts: Mapping[FactName, str], turns: tuple[Turn, ...]) -> Conversation:
    agency, call, found = rehearsal.state.agency, rehearsal.call, rehearsal.response()
    return Conversation(
        agency.nature(call.nature).name,
        call.priority,
        call.source.value,
        tuple(fact_in_words(agency, fact, value) for fact, value in facts.items()),
        turns,
        tuple(agency.name_of(code) for code in (found.propose, *found.along) if code),
        found.because,
    )


def _words(protocol: Protocol, question: Question, again: bool) -> str:
    return _first(protocol, question.again if again else question.text)


def _first(protocol: Protocol, text: Mapping[str, str]) -> str:
    """The words in the protocol's first language; where it has none, in any."""
    language = next(iter(protocol.languages), "")
    return text.get(language) or next(iter(text.values()), "")

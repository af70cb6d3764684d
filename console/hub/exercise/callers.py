"""What is really so behind a call, and what its caller can say of it when asked."""

from console.domain.ids import CallId, FactName, NatureCode
from console.domain.state import Call
from console.domain.triage.protocol import Answer, Question
from console.hub.exercise.chance import Chance
from console.hub.exercise.script import Script


def truth(chance: Chance, script: Script, nature: NatureCode, call_id: CallId) -> dict[FactName, str]:
    """The facts of a call as they are, whoever may learn them: drawn from its nature's weights, else the script's."""
    kind = script.calls.get(nature)
    weights = script.truth | (kind.truth if kind else {})
    return {fact: chance.pick(values, "truth", fact, call_id) for fact, values in weights.items() if values}


def answer(chance: Chance, script: Script, call: Call, question: Question, *, again: bool = False) -> Answer:
    """The caller's answer: what is so, as far as an answer of the question says it, or that it is not known.

    How often a caller does not know depends on who they are to the neighbor (the script's `party_fact`); asked `again` in
    other words, some who did not know at first do.
    """
    facts = truth(chance, script, call.start_nature, call.call_id)
    who = facts.get(script.party_fact, "*")
    doubt = script.not_known.get(who, script.not_known.get("*", 0.0)) * (script.not_known_again if again else 1.0)
    not_known = [a for a in question.answers if a.is_not_known]
    about_caller = any(script.party_fact in a.sets for a in question.answers)
    if not_known and not about_caller and chance.happens(doubt, "doubt", question.id, call.call_id):
        return not_known[0]
    known = [a for a in question.answers if a not in not_known] or list(question.answers)
    return max(known, key=lambda a: (sum(1 if facts.get(f) == v else -1 for f, v in a.sets.items()), -known.index(a)))

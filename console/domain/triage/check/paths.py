"""Every path of a protocol at once: which questions are put after which answers, how many ways there are, the longest."""

from collections.abc import Mapping

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.ids import FactName, NatureCode
from console.domain.triage.check.diagram import ALL, NONE, Diagrams
from console.domain.triage.check.reasoning import Reasoning, Values
from console.domain.triage.check.starts import starts_of
from console.domain.triage.protocol import Protocol, Question


class Example(Struct, frozen=True):
    """One path: how the call begins and the place of the answer that each question gets in the end, 1 for the first.

    0 where the question is not put.
    """

    nature: NatureCode
    priority: str
    source: str
    answers: tuple[int, ...]


class Paths:
    """A variable for each question (0: not put; else its answer), and three for how a call can begin."""

    def __init__(self, agency: Agency, protocol: Protocol) -> None:
        """Walk the questions once, in their order, as `interview.step` does for one call."""
        self._protocol, self.starts = protocol, starts_of(agency, protocol)
        self._first = len(protocol.questions)
        self.diagrams = Diagrams([*(1 + len(q.answers) for q in protocol.questions), *self.starts.sizes])
        diagrams = self.diagrams
        facts: dict[FactName, Values] = {}
        reasoning = self._reasoning(facts)
        self.all = reasoning.begins()
        self.put: list[int] = []
        """By question: the circumstances in which it is put."""
        self.known_before: list[int] = []
        """By question: where it is put though all that it could tell is known."""
        for level, question in enumerate(protocol.questions):
            asked = diagrams.both(self.all, reasoning.asked(question))
            self.put.append(asked)
            self.known_before.append(diagrams.without(asked, reasoning.untold(question.facts)))
            unput = diagrams.both(diagrams.without(self.all, asked), diagrams.where(level, [0]))
            answers = range(1, len(question.answers) + 1)
            self.all = diagrams.either(diagrams.both(asked, diagrams.where(level, answers)), unput)
            facts |= self._after(level, question, facts)
            reasoning = self._reasoning(facts)
        self.reasoning = reasoning

    def _reasoning(self, facts: Mapping[FactName, Values]) -> Reasoning:
        return Reasoning(self.diagrams, self.starts, self._first, dict(facts))

    def _after(self, level: int, question: Question, facts: Mapping[FactName, Values]) -> dict[FactName, Values]:
        """What the facts of a question are once it has been put, or passed over."""
        diagrams = self.diagrams
        found: dict[FactName, Values] = {}
        for fact in question.facts:
            said: dict[str | None, list[int]] = {}
            for number, answer in enumerate(question.answers, 1):
                said.setdefault(answer.sets.get(fact), []).append(number)
            stays = diagrams.where(level, [0, *said.pop(None, [])])
            values = {value: diagrams.both(stays, where) for value, where in facts.get(fact, {None: ALL}).items()}
            for value, numbers in said.items():
                values[value] = diagrams.either(values.get(value, NONE), diagrams.where(level, numbers))
            found[fact] = values
        return found

    @property
    def count(self) -> int:
        """How many conversations there are; a question with other words may get its answer at the second asking."""
        weights = [
            [1, *(2 if question.again and not answer.is_not_known else 1 for answer in question.answers)]
            for question in self._protocol.questions
        ]
        return self._count(self.all, weights)

    @property
    def states(self) -> int:
        """In how many ways a question can be the next, together with the ways to end."""
        weights = [[1] * size for size in self.diagrams.sizes[: self._first]]
        found = self._count(self.all, weights)
        for level, put in enumerate(self.put):
            found += self._count(put, [*weights[:level], *self._nothing(level)])
        return found

    def _nothing(self, level: int) -> list[list[int]]:
        return [[1, *([0] * (size - 1))] for size in self.diagrams.sizes[level : self._first]]

    def _count(self, where: int, weights: list[list[int]]) -> int:
        levels = range(self._first, self._first + 3)
        alone = [[1, *([0] * (size - 1))] for size in self.starts.sizes]
        return self.diagrams.count(self.diagrams.whatever(where, levels), [*weights, *alone])

    @property
    def longest(self) -> tuple[int, Example]:
        """The most questions that one interview puts, second askings not counted, and such an interview."""
        costs = [[0, *([-1] * (size - 1))] for size in self.diagrams.sizes[: self._first]]
        found = self._example(self.all, costs)
        assert found is not None, "a protocol that nothing leads to has no paths"
        return -found[0], found[1]

    def shortest(self, where: int) -> Example | None:
        """The path through here on which least is asked, second askings counted; None where there is none."""
        costs = [
            [0, *(2 if question.again and answer.is_not_known else 1 for answer in question.answers)]
            for question in self._protocol.questions
        ]
        found = self._example(where, costs)
        return found[1] if found else None

    def _example(self, where: int, costs: list[list[int]]) -> tuple[int, Example] | None:
        found = self.diagrams.cheapest(where, [*costs, *([0] * size for size in self.starts.sizes)])
        if found is None:
            return None
        total, chosen = found
        nature, priority, source = chosen[self._first :]
        starts = self.starts
        return total, Example(
            starts.natures[nature], starts.priorities[priority], starts.sources[source], chosen[: self._first]
        )  # fmt: skip

"""Every path of a protocol at once: which questions are put after which answers, how many ways there are, the longest."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from console.domain.ids import FactName, NatureCode
from console.domain.triage.check.diagram import ALL, NONE, Diagrams
from console.domain.triage.check.reasoning import Reasoning, Values
from console.domain.triage.check.starts import Starts
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

    def __init__(self, protocol: Protocol, starts: Starts) -> None:
        """Walk the questions once, in their order, as `interview.step` does for one call."""
        self._protocol, self.starts = protocol, starts
        self._first = len(protocol.questions)
        self.diagrams = Diagrams([*(1 + len(q.answers) for q in protocol.questions), *self.starts.sizes])
        diagrams = self.diagrams
        facts: dict[FactName, Values] = {}
        reasoning = self._reasoning(facts)
        steps, needless = [reasoning.begins()], []
        for level, question in enumerate(protocol.questions):
            asked, silent = reasoning.asked(question), diagrams.where(level, [0])
            steps.append(diagrams.either(diagrams.without(asked, silent), diagrams.without(silent, asked)))
            needless.append(diagrams.outside(diagrams.either(silent, reasoning.untold(question.facts))))
            facts |= self._after(level, question, facts)
            reasoning = self._reasoning(facts)
        self.reasoning = reasoning
        self.all = diagrams.all_of(*steps)
        self.needless = [diagrams.both(each, self.all) for each in needless]
        """By question: where it is put though all that it could tell is known."""

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
        *_, ends = self.diagrams.ways(self._conversations, weights)
        return ends.get(ALL, 0)

    def states(self) -> tuple[int, ...]:
        """In how many ways each question can be the next, and at last in how many an interview can end."""
        weights = [[1] * size for size in self.diagrams.sizes[: self._first]]
        *before, ends = self.diagrams.ways(self._conversations, weights)
        put = (
            sum(ways for node, ways in come.items() if any(self.diagrams.values(node, level)[1:]))
            for level, come in enumerate(before)
        )
        return (*put, ends.get(ALL, 0))

    @property
    def _conversations(self) -> int:
        """What can be said, however the call began."""
        return self.diagrams.whatever(self.all, range(self._first, self._first + 3))

    @property
    def longest(self) -> tuple[int, Example]:
        """The most questions that one interview puts, second askings not counted, and such an interview."""
        costs = [[0, *([-1] * (size - 1))] for size in self.diagrams.sizes[: self._first]]
        found = self._example(self.all, costs)
        assert found is not None, "a protocol that nothing leads to has no paths"
        return -found[0], found[1]

    def shortest(self, where: int, outside: Sequence[int] = ()) -> Example | None:
        """The path through here, and through none of those, on which least is asked; None where there is none.

        A second asking counts too.
        """
        costs = [
            [0, *(2 if question.again and answer.is_not_known else 1 for answer in question.answers)]
            for question in self._protocol.questions
        ]
        found = self._example(self.diagrams.both(where, self.all), costs, outside)
        return found[1] if found else None

    def _example(self, where: int, costs: list[list[int]], outside: Sequence[int] = ()) -> tuple[int, Example] | None:
        found = self.diagrams.cheapest_outside(where, outside, [*costs, *([0] * size for size in self.starts.sizes)])
        if found is None:
            return None
        total, chosen = found
        nature, priority, source = chosen[self._first :]
        starts = self.starts
        return total, Example(
            starts.natures[nature], starts.priorities[priority], starts.sources[source], chosen[: self._first]
        )  # fmt: skip

"""Every path of a protocol at once: which questions are put after which answers, how many ways there are, the longest."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from console.domain.ids import FactName, NatureCode
from console.domain.triage.check.diagram import ALL, NONE, Diagrams
from console.domain.triage.check.reasoning import Reasoning, Values
from console.domain.triage.check.starts import Starts
from console.domain.triage.protocol import Protocol, Question


class Example(Struct, frozen=True):
    """One path: how the call begins, what is told before, and the answer that each question gets in the end.

    An answer is its place, 1 for the first; 0 where the question is not put.
    """

    nature: NatureCode
    priority: str
    source: str
    told: dict[FactName, str]
    answers: tuple[int, ...]


class Paths:
    """A variable for each question (0: not put; else its answer), and three for how a call can begin.

    Facts that may be told before the first question (by a flag, by hand, in another protocol) have one each, which stands
    before the question that could tell it too (0: not told).
    """

    def __init__(self, protocol: Protocol, starts: Starts, told: Mapping[FactName, Sequence[str]] | None = None) -> None:
        """Walk the questions once, in their order, as `interview.step` does for one call."""
        self._protocol, self.starts = protocol, starts
        self._before = {fact: [None, *values] for fact, values in (told or {}).items()}
        self._told, self._asked, sizes = self._order()
        self._first = len(sizes)
        diagrams = self.diagrams = Diagrams([*sizes, *starts.sizes])
        facts: dict[FactName, Values] = {
            fact: {value: diagrams.where(self._told[fact], [number]) for number, value in enumerate(values)}
            for fact, values in self._before.items()
        }
        elsewhere = reasoning = self._reasoning(facts)
        steps, needless = [reasoning.begins()], []
        for level, question in zip(self._asked, protocol.questions, strict=True):
            asked, silent = reasoning.asked(question), diagrams.where(level, [0])
            asked = diagrams.both(asked, elsewhere.untold(question.facts))
            steps.append(diagrams.either(diagrams.without(asked, silent), diagrams.without(silent, asked)))
            needless.append(diagrams.outside(diagrams.either(silent, reasoning.untold(question.facts))))
            facts |= self._after(level, question, facts)
            reasoning = self._reasoning(facts)
        self.reasoning = reasoning
        self.all = diagrams.all_of(*steps)
        nothing = self.given({})
        self.needless = [diagrams.both(diagrams.both(each, nothing), self.all) for each in needless]
        """By question: where it is put though all that it could tell is known, and not from before the first question."""

    def _order(self) -> tuple[dict[FactName, int], list[int], list[int]]:
        """The levels of the facts that may be told before, those of the questions, and the sizes of all."""
        told: dict[FactName, int] = {}
        asked, sizes = [], list[int]()
        for question in self._protocol.questions:
            for fact in question.facts:
                if fact in self._before and fact not in told:
                    told[fact] = len(sizes)
                    sizes.append(len(self._before[fact]))
            asked.append(len(sizes))
            sizes.append(1 + len(question.answers))
        for fact, values in self._before.items():
            if fact not in told:
                told[fact] = len(sizes)
                sizes.append(len(values))
        return told, asked, sizes

    def given(self, told: Mapping[FactName, str]) -> int:
        """Where this is told before the first question, and nothing else."""
        where = (
            self.diagrams.where(level, [self._before[fact].index(told.get(fact))]) for fact, level in self._told.items()
        )
        return self.diagrams.all_of(*where)

    def answered(self, answers: Sequence[int]) -> int:
        """Where the questions have these answers, by their places; 0: not put."""
        return self.diagrams.all_of(
            *(self.diagrams.where(level, [answer]) for level, answer in zip(self._asked, answers, strict=True))
        )

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

    def count(self, told: Mapping[FactName, str] | None = None) -> int:
        """How many conversations there are; a question with other words may get its answer at the second asking."""
        weights = self._by_level(
            [1, *(2 if question.again and not answer.is_not_known else 1 for answer in question.answers)]
            for question in self._protocol.questions
        )
        *_, ends = self.diagrams.ways(self._conversations(told or {}), weights)
        return ends.get(ALL, 0)

    def states(self, told: Mapping[FactName, str] | None = None) -> tuple[int, ...]:
        """In how many ways each question can be the next, and at last in how many an interview can end."""
        weights = self._by_level([1] * (1 + len(question.answers)) for question in self._protocol.questions)
        *before, ends = self.diagrams.ways(self._conversations(told or {}), weights)
        put = (
            sum(ways for node, ways in before[level].items() if any(self.diagrams.values(node, level)[1:]))
            for level in self._asked
        )
        return (*put, ends.get(ALL, 0))

    def _conversations(self, told: Mapping[FactName, str]) -> int:
        """What can be said where this is told before, however the call began."""
        levels = {*self._told.values(), *range(self._first, self._first + 3)}
        return self.diagrams.whatever(self.diagrams.both(self.all, self.given(told)), levels)

    def _by_level(self, of_questions: Iterable[list[int]], of_told: int | None = None) -> list[list[int]]:
        """Numbers for the values of every level above the beginning: of the questions, and one for all that is told.

        None: the levels of what is told count once, whatever is told.
        """
        numbers = dict(zip(self._asked, of_questions, strict=True))
        for fact, level in self._told.items():
            others = len(self._before[fact]) - 1
            numbers[level] = [1, *([0] * others)] if of_told is None else [0, *([of_told] * others)]
        return [numbers[level] for level in range(self._first)]

    @property
    def longest(self) -> tuple[int, Example]:
        """The most questions that one interview puts, second askings not counted, and such an interview."""
        costs = self._by_level(([0, *([-1] * len(question.answers))] for question in self._protocol.questions), 0)
        found = self._example(self.all, costs)
        assert found is not None, "a protocol that nothing leads to has no paths"
        return -found[0], found[1]

    def shortest(self, where: int, outside: Sequence[int] = ()) -> Example | None:
        """The path through here, and through none of those, on which least is asked; None where there is none.

        A second asking counts too. One on which nothing is told before goes before all others.
        """
        costs = self._by_level(
            (
                [0, *(2 if question.again and answer.is_not_known else 1 for answer in question.answers)]
                for question in self._protocol.questions
            ),
            2 * len(self._protocol.questions),
        )
        found = self._example(self.diagrams.both(where, self.all), costs, outside)
        return found[1] if found else None

    def _example(self, where: int, costs: list[list[int]], outside: Sequence[int] = ()) -> tuple[int, Example] | None:
        found = self.diagrams.cheapest_outside(where, outside, [*costs, *([0] * size for size in self.starts.sizes)])
        if found is None:
            return None
        total, chosen = found
        nature, priority, source = chosen[self._first :]
        starts = self.starts
        told = {fact: self._before[fact][chosen[level]] for fact, level in self._told.items()}
        return total, Example(
            starts.natures[nature], starts.priorities[priority], starts.sources[source],
            {fact: value for fact, value in told.items() if value is not None},
            tuple(chosen[level] for level in self._asked),
        )  # fmt: skip

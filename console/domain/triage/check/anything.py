"""Every assignment of facts that anybody could tell, by hand or by a flag, at any time: no path, and no order."""

from collections.abc import Mapping, Sequence

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import FactName, NatureCode
from console.domain.triage.check.diagram import Diagrams
from console.domain.triage.check.reasoning import Reasoning, Values
from console.domain.triage.check.starts import Starts, conditions_of, rules_of
from console.domain.triage.protocol import Protocol


class Anything:
    """A variable for each fact that the rules read (0: not told; 1: not known; then its values), three for the beginning."""

    def __init__(self, agency: Agency, starts: Starts, protocol: Protocol | None = None) -> None:
        """For calls that begin so, with what the proposals of a protocol read too."""
        read = {fact for rule in rules_of(agency) for fact in rule.when.facts}
        read |= {fact for programme in agency.programmes for fact in programme.criteria.needs}
        if protocol is not None:
            read |= {fact for condition in conditions_of(protocol) for fact in condition.facts}
        self._values: dict[FactName, list[str | None]] = {
            fact: [None, NOT_KNOWN, *agency.facts[fact].values] for fact in agency.facts if fact in read
        }
        self._starts = starts
        sizes = [len(values) for values in self._values.values()]
        self.diagrams = Diagrams([*sizes, *self._starts.sizes])
        facts: dict[FactName, Values] = {
            fact: {value: self.diagrams.where(level, [number]) for number, value in enumerate(values)}
            for level, (fact, values) in enumerate(self._values.items())
        }
        self.reasoning = Reasoning(self.diagrams, self._starts, len(sizes), facts)

    def fewest(self, where: int, outside: Sequence[int] = ()) -> tuple[NatureCode, str, str, Mapping[FactName, str]] | None:
        """The nature, priority, source and the fewest facts that lead here, and to none of those; None: nothing does."""
        costs = [[0, *([1] * (len(values) - 1))] for values in self._values.values()]
        found = self.diagrams.cheapest_outside(where, outside, [*costs, *([0] * size for size in self._starts.sizes)])
        if found is None:
            return None
        *chosen, nature, priority, source = found[1]
        told = {fact: values[n] for (fact, values), n in zip(self._values.items(), chosen, strict=True)}
        starts = self._starts
        return (
            starts.natures[nature], starts.priorities[priority], starts.sources[source],
            {fact: value for fact, value in told.items() if value is not None},
        )  # fmt: skip

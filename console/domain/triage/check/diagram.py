"""Sets of assignments as reduced, ordered, multi-valued decision diagrams: combined, counted and searched without listing.

A diagram is a number: `NONE`, `ALL`, or a node of a level, with one diagram below it for each value of that level. Equal
sets are equal numbers (hash-consing), so that "can this ever happen" is a comparison with `NONE`. Bryant, Graph-based
algorithms for Boolean function manipulation (1986), with more than two values to a variable.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import accumulate

NONE, ALL = 0, 1


class Diagrams:
    """All diagrams over one order of variables. A variable is its level, counted from 0; its values count from 0 too."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """`sizes` says how many values each variable has."""
        self.sizes = tuple(sizes)
        self._level = [len(self.sizes)] * 2
        self._below: list[tuple[int, ...]] = [(), ()]
        self._made: dict[tuple[int, tuple[int, ...]], int] = {}
        self._met: dict[tuple[int, int], int] = {}
        self._joined: dict[tuple[int, int], int] = {}
        self._turned = {NONE: ALL, ALL: NONE}

    def _node(self, level: int, below: tuple[int, ...]) -> int:
        first = below[0]
        if all(each == first for each in below):
            return first
        key = level, below
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = len(self._level)
            self._level.append(level)
            self._below.append(below)
        return made

    def where(self, level: int, values: Iterable[int]) -> int:
        """The assignments whose variable has one of these values."""
        chosen = set(values)
        return self._node(level, tuple(ALL if value in chosen else NONE for value in range(self.sizes[level])))

    def both(self, a: int, b: int) -> int:
        """What is in both."""
        return self._together(a, b, ALL, NONE, self._met)

    def _together(self, a: int, b: int, idle: int, final: int, done: dict[tuple[int, int], int]) -> int:
        """Two diagrams in one, value by value: `idle` with another leaves that, `final` with another is `final`."""
        if a == b or b == idle:
            return a
        if a == idle:
            return b
        if a == final or b == final:
            return final
        key = (a, b) if a < b else (b, a)
        made = done.get(key)
        if made is None:
            above_a, above_b = self._level[a], self._level[b]
            if above_a == above_b:
                pairs = zip(self._below[a], self._below[b], strict=True)
                below = tuple([self._together(one, two, idle, final, done) for one, two in pairs])
            elif above_a < above_b:
                below = tuple([self._together(each, b, idle, final, done) for each in self._below[a]])
            else:
                below = tuple([self._together(a, each, idle, final, done) for each in self._below[b]])
            made = done[key] = self._node(min(above_a, above_b), below)
        return made

    def outside(self, a: int) -> int:
        """What is not in it."""
        turned = self._turned.get(a)
        if turned is None:
            turned = self._node(self._level[a], tuple(map(self.outside, self._below[a])))
            self._turned[a], self._turned[turned] = turned, a
        return turned

    def without(self, a: int, b: int) -> int:
        """What is in `a` and not in `b`."""
        return self.both(a, self.outside(b))

    def either(self, *those: int) -> int:
        """What is in any of them."""
        return reduce(lambda a, b: self._together(a, b, NONE, ALL, self._joined), those, NONE)

    def all_of(self, *those: int) -> int:
        """What is in all of them; halves first, so that what is large is met once and not at every step."""
        if len(those) <= 1:
            return those[0] if those else ALL
        half = len(those) // 2
        return self.both(self.all_of(*those[:half]), self.all_of(*those[half:]))

    def whatever(self, a: int, levels: Collection[int]) -> int:
        """The assignments that are in it for some value of these variables."""
        seen: dict[int, int] = {}

        def freed(node: int) -> int:
            if node <= ALL:
                return node
            if node not in seen:
                below = tuple(map(freed, self._below[node]))
                level = self._level[node]
                seen[node] = self.either(*set(below)) if level in levels else self._node(level, below)
            return seen[node]

        return freed(a)

    def ways(self, a: int, weights: Sequence[Sequence[int]]) -> Iterator[dict[int, int]]:
        """Level by level, and at last below them all: in how many ways each diagram is come to, down from `a`.

        A way counts the product of the weights of its values. Exact; what is come to below all levels is `ALL`.
        """
        come = {a: 1}
        for level, each in enumerate(weights):
            yield come
            further: dict[int, int] = {}
            for node, ways in come.items():
                below = self._below[node] if self._level[node] == level else (node,) * len(each)
                for weight, child in zip(each, below, strict=True):
                    if child != NONE and weight:
                        further[child] = further.get(child, 0) + ways * weight
            come = further
        yield come

    def values(self, a: int, level: int) -> tuple[int, ...]:
        """What is left of it for each value of a variable, of those that its own first variable can be."""
        return self._below[a] if self._level[a] == level else (a,) * self.sizes[level]

    def has(self, a: int, assignment: Sequence[int]) -> bool:
        """Whether an assignment is in it."""
        while a > ALL:
            a = self._below[a][assignment[self._level[a]]]
        return a == ALL

    def cheapest_outside(
        self, a: int, others: Sequence[int], costs: Sequence[Sequence[int]]
    ) -> tuple[int, tuple[int, ...]] | None:
        """As `cheapest`, of what is in none of the others. One of them is taken away only once an example lies in it."""
        while found := self.cheapest(a, costs):
            inside = next((other for other in others if self.has(other, found[1])), None)
            if inside is None:
                return found
            a = self.without(a, inside)
        return None

    def cheapest(self, a: int, costs: Sequence[Sequence[int]]) -> tuple[int, tuple[int, ...]] | None:
        """The assignment in it whose values cost least together, with what it costs; None where it is empty."""
        least = [min(range(len(each)), key=each.__getitem__) for each in costs]
        up_to = [0, *accumulate(each[value] for each, value in zip(costs, least, strict=True))]
        seen: dict[int, tuple[float, int]] = {NONE: (float("inf"), 0), ALL: (0, 0)}

        def below(level: int, node: int) -> float:
            return of(node)[0] + up_to[self._level[node]] - up_to[level]

        def of(node: int) -> tuple[float, int]:
            if node not in seen:
                level = self._level[node]
                each = enumerate(zip(costs[level], self._below[node], strict=True))
                seen[node] = min((cost + below(level + 1, child), value) for value, (cost, child) in each)
            return seen[node]

        total = below(0, a)
        if a == NONE:
            return None
        chosen: list[int] = []
        node = a
        for level in range(len(self.sizes)):
            if self._level[node] == level:
                chosen.append(of(node)[1])
                node = self._below[node][chosen[-1]]
            else:
                chosen.append(least[level])
        return int(total), tuple(chosen)

    def __len__(self) -> int:
        """How many nodes were made so far."""
        return len(self._level)

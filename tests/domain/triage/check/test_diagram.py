"""Diagrams against plain sets of assignments, listed one by one."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from console.domain.triage.check.diagram import ALL, NONE, Diagrams

SIZES = (2, 3, 1, 4)
EVERYTHING = frozenset(product(*map(range, SIZES)))
Listed = frozenset[tuple[int, ...]]

sets = st.sets(st.sampled_from(sorted(EVERYTHING))).map(frozenset)
numbers = st.tuples(*(st.lists(st.integers(0, 3), min_size=size, max_size=size) for size in SIZES))


def drawn(diagrams: Diagrams, listed: Listed) -> int:
    points = (diagrams.all_of(*(diagrams.where(i, [v]) for i, v in enumerate(each))) for each in sorted(listed))
    return diagrams.either(*points)


def listed(diagrams: Diagrams, diagram: int) -> Listed:
    return frozenset(each for each in EVERYTHING if diagrams.has(diagram, each))


@given(sets, sets)
def test_given_two_sets_then_what_is_made_of_them_is_what_the_sets_say_and_equal_sets_are_one(a: Listed, b: Listed) -> None:
    diagrams = Diagrams(SIZES)
    one, two = drawn(diagrams, a), drawn(diagrams, b)
    assert listed(diagrams, diagrams.both(one, two)) == a & b
    assert listed(diagrams, diagrams.either(one, two)) == a | b
    assert listed(diagrams, diagrams.outside(one)) == EVERYTHING - a
    assert listed(diagrams, diagrams.without(one, two)) == a - b
    assert diagrams.either(two, one) == drawn(diagrams, a | b), "equal sets are equal numbers"
    assert (one == NONE, one == ALL) == (not a, a == EVERYTHING)


@given(sets, st.sets(st.integers(0, 3)))
def test_given_variables_that_do_not_matter_then_what_is_so_for_some_value_of_them(a: Listed, levels: set[int]) -> None:
    diagrams = Diagrams(SIZES)
    kept = {tuple(v for i, v in enumerate(each) if i not in levels) for each in a}
    found = listed(diagrams, diagrams.whatever(drawn(diagrams, a), levels))
    assert found == {each for each in EVERYTHING if tuple(v for i, v in enumerate(each) if i not in levels) in kept}


@given(sets, numbers)
def test_given_weights_then_the_ways_are_counted_exactly(a: Listed, weights: tuple[list[int], ...]) -> None:
    def weigh(each: tuple[int, ...]) -> int:
        found = 1
        for weight, value in zip(weights, each, strict=True):
            found *= weight[value]
        return found

    diagrams = Diagrams(SIZES)
    *_, ends = diagrams.ways(drawn(diagrams, a), weights)
    assert ends.get(ALL, 0) == sum(map(weigh, a))


@given(sets, st.lists(sets, max_size=3), numbers)
def test_given_costs_then_the_cheapest_that_no_other_set_has_is_found(
    a: Listed, others: list[Listed], costs: tuple[list[int], ...]
) -> None:
    def cost(each: tuple[int, ...]) -> int:
        return sum(cost[value] for cost, value in zip(costs, each, strict=True))

    diagrams = Diagrams(SIZES)
    left = a.difference(*others)
    found = diagrams.cheapest_outside(drawn(diagrams, a), [drawn(diagrams, other) for other in others], costs)
    assert (found is None) == (not left)
    if found is not None:
        assert found[1] in left and found[0] == cost(found[1]) == min(map(cost, left))

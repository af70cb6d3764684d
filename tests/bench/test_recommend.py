"""The bench of recommendations itself, on a small city: its figures are told beside their baseline."""

from __future__ import annotations

import pytest

from console.bench import recommend
from console.bench.grid_city import grid_city
from console.geography.noding import network
from console.geography.roads import core, roads_of


def test_given_a_small_city_when_it_is_measured_then_ways_and_recommendation_have_a_figure_and_a_baseline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, small in {"STREETS": 9, "UNITS": 12, "CALLS": 3, "WARM_UP": 1, "COVERAGES": 1}.items():
        monkeypatch.setattr(recommend, name, small)
    ways, both, ground = recommend.measure()
    assert (ways.name, both.name) == ("ways of 12 units to one call", "the same with the recommendation")
    assert all(figure.value > 0 and figure.baseline for figure in (ways, both, ground))
    assert ways.limit == both.limit == 50.0 and ways.of_value and both.of_value


def test_given_the_made_up_city_when_noded_then_as_many_stretches_as_it_says_and_all_hang_together() -> None:
    lines = list(grid_city((36.0, -79.0), 12))
    roads, pieces = core(roads_of(network(lines), lines))
    assert pieces.pieces == 1
    assert len(roads.start) == 2 * 12 * 11

"""How long it takes to say whom to send: the ways of 60 units to one call on 20,000 stretches of road, and the ranking."""

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import perf_counter

import rustworkx as rx

from console.bench.figure import Figure, percentile
from console.bench.full_floor import configuration_with, set_up, told
from console.bench.grid_city import corner, grid_city
from console.domain.agency import Agency, Point
from console.domain.commands import ConfigureAgency
from console.domain.ids import CallId, UnitId
from console.domain.recommend import Recommendation, recommend
from console.domain.state import Position, State
from console.geography.coverage import covered_by_roads
from console.geography.noding import network
from console.geography.road_graph import RoadGraph
from console.geography.road_times import road_times
from console.geography.roads import core, driven, roads_of
from console.hub.configuration import load

STREETS = 101
"""Each way: 20,200 stretches between 10,201 crossings."""
UNITS, CALLS = 60, 200
WARM_UP = 5
COVERAGES = 10
MINUTES = (5.0, 10.0, 15.0)
NOW = datetime(2026, 7, 14, 16, tzinfo=UTC)
LIMIT_MS = 50.0


def measure() -> list[Figure]:
    """Both, and a bare Dijkstra over the same graph in turn with them; then the ground that the free units reach."""
    with tempfile.TemporaryDirectory() as made:
        rules = load(configuration_with(Path(made), UNITS))
    lines = list(grid_city(rules.center, STREETS))
    graph = RoadGraph(core(roads_of(network(lines), lines))[0])
    state = told(chain([ConfigureAgency(rules)], set_up(rules, 1)), NOW, State())
    chance = random.Random(5)
    ways, both, bare = [], [], []
    reversed_ = driven(graph.roads)
    reversed_.reverse()
    for _ in range(WARM_UP + CALLS):
        places = {unit.unit_id: _somewhere(rules, chance) for unit in rules.units}
        to = _somewhere(rules, chance)
        ways.append(_ms(lambda p=places, t=to: road_times(graph, p, t)))  # type: ignore[misc]
        both.append(_ms(lambda p=places, t=to: _recommended(graph, state, p, t)))  # type: ignore[misc]
        start = chance.randrange(len(graph.roads.junctions))
        bare.append(_ms(lambda s=start: rx.dijkstra_shortest_path_lengths(reversed_, s, float)))  # type: ignore[misc]
    free = [_somewhere(rules, chance) for _ in range(UNITS // 4)]
    ground = [_ms(lambda: covered_by_roads(graph, free, MINUTES)) for _ in range(COVERAGES)]
    how = (
        f"{CALLS} calls, {UNITS} units, each somewhere in a city of {len(graph.roads.start):,} stretches and "
        f"{len(graph.roads.junctions):,} crossings; p99; baseline: Dijkstra of rustworkx from one crossing to all, p99"
    )
    base = percentile(bare[WARM_UP:], 99)
    return [
        *(
            Figure(name, percentile(took[WARM_UP:], 99), "ms", LIMIT_MS, how, base, of_value=True)
            for name, took in ((f"ways of {UNITS} units to one call", ways), ("the same with the recommendation", both))
        ),
        Figure(
            f"ground that {UNITS // 4} units reach", percentile(ground, 50), "ms", None,
            f"{COVERAGES} times within 5, 10 and 15 minutes by the same roads; median; baseline as above", base,
        ),
    ]  # fmt: skip


def _recommended(graph: RoadGraph, state: State, places: dict[UnitId, Point], to: Point) -> Recommendation:
    """What a desk shows of one call: the ways by road, then the order."""
    call = state.calls[CallId("call-0")]
    positions = {unit_id: Position(unit_id, *where, NOW, NOW) for unit_id, where in places.items()}
    found = recommend(state, positions, call, NOW, road_times(graph, places, to))
    if not any(candidate.by_road for candidate in found.units):
        raise ValueError("no unit was recommended by road: the measurement is of something else")
    return found


def _somewhere(rules: Agency, chance: random.Random) -> Point:
    """A point in the city, some metres off its street, as receivers say it."""
    point = corner(rules.center, STREETS, chance.uniform(0, STREETS - 1), chance.randrange(STREETS))
    return point[0] + chance.gauss(0, 5e-5), point[1] + chance.gauss(0, 5e-5)


def _ms(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1e3

"""Street lines become a network: joined where they meet on the ground, and nowhere else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.geography.noding import Network
from console.geography.roads import Pieces, core, roads_of
from console.geography.street_lines import StreetLine, read_streets
from tests.geography.towns import grid, noded, roads, street


def degrees_of_junctions(network: Network) -> list[int]:
    """At how many stretches each junction lies, the fewest first."""
    return sorted(Counter(end for stretch in network.stretches for end in (stretch.start, stretch.end)).values())


def pieces(*lines: StreetLine, tie_m: float = 0.0) -> Pieces:
    """How the network of these lines hangs together."""
    return core(roads_of(noded(*lines, tie_m=tie_m), lines))[1]


EAST = ((0.0, 0.0), (1000.0, 0.0))
NORTH = ((500.0, -500.0), (500.0, 500.0))


def test_given_two_streets_that_cross_when_noded_then_one_can_turn() -> None:
    network = noded(street(*EAST), street(*NORTH))
    assert degrees_of_junctions(network) == [1, 1, 1, 1, 4]
    assert sum(stretch.metres for stretch in network.stretches) == pytest.approx(2000, rel=1e-6)


def test_given_a_bridge_over_a_street_when_noded_then_they_do_not_meet() -> None:
    network = noded(street(*EAST), street(*NORTH, level=1))
    assert degrees_of_junctions(network) == [1, 1, 1, 1]


def test_given_a_bridge_between_two_streets_when_noded_then_it_meets_them_at_its_ends_only() -> None:
    below = street((-200, 0), (200, 0))
    approach, bridge, leaving = (
        street((0, -500), (0, -50)), street((0, -50), (0, 50), level=1), street((0, 50), (0, 500)),
    )  # fmt: skip
    network = noded(below, approach, bridge, leaving)
    assert degrees_of_junctions(network) == [1, 1, 1, 1, 2, 2]


def test_given_a_freeway_when_a_street_crosses_it_on_the_drawing_then_they_do_not_meet() -> None:
    network = noded(street(*EAST, kind="freeway"), street(*NORTH))
    assert degrees_of_junctions(network) == [1, 1, 1, 1]


def test_given_a_ramp_that_ends_on_a_freeway_when_noded_then_it_opens_into_it() -> None:
    network = noded(street(*EAST, kind="freeway"), street((200, -300), (500, 2), kind="artery"))
    assert degrees_of_junctions(network) == [1, 1, 1, 3]


@pytest.mark.parametrize(("gap_m", "meets"), [(0.0, True), (4.0, True), (8.0, False)])
def test_given_a_side_street_that_ends_short_when_noded_then_it_opens_within_five_metres(gap_m: float, meets: bool) -> None:
    network = noded(street(*EAST), street((500, gap_m), (500, 400)))
    assert degrees_of_junctions(network) == ([1, 1, 1, 3] if meets else [1, 1, 1, 1])
    assert network.loose == (3 if meets else 4)


def test_given_a_straightened_drawing_when_ends_are_tied_then_a_short_way_joins_them() -> None:
    network = noded(street(*EAST), street((500, 30), (500, 400)), tie_m=50)
    assert network.tied == 1
    (tie,) = [stretch for stretch in network.stretches if stretch.line is None]
    assert tie.metres == pytest.approx(30, rel=1e-3)
    assert pieces(street(*EAST), street((500, 30), (500, 400)), tie_m=50).pieces == 1


def test_given_three_streets_from_one_corner_when_noded_then_one_junction() -> None:
    network = noded(street((0, 0), (500, 0)), street((1, 1), (0, 500)), street((-500, -500), (-1, 0)))
    assert degrees_of_junctions(network) == [1, 1, 1, 3]


def test_given_a_ring_and_a_street_into_it_when_noded_then_they_are_one_piece() -> None:
    ring = street((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    assert pieces(ring, street((100, 50), (600, 50))).pieces == 1


def test_given_streets_with_a_point_in_common_when_noded_then_they_meet_there() -> None:
    network = noded(street((0, 0), (500, 0), (1000, 100)), street((500, -400), (500, 0), (450, 400)))
    assert degrees_of_junctions(network) == [1, 1, 1, 1, 4]


def test_given_an_island_and_a_street_that_leads_off_the_map_when_cored_then_both_are_left_out_and_told() -> None:
    town = grid(3)
    island = street((5000, 5000), (6000, 5000))
    leaving = street((400, 400), (900, 900), oneway=1)
    found = pieces(*town, island, leaving)
    assert found.pieces == 2
    assert found.whole_km == pytest.approx(2.4 + 1 + 0.707, abs=0.01)
    assert found.joined_km == pytest.approx(2.4 + 0.707, abs=0.01)
    assert found.core_km == pytest.approx(2.4, abs=0.01)


def test_given_no_lines_when_noded_then_an_empty_network() -> None:
    assert noded().stretches == []


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 1)),
        min_size=1,
        max_size=12,
    )
)
def test_given_any_lines_when_noded_then_their_length_is_kept_and_stretches_begin_at_junctions(
    drawn: list[tuple[int, int, int, int, int]],
) -> None:
    lines = [street((a * 25, b * 25), (c * 25, d * 25), level=n) for a, b, c, d, n in drawn if (a, b) != (c, d)]
    network = noded(*lines)
    whole = sum(float(np.hypot((c - a) * 25, (d - b) * 25)) for a, b, c, d, _ in drawn)
    assert sum(stretch.metres for stretch in network.stretches) == pytest.approx(whole, abs=25 * len(lines) + 1, rel=1e-3)
    for stretch in network.stretches:
        ends = network.junctions[[stretch.start, stretch.end]]
        assert np.abs(stretch.points[[0, -1]] - ends).max() < 3e-4


def test_given_the_roads_of_durham_when_noded_and_tied_then_one_piece_holds_most_of_it(real_data: Path) -> None:
    lines = list(read_streets(real_data / "durham" / "durham_osm_roads.geojson", lambda _: None))
    found = pieces(*lines, tie_m=50)
    assert found.whole_km == pytest.approx(2463, abs=2)
    assert found.joined_km / found.whole_km > 0.97
    assert found.core_km / found.whole_km > 0.94
    bare = pieces(*lines)
    assert bare.joined_km / bare.whole_km > 0.94
    assert 0.8 < bare.core_km / bare.whole_km < 0.9


def test_given_west_oakland_when_noded_then_its_streets_are_one_piece(real_data: Path) -> None:
    lines = list(read_streets(real_data / "maps" / "West-Oakland.osm.bz2", lambda _: None))
    found = pieces(*lines)
    assert found.joined_km / found.whole_km > 0.95
    assert len(roads(*lines).roads.start) > 20

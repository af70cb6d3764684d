"""Where the simulated units are: on plausible ways, inside the city, never faster than anybody drives."""

from datetime import timedelta

import pytest

from console.domain.state import UnitStatus
from console.domain.travel import kilometres
from console.hub.exercise.fleet import FASTEST_KM_H
from console.hub.exercise.roads import Road, Roads, path
from console.hub.positions import Fix
from tests.support.exercise import at, exercise, rehearsal, without_routine


def test_given_a_day_when_positions_are_read_then_no_unit_jumps_and_none_leaves_the_city() -> None:
    played = rehearsal(without_routine(exercise()))
    city, last, moved = exercise().city, dict[str, Fix](), 0.0
    for half_minute in range(6 * 120, 24 * 120):
        now = at(half_minute / 120)
        for _ in played.play(now):
            pass
        for fix in played.simulation.fixes(now):
            point = (fix.latitude, fix.longitude)
            assert city.holds(point)
            before = last.get(fix.unit_id)
            if before is not None:
                driven = kilometres((before.latitude, before.longitude), point)
                hours = (fix.fix_at - before.fix_at) / timedelta(hours=1)
                assert driven <= FASTEST_KM_H * hours + 0.01
                moved += driven
            last[fix.unit_id] = fix
    assert moved > 300


def test_given_a_day_then_some_receivers_are_silent_and_some_are_stuck() -> None:
    played = rehearsal(without_routine(exercise()))
    silent = stuck = 0
    for minute in range(9 * 60, 21 * 60):
        now = at(minute / 60)
        for _ in played.play(now):
            pass
        on_duty = {u.unit_id for u in played.state.units.values() if u.status is not UnitStatus.OFF_SHIFT}
        fixes = {fix.unit_id: fix for fix in played.simulation.fixes(now)}
        silent += len(on_duty - fixes.keys())
        stuck += sum(fix.fix_at < now for fix in fixes.values())
    assert 0 < silent < 300
    assert 0 < stuck < 300


def test_given_a_unit_that_arrives_then_it_stands_where_the_call_is() -> None:
    played = rehearsal(without_routine(exercise()))
    seen = 0
    for _ in played.play(at(15)):
        for unit in played.state.units.values():
            call = played.state.calls.get(unit.call) if unit.call else None
            if unit.status is UnitStatus.ON_SCENE and call is not None and call.place.latitude is not None:
                assert call.place.longitude is not None
                where = played.simulation.world.fleet.where(unit, unit.since)
                assert kilometres(where, (call.place.latitude, call.place.longitude)) < 0.05
                seen += 1
    assert seen > 20


def test_given_two_roads_that_cross_when_driving_from_one_to_the_other_then_the_way_turns_at_the_crossing() -> None:
    east = Road("East", ((36.0, -78.95), (36.0, -78.85)), False)
    north = Road("North", ((35.95, -78.9), (36.05, -78.9)), False)
    roads = Roads([east, north])
    assert [crossing.point for crossing in roads.crossings] == [(36.0, -78.9)]
    way = roads.way((36.0, -78.95), (36.05, -78.9))
    assert (36.0, -78.9) in way.points
    assert way.km == pytest.approx(4.497 + 5.56, abs=0.02)


def test_given_no_roads_when_driving_then_the_way_goes_around_a_corner() -> None:
    way = Roads([]).way((36.0, -78.95), (36.05, -78.9))
    assert way.points == ((36.0, -78.95), (36.05, -78.95), (36.05, -78.9))


def test_given_a_path_when_half_is_driven_then_the_point_and_the_course_are_those_of_the_half() -> None:
    way = path([(36.0, -78.9), (36.0, -78.9), (36.1, -78.9)])
    point, course = way.at(way.km / 2)
    assert point == pytest.approx((36.05, -78.9))
    assert course == pytest.approx(0)
    assert way.at(way.km * 2)[0] == (36.1, -78.9)

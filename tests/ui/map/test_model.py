"""What is on the map, from state, positions and time."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.ids import CallId, ProgrammeCode, UnitId
from console.domain.positions import STUCK_AFTER, Standing, standings
from console.domain.programmes import Area
from console.domain.state import Place, Position, UnitStatus
from console.ui.map.model import map_areas, map_call, map_unit
from console.ui.map.picture import MapUnit
from tests.support.agency import AGENCY, BURGLARY
from tests.support.scenes import CALL, START, T1, Scene, floor, receive, status

SECOND = timedelta(seconds=1)


def fix(at: datetime, latitude: float = 36.02, longitude: float = -78.9, unit: UnitId = T1) -> Position:
    return Position(unit, latitude, longitude, at, at)


def drawn(scene: Scene, position: Position | None, standing: Standing | None = None) -> MapUnit:
    unit = map_unit(scene.state, scene.unit(), position, standing, scene.at)
    assert unit is not None
    return unit


def driving() -> Scene:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL))
    return scene.given(*status(T1, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE))


def test_given_a_free_unit_then_it_is_filled_in_its_programmes_colour_and_shape() -> None:
    scene = floor()
    unit = drawn(scene, fix(scene.at))
    assert (unit.label, unit.colour, unit.shape, unit.filled, unit.stale) == ("T1", "teal", "circle", True, False)


def test_given_a_unit_on_its_way_then_it_is_a_ring_that_names_its_call_and_the_minutes() -> None:
    scene = driving()
    unit = drawn(scene, fix(scene.at))
    straight = 0.02 * 111.195
    minutes = round(straight * AGENCY.travel.detour_factor / AGENCY.travel.speed_km_h * 60)
    assert unit.label == f"T1 → {scene.call().number} · {minutes} min"
    assert not unit.filled and unit.target == CALL


def test_given_a_unit_on_scene_then_no_line_leads_to_the_call() -> None:
    scene = driving().given(*status(T1, UnitStatus.ON_SCENE))
    assert drawn(scene, fix(scene.at)).target == ""


def test_given_an_old_position_then_the_unit_is_stale_and_says_how_old() -> None:
    scene = floor()
    fresh, old = (fix(scene.at - timedelta(seconds=age)) for age in (AGENCY.position_stale_s, 130))
    assert not drawn(scene, fresh).stale
    assert drawn(scene, old).stale and drawn(scene, old).label == "T1 · GPS 2:10 old"
    assert drawn(scene, fix(scene.at - timedelta(hours=3, minutes=4))).label == "T1 · GPS 3 h 04 old"


def test_given_the_same_point_while_driving_then_the_receiver_is_stuck_though_its_fix_is_new() -> None:
    scene = driving()
    standing = Standing((36.02, -78.9), scene.at)
    scene.at += STUCK_AFTER + 10 * SECOND
    unit = drawn(scene, fix(scene.at), standing)
    assert unit.stale and "GPS stuck 2:1" in unit.label
    scene.given(*status(T1, UnitStatus.ON_SCENE))
    assert not drawn(scene, fix(scene.at), standing).stale


def test_given_a_long_stay_at_the_base_when_the_unit_sets_off_then_it_is_not_stuck_at_once() -> None:
    scene = driving()
    assert not drawn(scene, fix(scene.at), Standing((36.02, -78.9), scene.at - timedelta(hours=1))).stale


def test_a_standing_begins_anew_only_when_the_point_changes() -> None:
    first = standings({}, {T1: fix(START)}, [T1])
    same = standings(first, {T1: fix(START + SECOND)}, [T1])
    moved = standings(same, {T1: fix(START + 2 * SECOND, 36.03)}, [T1, UnitId("unknown")])
    assert first == same == {T1: Standing((36.02, -78.9), START)}
    assert moved == {T1: Standing((36.03, -78.9), START + 2 * SECOND)}


def test_given_a_request_for_backup_then_the_unit_says_so() -> None:
    scene = driving().given(c.RequestBackup(T1, AGENCY.other_services[0].code))
    unit = drawn(scene, fix(scene.at))
    assert unit.backup and "▲ backup" in unit.label


def test_given_no_position_no_shift_or_no_symbol_then_the_unit_is_not_drawn() -> None:
    scene = floor()
    assert map_unit(scene.state, scene.unit(), None, None, scene.at) is None
    phone = replace(scene.unit(), programme=ProgrammeCode("PHONE"))
    off = replace(scene.unit(), status=UnitStatus.OFF_SHIFT)
    assert map_unit(scene.state, phone, fix(scene.at), None, scene.at) is None
    assert map_unit(scene.state, off, fix(scene.at), None, scene.at) is None


def test_given_a_unit_of_no_programme_then_it_is_drawn_in_a_neutral_colour() -> None:
    scene = floor()
    other = replace(scene.unit(), programme=ProgrammeCode("OTHER"))
    unit = map_unit(scene.state, other, fix(scene.at), None, scene.at)
    assert unit is not None and (unit.colour, unit.shape) == ("slate", "circle")


def test_given_calls_then_the_chosen_one_is_named_and_the_others_numbered() -> None:
    scene = floor().given(receive(), receive(CallId("call-2")), receive(CallId("nowhere"), place=Place("Main St")))
    drawn = [map_call(scene.state, call, scene.at, CallId("call-2")) for call in scene.state.calls.values()]
    first, second, nowhere = drawn
    assert first and second and nowhere is None
    assert (first.label, first.chosen) == (scene.call().number, False)
    assert second.chosen and second.label.startswith(scene.call(CallId("call-2")).number + " ")
    assert second.label.endswith(AGENCY.nature(scene.call().nature).name)


@pytest.mark.parametrize(("level", "tone"), [("due", "due"), ("past", "past"), ("fine", "plain")])
def test_given_a_call_that_waits_then_its_tone_is_that_of_the_queue(level: str, tone: str) -> None:
    scene = floor().given(receive())
    target = AGENCY.target(scene.call().priority)
    assert target is not None
    waited = {"fine": 0, "due": target.due_s, "past": target.past_s}[level]
    at = scene.call().received_at + timedelta(seconds=waited)
    call = map_call(scene.state, scene.call(), at, None)
    assert call is not None and call.tone == tone


def test_given_a_call_that_no_programme_may_serve_then_it_is_grey_however_long_it_waits() -> None:
    scene = floor().given(receive(nature=BURGLARY))
    call = map_call(scene.state, scene.call(), scene.at + timedelta(hours=5), None)
    assert call is not None and call.tone == "plain"


def test_given_areas_with_dates_then_those_in_force_on_the_local_day_are_drawn_once() -> None:
    first, later = Area(START.date() - timedelta(days=9), "a.geojson"), Area(START.date(), "b.geojson")
    programmes = tuple(replace(programme, areas=(first, later)) for programme in AGENCY.programmes)
    agency = replace(AGENCY, programmes=programmes, areas={"a.geojson": "A", "b.geojson": "B"})
    state = replace(floor().state, agency=agency)
    assert map_areas(state, START) == ["B"]
    assert map_areas(state, START - timedelta(hours=18)) == ["A"]
    assert map_areas(state, START - timedelta(days=30)) == []

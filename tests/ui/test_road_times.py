"""Minutes by road: asked while somebody shows them, believed while they are young, never of another place."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from console.domain.state import Place, Position
from console.link.link_state import LinkState, LinkStatus
from console.ui.road_times import RoadMinutes, Roads
from console.wire.geography import RoadTimes, RoadWay
from tests.support.loop import runs
from tests.support.scenes import T1
from tests.ui.live import Live
from tests.ui.told_history import Told

HERE, THERE = Place("100 Main St", 36.0, -78.9), Place("Elsewhere", 36.1, -78.8)


@pytest.fixture
def told() -> Told:
    live = Live()
    made = Told(live)
    made.roads = answer(live, trips=42)
    return made


@pytest.fixture
def minutes(told: Told) -> RoadMinutes:
    return told.live.context.roads


def answer(live: Live, place: Place = HERE, trips: int = 0) -> RoadTimes:
    latitude, longitude = place.point or (0.0, 0.0)
    return RoadTimes(latitude, longitude, live.now, (RoadWay(T1, 6.0, 3.1),), 1.2, trips)


def later(told: Told, seconds: float) -> None:
    told.live.later(seconds=seconds)


def test_given_a_place_that_is_shown_then_its_minutes_are_there_with_how_they_were_taught(
    told: Told, minutes: RoadMinutes
) -> None:
    assert minutes.to(HERE) == Roads()
    minutes.want(HERE)
    assert (minutes.to(HERE).ways[T1].minutes, minutes.to(HERE).words) == (6.0, "calibrated by 42 past trips")
    assert told.asked == [("road_times", "36.0000, -78.9000")]
    assert minutes.to(THERE) == Roads(), "an answer about one place is none about another"
    assert minutes.to(Place("nobody knows where")) == Roads()


def test_given_units_that_move_then_it_is_asked_again_every_five_seconds_and_else_every_ten(
    told: Told, minutes: RoadMinutes
) -> None:
    minutes.want(HERE)
    for _ in range(9):
        later(told, 1)
        minutes.want(HERE)
    assert len(told.asked) == 1
    told.live.store.take_positions([Position(T1, 36.0, -78.9, told.live.now, told.live.now)])
    minutes.want(HERE)
    assert len(told.asked) == 2
    later(told, 4)
    told.live.store.take_positions([Position(T1, 36.01, -78.9, told.live.now, told.live.now)])
    minutes.want(HERE)
    assert len(told.asked) == 2
    later(told, 1)
    minutes.want(HERE)
    assert len(told.asked) == 3


def test_given_nobody_looks_then_nobody_asks(told: Told) -> None:
    later(told, 60)
    assert told.asked == []


def test_given_an_answer_that_grew_old_then_the_straight_line_takes_its_place_and_that_is_said(
    told: Told, minutes: RoadMinutes
) -> None:
    minutes.want(HERE)
    later(told, 15)
    assert minutes.to(HERE).ways
    later(told, 1)
    assert minutes.to(HERE) == Roads(why_not="road minutes are 16 s old")


def test_given_the_hub_is_away_then_the_last_answer_stays_until_it_is_old_and_then_it_is_said(
    told: Told, minutes: RoadMinutes
) -> None:
    minutes.want(HERE)
    told.live.store.take_link(LinkStatus(LinkState.OFFLINE, told.live.now))
    later(told, 10)
    minutes.want(HERE)
    assert minutes.to(HERE).ways
    later(told, 6)
    assert minutes.to(HERE) == Roads(why_not="road minutes could not be asked: the hub is away")
    told.roads = answer(told.live)
    told.live.store.take_link(LinkStatus(LinkState.LIVE, told.live.now))
    minutes.want(HERE)
    assert minutes.to(HERE).ways and minutes.to(HERE).words == "not yet calibrated by past trips"


def test_given_a_center_without_streets_then_it_is_asked_once_and_nothing_is_said(told: Told, minutes: RoadMinutes) -> None:
    told.roads = None
    minutes.want(HERE)
    later(told, 30)
    minutes.want(HERE)
    assert (minutes.to(HERE), len(told.asked)) == (Roads(), 1)


def test_given_an_answer_about_where_the_call_was_before_then_it_is_dropped(told: Told, minutes: RoadMinutes) -> None:
    minutes.want(THERE)
    assert minutes.to(THERE) == Roads()


def test_given_an_exercise_that_runs_fast_then_seconds_are_those_of_the_wall(told: Told, minutes: RoadMinutes) -> None:
    told.live.store.keep_time_by(lambda: told.live.now, lambda: 20.0)
    minutes.want(HERE)
    later(told, 190)
    minutes.want(HERE)
    assert len(told.asked) == 1 and minutes.to(HERE).ways
    later(told, 111)
    assert minutes.to(HERE).why_not == "road minutes are 15 s old"


@runs
async def test_given_a_hub_that_takes_its_time_then_one_question_is_on_its_way_and_another_call_asks_its_own() -> None:
    live = Live()
    asked: list[tuple[Place, asyncio.Future[RoadTimes | None]]] = []

    class Slow(Told):
        def road_times(self, point: tuple[float, float]) -> asyncio.Future[RoadTimes | None]:  # type: ignore[override]
            asked.append((HERE if point == HERE.point else THERE, asyncio.get_running_loop().create_future()))
            return asked[-1][1]

    Slow(live)
    async with asyncio.TaskGroup() as tasks:
        live.store.tasks = tasks
        minutes = live.context.roads
        heard = asyncio.Event()
        minutes.changed.connect(heard.set)
        minutes.want(HERE)
        await asyncio.sleep(0)
        live.later(seconds=30)
        minutes.want(HERE)
        assert len(asked) == 1
        minutes.want(THERE)
        await asyncio.sleep(0)
        assert [place for place, _ in asked] == [HERE, THERE]
        asked[1][1].set_result(replace(answer(live, THERE), trips=3))
        await heard.wait()
    assert asked[0][1].cancelled()
    assert minutes.to(THERE).words == "calibrated by 3 past trips"

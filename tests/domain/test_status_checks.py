"""Status checks: how often, by whose word; due, overdue, escalated; and what the hub's clock writes down of a miss."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.domain import alarms
from console.domain import commands as c
from console.domain.agency import CheckRules
from console.domain.alarms import AlarmKind
from console.domain.events import UnitCheckMissed
from console.domain.ids import CLOCK
from console.domain.state import UnitStatus
from console.domain.status_check import StatusCheck, status_check
from console.hub import clock
from tests.support.agency import AGENCY, CRISIS
from tests.support.scenes import CALL, T1, Scene, floor, receive, status


def on_the_road(minutes: int | None = None, of_nature: int | None = None) -> Scene:
    natures = AGENCY.natures | {CRISIS: replace(AGENCY.natures[CRISIS], check_minutes=of_nature)}
    programmes = tuple(replace(p, check_minutes=minutes) for p in AGENCY.programmes)
    agency = replace(AGENCY, natures=natures, programmes=programmes, checks=CheckRules(minutes=45))
    scene = floor().given(c.ConfigureAgency(agency), receive(), c.DispatchUnit(T1, CALL))
    return scene.given(*status(T1, UnitStatus.ACKNOWLEDGED))


def asked(scene: Scene) -> StatusCheck:
    found = status_check(scene.state, scene.unit())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("programme", "nature", "minutes"), [(None, None, 45), (30, None, 30), (30, 15, 15), (None, 15, 15)]
)
def test_given_words_of_agency_programme_and_nature_then_the_nearest_to_the_call_counts(
    programme: int | None, nature: int | None, minutes: int
) -> None:
    scene = on_the_road(programme, nature)
    since = scene.unit().checked_at
    assert since is not None and asked(scene).due_at == since + timedelta(minutes=minutes)


def test_given_a_unit_off_calls_or_one_that_has_not_acknowledged_then_it_is_not_asked() -> None:
    scene = floor().given(receive())
    assert status_check(scene.state, scene.unit()) is None
    scene.given(c.DispatchUnit(T1, CALL))
    assert status_check(scene.state, scene.unit()) is None


def test_given_no_answer_then_it_is_due_then_overdue_then_the_supervisors_and_an_answer_ends_it() -> None:
    scene = on_the_road()
    check, grace = asked(scene), timedelta(seconds=120)
    at = [check.due_at - timedelta(seconds=1), check.due_at, check.due_at + grace, check.due_at + 2 * grace]
    assert [check.level(moment) for moment in at] == ["fine", "due", "overdue", "escalated"]
    kinds = [[alarm.kind for alarm in alarms.standing(scene.state, {}, moment) if alarm.unit_id] for moment in at]
    assert kinds == [[], [], [AlarmKind.CHECK_OVERDUE], [AlarmKind.CHECK_ESCALATED]]
    scene.at = at[-1]
    scene.given(c.CheckUnit(T1))
    assert asked(scene).level(scene.at) == "fine"


def test_given_misses_when_the_clock_looks_then_each_is_written_down_once_and_a_sign_of_life_ends_the_row() -> None:
    scene = on_the_road()
    due = asked(scene).due_at
    for passed, misses in ((119, 0), (120, 1), (130, 1), (240, 2), (600, 2)):
        scene.at = due + timedelta(seconds=passed)
        for order in clock.due(scene.state, scene.at, "log"):
            scene.given(order.command, by=CLOCK)
        assert scene.unit().misses == misses
    assert [e.event.misses for e in scene.log if isinstance(e.event, UnitCheckMissed)] == [1, 2]
    scene.given(*status(T1, UnitStatus.EN_ROUTE))
    assert scene.unit().misses == 0


def test_given_an_answer_that_overtakes_the_clock_then_nothing_is_missed() -> None:
    scene = on_the_road()
    late = c.MissCheck(T1, asked(scene).due_at, 1)
    scene.given(c.CheckUnit(T1))
    assert scene.when(late, CLOCK) == ()


def test_given_an_answer_that_comes_late_then_what_was_heard_since_stands() -> None:
    scene = on_the_road()
    heard = scene.at + timedelta(minutes=20)
    scene.at = heard
    scene.given(c.CheckUnit(T1))
    scene.at = heard - timedelta(minutes=10)
    scene.given(c.CheckUnit(T1))
    assert scene.unit().checked_at == heard

"""The supply clock: until when, how many, when the next, when it opens; what ends soon says so before it does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.programmes import Hours, Published
from console.domain.state import PresenceStatus, State, UnitStatus
from console.ui.call.supply import SupplyLine
from console.ui.supply_words import clocks, supply_chips
from tests.support.agency import AGENCY, TRESPASS
from tests.support.scenes import CALL, REYES, START, T1, T2, floor, receive, status
from tests.ui.live import Live, on_screen

PUBLISHED = Published("a report", 100, 10.0, 20.0, 30.0, 5.0, 1.0, 1.0, (50.0, 60.0))


def day(opens: time, closes: time) -> c.ConfigureAgency:
    """The same center, with these hours, and figures it has published."""
    hours = (Hours(date(2020, 1, 1), opens, closes),)
    programmes = tuple(replace(programme, hours=hours, published=PUBLISHED) for programme in AGENCY.programmes)
    return c.ConfigureAgency(replace(AGENCY, programmes=programmes))


def team(state: State, now: datetime) -> str:
    return next(each.words for each in clocks(state, state.agency.programmes, now) if each.programme.code == "TEAM")


def test_given_units_that_are_free_then_it_says_until_when_and_how_many() -> None:
    scene = floor().given(day(time(8), time(23, 45)))
    assert team(scene.state, START) == "TEAM until 23:45 · 2 of 2 free"


def test_given_nobody_free_then_the_next_is_told_as_an_estimate() -> None:
    scene = floor().given(day(time(8), time(23, 45)), receive(nature=TRESPASS), c.DispatchUnit(T1, CALL))
    scene.given(c.DispatchUnit(T2, CALL))
    assert team(scene.state, scene.at + timedelta(minutes=21)) == "TEAM until 23:45 · 0 of 2 free · next in about 9 min"
    assert team(scene.state, scene.at + timedelta(minutes=50)).endswith(" · next at any moment")


def test_given_an_end_of_duty_that_is_near_then_a_shape_and_the_minutes_say_so() -> None:
    scene = floor().given(day(time(8), time(15)))
    assert team(scene.state, START + timedelta(minutes=1)) == "TEAM ◆ until 15:00, 29 min left · 2 of 2 free"
    assert team(scene.state, START - timedelta(seconds=1)) == "TEAM until 15:00 · 2 of 2 free"


def test_given_a_programme_off_duty_then_it_says_when_it_opens() -> None:
    scene = floor().given(day(time(16), time(22)), *status(T1, UnitStatus.OFF_SHIFT), *status(T2, UnitStatus.OFF_SHIFT))
    assert team(scene.state, START) == "TEAM off, opens 16:00"
    assert team(scene.state, START + timedelta(hours=9)) == "TEAM off, opens Tue 16:00"


def test_each_programme_that_meets_neighbors_says_in_the_strip_how_many_are_free() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL)).given(c.SetPresence(PresenceStatus.AWAY), by=REYES)
    assert [chip.words for chip in supply_chips(scene.state, scene.at)] == [
        "PHONE 1/2 ready",
        "TEAM 1/2 free",
        "ARMED 1/1 free",
    ]


def test_a_crew_on_break_or_writing_up_is_not_free_and_the_chip_says_what_it_does() -> None:
    scene = floor().given(c.SetUnitStatus(T1, UnitStatus.BREAK))
    chip = list(supply_chips(scene.state, scene.at))[1]
    assert (chip.words, chip.means) == ("TEAM 1/2 free", "Team: 1 of 2 units free, 1 break; on duty round the clock")
    scene.given(c.SetUnitStatus(T1, UnitStatus.ASSIST, "Main St"))
    assert list(supply_chips(scene.state, scene.at))[1].words == "TEAM 2/2 free"


def test_the_strip_adds_what_presses_and_the_supervisors_has_all_of_it() -> None:
    scene = floor().given(day(time(8), time(15)))
    near = START + timedelta(minutes=10)
    chips = list(supply_chips(scene.state, near))
    assert chips[1].words == "TEAM 2/2 free · ◆ until 15:00, 20 min left"
    assert chips[1].parts[-1].token == "due"
    assert chips[1].means == "Team: 2 of 2 units free; on duty until 15:00, 20 min left"
    whole = [chip.words for chip in supply_chips(scene.state, START - timedelta(hours=2), whole=True)]
    assert whole[1:] == ["TEAM 2/2 free · until 15:00", "ARMED 1/1 free · until 15:00", "CARE until 15:00"]
    closed = list(supply_chips(scene.state, datetime(2026, 5, 4, 23, tzinfo=UTC)))
    assert closed[1].words == "TEAM 2/2 free · off, opens Tue 08:00"


@pytest.mark.parametrize("minutes", [0, 100])
def test_given_a_call_then_the_programmes_it_is_open_to_stand_above_what_can_be_done(qtbot: QtBot, minutes: int) -> None:
    live = Live(floor().given(day(time(8), time(16, 20)), receive()))
    line = on_screen(qtbot, SupplyLine(live.context), 500, 60)
    live.later(minutes=minutes)
    line.show_call(live.scene.call())
    near = minutes > 0
    assert [words.split(" · ")[0] for words in line.text().splitlines()] == (
        ["PHONE ◆ until 16:20, 9 min left", "TEAM ◆ until 16:20, 9 min left"]
        if near
        else ["PHONE until 16:20", "TEAM until 16:20"]
    )
    assert line.property("role") == ("due" if near else "small")

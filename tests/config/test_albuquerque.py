"""The second city: its configuration is whole and proved, and its exercise lives, with hours and programmes of its own."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.domain import metrics, unit_status
from console.domain.agency import Agency
from console.domain.triage.check import prove, prove_rules
from console.hub.configuration import load
from console.hub.exercise import prepare
from tests.support.exercise import at as hours_after
from tests.support.exercise import rehearsal

CONFIGURATION = Path(__file__).parents[2] / "config" / "albuquerque"
MIDNIGHT = datetime(2026, 6, 2, tzinfo=ZoneInfo("America/Denver")).astimezone(UTC)


@pytest.fixture(scope="module")
def agency() -> Agency:
    return load(CONFIGURATION)


def test_every_protocol_and_the_rules_are_proved(agency: Agency) -> None:
    assert prove_rules(agency) == ()
    assert [finding for protocol in agency.protocols for finding in prove(agency, protocol).findings] == []


def test_given_an_afternoon_of_its_exercise_then_teams_are_on_duty_day_and_night_and_answer_calls(agency: Agency) -> None:
    played = rehearsal(prepare(CONFIGURATION, agency, 1), MIDNIGHT)
    on_duty = {}
    for hour in (3, 15):
        for _ in played.play(MIDNIGHT + (hours_after(hour) - hours_after(0))):
            pass
        on_duty[hour] = {unit.programme for unit in played.state.units.values() if unit_status.on_duty(unit)}
    assert {"BHR", "CR"} <= on_duty[3], "round the clock"
    assert {"BHR", "CR", "SOR", "MCT"} <= on_duty[15]
    today = metrics.today(played.state, MIDNIGHT + (hours_after(15) - hours_after(0)))
    answered = {programme.code for programme in today.programmes if programme.answered}
    assert {"BHR", "CR", "SOR"} <= answered
    assert today.answered > today.missed

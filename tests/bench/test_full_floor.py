"""The loads are ones the domain takes: no measurement ends in a rejection halfway."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from console.bench.full_floor import agency, busy, configuration_with, positions, set_up, told
from console.domain import commands as c
from console.domain import queries, unit_status
from console.domain.state import State
from console.hub.configuration import load

AT = datetime(2026, 5, 4, 18, tzinfo=UTC)


def test_given_a_configuration_with_many_units_when_loaded_then_it_has_them_and_all_its_own(tmp_path: Path) -> None:
    many = load(configuration_with(tmp_path, 60))
    own = {unit.unit_id for unit in agency().units}
    assert len({unit.unit_id for unit in many.units}) == 60
    assert own < {unit.unit_id for unit in many.units}


def test_given_a_full_floor_when_it_is_busy_then_every_command_is_taken_and_as_many_calls_stay_open() -> None:
    state = told(iter([c.ConfigureAgency(agency())]), AT, State())
    state = told(set_up(state.agency, 40), AT, state)
    assert len(queries.pending(state)) == len(queries.open_calls(state)) == 40
    assert all(unit_status.dispatchable(unit) for unit in state.units.values())

    state = told(islice(busy(state.agency, 40), 600), AT, state)
    assert len(queries.open_calls(state)) == 40
    assert len(state.calls) == 100
    assert any(call.closing and call.closing.outcome for call in state.calls.values())
    assert any(call.closing and call.closing.missed for call in state.calls.values())


def test_given_a_rejected_command_when_a_floor_is_told_then_it_is_said_and_not_passed_over() -> None:
    state = told(iter([c.ConfigureAgency(agency())]), AT, State())
    with pytest.raises(ValueError, match="CheckUnit"):
        told(iter([c.CheckUnit(next(iter(agency().units)).unit_id), c.CheckUnit("nobody")]), AT, state)  # type: ignore[arg-type]


def test_every_unit_moves_from_one_second_to_the_next_and_stays_near_the_center() -> None:
    rules = agency()
    before, after = positions(rules, 0, AT), positions(rules, 1, AT)
    assert len(before) == len(rules.units)
    for was, now in zip(before, after, strict=True):
        assert (was.latitude, was.longitude) != (now.latitude, now.longitude)
        assert abs(now.latitude - rules.center[0]) < 0.1

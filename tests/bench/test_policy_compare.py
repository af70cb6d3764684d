"""The calls and the changed configuration of the figure are ones that the comparison takes, and that move something."""

import csv
import io

import pytest

from console.bench import policy_compare
from console.bench.full_floor import agency


def test_given_a_few_calls_when_measured_then_both_figures_are_there_and_calls_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_compare, "CALLS", 300)
    seconds, memory = policy_compare.measure()
    assert (seconds.unit, seconds.limit, memory.unit, memory.limit) == ("s", 60, "MB", 1000)
    assert seconds.value > 0 < memory.value
    assert "calls move" in seconds.how and "(0 of" not in seconds.how


def test_given_the_same_agency_when_made_again_then_the_calls_are_the_same() -> None:
    def made() -> str:
        text = io.StringIO()
        csv.writer(text).writerows(policy_compare.rows(agency(), 20))
        return text.getvalue()

    assert made() == made()
    assert len(made().splitlines()) == 20

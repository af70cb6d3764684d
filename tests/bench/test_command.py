"""`heart-console bench`: which figures, in which form, and what its exit code says."""

import importlib
import json
from types import SimpleNamespace

import pytest

from console import __main__ as entry
from console.bench import command
from console.bench.figure import Figure

REAL = dict(command.BENCHES)
GOOD = Figure("good", 1.0, "ms", 2.0, "as it is")
BAD = Figure("bad", 3.0, "ms", 2.0, "as it is")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"good": SimpleNamespace(measure=lambda: [GOOD]), "bad": SimpleNamespace(measure=lambda: [GOOD, BAD])}
    monkeypatch.setattr(command, "BENCHES", {name: name for name in made})
    monkeypatch.setattr(command, "import_module", made.__getitem__)


def test_given_one_name_when_its_limit_is_kept_then_a_table_and_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["bench", "good"]) == 0
    out = capsys.readouterr().out
    assert "| good | 1 ms |" in out
    assert "bad" not in out


def test_given_no_name_when_a_limit_is_missed_then_all_are_told_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["bench", "--json"]) == 1
    said = capsys.readouterr()
    assert [json.loads(line)["name"] for line in said.out.splitlines()] == ["good", "good", "bad"]
    assert "bad does not keep its limit: 3 ms; wanted: ≤ 2 ms" in said.err


def test_given_figures_measured_together_when_tabled_then_how_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    entry.main(["bench", "bad"])
    assert capsys.readouterr().out.count("as it is") == 1


def test_given_a_name_that_is_no_figure_then_2_and_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["bench", "speed"]) == 2
    assert "good, bad" in capsys.readouterr().err


def test_every_figure_is_measured_by_a_module_that_is_there() -> None:
    assert all(callable(importlib.import_module(name).measure) for name in REAL.values())

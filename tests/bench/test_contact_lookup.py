"""The contact bench itself, on a small store: its rows are found, and both figures are told beside their baseline."""

from __future__ import annotations

import random

import pytest

from console.bench import contact_lookup
from console.domain.same_place import number_key, place_key


def test_given_a_small_store_when_it_is_measured_then_both_lookups_have_a_figure_and_a_baseline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, small in {"ROWS": 300, "LOOKUPS": 5, "WARM_UP": 1}.items():
        monkeypatch.setattr(contact_lookup, name, small)
    figures = contact_lookup.measure()
    assert [figure.name for figure in figures] == ["contacts of a number and a place", "numbers with the first digits"]
    assert all(figure.value > 0 and figure.baseline and figure.limit == 50.0 and figure.of_value for figure in figures)


def test_given_the_benchs_rows_then_they_have_the_normal_forms_that_are_looked_up() -> None:
    rows = list(contact_lookup.rows(3))
    assert [(row["number_key"], row["place_key"]) for row in rows] == [
        (number_key(row["callback"]), place_key(row["address"])) for row in rows
    ]
    assert all(len(row["number_key"]) == 10 for row in rows)
    chance = random.Random(0)
    assert contact_lookup._number(chance) != contact_lookup._number(chance)

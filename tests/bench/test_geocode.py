"""The geocoder's bench itself, on a small made-up city: every figure beside its baseline, and slips that are slips."""

from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import OSA

from console.bench import geocode


def test_given_a_small_city_when_it_is_measured_then_every_figure_has_its_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in {"POINTS": 400, "ASKED": 20, "LIKES": 3, "WARM_UP": 1}.items():
        monkeypatch.setattr(geocode, name, small)
    figures = geocode.measure()
    assert [figure.unit for figure in figures] == ["ms", "ms", "ms", "s"]
    assert all(figure.value > 0 and figure.baseline and figure.limit and figure.of_value for figure in figures)


def test_given_the_benchs_city_then_it_has_as_many_addresses_as_asked_and_is_the_same_every_time() -> None:
    some = list(geocode.rows(95))
    assert len({words for words, _ in some}) == 95
    assert list(geocode.rows(95)) == some


def test_given_a_slip_then_it_is_one_letter_away() -> None:
    chance = random.Random(3)
    for _ in range(200):
        assert OSA.distance("1200 N OAK HOLLOW ST", geocode.slip("1200 N OAK HOLLOW ST", chance)) <= 1

"""Draws: they repeat, they have the mean that was asked for, and those of a series settle soon."""

from collections import Counter
from statistics import fmean

import pytest

from console.hub.exercise.chance import Chance


def test_given_one_seed_when_asked_in_another_order_then_the_draws_are_the_same() -> None:
    one, other = Chance(3), Chance(3)
    forward = [one.share("x", n) for n in range(10)]
    assert [other.share("x", n) for n in reversed(range(10))] == forward[::-1]
    assert Chance(4).share("x", 0) != forward[0]
    assert len(set(forward)) == 10


@pytest.mark.parametrize("mean", [0.3, 12.19, 51.99])
def test_given_a_mean_when_drawn_often_then_it_comes_near(mean: float) -> None:
    chance = Chance(1)
    assert fmean(chance.around(mean, 0.4, n) for n in range(4000)) == pytest.approx(mean, rel=0.04)


def test_given_a_series_when_drawn_a_few_dozen_times_then_its_mean_has_settled() -> None:
    for seed in range(20):
        chance = Chance(seed)
        assert fmean(chance.around(30, 0.4, n, series="talks") for n in range(48)) == pytest.approx(30, rel=0.07)
        assert sum(chance.happens(0.25, n, series="asks") for n in range(48)) in range(8, 17)


def test_given_a_draw_of_a_series_when_asked_again_then_it_is_the_same() -> None:
    chance = Chance(1)
    drawn = [chance.evenly("talks", n) for n in range(30)]
    assert [chance.evenly("talks", n) for n in range(30)] == drawn


def test_given_a_mean_count_when_drawn_often_then_it_comes_near() -> None:
    chance = Chance(1)
    for mean in (0.0, 0.4, 7.0):
        assert fmean(chance.count(mean, mean, n) for n in range(3000)) == pytest.approx(mean, rel=0.06)


def test_given_weights_when_picked_often_then_the_shares_follow_them() -> None:
    picked = Counter(Chance(1).pick({"a": 1, "b": 3, "never": 0}, n) for n in range(4000))
    assert picked["b"] / 4000 == pytest.approx(0.75, abs=0.03)
    assert picked["never"] == 0

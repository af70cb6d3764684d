"""Waiting before the next try."""

from hypothesis import given
from hypothesis import strategies as st

from console.link.backoff import Backoff


def test_given_no_answer_when_tried_again_then_each_wait_doubles_up_to_the_most() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.failed(0.0) for _ in range(7)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_given_a_connection_that_held_when_it_breaks_then_the_first_wait_again() -> None:
    backoff = Backoff(lambda: 1.0)
    for _ in range(5):
        backoff.failed(0.0)
    backoff.well(100.0)
    backoff.well(119.0)
    assert backoff.failed(120.0) == 0.2


def test_given_a_hub_that_dies_on_every_connection_when_tried_again_then_the_waits_go_on_growing() -> None:
    backoff = Backoff(lambda: 1.0)
    waits = []
    for at in range(0, 40, 10):
        backoff.well(at)
        waits.append(backoff.failed(at + 9.0))
    assert waits == [0.2, 0.4, 0.8, 1.6]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=50))
def test_every_wait_is_between_half_and_the_whole_of_its_step(jitter: list[float]) -> None:
    numbers = iter(jitter)
    backoff = Backoff(lambda: next(numbers))
    for n in range(len(jitter)):
        whole = min(5.0, 0.2 * 2**n)
        assert whole / 2 <= backoff.failed(0.0) <= whole


def test_given_a_night_offline_when_tried_again_then_nothing_overflows() -> None:
    backoff = Backoff(lambda: 1.0)
    assert {backoff.failed(0.0) for _ in range(5_000)} == {0.2, 0.4, 0.8, 1.6, 3.2, 5.0}

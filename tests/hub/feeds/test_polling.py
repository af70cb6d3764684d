"""How often a feed is asked that fails."""

from __future__ import annotations

from console.hub.feeds.polling import LONGEST_WAIT_S, wait_s


def test_the_wait_doubles_with_each_failure_to_a_limit_and_is_never_shorter_than_the_center_wants() -> None:
    assert [wait_s(15, failures) for failures in range(4)] == [15, 30, 60, 120]
    assert wait_s(15, 10**6) == LONGEST_WAIT_S
    assert wait_s(600, 5) == 600

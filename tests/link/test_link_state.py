"""The four states of the link, and when each is said."""

from datetime import UTC, datetime, timedelta

import pytest

from console.domain.ids import LogId, Seq
from console.domain.state import State
from console.link.hub_time import HubTime
from console.link.link_state import LinkState, LinkStatus, LinkWatch
from console.wire.messages import FORMAT, Heartbeat, Snapshot
from tests.link.test_replica import ENTRIES

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIVE, CATCHING_UP, STALE, OFFLINE = LinkState


class Watched:
    """A watch with the times at which things happen given in seconds after noon, and everything it said."""

    def __init__(self) -> None:
        self.said: list[LinkStatus] = []
        self.watch = LinkWatch(self.said.append, HubTime())

    @property
    def states(self) -> list[LinkState]:
        return [status.state for status in self.said]

    def snapshot(self, seq: int, at: float) -> None:
        taken = Snapshot(FORMAT, LogId("log"), Seq(seq), State(), (), NOON + timedelta(seconds=at))
        self.watch.took(taken, Seq(seq), at)

    def heartbeat(self, head: int, mine: int, at: float, late: float = 0.0) -> None:
        beat = Heartbeat(Seq(head), NOON + timedelta(seconds=at - late), Seq(head), "")
        self.watch.took(beat, Seq(mine), at)

    def entry(self, seq: int, at: float) -> None:
        self.watch.took(ENTRIES[seq - 1], Seq(seq), at)


def live() -> Watched:
    watched = Watched()
    watched.snapshot(3, 0.0)
    watched.heartbeat(3, 3, 0.1)
    return watched


def test_given_a_snapshot_and_a_heartbeat_at_the_head_then_live() -> None:
    assert live().states == [CATCHING_UP, LIVE]


def test_given_a_heartbeat_ahead_when_the_entries_up_to_it_came_then_live_with_the_last_of_them() -> None:
    watched = Watched()
    watched.snapshot(3, 0.0)
    watched.heartbeat(5, 3, 0.1)
    watched.entry(4, 0.2)
    assert watched.states[-1] is CATCHING_UP
    watched.entry(5, 0.2)
    assert watched.states[-1] is LIVE


def test_given_live_when_a_heartbeat_names_an_entry_still_on_the_wire_then_no_flicker() -> None:
    watched = live()
    watched.heartbeat(4, 3, 5.0)
    watched.entry(4, 5.01)
    watched.heartbeat(5, 4, 10.0)
    assert set(watched.states[1:]) == {LIVE}


def test_given_live_when_a_whole_heartbeat_behind_then_catching_up_with_how_far() -> None:
    watched = live()
    watched.heartbeat(7, 3, 5.0)
    watched.heartbeat(9, 4, 10.0)
    assert watched.watch.status.state is CATCHING_UP
    assert watched.watch.status.detail == "5 entries behind the hub."


def test_given_live_when_nothing_is_heard_for_ten_seconds_then_stale_since_it_was_last_heard() -> None:
    watched = live()
    watched.watch.look(10.0)
    assert watched.watch.status.state is LIVE
    watched.watch.look(10.1)
    assert watched.watch.status.state is STALE
    assert watched.watch.status.since == NOON + timedelta(seconds=0.1)
    assert not watched.watch.status.connected


def test_given_stale_when_heard_again_then_live_again() -> None:
    watched = live()
    watched.watch.look(11.0)
    watched.entry(4, 12.0)
    assert watched.watch.status.state is CATCHING_UP
    watched.heartbeat(4, 4, 12.5)
    assert watched.watch.status.state is LIVE


def test_given_stale_when_the_connection_is_given_up_then_offline_since_it_was_last_heard() -> None:
    watched = live()
    watched.watch.look(11.0)
    watched.watch.lost("The hub was silent for too long.", 15.1)
    status = watched.watch.status
    assert (status.state, status.since) == (OFFLINE, NOON + timedelta(seconds=0.1))
    assert status.detail == "The hub was silent for too long."


def test_given_offline_when_nothing_is_heard_then_it_stays_offline_and_is_said_once() -> None:
    watched = live()
    watched.watch.lost("gone", 1.0)
    said = len(watched.said)
    watched.watch.lost("gone", 3.0)
    watched.watch.look(60.0)
    assert len(watched.said) == said


def test_given_live_when_the_board_must_be_taken_anew_then_catching_up_and_offline_stays_offline() -> None:
    watched = live()
    watched.watch.asking("anew", 1.0)
    assert watched.watch.status.state is CATCHING_UP
    watched.watch.lost("gone", 2.0)
    watched.watch.asking("anew", 3.0)
    assert watched.watch.status.state is OFFLINE


def test_given_version_skew_then_read_only_with_the_reason_until_a_hub_of_this_version_is_heard() -> None:
    watched = live()
    watched.watch.outdated("This desk is older than the hub.", 1.0)
    assert watched.watch.status.outdated
    assert watched.watch.status.state is OFFLINE
    assert watched.watch.status.detail == "This desk is older than the hub."
    watched.snapshot(9, 2.0)
    assert not watched.watch.status.outdated


def test_given_heartbeats_that_come_late_then_the_delay_is_their_lateness() -> None:
    watched = live()
    watched.heartbeat(3, 3, 5.0)
    watched.heartbeat(3, 3, 10.0, late=0.034)
    assert watched.watch.status.delay_ms == pytest.approx(34.0)


def test_given_an_own_echo_then_its_delay_is_shown_for_a_minute() -> None:
    watched = live()
    watched.watch.echo(12.34, 1.0)
    watched.heartbeat(3, 3, 60.0)
    assert watched.watch.status.delay_ms == 12.3
    watched.heartbeat(3, 3, 65.0)
    assert watched.watch.status.delay_ms == 0.0


def test_since_is_when_a_state_began_however_often_it_is_confirmed() -> None:
    watched = live()
    since = watched.watch.status.since
    for at in (5.0, 10.0, 15.0):
        watched.heartbeat(3, 3, at, late=at / 1000)
    assert watched.watch.status.since == since

"""What the desk does as the hub's bytes arrive, or do not: read each test as a conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.events import UnitRecalled
from console.domain.ids import CallId, LogId, Seq, UnitId
from console.domain.state import Position
from console.link.link_state import LinkState
from console.link.problems import Gone, Refused, Unreachable, VersionSkew
from console.wire.codec import digest
from console.wire.messages import FORMAT, Heartbeat, Problem
from tests.link.playbook import Playbook
from tests.link.test_replica import ENTRIES, SCENE, snapshot
from tests.support.loop import runs
from tests.support.scenes import START

LIVE, CATCHING_UP, STALE, OFFLINE = LinkState
END = len(ENTRIES)


def heartbeat(seq: int, digest_: str = "") -> Heartbeat:
    return Heartbeat(Seq(seq), START, Seq(seq), digest_)


@runs
async def test_given_nothing_when_started_then_snapshot_and_the_stream_from_there() -> None:
    play = Playbook([snapshot(3), [heartbeat(5), *ENTRIES[3:5]]])
    await play.play()
    assert play.asked[:2] == ["snapshot", "stream log-1 after 3"]
    assert play.states[:2] == [CATCHING_UP, LIVE]
    assert play.replica.seq == 5


@runs
async def test_given_a_stream_that_breaks_when_back_then_on_from_where_it_stood_without_a_snapshot() -> None:
    play = Playbook([snapshot(0), [*ENTRIES[:4], Unreachable("cut")], [heartbeat(END), *ENTRIES[4:]]])
    await play.play()
    assert play.asked[:4] == ["snapshot", "stream log-1 after 0", "wait 0.2", "stream log-1 after 4"]
    assert play.states[:3] == [CATCHING_UP, OFFLINE, CATCHING_UP]
    assert digest(play.replica.state) == digest(SCENE.state)


@runs
async def test_given_a_hub_that_is_away_when_tried_then_longer_waits_and_the_old_board_stays() -> None:
    away = [Unreachable("No hub listens at its address.")] * 4
    play = Playbook([snapshot(4), [heartbeat(4)], *away])
    await play.play()
    assert [asked for asked in play.asked if asked.startswith("wait")] == [
        "wait 0.2", "wait 0.4", "wait 0.8", "wait 1.6", "wait 3.2",
    ]  # fmt: skip
    assert play.replica.state == snapshot(4).state
    assert play.states == [CATCHING_UP, LIVE, OFFLINE]
    assert play.status.detail == "No hub listens at its address."


@runs
async def test_given_a_hub_that_answers_again_after_a_long_healthy_time_then_the_waits_begin_anew() -> None:
    play = Playbook([Unreachable("away"), Unreachable("away"), snapshot(0), [heartbeat(0)]])
    await play.play()
    assert play.asked == ["snapshot", "wait 0.2", "snapshot", "wait 0.4", "snapshot", "stream log-1 after 0", "wait 0.8"]


@pytest.mark.expects_log("board-taken-anew")
@runs
async def test_given_410_then_a_snapshot_even_of_another_log_and_the_board_is_swapped() -> None:
    play = Playbook([snapshot(END), Gone("another log"), snapshot(2, LogId("log-2")), [heartbeat(2)]])
    await play.play()
    assert play.asked[:5] == [
        "snapshot", f"stream log-1 after {END}", "wait 0.2", "snapshot", "stream log-2 after 2",
    ]  # fmt: skip
    assert play.replica.log_id == "log-2"
    assert play.replica.state == snapshot(2).state
    assert LIVE in play.states


@pytest.mark.expects_log("board-taken-anew")
@runs
async def test_given_a_gap_then_a_snapshot_and_nothing_is_skipped() -> None:
    play = Playbook([snapshot(0), [ENTRIES[0], ENTRIES[2], ENTRIES[3]], snapshot(4), [*ENTRIES[4:]]])
    await play.play()
    assert play.asked[2:5] == ["wait 0.2", "snapshot", "stream log-1 after 4"]
    assert [message for message in play.took if message in (ENTRIES[2], ENTRIES[3])] == []
    assert digest(play.replica.state) == digest(SCENE.state)


@runs
async def test_given_repeats_after_reconnecting_then_each_is_applied_once() -> None:
    play = Playbook([snapshot(0), [*ENTRIES[:6], Unreachable("cut")], [*ENTRIES[2:]]])
    await play.play()
    assert digest(play.replica.state) == digest(SCENE.state)


@pytest.mark.expects_log("board-taken-anew")
@runs
async def test_given_another_digest_at_the_same_number_then_reported_and_repaired_by_a_snapshot() -> None:
    play = Playbook([snapshot(0), [*ENTRIES[:3], heartbeat(3, "not ours")], snapshot(3), [heartbeat(3)]])
    await play.play()
    assert play.asked[2:5] == ["wait 0.2", "snapshot", "stream log-1 after 3"]


@runs
async def test_given_the_same_digest_or_one_of_another_number_then_nothing_is_asked_again() -> None:
    ours = digest(snapshot(3).state)
    play = Playbook([snapshot(0), [*ENTRIES[:3], heartbeat(3, ours), replace(heartbeat(3, "older"), digest_at=Seq(2))]])
    await play.play()
    assert play.asked == ["snapshot", "stream log-1 after 0", "wait 0.2"]


@pytest.mark.expects_log("board-taken-anew")
@runs
async def test_given_an_entry_that_cannot_be_applied_then_it_is_reported_and_the_board_taken_anew() -> None:
    impossible = replace(ENTRIES[0], event=UnitRecalled(UnitId("nobody"), CallId("no call"), "why"))
    play = Playbook([snapshot(0), [impossible], snapshot(1), [*ENTRIES[1:]]])
    await play.play()
    assert digest(play.replica.state) == digest(SCENE.state)


@pytest.mark.expects_log("version-skew")
@runs
async def test_given_an_event_this_desk_does_not_know_then_it_stops_read_only_with_the_board_it_has() -> None:
    play = Playbook([snapshot(0), [*ENTRIES[:2], VersionSkew("This desk is older than the hub: ...")]])
    await play.play()
    assert play.asked[-1] == "gave up"
    assert play.status.outdated
    assert play.status.detail.startswith("This desk is older than the hub")
    assert play.replica.seq == 2


@pytest.mark.expects_log("version-skew")
@runs
async def test_given_a_snapshot_of_another_format_then_read_only_at_once() -> None:
    play = Playbook([snapshot(0, format=FORMAT + 1)])
    await play.play()
    assert play.asked == ["snapshot", "gave up"]
    assert play.status.outdated


@runs
async def test_given_a_session_that_the_hub_does_not_know_then_it_is_for_a_person_to_mend() -> None:
    play = Playbook([Refused(Problem("Unauthorized", 401, "Sign in again."))])
    with pytest.raises(Refused, match="Sign in again"):
        await play.play()


@runs
async def test_given_any_other_refusal_then_it_is_said_and_tried_again() -> None:
    play = Playbook([Refused(Problem("Forbidden", 403, "Not your hub.")), snapshot(0), [heartbeat(0)]])
    await play.play()
    assert play.asked[:3] == ["snapshot", "wait 0.2", "snapshot"]


@runs
async def test_given_positions_then_they_are_placed_and_told_and_the_number_stays() -> None:
    frame = (Position(UnitId("T1"), 36.0, -78.9, START, START), Position(UnitId("T2"), 36.1, -78.9, START, START))
    play = Playbook([snapshot(3), [heartbeat(3), frame]])
    await play.play()
    assert set(play.replica.positions) == {"T1", "T2"}
    assert play.took[-1] == frame
    assert play.replica.seq == 3


@pytest.mark.expects_log("board-taken-anew")
@given(st.lists(st.tuples(st.integers(0, END), st.integers(0, END), st.booleans()), max_size=6))
def test_however_the_link_breaks_the_desk_ends_with_the_hubs_board(breaks: list[tuple[int, int, bool]]) -> None:
    """Each break: a stream that brought some entries from wherever, then a cut, or a 410; at last all is well."""

    class Broken(Playbook):
        def _next(self):  # type: ignore[no-untyped-def]
            if self.asked[-1] == "snapshot":
                return snapshot(min(END, 3 * len([a for a in self.asked if a == "snapshot"]) - 3))
            if breaks:
                first, last, gone = breaks.pop()
                return [*ENTRIES[first:last], Gone("gone") if gone else Unreachable("cut")]
            if not self.script:
                return super()._next()
            self.script.clear()
            return [*ENTRIES[self.replica.seq :], heartbeat(END, digest(SCENE.state))]

    play = Broken([[]])
    runs(play.play)()
    assert digest(play.replica.state) == digest(SCENE.state)
    assert LIVE in play.states

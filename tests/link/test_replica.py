"""The replica refuses to be wrong."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.ids import EntryId, LogId, Seq, UnitId
from console.domain.state import Position, State, UnitStatus
from console.link.problems import VersionSkew
from console.link.replica import Gap, Replica
from console.wire.codec import digest
from console.wire.messages import FORMAT, Snapshot
from tests.support.scenes import CALL, START, T1, Scene, floor, receive, status

LOG = LogId("log-1")


def busy() -> Scene:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    return scene.given(*(c.AddNarrative(CALL, EntryId(f"e{n}"), f"note {n}") for n in range(5)))


SCENE = busy()
ENTRIES = SCENE.log


def snapshot(seq: int = 0, log_id: LogId = LOG, **fields: object) -> Snapshot:
    """The busy scene as it stood at `seq`."""
    replica = Replica()
    for entry in ENTRIES[:seq]:
        replica.apply(entry)
    return replace(Snapshot(FORMAT, log_id, Seq(seq), replica.state, (), START), **fields)


def test_given_the_next_entry_when_applied_then_the_state_has_it() -> None:
    replica = Replica()
    assert all(replica.apply(entry) for entry in ENTRIES)
    assert replica.state == SCENE.state
    assert replica.seq == len(ENTRIES)


@given(st.lists(st.integers(0, len(ENTRIES) - 1), max_size=60))
def test_whatever_comes_in_whatever_order_the_state_is_the_fold_of_a_whole_beginning(order: list[int]) -> None:
    replica = Replica()
    for index in order:
        before = replica.seq
        try:
            applied = replica.apply(ENTRIES[index])
        except Gap:
            assert index > before
            assert replica.seq == before
        else:
            assert applied == (index == before)
    assert digest(replica.state) == digest(snapshot(replica.seq).state)


@given(st.integers(0, len(ENTRIES)), st.data())
def test_a_snapshot_anywhere_and_the_rest_applied_twice_are_the_whole(cut: int, data: st.DataObject) -> None:
    replica = Replica()
    replica.reset(snapshot(cut))
    for entry in ENTRIES[cut:]:
        replica.apply(entry)
        assert not replica.apply(entry)
        assert not replica.apply(ENTRIES[data.draw(st.integers(0, entry.seq - 1))])
    assert digest(replica.state) == digest(SCENE.state)


def test_given_a_board_when_a_snapshot_of_an_earlier_place_comes_then_it_is_swapped_whole() -> None:
    replica = Replica()
    for entry in ENTRIES:
        replica.apply(entry)
    replica.place([Position(UnitId("T9"), 36.0, -78.9, START, START)])
    replica.reset(snapshot(3, LogId("log-2")))
    assert (replica.seq, replica.log_id, replica.trusted) == (3, "log-2", True)
    assert replica.state == snapshot(3).state
    assert not replica.positions


@pytest.mark.parametrize(("there", "older"), [(FORMAT + 1, "This desk is older"), (FORMAT - 1, "The hub is older")])
def test_given_another_format_when_a_snapshot_comes_then_it_is_refused_and_the_board_stays(there: int, older: str) -> None:
    replica = Replica()
    replica.apply(ENTRIES[0])
    state = replica.state
    with pytest.raises(VersionSkew, match=older):
        replica.reset(snapshot(5, format=there))
    assert replica.state is state
    assert replica.seq == 1


def test_given_positions_when_taken_then_the_last_of_each_unit_stands_and_the_state_is_untouched() -> None:
    replica = Replica()
    state = replica.state
    first = Position(T1, 36.0, -78.9, START, START)
    later = Position(T1, 36.1, -78.9, START + timedelta(seconds=1), START)
    replica.place([first])
    replica.place([later])
    assert replica.positions == {T1: later}
    assert replica.state is state
    assert replica.state == State()


def test_given_a_holder_of_the_positions_when_a_snapshot_comes_then_it_sees_those_of_the_snapshot() -> None:
    replica = Replica()
    held = replica.positions
    there = Position(T1, 36.0, -78.9, START, START)
    replica.reset(replace(snapshot(3), positions=(there,)))
    assert held == {T1: there}

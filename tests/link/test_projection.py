"""The board with what is not yet sent on it, by the rules that the hub will use."""

from pathlib import Path

from msgspec.structs import replace

from console.domain.changes import changes
from console.domain.commands import AddNarrative, DispatchUnit, SetUnitStatus
from console.domain.ids import CallId, EntryId, UserId
from console.domain.state import UnitStatus
from console.link.outbox import Outbox, Row, RowState
from console.link.projection import project
from tests.link.test_outbox import dispatch, note, row
from tests.support.loop import runs
from tests.support.scenes import CALL, OKAFOR, START, T1, floor, receive


@runs
async def test_given_rows_then_they_are_carried_out_in_order_by_whom_and_when_they_were_given(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    state = floor().given(receive()).state
    rows = [
        row(outbox, "a", command=dispatch()),
        row(outbox, "b", command=SetUnitStatus(T1, UnitStatus.EN_ROUTE), late=True),
        row(outbox, "c", user=UserId("reyes"), command=note("c")),
    ]
    projected = project(state, rows)
    assert projected.units[T1].status is UnitStatus.EN_ROUTE
    assert projected.units[T1].since == START
    assert projected.calls[CALL].narrative[-1].by == "reyes"
    assert changes(state, projected).calls == {CALL}
    assert changes(state, projected).units == {T1}
    assert state.units[T1].status is UnitStatus.AVAILABLE
    await outbox.close()


@runs
async def test_given_no_rows_or_settled_ones_then_the_state_is_the_very_same(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    state = floor().given(receive()).state
    settled = [RowState.ACCEPTED, RowState.REJECTED, RowState.EXPIRED]
    rows = [row(outbox, name, command=note(name), state=name) for name in settled]
    assert project(state, []) is state
    assert project(state, rows) is state
    await outbox.close()


@runs
async def test_given_a_row_that_would_be_rejected_then_it_changes_nothing_and_the_next_one_counts(
    tmp_path: Path,
) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    state = floor().given(receive()).state
    nowhere = DispatchUnit(T1, CallId("no such call"))
    kept = AddNarrative(CALL, EntryId("e1"), "kept")
    projected = project(state, [row(outbox, "a", command=nowhere), row(outbox, "b", command=kept)])
    assert changes(state, projected).units == frozenset()
    assert projected.calls[CALL].narrative[-1].text == "kept"
    await outbox.close()


@runs
async def test_given_a_call_that_only_this_desk_knows_then_it_has_no_number_yet(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    state = floor().given(receive()).state
    new = CallId("call-new")
    rows: list[Row] = [row(outbox, "a", command=receive(new)), row(outbox, "b", command=replace(note("b"), call_id=new))]
    projected = project(state, rows)
    assert projected.calls[new].number == ""
    assert projected.calls[new].narrative[-1].text == "note b"
    assert projected.calls[new].taken_by == OKAFOR
    assert projected.calls[CALL] is state.calls[CALL]
    await outbox.close()

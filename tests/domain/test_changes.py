"""What differs between two states is found whichever way the two came about, and in whatever order their records stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.domain import commands as c
from console.domain.changes import Changes, changes, everything
from console.domain.ids import CallBackId, CallId, NeighborId, ReferralId
from console.domain.state import Call, State
from tests.support.scenes import CALL, T1, floor, receive

CALLS = [floor().given(receive(CallId(f"call-{n}"))).state.calls[CallId(f"call-{n}")] for n in range(6)]
BOARDS = st.lists(st.tuples(st.sampled_from(CALLS), st.booleans()), unique_by=lambda pair: pair[0].call_id)


def board(pairs: list[tuple[Call, bool]], others: dict[CallId, Call]) -> State:
    """A state of these calls in this order; those marked are other records than anywhere else."""
    return State(calls={call.call_id: others[call.call_id] if other else call for call, other in pairs})


@given(BOARDS, BOARDS)
def test_law_exactly_the_calls_that_are_another_record_here_and_there_differ(
    before: list[tuple[Call, bool]], after: list[tuple[Call, bool]]
) -> None:
    others = {call.call_id: Call(**{field: getattr(call, field) for field in Call.__struct_fields__}) for call in CALLS}
    old, new = board(before, others), board(after, others)
    every = old.calls.keys() | new.calls.keys()
    assert changes(old, new).calls == {key for key in every if old.calls.get(key) is not new.calls.get(key)}


def test_given_a_call_comes_changes_and_goes_then_each_time_it_alone_is_told() -> None:
    empty, scene = floor().state, floor()
    before = scene.state
    scene.given(receive())
    came = scene.state
    assert changes(before, came) == Changes(calls=frozenset({CALL}))
    assert changes(came, before).calls == {CALL}
    assert not changes(came, came)
    assert changes(State(), empty).units >= {T1} and changes(State(), empty).agency
    assert everything(came).calls == {CALL} and everything(came).agency


def test_given_something_is_owed_after_a_call_then_that_is_told_too() -> None:
    scene = floor().given(receive(callback="919 555 0142"))
    before = scene.state
    scene.given(c.PlanCallBack(CallBackId("b1"), CALL, scene.at, "asks how they are"))
    assert changes(before, scene.state) == Changes(call_backs=frozenset({CallBackId("b1")}))
    planned = scene.state
    scene.given(c.ReferNeighbor(ReferralId("r1"), CALL))
    scene.given(c.KeepNeighbor(NeighborId("n1"), ("9195550142",), (), "Sam", "", ""))
    found = changes(planned, scene.state)
    assert found == Changes(referrals=frozenset({ReferralId("r1")}), neighbors=frozenset({NeighborId("n1")}))
    assert everything(scene.state).call_backs == {CallBackId("b1")}

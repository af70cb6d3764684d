"""What cannot be read is refused with its place; what is equal has one digest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.commands import Order
from console.domain.evolve import fold
from console.domain.state import Place, State
from console.wire.codec import Digester, Unreadable, decode, digest, encode
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, floor, receive
from tests.wire.golden_log import story


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"command_id":"1","command":{"type":"Nope"}}', "$.command.type"),
        (b'{"command_id":"1","command":{"type":"AddNarrative","call_id":3}}', "$.command.call_id"),
        (b'{"command_id":"1","command":{"type":"CheckUnit","unit_id":"T1","extra":1}}', "$.command"),
        (
            b'{"command_id":"1","command":{"type":"CheckUnit","unit_id":"T1"},"occurred_at":"2026-01-01T00:00"}',
            "$.occurred_at",
        ),
        (b"[1, 2", ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_given_what_is_no_order_then_it_is_refused_with_its_place(body: bytes, where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(body, Order)
    assert caught.value.where == where
    assert caught.value.what


@given(st.binary(max_size=200))
def test_given_any_bytes_then_an_order_or_unreadable(body: bytes) -> None:
    try:
        decode(body, Order)
    except Unreadable as refusal:
        assert str(refusal)


def test_given_equal_states_grown_in_another_order_then_one_digest() -> None:
    scene = floor().given(receive(), receive(call_id="b", place=Place("x")))  # type: ignore[arg-type]
    state = scene.state
    turned = State(
        state.agency, state.exercise, dict(reversed(state.calls.items())), state.units, state.people, state.numbering
    )
    assert digest(turned) == digest(state)
    other = floor().given(receive()).state
    assert digest(other) != digest(state)


def test_given_states_that_follow_each_other_then_their_digests_are_those_of_each_alone() -> None:
    digester, state, seen = Digester(), State(), []
    for entry in story().log:
        state = fold(state, [entry])
        seen.append(digester.digest(state))
        assert seen[-1] == digest(state) == digest(decode(encode(state), State))
    assert len(set(seen)) > len(seen) * 0.9


def test_given_a_whole_state_then_it_travels_unchanged() -> None:
    state = floor().given(receive()).state
    assert decode(encode(state), State) == state
    assert state.agency == AGENCY and CALL in state.calls

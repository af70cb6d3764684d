"""An exercise's time while a hand-off waits for a person at a real desk: never faster than real, so that they can act."""

from collections.abc import Callable
from typing import Protocol

from console.domain.state import State
from console.hub.bell import Bell
from console.hub.exercise.world import at_real_desk


class Board(Protocol):
    """What is looked at: the board, and the bell that says it has changed."""

    bell: Bell

    @property
    def state(self) -> State:
        """The board as it stands."""


class Time(Protocol):
    """What is held down."""

    held: bool


def rings(state: State) -> bool:
    """Whether a hand-off rings at a real desk, or was accepted and a real desk is at either end until it is released."""
    return any(
        call.closing is None
        and (hand_off := call.hand_off) is not None
        and (
            (hand_off.is_open and at_real_desk(state, hand_off.to_user))
            or (hand_off.connects and at_real_desk(state, hand_off.from_user))
        )
        for call in state.calls.values()
    )


async def hold(board: Board, time: Time, announce: Callable[[], object]) -> None:
    """Hold `time` to real time while one rings, and let it go afterwards, until cancelled; `announce` every change."""
    while True:
        ringing = rings(board.state)
        if ringing != time.held:
            time.held = ringing
            announce()
            board.bell.ring()  # whoever waits for a moment of the exercise reckons anew how long that is
        await board.bell.wait()

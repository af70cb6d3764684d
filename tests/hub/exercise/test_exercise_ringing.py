"""An exercise never runs faster than real while a hand-off rings at a real desk, and goes on as chosen afterwards."""

import asyncio
from dataclasses import dataclass, field

from console.domain import commands as c
from console.domain.commands import AnyCommand
from console.domain.ids import DeskId, HandOffId, UserId
from console.domain.state import State
from console.hub.bell import Bell
from console.hub.exercise.ringing import hold, rings
from console.hub.exercise.world import DESK_PREFIX
from console.hub.hub_time import ExerciseTime
from tests.support.loop import runs
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, START, Scene, floor, offer, receive, sign_in

ACCEPT = c.AcceptHandOff(CALL, HandOffId("h1"))
TICKS = (c.TellCaller(CALL, HandOffId("h1")), c.VerifyConnection(CALL, HandOffId("h1")))
RELEASE = c.ReleaseHandOff(CALL, HandOffId("h1"))
DECLINE = c.DeclineHandOff(CALL, HandOffId("h1"), "Not now")


def scene() -> Scene:
    """Reyes sits at a real desk; Lin is played by the exercise."""
    played = c.SignIn(LIN, "Lin", sign_in(LIN).role, DeskId(f"{DESK_PREFIX}lin"), programme=sign_in(LIN).programme)
    return floor().given(played, receive())


def test_given_hand_offs_then_one_that_waits_for_a_real_desk_rings_until_it_is_over() -> None:
    assert not rings(scene().state)
    assert rings(scene().given(offer(REYES)).state)
    assert rings(scene().given(offer(REYES)).given(ACCEPT, by=REYES).state), "they are being connected"
    assert not rings(scene().given(offer(REYES)).given(DECLINE, by=REYES).state)
    assert not rings(scene().given(offer(REYES)).given(ACCEPT, by=REYES).given(*TICKS, RELEASE).state)


def test_given_a_hand_off_to_one_who_is_played_then_it_rings_once_a_real_desk_has_to_release() -> None:
    assert not rings(scene().given(offer(LIN)).state)
    assert rings(scene().given(offer(LIN)).given(ACCEPT, by=LIN).state), "who offered it sits at a real desk"


@dataclass
class Board:
    """A scene behind a bell."""

    scene: Scene = field(default_factory=scene)
    bell: Bell = field(default_factory=Bell)

    @property
    def state(self) -> State:
        return self.scene.state

    def given(self, command: AnyCommand, by: UserId = OKAFOR) -> None:
        self.scene.given(command, by=by)
        self.bell.ring()


@runs
async def test_given_a_fast_exercise_when_a_real_desk_is_rung_then_time_is_held_and_both_changes_are_announced() -> None:
    board, time, announced = Board(), ExerciseTime(START, 20.0), asyncio.Queue[tuple[float, float]]()
    async with asyncio.TaskGroup() as tasks:
        holding = tasks.create_task(hold(board, time, lambda: announced.put_nowait((time.speed, time.chosen))))
        await asyncio.sleep(0)
        assert time.speed == 20.0
        board.given(offer(REYES))
        assert await announced.get() == (1.0, 20.0)
        board.given(DECLINE, by=REYES)
        assert await announced.get() == (20.0, 20.0)
        assert announced.empty()
        holding.cancel()

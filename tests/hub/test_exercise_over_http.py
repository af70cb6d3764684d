"""An exercise over HTTP: its people sign in without being set up, and its speed is theirs to set."""

from __future__ import annotations

from pathlib import Path

from console.domain.ids import DeskId
from console.domain.state import Role
from console.wire import codec
from console.wire.messages import Exercise, ExerciseSpeed, Health, Problem, ReadyPerson, Session, SignInRequest
from tests.hub.test_configuration import SHIPPED
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs

CONFIG = next(path.parent for path in sorted(SHIPPED.glob("*/exercise.toml")))


async def sign_in(hub: RunningHub, person: ReadyPerson) -> dict[str, str]:
    request = SignInRequest(person.user_id, person.password, DeskId("a-real-desk"))
    answer = await hub.client.post("/v1/sign-in", content=codec.encode(request))
    assert answer.status_code == 200, answer.text
    session = codec.decode(answer.content, Session)
    assert (session.name, session.role, session.programme) == (person.name, person.role, person.programme)
    return {"authorization": f"Bearer {session.token}"}


@runs
async def test_given_an_exercise_then_its_people_sign_in_and_set_its_speed_without_a_jump(tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=CONFIG, exercise=True, speed=2.0) as hub:
        exercise = codec.decode((await hub.client.get("/v1/exercise")).content, Exercise)
        assert exercise.speed == 2.0 and exercise.people
        assert codec.decode((await hub.client.get("/v1/health")).content, Health).exercise
        headers = await sign_in(hub, exercise.people[0])
        before = hub.hub.time.now()
        faster = await hub.client.put("/v1/exercise/speed", content=codec.encode(ExerciseSpeed(60.0)), headers=headers)
        assert codec.decode(faster.content, Exercise).speed == hub.hub.time.speed == 60.0
        assert hub.hub.time.now() >= before
        for wrong in (0.5, 601.0):
            answer = await hub.client.put("/v1/exercise/speed", content=codec.encode(ExerciseSpeed(wrong)), headers=headers)
            assert answer.status_code == 422
            assert codec.decode(answer.content, Problem).where == "$.speed"
        stranger = await hub.client.put(
            "/v1/exercise/speed", content=codec.encode(ExerciseSpeed(2.0)), headers=await hub.bearer(Role.ACTOR)
        )
        assert stranger.status_code == 403


@runs
async def test_given_an_exercise_that_is_started_again_then_it_goes_on_at_its_own_time(tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=CONFIG, exercise=True) as hub:
        while not hub.hub.ledger.state.calls:
            await hub.hub.ledger.bell.wait()
        ended = hub.hub.time.now()
    async with running_hub(tmp_path, config=CONFIG, exercise=True) as hub:
        latest = hub.hub.ledger.latest_at
        assert latest is not None and latest <= hub.hub.time.now()
        assert abs((latest - ended).total_seconds()) < 3600
        assert hub.hub.ledger.state.exercise

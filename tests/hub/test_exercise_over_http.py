"""An exercise over HTTP: its people sign in without being set up, and its speed is theirs to set."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import httpx

from console.domain.commands import Accepted, DeclineHandOff, OfferHandOff, ReceiveCall
from console.domain.ids import CallId, DeskId, HandOffId, UserId
from console.domain.state import PresenceStatus, Role, Source
from console.wire import codec
from console.wire.messages import Exercise, ExerciseSpeed, Health, Problem, ReadyPerson, Session, SignInRequest
from tests.support.exercise import CONFIGURATION as CONFIG
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs


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
        assert exercise.seated == {}
        again = codec.decode((await hub.client.get("/v1/exercise")).content, Exercise)
        assert again.seated == {exercise.people[0].user_id: "a-real-desk"}
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
async def test_given_desks_that_sign_in_right_at_the_start_then_the_day_so_far_comes_first_and_they_keep_their_seats(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, config=CONFIG, exercise=True) as hub:
        assert codec.decode((await hub.client.get("/v1/health")).content, Health).exercise
        exercise = codec.decode((await hub.client.get("/v1/exercise")).content, Exercise)
        async with asyncio.TaskGroup() as tasks:
            for person in exercise.people:
                tasks.create_task(sign_in(hub, person))
        assert hub.hub.ready.is_set()
        assert hub.hub.ledger.state.calls
        people = hub.hub.ledger.state.people
        assert {people[person.user_id].desk_id for person in exercise.people} == {"a-real-desk"}


class Waited(asyncio.Event):
    """An event that says when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.waits.set()
        return await super().wait()


@runs
async def test_given_somebody_who_waits_to_sign_in_when_the_hub_ends_then_they_are_answered(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks, httpx.AsyncClient(timeout=20) as client:
        async with running_hub(tmp_path, config=CONFIG, exercise=True) as hub:
            hub.hub.ready = never = Waited()
            person = hub.hub.people[0]
            request = codec.encode(SignInRequest(person.user_id, person.password, DeskId("a-real-desk")))
            signing_in = tasks.create_task(client.post(f"{hub.url}/v1/sign-in", content=request))
            await never.waits.wait()
            assert not signing_in.done()
        assert (await signing_in).status_code == 200


@runs
async def test_given_a_fast_exercise_when_a_hand_off_rings_at_a_real_desk_then_it_runs_at_real_time_until_answered(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, config=CONFIG, exercise=True, speed=20.0) as hub:
        ledger, time = hub.hub.ledger, hub.hub.time
        exercise = codec.decode((await hub.client.get("/v1/exercise")).content, Exercise)
        clinicians = [person for person in exercise.people if person.role is Role.CLINICIAN]
        for person in clinicians:
            await sign_in(hub, person)
        offered = await offer_to_somebody(hub, {person.user_id for person in clinicians})
        while time.speed != 1.0:
            await ledger.bell.wait()
        assert codec.decode((await hub.client.get("/v1/exercise")).content, Exercise).speed == 20.0
        rung = ledger.state.calls[offered].hand_off
        assert rung is not None
        await hub.submit(DeclineHandOff(offered, rung.hand_off_id, "Not now"), by=rung.to_user)
        while time.speed != 20.0:
            await ledger.bell.wait()


async def offer_to_somebody(hub: RunningHub, clinicians: set[UserId]) -> CallId:
    """Receive calls of one nature after the other until one can be offered to one of these clinicians."""
    state = hub.hub.ledger.state
    place = next(iter(state.calls.values())).place
    ready = [user for user in sorted(clinicians) if state.people[user].status is PresenceStatus.READY]
    for nature in state.agency.natures:
        call_id = CallId(f"offered-{nature}")
        await hub.submit(ReceiveCall(call_id, Source.CALL_911, nature, place))
        for user in ready:
            outcome = await hub.submit(OfferHandOff(call_id, HandOffId(f"{call_id}-{user}"), user))
            if isinstance(outcome, Accepted):
                return call_id
    raise AssertionError("no nature could be handed off")


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

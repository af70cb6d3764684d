"""Which desks live: told by what is heard of them, in real time, without a word from anybody about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from console.domain.alarms import AlarmKind, standing
from console.domain.commands import (
    Accepted,
    AcceptHandOff,
    AnyCommand,
    FindDesk,
    LoseDesk,
    ReleaseHandOff,
    SignIn,
    SignOff,
    TellCaller,
    VerifyConnection,
)
from console.domain.events import DeskFound, DeskLost
from console.domain.ids import HUB, DeskId, HandOffId, Seq, UserId
from console.domain.queries import ready_clinicians
from console.domain.state import PresenceStatus, Role
from console.hub.desks import UNHEARD_S, Desks
from tests.support.agency import PHONE
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, offer, receive, sign_in

DESK = DeskId("desk-reyes")


class Watch:
    """A watch over desks on a hub's real ledger, at times that the test says."""

    def __init__(self, hub: RunningHub) -> None:
        self.at = 0.0
        self.hub = hub
        self.desks = Desks(hub.hub.ledger, clock=lambda: self.at)

    async def after(self, seconds: float) -> list[FindDesk | LoseDesk]:
        """Let so much time pass in steps of a second, with a look at each; what was submitted."""
        said: list[FindDesk | LoseDesk] = []
        for _ in range(round(seconds)):
            self.at += 1.0
            for order in self.desks.due():
                assert isinstance(await self.hub.hub.ledger.submit(order, HUB), Accepted)
                assert isinstance(order.command, FindDesk | LoseDesk)
                said.append(order.command)
        return said


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Watch]:
    """A hub at which Reyes has just sat down, and a watch that begins."""
    async with running_hub(folder) as hub:
        await hub.submit(sign_in(REYES))
        watch = Watch(hub)
        assert watch.desks.due() == []
        yield watch


@runs
async def test_given_15_s_without_a_word_then_the_desk_is_lost_once_and_its_person_never_ready(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        assert await watch.after(UNHEARD_S - 1) == []
        assert await watch.after(1) == [LoseDesk(REYES, DESK)]
        assert await watch.after(60) == []
        state = watch.hub.hub.ledger.state
        assert state.people[REYES].status is PresenceStatus.READY
        assert state.people[REYES].lost_at is not None
        assert ready_clinicians(state) == []


@runs
async def test_given_a_lost_desk_when_it_is_heard_then_it_is_found_and_can_be_lost_again(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        await watch.after(UNHEARD_S)
        watch.desks.heard(REYES, DESK)
        assert await watch.after(1) == [FindDesk(REYES, DESK)]
        assert [person.user_id for person in ready_clinicians(watch.hub.hub.ledger.state)] == [REYES]
        assert await watch.after(UNHEARD_S) == [LoseDesk(REYES, DESK)]
        watch.desks.heard(REYES, DESK)
        assert await watch.after(1) == [FindDesk(REYES, DESK)]


@runs
async def test_given_a_word_every_5_s_then_nothing_is_lost(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        for _ in range(12):
            assert await watch.after(5) == []
            watch.desks.heard(REYES, DESK)


@runs
async def test_given_a_desk_lost_earlier_when_somebody_signs_in_there_anew_then_they_have_the_whole_time(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path) as watch:
        await watch.after(UNHEARD_S + 20)
        await watch.hub.submit(sign_in(REYES))
        assert await watch.after(UNHEARD_S) == []
        assert await watch.after(1) == [LoseDesk(REYES, DESK)]


@runs
async def test_given_a_word_of_another_desk_then_the_one_where_the_person_sits_is_lost_all_the_same(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        for _ in range(3):
            watch.desks.heard(REYES, DeskId("another"))
            watch.desks.heard(LIN, DESK)
            said = await watch.after(5)
        assert said == [LoseDesk(REYES, DESK)]


@runs
async def test_given_who_signed_off_then_their_desk_may_be_silent(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        await watch.hub.submit(SignOff(REYES), REYES)
        assert await watch.after(UNHEARD_S + 5) == []


@runs
async def test_given_a_hub_that_stood_still_then_nobody_is_lost_for_what_it_could_not_hear(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        await watch.after(5)
        watch.at += 600.0  # the machine slept
        assert watch.desks.due() == []
        assert await watch.after(UNHEARD_S - 6) == []
        assert await watch.after(1) == [LoseDesk(REYES, DESK)]


@runs
async def test_given_whom_an_exercise_plays_then_their_desks_are_not_watched(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.submit(SignIn(REYES, "M. Reyes", Role.CLINICIAN, DeskId("exercise:reyes"), programme=PHONE))
        now = 0.0
        desks = Desks(hub.hub.ledger, is_real=lambda state, user: False, clock=lambda: now)
        for _ in range(40):
            now += 1.0
            assert desks.due() == []
        assert desks.seated == {}


@runs
async def test_given_who_sits_where_then_a_lost_desk_is_nobodys_seat_until_it_is_found(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        assert watch.desks.seated == {REYES: DESK}
        assert await watch.after(UNHEARD_S) == [LoseDesk(REYES, DESK)]
        assert watch.desks.seated == {}


@runs
async def test_given_a_session_then_every_request_is_a_word_of_its_desk_and_here_is_the_least_of_them(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, unheard_s=0.3) as hub:
        await hub.sign_in()

        async def until(lost: bool) -> None:
            while (hub.hub.ledger.state.people[OKAFOR].lost_at is not None) is not lost:
                await hub.hub.ledger.bell.wait()

        await until(lost=True)
        answer = await hub.post("/v1/here", b"")
        assert (answer.status_code, answer.content) == (204, b"")
        await until(lost=False)
        await until(lost=True)
        assert (await hub.get("/v1/snapshot")).status_code == 200
        await until(lost=False)
        kinds = [type(entry.event) for entry in await hub.hub.ledger.entries(Seq(0))]
        assert kinds.count(DeskLost) == 2 == kinds.count(DeskFound)
        assert {e.by for e in await hub.hub.ledger.entries(Seq(0)) if isinstance(e.event, DeskLost)} == {HUB}


@runs
async def test_given_no_session_then_here_is_refused(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        assert (await hub.client.post("/v1/here")).status_code == 401
        assert (await hub.client.post("/v1/here", headers={"authorization": "Bearer of nothing"})).status_code == 401


@runs
async def test_given_here_then_it_keeps_no_session_open_that_nobody_uses(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        [signed] = hub.hub.sign_ins._signed.values()
        seen = signed.seen
        await hub.post("/v1/here", b"")
        assert signed.seen == seen
        await hub.get("/v1/snapshot")
        assert signed.seen > seen


@runs
async def test_given_an_offer_at_a_desk_that_dies_then_it_rings_out_and_who_has_the_caller_is_not_left_waiting(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, unheard_s=0.3) as hub:
        await hub.submit(sign_in(REYES))
        await hub.submit(receive(CALL))
        assert isinstance(await hub.submit(offer()), Accepted)
        ledger = hub.hub.ledger
        while ledger.state.calls[CALL].hand_offs[0].rings:
            await ledger.bell.wait()
        call = ledger.state.calls[CALL]
        assert ledger.state.people[REYES].lost_at is not None
        while (seeking := ledger.state.calls[CALL].seeking) is None or seeking.queued_at is None:
            await ledger.bell.wait()
        assert call.in_care_of is None


@runs
async def test_given_a_caller_in_care_at_a_lost_desk_then_the_alarm_says_so_and_they_stay_theirs(tmp_path: Path) -> None:
    async with running_hub(tmp_path, unheard_s=0.3) as hub:
        ledger = hub.hub.ledger
        await hub.submit(sign_in(REYES))
        await hub.submit(receive(CALL))
        for command, by in handing_over():
            assert isinstance(await hub.submit(command, by), Accepted)
        while ledger.state.people[REYES].lost_at is None:
            await ledger.bell.wait()
        kinds = {alarm.kind for alarm in standing(ledger.state, {}, hub.hub.time.now())}
        assert AlarmKind.HOLDER_UNREACHABLE in kinds
        assert ledger.state.calls[CALL].in_care_of == REYES


def handing_over() -> list[tuple[AnyCommand, UserId]]:
    """Every step from the offer to the release, and who takes it."""
    one = HandOffId("h1")
    return [
        (offer(), OKAFOR),
        (AcceptHandOff(CALL, one), REYES),
        (TellCaller(CALL, one), OKAFOR),
        (VerifyConnection(CALL, one), OKAFOR),
        (ReleaseHandOff(CALL, one), OKAFOR),
    ]

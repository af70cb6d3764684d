"""Signing in: names and passwords, lock-out, sessions, and that every event says who did it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import select

from console.domain.commands import AcceptHandOff, CheckUnit, OfferHandOff
from console.domain.ids import CallId, DeskId, HandOffId, Seq, UnitId, UserId
from console.domain.state import PresenceStatus, Role
from console.hub import people
from console.hub.sign_in import LOCKED_FOR, UNSEEN_AT_MOST, WRONG_AT_MOST, WRONG_WITHIN, locked_until
from console.hub.tables import session, sign_in_attempt
from console.wire import codec
from console.wire.messages import Problem, Session, SignInRequest
from tests.support.hub import PASSWORD, PEOPLE, RunningHub, order, running_hub
from tests.support.loop import runs
from tests.support.scenes import receive

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
REFUSED = pytest.mark.expects_log("a sign-in was refused")


async def attempt(hub: RunningHub, user: str, password: str, desk: str = "desk-1") -> httpx.Response:
    request = SignInRequest(UserId(user), password, DeskId(desk))
    return await hub.client.post("/v1/sign-in", content=codec.encode(request))


def said(answer: httpx.Response) -> Problem:
    return codec.decode(answer.content, Problem)


@runs
async def test_given_the_right_password_then_a_session_a_presence_and_the_events_name_the_person(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        found = codec.decode((await attempt(hub, "reyes", PASSWORD)).content, Session)
        assert (found.name, found.role, found.title, found.programme) == ("M. Reyes", Role.CLINICIAN, "LCSW", "PHONE")
        present = hub.hub.ledger.state.people[UserId("reyes")]
        assert (present.desk_id, present.name) == ("desk-1", "M. Reyes")
        [entry] = await hub.hub.ledger.entries(Seq(hub.hub.ledger.head - 1))
        assert (entry.by, entry.desk_id) == ("reyes", "desk-1")
        kept = await hub.hub.store.read(lambda c: [dict(row._mapping) for row in c.execute(select(session))])
        assert len(kept) == 1 and found.token not in str(kept)


@runs
async def test_given_somebody_with_skills_and_an_extension_then_the_floor_knows_both(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        skilled = replace(PEOPLE[Role.CLINICIAN], skills=("OLDER",), extension="2103")
        await hub.hub.store.write(lambda connection: people.keep(skilled, connection))
        assert (await attempt(hub, "reyes", PASSWORD)).status_code == 200
        present = hub.hub.ledger.state.people[UserId("reyes")]
        assert (present.skills, present.extension) == (("OLDER",), "2103")


@REFUSED
@runs
async def test_given_a_wrong_name_or_password_then_the_same_401_that_does_not_say_which(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        wrong_password, wrong_name = await attempt(hub, "okafor", "wrong"), await attempt(hub, "nobody", PASSWORD)
        assert wrong_password.status_code == wrong_name.status_code == 401
        assert wrong_password.content == wrong_name.content
        assert said(wrong_name).code == "sign-in-wrong"
        assert UserId("okafor") not in hub.hub.ledger.state.people


@REFUSED
@pytest.mark.parametrize("user", ["okafor", "nobody"])
def test_given_five_wrong_attempts_then_locked_even_for_the_right_password_and_across_a_restart(
    tmp_path: Path, user: str
) -> None:
    @runs
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            for _ in range(WRONG_AT_MOST):
                assert (await attempt(hub, user, "wrong")).status_code == 401
            locked = await attempt(hub, user, PASSWORD)
            assert locked.status_code == 423
            assert said(locked).code == "locked" and "10 min" in said(locked).detail
            assert (await attempt(hub, "lindqvist", PASSWORD)).status_code == 200
        async with running_hub(tmp_path) as hub:
            assert (await attempt(hub, user, PASSWORD)).status_code == 423
            attempts = await hub.hub.store.read(
                lambda c: [tuple(row) for row in c.execute(select(sign_in_attempt.c.accepted, sign_in_attempt.c.user_id))]
            )
            assert attempts.count((False, user)) == WRONG_AT_MOST

    case()


@REFUSED
@runs
async def test_given_many_attempts_at_once_then_no_more_than_five_are_tried(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        answers = await asyncio.gather(*(attempt(hub, "okafor", "wrong") for _ in range(20)))
        assert sorted(answer.status_code for answer in answers) == [401] * 5 + [423] * 15


def test_lock_out_by_its_figures() -> None:
    def wrong(*seconds: float) -> list[tuple[datetime, bool]]:
        return [(NOON + timedelta(seconds=s), False) for s in seconds]

    five = wrong(0, 10, 20, 30, 40)
    last = five[-1][0]
    assert locked_until(five[:4], last) is None
    assert locked_until(five, last) == last + LOCKED_FOR
    assert locked_until(five, last + LOCKED_FOR - timedelta(seconds=1)) == last + LOCKED_FOR
    assert locked_until(five, last + LOCKED_FOR) is None
    assert locked_until([*five[:2], (NOON + timedelta(seconds=15), True), *five[2:]], last) is None
    slow = wrong(*(i * (WRONG_WITHIN.total_seconds() / 4 + 1) for i in range(5)))
    assert locked_until(slow, slow[-1][0]) is None
    assert locked_until([], NOON) is None


@runs
async def test_given_a_restart_then_the_session_still_holds_and_signing_out_ends_it_for_good(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        headers = await hub.bearer()
    async with running_hub(tmp_path) as hub:
        body = codec.encode(order(CheckUnit(UnitId("T1"))))
        assert (await hub.client.post("/v1/commands", content=body, headers=headers)).status_code == 200
        assert (await hub.client.post("/v1/sign-out", headers=headers)).status_code == 204
        assert hub.hub.ledger.state.people[UserId("okafor")].status is PresenceStatus.SIGNED_OFF
        assert (await hub.client.post("/v1/commands", content=body, headers=headers)).status_code == 401
    async with running_hub(tmp_path) as hub:
        assert (await hub.client.get("/v1/snapshot", headers=headers)).status_code == 401


@runs
async def test_given_a_person_who_moved_to_another_desk_then_signing_out_at_the_first_leaves_them_at_work(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        first = await hub.sign_in(Role.CLINICIAN, "desk-1")
        await hub.sign_in(Role.CLINICIAN, "desk-2")
        answer = await hub.client.post("/v1/sign-out", headers={"authorization": f"Bearer {first.token}"})
        assert answer.status_code == 204
        present = hub.hub.ledger.state.people[UserId("reyes")]
        assert (present.desk_id, present.status) == ("desk-2", PresenceStatus.READY)


@runs
async def test_given_a_caller_in_care_then_signing_out_is_refused_and_the_session_holds(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        headers = await hub.bearer(Role.CLINICIAN)
        call, hand_off = CallId("call-1"), HandOffId("h1")
        for role, command in (
            (Role.TELECOMMUNICATOR, receive(call)),
            (Role.TELECOMMUNICATOR, OfferHandOff(call, hand_off, UserId("reyes"))),
            (Role.CLINICIAN, AcceptHandOff(call, hand_off)),
        ):
            assert (await hub.order(command, role)).status_code == 200
        answer = await hub.client.post("/v1/sign-out", headers=headers)
        assert answer.status_code == 409 and said(answer).code == "calls-in-care"
        assert (await hub.client.get("/v1/snapshot", headers=headers)).status_code == 200


@runs
async def test_given_a_session_that_nobody_used_for_a_shift_then_it_has_ended(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        headers = await hub.bearer()
        sign_ins = hub.hub.sign_ins
        later = datetime.now(UTC) + UNSEEN_AT_MOST + timedelta(minutes=1)
        sign_ins._now = lambda: later
        assert (await hub.client.get("/v1/snapshot", headers=headers)).status_code == 401
        await sign_ins._write_seen()
        left = await hub.hub.store.read(lambda c: list(c.execute(select(session.c.token_hash))))
        assert left == []


@runs
async def test_given_a_session_in_use_then_its_use_is_written_down_now_and_then(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.get("/v1/snapshot")
        sign_ins = hub.hub.sign_ins
        before = await hub.hub.store.read(lambda c: c.execute(select(session.c.seen_at)).scalar())
        later = datetime.now(UTC) + timedelta(hours=1)
        sign_ins._now = lambda: later
        await hub.get("/v1/snapshot")
        await sign_ins._write_seen()
        after = await hub.hub.store.read(lambda c: c.execute(select(session.c.seen_at)).scalar())
        assert before is not None and after is not None and after > before


@runs
async def test_given_a_feed_then_it_signs_in_without_standing_among_the_people_at_work(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        head = hub.hub.ledger.head
        await hub.sign_in(Role.ACTOR)
        assert hub.hub.ledger.head == head
        assert (await hub.order(receive(), Role.ACTOR)).status_code == 200
        assert hub.hub.ledger.state.calls[CallId("call-1")].taken_by == "feed"


@runs
async def test_given_names_that_are_too_long_then_400(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        assert (await attempt(hub, "x" * 65, PASSWORD)).status_code == 400
        assert (await attempt(hub, "okafor", PASSWORD, "")).status_code == 400
        assert (await attempt(hub, "okafor", PASSWORD, "x" * 65)).status_code == 400
        assert (await hub.client.post("/v1/sign-in", content=b"{}")).status_code == 400


@runs
async def test_given_a_slow_password_check_then_the_loop_goes_on_meanwhile(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        import threading

        let_go, begun = threading.Event(), asyncio.Event()
        loop, sign_ins = asyncio.get_running_loop(), hub.hub.sign_ins
        real = sign_ins._matches

        def slow(person: object, password: str) -> bool:
            loop.call_soon_threadsafe(begun.set)
            assert let_go.wait(60)
            return real(person, password)  # type: ignore[arg-type]

        sign_ins._matches = slow  # type: ignore[method-assign]
        async with asyncio.TaskGroup() as tasks:
            signing = tasks.create_task(attempt(hub, "okafor", PASSWORD))
            await begun.wait()
            assert (await hub.client.get("/v1/health")).status_code == 200
            let_go.set()
        assert signing.result().status_code == 200


def test_every_role_has_a_person_in_the_tests() -> None:
    assert set(PEOPLE) == set(Role) - {Role.CREW}, "a tablet does not sign in"

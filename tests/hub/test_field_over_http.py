"""The field's interface over HTTP: what a tablet is told, what it may say, and every refusal."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.assignment import FeltSafe
from console.domain.commands import Accepted, Order
from console.domain.ids import CallId, CautionId, CommandId, EntryId, FactName, NeighborId, NoteId, QuestionId, UnitId
from console.domain.state import Role, SealedKind, UnitStatus
from console.domain.unit_status import DONE
from console.hub.field_views import FieldViews
from console.hub.field_web import COMMANDS
from console.wire import codec
from console.wire.field import WAIT_AT_MOST_S, FieldAnswer, FieldDescription, FieldFix, TabletSeen
from console.wire.messages import Problem
from tests.hub.test_access import ONE_OF_EACH
from tests.support.hub import RunningHub, order, running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, receive
from tests.support.tablet import T1, Tablet, tablet_of

T2, A1 = UnitId("T2"), UnitId("A1")
OTHER = CallId("call-2")


def problem(answer: httpx.Response, status: int, code: str) -> Problem:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = codec.decode(answer.content, Problem)
    assert (found.status, found.code) == (status, code) and found.detail.endswith("."), found
    return found


async def on_duty(hub: RunningHub, *units: UnitId) -> None:
    for unit in units or (T1, T2, A1):
        await hub.submit(c.SetUnitStatus(unit, UnitStatus.AVAILABLE))


async def sent_out(hub: RunningHub, unit: UnitId = T1) -> Tablet:
    """A call, the unit dispatched to it, and its tablet."""
    await on_duty(hub)
    await hub.submit(receive(callback="919-555-0142", language="es"))
    await hub.submit(c.DispatchUnit(unit, CALL, "told to" if unit == A1 else ""))
    return await tablet_of(hub, unit)


async def through(tablet: Tablet, *steps: UnitStatus) -> None:
    for step in steps:
        answer = await tablet.say(c.SetUnitStatus(T1, step))
        assert answer.status_code == 200, answer.text


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set whenever somebody looks at a view; between that and waiting for news nothing gives way."""
    event, look = asyncio.Event(), FieldViews.look

    def looking(views: FieldViews, unit_id: UnitId, *, anew: bool = True) -> object:
        event.set()
        return look(views, unit_id, anew=anew)

    monkeypatch.setattr(FieldViews, "look", looking)
    return event


@runs
async def test_given_a_dispatch_then_the_tablet_is_told_the_unit_the_call_and_what_may_follow(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        await hub.submit(c.AddNarrative(CALL, EntryId("n1"), "her sister is with her"))
        await hub.submit(c.RaiseFlag(CALL, "repeat caller"))
        await hub.submit(c.KeepNeighbor(NeighborId("n"), ("919 555 0142",), name="Bo", approach="speak slowly"), "reyes")
        soon = hub.hub.time.now() + timedelta(days=1)
        await hub.submit(c.GiveCaution(NeighborId("n"), CautionId("w"), "a dog", soon), "reyes")
        await hub.submit(c.SealNote(CALL, NoteId("x"), SealedKind.CLINICAL, "00" * 32), "reyes")
        await hub.submit(c.DispatchUnit(T2, CALL))
        answer = await tablet.get()
        found = codec.decode(answer.content, FieldAnswer)
        assert answer.headers["cache-control"] == "no-store"
        assert found.seq == hub.hub.ledger.head and not found.exercise and found.rate == 1.0
        unit, call = found.unit, found.unit.call
        assert unit.unit_id == T1 and unit.status is UnitStatus.ASSIGNED and unit.unarmed
        assert unit.next[0] is UnitStatus.ACKNOWLEDGED and UnitStatus.CLEAR not in unit.next
        assert UnitStatus.CLEAR in unit.follows[UnitStatus.ON_SCENE] and unit.follows[UnitStatus.CLEAR]
        assert call is not None and (call.number, call.nature, call.address) == ("0001", "Crisis", "100 Main St")
        assert (call.callback, call.language, call.latitude) == ("919-555-0142", "es", 36.0)
        assert [entry.text for entry in call.narrative] == ["her sister is with her"] and call.flags == ("repeat caller",)
        assert {(fact.name, fact.value, fact.known) for fact in call.facts} == {
            ("Weapon", "not asked", False), ("Violence", "not asked", False),
        }  # fmt: skip
        assert call.neighbor is not None and call.neighbor.approach == "speak slowly"
        assert [caution.text for caution in call.neighbor.cautions] == ["a dog"]
        assert [other.unit_id for other in call.others] == [T2]
        assert [service.code for service in unit.services] == ["POLICE", "EMS"]
        assert b"00" * 32 not in answer.content, "that there is a sealed note is nothing for a tablet"


@runs
async def test_given_a_call_of_others_then_nothing_of_it_is_told(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        await hub.submit(receive(OTHER, callback="336-555-0100"))
        await hub.submit(c.DispatchUnit(T2, OTHER))
        text = (await tablet.get()).text
        assert "336-555-0100" not in text and OTHER not in text and "0002" not in text


@runs
async def test_given_a_whole_assignment_by_tablet_then_every_desk_has_it_and_the_crew_is_asked_how_it_was(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        await through(tablet, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE)
        assert (await tablet.me()).unit.check is not None
        assert (await tablet.say(c.CheckUnit(T1))).status_code == 200
        assert (await tablet.say(c.AddNarrative(CALL, EntryId("crew"), "he is calm"))).status_code == 200
        assert (await tablet.me()).unit.report is None
        await through(tablet, UnitStatus.CLEAR)
        unit = (await tablet.me()).unit
        assert unit.call is None and unit.report is not None and unit.report.call_id == CALL
        assert not unit.report.unarmed_asked
        assert (await tablet.say(c.ReportUnit(T1, CALL, FeltSafe.YES, text="water given"))).status_code == 200
        assert (await tablet.me()).unit.report is None
        part = hub.hub.ledger.state.calls[CALL].assignments[0]
        assert part.report is not None and part.report.felt_safe is FeltSafe.YES and part.report.by == "crew:T1"
        assert hub.hub.ledger.state.calls[CALL].narrative[-1].by == "crew:T1"
        late = await tablet.say(c.AddNarrative(CALL, EntryId("late"), "and his sister came"))
        assert late.status_code == 200, "words about a call that the unit was on may come late"


@runs
async def test_given_a_weapon_that_becomes_known_on_the_way_then_the_crew_is_told_why_and_by_whom_else(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        await hub.submit(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "2"))
        await hub.submit(c.OrderOtherService(CALL, "EMS", "hurt"))
        call = (await tablet.me()).unit.call
        assert call is not None and call.turned == ("a weapon is there",) and call.services == ("EMS",)
        assert [(fact.value, fact.known) for fact in call.facts if fact.name == "Weapon"] == [("within reach", True)]
        await hub.submit(c.SetFact(CALL, FactName("weapon"), "not_known", "cannot be seen any more"))
        call = (await tablet.me()).unit.call
        assert call is not None
        assert [(fact.value, fact.known) for fact in call.facts if fact.name == "Weapon"] == [("not known", False)]


@runs
async def test_given_two_calls_done_then_the_later_is_asked_about_and_one_never_reached_is_not(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        await through(tablet, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE)
        await hub.submit(receive(OTHER))
        await hub.submit(c.DispatchUnit(T1, OTHER))
        assert (await tablet.me()).unit.report is not None, "also while the next call is on"
        await hub.submit(c.RecallUnit(T1, "settled"))
        asked = (await tablet.me()).unit.report
        assert asked is not None and asked.call_id == CALL
        await hub.submit(c.DispatchUnit(T1, OTHER))
        await through(tablet, UnitStatus.ON_SCENE, UnitStatus.CLEAR)
        asked = (await tablet.me()).unit.report
        assert asked is not None and asked.call_id == OTHER


@runs
async def test_given_an_armed_programme_then_it_is_asked_whether_an_unarmed_team_could_have_gone(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub, A1)
        for step in (UnitStatus.ON_SCENE, UnitStatus.CLEAR):
            assert (await tablet.say(c.SetUnitStatus(A1, step))).status_code == 200
        asked = (await tablet.me()).unit.report
        assert asked is not None and asked.unarmed_asked


@runs
async def test_given_backup_asked_without_a_service_then_the_armed_one_is_asked_and_the_crew_sees_how_it_stands(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        body = b'{"command_id": "b1", "command": {"type": "RequestBackup", "unit_id": "T1"}}'
        first = await tablet.post("/v1/field/commands", body)
        assert first.status_code == 200 and (await tablet.post("/v1/field/commands", body)).content == first.content
        backup = (await tablet.me()).unit.backup
        assert backup is not None and backup.service == "Police" and backup.seen_at is None
        await hub.sign_in()
        await hub.order(c.AcknowledgeBackup(T1))
        backup = (await tablet.me()).unit.backup
        assert backup is not None and backup.seen_by == "T. Okafor" and backup.sent_at is None
        await hub.order(c.SendBackup(T1))
        assert (await tablet.say(c.ArriveBackup(T1))).status_code == 200
        backup = (await tablet.me()).unit.backup
        assert backup is not None and backup.sent_at is not None and backup.arrived_at is not None
        assert not DONE & set((await tablet.me()).unit.next), "dispatch ends it first"
        await hub.order(c.SetUnitStatus(T1, UnitStatus.ON_SCENE))
        await hub.order(c.ClearBackup(T1, "all calm"))
        assert UnitStatus.CLEAR in (await tablet.me()).unit.next


@runs
async def test_given_a_wait_when_something_of_the_unit_changes_then_it_is_answered_and_not_for_what_is_others(
    tmp_path: Path, looked: asyncio.Event
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        seq = (await tablet.me()).seq
        assert (await tablet.me()).seq == seq
        async with asyncio.TaskGroup() as tasks:
            looked.clear()
            waiting = tasks.create_task(tablet.me(f"?after={seq}&wait={WAIT_AT_MOST_S}"))
            await looked.wait()
            await hub.submit(receive(OTHER))
            await hub.submit(c.AddNarrative(OTHER, EntryId("o"), "of others"))
            assert not waiting.done()
            await hub.submit(c.AddNarrative(CALL, EntryId("m"), "of this one"))
        found = waiting.result()
        assert found.seq == hub.hub.ledger.head and found.unit.call is not None
        assert found.unit.call.narrative[-1].text == "of this one"
        assert (await tablet.get(f"/v1/field/me?after={found.seq}&wait=0")).status_code == 200, "without a wait, at once"
        ahead = await tablet.me(f"?after={found.seq + 10}&wait={WAIT_AT_MOST_S}")
        assert ahead.seq == found.seq, "a number of another log is answered at once"
        await hub.submit(c.AddNarrative(CALL, EntryId("k"), "meanwhile"))
        behind = await tablet.me(f"?after={found.seq}&wait={WAIT_AT_MOST_S}")
        assert behind.seq == hub.hub.ledger.head, "what came while nobody waited is answered at once"


@runs
async def test_given_a_wait_when_the_hub_ends_then_it_is_let_go_at_once(tmp_path: Path, looked: asyncio.Event) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        seq = (await tablet.me()).seq
        async with asyncio.TaskGroup() as tasks:
            looked.clear()
            waiting = tasks.create_task(tablet.get(f"/v1/field/me?after={seq}&wait={WAIT_AT_MOST_S}"))
            await looked.wait()
            hub.hub.streams.close()
        ended = waiting.result()
        assert ended.status_code == 204 and ended.content == b"" and ended.headers["cache-control"] == "no-store"
        assert datetime.fromisoformat(ended.headers["hub-time"]).tzinfo is not None and ended.headers["hub-rate"] == "1.0"


@runs
async def test_given_a_wait_in_which_nothing_of_the_unit_changes_then_nothing_is_told(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        views = FieldViews(hub.hub.ledger, hub.hub.streams, hub.hub.time)
        seq = (await tablet.me()).seq
        assert await views.news(T1, seq, 0) is None
        assert await views.news(UnitId("nobody"), seq, 0) is None


@pytest.mark.expects_log("token was refused")
@runs
async def test_given_a_wait_when_the_token_is_taken_back_then_nothing_more_is_told(
    tmp_path: Path, looked: asyncio.Event
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        seq = (await tablet.me()).seq
        async with asyncio.TaskGroup() as tasks:
            looked.clear()
            waiting = tasks.create_task(tablet.get(f"/v1/field/me?after={seq}&wait={WAIT_AT_MOST_S}"))
            await looked.wait()
            await tablet.revoke()
            await hub.submit(c.AddNarrative(CALL, EntryId("m"), "not for them"))
        problem(waiting.result(), 401, "token-revoked")


KINDS: set[type] = {type(command) for command in ONE_OF_EACH}


@pytest.mark.parametrize("kind", sorted(KINDS, key=str))
def test_given_each_command_then_a_tablet_may_say_six_of_them_of_its_own_unit(tmp_path: Path, kind: type) -> None:
    @runs
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            tablet, stranger = await sent_out(hub), await tablet_of(hub, T2)
            command = next(one for one in ONE_OF_EACH if type(one) is kind)
            head = hub.hub.ledger.head
            refused = problem(await stranger.say(command), 403, "forbidden")
            assert refused.where == "$.command" and hub.hub.ledger.head == head
            answer = await tablet.say(command)
            if kind in COMMANDS:
                assert answer.status_code in (200, 409), answer.text
            else:
                assert "crew may not" in problem(answer, 403, "forbidden").detail

    case()


@runs
async def test_given_something_that_cannot_be_then_the_crew_reads_why_and_the_same_again(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        sent = order(c.SetUnitStatus(T1, UnitStatus.AVAILABLE))
        first = problem(await tablet.say(sent), 409, "status-illegal")
        assert "It can become: acknowledged" in first.detail
        assert problem(await tablet.say(sent), 409, "status-illegal") == first
        problem(await tablet.say(c.ReportUnit(T1, OTHER, FeltSafe.YES)), 409, "call-unknown")


@runs
async def test_given_a_time_then_what_waited_offline_keeps_it_and_the_future_and_yesterday_are_refused(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub)
        now = hub.hub.time.now()

        def said(minutes: float, name: str) -> Order:
            command = c.SetUnitStatus(T1, UnitStatus.AVAILABLE)
            return Order(CommandId(name), command, occurred_at=now - timedelta(minutes=minutes))

        assert problem(await tablet.say(said(-1, "a")), 422, "in-the-future").where == "$.occurred_at"
        assert "by radio" in problem(await tablet.say(said(13 * 60, "b")), 422, "too-long-ago").detail
        answer = await tablet.say(said(7, "c"))
        assert codec.decode(answer.content, Accepted).seq == hub.hub.ledger.head
        assert hub.hub.ledger.state.units[T1].since == now - timedelta(minutes=7)
        problem(await tablet.say(replace(said(0, "d"), command_id=CommandId(""))), 400, "id-length")


@runs
async def test_given_a_report_whose_answer_was_lost_when_sent_again_then_the_answer_it_had(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await sent_out(hub)
        sent = order(c.AddNarrative(CALL, EntryId("n"), "words"))
        first = await tablet.say(sent)
        head = hub.hub.ledger.head
        again = await tablet.say(sent)
        assert first.status_code == again.status_code == 200 and first.content == again.content
        assert hub.hub.ledger.head == head


@runs
async def test_given_a_fix_of_the_browser_then_the_unit_is_there_and_its_track_says_by_what(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub)
        now = hub.hub.time.now()
        answer = await tablet.post("/v1/field/position", FieldFix(36.01, -78.95, now, 12.5, 90.0))
        assert answer.json() == {"taken": 1, "unknown_unit": [], "older_than_held": [], "in_the_future": []}
        assert hub.hub.positions.all()[0].unit_id == T1
        assert (await tablet.me()).position_at == now
        ahead = FieldFix(36.01, -78.95, now + timedelta(minutes=5))
        assert (await tablet.post("/v1/field/position", ahead)).json()["in_the_future"] == ["T1"]
        older = FieldFix(36.01, -78.95, now - timedelta(minutes=5))
        assert (await tablet.post("/v1/field/position", older)).json()["older_than_held"] == ["T1"]
        wrong = problem(await tablet.post("/v1/field/position", FieldFix(136.0, 0.0, now)), 400, "unreadable")
        assert wrong.where == "$.latitude"


BAD_QUERIES = (
    "after=x&wait=1", "after=-1&wait=1", "after=1&wait=26", "after=1&wait=1e3", "wait=%F0%9D%9F%98", "after=" + "9" * 20,
)  # fmt: skip


@runs
async def test_given_bad_questions_then_each_is_answered_with_its_place(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub)
        for query in BAD_QUERIES:
            assert problem(await tablet.get(f"/v1/field/me?{query}"), 400, "no-number").where in ("after", "wait")
        problem(await tablet.post("/v1/field/commands", b"{"), 400, "unreadable")


@pytest.mark.expects_log("token was refused")
@runs
async def test_given_no_token_a_desk_session_or_a_token_taken_back_then_401_and_a_desk_takes_no_tablets(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub)
        problem(await hub.client.get("/v1/field/me"), 401, "no-token")
        problem(await hub.client.post("/v1/field/commands", content=b"{}"), 401, "no-token")
        problem(await hub.get("/v1/field/me"), 401, "token-unknown")
        problem(await tablet.get("/v1/snapshot"), 401, "not-signed-in")
        problem(await tablet.post("/v1/commands", order(c.CheckUnit(T1))), 401, "not-signed-in")
        assert (await tablet.get()).status_code == 200
        await tablet.revoke()
        assert "taken back" in problem(await tablet.get(), 401, "token-revoked").detail
        problem(await tablet.say(c.CheckUnit(T1)), 401, "token-revoked")
        problem(await tablet.post("/v1/field/position", b"{}"), 401, "token-revoked")


@pytest.mark.expects_log("token was refused")
@runs
async def test_given_many_wrong_tokens_then_no_more_are_looked_at_and_a_right_one_still_comes_in(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub)
        wrong = {"authorization": "Bearer nonsense"}
        for _ in range(5):
            problem(await hub.client.get("/v1/field/me", headers=wrong), 401, "token-unknown")
        refused = problem(await hub.client.get("/v1/field/me", headers=wrong), 429, "locked")
        assert "until" in refused.about
        assert (await tablet.get()).status_code == 200


@runs
async def test_given_a_tablet_that_was_used_then_supervisors_see_when_it_was_heard_and_others_do_not(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub)
        seen = codec.decode((await hub.get("/v1/field/tablets", Role.SUPERVISOR)).content, list[TabletSeen])
        assert [(one.unit_id, one.name, one.heard_at) for one in seen] == [(T1, "Vehicle 1", None)]
        await tablet.me()
        seen = codec.decode((await hub.get("/v1/field/tablets", Role.SUPERVISOR)).content, list[TabletSeen])
        assert seen[0].heard_at is not None and seen[0].heard_at >= seen[0].added_at
        problem(await hub.get("/v1/field/tablets"), 403, "forbidden")
        problem(await tablet.get("/v1/field/tablets"), 401, "not-signed-in")


@runs
async def test_given_a_unit_that_left_the_roster_then_its_tablet_is_told_so(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        tablet = await tablet_of(hub, UnitId("GONE"))
        assert problem(await tablet.get(), 409, "unit-unknown").about == {"unit": "GONE"}


@runs
async def test_the_description_names_every_route_and_every_command_that_there_is(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        found = codec.decode((await hub.client.get("/v1/field/")).content, FieldDescription)
        assert set(found.commands) == {kind.__name__ for kind in COMMANDS}
        assert found.commands["SetUnitStatus"] == ("unit_id", "status", "where?")
        for route in found.routes:
            path = route.path.partition("?")[0]
            answer = await hub.client.request(route.method, path)
            assert answer.status_code in (200, 401), route


@runs
async def test_the_page_and_its_parts_come_with_headers_that_let_nothing_in_from_outside(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        page = await hub.client.get("/field")
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert page.headers["cache-control"] == "no-store" and "http" not in page.text and "<script>" not in page.text
        for name in ("page.js", "words.js", "page.css"):
            part = await hub.client.get(f"/field/{name}")
            assert (
                part.status_code == 200 and part.headers["x-content-type-options"] == "nosniff" and len(part.content) > 100
            )
        for name in ("secret", "..%2ftheme%2ftokens.json", "page.html%00"):
            problem(await hub.client.get(f"/field/{name}"), 404, "no-such-part" if "%2f" not in name else "http-404")

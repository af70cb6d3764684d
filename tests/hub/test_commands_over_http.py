"""Commands over HTTP: what is taken, and that all bad input gets a 4xx problem that says what and where."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from console.domain.commands import (
    Accepted,
    AcceptHandOff,
    AddNarrative,
    CheckUnit,
    CloseCall,
    DispatchUnit,
    OfferHandOff,
    Order,
    ReleaseHandOff,
    TellCaller,
    VerifyConnection,
)
from console.domain.ids import CallId, CommandId, EntryId, HandOffId, UnitId, UserId
from console.domain.state import Role
from console.hub.asking import BODY_AT_MOST
from console.wire import codec
from console.wire.messages import Health, Problem, Snapshot
from tests.support.hub import RunningHub, order, running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, receive

T1 = UnitId("T1")
OFFER = HandOffId("h1")


def problem(answer: httpx.Response, status: int, code: str = "") -> Problem:
    """The problem of an answer, which has the form of RFC 9457 and says something."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = codec.decode(answer.content, Problem)
    assert found.status == status
    assert found.title and found.detail.endswith((".", ")")) and "Traceback" not in answer.text
    assert not code or found.code == code, found
    return found


async def still_serves(hub: RunningHub) -> None:
    assert (await hub.order(CheckUnit(T1))).status_code == 200


@runs
async def test_given_a_good_command_then_accepted_and_the_snapshot_has_it(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        call = receive()
        answer = await hub.order(call)
        assert answer.status_code == 200
        accepted = codec.decode(answer.content, Accepted)
        snapshot = codec.decode((await hub.get("/v1/snapshot")).content, Snapshot)
        assert snapshot.seq == accepted.seq
        assert snapshot.log_id == hub.hub.ledger.log_id
        assert snapshot.state == hub.hub.ledger.state
        assert snapshot.state.calls[call.call_id].taken_by == "okafor"


@runs
async def test_health_needs_no_sign_in_and_names_the_log(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        answer = await hub.client.get("/v1/health")
        health = codec.decode(answer.content, Health)
        assert health.ok and health.head == hub.hub.ledger.head and not health.exercise and health.desks == 0
        problem(await hub.client.get("/v1/exercise"), 404, "no-exercise")


@runs
async def test_given_a_rejection_then_409_with_the_reason_and_the_same_again(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.order(receive())
        sent = order(AddNarrative(CallId("nobody"), EntryId("n"), "words"))
        first = problem(await hub.post("/v1/commands", sent), 409, "call-unknown")
        assert first.about == {"call": "nobody"}
        assert problem(await hub.post("/v1/commands", sent), 409) == first
        assert first.rejected().code == "call-unknown"


BAD = {
    "no JSON": (b"{", 400, ""),
    "nothing": (b"", 400, ""),
    "not an object": (b"7", 400, ""),
    "not UTF-8": (b'{"command_id": "\xff\xfe"}', 400, ""),
    "half a surrogate": (b'{"command_id": "\\ud800", "command": {"type": "CheckUnit", "unit_id": "T1"}}', 400, ""),
    "no command": (b'{"command_id": "x"}', 400, ""),
    "unknown type": (b'{"command_id": "x", "command": {"type": "FireEverybody"}}', 400, "$.command.type"),
    "no type": (b'{"command_id": "x", "command": {"unit_id": "T1"}}', 400, "$.command"),
    "unknown field": (
        b'{"command_id": "x", "command": {"type": "CheckUnit", "unit_id": "T1", "speed": 3}}',
        400,
        "$.command",
    ),
    "missing field": (b'{"command_id": "x", "command": {"type": "CheckUnit"}}', 400, "$.command"),
    "wrong kind": (b'{"command_id": "x", "command": {"type": "CheckUnit", "unit_id": 7}}', 400, "$.command.unit_id"),
    "unknown status": (
        b'{"command_id": "x", "command": {"type": "SetUnitStatus", "unit_id": "T1", "status": "flying"}}',
        400,
        "$.command.status",
    ),
    "a time without its zone": (
        b'{"command_id": "x", "occurred_at": "2026-05-04T18:30:00", "command": {"type": "CheckUnit", "unit_id": "T1"}}',
        400,
        "$.occurred_at",
    ),
    "no id": (b'{"command_id": "", "command": {"type": "CheckUnit", "unit_id": "T1"}}', 400, "$.command_id"),
    "a long id": (
        b'{"command_id": "%b", "command": {"type": "CheckUnit", "unit_id": "T1"}}' % (b"x" * 65),
        400,
        "$.command_id",
    ),
    "deep": (
        b'{"command_id": "x", "command": {"type": "AddNarrative", "call_id": ' + b"[" * 100_000,
        400,
        "$.command.call_id",
    ),
}


@runs
async def test_given_a_closing_whose_answer_was_lost_when_sent_again_then_the_answer_it_had_though_the_right_is_gone(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in(Role.CLINICIAN)
        for command, role in (
            (receive(CALL), Role.TELECOMMUNICATOR),
            (OfferHandOff(CALL, OFFER, UserId("reyes")), Role.TELECOMMUNICATOR),
            (AcceptHandOff(CALL, OFFER), Role.CLINICIAN),
            (TellCaller(CALL, OFFER), Role.TELECOMMUNICATOR),
            (VerifyConnection(CALL, OFFER), Role.CLINICIAN),
            (ReleaseHandOff(CALL, OFFER), Role.TELECOMMUNICATOR),
        ):
            assert (await hub.order(command, role)).status_code == 200
        closing = Order(CommandId("closing"), CloseCall(CALL, outcome="by_phone"))
        first = await hub.post("/v1/commands", closing, Role.CLINICIAN)
        again = await hub.post("/v1/commands", closing, Role.CLINICIAN)
        assert (first.status_code, again.status_code) == (200, 200) and first.content == again.content
        other = Order(CommandId("another"), CloseCall(CALL, outcome="by_phone"))
        problem(await hub.post("/v1/commands", other, Role.CLINICIAN), 403, "forbidden")


@runs
async def test_given_bad_bodies_then_400_says_where_and_the_hub_goes_on(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        head = hub.hub.ledger.head
        await hub.sign_in()
        signed_in = hub.hub.ledger.head
        assert signed_in == head + 1
        for name, (body, status, where) in BAD.items():
            found = problem(await hub.post("/v1/commands", body), status)
            assert found.where == where, (name, found)
        assert hub.hub.ledger.head == signed_in
        await still_serves(hub)


@runs
async def test_given_unknown_ids_then_409_names_them(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.order(receive())
        unit = problem(await hub.order(DispatchUnit(UnitId("Z9"), CallId("call-1"))), 409)
        assert "Z9" in unit.detail
        call = problem(await hub.order(DispatchUnit(T1, CallId("gone"))), 409)
        assert call.about["call"] == "gone"


@runs
async def test_given_a_time_ahead_of_the_hub_then_422_and_a_past_one_is_taken(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        now = hub.hub.time.now()

        def at(seconds: float) -> Order:
            return Order(CommandId(str(uuid4())), CheckUnit(T1), now + timedelta(seconds=seconds))

        found = problem(await hub.post("/v1/commands", at(600)), 422, "in-the-future")
        assert found.where == "$.occurred_at" and "600 s ahead" in found.detail
        assert (await hub.post("/v1/commands", at(-3600))).status_code == 200
        assert hub.hub.ledger.state.units[T1].checked_at == now - timedelta(seconds=3600)


@runs
async def test_given_a_body_over_a_mebibyte_then_413_whether_it_says_so_or_not(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        problem(await hub.post("/v1/commands", b" " * (BODY_AT_MOST + 1)), 413, "too-large")

        async def unannounced() -> object:
            for _ in range(20):
                yield b" " * (BODY_AT_MOST // 16)

        headers = await hub.bearer()
        try:
            answer = await hub.client.post("/v1/commands", content=unannounced(), headers=headers)  # type: ignore[arg-type]
        except (httpx.WriteError, httpx.ReadError):
            pass  # the hub had answered and closed before all was written
        else:
            problem(answer, 413, "too-large")
        just_fits = json.dumps(json.loads(codec.encode(order(CheckUnit(T1))))).ljust(BODY_AT_MOST).encode()
        assert (await hub.post("/v1/commands", just_fits)).status_code == 200
        await still_serves(hub)


@runs
async def test_given_no_or_a_wrong_token_then_401_on_every_route_that_has_people(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        body = codec.encode(order(CheckUnit(T1)))
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic b2s6b2s="}):
            for path in ("/v1/commands", "/v1/positions", "/v1/sign-out"):
                problem(await hub.client.post(path, content=body, headers=headers), 401, "not-signed-in")
            for path in (
                "/v1/snapshot",
                "/v1/stream?log=x&after=0",
                "/v1/contacts?callback=1",
                "/v1/contacts/numbers?begin=9195",
            ):
                problem(await hub.client.get(path, headers=headers), 401, "not-signed-in")
            answer = await hub.client.put("/v1/exercise/speed", content=b'{"speed": 2}', headers=headers)
            problem(answer, 401, "not-signed-in")


@runs
async def test_given_an_embedded_hub_then_every_request_needs_the_desks_token(tmp_path: Path) -> None:
    async with running_hub(tmp_path, desk_token="only-this-desk") as hub:
        assert (await hub.client.get("/v1/health")).status_code == 200
        async with httpx.AsyncClient(base_url=hub.url) as stranger:
            for path in ("/v1/health", "/v1/snapshot", "/nothing"):
                problem(await stranger.get(path), 403, "not-this-desk")
            wrong = {"x-heart-desk-token": "only-this-desc"}
            problem(await stranger.get("/v1/health", headers=wrong), 403, "not-this-desk")
            problem(await stranger.get("/v1/health", headers=[(b"x-heart-desk-token", b"\xe9")]), 403, "not-this-desk")


@runs
async def test_given_unknown_paths_and_methods_then_problems_too(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        problem(await hub.client.get("/v2/health"), 404)
        problem(await hub.client.get("/v1/commands"), 405)
        problem(await hub.client.post("/v1/health"), 405)


@pytest.mark.expects_log("fault [0-9a-f]{8} in POST /v1/commands")
def test_given_a_fault_of_ours_then_500_with_a_reference_no_traceback_and_the_hub_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            submit = hub.hub.ledger.submit

            async def broken(*_: object) -> object:
                raise ZeroDivisionError("secret inner words")

            await hub.sign_in()
            monkeypatch.setattr(hub.hub.ledger, "submit", broken)
            answer = await hub.order(CheckUnit(T1))
            found = problem(answer, 500, "fault")
            assert len(found.about["reference"]) == 8 and "secret" not in answer.text
            monkeypatch.setattr(hub.hub.ledger, "submit", submit)
            await still_serves(hub)

    asyncio.run(case())


@pytest.mark.expects_log("not recorded")
@pytest.mark.expects_log("the store refused")
def test_given_a_full_disk_then_503_says_nothing_was_kept_and_the_retry_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            await hub.sign_in()
            await hub.hub.store.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1"))
            page = "x" * 9_000
            await hub.submit(receive())
            answers = []
            sent = [order(AddNarrative(CallId("call-1"), EntryId(f"n{n}"), page)) for n in range(60)]
            for one in sent:
                answers.append((one, await hub.post("/v1/commands", one)))
                if answers[-1][1].status_code != 200:
                    break
            refused, answer = answers[-1]
            found = problem(answer, 503, "not-recorded")
            assert "full" in found.detail
            await hub.hub.store.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1000000"))
            assert (await hub.post("/v1/commands", refused)).status_code == 200

    asyncio.run(case())

"""Positions: the last fix of each unit, never an older one, and no refused fix without its reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.ids import UnitId
from console.domain.state import Position, Role
from console.hub.positions import Fix, PositionsTaken
from console.wire import codec
from console.wire.messages import Problem, Snapshot
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs

T1, T2, NOBODY = UnitId("T1"), UnitId("T2"), UnitId("Z9")


async def report(hub: RunningHub, *fixes: Fix) -> PositionsTaken:
    answer = await hub.post("/v1/positions", list(fixes), Role.ACTOR)
    assert answer.status_code == 200, answer.text
    return codec.decode(answer.content, PositionsTaken)


async def held(hub: RunningHub) -> dict[UnitId, Position]:
    snapshot = codec.decode((await hub.get("/v1/snapshot")).content, Snapshot)
    return {position.unit_id: position for position in snapshot.positions}


@runs
async def test_given_fixes_of_all_kinds_then_each_refused_one_is_named_with_its_reason(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        now = hub.hub.time.now()
        first = await report(hub, Fix(T1, 36.0, -78.9, now, 41.5, 270.0), Fix(NOBODY, 36.0, -78.9, now))
        assert first == PositionsTaken(1, unknown_unit=(NOBODY,))
        later, earlier = now + timedelta(seconds=1), now - timedelta(seconds=1)
        second = await report(
            hub, Fix(T1, 1.0, 1.0, earlier), Fix(T2, 36.1, -78.9, now + timedelta(minutes=1)), Fix(T1, 36.2, -78.9, later)
        )
        assert second == PositionsTaken(1, older_than_held=(T1,), in_the_future=(T2,))
        positions = await held(hub)
        assert set(positions) == {T1}
        assert (positions[T1].latitude, positions[T1].fix_at) == (36.2, later)
        assert positions[T1].received_at >= now


@runs
async def test_given_the_same_fix_again_then_it_is_taken_and_shows_that_it_was_heard_anew(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        fix = Fix(T1, 36.0, -78.9, hub.hub.time.now())
        await report(hub, fix)
        before = (await held(hub))[T1].received_at
        assert (await report(hub, fix)).taken == 1
        after = (await held(hub))[T1]
        assert after.received_at >= before and after.fix_at == fix.fix_at


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'[{"unit_id": "T1", "latitude": 91, "longitude": 0, "fix_at": "2026-01-01T00:00:00Z"}]', "$[0].latitude"),
        (b'[{"unit_id": "T1", "latitude": 0, "longitude": -181, "fix_at": "2026-01-01T00:00:00Z"}]', "$[0].longitude"),
        (b'[{"unit_id": "T1", "latitude": 0, "longitude": 0, "fix_at": "2026-01-01T00:00:00"}]', "$[0].fix_at"),
        (b'[{"unit_id": "T1", "latitude": 0, "fix_at": "2026-01-01T00:00:00Z"}]', "$[0]"),
        (b'{"unit_id": "T1"}', ""),
    ],
)
def test_given_a_bad_fix_then_400_says_where(tmp_path: Path, body: bytes, where: str) -> None:
    @runs
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            answer = await hub.post("/v1/positions", body, Role.ACTOR)
            assert answer.status_code == 400
            assert codec.decode(answer.content, Problem).where == where

    case()


@runs
async def test_only_a_feed_reports_positions(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        for role in (Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR):
            answer = await hub.post("/v1/positions", [], role)
            assert answer.status_code == 403
            assert codec.decode(answer.content, Problem).code == "forbidden"

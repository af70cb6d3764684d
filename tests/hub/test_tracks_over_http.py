"""`/v1/tracks`: where a unit has been, for people on the floor; whatever else is asked is answered with place and reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from console.domain.ids import UnitId
from console.domain.state import Role
from console.hub import tracks
from console.hub.positions import Fix
from console.link.hub_client import HubClient
from console.wire import codec
from console.wire.geography import Track
from console.wire.messages import Problem
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs

T1, T2 = UnitId("T1"), UnitId("T2")
SPAN = "from=2026-11-22T14:00:00-05:00&to=2026-11-22T15:00:00Z"


async def refused(hub: RunningHub, path: str, status: int, code: str, role: Role = Role.TELECOMMUNICATOR) -> str:
    answer = await hub.get(path, role)
    assert answer.status_code == status, answer.text
    said = codec.decode(answer.content, Problem)
    assert said.code == code
    return f"{said.where}: {said.detail}"


@runs
async def test_given_a_unit_that_drove_then_desks_get_its_track_by_the_client(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        now = hub.hub.time.now()
        driven = [Fix(T1, 36 + n / 1000, -78.9, now - timedelta(seconds=60 - n), 36.0, 90.0) for n in range(60)]
        assert (await hub.post("/v1/positions", driven, Role.ACTOR)).status_code == 200
        await hub.hub.tracks.write()
        async with HubClient(hub.url) as desk:
            desk.use(await hub.sign_in(Role.CLINICIAN))
            found = await desk.track(T1, now - timedelta(hours=1), now)
            assert [(p.latitude, p.fix_at) for p in found.points] == [(one.latitude, one.fix_at) for one in driven]
            assert not found.thinned
            assert await desk.track(T2, now - timedelta(hours=1), now) == Track(T2, ()), "a unit that was nowhere yet"


@runs
async def test_given_more_fixes_than_are_told_then_the_answer_is_bounded_and_says_so(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        now = hub.hub.time.now()
        many = tracks.POINTS_AT_MOST + 1
        hub.hub.positions.take([Fix(T1, 30 + n / 1000, -78.9, now - timedelta(seconds=many - n)) for n in range(many)])
        await hub.hub.tracks.write()
        async with HubClient(hub.url) as desk:
            desk.use(await hub.sign_in())
            found = await desk.track(T1, now - timedelta(hours=2), now)
            assert found.thinned and len(found.points) <= tracks.POINTS_AT_MOST
            assert found.points[0].latitude == 30 and found.points[-1].latitude == 30 + (many - 1) / 1000


@runs
async def test_given_bad_questions_then_each_is_answered_with_place_and_reason(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        assert (await hub.client.get(f"/v1/tracks/T1?{SPAN}")).status_code == 401
        assert "people on the floor" in await refused(hub, f"/v1/tracks/T1?{SPAN}", 403, "forbidden", Role.ACTOR)
        assert "from: from: no moment is named" in await refused(hub, "/v1/tracks/T1", 400, "no-moment")
        for bad in ("now", "2026-11-22T14:00:00", "2026-11-22", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            said = await refused(hub, f"/v1/tracks/T1?to=2026-11-22T14:00:00Z&from={quote(bad)}", 400, "no-moment")
            assert repr(bad) in said and "write one as in" in said
        assert "later than" in await refused(hub, f"/v1/tracks/T1?{SPAN}", 400, "wrong-order")
        span = "from=2026-11-22T14:00:00Z&to=2026-11-22T15:00:00Z"
        assert "unit Z9" in await refused(hub, f"/v1/tracks/Z9?{span}", 404, "no-such-unit")
        strange = quote("T1' OR 1=1 --/\x00", safe="")
        assert (await hub.get(f"/v1/tracks/{strange}?{span}")).status_code == 404

"""A hub with layers: every call gets its beat and zones before the ledger decides, and desks get the layers to draw."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
import shapely

from console.domain import commands as c
from console.domain.agency import Point
from console.domain.commands import Accepted, Order
from console.domain.ids import CallId, CommandId, NatureCode, UserId
from console.domain.state import Place, Role, Source
from console.geography import layers_file
from console.geography.layers import Layers
from console.geography.layers_file import ALWAYS, OutlineLayer
from console.hub.geography import Ground
from console.hub.located import located
from console.link.hub_client import HubClient
from console.shipped import default_configuration
from console.wire import codec
from console.wire.geography import Layer
from tests.support.agency import CRISIS
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, receive

WEST, EAST, NOWHERE = (36.0, -78.95), (36.0, -78.85), (37.0, -78.85)
TODAY = date(2026, 5, 4)


def layer(name: str, kind: str, since: date = ALWAYS, *, suffix: str = "") -> OutlineLayer:
    """A western and an eastern half about the point 36, -78.9."""
    shapes = np.empty(2, dtype=object)
    shapes[:] = [shapely.box(-79, 35.9, -78.9, 36.1), shapely.box(-78.9, 35.9, -78.8, 36.1)]
    return OutlineLayer(name, kind, since, "made-up.geojson", (f"W{suffix}", f"E{suffix}"), shapes)


LAYERS = Layers([layer("beats", "beat"), layer("districts", "district", suffix="-D")])


def place(point: Point | None, beat: str = "", zones: dict[str, str] | None = None) -> Place:
    latitude, longitude = point or (None, None)
    return Place("100 Main St", latitude, longitude, beat=beat, zones=zones or {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (place(WEST), place(WEST, "W", {"district": "W-D"})),
        (place(EAST), place(EAST, "E", {"district": "E-D"})),
        (place(NOWHERE), place(NOWHERE)),
        (place(None), place(None)),
        (place(WEST, "7 by CAD"), place(WEST, "7 by CAD", {"district": "W-D"})),
        (place(EAST, zones={"district": "W-D", "fire": "12"}), place(EAST, "E", {"district": "E-D", "fire": "12"})),
        (place(NOWHERE, zones={"district": "W-D"}), place(NOWHERE)),
    ],
    ids=["west", "east", "nowhere", "no point", "beat given", "zones of an older place", "moved out of every zone"],
)
def test_given_a_place_then_beat_and_zones_are_what_the_layers_say(given: Place, expected: Place) -> None:
    for command in (receive(place=given), c.LocateCall(CALL, given)):
        found = located(command, LAYERS, TODAY)
        assert isinstance(found, type(command)) and found.place == expected
        assert located(found, LAYERS, TODAY) is found, "a second look changes nothing"


def test_given_a_command_that_places_nothing_then_it_stays_as_it_is() -> None:
    command = c.RecodeCall(CALL, CRISIS)
    assert located(command, LAYERS, TODAY) is command


# ------------------------------------------------------------------------------------------------- in a hub


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with beats of two dates, and districts."""
    folder = Path(shutil.copytree(default_configuration(), tmp_path / "config"))
    file = folder / "geography" / layers_file.NAME
    layers_file.keep(file, layer("beats-old", "beat", suffix="-old"))
    layers_file.keep(file, layer("beats-2024", "beat", date(2024, 1, 1)))
    layers_file.keep(file, layer("districts", "district", suffix="-D"))
    return folder


def call(hub: RunningHub, call_id: CallId) -> Place:
    return hub.hub.ledger.state.calls[call_id].place


def received(call_id: str, at: Point | None) -> c.ReceiveCall:
    return c.ReceiveCall(CallId(call_id), Source.CALL_911, NatureCode("MENTAL"), place(at))


@runs
async def test_given_layers_then_every_call_has_its_beat_by_the_day_it_came(config: Path, tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=config, ground=config) as hub:
        answer = await hub.order(received("today", WEST))
        assert answer.status_code == 200, answer.text
        assert call(hub, CallId("today")) == place(WEST, "W", {"district": "W-D"})
        await hub.submit(received("fed", None))
        assert call(hub, CallId("fed")) == place(None)
        moved = Order(CommandId("moved-once"), c.LocateCall(CallId("fed"), place(EAST)))
        first = await hub.post("/v1/commands", moved)
        again = await hub.post("/v1/commands", moved)
        assert first.content == again.content and first.status_code == 200
        assert call(hub, CallId("fed")) == place(EAST, "E", {"district": "E-D"})
        old = Order(CommandId("of-2023"), received("old", EAST), occurred_at=datetime(2024, 1, 1, 4, 59, tzinfo=UTC))
        assert isinstance(await hub.hub.ledger.submit(old, UserId("feed")), Accepted)
        assert call(hub, CallId("old")).beat == "E-old", "in the center's zone it was still the year before"
        head, state = hub.hub.ledger.head, hub.hub.ledger.state
    async with running_hub(tmp_path, config=config, ground=config) as hub:
        assert hub.hub.ledger.head == head
        assert hub.hub.ledger.state.calls == state.calls


@runs
async def test_given_a_hub_that_has_just_started_then_its_first_call_has_its_beat(config: Path, tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=config, ground=config) as hub:
        assert hub.hub.ground._layers._held is not None, "before anybody could ask"
        await hub.submit(received("first", EAST))
        assert call(hub, CallId("first")).beat == "E"


@runs
async def test_given_a_desk_then_it_gets_the_layers_of_today_and_not_again_what_it_has(config: Path, tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=config, ground=config) as hub, HubClient(hub.url) as client:
        assert (await hub.client.get("/v1/layers")).status_code == 401
        answer = await hub.get("/v1/layers", Role.CLINICIAN)
        found = codec.decode(answer.content, tuple[Layer, ...])
        assert [(each.name, each.kind) for each in found] == [("beats-2024", "beat"), ("districts", "district")]
        labels = [each["properties"]["label"] for each in msgspec.json.decode(found[0].geojson)["features"]]
        assert labels == ["W", "E"]
        tag = {"if-none-match": answer.headers["etag"], **await hub.bearer()}
        unchanged = await hub.client.get("/v1/layers", headers=tag)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        client.use(await hub.sign_in())
        assert await client.layers() == found
        assert await client.layers() == found
        layers_file.keep(config / "geography" / layers_file.NAME, layer("cities", "city"))
        assert [each.kind for each in await client.layers()] == ["beat", "city", "district"]
        assert (await hub.client.get("/v1/layers", headers=tag)).status_code == 200


@runs
async def test_given_no_layers_then_calls_are_taken_and_there_is_nothing_to_draw(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, HubClient(hub.url) as client:
        await hub.submit(receive(place=place(WEST)))
        assert call(hub, CALL) == place(WEST)
        client.use(await hub.sign_in())
        assert await client.layers() == ()


@pytest.mark.expects_log("the layers cannot be used, the hub goes on without: layers.sqlite: it is damaged")
@runs
async def test_given_layers_that_are_damaged_then_the_hub_says_so_and_goes_on_without(config: Path, tmp_path: Path) -> None:
    (config / "geography" / layers_file.NAME).write_bytes(b"SQLite format 3\0 and no more")
    async with running_hub(tmp_path, config=config, ground=config) as hub:
        await hub.submit(received("taken", WEST))
        assert call(hub, CallId("taken")) == place(WEST)
        assert codec.decode((await hub.get("/v1/layers")).content, tuple[Layer, ...]) == ()
        assert "layers.sqlite: it is damaged" in (await hub.client.get("/v1/health")).text


class Failing(Layers):
    """Layers that fail when asked."""

    def at(self, point: Point, day: date) -> dict[str, str]:
        """Fail."""
        raise RuntimeError("a fault of ours")


@pytest.mark.expects_log("a call is taken without its beat")
@runs
async def test_given_a_fault_in_the_layers_then_a_call_is_taken_all_the_same(config: Path, tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=config, ground=config) as hub:
        hub.hub.ground._layers._held = Failing([])
        await hub.submit(received("taken", WEST))
        assert call(hub, CallId("taken")) == place(WEST)


class Quick:
    """A thread that is done when it was started."""

    def __init__(self, target: Callable[[], object], **_: object) -> None:
        self.start = target


def test_given_another_file_then_what_was_opened_last_serves_until_it_is_read(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = Ground(config)
    before = ground.layers
    assert before is not None and ground.layers_at_hand is before
    layers_file.keep(config / "geography" / layers_file.NAME, layer("cities", "city"))
    with monkeypatch.context() as at_once:  # as quick as a thread can be: it has read all before its start returns
        at_once.setattr("console.hub.geography.Thread", Quick)
        assert ground.layers_at_hand is before, "what is opened aside is for the next time"
    after = ground.layers
    assert after is not None and after is not before
    assert ground.layers_at_hand is after and after.kinds(TODAY) == {"beat", "city", "district"}

"""Whatever arrives, every reader goes on, and reads the next right word of a device. Examples made, not chosen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import UnitId
from console.hub.feeds import gtfs_realtime, osmand
from console.hub.feeds.fix import DeviceFix, Heard
from console.hub.feeds.intake import Intake
from console.hub.feeds.nmea import NmeaReader
from console.hub.feeds.settings import NmeaFeed
from console.hub.feeds.taip import TaipReader
from console.wire import codec
from console.wire.feeds import FeedHealth
from tests.hub.feeds.saying import NOON, Fleet, gga, gll, pv, rmc, sentence, taip, vehicles

WORDS = [
    rmc(),
    gga(),
    gll(),
    rmc(status="V"),
    pv(device="1"),
    taip("RID7"),
    b"A,",
    b"\r\n",
    b"$",
    b"*",
    b"*4",
    b">",
    b"<",
    b";ID=",
]
NOISE = st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(WORDS)), max_size=12).map(b"".join)
CUTS = st.lists(st.integers(1, 30), max_size=40)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = [
    "device_id",
    "location",
    "coords",
    "latitude",
    "longitude",
    "timestamp",
    "speed",
    "extras",
    "battery",
    "age",
    "id",
    "lat",
]
LIKE_A_PHONES = st.recursive(
    ANY_JSON,
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=12,
)
WRITTEN = st.one_of(st.text(max_size=12), st.floats().map(str), st.integers().map(str), st.datetimes().map(str))
FIELDS = ["id", "deviceid", "lat", "lon", "location", "timestamp", "speed", "bearing", "valid", "accuracy", "batt"]


def intake() -> Intake:
    fleet, unit = Fleet("U1"), UnitId("U1")
    feed = NmeaFeed(name="Any", udp="127.0.0.1:0", units={"A": unit, "1": unit})
    return Intake(feed, fleet.take, lambda: NOON)


def swallowed(heard: list[Heard]) -> None:
    """An intake takes it, counts all of it, and what it then says of itself can be told to a supervisor."""
    into = intake()
    given_back = into.hear(lambda _: heard)
    assert given_back is heard, "no fault"
    health = codec.decode(codec.encode(into.health()), FeedHealth)
    assert health.received == len(heard) == health.taken + sum(health.refused.values())
    for one in heard:
        if isinstance(one, DeviceFix):
            assert -90 <= one.latitude <= 90 and -180 <= one.longitude <= 180
            assert one.speed_km_h is None or one.speed_km_h >= 0
            assert one.course is None or 0 <= one.course <= 360


def in_pieces(whole: bytes, cuts: list[int]) -> list[bytes]:
    pieces, begun = [], 0
    for cut in cuts:
        pieces.append(whole[begun : begun + cut])
        begun += cut
    return [*pieces, whole[begun:]]


@pytest.mark.parametrize("device", [None, "A"])
@pytest.mark.parametrize(
    ("reader", "next_word"), [(NmeaReader, b"\r\nA," + rmc() + b"\r\n"), (TaipReader, b"<" + pv(device="1"))]
)
@given(noise=NOISE, cuts=CUTS)
def test_given_any_bytes_in_any_pieces_then_the_next_fix_is_read(
    device: str | None,
    reader: Callable[[str | None], NmeaReader | TaipReader],
    next_word: bytes,
    noise: bytes,
    cuts: list[int],
) -> None:
    line = reader(device)
    for piece in in_pieces(noise, cuts):
        swallowed(line.read(piece, NOON))
    heard = line.read(next_word, NOON)
    swallowed(heard)
    assert isinstance(heard[-1], DeviceFix)
    swallowed(line.end(NOON))


@given(words=st.lists(st.sampled_from([b"A," + rmc(), b"A," + gga(), b"A," + gll()]), max_size=8), cuts=CUTS)
def test_however_a_stream_is_cut_the_same_is_heard(words: list[bytes], cuts: list[int]) -> None:
    whole = b"\r\n".join(words) + b"\r\n"
    at_once, cut = NmeaReader(None), NmeaReader(None)
    assert [one for piece in in_pieces(whole, cuts) for one in cut.read(piece, NOON)] == at_once.read(whole, NOON)


@given(
    fields=st.lists(st.text("0123456789.,-NSEWAVabc", max_size=12), max_size=14), kind=st.sampled_from(["RMC", "GGA", "GLL"])
)
def test_given_any_fields_under_a_right_checksum_then_nothing_is_a_fault(fields: list[str], kind: str) -> None:
    swallowed(NmeaReader("A").read(sentence(",".join([f"GP{kind}", *fields])) + b"\r\n", NOON))


@given(body=st.text("0123456789+-", max_size=34), age=st.text("0123456789", min_size=2, max_size=2))
def test_given_any_digits_in_a_taip_position_then_nothing_is_a_fault(body: str, age: str) -> None:
    swallowed(TaipReader("A").read(taip(f"RPV{body}") + pv(source_and_age=age), NOON))


@given(st.dictionaries(st.sampled_from(FIELDS), WRITTEN, max_size=8))
def test_given_any_words_in_a_query_then_nothing_is_a_fault(told: dict[str, str]) -> None:
    swallowed(osmand.read("&".join(f"{name}={value}" for name, value in told.items()), b"", "", NOON))


@given(query=st.text(max_size=60), body=st.binary(max_size=60), content_type=st.sampled_from(["", "application/json", "x"]))
def test_given_any_request_then_nothing_is_a_fault(query: str, body: bytes, content_type: str) -> None:
    swallowed(osmand.read(query, body, content_type, NOON))


@given(LIKE_A_PHONES)
def test_given_any_json_then_nothing_is_a_fault(told: object) -> None:
    swallowed(osmand.read("", json.dumps(told).encode(), "application/json", NOON))


@given(st.binary(max_size=200))
def test_given_any_bytes_for_a_message_then_nothing_is_a_fault(body: bytes) -> None:
    swallowed(gtfs_realtime.read(body, NOON))


@given(st.data())
def test_given_a_message_with_bytes_changed_then_nothing_is_a_fault(data: st.DataObject) -> None:
    body = bytearray(vehicles(("1", 36.0, -78.9, NOON), ("2", 36.1, -78.8, NOON - timedelta(seconds=3))))
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[at] = data.draw(st.integers(0, 255))
    swallowed(gtfs_realtime.read(bytes(body), NOON))

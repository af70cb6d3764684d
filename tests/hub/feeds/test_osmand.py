"""OsmAnd HTTP: queries, forms and JSON as phones send them, each with its three clocks and its units."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from console.hub.feeds.fix import DeviceFix, NoFix, Reason
from console.hub.feeds.osmand import read
from tests.hub.feeds.saying import NOON, a_fix, reasons

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def query(text: str) -> DeviceFix | NoFix:
    (heard,) = read(text, b"", "", NOON)
    return heard


def posted(record: object) -> list[DeviceFix | NoFix]:
    return read("", json.dumps(record).encode(), "application/json; charset=utf-8", NOON)


@pytest.mark.parametrize("name", ["id", "deviceid"])
def test_given_a_query_then_it_is_a_fix_with_speed_in_km_h_and_its_own_time(name: str) -> None:
    fix = a_fix(query(f"{name}=7&lat=36.0&lon=-78.9&timestamp=1763800000&speed=10&bearing=90&accuracy=4.5"))
    assert (fix.device, fix.latitude, fix.longitude) == ("7", 36.0, -78.9)
    assert fix.speed_km_h == pytest.approx(18.52)
    assert (fix.course, fix.accuracy_m) == (90.0, 4.5)
    assert fix.fix_at == datetime.fromtimestamp(1763800000, UTC) and fix.received_at == NOON and fix.device_at is None


@pytest.mark.parametrize(
    "written",
    ["1763800000", "1763800000000", "2025-11-22T08:26:40Z", "2025-11-22T03:26:40-05:00", "2025-11-22+08%3A26%3A40"],
)
def test_given_a_time_as_any_tracker_writes_it_then_it_is_the_same_moment(written: str) -> None:
    fix = a_fix(query(f"id=7&lat=36&lon=-78.9&timestamp={written}"))
    assert fix.fix_at == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


def test_given_no_time_then_the_fix_is_as_of_when_it_came() -> None:
    assert a_fix(query("lat=36&lon=-78.9&heading=0.0&deviceid=7")).fix_at == NOON


def test_given_both_coordinates_in_one_word_then_they_are_read() -> None:
    fix = a_fix(query("id=7&location=36.0,-78.9"))
    assert (fix.latitude, fix.longitude) == (36.0, -78.9)


def test_given_a_form_then_it_is_read_like_a_query() -> None:
    (heard,) = read("", b"id=7&lat=36&lon=-78.9&batt=87&ignition=true&driver=J.+Doe", FORM, NOON)
    assert a_fix(heard).attributes == {"batt": 87.0, "ignition": True, "driver": "J. Doe"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lat=36&lon=-78.9", Reason.NO_DEVICE),
        ("", Reason.NO_DEVICE),
        ("id=7&cell=310,02,16,2224&cell=310,02,16,2223,-90", Reason.NO_POSITION),
        ("id=7&batt=80", Reason.NO_POSITION),
        ("id=7&lat=36", Reason.UNREADABLE),
        ("id=7&lat=north&lon=-78.9", Reason.UNREADABLE),
        ("id=7&location=36", Reason.UNREADABLE),
        ("id=7&lat=36&lon=-78.9&timestamp=yesterday", Reason.UNREADABLE),
        ("id=7&lat=36&lon=-78.9&timestamp=1e300", Reason.UNREADABLE),
        ("id=7&lat=36&lon=-78.9&speed=fast", Reason.UNREADABLE),
        ("id=7&lat=91&lon=-78.9", Reason.OUT_OF_RANGE),
        ("id=7&lat=nan&lon=-78.9", Reason.OUT_OF_RANGE),
        ("id=7&lat=36&lon=inf", Reason.OUT_OF_RANGE),
        ("id=7&lat=0.0&lon=0.0", Reason.VOID),
        ("id=7&lat=36&lon=-78.9&valid=false", Reason.VOID),
        ("id=7&lat=36&lon=-78.9&timestamp=9999-01-01T00:00:00Z", Reason.CLOCK_OFF),
        ("id=" + "7" * 65 + "&lat=36&lon=-78.9", Reason.NO_DEVICE),
        ("&".join(f"a{n}=1" for n in range(500)), Reason.UNREADABLE),
    ],
)
def test_given_no_position_then_the_reason_is_said(text: str, reason: Reason) -> None:
    heard = query(text)
    assert isinstance(heard, NoFix) and heard.reason is reason and heard.what


def test_given_words_for_a_place_then_it_says_what_they_should_have_been() -> None:
    heard = query("id=a&lat=north&lon=-78.9")
    assert isinstance(heard, NoFix) and heard.what == "a: 'north' is no latitude or longitude in degrees"


def test_given_json_then_coordinates_speed_age_and_extras_are_read() -> None:
    (heard,) = posted({
        "device_id": "48241179",
        "location": {
            "timestamp": "2026-11-22T11:59:58.500Z", "age": 188, "event": "motionchange", "is_moving": True,
            "coords": {"latitude": 36.0, "longitude": -78.9, "speed": 10, "heading": -1, "accuracy": 3.8},
            "battery": {"level": 0.79, "is_charging": False}, "extras": {"shift": 12, "crew": "north", "tested": True},
        },
    })  # fmt: skip
    fix = a_fix(heard)
    assert fix.fix_at == NOON - timedelta(seconds=1.5) and fix.device_at == fix.fix_at + timedelta(milliseconds=188)
    assert (fix.speed_km_h, fix.course, fix.accuracy_m) == (36.0, None, 3.8)
    assert fix.attributes == {
        "event": "motionchange", "is_moving": True, "battery.level": 0.79, "battery.is_charging": False,
        "shift": 12, "crew": "north", "tested": True,
    }  # fmt: skip


def test_given_a_speed_that_is_not_known_then_none_is_told() -> None:
    (heard,) = posted({"device_id": 7, "location": {"coords": {"latitude": 36, "longitude": -78.9, "speed": -1}}})
    assert a_fix(heard).device == "7" and a_fix(heard).speed_km_h is None and a_fix(heard).fix_at == NOON


def test_given_a_list_of_locations_then_each_is_read_and_a_bad_one_spoils_no_other() -> None:
    good = {"coords": {"latitude": 36, "longitude": -78.9}}
    heard = posted({"device_id": "7", "location": [good, {"coords": {"latitude": "north", "longitude": 1}}, 5, good]})
    assert reasons(heard) == [None, Reason.UNREADABLE, Reason.UNREADABLE, None]


def test_given_json_without_levels_then_it_is_read_like_a_query() -> None:
    (heard,) = posted({"id": 7, "lat": 36.0, "lon": -78.9, "timestamp": 1763800000})
    assert a_fix(heard).fix_at == datetime.fromtimestamp(1763800000, UTC)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", Reason.UNREADABLE),
        (b"\xff\xfe", Reason.UNREADABLE),
        (b"[]", Reason.UNREADABLE),
        (b"[" * 100_000, Reason.UNREADABLE),
        (b'{"location": {}}', Reason.NO_DEVICE),
        (b'{"device_id": "7", "location": {}}', Reason.NO_POSITION),
        (b'{"device_id": "7", "location": {"coords": {}}}', Reason.NO_POSITION),
        (b'{"device_id": "7", "location": {"coords": {"latitude": null, "longitude": 1}}}', Reason.UNREADABLE),
        (
            b'{"device_id": "7", "location": {"coords": {"latitude": 1, "longitude": 1}, "timestamp": true}}',
            Reason.UNREADABLE,
        ),
    ],
)
def test_given_json_that_tells_no_position_then_the_reason_is_said(body: bytes, reason: Reason) -> None:
    assert reasons(read("", body, JSON, NOON)) == [reason]


@pytest.mark.real_data
def test_every_recorded_request_of_real_trackers_gives_what_it_says(real_data: Path) -> None:
    recorded = json.loads((real_data / "avl" / "osmand_vectors.json").read_text("utf-8"))["protocols"]["OsmAnd"]
    assert len(recorded) == 15
    for vector in recorded:
        expected, is_post = vector["expected"], vector["method"] == "POST"
        url = vector["url"] if is_post else vector["message"]
        body = vector["message"].encode() if is_post else b""
        (heard,) = read(urlsplit(url).query, body, vector.get("content_type", ""), datetime.now(UTC))
        match expected["verdict"]:
            case "reject":
                assert reasons([heard]) == [Reason.NO_DEVICE], vector
            case "accept":
                assert isinstance(heard, NoFix) and heard.reason is Reason.NO_POSITION and heard.device, vector
            case "attribute":
                assert heard.attributes[expected["attribute"]] == expected["value"], vector
            case verdict:
                assert verdict == "position"
                fix = a_fix(heard)
                assert fix.fix_at.year > 1999 and fix.fix_at < datetime.now(UTC) + timedelta(hours=25), vector
                assert fix.course is None or 0 <= fix.course <= 360
                if "lat" in expected:
                    assert (fix.latitude, fix.longitude) == pytest.approx((expected["lat"], expected["lon"]), abs=1e-5)

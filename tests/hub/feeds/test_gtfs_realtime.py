"""GTFS-realtime VehiclePositions: every vehicle by itself, none without a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from google.transit.gtfs_realtime_pb2 import FeedMessage

from console.hub.feeds.fix import Reason
from console.hub.feeds.gtfs_realtime import read
from tests.hub.feeds.saying import NOON, a_fix, reasons, vehicles


def test_given_vehicles_then_each_is_a_fix_with_its_own_time_or_that_of_the_message() -> None:
    before = NOON - timedelta(seconds=8)
    own, shared = read(vehicles(("bus 1", 36.0, -78.9, before), ("bus 2", 36.1, -78.8, None)), NOON)
    assert (a_fix(own).device, a_fix(own).fix_at, a_fix(own).device_at) == ("bus 1", before, NOON)
    assert (a_fix(own).latitude, a_fix(own).longitude) == pytest.approx((36.0, -78.9), abs=1e-5)
    assert a_fix(shared).fix_at == NOON


def test_given_speed_and_bearing_then_they_are_km_h_and_degrees_and_else_not_known() -> None:
    message = FeedMessage()
    message.header.gtfs_realtime_version, message.header.timestamp = "2.0", int(NOON.timestamp())
    vehicle = message.entity.add(id="7").vehicle
    vehicle.position.latitude, vehicle.position.longitude = 36.0, -78.9
    (plain,) = read(message.SerializeToString(), NOON)
    assert (a_fix(plain).device, a_fix(plain).speed_km_h, a_fix(plain).course) == ("7", None, None)
    vehicle.position.speed, vehicle.position.bearing, vehicle.vehicle.label = 10.0, 45.0, "Van 3"
    (moving,) = read(message.SerializeToString(), NOON)
    assert (a_fix(moving).speed_km_h, a_fix(moving).course) == (36.0, 45.0)
    assert a_fix(moving).attributes == {"label": "Van 3"}


def test_given_no_time_anywhere_then_it_is_no_position() -> None:
    assert reasons(read(vehicles(("1", 36.0, -78.9, None), at=None), NOON)) == [Reason.NO_TIME]


def test_given_a_vehicle_of_no_place_then_the_others_are_read() -> None:
    message = FeedMessage.FromString(vehicles(("1", 96.0, -78.9, NOON), ("3", 36.0, -78.9, NOON)))
    message.entity.add(id="2").trip_update.trip.trip_id = "t"
    message.entity.add(id="4").vehicle.timestamp = 2**63
    late = message.entity.add(id="5").vehicle
    late.position.latitude, late.position.longitude, late.timestamp = 36.0, -78.9, 2**63
    heard = read(message.SerializeToString(), NOON)
    assert reasons(heard) == [Reason.OUT_OF_RANGE, None, Reason.NO_POSITION, Reason.NO_POSITION, Reason.UNREADABLE]


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff" * 100, vehicles(("1", 36.0, -78.9, NOON))[:-3]])
def test_given_no_message_then_that_is_said(body: bytes) -> None:
    assert reasons(read(body, NOON)) == [Reason.UNREADABLE]


@pytest.mark.real_data
def test_a_recorded_message_without_times_is_read_and_not_shown(real_data: Path) -> None:
    heard = read((real_data / "avl" / "bindings_vehicle_position.pb").read_bytes(), NOON)
    assert reasons(heard) == [Reason.NO_TIME]


def test_given_words_that_are_not_utf_8_then_the_vehicle_is_read_under_what_can_be_read_of_its_id() -> None:
    broken = vehicles(("bus 1", 36.0, -78.9, NOON), ("bus 2", 36.0, -78.9, NOON)).replace(b"\x05bus 1", b"\x05bus \x80")
    assert [a_fix(one).device for one in read(broken, NOON)] == ["bus \ufffd", "bus 2"]

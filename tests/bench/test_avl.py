"""The packets of the measurement are what a modem would send: the hub's own reader takes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.bench.avl import packet
from console.bench.full_floor import agency, spot
from console.hub.feeds.fix import DeviceFix
from console.hub.feeds.nmea import NmeaReader


def test_given_packets_of_ten_minutes_then_each_is_a_fix_near_where_the_unit_is_and_of_its_millisecond() -> None:
    rules, begun, reader = agency(), datetime(2026, 11, 22, 11, 55, 0, 123_000, UTC), NmeaReader(None)
    latitude, longitude = spot(rules, 7)
    for second in range(600):
        at = begun + timedelta(seconds=second)
        (heard,) = reader.read(packet(rules, 7, at), at)
        assert isinstance(heard, DeviceFix) and heard.device == "D7"
        assert abs(heard.fix_at - at) < timedelta(milliseconds=1)
        assert 0 <= heard.latitude - latitude < 0.031 and heard.longitude == pytest.approx(longitude, abs=1e-5)

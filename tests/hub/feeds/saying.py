"""What devices would say, made for tests: sentences with right checksums, requests, messages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from operator import xor

from google.transit.gtfs_realtime_pb2 import FeedMessage

from console.domain.ids import UnitId
from console.hub.feeds.fix import DeviceFix, Heard, NoFix, Reason
from console.hub.positions import Fix, PositionsTaken

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
"""When everything is received, if a test says nothing else."""


def sentence(body: str) -> bytes:
    """An NMEA sentence with its checksum, without the end of a line."""
    return f"${body}*{reduce(xor, body.encode()):02X}".encode()


def rmc(at: datetime = NOON, latitude: str = "3600.0000,N", longitude: str = "07854.0000,W", status: str = "A") -> bytes:
    """An RMC of 24 knots to the west."""
    return sentence(f"GPRMC,{at:%H%M%S}.00,{status},{latitude},{longitude},24.0,270.0,{at:%d%m%y},,,A")


def gga(at: datetime = NOON, quality: int = 1) -> bytes:
    """A GGA at 36 N, 78.9 W."""
    return sentence(f"GPGGA,{at:%H%M%S}.00,3600.0000,N,07854.0000,W,{quality},08,1.0,100.0,M,-33.9,M,,")


def gll(at: datetime = NOON, status: str = "A") -> bytes:
    """A GLL at 36 N, 78.9 W."""
    return sentence(f"GPGLL,3600.0000,N,07854.0000,W,{at:%H%M%S}.00,{status},A")


def taip(body: str, checksum: bool = True) -> bytes:
    """A TAIP message of a body such as `RPV...;ID=1234`."""
    begun = f">{body};*"
    return f"{begun}{reduce(xor, begun.encode()):02X}<".encode() if checksum else f">{body}<".encode()


def pv(at: datetime = NOON, device: str = "", checksum: bool = True, source_and_age: str = "12") -> bytes:
    """A TAIP position at 36 N, 78.9 W, 15 miles an hour, south-east."""
    second = at.hour * 3600 + at.minute * 60 + at.second
    return taip(f"RPV{second:05d}+3600000-07890000015126{source_and_age}" + (f";ID={device}" if device else ""), checksum)


def vehicles(*said: tuple[str, float, float, datetime | None], at: datetime | None = NOON) -> bytes:
    """A GTFS-realtime message: id, latitude, longitude and time of each vehicle."""
    message = FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    if at is not None:
        message.header.timestamp = int(at.timestamp())
    for device, latitude, longitude, fix_at in said:
        vehicle = message.entity.add(id=f"entity {device}").vehicle
        vehicle.vehicle.id = device
        vehicle.position.latitude, vehicle.position.longitude = latitude, longitude
        if fix_at is not None:
            vehicle.timestamp = int(fix_at.timestamp())
    return message.SerializeToString()


def a_fix(heard: Heard) -> DeviceFix:
    """What was heard, which is a fix."""
    assert isinstance(heard, DeviceFix), heard
    return heard


def reasons(heard: list[Heard]) -> list[Reason | None]:
    """Why each is no fix; None for one that is."""
    return [one.reason if isinstance(one, NoFix) else None for one in heard]


class Fleet:
    """What takes fixes in place of the hub: units that exist, and the last fix of each."""

    def __init__(self, *units: str) -> None:
        self.units = {UnitId(unit) for unit in units}
        self.held: dict[UnitId, Fix] = {}

    def take(self, fixes: object) -> PositionsTaken:
        """Keep the newer, as the hub does."""
        taken, unknown, older = 0, list[UnitId](), list[UnitId]()
        assert isinstance(fixes, list)
        for fix in fixes:
            held = self.held.get(fix.unit_id)
            if fix.unit_id not in self.units:
                unknown.append(fix.unit_id)
            elif held is not None and fix.fix_at < held.fix_at:
                older.append(fix.unit_id)
            else:
                self.held[fix.unit_id], taken = fix, taken + 1
        return PositionsTaken(taken, tuple(unknown), tuple(older))

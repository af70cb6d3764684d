"""GTFS-realtime VehiclePositions: a message of where all vehicles of a fleet are, read whole.

A vehicle is known by its descriptor's id, else by its entity's. One without a time of its own has that of the message; where
neither tells a time, how old the position is cannot be known, and it is not shown.
"""

from datetime import UTC, datetime, timedelta

from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedEntity, FeedMessage

from console.hub.feeds.fix import METRE_PER_S_KM_H, DeviceFix, Heard, NoFix, Reason, bounded, checked

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(body: bytes, at: datetime) -> list[Heard]:
    """What one message tells, as received at that moment."""
    try:
        message = FeedMessage.FromString(body)
    except DecodeError as error:
        return [NoFix(Reason.UNREADABLE, f"no GTFS-realtime message: {error}")]
    if not message.HasField("header"):
        return [NoFix(Reason.UNREADABLE, "no GTFS-realtime message: it has no header")]
    return [_of_entity(one, message.header.timestamp, at) for one in message.entity]


def _of_entity(entity: FeedEntity, message_s: int, at: datetime) -> Heard:
    vehicle = entity.vehicle
    device = _text(vehicle.vehicle.id) or _text(entity.id)
    if not (entity.HasField("vehicle") and vehicle.HasField("position")):
        return NoFix(Reason.NO_POSITION, f"{device} tells no position", device)
    try:
        message_at = _EPOCH + timedelta(seconds=message_s) if message_s else None
        fix_at = _EPOCH + timedelta(seconds=vehicle.timestamp) if vehicle.timestamp else message_at
    except OverflowError:
        return NoFix(Reason.UNREADABLE, f"{device}: its time is beyond every calendar", device)
    if fix_at is None:
        return NoFix(Reason.NO_TIME, f"{device} tells no time, and neither does the message", device)
    position = vehicle.position
    named = {"label": _text(vehicle.vehicle.label), "licence plate": _text(vehicle.vehicle.license_plate)}
    return checked(DeviceFix(
        device, position.latitude, position.longitude, fix_at, at, device_at=message_at,
        speed_km_h=position.speed * METRE_PER_S_KM_H if position.HasField("speed") else None,
        course=position.bearing if position.HasField("bearing") else None,
        attributes=bounded({name: said for name, said in named.items() if said}),
    ))  # fmt: skip


def _text(said: str | bytes) -> str:
    """Words of a message; what is not UTF-8 comes from the library as bytes."""
    return said if isinstance(said, str) else said.decode("utf-8", "replace")

"""What a device says, read: a fix with its clocks kept apart, or why it is no position."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from console.domain.instant import Instant

KNOT_KM_H, MILE_KM = 1.852, 1.609344
METRE_PER_S_KM_H = 3.6
FASTEST_KM_H = 869 * KNOT_KM_H
"""No unit drives this fast: a speed beyond it is taken for not known."""
_DEVICE = re.compile(r"(?!\s)[^\x00-\x1f\x7f]{1,64}(?<!\s)")
_CALENDAR = (1970, 2200)
"""Years with which one can reckon; whether a clock is right is seen later."""
_ATTRIBUTES_AT_MOST, _WORD_AT_MOST = 32, 200

Attribute = str | float | bool


class Reason(StrEnum):
    """Why something that was heard is not shown as where a unit is."""

    UNREADABLE = "unreadable"
    CHECKSUM = "checksum"
    TOO_LONG = "too_long"
    NO_DEVICE = "no_device"
    NO_POSITION = "no_position"
    """It tells something else."""
    VOID = "void"
    """The receiver itself says that it has no fix."""
    OUT_OF_RANGE = "out_of_range"
    NO_TIME = "no_time"
    UNKNOWN_DEVICE = "unknown_device"
    UNKNOWN_UNIT = "unknown_unit"
    CLOCK_OFF = "clock_off"
    """Its clock is wrong by more than any backlog could explain."""
    IN_THE_FUTURE = "in_the_future"
    OLDER_THAN_HELD = "older_than_held"
    JUMP = "jump"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    FAULT = "fault"
    """A fault of the hub in reading it, which is in the log."""


class DeviceFix(Struct, frozen=True):
    """Where a device says that it was: WGS 84 degrees, km/h, degrees from north, metres.

    `fix_at` is the receiver's clock at the fix, `device_at` the sender's when it sent it, `received_at` the hub's.
    """

    device: str
    latitude: float
    longitude: float
    fix_at: Instant
    received_at: Instant
    device_at: Instant | None = None
    speed_km_h: float | None = None
    course: float | None = None
    accuracy_m: float | None = None
    attributes: dict[str, Attribute] = {}


class NoFix(Struct, frozen=True):
    """Something that is no position: why, in words for a person, and of which device, as far as that is known."""

    reason: Reason
    what: str
    device: str = ""
    attributes: dict[str, Attribute] = {}


Heard = DeviceFix | NoFix


def checked(fix: DeviceFix) -> Heard:
    """The fix, if it can be one: a device, degrees in range, and neither speed, course nor accuracy that cannot be."""
    if not is_device(fix.device):
        what = "no id of a device" if not fix.device else f"{fix.device[:80]!r} is no id of a device"
        return NoFix(Reason.NO_DEVICE, what)
    if not (-90 <= fix.latitude <= 90 and -180 <= fix.longitude <= 180):
        what = f"{fix.latitude:g}, {fix.longitude:g} is no place on earth"
        return NoFix(Reason.OUT_OF_RANGE, what, fix.device, fix.attributes)
    if fix.latitude == 0 and fix.longitude == 0:
        return NoFix(Reason.VOID, "0, 0 is what a receiver without a fix says", fix.device, fix.attributes)
    if not _CALENDAR[0] <= fix.fix_at.year < _CALENDAR[1]:
        what = f"{fix.device} says that it is the year {fix.fix_at.year}"
        return NoFix(Reason.CLOCK_OFF, what, fix.device, fix.attributes)
    return replace(
        fix, speed_km_h=_within(fix.speed_km_h, FASTEST_KM_H), course=_within(fix.course, 360),
        accuracy_m=_within(fix.accuracy_m, float("inf")),
    )  # fmt: skip


def is_device(name: str) -> bool:
    """Whether this can be the id of a device."""
    return _DEVICE.fullmatch(name) is not None


def _within(value: float | None, most: float) -> float | None:
    return value if value is not None and isfinite(value) and 0 <= value <= most else None


def day_nearest(since_midnight: timedelta, near: datetime) -> datetime:
    """The moment at this time of day (UTC) that is nearest to `near`, for protocols that do not tell the day."""
    midnight = near.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return min((midnight + timedelta(days=d) + since_midnight for d in (-1, 0, 1)), key=lambda at: abs(at - near))


def bounded(attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    """The first attributes, none longer than a person would read."""
    kept = list(attributes.items())[:_ATTRIBUTES_AT_MOST]
    return {
        key[:_WORD_AT_MOST]: value[:_WORD_AT_MOST] if isinstance(value, str) else value
        for key, value in kept
        if not (isinstance(value, float) and not isfinite(value))
    }

"""OsmAnd HTTP as phone trackers speak it: one request tells one fix, or a few, in the query, as a form or as JSON.

Queries and forms: `id` (or `deviceid`), `lat` and `lon` (or `location`), `timestamp` (seconds, milliseconds or ISO 8601;
without a zone UTC), `speed` in knots, `bearing` (or `heading`), `accuracy` in metres. JSON: `device_id` and `location` with
`coords`, speeds in m/s; a list of locations where a phone was out of reach. A fix without a time is taken as of now.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from console.hub.feeds.fix import (
    KNOT_KM_H,
    METRE_PER_S_KM_H,
    Attribute,
    DeviceFix,
    Heard,
    NoFix,
    Reason,
    bounded,
    checked,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_END = 2**31
"""A number from here on counts milliseconds."""
_FIELDS_AT_MOST = 200
_TOLD = frozenset({
    "id", "deviceid", "device_id", "lat", "lon", "latitude", "longitude", "location", "timestamp", "speed", "bearing",
    "heading", "accuracy", "valid", "cell", "wifi",
})  # fmt: skip
"""What is read into the fix; everything else that a query says is an attribute."""


def read(query: str, body: bytes, content_type: str, at: datetime) -> list[Heard]:
    """What one request tells, as received at that moment."""
    try:
        if body and "json" in content_type.lower():
            return _of_json(msgspec.json.decode(body), at)
        form = body.decode("utf-8") if body else ""
        told = parse_qsl(query, max_num_fields=_FIELDS_AT_MOST) + parse_qsl(form, max_num_fields=_FIELDS_AT_MOST)
    except (msgspec.DecodeError, RecursionError) as error:
        return [NoFix(Reason.UNREADABLE, f"no JSON: {error}")]
    except ValueError as error:
        return [NoFix(Reason.UNREADABLE, f"no form: {error}")]
    return [_of_fields(dict(reversed(told)), at)]


def moment(value: object) -> datetime:
    """A time as trackers write it; ValueError for what is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r} is no time")
    try:
        number = float(value)
    except ValueError:
        pass
    else:
        return _EPOCH + timedelta(seconds=number if number < _SECONDS_END else number / 1000)
    read = datetime.fromisoformat(str(value).strip())
    return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).astimezone(UTC)


def _of_fields(told: Mapping[str, str], at: datetime) -> Heard:
    device = told.get("id") or told.get("deviceid") or told.get("device_id") or ""
    attributes = bounded({key: _attribute(value) for key, value in told.items() if key not in _TOLD})
    if not device:
        return NoFix(Reason.NO_DEVICE, "the request names no id")
    try:
        place = told["location"].split(",") if "location" in told else [_first(told, "lat"), _first(told, "lon")]
        if place == ["", ""]:
            what = "only cells or networks near it" if told.keys() & {"cell", "wifi"} else "no lat and lon"
            return NoFix(Reason.NO_POSITION, f"{device} tells {what}", device, attributes)
        latitude, longitude = map(_degrees, place)
        if told.get("valid", "true").lower() not in ("true", "1"):
            return NoFix(Reason.VOID, f"{device} says that its fix is not valid", device, attributes)
        speed = _number(told.get("speed"))
        return checked(DeviceFix(
            device, latitude, longitude, moment(told["timestamp"]) if told.get("timestamp") else at, at,
            speed_km_h=speed * KNOT_KM_H if speed is not None else None,
            course=_number(told.get("bearing") or told.get("heading")),
            accuracy_m=_number(told.get("accuracy")), attributes=attributes,
        ))  # fmt: skip
    except (ValueError, OverflowError) as error:
        return NoFix(Reason.UNREADABLE, f"{device}: {error}", device, attributes)


def _degrees(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is no latitude or longitude in degrees") from None


def _first(told: Mapping[str, str], name: str) -> str:
    return told.get(name) or told.get({"lat": "latitude", "lon": "longitude"}[name], "")


def _of_json(told: Any, at: datetime) -> list[Heard]:
    if not isinstance(told, dict):
        return [NoFix(Reason.UNREADABLE, "the JSON is no object")]
    location = told.get("location")
    if location is None or isinstance(location, str):
        flat = {key: str(value) for key, value in told.items() if isinstance(value, (str, int, float))}
        return [_of_fields(flat, at)]
    device = told.get("device_id") or told.get("id")
    if isinstance(device, bool) or not isinstance(device, (str, int)):
        return [NoFix(Reason.NO_DEVICE, "the JSON names no device_id")]
    return [_of_location(str(device), one, at) for one in (location if isinstance(location, list) else [location])]


def _of_location(device: str, location: Any, at: datetime) -> Heard:
    if not isinstance(location, dict):
        return NoFix(Reason.UNREADABLE, f"{device}: location is no object", device)
    attributes = bounded(_attributes(location))
    coords = location.get("coords")
    if not isinstance(coords, dict):
        return NoFix(Reason.NO_POSITION, f"{device} tells no coords", device, attributes)
    try:
        if "latitude" not in coords or "longitude" not in coords:
            return NoFix(Reason.NO_POSITION, f"{device} tells no latitude and longitude", device, attributes)
        fix_at = moment(location["timestamp"]) if location.get("timestamp") is not None else at
        age_ms, speed = _number(location.get("age")), _number(coords.get("speed"))
        return checked(DeviceFix(
            device, float(coords["latitude"]), float(coords["longitude"]), fix_at, at,
            device_at=fix_at + timedelta(milliseconds=age_ms) if age_ms is not None else None,
            speed_km_h=speed * METRE_PER_S_KM_H if speed is not None else None,
            course=_number(coords.get("heading")), accuracy_m=_number(coords.get("accuracy")), attributes=attributes,
        ))  # fmt: skip
    except (ValueError, TypeError, OverflowError) as error:
        return NoFix(Reason.UNREADABLE, f"{device}: {error}", device, attributes)


def _attributes(location: dict[str, Any]) -> dict[str, Attribute]:
    """What a location says beside its place, as it names it: `event`, `battery.level`, and its extras."""
    found: dict[str, Attribute] = {}
    for key, value in location.items():
        inner = value if isinstance(value, dict) and key not in ("coords", "extras") else {key: value}
        for name, said in inner.items():
            if isinstance(said, (str, bool, float, int)) and key not in ("timestamp", "_", "age"):
                found[name if inner is not value else f"{key}.{name}"] = _plain(said)
    extras = location.get("extras")
    if isinstance(extras, dict):
        found |= {key: _plain(said) for key, said in extras.items() if isinstance(said, (str, bool, float, int))}
    return found


def _plain(said: Attribute) -> Attribute:
    """A number as one that every reader of JSON can hold."""
    if isinstance(said, int) and not isinstance(said, bool):
        return float(said) if said.bit_length() <= 53 else str(said) if said.bit_length() <= 128 else "a very large number"
    return said


def _attribute(text: str) -> Attribute:
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def _number(value: object) -> float | None:
    """A number that may be missing; ValueError for what is none."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r} is no number")
    return float(value)

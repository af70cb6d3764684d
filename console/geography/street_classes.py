"""What a street's attributes mean: its class, name, direction, speed and level, as maps and counties write them."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

StreetKind = Literal["freeway", "artery", "street", "path"]


class StreetClass(NamedTuple):
    """How a class of street is drawn, and how fast one usually gets on there (km/h, lights and turns counted in)."""

    kind: StreetKind
    speed_km_h: float


_FREEWAY = StreetClass("freeway", 95.0)
_TRUNK = StreetClass("artery", 70.0)
_PRIMARY = StreetClass("artery", 55.0)
_SECONDARY = StreetClass("artery", 50.0)
_TERTIARY = StreetClass("street", 45.0)
_RAMP = StreetClass("artery", 45.0)
_LOCAL = StreetClass("street", 35.0)
_SLOW = StreetClass("path", 15.0)
"""Speeds where a file gives none: the usual limits of United States streets, less what lights and turns cost."""

USUAL_SPEED_KM_H: Mapping[StreetKind, float] = {"freeway": 95.0, "artery": 55.0, "street": 35.0, "path": 15.0}
"""By kind, for a street of which neither speed nor class is known."""

DRIVEN: Mapping[str, StreetClass] = {
    # OpenStreetMap, key `highway`
    "motorway": _FREEWAY, "motorway_link": _RAMP, "trunk": _TRUNK, "trunk_link": _RAMP, "primary": _PRIMARY,
    "primary_link": _RAMP, "secondary": _SECONDARY, "secondary_link": _RAMP, "tertiary": _TERTIARY, "tertiary_link": _RAMP,
    "unclassified": _LOCAL, "residential": _LOCAL, "road": _LOCAL, "living_street": _SLOW, "service": _SLOW, "track": _SLOW,
    # TIGER/Line, MTFCC
    "s1100": _FREEWAY, "s1200": _PRIMARY, "s1400": _LOCAL, "s1500": _SLOW, "s1630": _RAMP, "s1640": _SLOW, "s1730": _SLOW,
    "s1740": _SLOW, "s1780": _SLOW,
    # NENA NG9-1-1 GIS data model, RoadClass
    "local": _LOCAL, "ramp": _RAMP, "service drive": _SLOW, "vehicular trail": _SLOW, "alley": _SLOW, "private": _SLOW,
    "parking lot": _SLOW,
    # functional classes of the Federal Highway Administration, as counties write them
    "interstate": _FREEWAY, "freeway": _FREEWAY, "expressway": _FREEWAY, "principal arterial": _PRIMARY,
    "arterial": _PRIMARY, "major arterial": _PRIMARY, "minor arterial": _SECONDARY, "collector": _TERTIARY,
    "major collector": _TERTIARY,
    "minor collector": _TERTIARY,
}  # fmt: skip

NOT_DRIVEN: Mapping[str, str] = {
    **dict.fromkeys(
        ("footway", "pedestrian", "steps", "path", "cycleway", "bridleway", "corridor", "elevator", "platform",
         "via_ferrata", "s1710", "s1720", "s1820", "s1830", "walkway", "stairway", "trail", "bridle path", "bike path",
         "sidewalk"),
        "for people on foot, bicycle or horse",
    ),
    **dict.fromkeys(
        ("rail", "railway", "light_rail", "subway", "tram", "monorail", "narrow_gauge", "funicular"),
        "a railway",
    ),
    **dict.fromkeys(
        ("construction", "proposed", "planned", "disused", "abandoned", "razed", "no", "escape", "raceway", "busway",
         "bus_guideway", "rest_area", "services", "emergency_bay"),
        "not built, no longer open, or not for traffic",
    ),
}  # fmt: skip
"""Classes that no unit drives on, and why."""

_CLASS_NAMES = (
    "highway",
    "fclass",
    "mtfcc",
    "roadclass",
    "road_class",
    "func_class",
    "funcclass",
    "railway",
    "type",
    "class",
)
_LAST_WORDS = frozenset({"alley", "path", "road", "track", "trail", "walkway"})
"""In a county's file `type` may be the last word of the name, and says nothing of the class."""
_WHOLE_NAMES = (
    "name", "fullname", "full_name", "st_full", "fullstname", "street", "streetname", "street_nam", "road_name", "rd_name",
    "label", "st_label", "roadname",
)  # fmt: skip
_NAME_PARTS = (
    ("st_premod", "st_predir", "st_pretyp", "st_presep", "st_name", "st_postyp", "st_posdir", "st_posmod"),
    ("lst_predir", "lst_name", "lst_typ", "lst_posdir"),
    ("predir", "st_name", "st_type", "sufdir"),
    ("prefix", "st_name", "type", "suffix"),
)
"""The fields of NG9-1-1, its legacy ones, and what counties made of them."""
_LIMITS_MPH = ("speedlimit", "speed_limit", "spd_limit", "speed_lim", "posted_spd", "postedspee", "speed", "mph")
_FORWARD = frozenset({"yes", "true", "1", "f", "ft", "forward", "y"})
_BACKWARD = frozenset({"-1", "reverse", "backward", "tf", "t"})
"""`T` is how Geofabrik's exports write "against its points", beside F and B."""
_BOTH = frozenset({"no", "false", "0", "b", "n", "both", ""})
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_SLOWEST_KM_H, _FASTEST_KM_H = 5.0, 140.0
KM_A_MILE = 1.609344


class Attributes:
    """A feature's attributes by name in small letters, as text; nothing, `null` and blanks are the same."""

    def __init__(self, properties: Mapping[str, object]) -> None:
        """Take them as a file gives them."""
        self._of = {str(name).strip().lower(): _text(value) for name, value in properties.items()}

    def of(self, name: str) -> str:
        """One attribute, or ""."""
        return self._of.get(name, "")

    def first(self, names: tuple[str, ...]) -> str:
        """The first of these that says something, or ""."""
        return next((text for name in names if (text := self._of.get(name))), "")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = " ".join(str(value).split())
    return "" if text.lower() in {"null", "none", "<null>"} else text


def street_class(attributes: Attributes) -> StreetClass | str | None:
    """Its class; why no unit drives there; None where no attribute says anything known."""
    for name in _CLASS_NAMES:
        word = attributes.of(name).lower()
        if name == "type" and word in _LAST_WORDS and not attributes.of("osm_id"):
            continue
        if word in NOT_DRIVEN:
            return NOT_DRIVEN[word]
        if word in DRIVEN:
            closed = {attributes.of("motor_vehicle"), attributes.of("motorcar"), attributes.of("access")}
            return "closed to vehicles" if "no" in closed else DRIVEN[word]
    return None


def street_name(attributes: Attributes) -> str:
    """Its name, put together where the file has it in parts; else its number (`I 40`), else ""."""
    whole = attributes.first(_WHOLE_NAMES)
    if whole:
        return whole
    for parts in _NAME_PARTS:
        if attributes.first(tuple(part for part in parts if part.endswith("st_name"))):
            return " ".join(text for part in parts if (text := attributes.of(part)))
    return attributes.of("ref").partition(";")[0]


def street_oneway(attributes: Attributes) -> int | None:
    """1 along its points, -1 against them, 0 both ways; None where what the file says means nothing known."""
    said = attributes.first(("oneway", "one_way", "oneway_dir", "dir_travel")).lower()
    if said in _FORWARD:
        return 1
    if said in _BACKWARD:
        return -1
    if said not in _BOTH:
        return None
    implied = attributes.of("highway") == "motorway" or attributes.of("junction") in {"roundabout", "circular"}
    return 1 if implied and not said else 0


def street_speed(attributes: Attributes) -> float | None:
    """The limit in km/h; None where the file gives none; -1.0 where what it gives cannot be a limit.

    `maxspeed` is km/h where it names no unit (OpenStreetMap); the limits of county files are miles an hour (NG9-1-1).
    """
    said, unit = attributes.of("maxspeed"), "km/h"
    if said in {"", "0"}:
        said, unit = attributes.first(_LIMITS_MPH), "mph"
    if said in {"", "0", "signals", "variable"}:
        return None
    found = _SPEED.match(said.lower())
    if found is None:
        return -1.0
    speed = float(found[1]) * (KM_A_MILE if (found[2] or unit) == "mph" else 1.0)
    return speed if _SLOWEST_KM_H <= speed <= _FASTEST_KM_H else -1.0


def street_level(attributes: Attributes) -> int:
    """0 on the ground, above it on bridges, below it in tunnels."""
    layer = attributes.of("layer")
    if layer.lstrip("+-").isdecimal():
        return int(layer)
    bridge = attributes.of("bridge").lower() not in {"", "0", "no", "f", "false", "n"}
    tunnel = attributes.of("tunnel").lower() not in {"", "0", "no", "f", "false", "n"}
    if bridge == tunnel:
        return 0
    # Exports for drawing keep a bridge's layer only in its drawing order: ten for each level above what the class has.
    order = attributes.of("z_order")
    tens = int(order) // 10 if order.lstrip("-").isdecimal() else 0
    return max(1, tens) if bridge else min(-1, tens)

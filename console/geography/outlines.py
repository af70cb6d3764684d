"""Outlines made lighter: simplified to a tolerance in metres, and written as GeoJSON (RFC 7946)."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[np.object_]
"""Polygons and multipolygons in WGS 84 degrees, longitude first."""

METRES_A_DEGREE = 111_195.0
"""Of latitude, on the sphere of the mean radius (6,371 km); in a county's span it errs by less than half a per cent."""
TO_A_STEP, TO_A_HAND = 5, 6
"""Decimals of a written degree: a metre, a tenth of a metre."""


def simplified(shapes: Sequence[BaseGeometry] | Shapes, tolerance_m: float, digits: int = TO_A_HAND) -> Shapes:
    """The same outlines with fewer corners, each still valid, with so many decimals.

    One outline nowhere leaves what it was by more than the tolerance (Douglas and Peucker 1973). Several that fit together
    along their borders, as beats do, go on doing so, and may leave it by about twice the tolerance (Visvalingam and Whyatt
    1993, which measures areas: of triangles no larger than the tolerance squared).
    """
    given = np.asarray(shapes, dtype=object)
    if not len(given):
        return given
    to_metres, to_degrees = _flat(given)
    flat = np.asarray(shapely.transform(given, to_metres), dtype=object)
    together = len(flat) > 1 and shapely.coverage_is_valid(flat)
    lighter = (shapely.coverage_simplify if together else shapely.simplify)(flat, tolerance_m)
    return np.asarray(shapely.set_precision(shapely.transform(lighter, to_degrees), 10.0**-digits), dtype=object)


def _flat(shapes: Shapes) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """To metres on a plane about the middle of the outlines, and back."""
    _, south, _, north = shapely.total_bounds(shapes)
    scale = np.array([METRES_A_DEGREE * math.cos(math.radians((south + north) / 2)), METRES_A_DEGREE])
    return lambda corners: corners * scale, lambda corners: corners / scale


def corners(shapes: Sequence[BaseGeometry] | Shapes) -> int:
    """How many corners outlines have, together."""
    return int(shapely.get_num_coordinates(shapes).sum())


def geojson(outlines: Iterable[tuple[dict[str, Any], BaseGeometry]], digits: int = TO_A_HAND, **members: Any) -> str:
    """A GeoJSON feature collection of outlines with their properties; `members` stand at its head."""
    features = [
        {"type": "Feature", "properties": properties, "geometry": _rounded(mapping(shape), digits)}
        for properties, shape in outlines
    ]
    return msgspec.json.encode({"type": "FeatureCollection", **members, "features": features}).decode()


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {key: _rounded(item, digits) for key, item in value.items()}
    return [_rounded(item, digits) for item in value] if isinstance(value, tuple | list) else value

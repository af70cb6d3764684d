"""GeoJSON geometries (RFC 7946) as shapely geometries in degrees: checked, and crossing outlines mended."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from console.geography.reference_system import Corners, Degrees


class NoGeometry(Exception):
    """A geometry of which nothing can be made; the message says why."""


class OffTheWorld(NoGeometry):
    """A geometry with coordinates that are nowhere on earth: swapped, or of another reference system than stated."""


_UNREADABLE = (
    TypeError, ValueError, OverflowError, KeyError, IndexError, AttributeError, RecursionError, shapely.errors.ShapelyError,
)  # fmt: skip
"""What Python, numpy and shapely raise at coordinates that are none."""


def geometry(found: Any, degrees: Degrees) -> tuple[BaseGeometry, list[str]]:
    """A GeoJSON geometry in WGS 84 degrees, longitude first, and what had to be mended. Raises `NoGeometry`."""
    mended: list[str] = []
    try:
        built = _built(found, degrees, mended)
    except _UNREADABLE as error:
        raise NoGeometry("its geometry cannot be read: coordinates are not lists of numbers") from error
    if built.is_empty:
        raise NoGeometry("its geometry is empty")
    return _valid(built, mended), mended


def _built(found: Any, degrees: Degrees, mended: list[str]) -> BaseGeometry:
    if found is None:
        raise NoGeometry("it has no geometry")
    if found["type"] == "GeometryCollection":
        return shapely.GeometryCollection([_built(part, degrees, mended) for part in found["geometries"]])
    listed = found["coordinates"]
    match found["type"]:
        case "Point":
            return shapely.Point(_corners([listed], degrees)[0])
        case "MultiPoint":
            return shapely.MultiPoint(_corners(listed, degrees))
        case "LineString":
            return shapely.LineString(_corners(listed, degrees))
        case "MultiLineString":
            return shapely.MultiLineString([_corners(line, degrees) for line in listed])
        case "Polygon":
            return _polygons([listed], degrees, mended)
        case "MultiPolygon":
            return _polygons(listed, degrees, mended)
    raise NoGeometry(f"its geometry is {str(found['type'])[:40]!r}, which is no GeoJSON geometry")


def _polygons(listed: Iterable[Any], degrees: Degrees, mended: list[str]) -> BaseGeometry:
    """One polygon, or several as one; rings that enclose nothing are left out."""
    polygons = []
    for rings in listed:
        closed = [corners for ring in rings if (corners := _ring(ring, degrees, mended)) is not None]
        # Without its outer ring, what were holes are none.
        if closed and len(rings[0]) >= 3:
            polygons.append(shapely.Polygon(closed[0], closed[1:]))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _ring(listed: Any, degrees: Degrees, mended: list[str]) -> Corners | None:
    if len(listed) < 3:
        mended.append(f"a ring of {len(listed)} corners left out")
        return None
    return _corners(listed, degrees)


def _corners(listed: Any, degrees: Degrees) -> Corners:
    try:
        corners = np.asarray(listed, dtype=float)
    except ValueError:  # some corners have a height, some have none
        corners = np.asarray([corner[:2] for corner in listed], dtype=float)
    if corners.size == 0:
        return np.empty((0, 2))
    if corners.ndim != 2 or corners.shape[1] < 2:
        raise ValueError("corners are pairs")
    corners = corners[:, :2]
    if not np.isfinite(corners).all():
        raise NoGeometry("a coordinate is not a number (NaN, null or infinite)")
    found = degrees(corners)
    outside = ~((np.abs(found) <= (180, 90)).all(axis=1))
    if outside.any():
        x, y = corners[outside][0]
        swapped = "; latitude and longitude may be swapped" if abs(x) <= 90 and 90 < abs(y) <= 180 else ""
        raise OffTheWorld(f"the coordinates {x:g}, {y:g} are nowhere in its reference system{swapped}")
    return found


def _valid(built: BaseGeometry, mended: list[str]) -> BaseGeometry:
    """The geometry itself if it is valid (OGC Simple Features), else made so; of an outline only what encloses ground."""
    if built.is_valid:
        return built
    mended.append(f"its outline is not simple ({shapely.is_valid_reason(built)}): mended")
    valid = shapely.make_valid(built)
    if built.geom_type in ("Polygon", "MultiPolygon"):
        flat = shapely.get_parts(shapely.get_parts([valid]))
        outlines = [part for part in flat if part.geom_type == "Polygon"]
        if not outlines:
            raise NoGeometry("its outline encloses nothing")
        valid = outlines[0] if len(outlines) == 1 else shapely.MultiPolygon(outlines)
    return valid

"""Coordinates of any reference system as WGS 84 degrees, many at once; a point that cannot be right is not a point."""

import math
from collections.abc import Sequence

import pyproj
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from console.recorded.findings import (
    BLANK_POINT,
    POINT_OUTSIDE_BOUNDS,
    POINT_OUTSIDE_WORLD,
    UNREADABLE_POINT,
    ZERO_POINT,
    Kind,
)
from console.recorded.mapping import Points

Point = tuple[float, float]
"""Latitude, longitude in degrees."""

_MARGIN = 0.5
"""Degrees by which a town may reach beyond the area its reference system was made for."""


class PointReader:
    """Reads pairs of coordinates. Raises ValueError with its place if the mapping names no reference system."""

    def __init__(self, points: Points) -> None:
        # PROJ can fetch correction grids by itself; no request leaves the machine.
        set_network_enabled(active=False)
        try:
            crs = pyproj.CRS.from_user_input(points.crs)
            to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        except pyproj.exceptions.ProjError as error:
            raise ValueError(f"point.crs: {points.crs!r} is no reference system; EPSG:4326 or EPSG:2264 is") from error
        self._to_degrees = None if crs.to_epsg() == 4326 else to_degrees
        area = crs.area_of_use
        # Far outside the area of a projection its formulas still give degrees, but of another place.
        self._bounds = points.bounds or (
            (area.west - _MARGIN, area.south - _MARGIN, area.east + _MARGIN, area.north + _MARGIN)
            if area and area.west < area.east
            else (-180.0, -90.0, 180.0, 90.0)
        )

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Point | Kind]:
        """For each pair of texts (x, y: east, north) its point, or why there is none."""
        read = [_numbers(x, y) for x, y in pairs]
        given = [pair for pair in read if not isinstance(pair, Kind)]
        xs, ys = [x for x, _ in given], [y for _, y in given]
        if self._to_degrees is not None and given:
            xs, ys = self._to_degrees.transform(xs, ys)
        degrees = zip(ys, xs, strict=True)
        return [pair if isinstance(pair, Kind) else self._believed(*next(degrees)) for pair in read]

    def _believed(self, latitude: float, longitude: float) -> Point | Kind:
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return POINT_OUTSIDE_WORLD
        west, south, east, north = self._bounds
        if not (west <= longitude <= east and south <= latitude <= north):
            return POINT_OUTSIDE_BOUNDS
        return latitude, longitude


def _numbers(x: str, y: str) -> tuple[float, float] | Kind:
    try:
        east, north = float(x), float(y)
    except ValueError:
        return UNREADABLE_POINT if x.strip() or y.strip() else BLANK_POINT
    if east == 0 and north == 0:
        return ZERO_POINT
    return (east, north) if math.isfinite(east) and math.isfinite(north) else UNREADABLE_POINT

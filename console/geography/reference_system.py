"""Coordinates of any reference system as WGS 84 degrees."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from console.geography.unusable import Unusable

Corners = NDArray[np.float64]
"""Shape (n, 2): x and y, or longitude and latitude."""
Degrees = Callable[[Corners], Corners]
"""Coordinates as a file has them to WGS 84 degrees, longitude first; what cannot be converted becomes infinite."""

WGS_84 = pyproj.CRS.from_epsg(4326)
_MARGIN = 0.5
"""Degrees by which a county may reach beyond the area its reference system was made for."""


def degrees_of(stated: str) -> Degrees:
    """How coordinates of a reference system become degrees. `stated` is WKT, a URN or a code as in EPSG:2264.

    A corner outside the area that the system was made for becomes infinite: the formulas still give degrees there, but of
    another place. Raises `Unusable` for a system that is not known.
    """
    # PROJ can fetch correction grids by itself; no request leaves the machine.
    set_network_enabled(active=False)
    try:
        crs = pyproj.CRS.from_user_input(stated)
        if crs.equals(WGS_84, ignore_axis_order=True):
            return _unchanged
        transformer = pyproj.Transformer.from_crs(crs, WGS_84, always_xy=True)
    except (pyproj.exceptions.ProjError, ValueError, TypeError) as error:
        raise Unusable(
            f"its coordinate reference system {_short(stated)!r} is not known; export it as WGS 84 (EPSG:4326)"
        ) from error
    return _Converted(transformer, crs.area_of_use)


def _unchanged(corners: Corners) -> Corners:
    return corners


class _Converted:
    """A transformer, and the area in which it tells the truth."""

    def __init__(self, transformer: pyproj.Transformer, area: Any) -> None:
        self._transformer = transformer
        bounded = area is not None and area.west < area.east
        self._low = np.array([area.west, area.south]) - _MARGIN if bounded else np.array([-np.inf, -np.inf])
        self._high = np.array([area.east, area.north]) + _MARGIN if bounded else np.array([np.inf, np.inf])

    def __call__(self, corners: Corners) -> Corners:
        found = np.column_stack(self._transformer.transform(corners[:, 0], corners[:, 1]))
        outside = ((found < self._low) | (found > self._high)).any(axis=1)
        found[outside] = np.inf
        return found


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."

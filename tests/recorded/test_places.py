"""Coordinates against another reckoning: Snyder's Lambert conformal conic, and a definition of its own given to PROJ."""

import math

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.recorded import findings as f
from console.recorded.mapping import Points
from console.recorded.places import PointReader

FOOT = 1200 / 3937
"""Metres in a US survey foot."""
STATE_PLANE = PointReader(Points("EPSG:2264"))


def to_state_plane(latitude: float, longitude: float) -> tuple[float, float]:
    """North Carolina State Plane in feet, by the formulas of Snyder (USGS Professional Paper 1395, 15-1 to 15-9).

    GRS 80; standard parallels 34 20 and 36 10, origin 33 45 north and 79 west, false easting 2,000,000 feet.
    """
    a, f_ = 6378137.0, 1 / 298.257222101
    e = math.sqrt(2 * f_ - f_ * f_)

    def m(phi: float) -> float:
        return math.cos(phi) / math.sqrt(1 - (e * math.sin(phi)) ** 2)

    def t(phi: float) -> float:
        s = e * math.sin(phi)
        return math.tan(math.pi / 4 - phi / 2) / math.pow((1 - s) / (1 + s), e / 2)

    phi1, phi2, phi0 = (math.radians(x) for x in (34 + 20 / 60, 36 + 10 / 60, 33.75))
    n = (math.log(m(phi1)) - math.log(m(phi2))) / (math.log(t(phi1)) - math.log(t(phi2)))
    big_f = m(phi1) / (n * t(phi1) ** n)
    rho, rho0 = (a * big_f * t(phi) ** n for phi in (math.radians(latitude), phi0))
    theta = n * math.radians(longitude + 79)
    return rho * math.sin(theta) / FOOT + 2_000_000.002616666, (rho0 - rho * math.cos(theta)) / FOOT


def point(reader: PointReader, x: float, y: float) -> tuple[float, float]:
    (read,) = reader.read([(repr(x), repr(y))])
    assert isinstance(read, tuple)
    return read


@given(st.floats(34.0, 36.5), st.floats(-84.0, -75.6))
def test_state_plane_feet_come_out_within_a_metre_of_the_formulas(latitude: float, longitude: float) -> None:
    x, y = to_state_plane(latitude, longitude)
    read_latitude, read_longitude = point(STATE_PLANE, x, y)
    assert abs(read_latitude - latitude) * 111_000 < 1
    assert abs(read_longitude - longitude) * 111_000 < 1


def test_state_plane_feet_come_out_within_a_metre_of_proj() -> None:
    own = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=lcc +lat_1=36.16666666666667 +lat_2=34.33333333333334 +lat_0=33.75 +lon_0=-79"
        " +x_0=609601.2192024384 +y_0=0 +ellps=GRS80 +units=us-ft +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    pairs = [(x, y) for x in range(1_960_000, 2_080_000, 10_000) for y in range(760_000, 900_000, 10_000)]
    read = STATE_PLANE.read([(str(x), str(y)) for x, y in pairs])
    assert len(read) == len(pairs)
    for (x, y), there in zip(pairs, read, strict=True):
        longitude, latitude = own.transform(x, y)
        assert isinstance(there, tuple)
        assert abs(there[0] - latitude) * 111_000 < 1
        assert abs(there[1] - longitude) * 111_000 < 1


def test_degrees_stay_as_they_are() -> None:
    assert point(PointReader(Points()), -78.9, 36.0) == (36.0, -78.9)


@pytest.mark.parametrize(
    ("x", "y", "kind"),
    [
        ("-78.9", "91", f.POINT_OUTSIDE_WORLD),
        ("181", "36", f.POINT_OUTSIDE_WORLD),
        ("3.1e7", "3.1e7", f.POINT_OUTSIDE_WORLD),
        ("0", "0", f.ZERO_POINT),
        ("0", "36", f.POINT_OUTSIDE_BOUNDS),
        ("36.0", "-78.9", f.POINT_OUTSIDE_BOUNDS),
    ],
)
def test_degrees_outside_the_world_or_the_bounds_are_no_point(x: str, y: str, kind: f.Kind) -> None:
    assert PointReader(Points(bounds=(-80.0, 35.0, -78.0, 37.0))).read([(x, y)]) == [kind]


def test_without_bounds_the_area_of_the_reference_system_bounds_its_points() -> None:
    assert STATE_PLANE.read([("3.1e7", "3.1e7"), ("31000000", "800000"), ("1e300", "1")]) == [f.POINT_OUTSIDE_BOUNDS] * 3


def test_many_at_once_keep_their_places() -> None:
    read = STATE_PLANE.read([("0", "0"), ("2000000", "815000"), ("x", "y"), ("2030000", "815000"), ("", "")])
    assert [isinstance(there, tuple) for there in read] == [False, True, False, True, False]
    assert (read[0], read[2], read[4]) == (f.ZERO_POINT, f.UNREADABLE_POINT, f.BLANK_POINT)
    assert isinstance(read[1], tuple) and isinstance(read[3], tuple) and read[1][1] < read[3][1]


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_text_makes_reading_raise(x: str, y: str) -> None:
    (read,) = STATE_PLANE.read([(x, y)])
    assert isinstance(read, f.Kind | tuple)

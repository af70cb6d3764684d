"""The lines of a center's streets, read from OpenStreetMap (.osm, .osm.bz2, .osm.gz, .pbf), GeoJSON or a Shapefile."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from console.geography.street_classes import (
    Attributes,
    StreetClass,
    StreetKind,
    street_class,
    street_level,
    street_name,
    street_oneway,
    street_speed,
)
from console.geography.unusable import Unusable
from console.geography.vector_file import read_features

OSM_ENDINGS = (".osm", ".osm.bz2", ".osm.gz", ".osm.xml", ".pbf")
_LARGE = 50 << 20
"""Bytes of an OpenStreetMap file whose nodes are kept in a file of their own meanwhile, and not in memory."""


class StreetLine(Struct, frozen=True):
    """One line of a street, in WGS 84 degrees.

    `oneway` is 1 along its points, -1 against them, 0 both ways. `speed_km_h` is the limit that the file gives, else what is
    usual for its class, None where neither is known. Lines of different `level` (bridges, tunnels) do not cross.
    """

    name: str
    kind: StreetKind
    oneway: int
    speed_km_h: float | None
    level: int
    points: tuple[tuple[float, float], ...]
    """Latitude, longitude; two at least."""


def read_streets(
    path: Path, findings: Callable[[str], None], progress: Callable[[float], object] = lambda _: None
) -> Iterator[StreetLine]:
    """Read the streets that units drive on, one line at a time.

    `findings` is told of each faulty feature and, at the end, of what was left out or assumed, as counts by reason;
    `progress` the share of the file that was read, 0 to 1 (of OpenStreetMap's only its end: the library tells no more).
    Raises `Unusable`, also in the middle, where the file is none of the kinds or broken off; the message does not name it.
    """
    reading = _Reading(findings)
    is_osm = path.name.lower().endswith(OSM_ENDINGS)
    features = _osm_ways(path, reading) if is_osm else _vector_lines(path, findings, progress, reading)
    for properties, lines in features:
        yield from reading.streets(properties, lines)
    progress(1.0)
    reading.tell()


_Line = tuple[tuple[float, float], ...]


class _Reading:
    """What came of the features so far: counts of what was left out and of what was assumed."""

    def __init__(self, findings: Callable[[str], None]) -> None:
        self._findings = findings
        self._left_out: Counter[str] = Counter()
        self._assumed: Counter[str] = Counter()

    def left_out(self, why: str) -> None:
        self._left_out[why] += 1

    def assumed(self, what: str) -> None:
        self._assumed[what] += 1

    def streets(self, properties: dict[str, object], lines: list[_Line]) -> Iterator[StreetLine]:
        attributes = Attributes(properties)
        found = street_class(attributes)
        if isinstance(found, str):
            self.left_out(found)
            return
        if attributes.of("area") == "yes":
            self.left_out("an area")
            return
        if found is None:
            self.assumed("class not known, taken for an ordinary street")
        oneway = street_oneway(attributes)
        if oneway is None:
            self.assumed("direction not known, taken for both ways")
        speed = self._speed(attributes, found)
        name, kind, level = street_name(attributes), found.kind if found else "street", street_level(attributes)
        for line in lines:
            if len(line) < 2:
                self.left_out("without length")
            else:
                yield StreetLine(name, kind, oneway or 0, speed, level, line)

    def _speed(self, attributes: Attributes, found: StreetClass | None) -> float | None:
        limit = street_speed(attributes)
        if limit is not None and limit < 0:
            self.assumed("limit not readable or not possible, the usual speed of its class taken")
            limit = None
        usual = found.speed_km_h if found else None
        return limit if limit is not None else usual

    def tell(self) -> None:
        for why, count in self._left_out.most_common():
            self._findings(f"{count} left out: {why}")
        for what, count in self._assumed.most_common():
            self._findings(f"{count} taken: {what}")


def _vector_lines(
    path: Path, findings: Callable[[str], None], progress: Callable[[float], object], reading: _Reading
) -> Iterator[tuple[dict[str, object], list[_Line]]]:
    from shapely import LineString, MultiLineString

    for feature in read_features(path, findings, progress):
        geometry = feature.geometry
        if isinstance(geometry, LineString):
            parts = [geometry]
        elif isinstance(geometry, MultiLineString):
            parts = list(geometry.geoms)
        else:
            reading.left_out(f"no line but a {geometry.geom_type}")
            continue
        yield feature.properties, [_apart((y, x) for x, y, *_ in part.coords) for part in parts]


def _osm_ways(path: Path, reading: _Reading) -> Iterator[tuple[dict[str, object], list[_Line]]]:
    """The ways with a `highway`; nodes beyond an extract's edge are not in it, and cut the way there."""
    import osmium

    if not path.is_file():
        raise Unusable("there is no such file")
    index = "sparse_file_array" if path.stat().st_size > _LARGE else "flex_mem"
    try:
        ways = osmium.FileProcessor(str(path)).with_locations(index).with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        for way in ways.with_filter(osmium.filter.KeyFilter("highway")):
            if not isinstance(way, osmium.osm.Way):
                continue
            pieces: list[list[tuple[float, float]]] = [[]]
            for node in way.nodes:
                if node.location.valid():
                    pieces[-1].append((node.location.lat, node.location.lon))
                elif pieces[-1]:
                    pieces.append([])
            lines = [line for piece in pieces if len(line := _apart(piece)) > 1]
            if not lines:
                reading.left_out("within the extract by less than two points")
                continue
            if sum(map(len, pieces)) < len(way.nodes):
                reading.assumed("way reaches beyond the extract, only the part within it")
            yield dict(way.tags), lines
    except (RuntimeError, OSError, ValueError) as error:
        raise Unusable(f"it is no OpenStreetMap file, or broken off ({error})") from error


def _apart(points: Iterable[tuple[float, float]]) -> _Line:
    """The points without repetitions one after another, which have no length; a point that is none ends nothing."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if all(map(math.isfinite, point)) and (not kept or kept[-1] != point):
            kept.append(point)
    return tuple(kept)

"""Features of a GeoJSON file or a Shapefile, one after another, in WGS 84."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct
from shapely.geometry.base import BaseGeometry

from console.geography.geometry import NoGeometry, OffTheWorld, geometry
from console.geography.json_members import CHUNK, JsonMembers, repaired
from console.geography.reference_system import Degrees, degrees_of
from console.geography.shape_records import ShapeRecords
from console.geography.unusable import Unusable

_LOST = 20
"""So many features off the world, and none on it, are not faults of features but of the reference system."""
_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_NO_CRS = "urn:ogc:def:crs:OGC:1.3:CRS84"
"""What GeoJSON is in where it says nothing (RFC 7946, 4)."""


class Feature(Struct, frozen=True):
    """One feature: where it stands in its file (the first is 1), what is said of it, and its geometry (longitude first)."""

    number: int
    properties: dict[str, object]
    geometry: BaseGeometry


class _Raw(NamedTuple):
    number: int
    properties: Any
    geometry: Any
    fault: str
    share: float


def read_features(
    path: Path, findings: Callable[[str], None], progress: Callable[[float], object] = lambda _: None
) -> Iterator[Feature]:
    """Every feature of a GeoJSON file (.geojson, .json) or Shapefile (.shp with .dbf and .prj, or a .zip of them).

    Coordinates are converted by the file's own reference system to WGS 84. `findings` is told of each feature that was left
    out or mended ("feature 12: ..."), `progress` the share of the file that was read, 0 to 1. Neither kind of file is loaded
    whole. Raises `Unusable` with place and reason for a file of which nothing can be made, also in the middle: a caller
    keeps nothing of a file before its end.
    """
    try:
        kind = _kind(path)
        source = _shapes(path, findings) if kind == "shapes" else _geojson(path, findings)
        yield from _features(source, findings, progress)
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror or error})") from error


def _features(
    source: "Iterator[tuple[_Raw, Degrees]]", findings: Callable[[str], None], progress: Callable[[float], object]
) -> Iterator[Feature]:
    good, lost, why = 0, 0, ""
    for raw, degrees in source:
        progress(raw.share)
        try:
            if raw.fault:
                raise NoGeometry(raw.fault)
            built, mended = geometry(raw.geometry, degrees)
        except NoGeometry as error:
            findings(f"feature {raw.number}: left out: {error}")
            if isinstance(error, OffTheWorld):
                lost, why = lost + 1, str(error)
            if not good and lost >= _LOST:
                break
            continue
        good += 1
        for words in mended:
            findings(f"feature {raw.number}: {words}")
        yield Feature(raw.number, _properties(raw, findings), built)
    if lost and not good:
        raise Unusable(f"none of its places is on the earth: {why}; export it with its reference system, or as WGS 84")


def _properties(raw: _Raw, findings: Callable[[str], None]) -> dict[str, object]:
    if raw.properties is None:
        return {}
    if not isinstance(raw.properties, dict):
        findings(f"feature {raw.number}: its properties are no record: not read")
        return {}
    try:
        properties, mixed = repaired(raw.properties)
    except RecursionError:
        findings(f"feature {raw.number}: its properties are nested too deeply: not read")
        return {}
    if mixed:
        findings(f"feature {raw.number}: some of its texts are not UTF-8; read as Windows-1252")
    return dict(properties)


def _kind(path: Path) -> str:
    """What a file is by its first bytes, whatever its name. Raises `Unusable` for what is neither."""
    if path.is_dir():
        raise Unusable("it is a folder; name the .geojson, .shp or .zip in it (a .gdb is exported to one of them first)")
    if path.suffix.lower() in (".dbf", ".shx", ".prj", ".cpg"):
        raise Unusable(f"it is one part of a Shapefile; name {path.with_suffix('.shp').name}")
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"SQLite format 3"):
        raise Unusable("it is a database (GeoPackage?); export it as GeoJSON or Shapefile")
    return "shapes" if start[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"\x00\x00\x27\x0a") else "geojson"


# ---------------------------------------------------------------------------------------------- Shapefile


def _shapes(path: Path, findings: Callable[[str], None]) -> Iterator[tuple[_Raw, Degrees]]:
    with closing(ShapeRecords(path, findings)) as records:
        degrees = degrees_of(records.reference_system)
        for number, record in enumerate(records, start=1):
            yield _Raw(number, record.properties, record.geometry, record.fault, record.share), degrees


# ---------------------------------------------------------------------------------------------- GeoJSON


def _geojson(path: Path, findings: Callable[[str], None]) -> Iterator[tuple[_Raw, Degrees]]:
    degrees = degrees_of(_stated_crs(path))
    alone: dict[str, Any] = {}
    number = 0
    with closing(JsonMembers(path, "features")) as members:
        for name, value in members:
            if name is not None:
                alone[name] = value
                continue
            number += 1
            if not (isinstance(value, dict) and value.get("type") == "Feature"):
                findings(f"feature {number}: left out: it is no GeoJSON feature{_esri(value)}")
                continue
            yield _Raw(number, value.get("properties"), value.get("geometry"), "", members.share), degrees
    kind = alone.get("type")
    if kind == "Feature":
        yield _Raw(1, alone.get("properties"), alone.get("geometry"), "", 1.0), degrees
    elif kind in _GEOMETRIES:
        yield _Raw(1, None, alone, "", 1.0), degrees
    elif kind != "FeatureCollection":
        raise Unusable(f"its type is {json.dumps(kind)[:40]}, which is no GeoJSON{_esri(alone)}")
    elif "features" in alone:
        raise Unusable("its features are no list")


def _stated_crs(path: Path) -> str:
    """The reference system that a GeoJSON file names (as GeoJSON did until 2016), wherever in the file that stands."""
    if not _mentions_crs(path):
        return _NO_CRS
    with closing(JsonMembers(path, "features")) as members:
        stated = next((value for name, value in members if name == "crs"), None)
    if stated is None:
        return _NO_CRS
    match stated:
        case {"type": "name", "properties": {"name": str(name)}}:
            return name
    raise Unusable(f"its crs member names no reference system: {json.dumps(stated)[:80]}; export it as WGS 84")


def _mentions_crs(path: Path) -> bool:
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            # As UTF-16 has it too: a zero byte between the letters.
            if b'"crs"' in (text := (before + chunk).replace(b"\0", b"")):
                return True
            before = text[-8:]
    return False


def _esri(value: Any) -> str:
    esri = isinstance(value, dict) and bool(value.keys() & {"attributes", "rings", "paths", "geometryType"})
    return " but Esri's own JSON; export it as GeoJSON" if esri else ""


__all__ = ["Feature", "Unusable", "read_features"]

"""The places of a file, whichever kind it is: rows of a delimited list, or features of a layer."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from console.authoring.rows_import import Findings, bar, batches, points, shortly, sniffed
from console.domain.agency import KnownPlace, Point
from console.geography.reference_system import degrees_of
from console.geography.vector_file import read_features
from console.recorded.mapping import FileShape, MappingError, read_mapping
from console.recorded.rows import RowFile

_LAYERS = (".geojson", ".json", ".shp", ".zip")
_DEGREES = "EPSG:4326"
_KNOWN: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "placename", "facility", "facilityname", "landmkname", "landmark", "commonname", "sitename", "station",
        "schoolname", "school", "title", "label",
    ),
    "kind": ("kind", "placekind"),
    "address": ("address", "fulladdress", "physicallocation", "streetaddress", "siteaddress", "location", "addr"),
    "longitude": ("longitude", "lon", "long", "lng"),
    "latitude": ("latitude", "lat"),
    "x": ("x", "pointx", "easting", "xcoord"),
    "y": ("y", "pointy", "northing", "ycoord"),
}  # fmt: skip
"""By part: the names of columns it is known by, without case and marks; the first that a file has counts."""
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")


class PlaceColumns(Struct, frozen=True, forbid_unknown_fields=True):
    """Which column, or property of a feature, holds what; x is east, y is north, and only rows have them."""

    name: str
    kind: str = ""
    address: str = ""
    x: str = ""
    y: str = ""


class PlaceMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of list: how the file is written, its columns, the reference system of x and y."""

    columns: PlaceColumns
    title: str = ""
    file: FileShape = FileShape()
    crs: str = _DEGREES


def taken(args: argparse.Namespace, center: Point, findings: Findings) -> Iterator[tuple[int, KnownPlace]]:
    """Every place of the file with the number of its row or feature; the others are findings.

    Raises `Unusable` or MappingError for a file of which nothing can be made.
    """
    if args.kind is not None and not _KIND.fullmatch(args.kind):
        raise MappingError(f"--kind {args.kind}: small letters, digits and _, as in drop_off")
    mapping = read_mapping(args.map, PlaceMapping) if args.map else None
    if args.file.suffix.lower() in _LAYERS:
        yield from _of_layer(args, mapping, findings)
    else:
        yield from _of_rows(args, mapping, center, findings)


def _of_rows(
    args: argparse.Namespace, mapping: PlaceMapping | None, center: Point, findings: Findings
) -> Iterator[tuple[int, KnownPlace]]:
    with RowFile(args.file, mapping.file if mapping else sniffed(args.file)) as file, bar(args.file) as progress:
        column = _finder(args, mapping, file.names)
        name, kind, address = column("name"), column("kind"), column("address")
        x, y = column("x"), column("y")
        crs = args.crs or (mapping.crs if mapping else _DEGREES)
        if mapping is None and (not x or not y or not args.crs):
            degrees_there = column("longitude"), column("latitude")
            if all(degrees_there):
                (x, y), crs = degrees_there, _DEGREES
        if not (name and x and y):
            missing = "name" if not name else "point"
            found = shortly(file.names)
            raise MappingError(
                f"{args.file}: no column of it is known as its {missing}; name it in a mapping file (--map). It has: {found}"
            )
        where = {each: file.names.index(each) for each in (name, kind, address, x, y) if each}
        for batch in batches(file, findings, progress):
            for row, point in points(batch, where[x], where[y], degrees_of(crs), center, findings):
                said = [row.cells[where[each]] if each else "" for each in (name, kind, address)]
                if (place := _place(args.kind, said, point, row.line, findings)) is not None:
                    yield row.line, place


def _of_layer(
    args: argparse.Namespace, mapping: PlaceMapping | None, findings: Findings
) -> Iterator[tuple[int, KnownPlace]]:
    findings.unit = "feature"

    def say(words: str) -> None:
        number, _, what = words.removeprefix("feature ").partition(": ")
        where = int(number) if number.isdecimal() else 0
        if what.startswith("left out: "):
            findings.left_out(where, "without a usable geometry", what.removeprefix("left out: "))
        else:
            findings.say(where, what or words)

    for feature in read_features(args.file, say):
        column = _finder(args, mapping, list(feature.properties))
        names = [column(part) for part in ("name", "kind", "address")]
        if not names[0]:
            findings.left_out(feature.number, "without a name", f"its properties are {shortly(list(feature.properties))}")
            continue
        said = [_text(feature.properties.get(each)) if each else "" for each in names]
        inside = feature.geometry.representative_point()
        if inside.is_empty:
            findings.left_out(feature.number, "without a point")
        elif (place := _place(args.kind, said, (inside.y, inside.x), feature.number, findings)) is not None:
            yield feature.number, place


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _place(given: str | None, said: Sequence[str], point: Point, number: int, findings: Findings) -> KnownPlace | None:
    """The place, or None with a finding."""
    name, kind, address = (" ".join(text.split()) for text in said)
    kind = given or re.sub(r"[\s-]+", "_", kind.lower())
    if not name:
        findings.left_out(number, "without a name")
    elif not kind:
        findings.left_out(number, "without a kind", "say --kind")
    elif not _KIND.fullmatch(kind):
        findings.left_out(number, "a kind that is none", f"{kind[:40]!r}; small letters, digits and _, as in drop_off")
    else:
        return KnownPlace(name, kind, round(point[0], 6), round(point[1], 6), address)
    return None


def _finder(args: argparse.Namespace, mapping: PlaceMapping | None, names: Sequence[str]) -> Callable[[str], str]:
    """Gives the file's own name of a part's column, "" for none; MappingError for one that only the mapping has."""
    plain: Mapping[str, str] = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in reversed(names)}

    def column(part: str) -> str:
        if mapping is None:
            return next((plain[known] for known in _KNOWN[part] if known in plain), "")
        named: str = getattr(mapping.columns, part)
        if named and named not in names:
            raise MappingError(f"{args.map}: columns.{part}: there is no {named!r}; there are {shortly(names)}")
        return named

    return column

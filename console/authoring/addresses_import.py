"""`heart-console import addresses`: a center's own list of addresses and crossings, made into what the geocoder reads."""

import argparse
import sys
from pathlib import Path

from console.authoring.rows_import import FINE, FOUND, USAGE, Findings, bar, batches, lost_its_way, points, sniffed
from console.domain.agency import Point
from console.hub.configuration import ConfigurationFaulty, load
from console.recorded.mapping import MappingError
from console.recorded.rows import RowFile

NAME = "addresses.sqlite"
_DEGREES = "EPSG:4326"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console import addresses`."""
    what = "CSV: address, lat, lon; the field names of NENA-STA-006; or others with --map"
    parser.add_argument("file", type=Path, metavar="FILE.csv", help=what)
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="the configuration that gets it")
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help="which columns hold what, where their names do not say")
    parser.add_argument("--crs", metavar="CODE", help="the reference system of x and y, as in EPSG:2264 (default: degrees)")


def main(args: argparse.Namespace) -> int:
    """Read and write: 0 every row was taken, 1 some were not (they are listed), 2 nothing was written."""
    from console.geography.unusable import Unusable

    findings = Findings(args.file)
    try:
        told = _import(args, load(args.config).center, findings)
    except (ConfigurationFaulty, MappingError, OSError) as error:
        return _nothing(f"heart-console import addresses: {error}")
    except Unusable as error:
        return _nothing(f"{args.file}: {error}")
    print(told)
    return FOUND if findings.counts else FINE


def _nothing(why: str) -> int:
    print(f"{why}\nNothing was written.", file=sys.stderr)
    return USAGE


def _import(args: argparse.Namespace, center: Point, findings: Findings) -> str:
    """Write the index, and tell what was taken."""
    from console.authoring.address_columns import load_address_mapping, mapped, recognised
    from console.geography.address_index import AddressIndexWriter
    from console.geography.reference_system import degrees_of
    from console.geography.unusable import Unusable

    mapping = load_address_mapping(args.map) if args.map else None
    crs = args.crs or (mapping.crs if mapping else _DEGREES)
    repaired = 0
    path = args.config / "geography" / NAME
    with RowFile(args.file, mapping.file if mapping else sniffed(args.file)) as file:
        try:
            columns = (
                mapped(file.names, mapping.columns) if mapping else recognised(file.names, projected=args.crs is not None)
            )
        except MappingError as error:
            raise MappingError(f"{args.map or args.file}: {error}") from error
        degrees = degrees_of(_DEGREES if columns.in_degrees else crs)
        with AddressIndexWriter(path) as index, bar(args.file) as progress:
            taken = 0
            for batch in batches(file, findings, progress):
                for row, (latitude, longitude) in points(batch, columns.x, columns.y, degrees, center, findings):
                    words, called = columns.words(row.cells), columns.called(row.cells)
                    if index.add(words, latitude, longitude, columns.town(row.cells), called):
                        taken += 1
                        repaired += row.repaired
                    else:
                        findings.left_out(row.line, "without an address")
            if why := lost_its_way(findings, taken, _DEGREES if columns.in_degrees else crs):
                raise Unusable(why)
            if not taken:
                raise Unusable(f"no row of it could be taken; left out: {findings.summary}")
    counted = index.counted
    mended = f"; {repaired:,} with letters that are not UTF-8, read as Windows-1252" if repaired else ""
    return (
        f"{args.file.name}: {taken:,} rows taken: {counted.addresses:,} addresses on {counted.streets:,} streets, "
        f"{counted.crossings:,} crossings, {counted.names:,} names{mended}; left out: {findings.summary}\n"
        f"{path} is in force. A hub that runs takes it by itself."
    )

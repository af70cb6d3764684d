"""`heart-console import places`: drop-off centers, hospitals, shelters ... from a list or a layer, into places.csv."""

import argparse
import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from console.authoring.rows_import import FAR_KM, FINE, FOUND, USAGE, Findings
from console.domain.agency import Agency, KnownPlace
from console.domain.travel import kilometres
from console.geography.aside import aside
from console.hub.configuration import ConfigurationFaulty, load
from console.recorded.mapping import MappingError

NAME = "places.csv"
COLUMNS = KnownPlace.__struct_fields__
_SAME_M = 1.0
"""A place that moved by less than so many metres did not move."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console import places`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, GeoJSON, or a Shapefile")
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="the configuration that gets them")
    parser.add_argument(
        "--kind", metavar="KIND", help="what they are (drop_off, hospital, shelter ...), if the file does not say"
    )
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help="which columns hold what, where their names do not say")
    parser.add_argument("--crs", metavar="CODE", help="CSV: the reference system of x and y, as in EPSG:2264")


def main(args: argparse.Namespace) -> int:
    """Read and write: 0 every place was taken, 1 some were not (they are listed), 2 nothing was written."""
    from console.authoring.places_taken import taken
    from console.geography.unusable import Unusable

    findings = Findings(args.file)
    try:
        agency = load(args.config)
        found = list(_apart(taken(args, agency.center, findings), agency, findings))
        if not found:
            raise Unusable(f"no place of it could be taken; left out: {findings.summary}")
        merged, told = merge(agency.places, (place for _, place in found))
        _write(args.config, as_csv(merged))
    except (ConfigurationFaulty, MappingError, OSError) as error:
        return _nothing(f"heart-console import places: {error}")
    except Unusable as error:
        return _nothing(f"{args.file}: {error}")
    print(*told, sep="\n")
    print(
        f"{args.file.name}: {len(found):,} places taken; left out: {findings.summary}\n"
        f"{args.config / NAME} has {len(merged):,} places. A hub takes it when it is started again."
    )
    return FOUND if findings.counts else FINE


def _nothing(why: str) -> int:
    print(f"{why}\nNothing was written.", file=sys.stderr)
    return USAGE


def _apart(places: Iterable[tuple[int, KnownPlace]], agency: Agency, findings: Findings) -> Iterator[tuple[int, KnownPlace]]:
    """The places that are of the center's ground, each name once."""
    seen: dict[str, int] = {}
    for number, place in places:
        key = place.name.casefold()
        if key in seen:
            findings.left_out(
                number, "a name that stands there twice", f"{place.name}, first in {findings.unit} {seen[key]}"
            )
        elif kilometres(place.point, agency.center) > FAR_KM:
            findings.left_out(
                number, f"more than {FAR_KM:g} km from the center", f"{place.latitude:.4f}, {place.longitude:.4f}"
            )
        else:
            seen[key] = number
            yield number, place


def merge(known: Sequence[KnownPlace], found: Iterable[KnownPlace]) -> tuple[list[KnownPlace], list[str]]:
    """The known places with those found put in by name, and what changed, one line a place."""
    merged = {place.name.casefold(): place for place in known}
    told: list[str] = []
    for place in found:
        key = place.name.casefold()
        before = merged.get(key)
        if before is None:
            told.append(f"new: {place.name} ({place.kind})")
            merged[key] = place
            continue
        # A list that has no address says nothing against the one that is known; a name is written as people know it.
        after = replace(place, name=before.name, address=place.address or before.address)
        moved = kilometres(before.point, after.point) * 1000
        if moved < _SAME_M:
            after = replace(after, latitude=before.latitude, longitude=before.longitude)
        if after != before:
            told.append(f"changed: {before.name}: {', '.join(_changes(before, after, moved))}")
            merged[key] = after
    return list(merged.values()), told


def _changes(before: KnownPlace, after: KnownPlace, moved: float) -> Iterator[str]:
    if before.point != after.point:
        yield f"moved by {moved:,.0f} m"
    for field in ("kind", "address"):
        ours, theirs = getattr(before, field), getattr(after, field)
        if ours != theirs:
            yield f"{field} {ours or 'none'} is now {theirs}"


def as_csv(places: Iterable[KnownPlace]) -> str:
    """The text of a places.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(place, column)) for column in COLUMNS] for place in places)
    return text.getvalue()


def _cell(value: Any) -> str:
    return f"{value:.6f}".rstrip("0").removesuffix(".") if isinstance(value, float) else str(value)


def _write(folder: Path, text: str) -> None:
    """Put the places in, if the configuration can be read with them."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / folder.resolve().name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("geography"))
        (copy / NAME).write_text(text, encoding="utf-8")
        load(copy)
    with aside(folder / NAME) as part:
        part.write_text(text, encoding="utf-8")

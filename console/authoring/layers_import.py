"""`heart-console import layers`: beats, districts and other outlines of a center, or the area that a programme serves."""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from tqdm import tqdm

from console.domain.agency import Agency
from console.hub.configuration import ConfigurationFaulty, load

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes."""
TOLERANCE_M = 5.0
"""Metres to which a service area is simplified, if nothing else is said: the width of a street."""
FAR_KM = 200.0
"""A layer of which nothing lies so near to the center is not of its ground."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console import layers`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="GeoJSON, or a Shapefile (.shp beside .dbf and .prj, or a .zip)"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="the configuration that gets it")
    parser.add_argument("--kind", type=_name, metavar="KIND", help="beat (which each call then gets), district, city, ...")
    parser.add_argument("--name", type=_name, metavar="NAME", help="this layer's own; one of the same name is replaced")
    parser.add_argument("--label", metavar="PROPERTY", help="the property that names each outline, as in BEAT")
    since = "since when it holds; the newest layer of a kind that holds on a day counts (default: always)"
    parser.add_argument("--from", dest="since", type=_date, metavar="DATE", help=since)
    area = "write the whole outline as areas/NAME.geojson, which programmes name as their area, instead"
    parser.add_argument("--service-area", type=_name, metavar="NAME", help=area)
    parser.add_argument("--only", type=_pair, metavar="PROPERTY=VALUE", help="of the features only these")
    tolerance = f"by how many metres a service area may leave the file's outline (default: {TOLERANCE_M:g})"
    parser.add_argument("--tolerance", type=_metres, default=TOLERANCE_M, metavar="M", help=tolerance)


def main(args: argparse.Namespace) -> int:
    """Read and write: 0 everything was taken, 1 something was left out or mended (it is listed), 2 nothing was written."""
    from console.geography.unusable import Unusable

    try:
        _usage(args)
        agency = load(args.config)
        taken = _Taken(args, agency)
        print("\n".join(_service_area(args, agency, taken) if args.service_area else _layer(args, taken)))
    except (ConfigurationFaulty, _Usage, OSError) as error:
        print(f"heart-console import layers: {error}\nNothing was written.", file=sys.stderr)
        return USAGE
    except Unusable as error:
        print(f"{args.file}: {error}\nNothing was written.", file=sys.stderr)
        return USAGE
    return FOUND if taken.said else FINE


class _Usage(Exception):
    """What was asked for does not go together, or fits nothing; the message says what to do."""


class _Taken:
    """The outlines of a file that are taken, with their labels, and what was said of the others."""

    def __init__(self, args: argparse.Namespace, agency: Agency) -> None:
        from console.geography.vector_file import read_features

        self.said = 0
        self.labels: list[str] = []
        self.shapes: list[Any] = []
        self._file: Path = args.file
        self._left_out: Counter[str] = Counter()
        self._seen: set[str] = set()
        with tqdm(desc="reading", total=100, unit="%", leave=False, disable=not sys.stderr.isatty()) as bar:
            for feature in read_features(args.file, self._say, lambda share: bar.update(100 * share - bar.n)):
                self._take(feature, args)
        self._belongs(agency)

    @property
    def left_out(self) -> str:
        """How many features were left out, by reason; "" for none."""
        return ", ".join(f"{count} {why}" for why, count in sorted(self._left_out.items()))

    def _take(self, feature: Any, args: argparse.Namespace) -> None:
        self._seen |= feature.properties.keys()
        if args.only is not None and _text(feature.properties.get(args.only[0])) != args.only[1]:
            self._left_out[f"not {args.only[0]} = {args.only[1]}"] += 1
            return
        label = _text(feature.properties.get(args.label)) if args.label else args.service_area
        if feature.geometry.geom_type not in ("Polygon", "MultiPolygon"):
            self._lose(feature.number, "no outline", f"a {feature.geometry.geom_type} encloses no ground")
        elif not label:
            self._lose(feature.number, "without a label", f"it has no {args.label}")
        else:
            self.labels.append(label)
            self.shapes.append(feature.geometry)

    def _lose(self, number: int, why: str, words: str) -> None:
        self._left_out[why] += 1
        self._print(f"feature {number}: left out: {words}")

    def _say(self, words: str) -> None:
        """What the reader finds: it leaves out what has no geometry that could be read."""
        if ": left out: " in words:
            self._left_out["without a usable geometry"] += 1
        self._print(words)

    def _print(self, words: str) -> None:
        self.said += 1
        tqdm.write(f"{self._file}: {words}", file=sys.stderr)

    def _belongs(self, agency: Agency) -> None:
        """Refuse what fits nothing: no outline, a property that no feature has, ground that is not the center's."""
        import shapely

        if not self.shapes:
            known = ", ".join(sorted(self._seen)) or "none"
            raise _Usage(
                f"{self._file}: no outline was taken{f' ({self.left_out})' if self.left_out else ''}; "
                f"the properties of its features are: {known}"
            )
        latitude, longitude = agency.center
        away = shapely.distance(
            shapely.Point(longitude, latitude), shapely.union_all([shapely.box(*shape.bounds) for shape in self.shapes])
        )
        if away * 111.2 > FAR_KM:
            west, south, east, north = shapely.total_bounds(self.shapes)
            raise _Usage(
                f"{self._file}: it lies at latitudes {south:.3f} to {north:.3f} and longitudes {west:.3f} to {east:.3f}, "
                f"more than {FAR_KM:g} km from the center ({latitude:g}, {longitude:g}); latitude and longitude may be "
                "swapped, or its reference system is another than it says"
            )


def _layer(args: argparse.Namespace, taken: _Taken) -> Iterator[str]:
    import numpy as np

    from console.geography import layers_file
    from console.geography.unusable import Unusable

    shapes = np.empty(len(taken.shapes), dtype=object)
    shapes[:] = taken.shapes
    since = args.since or layers_file.ALWAYS
    layer = layers_file.OutlineLayer(args.name, args.kind, since, args.file.name, tuple(taken.labels), shapes)
    path = args.config / "geography" / layers_file.NAME
    try:
        names = layers_file.keep(path, layer)
    except Unusable as error:
        raise _Usage(f"{path}: {error}") from error
    yield (
        f"{args.file.name}: {_outlines(taken)} taken as {args.name!r} ({args.kind}), {_since(args.since)}; "
        f"left out: {taken.left_out or 'none'}"
    )
    twice = [label for label, count in Counter(taken.labels).items() if count > 1]
    if twice:
        yield f"labels that several outlines have, which is then one place for calls: {', '.join(twice[:10])}"
    yield f"{path} now has: {', '.join(names)}. A hub that runs takes it by itself."


def _service_area(args: argparse.Namespace, agency: Agency, taken: _Taken) -> Iterator[str]:
    import shapely

    from console.geography.aside import aside
    from console.geography.outlines import corners, geojson, simplified

    whole = [shapely.union_all(taken.shapes)]
    lighter = simplified(whole, args.tolerance)
    about = f"from {args.file.name}, simplified to {args.tolerance:g} m"
    text = geojson([({"name": args.service_area, "about": about}, lighter[0])], name=args.service_area)
    path = args.config / "areas" / f"{args.service_area}.geojson"
    with aside(path) as part:
        part.write_text(f"{text}\n", encoding="utf-8")
    yield (
        f"{args.file.name}: {_outlines(taken)} taken as the area {args.service_area!r}, "
        f"{corners(lighter):,} corners of {corners(whole):,} within {args.tolerance:g} m; "
        f"left out: {taken.left_out or 'none'}"
    )
    named = [
        f"    {programme.name} ({programme.code}): from {area.effective_from:%Y-%m-%d}{_until(programme.areas, area)}"
        for programme in agency.programmes
        for area in programme.areas
        if area.file == args.service_area
    ]
    if named:
        yield f"{path} is served by:"
        yield from named
        yield "A hub takes it when it is started again."
    else:
        line = f'areas = [{{ effective_from = {args.since or date(2026, 1, 1):%Y-%m-%d}, file = "{args.service_area}" }}]'
        yield f"{path}: no programme names it yet; in agency.toml, under its [[programmes]]: {line}"


def _outlines(taken: _Taken) -> str:
    return f"{len(taken.shapes)} {'outline' if len(taken.shapes) == 1 else 'outlines'}"


def _until(areas: Any, area: Any) -> str:
    later = min((other.effective_from for other in areas if other.effective_from > area.effective_from), default=None)
    return f" until another takes its place on {later:%Y-%m-%d}" if later else ""


# ---------------------------------------------------------------------------------------------- arguments


def _usage(args: argparse.Namespace) -> None:
    if args.service_area:
        if args.kind or args.name or args.label:
            raise _Usage("--service-area writes one outline without --kind, --name and --label")
    elif not (args.kind and args.label):
        raise _Usage("say what kind of layer it is and which property names its outlines, as in --kind beat --label BEAT")
    args.name = args.name or args.kind


def _text(value: object) -> str:
    """A property as a label: 111.0 is 111, as Shapefiles have numbers."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.strip() if isinstance(value, str) else msgspec.json.encode(value).decode()


def _since(since: date | None) -> str:
    return f"from {since:%Y-%m-%d}" if since else "of all times"


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name: small letters, digits, - and _, at most 40, as in beats-2026"
        )
    return text


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, as in 2026-01-31") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r}: write PROPERTY=VALUE, as in CITY=Anytown")
    return name.strip(), value.strip()


def _metres(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1_000:
        raise argparse.ArgumentTypeError(f"{text!r}: metres, 0 to 1000")
    return found

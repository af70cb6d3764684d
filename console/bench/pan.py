"""How smoothly the map pans over a city's drawn streets with a full floor on it, beside a bare page with the same tiles."""

import json
import os
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from console.bench.child import Child, child
from console.bench.figure import Figure, percentile
from console.bench.full_floor import configuration_with
from console.domain.agency import Point
from console.hub.configuration import load

UNITS = 500
CALLS = 200
SIZE = (970, 620)
ZOOM = 12.6
ZOOMS = range(11, 15)
"""Of the tiles that are drawn for it."""
SECONDS = 10
ROUNDS = 3
WANTED = 30.0
"""Frames a second."""
_GRID = 60
"""Streets of a made-up city in each direction, where no real one is at hand."""


def measure() -> list[Figure]:
    """Rounds of both in turn."""
    fps: dict[str, list[float]] = {"pane": [], "page": []}
    slow: dict[str, list[float]] = {"pane": [], "page": []}
    painted: dict[str, list[float]] = {"pane": [], "page": []}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = configuration_with(folder, UNITS)
        streets, what = city(folder, load(config).center)
        module, ground = "console.bench.pan_window", folder / "geography"
        with child(folder / "draw", module, "draw", str(streets), str(ground)) as drawing:
            lines, tiles = drawing.hear()
        with (
            child(folder / "pane", module, "pane", str(config), str(ground)) as pane,
            child(folder / "page", module, "page", str(config), str(ground)) as page,
        ):
            pane.hear(), page.hear()
            for _ in range(ROUNDS):
                for name, process in (("page", page), ("pane", pane)):
                    times, paintings = _pan(process)
                    gaps = [after - before for before, after in pairwise(times)]
                    seconds = (times[-1] - times[0]) / 1000
                    fps[name].append(len(gaps) / seconds)
                    painted[name].append(paintings / seconds)
                    slow[name].append(percentile(gaps, 95))
    how = (
        f"{ROUNDS} pans of {SECONDS} s in turn, 480 px a second by Leaflet's panBy in legs of 240 px along 1,920 x 960 px "
        f"at zoom {ZOOM}, {SIZE[0]} x {SIZE[1]} px, rendered without a graphics card; frames are the page's own "
        f"requestAnimationFrame, and the paintings of the window are counted beside; tiles of {what} ({lines:,} lines, "
        f"{tiles:,} tiles), {UNITS} units moved once a second, {CALLS} calls; the median round. Baseline: a bare Leaflet "
        f"page with the same tiles and nothing on them"
    )
    return [
        Figure("map pan, frames of the page", median(fps["pane"]), "/s", WANTED, how, median(fps["page"]), True, True),
        Figure("map pan, paintings of the window", median(painted["pane"]), "/s", WANTED, how, at_least=True),
        Figure("map pan, p95 between frames", median(slow["pane"]), "ms", None, how, median(slow["page"])),
    ]


def _pan(process: Child) -> tuple[list[float], int]:
    process.tell(SECONDS)
    said = process.hear()
    return said["times"], said["painted"]


def city(folder: Path, center: Point) -> tuple[Path, str]:
    """The streets of the real city where its data is at hand, else of a made-up city around the center; and which it is."""
    named = os.environ.get("HEART_REAL_DATA")
    real = next(Path(named).glob("*/*_osm_roads.geojson"), None) if named else None
    if real is not None:
        return real, "a real city's streets from OpenStreetMap"
    made = folder / "streets.geojson"
    made.write_text(json.dumps({"type": "FeatureCollection", "features": list(grid(center))}), encoding="utf-8")
    return made, "a made-up city"


def grid(center: Point) -> Iterator[dict[str, object]]:
    """A city of straight streets, every fifth an artery, in blocks: as many lines as a real one has."""
    latitude, longitude = center
    step = 0.0045
    for across in (False, True):
        for street in range(-_GRID // 2, _GRID // 2):
            kind = "primary" if street % 5 == 0 else "residential"
            for block in range(-_GRID // 2, _GRID // 2, 2):
                ends = [(longitude + at * step, latitude + street * step) for at in (block, block + 2)]
                if across:
                    ends = [(longitude + street * step, latitude + at * step) for at in (block, block + 2)]
                name = f"{abs(street)}{'th' if across else ''} {'Street' if across else 'Avenue'}"
                yield {
                    "type": "Feature",
                    "properties": {"name": name, "highway": kind},
                    "geometry": {"type": "LineString", "coordinates": ends},
                }

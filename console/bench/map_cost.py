"""What 500 moving units cost the processor on the desk's map, beside a bare Leaflet page that is given the same moves."""

import tempfile
from pathlib import Path

from console.bench.child import child
from console.bench.figure import Figure
from console.bench.full_floor import configuration_with

UNITS = 500
SECONDS = 10
ROUNDS = 3


def measure() -> list[Figure]:
    """Rounds of both in turn; all processes of the page that does not move stand still meanwhile."""
    spent = {"pane": 0.0, "page": 0.0}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = str(configuration_with(folder, UNITS))
        module = "console.bench.map_window"
        with (
            child(folder / "pane", module, "pane", config) as pane,
            child(folder / "page", module, "page", config) as page,
        ):
            pane.hear(), page.hear()
            for _ in range(ROUNDS):
                for name, process in (("page", page), ("pane", pane)):
                    before = process.processor_s()
                    process.tell(SECONDS)
                    process.hear()
                    spent[name] += process.processor_s() - before
    seconds = ROUNDS * SECONDS
    how = (
        f"processor time a second of all processes of a window, {UNITS} units moved once a second for {seconds} s, "
        f"970 x 620, rendered without a graphics card: the desk's map pane with its store, symbols, names and the ageing "
        f"of them all; baseline: the same Leaflet with a canvas circleMarker for each, moved with setLatLng"
    )
    value, base = spent["pane"] / seconds * 1e3, spent["page"] / seconds * 1e3
    return [Figure("map, 500 units at 1 Hz", value, "ms/s", 1.3, how, base)]

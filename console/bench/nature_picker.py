"""What one key stroke costs while a nature is looked up, until the list is painted, beside a plain scan for the letters."""

import tempfile
from pathlib import Path

from console.bench.child import child
from console.bench.figure import Figure, percentile

SIZES = (1_500, 5_000)
CALLS = 1_300
ROUNDS = 5
TYPED = (
    "trespass", "tp wpn", "mental health crisis", "mh juv", "welf", "wlefare chekc", "susp veh", "distrubance in progress",
    "domestic violence just occurred", "od child", "crash trapped", "not breathing", "burg alarm", "hearing voices",
    "armed robbery", "tresspass weppon", "school fight", "highway", "zzzz", "unconscious older patient",
)  # fmt: skip
"""Codes, words, abbreviations, slips, and what is in no catalogue."""


def measure() -> list[Figure]:
    """The same words typed letter by letter, in rounds, at a real line in a window of its own process, for each size."""
    found = []
    with tempfile.TemporaryDirectory() as made:
        for size in SIZES:
            folder = Path(made) / str(size)
            folder.mkdir()
            with child(folder, "console.bench.picker_window", str(size), str(CALLS)) as window:
                ready = window.hear()
                rounds: dict[str, list[list[float]]] = {"picker": [], "scan": []}
                for _ in range(ROUNDS + 1):
                    window.tell(TYPED)
                    for name, strokes in window.hear().items():
                        rounds[name].append(strokes)
            # The same stroke in every round: its quickest is what it costs, the rest is what else the machine did then.
            strokes = [min(same) * 1e3 for same in zip(*rounds["picker"][1:], strict=True)]
            scans = [min(same) * 1e3 for same in zip(*rounds["scan"][1:], strict=True)]
            found += _figures(size, ready["natures"], ready["prepared_ms"], strokes, scans)
    return found


def _figures(size: int, natures: int, prepared_ms: float, strokes: list[float], scans: list[float]) -> list[Figure]:
    how = (
        f"{len(strokes)} key strokes of {len(TYPED)} searches in {natures:,} natures with {CALLS:,} calls on the board: the "
        f"search, the list and its painting, off screen; each the quickest of {ROUNDS} rounds after one to warm up; "
        f"preparing the catalogue, once, when the line is entered, {prepared_ms:.0f} ms; baseline: a plain scan"
    )
    typical, worst = percentile(strokes, 50), max(strokes)
    return [
        Figure(f"key stroke, {size:,} natures", typical, "ms", 5.0, how, percentile(scans, 50), of_value=True),
        Figure(f"worst key stroke, {size:,} natures", worst, "ms", 16.0, how, max(scans), of_value=True),
    ]

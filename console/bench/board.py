"""What one change costs the desk's UI thread with 1,300 calls on the board, beside a bare Qt table of as many rows."""

import tempfile
from pathlib import Path

from console.bench.child import child
from console.bench.figure import Figure, percentile

ROWS = 1_300
CHANGES = 198
ROUNDS = 6
PAUSE_MS = 50
"""20 changes a second."""


def measure() -> list[Figure]:
    """Rounds of both in turn, each in a window of its own process."""
    with tempfile.TemporaryDirectory() as folder:
        queue, table = Path(folder) / "queue", Path(folder) / "table"
        module = "console.bench.board_window"
        with (
            child(queue, module, "queue", str(ROWS), str(CHANGES)) as board,
            child(table, module, "table", str(ROWS), str(CHANGES)) as bare,
        ):
            board.hear(), bare.hear()
            spent: dict[str, list[float]] = {"board": [], "bare": []}
            for _ in range(ROUNDS):
                for name, process in (("bare", bare), ("board", board)):
                    process.tell(0)
                    spent[name] += process.hear()
            board.tell(PAUSE_MS)
            paced = board.hear()
    by_place = [percentile(spent["board"][place::6], 50) * 1e3 for place in range(6)]
    how = (
        f"UI thread, wall time of one change from the entry's JSON to the painted row: decoding, the replica, the store, "
        f"the pane and the painting, each painted before the next; {ROWS:,} pending calls, {CHANGES * ROUNDS} changes in "
        f"view, four in six to a row, one an arrival above all rows, one its leaving (worst median {max(by_place):.2f} "
        f"ms); 20 a second, with the processor's caches cold, {percentile(paced, 50) * 1e3:.2f} ms; baseline: an item of "
        f"a visible row of a QStandardItemModel set"
    )
    value, base = percentile(spent["board"], 50) * 1e3, percentile(spent["bare"], 50) * 1e3
    return [Figure("UI thread per change, 1,300 rows", value, "ms", 1.0, how, base, of_value=True)]

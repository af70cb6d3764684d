"""From the start of the desk's process to a live and painted board, beside a bare window with an empty web view."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from console.bench.child import child
from console.bench.figure import Figure, percentile
from console.bench.full_floor import configuration_with, receipt
from console.bench.hubs import carry_out, center_hub
from console.domain.ids import DeskId
from console.domain.state import Role
from console.hub.configuration import load
from console.link.hub_client import HubClient

CALLS = 200
UNITS = 60
ROUNDS = 7


def measure() -> list[Figure]:
    """Starts in turn: bare window and desk at a center's hub, then bare window and desk with a hub of its own."""
    bare: list[float] = []
    center: list[list[float]] = []
    own: list[list[float]] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = configuration_with(folder, UNITS)
        held = folder / "held"
        held.mkdir()
        store = f"sqlite:///{(held / 'log.sqlite').as_posix()}"
        with center_hub(store, config, "--exercise") as (url, _):
            asyncio.run(_fill(url, config))
        with center_hub(store, config, "--exercise") as (url, _):
            for _ in range(ROUNDS + 1):
                bare += _start(folder / "bare", 1, "console.bench.bare_window")
                center.append(_start(folder / "desk", 2, "console", "desk", "--hub", url, "--say-when-ready"))
        for _ in range(ROUNDS + 1):
            copied = folder / "own"
            shutil.copytree(held, copied)
            bare += _start(folder / "bare", 1, "console.bench.bare_window")
            own.append(_start(folder / "desk", 2, "console.bench.desk_on_store", str(copied), str(config)))
            shutil.rmtree(copied, ignore_errors=True)
    base = percentile(bare[1:], 50)
    baseline = "baseline: PySide6 window with an empty QWebEngineView until its first painting"
    board = (
        f"from spawning the process until the link is live and the window has been painted since, with queue, units and the "
        f"call pane in which no call is chosen; its map is loaded afterwards; at least {CALLS} open calls, {UNITS} units, "
        f"dispatch workspace, median of {ROUNDS} after one to warm up; {baseline}"
    )
    with_map = f"the same starts, until the map's page has drawn everything too: told, without a limit; {baseline}"
    own_hub = (
        f"as at a center's hub, but the desk starts its own, which reads a log of the day so far with these calls "
        f"in it and plays on: told, without a limit, since most of it is the hub's own start; {baseline}"
    )
    return [
        Figure("start of the desk at a center's hub", _median(center, 0), "s", 1.5, board, base),
        Figure("start of the desk at a center's hub, map drawn", _median(center, 1), "s", None, with_map, base),
        Figure("start of the desk with its own hub", _median(own, 0), "s", None, own_hub, base),
    ]


def _median(starts: list[list[float]], word: int) -> float:
    return percentile([said[word] for said in starts[1:]], 50)


async def _fill(url: str, config: Path) -> None:
    client = HubClient(url)
    exercise = await client.exercise()
    assert exercise is not None
    person = next(person for person in exercise.people if person.role is Role.TELECOMMUNICATOR)
    session = await client.sign_in(person.user_id, person.password, DeskId("desk-filling"))
    rules = load(config)
    await carry_out(url, session, (receipt(rules, n) for n in range(CALLS)))
    await client.close()


def _start(folder: Path, words: int, module: str, *arguments: str) -> list[float]:
    """Seconds from the spawning to each of the words that the process says."""
    folder.mkdir(exist_ok=True)
    begun = time.perf_counter()
    with child(folder, module, *arguments) as process:
        said, taken = process.hear(), [time.perf_counter() - begun]
        for _ in range(words - 1):
            process.hear()
            taken.append(time.perf_counter() - begun)
    if said.get("open_calls", CALLS) < CALLS:
        raise RuntimeError(f"{module} was ready with {said['open_calls']} open calls")
    return taken

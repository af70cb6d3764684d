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
    taken: dict[str, list[float]] = {"bare": [], "center": [], "own": []}
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
                taken["bare"].append(_start(folder / "bare", "console.bench.bare_window"))
                taken["center"].append(_start(folder / "desk", "console", "desk", "--hub", url, "--say-when-ready"))
        for _ in range(ROUNDS + 1):
            own = folder / "own"
            shutil.copytree(held, own)
            taken["bare"].append(_start(folder / "bare", "console.bench.bare_window"))
            taken["own"].append(_start(folder / "desk", "console.bench.desk_on_store", str(own), str(config)))
            shutil.rmtree(own, ignore_errors=True)
    base = percentile(taken["bare"][1:], 50)
    how = (
        f"from spawning the process until it says that the link is live and the window with queue, units and call has "
        f"been painted since, at least {CALLS} open calls and {UNITS} units, dispatch workspace, median of {ROUNDS} after one "
        f"to warm up; baseline: PySide6 window with an empty QWebEngineView until its first painting"
    )
    return [
        Figure("start of the desk at a center's hub", percentile(taken["center"][1:], 50), "s", 1.5, how, base),
        Figure("start of the desk with its own hub", percentile(taken["own"][1:], 50), "s", 1.5, how, base),
    ]


async def _fill(url: str, config: Path) -> None:
    client = HubClient(url)
    exercise = await client.exercise()
    assert exercise is not None
    person = next(person for person in exercise.people if person.role is Role.TELECOMMUNICATOR)
    session = await client.sign_in(person.user_id, person.password, DeskId("desk-filling"))
    rules = load(config)
    await carry_out(url, session, (receipt(rules, n) for n in range(CALLS)))
    await client.close()


def _start(folder: Path, module: str, *arguments: str) -> float:
    """Seconds from the spawning to the word."""
    folder.mkdir(exist_ok=True)
    begun = time.perf_counter()
    with child(folder, module, *arguments) as process:
        said = process.hear()
        taken = time.perf_counter() - begun
    if said.get("open_calls", CALLS) < CALLS:
        raise RuntimeError(f"{module} was ready with {said['open_calls']} open calls")
    return taken

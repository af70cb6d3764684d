"""A million recorded calls through two configurations: how long `protocol compare` takes, and how much memory."""

import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import psutil
import yaml

from console.bench.figure import Figure
from console.bench.full_floor import agency
from console.domain.agency import Agency
from console.domain.state import PRIORITIES, Source
from console.shipped import default_configuration

CALLS = 1_000_000
AREAS = 40
_HEADER = ("Number", "Received", "Source", "Priority", "Nature", "Address", "Area")
_BEGUN = datetime(2025, 1, 1)  # noqa: DTZ001 (written as the clock of the town shows it, which the mapping says)
_OFTEN_S = 0.05


def measure() -> list[Figure]:
    """Make the calls and a changed configuration, compare in a process of its own, and read the same file raw."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        calls, mapping, rows = folder / "calls.csv", folder / "calls.toml", folder / "rows.csv"
        rules = agency()
        mapping.write_text(_mapping(rules), encoding="utf-8")
        _write(calls, rules)
        new = changed(folder / "new")
        base = _raw(calls)
        command = [
            sys.executable, "-m", "console", "protocol", "compare", str(default_configuration()), str(new), "--calls",
            str(calls), "--map", str(mapping), "--rows", str(rows), "--report", str(folder / "findings.csv"),
        ]  # fmt: skip
        seconds, peak, said = _timed(command)
    shown = next((line for line in said.splitlines() if " calls move" in line), said[-200:])
    how = (
        f"`protocol compare` with --rows on {CALLS:,} calls of {len(rules.natures):,} natures over a year, start included "
        f"({shown}); baseline: csv.reader over the same file, counting by nature"
    )
    return [
        Figure("comparing two policies on 1,000,000 calls", seconds, "s", 60, how, base, of_value=True),
        Figure("comparing two policies, peak memory", peak / 1e6, "MB", 1000, how),
    ]


def changed(folder: Path) -> Path:
    """A copy of the shipped configuration whose programmes ask for nothing that must be known first."""
    shutil.copytree(default_configuration(), folder)
    path = folder / "eligibility.yaml"
    rules = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    for criteria in rules["criteria"].values():
        criteria.pop("needs", None)
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    return folder


def rows(rules: Agency, calls: int) -> Iterator[tuple[str, ...]]:
    """So many calls as another system would export them, the same ones each time."""
    chance = Random(1)
    natures = [nature.name for nature in rules.natures.values()]
    sources, priorities = [source.value for source in Source], [*PRIORITIES, ""]
    for number in range(calls):
        at = _BEGUN + timedelta(seconds=chance.randrange(365 * 86_400))
        yield (
            f"{number:08}", f"{at:%Y-%m-%d %H:%M:%S}", chance.choice(sources), chance.choice(priorities),
            chance.choice(natures), f"{chance.randrange(9999)} Main St", f"B{chance.randrange(AREAS)}",
        )  # fmt: skip


def _write(path: Path, rules: Agency) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(rows(rules, CALLS))


def _mapping(rules: Agency) -> str:
    columns = dict(zip(("reference", "time", "source", "priority", "nature", "address", "beat"), _HEADER, strict=True))
    tables: dict[str, dict[str, str]] = {
        "columns": columns,
        "source.table": {source.value: source.value for source in Source},
        "priority.table": {priority: priority for priority in PRIORITIES},
    }
    head = 'name = "made"\ntitle = "made by the bench"\n[time]\nformats = ["%Y-%m-%d %H:%M:%S"]\n'
    lines = [f'{head}zone = "{rules.time_zone}"']
    for name, table in tables.items():
        lines += [f"[{name}]", *(f'"{key}" = "{value}"' for key, value in table.items())]
    return "\n".join(lines)


def _raw(path: Path) -> float:
    """Seconds to read the file with nothing but the csv module and count it by nature."""
    begun = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        place = next(reader).index("Nature")
        Counter(row[place] for row in reader)
    return time.perf_counter() - begun


def _timed(command: list[str]) -> tuple[float, int, str]:
    """Run it: seconds, the most memory that it was seen to hold, and what it said."""
    begun, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error):
                peak = max(peak, watched.memory_info().rss)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_OFTEN_S)
        taken = time.perf_counter() - begun
        out.seek(0)
        said = out.read()
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command!r} ended with {process.returncode}:\n{said[-2000:]}")
    return taken, peak, said

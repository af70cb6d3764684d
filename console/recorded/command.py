"""`heart-console replay`: a file of recorded calls for service, fed to a hub through a mapping."""

import argparse
import asyncio
import math
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from tqdm import tqdm

from console.domain.agency import Agency
from console.domain.commands import Rejected
from console.domain.ids import Seq
from console.recorded.findings import Finding, Kind
from console.recorded.mapping import Mapping, MappingError, load_mapping
from console.recorded.order import TimeOrder
from console.recorded.pace import Pace
from console.recorded.reading import Counts, Reading
from console.recorded.recorded_call import RecordedCall
from console.recorded.replay import BEGINNING, Fed, HubLost, Replayed, Send, local, replay
from console.recorded.report import Report

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes."""

Connect = Callable[[], AbstractAsyncContextManager[Send]]
"""Opens the way to the hub, once the file has been read and is worth feeding."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `replay` takes, but for the hub and the configuration, which the program's entry knows."""
    parser.add_argument("file", type=Path, metavar="FILE", help="calls for service (CSV)")
    parser.add_argument("--map", type=Path, required=True, metavar="MAP.toml", help="how to read the file's columns")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N",
        help="times faster than recorded (default 1: its own pace); max or 0: as fast as the hub takes it",
    )  # fmt: skip
    parser.add_argument(
        "--times", choices=("now", "recorded"), default="now",
        help="when the calls are received: as they are fed, so that clocks run (default), or when they were recorded",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=Path, metavar="FILE.csv", help="where findings are listed (default: FILE.findings.csv, here)"
    )
    parser.add_argument("--check", action="store_true", help="read and report only; nothing is fed")


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 <= speed < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed: a number from 0, or max")
    return speed or None


async def run(args: argparse.Namespace, agency: Agency, connect: Connect, head: Seq = BEGINNING) -> int:
    """Read, report and feed a hub whose log ends at `head`.

    Exit code 0: all went clean, 1: something was found, 2: nothing could start.
    """
    report_path = args.report or Path(f"{args.file.stem}.findings.csv")
    try:
        mapping = load_mapping(args.map)
        if _same(report_path, args.file) or _same(report_path, args.map):
            raise MappingError(f"{report_path}: the report would overwrite what it reports on; see --report")
        with Report(report_path, always=args.report is not None) as report, TimeOrder() as calls:
            with Reading(args.file, mapping, agency, report.note, args.map) as reading:
                counts = await _read(reading, calls, args.file.stat().st_size)
            fed = None if args.check else await _feed(args, mapping, report, calls, connect, Fed(head))
            report.close()
            return _say(report, counts, fed)
    except asyncio.CancelledError:
        _stay()
        print("heart-console replay: stopped while reading; nothing was fed.", file=sys.stderr)
        return FOUND
    except (MappingError, OSError) as error:
        print(f"heart-console replay: {error}", file=sys.stderr)
        return USAGE


def _stay() -> None:
    """Take a cancellation as said, and go on to what is left to say."""
    if task := asyncio.current_task():
        task.uncancel()


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


async def _read(reading: Reading, calls: TimeOrder, size: int) -> Counts:
    """Take every call of the file in, in whatever order they stand there."""
    with _bar("reading", size, "B") as bar:
        for number, call in enumerate(reading):
            calls.add(call)
            if number % 1000 == 0:
                bar.update(reading.position - bar.n)
                await asyncio.sleep(0)  # where Ctrl-C gets through
        bar.update(size - bar.n)
    return reading.counts


async def _feed(
    args: argparse.Namespace, mapping: Mapping, report: Report, calls: TimeOrder, connect: Connect, fed: Fed
) -> Fed:
    """Feed the calls; a hub that is lost, or a person who has seen enough, ends it with a word on where it stood."""
    zone = ZoneInfo(mapping.time.zone)
    if args.speed is not None and calls.span:
        long = timedelta(seconds=round(calls.span.total_seconds() / args.speed))
        print(f"{len(calls):,} calls over {calls.span}: at speed {args.speed:g} the last comes in {long}.", file=sys.stderr)

    def refused(call: RecordedCall, outcome: Rejected) -> None:
        kind = Kind(f"refused by the hub: {outcome.code}", "not on the board")
        report.note(Finding(kind, call.row, call.line, "", outcome.reason))

    replayed = Replayed(mapping.name, zone, args.times == "recorded")
    try:
        with _bar("feeding", len(calls), " calls") as bar:
            async with connect() as send:
                await replay(calls, replayed, Pace(args.speed), send, fed, refused, bar.update)
    except asyncio.CancelledError:
        _stay()
        _stopped("stopped", fed, len(calls), zone)
    except HubLost as lost:
        _stopped(str(lost), fed, len(calls), zone)
    return fed


def _stopped(why: str, fed: Fed, of: int, zone: ZoneInfo) -> None:
    at = f", up to row {fed.last.row} of {local(fed.last.received_at, zone)}" if fed.last else ""
    print(
        f"heart-console replay: {why}: the hub has {fed.taken + fed.there:,} of {of:,} calls{at}. "
        "Start it again for the rest: no call is fed twice.",
        file=sys.stderr,
    )


def _say(report: Report, counts: Counts, fed: Fed | None) -> int:
    """The lines at the end: the sum on standard output, findings on standard error."""
    print(report.summary(counts, fed))
    if not len(report):
        return FINE if counts.rows and (fed is None or fed.taken + fed.there == counts.calls) else FOUND
    for line in report.lines():
        print(line, file=sys.stderr)
    print(f"Each is listed in {report.path}", file=sys.stderr)
    return FOUND


def _bar(what: str, total: int, unit: str) -> "tqdm[NoReturn]":
    """A progress bar, on a terminal."""
    return tqdm(desc=what, total=total, unit=unit, unit_scale=True, leave=False, disable=not sys.stderr.isatty())

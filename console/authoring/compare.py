"""`heart-console protocol compare`: recorded calls under two eligibility configurations, and what would move."""

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NoReturn, TextIO
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from tqdm import tqdm

from console.authoring.comparison import Asked, Comparison, Judged, Moment
from console.authoring.comparison_words import duty_changes, not_compared, tables, turn_in_words, write_counts
from console.domain.agency import Agency
from console.hub.configuration import ConfigurationFaulty, load
from console.recorded.findings import HOUR_NOT_KNOWN, Finding, Kind
from console.recorded.mapping import Mapping, MappingError, load_mapping, with_columns
from console.recorded.reading import Counts, Reading
from console.recorded.recorded_call import RecordedCall
from console.recorded.report import Report, harmless
from console.recorded.translate import NatureTranslation

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes."""
WANTED = ("reference", "source", "priority", "beat", "unit")
"""What rules look at, what the calls are counted by, and what tells one call's rows from another's."""
ON_SCREEN = 20
"""Rows that moved, shown at once; all are in the file of --rows."""
ROWS_HEADER = ("row", "line", "received", "nature received", "nature", "priority", "source", "area", "moved", "because")
OLD_ONLY = Kind(
    "a nature that only the old configuration has", "judged with the new one's unmapped nature", by_value=True
)  # fmt: skip
_EVERY = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", type=Path, metavar="OLD_DIR", help="the configuration as it is")
    parser.add_argument("new", type=Path, metavar="NEW_DIR", help="the configuration as it would be")
    parser.add_argument("--calls", type=Path, required=True, metavar="FILE", help="recorded calls for service (CSV)")
    parser.add_argument("--map", type=Path, required=True, metavar="MAP.toml", help="how to read the file's columns")
    parser.add_argument("--rows", type=Path, metavar="FILE.csv", help="where every row that moves is written")
    parser.add_argument("--counts", type=Path, metavar="FILE.csv", help="where every count is written")
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE.csv",
        help="where rows with faults are listed (default: FILE.findings.csv, here)",
    )


def main(args: argparse.Namespace) -> int:
    """Compare and print: 0 all went clean, 1 rows had faults (they are listed), 2 nothing could be compared."""
    try:
        old, new = _configuration(args.old), _configuration(args.new)
        mapping = load_mapping(args.map)
        report_path = args.report or Path(f"{args.calls.stem}.findings.csv")
        _keep_apart([args.calls, args.map], [path for path in (args.rows, args.counts, report_path) if path])
        comparison = Comparison(old, new)
        with ExitStack() as open_:
            report = open_.enter_context(Report(report_path, always=args.report is not None))
            moves = Moves(comparison, open_.enter_context(_written(args.rows)) if args.rows else None)
            counts = run(args.calls, mapping, args.map, comparison, report, moves)
        if args.counts:
            with _written(args.counts) as file:
                write_counts(comparison, file)
    except (ConfigurationFaulty, MappingError, OSError) as error:
        print(f"heart-console protocol compare: {error}\nNothing was compared.", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("heart-console protocol compare: stopped while reading; nothing was compared.", file=sys.stderr)
        return 130
    return _say(args, comparison, report, counts, moves)


def run(calls: Path, mapping: Mapping, mapping_path: Path, comparison: Comparison, report: Report, moves: "Moves") -> Counts:
    """Read the calls through the mapping, count each and note those that move; where the rows went.

    Raises MappingError where the mapping does not fit the file or one of the configurations.
    """
    try:
        natures = NatureTranslation(mapping.nature, comparison.new)
    except ValueError as error:
        raise MappingError(f"{mapping_path}, for the new configuration: {error}") from error
    narrow = with_columns(mapping, *WANTED)
    with Reading(calls, narrow, comparison.old, report.note, mapping_path) as reading, _bar(calls) as bar:
        for number, call in enumerate(reading):
            new_nature, unmapped = natures.read(call.nature_text)
            if unmapped and unmapped.flag not in call.flags:
                report.note(Finding(OLD_ONLY, call.row, call.line, narrow.columns.nature, call.nature_text))
            asked = Asked(call.nature, new_nature, call.priority, str(call.source), call.flags)
            known = not call.flags or HOUR_NOT_KNOWN.flag not in call.flags
            judged, moment = comparison.take(asked, call.received_at, call.place.beat, hour_known=known)
            if judged.moved or moment.changed:
                moves.take(call, asked, judged, moment)
            if number % _EVERY == 0:
                bar.update(reading.position - bar.n)
        bar.update(reading.position - bar.n)
        return replace(reading.counts, without_point=0)  # points are not looked at here


class Moves:
    """The rows that move: all of them into a file, if there is one, and the first few kept for the screen."""

    def __init__(self, comparison: Comparison, file: TextIO | None) -> None:
        """Write to `file`, a header first."""
        self._comparison, self._zone = comparison, ZoneInfo(comparison.old.time_zone)
        self._writer = csv.writer(file) if file else None
        self._reasons = cache(comparison.reasons)
        self.first: list[str] = []
        self.count = 0
        if self._writer:
            self._writer.writerow(ROWS_HEADER)

    def take(self, call: RecordedCall, asked: Asked, judged: Judged, moment: Moment) -> None:
        """Note a call if a verdict moves, or who is on duty for a programme that it may be for."""
        turned = [turn for turn in judged.turns if turn.moved]
        on_duty = duty_changes(judged, moment.pattern)
        if not turned and not on_duty:
            return
        self.count += 1
        if self._writer is None and len(self.first) >= ON_SCREEN:
            return
        moved = [turn_in_words(turn) for turn in turned]
        moved += [f"{code}: {'now' if new else 'no longer'} on duty" for code, new in on_duty]
        received = f"{call.received_at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}"
        nature = self._comparison.nature(asked.old_nature, asked.new_nature)
        if self._writer:
            because = [f"{turn.programme}: {self._reasons(asked, turn)}" for turn in turned]
            strangers = (harmless(call.nature_text), nature, call.priority, call.source, harmless(call.place.beat))
            self._writer.writerow((call.row, call.line, received, *strangers, "; ".join(moved), "; ".join(because)))
        if len(self.first) < ON_SCREEN:
            self.first.append(f"  row {call.row}, {received}, {nature}: {'; '.join(moved)}")


def _configuration(folder: Path) -> Agency:
    try:
        return load(folder)
    except ConfigurationFaulty as faulty:
        raise ConfigurationFaulty([f"{folder}: {finding}" for finding in faulty.findings]) from None


def _keep_apart(read: list[Path], written: list[Path]) -> None:
    """No file that is written may be one that is read, or another one that is written."""
    for place, path in enumerate(written):
        with suppress(OSError):
            if any(path.samefile(other) for other in read):
                raise MappingError(f"{path}: would overwrite what is read; name another file")
        if path.resolve() in [other.resolve() for other in written[:place]]:
            raise MappingError(f"{path}: is named for two outputs; name another file")


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        yield file


def _say(args: argparse.Namespace, comparison: Comparison, report: Report, counts: Counts, moves: Moves) -> int:
    """The tables on standard output, what is wrong with rows on standard error."""
    print(report.summary(counts))
    print(f"{comparison.moved:,} of {comparison.calls:,} calls move; {comparison.combinations:,} combinations judged\n")
    print("\n".join(tables(comparison)))
    print("\n".join(("", *not_compared(comparison.old, comparison.new))))
    if moves.first:
        all_ = f"; all in {args.rows}" if args.rows else "; all of them with --rows FILE.csv"
        rest = all_ if moves.count > len(moves.first) or args.rows else ""
        print(f"\nRows that move, by verdict or by hours: {len(moves.first):,} of {moves.count:,}{rest}")
        print("\n".join(moves.first))
    if not len(report):
        return FINE if counts.rows else FOUND
    for line in report.lines():
        print(line, file=sys.stderr)
    print(f"Each is listed in {report.path}", file=sys.stderr)
    return FOUND


def _bar(calls: Path) -> "tqdm[NoReturn]":
    """A progress bar, on a terminal."""
    size = calls.stat().st_size
    return tqdm(desc="comparing", total=size, unit="B", unit_scale=True, leave=False, disable=not sys.stderr.isatty())

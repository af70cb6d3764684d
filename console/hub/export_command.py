"""`heart-console export`: what a store holds as files for other programs. It reads beside a hub that may be running."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection

from console.domain.ids import UnitId
from console.hub import track_rows
from console.hub.ledger import folded
from console.hub.store import StoreUnusable, read_once
from console.hub.thinning import Trace
from console.wire.codec import Unreadable

FIXES_AT_MOST = 500_000
"""More would take gigabytes of memory to write; some days of a unit that never stands still."""
_AS_IN = "write it as in '2026-11-22 14:00' (the center's own time) or 2026-11-22T14:00-05:00"


class Refused(Exception):
    """The command is not carried out; the message says why."""


class _Found(Struct, frozen=True):
    """What a store holds of a unit in a time."""

    traces: Sequence[Trace]
    since: datetime
    until: datetime
    zone: ZoneInfo
    known: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console export`."""
    actions = parser.add_subparsers(dest="export_action", required=True, metavar="WHAT")
    track = actions.add_parser("track", help="where a unit has been, as GPX 1.1, up to 2 s before now")
    track.add_argument("unit", metavar="UNIT", help="the unit's name")
    track.add_argument("since", metavar="FROM", type=_moment, help=f"from when on: {_AS_IN}")
    track.add_argument("until", metavar="TO", type=_moment, help="until when, in the same way")
    track.add_argument("--store", required=True, metavar="URL", help="the hub's store, sqlite:///FILE")
    track.add_argument("--out", type=Path, metavar="FILE", help="where to; without it the GPX is written to the output")


def main(args: argparse.Namespace) -> int:
    """Carry it out: 0 done, 1 nothing found or not carried out, with one line on stderr."""
    try:
        print(_export(UnitId(args.unit), args.since, args.until, args.store, args.out), file=sys.stderr)
    except (Refused, StoreUnusable) as error:
        print(f"heart-console export: {error}", file=sys.stderr)
        return 1
    return 0


def _export(unit_id: UnitId, since: datetime, until: datetime, store: str, out: Path | None) -> str:
    """Write it, and say what was written."""
    from console.hub.gpx import gpx

    try:
        found = read_once(store, partial(_read, unit_id, since, until))
    except Unreadable as error:
        raise Refused(f"{store}: the log cannot be read ({error}); give FROM and TO with their zone") from None
    span = f"from {_said(found.since, found.zone)} to {_said(found.until, found.zone)}"
    if not found.traces:
        why = "nothing at all is kept of a unit of that name" if not found.known else "it was heard at other times"
        raise Refused(f"no fix of {unit_id} is kept {span}: {why}")
    made = gpx(unit_id, found.traces)
    _write(made.xml.encode(), out)
    return (
        f"{unit_id} {span}: {_counted(made.points, 'point')} in {_counted(made.segments, 'segment')}, "
        f"{_counted(made.jumps, 'jump')} as waypoints"
        f"{f', in {out}' if out else ''}"
    )


def _read(unit_id: UnitId, since: datetime, until: datetime, connection: Connection) -> _Found:
    """Local times are read by the zone of the agency, which stands in the log."""
    local = since.tzinfo is None or until.tzinfo is None
    zone = ZoneInfo(folded(connection).agency.time_zone) if local else ZoneInfo("UTC")
    begin = min(_instants(since, zone))
    end = max(_instants(until, zone))
    if begin > end:
        raise Refused(f"FROM ({_said(begin, zone)}) is later than TO ({_said(end, zone)})")
    count = track_rows.count(connection, unit_id, begin, end)
    if count > FIXES_AT_MOST:
        raise Refused(f"{count:,} fixes of {unit_id} are kept in that time, {FIXES_AT_MOST:,} are the most; ask for less")
    traces = list(track_rows.between(connection, unit_id, begin, end))
    return _Found(traces, begin, end, zone, bool(traces) or track_rows.known(connection, unit_id))


def _instants(at: datetime, zone: ZoneInfo) -> list[datetime]:
    """What a time may mean: the hour that is there twice when the clocks go back means both, so that none is left out."""
    if at.tzinfo is not None:
        return [at.astimezone(UTC)]
    return [at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no moment; {_AS_IN}") from None
    if not 1970 <= at.year < 2200:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment of a track; {_AS_IN}")
    return at


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _said(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def _write(content: bytes, out: Path | None) -> None:
    """To the output, or to a file that is there whole or not at all."""
    if out is None:
        sys.stdout.buffer.write(content + b"\n")
        sys.stdout.buffer.flush()
        return
    part = out.with_name(f"{out.name}.part")
    try:
        try:
            part.write_bytes(content)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"{out} could not be written ({error.strerror or error}); nothing was changed") from None

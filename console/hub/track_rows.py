"""The rows of tracks: written many at a time, read by unit and time, deleted a slice at a time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select

from console.domain.ids import UnitId
from console.hub.store import insert_rows
from console.hub.tables import track
from console.hub.thinning import Trace

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_COLUMNS = tuple(track.c[name] for name in Trace.__struct_fields__)
_MOMENTS = ("fix_at", "received_at")


def keep(connection: Connection, traces: Sequence[Trace]) -> None:
    """Write these; the store numbers them in the order of their coming."""
    insert_rows(connection, track, [_row(trace) for trace in traces])


def between(connection: Connection, unit_id: UnitId, since: datetime, until: datetime) -> Iterator[Trace]:
    """All that is kept of a unit from one moment to another, both included, in the order of the receiver's times."""
    rows = select(*_COLUMNS).where(_of(unit_id, since, until)).order_by(track.c.fix_at, track.c.track_id)
    return _traces(connection, rows)


def count(connection: Connection, unit_id: UnitId, since: datetime, until: datetime) -> int:
    """How many fixes are kept of a unit in that time."""
    return int(connection.execute(select(func.count()).where(_of(unit_id, since, until))).scalar() or 0)


def thinned(
    connection: Connection, unit_id: UnitId, since: datetime, until: datetime, at_most: int
) -> tuple[list[Trace], bool]:
    """The same; of more than `at_most` (2 or more) only every so many and the last. Whether some were left out."""
    found = count(connection, unit_id, since, until)
    if found <= at_most:
        return list(between(connection, unit_id, since, until)), False
    step = -(-found // (at_most - 1))
    place = func.row_number().over(order_by=(track.c.fix_at, track.c.track_id)).label("place")
    numbered = select(*_COLUMNS, place).where(_of(unit_id, since, until)).subquery()
    chosen = or_(numbered.c.place % step == 1, numbered.c.place == found)
    rows = select(*(numbered.c[column.name] for column in _COLUMNS)).where(chosen).order_by(numbered.c.place)
    return list(_traces(connection, rows)), True


def known(connection: Connection, unit_id: UnitId) -> bool:
    """Whether anything at all is kept of a unit."""
    return connection.execute(select(track.c.unit_id).where(track.c.unit_id == unit_id).limit(1)).first() is not None


def sweep(connection: Connection, before: datetime, at_most: int) -> int:
    """Delete what was received before a moment, at most so many rows; how many it were."""
    first = select(track.c.track_id, track.c.received_at).order_by(track.c.track_id).limit(at_most)
    old = [track_id for track_id, received_at in connection.execute(first) if received_at < _number(before)]
    if old:
        in_slice = and_(track.c.track_id <= old[-1], track.c.received_at < _number(before))
        connection.execute(delete(track).where(in_slice))
    return len(old)


def _of(unit_id: UnitId, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(track.c.unit_id == unit_id, track.c.fix_at.between(_number(since), _number(until)))


def _traces(connection: Connection, rows: Select[tuple[object, ...]]) -> Iterator[Trace]:
    for row in connection.execute(rows).mappings():
        yield Trace(**{**row, **{name: _moment(row[name]) for name in _MOMENTS}, "jump": bool(row["jump"])})


def _row(trace: Trace) -> dict[str, object]:
    """By name, as they stand in the table; written out, for it is done for every fix that is kept."""
    return {
        "track_id": None, "unit_id": trace.unit_id, "fix_at": _number(trace.fix_at),
        "received_at": _number(trace.received_at), "latitude": trace.latitude, "longitude": trace.longitude,
        "speed_km_h": trace.speed_km_h, "course": trace.course, "source": trace.source, "jump": trace.jump,
    }  # fmt: skip


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)

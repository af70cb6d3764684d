"""The history of closed calls: one row a call, written in the transaction of the events that touch it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from console.domain.events import AnyEvent
from console.domain.ids import CallId
from console.domain.state import Call, State
from console.hub.tables import call_history, instant_text
from console.wire import codec


def touched(event: AnyEvent, before: State) -> CallId | None:
    """The call that an event is about: the one it names, or the one its unit was on."""
    call_id: CallId | None = getattr(event, "call_id", None)
    if call_id is None and (unit_id := getattr(event, "unit_id", None)) is not None:
        unit = before.units.get(unit_id)
        return unit.call if unit else None
    return call_id


def keep(connection: Connection, calls: Mapping[CallId, Call]) -> None:
    """Write the rows of closed calls, each in place of the row it may have had."""
    if not calls:
        return
    connection.execute(delete(call_history).where(call_history.c.call_id.in_(list(calls))))
    connection.execute(insert(call_history), [_row(call) for call in calls.values()])


def find(connection: Connection, *, callback: str = "", address: str = "", limit: int = 100) -> list[Call]:
    """Closed calls, the latest first: those of a callback number or of an address (either will do), if any is given."""
    query = select(call_history.c.call).order_by(call_history.c.closed_at.desc()).limit(limit)
    if callback and address:
        query = query.where((call_history.c.callback == callback) | (call_history.c.address == address))
    elif callback or address:
        column, value = (call_history.c.callback, callback) if callback else (call_history.c.address, address)
        query = query.where(column == value)
    return _calls(connection.execute(query).scalars())


def called(connection: Connection, name: str) -> list[Call]:
    """Closed calls of that number (there is one such a day), or of that id."""
    query = select(call_history.c.call).where((call_history.c.number == name) | (call_history.c.call_id == name))
    return _calls(connection.execute(query).scalars())


def _calls(rows: Iterable[str]) -> list[Call]:
    return [codec.decode(row, Call) for row in rows]


def _row(call: Call) -> dict[str, str]:
    if call.closing is None:
        raise ValueError(f"call {call.call_id} is not closed")
    return {
        "call_id": call.call_id,
        "number": call.number,
        "nature": call.nature,
        "callback": call.callback,
        "address": call.place.address,
        "received_at": instant_text(call.received_at),
        "closed_at": instant_text(call.closing.at),
        "outcome": call.closing.outcome,
        "missed": call.closing.missed,
        "call": codec.encode(call).decode(),
    }

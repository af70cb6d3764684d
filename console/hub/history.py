"""The history of closed calls: one row a call, written in the transaction of the events that touch it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from console.domain.contacts import (
    LISTED,
    Contact,
    Contacts,
    Counts,
    NumberContacts,
    NumbersBegun,
    contact,
    counts,
    latest_first,
)
from console.domain.contacts import since as days_since
from console.domain.events import AnyEvent
from console.domain.ids import CallId
from console.domain.same_place import number_key, place_key
from console.domain.state import Call, State
from console.hub.tables import call_history, instant_text
from console.wire import codec

NUMBERS = 5
"""The most numbers that a few digits are answered with."""
_AFTER_DIGITS = ":"
"""The character after "9", so that it bounds all that begins with some digits."""


class _Found(NamedTuple):
    """What a search of the indexes gives of a closed call."""

    call_id: str
    received_at: str
    number_key: str


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
    connection.execute(insert(call_history), [row(call) for call in calls.values()])


def contacts(connection: Connection, now: datetime, *, callback: str = "", address: str = "") -> Contacts:
    """Closed calls of a callback number and of a place over the days that contacts are counted, the latest first."""
    number = number_key(callback)
    found = _found(connection, now, number, place_key(address))
    beyond = found[LISTED:]
    same_number = sum(bool(number) and row.number_key == number for row in beyond)
    listed = _listed(connection, [row.call_id for row in found[:LISTED]], callback)
    oldest = connection.execute(select(func.min(call_history.c.closed_at))).scalar()
    begins = datetime.fromisoformat(oldest) if oldest else None
    return Contacts(now, listed, _counts(beyond, now), same_number, begins)


def numbers_begun(connection: Connection, now: datetime, digits: str, open_calls: Iterable[Call]) -> NumbersBegun:
    """The first numbers with these first digits, in order, with the contacts of each: closed calls and these open ones.

    Finding each is one step in the index, however many numbers begin so, and however many calls the ones before it have.
    """
    here: dict[str, list[Contact]] = {}
    for call in open_calls:
        if (key := number_key(call.callback)).startswith(digits):
            here.setdefault(key, []).append(contact(call, key))
    first = sorted({*_first_numbers(connection, digits), *here})
    found = []
    for key in first[:NUMBERS]:
        past, mine = _found(connection, now, key, ""), here.get(key, [])
        listed = latest_first((*_listed(connection, [row.call_id for row in past[:1]], key), *mine))
        pairs = zip(_counts(past, now), counts((one.received_at for one in mine), now), strict=True)
        week, month, quarter = (a + b for a, b in pairs)
        if listed:
            found.append(NumberContacts(key, (week, month, quarter), listed[0]))
    return NumbersBegun(digits, tuple(found), len(first) > NUMBERS)


def _found(connection: Connection, now: datetime, number: str, place: str) -> list[_Found]:
    """Id, time of receipt and number of each closed call of a number and of a place, the latest first.

    One search of an index for each: for an "or" over both, a database may give up the order, or the index.
    """
    rows = select(call_history.c.call_id, call_history.c.received_at, call_history.c.number_key)
    since = call_history.c.received_at >= instant_text(days_since(now))
    keys = ((call_history.c.number_key, number), (call_history.c.place_key, place))
    searches = (rows.where(column == key, since) for column, key in keys if key)
    found = {each.call_id: _Found(*each) for search in searches for each in connection.execute(search)}
    return sorted(found.values(), key=lambda each: (each.received_at, each.call_id), reverse=True)


def _counts(rows: Iterable[_Found], now: datetime) -> Counts:
    return counts((datetime.fromisoformat(row.received_at) for row in rows), now)


def _first_numbers(connection: Connection, digits: str) -> list[str]:
    """One number more than is told of."""
    column, after = call_history.c.number_key, digits
    found: list[str] = []
    step = select(column).where(column < digits + _AFTER_DIGITS).order_by(column).limit(1)
    key = connection.execute(step.where(column >= digits)).scalar()
    while key is not None and len(found) <= NUMBERS:
        found.append(key)
        after = key
        key = connection.execute(step.where(column > after)).scalar()
    return found


def _listed(connection: Connection, ids: list[str], callback: str) -> tuple[Contact, ...]:
    calls = _calls(connection.execute(select(call_history.c.call).where(call_history.c.call_id.in_(ids))).scalars())
    return tuple(latest_first(contact(call, callback) for call in calls))


def called(connection: Connection, name: str) -> list[Call]:
    """Closed calls of that number (there is one such a day), or of that id."""
    query = select(call_history.c.call).where((call_history.c.number == name) | (call_history.c.call_id == name))
    return _calls(connection.execute(query).scalars())


def _calls(rows: Iterable[str]) -> list[Call]:
    return [codec.decode(row, Call) for row in rows]


def row(call: Call) -> dict[str, str]:
    """The row of a closed call."""
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
        "number_key": number_key(call.callback),
        "place_key": place_key(call.place.address),
    }

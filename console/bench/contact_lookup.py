"""How long the hub takes to find a neighbor's contacts among half a million, beside one row by its key in plain sqlite3."""

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace

from console.bench.figure import Figure, percentile
from console.domain.contacts import DAYS
from console.domain.ids import CallId, NatureCode, UserId
from console.domain.state import Call, Closing, Place, Source
from console.hub import history
from console.hub.store import Store
from console.hub.tables import call_history
from console.wire import codec

ROWS = 500_000
YEARS_OF_DAYS = 730
"""The days over which the contacts lie: two years."""
NUMBERS, PLACES, BUSY = 120_000, 40_000, 20
"""How many numbers and places call; a twentieth of all calls is from a few busy ones: a shelter, a station, a store."""
LOOKUPS = 2_000
WARM_UP = 50
NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
_NATURE, _BY = NatureCode("BENCH"), UserId("bench")


def measure() -> list[Figure]:
    """Both lookups and the baseline in turn, on one store in a folder that goes with them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.sqlite"
        store = Store(f"sqlite:///{path.as_posix()}")
        try:
            _fill(path)
            return _measured(store, path)
        finally:
            store.close()


def _measured(store: Store, path: Path) -> list[Figure]:
    chance = random.Random(2)
    both, begun, raw = [], [], []
    with closing(sqlite3.connect(path)) as plain:
        for _ in range(WARM_UP + LOOKUPS):
            number, place, row = _number(chance), _place(chance), chance.randrange(ROWS)
            digits = number.replace(" ", "")[: chance.randint(4, 10)]
            both.append(_ms(lambda n=number, p=place: store.read_now(  # type: ignore[misc]
                lambda c: codec.encode(history.contacts(c, NOW, callback=n, address=p))
            )))  # fmt: skip
            begun.append(_ms(lambda d=digits: store.read_now(  # type: ignore[misc]
                lambda c: codec.encode(history.numbers_begun(c, NOW, d, ()))
            )))  # fmt: skip
            raw.append(_ms(lambda r=row: plain.execute(  # type: ignore[misc]
                "SELECT call FROM call_history WHERE call_id = ?", (_id(r),)
            ).fetchone()))  # fmt: skip
    how = (
        f"{LOOKUPS:,} lookups among {ROWS:,} closed calls of {YEARS_OF_DAYS} days, one in twenty of them from {BUSY} busy "
        f"numbers or places; over {DAYS[-1]} days, the latest listed, as the hub's route reads and encodes them; p99; "
        "baseline: one row by its primary key in plain sqlite3, p99"
    )
    base = percentile(raw[WARM_UP:], 99)
    names = (("contacts of a number and a place", both), ("numbers with the first digits", begun))
    return [Figure(name, percentile(took[WARM_UP:], 99), "ms", 50.0, how, base, of_value=True) for name, took in names]


def _ms(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1e3


def _fill(path: Path) -> None:
    """The rows as the hub writes them, past SQLAlchemy: it is not the writing that is measured."""
    names = [column.name for column in call_history.columns]
    with closing(sqlite3.connect(path)) as connection, connection:
        insert = f"INSERT INTO call_history ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
        connection.executemany(insert, rows(ROWS))


def rows(count: int) -> Iterator[dict[str, str]]:
    """Closed calls as the history keeps them, the same in every run."""
    chance = random.Random(1)
    span = timedelta(days=YEARS_OF_DAYS).total_seconds()
    call = Call(CallId(""), "0001", Source.CALL_911, _NATURE, _NATURE, "2", Place(), NOW, _BY)
    for n in range(count):
        at = NOW - timedelta(seconds=chance.random() * span)
        place, ended = Place(_place(chance), 36.0, -78.9), Closing(at + timedelta(hours=1), _BY, _NATURE, "resolved")
        made = replace(call, call_id=CallId(_id(n)), callback=_number(chance), place=place, received_at=at, closing=ended)
        yield history.row(made)


def _id(n: int) -> str:
    return f"contact-{n:07}"


def _number(chance: random.Random) -> str:
    n = chance.randrange(BUSY if chance.random() < 0.05 else NUMBERS)
    return f"919 {n // 10_000 + 500:03} {n % 10_000:04}"


def _place(chance: random.Random) -> str:
    n = chance.randrange(BUSY if chance.random() < 0.05 else PLACES)
    return f"{n % 4_000 + 100} Street Number {n // 4_000} Road, apt {n % 7}"

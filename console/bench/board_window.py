"""In a process of its own: the queue pane, or a bare table, with many rows; each "go" makes changes and says their times.

What a change costs is everything that the loop does from there on: later layouts and the painting are in it.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from time import perf_counter

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from console.bench.child import say
from console.bench.full_floor import WORDS, agency, receipt, set_up, told
from console.bench.words import Words, end_with_a_fault
from console.domain import commands as c
from console.domain.decide import decide
from console.domain.events import LogEntry
from console.domain.evolve import evolve
from console.domain.ids import CommandId, DeskId, EntryId, LogId, Seq, UserId
from console.domain.state import Place, State
from console.link.replica import Replica
from console.ui import theme
from console.ui.context import Context
from console.ui.queue.view import QueuePane
from console.ui.store import Store
from console.wire.codec import decode, encode
from console.wire.messages import FORMAT, Snapshot

BY = UserId("bench")

Change = Callable[[], object]


def queue_window(rows: int) -> tuple[QWidget, Iterator[Change]]:
    """The queue pane over a store, and changes as they come off the stream."""
    at = datetime.now(UTC)
    state = told(iter([c.ConfigureAgency(agency())]), at, State())
    state = told(set_up(state.agency, rows), at, state)
    store = Store(state=state, now=lambda: datetime.now(UTC))
    pane = QueuePane(Context(store))
    replica = Replica()
    replica.reset(Snapshot(FORMAT, LogId("bench"), Seq(0), state, (), at))

    def change(entry: bytes) -> None:
        replica.apply(decode(entry, LogEntry))
        store.take_state(replica.state)

    def changes() -> Iterator[Change]:
        for entry in _entries(state, at + timedelta(hours=1)):
            yield partial(change, entry)

    return pane, changes()


def _entries(state: State, at: datetime) -> Iterator[bytes]:
    """Log entries, each about a call at the top of the queue."""
    seq = count(1)
    for command in _commands(state):
        events = decide(state, command, BY, at)
        if isinstance(events, c.Rejected):
            raise ValueError(events.reason)
        # One entry a change: an arrival's first words, its second event, are left out.
        event = events[0]
        state = evolve(state, event, BY, at)
        number = next(seq)
        yield encode(LogEntry(Seq(number), event, BY, at, at, CommandId(str(number)), DeskId("bench")))


def _commands(state: State) -> Iterator[c.AnyCommand]:
    """In turns of six: four calls in view change, one arrives above them all, and it leaves again."""
    first = [call.call_id for call in sorted(state.calls.values(), key=lambda call: (call.priority, call.received_at))[:4]]
    missed = next(reason.code for reason in state.agency.missed_reasons if not reason.needs_text)
    for turn in count():
        received = receipt(state.agency, len(state.calls) + turn)
        yield c.LocateCall(first[0], Place(f"{turn} Main St"))
        yield c.AddNarrative(first[1], EntryId(f"entry-{turn}"), WORDS)
        yield c.ReceiveCall(received.call_id, received.source, received.nature, received.place, priority="1")
        yield c.RaiseFlag(first[2], f"flag_{turn % 3}") if turn % 6 < 3 else c.LowerFlag(first[2], f"flag_{turn % 3}")
        yield c.ChangeCallback(first[3], f"919555{turn % 10000:04d}")
        yield c.CloseCall(received.call_id, missed=missed)


def table_window(rows: int) -> tuple[QWidget, Iterator[Change]]:
    """A bare table of the same height, and one item of a row in view set after another."""
    model = QStandardItemModel(rows, 4)
    for row in range(rows):
        for column in range(4):
            model.setItem(row, column, QStandardItem(f"row {row}, column {column}"))
    table = QTableView()
    table.setModel(model)
    item = model.item(3, 1)
    return table, (partial(item.setText, f"change {n}") for n in count())


class Measurement(QObject):
    """Makes changes, and adds up what the loop does after each: until the next, or until it has nothing more to do.

    The next comes once the one before is painted and the loop has come round, or after a pause.
    """

    def __init__(self, changes: Iterator[Change], view: QWidget, wanted: int) -> None:
        super().__init__()
        self._changes, self._wanted = changes, wanted
        self._spent: list[float] = []
        self._begun = self._quiet_at = 0.0
        self._painted = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._change)
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.aboutToBlock.connect(self._quiet)
        view.installEventFilter(self)

    def start(self, pause_ms: int) -> None:
        """Make the changes, then say how many seconds each took."""
        self._spent, self._begun = [], 0.0
        self._timer.setInterval(pause_ms)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the painting come."""
        self._painted = self._painted or event.type() is QEvent.Type.Paint
        return super().eventFilter(watched, event)

    def _change(self) -> None:
        now = perf_counter()
        if self._begun:
            self._spent.append((self._quiet_at if self._timer.interval() else now) - self._begun)
        if len(self._spent) == self._wanted:
            say(self._spent)
            return
        change = next(self._changes)
        self._painted, self._begun = False, perf_counter()
        change()

    def _quiet(self) -> None:
        """Said whenever the loop comes round; the last time before the next change, it was done with this one."""
        self._quiet_at = perf_counter()
        if self._painted:
            self._painted = False
            self._timer.start()


def main() -> None:
    """Open the window that was asked for, and measure at each word from the parent."""
    end_with_a_fault()
    kind, rows, wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    app = QApplication(sys.argv[:1])
    theme.apply(app, theme.load_theme("dark"))
    window, changes = queue_window(rows) if kind == "queue" else table_window(rows)
    window.resize(430, 900)
    view = window.findChild(QTableView) or window
    assert isinstance(view, QTableView)
    measurement = Measurement(changes, view.viewport(), wanted)
    words = Words()
    words.heard.connect(measurement.start)
    words.ended.connect(app.quit)
    window.show()
    QTimer.singleShot(0, lambda: say("ready"))
    app.exec()


if __name__ == "__main__":
    main()

"""The real program in a process of its own, worked by key presses that come as lines of JSON, telling what it shows.

Run by `desk_process.py` as `python -m tests.support.driven_desk`, with the arguments of `heart-console desk`. On standard
input it takes {"press": "Ctrl+N"}, {"type": "words"}, {"map": true} (what the map page has drawn), and, because nobody
waits half a minute in a test, {"orders_expire_s": 1}. On standard output it writes a `Shown` whenever that is another one.
When standard input ends the desk is closed, as by its window.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
from typing import Any, cast
from unittest.mock import patch

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console import __main__ as program
from console.domain import queries
from console.link import outbox
from console.link.connection import Connection
from console.ui import seat
from console.ui.folders import settings_folder
from console.ui.map.view import MapPane
from console.ui.marks import Veil
from console.wire import codec
from tests.support.read_aloud import keyboard, read_aloud
from tests.support.shown import Shown


class Hands(QObject):
    """Presses the desk's keys, and looks at its screen whenever that was painted anew."""

    def __init__(self, at: DrivenSeat) -> None:
        super().__init__()
        self._seat, self._desk = at, at.desk
        self._done = 0
        self._told = b""
        self._map = ""
        self._fingerprint = (-1, "")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.look)
        store, context = at.store, at.context
        for signal in (
            store.changed, store.link_changed, store.me_changed, store.unsent_changed, context.notices.changed,
            context.ticker.second, context.selection.call_changed, context.selection.unit_changed,
        ):  # fmt: skip
            signal.connect(self._look_soon)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._look_soon)
        self._desk.installEventFilter(self)
        settings_folder().mkdir(parents=True, exist_ok=True)
        self._files = QFileSystemWatcher([str(settings_folder())], self)
        self._files.directoryChanged.connect(self._look_soon)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Something is about to be painted: look once it is."""
        if event.type() in (QEvent.Type.UpdateRequest, QEvent.Type.LayoutRequest):
            self._look_soon()
        return super().eventFilter(watched, event)

    def carry_out(self, request: dict[str, Any]) -> None:
        """Do what a line asks for."""
        match request:
            case {"press": str(key)}:
                press(self._desk, key)
            case {"type": str(words)}:
                QTest.keyClicks(QApplication.focusWidget() or self._desk, words)
            case {"map": True}:
                self._ask_map()
                return
            case {"orders_expire_s": float(seconds) | int(seconds)}:
                outbox.ORDER_EXPIRES_S = float(seconds)
            case _:
                raise ValueError(f"no such request: {request}")
        self._finished()

    def _finished(self) -> None:
        self._done += 1
        self._look_soon()

    def _ask_map(self) -> None:
        pane = self._desk.findChild(MapPane)
        canvas: Any = pane.canvas if isinstance(pane, MapPane) else None

        def hear(report: object) -> None:
            self._map = str(report or "")
            self._finished()

        if canvas is None:
            hear(None)  # the desk is still opening
            return
        canvas.page.runJavaScript("typeof desk === 'undefined' ? '' : JSON.stringify(desk.report())", 0, hear)

    def _look_soon(self, *_: object) -> None:
        self._soon.start()

    def look(self) -> None:
        """Tell what is shown, if that is not what was told last; not in the middle of a read, half old and half new."""
        connection = self._seat.connection
        if connection is not None and connection._telling:
            self._look_soon()
            return
        line = codec.encode(self._shown())
        if line != self._told:
            self._told = line
            os.write(1, line + b"\n")

    def _shown(self) -> Shown:
        store, connection, drafts = self._seat.store, self._seat.connection, settings_folder() / "drafts.json"
        if connection is not None and connection.seq != self._fingerprint[0]:
            self._fingerprint = (connection.seq, codec.digest(connection.confirmed))
        return Shown(
            done=self._done,
            lines=read_aloud(self._desk),
            focus=keyboard(),
            user=store.me.user_id if store.me else "",
            link=store.link.state.value if store.link else "none",
            greyed=any(isinstance(w, Veil) and w.isVisible() for w in self._desk.findChildren(QWidget)),
            seq=self._fingerprint[0],
            digest=self._fingerprint[1],
            log_id=self._seat.log_id,
            controllers={call.number: queries.controller(call) for call in queries.open_calls(store.state)},
            drafts=drafts.read_text(encoding="utf-8") if drafts.exists() else "",
            map=self._map,
        )


def press(window: QWidget, key: str) -> None:
    """Press a key, named as in the table of actions, where the keyboard is."""
    combination = cast(Any, QKeySequence(key))[0]  # Qt's type stubs do not know that it has places
    QTest.keyClick(QApplication.focusWidget() or window, combination.key(), combination.keyboardModifiers())


class DrivenSeat(seat.Seat):
    """The desk's own composition, with hands on its keyboard."""

    async def _build(self) -> None:
        """As ever; then the lines are read, in a thread of their own."""
        await super()._build()
        self.hands = Hands(self)
        loop = asyncio.get_running_loop()

        def heard(line: bytes) -> None:
            self.hands.carry_out(json.loads(line))

        def read() -> None:
            rest = b""
            while chunk := os.read(0, 65536):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(heard, line)
            with contextlib.suppress(RuntimeError):  # the loop has ended: the desk is closed already
                loop.call_soon_threadsafe(self.desk.close)

        threading.Thread(target=read, name="test", daemon=True).start()
        self.desk.activateWindow()
        self.hands.look()

    @property
    def connection(self) -> Connection | None:
        """The desk's link, once it has one."""
        return self._connection

    @property
    def log_id(self) -> str:
        """The log whose board this is."""
        return (self._connection._replica.log_id if self._connection else None) or ""


def main() -> int:
    """Start the desk as the command line says."""
    with patch.object(seat, "Seat", DrivenSeat):
        return program.main(["desk", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

"""The window that the desk is held against: PySide6 with an empty QWebEngineView, and nothing of ours.

It says a line at its first painting. With `--watched` it has a timer of 1 Hz, and told a number it watches its loop for
so many seconds.
"""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow


class FirstPaint(QObject):
    """Says once that the window has been painted."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first painting comes (a web view has no paint event of its own): when it is done, say so."""
        if event.type() is QEvent.Type.UpdateRequest:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, lambda: print('{"ready": true}', flush=True))
        return super().eventFilter(watched, event)


def main() -> None:
    """Show the window."""
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(QWebEngineView())
    window.resize(1600, 900)
    first = FirstPaint()
    window.installEventFilter(first)
    window.show()
    if "--watched" in sys.argv:
        import json

        from console.bench.loop_probe import LoopProbe  # not part of the bare start
        from console.bench.words import Words

        probe, words, second = LoopProbe(), Words(), QTimer(interval=1000)
        second.start()
        words.heard.connect(probe.start)
        words.ended.connect(app.quit)
        probe.done.connect(lambda: print(json.dumps(probe.gaps), flush=True))
    app.exec()


if __name__ == "__main__":
    main()

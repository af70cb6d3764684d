"""The transition record under a call's heading: what turned, by whose word, what goes instead, and who has been told."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea

from console.domain.state import Call
from console.ui.context import Context
from console.ui.turn_words import Record, record, ticks_under_way
from console.ui.widgets import ink, rich, scaled

_SHARE: Final = 0.25
"""It takes no more of the pane's height than this, and scrolls; what is asked below it must stay readable."""
_LEAST: Final = 66
LOW: Final = 700
"""In a pane lower than this only what is open yet stands here, for the answers come first; all of it is in the tooltip."""


class TurnRecord(QScrollArea):
    """Takes no room on a call whose response never turned; stays on one that did, also once everybody knows."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: tuple[Record, ...] = ()
        self._call: Call | None = None
        self._folded = False
        self.words = rich()
        self.words.setContentsMargins(scaled(14), scaled(7), scaled(14), scaled(8))
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self.words)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Turn of the response, and who has been told")
        context.theme.changed.connect(self._paint)
        context.store.unsent_changed.connect(lambda _: self.show_call(self._call))
        self.hide()

    def show_call(self, call: Call | None) -> None:
        """Show the turns of this call, the latest first."""
        store = self._context.store
        self._call = call
        unsent, now = ticks_under_way(store), store.now()
        turns = reversed(call.transitions) if call else ()
        records = tuple(record(store.state, call, turned, now, unsent) for turned in turns) if call else ()
        if records != self._shown:
            self._shown = records
            self._paint()
        self.setVisible(bool(records))
        self.fit()

    def _paint(self) -> None:
        whole = "".join(_markup(found) for found in self._shown)
        self.words.setText("".join(_folded(found) for found in self._shown[:1]) if self._folded else whole)
        self.words.setToolTip(whole if self._folded else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """As high as its lines at its width, within its share of the pane."""
        around = self.parentWidget()
        if not self._shown:
            return
        folded = around is not None and around.height() < scaled(LOW)
        if folded != self._folded:
            self._folded = folded
            self._paint()
        most = round(around.height() * _SHARE) if around is not None else scaled(_LEAST)
        needed = self.words.heightForWidth(self.viewport().width()) + 2 * self.frameWidth()
        self.setFixedHeight(needed if folded else min(needed, max(scaled(_LEAST), most)))


def _folded(found: Record) -> str:
    """A line each for who is not told and what is not sent; once none is open, why it turned (as the banner does before)."""
    alarm, amber, muted = (ink(token).name() for token in ("alarm", "due", "muted"))
    parts = []
    for lines, otherwise in ((found.parties, "NOT YET TOLD"), (found.sent, "NOT YET SENT")):
        names = ", ".join(line.who for line in lines if not line.told)
        if names:
            parts.append(f'<span style="color:{amber}"><b>{otherwise}:</b> {escape(names)}</span>')
    turned = f'<span style="color:{muted if found.complete else alarm}">{escape(found.turned)}</span>'
    return "<br>".join(parts) if parts else f"✓ {turned}"


def _markup(found: Record) -> str:
    """One record: its title in alarm colour until everybody knows, a line for each who must, then on whose word and what.

    In a low pane the end is what scrolls: who is not told stands before it.
    """
    alarm, amber, muted, fine = (ink(token).name() for token in ("alarm", "due", "muted", "fine"))
    title = muted if found.complete else alarm
    rows = []
    for lines, otherwise in ((found.parties, "NOT YET TOLD"), (found.sent, "NOT YET SENT")):
        open_words = f'<span style="color:{amber}"><b>{otherwise}</b></span>'
        for line in lines:
            said = f'<span style="color:{muted}">{escape(line.told)}</span>' if line.told else open_words
            who = escape(line.who) if lines is found.parties else f"instead: {escape(line.who)}"
            mark = "✓" if line.told else "☐"
            rows.append(f"<tr><td>{mark}&nbsp;{who}&nbsp;&nbsp;&nbsp;</td><td>{said}</td></tr>")
    again = "".join(f'<br><span style="color:{fine}">{escape(words)}</span>' for words in found.again)
    return (
        f'<b style="color:{title}">{"" if found.complete else "▲ "}{escape(found.turned)}</b>{again}'
        f"<table cellspacing='0' cellpadding='1'>{''.join(rows)}</table>"
        f'<span style="color:{muted}">{escape(found.on)} ·</span> {escape(found.instead)}'
    )

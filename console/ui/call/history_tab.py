"""The history tab: what happened to this call and when, and the other calls from its number or place over 90 days."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView, QTextBrowser, QVBoxLayout, QWidget

from console.domain.ids import CallId
from console.domain.queries import same_neighbor
from console.domain.state import Call
from console.ui.call.words import Contact, TimeLine, contacts, times
from console.ui.context import Context
from console.ui.option import Option
from console.ui.option_delegate import OptionDelegate
from console.ui.option_model import OptionModel
from console.ui.widgets import caption, ink, scaled


class HistoryTab(QWidget):
    """Times of hand-offs and units, and earlier contacts. Enter on a contact chooses that call."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._times: tuple[TimeLine, ...] = ()
        self._contacts: tuple[Contact, ...] | None = None
        self.times = QTextBrowser()
        self.times.setAccessibleName("Times of this call")
        # The height of the lines is known when they are laid out at the width of the tab: first when it is on screen.
        self.times.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.contacts, self.list = OptionModel(), QListView()
        self.list.setModel(self.contacts)
        self.list.setAccessibleName("Other calls from this number or address")
        self._delegate = OptionDelegate()
        self.list.setItemDelegate(self._delegate)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(self._choose)
        self._reach = caption("", "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
        column.setSpacing(scaled(8))
        column.addWidget(caption("This call", "heading"))
        column.addWidget(self.times, 1)
        column.addWidget(caption("Other calls from this number or address", "heading"))
        column.addWidget(self.list, 3)
        column.addWidget(self._reach)
        context.theme.changed.connect(self._paint_times)

    def concerns(self, call: Call, touched: Iterable[CallId]) -> bool:
        """Whether any of these other calls is, or now becomes, a contact of the call: asked at every change, so cheaply."""
        calls = self._context.store.state.calls
        shown = {contact.call_id for contact in self._contacts or ()}
        return any(key in shown or (key in calls and same_neighbor(call, calls[key])) for key in touched)

    def show_call(self, call: Call) -> int:
        """Show this call's history; how many other contacts are known is given back."""
        store = self._context.store
        now = store.now()
        neighbor, agency = self._context.neighbor, store.state.agency
        found = neighbor.known(call)
        happened, others = times(store.state, call, now), contacts(agency, found.listed, now)
        if happened != self._times:
            self._times = happened
            self._paint_times()
        if others != self._contacts:
            self._contacts = others
            self.contacts.show_options(
                tuple(Option(one.call_id, f"{one.when} · {one.nature}", detail=one.ending) for one in others)
            )
        self._reach.setText(f"{neighbor.coverage(found)} Enter opens a call on the board.")
        return found.counts[-1]

    def _choose(self, index: QModelIndex) -> None:
        call_id = self.contacts.options[index.row()].value
        if call_id in self._context.store.state.calls:
            self._context.selection.choose_call(call_id)
        else:
            self._reach.setText("That call has left the board: what is known of it stands in its line.")

    def _paint_times(self) -> None:
        muted = ink("muted").name()
        rows = "".join(
            f'<tr><td style="color:{muted}">{escape(line.clock)}&nbsp;&nbsp;&nbsp;</td><td>{escape(line.words)}</td></tr>'
            for line in self._times
        )
        self.times.setHtml(f"<table cellspacing='0' cellpadding='2'>{rows}</table>")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height, another half."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self, *_: object) -> None:
        """The times take the room of their lines, and no more than half: then they scroll."""
        needed = round(self.times.document().size().height()) + scaled(30)
        self.times.setFixedHeight(max(scaled(40), min(needed, self.height() // 2)))

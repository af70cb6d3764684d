"""The queue on the screen: a list that an arrival never moves under the cursor, under a line that says what it is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from console.domain.ids import CallId
from console.ui.context import Context
from console.ui.queue.delegate import HEIGHT, QueueDelegate, bar_area, bar_length, clock_area
from console.ui.queue.model import ROW_ROLE, QueueModel
from console.ui.tables import one_column
from console.ui.theme import fonts, look
from console.ui.widgets import Elided, caption, give_look, scaled

TYPING_MS: Final = 1500
"""How long the digits of a call's number may be apart."""
SEEN_AFTER_S: Final = 10
"""A new row is seen once it was chosen or pointed at, or stood in view so long in the window that is in use."""

_WITH_KEY: Final = 420
"""From this width on the heading has room for the key of its button."""


class QueueList(QTableView):
    """One column of calls. The row under the pointer, else the chosen one while the list has the keyboard, stays put.

    A table, not a QListView: that one lays out all its rows again at every change (2.3 ms with 1,300), this one none.
    """

    typed = Signal(str)
    """The digits typed so far to find a call by its number; "" when they are forgotten."""

    def __init__(self, context: Context, model: QueueModel) -> None:
        super().__init__()
        self._context, self._calls = context, model
        self._pinned: tuple[CallId, int] | None = None
        self._pointed: CallId | None = None
        self.digits = ""
        self._before_digits: CallId | None = None
        self._bars: dict[CallId, tuple[int, str]] = {}
        """How long the bar of each call in view was a second ago, and its level."""
        self._delegate = QueueDelegate(context.store)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(TYPING_MS)
        self._forget.timeout.connect(lambda: self._type(""))

        self.setAccessibleName("Pending calls")
        self.setItemDelegate(self._delegate)
        one_column(self)
        self.viewport().setMouseTracking(True)
        self._resize_rows()

        for about_to in (model.rowsAboutToBeInserted, model.rowsAboutToBeRemoved, model.rowsAboutToBeMoved):
            about_to.connect(self._pin)
        model.modelAboutToBeReset.connect(self._pin)
        self.setModel(model)
        model.modelReset.connect(self.follow_selection)
        model.rowsInserted.connect(self._choose_if_selected)
        context.selection.call_changed.connect(lambda _: self.follow_selection(reveal=True))
        context.ticker.second.connect(self._age)
        context.theme.changed.connect(self._resize_rows)
        self.follow_selection()

    # ---------------------------------------------------------------------------------------------- choosing

    def follow_selection(self, *, reveal: bool = False) -> None:
        """Show the call that the desk has chosen as the current row; `reveal` scrolls to it.

        This way only. Qt moves the current row by itself too, when the row goes, when the list takes the keyboard, when the
        pointer is dragged: none of that chooses a call. A person does, with a key (`keyPressEvent`) or by pressing a row.
        """
        call_id = self._context.selection.call_id
        if self._current() != call_id:
            self.selectionModel().clear()  # first: where the current row goes Qt makes its neighbor current
        self._hold()
        self._calls.see(call_id)
        index = self._calls.index_of(call_id)
        if index.isValid():
            self.setCurrentIndex(index)
        if reveal and index.isValid() and not self.visualRect(index).intersects(self.viewport().rect()):
            self._unpin()
            self.scrollTo(index)

    def _current(self) -> CallId | None:
        """The call of the current row."""
        return self._calls.call_at(self.currentIndex().row())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last call, not along the one column."""
        self._unpin()
        if action in (QAbstractItemView.CursorAction.MoveHome, QAbstractItemView.CursorAction.MoveEnd):
            last = self._calls.rowCount() - 1
            return self._calls.index(0 if action is QAbstractItemView.CursorAction.MoveHome else last)
        return super().moveCursor(action, modifiers)

    def step(self, by: int) -> None:
        """Choose the call so many rows below (or above) the chosen one; the first where none is chosen."""
        place = self._calls.row_of(self._context.selection.call_id)
        target = 0 if place is None else min(max(0, place + by), self._calls.rowCount() - 1)
        self._context.selection.choose_call(self._calls.call_at(target) or self._context.selection.call_id)

    def keyboardSearch(self, search: str) -> None:
        """Choose the call whose number begins with the digits typed; where none does, what was chosen before them."""
        if not search.isdigit():
            return
        if not self.digits:
            self._before_digits = self._context.selection.call_id
        self._type(self.digits + search)
        self._forget.start()
        self._context.selection.choose_call(self._calls.starting_with(self.digits) or self._before_digits)

    def _type(self, digits: str) -> None:
        self.digits = digits
        self.typed.emit(digits)

    def _choose_if_selected(self) -> None:
        if not self.currentIndex().isValid() and self._calls.row_of(self._context.selection.call_id) is not None:
            self.follow_selection()

    # ---------------------------------------------------------------------------------------------- staying put

    def _hold(self) -> None:
        self._calls.hold((self._context.selection.call_id, self._pointed))

    def _pin(self) -> None:
        """Rows are about to come or go: remember which row must stay where it is."""
        self.executeDelayedItemsLayout()  # the scroll bar may not have followed the last arrival yet
        current = self._calls.call_at(self.currentIndex().row()) if self.hasFocus() else None
        for call_id in (self._pointed, current):
            place = self._calls.row_of(call_id)
            if call_id is not None and place is not None:
                top = place * self._row_height() - self.verticalScrollBar().value()
                if -self._row_height() < top < self.viewport().height():
                    self._pinned = (call_id, top)
                    return

    def _unpin(self) -> None:
        """A person moves the list now, or has left it: it goes back into its range."""
        if self._pinned is not None:
            self._pinned = None
            self.updateGeometries()

    def updateGeometries(self) -> None:
        """Let the scroll bar reach as far as it takes to keep the pinned row where it was."""
        super().updateGeometries()
        place = self._calls.row_of(self._pinned[0]) if self._pinned else None
        if self._pinned is None or place is None:
            return
        bar, value = self.verticalScrollBar(), place * self._row_height() - self._pinned[1]
        bar.setRange(min(bar.minimum(), value), max(bar.maximum(), value))
        bar.setValue(value)

    def hidden_above(self) -> int:
        """How many rows lie above the upper edge."""
        value = self.verticalScrollBar().value()
        return 0 if value <= 0 else -(-value // self._row_height())

    def first_below(self) -> int:
        """The place of the first row that lies wholly below the lower edge."""
        return -(-(self.verticalScrollBar().value() + self.viewport().height()) // self._row_height())

    def in_view(self) -> list[CallId]:
        """The calls whose rows are wholly or partly to be seen."""
        first = max(0, self.verticalScrollBar().value() // self._row_height())
        count = self.viewport().height() // self._row_height() + 2
        found = (self._calls.call_at(place) for place in range(first, first + count))
        return [call_id for call_id in found if call_id is not None]

    def _age(self) -> None:
        """A second has passed: clocks are painted anew, and bars that became longer or turned; words without an age stay."""
        now, bars = self._context.store.now(), self._bars
        self._bars = {}
        for call_id in self.in_view():
            index = self._calls.index_of(call_id)
            line, box = index.data(ROW_ROLE), self.visualRect(index)
            waiting = line.wait(now)
            self.viewport().update(clock_area(box) if line.waits is None else box)
            self._bars[call_id] = (bar_length(box, waiting), waiting.level)
            if bars.get(call_id) != self._bars[call_id]:
                self.viewport().update(bar_area(box))

    def _row_height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def _resize_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(scaled(HEIGHT))
        self.viewport().update()

    # ---------------------------------------------------------------------------------------------- events

    def _point_at(self, call_id: CallId | None) -> None:
        if call_id != self._pointed:
            self._pointed = call_id
            self._calls.see(call_id)
            self._hold()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard chooses nothing: Qt would make the first row current."""
        super().focusInEvent(event)
        self.follow_selection()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The call of the row that is pressed is the desk's from now on; Qt would also look where the row was before."""
        pressed = self._under(event)
        self._point_at(pressed)
        if pressed is not None:
            self._context.selection.choose_call(pressed)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to another pane: where the pointer is not on a row either, the list goes back into its range."""
        super().focusOutEvent(event)
        aside = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if self._pointed is None and event.reason() not in aside:
            self._unpin()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember what the pointer is on. Dragging chooses nothing."""
        if not event.buttons():
            super().mouseMoveEvent(event)
        self._point_at(self._under(event))

    def _under(self, event: QMouseEvent) -> CallId | None:
        return self._calls.call_at(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        """When the pointer leaves, rows that waited for it go."""
        if event.type() == QEvent.Type.Leave:
            self._point_at(None)
            self._unpin()
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling is a person's own move."""
        self._pinned = None
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The call of the row that a key moves to is the desk's from now on; Escape forgets the digits."""
        if event.key() == Qt.Key.Key_Escape and self.digits:
            self._type("")
            return
        before = self._current()
        super().keyPressEvent(event)
        if (moved_to := self._current()) not in (None, before):
            self._context.selection.choose_call(moved_to)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only what is in view is painted; an empty list says so.

        Of a region that begins above the first row, in the gap that a pinned row can leave there, Qt would paint no row.
        """
        gap = max(0, -self.verticalScrollBar().value())
        exposed = event.region().intersected(self.viewport().rect().adjusted(0, gap, 0, 0))
        self._delegate.exposed = exposed
        super().paintEvent(QPaintEvent(exposed))
        self._delegate.exposed = None
        if self._calls.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setFont(fonts().text)
            painter.setPen(look.theme.colour("faint"))
            room = QRect(0, 0, self.viewport().width(), scaled(HEIGHT))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, "No eligible call is waiting.")
            painter.end()


class QueuePane(QWidget):
    """The pending queue with its heading. Choosing a row chooses the desk's call."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("Queue")
        self.model = QueueModel(context.store, self)
        self.list = QueueList(context, self.model)
        self.setFocusProxy(self.list)
        self._title, self._count, self._hint = Elided("heading", grows=False), caption("", "muted"), Elided("small")
        self._new = context.actions.button("call.new", self, lambda: context.typing.begun.emit("+ "), role="quiet")
        self._in_view_s: dict[CallId, int] = {}

        top = QFrame()
        top.setProperty("role", "strip")
        names = QHBoxLayout()
        names.setSpacing(scaled(6))
        names.addWidget(self._title)
        names.addWidget(self._count)
        names.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(scaled(1))
        words.addLayout(names)
        words.addWidget(self._hint)
        self._heading = line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(6), scaled(2), scaled(6))
        line.setSpacing(scaled(6))
        line.addLayout(words, 1)
        line.addWidget(self._new)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.list, 1)

        context.actions.bind("call.next", self, lambda: self.list.step(1))
        context.actions.bind("call.previous", self, lambda: self.list.step(-1))
        context.actions.bind("focus.queue", self, self.list.setFocus)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved, self.model.dataChanged, self.model.modelReset):
            changed.connect(self._say)
        self.list.verticalScrollBar().valueChanged.connect(self._say)
        self.list.typed.connect(self._say)
        context.ticker.second.connect(self._age_new_rows)
        context.theme.changed.connect(self._fit)
        self._say()

    def _say(self, *_: object) -> None:
        """Bring the heading up to date."""
        programme = self._context.store.state.agency.programme_name
        eligible = f"{programme}-eligible" if programme else "eligible"
        self._title.setText(f"Pending, {eligible}" if self._wide else "Pending")
        self._count.setText(str(self.model.pending))
        above, below = self.list.hidden_above(), self.list.first_below()
        back = [(call_id, self.model.row_of(call_id) or 0) for call_id in self.model.back]
        back = [(call_id, place) for call_id, place in back if place < above or place >= below]
        new_above = sum(1 for call_id in self.model.new if (self.model.row_of(call_id) or 0) < above)
        if digits := self.list.digits:
            self._hint.setText(f"number {digits}…" if self.model.starting_with(digits) else f"no number {digits} here")
        elif back:
            call_id, place = back[0]
            number = self._context.store.state.calls[call_id].number
            where = "above · Home" if place < above else "further down"
            self._hint.setText(f"◆ {number} came back to you, {where}")
        elif new_above:
            self._hint.setText(f"{new_above} new above · Home")
        else:
            self._hint.setText("oldest first within priority" if self._wide else f"{eligible}, oldest first")
        give_look(self._hint, role="due" if back and not self.list.digits else "small")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow heading says less, and leaves the key of its button to the tooltip."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._new.show_key(self._wide)
        self._say()
        self._heading.activate()  # now: the words are painted before Qt would come to it

    @property
    def _wide(self) -> bool:
        return self.width() >= scaled(_WITH_KEY)

    def _age_new_rows(self) -> None:
        """New rows that stood in view long enough in the window in use are new no more."""
        if not self.model.new or not self.isActiveWindow():
            return
        seconds = {call_id: self._in_view_s.get(call_id, 0) + 1 for call_id in self.list.in_view()
                   if call_id in self.model.new}  # fmt: skip
        self._in_view_s = seconds
        for call_id, stood in seconds.items():
            if stood >= SEEN_AFTER_S:
                self.model.see(call_id)

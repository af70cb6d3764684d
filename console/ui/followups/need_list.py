"""Needs to tick by keys, side by side."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from console.domain.agency import Need
from console.ui.option import key_of
from console.ui.widgets import scaled

_NEED: Final = Qt.ItemDataRole.UserRole
_TICKED: Final = Qt.ItemDataRole.UserRole + 1


class NeedList(QListWidget):
    """The key of each ticks it, Space or a click the current one, Enter goes on."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What the neighbor needs")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(scaled(2))
        self.itemClicked.connect(self._turn)

    def show_needs(self, needs: tuple[Need, ...]) -> None:
        """Show these, none ticked."""
        self.clear()
        for need in needs:
            item = QListWidgetItem()
            item.setData(_NEED, need)
            self.addItem(item)
            self._tick(item, ticked=False)
            item.setSizeHint(QSize(self.fontMetrics().horizontalAdvance(item.text()) + scaled(26), scaled(30)))
        self.fit()

    @property
    def ticked(self) -> tuple[str, ...]:
        """The codes that are ticked, in the agency's order."""
        items = (self.item(row) for row in range(self.count()))
        return tuple(item.data(_NEED).code for item in items if item.data(_TICKED))

    def _turn(self, item: QListWidgetItem) -> None:
        self._tick(item, ticked=not item.data(_TICKED))

    def _tick(self, item: QListWidgetItem, *, ticked: bool) -> None:
        name = item.data(_NEED).name
        item.setData(_TICKED, ticked)
        item.setText(f"{'☑' if ticked else '☐'}  {key_of(self.row(item))}  {name}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {'needed' if ticked else 'not ticked'}")

    def fit(self) -> None:
        """As high as its lines at this width."""
        self.doItemsLayout()
        rooms = [self.visualItemRect(self.item(row)) for row in range(self.count())]
        self.setFixedHeight(max((room.bottom() for room in rooms), default=0) + scaled(8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits tick, Enter goes on; Escape is for whoever asks."""
        row = next((row for row in range(self.count()) if key_of(row) == event.text().lower()), -1)
        if event.text() and row >= 0:
            self.setCurrentRow(row)
            self._turn(self.item(row))
        elif event.key() == Qt.Key.Key_Space and self.currentItem() is not None:
            self._turn(self.currentItem())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

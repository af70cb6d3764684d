"""In place of the map where it cannot be shown: why, and the units and calls with where they are, as a list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.ui.map.picture import BLANK, MapPicture
from console.ui.widgets import caption

_KEY = Qt.ItemDataRole.UserRole


class PlaceList(QWidget):
    """Shows a `MapPicture` as words. Choosing a line chooses the unit or call, as a click on the map would."""

    chosen = Signal(str, str)

    def __init__(self, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = BLANK
        self.words = caption(
            self.tr("The map cannot be shown: {0}. Everything else works; here is where units and calls are.").format(why),
            "muted",
            wrap=True,
        )
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Where units and calls are"))
        self.list.itemActivated.connect(self._activated)
        self.list.itemClicked.connect(self._activated)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.addWidget(self.words)
        inside.addWidget(self.list)

    def show_picture(self, picture: MapPicture) -> None:
        """List what is on the map now; a line that stays keeps its place and its selection."""
        if (picture.units, picture.calls) == (self._shown.units, self._shown.calls):
            return
        self._shown = picture
        wanted = {("unit", u.id): (u.label, u.latitude, u.longitude) for u in picture.units.values()}
        wanted |= {("call", c.id): (c.label, c.latitude, c.longitude) for c in picture.calls.values()}
        for row in reversed(range(self.list.count())):
            item = self.list.item(row)
            if (place := wanted.pop(item.data(_KEY), None)) is None:
                self.list.takeItem(row)
            else:
                item.setText(_line(*place))
        for key, place in sorted(wanted.items(), key=lambda line: (line[0][0] == "call", line[1])):
            item = QListWidgetItem(_line(*place))
            item.setData(_KEY, key)
            self.list.addItem(item)

    def _activated(self, item: QListWidgetItem) -> None:
        kind, key = item.data(_KEY)
        self.chosen.emit(kind, key)


def _line(label: str, latitude: float, longitude: float) -> str:
    return f"{label}   {latitude:.4f}, {longitude:.4f}"

"""Reads a window the way a screen reader does: every visible widget's words, under the name of the region they stand in."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from tests.support.shown import NOT_NOW

_SHOWN = Qt.ItemDataRole.DisplayRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def read_aloud(window: QWidget) -> dict[str, list[str]]:
    """The words on a window by region; a region is the nearest thing around them that has a name."""
    found: dict[str, list[str]] = {}
    _visit(window, window.windowTitle(), found)
    return found


def keyboard() -> str:
    """What has the keyboard: its region, and its own name or words."""
    focus = QApplication.focusWidget()
    if focus is None:
        return ""
    around = focus.parentWidget()
    while around is not None and not around.accessibleName():
        around = around.parentWidget()
    own = focus.accessibleName() or (focus.text() if isinstance(focus, QAbstractButton) else type(focus).__name__)
    return f"{around.accessibleName()} / {own}" if around is not None else own


def _visit(widget: QWidget, region: str, found: dict[str, list[str]]) -> None:
    if not widget.isVisible():
        return
    inside = [] if isinstance(widget, QAbstractItemView) else [w for w in widget.children() if isinstance(w, QWidget)]
    if widget.accessibleName() and (inside or isinstance(widget, QAbstractItemView)):
        region = widget.accessibleName()
    words = [line.strip() for line in _said(widget, leaf=not inside)]
    if any(words):
        found.setdefault(region, []).extend(line for line in words if line)
    if not isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        for child in inside:
            if not child.isWindow():
                _visit(child, region, found)


def _said(widget: QWidget, *, leaf: bool) -> list[str]:
    match widget:
        case QAbstractItemView():
            return _rows(widget)
        case QAbstractButton():
            words = widget.text().replace("&&", "&") or widget.accessibleName()
            why_not = widget.accessibleDescription() or widget.toolTip()
            return [f"{words}{' (chosen)' if widget.isChecked() else ''}{'' if widget.isEnabled() else NOT_NOW + why_not}"]
        case QLineEdit():
            return [f"{widget.accessibleName()}: {widget.displayText()}", widget.accessibleDescription()]
        case QPlainTextEdit() | QTextEdit():
            return [f"{widget.accessibleName()}: {widget.toPlainText()}"]
        case QLabel():
            rich = widget.textFormat() is Qt.TextFormat.RichText or (
                widget.textFormat() is Qt.TextFormat.AutoText and GuiQt.mightBeRichText(widget.text())
            )
            return [QTextDocumentFragment.fromHtml(widget.text()).toPlainText() if rich else widget.text()]
    return [widget.accessibleName()] if leaf else []


def _rows(view: QAbstractItemView) -> list[str]:
    model = view.model()
    if model is None:
        return []
    chosen = view.currentIndex().row()
    beside = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    rows = []
    for place in range(model.rowCount()):
        index = model.index(place, 0)
        spoken = index.data(_SPOKEN)
        if spoken is None:
            cells = (model.index(place, column).data(_SHOWN) for column in range(beside))
            spoken = ", ".join(str(cell) for cell in cells if cell is not None)
        rows.append(f"{'▸ ' if place == chosen else ''}{spoken}")
    return rows

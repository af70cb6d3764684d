"""F1: every key and every command of the command line, from the tables themselves. Modeless: the board stays in use."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from console.ui.actions import ACTIONS, SCOPES, Action, key_words
from console.ui.command_grammar import VERBS
from console.ui.widgets import caption, scaled


def keys_of(action: Action) -> str:
    """The keys of an action as one word: "1 … 9" for a row of them, "/ or Ctrl Space" for a choice."""
    if action.each:
        return f"{key_words(action.keys[0])} … {key_words(action.keys[-1])}"
    return " or ".join(key_words(key) for key in action.keys)


class Help(QDialog):
    """The list, by scope, with a field that narrows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and commands")
        self.setModal(False)
        self.resize(scaled(1040), scaled(720))
        self.search = QLineEdit()
        self.search.setPlaceholderText("find a key, a word …")
        self.search.setAccessibleName("Find a key or a word")
        self.search.textChanged.connect(self._narrow)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Keys and commands")
        self.tree.setHeaderLabels(["key", "action", "what it does"])
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.tree.setColumnWidth(0, scaled(230))
        self.tree.setColumnWidth(1, scaled(200))
        self.tree.setUniformRowHeights(True)
        self.tree.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(caption("Esc closes this; the board stays in use meanwhile.", "muted"))
        for scope, row in SCOPES.items():
            self._section(row.title, [(keys_of(a), a.text.rstrip("…"), a.help) for a in ACTIONS if a.scope == scope])
        self._section("Typed on the command line", [(verb.example, verb.words[-1], verb.means) for verb in VERBS])
        self.setTabOrder(self.search, self.tree)

    def _section(self, title: str, rows: list[tuple[str, str, str]]) -> None:
        top = QTreeWidgetItem(self.tree, [title])
        top.setFirstColumnSpanned(True)
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        for row in rows:
            item = QTreeWidgetItem(top, list(row))
            item.setToolTip(2, row[2])
        top.setExpanded(True)

    def _narrow(self, words: str) -> None:
        sought = words.casefold().split()
        for place in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(place)
            if top is None:
                continue
            shown = 0
            for index in range(top.childCount()):
                child = top.child(index)
                if child is None:
                    continue
                said = " ".join(child.text(column) for column in range(3)).casefold()
                child.setHidden(not all(word in said for word in sought))
                shown += not child.isHidden()
            top.setHidden(shown == 0)

    def shown(self) -> set[str]:
        """The names of the actions and commands that are listed now."""
        tops = [self.tree.topLevelItem(place) for place in range(self.tree.topLevelItemCount())]
        rows = [top.child(place) for top in tops if top is not None for place in range(top.childCount())]
        return {row.text(1) for row in rows if row is not None and not row.isHidden()}

    def show_beside(self) -> None:
        """Show it, or bring it to the front, with the keyboard on the field that narrows it."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

"""The options of a list as a model: no object of Qt's own stands for a row, so none can outlive its list or the reverse."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from console.ui.option import Option
from console.ui.option_delegate import DETAIL_ROLE, KEY_ROLE

Index = QModelIndex | QPersistentModelIndex


class OptionModel(QAbstractListModel):
    """Shows what it is given, whole; an option with a reason against it cannot be chosen, and tells the reason."""

    def __init__(self) -> None:
        super().__init__()
        self.options: tuple[Option, ...] = ()

    def show_options(self, options: tuple[Option, ...]) -> None:
        """These, and no others, from now on; nothing of them is chosen."""
        self.beginResetModel()
        self.options = options
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One an option."""
        return 0 if parent.isValid() else len(self.options)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What cannot be chosen is passed over."""
        alive = index.isValid() and not self.options[index.row()].why_not
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if alive else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, key and detail; for screen readers all of them."""
        if not index.isValid():
            return None
        option = self.options[index.row()]
        detail = option.why_not or option.detail
        if role == Qt.ItemDataRole.AccessibleTextRole:
            spoken = (option.words, f"key {option.key}" if option.key else "", *detail.splitlines())
            return ", ".join(part for part in spoken if part)
        return {
            Qt.ItemDataRole.DisplayRole: option.words,
            Qt.ItemDataRole.ToolTipRole: detail,
            KEY_ROLE: option.key,
            DETAIL_ROLE: detail,
        }.get(role)

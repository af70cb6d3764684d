"""Today beside the published figures: one cell for all eligible calls, one a programme, one for what was missed."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.ui.context import Context
from console.ui.parts import Part
from console.ui.supervisor.day import Day
from console.ui.supervisor.words import Figure, figures
from console.ui.widgets import caption, empty, give_look, ink, rich, scaled


class _Cell(QFrame):
    """One figure. Hovering and screen readers are told where each of its numbers comes from."""

    def __init__(self, last: bool) -> None:
        super().__init__()
        self._figure: Figure | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        give_look(self, role="strip" if last else "cell")
        self.title, self.large, self.below = rich("muted"), caption("", "large"), rich("muted")
        self.title.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(12))
        column.setSpacing(scaled(4))
        for label in (self.title, self.large, self.below):
            column.addWidget(label)
        column.addStretch(1)

    def show_figure(self, figure: Figure, repaint: bool = False) -> None:
        """Show these words; the same again costs nothing."""
        if figure == self._figure and not repaint:
            return
        self._figure = figure
        self.title.setText(_markup(figure.title))
        self.large.setText(figure.large)
        self.large.setVisible(bool(figure.large))
        self.below.setText(_markup(figure.below))
        self.setToolTip(f"<p>{escape(figure.means)}</p>")
        words = " ".join(part.words for part in figure.title)
        self.setAccessibleName(" ".join(f"{words} {figure.large}".split()))
        self.setAccessibleDescription(figure.means)


class FiguresPane(QWidget):
    """The cells side by side; each figure of an agency's own publication is named with its source."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._day = Day.of(context)
        self._cells: list[_Cell] = []
        self.setAccessibleName("Today's figures")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._day.today.watch(self, self._refresh)
        context.theme.changed.connect(self._paint_again)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._day.today.look()
        self._show()

    def _paint_again(self) -> None:
        self._show(repaint=True)

    def _refresh(self) -> None:
        self._show()

    def _show(self, repaint: bool = False) -> None:
        if not self.isVisible():
            return
        shown = figures(self._context.store.state, self._day.today.value)
        if len(shown) != len(self._cells):
            empty(self._row)
            self._cells = [_Cell(last=place == len(shown) - 1) for place in range(len(shown))]
            for cell in self._cells:
                self._row.addWidget(cell, 1)
        for cell, figure in zip(self._cells, shown, strict=True):
            cell.show_figure(figure, repaint)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the words need at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._cells:
            self.setFixedHeight(
                max(scaled(126), *(cell.heightForWidth(self.width() // len(self._cells)) for cell in self._cells))
            )


def _markup(parts: tuple[Part, ...]) -> str:
    words = []
    for part in parts:
        said = f"<b>{escape(part.words)}</b>" if part.strong else escape(part.words)
        words.append(f'<span style="color:{ink(part.token).name()}">{said}</span>' if part.token else said)
    return "".join(words)

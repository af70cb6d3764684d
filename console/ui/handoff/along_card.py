"""The page of what goes along with a caller, on screen: seen before accepting, and kept above the questions afterwards."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from console.domain.queries import person_name
from console.domain.state import Call
from console.ui.context import Context
from console.ui.handoff.along import goes_along, page
from console.ui.handoff.told import whose
from console.ui.widgets import caption, rich, scaled

_LEAST = 48


class AlongCard(QScrollArea):
    """Takes the room its lines need, within its share of the pane around it; what is beyond that scrolls."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown = ""
        self._wanted = scaled(_LEAST)
        self.share = 1 / 3
        """Of the height of the pane around it."""
        self.whose = caption("", "muted", wrap=True)
        self.words = rich()
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._inside = QWidget()
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        inside.setSpacing(scaled(5))
        inside.addWidget(self.whose)
        inside.addWidget(self.words)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._inside)
        self.setAccessibleName("What goes along with the caller")

    def show_call(self, call: Call | None, *, says_whose: bool = True) -> None:
        """Show this call as it is now; None says what is shown here once one is chosen.

        `says_whose` false leaves who has the caller to the strip above it.
        """
        store = self._context.store
        me = store.me.user_id if store.me else None
        self.whose.setText(whose(store.state, call, me) if call else "A call in your care is shown here once it is chosen.")
        self.whose.setVisible(bool(self.whose.text()) and (call is None or says_whose))
        shown = ""
        if call is not None:
            lines = goes_along(store.state, store.positions, call, store.now(), self._context.neighbor.words(call))
            typing = {person_name(store.state, typed.user_id): typed.text for typed in store.typing(call.call_id)}
            shown = page(lines, store.state, call, store.unsent_entries, typing)
        if shown != self._shown:  # set anew, a text that is being read would lose its place
            self._shown = shown
            self.words.setText(shown)
        self.words.setVisible(bool(shown))
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """As high as its lines at this width, and no higher than its share."""
        around = self.parentWidget()
        needed = self._inside.heightForWidth(self.viewport().width()) + 2
        most = round(around.height() * self.share) if around is not None else needed
        self._wanted = min(max(needed, scaled(_LEAST)), max(most, scaled(_LEAST)))
        self.setMaximumHeight(self._wanted)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """What its lines need, within its share."""
        return QSize(super().sizeHint().width(), self._wanted)

    def minimumSizeHint(self) -> QSize:
        """Two lines, in the lowest of windows: the rest scrolls."""
        return QSize(0, scaled(_LEAST))

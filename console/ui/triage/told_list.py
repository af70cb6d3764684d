"""What was told of the call so far: each answer with its stamp on demand, those that rest, and facts set by hand."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.ids import QuestionId
from console.ui.actions import action, key_words
from console.ui.triage.record import Told
from console.ui.widgets import caption, ink, key_cap, rich, scaled


class ToldList(QWidget):
    """Lines in order of time. `chosen` names the question whose line was clicked; keys choose by the pane's own."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[Told, ...] = ()
        self._back_at = QuestionId("")
        self.lines = rich()
        self.lines.linkHovered.connect(self._hover)
        self.lines.linkActivated.connect(self._choose)
        head = QHBoxLayout()
        head.setSpacing(scaled(8))
        parts = (
            caption("answered", "muted"),
            key_cap(_key("triage.take_back")),
            caption("takes the last back", "muted"),
            key_cap(_key("triage.earlier")),
            caption("changes an earlier one", "muted"),
        )
        for part in parts:
            head.addWidget(part)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(4))
        column.addLayout(head)
        column.addWidget(self.lines)

    def show_told(self, told: tuple[Told, ...], back_at: QuestionId) -> None:
        """Show these lines, the one that is looked at marked."""
        self._told, self._back_at = told, back_at
        self.setVisible(bool(told))
        self.lines.setText(f"<table cellspacing='0' cellpadding='2'>{''.join(map(self._row, range(len(told))))}</table>")
        self.lines.setAccessibleName("; ".join(f"{t.about} {t.answer} {t.remark}" for t in told))
        self.lines.setAccessibleDescription("; ".join(t.stamp for t in told))

    def _row(self, place: int) -> str:
        line = self._told[place]
        quiet = line.how in ("rests", "overruled")
        words = f"{escape(line.about)} <b>{escape(line.answer)}</b>"
        looked_at = bool(line.question) and line.question == self._back_at and line.how == "stands"
        mark = f' style="background:{ink("selection").name()}"' if looked_at else ""
        remark = f' <span style="color:{ink("muted").name()}">· {escape(line.remark)}</span>' if line.remark else ""
        colour = ink("muted" if quiet else "text").name()
        link = f'<a href="{place}" style="color:{colour}; text-decoration:none">{words}</a>'
        return f"<tr><td{mark}>{link}{remark}</td></tr>"

    def _hover(self, link: str) -> None:
        self.lines.setToolTip(self._told[int(link)].stamp if link.isdigit() and int(link) < len(self._told) else "")

    def _choose(self, link: str) -> None:
        line = self._told[int(link)]
        if line.how == "stands":
            self.chosen.emit(line.question)


def _key(action_id: str) -> str:
    return key_words(action(action_id).keys[0])

"""What was told of the call so far: each answer with its stamp on demand, those that rest, and facts set by hand."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.ids import QuestionId
from console.ui.actions import action, key_words
from console.ui.triage.record import Told
from console.ui.widgets import Elided, caption, ink, key_cap, rich, scaled

LATEST: Final = 6
"""So many lines are shown of what was told; where it leads must stay in view."""
UNFOLD: Final = "all"


class ToldList(QWidget):
    """Lines in order of time, the latest of them; earlier ones are counted, and come when one is looked at.

    `chosen` names the question whose line was clicked; keys choose by the pane's own.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[Told, ...] = ()
        self._back_at = QuestionId("")
        self._unfolded = False
        self.lines = rich()
        self.lines.linkHovered.connect(self._hover)
        self.lines.linkActivated.connect(self._choose)
        head = QHBoxLayout()
        head.setSpacing(scaled(8))
        parts = (
            caption("answered", "muted"),
            key_cap(_key("triage.take_back")),
            Elided("muted", "last back", grows=False),
            key_cap(_key("triage.earlier")),
            Elided("muted", "earlier", grows=False),
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
        self._unfolded = self._unfolded and bool(told)
        self.setVisible(bool(told))
        first = 0 if self._unfolded else self._first()
        kept = [place for place in range(first) if told[place].weighs]
        folded = first - len(kept)
        fold = f"<tr><td>{_link(UNFOLD, f'{folded} earlier answers', 'muted')}</td></tr>" if folded else ""
        rows = "".join(self._row(place) for place in (*kept, *range(first, len(told))))
        self.lines.setText(f"<table cellspacing='0' cellpadding='2'>{fold}{rows}</table>")
        self.lines.setAccessibleName("; ".join(f"{t.about} {t.answer} {t.remark}" for t in told))
        self.lines.setAccessibleDescription("; ".join(t.stamp for t in told))

    def _first(self) -> int:
        """The first line that is shown: so that the latest have room, and the one that is looked at is among them."""
        looked_at = [place for place, line in enumerate(self._told) if self._is_looked_at(line)]
        first = max(0, min(len(self._told) - LATEST, *(place - 1 for place in looked_at), len(self._told)))
        return first if first > 1 else 0

    def _is_looked_at(self, line: Told) -> bool:
        return bool(line.question) and line.question == self._back_at and line.how == "stands"

    def _row(self, place: int) -> str:
        line = self._told[place]
        quiet = line.how in ("rests", "overruled")
        words = f"{escape(line.about)} <b>{escape(line.answer)}</b>"
        mark = f' style="background:{ink("selection").name()}"' if self._is_looked_at(line) else ""
        remark = f' <span style="color:{ink("muted").name()}">· {escape(line.remark)}</span>' if line.remark else ""
        return f"<tr><td{mark}>{_link(str(place), words, 'muted' if quiet else 'text')}{remark}</td></tr>"

    def _hover(self, link: str) -> None:
        self.lines.setToolTip(self._told[int(link)].stamp if link.isdigit() and int(link) < len(self._told) else "")

    def _choose(self, link: str) -> None:
        if link == UNFOLD:
            self._unfolded = True
            self.show_told(self._told, self._back_at)
            return
        line = self._told[int(link)]
        if line.how == "stands":
            self.chosen.emit(line.question)


def _link(to: str, words: str, token: str) -> str:
    return f'<a href="{to}" style="color:{ink(token).name()}; text-decoration:none">{words}</a>'


def _key(action_id: str) -> str:
    return key_words(action(action_id).keys[0])

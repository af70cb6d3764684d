"""Where the answers lead: the proposed response with its reasons, and the verdict of every programme."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.eligibility import Standing
from console.ui.triage.model import Proposed
from console.ui.triage.verdict_lines import Reason, VerdictLine
from console.ui.widgets import Elided, caption, ink, rich, scaled

_SIGNS = {Standing.ELIGIBLE: "✓", Standing.NOT: "✕", Standing.NOT_KNOWN: "?"}


class ResponseCard(QWidget):
    """A card for what is proposed; under it each programme: is it eligible, and apart from that, is it available."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.standing, self.reasons, self.verdicts = rich(), Elided("muted"), rich("muted"), rich()
        self.name.setWordWrap(False)
        self.card = QFrame()
        self.card.setProperty("role", "card")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(scaled(13), scaled(12), scaled(13), scaled(12))
        first = QHBoxLayout()
        first.setSpacing(scaled(10))
        first.addWidget(self.name)
        first.addWidget(self.standing, 1)
        inside.addLayout(first)
        inside.addWidget(self.reasons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(10))
        column.addWidget(self.card)
        column.addWidget(caption("each programme: eligible? available?", "muted"))
        column.addWidget(self.verdicts)

    def show_response(self, proposed: Proposed, verdicts: tuple[VerdictLine, ...]) -> None:
        """Show these; colours are those of the theme now."""
        colour = ink(proposed.colour).name()
        self.name.setText(f'<b style="color:{colour}">{escape(proposed.name)}</b>')
        self.standing.setText(proposed.standing)
        points = (f"<tr><td>•&nbsp;&nbsp;</td><td>{_reason(reason)}</td></tr>" for reason in proposed.reasons)
        self.reasons.setText(f"<table cellspacing='0' cellpadding='1'>{''.join(points)}</table>")
        self.card.setAccessibleName(f"{proposed.name}, {proposed.standing}")
        self.verdicts.setText(f"<table cellspacing='0' cellpadding='2'>{''.join(map(_verdict, verdicts))}</table>")
        self.verdicts.setAccessibleName("; ".join(f"{v.name}: {v.words}" for v in verdicts))


def _reason(reason: Reason) -> str:
    amber = ink("due").name()
    caution = f'<span style="color:{amber}">({escape(reason.caution)})</span>' if reason.caution else ""
    return " ".join(filter(None, (escape(reason.words), caution)))


def _verdict(line: VerdictLine) -> str:
    """Two parts that never mix: the verdict in the first line, hours, area and staff in the second."""
    why = f": {escape(line.because)}" if line.because else ""
    settled_by = f"; {escape(line.settled_by)}" if line.settled_by else ""
    first = f"{_SIGNS[line.standing]} <b>{line.words}</b>{why}{settled_by}"
    muted = ink("muted").name()
    second = f'<br><span style="color:{muted}">{_reason(line.could_come)}</span>' if line.could_come else ""
    code = f'<b style="color:{ink(line.colour).name()}">{escape(line.code)}</b>'
    return f"<tr><td>{code}&nbsp;&nbsp;</td><td>{first}{second}</td></tr>"

"""What the button of a proposal says: as many of its words as it has room for, and why it cannot be pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console.ui.action_button import ActionButton
from console.ui.call.proposal import Proposal


def show_proposal(button: ActionButton, proposal: Proposal, sending: bool, otherwise: QWidget) -> None:
    """Show a proposal on its button; where it cannot be taken any more the keyboard goes to `otherwise`."""
    button.colour(proposal.primary or "", "primary" if proposal.primary else "action")
    prefix = "Sending… " if sending else ""
    versions = [prefix + words for words in (proposal.words, *proposal.shorter)]
    words = fitting(button, versions)
    if (button.text(), button.isEnabled()) != (words.replace("&", "&&"), not proposal.why_not):
        if proposal.why_not and button.hasFocus():
            otherwise.setFocus()  # or Qt would put it on the next button, where Space sends a unit
        button.say(words, proposal.why_not)
    button.setToolTip(proposal.why_not or (proposal.words if words != versions[0] else ""))
    button.setAccessibleDescription(button.toolTip())


def fitting(button: ActionButton, versions: list[str]) -> str:
    """The longest of these words that the button has room for; the shortest where it has room for none."""
    metrics = button.fontMetrics()
    room = button.width() - (button.sizeHint().width() - metrics.horizontalAdvance(button.text().replace("&&", "&")))
    return next((words for words in versions if metrics.horizontalAdvance(words) <= room), versions[-1])

"""The button that sends a unit: who goes, or who would be taken off another call, and what becomes of that call."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from console.domain import queries, unit_status
from console.domain.commands import AnyCommand, DispatchUnit, PreemptUnit
from console.domain.ids import UserId
from console.domain.state import Call, State
from console.ui.action_button import ActionButton
from console.ui.call.choices import unit_choices
from console.ui.call.proposal_button import show_proposal
from console.ui.call.proposals import DispatchProposal, Proposals
from console.ui.call.recommended import taking_reason
from console.ui.widgets import caption


def sends(state: State, call: Call, made: DispatchProposal) -> AnyCommand | None:
    """What the button does: send the unit recommended first, or take the one whose consequences are shown."""
    if (one := made.takes) is not None:
        return PreemptUnit(one.unit_id, call.call_id, taking_reason(state, call, one))
    units = made.recommendation.units
    return DispatchUnit(units[0].unit_id, call.call_id) if units else None


def may_choose(state: State, call: Call, made: Proposals, me: UserId, now: datetime) -> bool:
    """Whether the list of units has one to choose: free, off its list, to be taken, or to change places with another."""
    if made.dispatch.recommendation.units or made.dispatch.taking:
        return True
    if any(unit_status.heading(state, unit) for unit in queries.assigned_units(state, call)):
        return True
    return any(not option.why_not for option in unit_choices(state, made, call, me, now))


class Sending:
    """The button, and the words about the call that a unit would leave.

    Taking a unit off another call wants a second press, and so does one beside a unit that is on the call already: a key
    that bounces, or is pressed once more because nothing seemed to happen, would send it too.
    """

    def __init__(self, button: ActionButton) -> None:
        self.button = button
        self.consequence = caption("", "due", wrap=True)
        self.consequence.hide()
        self._would: tuple[object, ...] = ()

    def show_made(
        self, made: DispatchProposal, minutes: str, sending: bool, otherwise: QWidget, *, beside: bool = False
    ) -> None:
        """Show it as it is now; `minutes` says how the minutes were made, on hovering; `beside`: a unit is on the call."""
        words, take, units = made.proposal.words, made.takes, made.recommendation.units
        before = self._would
        self._would = (take.unit_id, take.leaves) if take else (units[0].unit_id, beside) if units else ()
        if before != self._would:
            self.button.disarm()  # the first press was for another unit, or another call to leave
        short = words.partition(" · ")[0]  # whom from which call must never be cut; the minutes stand above
        twice = take is not None or (beside and bool(units))
        self.button.confirm = f"Again: {short[:1].lower()}{short[1:]}" if twice else ""
        show_proposal(self.button, made.proposal, sending, otherwise)
        if minutes and not made.proposal.why_not:
            self.button.setToolTip(" · ".join(filter(None, (self.button.toolTip(), minutes))))
            self.button.setAccessibleDescription(self.button.toolTip())
        self.consequence.setText(made.consequence)
        self.consequence.setVisible(bool(made.consequence))

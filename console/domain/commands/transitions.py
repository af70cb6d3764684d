"""What somebody does about a response that turned."""

from console.domain.commands.command import Command
from console.domain.ids import CallId, TransitionId


class TellOfTransition(Command, frozen=True, tag=True):
    """Somebody has been told that the response turned; `party` is a `Party.key` of the transition."""

    call_id: CallId
    transition_id: TransitionId
    party: str


class WaiveInstead(Command, frozen=True, tag=True):
    """What was proposed in place of a response that turned is not needed, and why."""

    call_id: CallId
    transition_id: TransitionId
    reason: str

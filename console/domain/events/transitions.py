"""What happened when the verdict under a response turned."""

from console.domain.events.event import Event
from console.domain.ids import CallId, FactName, ProgrammeCode, TransitionId


class VerdictTurned(Event, frozen=True, tag=True):
    """What was just learned excludes a response that is on its way. `to_tell` are `Party.key`s, in that order."""

    call_id: CallId
    transition_id: TransitionId
    programmes: tuple[ProgrammeCode, ...]
    because: tuple[str, ...]
    facts: dict[FactName, str]
    to_tell: tuple[str, ...]
    instead: str = ""
    along: tuple[str, ...] = ()


class TransitionTold(Event, frozen=True, tag=True):
    call_id: CallId
    transition_id: TransitionId
    party: str


class InsteadWaived(Event, frozen=True, tag=True):
    """A person said that what was proposed in place of a response that turned is not needed."""

    call_id: CallId
    transition_id: TransitionId
    reason: str

"""One line of the log, and every kind of event that it may hold."""

from msgspec import Struct

from console.domain.events import calls, care, follow_ups, hand_offs, neighbors, people, transitions, units
from console.domain.ids import CommandId, DeskId, Seq, UserId
from console.domain.instant import Instant

AnyEvent = (
    people.AgencyConfigured | people.SignedIn | people.SignedOff | people.PresenceChanged | people.DeskLost
    | people.DeskFound
    | calls.CallReceived | calls.NarrativeAdded | calls.NoteSealed | calls.CallRecoded | calls.CallPrioritised
    | calls.CallLocated | calls.CallbackChanged | calls.FlagRaised | calls.FlagLowered | calls.QuestionAnswered
    | calls.AnswerTakenBack | calls.FactSet | calls.FactTakenBack | calls.OtherServiceOrdered
    | calls.CallClosed | calls.CallsFiled
    | transitions.VerdictTurned | transitions.TransitionTold | transitions.InsteadWaived
    | units.UnitEvent | care.CareEvent | hand_offs.HandOffEvent | neighbors.NeighborEvent | follow_ups.FollowUpEvent
)  # fmt: skip


class LogEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the log: the event, who caused it by which command, when it occurred and when the hub recorded it."""

    seq: Seq
    event: AnyEvent
    by: UserId
    at: Instant
    """When it occurred: a person's word, or the hub's clock where nobody said otherwise."""
    recorded_at: Instant
    command_id: CommandId
    desk_id: DeskId | None = None

"""A command on its way to the hub, every kind that it may be, and what becomes of it."""

from msgspec import Struct

from console.domain.commands import calls, care, follow_ups, hand_offs, neighbors, people, transitions, units
from console.domain.ids import CommandId, Seq
from console.domain.instant import Instant

AnyCommand = (
    people.ConfigureAgency | people.SignIn | people.SignOff | people.SetPresence | people.EndWrapUp | people.LoseDesk
    | people.FindDesk
    | calls.ReceiveCall | calls.AddNarrative | calls.SealNote | calls.RecodeCall | calls.PrioritiseCall | calls.LocateCall
    | calls.ChangeCallback | calls.RaiseFlag | calls.LowerFlag | calls.AnswerQuestion | calls.TakeBackAnswer
    | calls.SetFact | calls.TakeBackFact | calls.OrderOtherService | care.SendMessage | care.ReleaseSummary
    | care.AskForResponse | care.DeclineAsk | care.WithdrawAsk | care.DiscloseThreat | care.AcknowledgeDisclosure
    | hand_offs.TakeOverCall | calls.CloseCall | calls.FileClosedCalls
    | transitions.TellOfTransition | transitions.WaiveInstead
    | units.DispatchUnit | units.RecallUnit | units.PreemptUnit | units.ExchangeUnits | units.SetUnitStatus
    | units.CorrectUnitStatus | units.CorrectStageTime | units.CheckUnit | units.MissCheck | units.ReportUnit
    | units.RequestBackup | units.AcknowledgeBackup | units.SendBackup | units.ArriveBackup | units.ClearBackup
    | hand_offs.OfferHandOff | hand_offs.OfferNext | hand_offs.QueueForClinician | hand_offs.LeaveQueue
    | hand_offs.TakeFromQueue | hand_offs.SeeHandOff | hand_offs.AcceptHandOff | hand_offs.TellCaller
    | hand_offs.BridgeHandOff | hand_offs.VerifyConnection | hand_offs.ReleaseHandOff | hand_offs.DeclineHandOff
    | hand_offs.WithdrawHandOff | hand_offs.TimeOutHandOff | hand_offs.ReturnHandOff | hand_offs.LoseCaller
    | neighbors.KeepNeighbor | neighbors.GiveCaution | neighbors.EndCaution | neighbors.MergeNeighbors
    | neighbors.SeparateNeighbors | neighbors.SplitNeighbor | neighbors.SealProfileNote
    | follow_ups.PlanCallBack | follow_ups.TryCallBack | follow_ups.EndCallBack | follow_ups.ReferNeighbor
    | follow_ups.SealNeeds | follow_ups.TakeReferral | follow_ups.TryOutreach | follow_ups.ConnectToCare
    | follow_ups.EndReferral | follow_ups.FileFollowUps
)  # fmt: skip


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """A command on its way: its id makes a retry harmless, `occurred_at` is a person's word about when.

    What reaches the hub after `expires_at` (hub time) is not carried out: the floor it was meant for has moved on. That
    answer, `Rejected` with the code `EXPIRED`, is of this sending alone; the same id may be sent again with more time.
    """

    command_id: CommandId
    command: AnyCommand
    occurred_at: Instant | None = None
    expires_at: Instant | None = None


class Accepted(Struct, frozen=True, tag=True):
    """The command was carried out: its events end at `seq` (the head, where it changed nothing)."""

    seq: Seq


class Rejected(Struct, frozen=True, tag=True):
    """The command was not carried out. `code` for programs, `reason` a sentence for the person, `about` what it names."""

    code: str
    reason: str
    about: dict[str, str] = {}


CommandOutcome = Accepted | Rejected

EXPIRED = "expired"
"""The code of a rejection that says only: it came too late."""

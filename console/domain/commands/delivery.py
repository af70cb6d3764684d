"""What becomes of a command that waited for the link (architecture, rule 7)."""

from console.domain.commands import calls, care, follow_ups, hand_offs, neighbors, transitions, units
from console.domain.commands.command import Command

RECORDINGS: frozenset[type[Command]] = frozenset(
    {
        calls.ReceiveCall, calls.AddNarrative, calls.RecodeCall, calls.PrioritiseCall, calls.LocateCall,
        calls.ChangeCallback, calls.RaiseFlag, calls.LowerFlag, calls.AnswerQuestion, calls.TakeBackAnswer, calls.SetFact,
        calls.TakeBackFact, care.SendMessage, care.ReleaseSummary,
        transitions.TellOfTransition, transitions.WaiveInstead,
        units.SetUnitStatus, units.CorrectUnitStatus, units.CorrectStageTime, units.CheckUnit, units.ReportUnit,
        units.ArriveBackup,
        hand_offs.SeeHandOff, hand_offs.TellCaller, hand_offs.VerifyConnection, hand_offs.LoseCaller,
        neighbors.KeepNeighbor, neighbors.GiveCaution, neighbors.EndCaution,
        follow_ups.PlanCallBack, follow_ups.TryCallBack, follow_ups.EndCallBack, follow_ups.ReferNeighbor,
        follow_ups.TakeReferral, follow_ups.TryOutreach, follow_ups.ConnectToCare, follow_ups.EndReferral,
    }
)  # fmt: skip
"""Commands that say what already happened: sent by themselves when the link is back.

Every other is an order: it sets something in motion, expires, and comes back to the person as "send now" or "discard".
"""

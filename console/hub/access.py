"""The one table of rights: which role may send which command, and what nobody may do in another's place."""

from collections.abc import Mapping

from console.domain import commands as c
from console.domain.acquaintance import neighbor_of, standing
from console.domain.commands import Command
from console.domain.ids import CallId, NeighborId, ReferralId, UnitId, UserId, crew_unit
from console.domain.queries import held, on_the_line, person_name, why_not_answer
from console.domain.state import Role, SealedKind, State

_FLOOR = frozenset({Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR})
_DISPATCH = frozenset({Role.TELECOMMUNICATOR, Role.SUPERVISOR})
_CLINICAL = frozenset({Role.CLINICIAN})
_CREW = frozenset({Role.CREW})
_FED = frozenset({Role.ACTOR})
_HUB_ONLY: frozenset[Role] = frozenset()
"""Made inside the hub, after it has seen to it that they are due; never taken from outside."""

RIGHTS: Mapping[type[Command], frozenset[Role]] = {
    c.ConfigureAgency: _HUB_ONLY,
    c.SignIn: _HUB_ONLY,
    c.SignOff: _HUB_ONLY,
    c.SetPresence: _FLOOR,
    c.EndWrapUp: _HUB_ONLY,
    c.LoseDesk: _HUB_ONLY,
    c.FindDesk: _HUB_ONLY,
    c.ReceiveCall: _DISPATCH | _FED,
    c.AddNarrative: _FLOOR | _FED | _CREW,
    c.SealNote: _HUB_ONLY,
    c.RecodeCall: _DISPATCH | _FED,
    c.PrioritiseCall: _DISPATCH | _FED,
    c.LocateCall: _FLOOR | _FED,
    c.ChangeCallback: _FLOOR | _FED,
    c.RaiseFlag: _FLOOR | _FED,
    c.LowerFlag: _FLOOR | _FED,
    c.AnswerQuestion: _FLOOR,
    c.TakeBackAnswer: _FLOOR,
    c.SetFact: _FLOOR | _FED,
    c.TakeBackFact: _FLOOR | _FED,
    c.TellOfTransition: _FLOOR,
    c.WaiveInstead: _DISPATCH,
    c.DispatchUnit: _DISPATCH,
    c.RecallUnit: _DISPATCH,
    c.PreemptUnit: _DISPATCH,
    c.ExchangeUnits: _DISPATCH,
    c.SetUnitStatus: _DISPATCH | _FED | _CREW,
    c.CorrectUnitStatus: _DISPATCH,
    c.CorrectStageTime: _DISPATCH,
    c.CheckUnit: _DISPATCH | _FED | _CREW,
    c.MissCheck: _HUB_ONLY,
    c.ReportUnit: _DISPATCH | _FED | _CREW,
    c.RequestBackup: _FLOOR | _FED | _CREW,
    c.AcknowledgeBackup: _DISPATCH,
    c.SendBackup: _DISPATCH,
    c.ArriveBackup: _DISPATCH | _CREW,
    c.ClearBackup: _DISPATCH,
    c.OrderOtherService: _DISPATCH | _FED,
    c.OfferHandOff: _FLOOR,
    c.OfferNext: _HUB_ONLY,
    c.QueueForClinician: _DISPATCH,
    c.LeaveQueue: _DISPATCH,
    c.TakeFromQueue: _CLINICAL,
    c.SeeHandOff: _CLINICAL,
    c.AcceptHandOff: _CLINICAL,
    c.DeclineHandOff: _CLINICAL,
    c.TellCaller: _FLOOR,
    c.BridgeHandOff: _FLOOR,
    c.VerifyConnection: _FLOOR,
    c.ReleaseHandOff: _FLOOR,
    c.WithdrawHandOff: _FLOOR,
    c.TimeOutHandOff: _HUB_ONLY,
    c.ReturnHandOff: _CLINICAL,
    c.LoseCaller: _FLOOR,
    c.TakeOverCall: _FLOOR,
    c.SendMessage: _FLOOR,
    c.ReleaseSummary: _CLINICAL,
    c.AskForResponse: _CLINICAL,
    c.DeclineAsk: _DISPATCH,
    c.WithdrawAsk: _CLINICAL,
    c.DiscloseThreat: _CLINICAL,
    c.AcknowledgeDisclosure: _DISPATCH,
    c.KeepNeighbor: _CLINICAL,
    c.GiveCaution: _CLINICAL,
    c.EndCaution: _CLINICAL,
    c.MergeNeighbors: _CLINICAL,
    c.SeparateNeighbors: _CLINICAL,
    c.SplitNeighbor: _CLINICAL,
    c.SealProfileNote: _HUB_ONLY,
    c.PlanCallBack: _FLOOR,
    c.TryCallBack: _FLOOR,
    c.EndCallBack: _FLOOR,
    c.ReferNeighbor: _FLOOR,
    c.SealNeeds: _HUB_ONLY,
    c.TakeReferral: _CLINICAL,
    c.TryOutreach: _CLINICAL,
    c.ConnectToCare: _CLINICAL,
    c.EndReferral: _CLINICAL,
    c.FileFollowUps: _HUB_ONLY,
    c.CloseCall: _FLOOR | _FED,
    c.FileClosedCalls: _HUB_ONLY,
}

SEALED: Mapping[SealedKind, frozenset[Role]] = dict.fromkeys(SealedKind, _CLINICAL)
"""Who writes and opens sealed records. A programme of follow-up has its people in the clinician's role too."""

MAY_REPORT_POSITIONS = _FED
MAY_LOOK_AT_CONTACTS = _FLOOR
MAY_SEE_TRACKS = _FLOOR
MAY_SEE_FEEDS = frozenset({Role.SUPERVISOR})
MAY_SEE_TABLETS = frozenset({Role.SUPERVISOR})
MAY_SET_SPEED = frozenset({Role.SUPERVISOR})


def refusal(state: State, command: Command, by: UserId, role: Role) -> str | None:
    """Why this person may not send this command, in a sentence; None if they may."""
    allowed = RIGHTS[type(command)]
    if role not in allowed:
        whose = " or ".join(sorted(r.value for r in allowed)) or "the hub alone"
        return f"A {role.value} may not {_words(command)}; that is for {whose}."
    if role is Role.CREW:
        return _not_its_own(state, command, crew_unit(by) or UnitId(""))
    match command:
        case c.CloseCall(call_id) if role is Role.CLINICIAN:
            call = state.calls.get(call_id)
            if call is not None and call.in_care_of != by:
                return f"A clinician closes the calls in their own care; call {call.number} is not."
        case c.AnswerQuestion(call_id) | c.TakeBackAnswer(call_id) if role is Role.CLINICIAN:
            call = state.calls.get(call_id)
            return (why_not_answer(state, call, by, role) or None) if call is not None else None
        case c.OfferHandOff(call_id) if role is Role.CLINICIAN:
            call = state.calls.get(call_id)
            if call is not None and call.in_care_of != by:
                return f"A clinician hands on callers in their own care; call {call.number} is not."
        case c.WithdrawHandOff(call_id) | c.ReleaseHandOff(call_id) if role is not Role.SUPERVISOR:
            call = state.calls.get(call_id)
            if call is not None and call.hand_off is not None and call.hand_off.from_user != by:
                whose = person_name(state, call.hand_off.from_user)
                return f"{whose} offered call {call.number}; they or a supervisor {_words(command).split()[0]} it."
    return None


def _not_its_own(state: State, command: Command, own: UnitId) -> str | None:
    """Why a unit's tablet may not say this: it speaks for its unit, and writes to calls that its unit is, or was, on."""
    if isinstance(command, c.AddNarrative):
        call = state.calls.get(command.call_id)
        if call is not None and any(part.unit_id == own for part in call.assignments):
            return None
        return f"The tablet of {own} writes to calls of {own} alone."
    unit = getattr(command, "unit_id", "")
    return None if own and unit == own else f"The tablet of {own} speaks for {own} alone, not for {unit}."


def sealed_refusal(kind: SealedKind, role: Role) -> str | None:
    """Why a role may neither write nor open sealed records of a kind; None if it may."""
    if role in SEALED[kind]:
        return None
    whose = " or ".join(sorted(r.value for r in SEALED[kind]))
    return f"A {kind.value} note is for a {whose}; a {role.value} neither writes nor opens one."


def reads_freely(state: State, kind: SealedKind, subject: str, by: UserId) -> bool:
    """Whether this person opens a sealed record without saying why: of a caller or a neighbor they speak with, or theirs."""
    match kind:
        case SealedKind.PROFILE:
            about = standing(state, NeighborId(subject))
            return about is not None and any(neighbor_of(state, call) == about for call in held(state, by))
        case SealedKind.NEEDS:
            referral = state.referrals.get(ReferralId(subject))
            return referral is not None and referral.ended is None and by in (referral.owner, referral.referred.by)
        case _:
            call = state.calls.get(CallId(subject))
            return call is not None and call.closing is None and on_the_line(call) == by


def _words(command: Command) -> str:
    """The name of a command as words: "DispatchUnit" is "dispatch unit"."""
    name = type(command).__name__
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()

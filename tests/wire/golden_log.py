"""Writes the log of a release, once, for every later one to read: `python -m tests.wire.golden_log 0.1.0`."""

import sys
from datetime import timedelta
from pathlib import Path

from console.domain import commands as c
from console.domain.assignment import AssignmentStage, FeltSafe
from console.domain.evolve import fold
from console.domain.follow_ups import Reach
from console.domain.ids import (
    CLOCK,
    AskId,
    CallBackId,
    CallId,
    CautionId,
    DeskId,
    EntryId,
    HandOffId,
    NeighborId,
    NoteId,
    QuestionId,
    ReferralId,
    UnitId,
)
from console.domain.state import Place, PresenceStatus, SealedKind, State, UnitStatus
from console.domain.status_check import status_check
from console.wire.codec import digest, encode
from tests.support.agency import AGENCY, PHONE, TEAM, TRESPASS, WEAPON
from tests.support.scenes import A1, CALL, LIN, REYES, T1, T2, Scene, floor, offer, receive, sign_in, status, taken

FOLDER = Path(__file__).parent / "golden"
WHY = "an officer is at the door"
SECOND, THIRD, TURNING, WAITS = CallId("call-2"), CallId("call-3"), CallId("call-turning"), CallId("call-waits")


def story() -> Scene:
    """A day in which everything happens at least once."""
    scene = floor().given(receive(text="he will not stop shouting", callback="919 555 0100", language="es"))
    scene.given(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1"), c.TakeBackAnswer(CALL, QuestionId("weapon")))
    scene.given(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"), c.RaiseFlag(CALL, "officer_request"))
    scene.given(c.LowerFlag(CALL, "officer_request"), c.PrioritiseCall(CALL, "3"), c.RecodeCall(CALL, TRESPASS))
    scene.given(c.LocateCall(CALL, Place("5th and Main", 36.02, -78.91, 80.0, "D1")), c.ChangeCallback(CALL, "919 555 0101"))
    scene.given(c.AddNarrative(CALL, EntryId("e1"), "¿su hermana viene?"), c.DispatchUnit(T1, CALL, WHY))
    scene.given(c.SealNote(CALL, NoteId("n1"), SealedKind.CLINICAL, "5e" * 32))
    scene.given(c.RecallUnit(T1, "nearer unit free"), c.DispatchUnit(T2, CALL, WHY))
    scene.given(*status(T2, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE), c.CheckUnit(T2))
    scene.given(c.RequestBackup(T2, "POLICE"), c.AcknowledgeBackup(T2), c.SendBackup(T2), c.ArriveBackup(T2))
    scene.given(c.ClearBackup(T2, "all safe"))
    asked = status_check(scene.state, scene.unit(T2))
    assert asked is not None
    scene.given(c.MissCheck(T2, asked.due_at, 1), by=CLOCK)
    scene.given(c.SetUnitStatus(T2, UnitStatus.TRANSPORTING, "Recovery Center"), *status(T2, UnitStatus.CLEAR))
    arrived = scene.call().assignments[1].arrived_at
    assert arrived is not None
    scene.given(c.CorrectUnitStatus(T2, UnitStatus.AT_FACILITY, "cleared too soon"), *status(T2, UnitStatus.CLEAR))
    earlier = arrived - timedelta(seconds=1)
    scene.given(c.CorrectStageTime(CALL, T2, 1, AssignmentStage.ARRIVED, earlier, "told late"))
    scene.given(c.ReportUnit(T2, CALL, FeltSafe.YES, None, "a ride to the center"))
    scene.given(c.CloseCall(CALL, outcome="resolved", note="ride given"))
    scene.given(receive(call_id=TURNING), c.DispatchUnit(T1, TURNING), c.SetFact(TURNING, WEAPON, "near", "officer saw it"))
    (turned,) = scene.call(TURNING).transitions
    scene.given(*(c.TellOfTransition(TURNING, turned.transition_id, party.key) for party in turned.parties))
    scene.given(c.WaiveInstead(TURNING, turned.transition_id, "officers are there already"))
    scene.given(c.TakeBackFact(TURNING, WEAPON), c.RaiseFlag(TURNING, "armed"), c.RecallUnit(T1, "a weapon"))
    scene.given(receive(call_id=SECOND), offer(hand_off="h1", call_id=SECOND))
    scene.given(c.DeclineHandOff(SECOND, HandOffId("h1"), "busy"), by=REYES)
    scene.given(offer(to=LIN, hand_off="h3", call_id=SECOND), c.WithdrawHandOff(SECOND, HandOffId("h3"), "caller moved"))
    taken(scene, LIN, "h4", SECOND).given(c.ReturnHandOff(SECOND, HandOffId("h4"), "wants somebody to come"), by=LIN)
    scene.given(offer(hand_off="h5", call_id=SECOND), c.TimeOutHandOff(SECOND, HandOffId("h5")))
    _hand_over(scene)
    _follow_up(scene)
    scene.given(c.SetPresence(PresenceStatus.AWAY, "lunch"), by=REYES).given(c.SignOff(LIN))
    scene.given(c.OrderOtherService(SECOND, "POLICE", "no unit free"), c.SetUnitStatus(A1, UnitStatus.ASSIST, "Main St"))
    scene.given(receive(call_id=THIRD), c.CloseCall(THIRD, missed="judgement", note="caller asked for nobody"))
    scene.given(c.ConfigureAgency(AGENCY, exercise=True), c.CheckUnit(UnitId("A1")))
    scene.at += timedelta(hours=30)
    return scene.given(c.FileClosedCalls(scene.at - timedelta(hours=24)), receive(call_id=CallId("next-day")))


def _hand_over(scene: Scene) -> None:
    """A caller who waits, is taken up, lost, handed on and taken over; and what is asked and told in care."""
    told, seen = HandOffId("q1"), HandOffId("q2")
    scene.given(c.SetPresence(PresenceStatus.READY), by=REYES).given(sign_in(LIN))
    scene.given(receive(call_id=WAITS, callback="919 555 0199"), c.QueueForClinician(WAITS, PHONE, "listen", "a call"))
    scene.given(c.OfferNext(WAITS, told, REYES), by=CLOCK).given(c.SeeHandOff(WAITS, told), by=REYES)
    scene.given(c.AcceptHandOff(WAITS, told), by=REYES).given(c.LoseCaller(WAITS, CallBackId("b1")))
    scene.given(c.QueueForClinician(WAITS, PHONE), c.LeaveQueue(WAITS, "caller hung up"))
    scene.given(c.SetPresence(PresenceStatus.READY), c.SetPresence(PresenceStatus.WRAP_UP), by=REYES)
    scene.given(c.EndWrapUp(REYES, scene.state.people[REYES].since), by=CLOCK)
    taken(scene, REYES, "q3", WAITS)
    scene.given(c.AskForResponse(WAITS, AskId("a1"), TEAM, "alone, and afraid"), by=REYES)
    scene.given(c.SendMessage(WAITS, EntryId("m1"), "is anybody free?"), by=REYES)
    scene.given(c.DeclineAsk(WAITS, AskId("a1"), "nobody is free"))
    scene.given(c.DiscloseThreat(WAITS, "t1", "POLICE", "he has a plan", "he named a time and a place"), by=REYES)
    scene.given(c.AcknowledgeDisclosure(WAITS, "t1"))
    scene.given(c.ReleaseSummary(WAITS, EntryId("s1"), "calm now, and not alone"), by=REYES)
    scene.given(c.OfferHandOff(WAITS, seen, LIN, "Spanish"), by=REYES).given(c.AcceptHandOff(WAITS, seen), by=LIN)
    scene.given(c.LoseDesk(REYES, DeskId("desk-reyes")))
    scene.given(c.TakeOverCall(WAITS, HandOffId("q4"), "nothing is heard of Reyes"), by=LIN)
    scene.given(c.FindDesk(REYES, DeskId("desk-reyes"))).given(c.CloseCall(WAITS, outcome="by_phone"), by=LIN)


def _follow_up(scene: Scene) -> None:
    """Neighbors whom the center knows, and what is owed after a call."""
    one, two, part = NeighborId("n1"), NeighborId("n2"), NeighborId("n3")
    scene.given(
        c.KeepNeighbor(one, ("919 555 0199", "919 555 0198"), ("12 Oak St",), "Sam", "es", "speak slowly"),
        c.GiveCaution(one, CautionId("c1"), "a dog at the door", scene.at + timedelta(days=90)),
        c.EndCaution(one, CautionId("c1"), "it moved away"),
        c.SealProfileNote(one, NoteId("n2"), "5e" * 32),
        c.KeepNeighbor(two, ("919 555 0177",)), c.MergeNeighbors(one, two), c.SeparateNeighbors(two),
        c.SplitNeighbor(one, part, ("919 555 0198",)), by=REYES,
    )  # fmt: skip
    scene.given(c.PlanCallBack(CallBackId("b2"), WAITS, scene.at + timedelta(hours=2), "asked for it"))
    scene.given(c.TryCallBack(CallBackId("b1"), False), c.EndCallBack(CallBackId("b1"), "the sister is there"))
    kept, gone = ReferralId("r1"), ReferralId("r2")
    scene.given(
        c.ReferNeighbor(kept, WAITS), c.SealNeeds(kept, NoteId("n3"), "5e" * 32), c.TakeReferral(kept),
        c.TryOutreach(kept, Reach.IN_PERSON, True, "at the door"), c.ConnectToCare(kept, "first visit on Monday"),
        c.ReferNeighbor(gone, WAITS), c.EndReferral(gone, "wants nobody"), by=LIN,
    )  # fmt: skip
    scene.given(c.FileFollowUps(scene.at), by=CLOCK)


def main(version: str) -> None:
    """Write the log and its digest; a log that exists is never written again."""
    log = FOLDER / f"{version}.jsonl"
    entries = story().log
    with log.open("xb") as file:
        file.writelines(encode(entry) + b"\n" for entry in entries)
    (FOLDER / f"{version}.digest").write_text(digest(fold(State(), entries)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])

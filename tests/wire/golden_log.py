"""Writes the log of a release, once, for every later one to read: `python -m tests.wire.golden_log 0.1.0`."""

import sys
from datetime import timedelta
from pathlib import Path

from console.domain import commands as c
from console.domain.evolve import fold
from console.domain.ids import CallId, EntryId, HandOffId, NoteId, QuestionId, UnitId
from console.domain.state import Place, PresenceStatus, SealedKind, State, UnitStatus
from console.wire.codec import digest, encode
from tests.support.agency import AGENCY, TRESPASS, WEAPON
from tests.support.scenes import A1, CALL, LIN, REYES, T1, T2, Scene, floor, offer, receive, status

FOLDER = Path(__file__).parent / "golden"
WHY = "an officer is at the door"
SECOND, THIRD, TURNING = CallId("call-2"), CallId("call-3"), CallId("call-turning")


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
    scene.given(c.RequestBackup(T2, "POLICE"), c.AcknowledgeBackup(T2), c.SendBackup(T2), c.ClearBackup(T2, "all safe"))
    scene.given(c.SetUnitStatus(T2, UnitStatus.TRANSPORTING, "Recovery Center"), *status(T2, UnitStatus.CLEAR))
    scene.given(c.CloseCall(CALL, outcome="resolved", note="ride given"))
    scene.given(receive(call_id=TURNING), c.DispatchUnit(T1, TURNING), c.SetFact(TURNING, WEAPON, "near", "officer saw it"))
    (turned,) = scene.call(TURNING).transitions
    scene.given(*(c.TellOfTransition(TURNING, turned.transition_id, party.key) for party in turned.parties))
    scene.given(c.WaiveInstead(TURNING, turned.transition_id, "officers are there already"))
    scene.given(c.TakeBackFact(TURNING, WEAPON), c.RaiseFlag(TURNING, "armed"), c.RecallUnit(T1, "a weapon"))
    scene.given(receive(call_id=SECOND), offer(hand_off="h1", call_id=SECOND))
    scene.given(c.DeclineHandOff(SECOND, HandOffId("h1"), "busy"), by=REYES)
    scene.given(offer(hand_off="h2", call_id=SECOND), c.TimeOutHandOff(SECOND, HandOffId("h2")))
    scene.given(offer(hand_off="h3", call_id=SECOND), c.WithdrawHandOff(SECOND, HandOffId("h3"), "caller moved"))
    scene.given(offer(to=LIN, hand_off="h4", call_id=SECOND)).given(c.AcceptHandOff(SECOND, HandOffId("h4")), by=LIN)
    scene.given(c.ReturnHandOff(SECOND, HandOffId("h4"), "wants somebody to come"), by=LIN)
    scene.given(c.SetPresence(PresenceStatus.AWAY, "lunch"), by=REYES).given(c.SignOff(LIN))
    scene.given(c.OrderOtherService(SECOND, "POLICE", "no unit free"), c.SetUnitStatus(A1, UnitStatus.ASSIST, "Main St"))
    scene.given(receive(call_id=THIRD), c.CloseCall(THIRD, missed="judgement", note="caller asked for nobody"))
    scene.given(c.ConfigureAgency(AGENCY, exercise=True), c.CheckUnit(UnitId("A1")))
    scene.at += timedelta(hours=30)
    return scene.given(c.FileClosedCalls(scene.at - timedelta(hours=24)), receive(call_id=CallId("next-day")))


def main(version: str) -> None:
    """Write the log and its digest; a log that exists is never written again."""
    log = FOLDER / f"{version}.jsonl"
    entries = story().log
    with log.open("xb") as file:
        file.writelines(encode(entry) + b"\n" for entry in entries)
    (FOLDER / f"{version}.digest").write_text(digest(fold(State(), entries)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])

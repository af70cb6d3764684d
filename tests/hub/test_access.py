"""Rights: every command has its row, and every pair the table denies is refused over HTTP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from console.domain import commands as c
from console.domain.assignment import AssignmentStage, FeltSafe
from console.domain.follow_ups import Reach
from console.domain.ids import (
    AskId,
    CallBackId,
    CallId,
    CautionId,
    DeskId,
    EntryId,
    FactName,
    HandOffId,
    NeighborId,
    NoteId,
    ProgrammeCode,
    QuestionId,
    ReferralId,
    TransitionId,
    UnitId,
    UserId,
)
from console.domain.state import Place, PresenceStatus, Role, SealedKind, Source, UnitStatus
from console.hub import access
from console.wire import codec
from console.wire.messages import Problem
from tests.support.agency import AGENCY, BURGLARY, CRISIS, PHONE
from tests.support.hub import running_hub
from tests.support.loop import runs
from tests.support.scenes import START, receive

CALL, UNIT, HAND_OFF = CallId("call-1"), UnitId("T1"), HandOffId("h1")
NEIGHBOR, BACK, REFERRAL = NeighborId("n"), CallBackId("b"), ReferralId("r")
LATER = START + timedelta(days=90)

ONE_OF_EACH: tuple[c.AnyCommand, ...] = (
    c.ConfigureAgency(AGENCY),
    c.SignIn(UserId("me"), "Me", Role.SUPERVISOR, DeskId("d"), programme=ProgrammeCode("")),
    c.SignOff(UserId("okafor")),
    c.SetPresence(PresenceStatus.AWAY, "lunch"),
    c.ReceiveCall(CALL, Source.PHONE, CRISIS, Place("1 Main St")),
    c.AddNarrative(CALL, EntryId("n"), "words"),
    c.SealNote(CALL, NoteId("note"), SealedKind.CLINICAL, "00" * 32),
    c.RecodeCall(CALL, BURGLARY),
    c.PrioritiseCall(CALL, "1"),
    c.LocateCall(CALL, Place("2 Main St")),
    c.ChangeCallback(CALL, "919-555-0100"),
    c.RaiseFlag(CALL, "repeat caller"),
    c.LowerFlag(CALL, "repeat caller"),
    c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1"),
    c.TakeBackAnswer(CALL, QuestionId("weapon")),
    c.SetFact(CALL, FactName("weapon"), "none", "officer at the door"),
    c.TakeBackFact(CALL, FactName("weapon")),
    c.TellOfTransition(CALL, TransitionId("t1"), "caller"),
    c.WaiveInstead(CALL, TransitionId("t1"), "police are there"),
    c.DispatchUnit(UNIT, CALL),
    c.RecallUnit(UNIT, "nearer one free"),
    c.SetUnitStatus(UNIT, UnitStatus.EN_ROUTE),
    c.PreemptUnit(UNIT, CALL, "a child is there"),
    c.ExchangeUnits(UNIT, UnitId("T2"), "nearer"),
    c.CorrectUnitStatus(UNIT, UnitStatus.EN_ROUTE, "a slip"),
    c.CorrectStageTime(CALL, UNIT, 0, AssignmentStage.ARRIVED, START, "told late"),
    c.CheckUnit(UNIT),
    c.MissCheck(UNIT, START, 1),
    c.ReportUnit(UNIT, CALL, FeltSafe.YES),
    c.RequestBackup(UNIT, "POLICE"),
    c.AcknowledgeBackup(UNIT),
    c.SendBackup(UNIT),
    c.ArriveBackup(UNIT),
    c.ClearBackup(UNIT, "safe"),
    c.OrderOtherService(CALL, "EMS", "hurt"),
    c.OfferHandOff(CALL, HAND_OFF, UserId("reyes")),
    c.OfferNext(CALL, HAND_OFF, UserId("reyes")),
    c.QueueForClinician(CALL, PHONE),
    c.LeaveQueue(CALL, "settled"),
    c.TakeFromQueue(CALL, HAND_OFF),
    c.SeeHandOff(CALL, HAND_OFF),
    c.AcceptHandOff(CALL, HAND_OFF),
    c.DeclineHandOff(CALL, HAND_OFF, "busy"),
    c.TellCaller(CALL, HAND_OFF),
    c.BridgeHandOff(CALL, HAND_OFF),
    c.VerifyConnection(CALL, HAND_OFF),
    c.ReleaseHandOff(CALL, HAND_OFF),
    c.LoseCaller(CALL, BACK),
    c.TakeOverCall(CALL, HandOffId("h9"), "nobody is there"),
    c.SendMessage(CALL, EntryId("m"), "she is calmer"),
    c.ReleaseSummary(CALL, EntryId("s"), "calm, and at home"),
    c.AskForResponse(CALL, AskId("a"), "EMS"),
    c.DeclineAsk(CALL, AskId("a"), "none free"),
    c.WithdrawAsk(CALL, AskId("a")),
    c.DiscloseThreat(CALL, "d", "POLICE", "he has a plan", "he named a time"),
    c.AcknowledgeDisclosure(CALL, "d"),
    c.KeepNeighbor(NEIGHBOR, ("919 555 0100",)),
    c.GiveCaution(NEIGHBOR, CautionId("w"), "a dog", LATER),
    c.EndCaution(NEIGHBOR, CautionId("w"), "it moved"),
    c.MergeNeighbors(NEIGHBOR, NeighborId("m")),
    c.SeparateNeighbors(NeighborId("m")),
    c.SplitNeighbor(NEIGHBOR, NeighborId("o"), ("919 555 0100",)),
    c.SealProfileNote(NEIGHBOR, NoteId("p"), "00" * 32),
    c.PlanCallBack(BACK, CALL, LATER, "asked for it"),
    c.TryCallBack(BACK, reached=False),
    c.EndCallBack(BACK, "moved away"),
    c.ReferNeighbor(REFERRAL, CALL),
    c.SealNeeds(REFERRAL, NoteId("needs"), "00" * 32),
    c.TakeReferral(REFERRAL),
    c.TryOutreach(REFERRAL, Reach.PHONE, reached=True),
    c.ConnectToCare(REFERRAL),
    c.EndReferral(REFERRAL, "moved away"),
    c.FileFollowUps(START),
    c.EndWrapUp(UserId("reyes"), START),
    c.LoseDesk(UserId("reyes"), DeskId("d")),
    c.FindDesk(UserId("reyes"), DeskId("d")),
    c.WithdrawHandOff(CALL, HAND_OFF, "settled"),
    c.TimeOutHandOff(CALL, HAND_OFF),
    c.ReturnHandOff(CALL, HAND_OFF, "wants somebody to come"),
    c.CloseCall(CALL, outcome="resolved"),
    c.FileClosedCalls(START),
)


RELEASED: tuple[tuple[Role, c.AnyCommand], ...] = (
    (Role.TELECOMMUNICATOR, c.TellCaller(CALL, HAND_OFF)),
    (Role.TELECOMMUNICATOR, c.VerifyConnection(CALL, HAND_OFF)),
    (Role.TELECOMMUNICATOR, c.ReleaseHandOff(CALL, HAND_OFF)),
)
"""What carries an accepted hand-off to its end."""


def test_every_command_has_its_row_and_its_example() -> None:
    every = set(get_args(c.AnyCommand))
    assert set(access.RIGHTS) == every
    assert {type(command) for command in ONE_OF_EACH} == every


def test_what_only_the_hub_makes_is_open_to_no_role() -> None:
    inner = {kind for kind, roles in access.RIGHTS.items() if not roles}
    assert inner == {
        c.ConfigureAgency, c.SignIn, c.SignOff, c.LoseDesk, c.FindDesk, c.EndWrapUp, c.SealNote, c.SealProfileNote,
        c.SealNeeds, c.OfferNext, c.TimeOutHandOff, c.MissCheck, c.FileClosedCalls, c.FileFollowUps,
    }  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CREW])  # a tablet speaks for its own unit alone
def test_given_each_command_from_a_role_then_exactly_what_the_table_denies_gets_403(tmp_path: Path, role: Role) -> None:
    @runs
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            await hub.sign_in(role)
            for command in ONE_OF_EACH:
                head = hub.hub.ledger.head
                answer = await hub.order(command, role)
                if role in access.RIGHTS[type(command)]:
                    assert answer.status_code in (200, 409), (command, answer.text)
                else:
                    problem = codec.decode(answer.content, Problem)
                    assert (answer.status_code, problem.code, problem.where) == (403, "forbidden", "$.command")
                    assert role.value in problem.detail
                    assert hub.hub.ledger.head == head

    case()


@runs
async def test_a_clinician_closes_only_calls_in_their_own_care(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in(Role.CLINICIAN)
        await hub.order(receive(CALL))
        refused = await hub.order(c.CloseCall(CALL, missed="all_busy"), Role.CLINICIAN)
        assert refused.status_code == 403 and "own care" in refused.text
        steps: tuple[tuple[Role, c.AnyCommand], ...] = (
            (Role.TELECOMMUNICATOR, c.OfferHandOff(CALL, HAND_OFF, UserId("reyes"))),
            (Role.CLINICIAN, c.AcceptHandOff(CALL, HAND_OFF)),
            *RELEASED,
            (Role.CLINICIAN, c.CloseCall(CALL, outcome="by_phone")),
        )
        for role, command in steps:
            assert (await hub.order(command, role)).status_code == 200, command


@runs
async def test_a_clinician_answers_only_while_they_have_the_caller(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in(Role.CLINICIAN)
        await hub.order(receive(CALL))
        answer = c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1")
        for command in (answer, c.TakeBackAnswer(CALL, QuestionId("weapon"))):
            refused = await hub.order(command, Role.CLINICIAN)
            assert refused.status_code == 403 and "has the caller" in refused.text
        assert (await hub.order(answer, Role.SUPERVISOR)).status_code == 200
        steps: tuple[tuple[Role, c.AnyCommand], ...] = (
            (Role.TELECOMMUNICATOR, c.OfferHandOff(CALL, HAND_OFF, UserId("reyes"))),
            (Role.CLINICIAN, c.AcceptHandOff(CALL, HAND_OFF)),
            *RELEASED,
            (Role.CLINICIAN, c.TakeBackAnswer(CALL, QuestionId("weapon"))),
        )
        for role, step in steps:
            assert (await hub.order(step, role)).status_code == 200, step


@runs
async def test_an_offer_is_withdrawn_and_released_by_whoever_made_it_or_a_supervisor(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in(Role.CLINICIAN)
        await hub.order(receive(CALL))
        assert (await hub.order(c.OfferHandOff(CALL, HAND_OFF, UserId("reyes")), Role.SUPERVISOR)).status_code == 200
        for role, command in (
            (Role.TELECOMMUNICATOR, c.WithdrawHandOff(CALL, HAND_OFF, "no")),
            (Role.TELECOMMUNICATOR, c.ReleaseHandOff(CALL, HAND_OFF)),
            (Role.CLINICIAN, c.ReleaseHandOff(CALL, HAND_OFF)),
        ):
            refused = await hub.order(command, role)
            assert refused.status_code == 403 and "Lindqvist offered" in refused.text, command
        assert (await hub.order(c.WithdrawHandOff(CALL, HAND_OFF, "no"), Role.SUPERVISOR)).status_code == 200


@runs
async def test_a_clinician_hands_on_only_callers_in_their_own_care(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in(Role.CLINICIAN)
        await hub.order(receive(CALL))
        refused = await hub.order(c.OfferHandOff(CALL, HAND_OFF, UserId("lin")), Role.CLINICIAN)
        assert refused.status_code == 403 and "own care" in refused.text


def test_the_examples_survive_the_wire() -> None:
    for command in ONE_OF_EACH:
        sent = msgspec.json.encode(command)
        assert codec.decode(sent, c.AnyCommand) == command  # type: ignore[arg-type]

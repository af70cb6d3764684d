"""Laws that hold for every history, driven by random commands from random people."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.assignment import AssignmentStage, FeltSafe
from console.domain.changes import changes
from console.domain.commands import RECORDINGS, Rejected
from console.domain.decide import decide
from console.domain.eligibility import open_to
from console.domain.evolve import evolve, fold
from console.domain.follow_ups import Reach
from console.domain.hand_off import ENDED
from console.domain.ids import (
    AskId,
    CallBackId,
    CallId,
    CautionId,
    DeskId,
    EntryId,
    HandOffId,
    NatureCode,
    NeighborId,
    NoteId,
    QuestionId,
    ReferralId,
    TransitionId,
    UnitId,
    UserId,
    derived_id,
)
from console.domain.state import Call, Place, PresenceStatus, Role, SealedKind, Source, State, UnitStatus
from console.domain.status_check import status_check
from console.wire.codec import decode, digest, encode
from tests.domain.test_laws_of_units import units_hold
from tests.support.agency import AGENCY, BURGLARY, CRISIS, PHONE, TEAM, TRESPASS, VIOLENCE, WEAPON
from tests.support.scenes import LIN, OKAFOR, REYES, START, Scene, floor, offer, receive, sign_in, taken

CALLS = st.sampled_from([CallId(one) for one in ("a", "b", "care", "plain", "a", "b", "care", "none")])
UNITS = st.sampled_from([UnitId("T1"), UnitId("A1"), UnitId("T1"), UnitId("A1"), UnitId("none")])
NATURES = st.sampled_from([CRISIS, TRESPASS, BURGLARY])
OFFERS = st.sampled_from([HandOffId("h1"), HandOffId("h1"), HandOffId("h2")])
TURNS = st.sampled_from([TransitionId(derived_id("turned", call, n)) for call in ("a", "b") for n in ("0", "1")])
FIRST_TURN = TransitionId(derived_id("turned", "a", "0"))
PEOPLE = st.sampled_from([OKAFOR, REYES, LIN])
WORDS = st.sampled_from(["because", "because", "because", "", "x" * 10_001])
SERVICES = st.sampled_from(["POLICE", "EMS", "POLICE", "NAVY"])
ASKS = st.sampled_from([AskId("a1"), AskId("a2")])
ENTRIES = st.sampled_from([EntryId("e1"), EntryId("e3")])
NEIGHBORS = st.sampled_from([NeighborId("n1"), NeighborId("n2"), NeighborId("n3")])
BACKS = st.sampled_from([CallBackId("b1"), CallBackId("b2")])
REFERRALS = st.sampled_from([ReferralId("r1"), ReferralId("r2")])
DESKS = st.sampled_from([DeskId("desk-reyes"), DeskId("desk-lin"), DeskId("desk-okafor")])
TIMES = st.sampled_from([START, START + timedelta(seconds=20), START + timedelta(days=1)])

PASSING: st.SearchStrategy[c.AnyCommand] = st.one_of(
    st.builds(c.OfferNext, CALLS, OFFERS, PEOPLE),
    st.builds(c.QueueForClinician, CALLS, st.sampled_from([PHONE, PHONE, TEAM])),
    st.builds(c.LeaveQueue, CALLS, WORDS),
    st.builds(c.TakeFromQueue, CALLS, OFFERS),
    st.builds(c.SeeHandOff, CALLS, OFFERS),
    *([st.builds(c.AcceptHandOff, st.just(CallId("b")), st.just(HandOffId("h1")))] * 2),
    *(st.builds(kind, CALLS, OFFERS) for kind in (c.TellCaller, c.BridgeHandOff, c.VerifyConnection, c.ReleaseHandOff)),
    st.builds(c.LoseCaller, CALLS, BACKS),
    st.builds(c.TakeOverCall, CALLS, st.sampled_from([HandOffId("h1"), HandOffId("over")]), WORDS),
    st.builds(c.TakeOverCall, st.just(CallId("care")), st.just(HandOffId("over")), st.just("because")),  # of a lost desk
    st.builds(c.SendMessage, CALLS, ENTRIES, WORDS),
    st.builds(c.ReleaseSummary, CALLS, ENTRIES, WORDS),
    st.builds(c.AskForResponse, CALLS, ASKS, st.sampled_from([TEAM, "EMS", PHONE, "NAVY"]), WORDS),
    st.builds(c.DeclineAsk, CALLS, ASKS, WORDS),
    st.builds(c.WithdrawAsk, CALLS, ASKS, WORDS),
    st.builds(c.DiscloseThreat, CALLS, st.sampled_from(["d", "d2"]), SERVICES, WORDS, WORDS),
    st.builds(c.AcknowledgeDisclosure, CALLS, st.just("d")),
    st.builds(c.LoseDesk, PEOPLE, DESKS),
    st.builds(c.FindDesk, PEOPLE, DESKS),
    st.builds(c.EndWrapUp, PEOPLE, TIMES),
)  # fmt: skip
OWED: st.SearchStrategy[c.AnyCommand] = st.one_of(
    st.builds(
        c.KeepNeighbor, NEIGHBORS, st.sampled_from([(), ("919 555 0100",), ("919 555 0100", "919 555 0101")]),
        st.sampled_from([(), ("1 Main St",)]), name=st.sampled_from(["", "Sam"]),
    ),
    st.builds(c.GiveCaution, NEIGHBORS, st.just(CautionId("c")), WORDS, TIMES),
    st.builds(c.EndCaution, NEIGHBORS, st.just(CautionId("c")), WORDS),
    st.builds(c.MergeNeighbors, NEIGHBORS, NEIGHBORS),
    st.builds(c.SeparateNeighbors, NEIGHBORS),
    st.builds(c.SplitNeighbor, NEIGHBORS, NEIGHBORS, st.just(("919 555 0100",)), st.just(())),
    st.builds(c.SealProfileNote, NEIGHBORS, st.just(NoteId("n3")), st.just("5e" * 32)),
    st.builds(c.PlanCallBack, BACKS, CALLS, TIMES, WORDS),
    st.builds(c.TryCallBack, BACKS, st.booleans(), WORDS),
    st.builds(c.EndCallBack, BACKS, WORDS),
    st.builds(c.ReferNeighbor, REFERRALS, CALLS),
    st.builds(c.SealNeeds, REFERRALS, st.just(NoteId("n4")), st.just("5e" * 32)),
    st.builds(c.TakeReferral, REFERRALS),
    st.builds(c.TryOutreach, REFERRALS, st.sampled_from(Reach), st.booleans(), WORDS),
    st.builds(c.ConnectToCare, REFERRALS, WORDS),
    st.builds(c.EndReferral, REFERRALS, WORDS),
    st.builds(c.FileFollowUps, TIMES),
)  # fmt: skip
COMMANDS: st.SearchStrategy[c.AnyCommand] = st.one_of(
    st.builds(
        c.ReceiveCall, CALLS, st.sampled_from(Source), NATURES, st.just(Place("1 Main St")),
        priority=st.sampled_from(["", "P", "3", "?"]), text=st.sampled_from(["", "words"]),
    ),
    st.builds(c.AddNarrative, CALLS, st.sampled_from([EntryId("e1"), EntryId("e2")]), WORDS),
    st.builds(c.RecodeCall, CALLS, NATURES),
    st.builds(c.PrioritiseCall, CALLS, st.sampled_from(["P", "2", ""])),
    st.builds(c.LocateCall, CALLS, st.sampled_from([Place("2 Oak St"), Place("", 91, 0)])),
    st.builds(c.ChangeCallback, CALLS, st.sampled_from(["", "919 555 0100"])),
    st.builds(c.RaiseFlag, CALLS, st.sampled_from(["x", "armed", ""])),
    st.builds(c.LowerFlag, CALLS, st.sampled_from(["x", "armed"])),
    st.builds(c.SetFact, CALLS, st.sampled_from([WEAPON, VIOLENCE]), st.sampled_from(["none", "near", "yes"]), WORDS),
    st.builds(c.TakeBackFact, CALLS, st.sampled_from([WEAPON, VIOLENCE])),
    st.builds(c.TellOfTransition, CALLS, TURNS, st.sampled_from(["caller", "unit:T1", "service:POLICE", "unit:none"])),
    st.builds(c.WaiveInstead, CALLS, TURNS, WORDS),
    st.builds(
        c.AnswerQuestion, CALLS, st.sampled_from(["crisis", "none"]),
        st.sampled_from([QuestionId("weapon"), QuestionId("violence")]), st.sampled_from(["1", "2", "3", "4", "9"]),
    ),
    st.builds(c.TakeBackAnswer, CALLS, st.sampled_from([QuestionId("weapon"), QuestionId("violence")])),
    st.builds(c.OrderOtherService, CALLS, SERVICES, WORDS),
    st.builds(
        c.CloseCall, CALLS, st.sampled_from(["", "resolved", "nope"]),
        st.sampled_from(["", "all_busy", "judgement", "nope"]), WORDS,
        nature=NATURES | st.sampled_from([NatureCode(""), NatureCode("NOPE")]),
    ),
    # What comes about only after something else did is tried once more where it would.
    st.builds(c.CloseCall, st.just(CallId("plain")), st.just("resolved")),
    st.builds(c.WaiveInstead, st.just(CallId("a")), st.just(FIRST_TURN), st.just("because")),
    st.builds(c.TellOfTransition, st.just(CallId("a")), st.just(FIRST_TURN), st.just("caller")),
    st.builds(c.SeeHandOff, st.just(CallId("b")), st.just(HandOffId("h1"))),
    st.builds(c.GiveCaution, st.just(NeighborId("n1")), st.just(CautionId("c")), st.just("because"), TIMES),
    st.builds(c.EndCaution, st.just(NeighborId("n1")), st.just(CautionId("c")), st.just("because")),
    st.builds(c.DispatchUnit, UNITS, CALLS, WORDS, st.sampled_from([UnitId(""), UnitId("T2")]), WORDS),
    st.builds(c.PreemptUnit, UNITS, CALLS, WORDS, WORDS),
    st.builds(c.ExchangeUnits, UNITS, UNITS, WORDS, WORDS),
    st.builds(c.CorrectUnitStatus, UNITS, st.sampled_from(UnitStatus), WORDS),
    st.builds(c.CorrectStageTime, CALLS, UNITS, st.just(0), st.sampled_from(AssignmentStage), TIMES, WORDS),
    st.builds(c.ReportUnit, UNITS, CALLS, st.sampled_from(FeltSafe), st.sampled_from([None, True]), WORDS),
    st.builds(c.MissCheck, st.just(UnitId("T1")), st.deferred(lambda: st.just(checked_at())), st.sampled_from([1, 2])),
    st.builds(
        c.CorrectStageTime, st.just(CallId("a")), st.just(UnitId("T1")), st.just(0),
        st.just(AssignmentStage.DISPATCHED), st.deferred(lambda: st.just(received_at())), st.just("because"),
    ),
    st.builds(c.ArriveBackup, UNITS),
    st.builds(c.RecallUnit, UNITS, WORDS),
    st.builds(c.SetUnitStatus, UNITS, st.sampled_from(UnitStatus), st.sampled_from(["", "somewhere"])),
    st.builds(c.CheckUnit, UNITS),
    st.builds(c.RequestBackup, UNITS, SERVICES),
    st.builds(c.AcknowledgeBackup, UNITS),
    st.builds(c.SendBackup, UNITS),
    st.builds(c.ClearBackup, UNITS, WORDS),
    st.builds(c.OfferHandOff, CALLS, OFFERS, PEOPLE, WORDS),
    st.builds(c.AcceptHandOff, CALLS, OFFERS),
    st.builds(c.DeclineHandOff, CALLS, OFFERS, WORDS),
    st.builds(c.WithdrawHandOff, CALLS, OFFERS, WORDS),
    st.builds(c.TimeOutHandOff, CALLS, OFFERS),
    st.builds(c.ReturnHandOff, CALLS, OFFERS, WORDS),
    # Twice, for it comes about only after an acceptance, by the one clinician who gave it.
    st.builds(c.ReturnHandOff, st.just(CallId("b")), st.just(HandOffId("h1")), st.just("because")),
    st.builds(c.SetPresence, st.sampled_from(PresenceStatus), st.sampled_from(["", "lunch"])),
    st.builds(c.SignOff, PEOPLE),
    st.builds(sign_in, st.sampled_from([REYES, LIN]), st.just(Role.CLINICIAN)),
    st.builds(c.FileClosedCalls, st.just(START + timedelta(days=1))),
    st.builds(c.ConfigureAgency, st.just(AGENCY), st.booleans()),
    st.builds(
        c.SealNote, CALLS, st.sampled_from([NoteId("n1"), NoteId("n2")]), st.just(SealedKind.CLINICAL), st.just("5e" * 32)
    ),
    PASSING, OWED,
)  # fmt: skip
HISTORIES = st.lists(st.tuples(COMMANDS, PEOPLE), max_size=60)
LONG = st.lists(st.tuples(COMMANDS, PEOPLE), min_size=60, max_size=120)


def busy() -> Scene:
    """A floor at work: a unit on the road to one call, one ringing at a clinician, one in care, one for no programme."""
    scene = floor().given(receive(CallId("care"), callback="919 555 0100"), receive(CallId("plain"), BURGLARY, flags=("x",)))
    taken(scene, LIN, "h1", CallId("care")).given(receive(CallId("a")), receive(CallId("b"), TRESPASS))
    answer = c.AnswerQuestion(CallId("a"), "crisis", QuestionId("weapon"), "1")
    scene.given(answer, c.DispatchUnit(UnitId("T1"), CallId("a")), offer(hand_off="h1", call_id=CallId("b")))
    scene.given(c.SetUnitStatus(UnitId("T1"), UnitStatus.ACKNOWLEDGED))
    one, two, care = NeighborId("n1"), NeighborId("n2"), CallId("care")
    scene.given(
        c.AskForResponse(care, AskId("a1"), "EMS"), c.DiscloseThreat(care, "d", "POLICE", "a plan", "a time"), by=LIN
    )
    scene.given(c.LoseDesk(LIN, DeskId("desk-lin")), c.PlanCallBack(CallBackId("b1"), care, START, "asked for it"))
    scene.given(c.KeepNeighbor(one, ("919 555 0100", "919 555 0101")), c.ReferNeighbor(ReferralId("r1"), care))
    return scene.given(c.KeepNeighbor(two, ("919 555 0102",)), c.MergeNeighbors(two, one))


def checked_at() -> datetime:
    """When the unit on the road is due to be asked whether all is well."""
    scene = busy()
    asked = status_check(scene.state, scene.unit(UnitId("T1")))
    assert asked is not None
    return asked.due_at


def received_at() -> datetime:
    """The earliest that a unit can have been sent to call a."""
    return busy().call(CallId("a")).received_at


def play(history: list[tuple[c.AnyCommand, UserId]]) -> Scene:
    """A scene after a history, whatever of it was rejected."""
    scene = busy()
    for command, by in history:
        scene.when(command, by)
    return scene


def members(union: Any) -> set[type]:
    return set(union.__args__)


def test_every_command_says_what_becomes_of_it_when_the_link_is_down() -> None:
    assert members(c.AnyCommand) > RECORDINGS


def test_random_commands_reach_every_command_and_every_event() -> None:
    """The strategy is worth something only if it makes all of them."""
    missing = members(c.AnyCommand) | members(e.AnyEvent)

    @settings(max_examples=350, derandomize=True, phases=[Phase.generate])
    @given(LONG)
    def collect(history: list[tuple[c.AnyCommand, UserId]]) -> None:
        if missing:  # once all were there, further histories show nothing more
            missing.difference_update(type(command) for command, _ in history)
            missing.difference_update(type(entry.event) for entry in play(history).log)

    collect()
    assert not missing, missing


@given(HISTORIES, st.integers(0, 80))
def test_folding_all_is_folding_a_snapshot_and_the_rest(history: list[tuple[c.AnyCommand, UserId]], cut: int) -> None:
    scene = play(history)
    before, after = scene.log[:cut], scene.log[cut:]
    snapshot = decode(encode(fold(State(), before)), State)
    assert fold(snapshot, after) == scene.state
    assert digest(fold(snapshot, after)) == digest(scene.state)


@given(HISTORIES)
def test_the_log_says_the_same_after_a_trip_over_the_wire(history: list[tuple[c.AnyCommand, UserId]]) -> None:
    scene = play(history)
    travelled = [decode(encode(entry), e.LogEntry) for entry in scene.log]
    assert travelled == scene.log
    assert fold(State(), travelled) == scene.state


@given(HISTORIES, COMMANDS, PEOPLE)
def test_whatever_is_decided_can_be_evolved_and_a_rejection_has_a_sentence(
    history: list[tuple[c.AnyCommand, UserId]], command: c.AnyCommand, by: UserId
) -> None:
    scene = play(history)
    verdict = decide(scene.state, command, by, scene.at)
    if isinstance(verdict, Rejected):
        assert verdict.code and verdict.reason.strip()
        return
    state = scene.state
    for event in verdict:
        state = evolve(state, event, by, scene.at)
    assert bool(changes(scene.state, state)) == (state != scene.state)


@given(HISTORIES, COMMANDS, PEOPLE)
def test_changes_name_every_record_that_differs_and_no_other(
    history: list[tuple[c.AnyCommand, UserId]], command: c.AnyCommand, by: UserId
) -> None:
    scene = play(history)
    old = scene.state
    scene.when(command, by)
    named = changes(old, scene.state)
    new = scene.state
    assert {k for k in old.calls.keys() | new.calls.keys() if old.calls.get(k) != new.calls.get(k)} <= named.calls
    assert {k for k in old.units.keys() | new.units.keys() if old.units.get(k) != new.units.get(k)} <= named.units
    assert {k for k in old.people.keys() | new.people.keys() if old.people.get(k) != new.people.get(k)} <= named.people


@given(HISTORIES)
def test_an_eligible_call_never_leaves_the_queue_unserved_without_a_reason(
    history: list[tuple[c.AnyCommand, UserId]],
) -> None:
    scene = busy()
    for command, by in history:
        before = {call.call_id for call in queries.pending(scene.state)}
        scene.when(command, by)
        now = {call.call_id for call in queries.pending(scene.state)}
        for call_id in before - now:
            call = scene.state.calls[call_id]
            accounted_for = call.closing and (call.closing.missed or queries.served(call))
            assert queries.current_assignments(call) or queries.on_the_line(call) or accounted_for, call
    for call in scene.state.calls.values():
        if call.closing and call.eligible_since:
            assert bool(call.closing.missed) is not queries.served(call)
            assert bool(call.closing.missed) is not bool(call.closing.outcome)


@given(HISTORIES)
def test_calls_units_and_people_never_contradict_each_other(history: list[tuple[c.AnyCommand, UserId]]) -> None:
    scene = busy()
    for command, by in history:
        scene.when(command, by)
        consistent(scene.state)


def consistent(state: State) -> None:
    """Two-directional: a unit's call has that unit's running assignment and the reverse; every caller has somebody."""
    running = [(call.call_id, a.unit_id) for call in state.calls.values() for a in queries.current_assignments(call)]
    assert sorted(running) == sorted((u.call, u.unit_id) for u in state.units.values() if u.call is not None)
    units_hold(state)
    for call in state.calls.values():
        assert queries.controller(call)
        if call.closing is None:
            assert call.open_to == open_to(state.agency, call.circumstances)
            in_care(state, call)
        else:
            assert call.in_care_of is None and not queries.current_assignments(call)


def in_care(state: State, call: Call) -> None:
    """In care is who a hand-off was released to, or who took over, and they are on a call."""
    care = [h for h in call.hand_offs if h.taken_at is not None and h.state not in ENDED and h.to_user == call.in_care_of]
    assert (call.in_care_of is not None) == bool(care)
    for user in {call.in_care_of, queries.on_the_line(call)} - {None}:
        assert user is not None and state.people[user].status is PresenceStatus.ON_CALL

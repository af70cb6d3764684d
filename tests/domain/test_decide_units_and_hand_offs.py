"""Rules of units, backup and the passing of callers."""

from console.domain import commands as c
from console.domain import queries
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, AskId, CallId, HandOffId, QuestionId, UserId
from console.domain.state import PresenceStatus, Role, UnitStatus
from tests.support.agency import BURGLARY, TEAM
from tests.support.scenes import (
    A1,
    CALL,
    LIN,
    OKAFOR,
    REYES,
    T1,
    T2,
    floor,
    offer,
    receive,
    released,
    sign_in,
    status,
    taken,
)

SECOND = CallId("call-2")
ACCEPT = c.AcceptHandOff(CALL, HandOffId("h1"))


def test_given_a_dispatched_unit_when_it_goes_through_its_statuses_then_the_times_are_kept_once() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL))
    scene.given(*status(T1, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    arrived = scene.call().assignments[0].arrived_at
    scene.given(*status(T1, UnitStatus.WITH_NEIGHBOR), c.SetUnitStatus(T1, UnitStatus.TRANSPORTING, "Recovery Center"))
    assert scene.unit().where == "Recovery Center"
    scene.given(*status(T1, UnitStatus.AT_FACILITY, UnitStatus.CLEAR, UnitStatus.AVAILABLE))
    done = scene.call().assignments[0]
    assert done.arrived_at == arrived
    assert done.en_route_at and done.transporting_at and done.cleared_at
    assert scene.unit().call is None


def test_given_a_busy_unit_when_dispatched_to_another_call_then_refused_and_nothing_is_reset() -> None:
    scene = floor().given(receive(), receive(call_id=SECOND), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE))
    assert scene.rejected(c.DispatchUnit(T1, SECOND)) == "unit-busy"
    assert scene.when(c.DispatchUnit(T1, CALL)) == (), "sent again to its own call: nothing changes"


def test_given_a_known_weapon_when_an_unarmed_unit_is_sent_then_no_reason_overrides_it() -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "2"))
    assert scene.rejected(c.DispatchUnit(T1, CALL, override="I insist")) == "programme-denied"
    scene.given(c.DispatchUnit(A1, CALL))


def test_given_a_nature_off_the_list_when_a_unit_is_sent_then_a_reason_is_needed_and_a_denial_still_wins() -> None:
    scene = floor().given(receive(nature=BURGLARY))
    assert scene.rejected(c.DispatchUnit(T1, CALL)) == "override-needed"
    scene.given(c.DispatchUnit(T1, CALL, override="officer on scene asks for them"), c.RecallUnit(T1, "wrong call"))
    scene.given(c.PrioritiseCall(CALL, "P"))
    assert scene.rejected(c.DispatchUnit(T1, CALL, override="officer asks")) == "programme-denied"


def test_given_a_unit_on_scene_when_recalled_then_refused_and_when_available_then_it_left_the_call() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    assert scene.rejected(c.RecallUnit(T1, "x")) == "unit-arrived"
    assert scene.rejected(c.SetUnitStatus(T1, UnitStatus.OFF_SHIFT)) == "status-illegal"
    scene.given(*status(T1, UnitStatus.AVAILABLE))
    assert queries.current_assignments(scene.call()) == []
    assert scene.rejected(c.RecallUnit(T1, "x")) == "unit-not-assigned"


def test_given_illegal_statuses_then_the_refusal_names_what_is_possible() -> None:
    scene = floor()
    verdict = scene.when(c.SetUnitStatus(T1, UnitStatus.ON_SCENE))
    assert isinstance(verdict, c.Rejected) and "available" in verdict.reason and "out of service" in verdict.reason
    assert scene.rejected(c.SetUnitStatus(T1, UnitStatus.ASSIGNED)) == "status-by-dispatch"
    assert scene.rejected(c.SetUnitStatus(T1, UnitStatus.ASSIST)) == "place-needed"
    scene.given(c.SetUnitStatus(T1, UnitStatus.ASSIST, "5th and Main"))
    scene.given(receive(), c.DispatchUnit(T1, CALL))
    assert scene.unit().status is UnitStatus.ASSIGNED, "an assist stays dispatchable"


def test_given_a_backup_request_then_it_ends_only_by_a_reason_and_holds_the_unit_on_its_call() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    scene.given(c.RequestBackup(T1, "POLICE"))
    assert scene.when(c.RequestBackup(T1, "POLICE")) == ()
    assert scene.rejected(c.SetUnitStatus(T1, UnitStatus.CLEAR)) == "backup-open"
    scene.given(c.SendBackup(T1))
    backup = scene.unit().backup
    assert backup and backup.acknowledged_by == OKAFOR and backup.sent_at, "sending acknowledges"
    assert scene.when(c.AcknowledgeBackup(T1)) == ()
    assert scene.rejected(c.ClearBackup(T1, " ")) == "text-missing"
    scene.given(c.ClearBackup(T1, "police there, all safe"))
    assert scene.rejected(c.SendBackup(T1)) == "no-backup-request"
    assert scene.rejected(c.RequestBackup(T2, "NAVY")) == "service-unknown"


def test_given_an_offer_when_released_then_the_clinician_controls_and_before_and_after_the_telecommunicator() -> None:
    scene = floor().given(receive(), offer())
    assert queries.controller(scene.call()) == OKAFOR
    assert scene.rejected(ACCEPT, by=LIN) == "not-offered-to-you"
    scene.given(ACCEPT, by=REYES)
    assert queries.controller(scene.call()) == OKAFOR, "the clinician said yes, and the telecommunicator is still there"
    assert scene.state.people[REYES].status is PresenceStatus.ON_CALL
    released(scene)
    assert queries.controller(scene.call()) == REYES
    assert scene.rejected(c.ReturnHandOff(CALL, HandOffId("h1"), "x"), by=LIN) == "in-care-of-another"
    scene.given(c.ReturnHandOff(CALL, HandOffId("h1"), "wants somebody to come"), by=REYES)
    assert queries.controller(scene.call()) == OKAFOR
    assert scene.state.people[REYES].status is PresenceStatus.WRAP_UP


def test_given_an_offer_when_declined_timed_out_or_withdrawn_then_the_caller_never_left_the_telecommunicator() -> None:
    ends: list[tuple[c.AnyCommand, UserId, HandOffState]] = [
        (c.DeclineHandOff(CALL, HandOffId("h1"), "busy"), REYES, HandOffState.DECLINED),
        (c.TimeOutHandOff(CALL, HandOffId("h1")), CLOCK, HandOffState.TIMED_OUT),
        (c.WithdrawHandOff(CALL, HandOffId("h1"), "caller hung up"), OKAFOR, HandOffState.WITHDRAWN),
    ]
    for command, by, state in ends:
        scene = floor().given(receive(), offer())
        assert scene.rejected(offer(to=LIN, hand_off="other")) == "hand-off-open"
        scene.given(command, by=by)
        assert queries.controller(scene.call()) == OKAFOR
        assert scene.call().hand_off and scene.call().hand_off.state is state  # type: ignore[union-attr]
        assert scene.rejected(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES) == "hand-off-over"


def test_given_somebody_absent_busy_or_ringing_when_offered_then_refused_with_the_reason() -> None:
    scene = floor().given(receive(), receive(call_id=SECOND), offer())
    assert scene.rejected(offer(hand_off="h2", call_id=SECOND)) == "clinician-ringing"
    assert scene.rejected(offer(to=UserId("nobody"), hand_off="h2", call_id=SECOND)) == "not-a-clinician"
    assert scene.rejected(offer(to=OKAFOR, hand_off="h2", call_id=SECOND)) == "hand-off-to-oneself"
    scene.given(ACCEPT, by=REYES)
    assert scene.rejected(offer(hand_off="h2", call_id=SECOND)) == "clinician-not-ready"
    scene.given(c.SignOff(LIN))
    assert scene.rejected(offer(to=LIN, hand_off="h2", call_id=SECOND)) == "not-a-clinician", "nobody of hers is at work"
    assert scene.rejected(c.SignOff(REYES)) == "calls-in-care"
    assert scene.rejected(c.SetPresence(PresenceStatus.READY), by=REYES) == "calls-in-care"


def test_given_a_caller_in_care_when_the_clinician_signs_in_again_then_they_are_still_on_that_call() -> None:
    scene = taken(floor().given(receive(), receive(call_id=SECOND)))
    scene.given(sign_in(REYES))
    assert scene.state.people[REYES].status is PresenceStatus.ON_CALL
    assert scene.rejected(offer(hand_off="h2", call_id=SECOND)) == "clinician-not-ready"
    scene.given(c.ReturnHandOff(CALL, HandOffId("h1"), "needs a team"), by=REYES)
    scene.given(sign_in(REYES))
    assert scene.state.people[REYES].status is PresenceStatus.READY


def test_given_a_known_weapon_when_offered_by_phone_then_refused() -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "2"))
    assert scene.rejected(offer()) == "programme-denied"


def test_given_a_clinician_on_the_line_and_a_unit_on_the_road_then_both_are_on_the_call() -> None:
    scene = taken(floor().given(receive())).given(c.DispatchUnit(T1, CALL))
    assert scene.call().in_care_of == REYES
    assert [unit.unit_id for unit in queries.assigned_units(scene.state, scene.call())] == [T1]


def test_given_a_new_roster_then_new_units_are_off_shift_and_a_dropped_one_stays_until_it_is_free() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL))
    agency = scene.state.agency
    from msgspec.structs import replace

    without = replace(agency, units=tuple(u for u in agency.units if u.unit_id not in {T1, T2}))
    scene.given(c.ConfigureAgency(without))
    assert set(scene.state.units) == {A1, T1}
    assert scene.unit(A1).status is UnitStatus.AVAILABLE
    assert scene.when(c.ConfigureAgency(without)) == ()


def test_given_nobody_signed_in_when_presence_is_set_then_refused() -> None:
    scene = floor().given(sign_in(UserId("new"), Role.CLINICIAN), c.SignOff(UserId("new")))
    assert scene.rejected(c.SetPresence(PresenceStatus.READY), by=UserId("new")) == "not-signed-in"
    assert scene.rejected(c.SetPresence(PresenceStatus.ON_CALL), by=REYES) == "presence-not-yours"


def test_given_a_caller_who_was_given_back_then_the_call_is_pending_again_until_somebody_comes_or_it_is_closed() -> None:
    scene = taken(floor().given(receive()))
    assert not queries.is_pending(scene.call())
    scene.given(c.AskForResponse(CALL, AskId("ask"), TEAM), by=REYES)
    assert queries.is_pending(scene.call()), "the clinician is on the line and asks for a unit: dispatch must see it"
    scene.given(c.DispatchUnit(T1, CALL))
    assert not queries.is_pending(scene.call())
    scene.given(c.RecallUnit(T1, "other unit nearer"))
    assert queries.is_pending(scene.call()), "what was sent never came"
    scene.given(c.WithdrawAsk(CALL, AskId("ask"), "calm now"), by=REYES)
    assert not queries.is_pending(scene.call())
    scene.given(c.ReturnHandOff(CALL, HandOffId("h1"), "wants somebody to come"), by=REYES)
    assert queries.is_pending(scene.call())
    scene.given(c.CloseCall(CALL, outcome="resolved"))
    assert not queries.is_pending(scene.call())


def test_given_a_call_that_a_feed_brought_when_a_person_offers_it_then_they_have_the_caller_and_get_them_back() -> None:
    feed = UserId("feed")
    scene = floor().given(receive(), by=feed)
    assert queries.controller(scene.call()) == feed
    scene.given(offer(), by=OKAFOR)
    assert queries.controller(scene.call()) == OKAFOR
    released(scene.given(ACCEPT, by=REYES))
    assert queries.controller(scene.call()) == REYES
    scene.given(c.ReturnHandOff(CALL, HandOffId("h1"), "wants somebody to come"), by=REYES)
    assert queries.controller(scene.call()) == OKAFOR, "back to the person who handed the caller over, not to a feed"

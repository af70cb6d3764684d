"""What is owed after a call: calls back, and Care Navigation's way from the 911 interaction to care."""

from datetime import timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import FollowUpRules
from console.domain.alarms import AlarmKind, standing
from console.domain.follow_ups import Reach
from console.domain.ids import CLOCK, CallBackId, CallId, NoteId, ReferralId
from tests.support.agency import AGENCY, BURGLARY
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, START, Scene, floor, receive

BACK, LATER, GONE = CallBackId("b1"), CallBackId("b2"), CallId("gone")
REFERRAL, SECOND = ReferralId("r1"), ReferralId("r2")
HOUR = timedelta(hours=1)


def planned() -> Scene:
    """A call with a callback number, and a call back in an hour."""
    scene = floor().given(receive(callback="919 555 0100", language="es"))
    return scene.given(c.PlanCallBack(BACK, CALL, scene.at + HOUR, "asked for it"))


def referred() -> Scene:
    return floor().given(receive(callback="919 555 0100", language="es")).given(c.ReferNeighbor(REFERRAL, CALL), by=REYES)


def is_due(scene: Scene) -> bool:
    return AlarmKind.CALL_BACK_DUE in {alarm.kind for alarm in standing(scene.state, {}, scene.at)}


def test_given_a_call_back_then_it_holds_what_is_needed_to_call_even_when_the_call_has_left_the_board() -> None:
    scene = floor().given(receive(nature=BURGLARY, callback="919 555 0100", language="es"))
    scene.given(c.CloseCall(CALL, outcome="resolved"), c.PlanCallBack(BACK, CALL, START + HOUR, "asked for it"))
    scene.given(c.FileClosedCalls(scene.at))
    assert CALL not in scene.state.calls
    owed = scene.state.call_backs[BACK]
    assert (owed.number, owed.callback, owed.place, owed.language) == ("0001", "919 555 0100", "100 Main St", "es")
    assert (owed.owner, owed.reason, owed.due_at) == (OKAFOR, "asked for it", START + HOUR)


def test_given_a_call_back_that_cannot_be_planned_then_refused() -> None:
    scene = planned()
    assert scene.when(c.PlanCallBack(BACK, CALL, scene.at, "again")) == (), "planned already"
    assert scene.rejected(c.PlanCallBack(LATER, CALL, scene.at, " ")) == "text-missing"
    assert scene.rejected(c.PlanCallBack(LATER, GONE, scene.at, "x")) == "call-unknown"
    scene.given(c.ChangeCallback(CALL, ""))
    assert scene.rejected(c.PlanCallBack(LATER, CALL, scene.at, "x")) == "no-callback"


def test_given_a_call_back_when_nobody_answers_then_it_is_still_owed_and_the_alarm_stands_from_when_it_is_due() -> None:
    scene = planned()
    assert not is_due(scene)
    scene.at += HOUR
    assert is_due(scene)
    scene.given(c.TryCallBack(BACK, reached=False, note="no answer"), by=REYES)
    (tried,) = scene.state.call_backs[BACK].attempts
    assert (tried.reached, tried.how, tried.note, tried.made.by) == (False, Reach.PHONE, "no answer", REYES)
    assert is_due(scene)
    scene.given(c.TryCallBack(BACK, reached=True))
    assert scene.state.call_backs[BACK].ended is not None and not is_due(scene)
    assert scene.rejected(c.TryCallBack(BACK, reached=True)) == "call-back-over"
    assert scene.rejected(c.EndCallBack(BACK, "x")) == "call-back-over"


def test_given_a_call_back_that_is_not_made_any_more_then_it_ends_with_the_reason() -> None:
    scene = planned()
    assert scene.rejected(c.EndCallBack(BACK, "")) == "text-missing"
    assert scene.rejected(c.EndCallBack(LATER, "x")) == "call-back-unknown"
    assert scene.rejected(c.TryCallBack(BACK, False, "x" * 10_001)) == "text-too-long"
    scene.given(c.EndCallBack(BACK, "called again herself"))
    assert scene.state.call_backs[BACK].ended_because == "called again herself"


def test_given_a_referral_then_it_is_due_from_the_911_interaction_on_however_late_it_was_made() -> None:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, follow_up=FollowUpRules(due_h=24, late_h=36))))
    scene.given(receive(callback="919 555 0100"))
    scene.at += 5 * HOUR
    scene.given(c.ReferNeighbor(REFERRAL, CALL), by=REYES)
    made, received = scene.state.referrals[REFERRAL], scene.call().received_at
    assert (made.called_at, made.due_at, made.late_at) == (received, received + 24 * HOUR, received + 36 * HOUR)
    assert made.referred.at == received + timedelta(seconds=1) + 5 * HOUR and made.referred.by == REYES
    usual = referred().state.referrals[REFERRAL]
    assert usual.due_at - usual.called_at == 48 * HOUR and usual.late_at - usual.called_at == 72 * HOUR


def test_given_a_call_whose_referral_is_open_then_it_is_not_referred_twice_and_once_it_ended_it_may_be() -> None:
    scene = referred()
    assert scene.when(c.ReferNeighbor(REFERRAL, CALL), by=REYES) == ()
    assert scene.rejected(c.ReferNeighbor(SECOND, CALL), by=LIN) == "referral-open"
    assert scene.rejected(c.ReferNeighbor(SECOND, GONE), by=LIN) == "call-unknown"
    scene.given(c.EndReferral(REFERRAL, "wants nobody"), c.ReferNeighbor(SECOND, CALL), by=LIN)


def test_given_a_referral_then_it_has_one_owner_and_its_needs_are_named_only_by_their_seal() -> None:
    scene = referred().given(c.TakeReferral(REFERRAL), by=REYES).given(c.TakeReferral(REFERRAL), by=LIN)
    assert scene.state.referrals[REFERRAL].owner == LIN and scene.when(c.TakeReferral(REFERRAL), by=LIN) == ()
    scene.given(c.SealNeeds(REFERRAL, NoteId("n1"), "5e" * 32), c.SealNeeds(REFERRAL, NoteId("n2"), "6f" * 32), by=LIN)
    made = scene.state.referrals[REFERRAL]
    assert (made.needs_note, made.needs_hash) == ("n2", "6f" * 32), "the later one stands"
    assert scene.when(c.SealNeeds(REFERRAL, NoteId("n2"), "6f" * 32), by=LIN) == ()


def test_given_attempts_then_the_first_contact_is_the_first_that_reached_the_neighbor() -> None:
    scene = referred()
    assert scene.state.referrals[REFERRAL].first_contact is None
    tries = ((Reach.PHONE, False), (Reach.IN_PERSON, True), (Reach.MESSAGE, True))
    scene.given(*(c.TryOutreach(REFERRAL, how, reached, "at the door") for how, reached in tries), by=LIN)
    made = scene.state.referrals[REFERRAL]
    first = made.first_contact
    assert first is not None and first == made.attempts[1] and first.how is Reach.IN_PERSON and made.ended is None
    assert scene.rejected(c.TryOutreach(REFERRAL, Reach.PHONE, True, "x" * 10_001), by=LIN) == "text-too-long"


def test_given_a_neighbor_who_is_connected_to_care_then_the_referral_ended_well_and_nothing_more_is_tried() -> None:
    scene = referred().given(c.ConnectToCare(REFERRAL, "first visit on Monday"), by=LIN)
    made = scene.state.referrals[REFERRAL]
    assert made.connected is not None and made.ended == made.connected and made.connected.by == LIN
    for command in (
        c.TakeReferral(REFERRAL), c.TryOutreach(REFERRAL, Reach.PHONE, True), c.ConnectToCare(REFERRAL),
        c.EndReferral(REFERRAL, "x"), c.SealNeeds(REFERRAL, NoteId("n"), "00"),
    ):  # fmt: skip
        assert scene.rejected(command, by=LIN) == "referral-over"
    assert scene.rejected(c.TakeReferral(SECOND), by=LIN) == "referral-unknown"


def test_given_a_referral_that_goes_no_further_then_it_says_why_and_nobody_was_connected() -> None:
    scene = referred()
    assert scene.rejected(c.EndReferral(REFERRAL, " "), by=LIN) == "text-missing"
    scene.given(c.EndReferral(REFERRAL, "moved away"), by=LIN)
    made = scene.state.referrals[REFERRAL]
    assert made.connected is None and made.ended_because == "moved away"


def test_given_what_ended_long_ago_then_it_leaves_the_lists_and_what_is_open_never_does() -> None:
    scene = planned().given(c.PlanCallBack(LATER, CALL, START, "x"), c.ReferNeighbor(REFERRAL, CALL))
    scene.given(c.EndCallBack(BACK, "settled"))
    assert scene.when(c.FileFollowUps(START), by=CLOCK) == ()
    scene.given(c.FileFollowUps(scene.at + 24 * HOUR), by=CLOCK)
    assert set(scene.state.call_backs) == {LATER} and set(scene.state.referrals) == {REFERRAL}
    scene.given(c.EndReferral(REFERRAL, "settled")).given(c.FileFollowUps(scene.at + 24 * HOUR), by=CLOCK)
    assert scene.state.referrals == {}

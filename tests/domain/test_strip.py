"""From accepted to released, every way out, and taking over: at every instant exactly one person has the caller."""

from datetime import timedelta

import pytest

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import CallBackId, CallId, DeskId, HandOffId, UserId
from console.domain.queries import Stage
from console.domain.state import PresenceStatus, Role
from tests.support.agency import PHONE
from tests.support.scenes import (
    CALL,
    LIN,
    LINDQVIST,
    NOVAK,
    OKAFOR,
    REYES,
    Scene,
    accepted,
    floor,
    offer,
    receive,
    released,
    sign_in,
    taken,
)

SECOND, H1, H2, OVER, BACK = CallId("call-2"), HandOffId("h1"), HandOffId("h2"), HandOffId("over"), CallBackId("b")
RELEASE, VERIFY, TELL = c.ReleaseHandOff(CALL, H1), c.VerifyConnection(CALL, H1), c.TellCaller(CALL, H1)
WHY = "nothing is heard of them"


def latest(scene: Scene) -> HandOff:
    hand_off = scene.call().hand_off
    assert hand_off is not None
    return hand_off


def status(scene: Scene, user: UserId) -> PresenceStatus:
    return scene.state.people[user].status


def floor_of_four() -> Scene:
    """A second telecommunicator and a supervisor besides, and one call."""
    scene = floor().given(sign_in(NOVAK, Role.TELECOMMUNICATOR), sign_in(LINDQVIST, Role.SUPERVISOR))
    return scene.given(receive(callback="919 555 0100"))


def lost(scene: Scene, user: UserId) -> Scene:
    return scene.given(c.LoseDesk(user, DeskId(f"desk-{user}")))


def test_given_a_hand_off_that_goes_well_then_each_step_is_kept_with_its_time_and_one_person_has_the_caller() -> None:
    scene = floor().given(receive())
    seen: list[tuple[HandOffState, UserId, Stage]] = []
    for by, command in (
        (OKAFOR, offer()),
        (REYES, c.SeeHandOff(CALL, H1)),
        (REYES, c.AcceptHandOff(CALL, H1)),
        (OKAFOR, TELL),
        (OKAFOR, VERIFY),
        (OKAFOR, RELEASE),
    ):
        scene.given(command, by=by)
        seen.append((latest(scene).state, queries.controller(scene.call()), queries.stage(scene.call())))
    assert seen == [
        (HandOffState.OFFERED, OKAFOR, Stage.OFFERED),
        (HandOffState.SEEN, OKAFOR, Stage.OFFERED),
        (HandOffState.ACCEPTED, OKAFOR, Stage.CONNECTING),
        (HandOffState.ACCEPTED, OKAFOR, Stage.CONNECTING),
        (HandOffState.BRIDGED, OKAFOR, Stage.CONNECTING),
        (HandOffState.RELEASED, REYES, Stage.IN_CARE),
    ]
    done, line = latest(scene), latest(scene).connection
    assert line is not None and line.caller_told is not None and line.bridged is not None and line.verified is not None
    assert done.offered_at < (done.seen_at or done.offered_at) < (done.accepted_at or done.offered_at) < line.caller_told.at
    assert line.caller_told.at < line.verified.at < (done.released_at or done.offered_at)
    assert done.taken_at == done.released_at and not done.is_open and scene.call().seeking is None


def test_given_a_tick_that_is_missing_then_the_release_is_refused_and_says_which() -> None:
    scene = accepted(floor().given(receive()))
    refused = scene.when(RELEASE)
    assert isinstance(refused, c.Rejected) and refused.code == "not-verified"
    assert "the caller is told and both hear each other" in refused.reason
    scene.given(VERIFY)
    refused = scene.when(RELEASE)
    assert isinstance(refused, c.Rejected) and "once the caller is told." in refused.reason
    scene.given(TELL, RELEASE)
    assert scene.when(RELEASE) == (), "left the line already"


def test_given_the_caller_was_told_while_it_still_rang_then_that_tick_stands() -> None:
    scene = floor().given(receive(), offer(), TELL)
    assert scene.when(TELL) == ()
    scene.given(c.AcceptHandOff(CALL, H1), by=REYES).given(VERIFY, RELEASE)
    assert queries.controller(scene.call()) == REYES


def test_given_an_offer_that_nobody_accepted_then_nothing_is_bridged_verified_or_released() -> None:
    scene = floor().given(receive(), offer())
    early: tuple[c.AnyCommand, ...] = (c.BridgeHandOff(CALL, H1), VERIFY, RELEASE)
    for command in early:
        assert scene.rejected(command) == "not-accepted"
    assert scene.rejected(c.BridgeHandOff(CALL, H2)) == "hand-off-unknown"
    scene.given(c.WithdrawHandOff(CALL, H1, ""))
    for command in (*early, TELL, c.WithdrawHandOff(CALL, H1, "")):
        assert scene.rejected(command) == "hand-off-over"


def test_given_a_switch_that_bridged_then_it_is_told_once_and_only_a_person_says_that_both_hear() -> None:
    scene = accepted(floor().given(receive())).given(c.BridgeHandOff(CALL, H1))
    assert latest(scene).state is HandOffState.BRIDGED and latest(scene).missing[-1] == "both hear each other"
    assert scene.when(c.BridgeHandOff(CALL, H1)) == ()
    assert scene.rejected(VERIFY, by=LIN) == "not-on-the-line"
    assert scene.when(VERIFY, by=REYES) == (e.ConnectionVerified(CALL, H1),), "the switch had said so"
    assert scene.when(VERIFY) == (), "the first word is kept"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_given_a_hand_off_before_its_release_when_withdrawn_then_who_offered_has_the_caller_still(steps: int) -> None:
    scene = floor().given(receive(), offer())
    if steps:
        scene.given(c.AcceptHandOff(CALL, H1), by=REYES)
    if steps == 2:
        scene.given(TELL, VERIFY)
    scene.given(c.WithdrawHandOff(CALL, H1, "he wants to stay"))
    assert latest(scene).state is HandOffState.WITHDRAWN and queries.controller(scene.call()) == OKAFOR
    assert scene.call().seeking is None and queries.is_pending(scene.call())
    assert status(scene, REYES) is (PresenceStatus.WRAP_UP if steps else PresenceStatus.READY)
    assert scene.call().in_care_of is None and queries.on_the_line(scene.call()) is None


def test_given_a_clinician_who_leaves_before_the_release_then_the_caller_is_where_they_were_and_nobody_is_sought() -> None:
    scene = accepted(floor().given(receive()))
    assert scene.rejected(c.ReturnHandOff(CALL, H1, " "), by=REYES) == "text-missing"
    assert scene.rejected(c.ReturnHandOff(CALL, H1, "x"), by=LIN) == "in-care-of-another"
    scene.given(c.ReturnHandOff(CALL, H1, "a weapon"), by=REYES)
    assert latest(scene).state is HandOffState.RETURNED and queries.controller(scene.call()) == OKAFOR
    assert scene.call().seeking is None and not queries.served(scene.call())
    assert scene.rejected(c.ReturnHandOff(CALL, H1, "again"), by=REYES) == "not-in-care"


def test_given_a_return_that_was_sent_for_an_earlier_care_then_the_caller_of_a_later_one_stays() -> None:
    scene = taken(floor().given(receive())).given(c.ReturnHandOff(CALL, H1, "x"), by=REYES)
    scene.given(c.SetPresence(PresenceStatus.READY), by=REYES)
    taken(scene, hand_off="h2")
    assert scene.rejected(c.ReturnHandOff(CALL, H1, "x"), by=REYES) == "not-in-care"
    assert queries.controller(scene.call()) == REYES


@pytest.mark.parametrize("steps", ["queued", "offered", "accepted", "in care", "dispatch"])
def test_given_a_caller_who_is_lost_at_any_time_then_a_call_back_is_due_at_once_for_whoever_has_the_call(steps: str) -> None:
    scene = floor_of_four()
    match steps:
        case "queued":
            scene.given(c.QueueForClinician(CALL, PHONE))
        case "offered":
            scene.given(offer())
        case "accepted":
            accepted(scene)
        case "in care":
            taken(scene)
    scene.given(c.LoseCaller(CALL, BACK), by=REYES if steps == "in care" else OKAFOR)
    owed = scene.state.call_backs[BACK]
    assert (owed.owner, owed.callback, owed.number) == (queries.controller(scene.call()), "919 555 0100", "0001")
    assert owed.due_at == scene.log[-1].at and owed.ended is None
    assert queries.controller(scene.call()) == (REYES if steps == "in care" else OKAFOR)
    assert scene.call().seeking is None and scene.call().closing is None
    if steps in ("offered", "accepted"):
        assert latest(scene).state is HandOffState.CALLER_LOST and not queries.held(scene.state, REYES)
    assert scene.when(c.LoseCaller(CALL, BACK)) == (), "lost once"


def test_given_a_caller_whom_a_feed_brought_when_lost_then_whoever_says_so_owes_the_call_back() -> None:
    scene = floor().given(receive(), by=UserId("feed")).given(c.LoseCaller(CALL, BACK), by=OKAFOR)
    assert scene.state.call_backs[BACK].owner == OKAFOR


def test_given_a_holder_who_is_there_then_only_a_supervisor_takes_the_caller_over_and_says_why() -> None:
    scene = taken(floor_of_four())
    for user in (NOVAK, LIN):
        assert scene.rejected(c.TakeOverCall(CALL, OVER, WHY), by=user) == "holder-at-work"
    assert scene.rejected(c.TakeOverCall(CALL, OVER, " "), by=LINDQVIST) == "text-missing"
    scene.given(c.TakeOverCall(CALL, OVER, WHY), by=LINDQVIST)
    assert queries.controller(scene.call()) == LINDQVIST and scene.call().in_care_of is None
    (over,) = scene.call().take_overs
    assert (over.by, over.from_user, over.reason, over.hand_off_id) == (LINDQVIST, REYES, WHY, None)
    assert latest(scene).state is HandOffState.RETURNED and status(scene, REYES) is PresenceStatus.WRAP_UP
    assert scene.when(c.TakeOverCall(CALL, OVER, WHY), by=LINDQVIST) == (), "has them"


@pytest.mark.parametrize("gone", ["lost", "signed off"])
def test_given_a_holder_of_whom_nothing_is_heard_then_nothing_moves_by_itself_and_anybody_takes_over(gone: str) -> None:
    scene = taken(floor_of_four()) if gone == "lost" else floor_of_four()
    holder = REYES if gone == "lost" else OKAFOR
    lost(scene, holder) if gone == "lost" else scene.given(c.SignOff(holder))
    assert queries.controller(scene.call()) == holder
    scene.given(c.TakeOverCall(CALL, OVER, WHY), by=NOVAK)
    assert queries.controller(scene.call()) == NOVAK and scene.call().take_overs[-1].from_user == holder


def test_given_a_clinician_who_takes_over_then_they_have_the_caller_in_care_and_give_them_back_to_dispatch() -> None:
    scene = lost(taken(floor_of_four()), REYES).given(c.TakeOverCall(CALL, OVER, WHY), by=LIN)
    assert queries.controller(scene.call()) == LIN == scene.call().in_care_of
    assert status(scene, LIN) is PresenceStatus.ON_CALL
    assert [h.state for h in scene.call().hand_offs] == [HandOffState.RETURNED, HandOffState.RELEASED]
    scene.given(c.ReturnHandOff(CALL, OVER, "needs a team"), by=LIN)
    assert queries.controller(scene.call()) == OKAFOR


def test_given_a_take_over_that_arrives_once_more_later_then_it_begins_no_second_care_of_that_id() -> None:
    scene = lost(taken(floor_of_four()), REYES).given(c.TakeOverCall(CALL, OVER, WHY), by=LIN)
    lost(scene.given(c.ReturnHandOff(CALL, OVER, "x"), by=LIN), OKAFOR)
    assert scene.when(c.TakeOverCall(CALL, OVER, WHY), by=LIN) == ()


def test_given_a_telecommunicator_lost_in_mid_hand_over_then_another_goes_on_with_it_in_their_own_name() -> None:
    scene = lost(accepted(floor_of_four()), OKAFOR).given(c.TakeOverCall(CALL, OVER, WHY), by=NOVAK)
    assert latest(scene).connects and latest(scene).from_user == NOVAK == queries.controller(scene.call())
    released(scene, by=NOVAK)
    assert queries.controller(scene.call()) == REYES
    scene.given(c.ReturnHandOff(CALL, H1, "x"), by=REYES)
    assert queries.controller(scene.call()) == NOVAK, "not back to a desk of which nothing is heard"


def test_given_a_telecommunicator_lost_while_somebody_is_sought_then_whoever_takes_over_goes_on_seeking() -> None:
    scene = lost(floor_of_four().given(c.QueueForClinician(CALL, PHONE)), OKAFOR)
    scene.given(c.TakeOverCall(CALL, OVER, WHY), by=NOVAK)
    seeking = scene.call().seeking
    assert seeking is not None and seeking.by == NOVAK and seeking.queued_at is not None


def test_given_a_telecommunicator_lost_when_the_clinician_on_the_line_takes_over_then_the_offer_ends() -> None:
    scene = lost(accepted(floor_of_four()), OKAFOR).given(c.TakeOverCall(CALL, OVER, WHY), by=REYES)
    assert [h.state for h in scene.call().hand_offs] == [HandOffState.WITHDRAWN, HandOffState.RELEASED]
    assert queries.controller(scene.call()) == REYES and status(scene, REYES) is PresenceStatus.ON_CALL
    assert scene.call().seeking is None


def test_given_a_caller_being_handed_on_when_a_supervisor_takes_over_then_the_offer_goes_on_from_dispatch() -> None:
    scene = taken(floor_of_four()).given(offer(LIN, "h2"), by=REYES)
    scene.given(c.TakeOverCall(CALL, OVER, WHY), by=LINDQVIST)
    assert queries.controller(scene.call()) == LINDQVIST and not latest(scene).onward and latest(scene).rings
    assert scene.call().hand_offs[0].state is HandOffState.RETURNED and status(scene, REYES) is PresenceStatus.WRAP_UP
    scene.given(c.DeclineHandOff(CALL, H2, "busy"), by=LIN)
    assert queries.controller(scene.call()) == LINDQVIST


def test_given_an_offer_after_a_take_over_then_whoever_offered_has_the_caller_even_if_their_clocks_disagree() -> None:
    scene = taken(floor_of_four())
    scene.given(c.TakeOverCall(CALL, OVER, WHY), by=LINDQVIST)
    scene.at -= timedelta(minutes=1)
    scene.given(offer(LIN, "h2"), by=NOVAK)
    assert queries.controller(scene.call()) == NOVAK


def test_given_a_clinician_who_is_rung_or_has_a_caller_then_they_take_no_other_over() -> None:
    scene = floor_of_four().given(receive(call_id=SECOND))
    lost(taken(scene), REYES).given(offer(LIN, "h2", SECOND))
    assert scene.rejected(c.TakeOverCall(CALL, OVER, WHY), by=LIN) == "clinician-ringing"
    scene.given(c.AcceptHandOff(SECOND, H2), by=LIN)
    assert scene.rejected(c.TakeOverCall(CALL, OVER, WHY), by=LIN) == "calls-in-care"
    assert scene.rejected(c.TakeOverCall(CALL, OVER, WHY), by=UserId("nobody")) == "not-signed-in"


def test_given_a_call_that_is_being_handed_over_then_it_is_not_closed_under_those_on_the_line() -> None:
    scene = accepted(floor().given(receive()))
    assert scene.rejected(c.CloseCall(CALL, missed="all_busy")) == "hand-off-open"
    scene.given(c.WithdrawHandOff(CALL, H1, ""), c.CloseCall(CALL, missed="all_busy"))
    for command in (TELL, VERIFY, RELEASE, c.TakeOverCall(CALL, OVER, WHY), c.LoseCaller(CALL, BACK)):
        assert scene.rejected(command) == "call-closed"


def test_given_care_that_ended_then_its_span_is_from_the_acceptance_to_its_own_end() -> None:
    scene = taken(floor().given(receive()))
    running = latest(scene)
    assert queries.care_span(scene.call(), running) == (running.accepted_at, None), "their own release does not end it"
    scene.given(c.OfferHandOff(CALL, H2, LIN), by=REYES).given(c.AcceptHandOff(CALL, H2), by=LIN)
    released(scene, "h2", by=REYES)
    first, second = scene.call().hand_offs
    assert queries.care_span(scene.call(), first) == (first.accepted_at, second.released_at)
    scene.given(c.CloseCall(CALL, outcome="by_phone"), by=LIN)
    closing = scene.call().closing
    assert closing is not None and queries.care_span(scene.call(), second) == (second.accepted_at, closing.at)

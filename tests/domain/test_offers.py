"""Offering a caller: who may be rung, what is answered, and the queue."""

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.agency import HandOffRules
from console.domain.deciding.offers import NO_ANSWER
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import CLOCK, CallId, DeskId, HandOffId
from console.domain.state import PresenceStatus, Role
from tests.support.agency import AGENCY, PHONE, TEAM, WEAPON
from tests.support.scenes import (
    CALL,
    LIN,
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

SECOND, H1, H2 = CallId("call-2"), HandOffId("h1"), HandOffId("h2")
DECLINE = c.DeclineHandOff(CALL, H1, "busy")


def latest(scene: Scene, call_id: CallId = CALL) -> HandOff:
    hand_off = scene.call(call_id).hand_off
    assert hand_off is not None
    return hand_off


def test_given_an_offer_then_it_says_what_is_asked_and_promised_and_somebody_is_sought() -> None:
    scene = floor().given(receive(), c.OfferHandOff(CALL, H1, REYES, "listen to her", "somebody will listen"))
    made, seeking = latest(scene), scene.call().seeking
    assert (made.from_user, made.programme, made.asks, made.promised) == (
        OKAFOR,
        PHONE,
        "listen to her",
        "somebody will listen",
    )
    assert seeking is not None and (seeking.by, seeking.programme, seeking.queued_at) == (OKAFOR, PHONE, None)
    assert (seeking.asks, seeking.promised) == (made.asks, made.promised)
    assert scene.when(c.OfferHandOff(CALL, H1, REYES)) == (), "made already"


def test_given_an_agency_that_rings_no_next_then_an_offer_seeks_nobody_else() -> None:
    rules = HandOffRules(next_clinician=False)
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, hand_off=rules)), receive(), offer())
    assert scene.call().seeking is None and queries.rings(scene.call()) is not None


def test_given_a_caller_who_is_offered_accepted_or_in_care_then_no_second_offer_is_made() -> None:
    scene = floor().given(receive(), offer())
    refused = scene.when(offer(LIN, "h2"))
    assert isinstance(refused, c.Rejected) and "already being offered to Reyes" in refused.reason
    scene.given(c.AcceptHandOff(CALL, H1), by=REYES)
    refused = scene.when(offer(LIN, "h2"))
    assert isinstance(refused, c.Rejected) and "Reyes has accepted" in refused.reason
    assert scene.rejected(c.QueueForClinician(CALL, PHONE), by=NOVAK) == "hand-off-open"
    released(scene)
    assert scene.rejected(offer(LIN, "h2")) == "in-care"
    assert scene.rejected(c.QueueForClinician(CALL, PHONE)) == "hand-off-open"


@pytest.mark.parametrize("field", ["asks", "promised"])
def test_given_words_without_end_then_the_offer_and_the_queue_are_refused(field: str) -> None:
    scene, words = floor().given(receive()), {field: "x" * 10_001}
    assert scene.rejected(c.OfferHandOff(CALL, H1, REYES, **words)) == "text-too-long"
    assert scene.rejected(c.QueueForClinician(CALL, PHONE, **words)) == "text-too-long"


def test_given_a_lost_desk_then_who_sits_there_is_not_offered_a_caller_until_it_is_found() -> None:
    scene = floor().given(receive(), c.LoseDesk(REYES, DeskId("desk-reyes")))
    assert scene.rejected(offer()) == "clinician-unreachable"
    scene.given(c.FindDesk(REYES, DeskId("desk-reyes")), offer())


def test_given_a_clinician_with_the_caller_then_they_hand_on_and_have_them_still_until_the_release() -> None:
    scene = taken(floor().given(receive()))
    assert scene.rejected(c.OfferHandOff(CALL, H2, REYES), by=REYES) == "hand-off-to-oneself"
    scene.given(c.OfferHandOff(CALL, H2, LIN, "Spanish"), by=REYES)
    assert latest(scene).onward and scene.call().seeking is None, "who is rung next is theirs to say"
    scene.given(c.AcceptHandOff(CALL, H2), by=LIN)
    assert queries.controller(scene.call()) == REYES and queries.on_the_line(scene.call()) == LIN
    assert scene.rejected(c.SetPresence(PresenceStatus.READY), by=REYES) == "calls-in-care", "they hand a caller on"
    assert REYES not in {person.user_id for person in queries.ready_clinicians(scene.state)}
    released(scene, "h2", by=REYES)
    assert queries.controller(scene.call()) == LIN
    assert scene.state.people[REYES].status is PresenceStatus.WRAP_UP
    scene.given(c.ReturnHandOff(CALL, H2, "needs a team"), by=LIN)
    assert queries.controller(scene.call()) == OKAFOR, "dispatch has them back, not the clinician before"


def test_given_an_offer_on_that_was_declined_then_the_first_clinician_still_has_the_caller_and_can_give_them_back() -> None:
    scene = taken(floor().given(receive())).given(offer(LIN, "h2"), by=REYES)
    scene.given(c.DeclineHandOff(CALL, H2, "busy"), by=LIN)
    assert queries.controller(scene.call()) == REYES
    scene.given(c.ReturnHandOff(CALL, H1, "needs a team"), by=REYES)
    assert queries.controller(scene.call()) == OKAFOR and scene.state.people[REYES].status is PresenceStatus.WRAP_UP


@pytest.mark.parametrize("answered", [False, True])
def test_given_a_caller_who_is_being_handed_on_when_given_back_then_the_offer_on_ends_with_it(answered: bool) -> None:
    scene = taken(floor().given(receive())).given(offer(LIN, "h2"), by=REYES)
    if answered:
        scene.given(c.AcceptHandOff(CALL, H2), by=LIN)
    scene.given(c.ReturnHandOff(CALL, H1, "a weapon"), by=REYES)
    assert [h.state for h in scene.call().hand_offs] == [HandOffState.RETURNED, HandOffState.WITHDRAWN]
    assert queries.controller(scene.call()) == OKAFOR and not queries.held(scene.state, LIN)


def test_given_an_offer_then_it_is_seen_once_by_whom_it_rings_at_and_answered_by_nobody_else() -> None:
    scene = floor().given(receive(), offer())
    assert scene.rejected(c.SeeHandOff(CALL, H1), by=LIN) == "not-offered-to-you"
    scene.given(c.SeeHandOff(CALL, H1), by=REYES)
    assert latest(scene).state is HandOffState.SEEN and latest(scene).seen_at is not None and latest(scene).rings
    assert scene.when(c.SeeHandOff(CALL, H1), by=REYES) == ()
    assert scene.rejected(DECLINE, by=LIN) == "not-offered-to-you"
    assert scene.rejected(c.DeclineHandOff(CALL, H1, " "), by=REYES) == "text-missing"
    assert scene.rejected(c.AcceptHandOff(CALL, H2), by=REYES) == "hand-off-unknown"
    scene.given(c.AcceptHandOff(CALL, H1), by=REYES)
    assert scene.when(c.SeeHandOff(CALL, H1), by=REYES) == (), "too late to be seen"
    assert scene.rejected(c.AcceptHandOff(CALL, H1), by=REYES) == "hand-off-over"


def test_given_an_offer_that_rang_out_then_who_did_not_answer_is_away_and_somebody_is_still_sought() -> None:
    scene = floor().given(receive(), offer()).given(c.TimeOutHandOff(CALL, H1), by=CLOCK)
    reyes = scene.state.people[REYES]
    assert (reyes.status, reyes.reason) == (PresenceStatus.AWAY, NO_ANSWER)
    assert latest(scene).state is HandOffState.TIMED_OUT and scene.call().seeking is not None
    assert queries.controller(scene.call()) == OKAFOR


def test_given_an_answer_in_the_same_instant_as_the_time_out_then_whichever_came_first_stands() -> None:
    scene = accepted(floor().given(receive()))
    assert scene.rejected(c.TimeOutHandOff(CALL, H1), by=CLOCK) == "hand-off-over"
    late = floor().given(receive(), offer()).given(c.TimeOutHandOff(CALL, H1), by=CLOCK)
    assert late.rejected(c.AcceptHandOff(CALL, H1), by=REYES) == "hand-off-over"


def test_given_the_next_to_ring_then_it_is_in_the_name_of_whoever_looks_and_asks_the_same() -> None:
    scene = floor().given(receive(), c.OfferHandOff(CALL, H1, REYES, "listen", "a call")).given(DECLINE, by=REYES)
    scene.given(c.OfferNext(CALL, H2, LIN), by=CLOCK)
    assert (latest(scene).from_user, latest(scene).asks, latest(scene).promised) == (OKAFOR, "listen", "a call")
    assert queries.controller(scene.call()) == OKAFOR
    scene.given(c.WithdrawHandOff(CALL, H2, "caller moved"))
    assert scene.call().seeking is None
    assert scene.rejected(c.OfferNext(CALL, HandOffId("h3"), LIN), by=CLOCK) == "nobody-sought"


def test_given_two_callers_and_one_clinician_then_the_second_ring_is_refused() -> None:
    scene = floor().given(receive(), receive(call_id=SECOND), c.SignOff(LIN))
    scene.given(c.QueueForClinician(CALL, PHONE), c.QueueForClinician(SECOND, PHONE))
    scene.given(c.OfferNext(CALL, H1, REYES), by=CLOCK)
    assert scene.rejected(c.OfferNext(SECOND, H2, REYES), by=CLOCK) == "clinician-ringing"


def test_given_another_who_offers_a_caller_that_is_sought_then_they_have_the_caller_and_the_next_is_rung_for_them() -> None:
    scene = floor().given(receive(), sign_in(NOVAK, Role.TELECOMMUNICATOR), offer()).given(DECLINE, by=REYES)
    scene.given(c.OfferHandOff(CALL, H2, LIN, "calm him"), by=NOVAK)
    scene.given(c.DeclineHandOff(CALL, H2, "busy"), by=LIN).given(sign_in(REYES))
    scene.given(c.OfferNext(CALL, HandOffId("h3"), REYES), by=CLOCK)
    assert queries.controller(scene.call()) == NOVAK == latest(scene).from_user and latest(scene).asks == "calm him"


def test_given_nobody_to_ring_then_the_caller_waits_with_a_clock_and_whoever_queued_has_them() -> None:
    feed = floor().given(sign_in(NOVAK, Role.TELECOMMUNICATOR), receive())
    feed.given(c.QueueForClinician(CALL, PHONE, "listen"), by=NOVAK)
    seeking = feed.call().seeking
    assert seeking is not None and seeking.queued_at == feed.log[-1].at and queries.controller(feed.call()) == NOVAK
    assert feed.when(c.QueueForClinician(CALL, PHONE), by=OKAFOR) == (), "waits already"
    feed.given(c.LeaveQueue(CALL, "settled"))
    assert feed.call().seeking is None and queries.controller(feed.call()) == NOVAK
    assert feed.when(c.LeaveQueue(CALL)) == ()
    assert isinstance(feed.log[-1].event, e.HandOffQueueLeft)


def test_given_a_queue_that_makes_no_sense_then_it_is_refused() -> None:
    scene = floor().given(receive())
    assert scene.rejected(c.QueueForClinician(CALL, TEAM)) == "programme-not-by-phone"
    assert scene.rejected(c.QueueForClinician(CALL, PHONE), by=CLOCK) == "nobody-sought"
    assert scene.rejected(c.QueueForClinician(SECOND, PHONE)) == "call-unknown"
    scene.given(c.SetFact(CALL, WEAPON, "near", "seen"))
    assert scene.rejected(c.QueueForClinician(CALL, PHONE)) == "programme-denied"


def test_given_a_weapon_learned_while_a_clinician_is_sought_then_the_clock_of_the_queue_runs_all_the_same() -> None:
    scene = floor().given(receive(), offer()).given(DECLINE, by=REYES).given(c.SetFact(CALL, WEAPON, "near", "seen"))
    scene.given(c.QueueForClinician(CALL, PHONE), by=CLOCK)
    seeking = scene.call().seeking
    assert seeking is not None and seeking.queued_at is not None and seeking.by == OKAFOR


def test_given_an_offer_that_rings_then_the_queue_is_left_by_withdrawing_it() -> None:
    scene = floor().given(receive(), offer())
    assert scene.rejected(c.LeaveQueue(CALL)) == "hand-off-open"
    scene.given(c.WithdrawHandOff(CALL, H1, ""))
    assert scene.call().seeking is None


def test_given_a_caller_who_waits_when_two_clinicians_take_them_then_the_first_has_them_and_the_other_hears_who() -> None:
    scene = floor().given(receive(), c.QueueForClinician(CALL, PHONE, "listen", "a call"))
    scene.given(c.TakeFromQueue(CALL, H1), by=REYES)
    assert latest(scene).connects and latest(scene).from_user == OKAFOR and latest(scene).asks == "listen"
    assert queries.controller(scene.call()) == OKAFOR and scene.state.people[REYES].status is PresenceStatus.ON_CALL
    second = scene.when(c.TakeFromQueue(CALL, H2), by=LIN)
    assert isinstance(second, c.Rejected) and "Reyes has accepted" in second.reason
    assert scene.when(c.TakeFromQueue(CALL, H1), by=REYES) == (), "the same again"
    released(scene)
    assert queries.controller(scene.call()) == REYES and scene.call().seeking is None
    assert scene.rejected(c.TakeFromQueue(CALL, H2), by=LIN) == "nobody-sought"


def test_given_somebody_engaged_absent_or_of_another_programme_then_they_take_none_from_the_queue() -> None:
    scene = taken(floor().given(receive(), receive(call_id=SECOND))).given(c.QueueForClinician(SECOND, PHONE))
    assert scene.rejected(c.TakeFromQueue(SECOND, H2), by=REYES) == "calls-in-care"
    assert scene.rejected(c.TakeFromQueue(SECOND, H2), by=OKAFOR) == "programme-not-yours"
    third = CallId("call-3")
    scene.given(receive(call_id=third), offer(LIN, "h3", third))
    assert scene.rejected(c.TakeFromQueue(SECOND, H2), by=LIN) == "calls-in-care"
    scene.given(c.SignOff(LIN))
    assert scene.rejected(c.TakeFromQueue(SECOND, H2), by=LIN) == "programme-not-yours", "nobody takes one after work"


def test_given_a_caller_who_waits_and_a_weapon_then_no_clinician_takes_them() -> None:
    scene = floor().given(receive(), c.QueueForClinician(CALL, PHONE), c.SetFact(CALL, WEAPON, "near", "seen"))
    assert scene.rejected(c.TakeFromQueue(CALL, H1), by=REYES) == "programme-denied"

"""When somebody must look at a caller who is on the way to a clinician, or with one of whom nothing is heard."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import HandOffRules
from console.domain.alarms import Alarm, AlarmKind, standing
from console.domain.ids import CLOCK, CallBackId, DeskId, HandOffId, UserId
from console.domain.state import Role
from tests.support.agency import AGENCY, PHONE
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

RULES = AGENCY.hand_off
H1 = HandOffId("h1")


def alarms(scene: Scene, kind: AlarmKind, after_s: float = 0) -> list[Alarm]:
    found = standing(scene.state, {}, scene.at + timedelta(seconds=after_s))
    return [alarm for alarm in found if alarm.kind is kind]


def lost(scene: Scene, user: UserId) -> Scene:
    return scene.given(c.LoseDesk(user, DeskId(f"desk-{user}")))


def unreachable(scene: Scene) -> list[str]:
    return [alarm.words for alarm in alarms(scene, AlarmKind.HOLDER_UNREACHABLE)]


def test_given_a_caller_who_waits_longer_than_the_agency_says_then_somebody_must_look_until_one_is_accepted() -> None:
    scene = floor().given(receive(), c.QueueForClinician(CALL, PHONE))
    assert not alarms(scene, AlarmKind.HAND_OFF_UNANSWERED, RULES.queue_s - 2)
    (alarm,) = alarms(scene, AlarmKind.HAND_OFF_UNANSWERED, RULES.queue_s)
    assert "no clinician of Phone took the caller in time" in alarm.words and alarm.call_id == CALL
    scene.given(c.OfferNext(CALL, H1, REYES), by=CLOCK)
    assert alarms(scene, AlarmKind.HAND_OFF_UNANSWERED, RULES.queue_s), "it rings, and they still wait"
    scene.given(c.AcceptHandOff(CALL, H1), by=REYES)
    assert not alarms(scene, AlarmKind.HAND_OFF_UNANSWERED, RULES.queue_s)


def test_given_a_caller_who_waits_again_after_a_ring_then_the_clock_of_the_queue_runs_from_its_beginning() -> None:
    scene = floor().given(receive(), c.QueueForClinician(CALL, PHONE))
    before = scene.call().seeking
    scene.given(c.OfferNext(CALL, H1, REYES), c.TimeOutHandOff(CALL, H1), c.QueueForClinician(CALL, PHONE), by=CLOCK)
    after = scene.call().seeking
    assert before is not None and after is not None and after.queued_at == before.queued_at


def test_given_an_agency_that_rings_no_next_then_an_unanswered_offer_is_an_alarm_at_once_and_ends_when_somebody_goes() -> (
    None
):
    rules = c.ConfigureAgency(replace(AGENCY, hand_off=HandOffRules(next_clinician=False)))
    scene = floor().given(rules, receive(), offer()).given(c.TimeOutHandOff(CALL, H1), by=CLOCK)
    (alarm,) = alarms(scene, AlarmKind.HAND_OFF_UNANSWERED)
    assert f"not answered in {AGENCY.hand_off_s} s" in alarm.words
    scene.given(offer(LIN, "h2"))
    assert not alarms(scene, AlarmKind.HAND_OFF_UNANSWERED)


def test_given_an_accepted_caller_who_is_not_released_then_the_alarm_says_what_is_missing() -> None:
    scene = accepted(floor().given(receive()))
    assert not alarms(scene, AlarmKind.HAND_OFF_STUCK, RULES.bridge_s - 2)
    (alarm,) = alarms(scene, AlarmKind.HAND_OFF_STUCK, RULES.bridge_s)
    assert "until the caller is told and both hear each other" in alarm.words
    scene.given(c.TellCaller(CALL, H1), c.VerifyConnection(CALL, H1))
    (alarm,) = alarms(scene, AlarmKind.HAND_OFF_STUCK, RULES.bridge_s)
    assert "until somebody does" in alarm.words
    scene.given(c.ReleaseHandOff(CALL, H1))
    assert not alarms(scene, AlarmKind.HAND_OFF_STUCK, RULES.bridge_s)


@pytest.mark.parametrize("user", [OKAFOR, REYES])
def test_given_a_hand_over_when_either_desk_is_lost_then_a_supervisor_hears_who_until_it_is_found(user: UserId) -> None:
    scene = lost(accepted(floor().given(receive())), user)
    assert unreachable(scene) == [f"0001: {user.title()} is unreachable and has the caller · Crisis"]
    scene.given(c.FindDesk(user, DeskId(f"desk-{user}")))
    assert unreachable(scene) == []


@pytest.mark.parametrize("seeks", [True, False])
def test_given_an_offer_that_rings_when_the_desk_of_whoever_offered_is_lost_then_that_is_told(seeks: bool) -> None:
    rules = c.ConfigureAgency(replace(AGENCY, hand_off=HandOffRules(next_clinician=seeks)))
    assert len(unreachable(lost(floor().given(rules, receive(), offer()), OKAFOR))) == 1


def test_given_a_caller_in_care_then_only_the_clinicians_desk_matters_and_a_take_over_ends_the_alarm() -> None:
    scene = lost(taken(floor().given(receive(), sign_in(NOVAK, Role.TELECOMMUNICATOR))), OKAFOR)
    assert unreachable(scene) == [], "the telecommunicator has left that line"
    assert len(unreachable(lost(scene, REYES))) == 1
    scene.given(c.TakeOverCall(CALL, HandOffId("over"), "nothing is heard of Reyes"), by=NOVAK)
    assert unreachable(scene) == []


@pytest.mark.parametrize("gone", ["lost", "signed off"])
def test_given_a_caller_who_is_given_back_to_nobody_at_work_then_that_is_told_until_somebody_takes_over(gone: str) -> None:
    scene = taken(floor().given(receive(), sign_in(NOVAK, Role.TELECOMMUNICATOR)))
    lost(scene, OKAFOR) if gone == "lost" else scene.given(c.SignOff(OKAFOR))
    assert unreachable(scene) == []
    scene.given(c.ReturnHandOff(CALL, H1, "they want somebody to come"), by=REYES)
    assert len(unreachable(scene)) == 1 and "Okafor" in unreachable(scene)[0]
    scene.given(c.TakeOverCall(CALL, HandOffId("over"), "Okafor is not there"), by=NOVAK)
    assert unreachable(scene) == []


def test_given_a_caller_who_is_handed_on_then_both_clinicians_desks_matter() -> None:
    scene = taken(floor().given(receive())).given(offer(LIN, "h2"), by=REYES)
    scene.given(c.AcceptHandOff(CALL, HandOffId("h2")), by=LIN)
    assert len(unreachable(lost(lost(scene, REYES), LIN))) == 2
    released(scene, "h2", by=REYES)
    assert [words for words in unreachable(scene) if "Reyes" in words] == []


def test_given_a_caller_who_was_lost_then_the_alarm_says_once_what_is_due() -> None:
    scene = accepted(floor().given(receive(callback="919 555 0142"))).given(c.LoseCaller(CALL, CallBackId("b1")))
    (alarm,) = alarms(scene, AlarmKind.CALL_BACK_DUE)
    assert alarm.words == "0001: call back due, the caller was lost"

"""Presence: what a person says, what follows from the callers they have, and leaving."""

import pytest

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, DeskId, HandOffId, UserId, crew_user
from console.domain.state import PresenceStatus, Role
from tests.support.agency import PHONE
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, Scene, accepted, floor, offer, receive, sign_in, taken

H1, DESK = HandOffId("h1"), DeskId("desk-reyes")
BY_HAND = [PresenceStatus.READY, PresenceStatus.AWAY, PresenceStatus.WRAP_UP]


@pytest.mark.parametrize("status", BY_HAND)
@pytest.mark.parametrize("released", [False, True])
def test_given_a_caller_on_the_line_then_nobody_says_they_do_something_else(status: PresenceStatus, released: bool) -> None:
    scene = (taken if released else accepted)(floor().given(receive()))
    assert scene.rejected(c.SetPresence(status), by=REYES) == "calls-in-care"
    assert scene.state.people[REYES].status is PresenceStatus.ON_CALL


@pytest.mark.parametrize("status", [PresenceStatus.AWAY, PresenceStatus.WRAP_UP])
def test_given_a_caller_who_rings_when_somebody_leaves_then_that_declines_and_the_next_can_be_rung(
    status: PresenceStatus,
) -> None:
    scene = floor().given(receive(), offer()).given(c.SetPresence(status, "lunch"), by=REYES)
    hand_off = scene.call().hand_off
    assert hand_off is not None and hand_off.state is HandOffState.DECLINED and hand_off.reason.endswith("lunch")
    assert scene.state.people[REYES].status is status and scene.call().seeking is not None
    assert queries.controller(scene.call()) == OKAFOR


def test_given_a_caller_who_rings_when_whom_they_ring_at_signs_off_then_it_rings_on() -> None:
    scene = floor().given(receive(), offer(), c.SignOff(REYES))
    assert [type(entry.event) for entry in scene.log[-2:]] == [e.HandOffDeclined, e.SignedOff]
    assert scene.call().seeking is not None and not queries.ringing(scene.state, REYES)


def test_given_who_says_ready_while_they_are_rung_then_it_rings_on_with_them() -> None:
    scene = floor().given(receive(), offer()).given(c.SetPresence(PresenceStatus.READY, "back"), by=REYES)
    assert queries.rings(scene.call()) is not None
    assert scene.when(c.SetPresence(PresenceStatus.READY, "back"), by=REYES) == ()


def test_given_somebody_with_a_caller_then_they_do_not_sign_off_and_the_refusal_names_the_calls() -> None:
    scene = taken(floor().given(receive()))
    refused = scene.when(c.SignOff(REYES))
    assert isinstance(refused, c.Rejected) and scene.call().number in refused.reason
    scene.given(offer(LIN, "h2"), by=REYES).given(c.AcceptHandOff(CALL, HandOffId("h2")), by=LIN)
    for user in (REYES, LIN):
        assert scene.rejected(c.SignOff(user)) == "calls-in-care"
    scene.given(c.WithdrawHandOff(CALL, HandOffId("h2"), ""), by=REYES)
    scene.given(c.SignOff(LIN), c.CloseCall(CALL, outcome="by_phone"), by=REYES).given(c.SignOff(REYES))


@pytest.mark.parametrize("how", ["offered", "accepted", "queued"])
def test_given_a_telecommunicator_whose_caller_is_on_the_way_then_they_do_not_sign_off(how: str) -> None:
    scene = floor().given(receive())
    match how:
        case "offered":
            scene.given(offer())
        case "accepted":
            accepted(scene)
        case _:
            scene.given(c.QueueForClinician(CALL, PHONE))
    refused = scene.when(c.SignOff(OKAFOR))
    assert isinstance(refused, c.Rejected) and refused.code == "handing-over" and scene.call().number in refused.reason
    scene.given(c.LeaveQueue(CALL) if how == "queued" else c.WithdrawHandOff(CALL, H1, ""), c.SignOff(OKAFOR))
    assert scene.when(c.SignOff(OKAFOR)) == (), "off already"


def test_given_a_wrap_up_then_the_clock_ends_that_one_and_no_other() -> None:
    scene = taken(floor().given(receive())).given(c.CloseCall(CALL, outcome="by_phone"), by=REYES)
    since = scene.state.people[REYES].since
    scene.given(c.EndWrapUp(REYES, since), by=CLOCK)
    assert scene.state.people[REYES].status is PresenceStatus.READY
    scene.given(c.SetPresence(PresenceStatus.WRAP_UP), by=REYES)
    assert scene.when(c.EndWrapUp(REYES, since), by=CLOCK) == (), "that one is over long since"
    scene.given(c.SetPresence(PresenceStatus.AWAY), by=REYES)
    assert scene.when(c.EndWrapUp(REYES, scene.state.people[REYES].since), by=CLOCK) == ()


def lost() -> Scene:
    return floor().given(receive(), c.LoseDesk(REYES, DESK))


def test_given_a_lost_desk_then_who_sits_there_is_unreachable_since_then_and_never_ready() -> None:
    scene = lost()
    person = scene.state.people[REYES]
    assert person.lost_at == scene.log[-1].at and person.status is PresenceStatus.READY
    assert REYES not in {one.user_id for one in queries.ready_clinicians(scene.state)}
    assert scene.when(c.LoseDesk(REYES, DESK)) == (), "lost already"
    scene.given(c.FindDesk(REYES, DESK))
    assert scene.state.people[REYES].lost_at is None and scene.when(c.FindDesk(REYES, DESK)) == ()


def test_given_somebody_who_moved_to_another_desk_or_went_home_then_the_old_desk_concerns_them_no_more() -> None:
    scene = lost().given(c.SignIn(REYES, "Reyes", Role.CLINICIAN, DeskId("other"), programme=PHONE))
    assert scene.state.people[REYES].lost_at is None, "they sit at one that is heard"
    assert scene.when(c.LoseDesk(REYES, DESK)) == () and scene.when(c.FindDesk(REYES, DESK)) == ()
    scene.given(c.SignOff(REYES))
    assert scene.when(c.LoseDesk(REYES, DeskId("other"))) == () and scene.when(c.LoseDesk(UserId("nobody"), DESK)) == ()


def test_given_a_lost_desk_with_a_caller_in_care_then_the_caller_stays_theirs() -> None:
    scene = taken(floor().given(receive())).given(c.LoseDesk(REYES, DESK))
    assert queries.controller(scene.call()) == REYES and scene.state.people[REYES].status is PresenceStatus.ON_CALL
    scene.given(c.FindDesk(REYES, DESK)).given(sign_in(REYES))
    assert scene.state.people[REYES].status is PresenceStatus.ON_CALL


def test_given_skills_and_an_extension_then_who_signs_in_has_them() -> None:
    signed = c.SignIn(REYES, "Reyes", Role.CLINICIAN, DESK, programme=PHONE, skills=("youth",), extension="4411")
    person = floor().given(signed).state.people[REYES]
    assert (person.skills, person.extension) == (("youth",), "4411")


def test_given_a_crew_by_its_tablet_then_it_is_named_by_its_unit() -> None:
    assert queries.person_name(floor().state, crew_user(T1)) == "T1"

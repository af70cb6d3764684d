"""What is owed after the exercise's calls: calls back are made, referrals are worked at about the published figures."""

from datetime import datetime, timedelta
from statistics import fmean

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import FollowUpRules
from console.domain.commands import Rejected
from console.domain.follow_ups import CallBack, Referral
from console.domain.ids import CallBackId, CallId, DeskId, NatureCode, ReferralId, UserId
from console.domain.state import Place, Role, Source
from console.hub.exercise import Exercise
from console.hub.exercise.rehearsal import Happened, Rehearsal
from console.hub.exercise.world import EXERCISE
from tests.support.exercise import at, exercise, rehearsal, without_routine

MILLS, ORTEGA, REYES = UserId("mills"), UserId("ortega"), UserId("reyes")
MORNING = at(10)
REFERRED = 200
DAYS = 16


def quiet(**phone: float) -> Exercise:
    """The shipped exercise with next to no calls of its own."""
    whole = without_routine(exercise())
    kinds = {code: replace(kind, a_day=0.0001) for code, kind in whole.script.calls.items()}
    script = replace(whole.script, calls=kinds, phone=replace(whole.script.phone, **phone))
    return replace(whole, script=script)


def at_work(played: Exercise) -> Rehearsal:
    found = rehearsal(played, at(8.9))
    list(found.play(MORNING))
    return found


def receives(played: Rehearsal, name: str, callback: str = "919 555 0142") -> CallId:
    place = Place("200 Main St", 35.996, -78.902)
    command = c.ReceiveCall(CallId(name), Source.CALL_911, NatureCode("HANGUP"), place, callback=callback)
    assert not isinstance(played.do(command, EXERCISE, MORNING).outcome, Rejected)
    return CallId(name)


def refers(played: Rehearsal, name: str) -> ReferralId:
    command = c.ReferNeighbor(ReferralId(f"r {name}"), receives(played, name))
    assert not isinstance(played.do(command, REYES, MORNING).outcome, Rejected)
    return command.referral_id


def owes(played: Rehearsal, by: UserId, due: datetime) -> CallBackId:
    command = c.PlanCallBack(CallBackId("back"), receives(played, "call"), due, "To hear how it went.")
    assert not isinstance(played.do(command, by, MORNING).outcome, Rejected)
    return command.call_back_id


def comes_in(played: Rehearsal, user: UserId) -> None:
    person = next(p for p in exercise().script.people if p.user_id == user)
    sign_in = c.SignIn(user, person.name, person.role, DeskId("desk-1"), programme=person.programme)
    played.do(sign_in, user, MORNING)


@pytest.fixture(scope="module")
def worked() -> tuple[list[Happened], list[Referral]]:
    """Many referrals of one morning, and what became of them."""
    played = at_work(quiet())
    for n in range(REFERRED):
        refers(played, f"{n}")
    happened = list(played.play(MORNING + timedelta(days=DAYS)))
    return happened, list(played.state.referrals.values())


def test_given_referrals_then_nothing_is_refused_and_all_is_done_in_the_hours_of_those_whose_work_it_is(
    worked: tuple[list[Happened], list[Referral]],
) -> None:
    happened, _ = worked
    assert not [h for h in happened if isinstance(h.outcome, Rejected)]
    kinds = c.TakeReferral | c.TryOutreach | c.ConnectToCare | c.EndReferral
    acts = [h for h in happened if isinstance(h.command, kinds)]
    assert {h.by for h in acts} == {MILLS, ORTEGA}
    zone = rehearsal(exercise()).simulation.world.zone
    assert {h.at.astimezone(zone).hour for h in acts} <= set(range(9, 21))


def test_given_referrals_then_the_first_contact_and_the_share_connected_are_near_the_published_figures(
    worked: tuple[list[Happened], list[Referral]],
) -> None:
    _, referrals = worked
    rules: FollowUpRules = exercise().agency.follow_up
    assert rules.published is not None
    first = [(one, one.first_contact) for one in referrals]
    days = [(attempt.made.at - one.called_at) / timedelta(days=1) for one, attempt in first if attempt is not None]
    assert len(days) > 0.95 * REFERRED
    assert fmean(days) == pytest.approx(rules.published.days_to_first_contact, rel=0.1)
    connected = 100 * sum(one.connected is not None for one in referrals) / REFERRED
    assert connected == pytest.approx(rules.published.connected_percent, abs=5)
    assert all(one.ended is not None for one in referrals if one.first_contact and one.first_contact.made.at < at(24 * 8))
    assert any(len(one.attempts) > 1 and not one.attempts[0].reached for one in referrals)


def test_given_a_referral_that_a_real_person_took_then_nobody_else_works_it() -> None:
    played = at_work(quiet())
    referral = refers(played, "one")
    comes_in(played, MILLS)
    played.do(c.TakeReferral(referral), MILLS, MORNING)
    acts = [h for h in played.play(MORNING + timedelta(days=6)) if getattr(h.command, "referral_id", "") == referral]
    assert not acts and played.state.referrals[referral].owner == MILLS


@pytest.mark.parametrize(("reached", "tries", "because"), [(1.0, 1, "reached"), (0.0, 3, "Not reached in 3 tries.")])
def test_given_a_call_back_then_it_is_made_when_due_and_given_up_after_some_tries(
    reached: float, tries: int, because: str
) -> None:
    played = at_work(quiet(reached=reached))
    due = MORNING + timedelta(hours=2)
    call_back = owes(played, REYES, due)
    list(played.play(MORNING + timedelta(hours=6)))
    owed: CallBack = played.state.call_backs[call_back]
    assert (len(owed.attempts), owed.ended_because) == (tries, because)
    assert due < owed.attempts[0].made.at < due + timedelta(minutes=20)
    assert {attempt.made.by for attempt in owed.attempts} == {REYES}


def test_given_a_call_back_of_a_real_person_then_it_is_theirs_and_once_they_went_home_a_colleagues() -> None:
    played = at_work(quiet(reached=1.0))
    comes_in(played, REYES)
    call_back = owes(played, REYES, MORNING + timedelta(minutes=10))
    later = MORNING + timedelta(hours=3)
    list(played.play(later))
    assert not played.state.call_backs[call_back].attempts
    played.do(c.SignOff(REYES), REYES, later)
    list(played.play(later + timedelta(hours=1)))
    [attempt] = played.state.call_backs[call_back].attempts
    assert played.state.people[attempt.made.by].role is Role.CLINICIAN


def test_given_days_of_calls_then_clinicians_release_summaries_plan_calls_back_and_refer() -> None:
    played = rehearsal(without_routine(exercise(3)))
    commands = [type(h.command) for h in played.play(at(48))]
    for kind in (c.ReleaseSummary, c.PlanCallBack, c.TryCallBack, c.ReferNeighbor, c.TakeReferral):
        assert kind in commands, kind

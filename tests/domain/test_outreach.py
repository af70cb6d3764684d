"""What is owed after calls is listed by when it is due, and nobody is visited twice for want of knowing."""

from datetime import timedelta

from console.domain import commands as c
from console.domain import outreach, queries
from console.domain.acquaintance import (
    cautions,
    cautions_holding,
    found_by,
    merged_in,
    neighbor_at,
    neighbor_of,
    profile_notes,
    profiles_of,
    standing,
)
from console.domain.eligibility import verdicts
from console.domain.follow_ups import Reach
from console.domain.ids import CallBackId, CallId, CautionId, NeighborId, NoteId, ReferralId
from tests.support.scenes import CALL, OKAFOR, REYES, Scene, floor, receive

ANA, TWIN = NeighborId("ana"), NeighborId("twin")
FIRST, SECOND = ReferralId("r1"), ReferralId("r2")
LATER = CallId("later")


def referred() -> Scene:
    """Two calls of one number, an hour apart, the later one referred first."""
    scene = floor().given(receive(callback="919 555 0100"))
    called = scene.at
    scene.at += timedelta(hours=1)
    scene.given(receive(call_id=LATER, callback="(919) 555-0100"))
    scene.given(c.ReferNeighbor(SECOND, LATER), c.ReferNeighbor(FIRST, CALL))
    assert scene.state.referrals[FIRST].called_at <= called + timedelta(minutes=1)
    return scene


def test_given_two_referrals_then_the_one_whose_call_came_first_is_due_first_and_a_contact_puts_it_behind() -> None:
    scene = referred()
    assert [one.referral_id for one in outreach.open_referrals(scene.state)] == [FIRST, SECOND]
    scene.given(c.TryOutreach(FIRST, Reach.PHONE, reached=False))
    assert [one.referral_id for one in outreach.open_referrals(scene.state)] == [FIRST, SECOND]
    scene.given(c.TryOutreach(FIRST, Reach.IN_PERSON, reached=True))
    assert [one.referral_id for one in outreach.open_referrals(scene.state)] == [SECOND, FIRST]


def test_given_a_referral_then_its_clock_runs_from_the_call_and_stops_at_the_first_contact() -> None:
    scene = referred()
    one = scene.state.referrals[FIRST]
    rules = scene.state.agency.follow_up
    assert one.due_at == one.called_at + timedelta(hours=rules.due_h)
    moments = [one.called_at, one.due_at - outreach.DUE_SOON, one.due_at, one.late_at]
    assert [outreach.level(one, at) for at in moments] == ["fine", "due", "due", "past"]
    scene.given(c.TryOutreach(FIRST, Reach.PHONE, reached=True))
    assert outreach.level(scene.state.referrals[FIRST], one.late_at) == "fine"


def test_given_outreach_for_another_call_of_the_neighbor_then_it_is_found_and_one_of_long_ago_is_not() -> None:
    scene = referred().given(c.TryOutreach(SECOND, Reach.IN_PERSON, reached=True), by=REYES)
    tried = scene.at
    (found,) = outreach.recent_outreach(scene.state, "9195550100", "", tried, FIRST)
    assert found.made.by == REYES
    assert outreach.recent_outreach(scene.state, "9195550100", "", tried, SECOND) == []
    long = timedelta(hours=scene.state.agency.follow_up.outreach_h, minutes=1)
    assert outreach.recent_outreach(scene.state, "9195550100", "", tried + long, FIRST) == []
    assert outreach.recent_outreach(scene.state, "919 555 9999", "", tried) == []


def test_given_a_neighbor_known_by_two_numbers_then_outreach_to_one_is_found_by_the_other() -> None:
    scene = referred().given(c.KeepNeighbor(ANA, ("919 555 0100", "919 555 0177")), by=REYES)
    scene.given(c.TryOutreach(FIRST, Reach.PHONE, reached=False), by=REYES)
    assert len(outreach.recent_outreach(scene.state, "919 555 0177", "", scene.at)) == 1


def test_given_calls_back_then_those_that_fall_due_are_listed_until_somebody_reached_them() -> None:
    scene = floor().given(receive(callback="919 555 0100"))
    soon, later = CallBackId("soon"), CallBackId("later")
    plan = [(later, 5), (soon, 1)]
    scene.given(*(c.PlanCallBack(id, CALL, scene.at + timedelta(hours=h), "Check-in") for id, h in plan), by=REYES)
    day = scene.at + timedelta(hours=24)
    assert [one.call_back_id for one in outreach.call_backs_due(scene.state, day)] == [soon, later]
    assert outreach.call_backs_due(scene.state, scene.at) == []
    scene.given(c.TryCallBack(soon, reached=False), c.TryCallBack(later, reached=True), by=REYES)
    assert [one.call_back_id for one in outreach.call_backs_due(scene.state, day)] == [soon]


def test_given_referrals_then_the_figures_are_those_that_are_published() -> None:
    scene = referred()
    assert outreach.figures(scene.state).days_to_first_contact is None
    scene.at = scene.state.referrals[FIRST].called_at + timedelta(days=3)
    scene.given(c.TryOutreach(FIRST, Reach.IN_PERSON, reached=True), c.TryOutreach(SECOND, Reach.PHONE, reached=False))
    scene.given(c.ConnectToCare(FIRST))
    found = outreach.figures(scene.state)
    assert (found.referred, found.contacted, found.connected, found.connected_percent) == (2, 1, 1, 100)
    assert found.days_to_first_contact is not None and abs(found.days_to_first_contact - 3) < 0.01


def test_given_profiles_that_are_merged_and_separated_then_the_one_that_stands_is_found_and_nothing_is_lost() -> None:
    scene = floor().given(receive(callback="919 555 0100"))
    scene.given(c.KeepNeighbor(ANA, ("919 555 0100",), (), "Ana"), c.KeepNeighbor(TWIN, ("919 555 0177",)), by=REYES)
    scene.given(c.MergeNeighbors(ANA, TWIN), by=REYES)
    ana = neighbor_at(scene.state, "919-555-0177", "")
    assert ana is not None and ana.name == "Ana" == (neighbor_of(scene.state, scene.call()) or ana).name
    assert {each.neighbor_id for each in profiles_of(scene.state, ana)} == {ANA, TWIN}
    assert standing(scene.state, TWIN) == ana
    scene.given(c.SeparateNeighbors(TWIN), by=REYES)
    assert neighbor_at(scene.state, "919-555-0177", "") == scene.state.neighbors[TWIN]
    assert neighbor_at(scene.state, "919 555 9999", "nowhere") is None and neighbor_at(scene.state, "", "") is None


def test_given_a_neighbor_who_calls_often_and_is_known_then_priority_rank_and_verdicts_are_those_of_a_first_call() -> None:
    alone, often = floor().given(receive(callback="919 555 0100")), floor()
    for n in range(9):
        again = CallId(f"again-{n}")
        often.given(receive(call_id=again, callback="919 555 0100"), c.CloseCall(again, missed="judgement", note="over"))
    often.given(c.KeepNeighbor(ANA, ("919 555 0100",), (), "Ana", "", "Speak slowly."), by=REYES)
    often.given(c.GiveCaution(ANA, CautionId("c1"), "A dog.", often.at + timedelta(days=9)), by=REYES)
    often.given(receive(callback="919 555 0100"), by=OKAFOR)
    first, ninth = alone.call(), often.call()
    assert first.priority == ninth.priority and queries.rank(first)[0] == queries.rank(ninth)[0]
    assert first.open_to == ninth.open_to
    assert verdicts(alone.state.agency, first.circumstances) == verdicts(often.state.agency, ninth.circumstances)


def test_given_a_merged_profile_then_its_cautions_and_notes_are_the_neighbors_and_expired_ones_hold_no_more() -> None:
    scene = floor().given(c.KeepNeighbor(ANA, ("919 555 0100",)), c.KeepNeighbor(TWIN, ("919 555 0177",)), by=REYES)
    dog, old = CautionId("dog"), CautionId("old")
    scene.given(c.GiveCaution(TWIN, dog, "A dog at the door.", scene.at + timedelta(days=2)), by=REYES)
    scene.given(c.GiveCaution(ANA, old, "Moves house.", scene.at + timedelta(hours=1)), by=REYES)
    scene.given(c.SealProfileNote(TWIN, NoteId("n1"), "5e" * 32), c.MergeNeighbors(ANA, TWIN), by=REYES)
    ana = scene.state.neighbors[ANA]
    assert [(one.neighbor_id, one.caution_id) for one in cautions(scene.state, ana)] == [(ANA, old), (TWIN, dog)]
    assert [one.caution_id for one in cautions_holding(scene.state, ana, scene.at + timedelta(days=1))] == [dog]
    assert [note.note_id for note in profile_notes(scene.state, ana)] == ["n1"]
    assert [each.neighbor_id for each in merged_in(scene.state, ana)] == [TWIN]
    scene.given(c.SeparateNeighbors(TWIN), by=REYES)
    assert cautions_holding(scene.state, scene.state.neighbors[ANA], scene.at + timedelta(days=1)) == []


def test_given_a_name_a_number_or_a_place_then_other_profiles_are_found_by_it_and_merged_ones_are_not() -> None:
    scene = floor().given(c.KeepNeighbor(ANA, ("919 555 0100",), ("100 Main Street",), "Ana Ortiz"), by=REYES)
    scene.given(c.KeepNeighbor(TWIN, ("919 555 0177",), (), "Anne"), by=REYES)
    assert [one.neighbor_id for one in found_by(scene.state, "an", NeighborId(""))] == [ANA, TWIN]
    assert [one.neighbor_id for one in found_by(scene.state, "an", ANA)] == [TWIN]
    assert [one.neighbor_id for one in found_by(scene.state, "(919) 555-0177", ANA)] == [TWIN]
    assert [one.neighbor_id for one in found_by(scene.state, "100 main st", TWIN)] == [ANA]
    assert found_by(scene.state, " ", ANA) == [] == found_by(scene.state, "17", ANA)
    scene.given(c.MergeNeighbors(ANA, TWIN), by=REYES)
    assert found_by(scene.state, "Anne", ANA) == []


def test_given_a_call_that_has_left_the_board_then_its_follow_up_remembers_who_called() -> None:
    scene = referred()
    known = outreach.caller_remembered(scene.state, CALL)
    assert known is not None and (known.callback, known.place.address) == ("919 555 0100", "100 Main St")
    assert str(known.call_id) == str(FIRST) and known.received_at == scene.state.referrals[FIRST].called_at
    assert outreach.caller_remembered(scene.state, CallId("unknown")) is None

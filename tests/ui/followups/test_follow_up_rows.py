"""The words of follow-ups: clocks from the call on, warnings of others' outreach, figures beside the published ones."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import FollowUpRules, Need, PublishedOutreach
from console.domain.follow_ups import Reach
from console.domain.ids import CallId, NeighborId, ReferralId
from console.domain.outreach import figures
from console.ui.followups.needs import Needed, needs_words, sealed_text
from console.ui.followups.rows import attempt_words, count_words, due_words, figures_words, list_name, moment, rows, warning
from console.ui.followups.whose import referrals_of
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, REYES, Scene, floor, receive

FIRST, SECOND = ReferralId("r1"), ReferralId("r2")
LATER = CallId("later")
NUMBER = "919 555 0100"


@pytest.fixture
def scene() -> Scene:
    made = floor().given(receive(callback=NUMBER))
    made.at += timedelta(hours=2)
    return made.given(c.ReferNeighbor(FIRST, CALL), by=REYES)


def test_given_a_referral_then_its_clock_counts_from_the_call_to_each_limit_with_a_shape(scene: Scene) -> None:
    called = scene.call().received_at
    (row,) = rows(scene.state)
    said = [
        (row.clock(now), row.standing(now), row.level(now))
        for now in (called + timedelta(hours=h) for h in (10, 37, 47.5, 50, 73))
    ]
    assert said == [
        ("38 h", "to 48 h", "fine"),
        ("11 h", "to 48 h", "due"),
        ("30 min", "to 48 h", "due"),
        ("22 h", "to 72 h", "due"),
        ("1 h", "past 72 h", "past"),
    ]
    assert row.spoken(called + timedelta(hours=73)).startswith("919 555 0100, 1 h past 72 h, past its time, after ")
    words = [due_words(scene.state.agency, row.referral, called + timedelta(hours=h)) for h in (10, 40, 50, 73)]
    assert words == [
        "first contact due tomorrow 14:30 (48 h)",
        "first contact due ◆ today 14:30 (48 h)",
        "first contact ◆ due since today 14:30 (48 h), late tomorrow 14:30 (72 h)",
        "first contact ▲ late since today 14:30 (72 h)",
    ]


def test_given_a_contact_then_the_row_says_so_and_the_card_how_long_it_took(scene: Scene) -> None:
    scene.at = scene.call().received_at + timedelta(hours=60)
    scene.given(c.TakeReferral(FIRST), c.TryOutreach(FIRST, Reach.IN_PERSON, True, "at the shelter"), by=REYES)
    (row,) = rows(scene.state)
    later = scene.at + timedelta(hours=30)
    assert (row.clock(later), row.standing(later), row.level(later)) == ("30 h", "since contact", "fine")
    assert row.about == f"after {row.referral.number} · Reyes · 1 try"
    assert due_words(scene.state.agency, row.referral, scene.at) == "first contact today 02:30, 2.5 days after the call"
    assert attempt_words(scene.state, row.referral.attempts[0], scene.at) == (
        "today 02:30, Reyes in person, reached: at the shelter"
    )
    assert count_words([row], scene.at, REYES) == "1 · 1 mine"


def test_given_outreach_to_the_same_neighbor_for_another_call_then_it_is_said_before_somebody_goes(scene: Scene) -> None:
    scene.given(receive(LATER, callback=NUMBER), c.ReferNeighbor(SECOND, LATER))
    one = scene.state.referrals[FIRST]
    assert warning(scene.state, one, scene.at) == ""
    scene.given(c.TryOutreach(SECOND, Reach.MESSAGE, False), by=REYES)
    tomorrow = scene.at + timedelta(hours=20)
    assert warning(scene.state, one, tomorrow) == "◆ contacted by outreach yesterday 16:30, Reyes by message, not reached"
    assert warning(scene.state, scene.state.referrals[SECOND], tomorrow) == "", "one's own tries warn of nothing"
    assert moment(scene.state.agency, tomorrow + timedelta(days=1), tomorrow).startswith("tomorrow ")


def test_given_a_call_then_the_referrals_of_its_neighbor_are_found_those_without_a_contact_first(scene: Scene) -> None:
    other = CallId("other number")
    scene.given(receive(LATER, callback=NUMBER), c.ReferNeighbor(SECOND, LATER))
    scene.given(c.TryOutreach(SECOND, Reach.PHONE, True), receive(other, callback="919 555 0101", nature="TRESPASS"))
    assert [one.referral_id for one in referrals_of(scene.state, scene.call())] == [FIRST, SECOND]
    scene.given(c.LocateCall(other, replace(scene.call(other).place, address="12 Elm St")))
    assert referrals_of(scene.state, scene.call(other)) == []
    scene.given(c.KeepNeighbor(NeighborId("ana"), (NUMBER, "919 555 0101")), by=REYES)
    assert [one.referral_id for one in referrals_of(scene.state, scene.call(other))] == [FIRST, SECOND]


def test_given_referrals_then_the_figures_stand_beside_the_published_ones(scene: Scene) -> None:
    published = PublishedOutreach("overview", 3618, 2.9, 33.0)
    agency = replace(AGENCY, follow_up=FollowUpRules(published=published))
    assert figures_words(agency, figures(scene.state)) == (
        "– days to first contact (published 2.9)",
        "– connected to care (published 33 %)",
    )
    scene.at = scene.call().received_at + timedelta(days=2)
    scene.given(c.TryOutreach(FIRST, Reach.PHONE, True), c.ConnectToCare(FIRST), by=REYES)
    assert figures_words(AGENCY, figures(scene.state)) == ("2.0 days to first contact", "100 % connected to care")


def test_given_needs_then_they_come_back_from_what_was_sealed_in_words_and_other_text_as_it_is() -> None:
    agency = replace(AGENCY, needs=(Need("HOUSING", "Housing"), Need("FOOD", "Food security")))
    text = sealed_text(Needed(("HOUSING", "GONE"), "since March"))
    assert needs_words(agency, text) == "Housing, GONE · since March"
    assert needs_words(agency, sealed_text(Needed())) == "no need was named"
    assert needs_words(agency, "not json") == "not json"


def test_given_an_agency_then_the_list_bears_its_own_programmes_name() -> None:
    assert list_name(AGENCY) == "Care"
    assert list_name(replace(AGENCY, programmes=AGENCY.programmes[:3])) == "Follow-up"

"""Contacts: which numbers and places are one, what is counted, and that nobody is lowered for calling often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import contacts, queries
from console.domain.contacts import Contacts, Known, contact, known
from console.domain.ids import CallId
from console.domain.same_place import number_begun, number_key, number_spoken, place_key
from console.domain.state import Place, UnitStatus
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, START, T1, floor, receive, status

NUMBER = "919 555 0142"
AGAIN, FIRST = CallId("again"), CallId("first")


@pytest.mark.parametrize(
    "written", ["9195550142", "919-555-0142", "(919) 555 0142", "+1 919.555.0142", "1 919 555 0142", "919 555 0142 x7"]
)
def test_given_a_number_in_any_form_then_it_is_the_same(written: str) -> None:
    assert number_key(written) == "9195550142"
    assert number_spoken(number_key(written)) == NUMBER


def test_given_other_numbers_then_they_stay_themselves() -> None:
    assert number_key("+44 20 7946 0958") == "442079460958" == number_spoken("442079460958")
    assert number_key("555 0142") == "5550142"
    assert number_key("not known") == ""
    assert [number_begun(typed) for typed in ("+1 (919) 5", "9195", "1", "")] == ["9195", "9195", "", ""]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2115 Guess Road", "2115 GUESS RD."),
        ("2115 Guess Rd, apt 14", "2115 Guess Rd #14, 27705"),
        ("2115 Guess Rd, Unit 14", "2115 guess rd apt. #14 27705-1234"),
        ("W Main Street / Gregson St", "Gregson Street and West Main St"),
        ("100 Main St & 2nd Ave", "2nd Avenue @ 100 Main Street"),
        ("São Tomé Ave", "sao tome avenue"),
        ("O'Brien Pl", "OBrien Place"),
    ],
)
def test_given_a_place_in_two_forms_then_it_is_one(one: str, other: str) -> None:
    assert place_key(one) == place_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2115 Guess Rd, apt 14", "2115 Guess Rd, apt 15"),
        ("2115 Guess Rd, apt 14", "2115 Guess Rd"),
        ("100 N Main St", "100 S Main St"),
        ("100 1/2 Main St", "100 Main St"),
    ],
)
def test_given_two_doors_then_they_are_two_places(one: str, other: str) -> None:
    assert place_key(one) != place_key(other)


def test_given_no_words_then_there_is_no_place() -> None:
    assert place_key("") == place_key(" ,. ") == ""
    assert place_key("27705") == "27705"


def test_given_calls_on_the_board_and_in_the_history_then_each_counts_once_as_the_board_has_it() -> None:
    scene = floor().given(receive(FIRST, callback="+1 919-555-0142", place=Place("Elsewhere")), c.DispatchUnit(T1, FIRST))
    scene.given(*status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE))
    in_history = contact(scene.given(c.CloseCall(FIRST, outcome="resolved")).call(FIRST), NUMBER)
    scene.given(receive(callback=NUMBER), receive(AGAIN))
    days_ago = [
        replace(in_history, call_id=CallId(f"{n} days"), received_at=START - timedelta(days=n)) for n in (20, 80, 95)
    ]
    itself = replace(in_history, call_id=CALL)
    past = Contacts(START, (in_history, itself, *days_ago), (0, 1, 4), 2)
    found = known(scene.state, scene.call(), past, scene.at)
    assert [one.call_id for one in found.listed] == [AGAIN, FIRST, "20 days", "80 days"]
    assert (found.counts, found.by_number) == ((2, 4, 8), 5)
    assert contacts.who(found.listed[1]) == "T1" and contacts.ending(AGENCY, found.listed[1]) == "Resolved"
    assert contacts.who(found.listed[0]) == "nobody yet" and contacts.ending(AGENCY, found.listed[0]) == "open, received"
    assert known(scene.state, scene.call(), None, scene.at) == Known(found.listed[:2], (2, 2, 2), 1)


def test_given_counts_then_only_spans_that_bring_more_are_said() -> None:
    words = [contacts.counts_words(found) for found in ((9, 12, 14), (1, 1, 1), (2, 2, 5), (0, 0, 1), (0, 0, 0))]
    assert words == [
        "9 contacts in 7 days, 12 in 30, 14 in 90", "1 contact in 7 days", "2 contacts in 7 days, 5 in 90",
        "1 contact in 90 days", "no contact in 90 days",
    ]  # fmt: skip


def test_given_a_contact_then_it_is_told_with_its_age_nature_who_and_ending() -> None:
    scene = floor().given(receive(), c.CloseCall(CALL, missed="all_busy"))
    later = scene.call().received_at + timedelta(days=3, hours=2)
    assert contacts.latest_words(AGENCY, contact(scene.call()), later) == (
        "last: 3 days ago, Crisis, nobody, missed, no unit free"
    )
    spans = [timedelta(minutes=5), timedelta(hours=6), timedelta(days=1)]
    assert [contacts.ago(START, START + span) for span in spans] == ["5 min ago", "6 h ago", "1 day ago"]


def test_given_somebody_who_calls_often_then_priority_wait_and_order_are_those_of_a_first_call() -> None:
    often, seldom = floor(), floor()
    for n in range(30):
        for scene, number in ((often, NUMBER), (seldom, "")):
            former = CallId(f"former-{n}")
            scene.given(receive(former, callback=number, place=Place(f"{n} Elm St")), c.CloseCall(former, missed="all_busy"))
    for scene in (often, seldom):
        scene.given(receive(callback=NUMBER, place=Place("9 Oak St")), receive(AGAIN, callback="919 555 0199"))
    assert len(queries.contacts(often.state, often.call())) == 30 and not queries.contacts(seldom.state, seldom.call())
    assert often.call() == seldom.call(), "the record of the call knows nothing of it"
    for ask in (queries.pending, queries.open_calls):
        assert [call.call_id for call in ask(often.state)] == [call.call_id for call in ask(seldom.state)] == [CALL, AGAIN]
    now = often.at + timedelta(minutes=9)
    assert queries.wait(AGENCY, often.call(), now) == queries.wait(AGENCY, seldom.call(), now)

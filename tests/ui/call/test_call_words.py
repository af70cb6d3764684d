"""The call in words: heading, who is on it, narrative, times, contacts."""

from __future__ import annotations

from datetime import timedelta

from console.domain import commands as c
from console.domain.contacts import known
from console.domain.ids import CallId, EntryId
from console.domain.state import Place, UnitStatus
from console.link.fresh import new_entry_id
from console.ui.call.fields import place_named
from console.ui.call.words import about_words, contacts, engaged_words, narrative, times, waited_words
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, START, T1, Scene, floor, offer, receive, status, taken


def test_given_a_wait_then_the_heading_says_priority_time_and_shape() -> None:
    scene = floor().given(receive())
    call = scene.call()
    assert waited_words(AGENCY, call, call.received_at + timedelta(seconds=124)) == ("P2 · 2:04", "muted")
    assert waited_words(AGENCY, call, call.received_at + timedelta(seconds=500)) == ("◆ P2 · 8:20", "due")
    assert waited_words(AGENCY, call, call.received_at + timedelta(hours=1)) == ("▲ P2 · 1:00:00", "alarm")
    scene.given(c.DispatchUnit(T1, CALL))
    assert waited_words(AGENCY, scene.call(), call.received_at + timedelta(hours=1)) == ("P2 · 1:00:00", "muted")
    scene.given(c.RecallUnit(T1, "no"), c.CloseCall(CALL, missed="all_busy"))
    assert waited_words(AGENCY, scene.call(), scene.at) == ("closed 14:30", "muted")


def test_given_what_happens_then_the_line_above_the_actions_says_who_is_on_the_call() -> None:
    scene = floor().given(receive())
    assert engaged_words(scene.state, scene.call(), scene.at) == ""
    taken(scene, hand_off="h2")
    scene.given(c.DispatchUnit(T1, CALL), c.OrderOtherService(CALL, "EMS", "hurt"))
    scene.at += timedelta(minutes=2)
    words = engaged_words(scene.state, scene.call(), scene.at)
    assert words == "in the care of Reyes, 2 min · T1 assigned 2 min · EMS asked for"


def test_given_an_entry_that_was_written_later_than_it_happened_then_both_times_stand() -> None:
    made_now = new_entry_id()
    scene = Scene(at=START).given(c.ConfigureAgency(AGENCY), receive(text="first words"))
    scene.given(c.AddNarrative(CALL, made_now, "told after the fact"), c.AddNarrative(CALL, EntryId("feed-7"), "by feed"))
    first, late, feed = narrative(scene.state, scene.call(), scene.at)
    assert (first.at, first.by, first.text, first.remark) == ("14:30:01", "okafor", "first words", "")
    assert late.remark == "" or late.remark.startswith("written ")
    assert feed.remark == ""


def test_given_an_entry_whose_id_was_made_an_hour_after_it_happened_then_it_says_when() -> None:
    made = START + timedelta(hours=1)
    stamp = int(made.timestamp() * 1000)
    entry = EntryId(f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7000-8000-000000000000")
    scene = floor().given(receive(), c.AddNarrative(CALL, entry, "sister arrived"))
    assert narrative(scene.state, scene.call(), made)[0].remark == "written 15:30:00"
    assert narrative(scene.state, scene.call(), made, frozenset({entry}))[0].remark == "not sent yet"


def test_given_a_calls_course_then_its_times_stand_in_order() -> None:
    scene = floor().given(receive(), offer(), c.WithdrawHandOff(CALL, offer().hand_off_id, "caller hung up"))
    scene.given(c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.CLEAR))
    scene.given(c.CloseCall(CALL, outcome="resolved"))
    assert [line.words for line in times(scene.state, scene.call(), scene.at)] == [
        "received by Okafor",
        "offered to Reyes",
        "offer to Reyes withdrawn: caller hung up",
        "T1 dispatched",
        "T1 en route",
        "T1 on scene",
        "T1 clear",
        "closed by Okafor: Resolved",
    ]


def test_given_earlier_calls_of_the_same_caller_then_they_are_listed_with_their_endings_latest_first() -> None:
    old, older = CallId("old"), CallId("older")
    scene = floor().given(receive(older, callback="555"), c.CloseCall(older, missed="all_busy"))
    scene.at += timedelta(days=1)
    scene.given(receive(old, callback="555"), receive(callback="555"))
    found = contacts(AGENCY, known(scene.state, scene.call(), None, scene.at).listed, scene.at)
    assert [(contact.call_id, contact.nature, contact.ending) for contact in found] == [
        (old, "Crisis", "nobody yet · open, received"), (older, "Crisis", "nobody · missed, no unit free"),
    ]  # fmt: skip
    assert found[0].when.endswith("· 0001")
    assert found[1].when.startswith("Mon 14:30 · ")


def test_given_a_call_then_the_line_under_its_heading_says_where_who_and_what_to_mind() -> None:
    call = floor().given(receive(callback="555", language="es", flags=("two_dogs",))).call()
    assert about_words(call, AGENCY) == "100 Main St · 555 · ¿ Spanish · two dogs"


def test_given_a_new_address_then_the_point_stays_only_where_the_words_are_about_the_same_place() -> None:
    old = Place("100 Main St", 36.0, -78.9, 20.0, "B3")
    assert place_named(AGENCY, old, "100 Main St, apt 4").latitude == 36.0
    assert place_named(AGENCY, old, "9 Elm St") == Place("9 Elm St")
    assert place_named(AGENCY, old, "recovery center") == Place("Recovery Center", 36.01, -78.91)
    assert place_named(AGENCY, Place("", 36.0, -78.9, 82.0), "9 Elm St").uncertainty_m == 82.0

"""Real desks, each a window in a process of its own, at one real hub: worked by keys alone, they show one truth.

The three desks of the floor and their hub are shared by the tests here, which run in any order: each brings its own call,
and leaves the board as it found it. Nothing is slept for: a step waits for what a desk shows.
"""

from __future__ import annotations

import pytest

from console.domain import commands as c
from console.domain.ids import FactName, UnitId
from tests.support.desk_floor import (
    HERE,
    REYES,
    SITS_AT,
    Floor,
    accept_and_release,
    answer,
    choose,
    choose_by_command,
    close,
    draws,
    offer,
    pending,
)
from tests.support.desk_process import DeskProcess

pytestmark = pytest.mark.web_engine

CALM = "1111113111"
"""The digits of a caller without danger, weapon or violence, who would talk with a clinician."""
OKAFOR, LINDQVIST = SITS_AT["dispatch"], SITS_AT["supervisor"]
TURNED = "Responses that turned"
BACKUP = "Requests for backup"
ANSWERS = tuple(f"Answer {digit}:" for digit in range(1, 6))


def test_given_three_desks_when_a_call_goes_from_receipt_to_closing_then_each_shows_the_same_at_every_step(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    before = pending(dispatch.now)
    _, number = floor.feed.receive("MENTAL", "101 City Hall Plaza", HERE, callback="919-555-0101", text="Crying on a bench.")
    floor.count_pending(before + 1)
    assert dispatch.now.says(f"call {number}, Mental Health Crisis, 101 City Hall Plaza", "Pending calls")

    choose(dispatch, number)
    answer(dispatch, CALM)
    dispatch.until_says("Proposed: Crisis Call Diversion", "all 10 questions answered")
    floor.agree()

    offer(floor, number)
    clinician.until_says(f"Hand-off from T. Okafor, Position 4 — {number} Mental Health Crisis", region="Hand-off")
    supervisor.until_says(f"unit M. Reyes, status Ringing, {number}")
    accept_and_release(floor, number)
    clinician.until_silent_of("ringing")
    clinician.until_says(f"call {number}, Mental Health Crisis, in care")
    dispatch.until_says("in the care of M. Reyes")
    supervisor.until_says("unit M. Reyes, status On a call")
    floor.count_pending(before)

    clinician.press("F6")
    clinician.until_says("· asked ", region="What dispatch can be asked for")
    floor.count_pending(before + 1)
    dispatch.until_says(f"{number} M. Reyes asks for Community Response Team", region="What clinicians ask of dispatch")
    dispatch.press("Ctrl+F6")
    dispatch.until_says("Send CRT1 · about 1 min, straight line")
    dispatch.press("Return")
    floor.show("CRT1")
    floor.count_pending(before)
    dispatch.until_drawn(lambda r: draws(r, "calls", number) and draws(r, "units", "CRT1"), f"CRT1 and {number}")

    dispatch.press("Alt+2")
    dispatch.type("CRT1")
    for key, words in (
        ("Ctrl+Shift+K", "Acknowledged"),
        ("Ctrl+Shift+E", "En route"),
        ("Ctrl+Shift+S", "On scene"),
        ("Ctrl+Shift+T", "Transporting"),
    ):
        dispatch.press(key)
        if words == "Transporting":
            dispatch.until(lambda now: "Where does CRT1 take the neighbor?" in now.focus, "to ask where to")
            dispatch.press("Return")
        for desk in (dispatch, supervisor):
            desk.until_says(f"unit CRT1, status {words}")
        clinician.until_says(f"CRT1 {words.lower()}")
        floor.agree()
    dispatch.press("Ctrl+Shift+A")
    for desk in (dispatch, supervisor):
        desk.until_says("unit CRT1, status Available")

    clinician.until_can("Close otherwise…")
    clinician.press("Shift+F4")
    clinician.until_says(f"How did {number} end?", "Settled on scene")
    clinician.press("1")
    floor.gone(number)
    dispatch.until_says("Closed by M. Reyes: Settled on scene")
    supervisor.until_says("unit M. Reyes, status In wrap-up")
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")
    dispatch.until_says("CCD 1/1 ready")
    floor.count_pending(before)


def test_given_a_hand_off_when_declined_offered_again_accepted_and_returned_then_the_caller_is_with_the_right_one(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")
    _, number = floor.feed.receive("MENTAL", "300 North Roxboro Street", HERE)
    choose(dispatch, number)
    offer(floor, number)
    clinician.press("F3")
    clinician.until_says(f"Why is {number} declined?", "Needs somebody in person")
    clinician.press("2")
    clinician.until_silent_of("ringing")
    dispatch.until_says("M. Reyes declined: Needs somebody in person", "M. Reyes declined")
    floor.has_caller(number, OKAFOR)

    dispatch.until_says("in the queue for Crisis Call Diversion", region="Hand-off")
    dispatch.press("Ctrl+F7")  # who declined is not rung again by itself; by hand they can be
    dispatch.until_says("Offer the caller to whom?")
    dispatch.press("Return")
    clinician.until_says(number, "ringing 0:", region="Hand-off")
    accept_and_release(floor, number)
    dispatch.until_says("in the care of M. Reyes")

    clinician.until_can("Back to dispatch…")
    clinician.press("F9")
    clinician.until_says(f"Why does {number} go back to dispatch?")
    clinician.press("3")
    floor.has_caller(number, OKAFOR)
    dispatch.until_says("M. Reyes gave the caller back: Outside what we do by phone", "returned by M. Reyes")
    clinician.until_says("T. Okafor has the caller", region="Hand-off")
    supervisor.until_says("unit M. Reyes, status In wrap-up")

    close(dispatch, "6")
    floor.gone(number)
    dispatch.until_says("Closed by T. Okafor: Neighbor declined help")
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")


def test_given_three_answers_when_the_caller_is_handed_off_then_the_clinician_goes_on_and_dispatch_sees_it(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    call_id, number = floor.feed.receive("MENTAL", "408 Holloway Street", HERE)
    choose(dispatch, number)
    answer(dispatch, "111")
    answered = dispatch.until_says("4 of at most ").said("answered", "Triage questions")
    offer(floor, number)
    accept_and_release(floor, number)
    assert clinician.until_says("4 of at most ", region="Triage questions").said("answered", "Triage questions") == answered

    answer(clinician, "1")
    for desk in (dispatch, clinician):
        desk.until_says("5 of at most ", region="Triage questions")
    stamps = [given.by for given in floor.feed.snapshot().state.calls[call_id].answers]
    assert stamps == [OKAFOR, OKAFOR, OKAFOR, REYES]

    clinician.press("Shift+F4")
    clinician.until_says(f"How did {number} end?")
    clinician.press("1")
    floor.gone(number)
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")


def test_given_a_team_on_its_way_when_its_response_turns_then_every_desk_it_concerns_says_so_until_all_are_told(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    call_id, number = floor.feed.receive("WELFARE", "1000 West Chapel Hill Street", HERE)
    choose(dispatch, number)
    dispatch.until_can("Dispatch CRT1")
    dispatch.press("F6")
    supervisor.until_says("unit CRT1, status Assigned")

    floor.feed.tell(c.SetFact(call_id, FactName("weapon"), "within_reach", "an officer saw it"))
    for desk in (dispatch, supervisor):
        desk.until_says(f"{number} Welfare Check, CRT1 assigned: a weapon within reach", "Tell CRT1", region=TURNED)
    supervisor.until_says(f"{number} Welfare Check turned: a weapon within reach")
    dispatch.until_says("NOT YET TOLD")
    assert not clinician.now.says("CRT1", TURNED), "it is no clinician's call"

    dispatch.press("Alt+2")
    dispatch.type("CRT1")
    dispatch.press("Ctrl+Shift+R")
    dispatch.until(lambda now: "Why is CRT1 recalled?" in now.focus, "to ask why")
    dispatch.type("a weapon within reach")
    dispatch.press("Return")
    dispatch.until_says("unit CRT1, status Available")
    dispatch.press("F4")
    dispatch.until_says("not everybody was told", "F11 ticks the next")
    dispatch.press("F11")
    for desk in (dispatch, supervisor):
        desk.until_says("✓ CRT1", region=TURNED)
    supervisor.press("F11", "F11")
    dispatch.until_says("✓ the caller", region=TURNED)
    dispatch.until_says("by T. Okafor", "by A. Lindqvist")
    dispatch.until_silent_of("not everybody was told")
    told = floor.feed.snapshot().state.calls[call_id].transitions[0].parties
    assert [party.told_by for party in told] == [OKAFOR, LINDQVIST, LINDQVIST]
    dispatch.press("Escape", "Ctrl+F11")
    dispatch.until(lambda now: "Why what was proposed instead is not needed" in now.focus, "to ask why not")
    dispatch.type("police took him along")
    dispatch.press("Return")
    for desk in (dispatch, supervisor):
        desk.until_silent_of("CRT1", TURNED)
    close(dispatch, "1")
    floor.gone(number)


def test_given_a_unit_asks_for_backup_then_every_desk_shows_it_with_that_very_entry_until_somebody_ends_it_with_a_reason(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    _, number = floor.feed.receive("WELFARE", "1500 Fayetteville Street", HERE)
    choose(dispatch, number)
    dispatch.until_can("Dispatch CRT1")
    dispatch.press("F6")
    supervisor.until_says("unit CRT1, status Assigned")

    asked = floor.feed.tell(c.RequestBackup(UnitId("CRT1"), "POLICE")).seq
    for desk in floor.desks:
        look = desk.until(lambda now: now.seq >= asked, "to have read the request")
        assert look.says(f"CRT1 requests police backup — 1500 Fayetteville Street — call {number}", BACKUP)

    clinician.press("Escape", "F12", "Ctrl+D")
    supervisor.press("Escape", "Ctrl+1", "Escape", "Ctrl+3", "Ctrl+K")
    for desk in floor.desks:
        desk.until_says("heard by A. Lindqvist", region=BACKUP)
    dispatch.press("F12")
    clinician.until_says("Police sent", "by T. Okafor", region=BACKUP)
    supervisor.until_can("It is there")
    supervisor.press("Shift+F12")
    for desk in floor.desks:
        desk.until_says("arrived 0:", "said A. Lindqvist", region=BACKUP)
    dispatch.press("Ctrl+F12")
    dispatch.until(lambda now: "Command line" in now.focus, "to ask why it is safe")
    dispatch.type("officer with the crew")
    dispatch.press("Return")
    for desk in floor.desks:
        desk.until_silent_of("CRT1", BACKUP)
    floor.agree()

    choose_by_command(dispatch, number)
    dispatch.press("Alt+2")
    dispatch.type("CRT1")
    dispatch.press("Ctrl+Shift+R")
    dispatch.until(lambda now: "Why is CRT1 recalled?" in now.focus, "to ask why")
    dispatch.type("police stay with him")
    dispatch.press("Return")
    supervisor.until_says("unit CRT1, status Available")
    close(dispatch, "1")
    floor.gone(number)


def test_given_an_eligible_call_that_nobody_served_then_it_closes_with_why_it_was_missed_and_not_without(
    floor: Floor,
) -> None:
    dispatch, _, supervisor = floor.desks
    before = pending(dispatch.now)
    missed = sum(1 for call in floor.feed.snapshot().state.calls.values() if call.closing and call.closing.missed)
    _, number = floor.feed.receive("WELFARE", "800 Elmira Avenue", HERE)
    floor.count_pending(before + 1)
    choose(dispatch, number)

    dispatch.press("F4")
    dispatch.until_says(f"Call {number} was eligible and nobody served it: say why it was missed.", "No unit free")
    assert not dispatch.now.says("Settled on scene")
    dispatch.press("Return")
    dispatch.until_says("Choose one first")
    dispatch.press("9", "9")
    dispatch.until_says("“Judged better otherwise” wants a few words.")
    dispatch.press("Escape")
    dispatch.until_silent_of("Escape leaves")

    dispatch.press("/")
    dispatch.type(f"c {number} settled")
    dispatch.until_says('"settled" is none of: No unit free')
    dispatch.press("Return", "Escape")
    floor.count_pending(before + 1)

    close(dispatch, "1")
    floor.gone(number)
    floor.count_pending(before)
    supervisor.until(lambda now: now.says("no unit free") and now.says(f"{missed + 1} w"), "why it was missed")


def tab_round(desk: DeskProcess, key: str = "Tab") -> list[str]:
    """Where Tab stops, from the command line once round until it is there again."""
    desk.press("/")
    stops = [desk.press(key).focus]
    while stops[-1] != "Command line" and len(stops) < 100:
        stops.append(desk.press(key).focus)
    return stops


def found_in(stops: list[str], words: tuple[str, ...]) -> list[str]:
    """Those of the words that the stops hold, in the order of the stops; ages and counts in their names may differ."""
    return [word for stop in stops for word in words if word in stop]


def test_given_every_workspace_when_tab_is_pressed_then_it_goes_once_round_all_that_takes_the_keyboard(floor: Floor) -> None:
    dispatch, clinician, supervisor = floor.desks
    _, number = floor.feed.receive("MENTAL", "905 West Main Street", HERE)
    dispatch.until_drawn(lambda r: draws(r, "units", "CRT1"), "CRT1")
    choose(dispatch, number)
    dispatch.press("Alt+3")
    dispatch.until_can("Answer 5:")
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")
    offer(floor, number)
    accept_and_release(floor, number)
    clinician.until_says(f"▸ call {number}, Mental Health Crisis, in care")
    clinician.until_can("Dismiss")
    clinician.press("Ctrl+D")
    supervisor.until_says("CCD answered")
    wanted = {
        dispatch: (
            "Dispatch, key",
            "Pending calls",
            "Fit, key",
            "Units / Units",
            *ANSWERS,
            "Dispatch CRT1",
            "Close…",
        ),
        clinician: ("Clinician, key", "My calls", "What goes along", *ANSWERS, "Entry for the narrative"),
        supervisor: ("Supervisor, key", "eligible calls", "Unit hours today", "Units and desks", "Standing alarms"),
    }
    for desk, words in wanted.items():
        forth, back = tab_round(desk), tab_round(desk, "Shift+Tab")
        assert len(set(forth)) == len(forth) == len(back), (forth, back)
        assert found_in(forth[:-1], words) == list(words), forth
        assert found_in(back[:-1], words) == list(words)[::-1], back
        desk.press("Escape")
    clinician.press("F4", "F4")  # the caller is in their care: they close it
    floor.gone(number)
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")

"""Whole hand-offs by key presses alone, at four real desks and a real hub: what each shows, and who has the caller.

Who has them is looked for in words on every desk, and the words must be of one person at every step; the supervisor walks
between the floor and the call. The desks are shared by the tests here, which run in any order.
"""

from __future__ import annotations

import re

import pytest

from tests.support.desk_floor import CALM, HERE, LIN, REYES, SITS_AT, Floor, answer, choose, close, write
from tests.support.desk_process import DeskProcess
from tests.support.shown import Shown

pytestmark = pytest.mark.web_engine

OKAFOR = SITS_AT["dispatch"]
NAMES = {"T. Okafor": OKAFOR, "M. Reyes": REYES, "J. Lin": LIN}
_HAS = re.compile(r"\b(?:(You|you) have|(T\. Okafor|M\. Reyes|J\. Lin) has) the caller\b")
_SAYS_WHO = ("Hand-off", "Call in care", "What can be done")
_CARE, _STRIP = "What can be done", "Hand-off"
SCREENED = "222222"
"""The second answer to each of the screener's questions, as far as they are asked."""


@pytest.fixture(scope="module")
def desks_wanted() -> tuple[str, ...]:
    """Two clinicians, so that it can ring at the next."""
    return ("dispatch", "clinician", "supervisor", "second clinician")


def holders(now: Shown) -> set[str]:
    """Whom a desk's words say to have the caller."""
    lines = [line for region in _SAYS_WHO for line in now.lines.get(region, [])]
    return {now.user if you else NAMES[name] for line in lines for you, name in _HAS.findall(line)}


def has(floor: Floor, number: str, user: str) -> None:
    """One person has the caller on every board, and every desk says so of that one and of nobody else."""
    floor.has_caller(number, user)
    floor.supervisor.press("Ctrl+1")
    for desk in floor.desks:
        looks = desk in (floor.dispatch, floor.supervisor)  # a clinician may have nothing to do with the call
        said = ({user},) if looks else ({user}, set())
        desk.until(lambda now: holders(now) in said, f"to say that {user} has the caller, and nobody else")  # noqa: B023
    floor.supervisor.press("Ctrl+3")


def reached(desk: DeskProcess, *steps: str) -> None:
    """The strip of the call says when these steps were reached, and no later one."""

    def is_so(now: Shown) -> bool:
        line = next((line for line in now.lines.get(_STRIP, []) if line.startswith("Offered ")), "")
        return re.findall(r"(\w[\w ]*?) \d\d:\d\d:\d\d", line.replace(", ", ",")) == list(steps)

    desk.until(is_so, f"to have come to {steps}")


def ready(floor: Floor, *desks: DeskProcess) -> None:
    """These clinicians can be rung, in this order, and no others."""
    for desk in (floor.clinician, floor.by_workspace["second clinician"]):
        name = next(name for name, user in NAMES.items() if user == desk.now.user)
        if desk not in desks:
            desk.press("Ctrl+Alt+3")
            desk.until_says("Break", "Meal")
            desk.press("1")
            floor.supervisor.until_says(f"unit {name}, status Away, Break")
    for desk in desks:
        name = next(name for name, user in NAMES.items() if user == desk.now.user)
        desk.press("Ctrl+Alt+2")
        floor.supervisor.until_says(f"unit {name}, status In wrap-up")
        desk.press("Ctrl+Alt+1")
        floor.supervisor.until_says(f"unit {name}, status Ready")


def received(floor: Floor, address: str, callback: str) -> str:
    """A call comes in; dispatch and supervisor look at it."""
    _, number = floor.feed.receive("MENTAL", address, HERE, callback=callback, text="Crying on a bench.")
    choose(floor.dispatch, number)
    floor.supervisor.press("Ctrl+1")
    choose(floor.supervisor, number)
    floor.supervisor.press("Ctrl+3")
    return number


def offer(floor: Floor, number: str, to: DeskProcess, name: str) -> None:
    """Dispatch offers the caller by its key; it rings there, and is seen."""
    floor.dispatch.until_can(f"Hand off to {name}")
    floor.dispatch.press("F7")
    to.until_says(f"Hand-off from T. Okafor, Position 4 — {number} Mental Health Crisis", "ringing 0:", region=_STRIP)
    for desk in (floor.dispatch, to):
        reached(desk, "Offered", "On screen")
    floor.supervisor.until_says(f"unit {name}, status Ringing, {number}")
    has(floor, number, OKAFOR)


def connect(floor: Floor, number: str, to: DeskProcess, name: str) -> None:
    """Dispatch tells the caller, the clinician hears both, dispatch releases; not before both are said."""
    dispatch = floor.dispatch
    for desk in (dispatch, to):
        reached(desk, "Offered", "On screen", "Accepted")
    floor.supervisor.until_says(f"unit {name}, status On a call, {number}")
    to.until_says(f"call {number}, Mental Health Crisis, connecting")
    has(floor, number, OKAFOR)
    dispatch.press("F7")
    dispatch.until_says(f"Call {number} is released once the caller is told and both hear each other.")
    dispatch.press("Shift+F6")
    for desk in (dispatch, to):
        desk.until_says("✓ Caller told", region=_STRIP)
    has(floor, number, OKAFOR)
    to.press("Shift+F7")
    for desk in (dispatch, to):
        reached(desk, "Offered", "On screen", "Accepted", "Bridged")
    dispatch.until_says("Next: release them", region=_STRIP)
    to.until_says("Next: T. Okafor releases them", region=_STRIP)
    has(floor, number, OKAFOR)
    dispatch.press("F7")
    reached(dispatch, "Offered", "On screen", "Accepted", "Bridged", "Released")
    has(floor, number, SITS_AT["clinician"] if to is floor.clinician else LIN)


def message(from_: DeskProcess, to: DeskProcess, words: str) -> None:
    """One writes, the other reads it."""
    from_.press("Ctrl+M")
    from_.type(words)
    from_.press("Return")
    to.press("Ctrl+M")
    to.until_says(words)
    from_.until_says(words)


def test_given_an_offered_caller_when_it_is_accepted_then_keys_alone_carry_it_to_its_end_by_phone(floor: Floor) -> None:
    dispatch, clinician, supervisor, _ = floor.desks
    ready(floor, clinician)
    number = received(floor, "101 City Hall Plaza", "919-555-0111")
    answer(dispatch, CALM)
    offer(floor, number, clinician, "M. Reyes")
    clinician.until_says("919-555-0111", "101 City Hall Plaza", "nobody", region="What goes along with the caller")
    dispatch.press("Ctrl+N")
    dispatch.type("Sits by the fountain")
    clinician.until_says("T. Okafor writes: Sits by the fountain", region="What goes along with the caller")
    dispatch.press("Return")
    clinician.until_says("T. Okafor: Sits by the fountain", region="What goes along with the caller")
    clinician.until_silent_of("T. Okafor writes")
    clinician.press("F2")
    reached(dispatch, "Offered", "On screen", "Accepted")
    clinician.press("Ctrl+N")
    clinician.type("Breathing more slowly")
    dispatch.until_says("M. Reyes is writing: Breathing more slowly")
    clinician.press("Return")
    dispatch.until_silent_of("M. Reyes is writing")
    dispatch.until_says("Breathing more slowly")
    connect(floor, number, clinician, "M. Reyes")
    clinician.until_says(f"call {number}, Mental Health Crisis, in care")

    message(dispatch, clinician, "Her sister waits in the lobby")
    message(clinician, dispatch, "Tell her ten minutes")
    clinician.press("F6")
    dispatch.until_says(f"{number} M. Reyes asks for Community Response Team", region="What clinicians ask of dispatch")
    dispatch.press("Ctrl+F6")
    dispatch.until_says("Send CRT1 · about 1 min, straight line")
    dispatch.press("Return")
    clinician.until_says("CRT1 assigned", region="What dispatch can be asked for")
    supervisor.until_says("unit CRT1, status Assigned")
    dispatch.until_silent_of("asks for Community Response Team")
    has(floor, number, REYES)

    screen(clinician)
    assert not dispatch.now.says("Sample screener")
    clinician.press("Ctrl+Shift+D", "Ctrl+Shift+D")
    dispatch.press("Ctrl+N")
    dispatch.until_says("Sample screener asked: ")

    recall(dispatch, supervisor)
    clinician.until_can("Resolved by phone")
    clinician.press("F4")
    clinician.until_says(f"Again: close {number}")
    clinician.press("F4")
    floor.gone(number)
    dispatch.until_says("Closed by M. Reyes: Resolved by phone")
    supervisor.until_says("unit M. Reyes, status In wrap-up")
    assert not any(holders(desk.now) for desk in (dispatch, clinician))


def screen(clinician: DeskProcess) -> None:
    """Answer the screener by digits to its end."""
    clinician.press("Ctrl+Shift+U")
    for digit in SCREENED:
        place = clinician.until_says("Sample screener · ", region="Screener").said("Sample screener · ")
        if "all asked" in place[0]:
            break
        clinician.until_says("a digit answers", region="Screener")
        clinician.press(digit)
        clinician.until(lambda now: now.said("Sample screener · ") != place, f"the question after {place}")  # noqa: B023
    clinician.until_says("all asked", region="Screener")
    clinician.until_can("Tell dispatch the level")


def recall(dispatch: DeskProcess, supervisor: DeskProcess) -> None:
    """Dispatch calls CRT1 back."""
    dispatch.press("Alt+2")
    dispatch.type("CRT1")
    dispatch.press("Ctrl+Shift+R")
    dispatch.until(lambda now: "Why is CRT1 recalled?" in now.focus, "to ask why")
    dispatch.type("not needed any more")
    dispatch.press("Return")
    supervisor.until_says("unit CRT1, status Available")


def test_given_an_offered_caller_when_two_decline_then_it_waits_with_a_clock_is_taken_returned_and_a_team_goes(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor, second = floor.desks
    ready(floor, clinician, second)
    number = received(floor, "300 North Roxboro Street", "919-555-0112")
    answer(dispatch, CALM)
    offer(floor, number, clinician, "M. Reyes")
    clinician.press("F3")
    clinician.until_says(f"Why is {number} declined?", "Needs somebody in person")
    clinician.press("2")
    second.until_says(f"Hand-off from T. Okafor, Position 4 — {number}", "ringing 0:", region=_STRIP)
    dispatch.until_says("M. Reyes declined: Needs somebody in person · rings at J. Lin", region=_STRIP)
    clinician.until_says(f"call {number}, Mental Health Crisis, rings at J. Lin")
    supervisor.until_says(f"unit J. Lin, status Ringing, {number}")
    has(floor, number, OKAFOR)

    second.press("F3")
    second.until_says(f"Why is {number} declined?", "With another neighbor")
    second.press("1")
    dispatch.until_says("J. Lin declined: With another neighbor", "waits 0:", " of 3:00", region=_STRIP)
    dispatch.until_says("waits for CCD", region="Pending calls")
    for desk in (clinician, second):
        desk.until_says(f"call {number}, Mental Health Crisis, queue for 0:")
    has(floor, number, OKAFOR)

    clinician.until_can(f"Take {number} from the queue")
    clinician.press("Shift+F2")
    clinician.until_says(f"call {number}, Mental Health Crisis, connecting")
    second.until_silent_of(f"call {number}, Mental Health Crisis, queue")
    has(floor, number, OKAFOR)
    dispatch.until_can("☐ Caller told")
    dispatch.press("Shift+F6")
    clinician.until_says("✓ Caller told", region=_STRIP)
    dispatch.press("Shift+F7")
    dispatch.until_says("Next: release them", region=_STRIP)
    dispatch.press("F7")
    has(floor, number, REYES)

    clinician.until_can("Back to dispatch…")
    clinician.press("F9")
    clinician.until_says(f"Why does {number} go back to dispatch?")
    clinician.press("3")
    has(floor, number, OKAFOR)
    dispatch.until_says("M. Reyes gave the caller back: Outside what we do by phone", "returned by M. Reyes")
    supervisor.until_says("unit M. Reyes, status In wrap-up")
    dispatch.until_can("Dispatch CRT1 · about 1 min, straight line")
    dispatch.press("F6")
    supervisor.until_says("unit CRT1, status Assigned")
    has(floor, number, OKAFOR)
    recall(dispatch, supervisor)
    close(dispatch, "6")
    floor.gone(number)


def test_given_a_caller_lost_while_connecting_then_a_call_back_is_due_at_once_stands_in_the_list_and_reaches_them(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor, second = floor.desks
    ready(floor, clinician)
    number = received(floor, "905 West Main Street", "919-555-0113")
    offer(floor, number, clinician, "M. Reyes")
    clinician.press("F2")
    for desk in (dispatch, clinician):
        reached(desk, "Offered", "On screen", "Accepted")
    has(floor, number, OKAFOR)

    dispatch.press("Shift+F9")
    dispatch.until_says("Press again: the caller is gone", region=_STRIP)
    dispatch.press("Shift+F9")
    dispatch.until_says("caller lost · call back", region="Pending calls")
    reached(dispatch, "Offered", "On screen", "Accepted", "Caller lost")
    supervisor.until_says(f"{number}: call back due, the caller was lost")
    supervisor.until_says("unit M. Reyes, status In wrap-up")
    dispatch.until_says("◆ The caller was lost at ", "Call back: 919-555-0113, due now", region=_STRIP)
    floor.has_caller(number, OKAFOR)

    clinician.until_says("call back at ", f"Check-in after {number}", "past its time")
    clinician.press("Alt+1", "End")
    clinician.until_says("Call back ", f" · after {number}", "The caller was lost · planned by T. Okafor · not tried yet")
    write(dispatch, "She rang off at the bus stop")
    clinician.press("Alt+R")
    clinician.until_silent_of(f"Check-in after {number}")
    supervisor.until_silent_of(f"{number}: call back due")
    second.until_silent_of(f"Check-in after {number}")
    has(floor, number, OKAFOR)
    close(dispatch, "1")
    floor.gone(number)

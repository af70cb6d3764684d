"""Desks and hubs that are killed under the people who work at them: what they see, what is kept, and how it goes on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from console.domain import commands as c
from console.domain.ids import CallId
from console.link.fresh import new_entry_id
from tests.support.center import CONFIGURATION
from tests.support.desk_floor import (
    CALM,
    HERE,
    REYES,
    SITS_AT,
    Floor,
    accept_and_release,
    answer,
    choose,
    choose_by_command,
    close,
    offer,
    tab_to,
    write,
)
from tests.support.desk_process import DeskProcess

pytestmark = pytest.mark.web_engine


def test_given_the_hub_killed_in_a_burst_then_desks_keep_the_board_and_go_on_by_themselves_and_nothing_is_lost(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    call_id, number = floor.feed.receive("WELFARE", "2400 Fayetteville Street", HERE)
    choose(dispatch, number)
    dispatch.until_can("Dispatch CRT1")
    logs = {desk.now.log_id for desk in floor.desks}

    acknowledged = burst_until_killed(floor, call_id)
    for desk in floor.desks:
        desk.until(lambda now: now.link == "offline" and now.greyed, "to say that it is offline, and to be grey")
        desk.until_says("▲ offline since", region="Top strip")
        assert number in desk.now.controllers
    assert dispatch.now.says(f"call {number}, Welfare Check")

    write(dispatch, "written while the hub was down")
    dispatch.until_says("1 unsent", "written while the hub was down", "· not sent yet")
    dispatch.orders_expire_s(0.2)
    dispatch.press("F6")
    dispatch.until_says("Not sent: dispatch unit CRT1", "Send now", "Discard")
    dispatch.orders_expire_s(30)

    floor.center.start()
    for desk in floor.desks:
        desk.until(lambda now: now.link == "live" and not now.greyed, "the live board again")
    dispatch.until_silent_of("not sent yet")
    floor.agree()
    assert {desk.now.log_id for desk in floor.desks} == logs
    state = floor.feed.snapshot().state
    said = [entry.text for entry in state.calls[call_id].narrative]
    assert said.count("written while the hub was down") == 1
    assert [words for words in said if words in acknowledged] == acknowledged
    assert state.units[next(unit for unit in state.units if unit == "CRT1")].call is None

    dispatch.until_says("Send now")
    tab_to(dispatch, "Send now")
    dispatch.press("Space")
    for desk in (dispatch, supervisor):
        desk.until_says("unit CRT1, status Assigned")
    dispatch.until_silent_of("Not sent")

    dispatch.press("Alt+2")
    dispatch.type("CRT1")
    dispatch.press("Ctrl+Shift+R")
    dispatch.until(lambda now: "Why is CRT1 recalled?" in now.focus, "to ask why")
    dispatch.type("the neighbor called back")
    dispatch.press("Return")
    supervisor.until_says("unit CRT1, status Available")
    close(dispatch, "1")
    floor.gone(number)
    assert clinician.now.link == "live"


def burst_until_killed(floor: Floor, call_id: CallId) -> list[str]:
    """Words pour in from the feed until the hub is killed under them; those that were acknowledged."""
    acknowledged: list[str] = []
    enough = threading.Event()

    def pour() -> None:
        with suppress(httpx.TransportError):
            for count in range(100_000):
                words = f"word {count}"
                floor.feed.tell(c.AddNarrative(call_id, new_entry_id(), words))
                acknowledged.append(words)
                if count == 40:
                    enough.set()
        enough.set()

    pouring = threading.Thread(target=pour)
    pouring.start()
    enough.wait()
    floor.center.kill()
    pouring.join()
    assert len(acknowledged) > 40
    return acknowledged


def test_given_half_typed_words_when_the_desk_is_killed_then_they_are_there_when_it_starts_again(floor: Floor) -> None:
    _, number = floor.feed.receive("WELFARE", "1200 Holloway Street", HERE)
    choose(floor.dispatch, number)
    floor.dispatch.press("Ctrl+N")
    floor.dispatch.type("She says her brother has")
    floor.dispatch.until(lambda now: "She says her brother has" in now.drafts, "the draft on the disk")
    floor.dispatch.kill()

    desk = floor.start_again("dispatch")
    choose_by_command(desk, number)
    desk.press("Ctrl+N")
    desk.until_says("New entry of the narrative: She says her brother has")
    desk.type(" gone home")
    desk.press("Return")
    desk.until_silent_of("New entry of the narrative: She")
    desk.until_says("She says her brother has gone home")
    floor.agree()
    close(desk, "1")
    floor.gone(number)


def test_given_a_caller_in_care_or_a_dead_hub_when_a_desk_is_closed_then_it_ends_well_and_takes_up_where_it_was(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")
    _, number = floor.feed.receive("MENTAL", "500 West Main Street", HERE)
    choose(dispatch, number)
    offer(floor, number)
    accept_and_release(floor, number)
    floor.center.kill()
    for desk in (clinician, supervisor):
        desk.until(lambda now: now.link == "offline", "to be offline")
    supervisor.leave()
    supervisor = floor.by_workspace["supervisor"] = floor.start("supervisor")
    supervisor.until_says("No hub listens at its address. Trying again.")
    floor.center.start()
    floor.enter("supervisor")
    clinician.until(lambda now: now.link == "live", "the live board again")
    clinician.leave()

    clinician = floor.start_again("clinician")
    clinician.until_says(f"call {number}, Mental Health Crisis, in care")
    floor.has_caller(number, REYES)
    clinician.until_can("Resolved by phone")
    clinician.press("F4")
    clinician.until_says(f"Again: close {number}")
    clinician.press("F4")
    floor.gone(number)
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")


def test_scenario_5_the_hub_is_gone_in_mid_triage_dispatch_finishes_by_keys_and_nothing_is_there_twice(floor: Floor) -> None:
    dispatch = floor.dispatch
    call_id, number = floor.feed.receive("MENTAL", "211 Rigsbee Avenue", HERE)
    choose(dispatch, number)
    answer(dispatch, CALM[:4])
    floor.agree()
    floor.center.kill()
    dispatch.until(lambda now: now.link == "offline", "to be offline")
    answer(dispatch, CALM[4:])
    dispatch.until_says("all 10 questions answered", "Proposed: Crisis Call Diversion", f"{len(CALM) - 4} unsent")

    floor.center.start()
    for desk in floor.desks:
        desk.until(lambda now: now.link == "live" and not now.greyed, "the live board again")
    dispatch.until_silent_of("unsent")
    floor.agree()
    given = floor.feed.snapshot().state.calls[call_id].answers
    assert "".join(one.answer for one in given) == CALM and len({one.question for one in given}) == len(CALM)
    assert {one.by for one in given} == {SITS_AT["dispatch"]}
    close(dispatch, "1")
    floor.gone(number)


def test_scenario_12_a_supervisor_takes_over_by_keys_from_a_desk_of_which_nothing_is_heard_and_says_why(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")
    _, number = floor.feed.receive("MENTAL", "120 Morris Street", HERE)
    choose(dispatch, number)
    offer(floor, number)
    accept_and_release(floor, number)
    supervisor.press("Ctrl+1")
    choose_by_command(supervisor, number)
    supervisor.until_says("M. Reyes has the caller", region="Hand-off")
    supervisor.press("Ctrl+3")
    clinician.kill()
    supervisor.until_says(f"unit M. Reyes, status ▲ Unreachable, has {number}")
    dispatch.until_says("M. Reyes has the caller", region="Hand-off")
    assert dispatch.now.controllers[number] == supervisor.now.controllers[number] == REYES, "nothing moves by itself"

    supervisor.press("Alt+2", "Home", "Ctrl+Shift+Y")
    supervisor.until_says(
        f"Have the caller of {number} in place of M. Reyes?", "why: Nothing is heard of the desk of M. Reyes"
    )
    supervisor.press("Return")
    dispatch.until_says(
        "A. Lindqvist has the caller, taken over from M. Reyes: Nothing is heard of the desk", region="Hand-off"
    )
    supervisor.until_says("You have the caller, taken over from M. Reyes", region="Hand-off")
    floor.start_again("clinician")
    floor.has_caller(number, SITS_AT["supervisor"])
    assert not floor.clinician.now.says(f"call {number}, Mental Health Crisis, in care")
    [over] = next(c for c in floor.feed.snapshot().state.calls.values() if c.number == number).take_overs
    assert (over.by, over.from_user, over.reason) == (
        SITS_AT["supervisor"],
        REYES,
        "Nothing is heard of the desk of M. Reyes",
    )
    choose_by_command(dispatch, number)
    close(dispatch, "1")
    floor.gone(number)


# ------------------------------------------------------------------------------------------------- a desk's own hub


class OwnHub:
    """A desk that plays an exercise with a hub of its own; started when asked for, and again if it was killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._desk: DeskProcess | None = None
        self._count = 0

    def desk(self) -> DeskProcess:
        if self._desk is None or not self._desk.alive:
            self._count += 1
            self._desk = DeskProcess(
                self._folder / f"exercise-{self._count}", "--exercise", "--config", str(CONFIGURATION), "--speed", "60"
            )
            self._desk.until(lambda now: now.link == "live" and now.user, "the exercise")
        return self._desk

    def leave(self) -> None:
        if self._desk is not None:
            try:
                self._desk.leave()
            finally:
                self._desk.kill()


@pytest.fixture(scope="module")
def own_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnHub]:
    made = OwnHub(tmp_path_factory.mktemp("own"))
    try:
        yield made
    finally:
        made.leave()


def test_given_an_exercise_when_the_desks_own_hub_is_killed_then_the_desk_says_so_and_goes_on_with_the_same_log(
    own_hub: OwnHub,
) -> None:
    desk = own_hub.desk()
    before = desk.until_says("EXERCISE")
    first = desk.hub()
    first.kill()
    desk.until(lambda now: now.greyed and now.link == "offline", "to be offline")
    desk.until_says("The hub of this desk ended", "being started again")
    after = desk.until(lambda now: now.link == "live" and not now.greyed and now.seq > before.seq, "to go on")
    assert after.log_id == before.log_id
    assert desk.hub().pid != first.pid
    assert after.user == before.user


def test_given_a_desk_that_is_killed_then_its_own_hub_ends_with_it(own_hub: OwnHub) -> None:
    desk = own_hub.desk()
    listening = next(port.laddr for port in desk.hub().net_connections("tcp") if port.status == "LISTEN")
    with socket.create_connection((listening.ip, listening.port)) as held:
        desk.kill()
        assert held.recv(1) == b""  # the hub's end of it, closed by its ending
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((listening.ip, listening.port))

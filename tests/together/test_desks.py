"""Real desks, each a window in a process of its own, at one real hub: worked by keys alone, they show one truth.

The three desks of the floor and their hub are shared by the tests here, which run in any order: each brings its own call,
and leaves the board as it found it. Nothing is slept for: a step waits for what a desk shows.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from console.domain import commands as c
from console.domain.ids import CallId, ProgrammeCode
from console.link.fresh import new_entry_id
from tests.support.center import CONFIGURATION, Center
from tests.support.desk_process import DeskProcess
from tests.support.hub import PASSWORD
from tests.support.shown import Shown

pytestmark = pytest.mark.web_engine

OKAFOR, REYES, LINDQVIST = "okafor", "reyes", "lindqvist"
SITS_AT = {"dispatch": OKAFOR, "clinician": REYES, "supervisor": LINDQVIST}
UNITS = {"CRT1": (35.996, -78.902), "CRT2": (36.060, -78.950), "COR1": (35.930, -78.860)}
HERE = (35.9955, -78.9010)
CALM = "111111311"
"""The digits of a caller without danger, weapon or violence, who would talk with a clinician."""

ANSWERS = tuple(f"Answer {digit}:" for digit in range(1, 6))


class Floor:
    """One hub, and a desk of each workspace with its person signed in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.center = Center(folder / "hub", ProgrammeCode("CCD"))
        self.feed = self.center.feed
        self.by_workspace = {workspace: self.start(workspace) for workspace in SITS_AT}

    def open(self) -> None:
        """Put the units on duty, and sign everybody in."""
        self.feed.put_on_duty(UNITS)
        for workspace, user in SITS_AT.items():
            self.by_workspace[workspace].until_says("Sign in")
            self.by_workspace[workspace].type(user)
            self.by_workspace[workspace].press("Tab")
            self.enter(workspace)

    def start(self, workspace: str) -> DeskProcess:
        """Start a desk; it asks who is there."""
        return DeskProcess(self.folder / workspace, "--hub", self.center.url, "--workspace", workspace)

    def enter(self, workspace: str) -> None:
        """Type the password where the keyboard waits for it."""
        desk = self.by_workspace[workspace]
        desk.type(PASSWORD)
        desk.press("Return")
        desk.until(lambda now: now.link == "live" and now.user == SITS_AT[workspace], "the live board")

    def start_again(self, workspace: str) -> DeskProcess:
        """Start a desk that was killed, with what it kept; it has the name already, and asks for the password."""
        self.by_workspace[workspace] = self.start(workspace)
        self.by_workspace[workspace].until_says(f"Name: {SITS_AT[workspace]}")
        self.enter(workspace)
        return self.by_workspace[workspace]

    @property
    def dispatch(self) -> DeskProcess:
        return self.by_workspace["dispatch"]

    @property
    def clinician(self) -> DeskProcess:
        return self.by_workspace["clinician"]

    @property
    def supervisor(self) -> DeskProcess:
        return self.by_workspace["supervisor"]

    @property
    def desks(self) -> tuple[DeskProcess, ...]:
        return tuple(self.by_workspace.values())

    def agree(self) -> None:
        """All desks come to one place of one log and have the same board there, and at every place that all have told of."""
        looks = [desk.now for desk in self.desks]
        while len({(now.log_id, now.seq) for now in looks}) > 1:
            head = max(now.seq for now in looks)
            looks = [desk.until(lambda now: now.seq >= head, f"to reach entry {head}") for desk in self.desks]  # noqa: B023
        assert len({now.digest for now in looks}) == 1
        assert len({json.dumps(now.controllers) for now in looks}) == 1
        for place in set.intersection(*(set(desk.digests) for desk in self.desks)):
            assert len({desk.digests[place] for desk in self.desks}) == 1, place

    def show(self, *words: str) -> None:
        """Every desk comes to say these words, and all agree."""
        for desk in self.desks:
            desk.until_says(*words)
        self.agree()

    def count_pending(self, wanted: int) -> None:
        """Dispatch and supervisor come to show the same number of calls that wait, in the strip and in the queue."""
        for desk in (self.dispatch, self.supervisor):
            desk.until(lambda now: pending(now) == wanted, f"to show {wanted} pending calls")
        self.dispatch.until(lambda now: now.lines["Queue"][1] == str(wanted), f"a queue of {wanted}")
        self.agree()

    def has_caller(self, number: str, user: str) -> None:
        """On every desk this person has the caller."""
        for desk in self.desks:
            desk.until(lambda now: now.controllers.get(number) == user, f"{user} to have the caller of {number}")
        self.agree()

    def gone(self, number: str) -> None:
        """The call is closed on every desk."""
        for desk in self.desks:
            desk.until(lambda now: number not in now.controllers, f"call {number} to be closed")
        self.agree()

    def leave(self) -> None:
        """Close the desks, which must end well."""
        for desk in self.desks:
            desk.leave()

    def end(self) -> None:
        """Leave nothing running."""
        for desk in self.desks:
            desk.kill()
        self.center.close()


@pytest.fixture(scope="module")
def shared_floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    made = Floor(tmp_path_factory.mktemp("floor"))
    try:
        made.open()
        yield made
        made.leave()
    finally:
        made.end()


@pytest.fixture
def floor(shared_floor: Floor) -> Floor:
    """The floor with its units where they are, whatever became of the hub since."""
    shared_floor.feed.place(UNITS)
    for workspace, desk in shared_floor.by_workspace.items():
        if not desk.alive:
            shared_floor.start_again(workspace)
    return shared_floor


# ------------------------------------------------------------------------------------------------- what a person does


def pending(now: Shown) -> int:
    """The number in the strip's chip."""
    chip = next((line for line in now.lines["Top strip"] if line.startswith("pending ")), "pending -1")
    return int(re.findall(r"-?\d+", chip)[0])


def choose(desk: DeskProcess, number: str) -> None:
    """Find a call in the list by typing its number."""
    desk.until_says(f"call {number}", region="Pending calls")
    desk.press("Alt+1", "Escape")
    desk.type(number)
    desk.until_says(f"Call {number}")


def choose_by_command(desk: DeskProcess, number: str) -> None:
    """Show a call by the command line, whether it waits or not."""
    desk.press("/")
    desk.type(number)
    desk.until_says(f"show call {number}")
    desk.press("Return")
    desk.until_silent_of(f"show call {number}")


def answer(desk: DeskProcess, digits: str) -> None:
    """Answer the questions one by one."""
    desk.press("Alt+3")
    for digit in digits:
        before = desk.until_says("a digit answers", region="Triage questions")
        place = before.said(" of at most ", "Triage questions")
        desk.press(digit)
        desk.until(
            lambda now: now.said(" of at most ", "Triage questions") != place,  # noqa: B023
            f"another question after {place}",
        )


def write(desk: DeskProcess, words: str) -> None:
    """Add an entry to the chosen call's narrative, and wait until the line is free for the next."""
    desk.press("Ctrl+N")
    desk.type(words)
    desk.press("Return")
    desk.until(lambda now: "New entry of the narrative:" in now.said("New entry of the narrative"), "the entry to be taken")


def close(desk: DeskProcess, key: str) -> None:
    """Close the chosen call with what has that key: once to choose it, again to do it."""
    desk.press("F4")
    desk.until_says("A key or the arrows choose, Escape leaves")
    desk.press(key, key)


# ------------------------------------------------------------------------------------------------- the floor


def test_given_three_desks_when_a_call_goes_from_receipt_to_closing_then_each_shows_the_same_at_every_step(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    before = pending(dispatch.now)
    _, number = floor.feed.receive("MENTAL", "101 City Hall Plaza", HERE, callback="919-555-0101", text="Crying on a bench.")
    floor.count_pending(before + 1)
    assert dispatch.now.says(f"call {number}, Mental Health Crisis, 101 City Hall Plaza", "Pending calls")
    clinician.until_says(f"call {number}, Mental Health Crisis, queue")

    choose(dispatch, number)
    answer(dispatch, CALM)
    dispatch.until_says("Proposed: Crisis Call Diversion", "all 9 questions answered")
    floor.agree()

    dispatch.until_can("Hand off to M. Reyes")
    dispatch.press("F7")
    clinician.until_says(
        f"Hand-off from T. Okafor, Position 4 — {number} Mental Health Crisis", "ringing 0:", region="Hand-off"
    )
    dispatch.until_says("Offered to M. Reyes")
    clinician.press("F2")
    floor.has_caller(number, REYES)
    clinician.until_silent_of("ringing")
    clinician.until_says(f"call {number}, Mental Health Crisis, in care")
    dispatch.until_says("in the care of M. Reyes")
    supervisor.until_says("unit M. Reyes, status On a call")
    floor.count_pending(before)

    clinician.until_can("Ask for CRT")
    clinician.press("F6")
    clinician.until_says("No unit is on it yet")
    floor.count_pending(before + 1)
    dispatch.until_can("Dispatch CRT1 · 1 min away")
    dispatch.press("F6")
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


def draws(report: str, kind: str, words: str) -> bool:
    """Whether the map's own report has something of a kind whose label holds these words."""
    return any(words in f"{one['id']} {one['label']}" for one in json.loads(report)[kind]) if report else False


def test_given_a_hand_off_when_declined_offered_again_accepted_and_returned_then_the_caller_is_with_the_right_one(
    floor: Floor,
) -> None:
    dispatch, clinician, supervisor = floor.desks
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")
    _, number = floor.feed.receive("MENTAL", "300 North Roxboro Street", HERE)
    choose(dispatch, number)
    had = dispatch.now.controllers[number]
    dispatch.until_can("Hand off to M. Reyes")

    dispatch.press("F7")
    clinician.until_says("ringing 0:", region="Hand-off")
    floor.has_caller(number, had)
    clinician.press("F3")
    clinician.until_says(f"Why is {number} declined?", "Needs somebody in person")
    clinician.press("2")
    clinician.until_silent_of("ringing")
    dispatch.until_says("M. Reyes declined: Needs somebody in person", "M. Reyes declined")
    floor.has_caller(number, had)

    dispatch.until_can("Hand off to M. Reyes")
    dispatch.press("F7")
    clinician.until_says("ringing 0:", region="Hand-off")
    clinician.press("F2")
    floor.has_caller(number, REYES)
    dispatch.until_says("in the care of M. Reyes")

    clinician.until_can("Back to dispatch…")
    clinician.press("F9")
    clinician.until_says(f"Why does {number} go back to dispatch?")
    clinician.press("3")
    floor.has_caller(number, had)
    dispatch.until_says("M. Reyes gave the caller back: Outside what we do by phone", "returned by M. Reyes")
    clinician.until_says("Not in your care")
    supervisor.until_says("unit M. Reyes, status In wrap-up")

    close(dispatch, "6")
    floor.gone(number)
    dispatch.until_says("Closed by T. Okafor: Neighbor declined help")
    clinician.press("Ctrl+Alt+1")
    supervisor.until_says("unit M. Reyes, status Ready")


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


def tab_to(desk: DeskProcess, words: str) -> None:
    """Go with Tab to the button with these words."""
    for _ in range(60):
        if words in desk.press("Tab").focus:
            return
    raise AssertionError(f"Tab never comes to {words}; it is on {desk.now.focus}")


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
    clinician.press("Alt+Down")
    clinician.until_says(f"▸ call {number}")
    supervisor.until_says("CCD answered")
    wanted = {
        dispatch: (
            "Dispatch, key",
            "Pending calls",
            "Fit, key",
            "Units / Units",
            *ANSWERS,
            "Hand off to",
            "Dispatch CRT1",
            "Close…",
        ),
        clinician: ("Clinician, key", "My calls", "What dispatch knows", *ANSWERS, "Entry for the narrative"),
        supervisor: ("Supervisor, key", "eligible calls", "Unit hours today", "Units and desks", "Standing alarms"),
    }
    for desk, words in wanted.items():
        forth, back = tab_round(desk), tab_round(desk, "Shift+Tab")
        assert len(set(forth)) == len(forth) == len(back), (forth, back)
        assert found_in(forth[:-1], words) == list(words), forth
        assert found_in(back[:-1], words) == list(words)[::-1], back
        desk.press("Escape")
    close(dispatch, "1")
    floor.gone(number)


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
    dispatch.until_can("Hand off to M. Reyes")
    dispatch.press("F7")
    clinician.until_says("ringing 0:", region="Hand-off")
    clinician.press("F2")
    floor.has_caller(number, REYES)
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

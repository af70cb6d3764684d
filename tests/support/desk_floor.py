"""A floor: one real hub, a real desk of each workspace with its person at it, and what a person does there with keys."""

from __future__ import annotations

import json
import re
from pathlib import Path

from console.domain.ids import ProgrammeCode
from tests.support.center import Center
from tests.support.desk_process import DeskProcess
from tests.support.hub import PASSWORD
from tests.support.shown import Shown

REYES = "reyes"
LIN = "lin"
SITS_AT = {"dispatch": "okafor", "clinician": REYES, "supervisor": "lindqvist", "second clinician": LIN}
"""Who sits at which desk; the last word is the workspace."""
WORKSPACE_KEYS = {"dispatch": "Ctrl+1", "clinician": "Ctrl+2", "supervisor": "Ctrl+3"}
THREE = ("dispatch", "clinician", "supervisor")
UNITS = {"CRT1": (35.996, -78.902), "CRT2": (36.060, -78.950), "COR1": (35.930, -78.860)}
CALM = "1111113111"
"""The digits of a caller without danger, weapon or violence, who would talk with a clinician."""
HERE = (35.9955, -78.9010)
"""Where calls come from: a few hundred metres from CRT1."""


class Floor:
    """One hub, and a desk of each workspace with its person signed in; and more desks where a test wants them."""

    def __init__(self, folder: Path, desks: tuple[str, ...] = THREE) -> None:
        self.folder = folder
        self.center = Center(folder / "hub", ProgrammeCode("CCD"))
        self.feed = self.center.feed
        self.by_workspace = {desk: self.start(desk) for desk in desks}

    def open(self) -> None:
        """Put the units on duty, and sign everybody in."""
        self.feed.put_on_duty(UNITS)
        for workspace, desk in self.by_workspace.items():
            desk.until_says("Sign in")
            desk.type(SITS_AT[workspace])
            desk.press("Tab")
            self.enter(workspace)

    def start(self, workspace: str) -> DeskProcess:
        """Start a desk; it asks who is there."""
        return DeskProcess(self.folder / workspace, "--hub", self.center.url, "--workspace", workspace.rpartition(" ")[2])

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


def offer(floor: Floor, number: str) -> None:
    """Dispatch offers the chosen caller by its key; it rings at the clinician, and dispatch has the caller still."""
    floor.dispatch.until_can("Hand off to M. Reyes")
    floor.dispatch.press("F7")
    floor.clinician.until_says(number, "ringing 0:", region="Hand-off")
    floor.dispatch.until_says("You have the caller", region="Hand-off")
    floor.has_caller(number, SITS_AT["dispatch"])


def accept_and_release(floor: Floor, number: str) -> None:
    """The clinician accepts by a key, dispatch ticks both and releases by keys: then the clinician has the caller."""
    floor.clinician.press("F2")
    floor.dispatch.until_says("Accepted", region="Hand-off")
    floor.has_caller(number, SITS_AT["dispatch"])
    floor.dispatch.until_can("☐ Caller told")
    floor.dispatch.press("Shift+F6")
    floor.dispatch.until_can("☐ Both hear")
    floor.dispatch.press("Shift+F7")
    floor.dispatch.until_says("Next: release them")
    floor.dispatch.press("F7")
    floor.has_caller(number, SITS_AT["clinician"])


def answer(desk: DeskProcess, digits: str) -> None:
    """Answer the questions one by one."""
    desk.press("Alt+3")
    for digit in digits:
        before = desk.until_says("a digit answers", region="Triage questions")
        place = before.said(" of at most ", "Triage questions")
        desk.press(digit)
        now = desk.until(
            lambda now: now.said(" of at most ", "Triage questions") != place or now.says("Not given: answer"),  # noqa: B023
            f"another question after {place}",
        )
        if now.says("Not given: answer"):  # the panes moved under it; as the desk asks, it is pressed again
            desk.press(digit)
            desk.until(lambda now: now.said(" of at most ", "Triage questions") != place, f"another question after {place}")  # noqa: B023


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


def draws(report: str, kind: str, words: str) -> bool:
    """Whether the map's own report has something of a kind whose label holds these words."""
    return any(words in f"{one['id']} {one['label']}" for one in json.loads(report)[kind]) if report else False


def tab_to(desk: DeskProcess, words: str) -> None:
    """Go with Tab to the button with these words."""
    for _ in range(60):
        if words in desk.press("Tab").focus:
            return
    raise AssertionError(f"Tab never comes to {words}; it is on {desk.now.focus}")

"""The contacts of the chosen call: asked once, told with their age, and never taken for none where nobody could be asked."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.contacts import Contacts, NumberContacts, NumbersBegun
from console.domain.ids import HUB, CallId, CautionId, NeighborId
from console.domain.state import Place
from console.link.link_state import LinkState, LinkStatus
from console.link.problems import HubFault, Refused, Unreachable
from console.ui.call.view import CallPane
from console.ui.number_lookup import NumberLookup
from console.ui.question import AWAY, History, Question
from console.ui.store import Store
from console.wire.feeds import FeedHealth
from console.wire.messages import Problem
from tests.support.loop import runs
from tests.support.scenes import CALL, REYES, floor, receive
from tests.ui.live import Live, on_screen
from tests.ui.told_history import Told, former

NUMBER, OTHER = "919 555 0142", CallId("other")
LIVE, OFFLINE = LinkStatus(LinkState.LIVE), LinkStatus(LinkState.OFFLINE)


@pytest.fixture
def live(qapp: object) -> Live:
    return Live(floor().given(receive(callback=NUMBER), receive(OTHER, place=Place("9 Oak St"), callback="919 555 0199")))


@pytest.fixture
def told(live: Live) -> Told:
    return Told(live, tuple(former(live, f"{n} days", by_number=n < 5, days=n) for n in (3, 6, 20, 80)))


def words(live: Live) -> str:
    return live.context.neighbor.words(live.scene.call())


def test_given_a_call_is_chosen_then_its_history_is_asked_once_and_again_only_for_another_number_or_place(
    live: Live, told: Told
) -> None:
    live.context.selection.choose_call(CALL)
    live.tick()
    live.tell(c.RaiseFlag(CALL, "two_dogs"), receive(CallId("somebody"), place=Place("Elsewhere")))
    live.tell(c.ChangeCallback(CALL, "+1 (919) 555-0142"))
    assert told.asked == [(NUMBER, "100 Main St")], "the same number in other signs is no other"
    live.tell(c.ChangeCallback(CALL, "919 555 0100"))
    live.tell(c.LocateCall(CALL, Place("7 Elm St")))
    live.context.selection.choose_call(OTHER)
    live.context.selection.choose_call(None)
    assert told.asked[1:] == [
        ("919 555 0100", "100 Main St"), ("919 555 0100", "7 Elm St"), ("919 555 0199", "9 Oak St"),
    ]  # fmt: skip


def test_given_earlier_contacts_then_the_heading_says_how_many_in_7_30_and_90_days_and_the_latest(
    live: Live, told: Told
) -> None:
    live.context.selection.choose_call(CALL)
    assert words(live) == (
        "↻ 2 contacts in 7 days, 3 in 30, 4 in 90 (1 from this number); "
        "last: 3 days ago, Crisis, nobody, missed, no unit free"
    )
    told.listed = ()
    live.context.selection.choose_call(OTHER)
    live.context.selection.choose_call(CALL)
    assert words(live) == "no other contact in 90 days"


@pytest.mark.parametrize(
    ("goes_back", "said"),
    [
        (timedelta(days=12), "no other contact since the history begins, 12 days ago"),
        (None, "no other contact on the board; the history is empty as yet"),
    ],
)
def test_given_a_hub_that_has_not_run_for_90_days_then_no_more_is_claimed(
    goes_back: timedelta | None, said: str, live: Live, told: Told
) -> None:
    told.listed, told.goes_back = (), goes_back
    live.context.selection.choose_call(CALL)
    assert words(live) == said


def test_given_an_answer_older_than_a_minute_then_it_says_when_it_was_asked(live: Live, told: Told) -> None:
    live.context.selection.choose_call(CALL)
    heard: list[str] = []
    live.context.neighbor.changed.connect(lambda: heard.append(words(live)))
    live.later(seconds=30)
    assert heard == [] and "asked" not in words(live)
    live.later(seconds=160)
    live.later(seconds=1)
    assert len(heard) == 1 and heard[0].endswith(" · asked 3 min ago")
    assert len(told.asked) == 1


def test_given_the_hub_is_away_then_that_is_said_and_it_is_asked_once_it_is_there(live: Live, told: Told) -> None:
    live.store.take_link(OFFLINE)
    live.context.selection.choose_call(CALL)
    assert words(live) == AWAY and told.asked == []
    live.tell(receive(CallId("again"), callback=NUMBER, place=Place("")))
    assert words(live).startswith("↻ 1 contact in 7 days on the board; last: 0 min ago, Crisis, nobody yet, open, received")
    assert words(live).endswith(AWAY)
    live.store.take_link(LIVE)
    assert len(told.asked) == 1 and "5 in 90" in words(live) and AWAY not in words(live)


def test_given_a_call_without_number_and_place_then_nothing_is_asked_or_said(live: Live, told: Told) -> None:
    live.tell(receive(CallId("unknown"), callback="not known", place=Place("")))
    live.context.selection.choose_call("unknown")
    assert told.asked == [] and live.context.neighbor.words(live.scene.call(CallId("unknown"))) == ""


def test_given_a_contact_leaves_the_board_then_the_history_is_asked_for_it(live: Live, told: Told) -> None:
    live.tell(receive(CallId("again"), callback=NUMBER), c.CloseCall(CallId("again"), missed="all_busy"))
    live.context.selection.choose_call(CALL)
    live.tell(c.FileClosedCalls(live.now + timedelta(hours=1)), by=HUB)
    assert len(told.asked) == 2


def test_given_nobody_is_signed_in_then_nothing_is_shown_or_asked_until_somebody_is(live: Live, told: Told) -> None:
    live.context.selection.choose_call(CALL)
    me = live.store.me
    live.store.take_me(None)
    assert live.context.neighbor.past is None and len(told.asked) == 1
    live.store.take_me(me)
    assert live.context.neighbor.past is not None and len(told.asked) == 2


def test_given_a_call_is_chosen_then_the_heading_of_the_call_pane_has_the_line(qtbot: QtBot, live: Live, told: Told) -> None:
    pane = on_screen(qtbot, CallPane(live.context), 420, 800)
    live.context.selection.choose_call(CALL)
    assert pane.heading.contacts.isVisible() and pane.heading.contacts.text() == words(live) != ""
    live.later(minutes=3)
    assert pane.heading.contacts.text().endswith("asked 3 min ago")
    live.tell(receive(CallId("again"), callback=NUMBER))
    assert pane.heading.contacts.text().startswith("↻ 3 contacts in 7 days")
    live.context.selection.choose_call(None)
    assert pane.heading.contacts.text() == ""


def test_given_contacts_that_left_the_board_then_the_history_tab_lists_them_and_says_that_they_cannot_be_opened(
    qtbot: QtBot, live: Live, told: Told
) -> None:
    pane = on_screen(qtbot, CallPane(live.context), 420, 800)
    live.context.selection.choose_call(CALL)
    assert pane.tabs[2].text() == "History · 4"
    pane.show_tab(2)
    history = pane.history
    assert [option.value for option in history.contacts.options] == ["3 days", "6 days", "20 days", "80 days"]
    assert history._reach.text() == (
        "From the same number or place in 90 days; 1 of them from this number. Enter opens a call on the board."
    )
    history.list.activated.emit(history.contacts.index(0, 0))
    assert live.context.selection.call_id == CALL
    assert history._reach.text() == "That call has left the board: what is known of it stands in its line."


# ------------------------------------------------------------------------------------------ one question at a time


class Slow:
    """A history that answers when the test lets it; each question is written down, and whether it was given up."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.given_up: list[str] = []
        self.let: dict[str, asyncio.Future[NumbersBegun]] = {}

    async def numbers_begun(self, digits: str) -> NumbersBegun:
        self.begun.append(digits)
        self.let[digits] = asyncio.get_running_loop().create_future()
        try:
            return await self.let[digits]
        except asyncio.CancelledError:
            self.given_up.append(digits)
            raise

    async def contacts(self, callback: str, address: str) -> Contacts:
        raise AssertionError((callback, address))

    async def feeds(self) -> tuple[FeedHealth, ...]:
        raise AssertionError("nobody asked for them")

    async def _nobody_asked(self, *about: object) -> Any:
        raise AssertionError(about)

    geocode = road_times = coverage = layers = track = _nobody_asked


@runs
async def test_given_digit_after_digit_then_one_question_is_on_its_way_and_only_the_last_is_heard() -> None:
    store, slow = Store(), Slow()
    store.history = slow
    heard: list[tuple[NumbersBegun | None, str]] = []
    question: Question[NumbersBegun] = Question(store, lambda found, why: heard.append((found, why)))
    async with asyncio.TaskGroup() as tasks:
        store.tasks = tasks
        for digits in ("9195", "91955", "919555"):
            question.ask(lambda history, digits=digits: history.numbers_begun(digits))  # type: ignore[misc]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert len(slow.begun) - len(slow.given_up) == 1
        answer = NumbersBegun("919555")
        slow.let["919555"].set_result(answer)
    assert slow.given_up == ["9195", "91955"]
    assert heard == [(answer, "")] and not question.waits


@runs
async def test_given_a_question_given_up_before_its_first_step_then_its_answer_is_closed() -> None:
    store, slow = Store(), Slow()
    store.history = slow
    question: Question[NumbersBegun] = Question(store, lambda found, why: None)
    made: list[Coroutine[object, object, NumbersBegun]] = []

    def ask(history: History) -> Awaitable[NumbersBegun]:
        made.append(cast(Coroutine[object, object, NumbersBegun], history.numbers_begun("9195")))
        return made[-1]

    async with asyncio.TaskGroup() as tasks:
        store.tasks = tasks
        question.ask(ask)
        question.cancel()
    assert inspect.getcoroutinestate(made[0]) == inspect.CORO_CLOSED


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Unreachable("gone"), AWAY),
        (HubFault("a fault"), "history could not be asked: the hub failed on it"),
        (Refused(Problem("Refused", 403, "Not for you.")), "history could not be asked: Not for you."),
        (OSError("disk"), "history could not be asked: the console failed"),
    ],
)
def test_given_no_answer_then_why_is_said_and_other_tasks_go_on(error: Exception, why: str, qapp: object) -> None:
    async def scenario() -> list[tuple[NumbersBegun | None, str]]:
        store, slow = Store(), Slow()
        store.history = slow
        store.failed.connect(failed.append)
        heard: list[tuple[NumbersBegun | None, str]] = []
        question: Question[NumbersBegun] = Question(store, lambda found, why: heard.append((found, why)))
        async with asyncio.TaskGroup() as tasks:
            store.tasks = tasks
            ask: Callable[..., Awaitable[NumbersBegun]] = lambda history: history.numbers_begun("9195")  # noqa: E731
            question.ask(ask)
            await asyncio.sleep(0)
            slow.let["9195"].set_exception(error)
        return heard

    failed: list[Exception] = []
    assert asyncio.run(scenario()) == [(None, why)]
    assert [str(fault) for fault in failed] == (["disk"] if isinstance(error, OSError) else [])


# ------------------------------------------------------------------------------------------ as digits are typed


def test_given_digits_of_a_new_call_when_they_are_typed_then_the_numbers_they_begin_are_told(live: Live, told: Told) -> None:

    lookup = NumberLookup(live.store)
    first = NumberContacts("9195550142", (9, 12, 14), former(live, "old", days=3))
    told.begun = NumbersBegun("", (first, NumberContacts("9195550199", (0, 0, 1), first.latest)), more=True)
    lookup.look("919")
    assert told.asked == [] and lookup.words() == ""
    lookup.look("(919) 5")
    lookup.look("919-5")
    assert told.asked == [("9195",)]
    assert lookup.words() == (
        "numbers so far: 919 555 0142 (9 contacts in 7 days, 12 in 30, 14 in 90), "
        "919 555 0199 (1 contact in 90 days) and more"
    )
    told.begun = NumbersBegun("", (first,))
    lookup.look("+1 919 555 0142")
    assert told.asked[1:] == [("9195550142",)]
    assert lookup.words() == (
        "919 555 0142: 9 contacts in 7 days, 12 in 30, 14 in 90; last: 3 days ago, Crisis, nobody, missed, no unit free"
    )
    told.begun = NumbersBegun("")
    lookup.look("984 555")
    assert lookup.words() == "no contact known from such a number"
    live.store.take_link(OFFLINE)
    lookup.look("984 5551")
    assert lookup.words() == AWAY
    lookup.look("")
    assert lookup.words() == ""


def test_given_a_known_neighbor_then_the_floor_words_stand_with_the_call_and_change_as_they_do(live: Live) -> None:
    assert live.context.neighbor.acquainted(live.scene.call()) == ""
    told: list[int] = []
    live.context.neighbor.changed.connect(lambda: told.append(1))
    ana, dog = NeighborId("ana"), CautionId("dog")
    live.tell(c.KeepNeighbor(ana, (live.scene.call().callback,), ("100 Main St",), "Ana", "es", "Speak slowly."), by=REYES)
    live.tell(c.GiveCaution(ana, dog, "A dog at the door.", live.now + timedelta(days=9)), by=REYES)
    words = live.context.neighbor.acquainted(live.scene.call())
    assert words.startswith("known neighbor: Ana · speaks Spanish · Speak slowly. · ◆ A dog at the door (Reyes, until ")
    assert told, "whoever shows it looks again"
    live.tell(c.EndCaution(ana, dog, "it died"), by=REYES)
    assert "dog" not in live.context.neighbor.acquainted(live.scene.call())


def test_given_the_number_of_a_known_neighbor_when_it_is_typed_then_they_are_told_before_their_contacts(live: Live) -> None:
    Told(live, ())
    live.tell(c.KeepNeighbor(NeighborId("ana"), (NUMBER,), (), "Ana", "", "Speak slowly."), by=REYES)
    lookup = NumberLookup(live.store)
    lookup.look("919 555 01")
    assert "Ana" not in lookup.words()
    lookup.look("(919) 555-0142")
    assert lookup.words().startswith("known neighbor: Ana · Speak slowly.")

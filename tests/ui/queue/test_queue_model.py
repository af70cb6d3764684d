"""The queue's model: it always equals the domain's queue, touches only what changed, and keeps what somebody is on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.ids import AskId, CallId, HandOffId, QuestionId, UserId
from console.domain.state import Call, Place, Source, State
from console.ui.queue import rows
from console.ui.queue.contacts import ContactIndex
from console.ui.queue.model import ROW_ROLE, QueueModel
from console.ui.queue.rows import Row, language, place_words, target_words
from tests.support.agency import PHONE, TEAM
from tests.support.scenes import CALL, OKAFOR, REYES, T1, floor, offer, receive, released, taken
from tests.ui.live import Live

ONE, TWO, THREE = CallId("one"), CallId("two"), CallId("three")


def at(place: str) -> Place:
    return Place(place)


def shown(model: QueueModel) -> list[CallId | None]:
    return [model.call_at(place) for place in range(model.rowCount())]


def line(model: QueueModel, call_id: CallId) -> Row:
    found = model.index_of(call_id).data(ROW_ROLE)
    assert isinstance(found, Row)
    return found


def heard(model: QueueModel, call_id: CallId) -> str:
    words = model.index_of(call_id).data(Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(words, str)
    return words


def test_given_calls_when_the_queue_opens_then_it_shows_priority_then_age(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    live = Live(floor().given(receive(ONE, priority="3"), receive(TWO), receive(THREE, priority="1")))
    model = QueueModel(live.store)
    assert shown(model) == [THREE, TWO, ONE]
    assert model.new == set()
    live.tell(receive(CALL))
    live.tell(c.PrioritiseCall(ONE, "P"))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.sampled_from(["CRISIS", "TRESPASS", "BURGLARY"]), st.sampled_from("P1239")),
        st.tuples(st.just("prioritise"), st.integers(0, 9), st.sampled_from("P1239")),
        st.tuples(st.just("recode"), st.integers(0, 9), st.sampled_from(["CRISIS", "TRESPASS", "BURGLARY"])),
        st.tuples(st.just("dispatch"), st.integers(0, 9), st.sampled_from(["T1", "T2"])),
        st.tuples(st.just("recall"), st.integers(0, 9), st.sampled_from(["T1", "T2"])),
        st.tuples(st.just("close"), st.integers(0, 9), st.just("all_busy")),
        st.tuples(st.just("hold"), st.integers(0, 9), st.just("")),
    ),
    max_size=25,
)


@given(STEPS, st.integers(1, 3))
def test_given_any_changes_in_batches_then_the_rows_are_the_domains_queue_and_the_held_one(
    steps: list[tuple[str, object, str]], batch: int
) -> None:
    live = Live(floor())
    model = QueueModel(live.store)
    held: CallId | None = None
    for count, (kind, which, value) in enumerate(steps):
        call = CallId(f"k{which}")
        match kind:
            case "receive":
                live.scene.when(receive(CallId(f"k{count}"), str(which), priority=value))
            case "prioritise":
                live.scene.when(c.PrioritiseCall(call, value))
            case "recode":
                live.scene.when(c.RecodeCall(call, value))  # type: ignore[arg-type]
            case "dispatch":
                live.scene.when(c.DispatchUnit(value, call))  # type: ignore[arg-type]
            case "recall":
                live.scene.when(c.RecallUnit(value, "not needed"))  # type: ignore[arg-type]
            case "close":
                live.scene.when(c.CloseCall(call, missed=value))
            case "hold":
                held = call
                model.hold([held])
        if count % batch == 0:
            live.show()
    live.show()
    waiting = [call.call_id for call in queries.pending(live.scene.state)]
    assert [call_id for call_id in shown(model) if call_id != held or call_id in waiting] == waiting
    assert model.pending == len(waiting)
    assert all(model.call_at(model.row_of(call_id) or 0) == call_id for call_id in waiting)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), st.sampled_from(["", "X", "x"]))))
def test_given_any_calls_then_the_index_finds_the_contacts_that_the_domain_finds(
    calls: list[tuple[str, str, str]],
) -> None:
    scene, index = floor(), ContactIndex()
    for count, (which, callback, address) in enumerate(calls):
        call_id = CallId(which)
        if call_id in scene.state.calls:
            scene.given(c.ChangeCallback(call_id, callback), c.LocateCall(call_id, at(address)))
        else:
            scene.given(receive(call_id, callback=callback, place=at(address)))
        index.take(scene.state, [call_id] if count % 2 else list(scene.state.calls))
        for call in scene.state.calls.values():
            found = {other.call_id for other in index.others(scene.state, call)}
            assert found == {other.call_id for other in queries.contacts(scene.state, call)}


def test_given_many_rows_when_one_call_changes_then_one_row_is_made_and_one_touched(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [receive(CallId(f"k{n}"), place=at(f"{n} Main St")) for n in range(200)]
    live = Live(floor().given(*calls))
    model = QueueModel(live.store)
    made: list[CallId] = []
    touched: list[tuple[int, int]] = []
    real = rows.row

    def counting(state: State, call: Call, others: Iterable[Call], me: UserId | None) -> Row:
        made.append(call.call_id)
        return real(state, call, others, me)

    monkeypatch.setattr("console.ui.queue.model.row", counting)
    model.dataChanged.connect(lambda first, last: touched.append((first.row(), last.row())))
    model.modelReset.connect(lambda: touched.append((-1, -1)))
    live.tell(c.RaiseFlag(CallId("k77"), "dog on site"))
    assert made == ["k77"]
    assert touched == [(77, 77)]


def test_given_a_caller_who_called_before_then_both_rows_say_so_and_since_when(qtbot: QtBot) -> None:
    live = Live(floor().given(receive(ONE, callback="555", place=at("1 Elm St"))))
    model = QueueModel(live.store)
    assert line(model, ONE).details == ()
    live.tell(receive(TWO, callback="555", place=at("2 Elm St")))
    assert line(model, ONE).details == line(model, TWO).details == ("↻ 2 calls in 24 h",)
    assert "2 calls from this number within 24 hours, as far as the live board goes back" in heard(model, ONE)


def test_given_calls_from_one_place_further_apart_than_the_board_keeps_then_nothing_is_claimed(qtbot: QtBot) -> None:
    scene = floor().given(receive(ONE, place=at("1 Elm St")))
    scene.at += timedelta(hours=25)
    live = Live(scene.given(receive(TWO, place=at("1 ELM ST"))))
    assert line(QueueModel(live.store), TWO).details == ()


def test_given_what_is_worth_knowing_then_the_row_says_it(qtbot: QtBot) -> None:
    live = Live(floor())
    place = Place("", 36.0, -78.9, 82.0)
    live.tell(c.ReceiveCall(CALL, Source.OFFICER, "CRISIS", place, language="es", flags=("two_dogs",)))  # type: ignore[arg-type]
    live.tell(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"), by=UserId("feed"))
    live.tell(offer())
    found = line(QueueModel(live.store), CALL)
    assert found.place == "caller location, within 82 m"
    assert found.details == ("¿ Spanish", "officer request", "two dogs")
    assert found.aged(live.now).details[0] == "rings at Reyes 0:01", "how long it rings is reckoned when it is painted"
    assert found.cautions == ("weapon?",)
    assert found.aside == "yours"
    assert [(tag.text, tag.colour) for tag in found.tags] == [("PHONE", "violet")], "asked in vain, nobody unarmed goes"
    live.tell(c.TimeOutHandOff(CALL, offer().hand_off_id))
    assert "Reyes did not answer" in line(QueueModel(live.store), CALL).details


def test_given_a_wait_when_time_passes_then_shape_and_word_say_how_far(qtbot: QtBot) -> None:
    live = Live(floor().given(receive()))
    found = line(QueueModel(live.store), CALL)
    received = found.call.received_at
    assert target_words(found.wait(received + timedelta(seconds=299))) == ""
    assert target_words(found.wait(received + timedelta(seconds=495))) == "◆ 1:45 left"
    assert target_words(found.wait(received + timedelta(seconds=768))) == "▲ 2:48 past"


def test_given_the_chosen_call_when_it_leaves_then_its_row_stays_and_says_why_until_it_is_left(qtbot: QtBot) -> None:
    live = Live(floor().given(receive(ONE), receive(TWO)))
    model = QueueModel(live.store)
    model.hold([ONE])
    live.tell(c.DispatchUnit(T1, ONE))
    assert shown(model) == [ONE, TWO]
    assert line(model, ONE).gone == "assigned: T1"
    assert model.pending == 1
    model.hold([TWO])
    assert shown(model) == [TWO]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ((c.CloseCall(ONE, missed="all_busy"),), "closed: missed, no unit free"),
        ((offer(call_id=ONE),), "in the care of Reyes"),
        ((c.CloseCall(ONE, missed="all_busy"), c.FileClosedCalls(floor().at + timedelta(days=1))), "filed in the history"),
        ((c.RecodeCall(ONE, "BURGLARY"), c.CloseCall(ONE, missed="all_busy")), "closed: missed, no unit free"),  # type: ignore[arg-type]
    ],
)
def test_given_a_held_row_when_its_call_leaves_then_the_reason_is_in_words(
    qtbot: QtBot, how: tuple[c.AnyCommand, ...], words: str
) -> None:
    live = Live(floor().given(receive(ONE)))
    model = QueueModel(live.store)
    model.hold([ONE])
    live.tell(*how)
    if isinstance(how[0], c.OfferHandOff):
        live.scene.given(c.AcceptHandOff(ONE, how[0].hand_off_id), by=REYES)
        released(live.scene, how[0].hand_off_id, ONE)
        live.show()
    assert line(model, ONE).gone == words


def test_given_a_held_row_that_left_when_its_unit_is_recalled_then_it_is_pending_again(qtbot: QtBot) -> None:
    live = Live(floor().given(receive(ONE)))
    model = QueueModel(live.store)
    model.hold([ONE])
    live.tell(c.DispatchUnit(T1, ONE))
    live.tell(c.RecallUnit(T1, "nearer unit"))
    assert line(model, ONE).gone == ""
    assert model.pending == 1


def test_given_a_flood_when_it_arrives_in_one_batch_then_the_list_is_made_once(qtbot: QtBot) -> None:
    live = Live(floor().given(receive(ONE)))
    model = QueueModel(live.store)
    inserted: list[QModelIndex] = []
    model.rowsInserted.connect(lambda parent: inserted.append(parent))
    live.tell(*(receive(CallId(f"k{n}"), place=at(str(n))) for n in range(150)))
    assert model.pending == 151
    assert inserted == []
    assert len(model.new) == 150


def test_given_a_number_when_digits_are_typed_then_leading_zeros_may_be_left_out(qtbot: QtBot) -> None:
    live = Live(floor().given(*(receive(CallId(f"k{n}"), place=at(str(n))) for n in range(12))))
    model = QueueModel(live.store)
    assert model.starting_with("12") == "k11"
    assert model.starting_with("0002") == "k1"
    assert model.starting_with("99") is None


def test_given_codes_then_languages_and_places_have_words() -> None:
    assert language("es") == "Spanish"
    assert language("zz-nonsense") == "zz-nonsense"
    live = floor().given(receive(place=Place()))
    assert place_words(live.call()) == "place not known"
    assert live.call().taken_by == OKAFOR


@pytest.mark.parametrize(
    ("question", "key", "words"),
    [("weapon", "1", ()), ("weapon", "2", ("weapon: within reach",)), ("weapon", "4", ("weapon?",)), ("violence", "3", ())],
)
def test_given_an_answer_then_only_what_endangers_an_unarmed_team_is_a_caution(
    question: str, key: str, words: tuple[str, ...]
) -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId(question), key))
    assert rows.cautions(scene.state.agency, scene.call()) == words


def test_given_what_waits_for_an_answer_then_the_row_says_what_and_for_how_long(qtbot: QtBot) -> None:
    live = Live(floor().given(receive()))
    model = QueueModel(live.store)
    assert line(model, CALL).waits is None

    def first() -> str:
        return line(model, CALL).aged(live.now).details[0]

    live.tell(offer())
    live.scene.at += timedelta(seconds=7)
    assert first() == "rings at Reyes 0:08"
    live.tell(c.SeeHandOff(CALL, HandOffId("h1")), by=REYES)
    assert first() == "on the screen of Reyes 0:09"
    live.tell(c.TimeOutHandOff(CALL, HandOffId("h1")))
    assert line(model, CALL).waits is None and "Reyes did not answer" in line(model, CALL).details
    live.tell(c.QueueForClinician(CALL, PHONE))
    live.scene.at += timedelta(seconds=80)
    assert first() == "waits for PHONE 1:21"


def test_given_a_clinician_who_asks_for_a_team_then_the_call_waits_again_and_the_row_says_who_asks(qtbot: QtBot) -> None:
    live = Live(taken(floor().given(receive())))
    model = QueueModel(live.store)
    assert model.pending == 0
    live.tell(c.AskForResponse(CALL, AskId("a"), TEAM), by=REYES)
    assert model.pending == 1
    assert line(model, CALL).aged(live.now).details[0] == "Reyes asks for TEAM 0:01"
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Reyes asks for TEAM 0:01" in spoken

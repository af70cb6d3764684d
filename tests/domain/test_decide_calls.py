"""Rules of calls, above all: an eligible call is served or says why it was not."""

import pytest

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.ids import EntryId, HandOffId, NatureCode, QuestionId
from console.domain.queries import Stage
from console.domain.state import Place, UnitStatus
from tests.support.agency import BURGLARY, CRISIS, PHONE, TEAM, TRESPASS
from tests.support.scenes import CALL, REYES, T1, T2, floor, offer, receive, released, status


def test_given_an_eligible_nature_when_a_call_comes_then_it_is_pending_with_number_priority_and_programmes() -> None:
    scene = floor().given(receive(text="he is shouting"))
    call = scene.call()
    assert (call.number, call.priority, call.open_to) == ("0001", "2", (PHONE, TEAM))
    assert [entry.text for entry in call.narrative] == ["he is shouting"]
    assert queries.pending(scene.state) == [call]


def test_given_a_nature_open_to_nobody_when_a_call_comes_then_it_is_on_the_board_but_not_in_the_queue() -> None:
    scene = floor().given(receive(nature=BURGLARY))
    assert queries.pending(scene.state) == []
    assert queries.open_calls(scene.state) == [scene.call()]


def test_given_an_eligible_call_nobody_served_when_closed_without_a_reason_then_refused() -> None:
    scene = floor().given(receive())
    assert scene.rejected(c.CloseCall(CALL, outcome="resolved")) == "missed-reason-needed"
    assert scene.rejected(c.CloseCall(CALL)) == "closing-unclear"
    assert scene.rejected(c.CloseCall(CALL, missed="nonsense")) == "missed-reason-unknown"
    assert scene.rejected(c.CloseCall(CALL, missed="judgement")) == "note-needed"
    scene.given(c.CloseCall(CALL, missed="all_busy"))
    assert queries.stage(scene.call()) is Stage.CLOSED


def test_given_an_eligible_call_when_recoded_to_a_nature_open_to_nobody_then_its_missing_still_wants_a_reason() -> None:
    scene = floor().given(receive(), c.RecodeCall(CALL, BURGLARY))
    assert scene.call().start_nature == CRISIS
    assert queries.is_pending(scene.call())
    assert scene.rejected(c.CloseCall(CALL, outcome="resolved")) == "missed-reason-needed"


def test_given_an_eligible_call_when_another_service_is_sent_then_its_missing_still_wants_a_reason() -> None:
    scene = floor().given(receive(), c.OrderOtherService(CALL, "POLICE", "nobody free"))
    assert queries.is_pending(scene.call())
    assert scene.rejected(c.OrderOtherService(CALL, "POLICE", "")) == "service-already-ordered"
    assert scene.rejected(c.OrderOtherService(CALL, "NAVY", "")) == "service-unknown"
    assert scene.rejected(c.CloseCall(CALL, outcome="resolved")) == "missed-reason-needed"


def test_given_a_unit_that_was_recalled_before_it_arrived_then_the_call_is_pending_again_and_not_served() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL))
    assert queries.pending(scene.state) == []
    scene.given(c.RecallUnit(T1, "needed elsewhere"))
    assert queries.pending(scene.state) == [scene.call()]
    assert scene.rejected(c.CloseCall(CALL, outcome="resolved")) == "missed-reason-needed"


def test_given_a_served_call_when_closed_then_with_an_outcome_only_and_after_its_units_cleared() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    assert scene.rejected(c.CloseCall(CALL, outcome="resolved")) == "unit-still-assigned"
    scene.given(*status(T1, UnitStatus.CLEAR))
    assert not queries.is_pending(scene.call())
    assert scene.rejected(c.CloseCall(CALL, missed="all_busy")) == "not-missed"
    assert scene.rejected(c.CloseCall(CALL, outcome="nonsense")) == "outcome-unknown"
    scene.given(c.CloseCall(CALL, outcome="resolved"))
    assert scene.rejected(c.DispatchUnit(T2, CALL)) == "call-closed"


def test_given_a_call_in_care_when_another_closes_it_then_refused_and_the_clinician_may() -> None:
    scene = floor().given(receive(), offer())
    assert scene.rejected(c.CloseCall(CALL, missed="all_busy")) == "hand-off-open"
    scene.given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    assert scene.rejected(c.CloseCall(CALL, outcome="by_phone"), by=REYES) == "hand-off-open", "not while it is handed over"
    released(scene)
    assert scene.rejected(c.CloseCall(CALL, outcome="by_phone")) == "in-care-of-another"
    scene.given(c.CloseCall(CALL, outcome="by_phone"), by=REYES)


def test_given_a_call_when_its_id_comes_again_then_refused_and_one_call_stands() -> None:
    scene = floor().given(receive())
    assert scene.rejected(receive()) == "call-known"
    assert len(scene.state.calls) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"nature": "NOPE"}, "nature-unknown"),
        ({"priority": "11"}, "priority-unknown"),
        ({"place": Place("x", 91.0, 0.0)}, "place-outside"),
        ({"place": Place("x", 36.0, None)}, "place-outside"),
        ({"place": Place("x", float("nan"), 0.0)}, "place-outside"),
        ({"text": "x" * 10_001}, "text-too-long"),
    ],
)
def test_given_a_bad_field_when_a_call_comes_then_it_is_refused_with_its_code(fields: dict[str, object], code: str) -> None:
    assert floor().rejected(receive(**fields)) == code  # type: ignore[arg-type]


def test_given_two_local_days_when_calls_come_then_numbers_begin_again_at_midnight() -> None:
    scene = floor().given(receive())
    scene.at = scene.at.replace(day=5, hour=5)
    scene.given(receive(call_id="b"))  # type: ignore[arg-type]
    assert [call.number for call in scene.state.calls.values()] == ["0001", "0001"]
    scene.at = scene.at.replace(day=4)
    scene.given(receive(call_id="late"))  # type: ignore[arg-type]
    assert scene.call("late").number == "0002", "a call told late counts on, it never repeats a number of that day"  # type: ignore[arg-type]


def test_given_edits_of_a_call_then_each_is_one_event_and_saying_the_same_again_is_none() -> None:
    scene = floor().given(receive())
    edits: list[c.AnyCommand] = [
        c.RecodeCall(CALL, TRESPASS),
        c.PrioritiseCall(CALL, "5"),
        c.LocateCall(CALL, Place("200 Oak St")),
        c.ChangeCallback(CALL, "919 555 0100"),
        c.RaiseFlag(CALL, "officer_request"),
        c.AddNarrative(CALL, EntryId("e1"), "sister on her way"),
    ]
    for edit in edits:
        assert len(scene.when(edit)) == 1  # type: ignore[arg-type]
        assert scene.when(edit) == ()
    assert scene.when(c.LowerFlag(CALL, "nothing")) == ()
    assert (scene.call().nature, scene.call().priority, scene.call().flags) == (TRESPASS, "5", ("officer_request",))


def test_given_a_closed_call_when_words_are_added_then_they_are_kept_but_nothing_else_changes() -> None:
    scene = floor().given(receive(), c.CloseCall(CALL, missed="all_busy"))
    scene.given(c.AddNarrative(CALL, EntryId("late"), "she called back"))
    assert scene.call().narrative[-1].text == "she called back"
    assert scene.rejected(c.PrioritiseCall(CALL, "1")) == "call-closed"


def test_given_answers_when_a_weapon_is_told_then_the_unarmed_programmes_leave_and_the_call_stays_in_the_queue() -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "2"))
    assert scene.call().open_to == ("ARMED",)
    assert queries.is_pending(scene.call())
    scene.given(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1"))
    assert scene.call().open_to == (PHONE, TEAM)
    assert [a.answer for a in scene.call().answers] == ["1"]
    scene.given(c.TakeBackAnswer(CALL, QuestionId("weapon")))
    assert scene.call().facts == {}
    assert scene.rejected(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "9")) == "answer-unknown"
    assert scene.rejected(c.AnswerQuestion(CALL, "other", QuestionId("weapon"), "1")) == "answer-unknown"


def test_given_old_closed_calls_when_filed_then_open_ones_stay() -> None:
    scene = floor().given(receive(), receive(call_id="open"), c.CloseCall(CALL, missed="all_busy"))  # type: ignore[arg-type]
    assert scene.when(c.FileClosedCalls(scene.call().received_at)) == ()
    scene.given(c.FileClosedCalls(scene.at))
    assert list(scene.state.calls) == ["open"]


def test_given_another_nature_at_the_end_when_closed_then_it_is_kept_beside_the_one_it_began_as() -> None:
    scene = floor().given(receive(nature=BURGLARY), c.RecodeCall(CALL, TRESPASS))
    scene.given(c.CloseCall(CALL, missed="judgement", note="x", nature=CRISIS))
    call = scene.call()
    assert call.closing is not None
    assert (call.start_nature, call.nature, call.closing.nature) == (BURGLARY, TRESPASS, CRISIS)


def test_given_no_nature_or_its_own_when_closed_then_the_closing_has_the_calls_nature() -> None:
    for nature in (NatureCode(""), BURGLARY):
        scene = floor().given(receive(nature=BURGLARY), c.CloseCall(CALL, outcome="resolved", nature=nature))
        closing = scene.call().closing
        assert closing is not None and closing.nature == BURGLARY
        assert scene.log[-1].event == e.CallClosed(CALL, outcome="resolved")


def test_given_a_nature_that_is_not_in_the_catalogue_when_closed_then_it_is_refused() -> None:
    scene = floor().given(receive(nature=BURGLARY))
    verdict = scene.when(c.CloseCall(CALL, outcome="resolved", nature=NatureCode("NONE")))
    assert isinstance(verdict, c.Rejected) and verdict.code == "nature-unknown"
    assert scene.call().closing is None

"""A screener's level follows from its answers; what nobody would say is never taken for "no"."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from console.domain.conditions import Condition
from console.domain.ids import FactName, QuestionId
from console.domain.triage.check.screening import screener_faults
from console.domain.triage.interview import Asking, Ended
from console.domain.triage.screener import Screener
from console.domain.triage.screening import Said, applying, asked, ends, outlook, with_answer

AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
LANGUAGES = ("en", "es")
YES, NO, SILENT = "1", "2", "3"


@pytest.fixture(scope="module")
def sample() -> Screener:
    return msgspec.yaml.decode((Path("config/durham/screener.yaml")).read_bytes(), type=Screener)


def said(**answers: str) -> tuple[Said, ...]:
    return tuple(Said(QuestionId(question), answer, AT) for question, answer in answers.items())


def level(screener: Screener, **answers: str) -> tuple[str, bool]:
    found = outlook(screener, said(**answers))
    return found.level.code, found.at_least


def test_given_the_shipped_sample_then_it_is_marked_as_one_and_sound_on_every_way_through_it(sample: Screener) -> None:
    assert sample.protocol.status == "sample" and screener_faults(sample, LANGUAGES) == ()
    assert len(list(ends(sample))) == 3 * (2 * 27 + 1) * 4


def test_given_no_thoughts_of_it_then_how_intent_and_plan_are_not_asked_and_the_past_is(sample: Screener) -> None:
    now = asked(sample, said(wish=NO, thoughts=NO))
    assert isinstance(now, Asking) and now.question.id == "behavior" and now.number == 3
    assert isinstance(asked(sample, said(wish=NO, thoughts=NO, behavior="3")), Ended)
    asking = asked(sample, said(wish=YES, thoughts=YES))
    assert isinstance(asking, Asking) and (asking.question.id, asking.number, asking.at_most) == ("method", 3, 6)


def test_given_answers_then_the_gravest_level_that_one_of_them_reaches(sample: Screener) -> None:
    none = {"wish": NO, "thoughts": NO, "behavior": "3"}
    deep = {"wish": YES, "thoughts": YES, "method": NO, "intent": NO, "plan": NO, "behavior": "3"}
    assert level(sample, **none) == ("none_told", False)
    assert level(sample, **none | {"wish": YES}) == ("low", False)
    assert level(sample, **none | {"behavior": "2"}) == ("moderate", False)
    assert level(sample, **none | {"behavior": "1"}) == ("high", False)
    assert level(sample, **deep) == ("low", False)
    assert level(sample, **deep | {"method": YES}) == ("moderate", False)
    assert level(sample, **deep | {"intent": YES}) == ("high", False)
    assert level(sample, **deep | {"plan": YES}) == ("high", False)


def test_given_questions_still_to_come_or_unanswered_then_the_level_is_at_least_what_is_certain(sample: Screener) -> None:
    assert level(sample) == ("none_told", True)
    assert level(sample, wish=YES, thoughts=YES) == ("low", True)
    assert level(sample, wish=YES, thoughts=YES, method=YES) == ("moderate", True)
    assert level(sample, wish=YES, thoughts=YES, method=YES, intent=YES) == ("high", False), "nothing is graver"
    over = {"wish": YES, "thoughts": YES, "method": NO, "intent": SILENT, "plan": NO, "behavior": "3"}
    assert level(sample, **over) == ("low", True), "what they would not say may be anything"
    assert level(sample, wish=NO, thoughts=SILENT, method=NO, intent=NO, plan=NO, behavior="3") == ("none_told", True)


def test_given_an_answer_that_is_changed_then_those_it_no_longer_asks_for_are_gone(
    sample: Screener,
) -> None:
    before = said(wish=YES, thoughts=YES, method=YES, intent=NO)
    after = with_answer(sample, before, Said(QuestionId("thoughts"), NO, AT))
    assert [each.question for each in after] == ["wish", "thoughts"]
    back = with_answer(sample, before, Said(QuestionId("wish"), NO, AT))
    assert [each.question for each in back] == ["wish", "thoughts", "method", "intent"]
    assert applying(sample, said(method=YES)) == ()
    with pytest.raises(ValueError, match="has no answer '9'"):
        with_answer(sample, (), Said(QuestionId("wish"), "9", AT))
    with pytest.raises(ValueError, match="colour has no answer"):
        with_answer(sample, (), Said(QuestionId("colour"), "1", AT))


def broken(sample: Screener, what: str) -> Screener:
    protocol, levels = sample.protocol, sample.levels
    match what:
        case "a level that nothing reaches":
            never = Condition({FactName("plan"): ("yes",), FactName("thoughts"): ("no",)})
            return replace(sample, levels=(replace(levels[0], code="never", when=(never,)), *levels))
        case "no lowest level":
            return replace(sample, levels=levels[:-1])
        case "a level without conditions above others":
            return replace(sample, levels=(levels[0], replace(levels[1], when=()), *levels[2:]))
        case "a fact that is none":
            wrong = Condition({FactName("mood"): ("low",)})
            return replace(sample, levels=(replace(levels[0], when=(wrong,)), *levels[1:]))
        case "not known counts":
            guess = Condition({FactName("plan"): ("not_known",)})
            return replace(sample, levels=(replace(levels[0], when=(guess,)), *levels[1:]))
        case "advice in one language":
            return replace(sample, levels=(replace(levels[0], advice={"en": "Stay."}), *levels[1:]))
        case "a question without Spanish":
            first = replace(protocol.questions[0], text={"en": "Well?"})
            return replace(sample, protocol=replace(protocol, questions=(first, *protocol.questions[1:])))
        case "asked again":
            first = replace(protocol.questions[0], again={"en": "Well?", "es": "¿Y?"})
            return replace(sample, protocol=replace(protocol, questions=(first, *protocol.questions[1:])))
        case _:
            return replace(sample, levels=())


@pytest.mark.parametrize(
    ("what", "place"),
    [
        ("a level that nothing reaches", "level never"),
        ("no lowest level", "level low"),
        ("a level without conditions above others", "level moderate"),
        ("a fact that is none", "level high"),
        ("not known counts", "level high"),
        ("advice in one language", "level high, advice, es"),
        ("a question without Spanish", "question wish"),
        ("asked again", "question wish, again"),
        ("no levels", "levels"),
    ],
)
def test_given_a_screener_broken_on_purpose_then_the_place_is_named(sample: Screener, what: str, place: str) -> None:
    found = screener_faults(broken(sample, what), LANGUAGES)
    assert found and any(finding.place.startswith(place) for finding in found), [f.line for f in found]

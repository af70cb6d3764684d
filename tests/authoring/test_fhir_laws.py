"""Laws of FHIR in and out, on protocols made at random: nothing is lost on the way, and the form asks what we ask."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.authoring.fhir import reading, writing
from console.authoring.fhir.questionnaire import EnableWhen, Item, Questionnaire, beyond
from console.authoring.fhir.response import Given, of_call, response
from console.domain.ids import CallId, NatureCode, QuestionId, UserId
from console.domain.state import Answered, Call, FactTold, Place, Source
from console.domain.triage.interview import Ended, step
from console.domain.triage.protocol import Protocol
from tests.authoring.made_up import LANGUAGES, protocols
from tests.support.agency import PROTOCOL, WEAPON

_BEGUN = datetime(2026, 2, 1, 12, tzinfo=UTC)
_CALL = Call(
    CallId("c"), "0001", Source.PHONE, NatureCode("N"), NatureCode("N"), "3", Place(), _BEGUN, UserId("ann")
)  # fmt: skip


def _json(resource: object) -> object:
    return json.loads(msgspec.json.encode(resource))


@settings(max_examples=50)
@given(protocols())
def test_what_is_exported_comes_back_the_same(protocol: Protocol) -> None:
    form, _ = writing.questionnaire(protocol)
    read = reading.protocol(_json(form), LANGUAGES)
    assert read.protocol == protocol
    assert not [each for each in read.remarks if each.lost]
    assert read.facts == {}


@settings(max_examples=50)
@given(protocols())
def test_what_is_written_keeps_the_rules_of_r4(protocol: Protocol) -> None:
    form, remarks = writing.questionnaire(protocol)
    raw = _json(form)
    assert list(beyond(raw, Questionnaire, "")) == []
    assert msgspec.convert(raw, Questionnaire) == form
    items = list(_all(form.item))
    ids = [item.link_id for item in items]
    assert len(set(ids)) == len(ids)
    for place, item in enumerate(items):
        assert (item.type == "choice") == bool(item.answer_option)
        assert (item.type == "group") == bool(item.item)
        assert (item.enable_behavior is not None) == (len(item.enable_when) > 1)
        for each in item.enable_when:
            assert each.question in ids[:place]
            assert (each.answer_boolean is not None) == (each.operator == "exists")
            assert (each.answer_coding is not None) == (each.operator in ("=", "!="))
    if protocol.date == "spring":
        assert any("spring" in each.what for each in remarks if each.lost)


@settings(max_examples=50)
@given(protocols(on_facts_only=True), st.data())
def test_another_system_asks_what_the_interview_asks_unless_it_is_listed(protocol: Protocol, data: st.DataObject) -> None:
    form, remarks = writing.questionnaire(protocol)
    listed = {each.where for each in remarks if each.lost}
    call = _CALL
    while not isinstance(asking := step(protocol, call), Ended):
        answer = data.draw(st.sampled_from(asking.question.answers))
        given_ = Answered(
            protocol.id, protocol.version, asking.question.id, answer.key, answer.sets, UserId("ann"),
            _BEGUN + timedelta(seconds=len(call.answers)),
        )  # fmt: skip
        call = replace(call, answers=(*call.answers, given_))
    answers = {each.question: each.answer for each in call.answers}
    enabled = {item.link_id for item in _enabled(form.item, answers) if item.type == "choice"}
    asked = {each.question for each in call.answers}
    assert {each for each in enabled ^ asked if each not in listed} == set()

    stamped, lost = of_call(protocol, call)
    filled, more = response(protocol, stamped, completed=True)
    raw = json.dumps(_json(filled))
    assert (lost, more) == ([], [])
    assert raw.count('"valueCoding"') == len(call.answers)


@settings(max_examples=50)
@given(protocols())
def test_an_answer_that_has_no_question_or_no_such_key_is_listed(protocol: Protocol) -> None:
    wrong = {protocol.questions[0].id: Given("x"), QuestionId("elsewhere"): Given("1")}
    filled, remarks = response(protocol, wrong, completed=False)
    assert filled.item == ()
    assert [each.where for each in remarks if each.lost] == [protocol.questions[0].id, "elsewhere"]


def _all(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _all(item.item)


def _enabled(items: tuple[Item, ...], answers: Mapping[QuestionId, str]) -> Iterator[Item]:
    """The items that a form shows, by the words of the standard."""
    for item in items:
        held = [_holds(each, answers) for each in item.enable_when]
        if not held or (any(held) if item.enable_behavior == "any" else all(held)):
            yield item
            yield from _enabled(item.item, answers)


def _holds(when: EnableWhen, answers: Mapping[QuestionId, str]) -> bool:
    answer = answers.get(QuestionId(when.question))
    match when.operator:
        case "exists":
            return (answer is not None) == when.answer_boolean
        case "=":
            return answer is not None and when.answer_coding is not None and answer == when.answer_coding.code
        case _:
            return when.answer_coding is not None and answer != when.answer_coding.code


def test_answers_that_do_not_stand_are_listed_with_the_reason() -> None:
    again = replace(PROTOCOL, questions=tuple(replace(each, again={"en": "?", "es": "?"}) for each in PROTOCOL.questions))

    def said(question: str, answer: str, protocol: str = "crisis", *, applies: bool = True) -> Answered:
        return Answered(protocol, "1", QuestionId(question), answer, {}, UserId("ann"), _BEGUN, applies=applies)

    told = FactTold(WEAPON, "none", "heard it", UserId("ann"), _BEGUN)
    answers = (said("weapon", "4"), said("violence", "1", applies=False), said("elsewhere", "1", "other"))
    given_, remarks = of_call(again, replace(_CALL, answers=answers, told=(told,)))
    assert given_ == {}
    assert [(each.where, each.what.split(":")[0].split(",")[0]) for each in remarks if each.lost] == [
        ("weapon", "it was not known at the first asking"),
        ("violence", "its answer rests"),
        ("elsewhere", "its answer belongs to other"),
        (WEAPON, "told by hand as none"),
    ]

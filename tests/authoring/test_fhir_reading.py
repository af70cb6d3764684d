"""Questionnaires of other systems: what becomes of each element, and that what cannot be carried is listed."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.authoring.fhir import reading, writing
from console.authoring.fhir.remark import lines
from console.domain.conditions import Condition
from console.domain.ids import FactName
from console.domain.triage.protocol import Question
from tests.support.agency import AGENCY, PROTOCOL


def _coded(code: str, display: str = "", es: str = "") -> dict[str, Any]:
    coding: dict[str, Any] = {"code": code, "display": display or code}
    if es:
        coding["_display"] = {"extension": [_translated(es)]}
    return {"valueCoding": coding}


def _translated(es: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": es}]
    return {"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}


def _choice(link_id: str, *codes: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "text": f"{link_id}?", "type": "choice", "answerOption": [_coded(c) for c in codes], **more}


def _when(question: str, operator: str, **answer: Any) -> dict[str, Any]:
    return {"question": question, "operator": operator, **answer}


def _is(question: str, code: str, operator: str = "=") -> dict[str, Any]:
    return _when(question, operator, answerCoding={"code": code})


def _read(*items: dict[str, Any], **form: Any) -> reading.Read:
    raw = {"resourceType": "Questionnaire", "status": "draft", "title": "Form", "name": "Form", "item": list(items), **form}
    return reading.protocol(raw)


def _lost(read: reading.Read) -> list[tuple[str, str]]:
    return [(each.where, each.what) for each in read.remarks if each.lost]


def _conditions(question: Question) -> tuple[dict[FactName, tuple[str, ...]], dict[FactName, tuple[str, ...]] | None]:
    return question.ask_when.facts, question.ask_unless.facts if question.ask_unless else None


def test_a_choice_becomes_a_question_whose_answers_are_digits_and_not_known_is_added() -> None:
    item = _choice("Weapon seen", prefix="1.", required=True)
    item |= {
        "_text": {"extension": [_translated("¿Arma?")]},
        "answerOption": [_coded("n", "No", "Nada"), _coded("y", "Yes", "Sí")],
    }
    read = _read({"linkId": "g", "type": "group", "text": "Safety", "item": [item]}, version="7", status="active")
    (question,) = read.protocol.questions
    assert (question.id, question.section) == ("Weapon seen", "Safety")
    assert question.text == {"en": "1. Weapon seen?", "es": "1. ¿Arma?"}
    assert [(a.key, a.text["es"], a.sets) for a in question.answers] == [
        ("1", "Nada", {"weapon_seen": "n"}),
        ("2", "Sí", {"weapon_seen": "y"}),
        ("3", "No se sabe", {"weapon_seen": "not_known"}),
    ]
    assert read.facts == {"weapon_seen": read.facts[FactName("weapon_seen")]}
    assert read.facts[FactName("weapon_seen")].values == {"n": "No", "y": "Yes"}
    assert (read.protocol.id, read.protocol.version, read.protocol.languages) == ("form", "7", ("en", "es"))
    assert read.protocol.status == "sample", "what others call active nobody here has approved"
    assert _lost(read) == []


@pytest.mark.parametrize(
    ("enable", "when", "unless"),
    [
        ([_is("a", "x")], {"a": ("x",)}, None),
        ([_is("a", "x"), _is("a", "y")], {"a": ("x", "y")}, None),
        ([_is("a", "x", "!=")], {}, {"a": ("x",)}),
        ([_when("a", "exists", answerBoolean=True)], {"a": ("x", "y", "z")}, None),
        ([_when("a", "exists", answerBoolean=False)], {}, {"a": ("x", "y", "z")}),
        ([_when("a", "exists", answerBoolean=True), _when("a", "exists", answerBoolean=False)], {}, None),
        ([_is("a", "x"), _is("b", "x")], {}, {"a": ("y", "z", "not_known"), "b": ("y", "not_known")}),
    ],
)
def test_enable_when_any_becomes_conditions_on_facts(
    enable: list[dict[str, Any]], when: dict[str, tuple[str, ...]], unless: dict[str, tuple[str, ...]] | None
) -> None:
    asked = _choice("c", "x", enableWhen=enable, enableBehavior="any")
    read = _read(_choice("a", "x", "y", "z"), _choice("b", "x", "y"), asked)
    assert _conditions(read.protocol.questions[2]) == (when, unless)
    assert _lost(read) == []


def test_enable_when_all_and_that_of_the_groups_around_hold_together() -> None:
    asked = _choice("c", "x", enableWhen=[_is("a", "x", "!="), _is("a", "y", "!=")], enableBehavior="all")
    group = {"linkId": "g", "type": "group", "enableWhen": [_is("b", "x")], "item": [asked]}
    read = _read(_choice("a", "x", "y", "z"), _choice("b", "x", "y"), group)
    assert _conditions(read.protocol.questions[2]) == ({"b": ("x",)}, {"a": ("x", "y")})
    assert _lost(read) == []


def test_a_number_becomes_the_spans_that_conditions_tell_apart() -> None:
    number = {"linkId": "age", "text": "How old?", "type": "integer"}
    few = _choice("few", "x", enableWhen=[_when("age", "<", answerInteger=12)])
    many = _choice("many", "x", enableWhen=[_when("age", ">", answerInteger=64)])
    read = _read(number, few, many)
    age, young, old = read.protocol.questions
    assert [answer.text["en"] for answer in age.answers] == ["≤ 11", "12 – 64", "≥ 65", "Not known"]
    assert _conditions(young) == ({"age": ("≤ 11",)}, None)
    assert _conditions(old) == ({"age": ("≥ 65",)}, None)
    assert [where for where, what in _lost(read) if "number itself" in what] == ["age"]


def test_yes_or_no_and_numbered_and_worded_answers_are_choices_too() -> None:
    options = [{"valueInteger": 0}, {"valueInteger": 1}, {"valueInteger": 2}]
    score = {"linkId": "score", "text": "?", "type": "choice", "answerOption": options}
    words = {"linkId": "words", "text": "?", "type": "open-choice", "answerOption": [{"valueString": "Inside"}]}
    hurt = {"linkId": "hurt", "text": "?", "type": "boolean"}
    asked = _choice(
        "c", "x", enableBehavior="all",
        enableWhen=[_when("score", ">=", answerInteger=1), _when("hurt", "=", answerBoolean=True),
                    _when("words", "=", answerString="Inside")],
    )  # fmt: skip
    read = _read(score, words, hurt, asked)
    assert _conditions(read.protocol.questions[3]) == ({"score": ("1", "2"), "hurt": ("yes",), "words": ("Inside",)}, None)
    assert [where for where, _ in _lost(read)] == ["words"], "an open choice may have been answered in free words"


def test_a_text_shown_after_an_answer_is_told_to_the_caller() -> None:
    shown = {"linkId": "t", "text": "Stay back.", "type": "display", "enableWhen": [_is("a", "x")]}
    always = {"linkId": "u", "text": "Be kind.", "type": "display"}
    read = _read(_choice("a", "x", "y"), shown, always)
    assert [answer.instruction for answer in read.protocol.questions[0].answers] == [{"en": "Stay back."}, {}, {}]
    assert [where for where, _ in _lost(read)] == ["u"]


@pytest.mark.parametrize(
    ("item", "where", "what"),
    [
        ({"linkId": "q", "text": "Name?", "type": "string"}, "q", "an answer of type string"),
        (_choice("q", "x", repeats=True), "q", "repeats"),
        (_choice("q", "x", maxLength=3), "q", "maxLength"),
        (_choice("q", "x", extension=[{"url": "http://example.org/new", "valueDecimal": 1}]), "q", "http://example.org/new"),
        (_choice("q", *"abcdefghijklmn"), "q", "at most ten"),
        (_choice("q", answerValueSet="http://example.org/v"), "q", "its choices stand elsewhere"),
        (_choice("q", "x", enableWhen=[_is("later", "x")]), "q", "enableWhen later ="),
        (_choice("q", "x", enableWhen=[_when("a", "=", answerDate="2026-01-01")]), "a", "answerDate"),
        (_choice("a", "x"), "a", "stands twice"),
        ({"linkId": "g", "type": "group", "_text": {"extension": [_translated("Sí")]}, "text": "Yes"}, "g", "heading"),
    ],
)
def test_what_our_form_has_no_place_for_is_listed_with_its_link_id(item: dict[str, Any], where: str, what: str) -> None:
    read = _read(_choice("a", "x", "y"), item)
    assert any(what in said for said in [said for at, said in _lost(read) if at in (where, "q")])


def test_conditions_that_ours_cannot_say_are_listed_and_the_question_is_asked() -> None:
    crossed = _choice("d", "x", enableWhen=[_is("c", "x"), _is("b", "x")], enableBehavior="any")
    twice = _choice("e", "x", enableWhen=[_is("c", "x", "!="), _is("d", "x", "!=")], enableBehavior="all")
    read = _read(
        _choice("a", "x", "y"), _choice("b", "x", "y"), _choice("c", "x", enableWhen=[_is("a", "x")]), crossed, twice
    )
    assert _conditions(read.protocol.questions[3]) == ({}, None), (
        "whoever did not hear c would not be asked by the other form"
    )
    assert [where for where, _ in _lost(read)] == ["d"]
    assert _conditions(read.protocol.questions[4]) == ({"d": ("not_known",)}, {"c": ("x",)})


def test_words_that_are_missing_in_a_language_are_listed() -> None:
    item = _choice("q", "x", _text={"translation": [{"lang": "es", "content": "¿q?"}]})
    read = _read(item)
    assert read.protocol.languages == ("en", "es")
    assert _lost(read) == [("q", "a text of it has no words in 'es': write them")]


def test_languages_that_the_center_does_not_speak_are_listed_and_its_facts_keep_their_names() -> None:
    item = _choice("weapon", "x", _text={"translation": [{"lang": "fr", "content": "Arme ?"}]})
    raw = {"resourceType": "Questionnaire", "status": "draft", "name": "Form", "item": [item]}
    read = reading.protocol(raw, AGENCY.languages, AGENCY.facts)
    assert read.protocol.languages == ("en",)
    assert [what for _, what in _lost(read)] == ["its words in 'fr': the center does not speak it"]
    assert list(read.facts) == ["form_weapon"], "weapon is a fact of this center, and means something else"


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ([], "expected a FHIR R4 Questionnaire"),
        ({"resourceType": "Patient"}, "this is Patient"),
        ({"resourceType": "Questionnaire"}, "status"),
        (
            {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "q", "type": "song"}]},
            r"item\[0\]\.type",
        ),
        ({"resourceType": "Questionnaire", "status": "draft", "item": [{"type": "choice"}]}, "linkId"),
    ],
)
def test_what_is_no_questionnaire_is_refused_with_its_place(raw: object, what: str) -> None:
    with pytest.raises(reading.NotReadable, match=what):
        reading.protocol(raw)


def test_a_condition_that_was_changed_elsewhere_counts() -> None:
    form, _ = writing.questionnaire(PROTOCOL)
    raw = json.loads(json.dumps(_plain(form)).replace('"code": "1"}}], "required"', '"code": "2"}}], "required"'))
    read = reading.protocol(raw, AGENCY.languages, AGENCY.facts)
    assert read.protocol.questions[1].ask_when == Condition(facts={FactName("weapon"): ("near",)})
    assert any("changed since it was exported" in line for line in lines(read.remarks))


def _plain(resource: object) -> Any:
    return json.loads(msgspec.json.encode(resource))


def test_the_forms_of_others_are_read_and_each_element_accounted_for(real_data: Path) -> None:
    for path in sorted((real_data / "triage").glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        read = reading.protocol(raw)
        carried = {question.id for question in read.protocol.questions}
        named = {each.where for each in read.remarks if each.lost}
        for item in _items(raw["item"]):
            # A group is its text, a text that was carried is an instruction; all others are a question or are listed.
            assert item["type"] in ("group", "display") or {item["linkId"]} & (carried | named)
        assert len(carried) >= 5


def _items(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for item in items for found in (item, *_items(item.get("item", [])))]

"""What the triage pane says: computed from the protocol, the rules and who is there."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.eligibility import response
from console.domain.ids import CallId, QuestionId, UserId
from console.domain.programmes import Area, Hours, Programme, Published
from console.domain.state import Place, PresenceStatus, UnitStatus
from console.ui.triage.model import Screen, consequences, screen, supposing
from console.ui.triage.verdict_lines import Reason, could_come
from tests.support.agency import AGENCY, BURGLARY, PROTOCOL
from tests.support.scenes import CALL, LIN, REYES, T1, T2, Scene, floor, receive

WEAPON = QuestionId("weapon")


def answer(question: str, key: str) -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId(question), key)


def shown(scene: Scene) -> Screen:
    found = screen(scene.state, scene.call(), scene.at)
    assert found is not None
    return found


def test_given_a_new_call_then_the_first_question_stands_in_both_languages_with_its_digits() -> None:
    found = shown(floor().given(receive()))
    assert found.place == "1 of at most 2 · safety"
    assert found.origin == "sample, version 1"
    assert found.texts == ("weapon?", "¿weapon?")
    assert [(choice.key, choice.words) for choice in found.choices] == [
        ("1", "none"), ("2", "near"), ("3", "secured"), ("4", "not_known"),
    ]  # fmt: skip
    assert found.told == ()


def test_given_a_new_call_then_the_consequences_say_what_each_answer_would_turn() -> None:
    found = shown(floor().given(receive()))
    assert [(effect.keys, effect.words) for effect in found.consequences] == [
        (("2", "3"), "no unarmed team. Armed is proposed."),
        (("4",), "no Team."),
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["1", "2", "3", "4"]), max_size=2), st.sampled_from(["CRISIS", "TRESPASS"]))
def test_given_any_interview_then_a_consequence_is_what_the_rules_say_once_the_answer_is_given(
    keys: list[str], nature: str
) -> None:
    scene = floor().given(receive(nature=nature))
    for key in keys:
        before = shown(scene)
        if not before.question or all(choice.key != key for choice in before.choices):
            break
        effect = next((e.words for e in before.consequences if key in e.keys), "")
        scene.given(answer(before.question, key))
        after = shown(scene)
        assert (after.proposed.code != before.proposed.code) == ("is proposed" in effect)
        if "is proposed" in effect:
            assert f"{after.proposed.name if after.proposed.code else 'nothing'} is proposed." in effect


def test_given_a_supposed_answer_then_it_replaces_the_one_that_was_given() -> None:
    scene = floor().given(receive(), answer("weapon", "1"))
    question = PROTOCOL.questions[0]
    supposed = supposing(AGENCY, scene.call(), PROTOCOL, question, question.answers[1], scene.at)
    assert [a.answer for a in supposed.answers] == ["2"]
    assert response(AGENCY, supposed.circumstances, PROTOCOL).propose == "ARMED"
    assert consequences(AGENCY, scene.call(), PROTOCOL, question, scene.at)


def test_given_answers_then_they_are_listed_by_what_they_tell_and_what_is_open_stands_in_amber() -> None:
    found = shown(floor().given(receive(), answer("weapon", "4")))
    assert [(told.about, told.answer, told.how) for told in found.told] == [("Weapon?", "not_known", "stands")]
    assert found.told[0].stamp == "14:30:08 · Okafor, Crisis version 1"
    assert "weapon not known" in [reason.caution for reason in found.proposed.reasons][-2]
    assert found.proposed.standing == "the right response", "nothing more is asked"


def test_given_every_question_answered_then_the_proposed_response_is_final() -> None:
    found = shown(floor().given(receive(), answer("weapon", "1"), answer("violence", "1")))
    assert found.question == ""
    assert found.place == "all 2 questions answered"
    assert (found.proposed.code, found.proposed.colour) == ("PHONE", "violet")
    assert found.proposed.standing == "the right response"
    assert found.proposed.reasons == (
        Reason("calm, and the caller can talk"),
        Reason("no exclusion found"),
        Reason("PHONE on duty, 2 of 2 clinicians ready"),
    )


def test_given_nothing_asked_yet_then_the_response_is_by_the_nature_alone() -> None:
    scene = floor().given(receive())
    assert shown(scene).proposed.standing == "by its nature alone: nothing asked yet"
    assert shown(scene.given(answer("weapon", "1"))).proposed.standing == "so far the right response"


def test_given_a_call_that_no_programme_may_take_then_it_says_why() -> None:
    found = shown(floor().given(receive(nature=BURGLARY)))
    assert found.proposed.name == "No response to propose"
    assert Reason("Burglary is not on the list of Team") in found.proposed.reasons


def test_given_who_is_there_then_the_programme_could_come_or_not() -> None:
    scene = floor().given(receive())
    phone, team = AGENCY.programmes[0], AGENCY.programmes[1]
    assert come(scene, team) == Reason("on duty, 2 of 2 units free")
    scene.given(c.SetUnitStatus(scene.unit().unit_id, UnitStatus.OUT_OF_SERVICE))
    assert come(scene, team) == Reason("on duty, 1 of 2 units free")
    for who in (REYES, LIN):
        scene.given(c.SetPresence(PresenceStatus.AWAY), by=UserId(who))
    assert come(scene, phone) == Reason("on duty", "0 of 2 clinicians ready")
    for who in (REYES, LIN):
        scene.given(c.SignOff(who), by=UserId(who))
    assert come(scene, phone) == Reason("on duty", "no clinician at work")


def test_given_hours_then_it_says_until_when_or_from_when_and_never_more() -> None:
    scene = floor().given(receive())
    day = replace(AGENCY.programmes[1], hours=(Hours(date(2020, 1, 1), time(9), time(21)),))
    early = replace(day, hours=(Hours(date(2020, 1, 1), time(9), time(12)),))
    assert come(scene, day).words == "on duty until 21:00, 2 of 2 units free"
    assert come(scene, early) == Reason("", "nobody on duty until Tue 09:00")
    assert come(scene, replace(day, hours=())) == Reason("", "nobody on duty for days")


def test_given_every_unit_on_a_call_then_it_says_when_the_next_is_likely_free() -> None:
    scene = floor().given(receive(), receive(CallId("other")), receive(CallId("third")))
    team = replace(AGENCY.programmes[1], published=Published("made up", 1, 10, 30, 40, 0, 0, 0, (0, 0)))
    scene.given(c.DispatchUnit(T1, CallId("other")))
    scene.at += timedelta(minutes=20)
    scene.given(c.DispatchUnit(T2, CallId("third")))
    assert come(scene, team) == Reason("on duty", "0 of 2 units free, next likely in 19 min")
    scene.at += timedelta(minutes=30)
    assert come(scene, team) == Reason("on duty", "0 of 2 units free, next likely any minute")


def test_given_areas_then_a_place_outside_or_without_a_point_is_said_beside_the_staff() -> None:
    square = '{"type": "Polygon", "coordinates": [[[-79, 35], [-78, 35], [-78, 36], [-79, 36]]]}'
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, areas={"city": square})))
    scene.given(receive(place=Place("far", 40.0, -78.5)))
    team = replace(AGENCY.programmes[1], areas=(Area(date(2020, 1, 1), "city"),))
    assert come(scene, team) == Reason("on duty, 2 of 2 units free", "outside its area")
    scene.given(c.LocateCall(CALL, Place("somewhere")))
    assert come(scene, team).caution == "no point on the map, so not known whether it is in its area"


def come(scene: Scene, programme: Programme) -> Reason:
    return could_come(scene.state, programme, scene.call(), scene.at)


def test_given_an_agency_without_a_protocol_then_there_is_nothing_to_ask() -> None:
    scene = Scene().given(c.ConfigureAgency(replace(AGENCY, protocols=())), receive())
    assert screen(scene.state, scene.call(), scene.at) is None

"""A call in care: messages, what is released, what dispatch is asked for, and what is told of a threat."""

from datetime import timedelta

import pytest

from console.domain import commands as c
from console.domain import queries
from console.domain.alarms import AlarmKind, standing
from console.domain.asks import AskOutcome
from console.domain.ids import AskId, CallId, EntryId, HandOffId
from console.domain.state import UnitStatus
from tests.support.agency import AGENCY, ARMED, CARE, PHONE, TEAM, WEAPON
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, T2, Scene, accepted, floor, offer, receive, status, taken

ASK, OTHER, GONE = AskId("a1"), AskId("a2"), CallId("gone")
DISCLOSE = c.DiscloseThreat(CALL, "d1", "POLICE", "he wants to hurt his brother", "he named him, a time and a weapon")


def asked(code: str = TEAM, reason: str = "alone, and afraid") -> Scene:
    """A caller in care, and a clinician who asks dispatch for something."""
    return taken(floor().given(receive())).given(c.AskForResponse(CALL, ASK, code, reason), by=REYES)


def alarms(scene: Scene, after_s: int = 0) -> set[AlarmKind]:
    return {alarm.kind for alarm in standing(scene.state, {}, scene.at + timedelta(seconds=after_s))}


def test_given_a_caller_in_care_when_a_programme_is_asked_for_then_it_stands_with_who_when_and_why() -> None:
    scene = asked()
    (ask,) = scene.call().asks
    assert (ask.code, ask.asked.by, ask.reason, ask.is_for_a_unit, ask.answer) == (
        TEAM,
        REYES,
        "alone, and afraid",
        True,
        None,
    )
    assert queries.unmet(scene.call()) == [ask] and queries.is_pending(scene.call())
    assert queries.controller(scene.call()) == REYES, "they stay on the line"
    assert scene.when(c.AskForResponse(CALL, ASK, TEAM), by=REYES) == (), "asked already, by that id"


def test_given_a_service_that_is_asked_for_then_it_is_no_call_for_a_unit() -> None:
    scene = asked("EMS")
    assert not scene.call().asks[0].is_for_a_unit and not queries.is_pending(scene.call())


def test_given_the_clinician_who_is_being_connected_then_they_may_ask_already() -> None:
    accepted(floor().given(receive())).given(c.AskForResponse(CALL, ASK, "EMS"), by=REYES)


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (PHONE, "programme-not-in-person"),
        (CARE, "programme-not-in-person"),
        ("NAVY", "service-unknown"),
        (TEAM, "asked-already"),
    ],
)
def test_given_what_cannot_be_asked_for_then_it_is_refused(code: str, refusal: str) -> None:
    assert asked().rejected(c.AskForResponse(CALL, OTHER, code), by=REYES) == refusal


def test_given_who_is_not_on_the_line_then_they_ask_withdraw_and_disclose_nothing() -> None:
    scene = asked()
    for command in (c.AskForResponse(CALL, OTHER, "EMS"), c.WithdrawAsk(CALL, ASK), DISCLOSE):
        assert scene.rejected(command, by=LIN) == "not-in-care"
        assert scene.rejected(command) == "not-in-care"


def test_given_what_is_there_or_on_its_way_then_it_is_not_asked_for_again() -> None:
    scene = taken(floor().given(receive(), c.OrderOtherService(CALL, "EMS", "hurt"), c.DispatchUnit(T1, CALL)))
    assert scene.rejected(c.AskForResponse(CALL, ASK, "EMS"), by=REYES) == "sent-already"
    assert scene.rejected(c.AskForResponse(CALL, ASK, TEAM), by=REYES) == "sent-already"
    scene.given(*status(T1, UnitStatus.ON_SCENE, UnitStatus.CLEAR))
    scene.given(c.AskForResponse(CALL, ASK, TEAM), by=REYES)


@pytest.mark.parametrize("code", [TEAM, "EMS"])
def test_given_an_ask_when_dispatch_sends_what_is_asked_for_then_that_is_the_answer(code: str) -> None:
    scene = asked(code).given(c.AskForResponse(CALL, OTHER, ARMED), by=REYES)
    scene.given(c.DispatchUnit(T1, CALL) if code == TEAM else c.OrderOtherService(CALL, "EMS", "asked for"))
    first, second = scene.call().asks
    assert first.answer is not None and (first.answer.outcome, first.answer.stamp.by) == (AskOutcome.SENT, OKAFOR)
    assert second.answer is None, "that was another ask"
    assert scene.rejected(c.DeclineAsk(CALL, ASK, "none free")) == "ask-answered"
    assert scene.rejected(c.WithdrawAsk(CALL, ASK), by=REYES) == "ask-answered"


def test_given_a_unit_that_was_sent_and_called_back_then_the_ask_stands_again_and_the_next_answers_it() -> None:
    scene = asked().given(c.DispatchUnit(T1, CALL), c.RecallUnit(T1, "needed elsewhere"))
    assert [ask.ask_id for ask in queries.unmet(scene.call())] == [ASK] and queries.is_pending(scene.call())
    assert AlarmKind.ASK_UNANSWERED in alarms(scene, AGENCY.hand_off.ask_s)
    scene.given(c.DispatchUnit(T2, CALL))
    assert queries.unmet(scene.call()) == []


def test_given_an_ask_when_dispatch_declines_then_the_clinician_reads_why_and_may_ask_anew() -> None:
    scene = asked()
    assert scene.rejected(c.DeclineAsk(CALL, ASK, " ")) == "text-missing"
    assert scene.rejected(c.DeclineAsk(CALL, OTHER, "x")) == "ask-unknown"
    scene.given(c.DeclineAsk(CALL, ASK, "no team is free before nine"))
    answer = scene.call().asks[0].answer
    assert answer is not None and (answer.outcome, answer.reason) == (AskOutcome.DECLINED, "no team is free before nine")
    assert queries.unmet(scene.call()) == [] and not queries.is_pending(scene.call())
    scene.given(c.AskForResponse(CALL, OTHER, TEAM), by=REYES)


def test_given_an_ask_when_it_is_not_needed_any_more_then_the_clinician_withdraws_it() -> None:
    scene = asked().given(c.WithdrawAsk(CALL, ASK, "his sister is there"), by=REYES)
    answer = scene.call().asks[0].answer
    assert answer is not None and answer.outcome is AskOutcome.WITHDRAWN and not queries.is_pending(scene.call())


def test_given_an_ask_that_nobody_answers_then_an_alarm_stands_from_its_second_on_also_once_the_caller_is_given_back() -> (
    None
):
    scene = asked()
    waits = AGENCY.hand_off.ask_s
    assert AlarmKind.ASK_UNANSWERED not in alarms(scene, waits - 2)
    assert AlarmKind.ASK_UNANSWERED in alarms(scene, waits)
    scene.given(c.ReturnHandOff(CALL, HandOffId("h1"), "they should see him"), by=REYES)
    assert AlarmKind.ASK_UNANSWERED in alarms(scene, waits)
    scene.given(c.DeclineAsk(CALL, ASK, "none free"))
    assert AlarmKind.ASK_UNANSWERED not in alarms(scene, waits)


def test_given_a_threat_that_is_disclosed_then_it_is_an_act_of_its_own_and_an_alarm_until_somebody_has_read_it() -> None:
    scene = taken(floor().given(receive())).given(DISCLOSE, by=REYES)
    (told,) = scene.call().disclosures
    assert (told.to, told.made.by, told.acknowledged) == ("POLICE", REYES, None) and told.basis == DISCLOSE.basis
    assert scene.when(DISCLOSE, by=REYES) == () and AlarmKind.THREAT_DISCLOSED in alarms(scene)
    scene.given(c.AcknowledgeDisclosure(CALL, "d1"))
    first = scene.call().disclosures[0].acknowledged
    assert first is not None and first.by == OKAFOR and AlarmKind.THREAT_DISCLOSED not in alarms(scene)
    assert scene.when(c.AcknowledgeDisclosure(CALL, "d1")) == ()


def test_given_a_threat_when_the_call_closes_before_anybody_has_read_it_then_its_alarm_stands() -> None:
    scene = taken(floor().given(receive())).given(DISCLOSE, c.CloseCall(CALL, outcome="by_phone"), by=REYES)
    assert AlarmKind.THREAT_DISCLOSED in alarms(scene)
    scene.given(c.AcknowledgeDisclosure(CALL, "d1"))
    assert alarms(scene) == set()


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"to": "NAVY"}, "service-unknown"), ({"text": ""}, "text-missing"), ({"basis": " "}, "text-missing")],
)
def test_given_a_disclosure_without_its_service_words_or_basis_then_refused(fields: dict[str, str], code: str) -> None:
    whole = {"to": "POLICE", "text": "a plan", "basis": "a time", **fields}
    scene = taken(floor().given(receive()))
    assert scene.rejected(c.DiscloseThreat(CALL, "d1", **whole), by=REYES) == code
    assert scene.rejected(c.AcknowledgeDisclosure(CALL, "d1")) == "disclosure-unknown"


def test_given_messages_between_the_two_then_they_are_part_of_the_call_and_not_of_its_narrative() -> None:
    scene = floor().given(receive(), offer()).given(c.SendMessage(CALL, EntryId("m1"), "she is whispering"))
    scene.given(c.SendMessage(CALL, EntryId("m2"), "is anybody else there?"), by=REYES)
    assert [(m.by, m.text) for m in scene.call().messages] == [
        (OKAFOR, "she is whispering"), (REYES, "is anybody else there?")
    ]  # fmt: skip
    assert scene.call().narrative == () and scene.when(c.SendMessage(CALL, EntryId("m1"), "again")) == ()
    assert scene.rejected(c.SendMessage(CALL, EntryId("m3"), " ")) == "text-missing"
    scene.given(c.WithdrawHandOff(CALL, HandOffId("h1"), ""), c.CloseCall(CALL, missed="all_busy"))
    scene.given(c.SendMessage(CALL, EntryId("m3"), "thank you"))
    assert scene.rejected(c.SendMessage(GONE, EntryId("m4"), "x")) == "call-unknown"


def test_given_a_summary_then_it_is_an_entry_that_everybody_reads_and_is_marked_also_after_the_end() -> None:
    scene = taken(floor().given(receive())).given(c.CloseCall(CALL, outcome="by_phone"), by=REYES)
    scene.given(c.ReleaseSummary(CALL, EntryId("s1"), "calm, and with her sister"), by=REYES)
    (entry,) = scene.call().narrative
    assert entry.summary and (entry.by, entry.text) == (REYES, "calm, and with her sister")
    assert scene.when(c.ReleaseSummary(CALL, EntryId("s1"), "again"), by=REYES) == ()
    assert scene.rejected(c.ReleaseSummary(CALL, EntryId("s2"), ""), by=REYES) == "text-missing"
    assert scene.rejected(c.ReleaseSummary(GONE, EntryId("s2"), "x"), by=REYES) == "call-unknown"
    assert scene.rejected(c.ReleaseSummary(CALL, EntryId("s2"), "x"), by=LIN) == "not-your-call"


def test_given_a_clinician_on_the_line_when_a_weapon_is_learned_then_their_ask_for_a_team_can_only_be_declined() -> None:
    scene = asked().given(c.SetFact(CALL, WEAPON, "near", "heard"), by=REYES)
    assert scene.rejected(c.DispatchUnit(T1, CALL)) == "programme-denied"
    scene.given(c.DeclineAsk(CALL, ASK, "a weapon: the armed team goes"))

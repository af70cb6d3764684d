"""What may be done with a call: whom each action takes, how far, which is proposed, and why not."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.ids import QuestionId, UnitId
from console.domain.state import Position, PresenceStatus, UnitStatus
from console.ui.call.choices import unit_choices
from console.ui.call.endings import Endings, endings
from console.ui.call.proposals import Proposals, proposals
from console.ui.call.recommended import unit_words
from tests.support.agency import BURGLARY, PROTOCOL, TRESPASS
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, T2, Scene, floor, offer, receive, status, taken


def made(scene: Scene, *positions: Position) -> Proposals:
    return proposals(scene.state, {p.unit_id: p for p in positions}, scene.call(), OKAFOR, scene.at)


def at(scene: Scene, unit: UnitId, latitude: float) -> Position:
    return Position(unit, latitude, -78.9, scene.at, scene.at)


def closing(scene: Scene) -> Endings:
    return endings(scene.state, scene.call(), OKAFOR, scene.at)


def answer(question: str, key: str) -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId(question), key)


def test_given_a_caller_on_the_line_then_hand_off_names_the_longest_ready_and_is_proposed() -> None:
    scene = floor().given(receive())
    scene.at += timedelta(minutes=6)
    found = made(scene).hand_off
    assert found.proposal.words == "Hand off to Reyes · ready 6 min"
    assert (found.proposal.why_not, found.proposal.primary) == ("", "violet")
    assert [candidate.person.user_id for candidate in found.to] == [REYES, LIN]


def test_given_a_language_then_the_clinician_who_speaks_it_comes_first_and_the_button_says_so() -> None:
    scene = floor().given(receive(language="es"))
    scene.state = replace(
        scene.state,
        people={**scene.state.people, LIN: replace(scene.state.people[LIN], languages=("en", "es"))},
    )
    assert made(scene).hand_off.proposal.words.startswith("Hand off to Lin · ready ")
    assert made(scene).hand_off.proposal.words.endswith(" · speaks Spanish")


def test_given_an_offer_that_rings_then_hand_off_says_where_and_can_be_taken_back() -> None:
    found = made(floor().given(receive(), offer())).hand_off
    assert found.proposal.words == "Offered to Reyes"
    assert "take the offer back" in found.proposal.why_not
    assert found.open_offer == "h1"


def test_given_nobody_ready_then_hand_off_says_what_each_is_doing() -> None:
    scene = floor().given(receive())
    scene.given(c.SetPresence(PresenceStatus.AWAY), by=REYES).given(c.SetPresence(PresenceStatus.WRAP_UP), by=LIN)
    found = made(scene).hand_off
    assert (found.does, found.proposal.why_not) == ("queue", "")
    assert found.proposal.words == "Queue for Phone · Reyes away, Lin in wrap-up"
    scene.given(c.SignOff(REYES), by=REYES).given(c.SignOff(LIN), by=LIN)
    assert made(scene).hand_off.proposal.why_not == "No clinician is at work"
    assert made(scene).hand_off.proposal.words == "Hand off · no clinician is at work"
    later = tuple(replace(hours, effective_from=date(2099, 1, 1)) for hours in scene.state.agency.programmes[0].hours)
    phone = replace(scene.state.agency.programmes[0], name="Crisis Call", hours=later)
    agency = replace(scene.state.agency, programmes=(phone, *scene.state.agency.programmes[1:]))
    scene.state = replace(scene.state, agency=agency)
    assert made(scene).hand_off.proposal.words == "Hand off · Crisis Call is off duty"


def test_given_a_caller_in_care_then_hand_off_says_who_has_them() -> None:
    scene = taken(floor().given(receive()))
    assert made(scene).hand_off.proposal.words == "Reyes has the caller"


def test_given_a_weapon_then_the_phone_is_excluded_with_the_reason_and_the_armed_unit_is_proposed() -> None:
    found = made(floor().given(receive(), answer("weapon", "2")))
    assert "a weapon is there" in found.hand_off.proposal.why_not
    assert found.dispatch.proposal.primary == "blue"
    assert [unit.unit_id for unit in found.dispatch.recommendation.units] == ["A1"]
    assert {p.unit_id: p.reason for p in found.dispatch.recommendation.passed_over}[T1] == "a weapon is there"


def test_given_positions_then_dispatch_names_the_two_nearest_and_how_far() -> None:
    scene = floor().given(receive(), answer("weapon", "1"))
    found = made(scene, at(scene, T1, 36.02), at(scene, T2, 36.01)).dispatch
    assert found.proposal.words == "Dispatch T2 · about 3 min, straight line; T1 · about 5 min"
    assert found.proposal.why_not == ""


def test_given_no_positions_then_dispatch_does_not_invent_a_distance() -> None:
    scene = floor().given(receive(), answer("weapon", "1"))
    assert made(scene).dispatch.proposal.words == "Dispatch T1 · distance not known; T2"
    first = made(scene).dispatch.recommendation.units[0]
    assert unit_words(first) == "T1"


def test_given_nobody_has_asked_about_a_weapon_then_dispatch_says_so_and_is_not_the_one_to_take() -> None:
    scene = floor().given(receive(nature=TRESPASS))
    found = made(scene).dispatch.proposal
    assert (found.words, found.primary, found.why_not) == ("Dispatch T1 · distance not known · weapon not asked yet", "", "")
    assert found.shorter[-2:] == ("Dispatch T1 · weapon?", "Send T1 · weapon?")
    scene.given(answer("weapon", "1"))
    assert made(scene).dispatch.proposal.primary == "teal"


def test_given_a_team_in_doubt_on_its_way_then_the_next_is_not_of_it_and_its_others_want_a_reason() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), answer("weapon", "4"))
    found = made(scene)
    assert T2 not in [unit.unit_id for unit in found.dispatch.recommendation.units]
    assert found.dispatch.proposal.primary == ""
    listed = {option.value: option for option in unit_choices(scene.state, found, scene.call(), OKAFOR, scene.at)}
    assert listed[T2].needs_note and listed[T2].detail.startswith("Weapon could not be learned")


def test_given_a_unit_on_the_call_then_dispatch_sends_another_also() -> None:
    assert made(floor().given(receive(), c.DispatchUnit(T1, CALL))).dispatch.proposal.words.startswith("Send also T2")


def test_given_no_unit_that_may_go_then_dispatch_says_why_for_each() -> None:
    scene = floor().given(receive(nature="TRESPASS"))
    scene.given(*status(T1, UnitStatus.OUT_OF_SERVICE), *status(T2, UnitStatus.OUT_OF_SERVICE))
    found = made(scene).dispatch.proposal
    assert found.words == "Dispatch · no unit may go now"
    assert "T1: out of service" in found.why_not
    assert "A1: Trespass is not on the list of Armed" in found.why_not


def test_given_services_then_the_button_names_them_and_those_already_asked() -> None:
    scene = floor().given(receive())
    assert made(scene).other.words == "Police · EMS"
    scene.given(c.OrderOtherService(CALL, "EMS", "hurt"))
    assert made(scene).other.words == "Police · EMS (asked)"
    scene.given(c.OrderOtherService(CALL, "POLICE", "weapon"))
    assert made(scene).other.why_not == "Every service has been asked to this call."


def test_given_an_eligible_call_nobody_served_then_it_closes_only_with_why_it_was_missed() -> None:
    found = closing(floor().given(receive()))
    assert found.why == "Call 0001 was eligible and nobody served it: say why it was missed."
    assert [(e.key, e.code, e.needs_note) for e in found.choices] == [
        ("1", "all_busy", False), ("2", "judgement", True), ("3", "excluded", False),
    ]  # fmt: skip
    assert found.why_not == ""


def test_given_a_served_call_or_one_never_eligible_then_it_closes_with_an_outcome() -> None:
    served = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    assert closing(served).why == "Somebody served this call: say how it ended."
    assert closing(served).why_not == "T1 is still on call 0001. Clear or recall it first."
    served.given(*status(T1, UnitStatus.CLEAR))
    assert closing(served).why_not == ""
    never = closing(floor().given(receive(nature=BURGLARY)))
    assert never.why == "No programme was ever open to this call: say how it ended."
    assert [(e.key, e.code) for e in never.choices] == [("1", "resolved"), ("2", "by_phone")]


def test_given_any_ending_that_is_listed_then_the_rules_take_it() -> None:
    for scene in (floor().given(receive()), floor().given(receive(nature=BURGLARY))):
        for ending in closing(scene).choices:
            fresh = Scene(scene.state, scene.at)
            assert not isinstance(fresh.when(ending.command(scene.call(), "a note")), c.Rejected)


def test_given_more_endings_than_keys_then_none_is_dropped() -> None:
    scene = floor().given(receive())
    agency = scene.state.agency
    many = tuple(replace(agency.missed_reasons[0], code=f"r{n}") for n in range(40))
    found = closing(scene.given(c.ConfigureAgency(replace(agency, missed_reasons=many))))
    assert len(found.choices) == 40
    assert [found.choices[place].key for place in (0, 9, 10, 35, 36)] == ["1", "0", "a", "z", ""]

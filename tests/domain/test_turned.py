"""What is still to be done about a turn: what goes instead, until it was sent or a person said that it is not needed."""

from console.domain import commands as c
from console.domain.ids import TransitionId
from console.domain.state import UnitStatus
from console.domain.turned import open_turns, still_to_send, to_recall
from tests.support.agency import AGENCY, ARMED, WEAPON
from tests.support.scenes import A1, CALL, LIN, T1, floor, receive, status

NEAR = c.SetFact(CALL, WEAPON, "near", "the officer saw it")


def test_given_a_turn_then_what_goes_instead_is_open_until_it_was_sent_or_a_person_said_that_it_is_not_needed() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), NEAR)
    (record,) = scene.call().transitions

    def still() -> tuple[str, ...]:
        return still_to_send(AGENCY, scene.call(), scene.call().transitions[-1])

    assert still() == (record.instead, *record.along) and record.instead == ARMED
    assert [unit.unit_id for unit in to_recall(scene.state, scene.call(), record)] == [T1]
    told = (c.TellOfTransition(CALL, record.transition_id, party.key) for party in record.parties)
    scene.given(c.RecallUnit(T1, "a weapon"), *told)
    assert open_turns(AGENCY, scene.call()), "told is not sent"
    assert to_recall(scene.state, scene.call(), record) == []
    assert scene.rejected(c.WaiveInstead(CALL, record.transition_id, " ")) == "text-missing"
    assert scene.rejected(c.WaiveInstead(CALL, TransitionId("none"), "officers are there")) == "turn-unknown"
    scene.given(c.WaiveInstead(CALL, record.transition_id, "officers are there"), by=LIN)
    assert still() == () and not open_turns(AGENCY, scene.call())
    assert (waived := scene.call().transitions[0].waived) and (waived.reason, waived.by) == ("officers are there", LIN)
    assert scene.when(c.WaiveInstead(CALL, record.transition_id, "again")) == (), "the first reason is kept"


def test_given_what_goes_instead_has_come_and_gone_then_it_is_not_to_be_sent_again() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), NEAR, c.DispatchUnit(A1, CALL))
    (record,) = scene.call().transitions
    assert still_to_send(AGENCY, scene.call(), record) == record.along
    scene.given(c.RecallUnit(A1, "wrong way"))
    assert still_to_send(AGENCY, scene.call(), record) == (ARMED, *record.along), "one that was called back never came"
    scene.given(c.DispatchUnit(A1, CALL), *status(A1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE))
    assert still_to_send(AGENCY, scene.call(), record) == record.along

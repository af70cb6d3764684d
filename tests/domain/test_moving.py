"""Units taken off one call for another, and the order of those that are free: each unit in one place, with its reasons."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import unit_status
from console.domain.agency import CrewWant, RecommendRules
from console.domain.commands import Rejected
from console.domain.conditions import Condition
from console.domain.decide import decide
from console.domain.ids import CallId, QuestionId, UnitId
from console.domain.moving import exchanges, preemptions
from console.domain.recommend import Road, recommend
from console.domain.state import Position, UnitStatus
from tests.support.agency import AGENCY, PROTOCOL, TRESPASS
from tests.support.scenes import A1, CALL, OKAFOR, T1, T2, Scene, floor, receive, status

OTHER = CallId("other")


def at(scene: Scene, **latitudes: float) -> Mapping[UnitId, Position]:
    found = {}
    for name, latitude in latitudes.items():
        found[UnitId(name)] = Position(UnitId(name), latitude, -78.9, scene.at, scene.at)
    return found


def no_weapon(call: CallId = CALL) -> c.AnswerQuestion:
    return c.AnswerQuestion(call, PROTOCOL.id, QuestionId("weapon"), "1")


def busy(*, urgent: str = "1", other: str = "3") -> Scene:
    """A call that nobody is free for; T1 is on its way to another one."""
    scene = floor().given(receive(OTHER, nature=TRESPASS, priority=other), no_weapon(OTHER))
    scene.given(c.DispatchUnit(T1, OTHER), *status(T1, UnitStatus.EN_ROUTE))
    scene.given(*status(T2, UnitStatus.OUT_OF_SERVICE))
    return scene.given(receive(priority=urgent), no_weapon())


def test_given_nobody_free_then_a_unit_on_its_way_to_a_less_urgent_call_could_be_taken() -> None:
    scene = busy()
    assert recommend(scene.state, {}, scene.call(), scene.at).units == ()
    [found] = preemptions(scene.state, at(scene, T1=36.01), scene.call(), scene.at)
    assert (found.unit_id, found.leaves, found.stays) == (T1, OTHER, ())
    assert found.estimate is not None and not found.estimate.by_road
    scene.given(c.PreemptUnit(T1, CALL, "more urgent"))
    assert scene.unit().call == CALL


def test_given_a_way_by_road_then_the_estimate_is_that() -> None:
    scene = busy()
    [found] = preemptions(scene.state, at(scene, T1=36.01), scene.call(), scene.at, {T1: Road(4.0, 2.5)})
    assert found.estimate is not None and (found.estimate.minutes, found.estimate.by_road) == (4.0, True)


def test_given_another_unit_there_too_then_who_stays_is_named() -> None:
    scene = floor().given(receive(OTHER, nature=TRESPASS, priority="3"), no_weapon(OTHER))
    scene.given(c.DispatchUnit(T1, OTHER), c.DispatchUnit(T2, OTHER), receive(priority="1"), no_weapon())
    found = preemptions(scene.state, {}, scene.call(), scene.at)
    assert [(one.unit_id, one.stays) for one in found] == [(T1, (T2,)), (T2, (T1,))]


@pytest.mark.parametrize(("urgent", "other"), [("3", "3"), ("3", "1")])
def test_given_a_call_as_urgent_or_more_then_its_unit_is_left_to_it(urgent: str, other: str) -> None:
    scene = busy(urgent=urgent, other=other)
    assert preemptions(scene.state, {}, scene.call(), scene.at) == ()


@pytest.mark.parametrize("status_now", sorted(unit_status.ARRIVED))
def test_given_a_unit_with_a_neighbor_then_it_is_never_moved(status_now: UnitStatus) -> None:
    scene = busy().given(c.SetUnitStatus(T1, UnitStatus.ON_SCENE))
    if status_now is not UnitStatus.ON_SCENE:
        scene.given(c.SetUnitStatus(T1, status_now, "somewhere"))
    assert preemptions(scene.state, {}, scene.call(), scene.at) == ()
    scene.given(*status(T2, UnitStatus.AVAILABLE))
    assert exchanges(scene.state, at(scene, T1=36.05, T2=36.001), scene.call(OTHER), scene.at) == ()


def test_given_a_unit_that_asked_for_backup_then_it_is_not_moved() -> None:
    scene = busy().given(c.RequestBackup(T1, "POLICE"))
    assert preemptions(scene.state, {}, scene.call(), scene.at) == ()


def test_given_what_excludes_its_programme_then_a_unit_is_not_taken() -> None:
    scene = busy().given(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "2"))
    assert T1 not in {one.unit_id for one in preemptions(scene.state, {}, scene.call(), scene.at)}


def test_given_a_nearer_free_unit_then_it_could_go_in_the_place_of_the_one_on_its_way() -> None:
    scene = floor().given(receive(), no_weapon(), c.DispatchUnit(T1, CALL))
    [found] = exchanges(scene.state, at(scene, T1=36.05, T2=36.01), scene.call(), scene.at)
    assert (found.comes, found.goes, found.other) == (T2, T1, None)
    assert found.sooner == pytest.approx(found.before.minutes * 0.8, rel=0.01)
    scene.given(c.ExchangeUnits(T2, T1, "nearer"))
    assert (scene.unit(T2).call, scene.unit(T1).call) == (CALL, None)


def test_given_two_units_that_drive_past_each_other_then_both_new_estimates_are_there() -> None:
    far = receive(OTHER, place=replace(receive().place, latitude=36.1)).place
    scene = floor().given(receive(), no_weapon(), receive(OTHER, place=far), no_weapon(OTHER))
    scene.given(c.DispatchUnit(T1, CALL), c.DispatchUnit(T2, OTHER))
    found = exchanges(scene.state, at(scene, T1=36.09, T2=36.01), scene.call(), scene.at)
    [swap] = [one for one in found if one.other is not None]
    assert (swap.comes, swap.goes, swap.other) == (T2, T1, OTHER)
    assert swap.other_there is not None and swap.other_before is not None
    assert swap.other_there.minutes == pytest.approx(swap.there.minutes, rel=0.01)
    assert swap.other_before.minutes == pytest.approx(swap.before.minutes, rel=0.01)
    assert exchanges(scene.state, at(scene, T1=36.01, T2=36.09), scene.call(), scene.at) == ()


def test_given_a_programme_that_nothing_admits_yet_then_nobody_of_it_is_moved_to_the_call() -> None:
    scene = floor().given(receive(), no_weapon(), c.DispatchUnit(T1, CALL), *status(T2, UnitStatus.OUT_OF_SERVICE))
    assert exchanges(scene.state, at(scene, T1=36.05, A1=36.001), scene.call(), scene.at) == ()


def test_given_whatever_could_be_moved_then_the_rules_take_it() -> None:
    scene = busy().given(*status(T2, UnitStatus.AVAILABLE))
    positions = at(scene, T1=36.05, T2=36.01, A1=36.02)
    for one in preemptions(scene.state, positions, scene.call(), scene.at):
        move = c.PreemptUnit(one.unit_id, CALL, "more urgent")
        assert not isinstance(decide(scene.state, move, OKAFOR, scene.at), Rejected)
    for swap in exchanges(scene.state, positions, scene.call(OTHER), scene.at):
        change = c.ExchangeUnits(swap.comes, swap.goes, "nearer")
        assert not isinstance(decide(scene.state, change, OKAFOR, scene.at), Rejected)


@given(
    st.lists(st.sampled_from((T1, T2, A1)), max_size=3, unique=True),
    st.lists(st.tuples(st.sampled_from((T1, T2, A1)), st.sampled_from(tuple(UnitStatus))), max_size=5),
    st.sampled_from("1234"),
)
def test_every_unit_on_duty_is_in_exactly_one_of_both_lists(
    sent: list[UnitId], statuses: list[tuple[UnitId, UnitStatus]], answer: str
) -> None:
    scene = floor().given(receive(OTHER, nature=TRESPASS), receive())
    scene.given(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), answer))
    for unit in sent:
        scene.when(c.DispatchUnit(unit, OTHER))
    for unit, its in statuses:
        scene.when(c.SetUnitStatus(unit, its, "somewhere"))
    found = recommend(scene.state, {}, scene.call(), scene.at)
    listed = [*(one.unit_id for one in found.units), *(one.unit_id for one in found.passed_over)]
    assert sorted(listed) == sorted(unit.unit_id for unit in scene.state.units.values() if unit_status.on_duty(unit))
    assert all(one.reason for one in found.passed_over)


def test_given_what_counts_against_a_unit_then_it_is_told_with_its_minutes_and_the_other_goes_first() -> None:
    want = CrewWant("EMT", Condition(nature=(TRESPASS,)), "somebody is hurt")
    units = (replace(AGENCY.units[0], languages=("en", "es")), *AGENCY.units[1:])
    rules = RecommendRules(language_minutes=7, discipline_minutes=2, wants=(want,))
    scene = Scene().given(c.ConfigureAgency(replace(AGENCY, units=units, recommend=rules)))
    scene.given(*(c.SetUnitStatus(unit, UnitStatus.AVAILABLE) for unit in (T1, T2)))
    scene.given(receive(nature=TRESPASS, language="es"), no_weapon())
    scene.at += timedelta(seconds=1)
    first, second = recommend(scene.state, at(scene, T1=36.05, T2=36.04), scene.call(), scene.at).units
    assert (first.unit_id, first.against) == (T1, ("no EMT on the crew: somebody is hurt (counts 2 min)",))
    assert second.against == ("does not speak es (counts 7 min)", "no EMT on the crew: somebody is hurt (counts 2 min)")
    assert second.minutes is not None and second.cost == pytest.approx(second.minutes + 9)
    assert {first.fit, second.fit} <= {"proposed", "eligible"}

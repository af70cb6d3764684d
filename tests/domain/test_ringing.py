"""Whom to ring for a caller, in which order, and why the others not."""

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Skill
from console.domain.conditions import Condition
from console.domain.ids import CallId, DeskId, HandOffId, ProgrammeCode, UserId
from console.domain.ringing import declined_by, skills_wanted, whom_to_ring, why_not_rung
from console.domain.state import PresenceStatus, Role
from tests.support.agency import AGENCY, CARE, CRISIS, PHONE, TEAM, WEAPON
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, Scene, floor, offer, receive, sign_in, taken

MOSS, YOUTH, SECOND = UserId("moss"), "youth", CallId("call-2")


def at_work(scene: Scene, user: UserId, *languages: str, skills: tuple[str, ...] = ()) -> Scene:
    """Signs a clinician in, anew, with what they can."""
    signed = sign_in(user)
    return scene.given(replace(signed, languages=languages or ("en",), skills=skills))


def rung(scene: Scene, call_id: CallId = CALL) -> list[UserId]:
    return [one.person.user_id for one in whom_to_ring(scene.state, scene.call(call_id), PHONE).candidates]


def why(scene: Scene, user: UserId, call_id: CallId = CALL) -> str:
    passed = whom_to_ring(scene.state, scene.call(call_id), PHONE).passed_over
    return next(one.reason for one in passed if one.person.user_id == user)


def test_given_equals_then_the_longest_idle_is_rung_first() -> None:
    scene = floor().given(receive())
    assert rung(scene) == [REYES, LIN]
    scene.given(c.SetPresence(PresenceStatus.AWAY), c.SetPresence(PresenceStatus.READY), by=REYES)
    assert rung(scene) == [LIN, REYES]
    assert whom_to_ring(scene.state, scene.call(), PHONE).passed_over == ()


def test_given_a_callers_language_then_who_speaks_it_stands_before_who_is_idle_longer() -> None:
    scene = at_work(floor().given(receive(language="es")), LIN, "en", "es")
    assert rung(scene) == [LIN, REYES]
    assert [one.speaks for one in whom_to_ring(scene.state, scene.call()).candidates] == [True, False]
    scene.given(receive(call_id=SECOND))
    assert all(one.speaks for one in whom_to_ring(scene.state, scene.call(SECOND)).candidates), "nobody knows theirs"


def test_given_skills_that_the_call_wants_then_they_stand_before_idleness_and_behind_language() -> None:
    skill = Skill(YOUTH, "Young people", Condition(facts={WEAPON: ("none",)}))
    other = Skill("never", "Something else")
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, skills=(skill, other))), receive(language="es"))
    at_work(at_work(scene, LIN, "en", skills=(YOUTH, "never")), MOSS, "es")
    assert rung(scene) == [MOSS, REYES, LIN], "nothing is known yet that wants the skill"
    scene.given(c.SetFact(CALL, WEAPON, "none", "searched"))
    assert skills_wanted(scene.state.agency, scene.call()) == (skill,)
    assert rung(scene) == [MOSS, LIN, REYES]
    assert {one.person.user_id: one.skills for one in whom_to_ring(scene.state, scene.call()).candidates}[LIN] == (skill,)


def test_given_somebody_who_cannot_be_rung_then_each_is_passed_over_with_the_reason() -> None:
    scene = floor().given(receive(), receive(call_id=SECOND), sign_in(MOSS))
    scene.given(c.SetPresence(PresenceStatus.AWAY, "lunch"), by=REYES)
    scene.given(c.LoseDesk(LIN, DeskId("desk-lin")), offer(MOSS, call_id=SECOND))
    assert rung(scene) == []
    assert why(scene, REYES) == "Reyes is away for lunch, not ready."
    assert why(scene, LIN) == "Lin is unreachable: nothing is heard of their desk."
    assert why(scene, MOSS) == f"Moss is being offered call {scene.call(SECOND).number}."
    scene.given(c.FindDesk(LIN, DeskId("desk-lin"))).given(c.SetPresence(PresenceStatus.WRAP_UP), by=LIN)
    assert why(scene, LIN) == "Lin is in wrap-up, not ready."
    taken(scene.given(c.DeclineHandOff(SECOND, HandOffId("h1"), "busy"), by=MOSS), MOSS, "h2", SECOND)
    assert why(scene, MOSS) == "Moss is on a call, not ready."


def test_given_a_call_that_excludes_the_programme_then_everybody_of_it_is_passed_over_for_that() -> None:
    scene = floor().given(receive(), c.SetFact(CALL, WEAPON, "near", "seen"))
    assert rung(scene) == [] and "excluded from PHONE: a weapon is there" in why(scene, REYES)


def test_given_who_signed_off_or_is_no_clinician_then_nobody_asks_why_they_are_not_rung() -> None:
    scene = floor().given(receive(), c.SignOff(LIN))
    found = whom_to_ring(scene.state, scene.call(), PHONE)
    assert [one.person.user_id for one in found.candidates] == [REYES] and found.passed_over == ()
    for user in (LIN, OKAFOR, UserId("nobody")):
        refusal = why_not_rung(scene.state, scene.call(), scene.state.people.get(user))
        assert refusal is not None and refusal.code == "not-a-clinician"


def test_given_another_programme_by_phone_then_only_its_people_are_rung_for_it() -> None:
    scene = floor().given(receive(), c.SignIn(MOSS, "Moss", Role.CLINICIAN, DeskId("d"), programme=CARE))
    assert MOSS not in rung(scene), "Care Navigation takes no callers over"
    refusal = why_not_rung(scene.state, scene.call(), scene.state.people[MOSS])
    assert refusal is not None and refusal.code == "programme-not-by-phone"
    assert whom_to_ring(scene.state, scene.call(), ProgrammeCode("NONE")) == whom_to_ring(scene.state, scene.call(), TEAM)


def test_given_who_declined_while_a_clinician_is_looked_for_then_they_are_not_rung_again_for_that() -> None:
    scene = floor().given(receive(), offer()).given(c.DeclineHandOff(CALL, HandOffId("h1"), "knows the caller"), by=REYES)
    assert rung(scene) == [LIN] and why(scene, REYES) == "Reyes declined: knows the caller."
    assert REYES in rung(scene.given(receive(call_id=SECOND, nature=CRISIS)), SECOND), "another caller is another matter"
    scene.given(c.LeaveQueue(CALL))
    assert declined_by(scene.call()) == {} and rung(scene) == [REYES, LIN], "and so is looking anew"

"""What the criteria hold dangerous and never_unarmed does not name is told, for a proof does not reach it."""

from msgspec.structs import replace

from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.triage.check import Gap, bound, gaps
from tests.support.agency import VIOLENCE, WEAPON
from tests.support.sound import SOUND


def test_given_a_never_unarmed_that_names_all_the_criteria_do_then_there_is_no_gap() -> None:
    assert gaps(SOUND) == ()
    assert [programme.code for programme in bound(SOUND)] == ["PHONE", "TEAM"]


def test_given_a_thin_never_unarmed_then_each_denied_value_and_each_need_is_a_gap_with_its_programmes() -> None:
    thin = replace(SOUND, never_unarmed=SOUND.never_unarmed[2:])
    both = ("PHONE", "TEAM")
    assert gaps(thin) == (
        Gap(WEAPON, "near", both),  # type: ignore[arg-type]
        Gap(WEAPON, "secured", both),  # type: ignore[arg-type]
        Gap(VIOLENCE, "yes", both),  # type: ignore[arg-type]
        Gap(WEAPON, NOT_KNOWN, both, True),  # type: ignore[arg-type]
        Gap(VIOLENCE, NOT_KNOWN, both, True),  # type: ignore[arg-type]
    )


def test_given_that_one_programmes_rules_are_gone_too_then_the_other_still_tells_of_them() -> None:
    team = next(each for each in SOUND.programmes if each.code == "TEAM")
    lax = replace(team, criteria=replace(team.criteria, deny=(), needs=()))
    programmes = tuple(lax if each.code == "TEAM" else each for each in SOUND.programmes)
    found = gaps(replace(SOUND, programmes=programmes, never_unarmed=()))
    assert {gap.programmes for gap in found} == {("PHONE",)}
    assert ("", "P") in {(gap.fact, gap.value) for gap in found}


def test_given_a_rule_that_asks_for_more_than_one_thing_then_it_closes_no_gap() -> None:
    narrow = Rule(Condition({WEAPON: ("near",)}, priority=("1",)), "a weapon, and urgent")
    found = gaps(replace(SOUND, never_unarmed=(narrow, *SOUND.never_unarmed[1:])))
    assert WEAPON in {gap.fact for gap in found}

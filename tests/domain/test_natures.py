"""Base natures and modifiers make the catalogue: what is the base's, what the modifier's, and what can never be more."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Recode
from console.domain.conditions import Condition, Rule
from console.domain.ids import NatureCode, ProgrammeCode
from console.domain.natures import BaseNature, Modifier, catalogue, family, modified, naming_families, nature_to_close_as
from console.domain.programmes import Criteria
from console.domain.state import PRIORITIES
from tests.support.agency import AGENCY, WEAPON
from tests.support.scenes import CALL, Scene, receive

TEAM, ARMED, PHONE = ProgrammeCode("TEAM"), ProgrammeCode("ARMED"), ProgrammeCode("PHONE")
TRESPASS = BaseNature(
    NatureCode("TRESPASS"), "Trespass", "3", (TEAM, ARMED), (PHONE,), "TRESPASS", "trespass", ("tp",), groups=("quality",)
)
CRASH = BaseNature(NatureCode("CRASH"), "Crash", "5", groups=("road",))
NOW = Modifier("IP", "In Progress", ("quality",), more_urgent=1, aliases=("now",))
ARMS = Modifier(
    "WPN", "Weapon", ("quality", "CRASH"), at_least="1", takes_away=(TEAM, PHONE), apco="WEAPON", protocol="arms"
)


def test_given_bases_and_modifiers_when_put_together_then_each_goes_with_its_groups_and_codes_only() -> None:
    codes = [nature.code for nature in catalogue((TRESPASS, CRASH), (NOW, ARMS))]
    assert codes == ["TRESPASS", "TRESPASS-IP", "TRESPASS-WPN", "CRASH", "CRASH-WPN"]


def test_given_a_nature_left_out_when_put_together_then_the_modifier_is_not_said_of_it() -> None:
    without = Modifier("WPN", "Weapon", ("quality", "road"), not_with=(NatureCode("CRASH"),))
    assert [n.code for n in catalogue((TRESPASS, CRASH), (without,))] == ["TRESPASS", "TRESPASS-WPN", "CRASH"]


def test_given_a_modifier_that_says_little_when_put_to_a_nature_then_the_rest_is_the_bases() -> None:
    made = modified(TRESPASS, NOW)
    assert (made.name, made.priority) == ("Trespass - In Progress", "2")
    assert (made.programmes, made.conditional, made.apco) == (TRESPASS.programmes, TRESPASS.conditional, "TRESPASS")
    assert (made.protocol, made.base, made.modifiers, made.aliases) == ("trespass", "TRESPASS", ("IP",), ("now",))


def test_given_a_modifier_that_says_otherwise_when_put_to_a_nature_then_it_stands() -> None:
    made = modified(TRESPASS, ARMS)
    assert (made.programmes, made.conditional) == ((ARMED,), ())
    assert (made.priority, made.apco, made.protocol) == ("1", "WEAPON", "arms")


def test_given_an_open_programme_when_a_modifier_makes_it_conditional_then_it_stands_before_those_that_were() -> None:
    made = modified(TRESPASS, Modifier("INJ", "Injuries", ("quality",), makes_conditional=(TEAM,)))
    assert (made.programmes, made.conditional) == ((ARMED,), (TEAM, PHONE))


def test_given_a_programme_the_base_lacks_when_a_modifier_makes_it_conditional_then_it_is_not_added() -> None:
    assert modified(CRASH, Modifier("INJ", "Injuries", ("road",), makes_conditional=(TEAM,))).listed == ()


def test_given_rules_that_name_a_base_when_families_are_named_then_its_modified_natures_are_in_them() -> None:
    natures = catalogue((TRESPASS, CRASH), (NOW,))
    rule = Rule(Condition(nature=(CRASH.code, TRESPASS.code)), "because")
    named = naming_families({"TEAM": Criteria(deny=(rule,))}, family(natures))
    assert named["TEAM"].deny[0].when.nature == ("CRASH", "TRESPASS", "TRESPASS-IP")
    assert named["TEAM"].deny[0].because == "because"


def test_given_a_rule_that_names_a_modified_nature_when_families_are_named_then_it_stays_at_that() -> None:
    rule = Rule(Condition(nature=(NatureCode("TRESPASS-IP"),)), "because")
    assert naming_families((rule,), family(catalogue((TRESPASS,), (NOW,)))) == (rule,)


CATALOGUE = catalogue((TRESPASS, CRASH), (NOW,))
RECODES = (
    Recode(CRASH.code, Condition({WEAPON: ("near",)}, nature=(TRESPASS.code,)), "a weapon was near"),
    Recode(NatureCode("TRESPASS"), Condition({WEAPON: ("near",)}), "it was trespass"),
)
CODED = replace(
    AGENCY,
    natures={nature.code: nature for nature in CATALOGUE},
    recode_when=naming_families(RECODES, family(CATALOGUE)),
)


def closes_as(nature: str, *told: c.SetFact) -> str:
    scene = Scene().given(c.ConfigureAgency(CODED)).given(receive(nature=nature), *told)
    proposed = nature_to_close_as(CODED, scene.call())
    return proposed.nature if proposed else ""


def test_given_answers_when_a_call_ends_then_the_first_rule_that_holds_proposes_another_nature_and_never_its_own() -> None:
    near = c.SetFact(CALL, WEAPON, "near", "seen")
    assert closes_as("TRESPASS") == ""
    assert closes_as("TRESPASS", near) == closes_as("TRESPASS-IP", near) == "CRASH"
    assert closes_as("CRASH", near) == "TRESPASS"


codes = st.lists(st.sampled_from((TEAM, ARMED, PHONE)), unique=True).map(tuple)
modifiers = st.builds(
    Modifier, st.just("M"), st.just("Modified"), st.just(("g",)), more_urgent=st.integers(-9, 9),
    at_least=st.sampled_from(("", *PRIORITIES[1:])), takes_away=codes, makes_conditional=codes,
)  # fmt: skip


@given(modifiers, codes, st.sampled_from(("", *PRIORITIES)))
def test_given_any_modifier_when_put_to_a_nature_then_nothing_is_opened_and_no_life_is_put_in_danger_or_out(
    modifier: Modifier, listed: tuple[ProgrammeCode, ...], priority: str
) -> None:
    base = BaseNature(NatureCode("B"), "Base", priority, listed[:2], listed[2:])
    made = modified(base, modifier)
    assert set(made.programmes) <= set(base.programmes)
    assert set(made.listed) <= set(base.listed) and len(set(made.listed)) == len(made.listed)
    assert (made.priority == "P") == (priority == "P") and bool(made.priority) == bool(priority)

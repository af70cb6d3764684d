"""The two files of natures: put together at load, refused with place and reason where they do not fit."""

from pathlib import Path

import pytest

from console.domain.conditions import Condition
from console.domain.ids import NatureCode
from console.hub.configuration import ConfigurationFaulty, load
from tests.hub.test_configuration import FILES, SHIPPED

BASES = """code,name,priority,programmes,conditional,apco,protocol,aliases,groups
CRISIS,Crisis,2,PHONE TEAM,,MNTL,crisis,mh;hearing voices,behavioral
OTHER,"Other, unsorted",,,,,,,
"""
MODIFIERS = """code,name,goes_with,aliases,at_least,takes_away
WPN,Weapon,behavioral,gun;knife,1,PHONE
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small whole configuration with a modifier, and a rule about a nature."""
    rule = "    deny:\n      - when: {nature: [CRISIS]}\n        because: for a test\n"
    eligibility = FILES["eligibility.yaml"].replace("    deny:\n", rule, 1)
    mine = {"natures.csv": BASES, "nature_modifiers.csv": MODIFIERS, "eligibility.yaml": eligibility}
    for name, content in (FILES | mine).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def findings(folder: Path) -> str:
    with pytest.raises(ConfigurationFaulty) as faulty:
        load(folder)
    return "\n".join(faulty.value.findings)


def test_given_bases_and_modifiers_when_loaded_then_the_agency_has_every_nature(folder: Path) -> None:
    natures = load(folder).natures
    assert list(natures) == ["CRISIS", "CRISIS-WPN", "OTHER"]
    armed = natures[NatureCode("CRISIS-WPN")]
    assert (armed.base, armed.modifiers, armed.programmes, armed.priority) == ("CRISIS", ("WPN",), ("TEAM",), "1")
    assert natures[NatureCode("CRISIS")].aliases == ("mh", "hearing voices")


def test_given_a_rule_about_a_base_when_loaded_then_it_is_about_what_was_made_from_it_too(folder: Path) -> None:
    rules = load(folder).programmes[0].criteria.deny
    assert rules[0].when == Condition(nature=(NatureCode("CRISIS"), NatureCode("CRISIS-WPN")))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("nature_modifiers.csv", "Weapon,behavioral", "Weapon,behaviour", "WPN, goes_with: 'behaviour' is not known"),
        ("nature_modifiers.csv", ",1,PHONE", ",1,PHON", "WPN, takes_away: 'PHON' is not known"),
        ("nature_modifiers.csv", ",1,PHONE", ",P,PHONE", "WPN, at_least: 'P' is not known"),
        ("nature_modifiers.csv", "aliases,at_least", "not_with,at_least", "WPN, not_with: 'gun' is no base nature"),
        ("nature_modifiers.csv", "WPN,", "W P N,", "a code is one word"),
        ("natures.csv", "OTHER,", "CRISIS-WPN,", "'CRISIS-WPN' stands here 2 times once every modifier"),
        ("natures.csv", "OTHER,", "CRISIS,", "natures.csv: code: 'CRISIS' stands here 2 times; each once"),
    ],
)
def test_given_a_fault_in_a_file_of_natures_when_loaded_then_it_is_refused_with_its_place(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    assert said in findings(folder)


def test_given_durhams_files_when_loaded_then_there_are_about_1500_natures_with_codes_and_names_of_their_own() -> None:
    natures = load(SHIPPED / "durham").natures
    assert 1_450 <= len(natures) <= 1_550
    assert len({nature.name.casefold() for nature in natures.values()}) == len(natures)
    assert natures[NatureCode("TRESPASS-IP")].name == "Trespass - In Progress"


def test_given_durhams_files_when_a_weapon_is_part_of_a_nature_then_no_unarmed_programme_is_open_to_it() -> None:
    agency = load(SHIPPED / "durham")
    unarmed = {programme.code for programme in agency.programmes if programme.unarmed}
    for nature in agency.natures.values():
        if {"WPN", "VIO"} & set(nature.modifiers):
            assert not unarmed & set(nature.listed), nature.code

"""A center's own list of natures: every row taken or accounted for, what it opens, and a configuration that can be read."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console import __main__ as entry
from console.authoring.natures_mapping import Likeness, NaturesMapping, fits, is_like
from console.authoring.natures_taken import Fate, Result, take
from console.domain.ids import NatureCode
from console.domain.natures import BaseNature, Modifier, catalogue
from console.hub.configuration import load
from console.recorded.rows import Row
from tests.hub.test_configuration import FILES, SHIPPED
from tests.support.agency import AGENCY, CRISIS, PHONE, TEAM

MAPPING = """
name = "made-up"
title = "A made-up center"

[columns]
words = "Type"
code = "Code"
priority = "Priority"
count = "Calls"

[writing]
prefixes = ["# "]
replace = { " , " = " - " }

[priority.table]
EMERGENCY = "1"

[table]
"DISTRESS" = "CRISIS"

[left_out]
"LUNCH" = "what a unit does"

[[likeness]]
nature = "CRISIS"
any = ["mental*", "psych"]
none = ["transport"]

[[besides]]
modifier = "WPN"
any = ["armed", "gun"]
"""
BASE = BaseNature(CRISIS, "Crisis", "2", (PHONE, TEAM), groups=("behavioral",))
ARMS = Modifier("WPN", "Weapon", ("behavioral",), at_least="1", takes_away=(PHONE, TEAM))
HEADER = "Code,Type,Priority,Calls\n"
BASES = """code,name,priority,programmes,conditional,apco,protocol,groups
CRISIS,Crisis,2,PHONE TEAM,,MNTL,crisis,behavioral
OTHER,"Other, unsorted",,,,,,
"""
MODIFIERS = "code,name,goes_with,aliases,at_least,takes_away\nWPN,Weapon,behavioral,gun,1,PHONE TEAM\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small whole configuration with a modifier."""
    whole = tmp_path / "config"
    for name, content in (FILES | {"natures.csv": BASES, "nature_modifiers.csv": MODIFIERS}).items():
        path = whole / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(content, encoding="utf-8")
    return whole


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def run(tmp_path: Path, rows: str, *more: str | Path, header: str = HEADER) -> int:
    listed = tmp_path / "list.csv"
    listed.write_text(header + rows, encoding="utf-8")
    words = ["import", "natures", str(listed), "--map", str(tmp_path / "map.toml"), *map(str, more)]
    return entry.main(words)


def test_given_a_list_when_looked_at_then_what_would_become_eligible_is_told_and_nothing_is_written(
    tmp_path: Path, folder: Path, mapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "natures.csv").read_text(encoding="utf-8")
    rows = 'M1,"# MENTAL SUBJECT , CALM",,12\nM2,MENTAL - GUN,,3\nX1,WALKING THE DOG,9,40\n'
    assert run(tmp_path, rows, "--config", folder) == 0
    out = capsys.readouterr().out
    assert "A made-up center: 3 rows; 3 natures, 0 rows that say one again, 0 left out by the mapping, 0 not taken" in out
    assert "TEAM, Team: 1 nature would become eligible, 12 calls; 0 natures" in out
    assert "MENTAL SUBJECT - CALM (M1), like Crisis, 12 calls, row 2" in out
    assert "Like none of ours, open to no programme: 1 nature, 40 calls:\n    WALKING THE DOG (X1), 40 calls, row 4" in out
    assert (folder / "natures.csv").read_text(encoding="utf-8") == before


def test_given_bad_rows_when_looked_at_then_each_is_listed_with_its_row_and_the_reason(
    tmp_path: Path, folder: Path, mapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "M1,PSYCH,,12\nM2,,,3\nM3,PSYCH,,many\nM4,PSYCH\nL1,LUNCH,,7\n"
    assert run(tmp_path, rows, "--config", folder) == 1
    said = capsys.readouterr()
    assert "row 3: M2: no words say what nature it is" in said.err
    assert "row 4: PSYCH: 'many' is no number of calls" in said.err
    assert "row 5: M4 PSYCH: wrong number of columns 2, not 4" in said.err
    assert "Left out by the mapping:\n    row 6: LUNCH: what a unit does" in said.out and "LUNCH" not in said.err


def test_given_a_list_when_written_then_the_configuration_has_it_and_the_old_files_are_put_aside(
    tmp_path: Path, folder: Path, mapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = 'M1,"MENTAL, CALM",,12\nM2,MENTAL - GUN,EMERGENCY,3\nX1,WALKING THE DOG,9,40\n'
    assert run(tmp_path, rows, "--into", folder) == 2
    assert "natures.csv: is there already; --replace puts it aside" in capsys.readouterr().err
    assert run(tmp_path, rows, "--into", folder, "--replace") == 0
    natures = load(folder).natures
    assert list(natures) == ["M1", "M2", "X1", "CRISIS", "OTHER"]
    calm, armed, dog = (natures[NatureCode(code)] for code in ("M1", "M2", "X1"))
    assert (calm.name, calm.programmes, calm.protocol, calm.base) == ("MENTAL, CALM", ("PHONE", "TEAM"), "crisis", "CRISIS")
    assert (armed.programmes, armed.priority, armed.base, armed.modifiers) == ((), "1", "CRISIS", ("WPN",))
    assert (dog.listed, dog.priority, dog.base) == ((), "9", "")
    assert (folder / "natures.before.csv").read_text(encoding="utf-8") == BASES
    assert (folder / "nature_modifiers.before.csv").is_file() and not (folder / "nature_modifiers.csv").exists()


def test_given_an_empty_folder_when_written_then_the_file_is_there(tmp_path: Path, folder: Path, mapping: Path) -> None:
    fresh = tmp_path / "fresh"
    assert run(tmp_path, "M1,PSYCH,,12\n", "--config", folder, "--into", fresh) == 0
    assert (fresh / "natures.csv").read_text(encoding="utf-8").splitlines()[1].startswith("M1,PSYCH,2,PHONE TEAM")


def test_given_a_configuration_that_the_list_would_break_when_written_then_it_is_left_as_it_is(
    tmp_path: Path, folder: Path, mapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = folder / "eligibility.yaml"
    text = rules.read_text(encoding="utf-8").replace("facts: {weapon: [near]}}", "nature: [CRISIS-WPN]}", 1)
    rules.write_text(text, encoding="utf-8")
    assert run(tmp_path, "M1,PSYCH,,12\n", "--into", folder, "--replace") == 2
    assert "'CRISIS-WPN' is not known" in capsys.readouterr().err
    assert (folder / "natures.csv").read_text(encoding="utf-8") == BASES


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'words = "Type"',
            'words = "Typ"',
            "columns.words: there is no column 'Typ'; there are Code",
        ),
        ('nature = "CRISIS"', 'nature = "CRISES"', "likeness[0].nature: Anytown Communications has no nature 'CRISES'"),
        ('"DISTRESS" = "CRISIS"', '"DISTRESS" = "X"', "has no nature 'X'"),
        ('modifier = "WPN"', 'modifier = "ARM"', "besides[0].modifier: no nature"),
        ("[left_out]", "[leftout]", "leftout: there is no such key; allowed are name, title"),
        ('name = "made-up"', "name = ", "is not TOML"),
    ],
)
def test_given_a_wrong_mapping_when_looked_at_then_its_place_is_told(
    tmp_path: Path, folder: Path, mapping: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    text = mapping.read_text(encoding="utf-8")
    assert old in text
    mapping.write_text(text.replace(old, new), encoding="utf-8")
    assert run(tmp_path, "M1,PSYCH,,12\n", "--config", folder) == 2
    assert said in capsys.readouterr().err


CENTER = replace(AGENCY, natures={nature.code: nature for nature in catalogue((BASE,), (ARMS,))})
LAW = msgspec.toml.decode(MAPPING, type=NaturesMapping)


def made(mapping: NaturesMapping, rows: Iterable[tuple[str, str, str, str]]) -> Result:
    listed = [Row(number, number, list(cells)) for number, cells in enumerate(rows, start=2)]
    return take(listed, ["Code", "Type", "Priority", "Calls"], mapping, CENTER)


def test_given_a_code_twice_when_taken_then_the_same_words_are_one_nature_and_others_get_a_code_of_their_own() -> None:
    result = made(LAW, [("A", "ONE", "", "1"), ("A", "ONE", "", "2"), ("A", "TWO", "", "4"), ("", "T  W", "", "1")])
    assert [(t.nature.code, t.nature.name, t.calls, t.rows) for t in result.taken] == [
        ("A", "ONE", 3, (2, 3)), ("A-2", "TWO", 4, (4,)), ("T-W", "T W", 1, (5,)),
    ]  # fmt: skip
    assert [(each.row, each.fate) for each in result.said] == [(3, Fate.TAKEN), (4, Fate.TAKEN)]


def test_given_a_priority_that_is_in_no_table_when_taken_then_it_is_said_and_that_of_the_like_is_kept() -> None:
    result = made(LAW, [("A", "PSYCH", "HIGH", "1"), ("B", "ELSE", "", "1"), ("C", "DISTRESS", "EMERGENCY", "1")])
    assert [taken.nature.priority for taken in result.taken] == ["2", "", "1"]
    assert [each.what for each in result.said] == ["priority 'HIGH' is in no table; it has 2"]


@pytest.mark.parametrize(
    ("phrase", "words", "stands"),
    [
        ("trespass", "TRESPASS, NOW", True), ("trespass", "TRESPASSING", False), ("trespass*", "TRESPASSING", True),
        ("od", "ODOR INSIDE", False), ("just occurred", "X , JUST OCCURRED/ IN", True), ("", "X", False),
    ],
)  # fmt: skip
def test_given_a_phrase_when_looked_for_then_it_is_whole_words(phrase: str, words: str, stands: bool) -> None:
    assert fits((phrase,), words) is stands


def test_given_a_rule_when_asked_then_any_all_none_and_kind_each_count() -> None:
    rule = Likeness("N", any=("a", "b"), all=("c",), none=("d",), kind=("Mental",))
    assert is_like(rule, "b c", "mental")
    assert not any(is_like(rule, *asked) for asked in (("c", "mental"), ("a", "mental"), ("a c d", "mental"), ("a c", "x")))


def test_given_a_list_that_was_taken_when_taken_again_then_it_is_compared_with_what_stood_there_first_and_all_is_kept(
    tmp_path: Path, folder: Path, mapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = "M1,MENTAL - GUN,,3\n", "M1,MENTAL - GUN,,3\nM2,PSYCH,,4\n"
    assert run(tmp_path, first, "--into", folder, "--replace") == 0
    once = (folder / "natures.csv").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(tmp_path, second, "--into", folder, "--replace") == 0
    assert "natures.csv was put aside as natures.before-2.csv" in capsys.readouterr().out
    assert (folder / "natures.before.csv").read_text(encoding="utf-8") == BASES
    assert (folder / "natures.before-2.csv").read_text(encoding="utf-8") == once
    assert {"M1", "M2", CRISIS} <= load(folder).natures.keys()


cell = st.sampled_from(["", "A", "PSYCH", "MENTAL GUN", "# MENTAL", "LUNCH", "1", "x"]) | st.text(max_size=6)


@given(st.lists(st.tuples(cell, cell, cell, cell), max_size=12))
def test_law_every_row_is_taken_left_out_or_said_to_be_not_taken(rows: list[tuple[str, str, str, str]]) -> None:
    result = made(LAW, rows)
    taken = [row for each in result.taken for row in each.rows]
    other = [each.row for each in result.said if each.fate is not Fate.TAKEN]
    assert sorted([*taken, *other]) == list(range(2, len(rows) + 2))
    codes = [each.nature.code for each in result.taken]
    assert len(set(codes)) == len(codes) and all(code and " " not in code for code in codes)


@pytest.mark.parametrize(
    ("file", "mapping", "natures", "unmapped"),
    [("richmond_va_call_types.csv", "richmond.toml", 361, 40), ("nashville_tn_tencodes.csv", "nashville.toml", 40, 4)],
)
def test_given_the_list_of_a_real_center_when_written_then_the_shipped_configuration_can_be_read_with_it(
    real_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, mapping: str, natures: int, unmapped: int
) -> None:
    copy = tmp_path / "durham"
    shutil.copytree(SHIPPED / "durham", copy)
    listed, read_by = real_data / "standards" / file, SHIPPED / "mappings" / "natures" / mapping
    assert entry.main(["import", "natures", str(listed), "--map", str(read_by), "--into", str(copy), "--replace"]) == 1
    said = capsys.readouterr()
    assert said.err.count("no words say what nature it is") == 1 == len(said.err.splitlines())
    assert f" {natures} natures, " in said.out
    own = list(load(copy).natures.values())[:natures]
    assert sum(not nature.base for nature in own) <= unmapped
    assert {"CRT", "COR", "CCD"} == {code for nature in own for code in nature.listed}

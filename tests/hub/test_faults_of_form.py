"""A protocol with a fault of form is refused like one that fails its proof: the last good stays, and the rest is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.agency import EMPTY, Agency
from console.domain.triage.check import prove
from console.hub.configuration import ConfigurationFaulty, load, read
from console.hub.configuration.proof import proved
from console.hub.serve import listen, running
from tests.hub.test_serve import proved_folder
from tests.support.hub import store_url
from tests.support.loop import runs

CRISIS, SAFETY = "protocols/crisis.yaml", "protocols/shared/safety.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small center with three protocols."""
    return three_protocols(tmp_path)


def three_protocols(folder: Path) -> Path:
    """A configuration in files, which is proved; its first two protocols share the question about weapons."""
    proved_folder(folder := folder / "config")
    text = (folder / CRISIS).read_text(encoding="utf-8")
    head, _, rest = text.partition("  - id: weapon\n")
    weapon, between, rest = rest.partition("  - id: calm\n")
    (folder / "protocols/shared").mkdir()
    (folder / SAFETY).write_text(f"questions:\n  - id: weapon\n{weapon}", encoding="utf-8")
    crisis = f"{head}  - include: safety\n{between}{rest}"
    (folder / CRISIS).write_text(crisis, encoding="utf-8")
    for name, source, own in (
        ("scene", "officer", crisis),
        ("other", "alarm", text.replace("- id: ", "- id: other ")),
    ):
        named = own.replace("id: crisis\n", f"id: {name}\nsources: [{source}]\n")
        (folder / f"protocols/{name}.yaml").write_text(named, encoding="utf-8")
    return folder


def edit(folder: Path, file: str, *changes: tuple[str, str]) -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return folder


def versions(agency: Agency) -> dict[str, str]:
    return {protocol.id: protocol.version for protocol in agency.protocols}


def refusals(agency: Agency) -> dict[str, tuple[str, str]]:
    return {each.protocol: (each.version, each.in_force) for each in agency.refused}


NEWER = ("version: 1", "version: 2")
LATER = ("unmapped_nature", "hand_off_s = 45\nunmapped_nature")

FAULTS: dict[str, tuple[str, str, str]] = {
    # name: (what stands there, what stands there instead, how the reason begins)
    "no yaml": ("- id: calm", "- [id: calm", "protocols/crisis.yaml: line "),
    "a field that is missing": (
        "  - id: calm\n    section: safety\n", "  - id: calm\n",
        "protocols/crisis.yaml: line 11, questions[1]: section is missing",
    ),
    "a name twice": ("title: Crisis", "title: Crisis\ntitle: Crisis", "protocols/crisis.yaml: line 5, title: this name "),
    "a value that does not fit": ("status: sample", "status: final", "protocols/crisis.yaml: line 5, status: 'final' "),
    "an include of nothing": (
        "include: safety", "include: safty",
        "protocols/crisis.yaml: line 10, questions[0].include: there is no protocols/shared/safty.yaml",
    ),
    "a text that is missing": ("{en: Calm?, es: ¿Calma?}", "{en: Calm?}", "question calm: it has no words in 'es'"),
    "a key twice": ("key: 2, text", "key: 1, text", "question calm: 2 answers have the key 1"),
    "a key that is no digit": ("key: 2, text", "key: n, text", "question calm: the key 'n' is not a digit"),
    "a fact that is none": ("sets: {calm: yes}", "sets: {quiet: yes}", "question calm, answer 1: 'quiet' is not a fact"),
    "a language of nobody": ("languages: [en, es]", "languages: [en, fr]", "languages: 'fr' is not known"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_given_a_fault_of_form_then_the_last_good_protocol_stays_and_the_rest_is_taken(folder: Path, name: str) -> None:
    good = load(folder)
    before, after, because = FAULTS[name]
    mended = (edit(folder, CRISIS, NEWER) / CRISIS).read_text(encoding="utf-8")
    edit(folder, CRISIS, (before, after))
    edit(edit(folder, "agency.toml", LATER), "protocols/scene.yaml", NEWER)
    found = proved(read(folder), good)
    assert refusals(found) == {"crisis": ("2", "1")}
    assert found.refused[0].because.startswith(because), found.refused[0].because
    assert versions(found) == {"crisis": "1", "scene": "2", "other": "1"}
    assert list(versions(found)) == list(versions(good)), "in the order in which calls are led to them"
    assert found.protocols[0] == good.protocols[0] and found.hand_off_s == 45
    assert proved(read(folder), found) == found, "read again, nothing changes"
    (folder / CRISIS).write_text(mended, encoding="utf-8")
    found = proved(read(folder), found)
    assert versions(found) == {"crisis": "2", "scene": "2", "other": "1"} and found.refused == ()


@pytest.mark.parametrize("name", FAULTS)
def test_given_a_fault_of_form_and_no_earlier_protocol_then_nothing_is_taken_and_place_and_reason_are_told(
    folder: Path, name: str
) -> None:
    before, after, because = FAULTS[name]
    configuration = read(edit(folder, CRISIS, (before, after)))
    with pytest.raises(ConfigurationFaulty) as faulty:
        proved(configuration, EMPTY)
    *findings, how = faulty.value.findings
    assert all(finding.startswith("protocols/") and ": " in finding for finding in findings)
    assert any(because in finding for finding in findings), findings
    assert how.startswith(f"`heart-console protocol check {folder}`")
    with pytest.raises(ConfigurationFaulty) as refused:
        load(folder)
    assert refused.value.findings == tuple(findings), "authors are told the same"


SHARED: dict[str, Callable[[Path], Path]] = {
    "no yaml": lambda folder: edit(folder, SAFETY, ("- {key: 1", "- [key: 1")),
    "a text that is missing": lambda folder: edit(folder, SAFETY, (", es: ¿Un arma?", "")),
}


@pytest.mark.parametrize("name", SHARED)
def test_given_a_fault_in_a_shared_file_then_all_that_include_it_stay_as_they_were(folder: Path, name: str) -> None:
    good = load(folder)
    for protocol in ("crisis", "scene", "other"):
        edit(folder, f"protocols/{protocol}.yaml", NEWER)
    found = proved(read(SHARED[name](folder)), good)
    assert versions(found) == {"crisis": "1", "scene": "1", "other": "2"}
    assert refusals(found) == {"crisis": ("2", "1"), "scene": ("2", "1")}
    with pytest.raises(ConfigurationFaulty) as faulty:
        proved(read(folder), EMPTY)
    assert all(finding.startswith(f"{SAFETY}: ") for finding in faulty.value.findings[:-1])


def test_given_shared_words_that_changed_beside_a_faulty_protocol_then_nothing_is_asked_in_two_ways(
    folder: Path,
) -> None:
    good = load(folder)
    edit(edit(folder, CRISIS, NEWER, ("- id: calm", "- [id: calm")), SAFETY, ("A weapon?", "Any weapon?"))
    edit(edit(folder, "protocols/scene.yaml", NEWER), "protocols/other.yaml", NEWER)
    found = proved(read(folder), good)
    assert versions(found) == {"crisis": "1", "scene": "1", "other": "2"}
    assert refusals(found) == {"crisis": ("2", "1"), "scene": ("2", "1")}
    assert found.refused[1].because.startswith("question weapon: another question has this id in protocol crisis")


def test_given_a_question_that_two_protocols_have_in_two_ways_then_both_stay_as_they_were(folder: Path) -> None:
    good = load(folder)
    edit(edit(folder, CRISIS, NEWER, ("Calm?", "Quiet?")), "protocols/other.yaml", NEWER)
    found = proved(read(folder), good)
    assert versions(found) == {"crisis": "1", "scene": "1", "other": "2"}
    assert refusals(found) == {"crisis": ("2", "1"), "scene": ("1", "1")}
    assert found.refused[1].because.startswith("question calm: another question has this id in protocol crisis")


def test_given_two_files_of_one_id_then_neither_is_taken_and_the_last_good_one_stays(folder: Path) -> None:
    good = load(folder)
    text = (edit(folder, CRISIS, NEWER) / CRISIS).read_text(encoding="utf-8")
    (folder / "protocols/crisis_copy.yaml").write_text(text, encoding="utf-8")
    found = proved(read(folder), good)
    assert versions(found) == versions(good) and refusals(found) == {"crisis": ("2", "1")}
    assert found.refused[0].because == (
        "protocols/crisis_copy.yaml: id: 'crisis' is the id of protocols/crisis.yaml already"
    )


def test_given_a_modifier_that_is_new_beside_a_faulty_protocol_then_the_last_good_one_is_about_its_natures_too(
    folder: Path,
) -> None:
    asked = ("- id: calm\n", "- id: calm\n    ask_when: {nature: [CRISIS]}\n")
    good = load(edit(edit(folder, CRISIS, asked), "protocols/scene.yaml", asked))
    edit(folder, CRISIS, NEWER, ("status: sample", "status: final"))
    (folder / "nature_modifiers.csv").write_text("code,name,goes_with\nLOUD,loud,CRISIS\n", encoding="utf-8")
    found = proved(read(folder), good)
    assert refusals(found) == {"crisis": ("2", "1")}
    crisis, scene = found.protocols[0].questions[1].ask_when, found.protocols[2].questions[1].ask_when
    assert crisis == scene and len(crisis.nature) == 2


CUTS = st.tuples(
    st.floats(0, 1), st.integers(0, 30), st.sampled_from(["", "[", "}", "'", "\n", "- ", ": ", "*a", "\0", "é"])
)


@given(file=st.sampled_from([CRISIS, SAFETY]), cut=CUTS, in_latin=st.booleans())
@settings(max_examples=40)
def test_given_a_protocol_file_that_is_broken_anywhere_then_the_hub_starts_and_what_it_takes_is_proved(
    tmp_path_factory: pytest.TempPathFactory, file: str, cut: tuple[float, int, str], in_latin: bool
) -> None:
    folder = three_protocols(tmp_path_factory.mktemp("any"))
    good = load(folder)
    text = (folder / file).read_text(encoding="utf-8")
    after_id = text.find("version: ") + 1
    at = after_id + round(cut[0] * (len(text) - after_id))
    text = f"{text[:at]}{cut[2]}{text[at + cut[1] :]}"
    (folder / file).write_bytes(text.encode("latin-1" if in_latin else "utf-8"))
    found = proved(read(folder), good)
    assert "" not in refusals(found)
    assert {"crisis", "scene", "other"} <= versions(found).keys()
    assert all(prove(found, protocol).proved for protocol in found.protocols)


@pytest.mark.parametrize("line", ["id[: crisis", "id: scene", "[id: crisis"])
def test_given_a_faulty_file_that_does_not_say_which_protocol_it_is_then_the_whole_earlier_stays(
    folder: Path, line: str
) -> None:
    good = load(folder)
    (edit(folder, CRISIS, ("id: crisis", line)) / CRISIS).rename(folder / "protocols/in_a_crisis.yaml")
    found = proved(read(folder), good)
    assert replace(found, refused=()) == good and len(found.refused) == 1


def test_given_a_file_that_goes_round_in_itself_then_that_is_said(folder: Path) -> None:
    good = load(folder)
    (folder / CRISIS).write_text("id: crisis\nquestions: &q\n  - *q\n", encoding="utf-8")
    (folder / SAFETY).write_text("questions: " + "[" * 5_000, encoding="utf-8")
    found = proved(read(folder), good)
    assert versions(found) == versions(good) and refusals(found) == {"crisis": ("", "1"), "scene": ("1", "1")}


def test_given_a_faulty_protocol_that_is_new_then_the_whole_earlier_configuration_stays(folder: Path) -> None:
    good = load(folder)
    text = (edit(folder, "agency.toml", LATER) / CRISIS).read_text(encoding="utf-8")
    (folder / "protocols/new.yaml").write_text(text.replace("id: crisis", "id: new").replace("status: ", "state: "))
    found = proved(read(folder), good)
    assert replace(found, refused=()) == good and refusals(found) == {"new": ("1", "")}
    assert found.refused[0].because.endswith("; nothing else of the new configuration was taken either")


def test_given_a_shared_file_that_nobody_includes_then_it_was_forgotten_and_the_earlier_stays(
    folder: Path,
) -> None:
    good = load(folder)
    (edit(folder, "agency.toml", LATER) / "protocols/shared/more.yaml").write_text("questions: []\n")
    found = proved(read(folder), good)
    assert replace(found, refused=()) == good
    assert found.refused[0].because.startswith("protocols/shared/more.yaml: no protocol includes it")


def test_given_rules_that_want_what_only_a_refused_one_asks_then_the_earlier_configuration_stays(
    folder: Path,
) -> None:
    good = load(folder)
    edit(folder, "eligibility.yaml", ("facts:\n", "facts:\n  age: {name: Age, values: {old: old}}\n"))
    edit(folder, "eligibility.yaml", ("facts_shown: [", "facts_shown: [age, "))
    edit(folder, CRISIS, NEWER, ("status: sample", "status: final"))
    found = proved(read(folder), good)
    assert replace(found, refused=()) == good and refusals(found) == {"crisis": ("2", "1")}


@pytest.mark.parametrize("file", ["eligibility.yaml", "agency.toml"])
def test_given_a_fault_beside_a_faulty_protocol_then_nothing_is_read_and_both_are_told(folder: Path, file: str) -> None:
    edit(folder, CRISIS, ("status: sample", "status: final"))
    (folder / file).write_text("[", encoding="utf-8")
    with pytest.raises(ConfigurationFaulty) as faulty:
        read(folder)
    assert {finding.partition(":")[0] for finding in faulty.value.findings} == {file, CRISIS}


@pytest.mark.expects_log("refused: protocol crisis, version 2, protocols/crisis.yaml: line 5, status: 'final' does not fit")
@runs
async def test_given_a_hub_that_starts_on_a_faulty_protocol_then_its_log_says_so(folder: Path, tmp_path: Path) -> None:
    for number in range(3):
        listening = listen("127.0.0.1:0")
        try:
            async with running(store_url(tmp_path), read(folder), listening) as hub:
                agency, head = hub.ledger.state.agency, hub.ledger.head
        finally:
            listening.close()
        if number == 0:
            assert agency == load(folder) and head == 1
            edit(folder, CRISIS, NEWER, ("status: sample", "status: final"))
    assert versions(agency)["crisis"] == "1" and refusals(agency) == {"crisis": ("2", "1")}
    assert head == 2, "said once, however often the hub starts"

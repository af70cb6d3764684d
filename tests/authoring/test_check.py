"""`protocol check` as its readers see it: what was covered, what is wrong, and the conversation that shows it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from console.__main__ import main
from console.bench.protocol_check import synthetic
from console.domain.agency import Agency
from console.domain.conditions import Condition
from console.domain.triage.check import prove, prove_rules
from console.domain.triage.protocol import Proposal
from console.hub.configuration import Configuration, load
from console.shipped import default_configuration
from tests.hub.test_serve import proved_folder
from tests.support.agency import WEAPON
from tests.support.sound import SOUND, SOUND_PROTOCOL

SHIPPED = sorted(path.parent for path in default_configuration().parent.glob("*/agency.toml"))


def check(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("console.authoring.check.read", lambda _: Configuration(agency))
    return main(["protocol", "check", "anywhere"])


def test_given_a_sound_configuration_then_what_was_covered_is_told_and_exit_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(SOUND, monkeypatch) == 0
    told = capsys.readouterr().out
    assert "3 questions, at most 3 in one interview, 6 beginnings, 41 states, 77 paths; " in told
    assert "what was proved of every protocol\n    every conversation ends with a proposal" in told
    assert "    a weapon, or it is not known: PHONE, TEAM\n" in told
    assert "to look at" not in told and told.endswith("\n\nAll proved.\n")


def test_given_a_thin_never_unarmed_then_what_it_leaves_out_is_said_beside_the_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(replace(SOUND, never_unarmed=SOUND.never_unarmed[2:]), monkeypatch) == 0
    told = capsys.readouterr().out
    assert "to look at: the criteria rule this out and never_unarmed does not name it" in told
    assert "    PHONE, TEAM: is denied (deny)\n        Weapon: within reach; secured\n" in told
    assert "    PHONE, TEAM: must be known (needs)\n        Weapon: not known\n" in told


def test_given_a_broken_one_then_each_finding_with_its_conversation_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = Proposal("EMS", Condition({WEAPON: ("not_known",)}), "an ambulance alone")
    protocol = replace(SOUND_PROTOCOL, proposals=(alone, *SOUND_PROTOCOL.proposals))
    assert check(replace(SOUND, protocols=(protocol,)), monkeypatch) == 1
    told = capsys.readouterr().out
    assert (
        "    proposal 1 (EMS): only unarmed people are sent though nobody may go unarmed: a weapon, or it is not known\n"
        "        call: Crisis, priority 1, wireless 911\n"
        "        1. Is there a weapon?\n"
        "           4  They do not know\n"
        "        2. Anything like a weapon?\n"
        "           4  They do not know\n"
        "        3. Is there a violence?\n"
        "           2  Yes\n"
        "        proposed: EMS\n"
        "           an ambulance alone\n"
    ) in told
    assert told.endswith(" findings.\n")


def test_given_one_that_cannot_be_walked_then_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(replace(SOUND, protocols=(replace(SOUND_PROTOCOL, questions=()),)), monkeypatch) == 1
    assert "0 questions, not walked; " in capsys.readouterr().out


def test_given_a_folder_that_is_none_then_its_findings_on_stderr_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["protocol", "check", str(tmp_path / "none")]) == 1
    assert "is not a folder" in capsys.readouterr().err


def broken(folder: Path, file: str, before: str, after: str) -> str:
    """The folder's name, with one thing in it broken."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return str(folder)


def test_given_files_that_cannot_be_read_then_every_place_and_reason_on_stderr_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = proved_folder(tmp_path)
    text = (folder / "protocols/crisis.yaml").read_text(encoding="utf-8")
    (folder / "protocols/wrong.yaml").write_text(text.replace("key: 3", "key: 1").replace("id: crisis", "id: wrong"))
    assert main(["protocol", "check", broken(folder, "protocols/crisis.yaml", "status: sample", "status: final")]) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.splitlines() == [
        "protocols/crisis.yaml: line 5, status: 'final' does not fit here; allowed: sample, approved",
        "protocols/wrong.yaml: question weapon: 2 answers have the key 1; each key once",
        "protocols/wrong.yaml: question calm: 2 answers have the key 1; each key once",
    ]


def test_given_one_that_tells_of_what_is_no_fact_then_the_others_are_proved_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = proved_folder(tmp_path)
    text = (folder / "protocols/crisis.yaml").read_text(encoding="utf-8")
    wrong = text.replace("id: crisis\n", "id: wrong\nsources: [officer]\n").replace("- id: ", "- id: other ")
    (folder / "protocols/wrong.yaml").write_text(wrong.replace("{calm: no}", "{quiet: no}"), encoding="utf-8")
    assert main(["protocol", "check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "\ncrisis, version 1 (sample)\n    2 questions, at most 2 in one interview, " in told
    assert "    in protocols/wrong.yaml\n\n    question other calm, answer 2: 'quiet' is not a fact; allowed: " in told
    assert told.endswith("\n1 finding.\n")


def test_given_words_that_are_missing_then_they_are_told_with_their_file_and_the_rest_is_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = proved_folder(tmp_path)
    (folder / "protocols/shared").mkdir()
    text = (folder / "protocols/crisis.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("  - id: weapon\n")
    weapon, calm, rest = rest.partition("  - id: calm\n")
    (folder / "protocols/shared/safety.yaml").write_text(f"questions:\n  - id: weapon\n{weapon}", encoding="utf-8")
    (folder / "protocols/crisis.yaml").write_text(f"{head}  - include: safety\n{calm}{rest}", encoding="utf-8")
    assert main(["protocol", "check", str(folder)]) == 0
    capsys.readouterr()
    assert main(["protocol", "check", broken(folder, "protocols/shared/safety.yaml", ", es: ¿Un arma?", "")]) == 1
    told = capsys.readouterr().out
    assert " paths; " in told, "it was walked"
    assert (
        "    in protocols/shared/safety.yaml\n\n"
        "    question weapon: it has no words in 'es'; a text in each declared language\n"
    ) in told


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_given_a_configuration_that_ships_then_all_of_it_is_proved(folder: Path) -> None:
    agency = load(folder)
    assert agency.never_unarmed, "there is something to prove it against"
    assert prove_rules(agency) == ()
    proofs = [prove(agency, protocol) for protocol in agency.protocols]
    assert [finding for proof in proofs for finding in proof.findings] == []
    assert all(proof.paths > 0 and proof.longest > 0 for proof in proofs)


def test_given_many_questions_whose_conditions_cross_then_their_paths_are_counted_without_listing_them() -> None:
    agency = synthetic(24)
    proof = prove(agency, agency.protocols[0])
    assert proof.findings == () and proof.paths > 10**12

"""Only what is proved comes into force; what is refused is told, and the last good one stays."""

from pathlib import Path

import msgspec.json
import pytest
from msgspec.structs import replace

from console.domain.agency import EMPTY, Agency, RefusedProtocol
from console.domain.conditions import Condition
from console.domain.ids import FactName
from console.domain.triage.protocol import Proposal
from console.hub.configuration import Configuration, ConfigurationFaulty, proof
from console.hub.configuration.protocols import read_protocols
from tests.support.sound import ASKS_PARTY, PARTY, SOUND, SOUND_PROTOCOL

EMS = Proposal("EMS", Condition(), "an ambulance alone, whatever is known")
UNSOUND = replace(SOUND_PROTOCOL, version="2", proposals=(EMS, *SOUND_PROTOCOL.proposals))
BROKEN = replace(SOUND, hand_off_s=45, protocols=(UNSOUND,))


def proved(agency: Agency, before: Agency, folder: Path | None = None) -> Agency:
    """What comes into force of an agency that was read from there."""
    return proof.proved(Configuration(agency, folder, read_protocols(folder) if folder else ()), before)


def lax(agency: Agency) -> Agency:
    """With rules of eligibility by which an unarmed programme may go anywhere."""
    team = agency.programmes[1]
    criteria = replace(team.criteria, deny=())
    return replace(agency, programmes=(agency.programmes[0], replace(team, criteria=criteria), *agency.programmes[2:]))


def test_given_a_sound_configuration_then_it_comes_into_force_as_it_is() -> None:
    assert proved(SOUND, EMPTY) == SOUND
    assert proved(replace(SOUND, hand_off_s=45), SOUND).hand_off_s == 45


def test_given_a_protocol_that_fails_then_the_last_good_one_stays_and_the_rest_is_taken() -> None:
    found = proved(BROKEN, SOUND)
    assert found.protocols == (SOUND_PROTOCOL,) and found.hand_off_s == 45
    (refused,) = found.refused
    assert (refused.protocol, refused.version, refused.in_force) == ("crisis", "2", "1")
    assert refused.because.startswith("proposal 1 (EMS): only unarmed people are sent though nobody may go unarmed")


def test_given_a_refused_protocol_when_read_again_then_nothing_changes_and_once_mended_it_is_taken() -> None:
    found = proved(BROKEN, SOUND)
    assert proved(BROKEN, found) == found
    mended = replace(SOUND, hand_off_s=45)
    assert proved(mended, found) == mended and mended.refused == ()
    assert proved(SOUND, replace(SOUND, refused=found.refused)) is SOUND, "back to what was in force before"


def test_given_no_earlier_good_one_then_nothing_is_taken_and_every_finding_is_told() -> None:
    with pytest.raises(ConfigurationFaulty) as refused:
        proved(BROKEN, EMPTY)
    lines = refused.value.findings
    assert (
        any(line.startswith("protocol crisis: proposal 1 (EMS): only unarmed people") for line in lines) and len(lines) > 1
    )
    with pytest.raises(ConfigurationFaulty):
        proved(BROKEN, replace(BROKEN, hand_off_s=30))


def test_given_no_earlier_good_one_when_the_folder_is_known_then_file_folder_and_command_are_named(tmp_path: Path) -> None:
    protocols = tmp_path / "protocols"
    protocols.mkdir()
    (protocols / "in_a_crisis.yaml").write_bytes(msgspec.json.encode(UNSOUND))
    with pytest.raises(ConfigurationFaulty) as refused:
        proved(BROKEN, EMPTY, tmp_path)
    *lines, last = refused.value.findings
    assert all(line.startswith("protocols/in_a_crisis.yaml: ") for line in lines)
    assert last == f"`heart-console protocol check {tmp_path}` shows how, with a conversation for each"
    with pytest.raises(ConfigurationFaulty) as refused:
        proved(lax(SOUND), EMPTY, tmp_path)
    assert refused.value.findings[0].startswith("eligibility.yaml: eligibility: criteria of TEAM: ")


def test_given_a_text_that_fails_under_the_same_number_then_it_is_said_what_differs() -> None:
    same = replace(UNSOUND, version=SOUND_PROTOCOL.version, questions=(*UNSOUND.questions[:2], ASKS_PARTY))
    worded = replace(same, questions=(replace(same.questions[0], section="arms"), *same.questions[1:]))
    (refused,) = proved(replace(BROKEN, protocols=(worded,)), SOUND).refused
    assert refused.version == refused.in_force == "1"
    assert refused.because.endswith(
        " (also called version 1, but its text differs from the one in force: "
        "question weapon, its proposals; raise the number)"
    )


def test_given_a_new_protocol_that_fails_then_the_whole_earlier_configuration_stays() -> None:
    added = replace(UNSOUND, id="added", sources=("officer",))
    found = proved(replace(SOUND, hand_off_s=45, protocols=(SOUND_PROTOCOL, added)), SOUND)
    assert replace(found, refused=()) == SOUND
    assert [(r.protocol, r.version, r.in_force) for r in found.refused] == [("added", "2", "")]


def test_given_rules_of_eligibility_that_fail_then_the_whole_earlier_configuration_stays() -> None:
    found = proved(lax(replace(SOUND, hand_off_s=45)), SOUND)
    assert replace(found, refused=()) == SOUND
    assert found.refused[0] == RefusedProtocol(
        "",
        "",
        "",
        "criteria of TEAM: Team is unarmed and eligible though nobody may go unarmed: a weapon, or it is not known",
    )


def test_given_an_earlier_protocol_that_is_not_sound_among_the_new_rules_then_the_earlier_configuration_stays() -> None:
    caller = FactName("caller")
    facts = {fact: known for fact, known in SOUND.facts.items() if fact != PARTY} | {caller: SOUND.facts[PARTY]}
    answers = tuple(replace(answer, sets={caller: answer.sets[PARTY]}) for answer in ASKS_PARTY.answers)
    questions = (*UNSOUND.questions[:2], replace(ASKS_PARTY, answers=answers))
    proposals = (EMS, Proposal("PHONE", Condition({caller: ("self",)}), "the caller can talk"))
    found = proved(
        replace(BROKEN, facts=facts, protocols=(replace(UNSOUND, questions=questions, proposals=proposals),)), SOUND
    )
    assert replace(found, refused=()) == SOUND
    assert [(r.protocol, r.version, r.in_force) for r in found.refused] == [("crisis", "2", "1")]

"""`protocol import` and `protocol export` as a person calls them: what is written, what is said, and the exit code."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.__main__ import main
from console.authoring.walk import begin
from console.domain import commands as c
from console.domain.agency import Agency
from console.domain.ids import HUB, CallId, CommandId, DeskId
from console.domain.state import Place, Source
from console.domain.triage.interview import Asking, protocol_for, step
from console.domain.triage.protocol import Protocol
from console.hub.configuration import load
from console.hub.configuration.findings import Findings
from console.hub.configuration.formats import yaml_file
from tests.hub.test_ledger import BY, ledger_on
from tests.support.hub import order, store_url
from tests.support.loop import runs

CONFIGURATIONS = sorted(path.parent for path in (Path(__file__).parents[2] / "config").glob("*/agency.toml"))
SHIPPED = CONFIGURATIONS[0]
SCREEN: dict[str, Any] = {
    "resourceType": "Questionnaire", "status": "active", "name": "Screen", "item": [
        {"linkId": "calm", "text": "Calm?", "type": "boolean", "_text": {"translation": [{"lang": "es", "content": "¿Y?"}]}},
    ],
}  # fmt: skip


def _protocol_in(path: Path) -> Protocol:
    findings = Findings()
    value, reader = yaml_file(path, path.name, findings)
    read: Protocol = reader.read(value, Protocol)
    assert findings.lines == []
    return read


def _written(folder: Path, form: object) -> str:
    path = folder / "form.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    return str(path)


def test_a_form_is_imported_into_a_file_that_the_configuration_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "screen.yaml"
    assert main(["protocol", "import", _written(tmp_path, SCREEN), "--into", str(into), "--config", str(SHIPPED)]) == 0
    (question,) = _protocol_in(into).questions
    assert [answer.text for answer in question.answers][2] == {"en": "Not known", "es": "No se sabe"}
    assert "name: Calm?" in into.read_text("utf-8"), "the fact it needs, for eligibility.yaml"
    said = capsys.readouterr()
    assert "screen, 1 questions in en, es" in said.out
    assert 'to know: calm: the answer "not known" was added' in said.err


def test_what_was_not_carried_is_said_and_the_file_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = {**SCREEN, "item": [*SCREEN["item"], {"linkId": "name", "text": "Name?", "type": "string"}]}
    into = tmp_path / "screen.yaml"
    assert main(["protocol", "import", _written(tmp_path, form), "--into", str(into)]) == 1
    assert "not carried: name: the question: an answer of type string" in capsys.readouterr().err
    assert len(_protocol_in(into).questions) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [("{", "is not JSON"), ("[]", "expected a FHIR R4 Questionnaire"), ('{"resourceType": "Questionnaire"}', "status")],
)
def test_what_is_no_form_is_refused_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, what: str
) -> None:
    path, into = tmp_path / "form.json", tmp_path / "screen.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["protocol", "import", str(path), "--into", str(into)]) == 2
    assert what in (said := capsys.readouterr().err) and "Nothing was written." in said
    assert not into.exists()


def test_a_protocol_file_that_is_there_is_written_over_only_when_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "screen.yaml"
    into.write_text("mine", encoding="utf-8")
    words = ["protocol", "import", _written(tmp_path, SCREEN), "--into", str(into)]
    assert main(words) == 2
    assert f"{into}: is there already, perhaps with changes of yours; --replace" in capsys.readouterr().err
    assert into.read_text(encoding="utf-8") == "mine"
    assert main([*words, "--replace"]) == 0
    assert len(_protocol_in(into).questions) == 1


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = tmp_path / "none" / "screen.yaml"
    assert main(["protocol", "import", _written(tmp_path, SCREEN), "--into", str(into)]) == 2
    assert f"the folder {into.parent} does not exist; make it, or name another\nNothing was" in capsys.readouterr().err


@pytest.mark.parametrize("folder", CONFIGURATIONS, ids=lambda path: path.name)
def test_every_shipped_protocol_goes_out_and_comes_back_the_same(tmp_path: Path, folder: Path) -> None:
    for protocol in load(folder).protocols:
        out, back = str(tmp_path / "out.json"), tmp_path / "back.yaml"
        code = main(["protocol", "export", str(folder), "--protocol", protocol.id, "--into", out])
        assert code in (0, 1)
        assert main(["protocol", "import", out, "--into", str(back), "--config", str(folder), "--replace"]) == 0
        assert _protocol_in(back) == protocol


def test_an_unknown_protocol_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocol", "export", str(SHIPPED), "--protocol", "nowhere"]) == 2
    assert load(SHIPPED).protocols[0].id in capsys.readouterr().err


def test_answers_of_a_file_become_a_response(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rehearsal, path = begin(load(SHIPPED)), tmp_path / "answers.txt"
    asking = rehearsal.step()
    assert isinstance(asking, Asking) and rehearsal.protocol is not None
    question, key = asking.question, asking.question.answers[0].key
    path.write_text(f"# a morning\n{question.id}: {key}\n", encoding="utf-8")
    arguments = ["protocol", "export", str(SHIPPED), "--protocol", rehearsal.protocol.id, "--answers", str(path)]
    assert main(arguments) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["resourceType"], made["status"]) == ("QuestionnaireResponse", "in-progress")
    assert "authored" not in made, "nobody knows when these were given"
    (group,) = made["item"]
    (item,) = group["item"]
    assert (item["linkId"], item["answer"][0]["valueCoding"]["code"]) == (question.id, key)
    assert main([*arguments, "--priority", "P"]) == 0, "a call like the one that was walked"
    capsys.readouterr()
    path.write_text(f"{question.id}: {key}\nnowhere: 1\n", encoding="utf-8")
    assert main(arguments) == 2
    assert "line 2" in capsys.readouterr().err


@runs
async def test_the_answers_of_a_call_are_read_beside_a_hub_that_is_running(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agency = load(SHIPPED)
    async with ledger_on(tmp_path, configured=False) as (ledger, _):
        await ledger.submit(c.Order(CommandId("configured"), c.ConfigureAgency(agency)), HUB)
        call_id = CallId("a-call")
        await ledger.submit(
            order(c.ReceiveCall(call_id, Source.PHONE, _nature(agency), Place("1 Main St"))), BY, DeskId("d")
        )
        for _ in range(3):
            call = ledger.state.calls[call_id]
            protocol = protocol_for(agency, call)
            assert protocol is not None
            asking = step(protocol, call)
            assert isinstance(asking, Asking)
            answer = c.AnswerQuestion(call_id, protocol.id, asking.question.id, asking.question.answers[0].key)
            assert isinstance(await ledger.submit(order(answer), BY, DeskId("d")), c.Accepted)
        export = ["protocol", "export", str(SHIPPED), "--store", store_url(tmp_path), "--call"]
        assert main([*export, ledger.state.calls[call_id].number]) == 0
        made = capsys.readouterr().out
        assert main([*export, "9999"]) == 2
        assert "no call '9999'" in capsys.readouterr().err
        missed = next(reason.code for reason in agency.missed_reasons if not reason.needs_text)
        assert isinstance(await ledger.submit(order(c.CloseCall(call_id, missed=missed)), BY, DeskId("d")), c.Accepted)
        assert isinstance(await ledger.submit(order(c.FileClosedCalls(datetime(9999, 1, 1, tzinfo=UTC))), HUB), c.Accepted)
        assert not ledger.state.calls
        assert main([*export, call_id]) == 0, "a call that has left the board is found in the history"
        assert made in capsys.readouterr().out
    assert (json.loads(made)["status"], made.count("valueCoding")) == ("in-progress", 3)
    assert "1 Main St" not in made, "whose call it was stays out of it"
    assert BY in made


def _nature(agency: Agency) -> Any:
    return next(code for code, nature in agency.natures.items() if nature.programmes and nature.protocol)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocol", "export", str(SHIPPED), "--store", store_url(tmp_path), "--call", "1"]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert main(["protocol", "export", str(SHIPPED), "--call", "1"]) == 2
    assert list(tmp_path.iterdir()) == []

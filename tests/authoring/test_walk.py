"""A protocol walked in the terminal, and files of answers replayed; the files stand here as their authors write them."""

import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.__main__ import main
from console.authoring.walk import CannotWalk, begin, read_answers, replay
from console.domain.ids import NatureCode
from tests.support.agency import AGENCY, BURGLARY, CRISIS

FIRST, *REST = AGENCY.protocols[0].questions
ASKING = replace(AGENCY.protocols[0], questions=(replace(FIRST, again={"en": "In their hands?", "es": "?"}), *REST))
OFFICER = replace(ASKING, id="officer", sources=("officer",), questions=ASKING.questions[:1])
CENTER = replace(AGENCY, protocols=(ASKING, OFFICER))


def transcript(answers: str, **chosen: str) -> list[str]:
    said: list[str] = []
    replay(begin(CENTER, **chosen), read_answers(answers), said.append)
    return [line.strip() for text in said for line in text.splitlines() if line.strip()]


def test_given_a_file_of_answers_when_replayed_then_the_transcript_tells_what_each_one_changed() -> None:
    answers = """
        weapon: 1      # nothing seen
        2
    """
    assert transcript(answers, nature="CRISIS") == [
        "Phone: eligible",
        "Team: not enough known (open: Weapon)",
        "Armed: not enough known (open: Weapon)",
        "proposed: Phone",
        "could still change by weapon",
        "1 of at most 2. weapon (safety)",
        "weapon?", "1  none", "2  near", "3  secured", "4  not_known",
        "> 1  none",
        "Team: eligible",
        "Armed: not eligible (no reason for it is known)",
        "could still change by violence",
        "2 of at most 2. violence (safety)",
        "violence?", "1  no", "2  yes", "3  not_known",
        "> 2  yes",
        "The interview is at its end.",
    ]  # fmt: skip


def test_given_not_known_then_the_question_is_put_again_in_its_other_words() -> None:
    told = transcript("4\n4")
    assert "1 of at most 2. weapon (safety, asked again)" in told and "In their hands?" in told
    assert told[-1] == "The interview is at its end.", "without knowing of a weapon nobody asks for violence"


def test_given_a_file_that_stops_early_then_what_would_be_asked_is_said() -> None:
    assert transcript("1")[-1] == "Not at its end: violence would be asked now."


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("1\nnonsense here\n", "line 2: 'nonsense here' is no answer"),
        ("# first\n\n7\n", "line 3: '7' does not answer weapon; its keys are 1, 2, 3, 4"),
        ("violence: 1\n", "line 1: violence is not what is asked now; it is weapon"),
        ("2\n1\n", "line 2: nothing is left to ask"),
    ],
)
def test_given_a_line_that_does_not_fit_then_its_number_and_the_reason(answers: str, said: str) -> None:
    with pytest.raises(CannotWalk) as stopped:
        transcript(answers)
    assert str(stopped.value).startswith(said)


def test_given_what_is_named_then_the_call_begins_there_or_the_reason_is_told() -> None:
    assert begin(CENTER).call.nature == CRISIS
    assert begin(CENTER, nature=BURGLARY, priority="P").call.priority == "P"
    assert begin(CENTER, "officer").call.source == "officer"
    for wrong, said in [
        ({"protocol": "none"}, "there is none; there are crisis, officer"),
        ({"nature": "NONE"}, "not in the catalogue"),
        ({"protocol": "officer", "source": "text"}, "led by another"),
    ]:
        with pytest.raises(CannotWalk, match=said):
            begin(CENTER, **wrong)
    with pytest.raises(CannotWalk, match="no protocol"):
        begin(replace(CENTER, protocols=()), nature=NatureCode("CRISIS"))


def test_given_a_person_at_the_terminal_then_digits_answer_b_goes_back_and_a_wrong_key_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("console.authoring.walk.load", lambda _: CENTER)
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nb\nx\n2\n"))
    assert main(["protocol", "walk", str(tmp_path), "--nature", "CRISIS"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Crisis: crisis, version 1 (sample)\ncall: Crisis (CRISIS), priority 2, call_911\n")
    assert told.count("1 of at most 2. weapon") == 3, "at first, after going back, and after the wrong key"
    assert "'x' does not answer weapon" in told and told.endswith("The interview is at its end.\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    assert main(["protocol", "walk", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("Left.\n")


def test_given_a_file_that_is_wrong_or_not_there_then_exit_1_and_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("console.authoring.walk.load", lambda _: CENTER)
    answers = tmp_path / "answers.txt"
    assert main(["protocol", "walk", str(tmp_path), "--answers", str(answers)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    answers.write_text("9\n", encoding="utf-8")
    assert main(["protocol", "walk", str(tmp_path), "--answers", str(answers)]) == 1
    assert capsys.readouterr().err.startswith("line 1: '9' does not answer weapon")

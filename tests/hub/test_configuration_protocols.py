"""Questions that several protocols ask, written once: taken in place, and every fault named with file and place."""

from pathlib import Path

import pytest

from console.domain.triage.check import Finding
from console.domain.triage.protocol import Question
from console.hub.configuration.protocols import ProtocolFile, read_protocols

HEAD = 'version: "1"\ntitle: T\nstatus: sample\nauthor: tests\ndate: "2026-01-01"\nlanguages: [en]\nproposals: []\n'


def question(name: str, text: str = "Well?") -> str:
    return (
        f'  - {{id: {name}, section: s, text: {{en: "{text}"}}, answers: [{{key: "1", text: {{en: a}}, sets: {{f: v}}}}]}}\n'
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / "protocols" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def read(folder: Path, files: dict[str, str]) -> dict[str, ProtocolFile]:
    found = read_protocols(write(folder, files))
    assert not [finding for file in found for finding in file.findings]
    return {file.name: file for file in found}


def questions(file: ProtocolFile) -> list[Question]:
    assert file.protocol
    return list(file.protocol.questions)


def refused(folder: Path, files: dict[str, str]) -> dict[str, list[str]]:
    """The findings of each file that has some."""
    found = read_protocols(write(folder, files))
    assert all((file.protocol is None) == bool(file.findings) for file in found)
    return {file.name.removeprefix("protocols/"): [f.line for f in file.findings] for file in found if file.findings}


SAFETY = "questions:\n" + question("weapon") + question("violence")


def test_given_an_include_then_its_questions_stand_in_its_place_and_know_their_file(tmp_path: Path) -> None:
    one = f"id: one\n{HEAD}questions:\n{question('who')}  - include: safety\n{question('where')}"
    two = f"id: two\n{HEAD}questions:\n  - include: safety\n"
    found = read(tmp_path, {"one.yaml": one, "two.yaml": two, "shared/safety.yaml": SAFETY})
    first, second = found["protocols/one.yaml"], found["protocols/two.yaml"]
    assert [q.id for q in questions(first)] == ["who", "weapon", "violence", "where"]
    assert questions(second) == questions(first)[1:3]
    assert [file.removeprefix("protocols/") for file in first.written_in.values()] == [
        "one.yaml", "shared/safety.yaml", "shared/safety.yaml", "one.yaml",
    ]  # fmt: skip


def test_given_a_fault_in_a_shared_file_then_it_is_one_of_every_protocol_that_includes_it(tmp_path: Path) -> None:
    faulty = SAFETY.replace("section: s", "sektion: s", 1)
    files = {f"{n}.yaml": f"id: {n}\n{HEAD}questions:\n  - include: safety\n" for n in ("one", "two")}
    alone = {"three.yaml": f"id: three\n{HEAD}questions:\n{question('who')}"}
    found = refused(tmp_path, files | alone | {"shared/safety.yaml": faulty})
    assert found["one.yaml"] == found["two.yaml"] and found.keys() == {"one.yaml", "two.yaml"}
    assert len(found["one.yaml"]) == 2
    assert all(finding.startswith("protocols/shared/safety.yaml: line 2, questions[0]") for finding in found["one.yaml"])


@pytest.mark.parametrize(
    ("items", "shared", "expected"),
    [
        (
            "  - include: safty\n", {"safety": SAFETY},
            "protocols/one.yaml: line 10, questions[0].include: there is no protocols/shared/safty.yaml; allowed: safety",
        ),
        (
            f"  - include: safety\n{question('weapon')}", {"safety": SAFETY},
            "protocols/one.yaml: line 11, questions[1]: question 'weapon' of protocols/one.yaml stands here twice, "
            "first from protocols/shared/safety.yaml; each id once",
        ),
        (
            "  - include: safety\n  - include: safety\n", {"safety": SAFETY},
            "protocols/one.yaml: line 11, questions[1]: question 'violence' of protocols/shared/safety.yaml stands here",
        ),
        (
            "  - {include: safety, ask_when: {}}\n", {"safety": SAFETY},
            "protocols/one.yaml: line 10, questions[0]: an include with other names beside it; `- include: safety` alone",
        ),
        (
            "  - include: safety\n", {"safety": "questions:\n  - include: more\n", "more": SAFETY},
            "protocols/shared/safety.yaml: line 2, questions[0]: a shared file that includes another; ",
        ),
        (
            "  - include: safety\n", {"safety": SAFETY, "spare": "questions:\n" + question("spare")},
            "protocols/shared/spare.yaml: no protocol includes it; ",
        ),
        (
            "  - include: safety\n", {"safety": f"title: Safety\n{SAFETY}"},
            "protocols/shared/safety.yaml: line 1, title: this name is not known; allowed: questions",
        ),
    ],
    ids=["unknown", "clash", "twice", "names beside it", "nested", "nobody includes it", "not only questions"],
)  # fmt: skip
def test_given_a_faulty_include_then_file_and_place_are_named(
    tmp_path: Path, items: str, shared: dict[str, str], expected: str
) -> None:
    files = {"one.yaml": f"id: one\n{HEAD}questions:\n{items}"} | {f"shared/{n}.yaml": text for n, text in shared.items()}
    [found] = refused(tmp_path, files).values()
    assert any(finding.startswith(expected) for finding in found), found


BROKEN = {
    "no yaml": (f"id: one # first\n{HEAD}questions: [\n", "one", "1"),
    "no yaml, and the version stands behind": ("title: \"T\nid: 'one'\nversion: 2.1\n", "one", "2.1"),
    "no yaml and no id": ("questions: [", "file", ""),
    "not UTF-8": ("id: caf\udce9\nversion: 3\n", "caf\ufffd", "3"),
    "a name twice": (f"id: one\n{HEAD}{HEAD}questions: []\n", "one", "1"),
    "a list": ("- id: one\n", "file", ""),
    "no questions": (f"id: one\n{HEAD}", "one", "1"),
    "a faulty head": (f"id: one\n{HEAD}question: []\nquestions: []\n", "one", "1"),
    "nothing": ("", "file", ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_given_a_file_that_is_no_protocol_then_it_is_known_of_which_it_would_have_been_a_version(
    tmp_path: Path, name: str
) -> None:
    text, protocol, version = BROKEN[name]
    (write(tmp_path, {"file.yaml": ""}) / "protocols/file.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    [file] = read_protocols(tmp_path)
    assert (file.protocol, file.id, file.version) == (None, protocol, version)
    assert file.findings and all(finding.line.startswith("protocols/file.yaml: ") for finding in file.findings)


def test_given_a_shared_file_that_only_a_faulty_protocol_includes_then_it_is_not_called_spare(tmp_path: Path) -> None:
    one = f"id: one\n{HEAD}questions:\n  - include: safety\n  - [\n"
    assert list(refused(tmp_path, {"one.yaml": one, "shared/safety.yaml": SAFETY})) == ["one.yaml"]


def test_given_one_id_in_two_files_then_the_second_says_which_was_first(tmp_path: Path) -> None:
    one = f"id: one\n{HEAD}questions:\n{question('who')}"
    found = refused(tmp_path, {"a.yaml": one, "b.yaml": one})
    said = "protocols/b.yaml: id: 'one' is the id of protocols/a.yaml already; another id, or one file less"
    assert found == {"b.yaml": [said]}


def test_given_a_finding_then_the_file_of_the_question_it_names_is_known(tmp_path: Path) -> None:
    one = f"id: one\n{HEAD}questions:\n{question('who')}  - include: safety\n"
    file = read(tmp_path, {"one.yaml": one, "shared/safety.yaml": SAFETY})["protocols/one.yaml"]
    places = ["question weapon", "question weapon, answer 1", "question who, again", "proposal 1 (EMS)", "question gone"]
    assert [file.where(Finding(place, "wrong")).removeprefix("protocols/") for place in places] == [
        "shared/safety.yaml", "shared/safety.yaml", "one.yaml", "one.yaml", "one.yaml",
    ]  # fmt: skip

"""Questions that several protocols ask, written once: taken in place, and every fault named with file and place."""

from pathlib import Path

import pytest

from console.hub.configuration.findings import ConfigurationFaulty, Findings
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
    findings = Findings()
    found = read_protocols(write(folder, files), findings)
    findings.raise_any()
    return found


def refused(folder: Path, files: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigurationFaulty) as faulty:
        read(folder, files)
    return faulty.value.findings


SAFETY = "questions:\n" + question("weapon") + question("violence")


def test_given_an_include_then_its_questions_stand_in_its_place_and_know_their_file(tmp_path: Path) -> None:
    one = f"id: one\n{HEAD}questions:\n{question('who')}  - include: safety\n{question('where')}"
    two = f"id: two\n{HEAD}questions:\n  - include: safety\n"
    found = read(tmp_path, {"one.yaml": one, "two.yaml": two, "shared/safety.yaml": SAFETY})
    first, second = found["protocols/one.yaml"], found["protocols/two.yaml"]
    assert [q.id for q in first.protocol.questions] == ["who", "weapon", "violence", "where"]
    assert second.protocol.questions == first.protocol.questions[1:3]
    assert [file.removeprefix("protocols/") for file in first.written_in.values()] == [
        "one.yaml", "shared/safety.yaml", "shared/safety.yaml", "one.yaml",
    ]  # fmt: skip


def test_given_a_fault_in_a_shared_file_then_it_is_named_there_and_once(tmp_path: Path) -> None:
    faulty = SAFETY.replace("section: s", "sektion: s", 1)
    files = {f"{n}.yaml": f"id: {n}\n{HEAD}questions:\n  - include: safety\n" for n in ("one", "two")}
    found = refused(tmp_path, files | {"shared/safety.yaml": faulty})
    assert len(found) == 2, found
    assert all(finding.startswith("protocols/shared/safety.yaml: line 2, questions[0]") for finding in found)


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
    found = refused(tmp_path, files)
    assert any(finding.startswith(expected) for finding in found), found


def test_given_two_questions_of_one_id_in_two_protocols_then_the_answers_could_not_be_carried_over(tmp_path: Path) -> None:
    one, two = (f"id: {n}\n{HEAD}questions:\n{question('weapon', text)}" for n, text in (("one", "A?"), ("two", "B?")))
    [finding] = refused(tmp_path, {"one.yaml": one, "two.yaml": two})
    assert finding.startswith("protocols/two.yaml: question weapon: another question has this id in protocols/one.yaml; ")

"""The folder `protocols/`: a protocol a file, and in `shared/` the questions that several of them ask, written once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from console.domain.ids import QuestionId
from console.domain.triage.protocol import Protocol, Question
from console.hub.configuration.findings import Findings, listed
from console.hub.configuration.formats import yaml_file
from console.hub.configuration.reading import FAULTY, Reader

_FOLDER, _SHARED = "protocols", "protocols/shared"
_INCLUDE = "include"


class ProtocolFile(Struct, frozen=True):
    """One protocol with everything it includes, and the file in which each of its questions is written."""

    protocol: Protocol
    written_in: dict[QuestionId, str]


class _Shared(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of a file in `shared/`."""

    questions: tuple[Question, ...]


def read_protocols(folder: Path, findings: Findings) -> dict[str, ProtocolFile]:
    """The protocols by the name of their file. `- include: safety` stands for all questions of `shared/safety.yaml`."""
    shared = {path.stem: _shared(path, findings) for path in sorted((folder / _SHARED).glob("*.yaml"))}
    found: dict[str, ProtocolFile] = {}
    included: set[str] = set()
    for path in sorted((folder / _FOLDER).glob("*.yaml")):
        name = f"{_FOLDER}/{path.name}"
        value, reader = yaml_file(path, name, findings)
        if value is FAULTY:
            continue
        items = value.get("questions") if isinstance(value, dict) else None
        included |= {str(item[_INCLUDE]) for item in items or () if _includes(item)}
        protocol = _protocol(value, reader, shared)
        if protocol is not FAULTY:
            found[name] = protocol
    for stem in sorted(shared.keys() - included):
        findings.add(
            _file(stem), "", "no protocol includes it", f"`- include: {stem}` among a protocol's questions, or no file"
        )
    _same_everywhere(found, findings)
    return found


def _file(stem: str) -> str:
    return f"{_SHARED}/{stem}.yaml"


def _includes(item: Any) -> bool:
    return isinstance(item, dict) and _INCLUDE in item


def _shared(path: Path, findings: Findings) -> tuple[Question, ...] | None:
    """The questions of a shared file; None where it could not be read, and the findings say why."""
    value, reader = yaml_file(path, _file(path.stem), findings)
    if value is FAULTY:
        return None
    items = value.get("questions") if isinstance(value, dict) else None
    nested = [i for i, item in enumerate(items) if _includes(item)] if isinstance(items, list) else []
    for i in nested:
        reader.fault(("questions", i), "a shared file that includes another", "questions; the protocol includes both files")
    if nested:
        return None
    found = reader.read(value, _Shared)
    return None if found is FAULTY else found.questions


def _protocol(value: Any, reader: Reader, shared: dict[str, tuple[Question, ...] | None]) -> Any:
    """The protocol as a `ProtocolFile`, or `FAULTY`."""
    items = value.get("questions") if isinstance(value, dict) else None
    if not isinstance(items, list):
        return reader.read(value, Protocol)
    rest = reader.fields({k: v for k, v in value.items() if k != "questions"}, Protocol, without=("questions",))
    questions: list[Question] = []
    written_in: dict[QuestionId, str] = {}
    whole = rest is not FAULTY
    for i, item in enumerate(items):
        taken = _taken(item, i, reader, shared)
        if taken is None:
            whole = False
            continue
        file, those = taken
        for question in those:
            if question.id in written_in:
                before = written_in[question.id]
                what = f"question {question.id!r} of {file} stands here twice, first from {before}"
                reader.fault(("questions", i), what, "each id once")
                whole = False
            written_in.setdefault(question.id, file)
        questions += those
    return ProtocolFile(Protocol(**rest, questions=tuple(questions)), written_in) if whole else FAULTY


def _taken(
    item: Any, i: int, reader: Reader, shared: dict[str, tuple[Question, ...] | None]
) -> tuple[str, tuple[Question, ...]] | None:
    """The questions that one item stands for and the file they are written in; None where that cannot be said."""
    place = ("questions", i)
    if not _includes(item):
        question = reader.read(item, Question, place)
        return None if question is FAULTY else (reader.file, (question,))
    stem = str(item[_INCLUDE])
    if item.keys() != {_INCLUDE}:
        reader.fault(place, "an include with other names beside it", f"`- {_INCLUDE}: {stem}` alone")
        return None
    if stem not in shared:
        reader.fault((*place, _INCLUDE), f"there is no {_file(stem)}", listed(sorted(shared)))
        return None
    those = shared[stem]
    return None if those is None else (_file(stem), those)


def _same_everywhere(found: dict[str, ProtocolFile], findings: Findings) -> None:
    """One id is one question in all protocols: by it an answer is carried over when a call gets another nature."""
    first: dict[QuestionId, tuple[str, Question]] = {}
    for file, question in _questions(found):
        other, same = first.setdefault(question.id, (file, question))
        if question != same:
            what = f"another question has this id in {other}"
            findings.add(file, f"question {question.id}", what, "another id, or one question in shared/ that both include")


def _questions(found: dict[str, ProtocolFile]) -> Iterator[tuple[str, Question]]:
    for protocol_file in found.values():
        for question in protocol_file.protocol.questions:
            yield protocol_file.written_in[question.id], question

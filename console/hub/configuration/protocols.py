"""The folder `protocols/`: a protocol a file, and in `shared/` the questions that several of them ask, written once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from console.domain.ids import QuestionId
from console.domain.triage.check import Finding, listed
from console.domain.triage.protocol import Protocol, Question
from console.hub.configuration.findings import Findings
from console.hub.configuration.formats import yaml_file
from console.hub.configuration.reading import FAULTY, Reader

_FOLDER, _SHARED = "protocols", "protocols/shared"
_INCLUDE = "include"


class ProtocolFile(Struct, frozen=True):
    """One file of `protocols/`: its protocol with everything it includes, or what keeps it from being one.

    `id` and `version` are told of a faulty file too, as far as it says them: what it would have taken the place of. A file
    that says no id goes by its own name. `written_in` has the file of each question.
    """

    name: str
    id: str
    version: str = ""
    protocol: Protocol | None = None
    written_in: dict[QuestionId, str] = {}
    findings: tuple[Finding, ...] = ()

    def where(self, finding: Finding) -> str:
        """The file in which something is wrong: that of the question it names, else this one."""
        at = re.match(r"question ([^,]+)", finding.place)
        return self.written_in.get(QuestionId(at[1]), self.name) if at else self.name


class _Shared(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of a file in `shared/`."""

    questions: tuple[Question, ...]


class _Part(Struct, frozen=True):
    """A file in `shared/`: its questions, None where they cannot be read, and what is wrong there."""

    questions: tuple[Question, ...] | None
    findings: tuple[Finding, ...] = ()


def read_protocols(folder: Path) -> tuple[ProtocolFile, ...]:
    """The files of protocols by their names. `- include: safety` stands for all questions of `shared/safety.yaml`.

    What is wrong in a shared file is wrong in every protocol that includes it. One that none includes is a finding of its
    own: somebody forgot it, and what it asks would not be asked.
    """
    shared = {path.stem: _shared(path) for path in sorted((folder / _SHARED).glob("*.yaml"))}
    read = [_read(path, shared) for path in sorted((folder / _FOLDER).glob("*.yaml"))]
    files = _each_id_once([file for file, _ in read])
    included = {stem for _, stems in read for stem in stems}
    if not any(file.findings for file in files):  # who cannot be read may include it
        files += [_spare(stem) for stem in sorted(shared.keys() - included)]
    return tuple(files)


def _read(path: Path, shared: dict[str, _Part]) -> tuple[ProtocolFile, set[str]]:
    """A protocol's file, and the shared files it includes."""
    findings, name = Findings(), f"{_FOLDER}/{path.name}"
    value, reader = yaml_file(path, name, findings)
    items = value.get("questions") if isinstance(value, dict) else None
    stems = {str(item[_INCLUDE]): None for item in items if _includes(item)} if isinstance(items, list) else {}
    protocol, written_in = (None, {}) if value is FAULTY else _protocol(value, reader, shared)
    found = [*findings.found, *(finding for stem in stems if stem in shared for finding in shared[stem].findings)]
    said = _said(path, value)
    file = ProtocolFile(name, said.get("id", path.stem), said.get("version", ""))
    if found:
        return replace(file, findings=tuple(dict.fromkeys(found))), set(stems)
    return replace(file, protocol=protocol, written_in=written_in), set(stems)


def _said(path: Path, value: Any) -> dict[str, str]:
    """What a file says of its id and version, also where it cannot be read as YAML."""
    if isinstance(value, dict):
        return {name: value[name] for name in ("id", "version") if isinstance(value.get(name), str) and value[name]}
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return {}
    return {name: said for name, said in reversed(re.findall(r"""(?m)^(id|version)[ ]*:[ ]*["']?([^\s"'#]+)""", text))}


def _each_id_once(files: list[ProtocolFile]) -> list[ProtocolFile]:
    first: dict[str, str] = {}
    found = []
    for file in files:
        before = first.setdefault(file.id, file.name)
        if before != file.name:
            what = f"{file.id!r} is the id of {before} already"
            twice = Finding(f"{file.name}: id", what, allowed="another id, or one file less")
            file = replace(file, protocol=None, findings=(*file.findings, twice))
        found.append(file)
    return found


def _spare(stem: str) -> ProtocolFile:
    allowed = f"`- include: {stem}` among a protocol's questions, or no file"
    finding = Finding(_file(stem), "no protocol includes it", allowed=allowed)
    return ProtocolFile(_file(stem), _file(stem), findings=(finding,))


def _file(stem: str) -> str:
    return f"{_SHARED}/{stem}.yaml"


def _includes(item: Any) -> bool:
    return isinstance(item, dict) and _INCLUDE in item


def _shared(path: Path) -> _Part:
    findings = Findings()
    value, reader = yaml_file(path, _file(path.stem), findings)
    items = value.get("questions") if isinstance(value, dict) else None
    nested = [i for i, item in enumerate(items) if _includes(item)] if isinstance(items, list) else []
    for i in nested:
        reader.fault(("questions", i), "a shared file that includes another", "questions; the protocol includes both files")
    read = FAULTY if value is FAULTY or nested else reader.read(value, _Shared)
    return _Part(None if read is FAULTY else read.questions, tuple(findings.found))


def _protocol(value: Any, reader: Reader, shared: dict[str, _Part]) -> tuple[Protocol | None, dict[QuestionId, str]]:
    """The protocol and the file of each of its questions; None where the reader, or a shared file, has findings."""
    items = value.get("questions") if isinstance(value, dict) else None
    if not isinstance(items, list):
        reader.read(value, Protocol)
        return None, {}
    rest = reader.fields({k: v for k, v in value.items() if k != "questions"}, Protocol, without=("questions",))
    taken = [each for i, item in enumerate(items) for each in _taken(item, i, reader, shared)]
    written_in: dict[QuestionId, str] = {}
    for i, file, question in taken:
        if question.id in written_in:
            what = f"question {question.id!r} of {file} stands here twice, first from {written_in[question.id]}"
            reader.fault(("questions", i), what, "each id once")
        written_in.setdefault(question.id, file)
    if rest is FAULTY:
        return None, {}
    return Protocol(**rest, questions=tuple(question for _, _, question in taken)), written_in


def _taken(item: Any, i: int, reader: Reader, shared: dict[str, _Part]) -> Iterator[tuple[int, str, Question]]:
    """The questions that one item stands for, each with the item's number and the file it is written in."""
    place = ("questions", i)
    if not _includes(item):
        question = reader.read(item, Question, place)
        if question is not FAULTY:
            yield i, reader.file, question
        return
    stem = str(item[_INCLUDE])
    if item.keys() != {_INCLUDE}:
        reader.fault(place, "an include with other names beside it", f"`- {_INCLUDE}: {stem}` alone")
    elif stem not in shared:
        reader.fault((*place, _INCLUDE), f"there is no {_file(stem)}", listed(sorted(shared)))
    else:
        yield from ((i, _file(stem), question) for question in shared[stem].questions or ())

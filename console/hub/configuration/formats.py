"""TOML, YAML and CSV files to plain values, with the line each value stands on where the format tells."""

import csv
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from console.hub.configuration.findings import Findings
from console.hub.configuration.reading import FAULTY, Reader
from console.hub.configuration.reading import Path as Place

# All scalars as text: "no" is a word here, never false, and a date stays as it was written.
_YAML: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def text_of(path: Path, name: str, findings: Findings) -> str | None:
    """The text of a file, or None with a finding."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        findings.add(name, "", "this file is missing", "a configuration has it")
    except UnicodeDecodeError as error:
        findings.add(name, f"byte {error.start}", "this is not UTF-8 text", "save it as UTF-8")
    except OSError as error:
        findings.add(name, "", f"this file cannot be read ({error.strerror})", "check its rights")
    return None


def toml(path: Path, name: str, findings: Findings) -> tuple[Any, Reader]:
    """The tables of a TOML file, or `FAULTY`."""
    reader = Reader(name, findings, strict=True, line_of=lambda _: None)
    text = text_of(path, name, findings)
    if text is None:
        return FAULTY, reader
    try:
        return tomllib.loads(text), reader
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        findings.add(name, place.rstrip(")"), what[:1].lower() + what[1:], "write it as TOML 1.0")
        return FAULTY, reader


def yaml_file(path: Path, name: str, findings: Findings) -> tuple[Any, Reader]:
    """The values of a YAML file, or `FAULTY`."""
    lines: dict[Place, int] = {}
    reader = Reader(name, findings, strict=False, line_of=lambda at: _nearest(lines, at))
    text = text_of(path, name, findings)
    if text is None:
        return FAULTY, reader
    try:
        node = yaml.compose(text, Loader=_YAML)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = " ".join(str(part) for part in (getattr(error, "problem", ""), getattr(error, "context", "")) if part)
        findings.add(
            name, place, what or str(error).splitlines()[0], "a quote, a bracket or an indent is wrong here or just above"
        )
        return FAULTY, reader
    if node is None:
        findings.add(name, "", "this file is empty", "a configuration needs what belongs in it")
        return FAULTY, reader
    try:
        return _plain(node, (), lines, reader), reader
    except RecursionError:
        findings.add(name, "", "it stands within itself (&, *), or is nested too deeply", "a few levels of lists and names")
        return FAULTY, reader


def _plain(node: Any, path: Place, lines: dict[Place, int], reader: Reader) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), lines, reader) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            lines[(*path, name)] = key.start_mark.line + 1
            if name in found:
                reader.fault((*path, name), "this name stands here twice", "each name once")
            found[name] = _plain(value, (*path, name), lines, reader)
            lines[(*path, name)] = key.start_mark.line + 1
        return found
    return node.value


def _nearest(lines: dict[Place, int], path: Place) -> int | None:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


class Table:
    """A CSV file with a header row: rows by column name, each with the line it stands on."""

    def __init__(self, path: Path, name: str, columns: dict[str, bool], findings: Findings) -> None:
        """Read `path`; `columns` are those there may be, true where each file must have it."""
        self.name, self._columns, self._findings = name, columns, findings
        text = text_of(path, name, findings)
        self._lines = text.splitlines(keepends=True) if text is not None else []

    def rows(self) -> Iterator[tuple[dict[str, str], Reader]]:
        """Each whole row and the reader that knows its line. Broken rows become findings."""
        if not self._lines:
            return
        reading = csv.reader(self._lines, strict=True)
        allowed = f"allowed: {', '.join(self._columns)}"
        try:
            header = [cell.strip() for cell in next(reading)]
            for column in header:
                if column not in self._columns or header.count(column) > 1:
                    self._findings.add(self.name, "line 1", f"column {column!r} is not known, or is there twice", allowed)
            for column, needed in self._columns.items():
                if needed and column not in header:
                    self._findings.add(self.name, "line 1", f"column {column!r} is missing", allowed)
            for row in reading:
                if not any(cell.strip() for cell in row):
                    continue
                line = reading.line_num
                if len(row) != len(header):
                    what = f"{len(row)} cells"
                    self._findings.add(self.name, f"line {line}", what, f"the header names {len(header)}")
                    continue
                cells = {column: cell.strip() for column, cell in zip(header, row, strict=True)}
                yield cells, Reader(self.name, self._findings, strict=False, line_of=_always(line))
        except csv.Error as error:
            self._findings.add(self.name, f"line {reading.line_num}", str(error), "write it as CSV, quotes in pairs")


def _always(line: int) -> Callable[[Place], int]:
    return lambda _: line

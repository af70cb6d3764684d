"""Plain values to records, noting every fault with its place instead of stopping at the first."""

import types
from collections.abc import Callable, Collection
from datetime import date, time
from enum import Enum
from typing import Any, Literal, NewType, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from console.domain.triage.check import listed
from console.hub.configuration.findings import Findings

Path = tuple[str | int, ...]

FAULTY: Any = object()
"""Stands where a value could not be read; the finding says why."""

_WORDS: dict[Any, str] = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false", date: "a date, as in 2025-01-31",
    time: "a time of day, as in 09:15:00",
}  # fmt: skip


class Reader:
    """Reads one file's values. `strict` where the format has types of its own; `line_of` finds a place in the file."""

    def __init__(self, file: str, findings: Findings, *, strict: bool, line_of: Callable[[Path], int | None]) -> None:
        """Read for `file`, noting into `findings`."""
        self.file, self._findings, self._strict, self._line_of = file, findings, strict, line_of

    def fault(self, path: Path, what: str, allowed: str) -> Any:
        """Note a finding at a path; gives `FAULTY`."""
        line = self._line_of(path)
        place = ", ".join(part for part in (f"line {line}" if line else "", _dotted(path)) if part)
        self._findings.add(self.file, place, what, allowed)
        return FAULTY

    def read(self, value: Any, kind: Any, path: Path = ()) -> Any:
        """The value as `kind`, or `FAULTY`."""
        if isinstance(kind, NewType):
            return self.read(value, kind.__supertype__, path)
        origin, parts = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return self.read(value, next(part for part in parts if part is not type(None)), path)
        if origin is tuple:
            return self._tuple(value, parts, path)
        if origin is dict:
            return self._dict(value, parts, path)
        if isinstance(kind, type) and issubclass(kind, Struct):
            found = self.fields(value, kind, path)
            return FAULTY if found is FAULTY else kind(**found)
        try:
            return msgspec.convert(value, kind, strict=self._strict)
        except msgspec.ValidationError:
            return self.fault(path, f"{_shown(value)} does not fit here", _allowed(kind))

    def fields(self, value: Any, kind: type[Struct], path: Path = (), without: Collection[str] = ()) -> Any:
        """The fields of a record that stand in the file, those named in `without` left to another file."""
        if not isinstance(value, dict):
            return self.fault(path, f"{_shown(value)} stands where a record should", f"expected {_names(kind, without)}")
        whole, found = True, {}
        for name in value:
            if name not in kind.__struct_fields__ or name in without:
                whole = False
                self.fault((*path, name), "this name is not known", f"allowed: {_names(kind, without)}")
        for field in fields(kind):
            if field.name in without:
                continue
            if field.name in value:
                found[field.name] = self.read(value[field.name], field.type, (*path, field.name))
                whole = whole and found[field.name] is not FAULTY
            elif field.required:
                whole = False
                self.fault(path, f"{field.name} is missing", f"it is {_allowed(field.type, expected='')}")
        return found if whole else FAULTY

    def _tuple(self, value: Any, parts: tuple[Any, ...], path: Path) -> Any:
        if not isinstance(value, list):
            return self.fault(path, f"{_shown(value)} stands where a list should", "expected a list")
        if parts[-1] is not Ellipsis and len(parts) != len(value):
            return self.fault(path, f"{len(value)} values", f"expected {len(parts)}")
        kinds = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        found = [self.read(item, kind, (*path, i)) for i, (item, kind) in enumerate(zip(value, kinds, strict=True))]
        return FAULTY if any(item is FAULTY for item in found) else tuple(found)

    def _dict(self, value: Any, parts: tuple[Any, ...], path: Path) -> Any:
        if not isinstance(value, dict):
            return self.fault(path, f"{_shown(value)} stands where names with values should", "expected `name: value`")
        found = {self.read(key, parts[0], path): self.read(item, parts[1], (*path, key)) for key, item in value.items()}
        return FAULTY if any(item is FAULTY for item in (*found, *found.values())) else found


def _allowed(kind: Any, expected: str = "expected ") -> str:
    if isinstance(kind, NewType):
        return _allowed(kind.__supertype__, expected)
    if get_origin(kind) is Literal:
        return listed(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return listed(member.value for member in kind)
    if get_origin(kind) is tuple:
        return f"{expected}a list"
    return expected + _WORDS.get(kind, "a record of its own, as in `name: {...}`")


def _names(kind: type[Struct], without: Collection[str]) -> str:
    return ", ".join(name for name in kind.__struct_fields__ if name not in without)


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else f"{value}"
    return text if len(text) <= 40 else f"{text[:37]}..."


def _dotted(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")

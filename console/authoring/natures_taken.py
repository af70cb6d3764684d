"""A center's own list of natures, row by row: what each becomes here, and what is said of those that become nothing."""

import html
import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct, structs

from console.authoring.natures_mapping import Columns, NaturesMapping, fits, is_like
from console.domain.agency import Agency, Nature
from console.domain.ids import NatureCode
from console.domain.state import PRIORITIES
from console.recorded.mapping import MappingError
from console.recorded.rows import Row

_LONGEST_CODE = 64


class Taken(Struct, frozen=True):
    """One nature of the list, as it would stand here: the rows it was on, the calls they stand for, and ours it is like."""

    nature: Nature
    rows: tuple[int, ...]
    calls: int
    like: Nature | None


class Fate(StrEnum):
    """What became of a row of which something is said."""

    TAKEN = "taken"
    LEFT_OUT = "left out"
    NOT_TAKEN = "not taken"


class Said(Struct, frozen=True):
    """Something a person should know of a row."""

    row: int
    words: str
    what: str
    fate: Fate = Fate.TAKEN


class Result(Struct, frozen=True):
    """Everything that came of a list: each of its rows is one of `taken`, or said to be left out or not taken."""

    taken: tuple[Taken, ...]
    said: tuple[Said, ...]
    rows: int


class _Cells(Struct, frozen=True):
    words: str
    code: str
    priority: str
    kind: str
    count: str


def take(rows: Iterable[Row], names: list[str], mapping: NaturesMapping, agency: Agency) -> Result:
    """Take every row. MappingError where the mapping names a column or a nature that is not there."""
    places = _places(mapping.columns, names)
    _known(mapping, agency)
    found: dict[str, Taken] = {}
    said: list[Said] = []
    count = 0
    for row in rows:
        count += 1
        if row.fault is not None:
            fault = " ".join(filter(None, (row.fault.reason, row.detail)))
            said.append(Said(row.number, " ".join(row.cells), fault, Fate.NOT_TAKEN))
            continue
        cells = _Cells(**{field: " ".join(row.cells[place].strip() for place in at) for field, at in places.items()})
        words = _written(cells.words, mapping)
        if reason := mapping.left_out.get(cells.words):
            said.append(Said(row.number, words, reason, Fate.LEFT_OUT))
        elif not words:
            said.append(Said(row.number, cells.code, "no words say what nature it is", Fate.NOT_TAKEN))
        elif mapping.columns.count and not re.fullmatch(r"[0-9]{1,12}", cells.count):
            said.append(Said(row.number, words, f"{cells.count!r} is no number of calls", Fate.NOT_TAKEN))
        elif not _code(cells.code or words):
            said.append(Said(row.number, words, "no letter or digit of which a code could be made", Fate.NOT_TAKEN))
        else:
            _take_row(row.number, cells, words, mapping, agency, found, said)
    return Result(tuple(found.values()), tuple(said), count)


def _take_row(
    number: int,
    cells: _Cells,
    words: str,
    mapping: NaturesMapping,
    agency: Agency,
    found: dict[str, Taken],
    said: list[Said],
) -> None:
    calls = int(cells.count) if mapping.columns.count else 1
    code = _code(cells.code or words)
    before = found.get(code)
    if before is not None and before.nature.name == words:
        found[code] = structs.replace(before, rows=(*before.rows, number), calls=before.calls + calls)
        said.append(Said(number, words, f"stands in row {before.rows[0]} already; its calls are added there"))
        return
    if before is not None:
        again = f"{code} is {before.nature.name!r} in row {before.rows[0]}"
        code = _free(code, found)
        said.append(Said(number, words, f"{again}; here it is {code}"))
    like = _like(cells, words, mapping, agency)
    priority, doubt = _priority(cells, mapping, like)
    if doubt:
        said.append(Said(number, words, doubt))
    found[code] = Taken(_nature(code, words, priority, like), (number,), calls, like)


def _nature(code: str, name: str, priority: str, like: Nature | None) -> Nature:
    if like is None:
        return Nature(NatureCode(code), name, priority)
    base = like.base or like.code
    return structs.replace(
        like, code=NatureCode(code), name=name, priority=priority, aliases=(), base=NatureCode("" if base == code else base)
    )


def _written(text: str, mapping: NaturesMapping) -> str:
    """The words as a name: single blanks, no marks before them, texts put for others, and what HTML wrote undone."""
    words = html.unescape(" ".join(text.split()))
    for prefix in mapping.writing.prefixes:
        words = words.removeprefix(prefix).lstrip()
    for old, new in mapping.writing.replace.items():
        words = words.replace(old, new)
    return " ".join(words.split())


def _code(text: str) -> str:
    """Letters and digits, joined by hyphens; long ones end with a whole word."""
    code = "-".join(re.findall(r"[^\W_]+", text.upper()))
    return code if len(code) <= _LONGEST_CODE else code[: _LONGEST_CODE + 1].rpartition("-")[0] or code[:_LONGEST_CODE]


def _free(code: str, taken: Iterable[str]) -> str:
    taken, number = set(taken), 2
    while f"{code}-{number}" in taken:
        number += 1
    return f"{code}-{number}"


def _like(cells: _Cells, words: str, mapping: NaturesMapping, agency: Agency) -> Nature | None:
    """The nature of ours that it is like, with what goes with it where ours has that; None for none."""
    code = mapping.table.get(cells.words) or mapping.table.get(words)
    code = code or next((rule.nature for rule in mapping.likeness if is_like(rule, words, cells.kind)), None)
    if code is None:
        return next((n for n in agency.natures.values() if words.casefold() in (n.name.casefold(), n.code.casefold())), None)
    for besides in mapping.besides:
        with_it = agency.natures.get(NatureCode(f"{code}-{besides.modifier}"))
        if with_it is not None and fits(besides.any, words):
            return with_it
    return agency.natures[NatureCode(code)]


def _priority(cells: _Cells, mapping: NaturesMapping, like: Nature | None) -> tuple[str, str]:
    """The priority, and what is doubtful about it."""
    given = mapping.priority.table.get(cells.priority) or (cells.priority if cells.priority in PRIORITIES else None)
    if given:
        return given, ""
    otherwise = mapping.priority.by_kind.get(cells.kind) or (like.priority if like else "")
    doubt = f"priority {cells.priority!r} is in no table; it has {otherwise or 'none'}" if cells.priority else ""
    return otherwise, doubt


def _places(columns: Columns, names: list[str]) -> dict[str, list[int]]:
    """Where the cells of each field stand."""
    places = {}
    for field in columns.__struct_fields__:
        named = getattr(columns, field)
        wanted = [named] if isinstance(named, str) else list(named)
        wanted = [name for name in wanted if name]
        for name in wanted:
            if name not in names:
                raise MappingError(f"columns.{field}: there is no column {name!r}; there are {', '.join(names)}")
        places[field] = [names.index(name) for name in wanted]
    return places


def _known(mapping: NaturesMapping, agency: Agency) -> None:
    """Every nature that the mapping names is there."""
    named = {f'table."{words}"': code for words, code in mapping.table.items()}
    named |= {f"likeness[{place}].nature": rule.nature for place, rule in enumerate(mapping.likeness)}
    for place, code in named.items():
        if NatureCode(code) not in agency.natures:
            raise MappingError(f"{place}: {agency.name} has no nature {code!r}; its codes stand in its natures.csv")
    modifiers = {code for nature in agency.natures.values() for code in nature.modifiers}
    for number, besides in enumerate(mapping.besides):
        if besides.modifier not in modifiers:
            raise MappingError(f"besides[{number}].modifier: no nature of {agency.name} has {besides.modifier!r}")

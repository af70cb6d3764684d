"""CSV files whose rows are records: the columns are the record's fields."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from console.hub.configuration.findings import Findings
from console.hub.configuration.formats import Table
from console.hub.configuration.reading import FAULTY

Split = Callable[[str], list[str]]


def _split(pattern: str) -> Split:
    return lambda cell: [part.strip() for part in re.split(pattern, cell) if part.strip()]


CODES = _split(r"[;\s]+")
"""A cell of codes, which have no blanks: separated by blanks or semicolons."""
WORDS = _split(";")
"""A cell of words, which may have blanks: separated by semicolons."""


def rows(folder: Path, name: str, kind: type[Struct], findings: Findings, lists: Mapping[str, Split]) -> list[Any]:
    """The rows of a CSV file as records whose fields are its columns. An empty cell of a column with a default is that."""
    columns = {field.name: field.required for field in fields(kind)}
    found = []
    for cells, reader in Table(folder / name, name, columns, findings).rows():
        value = {
            column: lists[column](cell) if column in lists else cell
            for column, cell in cells.items()
            if cell or columns.get(column, False)
        }
        record = reader.read({key: item for key, item in value.items() if key in columns}, kind)
        if record is not FAULTY:
            found.append(record)
    return found

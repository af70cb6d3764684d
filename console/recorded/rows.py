"""The rows of a delimited text file, each accounted for: a row that cannot be taken apart comes with the reason why."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from msgspec import Struct

from console.recorded.findings import HEADER_AGAIN, OPEN_QUOTE, TOO_LONG, WRONG_WIDTH, Kind
from console.recorded.mapping import FileShape, MappingError

LONGEST_LINE = 1 << 20
"""Characters; a longer line is cut, so that a file without line ends cannot fill the memory."""
_SURROGATE = re.compile("[\udc80-\udcff]")


class Row(Struct, gc=False):
    """One row: its number (the header is row 1), the line it begins at, its cells; `fault` if it cannot be used."""

    number: int
    line: int
    cells: list[str]
    repaired: bool = False
    fault: Kind | None = None
    detail: str = ""


class Lines:
    """The lines of a text file. Those of the row being read are kept, so that a row gone wrong can give them back."""

    def __init__(self, stream: TextIO, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.before = 0
        self.repaired = False

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._stream.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken.append(line)
        if line.isascii() or not _SURROGATE.search(line):
            return line
        self.repaired = True
        return line.encode(self._encoding, "surrogateescape").decode("cp1252", "replace")

    def next_row(self) -> None:
        """The lines taken so far are done with."""
        self.before += len(self.taken)
        self.taken.clear()
        self.repaired = False

    def give_back(self) -> None:
        """All lines of this row but its first are read again, as rows of their own."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class RowFile:
    """A file of rows, open: its column names, and its rows one by one (once)."""

    def __init__(self, path: Path, shape: FileShape) -> None:
        self._file = _opened(path)
        self.path = path
        encoding = "utf-8-sig" if shape.encoding == "utf-8" else shape.encoding
        stream = io.TextIOWrapper(self._file, encoding=encoding, errors="surrogateescape", newline="")
        self._lines = Lines(stream, shape.encoding)
        self._reader = csv.reader(self._lines, delimiter=shape.delimiter)
        self._number = 0
        self._header: list[str] | None = None
        if shape.header:
            try:
                self._header = self._first()
            except MappingError:
                self._file.close()
                raise
        self.names = [name.strip() for name in self._header] if self._header is not None else list(shape.names)

    def __enter__(self) -> "RowFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._file.tell()

    def _first(self) -> list[str]:
        """The header: the first row that is not empty."""
        for cells in self._cells():
            if isinstance(cells, Kind):
                raise MappingError(f"{self.path}: its first line is not a header: {cells.reason}")
            if cells:
                return cells
        raise MappingError(f"{self.path}: is empty; a header row with the names of its columns was expected")

    def _cells(self) -> Iterator[list[str] | Kind]:
        """Each row's cells, or why it has none; empty lines come as []."""
        while True:
            self._lines.next_row()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                self._number += 1
                yield TOO_LONG if len(self._lines.taken) == 1 else OPEN_QUOTE
                continue
            self._number += 1
            yield cells

    def __iter__(self) -> Iterator[Row]:
        width, lines = len(self.names), self._lines
        for cells in self._cells():
            line = lines.before + 1
            if isinstance(cells, Kind):
                lines.give_back()
                yield Row(self._number, line, [], fault=cells)
            elif len(cells) == width:
                row = Row(self._number, line, cells, lines.repaired)
                if cells == self._header:
                    row.fault = HEADER_AGAIN
                yield row
            elif len(lines.taken) > 1:
                lines.give_back()
                yield Row(self._number, line, cells, fault=OPEN_QUOTE)
            elif cells:
                yield Row(self._number, line, cells, fault=WRONG_WIDTH, detail=f"{len(cells)}, not {width}")


def _opened(path: Path) -> BinaryIO:
    """The file, open for reading, if it is one that can hold rows."""
    try:
        file = path.open("rb")
        start = file.read(4096)
        file.seek(0)
    except OSError as error:
        raise MappingError(f"{path}: cannot be read: {error.strerror or error}") from error
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        file.close()
        raise MappingError(f"{path}: is UTF-16 text; save it as UTF-8 ('CSV UTF-8') and try again")
    if not start.strip():
        file.close()
        raise MappingError(f"{path}: is empty; nothing to read")
    return file

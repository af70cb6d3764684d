"""A large JSON object read member by member, and a list of features item by item, in bounded memory."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.geography.unusable import Unusable

CHUNK = 1 << 16
"""Bytes that are read at once, as long as one value fits into them."""
AT_MOST = 1 << 25
"""Characters of one member or feature."""
_BLANK = re.compile(r"[ \t\r\n]*")
_NEAR_THE_END = 16
"""A fault so near to the end of what was read may only be that the rest is not read yet."""


class JsonMembers:
    """Reads one JSON object from a file.

    UTF-8 with or without byte order mark, or UTF-16 with one. Bytes that are not UTF-8 stand in the text as lone surrogates
    (PEP 383); see `repaired`.
    """

    def __init__(self, path: Path, items_of: str) -> None:
        """Open `path`; the member `items_of`, where it is a list, is given item by item. Raises OSError."""
        self._items_of = items_of
        self.size = path.stat().st_size
        self._file = path.open("rb")
        start = self._file.read(4)
        self._file.seek(0)
        utf_16 = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding, errors = ("utf-16", "replace") if utf_16 else ("utf-8-sig", "surrogateescape")
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._json = json.JSONDecoder()
        self._text, self._at, self._ended = "", 0, False
        self._lines = 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def share(self) -> float:
        """How much of the file was read, 0 to 1."""
        return self._file.tell() / max(1, self.size)

    def __iter__(self) -> Iterator[tuple[str | None, Any]]:
        """Each member's name and value; for each item of the list, None and the item. Raises `Unusable`."""
        if self._peek() != "{":
            raise Unusable(self._no_object())
        self._at += 1
        if self._peek() == "}":
            self._at += 1
        else:
            yield from self._members()
        if self._peek():
            raise self._fault("something stands after the end of its JSON object", self._at)

    def _members(self) -> Iterator[tuple[str | None, Any]]:
        while True:
            if self._peek() not in ('"', ""):
                raise self._fault("a member's name is not in quotes", self._at)
            name = self._value()
            self._expect(":")
            if name == self._items_of and self._peek() == "[":
                self._at += 1
                yield from ((None, item) for item in self._items())
            else:
                yield name, self._value()
            if self._expect(",}") == "}":
                return

    def _items(self) -> Iterator[Any]:
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._expect(",]") == "]":
                return

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _NEAR_THE_END or error.msg.startswith("Unterminated")
                if cut and self._more():
                    continue
                if cut:
                    raise self._fault("it is cut off: the file ends in the middle", len(self._text)) from error
                raise self._fault(error.msg[:1].lower() + error.msg[1:], error.pos) from error
            except RecursionError:
                raise self._fault("its lists are nested too deeply", self._at) from None
            except ValueError as error:  # a number of thousands of digits
                raise self._fault(str(error), self._at) from error
            # A number that ends where the text does may go on: 1 and .5, or 1.5 and e+3.
            cut = end >= len(self._text) - _NEAR_THE_END and self._text[end - 1] not in '}]"'
            if cut and self._more():
                continue
            self._at = end
            return value

    def _expect(self, wanted: str) -> str:
        found = self._peek()
        if not found:
            raise self._fault("it is cut off: the file ends in the middle", self._at)
        if found not in wanted:
            raise self._fault(f"{found!r} stands where {' or '.join(wanted)} belongs", self._at)
        self._at += 1
        return found

    def _peek(self) -> str:
        """The next character that is not blank; "" at the end."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, more where a longer value began, so that no text is looked at more than a few times."""
        if self._ended:
            return False
        rest = len(self._text) - self._at
        if rest > AT_MOST:
            raise self._fault(f"one feature is longer than {AT_MOST >> 20} million characters; simplify it", self._at)
        read = self._file.read(max(CHUNK, rest))
        self._ended = not read
        self._lines += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + self._decoder.decode(read, final=self._ended)
        self._at = 0
        return True

    def _fault(self, what: str, at: int) -> Unusable:
        line = self._lines + self._text.count("\n", 0, at)
        column = at - self._text.rfind("\n", 0, at)
        # Most exports are one line; then the place in the file says more.
        place = f"line {line}, character {column}" if line > 1 else f"about byte {self._file.tell() - len(self._text) + at}"
        return Unusable(f"{place}: {what}")

    def _no_object(self) -> str:
        begun = self._text[self._at : self._at + 20]
        if not begun:
            return "it is empty"
        if begun[0] == "[":
            return 'it is a JSON list; GeoJSON is an object, as in {"type": "FeatureCollection", ...}'
        return f"it is no GeoJSON and no Shapefile: it begins with {begun!r}"


def repaired(value: Any) -> tuple[Any, bool]:
    """The value with bytes that are not UTF-8 read as Windows-1252 in its texts, and whether there were any."""
    if isinstance(value, str):
        if value.isascii() or not _ESCAPED.search(value):
            return value, False
        return _ESCAPED.sub(_as_windows_1252, value), True
    if isinstance(value, dict):
        parts = [(repaired(key), repaired(item)) for key, item in value.items()]
        return {key[0]: item[0] for key, item in parts}, any(key[1] or item[1] for key, item in parts)
    if isinstance(value, list):
        items = [repaired(item) for item in value]
        return [item[0] for item in items], any(item[1] for item in items)
    return value, False


_ESCAPED = re.compile("[\ud800-\udfff]")


def _as_windows_1252(match: re.Match[str]) -> str:
    code = ord(match[0])
    return bytes([code - 0xDC00]).decode("cp1252", "replace") if 0xDC80 <= code <= 0xDCFF else "\ufffd"

"""The words of another system in the words of this agency: natures, priorities, sources, cancelled or not."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from console.domain.agency import Agency
from console.domain.ids import NatureCode
from console.domain.state import Source
from console.recorded.findings import (
    BLANK_NATURE,
    UNKNOWN_CANCELLED,
    UNKNOWN_PRIORITY,
    UNKNOWN_SOURCE,
    UNMAPPED_NATURE,
    Kind,
)
from console.recorded.mapping import Cancelled, Natures, Priorities, Sources

T = TypeVar("T")
_REMEMBERED = 10_000
"""Different texts that a translation keeps its answers to."""


def plain(words: str) -> str:
    """Words as they are compared: no difference of case, and single spaces."""
    return " ".join(words.split()).casefold()


def remembering(translate: Callable[[str], T]) -> Callable[[str], T]:
    """The same translation with a memory: a file of a million calls has few different words."""
    known: dict[str, T] = {}

    def read(text: str) -> T:
        found = known.get(text)
        if found is None:
            found = translate(text)
            if len(known) < _REMEMBERED:
                known[text] = found
        return found

    return read


class NatureTranslation:
    """The agency's nature for a text: by the mapping's table, by the agency's own codes and names, then without prefix.

    Raises ValueError with its place where the table names a nature that the agency does not have.
    """

    def __init__(self, natures: Natures, agency: Agency) -> None:
        self._known = {plain(nature.name): code for code, nature in agency.natures.items()}
        self._known |= {plain(code): code for code in agency.natures}
        table = {plain(words): code for words, code in natures.table.items()}
        for words, code in natures.table.items():
            if table[plain(words)] != code:
                raise ValueError(
                    f'nature.table."{words}": stands twice, once for {code!r}, once for {table[plain(words)]!r}'
                )
            if NatureCode(code) not in agency.natures:
                raise ValueError(
                    f'nature.table."{words}": {agency.name or "the agency"} has no nature {code!r}; '
                    f"its {len(agency.natures)} codes stand in its natures.csv"
                )
            self._known[plain(words)] = NatureCode(code)
        self._prefixes = tuple(plain(prefix) for prefix in natures.prefixes)
        self._unmapped = agency.unmapped_nature
        self.read = remembering(self._translate)
        """The nature's code for a text, and what is to be said of it, if anything."""

    def _translate(self, text: str) -> tuple[NatureCode, Kind | None]:
        words = plain(text)
        if not words:
            return self._unmapped, BLANK_NATURE
        for reading in (words, *self._without_prefix(words)):
            if reading in self._known:
                return self._known[reading], None
        return self._unmapped, UNMAPPED_NATURE

    def _without_prefix(self, words: str) -> Iterable[str]:
        return (words.removeprefix(prefix).lstrip() for prefix in self._prefixes if words.startswith(prefix))


class PriorityTranslation:
    """P or 1 to 9 for a text, "" for none."""

    def __init__(self, priorities: Priorities) -> None:
        self._known: Mapping[str, str] = {plain(words): priority for words, priority in priorities.table.items()}
        self._blank = priorities.blank
        self.read = remembering(self._translate)
        """The priority for a text, and what is to be said of it, if anything."""

    def _translate(self, text: str) -> tuple[str, Kind | None]:
        words = plain(text)
        if not words:
            return self._blank, None
        found = self._known.get(words)
        return ("", UNKNOWN_PRIORITY) if found is None else (found, None)


class SourceTranslation:
    """How the call reached the center."""

    def __init__(self, sources: Sources) -> None:
        self._known = {plain(words): source for words, source in sources.table.items()}
        self._otherwise = sources.otherwise
        self.read = remembering(self._translate)
        """The source for a text, and what is to be said of it, if anything."""

    def _translate(self, text: str) -> tuple[Source, Kind | None]:
        words = plain(text)
        found = self._known.get(words)
        if found is not None or not words:
            return found or self._otherwise, None
        return self._otherwise, UNKNOWN_SOURCE


class CancelledTranslation:
    """Whether the call was cancelled."""

    def __init__(self, cancelled: Cancelled) -> None:
        self._known = {plain(words): False for words in cancelled.no} | {plain(words): True for words in cancelled.yes}

    def read(self, text: str) -> tuple[bool, Kind | None]:
        """Cancelled or not, and what is to be said of it, if anything."""
        found = self._known.get(plain(text))
        return (False, UNKNOWN_CANCELLED) if found is None else (found, None)

"""Which natures a few typed words may mean, best first: by code, words, abbreviations, and through slips of the fingers.

Every word that is typed must be found in a nature. How well: whole, as the beginning of a word, inside one, or with a
letter wrong. Words are looked up in a prepared index, so that a key stroke costs no walk over the whole catalogue.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import nsmallest
from typing import Final

from msgspec import Struct

from console.domain.agency import Agency, Nature
from console.domain.ids import NatureCode
from console.domain.state import State

_WHOLE: Final = -1
"""All that is typed is the code, the name or an alias."""
_EXACT, _BEGINS, _INSIDE, _SLIP = 0, 2, 5, 8
"""What a typed word costs by how it is found; each wrong letter costs `_SLIP`."""
_ALIAS: Final = 1
"""An abbreviation costs a little more than a word of the name."""
_BESIDE: Final = 1_000
"""Nothing of what is typed speaks of the nature itself, all of it of what goes with it ("at a school")."""
_SHORTEST_INSIDE: Final = 3
_LITTLE: Final = frozenset({"a", "an", "and", "at", "by", "e", "for", "in", "is", "of", "on", "or", "the", "to", "with"})
"""Words that say nothing of a nature; where only such are typed, they may be the beginning of one that does."""


class Found(Struct, frozen=True):
    """A nature, what its likeness costs (0: every word stands there), and whether the words speak of the nature itself."""

    nature: Nature
    cost: int
    itself: bool


class NatureSearch:
    """The catalogue, prepared to be searched at every key stroke."""

    def __init__(self, natures: Mapping[NatureCode, Nature]) -> None:
        """Note each word of each nature: of itself, and of what goes with it."""
        self._natures = tuple(natures.values())
        self._whole: dict[str, list[int]] = {}
        self._itself: dict[str, dict[int, int]] = {}
        self._beside: dict[str, dict[int, int]] = {}
        prepared: dict[str, dict[str, int]] = {}
        for place, nature in enumerate(self._natures):
            base = natures.get(nature.base, nature) if nature.base else nature
            if base.code not in prepared:
                prepared[base.code] = _words_of(base)
            own = prepared[base.code]
            for word, cost in own.items():
                self._itself.setdefault(word, {})[place] = cost
            if base is not nature:
                for word, cost in _words_of(nature, base).items():
                    if word not in own:
                        self._beside.setdefault(word, {})[place] = cost
            for words in {nature.code, nature.name, *(nature.aliases if base is nature else ())}:
                self._whole.setdefault(" ".join(_split(words)), []).append(place)
        self._vocabulary = sorted({*self._itself, *self._beside})

    def find(
        self, typed: str, *, used: Mapping[NatureCode, int] | None = None, most: int = 12, strictly: bool = False
    ) -> list[Found]:
        """At most `most` natures, the likeliest first; among equals those `used` oftener, then those with less beside.

        `strictly` finds only words that are typed whole, or from their beginning on.
        """
        written = _split(typed)
        words = [word for word in written if word not in _LITTLE] or written
        if not words:
            return []
        costs = self._costs(words, inside=not strictly, slips=False)
        if not costs and not strictly:
            costs = self._costs(words, inside=True, slips=True)
        costs |= dict.fromkeys(self._whole.get(" ".join(written), ()), _WHOLE)
        often = used or {}
        natures = self._natures

        def order(place: int) -> tuple[int, int, int, int]:
            nature = natures[place]
            return costs[place], -often.get(nature.code, 0), len(nature.modifiers), place

        best = nsmallest(most, costs, key=order)
        return [Found(natures[place], costs[place], costs[place] < _BESIDE) for place in best]

    def meant(self, typed: str) -> tuple[Nature, ...]:
        """The natures that the words mean, strictly read: one, several that fit as well, or none.

        A nature with something beside gives way to its base where the words fit both.
        """
        found = [each for each in self.find(typed, most=len(self._natures), strictly=True) if each.itself]
        best = [each.nature for each in found if each.cost == found[0].cost]
        bases = {nature.code for nature in best if not nature.base}
        return tuple(nature for nature in best if nature.base not in bases)

    def _costs(self, words: Iterable[str], *, inside: bool, slips: bool) -> dict[int, int]:
        """What each nature costs in which every word is found."""
        whole: dict[int, int] | None = None
        spoken_of: set[int] = set()
        for word in words:
            here: dict[int, int] = {}
            for known, cost in self._like(word, inside=inside, slips=slips):
                for postings in (self._itself.get(known), self._beside.get(known)):
                    for place, more in (postings or {}).items():
                        if cost + more < here.get(place, _BESIDE):
                            here[place] = cost + more
                spoken_of.update(self._itself.get(known, ()))
            whole = here if whole is None else {place: whole[place] + cost for place, cost in here.items() if place in whole}
            if not whole:
                return {}
        return {place: cost if place in spoken_of else cost + _BESIDE for place, cost in (whole or {}).items()}

    def _like(self, word: str, *, inside: bool, slips: bool) -> Iterator[tuple[str, int]]:
        """Words of the catalogue that the typed one may be, with what that costs."""
        start = bisect_left(self._vocabulary, word)
        for known in self._vocabulary[start:]:
            if not known.startswith(word):
                break
            yield known, _EXACT if known == word else _BEGINS
        if inside and len(word) >= _SHORTEST_INSIDE:
            yield from ((known, _INSIDE) for known in self._vocabulary if known.find(word, 1) > 0)
        if slips and (most := 0 if len(word) < 4 else 1 if len(word) < 8 else 2):
            for known in self._vocabulary:
                edits = _slips(word, known, most)
                if edits:
                    yield known, _SLIP * edits


@lru_cache(maxsize=4_096)
def _split(words: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", words.casefold()))


def _words_of(nature: Nature, base: Nature | None = None) -> dict[str, int]:
    """Each word by which a nature is found, with what it costs: of its name and code, of its aliases, its initials.

    With a `base` only what the nature adds to it.
    """
    name = _split(nature.name.removeprefix(base.name if base else ""))
    code = _split(nature.code.removeprefix(base.code if base else ""))
    initials = ["".join(word[0] for word in name)] if len(name) > 1 and base is None else []
    aliases = [word for alias in nature.aliases for word in _split(alias)]
    found = dict.fromkeys((*aliases, *initials), _ALIAS) | dict.fromkeys((*name, *code), 0)
    return {word: cost for word, cost in found.items() if word not in _LITTLE}


def _slips(typed: str, known: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped in `typed` as the beginning of `known`; 0 for too many.

    At most `most` are looked for. One of the first two letters must be right.
    """
    if typed[0] != known[0] and typed[1] != known[1:2] and typed[1] != known[0] and typed[0] != known[1:2]:
        return 0
    for edits in range(1, most + 1):
        if _within(typed, known, 0, 0, edits):
            return edits
    return 0


def _within(typed: str, known: str, i: int, j: int, edits: int) -> bool:
    while i < len(typed) and j < len(known) and typed[i] == known[j]:
        i, j = i + 1, j + 1
    if len(typed) - i <= edits:
        return True
    if not edits:
        return False
    left = edits - 1
    return (
        _within(typed, known, i + 1, j + 1, left)
        or _within(typed, known, i + 1, j, left)
        or _within(typed, known, i, j + 1, left)
        or (typed[i : i + 2] == known[j : j + 2][::-1] and _within(typed, known, i + 2, j + 2, left))
    )


_held: list[tuple[Agency, NatureSearch]] = []


def search_in(agency: Agency) -> NatureSearch:
    """The agency's catalogue, prepared; made once for the agency that is asked about, since its record never changes."""
    if not _held or _held[0][0] is not agency:
        _held[:] = [(agency, NatureSearch(agency.natures))]
    return _held[0][1]


def used_on(state: State) -> Counter[NatureCode]:
    """How often each nature was given to the calls on the board: those of the last hours, so often and recent are one."""
    return Counter(call.nature for call in state.calls.values())

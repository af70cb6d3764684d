"""Which natures a few typed words may mean, best first: by code, words, abbreviations, and through slips of the fingers.

Every word that is typed must be found in a nature. How well: whole, as the beginning of a word, inside one, or with a
letter wrong (then one of its first two letters must be right). Words are looked up in a prepared index, so that a key
stroke costs no walk over the whole catalogue.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from heapq import nsmallest
from itertools import accumulate
from operator import itemgetter
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
_ITSELF, _WITH_IT = 0, 2
"""Where the words of a nature are noted: those of itself, those of what goes with it; at the next place the aliases."""
_SHORTEST_INSIDE: Final = 3
_HELD: Final = 64
"""So many typed words are held with what was found for them."""
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
        """Note each word of each nature: of itself, and of what goes with it; by name or code, and by alias."""
        # What has less beside stands before: the place of a nature is its rank among equals.
        self._natures = sorted(natures.values(), key=lambda nature: len(nature.modifiers))
        self._place_of = {nature.code: place for place, nature in enumerate(self._natures)}
        self._whole: dict[str, list[int]] = {}
        self._places: dict[str, tuple[list[int], ...]] = {}
        self._found: dict[tuple[str, bool, bool], tuple[dict[int, int], set[int]]] = {}
        prepared: dict[str, dict[str, int]] = {}
        for place, nature in enumerate(self._natures):
            base = natures.get(nature.base, nature) if nature.base else nature
            own = prepared.get(base.code) or prepared.setdefault(base.code, _words_of(base))
            for word, cost in own.items():
                self._note(word, _ITSELF + cost, place)
            if base is not nature:
                for word, cost in _words_of(nature, base).items():
                    if word not in own:
                        self._note(word, _WITH_IT + cost, place)
            for words in {nature.code, nature.name, *(nature.aliases if base is nature else ())}:
                self._whole.setdefault(" ".join(_split(words)), []).append(place)
        self._vocabulary = sorted(self._places)
        self._text = "\n".join(self._vocabulary)
        self._starts = list(accumulate((len(word) + 1 for word in self._vocabulary[:-1]), initial=0))
        self._by_letter: dict[str, set[str]] = {}
        for word in self._vocabulary:
            for letter in word[:2]:
                self._by_letter.setdefault(letter, set()).add(word)

    def find(self, typed: str, *, used: Mapping[NatureCode, int] | None = None, most: int = 12) -> list[Found]:
        """At most `most` natures, the likeliest first; among equals those `used` oftener, then those with less beside."""
        costs = self._costs(typed, inside=True, slips=False) or self._costs(typed, inside=True, slips=True)
        often = {self._place_of[code]: times for code, times in (used or {}).items() if code in self._place_of}
        # One number a nature, so that thousands are put in order quickly: its cost, how seldom it was used, its place.
        ordered = nsmallest(most, ((cost << 42) - (often.get(place, 0) << 21) + place for place, cost in costs.items()))
        best = [key & (1 << 21) - 1 for key in ordered]
        return [Found(self._natures[place], costs[place], costs[place] < _BESIDE) for place in best]

    def meant(self, typed: str) -> tuple[Nature, ...]:
        """The natures that the words mean: one, several that fit as well, or none. Whole words or their beginnings only.

        A nature with something beside gives way to its base where the words fit both.
        """
        costs = self._costs(typed, inside=False, slips=False)
        least = min(costs.values(), default=_BESIDE)
        best = [self._natures[place] for place in sorted(place for place, cost in costs.items() if cost == least < _BESIDE)]
        bases = {nature.code for nature in best if not nature.base}
        return tuple(nature for nature in best if nature.base not in bases)

    def _note(self, word: str, kind: int, place: int) -> None:
        places = self._places.get(word)
        if places is None:
            places = self._places[word] = ([], [], [], [])
        places[kind].append(place)

    def _costs(self, typed: str, *, inside: bool, slips: bool) -> dict[int, int]:
        """What each nature costs in which every word is found."""
        written = _split(typed)
        words = [word for word in written if word not in _LITTLE] or written
        whole: dict[int, int] = {}
        itself: set[int] = set()
        for n, word in enumerate(words):
            here, spoken_of = self._word(word, inside, slips)
            itself |= spoken_of
            whole = {place: whole[place] + cost for place, cost in here.items() if place in whole} if n else here
        costs = {place: cost if place in itself else cost + _BESIDE for place, cost in whole.items()}
        return costs | dict.fromkeys(self._whole.get(" ".join(written), ()), _WHOLE)

    def _word(self, word: str, inside: bool, slips: bool) -> tuple[dict[int, int], set[int]]:
        """What one typed word costs in each nature that has it, and the natures of which it speaks itself.

        The last ones are held: the words before the one that is being typed stay what they are.
        """
        key = (word, inside, slips)
        held = self._found.get(key)
        if held is None:
            found = [
                (cost + kind % _WITH_IT, kind, places)
                for known, cost in self._like(word, inside=inside, slips=slips)
                for kind, places in enumerate(self._places[known])
                if places
            ]
            held = ({}, set())
            for cost, kind, places in sorted(found, key=itemgetter(0), reverse=True):  # the cheapest has the last word
                held[0].update(dict.fromkeys(places, cost))
                if kind < _WITH_IT:
                    held[1].update(places)
            if len(self._found) >= _HELD:
                self._found.clear()
            self._found[key] = held
        return held

    def _like(self, word: str, *, inside: bool, slips: bool) -> Iterator[tuple[str, int]]:
        """Words of the catalogue that the typed one may be, with what that costs."""
        for place in range(bisect_left(self._vocabulary, word), len(self._vocabulary)):
            known = self._vocabulary[place]
            if not known.startswith(word):
                break
            yield known, _EXACT if known == word else _BEGINS
        if inside and len(word) >= _SHORTEST_INSIDE:
            at = self._text.find(word)
            while at >= 0:
                place = bisect_right(self._starts, at) - 1
                if at > self._starts[place]:
                    yield self._vocabulary[place], _INSIDE
                at = self._text.find(word, at + 1)
        if slips and (most := 0 if len(word) < 4 else 1 if len(word) < 8 else 2):
            empty: set[str] = set()
            for known in self._by_letter.get(word[0], empty) | self._by_letter.get(word[1], empty):
                if edits := _slips(word, known, most):
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

    At most `most` are looked for.
    """
    if len(known) < len(typed) - most:
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

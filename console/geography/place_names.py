"""Places found by their names: whole, begun, by some of their words, or with a slip in one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice, takewhile

from msgspec import Struct

from console.geography.address_words import fold
from console.geography.slips import SlipWords

WORD_BEGUN, WORD_MENDED = 0.95, 0.9
NAME_WHOLE, NAME_LONGER = 1.0, 0.93
_BEGUN_FROM = 2
_WORDS_FOR_MENDING = 4
_AT_MOST = 200
"""How many names with one word in common are looked at."""
_SMALL = frozenset({"OF", "THE", "AND", "AT", "&", "/", ","})


class Named(Struct, frozen=True):
    """A place by its name, as it is shown; WGS 84 degrees."""

    words: str
    latitude: float
    longitude: float
    name: str = ""
    """What it is called where `words` tell more (its address); "" where they are its name."""


class PlaceNames:
    """Names of places in memory."""

    def __init__(self, places: Sequence[Named]) -> None:
        """Prepare the places for looking up."""
        self._places = tuple(places)
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._words: list[tuple[str, ...]] = []
        for n, place in enumerate(self._places):
            words = _words(place.name or place.words)
            self._words.append(words)
            self._by_key["".join(words)].append(n)
            for word in dict.fromkeys(words):
                self._by_word[word].append(n)
        self._vocabulary, self._slips = sorted(self._by_word), SlipWords(self._by_word)

    def called(self, words: str, mend: bool = True) -> list[tuple[Named, float]]:
        """The places that the words may name with how surely, the surest first; with `mend` slips are looked through."""
        typed = _words(words)
        if not typed:
            return []
        if whole := self._by_key.get("".join(typed)):
            return [(self._places[n], NAME_WHOLE) for n in whole]
        scores: dict[int, float] | None = None
        for word in typed:
            fits: dict[int, float] = {}
            for known, sureness in self._like(word, mend).items():
                for n in self._by_word[known]:
                    if scores is None or n in scores:
                        fits[n] = max(sureness, fits.get(n, 0))
            scores = {n: sureness * (scores[n] if scores else 1) for n, sureness in fits.items()}
            if not scores:
                return []
        found = [(self._places[n], score * self._covered(n, typed)) for n, score in (scores or {}).items()]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].words))[:_AT_MOST]

    def _covered(self, n: int, typed: tuple[str, ...]) -> float:
        """A name that was typed whole is surer than one of which a part was typed."""
        words = self._words[n]
        if len(words) == len(typed):
            return NAME_WHOLE
        return NAME_LONGER * (0.85 + 0.15 * min(1.0, len(typed) / len(words)))

    def _like(self, word: str, mend: bool) -> dict[str, float]:
        """The known words that a typed one may be."""
        found = {word: 1.0} if word in self._by_word else {}
        if len(word) >= _BEGUN_FROM:
            start = bisect_left(self._vocabulary, word)
            begun = takewhile(lambda known: known.startswith(word), islice(self._vocabulary, start, start + _AT_MOST))
            found = dict.fromkeys(begun, WORD_BEGUN) | found
        if mend and not found and len(word) >= _WORDS_FOR_MENDING:
            found = {known: WORD_MENDED**slips for known, slips in self._slips.near(word)}
        return found


def _words(name: str) -> tuple[str, ...]:
    words = tuple(fold(name).split())
    return tuple(word for word in words if word not in _SMALL) or words

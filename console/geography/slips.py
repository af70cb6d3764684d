"""Words that are a slip or two in typing from others: a letter dropped, doubled, swapped with the next, or another."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

_ONE_FROM, _TWO_FROM = 3, 8
"""Characters from which on one slip, and two, are looked for."""


class SlipWords:
    """Known words, to be looked through for what somebody may have meant."""

    def __init__(self, words: Iterable[str]) -> None:
        """Keep the words by length: a slip changes it by one at most."""
        self._words = sorted(dict.fromkeys(words), key=len)
        self._lengths = [len(word) for word in self._words]

    def near(self, typed: str, at_most: int | None = None) -> list[tuple[str, int]]:
        """The known words with how many slips (optimal string alignment) they are away, the fewest first.

        Figures must agree: another number is another street.
        """
        most = at_most if at_most is not None else 0 if len(typed) < _ONE_FROM else 1 if len(typed) < _TWO_FROM else 2
        start, end = bisect_left(self._lengths, len(typed) - most), bisect_right(self._lengths, len(typed) + most)
        some = self._words[start:end]
        if not most or not some:
            return []
        slips = cdist([typed], some, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
        figures = _figures(typed)
        near = ((some[n], int(slips[n])) for n in np.flatnonzero(slips <= most))
        return sorted(((word, count) for word, count in near if _figures(word) == figures), key=lambda pair: pair[1])


def _figures(words: str) -> str:
    return "".join(letter for letter in words if letter.isdecimal())

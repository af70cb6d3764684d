"""Chance that repeats: a draw follows from the seed and from what it is about, not from the order of asking.

So a person who takes part changes only what they touch; everybody else's day stays the same for the same seed. Draws of a
series are the exception: they also follow from how many of it came before, so that their mean settles within days.
"""

from collections.abc import Mapping
from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")

_NORMAL = NormalDist()
_STRATA = 12
"""How many draws of a series fill the range."""
_LONGEST_TAIL = 0.995
"""A log-normal duration is cut at this quantile: nobody stays on a scene for a day."""


class Chance:
    """Draws of one exercise."""

    def __init__(self, seed: int) -> None:
        """Two exercises with one seed draw alike."""
        self.name = str(seed)
        self._key = self.name.encode()
        self._places: dict[str, dict[tuple[object, ...], int]] = {}
        self._orders: dict[tuple[str, int], list[int]] = {}

    def share(self, *about: object) -> float:
        """An even draw in (0, 1)."""
        words = "\x1f".join(map(str, about)).encode()
        number = int.from_bytes(blake2b(words, digest_size=8, key=self._key).digest()) >> 11
        return (number + 0.5) / (1 << 53)

    def evenly(self, series: str, *about: object) -> float:
        """A draw in (0, 1) of a series of which every so many draws fill the range evenly, in an order drawn by lot."""
        places = self._places.setdefault(series, {})
        block, place = divmod(places.setdefault(about, len(places)), _STRATA)
        order = self._orders.get((series, block))
        if order is None:
            order = sorted(range(_STRATA), key=lambda n: self.share("stratum", series, block, n))
            self._orders[series, block] = order
        return (order[place] + self.share(series, *about)) / _STRATA

    def happens(self, probability: float, *about: object, series: str = "") -> bool:
        """Whether something of that probability happens; of a `series`, if one is named."""
        return (self.evenly(series, *about) if series else self.share(*about)) < probability

    def between(self, low: float, high: float, *about: object) -> float:
        """An even draw between two values."""
        return low + (high - low) * self.share(*about)

    def around(self, mean: float, spread: float, *about: object, series: str = "") -> float:
        """A log-normal draw with that mean; `spread` is the standard deviation of its logarithm."""
        quantile = min(self.evenly(series, *about) if series else self.share(*about), _LONGEST_TAIL)
        return exp(log(mean) - spread * spread / 2 + spread * _NORMAL.inv_cdf(quantile))

    def pick(self, weights: Mapping[T, float], *about: object) -> T:
        """One of the keys, by their weights; the last where rounding leaves a crumb."""
        left = self.share(*about) * sum(weights.values())
        for chosen, weight in weights.items():
            left -= weight
            if left < 0:
                return chosen
        return list(weights)[-1]

    def count(self, mean: float, *about: object) -> int:
        """A Poisson draw with that mean, by inversion."""
        left, number, probability = self.share(*about), 0, exp(-mean)
        while left > probability and number < 1000:
            left -= probability
            number += 1
            probability *= mean / number
        return number

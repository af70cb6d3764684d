"""Which known streets a typed one may mean, and how surely: by name first, then by directionals, suffix and typing slips."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from console.geography.address_index import KnownStreet
from console.geography.address_words import Street
from console.geography.slips import SlipWords
from console.geography.street_words import ROAD_SYSTEMS, SIDES, SPELLED, SUFFIX_WORDS

SUFFIX_MISSING, SUFFIX_ADDED, SUFFIX_OTHER = 0.96, 0.94, 0.90
SIDE_MISSING, SIDE_ADDED, SIDE_SWAPPED, SIDE_OTHER = 0.95, 0.93, 0.97, 0.75
SYSTEM_MISSING, SYSTEM_OTHER = 0.98, 0.80
TOWN_OTHER, BEGUN = 0.85, 0.88
SLIP = 0.6
"""How much one slip takes of sureness, over the length of what was typed."""
STREETS_AT_MOST = 40
_BEGUN_FROM = 2
_SUFFIX_WORDS = SlipWords(SUFFIX_WORDS)


class Likely(Struct, frozen=True):
    """A known street that may be meant, and how surely, up to 1."""

    known: KnownStreet
    sureness: float


class StreetNames:
    """Every street of a center in memory: tens of thousands."""

    def __init__(self, streets: Iterable[KnownStreet]) -> None:
        """Prepare the streets for looking up."""
        self._streets = list(streets)
        self._by_core: dict[str, list[int]] = defaultdict(list)
        for place, known in enumerate(self._streets):
            self._by_core[known.street.core].append(place)
        self._cores = sorted(self._by_core)
        whole: dict[str, list[int]] = defaultdict(list)
        for place, known in enumerate(self._streets):
            for words in _written(known.street):
                whole[words].append(place)
        self._whole, self._whole_words, self._core_words = whole, SlipWords(whole), SlipWords(self._cores)

    def has(self, street: Street) -> bool:
        """Whether exactly this street is known."""
        return any(self._streets[place].street == street for place in self._by_core.get(street.core, ()))

    def like(self, street: Street, town: str = "", _said: str = "") -> list[Likely]:
        """The streets of exactly this name, then those that begin with it; the surest first."""
        found = {place: self._compared(street, town, place) for place in self._by_core.get(street.core, ())}
        if len(street.core) >= _BEGUN_FROM and not street.core.isdecimal():
            begun = street.core if not street.suffix else ""
            start = bisect_left(self._cores, begun) if begun else len(self._cores)
            for core in self._cores[start : start + STREETS_AT_MOST]:
                if not core.startswith(begun):
                    break
                for place in self._by_core[core]:
                    found.setdefault(place, BEGUN * self._compared(street, town, place))
        return self._surest(found)

    def mended(self, street: Street, town: str = "", said: str = "") -> list[Likely]:
        """The streets that a slip or two in typing may have made into this one, as parted or as `said`; the surest first."""
        found = {place: self._compared(street, town, place) for place in self._by_core.get(street.core, ())}

        def note(place: int, sureness: float) -> None:
            found[place] = max(sureness, found.get(place, 0))

        for typed in dict.fromkeys((street.words, said)):
            for words, slips in self._whole_words.near(typed):
                for place in self._whole[words]:
                    note(place, (1 - SLIP * slips / len(typed)) * self._of_town(town, place))
        for core, slips in self._core_words.near(street.core):
            for place in self._by_core[core]:
                note(place, (1 - SLIP * slips / len(street.core)) * self._compared(street, town, place))
        return self._surest(found)

    def _surest(self, found: dict[int, float]) -> list[Likely]:
        ranked = sorted(found.items(), key=lambda item: -item[1])[:STREETS_AT_MOST]
        return [Likely(self._streets[place], sureness) for place, sureness in ranked]

    def _compared(self, typed: Street, town: str, place: int) -> float:
        known = self._streets[place].street
        return _sides(typed, known) * _suffix(typed, known) * _system(typed, known) * self._of_town(town, place)

    def _of_town(self, town: str, place: int) -> float:
        known = self._streets[place].town
        return 1.0 if not town or not known or town == known else TOWN_OTHER


def suffix_mended(words: Sequence[str]) -> list[str] | None:
    """The words with a slip in the spelled-out suffix at their end mended; None where there is none."""
    if len(words) < 2 or len(words[-1]) < 4 or words[-1] in SUFFIX_WORDS or not words[-1].isalpha():
        return None
    near = _SUFFIX_WORDS.near(words[-1], at_most=1)
    return [*words[:-1], near[0][0]] if near else None


def _written(street: Street) -> list[str]:
    """How a street may have been written: 9TH ST also as NINTH ST, W PARK DR as WEST PARK DR, NC HWY 54 as NC 54 HWY."""
    forms = [street.words]
    if street.suffix == "HWY" and street.name[:1].isdecimal():
        orders = ((street.system, street.name, "HWY"), (street.system, street.name), ("HIGHWAY", street.name))
        forms += [" ".join(filter(None, (street.pre, *order, street.post))) for order in orders]
    forms += [" ".join(SPELLED.get(word, word) for word in form.split()) for form in forms]
    if street.pre or street.post:
        sides = {street.pre, street.post} - {""}
        forms += [" ".join(SIDES[word] if word in sides else word for word in form.split()) for form in forms]
    return list(dict.fromkeys(forms))


def _sides(typed: Street, known: Street) -> float:
    """How well the directionals agree."""
    ours, theirs = (typed.pre, typed.post), (known.pre, known.post)
    if ours == theirs:
        return 1.0
    if ours == theirs[::-1]:
        return SIDE_SWAPPED
    if not any(ours):
        return SIDE_MISSING
    return SIDE_OTHER if any(theirs) else SIDE_ADDED


def _suffix(typed: Street, known: Street) -> float:
    if typed.suffix == known.suffix:
        return 1.0
    if not typed.suffix:
        return SUFFIX_MISSING
    return SUFFIX_OTHER if known.suffix else SUFFIX_ADDED


def _system(typed: Street, known: Street) -> float:
    ours, theirs = (ROAD_SYSTEMS.get(each.system, "") for each in (typed, known))
    if ours == theirs:
        return 1.0
    return SYSTEM_MISSING if not ours or not theirs else SYSTEM_OTHER

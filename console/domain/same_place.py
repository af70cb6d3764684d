"""When two numbers are one number, and two addresses one place: by a normal form of each, which can be looked up."""

import re
from functools import lru_cache

KNOWN = 1 << 14
"""Words whose normal form is remembered: more than a full board has."""

_EXTENSION = re.compile(r"\s*(?:x|ext|extension|#)[. ]*[0-9]+\s*$", re.IGNORECASE)
_NOT_A_DIGIT = re.compile(r"[^0-9]")
_ZIP = re.compile(r"(?<=[^\s,])[\s,]+\d{5}(-\d{4})?\s*$")
_CORNER = re.compile(r"(?<!\d)\s*/\s*|\s*/\s*(?!\d)|\s*[&@]\s*|\s+(?:and|at)\s+")
_MAY_BE_A_CORNER = re.compile(r"[/&@]|\s(?:and|at)\s")
_WORD = re.compile(r"\w+")

_SHORT = {
    "street": "st", "saint": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln",
    "boulevard": "blvd", "court": "ct", "place": "pl", "circle": "cir", "highway": "hwy", "parkway": "pkwy",
    "terrace": "ter", "square": "sq", "trail": "trl", "expressway": "expy", "freeway": "fwy", "plaza": "plz",
    "north": "n", "south": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "apartment": "apt", "unit": "apt", "no": "apt", "suite": "ste", "building": "bldg", "floor": "fl", "room": "rm",
}  # fmt: skip
"""Words of an address as USPS Publication 28, appendices B and C, shortens them; the ways to say a dwelling are one."""


@lru_cache(KNOWN)
def number_key(number: str) -> str:
    """The digits of a number without the country code of North America and without an extension; "" for no number.

    "+1 (919) 555-0142", "919.555.0142" and "919 555 0142 x7" are one number. Another country's code stays.
    """
    digits = _NOT_A_DIGIT.sub("", _EXTENSION.sub("", number))
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def number_begun(typed: str) -> str:
    """The first digits of a number that is being typed, in the form of `number_key`.

    A leading 1 is the country code: no number of North America begins with it (NANPA, N is 2 to 9).
    """
    return _NOT_A_DIGIT.sub("", typed).removeprefix("1")


def number_spoken(key: str) -> str:
    """A key as people read it: ten digits in three groups, others as they are."""
    return f"{key[:3]} {key[3:6]} {key[6:]}" if len(key) == 10 else key


@lru_cache(KNOWN)
def place_key(address: str) -> str:
    """The normal form of an address; "" where there are no words.

    Case, accents, punctuation and a ZIP code at the end do not count, words of streets and directions are shortened, and
    the two streets of a corner stand in one order. The apartment does count: behind another door lives another neighbor.
    For the same reason nothing near by is taken for the same place: a caller's location is often a circle of 80 m.
    """
    plain = address.casefold().replace("'", "").replace("’", "")
    if not plain.isascii():
        from unicodedata import combining, normalize  # most cities need its tables never

        plain = "".join(letter for letter in normalize("NFKD", plain) if not combining(letter))
    plain = _ZIP.sub("", plain.replace("#", " apt "))
    if not _MAY_BE_A_CORNER.search(plain):
        return _words(plain)
    return " / ".join(sorted(filter(None, map(_words, _CORNER.split(plain)))))


def _words(street: str) -> str:
    words = [_SHORT.get(word, word) for word in _WORD.findall(street)]
    if words.count("apt") < 2:
        return " ".join(words)
    return " ".join(word for n, word in enumerate(words) if not (word == "apt" and words[n - 1 : n] == ["apt"]))

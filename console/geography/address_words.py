"""What the words of an address say: number, street, dwelling, block or crossing, in the forms of USPS Publication 28.

Everything here is a pure function of words. The same functions read a center's list of addresses and what people type, so
both come to the same form; what a list knows of a city (its towns) is handed in.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from console.geography.street_words import (
    DIRECTIONS,
    DWELLINGS,
    DWELLINGS_ALONE,
    NAME_WORDS,
    ORDINALS,
    ROAD_BRANCHES,
    ROAD_SYSTEMS,
    ROAD_WORDS,
    STATES,
    SUFFIXES,
    TENS,
    ordinal,
)

WORDS_AT_MOST = 200
"""Characters of an address that are looked at."""

_NUMBER = re.compile(r"(\d{1,6})(?:-(\d{1,4}))?([A-Z]?)")
_JOINED_ROUTE = re.compile(rf"({'|'.join(sorted(ROAD_SYSTEMS.keys() | ROAD_WORDS))})(\d{{1,4}})")
_ROUTE = re.compile(r"\d{1,4}[A-Z]?(-\d{1,4})?")
_ZIP = re.compile(r"\d{5}(-\d{4})?")
_FRACTION = re.compile(r"[1-4]/[2-8]")
_IDENTIFIER = re.compile(r"[A-Z]?\d[\dA-Z]*|[A-Z]")
_FRACTION_BAR, _NUMBER_DASH = "\x01", "\x02"
"""Stand for the bar of 1/2 and the dash of 15-501 while all others are taken out."""
_CORNERS = ("/", "&")
_OPENINGS = (["CORNER", "OF"], ["INTERSECTION", "OF"], ["JUNCTION", "OF"])
_CORNER_WORDS = {"AND": "&", "AT": "&"}


class Street(Struct, frozen=True, order=True):
    """A street in its parts: directional before and after, name, suffix; of a numbered highway its number and system."""

    pre: str
    name: str
    suffix: str
    post: str
    system: str = ""

    @property
    def words(self) -> str:
        """How it is written: N ROXBORO ST, NC HWY 54 E."""
        if self.suffix == "HWY" and _ROUTE.match(self.name):
            road = "" if self.system == "I" else "HWY"
            return " ".join(filter(None, (self.pre, self.system, road, self.name, self.post)))
        return " ".join(filter(None, (self.pre, self.name, self.suffix, self.post)))

    @property
    def core(self) -> str:
        """Its name without blanks: what must agree before anything else is compared."""
        return self.name.replace(" ", "")


class Reading(Struct, frozen=True):
    """One way to understand the words. `trust` is 1 for what they say as they stand, less where something was put aside.

    `number` None: a street alone. `crosses`: the other street of a crossing. `town` as typed, "" for none. `said` are the
    street's words as typed, folded: what a slip in typing is looked for in.
    """

    street: Street
    number: int | None = None
    part: str = ""
    dwelling: str = ""
    block: bool = False
    crosses: Street | None = None
    town: str = ""
    trust: float = 1.0
    said: str = ""
    said_crossing: str = ""


@lru_cache(1 << 12)
def fold(words: str) -> str:
    """Words in capitals without accents and punctuation; what divides (, / & #) stands between blanks. Idempotent."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words[: 4 * WORDS_AT_MOST]).upper())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(rf"['’`ʼ{_FRACTION_BAR}{_NUMBER_DASH}]", "", plain)
    plain = re.sub(r"(?<=\b[A-Z])\.(?=[A-Z]\b)", "", plain)
    plain = re.sub(r"(?<![\w/])([1-4])/([2-8])(?![\w/])", rf"\1{_FRACTION_BAR}\2", plain)
    plain = re.sub(r"(?<=\d)-(?=\d)", _NUMBER_DASH, plain)
    plain = re.sub(r"[@+]", "&", plain)
    plain = re.sub(r"([,/&#])", r" \1 ", plain.replace(";", ","))
    plain = re.sub(rf"[^\w,/&#{_FRACTION_BAR}{_NUMBER_DASH}]|_", " ", plain)
    plain = " ".join(plain.replace(_FRACTION_BAR, "/").replace(_NUMBER_DASH, "-").split())
    return re.sub(r"\bUS (\d+) / (\d+)\b", r"US \1-\2", plain)


def street(tokens: Collection[str]) -> Street:
    """The parts of a street of folded words; whatever is no directional or suffix is its name."""
    rest = list(tokens)
    pre = post = suffix = ""
    named = any(word not in SUFFIXES for word in rest[1:])
    if rest and rest[0] in DIRECTIONS and len(rest) > (1 if named else 2):
        pre = DIRECTIONS[rest.pop(0)]
    if (highway := _highway(rest, pre)) is not None:
        return highway
    if len(rest) > 1 and rest[-1] in DIRECTIONS and (len(rest) > 2 or rest[0] not in SUFFIXES):
        post = DIRECTIONS[rest.pop()]
    if len(rest) > 1 and rest[-1] in SUFFIXES:
        suffix = SUFFIXES[rest.pop()]
    return Street(pre, " ".join(_name(rest)), suffix, post)


def _highway(words: list[str], pre: str) -> Street | None:
    """A numbered highway in any order: NC 54 HWY, HIGHWAY 54 EAST, US 15-501 BUS, I 85."""
    numbers: list[str] = []
    system = post = branch = ""
    spoken = False
    words = [part for word in words for part in _JOINED_ROUTE.sub(r"\1 \2", word).split()]
    for n, word in enumerate(words):
        if _ROUTE.fullmatch(word):
            numbers.append(word)
        elif word in ROAD_WORDS or (word in ("RD", "ROAD") and system in ("CO", "STATE")):
            spoken = True
        elif word in ROAD_BRANCHES:
            branch = ROAD_BRANCHES[word]
        elif word in ROAD_SYSTEMS and not system and not numbers:
            system = word if word in STATES else ROAD_SYSTEMS[word]
        elif word in DIRECTIONS and n == len(words) - 1:
            post = DIRECTIONS[word]
        else:
            return None
    if not numbers or len(numbers) > 2 or not (spoken or system):
        return None
    name = " ".join(filter(None, ("-".join(numbers), branch)))
    return Street(pre, name, "HWY", post, system)


def _name(words: list[str]) -> Iterator[str]:
    """The words of a name, ordinals in figures and usual words shortened."""
    following = [*words[1:], ""]
    skip = False
    for word, after in zip(words, following, strict=True):
        if skip:
            skip = False
        elif word in TENS and 0 < ORDINALS.get(after, 0) < 10:
            skip = True
            yield ordinal(TENS[word] + ORDINALS[after])
        elif word in ORDINALS:
            yield ordinal(ORDINALS[word])
        else:
            yield NAME_WORDS.get(word, word)


def read(words: str, towns: Collection[str] = ()) -> tuple[Reading, ...]:
    """Every way to understand the words, the plainest first; none where they hold no word.

    `towns` are the folded names of towns that may end an address.
    """
    folded = fold(words)[:WORDS_AT_MOST].split()
    tokens, town = _without_town(folded[2:] if folded[:2] in _OPENINGS else folded, towns)
    readings: list[Reading] = []
    if not tokens:
        return ()
    corner = _corner(tokens)
    if corner is not None:
        readings.append(corner)
    plain = [word for word in tokens if word not in _CORNERS]
    if corner is None or corner.trust < 1:
        readings += _addresses(plain)
        start = next((n for n, word in enumerate(plain) if n and _NUMBER.fullmatch(word) and len(plain) > n + 1), 0)
        if start and not _NUMBER.fullmatch(plain[0]):  # a name, and behind it the address
            readings += (replace(each, trust=each.trust * 0.9) for each in _addresses(plain[start:]))
    return tuple(dict.fromkeys(replace(each, town=town) for each in readings if any(map(str.isalnum, each.street.name))))


def _without_town(tokens: list[str], towns: Collection[str]) -> tuple[list[str], str]:
    """The words without ZIP, state and town at their end, and the town."""
    rest = list(tokens)
    if "," in rest[1:]:
        at = rest.index(",", 1)
        behind = [word for word in rest[at:] if word != ","]
        place = [word for word in behind if not _ZIP.fullmatch(word)]
        if behind and (behind[0] in DWELLINGS or behind[0] in DWELLINGS_ALONE):
            rest = rest[:at] + behind
        elif behind and not _NUMBER.fullmatch(behind[0]):
            while place and place[-1] in STATES:
                place.pop()
            return rest[:at], " ".join(place)
    rest = [word for word in rest if word != ","]
    zipped = (
        len(rest) > 2 and _ZIP.fullmatch(rest[-1]) is not None and rest[-2] not in DWELLINGS | dict.fromkeys(ROAD_WORDS, "")
    )
    before = rest[:-1] if zipped else rest
    of_state = before[:-1] if len(before) > 2 and before[-1] in STATES else before
    for candidate in (of_state, before):
        for length in (3, 2, 1):
            town = " ".join(candidate[-length:])
            kept = candidate[:-length]
            if town in towns and len(kept) > 1 and (len(kept) > 2 or not _NUMBER.fullmatch(kept[0])):
                return kept, town
    if zipped and (len(of_state) < len(before) or before[-1] in SUFFIXES):
        return of_state, ""
    return rest, ""


def _corner(tokens: list[str]) -> Reading | None:
    """A crossing of two streets, if the words divide into two; less trusted where a half does not look like a street."""
    rest = tokens
    marked = any(word in _CORNERS for word in rest)
    rest = rest if marked else [_CORNER_WORDS.get(word, word) for word in rest]
    halves: list[list[str]] = [[]]
    for word in rest:
        if word in _CORNERS:
            halves.append([])
        else:
            halves[-1].append(word)
    halves = [half for half in halves if half]
    if len(halves) < 2 or (_NUMBER.fullmatch(halves[1][0]) and len(halves[1]) > 2 and halves[1][1] not in SUFFIXES):
        return None
    first = _addresses(halves[0])
    if not first:
        return None
    other = street(halves[1])
    like = [bool(each.suffix or each.post or each.pre) for each in (first[0].street, other)]
    trust = 1.0 if marked and all(like) else 0.97
    ours, said = first[0], " ".join(halves[1])
    return Reading(ours.street, ours.number, ours.part, crosses=other, trust=trust, said=ours.said, said_crossing=said)


def _addresses(tokens: list[str]) -> list[Reading]:
    """The address that the words are, and what they are when what follows the street's suffix is put aside."""
    if not tokens:
        return []
    rest, number, part, block = _number(tokens)
    rest, dwelling = _dwelling(rest) if number is not None else (rest, "")
    known = Reading(street(rest), number, part, dwelling, block, said=" ".join(rest))
    readings = [known]
    if known.street.suffix and rest[-1] in SUFFIXES and len(rest) > 1:  # HOPE VALLEY is a name too
        side = DIRECTIONS.get(rest[0], "")
        readings.append(replace(known, street=Street(side, " ".join(_name(rest[1 if side else 0 :])), "", "")))
    cut = next((n for n in range(2, len(rest)) if rest[n - 1] in SUFFIXES), 0)
    if cut and known.street.suffix != "HWY":
        behind = [word for word in rest[cut:] if _IDENTIFIER.fullmatch(word)]
        inner = dwelling or (f"# {behind[-1]}" if behind else "")
        readings.append(replace(known, street=street(rest[:cut]), dwelling=inner, trust=0.93, said=" ".join(rest[:cut])))
    return readings


def _number(tokens: list[str]) -> tuple[list[str], int | None, str, bool]:
    """What is left, the house number, what stands beside it (B, 1/2), and whether a block is meant."""
    match = _NUMBER.fullmatch(tokens[0])
    if match is None or len(tokens) < 2:
        return tokens, None, "", False
    number, rest = int(match[1]), tokens[1:]
    part = match[3] or (f"-{match[2]}" if match[2] else "")
    if rest[0] in ("BLOCK", "BLK") and len(rest) > 1:
        return rest[2:] if rest[1] == "OF" and len(rest) > 2 else rest[1:], number, part, True
    if _FRACTION.fullmatch(rest[0]) and len(rest) > 1:
        return rest[1:], number, part + rest[0], False
    lettered = len(rest[0]) == 1 and rest[0].isalpha() and rest[0] not in DIRECTIONS
    if lettered and not part and any(word not in SUFFIXES and word not in DIRECTIONS for word in rest[1:]):
        return rest[1:], number, rest[0], False
    return rest, number, part, False


def _dwelling(words: list[str]) -> tuple[list[str], str]:
    """The street's words, and the dwelling behind it in its standard form: STE 14A, # 5."""
    for n in range(1, len(words)):
        word, behind = words[n], words[n + 1 :]
        if word in DWELLINGS:
            said = behind[1:] if behind[:1] == ["#"] else behind
            if 0 < len(said) <= 3 and _IDENTIFIER.fullmatch(said[0]):
                return words[:n], f"{DWELLINGS[word]} {''.join(said)}"
        elif word in DWELLINGS_ALONE and not behind and n > 1:
            return words[:n], DWELLINGS_ALONE[word]
    last = words[-1]
    after_suffix = len(words) > 2 and words[-2] in SUFFIXES and words[-2] not in ROAD_WORDS
    if after_suffix and _IDENTIFIER.fullmatch(last) and last not in DIRECTIONS and (len(last) > 1 or len(words) > 3):
        return words[:-1], f"# {last}"
    return words, ""

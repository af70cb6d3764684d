"""A call taken by hand: "+ trespass, 400 Main St, 919 555 0142, officer". Commas part its fields, which come in any order.

Each field is known by its own look: a nature by its code, an abbreviation or words of its name, a source or a language by
its word, a priority by its "p", a callback number by its digits. What is none of these, and has letters, is the place.
There is one place, one nature and so on: a second of a kind is refused, so that a slip of the fingers is never taken for
an address.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from PySide6.QtCore import QLocale

from console.domain.agency import Agency
from console.domain.commands import AnyCommand, ReceiveCall
from console.domain.ids import CallId, NatureCode
from console.domain.nature_search import search_in
from console.domain.queries import place_known_as
from console.domain.same_place import number_key, number_spoken
from console.domain.state import Place, Source
from console.ui.queue.rows import language, priority_words
from console.ui.verbs.reading import Fields, Grounds, Refused, Stop, Wanting

EXAMPLE: Final = "+ NATURE, PLACE, NUMBER, SOURCE"

SOURCES: Final[dict[str, tuple[Source, str]]] = {
    "911": (Source.CALL_911, "from 911"),
    "officer": (Source.OFFICER, "from an officer"),
    "phone": (Source.PHONE, "by phone"),
    "text": (Source.TEXT, "by text"),
    "alarm": (Source.ALARM, "from an alarm"),
    "self": (Source.SELF_INITIATED, "self-initiated"),
}
"""How a call came, by the word that is typed; the first where none is."""

_AT_MOST: Final = 5
_NUMBER: Final = re.compile(r"(\+?[0-9]+[ .-]?)?(\([0-9]+\) ?)?[0-9]+([ .-][0-9]+)*")
_BEGUN: Final = re.compile(r"\+?[0-9(][0-9 ().-]*")
"""A number that is being typed: it may end anywhere."""
_DIGITS: Final = range(7, 16)
"""How many digits a number to call back has: without its area code, up to the most of ITU-T E.164."""

_RECODES: Final = re.compile(
    r"\s*(?:(?:t|nature)\s+(?:\.|#?[0-9]{1,6})|(?:\.|#?[0-9]{1,6})\s+(?:t|nature))\s+(?P<nature>.*)", re.IGNORECASE
)
"""A line that gives a call another nature, verb and call in either order."""


def new_call(grounds: Grounds, fields: Fields) -> tuple[AnyCommand, str]:
    """The call that the fields describe, with what they leave open as the agency and this table have it."""
    agency = grounds.state.agency
    said = _sort(grounds, fields.rest)
    place, where = _place(grounds, said.get("place", ""))
    callback, spoken = _callback(said.get("callback", "")), _language(agency, said.get("language", ""))
    source, from_where = SOURCES[said.get("source", next(iter(SOURCES))).casefold()]
    rest = (
        where,
        f"callback {callback}" if callback else "",
        f"speaks {language(spoken)}" if spoken else "",
        from_where,
    )
    if "nature" not in said:
        so_far = "".join(f", {words}" for words in rest if words) if said else ""
        raise Stop(Wanting(f"new call{so_far}: which nature? {_slip(agency, said.get('place', ''))}· {EXAMPLE}"))
    nature = agency.nature(_nature(agency, said["nature"]))
    priority = said.get("priority", "")[1:] or ("P" if "priority" in said else "")
    made = ReceiveCall(
        CallId(grounds.new_id()),
        source,
        nature.code,
        place,
        priority=priority,
        callback=callback,
        language=spoken,
    )
    words = (nature.name, priority_words(priority or nature.priority), *rest)
    return made, f"new call: {', '.join(filter(None, words))}"


def _sort(grounds: Grounds, typed: str) -> dict[str, str]:
    """The words of each field by its kind, or stop at the first that is none, or one too many."""
    said: dict[str, str] = {}
    for words in filter(None, (" ".join(part.split()) for part in typed.split(","))):
        kinds = _kinds(grounds, words)
        kind = next((k for k in kinds if k not in said), kinds[0])
        if kind in said:
            hint = "; leave the comma out within a place" if kind == "place" else ""
            raise Stop(Refused(f'"{said[kind]}" and "{words}" are each a {kind}: one too many{hint}'))
        said[kind] = words
    if "nature" not in said and "nature" in _kinds(grounds, said.get("source", "")):
        said["nature"] = said.pop("source")  # "alarm" is a nature too, and a call has one
    return said


def _kinds(grounds: Grounds, words: str) -> tuple[str, ...]:
    """What a field may be, the likelier first; stop where it can be nothing."""
    agency = grounds.state.agency
    if words.casefold() in grounds.found:
        return ("place",)
    word, meant = words.casefold(), search_in(agency).meant(words)
    if word in SOURCES:
        return ("source", "nature") if any(word in (n.code.casefold(), n.name.casefold()) for n in meant) else ("source",)
    if re.fullmatch(r"p[1-9]?", word):
        return ("priority",)
    if _language(agency, words):
        return ("language",)
    if _NUMBER.fullmatch(words) and len(re.sub(r"[^0-9]", "", words)) in _DIGITS:
        return ("callback",)
    if place_known_as(agency, words):
        return ("place",)
    if meant:
        return ("nature",)
    if words and not any(letter.isalpha() for letter in words):
        raise Stop(Wanting(f'"{words}": which street, or the rest of the number?'))
    return ("place",)


def _nature(agency: Agency, words: str) -> NatureCode:
    """The one nature of the words; where they fit several, stop with the first of them."""
    may_be = search_in(agency).meant(words)
    if len(may_be) > 1:
        more = f" and {len(may_be) - _AT_MOST} more" if len(may_be) > _AT_MOST else ""
        raise Stop(Refused(f'"{words}" may be: {", ".join(nature.name for nature in may_be[:_AT_MOST])}{more}'))
    return may_be[0].code


def _slip(agency: Agency, words: str) -> str:
    """The nature that words taken for a place may be with a letter wrong, for the person to see."""
    found = search_in(agency).find(words, most=1)
    return f'Is "{words}" {found[0].nature.name}? ' if found and found[0].itself else ""


def typed_nature(agency: Agency, line: str) -> str:
    """The words at the end of a line that may still become the nature of a call, a new one or one recoded; "" for none."""
    if recoded := _RECODES.match(line):
        return recoded["nature"].strip()
    taken = re.match(r"\s*(\+|new\s)(.*)", line, re.IGNORECASE)
    before, _, last = taken[2].rpartition(",") if taken else ("", "", "")
    words = last.strip()
    if not words or words.casefold() in SOURCES or place_known_as(agency, words):
        return ""
    named = (part for part in before.split(",") if part.strip().casefold() not in SOURCES)
    return "" if any(search_in(agency).meant(part) for part in named) else words


def typed_place(agency: Agency, line: str) -> str:
    """The words at the end of a line that takes a new call which may be, or become, its place; "" for none."""
    taken = re.match(r"\s*(\+|new\s)(.*)", line, re.IGNORECASE)
    words = taken[2].rpartition(",")[2].strip() if taken else ""
    other = words.casefold() in SOURCES or _language(agency, words) or search_in(agency).meant(words)
    return "" if other or re.fullmatch(r"[pP][1-9]?", words) else words


def typed_number(line: str) -> str:
    """The field of a line that takes a new call which is, or is becoming, a number to call back; "" for none."""
    taken = re.match(r"\s*(\+|new\s)(.*)", line, re.IGNORECASE)
    fields = (part.strip() for part in taken[2].split(",")) if taken else ()
    return next((field for field in fields if _BEGUN.fullmatch(field)), "")


def _place(grounds: Grounds, words: str) -> tuple[Place, str]:
    """The place, and how the preview says it: one that was found or is known has its point, other words stand as typed."""
    agency = grounds.state.agency
    if found := grounds.found.get(words.casefold()):
        near = f", within {found.uncertainty_m:.0f} m" if found.uncertainty_m else ""
        return found, f"{found.address} (on the map{near})"
    if known := place_known_as(agency, words):
        return known, f"{known.address} (a known place)"
    return Place(words), f"{words} (not on the map)" if words else "place not known"


def _callback(words: str) -> str:
    """The number as it is kept. Ten digits stand in one form however they were typed: repeat callers are found by it."""
    key = number_key(words)
    return number_spoken(key) if len(key) == 10 else words


def _language(agency: Agency, words: str) -> str:
    """The code of a language by its English name, or by its code where it is one of the agency's; else ""."""
    word = words.casefold()
    return word if word in agency.languages else _language_codes().get(word, "")


@cache
def _language_codes() -> dict[str, str]:
    """Languages by their English names, casefolded, with ISO 639 codes."""
    codes = {QLocale.languageToString(each).casefold(): QLocale.languageToCode(each) for each in QLocale.Language}
    return {name: code for name, code in codes.items() if 2 <= len(code) <= 3}

"""What reading a line stands on and comes to: grounds, fields and the answer. Shared by the grammar and its verbs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from console.domain import queries
from console.domain.commands import AnyCommand
from console.domain.ids import CallId, UnitId, UserId
from console.domain.positions import Standing
from console.domain.state import Call, Place, Position, Presence, State, Unit
from console.ui.road_times import Roads

_PARTS: Final = re.compile(r"[^\s_,;:]+")
"""The words of a name, of a code or of what is typed for one."""


class Grounds(Struct, frozen=True):
    """What a line is read against: the state, the hub's time, who types, what is chosen, and where new ids come from."""

    state: State
    now: datetime
    new_id: Callable[[], str]
    me: UserId = UserId("")
    positions: Mapping[UnitId, Position] = {}
    standings: Mapping[UnitId, Standing] = {}
    roads: Callable[[Call], Roads] = lambda _call: Roads()
    found: Mapping[str, Place] = {}
    """Places that were taken from suggestions, by their words, casefolded."""
    call_id: CallId | None = None
    unit_id: UnitId | None = None


class Ready(Struct, frozen=True):
    """Enter will do this: send the command, or choose a call or a unit."""

    words: str
    command: AnyCommand | None = None
    occurred_at: datetime | None = None
    call_id: CallId | None = None
    unit_id: UnitId | None = None


class Wanting(Struct, frozen=True):
    """Right so far, and not whole: `words` ask for what is missing."""

    words: str


class Refused(Struct, frozen=True):
    """It cannot be done, or not be read; `words` say why."""

    words: str


Reading = Ready | Wanting | Refused


class Stop(Exception):
    """Reading ends here with this answer; only `read` catches it, and always does."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading


class Fields:
    """The fields found in a line, each at most once, and the words that were none."""

    def __init__(self) -> None:
        self.unit: Unit | None = None
        self.call: Call | None = None
        self.person: Presence | None = None
        self.service = ""
        self.rest = ""
        self.occurred_at: datetime | None = None
        """Since when it is so, where the line says that; a verb that takes a time sets it."""


class Verb(Struct, frozen=True):
    """One verb: its words, the fields it takes, whether the rest is free text, how it is written, and what it makes."""

    words: tuple[str, ...]
    takes: tuple[str, ...]
    free_text: bool
    example: str
    means: str
    make: Callable[[Grounds, Fields], tuple[AnyCommand, str]]
    of_chosen: bool = False
    """Where no call is named, the chosen one is meant; the preview names it."""


def called(grounds: Grounds, call: Call) -> str:
    """A call as a preview names it: number, nature, place."""
    nature = queries.nature_words(grounds.state.agency, call)
    return ", ".join(filter(None, (f"{call.number} {nature}", call.place.address)))


def no_such(kind: str, word: str, grounds: Grounds) -> str:
    """Why a word is no such call, unit, person or service."""
    if kind == "call" and re.fullmatch(r"#?[0-9]{1,6}", word):
        closed = [k for k in grounds.state.calls.values() if k.closing and same_number(k.number, word)]
        return f"call {closed[-1].number} is already closed" if closed else f"there is no open call {word}"
    if kind == "call" and word == ".":
        return "no call is chosen"
    if kind == "unit":
        return "no unit is chosen" if word == "." else f"there is no unit {word.upper()} on the roster"
    if kind == "person":
        at_work = ", ".join(p.name for p in queries.clinicians(grounds.state)) or "nobody"
        return f"no clinician at work is called {word}; at work: {at_work}"
    if kind == "service":
        return f"{word} is not a service here: {', '.join(s.name for s in grounds.state.agency.other_services)}"
    return f'"{word}" is not the number of a call'


def same_number(number: str, word: str) -> bool:
    """Whether the word is that call's number, with or without its leading zeros."""
    return number.lstrip("0") == word.lstrip("#").lstrip("0")


def exact(words: str, options: Mapping[str, str]) -> list[str]:
    """The codes of the options that the words name wholly, by code or by name."""
    return [code for code, name in options.items() if words.casefold() in (code.casefold(), name.casefold())]


def fitting(words: str, options: Mapping[str, str]) -> list[str]:
    """The codes of the options that the words may mean: named wholly, else each word beginning a word of the name."""
    typed = words.casefold().split()
    return exact(words, options) or [
        code for code, name in options.items() if all(any(n.startswith(t) for n in name.casefold().split()) for t in typed)
    ]


def leading(words: str, options: Mapping[str, str]) -> tuple[str, str]:
    """What names an option at the beginning of the words, its code where it is named wholly, and the rest as it was typed.

    The longest whole code or name counts, else the longest one whose last word is begun, else one word. In a name spaces,
    underscores and commas are the same.
    """
    found = list(_PARTS.finditer(words))
    said = [part.group().casefold() for part in found]
    named = {tuple(_PARTS.findall(name.casefold())): code for code, name in options.items()}
    named |= {tuple(_PARTS.findall(code.casefold())): code for code in options}

    def begun(count: int) -> bool:
        begins = (name for name in named if len(name) >= count and name[: count - 1] == tuple(said[: count - 1]))
        return any(name[count - 1].startswith(said[count - 1]) for name in begins)

    if not found:
        return "", ""
    counts = range(len(said), 0, -1)
    whole = next((count for count in counts if tuple(said[:count]) in named), 0)
    count = whole or next((count for count in counts if begun(count)), 1)
    what = named[tuple(said[:count])] if whole else words[: found[count - 1].end()].strip()
    return what, words[found[count - 1].end() :].lstrip(" _,;:").rstrip()


def pick(words: str, options: Mapping[str, str], what: str) -> str:
    """The code of the one option that the words mean, or stop with those they may mean."""
    may_be = fitting(words, options)
    if len(may_be) == 1 and words.strip():
        return may_be[0]
    some = ", ".join(options[code] for code in (may_be or options))
    if not words.strip():
        raise Stop(Wanting(f"{what}? {some}"))
    raise Stop(Refused(f'"{words}" may be: {some}' if may_be else f'"{words}" is none of: {some}'))

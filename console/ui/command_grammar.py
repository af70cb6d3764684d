"""What a line typed on the command line means: pure, never raises, and never guesses.

A line is a verb and fields that identify themselves (the radio name of a unit, the number of an open call, the name
of a person at work), so their order is free: "d UNIT CALL" and "CALL d UNIT" are one. "." is the chosen call or unit.
What is read is tried on the state by the hub's own rules, so that the preview already says what the hub would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand, Rejected
from console.domain.decide import decide
from console.domain.ids import CallId, EntryId, HandOffId, UnitId, UserId
from console.domain.recommend import recommend
from console.domain.state import PRIORITIES, Call, Position, Presence, PresenceStatus, State, Unit, UnitStatus
from console.domain.travel import whole_minutes


class Grounds(Struct, frozen=True):
    """What a line is read against: the state, the hub's time, who types, what is chosen, and where new ids come from."""

    state: State
    now: datetime
    new_id: Callable[[], str]
    me: UserId = UserId("")
    positions: Mapping[UnitId, Position] = {}
    call_id: CallId | None = None
    unit_id: UnitId | None = None


class Ready(Struct, frozen=True):
    """Enter will do this: send the command, or choose a call or a unit."""

    words: str
    command: AnyCommand | None = None
    call_id: CallId | None = None
    unit_id: UnitId | None = None


class Wanting(Struct, frozen=True):
    """Right so far, and not whole: `words` ask for what is missing."""

    words: str


class Refused(Struct, frozen=True):
    """It cannot be done, or not be read; `words` say why."""

    words: str


Reading = Ready | Wanting | Refused

NEEDS_PLACE = frozenset({UnitStatus.TRANSPORTING, UnitStatus.ASSIST})
"""Statuses that say too little without a place: transporting where to, assisting where."""


class _Fields:
    """The fields found in a line, each at most once, and the words that were none."""

    def __init__(self) -> None:
        self.unit: Unit | None = None
        self.call: Call | None = None
        self.person: Presence | None = None
        self.service = ""
        self.rest = ""


class _Stop(Exception):
    """Reading ends here with this answer; it never leaves this module."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading


class Verb(Struct, frozen=True):
    """One verb: its words, the fields it takes, whether the rest is free text, how it is written, and what it makes."""

    words: tuple[str, ...]
    takes: tuple[str, ...]
    free_text: bool
    example: str
    means: str
    make: Callable[[Grounds, _Fields], tuple[AnyCommand, str]]


def read(line: str, grounds: Grounds) -> Reading:
    """Say what Enter will do with the line, what it still wants, or why it cannot be done."""
    tokens = [(m.group(), m.start()) for m in re.finditer(r"\S+", line)]
    if not tokens:
        return Wanting("type a command, or F1 for help")
    try:
        place = _verb_place(tokens, grounds)
        if place is None:
            return _choice(tokens, grounds)
        verb = _BY_WORD[tokens[place][0].casefold()]
        fields = _fields(line, tokens, place, verb, grounds)
        command, words = verb.make(grounds, fields)
    except _Stop as stop:
        return stop.reading
    tried = decide(grounds.state, command, grounds.me, grounds.now)
    return Refused(tried.reason) if isinstance(tried, Rejected) else Ready(words, command)


def _verb_place(tokens: Sequence[tuple[str, int]], grounds: Grounds) -> int | None:
    """Where the verb stands: the first word of the line that is no field. None: the line names only fields."""
    for place, (token, _) in enumerate(tokens):
        if token.casefold() in _BY_WORD:
            return place
        if not any(_recognise(kind, token, grounds) for kind in ("unit", "call", "person", "service")):
            known = ", ".join(verb.words[0] for verb in VERBS)
            raise _Stop(Refused(f'"{token}" is no command, open call, unit or person here. Commands: {known}'))
    return None


def _choice(tokens: Sequence[tuple[str, int]], grounds: Grounds) -> Reading:
    """A line without a verb: one call or one unit is shown; anything more wants a verb."""
    if len(tokens) == 1:
        unit, call = _recognise("unit", tokens[0][0], grounds), _recognise("call", tokens[0][0], grounds)
        if isinstance(call, Call) and tokens[0][0] != ".":
            return Ready(f"show call {_called(grounds, call)}", call_id=call.call_id)
        if isinstance(unit, Unit) and tokens[0][0] != ".":
            return Ready(f"show unit {unit.unit_id}", unit_id=unit.unit_id)
    return Wanting("to do what? Begin with a verb, such as d for dispatch; F1 lists them")


def _fields(line: str, tokens: Sequence[tuple[str, int]], verb_place: int, verb: Verb, grounds: Grounds) -> _Fields:
    """Sort the words into the verb's fields. Free text begins at the first word after the verb that is no open field."""
    found = _Fields()
    words: list[str] = []
    for place, (token, start) in enumerate(tokens):
        if place == verb_place:
            continue
        kind = next((k for k in verb.takes if not getattr(found, k) and _recognise(k, token, grounds)), None)
        if kind is not None:
            setattr(found, kind, _recognise(kind, token, grounds))
            continue
        whole = all(getattr(found, k) for k in verb.takes)
        if verb.free_text and place > verb_place and (whole or not _names_any(verb.takes, token, grounds)):
            found.rest = line[start:].strip()
            break
        if _names_any(verb.takes, token, grounds):
            raise _Stop(Refused(f"two of a kind: {token} is one too many"))
        if place < verb_place:
            raise _Stop(Refused(f'"{token}" does not belong to {verb.words[-1]}: {verb.example}'))
        words.append(token)
    if not verb.free_text:
        found.rest = " ".join(words)
    _want(grounds, verb, found)
    return found


def _names_any(kinds: Sequence[str], token: str, grounds: Grounds) -> bool:
    return any(_recognise(kind, token, grounds) for kind in kinds)


def _want(grounds: Grounds, verb: Verb, found: _Fields) -> None:
    """Stop where a field is missing: with the word that is no such thing, or with a question."""
    ask = {"unit": "which unit?", "call": "which call?", "person": "to whom?", "service": "which service?"}
    missing = [kind for kind in verb.takes if not getattr(found, kind) and kind != "service"]
    if "service" in verb.takes and not found.service and verb.takes[0] == "service":
        missing.insert(0, "service")
    if not missing:
        return
    odd = found.rest.split(maxsplit=1)[0] if found.rest else ""
    if odd:
        raise _Stop(Refused(_no_such(missing[0], odd, grounds)))
    raise _Stop(Wanting(f"{verb.means}: {' '.join(ask[kind] for kind in missing)} · {verb.example}"))


def _no_such(kind: str, word: str, grounds: Grounds) -> str:
    if kind == "call" and re.fullmatch(r"#?[0-9]{1,6}", word):
        closed = [k for k in grounds.state.calls.values() if k.closing and _same_number(k.number, word)]
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


def _recognise(kind: str, token: str, grounds: Grounds) -> Call | Unit | Presence | str | None:
    """The call, unit, person or service that a word names, or None. Two that fit stop the reading."""
    state = grounds.state
    if kind == "call":
        if token == ".":
            chosen = state.calls.get(grounds.call_id) if grounds.call_id else None
            return chosen if chosen and chosen.closing is None else None
        if not re.fullmatch(r"#[0-9]{1,6}|[0-9]{2,6}", token):
            return None
        return _only([k for k in queries.open_calls(state) if _same_number(k.number, token)], token, grounds)
    if kind == "unit":
        if token == ".":
            return state.units.get(grounds.unit_id) if grounds.unit_id else None
        return next((u for u in state.units.values() if u.unit_id.casefold() == token.casefold()), None)
    if kind == "person":
        word = token.casefold().strip(".,")
        at_work = queries.clinicians(state)
        exact = next((p for p in at_work if p.user_id.casefold() == word), None)
        named = [p for p in at_work if len(word) > 1 and word in re.split(r"[\s.,]+", p.name.casefold())]
        if exact is None and len(named) > 1:
            names = ", ".join(f"{p.name} ({p.user_id})" for p in named)
            raise _Stop(Refused(f"{token} may be {names}; type the sign-in name"))
        return exact or (named[0] if named else None)
    services = state.agency.other_services
    return next((s.code for s in services if token.casefold() in (s.code.casefold(), s.name.casefold())), None)


def _same_number(number: str, word: str) -> bool:
    return number.lstrip("0") == word.lstrip("#").lstrip("0")


def _only(calls: Sequence[Call], token: str, grounds: Grounds) -> Call | None:
    if len(calls) > 1:
        which = "; ".join(f"{_called(grounds, call)} ({call.received_at:%b %d})" for call in calls)
        raise _Stop(Refused(f"{token} is the number of {len(calls)} open calls: {which}. Choose one in a list and type ."))
    return calls[0] if calls else None


def _called(grounds: Grounds, call: Call) -> str:
    """A call as a preview names it: number, nature, place."""
    nature = grounds.state.agency.nature(call.nature).name
    return ", ".join(filter(None, (f"{call.number} {nature}", call.place.address)))


def _pick(words: str, options: Mapping[str, str], what: str) -> str:
    """The code of the one option that the words mean: its code, or words that begin words of its name."""
    typed = words.casefold().split()
    exact = [code for code, name in options.items() if words.casefold() in (code.casefold(), name.casefold())]
    fitting = exact or [
        code for code, name in options.items() if all(any(n.startswith(t) for n in name.casefold().split()) for t in typed)
    ]
    if len(fitting) == 1 and typed:
        return fitting[0]
    some = ", ".join(options[code] for code in (fitting or options))
    if not typed:
        raise _Stop(Wanting(f"{what}? {some}"))
    raise _Stop(Refused(f'"{words}" may be: {some}' if fitting else f'"{words}" is none of: {some}'))


# ------------------------------------------------------------------------------------------------- what each verb makes


def _dispatch(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.unit and f.call
    override = re.sub(r"(?i)^because\s+", "", f.rest)
    if f.rest and override == f.rest:
        raise _Stop(Refused(f'"{f.rest}": a reason begins with because'))
    proposed = recommend(grounds.state, grounds.positions, f.call, grounds.now).units
    minutes = next((u.minutes for u in proposed if u.unit_id == f.unit.unit_id), None)
    away = f" · {whole_minutes(minutes)} min" if minutes is not None else ""
    words = f"dispatch {f.unit.unit_id} to {_called(grounds, f.call)}{away}"
    return c.DispatchUnit(f.unit.unit_id, f.call.call_id, override), words


def _hand_off(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.person and f.call
    offer = c.OfferHandOff(f.call.call_id, HandOffId(grounds.new_id()), f.person.user_id, f.rest)
    return offer, f"hand {_called(grounds, f.call)} to {f.person.name}" + (f': "{f.rest}"' if f.rest else "")


def _status(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    del grounds
    assert f.unit
    status, where = _read_status(f.rest.split(), f.unit)
    words = queries.STATUS_WORDS[status]
    if status in NEEDS_PLACE and not where:
        raise _Stop(Wanting(f"{f.unit.unit_id} {words}: where?"))
    return c.SetUnitStatus(f.unit.unit_id, status, where), f"{f.unit.unit_id}: {words}" + (f", {where}" if where else "")


def _read_status(words: Sequence[str], unit: Unit) -> tuple[UnitStatus, str]:
    """The status that the first words name, whole or begun, and the rest as the place."""
    if not words:
        options = ", ".join(queries.STATUS_WORDS[s] for s in UnitStatus if s in queries.may_follow(unit))
        raise _Stop(Wanting(f"{unit.unit_id}: {options}?"))
    for length in range(min(3, len(words)), 0, -1):
        typed = _squash("".join(words[:length]))
        named = {s for s in UnitStatus if typed and typed in (_squash(s.value), _squash(queries.STATUS_WORDS[s]))}
        begun = {s for s in UnitStatus if len(typed) > 1 and _squash(s.value).startswith(typed)}
        fitting = named or begun
        if len(fitting) == 1:
            return fitting.pop(), " ".join(words[length:])
        if fitting and length == 1:
            some = " or ".join(sorted(queries.STATUS_WORDS[s] for s in fitting))
            raise _Stop(Wanting(f"{unit.unit_id}: {some}?"))
    raise _Stop(Refused(f'"{words[0]}" is no status: {", ".join(queries.STATUS_WORDS[s] for s in UnitStatus)}'))


def _squash(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.casefold())


def _narrative(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.call
    if not f.rest:
        raise _Stop(Wanting(f"add to {_called(grounds, f.call)}: what?"))
    return c.AddNarrative(f.call.call_id, EntryId(grounds.new_id()), f.rest), f'add to {f.call.number}: "{f.rest}"'


def _close(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.call
    agency = grounds.state.agency
    missed = f.call.eligible_since is not None and not queries.served(f.call)
    named = agency.missed_reasons if missed else agency.outcomes
    how, _, note = f.rest.partition(",")
    asked = "missed because" if missed else "how did it end"
    code = _pick(how.strip(), {option.code: option.name for option in named}, f"close {f.call.number}: {asked}")
    name = next(option.name for option in named if option.code == code)
    words = f"close {_called(grounds, f.call)} · {'missed: ' if missed else ''}{name}"
    if missed:
        return c.CloseCall(f.call.call_id, missed=code, note=note.strip()), words
    return c.CloseCall(f.call.call_id, outcome=code, note=note.strip()), words


def _backup(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.unit
    services = grounds.state.agency.other_services
    if f.rest:
        raise _Stop(Refused(_no_such("service", f.rest, grounds)))
    service = next((s for s in services if s.code == f.service), services[0] if services else None)
    if service is None:
        raise _Stop(Refused("no service is configured that could back a unit up"))
    return c.RequestBackup(f.unit.unit_id, service.code), f"request {service.name} backup for {f.unit.unit_id}"


def _backup_over(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    del grounds
    assert f.unit
    if not f.rest:
        raise _Stop(Wanting(f"end {f.unit.unit_id}'s request for backup: why is it safe?"))
    return c.ClearBackup(f.unit.unit_id, f.rest), f'end {f.unit.unit_id}\'s request for backup: "{f.rest}"'


def _recall(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    del grounds
    assert f.unit
    if not f.rest:
        raise _Stop(Wanting(f"recall {f.unit.unit_id}: why?"))
    return c.RecallUnit(f.unit.unit_id, f.rest), f'recall {f.unit.unit_id}: "{f.rest}"'


def _checked(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    del grounds
    assert f.unit
    if f.rest:
        raise _Stop(Refused(f'"{f.rest}" does not belong to a status check'))
    return c.CheckUnit(f.unit.unit_id), f"{f.unit.unit_id} answered its status check"


def _other_service(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.call and f.service
    name = next(s.name for s in grounds.state.agency.other_services if s.code == f.service)
    return c.OrderOtherService(f.call.call_id, f.service, f.rest), f"ask {name} to {_called(grounds, f.call)}"


def _priority(grounds: Grounds, f: _Fields) -> tuple[AnyCommand, str]:
    assert f.call
    priority = f.rest.upper()
    if not priority:
        raise _Stop(Wanting(f"priority of {f.call.number}: P or 1 to 9?"))
    if priority not in PRIORITIES:
        raise _Stop(Refused(f'"{f.rest}" is not P or 1 to 9'))
    return c.PrioritiseCall(f.call.call_id, priority), f"{_called(grounds, f.call)}: priority {priority}"


def _presence(status: PresenceStatus, words: str) -> Callable[[Grounds, _Fields], tuple[AnyCommand, str]]:
    return lambda _, f: (c.SetPresence(status, f.rest), f"you: {words}" + (f", {f.rest}" if f.rest else ""))


VERBS: tuple[Verb, ...] = (
    Verb(("d", "dispatch"), ("unit", "call"), True, "d UNIT CALL", "dispatch", _dispatch),
    Verb(("h", "handoff", "hand"), ("person", "call"), True, "h PERSON CALL", "hand off", _hand_off),
    Verb(("s", "status"), ("unit",), False, "s UNIT STATUS", "status", _status),
    Verb(("n", "note"), ("call",), True, "n CALL words", "add to the narrative", _narrative),
    Verb(("c", "close"), ("call",), False, "c CALL how it ended", "close", _close),
    Verb(("b", "backup"), ("unit", "service"), False, "b UNIT", "request backup", _backup),
    Verb(("x", "safe"), ("unit",), True, "x UNIT why it is safe", "end a request for backup", _backup_over),
    Verb(("r", "recall"), ("unit",), True, "r UNIT why", "recall", _recall),
    Verb(("k", "check"), ("unit",), False, "k UNIT", "status check", _checked),
    Verb(("o", "other"), ("service", "call"), True, "o SERVICE CALL why", "other service", _other_service),
    Verb(("p", "priority"), ("call",), False, "p CALL PRIORITY", "priority", _priority),
    Verb(("ready",), (), True, "ready", "you can take a caller", _presence(PresenceStatus.READY, "ready")),
    Verb(("wrapup", "wrap-up"), (), True, "wrapup", "finishing", _presence(PresenceStatus.WRAP_UP, "wrap-up")),
    Verb(("away",), (), True, "away why", "not at the desk", _presence(PresenceStatus.AWAY, "away")),
)
"""Every verb, in the order in which F1 lists them."""

_BY_WORD = {word: verb for verb in VERBS for word in verb.words}

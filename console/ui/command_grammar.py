"""What a line typed on the command line means: pure, never raises, and never guesses.

A line is a verb and fields that identify themselves (the radio name of a unit, the number of an open call, the name
of a person at work), so their order is free: "d UNIT CALL" and "CALL d UNIT" are one. "." is the chosen call or unit.
A new call, "+", parts its fields by commas instead: `verbs.new_call` says how each is known.
What is read is tried on the state by the hub's own rules, so that the preview already says what the hub would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from console.domain import queries
from console.domain.commands import Rejected
from console.domain.state import Call, Presence, PresenceStatus, Unit
from console.domain.times import local
from console.ui.verbs import calls, dispatching, hand_offs, people, units
from console.ui.verbs.new_call import EXAMPLE, new_call
from console.ui.verbs.reading import (
    Fields,
    Grounds,
    Reading,
    Ready,
    Refused,
    Stop,
    Verb,
    Wanting,
    called,
    no_such,
    same_number,
)


def read(line: str, grounds: Grounds) -> Reading:
    """Say what Enter will do with the line, what it still wants, or why it cannot be done."""
    line = re.sub(r"^(\s*\+)(?=\S)", r"\1 ", line)  # a plus needs no space after it
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
    except Stop as stop:
        return stop.reading
    from console.domain.decide import decide  # a start needs no rules, so they are loaded after it

    tried = decide(grounds.state, command, grounds.me, fields.occurred_at or grounds.now)
    return Refused(tried.reason) if isinstance(tried, Rejected) else Ready(words, command, fields.occurred_at)


def _verb_place(tokens: Sequence[tuple[str, int]], grounds: Grounds) -> int | None:
    """Where the verb stands: the first word of the line that is no field. None: the line names only fields."""
    for place, (token, _) in enumerate(tokens):
        if token.casefold() in _BY_WORD:
            return place
        if not any(_recognise(kind, token, grounds) for kind in ("unit", "call", "person", "service")):
            known = ", ".join(verb.words[0] for verb in VERBS)
            raise Stop(Refused(f'"{token}" is no command, open call, unit or person here. Commands: {known}'))
    return None


def _choice(tokens: Sequence[tuple[str, int]], grounds: Grounds) -> Reading:
    """A line without a verb: one call or one unit is shown; anything more wants a verb."""
    if len(tokens) == 1:
        unit, call = _recognise("unit", tokens[0][0], grounds), _recognise("call", tokens[0][0], grounds)
        if isinstance(call, Call) and tokens[0][0] != ".":
            return Ready(f"show call {called(grounds, call)}", call_id=call.call_id)
        if isinstance(unit, Unit) and tokens[0][0] != ".":
            return Ready(f"show unit {unit.unit_id}", unit_id=unit.unit_id)
    return Wanting("to do what? Begin with a verb, such as d for dispatch; F1 lists them")


def _fields(line: str, tokens: Sequence[tuple[str, int]], verb_place: int, verb: Verb, grounds: Grounds) -> Fields:
    """Sort the words into the verb's fields. Free text begins at the first word after the verb that is no open field."""
    found = Fields()
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
            raise Stop(Refused(f"two of a kind: {token} is one too many"))
        if place < verb_place:
            raise Stop(Refused(f'"{token}" does not belong to {verb.words[-1]}: {verb.example}'))
        words.append(token)
    if not verb.free_text:
        found.rest = " ".join(words)
    _want(grounds, verb, found)
    return found


def _may_mean_chosen(verb: Verb, rest: str) -> bool:
    """Whether a line that names no call can be about the chosen one: never where a number was meant to name another."""
    return not rest or (verb.free_text and re.match(r"(#?[0-9]{1,6}|\.)(\s|$)", rest) is None)


def _names_any(kinds: Sequence[str], token: str, grounds: Grounds) -> bool:
    return any(_recognise(kind, token, grounds) for kind in kinds)


def _want(grounds: Grounds, verb: Verb, found: Fields) -> None:
    """Stop where a field is missing: with the word that is no such thing, or with a question."""
    if verb.of_chosen and found.call is None and _may_mean_chosen(verb, found.rest):
        chosen = _recognise("call", ".", grounds)
        found.call = chosen if isinstance(chosen, Call) else None
    ask = {"unit": "which unit?", "call": "which call?", "person": "to whom?", "service": "which service?"}
    missing = [kind for kind in verb.takes if not getattr(found, kind) and kind != "service"]
    if "service" in verb.takes and not found.service and verb.takes[0] == "service":
        missing.insert(0, "service")
    if not missing:
        return
    odd = found.rest.split(maxsplit=1)[0] if found.rest else ""
    if odd:
        raise Stop(Refused(no_such(missing[0], odd, grounds)))
    raise Stop(Wanting(f"{verb.means}: {' '.join(ask[kind] for kind in missing)} · {verb.example}"))


def _recognise(kind: str, token: str, grounds: Grounds) -> Call | Unit | Presence | str | None:
    """The call, unit, person or service that a word names, or None. Two that fit stop the reading."""
    state = grounds.state
    if kind == "call":
        if token == ".":
            chosen = state.calls.get(grounds.call_id) if grounds.call_id else None
            return chosen if chosen and chosen.closing is None else None
        if not re.fullmatch(r"#[0-9]{1,6}|[0-9]{2,6}", token):
            return None
        return _only([k for k in queries.open_calls(state) if same_number(k.number, token)], token, grounds)
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
            raise Stop(Refused(f"{token} may be {names}; type the sign-in name"))
        return exact or (named[0] if named else None)
    services = state.agency.other_services
    return next((s.code for s in services if token.casefold() in (s.code.casefold(), s.name.casefold())), None)


def _only(found: Sequence[Call], token: str, grounds: Grounds) -> Call | None:
    if len(found) > 1:
        agency = grounds.state.agency
        which = "; ".join(f"{called(grounds, call)} ({local(agency, call.received_at):%b %d})" for call in found)
        raise Stop(Refused(f"{token} is the number of {len(found)} open calls: {which}. Choose one in a list and type ."))
    return found[0] if found else None


VERBS: tuple[Verb, ...] = (
    Verb(("+", "new"), (), True, EXAMPLE, "take a new call; in any order, p1 to p9 its priority", new_call),
    Verb(("d", "dispatch"), ("unit", "call"), True, "d UNIT CALL", "dispatch", dispatching.dispatch),
    Verb(("h", "handoff", "hand"), ("person", "call"), True, "h PERSON CALL", "hand off", hand_offs.hand_off, True),
    Verb(("q", "queue"), ("call",), True, "q CALL what you ask", "wait for a clinician", hand_offs.queue, True),
    Verb(
        ("ct", "callertold"), ("call",), False, "ct CALL", "the caller is told who takes over", hand_offs.caller_told, True
    ),
    Verb(("v", "verify", "hear"), ("call",), False, "v CALL", "both hear each other", hand_offs.both_hear, True),
    Verb(("rel", "release"), ("call",), False, "rel CALL", "release to the clinician", hand_offs.release, True),
    Verb(
        ("w", "withdraw"), ("call",), True, "w CALL", "take the caller back, or leave the queue", hand_offs.take_back, True
    ),
    Verb(("take", "takeover"), ("call",), True, "take CALL why", "have the caller yourself", hand_offs.take_over),
    Verb(("lost",), ("call",), False, "lost CALL", "the caller is gone", hand_offs.caller_lost),
    Verb(("m", "message"), ("call",), True, "m CALL words", "message to who has the caller", hand_offs.message, True),
    Verb(("cb", "callback"), ("call",), True, "cb CALL MINUTES why", "call back", hand_offs.call_back),
    Verb(("s", "status"), ("unit",), False, "s UNIT STATUS 14:02", "status; since when, or -3 minutes", units.status),
    Verb(("fix", "correct"), ("unit",), False, "fix UNIT STATUS 14:02, why", "put a status right", units.correct),
    Verb(("n", "note"), ("call",), True, "n CALL words", "add to the narrative", calls.narrative, True),
    Verb(("c", "close"), ("call",), False, "c CALL how it ended", "close", calls.close),
    Verb(("b", "backup"), ("unit", "service"), False, "b UNIT", "request backup", units.backup),
    Verb(("x", "safe"), ("unit",), True, "x UNIT why it is safe", "end a request for backup", units.backup_over),
    Verb(("arrived",), ("unit",), False, "arrived UNIT", "the backup is with the unit", units.backup_arrived),
    Verb(("r", "recall"), ("unit",), True, "r UNIT why", "recall", units.recall),
    Verb(("k", "check"), ("unit",), False, "k UNIT", "status check", units.checked),
    Verb(("o", "other"), ("service", "call"), True, "o SERVICE CALL why", "other service", calls.other_service),
    Verb(("f", "fact"), ("call",), True, "f CALL fact=value why", "a fact by hand; -fact takes it back", calls.fact),
    Verb(("t", "nature"), ("call",), False, "t CALL NATURE", "nature", calls.recode),
    Verb(("p", "priority"), ("call",), False, "p CALL PRIORITY", "priority", calls.priority),
    Verb(("told",), ("call",), False, "told CALL WHO", "has been told that the response turned", calls.told),
    Verb(("ready",), (), True, "ready", "you can take a caller", people.presence(PresenceStatus.READY, "ready")),
    Verb(("wrapup", "wrap-up"), (), True, "wrapup", "finishing", people.presence(PresenceStatus.WRAP_UP, "wrap-up")),
    Verb(("away",), (), True, "away why", "not at the desk", people.presence(PresenceStatus.AWAY, "away")),
)
"""Every verb, in the order in which F1 lists them."""

_BY_WORD = {word: verb for verb in VERBS for word in verb.words}

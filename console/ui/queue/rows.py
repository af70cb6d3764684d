"""What one line of the pending queue says: pure words and tokens from the state, without a widget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QLocale

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, FactName, UserId
from console.domain.programmes import Responds
from console.domain.queries import (
    Wait,
    controller,
    current_assignments,
    ending_words,
    nature_words,
    other_language,
    person_name,
    unmet,
    wait,
)
from console.domain.same_place import number_key
from console.domain.state import Call, Source, State
from console.domain.times import span
from console.ui.handoff.mishaps import ended_by, lost_call_back, marks, standing_take_over, was_reached
from console.ui.triage.record import progress_words

WAITING_WORDS = {
    HandOffState.OFFERED: "rings at {name}",
    HandOffState.SEEN: "on the screen of {name}",
    HandOffState.ACCEPTED: "connecting to {name}",
    HandOffState.BRIDGED: "{name} on the line",
}
"""What the queue says of a hand-off on its way, before how long it has been."""
HAND_OFF_WORDS = {
    HandOffState.DECLINED: "{name} declined",
    HandOffState.TIMED_OUT: "{name} did not answer",
    HandOffState.RETURNED: "returned by {name}",
}
"""What the queue says of the latest hand-off; a withdrawn one is over and says nothing."""
NO_PROGRAMME = "open to no programme now"
"""Stands where the tags of the programmes would: all that is known so far denies every one of them."""


class Tag(Struct, frozen=True):
    """A word in an outlined chip, and the colour token of its outline."""

    text: str
    colour: str


class Row(Struct, frozen=True):
    """One line of the queue. Ages are not in it: they are reckoned from `call` when the line is painted."""

    call: Call
    agency: Agency
    nature: str
    place: str
    aside: str
    """One word beside the priority: whose it is, where its hand-off stands."""
    details: tuple[str, ...]
    cautions: tuple[str, ...]
    tags: tuple[Tag, ...]
    repeats: str = ""
    """The sentence behind the short "↻" of the details, for those who listen or hover."""
    gone: str = ""
    """Why it left the queue; "" while it is pending."""
    waits: tuple[str, datetime] | None = None
    """What somebody must answer, and since when: it rings, waits for a clinician, or a clinician asks. Aged when painted."""

    def wait(self, now: datetime) -> Wait:
        """Its waiting clock at `now`."""
        return wait(self.agency, self.call, now)

    def aged(self, now: datetime) -> Row:
        """The line as it reads at `now`: what waits for an answer stands first, with how long it has."""
        if self.waits is None:
            return self
        words, since = self.waits
        return replace(self, details=(f"{words} {span((now - since).total_seconds())}", *self.details), waits=None)


def row(state: State, call: Call, others: Iterable[Call], me: UserId | None) -> Row:
    """The line of a call; `others` are the calls that share its callback number or its address."""
    agency = state.agency
    short, sentence = repeats(agency, call, others)
    spoken = other_language(agency, call)
    flags = (flag.replace("_", " ") for flag in call.flags)
    waits = waits_for(state, call)
    open_to = tags(agency, call)
    details = (
        *marks(state, call, me),
        "" if open_to else NO_PROGRAMME,
        short,
        f"¿ {language(spoken)}" if spoken else "",
        "officer request" if call.source is Source.OFFICER else "",
        "" if waits is not None else hand_off_words(state, call),
        *flags,
        progress_words(agency, call),
    )
    return Row(
        call=call,
        agency=agency,
        nature=nature_words(agency, call),
        place=place_words(call),
        aside="yours" if me is not None and controller(call) == me else "",
        details=tuple(words for words in details if words),
        cautions=cautions(agency, call),
        tags=open_to,
        repeats=sentence,
        waits=waits,
    )


def place_words(call: Call) -> str:
    """The address, or what is known instead of one."""
    place = call.place
    near = f"within {round(place.uncertainty_m)} m" if place.uncertainty_m else ""
    if place.address:
        return ", ".join(part for part in (place.address, near) if part)
    if place.point is not None:
        return ", ".join(part for part in ("caller location", near) if part)
    return "place not known"


def tags(agency: Agency, call: Call) -> tuple[Tag, ...]:
    """The programmes that nothing known denies, in the agency's order, each in its colour."""
    return tuple(Tag(p.code, p.colour) for p in agency.programmes if p.code in call.open_to)


def cautions(agency: Agency, call: Call) -> tuple[str, ...]:
    """What would endanger an unarmed team on its way: facts whose value excludes one, and those asked for in vain.

    "weapon: within reach", and after what is known, "violence?". That a caller does not want to talk by phone
    excludes too, and endangers nobody.
    """
    excluding = {
        (fact, value)
        for programme in agency.programmes
        if programme.unarmed and programme.responds is Responds.IN_PERSON
        for rule in programme.criteria.deny
        for fact, values in rule.when.facts.items()
        for value in values
    }
    found, open_questions = [], []
    for fact in agency.facts_shown:
        value, about = call.facts.get(fact), agency.facts.get(fact)
        if about is None or value is None:
            continue
        if value == NOT_KNOWN and any(fact == risk for risk, _ in excluding):
            open_questions.append(f"{about.name.lower()}?")
        elif (FactName(fact), value) in excluding:
            found.append(f"{about.name.lower()}: {about.values.get(value, value)}")
    return (*found, *open_questions)


def repeats(agency: Agency, call: Call, others: Iterable[Call]) -> tuple[str, str]:
    """How often this number or place called, short and as a sentence; both "" for a first call.

    Counted are the calls that the live board knows: it keeps a closed call for the agency's `keep_closed_h` only, so the
    span is named and nothing older is claimed.
    """
    hours = agency.keep_closed_h
    near = [other for other in others if abs((other.received_at - call.received_at).total_seconds()) <= hours * 3600]
    number = number_key(call.callback)
    same_number = sum(1 for other in near if number and number_key(other.callback) == number)
    if same_number:
        count, whence = same_number + 1, "this number"
        short = f"↻ {count} calls in {hours} h"
    elif near:
        count, whence = len(near) + 1, "this place"
        short = f"↻ {count} here in {hours} h"
    else:
        return "", ""
    return short, f"{count} calls from {whence} within {hours} hours, as far as the live board goes back"


def waits_for(state: State, call: Call) -> tuple[str, datetime] | None:
    """What of the call waits for somebody's answer, and since when: an ask first, then a hand-off, then the queue."""
    if call.asks and (asks := unmet(call)):
        return f"{person_name(state, asks[0].asked.by)} asks for {asks[0].code}", asks[0].at
    hand_off, seeking = call.hand_off, call.seeking
    if hand_off is not None and hand_off.is_open:
        since = hand_off.offered_at if hand_off.rings else hand_off.accepted_at or hand_off.offered_at
        return WAITING_WORDS[hand_off.state].format(name=person_name(state, hand_off.to_user)), since
    if seeking is not None and seeking.queued_at is not None:
        return f"waits for {seeking.programme}", seeking.queued_at
    return None


def hand_off_words(state: State, call: Call) -> str:
    """Where the latest hand-off stands, with the person's name; "" when there is nothing to say."""
    hand_off, over = call.hand_off, standing_take_over(call)
    if over is not None and (hand_off is None or ended_by(call, hand_off) is not None):
        return f"{person_name(state, over.by)} has the caller"
    if hand_off is not None and hand_off.state is HandOffState.CALLER_LOST:
        over_with = lost_call_back(state, call) is not None or was_reached(state, call)  # owed: the row is marked already
        return "" if over_with else "the caller was lost"
    words = HAND_OFF_WORDS.get(hand_off.state) if hand_off else None
    return words.format(name=person_name(state, hand_off.to_user)) if hand_off and words else ""


def language(code: str) -> str:
    """The English name of a language by its code, or the code where it has none."""
    found = QLocale(code).language()
    return code if found is QLocale.Language.C else QLocale.languageToString(found)


def departure(state: State, call_id: CallId) -> str:
    """Why a call is pending no more, in a few words."""
    call = state.calls.get(call_id)
    if call is None:
        return "filed in the history"
    if call.closing is not None:
        return f"closed: {ending_words(state.agency, call)}"
    if call.in_care_of is not None:
        return f"in the care of {person_name(state, call.in_care_of)}"
    if call.hand_off is not None and call.hand_off.connects:
        return f"{person_name(state, call.hand_off.to_user)} accepted"
    units = ", ".join(assignment.unit_id for assignment in current_assignments(call))
    return f"assigned: {units}" if units else "no longer pending"


def priority_words(priority: str) -> str:
    """A priority as the board writes it: "P" stands before "P1"; a call whose source gave none says so."""
    return "no P" if not priority else priority if priority == "P" else f"P{priority}"


def target_words(waiting: Wait) -> str:
    """The shape, the time and the word of a wait that is due or past; "" while all is well."""
    if waiting.past_s is None or waiting.level == "fine":
        return ""
    if waiting.level == "due":
        return f"◆ {span(waiting.past_s - waiting.waited_s, short=True)} left"
    return f"▲ {span(waiting.waited_s - waiting.past_s, short=True)} past"


def spoken(line: Row, now: datetime, new: bool) -> str:
    """The whole line as one sentence, for a screen reader."""
    waiting = line.wait(now)
    line = line.aged(now)
    level = target_words(waiting).replace("◆ ", "due, ").replace("▲ ", "")
    parts = (
        "new" if new else "",
        f"left the queue, {line.gone}" if line.gone else "",
        f"call {line.call.number}",
        line.nature,
        line.place,
        f"priority {line.call.priority}" if line.call.priority else "no priority",
        f"waiting {span(waiting.waited_s)}",
        level,
        line.aside,
        *line.cautions,
        *(words for words in line.details if not words.startswith("↻")),
        line.repeats,
        "open to " + " and ".join(tag.text for tag in line.tags) if line.tags else "",
    )
    return ", ".join(part for part in parts if part)

"""What happened to a call."""

from console.domain.events.event import Event
from console.domain.ids import (
    CallId,
    EntryId,
    FactName,
    NatureCode,
    NoteId,
    QuestionId,
)
from console.domain.state import Place, SealedKind, Source


class CallReceived(Event, frozen=True, tag=True):
    call_id: CallId
    number: str
    day: str
    count: int
    source: Source
    nature: NatureCode
    priority: str
    place: Place
    nature_text: str = ""
    callback: str = ""
    language: str = ""
    reference: str = ""
    flags: tuple[str, ...] = ()


class NarrativeAdded(Event, frozen=True, tag=True):
    call_id: CallId
    entry_id: EntryId
    text: str


class NoteSealed(Event, frozen=True, tag=True):
    """Never its words: they lie encrypted beside the log. `hash` is the SHA-256 of the sealed bytes."""

    call_id: CallId
    note_id: NoteId
    kind: SealedKind
    hash: str


class CallRecoded(Event, frozen=True, tag=True):
    call_id: CallId
    nature: NatureCode


class CallPrioritised(Event, frozen=True, tag=True):
    call_id: CallId
    priority: str


class CallLocated(Event, frozen=True, tag=True):
    call_id: CallId
    place: Place


class CallbackChanged(Event, frozen=True, tag=True):
    call_id: CallId
    callback: str


class FlagRaised(Event, frozen=True, tag=True):
    call_id: CallId
    flag: str


class FlagLowered(Event, frozen=True, tag=True):
    call_id: CallId
    flag: str


class QuestionAnswered(Event, frozen=True, tag=True):
    call_id: CallId
    protocol: str
    version: str
    question: QuestionId
    answer: str
    sets: dict[FactName, str]
    attempt: int = 1


class AnswerTakenBack(Event, frozen=True, tag=True):
    call_id: CallId
    question: QuestionId


class FactSet(Event, frozen=True, tag=True):
    call_id: CallId
    fact: FactName
    value: str
    reason: str
    flag: str = ""


class FactTakenBack(Event, frozen=True, tag=True):
    call_id: CallId
    fact: FactName


class OtherServiceOrdered(Event, frozen=True, tag=True):
    call_id: CallId
    service: str
    reason: str


class CallClosed(Event, frozen=True, tag=True):
    call_id: CallId
    outcome: str = ""
    missed: str = ""
    note: str = ""
    nature: NatureCode = NatureCode("")
    """What it turned out to be, where that is not the nature it had."""


class CallsFiled(Event, frozen=True, tag=True):
    """Closed calls left the live board; the history keeps them."""

    call_ids: tuple[CallId, ...]

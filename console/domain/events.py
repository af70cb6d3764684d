"""What happened: past tense, closed set, one record each. The log keeps them for ever, so a field is never repurposed."""

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.ids import (
    CallId,
    CommandId,
    DeskId,
    EntryId,
    FactName,
    HandOffId,
    NatureCode,
    NoteId,
    ProgrammeCode,
    QuestionId,
    Seq,
    TransitionId,
    UnitId,
    UserId,
)
from console.domain.instant import Instant
from console.domain.state import Place, PresenceStatus, Role, SealedKind, Source, UnitStatus


class Event(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """Something that happened. Who and when stand in the log's entry, not here."""


class AgencyConfigured(Event, frozen=True, tag=True):
    agency: Agency
    exercise: bool


class SignedIn(Event, frozen=True, tag=True):
    user_id: UserId
    name: str
    role: Role
    desk_id: DeskId
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)


class SignedOff(Event, frozen=True, tag=True):
    user_id: UserId


class PresenceChanged(Event, frozen=True, tag=True):
    user_id: UserId
    status: PresenceStatus
    reason: str = ""


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


class VerdictTurned(Event, frozen=True, tag=True):
    """What was just learned excludes a response that is on its way. `to_tell` are `Party.key`s, in that order."""

    call_id: CallId
    transition_id: TransitionId
    programmes: tuple[ProgrammeCode, ...]
    because: tuple[str, ...]
    facts: dict[FactName, str]
    to_tell: tuple[str, ...]
    instead: str = ""
    along: tuple[str, ...] = ()


class TransitionTold(Event, frozen=True, tag=True):
    call_id: CallId
    transition_id: TransitionId
    party: str


class InsteadWaived(Event, frozen=True, tag=True):
    """A person said that what was proposed in place of a response that turned is not needed."""

    call_id: CallId
    transition_id: TransitionId
    reason: str


class UnitDispatched(Event, frozen=True, tag=True):
    unit_id: UnitId
    call_id: CallId
    override: str = ""


class UnitRecalled(Event, frozen=True, tag=True):
    unit_id: UnitId
    call_id: CallId
    reason: str


class UnitStatusChanged(Event, frozen=True, tag=True):
    unit_id: UnitId
    status: UnitStatus
    where: str = ""


class UnitChecked(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupRequested(Event, frozen=True, tag=True):
    unit_id: UnitId
    service: str


class BackupAcknowledged(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupSent(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupCleared(Event, frozen=True, tag=True):
    unit_id: UnitId
    reason: str


class OtherServiceOrdered(Event, frozen=True, tag=True):
    call_id: CallId
    service: str
    reason: str


class HandOffOffered(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    to_user: UserId
    programme: ProgrammeCode
    asks: str = ""


class HandOffAccepted(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId


class HandOffDeclined(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class HandOffWithdrawn(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class HandOffTimedOut(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId


class HandOffReturned(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
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


AnyEvent = (
    AgencyConfigured | SignedIn | SignedOff | PresenceChanged | CallReceived | NarrativeAdded | NoteSealed | CallRecoded
    | CallPrioritised | CallLocated | CallbackChanged | FlagRaised | FlagLowered | QuestionAnswered | AnswerTakenBack
    | FactSet | FactTakenBack | VerdictTurned | TransitionTold | InsteadWaived
    | UnitDispatched | UnitRecalled | UnitStatusChanged | UnitChecked | BackupRequested | BackupAcknowledged | BackupSent
    | BackupCleared | OtherServiceOrdered | HandOffOffered | HandOffAccepted | HandOffDeclined | HandOffWithdrawn
    | HandOffTimedOut | HandOffReturned | CallClosed | CallsFiled
)  # fmt: skip


class LogEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the log: the event, who caused it by which command, when it occurred and when the hub recorded it."""

    seq: Seq
    event: AnyEvent
    by: UserId
    at: Instant
    """When it occurred: a person's word, or the hub's clock where nobody said otherwise."""
    recorded_at: Instant
    command_id: CommandId
    desk_id: DeskId | None = None

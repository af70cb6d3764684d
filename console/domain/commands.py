"""What somebody wants done: imperative, closed set. `decide` answers each with events or with a rejection."""

from enum import StrEnum

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


class Command(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """Something a person, or an actor of the hub, wants done."""


class ConfigureAgency(Command, frozen=True, tag=True):
    agency: Agency
    exercise: bool = False


class SignIn(Command, frozen=True, tag=True):
    """Made by the hub once a name and password were right; a desk never sends it."""

    user_id: UserId
    name: str
    role: Role
    desk_id: DeskId
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)


class SignOff(Command, frozen=True, tag=True):
    user_id: UserId


class SetPresence(Command, frozen=True, tag=True):
    """What the person who sends it is doing."""

    status: PresenceStatus
    reason: str = ""


class ReceiveCall(Command, frozen=True, tag=True):
    """A new call. `text`, if any, becomes the first entry of its narrative; the time of receipt is the command's own."""

    call_id: CallId
    source: Source
    nature: NatureCode
    place: Place
    priority: str = ""
    nature_text: str = ""
    callback: str = ""
    language: str = ""
    reference: str = ""
    flags: tuple[str, ...] = ()
    text: str = ""


class AddNarrative(Command, frozen=True, tag=True):
    call_id: CallId
    entry_id: EntryId
    text: str


class SealNote(Command, frozen=True, tag=True):
    """Made by the hub beside the sealed bytes; a desk sends the words by a route of their own, `messages.NoteToSeal`."""

    call_id: CallId
    note_id: NoteId
    kind: SealedKind
    hash: str


class RecodeCall(Command, frozen=True, tag=True):
    call_id: CallId
    nature: NatureCode


class PrioritiseCall(Command, frozen=True, tag=True):
    call_id: CallId
    priority: str


class LocateCall(Command, frozen=True, tag=True):
    call_id: CallId
    place: Place


class ChangeCallback(Command, frozen=True, tag=True):
    call_id: CallId
    callback: str


class RaiseFlag(Command, frozen=True, tag=True):
    call_id: CallId
    flag: str


class LowerFlag(Command, frozen=True, tag=True):
    call_id: CallId
    flag: str


class AnswerQuestion(Command, frozen=True, tag=True):
    """A triage answer; `answer` is the key of one of the question's answers.

    `seen` is the answer that stood at the desk, and its attempt, when this one was given (("", 0): none). Where another
    stands by then, somebody else was quicker, and it is not overwritten. None lets it overwrite whatever stands.
    """

    call_id: CallId
    protocol: str
    question: QuestionId
    answer: str
    seen: tuple[str, int] | None = None


class TakeBackAnswer(Command, frozen=True, tag=True):
    call_id: CallId
    question: QuestionId


class SetFact(Command, frozen=True, tag=True):
    """A fact learned outside the questions, with the reason; `value` is one of the fact's values, or not known."""

    call_id: CallId
    fact: FactName
    value: str
    reason: str


class TakeBackFact(Command, frozen=True, tag=True):
    """What the questions said of the fact holds again."""

    call_id: CallId
    fact: FactName


class TellOfTransition(Command, frozen=True, tag=True):
    """Somebody has been told that the response turned; `party` is a `Party.key` of the transition."""

    call_id: CallId
    transition_id: TransitionId
    party: str


class WaiveInstead(Command, frozen=True, tag=True):
    """What was proposed in place of a response that turned is not needed, and why."""

    call_id: CallId
    transition_id: TransitionId
    reason: str


class DispatchUnit(Command, frozen=True, tag=True):
    """Send a unit. `override` says why, where the nature is off its list or a need was asked in vain. A denial stays."""

    unit_id: UnitId
    call_id: CallId
    override: str = ""


class RecallUnit(Command, frozen=True, tag=True):
    unit_id: UnitId
    reason: str


class SetUnitStatus(Command, frozen=True, tag=True):
    """A unit's new status; `where` names the place of an assist or the facility of a transport."""

    unit_id: UnitId
    status: UnitStatus
    where: str = ""


class CheckUnit(Command, frozen=True, tag=True):
    """The unit answered a status check: it is safe."""

    unit_id: UnitId


class RequestBackup(Command, frozen=True, tag=True):
    unit_id: UnitId
    service: str


class AcknowledgeBackup(Command, frozen=True, tag=True):
    unit_id: UnitId


class SendBackup(Command, frozen=True, tag=True):
    unit_id: UnitId


class ClearBackup(Command, frozen=True, tag=True):
    unit_id: UnitId
    reason: str


class OrderOtherService(Command, frozen=True, tag=True):
    call_id: CallId
    service: str
    reason: str


class OfferHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    to_user: UserId
    asks: str = ""


class AcceptHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId


class DeclineHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class WithdrawHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class TimeOutHandOff(Command, frozen=True, tag=True):
    """Sent by the hub's clock when an offer has gone unanswered for the agency's `hand_off_s`."""

    call_id: CallId
    hand_off_id: HandOffId


class ReturnHandOff(Command, frozen=True, tag=True):
    """The clinician gives the caller back to the telecommunicator, and says why."""

    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class CloseCall(Command, frozen=True, tag=True):
    """End a call: with an outcome if it was served or was never eligible, else with the reason it was missed.

    `nature` is what it turned out to be, where that is not the nature it has; what it began as is kept either way.
    """

    call_id: CallId
    outcome: str = ""
    missed: str = ""
    note: str = ""
    nature: NatureCode = NatureCode("")


class FileClosedCalls(Command, frozen=True, tag=True):
    """Sent by the hub's clock: calls closed longer ago than the agency's `keep_closed_h` leave the live board."""

    closed_before: Instant


AnyCommand = (
    ConfigureAgency | SignIn | SignOff | SetPresence | ReceiveCall | AddNarrative | SealNote | RecodeCall | PrioritiseCall
    | LocateCall | ChangeCallback | RaiseFlag | LowerFlag | AnswerQuestion | TakeBackAnswer | SetFact | TakeBackFact
    | TellOfTransition | WaiveInstead | DispatchUnit | RecallUnit | SetUnitStatus
    | CheckUnit | RequestBackup | AcknowledgeBackup | SendBackup | ClearBackup | OrderOtherService | OfferHandOff
    | AcceptHandOff | DeclineHandOff | WithdrawHandOff | TimeOutHandOff | ReturnHandOff | CloseCall | FileClosedCalls
)  # fmt: skip


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """A command on its way: its id makes a retry harmless, `occurred_at` is a person's word about when.

    What reaches the hub after `expires_at` (hub time) is not carried out: the floor it was meant for has moved on. That
    answer, `Rejected` with the code `EXPIRED`, is of this sending alone; the same id may be sent again with more time.
    """

    command_id: CommandId
    command: AnyCommand
    occurred_at: Instant | None = None
    expires_at: Instant | None = None


class Accepted(Struct, frozen=True, tag=True):
    """The command was carried out: its events end at `seq` (the head, where it changed nothing)."""

    seq: Seq


class Rejected(Struct, frozen=True, tag=True):
    """The command was not carried out. `code` for programs, `reason` a sentence for the person, `about` what it names."""

    code: str
    reason: str
    about: dict[str, str] = {}


CommandOutcome = Accepted | Rejected

EXPIRED = "expired"
"""The code of a rejection that says only: it came too late."""


class Delivery(StrEnum):
    """What becomes of a command that waited for the link (architecture, rule 7)."""

    RECORDING = "recording"
    """Says what already happened: sent by itself when the link is back."""
    ORDER = "order"
    """Sets something in motion: expires, and comes back to the person as "send now" or "discard"."""


DELIVERY: dict[type[Command], Delivery] = {
    ConfigureAgency: Delivery.ORDER,
    SignIn: Delivery.ORDER,
    SignOff: Delivery.ORDER,
    SetPresence: Delivery.ORDER,
    ReceiveCall: Delivery.RECORDING,
    AddNarrative: Delivery.RECORDING,
    SealNote: Delivery.ORDER,
    RecodeCall: Delivery.RECORDING,
    PrioritiseCall: Delivery.RECORDING,
    LocateCall: Delivery.RECORDING,
    ChangeCallback: Delivery.RECORDING,
    RaiseFlag: Delivery.RECORDING,
    LowerFlag: Delivery.RECORDING,
    AnswerQuestion: Delivery.RECORDING,
    TakeBackAnswer: Delivery.RECORDING,
    SetFact: Delivery.RECORDING,
    TakeBackFact: Delivery.RECORDING,
    TellOfTransition: Delivery.RECORDING,
    WaiveInstead: Delivery.RECORDING,
    DispatchUnit: Delivery.ORDER,
    RecallUnit: Delivery.ORDER,
    SetUnitStatus: Delivery.RECORDING,
    CheckUnit: Delivery.RECORDING,
    RequestBackup: Delivery.ORDER,
    AcknowledgeBackup: Delivery.ORDER,
    SendBackup: Delivery.ORDER,
    ClearBackup: Delivery.ORDER,
    OrderOtherService: Delivery.ORDER,
    OfferHandOff: Delivery.ORDER,
    AcceptHandOff: Delivery.ORDER,
    DeclineHandOff: Delivery.ORDER,
    WithdrawHandOff: Delivery.ORDER,
    TimeOutHandOff: Delivery.ORDER,
    ReturnHandOff: Delivery.ORDER,
    CloseCall: Delivery.ORDER,
    FileClosedCalls: Delivery.ORDER,
}

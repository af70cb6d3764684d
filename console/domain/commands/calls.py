"""What somebody wants done with a call."""

from console.domain.commands.command import Command
from console.domain.ids import CallId, EntryId, FactName, NatureCode, NoteId, QuestionId
from console.domain.instant import Instant
from console.domain.state import Place, SealedKind, Source


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


class OrderOtherService(Command, frozen=True, tag=True):
    call_id: CallId
    service: str
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

"""What somebody wants about a call in care: messages, asks of dispatch, telling outside the clinical compartment."""

from console.domain.commands.command import Command
from console.domain.ids import AskId, CallId, EntryId


class SendMessage(Command, frozen=True, tag=True):
    """To those who hand the caller over, or work with them."""

    call_id: CallId
    entry_id: EntryId
    text: str


class ReleaseSummary(Command, frozen=True, tag=True):
    """Tell everybody on purpose what they may know of what is sealed."""

    call_id: CallId
    entry_id: EntryId
    text: str


class AskForResponse(Command, frozen=True, tag=True):
    """Ask dispatch to send a programme or a service, by its code, to a call in one's care."""

    call_id: CallId
    ask_id: AskId
    code: str
    reason: str = ""


class DeclineAsk(Command, frozen=True, tag=True):
    """Dispatch sends it not, and says why."""

    call_id: CallId
    ask_id: AskId
    reason: str


class WithdrawAsk(Command, frozen=True, tag=True):
    """It is not needed any more."""

    call_id: CallId
    ask_id: AskId
    reason: str = ""


class DiscloseThreat(Command, frozen=True, tag=True):
    """Tell a service of an imminent threat, and why it is one: outside the clinical compartment, on purpose."""

    call_id: CallId
    disclosure_id: str
    to: str
    text: str
    basis: str


class AcknowledgeDisclosure(Command, frozen=True, tag=True):
    call_id: CallId
    disclosure_id: str

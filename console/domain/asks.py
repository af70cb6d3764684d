"""What a clinician asks dispatch to send to a call in their care: an order, with an answer expected."""

from enum import StrEnum

from msgspec import Struct

from console.domain.ids import AskId
from console.domain.instant import Instant, Stamp


class AskOutcome(StrEnum):
    """How an ask was answered. Sent follows from the sending itself; the others are a person's word."""

    SENT = "sent"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AskAnswer(Struct, frozen=True, omit_defaults=True):
    """The answer to an ask; a refusal says why."""

    outcome: AskOutcome
    stamp: Stamp
    reason: str = ""


class Ask(Struct, frozen=True, omit_defaults=True):
    """One programme or service that is asked for, by its code, why, and the answer."""

    ask_id: AskId
    code: str
    asked: Stamp
    reason: str = ""
    answer: AskAnswer | None = None
    is_for_a_unit: bool = False
    """Whether it is a programme that comes in person: then the call waits again until one is sent."""

    @property
    def at(self) -> Instant:
        """When it was asked."""
        return self.asked.at


class Disclosure(Struct, frozen=True, omit_defaults=True):
    """What a clinician told outside the clinical compartment because of an imminent threat (45 CFR 164.512(j)).

    `to` is the code of the service that must know, `basis` why the threat is serious and imminent.
    """

    disclosure_id: str
    to: str
    text: str
    basis: str
    made: Stamp
    acknowledged: Stamp | None = None

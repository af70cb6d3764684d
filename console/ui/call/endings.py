"""How a call may be closed: which of the two lists applies, why, and the digit of each choice. Pure."""

from __future__ import annotations

from msgspec import Struct

from console.domain import queries
from console.domain.commands import CloseCall, Rejected
from console.domain.decide import decide
from console.domain.ids import NatureCode, UserId
from console.domain.instant import Instant
from console.domain.state import Call, State
from console.ui.option import key_of


class Ending(Struct, frozen=True):
    """One way to close: its key, its words, and whether it wants a note."""

    key: str
    code: str
    words: str
    needs_note: bool = False
    missed: bool = False

    def command(self, call: Call, note: str, nature: str = "") -> CloseCall:
        """The command that closes the call so, and as that nature where it turned out to be another."""
        if self.missed:
            return CloseCall(call.call_id, missed=self.code, note=note, nature=NatureCode(nature))
        return CloseCall(call.call_id, outcome=self.code, note=note, nature=NatureCode(nature))


class Endings(Struct, frozen=True):
    """The list that applies to a call, why it is that one, and why the call cannot be closed yet ("")."""

    why: str
    choices: tuple[Ending, ...]
    why_not: str = ""


def endings(state: State, call: Call, me: UserId, now: Instant) -> Endings:
    """The outcomes, or for an eligible call that nobody served the reasons why it was missed."""
    missed = call.eligible_since is not None and not queries.served(call)
    if missed:
        there = ", ".join(assignment.unit_id for assignment in queries.current_assignments(call))
        so_far = f"{there} did not arrive" if there else "nobody served it"
        why = f"Call {call.number} was eligible and {so_far}: say why it was missed."
        choices = tuple(
            Ending(key_of(place), reason.code, reason.name, reason.needs_text, missed=True)
            for place, reason in enumerate(state.agency.missed_reasons)
        )
    else:
        said = "Somebody served this call" if queries.served(call) else "No programme was ever open to this call"
        why = f"{said}: say how it ended."
        choices = tuple(
            Ending(key_of(place), outcome.code, outcome.name) for place, outcome in enumerate(state.agency.outcomes)
        )
    return Endings(why, choices, _why_not(state, call, choices, me, now))


def _why_not(state: State, call: Call, choices: tuple[Ending, ...], me: UserId, now: Instant) -> str:
    """What stands in the way of any ending: a unit still on it, an offer that rings, somebody else's care."""
    if not choices:
        return "The agency has configured no way to close a call."
    verdict = decide(state, choices[0].command(call, "asked"), me, now)
    return verdict.reason if isinstance(verdict, Rejected) else ""

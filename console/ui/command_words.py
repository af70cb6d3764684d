"""A command in words, for lists of what was not sent: "dispatch CRT2 to 0142"."""

from __future__ import annotations

import re
from typing import Final

from msgspec import convert, structs

from console.domain import queries, unit_status
from console.domain.commands import AnyCommand, CorrectUnitStatus, ReceiveCall, SetPresence, SetUnitStatus, TellOfTransition
from console.domain.state import Party, State

_LEFT_OUT = {"call_id", "unit_id", "entry_id", "hand_off_id", "protocol", "question", "sets", "override"}
_VERBS = {
    SetUnitStatus: "status",
    CorrectUnitStatus: "correct status:",
    SetPresence: "presence",
    TellOfTransition: "told of the turn:",
}
"""Said otherwise than the command is named."""

NOT_SENT: Final = "not sent yet"
"""Said of what a board shows although it still waits for the link."""


def command_words(state: State, command: AnyCommand) -> str:
    """What was wanted, of whom and on which call; free text is quoted and cut at 60 characters."""
    if isinstance(command, ReceiveCall):
        return f"new call · {', '.join(filter(None, (state.agency.nature(command.nature).name, command.place.address)))}"
    fields = structs.asdict(command)
    verb = _VERBS.get(type(command)) or re.sub(r"(?<!^)(?=[A-Z])", " ", type(command).__name__).lower()
    parts = [verb]
    if unit := fields.get("unit_id"):
        parts.append(str(unit))
    if isinstance(command, (SetUnitStatus, CorrectUnitStatus)):
        parts.append(unit_status.STATUS_WORDS[command.status].lower())
    elif isinstance(command, SetPresence):
        parts.append(command.status.value.replace("_", " "))
    elif isinstance(command, TellOfTransition):
        kind, _, about = command.party.partition(":")
        parts.append(queries.party_words(state, convert({"kind": kind, "about": about}, Party)))
    if call_id := fields.get("call_id"):
        call = state.calls.get(call_id)
        parts.append(f"· call {call.number or 'not numbered yet'}" if call else "· a call that is gone from the board")
    words = next((v for k, v in fields.items() if k not in _LEFT_OUT and k in ("text", "reason", "note", "asks") and v), "")
    if words:
        short = words if len(words) <= 60 else f"{words[:59]}…"
        parts.append(f'· "{short}"')
    return " ".join(parts)

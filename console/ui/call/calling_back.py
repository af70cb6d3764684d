"""When a caller is called back: the moments to choose from, and what each sends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from console.domain.commands import AnyCommand, LoseCaller, PlanCallBack
from console.domain.ids import CallBackId
from console.domain.state import Call
from console.link.fresh import new_id
from console.ui.call.lists import CallList, Chosen
from console.ui.option import Option

_LOST: Final = "lost"
_MINUTES: Final = {
    "10": "In 10 minutes",
    "30": "In half an hour",
    "60": "In an hour",
    "120": "In two hours",
    "1440": "Tomorrow",
}


def calling_back(call: Call, now: Callable[[], datetime]) -> CallList:
    """The list: at once where the caller was lost, or later, with the reason."""
    options = (
        Option(_LOST, "Now: the caller was lost", detail="what is on its way ends; a call back is due at once"),
        *(Option(minutes, words, needs_note=True) for minutes, words in _MINUTES.items()),
    )

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        call_back, when = CallBackId(new_id()), chosen.option.value
        if when == _LOST:
            return (LoseCaller(call.call_id, call_back),)
        return (PlanCallBack(call_back, call.call_id, now() + timedelta(minutes=int(when)), chosen.note),)

    why_not = "" if call.callback.strip() else f"Call {call.number} has no callback number. Write it down first."
    return CallList(
        "call_back",
        f"When is {call.callback or 'the caller'} called back?",
        "plan it",
        lambda _: (options, why_not),
        sends,
        note="why",
    )

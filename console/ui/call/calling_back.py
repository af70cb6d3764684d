"""When a caller is called back, and what came of it: what can be chosen, and what each choice sends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from console.domain.commands import AnyCommand, EndCallBack, LoseCaller, PlanCallBack, TryCallBack
from console.domain.follow_ups import CallBack
from console.domain.ids import CallBackId
from console.domain.state import Call, State
from console.link.fresh import new_id
from console.ui.call.lists import CallList, Chosen
from console.ui.option import Option

_LOST: Final = "lost"
_REACHED, _NOT_REACHED, _END = "reached", "not reached", "end"
_MINUTES: Final = {
    "10": "In 10 minutes",
    "30": "In half an hour",
    "60": "In an hour",
    "120": "In two hours",
    "1440": "Tomorrow",
}


def calling_back(state: State, call: Call, now: Callable[[], datetime]) -> CallList:
    """The list: what came of the call back that is owed now; else at once where the caller was lost, or later, and why."""
    owed = next((one for one in state.call_backs.values() if one.call_id == call.call_id and one.ended is None), None)
    options = _trying(owed, now()) if owed is not None else ()
    if owed is None or owed.due_at > now():
        options += (Option(_LOST, "Now: the caller was lost", detail="what is on its way ends; a call back is due at once"),)
    options += tuple(Option(minutes, words, needs_note=True) for minutes, words in _MINUTES.items())

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        what = chosen.option.value
        if owed is not None and what in (_REACHED, _NOT_REACHED):
            return (TryCallBack(owed.call_back_id, what == _REACHED, chosen.note),)
        if owed is not None and what == _END:
            return (EndCallBack(owed.call_back_id, chosen.note),)
        call_back = CallBackId(new_id())
        if what == _LOST:
            return (LoseCaller(call.call_id, call_back),)
        return (PlanCallBack(call_back, call.call_id, now() + timedelta(minutes=int(what)), chosen.note),)

    why_not = "" if call.callback.strip() or owed else f"Call {call.number} has no callback number. Write it down first."
    asked = f"When is {call.callback or 'the caller'} called back?"
    return CallList(
        "call_back",
        asked if owed is None else f"What came of calling back {owed.callback or 'the caller'}?",
        "plan it" if owed is None else "write it down",
        lambda _: (options, why_not),
        sends,
        note="why" if owed is None else "what was said, or why",
    )


def _trying(owed: CallBack, now: datetime) -> tuple[Option, ...]:
    """What can come of a call back that is owed."""
    due = "owed now" if owed.due_at <= now else "owed later"
    return (
        Option(_REACHED, "Called back: reached", detail=f"{due}: {owed.reason}"),
        Option(_NOT_REACHED, "Called back: not reached", detail="it stays owed"),
        Option(_END, "No further call", needs_note=True, detail="it is owed no more; say why"),
    )

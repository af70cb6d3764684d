"""What is being typed into calls at this moment: last words only, for those on the call, and nowhere kept."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from console.domain import queries
from console.domain.ids import CallId, UserId
from console.domain.state import Call, State
from console.hub.bell import Bell
from console.hub.problems import Refusal
from console.wire import codec
from console.wire.messages import TYPED_AT_MOST, BeingTyped, Typed, Typing

FADES_S = 10.0
"""Real seconds after the last key press when it is taken off the other's screen."""
COALESCE_S = 0.05
"""What is typed within this time travels together."""


class Typings:
    """Unfinished words by call and person: in memory and on the stream, never in the log, a store or a log file."""

    def __init__(
        self, state: Callable[[], State], now: Callable[[], datetime], bell: Bell, fades_s: float = FADES_S
    ) -> None:
        """Begin empty; `state` says who is on which call, `bell` wakes the streams."""
        self._state, self._now, self._bell, self._fades_s = state, now, bell, fades_s
        self._held: dict[tuple[CallId, UserId], Typing] = {}
        self._fading: dict[tuple[CallId, UserId], asyncio.TimerHandle] = {}
        self._due: asyncio.TimerHandle | None = None

    def take(self, typed: Typed, by: UserId) -> None:
        """Show these words in place of those before; none at all takes them off. Refused where nobody could read them."""
        if len(typed.text) > TYPED_AT_MOST:
            what = f"{len(typed.text)} characters of what is typed; the last {TYPED_AT_MOST} are enough."
            raise Refusal(422, what, "too-long", "$.text")
        call = self._state().calls.get(typed.call_id)
        if call is None or call.closing is not None:
            raise Refusal(404, "There is no such open call.", "call-unknown", "$.call_id")
        if not typed.text:
            self.end(typed.call_id, by)
            return
        key = (typed.call_id, by)
        self._held[key] = Typing(typed.call_id, by, typed.text, self._now())
        if (fading := self._fading.get(key)) is not None:
            fading.cancel()
        self._fading[key] = asyncio.get_running_loop().call_later(self._fades_s, self.end, *key)
        self._show()

    def end(self, call_id: CallId, by: UserId) -> None:
        """Take off what a person was typing into a call: it was added, deleted, or left alone for long."""
        if self._held.pop((call_id, by), None) is not None:
            self._fading.pop((call_id, by)).cancel()
            self._show()

    def seen_by(self, reader: UserId) -> tuple[Typing, ...]:
        """What others type now into the calls that this person is on."""
        if not self._held:
            return ()
        calls = self._state().calls
        return tuple(
            typing
            for typing in self._held.values()
            if typing.user_id != reader and (call := calls.get(typing.call_id)) is not None and reader in _on(call)
        )

    def frame(self, typings: tuple[Typing, ...]) -> bytes:
        """One event-stream frame that says: this is all that you see typed now."""
        return b"event: typing\ndata: %b\n\n" % codec.encode(BeingTyped(typings))

    def close(self) -> None:
        """Show no more."""
        for timer in (*self._fading.values(), *filter(None, [self._due])):
            timer.cancel()

    def _show(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(COALESCE_S, self._ring)

    def _ring(self) -> None:
        self._due = None
        self._bell.ring()


def _on(call: Call) -> frozenset[UserId]:
    """Who has the caller, who offered them, and the clinician whom they ring at or who is on the line."""
    if call.closing is not None:
        return frozenset()
    found = {queries.controller(call), queries.on_the_line(call)}
    if call.hand_off is not None and call.hand_off.is_open:
        found |= {call.hand_off.from_user, call.hand_off.to_user}
    return frozenset(user for user in found if user is not None)

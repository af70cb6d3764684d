"""A hub told as a script: what it answers in turn, and what it was asked, in order. No sockets, no waiting."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from console.domain.ids import LogId, Seq
from console.link.backoff import Backoff
from console.link.events_stream import Message
from console.link.follow import follow
from console.link.hub_time import HubTime
from console.link.link_state import LinkState, LinkStatus, LinkWatch
from console.link.replica import Replica
from console.wire.messages import Snapshot


class ScriptEnded(Exception):
    """The script has no further answer: the test has seen what it wanted."""


Streamed = Sequence[Message | Exception]
"""The messages of one stream; an exception in it is how it breaks, and without one it ends."""


@dataclass
class Playbook:
    """Answers snapshots and streams from a script, and writes down what was asked and every wait in between."""

    script: list[Snapshot | Exception | Streamed]
    asked: list[str] = field(default_factory=list)
    states: list[LinkState] = field(default_factory=list)
    took: list[Message | Snapshot] = field(default_factory=list)
    at: float = 0.0
    replica: Replica = field(default_factory=Replica)

    async def snapshot(self) -> Snapshot:
        self.asked.append("snapshot")
        answer = self._next()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Snapshot), answer
        return answer

    async def stream(self, log_id: LogId, after: Seq) -> AsyncGenerator[Message, None]:
        self.asked.append(f"stream {log_id} after {after}")
        answer = self._next()
        if isinstance(answer, Exception):
            raise answer
        assert not isinstance(answer, Snapshot), answer
        for message in answer:
            if isinstance(message, Exception):
                raise message
            yield message

    async def play(self) -> None:
        """Follow until the script has no more to say."""
        self.watch = LinkWatch(self._report, HubTime())
        backoff = Backoff(lambda: 1.0)
        try:
            await follow(self, self.replica, self.watch, self.took.append, backoff, clock=lambda: self.at, pause=self._pause)
        except ScriptEnded:
            self.asked.pop()
        else:
            self.asked.append("gave up")

    @property
    def status(self) -> LinkStatus:
        return self.watch.status

    def _next(self) -> Snapshot | Exception | Streamed:
        if not self.script:
            raise ScriptEnded
        return self.script.pop(0)

    async def _pause(self, seconds: float) -> None:
        self.asked.append(f"wait {seconds:.1f}")
        self.at += seconds

    def _report(self, status: LinkStatus) -> None:
        if self.states[-1:] != [status.state]:
            self.states.append(status.state)

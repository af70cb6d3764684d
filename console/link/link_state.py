"""What a person is told about the link: one of four states, always on screen, and since when."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from console.domain.ids import Seq
from console.domain.instant import Instant
from console.link.events_stream import Message
from console.link.hub_time import HubTime
from console.wire.messages import Heartbeat, Snapshot

STALE_AFTER_S = 10.0
"""Two heartbeats missed. A dead hub is said within this time, whatever the network hides."""
ECHO_HOLDS_S = 60.0
"""How long a delay measured on an own command is shown before the heartbeats' estimate takes its place again."""


class LinkState(StrEnum):
    """How far the board on screen can be believed."""

    LIVE = "live"
    """Everything the hub has, this desk has."""
    CATCHING_UP = "catching_up"
    """Connected, and still behind."""
    STALE = "stale"
    """Connected, and nothing heard for `STALE_AFTER_S`."""
    OFFLINE = "offline"
    """Not connected; tried again by itself."""


class LinkStatus(Struct, frozen=True):
    """The link as the top strip shows it. `since` is hub time: when the state began; for STALE, when last heard."""

    state: LinkState
    since: Instant | None = None
    delay_ms: float | None = None
    """From a command to its echo, if one was sent in the last minute; else how late the heartbeats come."""
    detail: str = ""
    """One sentence of why, for a person."""
    outdated: bool = False
    """Hub and desk are of different versions: read-only until the older one is brought up to date."""

    @property
    def live(self) -> bool:
        """Whether the board is what the hub has."""
        return self.state is LinkState.LIVE

    @property
    def connected(self) -> bool:
        """Whether commands can be sent now."""
        return self.state in (LinkState.LIVE, LinkState.CATCHING_UP)


NOT_YET = LinkStatus(LinkState.OFFLINE, detail="Not connected yet.")


class LinkWatch:
    """Turns what `follow` sees into a `LinkStatus`, and reports each one that differs from the last.

    `at` is always the desk's monotonic clock in seconds. Once live, a desk is "catching up" only when a heartbeat finds
    it behind the head that the heartbeat before had named: an entry that is on the wire is no reason to flicker.
    """

    def __init__(self, report: Callable[[LinkStatus], None], time: HubTime) -> None:
        """Report to `report`; `time` is set by what the hub says of its clock, and `since` is written in it."""
        self.status = NOT_YET
        self._report = report
        self._time = time
        self._heard_at = 0.0
        self._must_reach: Seq | None = None
        self._echo_at = float("-inf")

    def asking(self, why: str, at: float) -> None:
        """The board cannot be gone on with and a snapshot is asked for."""
        if self.status.connected:
            self._become(LinkState.CATCHING_UP, at, why)

    def took(self, message: Message | Snapshot, mine: Seq, at: float) -> None:
        """The replica took a message and stands at `mine`."""
        self._heard_at = at
        match message:
            case Snapshot(hub_time=hub_time, rate=rate):
                self._time.afresh()
                self._time.heard(hub_time, rate, at)
                self._must_reach = None
                self._become(LinkState.CATCHING_UP, at, "Reading what happened meanwhile.")
            case Heartbeat():
                self._heartbeat(message, mine, at)
            case _ if self.status.state in (LinkState.STALE, LinkState.OFFLINE):
                self._become(LinkState.CATCHING_UP, at, "Heard from the hub again.")
            case _ if self.status.state is LinkState.CATCHING_UP and mine >= (self._must_reach or mine + 1):
                self._become(LinkState.LIVE, at)

    def echo(self, delay_ms: float, at: float) -> None:
        """An own command came back on the stream `delay_ms` after it was sent."""
        self._echo_at = at
        if self.status.live:
            self._become(LinkState.LIVE, at, delay_ms=delay_ms)

    def lost(self, why: str, at: float) -> None:
        """The connection is gone."""
        self._must_reach = None
        self._time.afresh()
        self._become(LinkState.OFFLINE, at, why)

    def outdated(self, why: str, at: float) -> None:
        """Hub and desk do not speak the same version."""
        self.lost(why, at)
        self._tell(replace(self.status, outdated=True))

    def look(self, at: float) -> None:
        """Say STALE if nothing was heard for too long; to be called about once a second."""
        if self.status.connected and at - self._heard_at >= STALE_AFTER_S:
            self._become(LinkState.STALE, at, "Nothing heard from the hub.")

    def _heartbeat(self, heartbeat: Heartbeat, mine: Seq, at: float) -> None:
        late_ms = self._time.heard(heartbeat.hub_time, heartbeat.rate, at)
        behind = mine < (self._must_reach or 0) if self.status.live else mine < heartbeat.head
        self._must_reach = heartbeat.head
        if behind:
            self._become(LinkState.CATCHING_UP, at, f"{heartbeat.head - mine} entries behind the hub.")
        else:
            echo_holds = self.status.live and at - self._echo_at < ECHO_HOLDS_S
            self._become(LinkState.LIVE, at, delay_ms=self.status.delay_ms if echo_holds else late_ms)

    def _become(self, state: LinkState, at: float, detail: str = "", delay_ms: float | None = None) -> None:
        was = self.status
        if state is was.state or (state is LinkState.OFFLINE and was.state is LinkState.STALE):
            since = was.since
        else:
            since = self._time.now(self._heard_at if state is LinkState.STALE else at)
        self._tell(LinkStatus(state, since, None if delay_ms is None else round(delay_ms, 1), detail))

    def _tell(self, status: LinkStatus) -> None:
        if status != self.status:
            self.status = status
            self._report(status)

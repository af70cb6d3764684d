"""What becomes of what a feed hears: bound to a unit and taken, or counted, named and kept to be looked at.

Every feed has an intake of its own; nothing that one hears reaches another's.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from console.domain.ids import UnitId
from console.hub.feeds.fix import Attribute, DeviceFix, Heard, NoFix, Reason, is_device
from console.hub.feeds.settings import Feed
from console.hub.feeds.track import Track
from console.hub.positions import AHEAD, Fix, PositionsTaken
from console.wire.feeds import DeviceHeard, FeedHealth, FeedState, Jump

_LOG = logging.getLogger("console.hub")

CLOCK_OFF = timedelta(days=30)
"""Further back than any backlog reaches: such a clock is wrong (a receiver whose weeks rolled over is 19 years off)."""
CLOCK_AHEAD = timedelta(days=1)
UNKNOWN_AT_MOST = 1000
JUMPS_AT_MOST = 50
_STRANGERS_LOGGED = 100
_WORDS_AT_MOST = 200


class _Device(Struct):
    """What is remembered of one device."""

    heard: int
    heard_at: datetime
    fix: DeviceFix | None = None
    attributes: dict[str, Attribute] = {}


class Intake:
    """Takes what one feed hears, and knows how the feed stands."""

    def __init__(
        self,
        feed: Feed,
        take: Callable[[Iterable[Fix]], PositionsTaken],
        now: Callable[[], datetime],
        doubt: Callable[[Fix], None] = lambda _fix: None,
    ) -> None:
        """`take` keeps the last fix of each unit, `doubt` one that it cannot have reached; `now` is the hub's time."""
        self.feed, self._take, self._now, self._doubt = feed, take, now, doubt
        self.listens: list[str] = []
        self.trouble = ""
        """Why the feed brings nothing at the moment; "" while nothing is known to be wrong."""
        self._received = self._taken = self._forgotten = 0
        self._refused: Counter[Reason] = Counter()
        self._last_refused = ""
        self._heard_at: datetime | None = None
        self._taken_at: datetime | None = None
        self._bound: dict[str, _Device] = {}
        self._unknown: dict[str, _Device] = {}
        self._tracks: dict[str, Track] = {}
        self._backlogs: dict[str, Track] = {}
        self._unit_taken_at: dict[UnitId, datetime] = {}
        self._jumps: deque[Jump] = deque(maxlen=JUMPS_AT_MOST)

    def hear(self, read: Callable[[datetime], list[Heard]]) -> list[Heard]:
        """Have something read as of now, take it and give it back. A fault in reading it ends here."""
        at = self._now()
        try:
            heard = read(at)
            self.take(heard, at)
        except Exception:
            if not self._refused[Reason.FAULT]:  # once: what one device sends, it sends again every second
                _LOG.exception("feed %s: a fault in reading; the feed goes on", self.feed.name)
            heard = [NoFix(Reason.FAULT, "a fault of the hub; the first of this feed is in its log")]
            self.take(heard, at)
        return heard

    def take(self, heard: Iterable[Heard], at: datetime) -> None:
        """Take all that was heard at a moment."""
        self._heard_at = at
        for one in heard:
            self._received += 1
            fix = self._believed(one, at)
            if fix is not None:
                self._keep(fix, at)

    def alive(self) -> None:
        """The feed answered, though it had nothing new."""
        self._heard_at, self.trouble = self._now(), ""

    def health(self) -> FeedHealth:
        """How the feed stands now."""
        now, feed = self._now(), self.feed
        limit = timedelta(seconds=feed.stale_s)
        units = dict.fromkeys(feed.bound())
        unknown = sorted(self._unknown.items(), key=lambda item: item[1].heard_at, reverse=True)
        return FeedHealth(
            feed.name, feed.protocol, self._state(now, limit), feed.stale_s, tuple(self.listens), self.trouble,
            self._received, self._taken, {reason.value: n for reason, n in sorted(self._refused.items())},
            self._heard_at, self._taken_at, self._last_refused,
            tuple(unit for unit in units if (at := self._unit_taken_at.get(unit)) is None or now - at > limit),
            tuple(_heard(name, self.feed.unit_of(name), device) for name, device in self._bound.items()),
            tuple(_heard(name, None, device) for name, device in unknown), self._forgotten, tuple(self._jumps),
        )  # fmt: skip

    def _state(self, now: datetime, limit: timedelta) -> FeedState:
        if self.trouble:
            return FeedState.FAILING
        if self._heard_at is None:
            return FeedState.WAITING
        return FeedState.WORKING if self._taken_at is not None and now - self._taken_at <= limit else FeedState.SILENT

    def _believed(self, heard: Heard, at: datetime) -> DeviceFix | None:
        """The fix of a device that is bound, if its clock can be right; whatever else is counted."""
        fix = heard if isinstance(heard, DeviceFix) else None
        if fix is not None and self.feed.clock_ahead_s:
            fix = replace(fix, fix_at=fix.fix_at - timedelta(seconds=self.feed.clock_ahead_s))
        unit = self._remember(fix or heard, at) if is_device(heard.device) else None
        if fix is None:
            assert isinstance(heard, NoFix)
            self._refuse(heard.reason, heard.what)
        elif unit is None:
            self._refuse(Reason.UNKNOWN_DEVICE, f"{fix.device} is bound to no unit")
        elif fix.fix_at < at - CLOCK_OFF or fix.fix_at > at + CLOCK_AHEAD:
            self._refuse(Reason.CLOCK_OFF, f"{fix.device} says that it is {fix.fix_at:%Y-%m-%d %H:%M} UTC")
        elif fix.fix_at > at + AHEAD:
            late = (fix.fix_at - at).total_seconds()
            self._refuse(Reason.IN_THE_FUTURE, f"the clock of {fix.device} is {late:.0f} s ahead")
        else:
            return fix
        return None

    def _keep(self, fix: DeviceFix, at: datetime) -> None:
        """Take a fix for where its unit is, unless it is behind what is held, or cannot have been reached."""
        unit, track = self.feed.unit_of(fix.device), self._tracks.setdefault(fix.device, Track())
        assert unit is not None
        source = f"{self.feed.name} {fix.device}"
        told = Fix(unit, fix.latitude, fix.longitude, fix.fix_at, fix.speed_km_h, fix.course, source)
        if track.is_behind(fix):
            self._keep_late(fix, told)
            self._refuse(Reason.OLDER_THAN_HELD, f"{fix.device} sent a later fix before")
            return
        found = track.jumped(fix)
        if found is not None:
            self._doubt(told)
            self._jumps.append(Jump(fix.device, unit, fix.latitude, fix.longitude, fix.fix_at, found.km, found.km_h))
            self._refuse(Reason.JUMP, f"{fix.device} is {found.km:.1f} km from where it was, at {found.km_h:.0f} km/h")
            return
        became = self._take([told])
        if became.taken:
            self._taken, self._taken_at, self._unit_taken_at[unit], self.trouble = self._taken + 1, at, at, ""
        elif became.older_than_held:
            self._refuse(Reason.OLDER_THAN_HELD, f"of {unit} a later fix is held, from another device or feed")
        elif became.in_the_future:
            self._refuse(Reason.IN_THE_FUTURE, f"the clock of {fix.device} is ahead")
        else:
            self._refuse(Reason.UNKNOWN_UNIT, f"{fix.device} is bound to {unit}, and the agency has no such unit")

    def _keep_late(self, fix: DeviceFix, told: Fix) -> None:
        """Keep a fix of a backlog in its place in time, and look for jumps within the backlog, which comes in its order."""
        backlog = self._backlogs.get(fix.device)
        if backlog is None or backlog.is_behind(fix):
            backlog = self._backlogs[fix.device] = Track()
        if backlog.jumped(fix) is None:
            self._take([told])
        else:
            self._doubt(told)

    def _refuse(self, reason: Reason, what: str) -> None:
        self._refused[reason] += 1
        self._last_refused = what[:_WORDS_AT_MOST]

    def _remember(self, heard: Heard, at: datetime) -> UnitId | None:
        """Note that a device was heard, and whose it is."""
        unit = self.feed.unit_of(heard.device)
        known = self._unknown if unit is None else self._bound
        if unit is None and heard.device not in known and len(known) < _STRANGERS_LOGGED:
            _LOG.info("feed %s: %r is bound to no unit; bind it under the feed's units", self.feed.name, heard.device)
        device = known.pop(heard.device, None) or _Device(0, at)
        device.heard, device.heard_at = device.heard + 1, at
        if isinstance(heard, DeviceFix):
            device.fix = heard
        device.attributes = heard.attributes or device.attributes
        known[heard.device] = device  # the last heard stands last
        if len(self._unknown) > UNKNOWN_AT_MOST:
            del self._unknown[next(iter(self._unknown))]
            self._forgotten += 1
        return unit


def _heard(name: str, unit: UnitId | None, device: _Device) -> DeviceHeard:
    fix = device.fix
    if fix is None:
        return DeviceHeard(name, unit, device.heard, device.heard_at, attributes=device.attributes)
    return DeviceHeard(
        name, unit, device.heard, device.heard_at, fix.fix_at, fix.device_at, fix.latitude, fix.longitude, fix.accuracy_m,
        device.attributes,
    )  # fmt: skip

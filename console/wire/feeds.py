"""How the feeds of unit positions stand, as a supervisor is told."""

from enum import StrEnum

from msgspec import Struct

from console.domain.ids import UnitId
from console.domain.instant import Instant


class FeedState(StrEnum):
    """How a feed stands, in a word."""

    WAITING = "waiting"
    """Nothing was heard of it since the hub started."""
    WORKING = "working"
    SILENT = "silent"
    """For longer than its staleness limit nothing of it was taken."""
    FAILING = "failing"
    """It cannot be reached, or ended; its trouble says why."""


class DeviceHeard(Struct, frozen=True, forbid_unknown_fields=True):
    """One device of a feed: whose it is, and what was last heard of it.

    Three clocks: `fix_at` is the receiver's when it was there, `device_at` the device's when it sent that (None where the
    protocol does not tell), `heard_at` the hub's when it arrived. WGS 84 degrees, metres.
    """

    device: str
    unit_id: UnitId | None
    """None: bound to no unit in the configuration."""
    heard: int
    heard_at: Instant
    fix_at: Instant | None = None
    device_at: Instant | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    attributes: dict[str, str | float | bool] = {}
    """Whatever else it said of itself, by which a person may know it: battery, driver, kind of event."""


class Jump(Struct, frozen=True, forbid_unknown_fields=True):
    """A fix that the unit cannot have reached: kept to be looked at, and not shown as where the unit is."""

    device: str
    unit_id: UnitId
    latitude: float
    longitude: float
    fix_at: Instant
    km: float
    """From the fix before it."""
    km_h: float
    """What it would have had to drive."""


class FeedHealth(Struct, frozen=True, forbid_unknown_fields=True):
    """One feed: how it stands, what it brought, and what became of it.

    Every message is counted once: `received` = `taken` + the sum of `refused`. Counts are since the hub started.
    """

    name: str
    protocol: str
    state: FeedState
    stale_s: float
    listens: tuple[str, ...] = ()
    """Where it listens, or the address it asks."""
    trouble: str = ""
    received: int = 0
    taken: int = 0
    refused: dict[str, int] = {}
    """By reason."""
    heard_at: Instant | None = None
    taken_at: Instant | None = None
    last_refused: str = ""
    """What was wrong with the last refused message, in words."""
    stale_units: tuple[UnitId, ...] = ()
    """Bound units of which this feed took nothing for longer than its limit."""
    devices: tuple[DeviceHeard, ...] = ()
    """Bound devices that were heard."""
    unknown: tuple[DeviceHeard, ...] = ()
    """Devices that are bound to no unit, the last heard first."""
    unknown_forgotten: int = 0
    """How many more were heard than are remembered."""
    jumps: tuple[Jump, ...] = ()
    """The latest fixes that were kept and not shown, the newest last."""

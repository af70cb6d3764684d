"""What a unit's tablet is told of its own work, and what it says of itself. Moments are the hub's time, UTC."""

from typing import Annotated

from msgspec import Meta, Struct

from console.domain.agency import OtherService
from console.domain.assignment import FeltSafe
from console.domain.ids import CallId, Seq, UnitId
from console.domain.instant import Instant
from console.domain.state import UnitStatus

WAIT_AT_MOST_S = 25
"""How long a question may wait for news, in seconds: less than the 30 s after which proxies give up."""
SAID_LATE_AT_MOST_H = 12
"""How long before its coming something may have been said on a tablet without a link, in hours: a shift."""


class FieldFact(Struct, frozen=True):
    """One of the risk facts that every summary names. `known` is False for "not asked" and "not known": never a "no"."""

    name: str
    value: str
    known: bool


class FieldEntry(Struct, frozen=True):
    """An entry of the call's narrative, by whom (a name) and when; `summary` marks what a clinician released."""

    text: str
    by: str
    at: Instant
    summary: bool


class FieldCaution(Struct, frozen=True):
    """A caution that holds about a neighbor, and until when."""

    text: str
    until: Instant


class FieldNeighbor(Struct, frozen=True):
    """What the floor may know of a known neighbor; nothing that is sealed."""

    name: str
    language: str
    approach: str
    cautions: tuple[FieldCaution, ...]


class FieldOther(Struct, frozen=True):
    """Another unit on the call, what it does and since when."""

    unit_id: UnitId
    programme: str
    status: UnitStatus
    since: Instant


class FieldCall(Struct, frozen=True):
    """The call that the unit is on, as dispatch shows it to everybody on the floor.

    `latitude` and `longitude` in WGS 84 degrees, `uncertainty_m` a radius in metres, `zones` by kind of layer.
    `turned` says why a response that was on its way turned out wrong ("a weapon is there"), while that is not settled.
    """

    call_id: CallId
    number: str
    nature: str
    priority: str
    address: str
    latitude: float | None
    longitude: float | None
    uncertainty_m: float | None
    zones: dict[str, str]
    callback: str
    language: str
    received_at: Instant
    turned: tuple[str, ...]
    flags: tuple[str, ...]
    facts: tuple[FieldFact, ...]
    neighbor: FieldNeighbor | None
    narrative: tuple[FieldEntry, ...]
    others: tuple[FieldOther, ...]
    services: tuple[str, ...]
    """The other services that were asked to it, by name."""
    on_the_line: str
    """The name of the clinician who speaks with the caller; "" where none does."""


class FieldCheck(Struct, frozen=True):
    """The unit's status check: when it is asked, when it is missed, when it is the supervisor's, and misses so far."""

    due_at: Instant
    overdue_at: Instant
    escalated_at: Instant
    misses: int


class FieldBackup(Struct, frozen=True):
    """The unit's request for backup as it stands: asked, seen (by whom), sent, arrived."""

    service: str
    asked_at: Instant
    seen_at: Instant | None
    seen_by: str
    sent_at: Instant | None
    arrived_at: Instant | None


class FieldReportAsked(Struct, frozen=True):
    """The call that the unit was last done with and has not reported of.

    `unarmed_asked`: whether to ask if an unarmed team could have gone (of an armed programme).
    """

    call_id: CallId
    number: str
    nature: str
    cleared_at: Instant
    unarmed_asked: bool


class FieldUnit(Struct, frozen=True):
    """The unit and all that concerns it now.

    `next` are the statuses that may follow the one it has; `follows` the same for every status, so that a tablet without
    a link knows what may follow what was pressed on it.
    """

    unit_id: UnitId
    programme: str
    unarmed: bool
    crew: tuple[str, ...]
    languages: tuple[str, ...]
    status: UnitStatus
    since: Instant
    where: str
    next: tuple[UnitStatus, ...]
    call: FieldCall | None
    check: FieldCheck | None
    backup: FieldBackup | None
    report: FieldReportAsked | None
    follows: dict[UnitStatus, tuple[UnitStatus, ...]]
    words: dict[UnitStatus, str]
    services: tuple[OtherService, ...]
    """Whom backup can be asked of; the agency's armed ones come first."""
    places: tuple[str, ...]
    """Names of places the center knows, for where a unit transports to."""
    center: str
    time_zone: str


class FieldAnswer(Struct, frozen=True):
    """The unit as of `seq`, the number of the log at which what it is told last changed, and the hub's time.

    `rate` is seconds of hub time in one real second: 1 at a center. `position_at` is when the unit's last known position
    was taken by its receiver (None: it has none).
    """

    seq: Seq
    hub_time: Instant
    rate: float
    exercise: bool
    position_at: Instant | None
    unit: FieldUnit


class FieldFix(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the tablet is, by its browser: WGS 84 degrees, its receiver's time, km/h, degrees from north."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    fix_at: Instant
    speed_km_h: Annotated[float, Meta(ge=0)] | None = None
    course: Annotated[float, Meta(ge=0, le=360)] | None = None


class TabletSeen(Struct, frozen=True):
    """A tablet as supervisors see it: whose, since when, last heard of when (None: never), and whether it was revoked."""

    tablet_id: str
    unit_id: UnitId
    name: str
    added_at: Instant
    heard_at: Instant | None
    revoked_at: Instant | None


class FieldRoute(Struct, frozen=True):
    """One route of the field's interface, as its own description names it."""

    method: str
    path: str
    what: str


class FieldDescription(Struct, frozen=True):
    """What the field's interface is, for whoever writes another tablet's program."""

    about: str
    routes: tuple[FieldRoute, ...]
    commands: dict[str, tuple[str, ...]]
    """What stands in each command beside its `type`; what may be left out ends in a question mark."""
    felt_safe: tuple[FeltSafe, ...] = tuple(FeltSafe)
    statuses: tuple[UnitStatus, ...] = tuple(UnitStatus)

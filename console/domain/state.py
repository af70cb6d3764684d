"""What is true now: calls, units, people. Immutable; every change makes a new record and shares the rest."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from console.domain.agency import EMPTY, Agency, Point
from console.domain.asks import Ask, Disclosure
from console.domain.assignment import Assignment, Backup
from console.domain.conditions import Circumstances
from console.domain.follow_ups import CallBack, Referral
from console.domain.hand_off import HandOff, Seeking, TakeOver
from console.domain.ids import (
    CallBackId,
    CallId,
    DeskId,
    EntryId,
    FactName,
    NatureCode,
    NeighborId,
    NoteId,
    ProgrammeCode,
    QuestionId,
    ReferralId,
    TransitionId,
    UnitId,
    UserId,
)
from console.domain.instant import Instant
from console.domain.neighbors import Neighbor

PRIORITIES = ("P", "1", "2", "3", "4", "5", "6", "7", "8", "9")
"""P, a potential immediate threat to life, stands before 1; "" is a call whose source gave none."""


class Source(StrEnum):
    """How a call reached the center."""

    WIRELESS_911 = "wireless_911"
    CALL_911 = "call_911"
    PHONE = "phone"
    TEXT = "text"
    OFFICER = "officer"
    SELF_INITIATED = "self_initiated"
    ALARM = "alarm"
    CRISIS_LINE = "crisis_line"
    FOLLOW_UP = "follow_up"
    OTHER = "other"


class UnitStatus(StrEnum):
    """The status set of an alternative-response unit; `unit_status.EIDO` maps each to NENA-STA-021.1b's registries."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    STAGING = "staging"
    ON_SCENE = "on_scene"
    WITH_NEIGHBOR = "with_neighbor"
    TRANSPORTING = "transporting"
    AT_FACILITY = "at_facility"
    ASSIST = "assist"
    BREAK = "break"
    CLEAR = "clear"
    OUT_OF_SERVICE = "out_of_service"
    OFF_SHIFT = "off_shift"


class PresenceStatus(StrEnum):
    """What a person at a desk is doing, by their own word or by what they hold."""

    READY = "ready"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    AWAY = "away"
    SIGNED_OFF = "signed_off"


class Role(StrEnum):
    """What a person may do; the table of rights is the hub's `access.py`."""

    TELECOMMUNICATOR = "telecommunicator"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    CREW = "crew"
    """A unit's own tablet: it speaks for that unit alone."""
    ACTOR = "actor"
    """Not a person: the clock, the exercise, a feed of calls."""


class Place(Struct, frozen=True, omit_defaults=True):
    """Where: words, and a point in WGS 84 degrees if there is one; `uncertainty_m` is a radius in metres."""

    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    uncertainty_m: float | None = None
    beat: str = ""
    zones: dict[str, str] = {}
    """What else the center's layers say of it, by kind of layer: {"district": "D1"}."""

    @property
    def point(self) -> Point | None:
        """Where it is, or None where only words tell."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


class Entry(Struct, frozen=True, omit_defaults=True):
    """One entry of a call's narrative. It is amended by a further entry, never changed."""

    entry_id: EntryId
    text: str
    by: UserId
    at: Instant
    summary: bool = False
    """What a clinician released on purpose for everybody to read, out of what is sealed."""


class SealedKind(StrEnum):
    """Which compartment a sealed record belongs to; who may read it is the hub's `access.py`."""

    CLINICAL = "clinical"
    SCREENER = "screener"
    """The answers of a suicide-risk screener, as a structured record; a later one of the same call replaces it."""
    PROFILE = "profile"
    """Of a known neighbor: what helped, what was tried."""
    NEEDS = "needs"
    """Of a referral: what the neighbor needs."""


class SealedNote(Struct, frozen=True, omit_defaults=True):
    """That a note was sealed, by whom and when. Everybody may know so much; the words lie encrypted beside the log.

    `hash` is the SHA-256, in hex, of the sealed bytes: it proves them unchanged and says nothing of the words.
    """

    note_id: NoteId
    kind: SealedKind
    hash: str
    by: UserId
    at: Instant


class Answered(Struct, frozen=True, omit_defaults=True):
    """One triage answer with its stamp: who, when, which protocol and version, and the facts it set."""

    protocol: str
    version: str
    question: QuestionId
    answer: str
    sets: dict[FactName, str]
    by: UserId
    at: Instant
    attempt: int = 1
    """How often the question was put: a first "not known" is asked once more, in other words."""
    applies: bool = True
    """False while an earlier answer, changed since, means that this one would not be asked for. It is kept, and rests."""


class FactTold(Struct, frozen=True, omit_defaults=True):
    """A fact told outside the questions, with the reason: set by hand, or by raising the flag that is named."""

    fact: FactName
    value: str
    reason: str
    by: UserId
    at: Instant
    flag: str = ""


class Party(Struct, frozen=True, omit_defaults=True):
    """Somebody who must be told of a turn: the caller, a unit, a clinician, a service; when they were, and by whom."""

    kind: Literal["caller", "unit", "clinician", "service"]
    about: str = ""
    told_at: Instant | None = None
    told_by: UserId | None = None

    @property
    def key(self) -> str:
        """How a command names it: "caller", "unit:T1"."""
        return f"{self.kind}:{self.about}" if self.about else self.kind


class Waived(Struct, frozen=True):
    """That what was proposed in place of a response is not needed: why, by whose word, and when."""

    reason: str
    by: UserId
    at: Instant


class Transition(Struct, frozen=True, omit_defaults=True):
    """A response that was on its way and turned out wrong: since when, by whose word, on which facts, and who was told.

    `facts` are those that changed with it, as they are now; `instead` is what was proposed in its place ("": nothing),
    `along` who goes with that.
    """

    transition_id: TransitionId
    programmes: tuple[ProgrammeCode, ...]
    because: tuple[str, ...]
    facts: dict[FactName, str]
    instead: str
    along: tuple[str, ...]
    parties: tuple[Party, ...]
    by: UserId
    at: Instant
    waived: Waived | None = None
    """Said where nothing is sent instead."""

    @property
    def untold(self) -> tuple[Party, ...]:
        """Those who have not been told yet."""
        return tuple(party for party in self.parties if party.told_at is None)


class ServiceOrder(Struct, frozen=True, omit_defaults=True):
    """Another service that was asked to a call, by whom, when and why."""

    service: str
    reason: str
    by: UserId
    at: Instant


class Closing(Struct, frozen=True, omit_defaults=True):
    """How a call ended: with an outcome, or with the reason why nobody served it. Exactly one of the two is set.

    `nature` is what it turned out to be; the call keeps the nature it was worked under, and the one it began as.
    """

    at: Instant
    by: UserId
    nature: NatureCode
    outcome: str = ""
    missed: str = ""
    note: str = ""


class Call(Struct, frozen=True, omit_defaults=True):
    """A call from its receipt to its closing."""

    call_id: CallId
    number: str
    """The number people say, counted from 1 each local day: "0142"."""
    source: Source
    nature: NatureCode
    start_nature: NatureCode
    priority: str
    place: Place
    received_at: Instant
    taken_by: UserId
    nature_text: str = ""
    callback: str = ""
    language: str = ""
    reference: str = ""
    flags: tuple[str, ...] = ()
    narrative: tuple[Entry, ...] = ()
    notes: tuple[SealedNote, ...] = ()
    answers: tuple[Answered, ...] = ()
    told: tuple[FactTold, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    hand_offs: tuple[HandOff, ...] = ()
    services: tuple[ServiceOrder, ...] = ()
    in_care_of: UserId | None = None
    """The clinician who has the caller; None while the telecommunicator has."""
    eligible_since: Instant | None = None
    """When a programme first was open to it. Once set it stays: an eligible call is served, or says why not."""
    open_to: tuple[ProgrammeCode, ...] = ()
    """The programmes that nothing known denies now, by nature, priority and answers."""
    transitions: tuple[Transition, ...] = ()
    seeking: Seeking | None = None
    """While a clinician is looked for; None once one has the caller, or where none is."""
    take_overs: tuple[TakeOver, ...] = ()
    messages: tuple[Entry, ...] = ()
    """What those who hand the caller over wrote to each other; part of the call like its narrative."""
    asks: tuple[Ask, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    backups: tuple[Backup, ...] = ()
    """Requests for backup that units made on this call and that have been cleared."""
    closing: Closing | None = None

    @property
    def hand_off(self) -> HandOff | None:
        """The latest hand-off, or None."""
        return self.hand_offs[-1] if self.hand_offs else None

    @property
    def facts(self) -> dict[FactName, str]:
        """Facts that the answers which apply, and people by hand, have told; what was told later wins."""
        said = [(a.at, a.sets) for a in self.answers if a.applies]
        said += [(told.at, {told.fact: told.value}) for told in self.told]
        return {fact: value for _, sets in sorted(said, key=lambda each: each[0]) for fact, value in sets.items()}

    @property
    def circumstances(self) -> Circumstances:
        """What rules may look at."""
        return Circumstances(self.facts, self.nature, self.priority, self.source)


class Unit(Struct, frozen=True, omit_defaults=True):
    """A unit, what it is doing, since when, and on which call."""

    unit_id: UnitId
    programme: ProgrammeCode
    crew: tuple[str, ...]
    status: UnitStatus
    since: Instant
    languages: tuple[str, ...] = ("en",)
    base: str = ""
    call: CallId | None = None
    where: str = ""
    """What a person said of where it is: the place of an assist, the facility it transports to."""
    checked_at: Instant | None = None
    """The last sign of life: a status change or an answered status check."""
    backup: Backup | None = None
    misses: int = 0
    """Status checks in a row that were not answered since the last sign of life."""


class Presence(Struct, frozen=True, omit_defaults=True):
    """A person at work: which desk and what they are doing. One entry a person."""

    user_id: UserId
    name: str
    role: Role
    desk_id: DeskId
    status: PresenceStatus
    since: Instant
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)
    reason: str = ""
    skills: tuple[str, ...] = ()
    """Codes of the agency's `skills` that this person has."""
    extension: str = ""
    """What to dial to reach their desk."""
    lost_at: Instant | None = None
    """Since when nothing is heard of their desk; None while it is. Whoever is lost is never ready."""


class Position(Struct, frozen=True, omit_defaults=True):
    """Where a unit was, by its own receiver. Not part of the log (architecture, rule 6): last value only.

    `fix_at` is the receiver's time, `received_at` the hub's; speed in km/h, course in degrees from north.
    """

    unit_id: UnitId
    latitude: float
    longitude: float
    fix_at: Instant
    received_at: Instant
    speed_km_h: float | None = None
    course: float | None = None

    @property
    def point(self) -> Point:
        """Where it was."""
        return self.latitude, self.longitude


class Numbering(Struct, frozen=True, omit_defaults=True):
    """The last call number given and the local day it counts on."""

    day: str = ""
    last: int = 0


class State(Struct, frozen=True, omit_defaults=True):
    """Everything the floor shares. Dictionaries are never changed in place: `evolve` replaces them."""

    agency: Agency = EMPTY
    exercise: bool = False
    calls: dict[CallId, Call] = {}
    units: dict[UnitId, Unit] = {}
    people: dict[UserId, Presence] = {}
    numbering: Numbering = Numbering()
    neighbors: dict[NeighborId, Neighbor] = {}
    call_backs: dict[CallBackId, CallBack] = {}
    referrals: dict[ReferralId, Referral] = {}

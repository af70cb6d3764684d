"""The agency's configuration as one record. It travels in the log, so every desk, and every past moment, knows its rules."""

from msgspec import Struct

from console.domain.conditions import Condition, Rule
from console.domain.ids import FactName, NatureCode, ProgrammeCode, UnitId
from console.domain.programmes import Programme, Responds
from console.domain.triage.protocol import Fact, Protocol
from console.domain.triage.screener import Screener


class Nature(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A call nature: its priority when nothing else is said, the programmes it is open to, and its APCO common type.

    `conditional` programmes are open only once one of their `admit` rules holds. `apco` is a code of
    APCO 2.103.2-2019, the EIDO registry of incident types. `aliases` are other words and abbreviations that people type.
    `base` and `modifiers` name what a nature was made from ("" and none: it is a base nature itself).
    """

    code: NatureCode
    name: str
    priority: str
    programmes: tuple[ProgrammeCode, ...] = ()
    conditional: tuple[ProgrammeCode, ...] = ()
    apco: str = ""
    protocol: str = ""
    aliases: tuple[str, ...] = ()
    base: NatureCode = NatureCode("")
    modifiers: tuple[str, ...] = ()
    check_minutes: int | None = None
    """How often a unit on such a call is asked whether all is well; None leaves that to its programme."""

    @property
    def listed(self) -> tuple[ProgrammeCode, ...]:
        """Every programme that the nature is on the list of, conditional ones last."""
        return (*self.programmes, *self.conditional)


class Recode(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a call turned out to be of another nature than it is listed under, as its answers tell; proposed at its end."""

    nature: NatureCode
    when: Condition
    because: str


class CallOutcome(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a served call may end; `apco` is a two-digit code of APCO 1.111.2-2018 ("" where none fits)."""

    code: str
    name: str
    apco: str = ""
    by_phone: bool = False


class MissedReason(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Why an eligible call was served by nobody. `counts` false: the programme could not have served it."""

    code: str
    name: str
    counts: bool = True
    needs_text: bool = False


class OtherService(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A service outside the programmes that a call can be sent to: police, fire, emergency medical services."""

    code: str
    name: str
    armed: bool = False


class RosterUnit(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A unit of the agency's roster: its programme, the disciplines of its crew, and where it starts its shift."""

    unit_id: UnitId
    programme: ProgrammeCode
    crew: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)
    base: str = ""


Point = tuple[float, float]
"""Latitude and longitude in WGS 84 degrees."""


class KnownPlace(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A place the center knows by name, in WGS 84 degrees; `kind` says what it is for (drop_off, hospital, station ...)."""

    name: str
    kind: str
    latitude: float
    longitude: float
    address: str = ""

    @property
    def point(self) -> Point:
        """Where it is."""
        return self.latitude, self.longitude


class Target(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long a call of a priority may wait for a response: due ◆ at `due_s`, past ▲ at `past_s` seconds."""

    priority: str
    due_s: int
    past_s: int


class Travel(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a straight line becomes an estimate of minutes on the road: a stated factor and a stated mean speed."""

    detour_factor: float = 1.35
    speed_km_h: float = 35.0


class CheckRules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Status checks of units on calls: how often, unless a programme or a nature says otherwise, and what a miss is."""

    minutes: int | None = None
    """None: only where a programme or a nature says how often."""
    grace_s: int = 120
    """So long after it was due an unanswered check is missed, and as long again for each further miss, in seconds."""
    escalate_after: int = 2
    """After so many misses in a row it is the supervisor's."""


class CrewWant(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A discipline that a call is better off with on the unit's crew, when, and why."""

    discipline: str
    when: Condition
    because: str


class RecommendRules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What else than minutes orders the units for a call, as the minutes that it is worth; and who is wanted on a crew."""

    language_minutes: float = 10.0
    """The unit does not speak the caller's language."""
    discipline_minutes: float = 5.0
    """For each discipline wanted that its crew lacks."""
    doubt_minutes: float = 5.0
    """Its position is old, stuck or not known."""
    shift_minutes: float = 15.0
    """Its shift ends before it would be done with the call."""
    wants: tuple[CrewWant, ...] = ()


class HandOffRules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happens to an offered caller whom nobody takes, and around it; how long it rings is the agency's `hand_off_s`."""

    next_clinician: bool = True
    """Whether the next who is ready is rung by itself, and after the last the caller waits in the queue."""
    queue_s: int = 180
    """How long a caller waits for a clinician before another response is proposed, in seconds; they go on waiting."""
    bridge_s: int = 60
    """How long after "accepted" a hand-off may take until it is released, in seconds; then somebody must look."""
    ask_s: int = 60
    """How long what a clinician asks of dispatch may stay unanswered, in seconds."""
    wrap_up_s: int = 0
    """How long a wrap-up lasts, in seconds, before its clinician is ready again; 0 leaves that to them."""


class PublishedOutreach(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Figures an agency has published of its follow-up: neighbors supported, days to the first contact, per cent in care."""

    source: str
    neighbors: int
    days_to_first_contact: float
    connected_percent: float


class FollowUpRules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a referral to a programme of follow-up is due and when it is late, in hours from the 911 interaction on."""

    due_h: int = 48
    late_h: int = 72
    outreach_h: int = 48
    """Outreach to the same neighbor within so many hours is said before somebody goes again."""
    published: PublishedOutreach | None = None


class Skill(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What some clinicians can do better than others, and the calls that want it."""

    code: str
    name: str
    when: Condition | None = None


class Need(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a referred neighbor may need."""

    code: str
    name: str


class TileServer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the hub fetches map tiles when the center has imported none: addresses with {z}, {x} and {y} in them.

    `attribution` stands on the map. `dark_url` is for the dark theme, where the server has another look for it. `size` is
    how many pixels of the page a tile is wide at its own zoom: 256, or 512.
    """

    url: str
    attribution: str
    dark_url: str = ""
    min_zoom: int = 0
    max_zoom: int = 19
    size: int = 256


class RefusedProtocol(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A protocol that could not be proved and was not taken: its version, the one in force instead, and what is wrong.

    An empty `protocol` means the rules of eligibility; nothing of the new configuration is in force then. An empty
    `in_force`: there is no earlier protocol of that id.
    """

    protocol: str
    version: str
    in_force: str
    because: str


class Agency(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that one center decides by configuration. Programme, service and nature codes are unique."""

    name: str
    programme_name: str
    city: str
    time_zone: str
    center: Point
    languages: tuple[str, ...]
    programmes: tuple[Programme, ...]
    natures: dict[NatureCode, Nature]
    unmapped_nature: NatureCode
    outcomes: tuple[CallOutcome, ...]
    missed_reasons: tuple[MissedReason, ...]
    other_services: tuple[OtherService, ...]
    decline_reasons: tuple[str, ...]
    facts: dict[FactName, Fact]
    protocols: tuple[Protocol, ...]
    units: tuple[RosterUnit, ...]
    places: tuple[KnownPlace, ...]
    areas: dict[str, str]
    """The text of each area file (GeoJSON), by its name."""
    targets: tuple[Target, ...]
    basemap: str = ""
    """The text of the base layer of the map (GeoJSON, as the shipped schematics are made); "" for an empty ground."""
    tile_server: TileServer | None = None
    """None: the hub fetches no map from anywhere."""
    travel: Travel = Travel()
    hand_off_s: int = 30
    position_stale_s: int = 60
    keep_closed_h: int = 24
    keep_tracks_days: int = 30
    """How long it is kept where units have been, in days since it was received; 0: not at all."""
    default_protocol: str = ""
    """For calls whose nature names none: it stands first in `protocols`. "" leaves them in the order of their files."""
    facts_shown: tuple[FactName, ...] = ()
    """The risk facts that every summary of a call names, "not known" included."""
    never_unarmed: tuple[Rule, ...] = ()
    """When nobody may be sent unarmed and alone: what the protocols are proved against, on every path."""
    recode_when: tuple[Recode, ...] = ()
    """The nature to propose when a call is closed; the first that holds."""
    flags: dict[str, dict[FactName, str]] = {}
    """The facts that a flag of a call tells, by the flag."""
    tell_on_turn: tuple[str, ...] = ("caller", "unit", "clinician")
    """Who must be told when a response that is on its way turns out wrong: these, and codes of other services."""
    away_reasons: tuple[str, ...] = ()
    """Why somebody may be away from their desk; a reason of one's own can always be typed."""
    hand_off: HandOffRules = HandOffRules()
    skills: tuple[Skill, ...] = ()
    checks: CheckRules = CheckRules()
    recommend: RecommendRules = RecommendRules()
    override_reasons: tuple[str, ...] = ()
    """Why another unit may be sent than the one proposed, each by one key; a reason of one's own can always be typed."""
    follow_up: FollowUpRules = FollowUpRules()
    needs: tuple[Need, ...] = ()
    screener: Screener | None = None
    """What clinicians ask about a caller's risk; its answers are sealed. None: the center has no screener."""
    switch: str = ""
    """The name of the telephone switch that connects callers by itself; set by the hub. "": people dial."""
    refused: tuple[RefusedProtocol, ...] = ()
    """Protocols of the configuration that failed their proof; `protocols` has the last good ones in their place."""

    def programme(self, code: str) -> Programme | None:
        """The programme of that code, or None."""
        for programme in self.programmes:  # asked for every unit that moves: a loop costs a fifth of a generator
            if programme.code == code:
                return programme
        return None

    @property
    def answers_by_phone(self) -> bool:
        """Whether a programme takes callers over by phone; without one there is no hand-off."""
        return any(programme.responds is Responds.BY_PHONE for programme in self.programmes)

    def nature(self, code: str) -> Nature:
        """The nature of that code; one that is not in the catalogue is open to nobody and keeps its code as its name."""
        return self.natures.get(NatureCode(code)) or Nature(NatureCode(code), code, "")

    def name_of(self, code: str) -> str:
        """The name of the programme or the other service of that code; one that is gone keeps its code as its name."""
        names = {programme.code: programme.name for programme in self.programmes}
        return (names | {service.code: service.name for service in self.other_services}).get(code, code)

    def fact_name(self, fact: FactName) -> str:
        """The name of a fact; one that is gone from the configuration keeps its code as its name."""
        return self.facts[fact].name if fact in self.facts else fact

    def target(self, priority: str) -> Target | None:
        """The waiting target for a priority; the agency's "*" target where that priority has none of its own."""
        own = (target for target in self.targets if target.priority == priority)
        return next(own, None) or next((target for target in self.targets if target.priority == "*"), None)


EMPTY = Agency(
    name="", programme_name="", city="", time_zone="UTC", center=(0.0, 0.0), languages=("en",), programmes=(), natures={},
    unmapped_nature=NatureCode(""), outcomes=(), missed_reasons=(), other_services=(), decline_reasons=(), facts={},
    protocols=(), units=(), places=(), areas={}, targets=(),
)  # fmt: skip
"""The agency of a log that has not been configured yet: it serves nobody."""

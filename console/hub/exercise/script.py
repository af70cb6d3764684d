"""The script of an exercise: who takes part, which calls come, how people and crews behave. All of it configuration."""

from datetime import time
from pathlib import Path

import msgspec
from msgspec import Struct

from console.domain.agency import Agency
from console.domain.ids import FactName, NatureCode, ProgrammeCode, UnitId, UserId
from console.domain.state import Role, Source
from console.wire.messages import ReadyPerson

FILE = "exercise.toml"

Weights = dict[str, float]


class ScriptError(Exception):
    """The script cannot be played; the message is one line with file, place and what is wrong."""


class Spell(Struct, frozen=True, forbid_unknown_fields=True):
    """A span of each local day, past midnight where `until` is earlier."""

    since: time
    until: time


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the exercise's people: how to sign in as them, and when they are at work if nobody plays them."""

    user_id: UserId
    password: str
    name: str
    role: Role
    shift: Spell
    title: str = ""
    position: str = ""
    programme: ProgrammeCode = ProgrammeCode("")
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
    extension: str = ""

    def ready(self) -> ReadyPerson:
        """What a desk is told of this person."""
        return ReadyPerson(
            self.user_id, self.password, self.name, self.role, title=self.title, position=self.position,
            programme=self.programme, languages=self.languages, skills=self.skills, extension=self.extension,
        )  # fmt: skip


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """The calls of one nature: how many a day, at which hours, and what callers say and know.

    `truth` gives, fact by fact, the weights of what is really so; facts it does not name are drawn from the script's own.
    """

    a_day: float
    hours: str = "day"
    service: str = ""
    texts: tuple[str, ...] = ()
    truth: dict[FactName, Weights] = {}
    sources: dict[Source, float] = {}


class Crew(Struct, frozen=True, forbid_unknown_fields=True):
    """How the crews of a programme work: means in minutes, shares of 1. `minutes_to_arrive` counts from dispatch."""

    minutes_to_arrive: float
    minutes_on_scene: float
    transport: float
    police_backup: float
    ambulance: float
    gone_on_arrival: float
    minutes_writing_up: float
    assists_an_hour: float
    minutes_break: float
    out_after_call: float
    """Share of calls after which a crew is out of service for a while: custody, a hospital's papers, restocking."""
    minutes_out: float
    outcomes: Weights = {}


class Phone(Struct, frozen=True, forbid_unknown_fields=True):
    """How clinicians take callers: seconds to pick up, minutes they talk, and how it ends, in shares of 1.

    A center in which nobody answers by phone leaves it out.
    """

    seconds_to_answer: float = 10.0
    decline: float = 0.0
    let_ring: float = 0.0
    minutes_talking: float = 30.0
    minutes_wrap_up: float = 5.0
    minutes_unanswered: float = 1.5
    """How long somebody who let an offer ring out stays away."""
    asks_for_unit: float = 0.0
    transport_with_unit: float = 0.0
    """Share of the calls with a clinician and a unit in which the unit takes the neighbor somewhere."""
    ambulance: float = 0.0
    outcomes: Weights = {}
    summary: float = 0.0
    """Share of conversations after which the floor is told what it may know, in one of the script's `summaries`."""
    calls_back: float = 0.0
    """Share after which a call back is planned, a mean of `minutes_to_call_back` later, for one of `call_backs`."""
    minutes_to_call_back: float = 150.0
    reached: float = 0.7
    """Share of calls back that are answered."""


class Floor(Struct, frozen=True, forbid_unknown_fields=True):
    """How telecommunicators work. `looked_over`: the share of a programme's calls for which nobody thinks of it.

    A call that finds nobody free is still given to a unit that frees itself within `minutes_rescued`; then the general
    service is asked, and after a mean of `minutes_patient` the call is closed as missed.
    """

    seconds_a_question: float
    seconds_to_act: float
    looked_over: dict[ProgrammeCode, float]
    minutes_rescued: float
    minutes_patient: float
    minutes_routine: float
    caller_declines: float
    caller_cancels: float
    duplicate: float
    minutes_left_to_a_person: float
    seconds_to_tell: float = 6.0
    """From an offer until the caller has been told of it; then from "accepted" until both hear each other."""
    seconds_to_bridge: float = 11.0
    seconds_to_release: float = 7.0
    seconds_to_answer_asks: float = 20.0
    """Until what a clinician asks for is sent; where nobody is free it is declined after twice as long."""


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is learned while somebody is on the way, or there: a fact, and the words in which it comes."""

    fact: FactName
    value: str
    words: str


class Turns(Struct, frozen=True, forbid_unknown_fields=True):
    """How often something turns after a unit was sent or a clinician took the caller, in shares of 1, and what.

    `minutes` is the mean from the dispatch, or from the first word with the clinician, to its being learned.
    """

    share: float = 0.0
    minutes: float = 1.0
    what: tuple[Turn, ...] = ()


class Navigation(Struct, frozen=True, forbid_unknown_fields=True):
    """How referrals are made and worked by the people of a programme of follow-up, in shares of 1.

    `days_to_contact` is the mean from the 911 interaction to the first contact, `days_to_care` from that to its end.
    """

    refers: float = 0.0
    minutes_to_take: float = 90.0
    days_to_contact: float = 2.0
    days_to_care: float = 1.5
    by_phone: float = 0.6
    first_in_vain: float = 0.3
    """Share of neighbors who are not reached at the first try."""
    connected: float = 0.0
    days_before: int = 0
    """The days before an exercise begins, of whose referrals some are still open."""
    ends: tuple[str, ...] = ()
    """Why a referral ends that did not lead to care."""


class Codes(Struct, frozen=True, forbid_unknown_fields=True):
    """The agency's own codes by the part they play here."""

    general_service: str
    ambulance: str
    drop_off: str
    outcome_transport: str
    outcome_ambulance: str
    outcome_gone: str
    outcome_returned: str
    missed_off_hours: str
    missed_busy: str
    missed_outside: str
    missed_no_clinician: str
    missed_declined: str
    missed_queue: str
    missed_risk: str
    missed_looked_over: Weights
    missed_excluded: str
    missed_caller: str
    missed_cancelled: str
    missed_duplicate: str


class Script(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an exercise needs beside the agency itself."""

    begins: time
    area: str
    people: tuple[Person, ...]
    shifts: dict[UnitId, Spell]
    hours: dict[str, tuple[float, ...]]
    calls: dict[NatureCode, Kind]
    truth: dict[FactName, Weights]
    sources: dict[Source, float]
    languages: Weights
    not_known: dict[str, float]
    """Share of questions a caller cannot answer, by the value of the fact `party_fact`; "*" for any other."""
    party_fact: FactName
    regular_callers: int
    regular_share: float
    crews: dict[ProgrammeCode, Crew]
    floor: Floor
    codes: Codes
    routine_outcomes: Weights
    updates: tuple[str, ...]
    phone: Phone = Phone()
    callbacks: tuple[str, ...] = ()
    """Beginnings of callback numbers that nobody has."""
    not_known_again: float = 0.5
    """Of those who did not know at first, the share that does not know either when asked in other words."""
    turns: Turns = Turns()
    navigation: Navigation = Navigation()
    summaries: tuple[str, ...] = ()
    call_backs: tuple[str, ...] = ()
    outside_share: float = 0.0
    """Share of calls from beyond the area."""


def read(folder: Path, agency: Agency) -> Script:
    """Read the script of a configuration folder, or raise `ScriptError` with file, place and what is allowed."""
    path = folder / FILE
    try:
        script = msgspec.toml.decode(path.read_bytes(), type=Script)
    except FileNotFoundError:
        raise ScriptError(f"{path}: there is none, so this configuration has no exercise") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: {error}") from None
    for place, problem in _problems(script, agency):
        raise ScriptError(f"{path}: {place}: {problem}")
    return script


def _problems(script: Script, agency: Agency) -> list[tuple[str, str]]:
    """Names in the script that the agency does not have."""
    outcomes = {o.code for o in agency.outcomes}
    reasons = {r.code for r in agency.missed_reasons}
    services = {s.code for s in agency.other_services}
    programmes = {str(p.code) for p in agency.programmes}
    facts = {str(name): set(fact.values) for name, fact in agency.facts.items()}
    codes = script.codes
    asked: list[tuple[str, str, set[str]]] = [
        ("area", script.area, set(agency.areas)),
        ("codes.general_service", codes.general_service, services),
        ("codes.ambulance", codes.ambulance, services),
        *((f"calls.{code}", str(code), {str(n) for n in agency.natures}) for code in script.calls),
        *((f"calls.{code}.hours", kind.hours, set(script.hours)) for code, kind in script.calls.items()),
        *((f"calls.{code}.service", kind.service, services) for code, kind in script.calls.items() if kind.service),
        *((f"shifts.{unit}", str(unit), {str(u.unit_id) for u in agency.units}) for unit in script.shifts),
        *((f"crews.{code}", str(code), programmes) for code in script.crews),
        *((f"floor.looked_over.{code}", str(code), programmes) for code in script.floor.looked_over),
        *((f"crews.{code}.outcomes", o, outcomes) for code, crew in script.crews.items() for o in crew.outcomes),
        *(("phone.outcomes", o, outcomes) for o in script.phone.outcomes),
        *(("routine_outcomes", o, outcomes) for o in script.routine_outcomes),
        *(("codes.missed_looked_over", r, reasons) for r in codes.missed_looked_over),
        *((f"people.{p.user_id}.programme", p.programme, programmes) for p in script.people if p.programme),
        *((f"people.{p.user_id}.skills", s, {k.code for k in agency.skills}) for p in script.people for s in p.skills),
        ("party_fact", str(script.party_fact), set(facts)),
        *((f"truth.{fact}", str(fact), set(facts)) for fact in script.truth),
        *((f"truth.{fact}", v, facts.get(fact, {v})) for fact, values in script.truth.items() for v in values),
        *((f"calls.{code}.truth", str(fact), set(facts)) for code, kind in script.calls.items() for fact in kind.truth),
        *(
            (f"calls.{code}.truth.{fact}", value, facts.get(fact, {value}))
            for code, kind in script.calls.items()
            for fact, values in kind.truth.items()
            for value in values
        ),
        *((f"turns.what[{n}].fact", str(turn.fact), set(facts)) for n, turn in enumerate(script.turns.what)),
        *((f"turns.what[{n}].value", t.value, facts.get(t.fact, {t.value})) for n, t in enumerate(script.turns.what)),
    ]
    for name in Codes.__struct_fields__:
        value = getattr(codes, name)
        if name.startswith("outcome_"):
            asked.append((f"codes.{name}", value, outcomes))
        elif name.startswith("missed_") and isinstance(value, str):
            asked.append((f"codes.{name}", value, reasons))
    found = [
        (p, f"{value!r} is not one of {', '.join(sorted(allowed))}") for p, value, allowed in asked if value not in allowed
    ]
    found += [
        (f"hours.{name}", f"has {len(shape)} weights; 24 are wanted, one an hour")
        for name, shape in script.hours.items()
        if len(shape) != 24 or min(shape) < 0 or not sum(shape)
    ]
    found += [("turns.what", "is empty, and something is to turn")] if script.turns.share and not script.turns.what else []
    manned = {u.programme for u in agency.units} - set(script.crews)
    found += [(f"crews.{code}", "is missing, and the roster has units of it") for code in sorted(manned)]
    roles = {p.role for p in script.people}
    found += [("people", f"nobody is a {role.value}") for role in (Role.TELECOMMUNICATOR,) if role not in roles]
    return found

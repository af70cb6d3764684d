"""A small invented center, so that tests of rules do not hang on any city's configuration."""

from datetime import date, time

from console.domain.agency import (
    Agency,
    CallOutcome,
    KnownPlace,
    MissedReason,
    Nature,
    OtherService,
    RosterUnit,
    Target,
)
from console.domain.conditions import Condition, Rule
from console.domain.ids import FactName, NatureCode, ProgrammeCode, QuestionId, UnitId
from console.domain.programmes import Criteria, Hours, Programme, Responds
from console.domain.triage.protocol import Answer, Fact, Proposal, Protocol, Question

TEAM = ProgrammeCode("TEAM")
ARMED = ProgrammeCode("ARMED")
PHONE = ProgrammeCode("PHONE")
CARE = ProgrammeCode("CARE")

WEAPON = FactName("weapon")
VIOLENCE = FactName("violence")

CRISIS = NatureCode("CRISIS")
TRESPASS = NatureCode("TRESPASS")
BURGLARY = NatureCode("BURGLARY")

_ALL_DAY = (Hours(date(2020, 1, 1), time(0), time(0)),)
_NO_WEAPON = Rule(Condition(facts={WEAPON: ("near", "secured")}), "a weapon is there")
_NO_P = Rule(Condition(priority=("P",)), "immediate threat to life")
_ARMED_FOR_WEAPON = Rule(Condition(facts={WEAPON: ("near", "secured")}), "it covers calls with a weapon")


def question(name: str, fact: FactName, *values: str, when: Condition | None = None) -> Question:
    """A question whose answers 1, 2, ... set one fact."""
    answers = tuple(
        Answer(str(n), {"en": value, "es": value}, {fact: value}) for n, value in enumerate((*values, "not_known"), 1)
    )
    return Question(QuestionId(name), "safety", {"en": f"{name}?", "es": f"¿{name}?"}, answers, when or Condition())


PROTOCOL = Protocol(
    id="crisis",
    version="1",
    title="Crisis",
    status="sample",
    author="tests",
    date="2026-01-01",
    languages=("en", "es"),
    questions=(
        question("weapon", WEAPON, "none", "near", "secured"),
        question("violence", VIOLENCE, "no", "yes", when=Condition(facts={WEAPON: ("none",)})),
    ),
    proposals=(
        Proposal("ARMED", Condition(facts={WEAPON: ("near", "secured")}), "a weapon is there"),
        Proposal("PHONE", Condition(facts={VIOLENCE: ("no",)}), "calm, and the caller can talk"),
    ),
)

AGENCY = Agency(
    name="Anytown Communications",
    programme_name="HEART",
    city="Anytown",
    time_zone="America/New_York",
    center=(36.0, -78.9),
    languages=("en", "es"),
    programmes=(
        Programme(
            PHONE, "Phone", Responds.BY_PHONE, True, ("clinician",), "violet", "none", _ALL_DAY,
            criteria=Criteria(deny=(_NO_WEAPON, _NO_P)),
        ),
        Programme(
            TEAM, "Team", Responds.IN_PERSON, True, ("clinician", "peer"), "teal", "circle", _ALL_DAY,
            criteria=Criteria(deny=(_NO_WEAPON, _NO_P), needs=(WEAPON,)), check_minutes=30,
        ),
        Programme(
            ARMED, "Armed", Responds.IN_PERSON, False, ("clinician", "officer"), "blue", "square", _ALL_DAY,
            criteria=Criteria(admit=(_ARMED_FOR_WEAPON,)),
        ),
        Programme(CARE, "Care", Responds.FOLLOW_UP, True, ("clinician",), "sky", "none", _ALL_DAY),
    ),
    natures={
        CRISIS: Nature(CRISIS, "Crisis", "2", (PHONE, TEAM), (ARMED,), "MNTL", "crisis"),
        TRESPASS: Nature(TRESPASS, "Trespass", "3", (TEAM,), (), "TRESPASS", "crisis"),
        BURGLARY: Nature(BURGLARY, "Burglary", "1"),
    },
    unmapped_nature=BURGLARY,
    outcomes=(CallOutcome("resolved", "Resolved", "18"), CallOutcome("by_phone", "Resolved by phone", "05", True)),
    missed_reasons=(
        MissedReason("all_busy", "No unit free"),
        MissedReason("judgement", "Judgement", needs_text=True),
        MissedReason("excluded", "Excluded", counts=False),
    ),
    other_services=(OtherService("POLICE", "Police", armed=True), OtherService("EMS", "EMS")),
    decline_reasons=("busy",),
    facts={
        WEAPON: Fact("Weapon", {"none": "none", "near": "within reach", "secured": "secured"}),
        VIOLENCE: Fact("Violence", {"no": "no", "yes": "yes"}),
    },
    protocols=(PROTOCOL,),
    units=(
        RosterUnit(UnitId("T1"), TEAM, ("clinician", "peer")),
        RosterUnit(UnitId("T2"), TEAM, ("clinician", "peer")),
        RosterUnit(UnitId("A1"), ARMED, ("clinician", "officer")),
    ),
    places=(KnownPlace("Recovery Center", "drop_off", 36.01, -78.91),),
    areas={},
    targets=(Target("*", 300, 600), Target("3", 600, 1200)),
    facts_shown=(WEAPON, VIOLENCE),
    never_unarmed=(Rule(Condition(facts={WEAPON: ("near", "secured", "not_known")}), "a weapon"), _NO_P),
    flags={"armed": {WEAPON: "near"}},
    tell_on_turn=("caller", "unit", "clinician", "POLICE"),
)  # fmt: skip

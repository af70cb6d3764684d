"""A small center whose protocol is proved: what tests break on purpose, one thing at a time."""

from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import FactName, QuestionId
from console.domain.programmes import Criteria
from console.domain.triage.protocol import Answer, Fact, Proposal, Question
from tests.support.agency import AGENCY, CRISIS, PROTOCOL, TRESPASS, VIOLENCE, WEAPON

PARTY = FactName("party")
"""Who calls: "self" or "other"."""

_NO_WEAPON = Rule(Condition({WEAPON: ("near", "secured")}), "a weapon is there")
_NO_VIOLENCE = Rule(Condition({VIOLENCE: ("yes",)}), "somebody is being hurt")
_NO_P = Rule(Condition(priority=("P",)), "immediate threat to life")
_UNARMED = Criteria(deny=(_NO_WEAPON, _NO_VIOLENCE, _NO_P), needs=(WEAPON, VIOLENCE))


def _asked(name: str, told: dict[str, str], fact: FactName, *, again: bool = True) -> Question:
    said = told | {NOT_KNOWN: "They do not know"}
    answers = tuple(Answer(str(n), {"en": w, "es": w}, {fact: value}) for n, (value, w) in enumerate(said.items(), 1))
    words = {"en": f"Is there a {name}?", "es": f"¿Hay {name}?"}
    other = {"en": f"Anything like a {name}?", "es": f"¿Algo como {name}?"} if again else {}
    return Question(QuestionId(name), "safety", words, answers, again=other)


def _when(fact: FactName, *values: str) -> Condition:
    return Condition({fact: values})


ASKS_WEAPON = _asked("weapon", {"none": "No", "near": "Yes, near", "secured": "Yes, locked away"}, WEAPON)
ASKS_VIOLENCE = _asked("violence", {"no": "No", "yes": "Yes"}, VIOLENCE)
ASKS_PARTY = replace(
    _asked("party", {"self": "The caller", "other": "Somebody else"}, PARTY, again=False), ask_unless=_when(VIOLENCE, "yes")
)
SOUND_PROTOCOL = replace(
    PROTOCOL,
    questions=(ASKS_WEAPON, ASKS_VIOLENCE, ASKS_PARTY),
    proposals=(
        Proposal("ARMED", _when(WEAPON, "near", "secured"), "a weapon is there", ("POLICE",)),
        Proposal("POLICE", _when(VIOLENCE, "yes"), "somebody is being hurt"),
        Proposal("POLICE", _when(WEAPON, "near", "secured", NOT_KNOWN), "a weapon, or it is not known"),
        Proposal("POLICE", _when(VIOLENCE, NOT_KNOWN), "violence is not known"),
        Proposal("PHONE", _when(PARTY, "self"), "the caller can talk"),
        Proposal("TEAM", Condition(), "nothing speaks against it"),
        Proposal("POLICE", Condition(), "nobody else may go"),
    ),
    limit=3,
)
_CRITERIA = {"PHONE": _UNARMED, "TEAM": _UNARMED}
SOUND: Agency = replace(
    AGENCY,
    programmes=tuple(replace(p, criteria=_CRITERIA.get(p.code, p.criteria)) for p in AGENCY.programmes),
    facts=AGENCY.facts | {PARTY: Fact("Who calls", {"self": "the person", "other": "somebody else"})},
    natures={code: nature for code, nature in AGENCY.natures.items() if code in (CRISIS, TRESPASS)}
    | {AGENCY.unmapped_nature: AGENCY.natures[AGENCY.unmapped_nature]},
    protocols=(SOUND_PROTOCOL,),
    never_unarmed=(
        Rule(_when(WEAPON, "near", "secured", NOT_KNOWN), "a weapon, or it is not known"),
        Rule(_when(VIOLENCE, "yes", NOT_KNOWN), "violence, or it is not known"),
        _NO_P,
    ),
)

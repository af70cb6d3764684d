"""What a rule asks of a call: facts, nature, priority and source, answered in three values."""

from collections.abc import Mapping

from msgspec import Struct

from console.domain.ids import FactName, NatureCode

NOT_KNOWN = "not_known"
"""The value of a fact that was asked for and could not be learned. It is never shown, or reasoned with, as "no"."""


class Circumstances(Struct, frozen=True, omit_defaults=True):
    """All that a rule may look at of a call. A fact that nobody has told is absent; one asked in vain is `NOT_KNOWN`."""

    facts: Mapping[FactName, str] = {}
    nature: NatureCode = NatureCode("")
    priority: str = ""
    source: str = ""


class Condition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a rule applies: each fact named has one of its values; nature, priority, source, if named, are one of these."""

    facts: dict[FactName, tuple[str, ...]] = {}
    nature: tuple[NatureCode, ...] = ()
    priority: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class Rule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A condition and, in words a telecommunicator can say aloud, what follows from it."""

    when: Condition
    because: str


def holds(condition: Condition, known: Circumstances) -> bool | None:
    """Whether a condition holds; None while a fact it names is not told, or was asked for and is not known."""
    for named, value in (
        (condition.priority, known.priority),
        (condition.source, known.source),
        (condition.nature, known.nature),
    ):
        if named and value not in named:
            return False
    unknown = False
    for fact, values in condition.facts.items():
        value = known.facts.get(fact, NOT_KNOWN)
        if value == NOT_KNOWN and not (NOT_KNOWN in values and fact in known.facts):
            unknown = True
        elif value not in values:
            return False
    return None if unknown else True

"""What a proof does not reach: dangers that the criteria know of and never_unarmed does not. No fault, but to be looked at.

A proof holds a configuration to its own `never_unarmed`. Where that says little, "proved" says little.
"""

from collections.abc import Iterator

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Condition
from console.domain.ids import FactName, ProgrammeCode
from console.domain.programmes import Programme, Responds


class Gap(Struct, frozen=True):
    """A value of a fact (no fact: a priority) that some unarmed programmes are denied for, or need to know, and that
    never_unarmed does not name by itself.
    """

    fact: FactName
    value: str
    programmes: tuple[ProgrammeCode, ...]
    needed: bool = False


def bound(agency: Agency) -> tuple[Programme, ...]:
    """The programmes that never_unarmed binds: those that go to a neighbor, and go unarmed."""
    return tuple(each for each in agency.programmes if each.unarmed and each.responds is not Responds.FOLLOW_UP)


def gaps(agency: Agency) -> tuple[Gap, ...]:
    """Every gap, in the order of the programmes' criteria."""
    named = {pair for rule in agency.never_unarmed for pair in _alone(rule.when)}
    denied: dict[tuple[FactName, str], list[ProgrammeCode]] = {}
    needed: dict[tuple[FactName, str], list[ProgrammeCode]] = {}
    for programme in bound(agency):
        pairs = {pair: None for rule in programme.criteria.deny for pair in _named(rule.when)}
        for pair in pairs:
            denied.setdefault(pair, []).append(programme.code)
        for fact in programme.criteria.needs:
            needed.setdefault((fact, NOT_KNOWN), []).append(programme.code)
    found = [Gap(fact, value, tuple(codes)) for (fact, value), codes in denied.items() if (fact, value) not in named]
    found += [Gap(fact, value, tuple(codes), True) for (fact, value), codes in needed.items() if (fact, value) not in named]
    return tuple(found)


def _named(when: Condition) -> Iterator[tuple[FactName, str]]:
    """What a condition names of a call: values of facts, and priorities."""
    yield from ((fact, value) for fact, values in when.facts.items() for value in values)
    yield from ((FactName(""), priority) for priority in when.priority)


def _alone(when: Condition) -> Iterator[tuple[FactName, str]]:
    """What is enough for a condition to hold, whatever else is so."""
    if len(when.facts) + sum(bool(named) for named in (when.nature, when.priority, when.source)) == 1:
        yield from _named(when)

"""The catalogue of natures: base natures, each alone and with every modifier that goes with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from console.domain.agency import Agency, Nature, Recode
from console.domain.conditions import Condition, holds
from console.domain.ids import NatureCode, ProgrammeCode
from console.domain.state import PRIORITIES, Call


class BaseNature(Nature, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A nature as a center writes it down, with the groups by which modifiers know what they go with."""

    groups: tuple[str, ...] = ()


class Modifier(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may be said of a nature besides: how far along it is, who or what is part of it, where.

    It goes with the natures of the groups, or the codes, in `goes_with`, those in `not_with` left out. `more_urgent` moves
    the priority by so many steps, never to P; `at_least` is a priority that it is raised to. Programmes are taken away
    from a nature, or made conditional where they were open; none is ever added.
    """

    code: str
    name: str
    goes_with: tuple[str, ...]
    not_with: tuple[NatureCode, ...] = ()
    aliases: tuple[str, ...] = ()
    more_urgent: int = 0
    at_least: str = ""
    takes_away: tuple[ProgrammeCode, ...] = ()
    makes_conditional: tuple[ProgrammeCode, ...] = ()
    apco: str = ""
    protocol: str = ""

    def goes_with_nature(self, base: BaseNature) -> bool:
        """Whether it is said of this nature."""
        return base.code not in self.not_with and not {base.code, *base.groups}.isdisjoint(self.goes_with)


def catalogue(bases: Iterable[BaseNature], modifiers: Iterable[Modifier]) -> tuple[Nature, ...]:
    """Every nature there is: each base, and after it one for each modifier that goes with it."""
    modifiers = tuple(modifiers)
    found: list[Nature] = []
    for base in bases:
        found.append(Nature(**{field: getattr(base, field) for field in Nature.__struct_fields__}))
        found += (modified(base, modifier) for modifier in modifiers if modifier.goes_with_nature(base))
    return tuple(found)


def modified(base: Nature, modifier: Modifier) -> Nature:
    """A base nature with a modifier; what the modifier does not speak of is the base's."""
    away = {*modifier.takes_away, *modifier.makes_conditional}
    made = [code for code in base.programmes if code in modifier.makes_conditional]
    return Nature(
        code=NatureCode(f"{base.code}-{modifier.code}"),
        name=f"{base.name} - {modifier.name}",
        priority=_moved(base.priority, modifier),
        programmes=tuple(code for code in base.programmes if code not in away),
        conditional=tuple(code for code in (*made, *base.conditional) if code not in modifier.takes_away),
        apco=modifier.apco or base.apco,
        protocol=modifier.protocol or base.protocol,
        aliases=modifier.aliases,
        base=base.code,
        modifiers=(modifier.code,),
        check_minutes=base.check_minutes,
    )


def _moved(priority: str, modifier: Modifier) -> str:
    """P stays P, and none stays none; the steps end at 1 and at the last of all."""
    if priority not in PRIORITIES[1:]:
        return priority
    place = min(max(1, PRIORITIES.index(priority) - modifier.more_urgent), len(PRIORITIES) - 1)
    return PRIORITIES[min(place, PRIORITIES.index(modifier.at_least or PRIORITIES[-1]))]


def nature_to_close_as(agency: Agency, call: Call) -> Recode | None:
    """What the answers say the call turned out to be, where it is of another nature; None where they say nothing."""
    now, known = agency.nature(call.nature), call.circumstances
    other = (recode for recode in agency.recode_when if recode.nature not in (now.code, now.base))
    return next((recode for recode in other if holds(recode.when, known)), None)


def family(natures: Iterable[Nature]) -> dict[NatureCode, tuple[NatureCode, ...]]:
    """For each base nature that has modified ones: itself, and these."""
    found: dict[NatureCode, list[NatureCode]] = {}
    for nature in natures:
        if nature.base:
            found.setdefault(nature.base, [nature.base]).append(nature.code)
    return {base: tuple(codes) for base, codes in found.items()}


def naming_families(rules: Any, families: Mapping[NatureCode, tuple[NatureCode, ...]]) -> Any:
    """The same records, in which each condition that names a base nature names the modified ones too.

    So a rule about trespass is also one about trespass in progress, and conditions are judged without the catalogue.
    """
    if isinstance(rules, Condition):
        named = dict.fromkeys(code for nature in rules.nature for code in families.get(nature, (nature,)))
        return structs.replace(rules, nature=tuple(named))
    if isinstance(rules, Struct):
        fields = {name: naming_families(getattr(rules, name), families) for name in rules.__struct_fields__}
        return structs.replace(rules, **fields)
    if isinstance(rules, tuple):
        return tuple(naming_families(each, families) for each in rules)
    if isinstance(rules, dict):
        return {key: naming_families(each, families) for key, each in rules.items()}
    return rules

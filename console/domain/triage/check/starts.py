"""From where a protocol can begin: natures, priorities and sources, of those that no rule tells apart one for all."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.conditions import Condition, Rule
from console.domain.ids import NatureCode
from console.domain.state import PRIORITIES, Source
from console.domain.triage.protocol import Protocol

_Text = TypeVar("_Text", bound=str)


class Starts(Struct, frozen=True):
    """One nature, priority and source for each kind that the rules tell apart.

    `led` are the natures that lead to the protocol, `own` the sources that do whatever the nature is.
    """

    natures: tuple[NatureCode, ...]
    priorities: tuple[str, ...]
    sources: tuple[str, ...]
    led: frozenset[NatureCode]
    own: frozenset[str]

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many natures, priorities and sources."""
        return len(self.natures), len(self.priorities), len(self.sources)


def conditions_of(protocol: Protocol) -> Iterator[Condition]:
    """Every condition of a protocol."""
    for question in protocol.questions:
        yield question.ask_when
        if question.ask_unless is not None:
            yield question.ask_unless
    yield from (proposal.when for proposal in protocol.proposals)


def rules_of(agency: Agency) -> Iterator[Rule]:
    """Every rule of the agency that asks something of a call."""
    for programme in agency.programmes:
        criteria = programme.criteria
        yield from (*criteria.deny, *criteria.admit, *criteria.waive)
    yield from agency.never_unarmed


def starts_of(agency: Agency, protocol: Protocol | None) -> Starts:
    """From where a protocol can begin; without a protocol, everything that a call can be."""
    conditions = [rule.when for rule in rules_of(agency)]
    if protocol is not None:
        conditions += conditions_of(protocol)
    listed = {code: (frozenset(n.programmes), frozenset(n.conditional)) for code, n in agency.natures.items()}
    led, own, others = set(agency.natures), frozenset[str](), frozenset[str]()
    if protocol is not None:
        led = {code for code, nature in agency.natures.items() if _leads(agency, nature.protocol) == protocol.id}
        own = frozenset(source for source in protocol.sources if _owner(agency, source) == protocol.id)
        others = frozenset(source for each in agency.protocols for source in each.sources) - own
    natures = (code for code in agency.natures if own or code in led)
    return Starts(
        tuple(_kinds(natures, [c.nature for c in conditions], lambda code: (listed[code], code in led))),
        tuple(_kinds((*PRIORITIES[1:], PRIORITIES[0], ""), [c.priority for c in conditions])),
        tuple(_kinds((s.value for s in Source if s.value not in others), [c.source for c in conditions], own.__contains__)),
        frozenset(led),
        own,
    )


def _leads(agency: Agency, wanted: str) -> str:
    ids = [protocol.id for protocol in agency.protocols]
    return wanted if wanted in ids or not ids else ids[0]


def _owner(agency: Agency, source: str) -> str:
    return next(protocol.id for protocol in agency.protocols if source in protocol.sources)


def _kinds(
    values: Iterable[_Text], named: Sequence[Sequence[str]], told_apart: Callable[[_Text], Hashable] = lambda _: None
) -> Iterator[_Text]:
    """The first of each kind that no condition, and nothing else that counts, tells apart."""
    sets = [frozenset(each) for each in dict.fromkeys(tuple(each) for each in named) if each]
    seen = set()
    for value in values:
        kind = (told_apart(value), *(value in each for each in sets))
        if kind not in seen:
            seen.add(kind)
            yield value

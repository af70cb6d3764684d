"""The rules of eligibility and response, told for all circumstances at once.

A twin of `conditions.holds`, `eligibility.verdicts` and `eligibility.response`: where those take what is known of one call
and answer for it, these take diagrams of what may be known and answer with the circumstances in which it is so. The tests
hold the two against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import FactName
from console.domain.programmes import Programme, Responds
from console.domain.triage.check.diagram import ALL, NONE, Diagrams
from console.domain.triage.check.starts import Starts
from console.domain.triage.protocol import Protocol, Question

Values = Mapping[str | None, int]
"""The circumstances in which a fact has each of its values; None: nobody has told it. Together they are all there are."""


class Held(NamedTuple):
    """Where a condition holds and where it does not; elsewhere it is open."""

    yes: int
    no: int


class Standings(NamedTuple):
    """Where a programme is eligible, where it is not, where it may be proposed, and where the nature is on its list."""

    eligible: int
    denied: int
    fits: int
    listed: int


class Outcome(NamedTuple):
    """One way to a response: what is proposed, by which proposal (None: the programme is open, and none held), and where."""

    propose: str
    along: tuple[str, ...]
    proposal: int | None
    where: int


class Reasoning:
    """Rules over one space of circumstances: its diagrams, what the facts may be, and the levels of how it can begin."""

    def __init__(self, diagrams: Diagrams, starts: Starts, first: int, facts: Mapping[FactName, Values]) -> None:
        """`first` is the level of the nature; those of the priority and the source follow."""
        self._diagrams, self._starts, self._first = diagrams, starts, first
        self._facts = facts

    def value(self, fact: FactName, *values: str | None) -> int:
        """Where a fact has one of these values."""
        known = self._facts.get(fact, {None: ALL})
        return self._diagrams.either(*(known[value] for value in values if value in known))

    def untold(self, facts: Iterable[FactName]) -> int:
        """Where one of these facts has not been told, or could not be learned."""
        return self._diagrams.either(*(self.value(fact, None, NOT_KNOWN) for fact in facts))

    def begins(self) -> int:
        """How a call can begin that the protocol is for."""
        own = self._of_start(2, self._starts.own)
        return self._diagrams.either(own, self._of_start(0, self._starts.led))

    def held(self, condition: Condition) -> Held:
        """Where a condition holds and where not."""
        diagrams = self._diagrams
        yes, no = ALL, NONE
        for which, named in enumerate((condition.nature, condition.priority, condition.source)):
            if named:
                inside = self._of_start(which, named)
                yes, no = diagrams.both(yes, inside), diagrams.either(no, diagrams.outside(inside))
        for fact, values in condition.facts.items():
            others = [v for v in self._facts.get(fact, ()) if v not in (None, NOT_KNOWN, *values)]
            yes = diagrams.both(yes, self.value(fact, *values))
            no = diagrams.either(no, self.value(fact, *others))
        return Held(yes, no)

    def asked(self, question: Question) -> int:
        """Where a question applies."""
        where = self.held(question.ask_when).yes
        return self._diagrams.without(where, self.held(question.ask_unless).yes) if question.ask_unless else where

    def any_holds(self, rules: Iterable[Rule]) -> int:
        """Where one of these rules holds."""
        return self._diagrams.either(*(self.held(rule.when).yes for rule in rules))

    def standings(self, agency: Agency) -> dict[str, Standings]:
        """Of every programme that meets neighbors on a call."""
        return {
            each.code: self._standings(agency, each) for each in agency.programmes if each.responds is not Responds.FOLLOW_UP
        }

    def _standings(self, agency: Agency, programme: Programme) -> Standings:
        diagrams, criteria = self._diagrams, programme.criteria
        natures = [agency.nature(code) for code in self._starts.natures]
        listed = self._of_start(0, [n.code for n in natures if programme.code in n.programmes])
        conditional = self._of_start(0, [n.code for n in natures if programme.code in n.conditional])
        conditional = diagrams.without(conditional, listed)
        admits = [self.held(rule.when) for rule in criteria.admit]
        admitted = diagrams.either(*(held.yes for held in admits))
        hopeless = diagrams.all_of(conditional, *(held.no for held in admits))
        waived = self.any_holds(criteria.waive)
        unlisted = diagrams.outside(diagrams.either(listed, conditional))
        denied = diagrams.either(self.any_holds(criteria.deny), hopeless, unlisted)
        doubtful = diagrams.without(diagrams.without(conditional, admitted), hopeless)
        in_vain = self._in_vain(criteria.needs)
        missing = diagrams.either(doubtful, in_vain, diagrams.without(self.untold(criteria.needs), waived))
        admitting = {fact for rule in criteria.admit for fact in rule.when.facts}
        in_vain = diagrams.either(in_vain, diagrams.both(doubtful, self._in_vain(admitting)))
        fits = diagrams.outside(diagrams.either(denied, in_vain) if programme.unarmed else denied)
        return Standings(diagrams.outside(diagrams.either(denied, missing)), denied, fits, listed)

    def outcomes(self, agency: Agency, protocol: Protocol) -> list[Outcome]:
        """Every way to a response, in the order in which they are tried: the first whose circumstances are so is taken."""
        diagrams, found = self._diagrams, []
        standings = self.standings(agency)
        for number, proposal in enumerate(protocol.proposals):
            where = self.held(proposal.when).yes
            if proposal.propose in standings:
                where = diagrams.both(where, standings[proposal.propose].fits)
            found.append(Outcome(proposal.propose, proposal.along, number, where))
        for code, each in standings.items():
            open_to = diagrams.either(each.eligible, diagrams.without(each.listed, each.denied))
            found.append(Outcome(code, (), None, diagrams.both(open_to, each.fits)))
        return found

    def _in_vain(self, facts: Iterable[FactName]) -> int:
        return self._diagrams.either(*(self.value(fact, NOT_KNOWN) for fact in facts))

    def _of_start(self, which: int, named: Iterable[str]) -> int:
        kinds: Sequence[str] = (self._starts.natures, self._starts.priorities, self._starts.sources)[which]
        chosen = set(named)
        return self._diagrams.where(self._first + which, [i for i, kind in enumerate(kinds) if kind in chosen])


def unarmed_only(agency: Agency, codes: Iterable[str]) -> bool:
    """Whether nobody of those who are sent is armed."""
    armed = {p.code for p in agency.programmes if not p.unarmed} | {s.code for s in agency.other_services if s.armed}
    return not armed.intersection(codes)

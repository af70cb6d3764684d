"""Recorded calls under two configurations: what each programme's verdict was and would be, counted. Pure.

A verdict looks at nature, priority, source and known facts alone, and at no more of them than some rule names: so each
distinct combination is judged once, however many calls share it. Hours of duty are another verdict, counted beside it.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from console.domain.agency import Agency, Nature
from console.domain.conditions import Circumstances
from console.domain.eligibility import Standing, verdicts
from console.domain.ids import NatureCode, ProgrammeCode
from console.domain.programmes import Responds, duty_spans

NO_PROGRAMME = "no such programme"
NO_HOUR = "not known"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400
_QUARTER_S = 900
"""Since 1972 the clocks of all zones differ from UTC by whole quarters, and are set at whole quarters."""
_RANK = {Standing.ELIGIBLE: 2, Standing.NOT_KNOWN: 1, Standing.NOT: 0, None: 0}


class Asked(NamedTuple):
    """A call as the rules see it: its nature in each configuration, its priority as received, source and flags."""

    old_nature: NatureCode
    new_nature: NatureCode
    priority: str
    source: str
    flags: tuple[str, ...] = ()


class Turn(Struct, frozen=True):
    """One programme's verdict before and after; None where the configuration does not have the programme."""

    programme: ProgrammeCode
    old: Standing | None
    new: Standing | None

    @property
    def moved(self) -> int:
        """1: gained, -1: lost, 0: unchanged."""
        return (_RANK[self.new] > _RANK[self.old]) - (_RANK[self.new] < _RANK[self.old])

    @property
    def open(self) -> bool:
        """Whether the call is one for this programme, before or after, as far as is known."""
        return bool(_RANK[self.old] or _RANK[self.new])


class Judged(Struct, frozen=True):
    """The turns of calls that are judged alike, in the order of the programmes, and a number that stands for them."""

    number: int
    turns: tuple[Turn, ...]
    moved: bool


Pattern = tuple[tuple[bool, bool], ...]
"""For each programme: whether somebody is on duty, before and after."""


class Moment(Struct, frozen=True):
    """What counts of the instant at which a call came: the hour of the day, and who is on duty."""

    number: int
    hour: str
    pattern: Pattern
    changed: bool
    """Whether the two configurations differ in who is on duty."""


NO_MOMENT = Moment(0, NO_HOUR, (), changed=False)
"""Of a call of which only the date is known."""


class Comparison:
    """Takes calls one by one and counts them; the counts are read when all are in."""

    def __init__(self, old: Agency, new: Agency) -> None:
        """Compare two configurations; the clock of the day is the old one's."""
        self.old, self.new = old, new
        self.programmes: tuple[ProgrammeCode, ...] = tuple(
            dict.fromkeys(p.code for each in (old, new) for p in each.programmes if p.responds is not Responds.FOLLOW_UP)
        )
        self._judged: dict[Asked, Judged] = {}
        self._alike: dict[tuple[Turn, ...], Judged] = {}
        self._rules = [Rules(old), Rules(new)]
        self._on_duty = [OnDuty(old, self.programmes), OnDuty(new, self.programmes)]
        self._zone = ZoneInfo(old.time_zone)
        self._quarters: dict[int, Moment] = {}
        self._moments: dict[tuple[str, Pattern], Moment] = {(NO_HOUR, ()): NO_MOMENT}
        self._natures: Counter[tuple[int, NatureCode, NatureCode]] = Counter()
        self._areas: Counter[tuple[int, str]] = Counter()
        self._times: Counter[tuple[int, int]] = Counter()

    def take(self, asked: Asked, at: datetime, area: str, *, hour_known: bool = True) -> tuple[Judged, Moment]:
        """Count one call, received at `at` (UTC): its verdicts, and what there is to say of the time."""
        judged = self._judged.get(asked) or self._judge(asked)
        moment = self._moment(at) if hour_known else NO_MOMENT
        self._natures[judged.number, asked[0], asked[1]] += 1
        self._areas[judged.number, area] += 1
        self._times[judged.number, moment.number] += 1
        return judged, moment

    def _moment(self, at: datetime) -> Moment:
        """What counts of an instant, looked up once for each quarter of an hour in which nothing changes."""
        seconds = int(at.timestamp())
        quarter = seconds // _QUARTER_S
        known = self._quarters.get(quarter)
        if known is None:
            known = self._looked_up(seconds, at)
            first = quarter * _QUARTER_S
            if not any(each.changes(first, first + _QUARTER_S) for each in self._on_duty):
                self._quarters[quarter] = known
        return known

    def _looked_up(self, seconds: int, at: datetime) -> Moment:
        pattern = tuple(zip(*(each.on(seconds) for each in self._on_duty), strict=True))
        hour = f"{at.astimezone(self._zone).hour:02}"
        return self._moments.setdefault(
            (hour, pattern), Moment(len(self._moments), hour, pattern, any(a != b for a, b in pattern))
        )

    def _judge(self, asked: Asked) -> Judged:
        old, new = self._rules
        before, after = old.standings(asked.old_nature, asked), new.standings(asked.new_nature, asked)
        turns = tuple(Turn(code, before.get(code), after.get(code)) for code in self.programmes)
        alike = Judged(len(self._alike), turns, any(turn.moved for turn in turns))
        judged = self._judged[asked] = self._alike.setdefault(turns, alike)
        return judged

    def reasons(self, asked: Asked, turn: Turn) -> str:
        """Why a programme stands no higher, by the configuration under which it stands lower."""
        old, new = self._rules
        return old.reasons(asked.old_nature, asked, turn) if turn.moved > 0 else new.reasons(asked.new_nature, asked, turn)

    @property
    def combinations(self) -> int:
        """How many different calls there were, as the rules see them."""
        return len(self._judged)

    @property
    def calls(self) -> int:
        """How many calls were taken."""
        return self._areas.total()

    @property
    def moved(self) -> int:
        """How many calls any programme's verdict changes for."""
        return sum(count for judged, _, count in self.by_area() if judged.moved)

    def by_nature(self) -> Iterator[tuple[Judged, str, int]]:
        """Calls by verdicts and nature, in words."""
        alike = list(self._alike.values())
        return ((alike[number], self.nature(old, new), count) for (number, old, new), count in self._natures.items())

    def by_area(self) -> Iterator[tuple[Judged, str, int]]:
        """Calls by verdicts and area."""
        alike = list(self._alike.values())
        return ((alike[number], area, count) for (number, area), count in self._areas.items())

    def by_hour(self) -> Iterator[tuple[Judged, str, int]]:
        """Calls by verdicts and hour of the day; the same hour may come several times."""
        return ((judged, moment.hour, count) for judged, moment, count in self._by_moment())

    def by_duty(self) -> Iterator[tuple[Judged, Pattern, int]]:
        """Calls of a known hour by verdicts and who is on duty."""
        return ((judged, m.pattern, count) for judged, m, count in self._by_moment() if m is not NO_MOMENT)

    def _by_moment(self) -> Iterator[tuple[Judged, Moment, int]]:
        alike, moments = list(self._alike.values()), list(self._moments.values())
        return ((alike[number], moments[moment], count) for (number, moment), count in self._times.items())

    def nature(self, old: NatureCode, new: NatureCode) -> str:
        """The nature in words, in both configurations where they differ."""
        words = _named(self.old.nature(old))
        return words if old == new else f"{words} → {_named(self.new.nature(new))}"


_SECOND = timedelta(seconds=1)


class Rules:
    """The verdicts of one configuration, each judged once for all that its rules do not tell apart."""

    def __init__(self, agency: Agency) -> None:
        """See which natures, priorities and sources any rule names."""
        self._agency = agency
        criteria = [programme.criteria for programme in agency.programmes]
        conditions = [rule.when for each in criteria for rule in (*each.deny, *each.admit, *each.waive)]
        self._natures = {nature for each in conditions for nature in each.nature}
        self._priorities = {priority for each in conditions for priority in each.priority}
        self._sources = {source for each in conditions for source in each.source}
        self._known: dict[tuple[object, ...], dict[ProgrammeCode, Standing]] = {}

    def standings(self, nature: NatureCode, asked: Asked) -> dict[ProgrammeCode, Standing]:
        """The standing of each programme on a call that has just been received."""
        known = self.circumstances(nature, asked)
        listed = self._agency.nature(nature)
        key = (
            listed.programmes, listed.conditional, nature if nature in self._natures else None,
            known.priority if known.priority in self._priorities else None,
            known.source if known.source in self._sources else None, tuple(known.facts.items()),
        )  # fmt: skip
        found = self._known.get(key)
        if found is None:
            judged = verdicts(self._agency, known)
            found = self._known[key] = {code: verdict.standing for code, verdict in judged.items()}
        return found

    def circumstances(self, nature: NatureCode, asked: Asked) -> Circumstances:
        """What the rules see of a call that has just been received."""
        facts = {fact: value for flag in asked.flags for fact, value in self._agency.flags.get(flag, {}).items()}
        return Circumstances(facts, nature, asked.priority or self._agency.nature(nature).priority, asked.source)

    def reasons(self, nature: NatureCode, asked: Asked, turn: Turn) -> str:
        """Why a programme stands where it does."""
        verdict = verdicts(self._agency, self.circumstances(nature, asked)).get(turn.programme)
        if verdict is None:
            return NO_PROGRAMME
        untold = [self._agency.fact_name(fact) for fact in verdict.open]
        return "; ".join((*verdict.because, *((f"not known yet: {', '.join(untold)}",) if untold else ())))


class OnDuty:
    """Who is on duty at an instant, by the hours of one configuration: each day's changes are looked up once."""

    def __init__(self, agency: Agency, programmes: tuple[ProgrammeCode, ...]) -> None:
        """Answer for these programmes, in this order; one that the configuration does not have is never on duty."""
        self._agency = agency
        self._programmes = [agency.programme(code) for code in programmes]
        self._days: dict[int, tuple[list[int], list[tuple[bool, ...]]]] = {}

    def on(self, seconds: int) -> tuple[bool, ...]:
        """For each programme whether it is on duty, at so many seconds after 1970 (UTC)."""
        day = seconds // _DAY_S
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._day(day)
        changes, on = known
        return on[bisect_right(changes, seconds) - 1]

    def changes(self, since: int, until: int) -> bool:
        """Whether somebody comes on duty or goes off it after `since` and before `until`, both of one day (UTC)."""
        self.on(since)
        moments, _ = self._days[since // _DAY_S]
        return bisect_right(moments, since) < bisect_left(moments, until)

    def _day(self, day: int) -> tuple[list[int], list[tuple[bool, ...]]]:
        """The instants of a day (UTC) at which anything changes, its beginning included, and what holds from each on."""
        since = _EPOCH + timedelta(days=day)
        spans = [
            [] if programme is None
            else [
                ((start - _EPOCH) // _SECOND, (end - _EPOCH) // _SECOND)
                for start, end in duty_spans(programme, since, since + timedelta(days=1), self._agency.time_zone)
            ]
            for programme in self._programmes
        ]  # fmt: skip
        changes = sorted({day * _DAY_S, *(moment for each in spans for span in each for moment in span)})
        return changes, [tuple(any(s <= at < e for s, e in each) for each in spans) for at in changes]


def _named(nature: Nature) -> str:
    return f"{nature.code} {nature.name}" if nature.name != nature.code else nature.code

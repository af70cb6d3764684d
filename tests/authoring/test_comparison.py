"""What the comparison counts agrees with the rules themselves, for any configuration, call and instant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.authoring.comparison import NO_HOUR, Asked, Comparison, OnDuty, Rules
from console.domain.agency import Agency
from console.domain.conditions import Circumstances, Condition, Rule
from console.domain.eligibility import Standing, verdicts
from console.domain.ids import NatureCode
from console.domain.programmes import Criteria, Hours, duty
from tests.support.agency import AGENCY, ARMED, BURGLARY, CRISIS, PHONE, TEAM, TRESPASS, VIOLENCE, WEAPON

AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
"""A Monday, 14:30 in Anytown."""
_CALL = Asked(CRISIS, CRISIS, "2", "phone")
_some = st.sampled_from
_conditions = st.builds(
    Condition,
    facts=_some([{}, {WEAPON: ("near",)}, {VIOLENCE: ("no", "not_known")}]),
    nature=_some([(), (TRESPASS,), (CRISIS, BURGLARY)]),
    priority=_some([(), ("P",), ("2", "3")]),
    source=_some([(), ("officer",)]),
)
_rules = st.lists(st.builds(Rule, _conditions, _some(["one", "another"])), max_size=2).map(tuple)
_criteria = st.builds(Criteria, deny=_rules, admit=_rules, needs=_some([(), (WEAPON,)]), waive=_rules)


@st.composite
def agencies(draw: st.DrawFn) -> Agency:
    """Anytown with rules of any kind."""
    return replace(AGENCY, programmes=tuple(replace(each, criteria=draw(_criteria)) for each in AGENCY.programmes))


_asked = st.builds(
    lambda nature, *rest: Asked(nature, nature, *rest), _some([CRISIS, TRESPASS, BURGLARY, NatureCode("GONE")]),
    _some(["", "P", "1", "2", "3"]), _some(["phone", "officer"]), _some([(), ("armed",), ("no point",)]),
)  # fmt: skip


@given(agencies(), st.lists(_asked, min_size=1, max_size=12))
def test_what_is_judged_once_is_what_the_rules_say_of_each(agency: Agency, calls: list[Asked]) -> None:
    rules = Rules(agency)
    for asked in calls:
        facts = {WEAPON: "near"} if "armed" in asked.flags else {}
        priority = asked.priority or agency.nature(asked.old_nature).priority
        said = verdicts(agency, Circumstances(facts, asked.old_nature, priority, asked.source))
        assert rules.standings(asked.old_nature, asked) == {code: each.standing for code, each in said.items()}


_hours = st.lists(
    st.builds(
        Hours, _some([date(2020, 1, 1), date(2026, 3, 8)]), _some([time(9, 15), time(0), time(23, 7)]),
        _some([time(23, 45), time(0), time(2, 30), time(9, 15)]), _some([("mon", "sun"), ("sat",)]),
    ), min_size=1, max_size=3,
).map(tuple)  # fmt: skip
_instants = st.datetimes(datetime(2025, 10, 30), datetime(2026, 3, 12), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


@given(_hours, _hours, st.lists(_instants, min_size=1, max_size=30))
@example(
    (Hours(date(2020, 1, 1), time(9, 7), time(9, 9)),), (), [datetime(2026, 3, 8, 13, m, tzinfo=UTC) for m in (6, 7, 8, 9)]
)
def test_who_is_on_duty_and_the_hour_are_those_of_each_instant(
    before: tuple[Hours, ...], after: tuple[Hours, ...], instants: list[datetime]
) -> None:
    old, new = (replace(AGENCY, programmes=(replace(AGENCY.programmes[0], hours=each),)) for each in (before, after))
    comparison = Comparison(old, new)
    for at in instants:
        _, moment = comparison.take(_CALL, at, "")
        on = tuple(duty(each.programmes[0], at, each.time_zone).on for each in (old, new))
        assert moment.pattern == (on,)
        assert moment.hour == f"{at.astimezone(ZoneInfo(old.time_zone)):%H}"
        assert moment.changed == (on[0] != on[1])
        assert OnDuty(old, (PHONE,)).on(int(at.timestamp())) == on[:1]


def _without_needs() -> Agency:
    team = next(each for each in AGENCY.programmes if each.code == TEAM)
    easier = replace(team, criteria=Criteria(deny=team.criteria.deny))
    return replace(AGENCY, programmes=tuple(easier if each.code == TEAM else each for each in AGENCY.programmes))


def test_a_verdict_that_rises_is_gained_one_that_falls_is_lost_and_both_say_why() -> None:
    comparison = Comparison(AGENCY, _without_needs())
    judged, _ = comparison.take(_CALL, AT, "121")
    (turn,) = [turn for turn in judged.turns if turn.moved]
    assert (turn.programme, turn.old, turn.new, turn.moved) == (TEAM, Standing.NOT_KNOWN, Standing.ELIGIBLE, 1)
    assert comparison.reasons(_CALL, turn) == "not known yet: Weapon"

    back = Comparison(_without_needs(), AGENCY)
    judged, _ = back.take(_CALL, AT, "121")
    (turn,) = [turn for turn in judged.turns if turn.moved]
    assert turn.moved == -1
    assert back.reasons(_CALL, turn) == "not known yet: Weapon"


def test_a_programme_that_is_new_is_gained_where_it_may_go_and_unchanged_where_not() -> None:
    fewer = replace(AGENCY, programmes=tuple(each for each in AGENCY.programmes if each.code != TEAM))
    comparison = Comparison(fewer, _without_needs())
    crisis, _ = comparison.take(_CALL, AT, "")
    burglary, _ = comparison.take(Asked(BURGLARY, BURGLARY, "2", "phone"), AT, "")
    assert [(turn.programme, turn.old, turn.moved) for turn in crisis.turns if turn.moved] == [(TEAM, None, 1)]
    assert not burglary.moved
    assert comparison.programmes == (PHONE, ARMED, TEAM), "what follows up meets nobody on a call"


def test_calls_are_counted_once_in_each_dimension() -> None:
    comparison = Comparison(AGENCY, _without_needs())
    for number in range(10):
        asked = Asked(CRISIS if number % 2 else BURGLARY, TRESPASS, "3", "phone")
        comparison.take(asked, AT + timedelta(hours=number), f"B{number % 3}", hour_known=number != 9)
    assert (comparison.calls, comparison.combinations) == (10, 2)
    for counted in (comparison.by_area(), comparison.by_nature(), comparison.by_hour()):
        assert sum(count for _, _, count in counted) == 10
    assert sum(count for _, hour, count in comparison.by_hour() if hour == NO_HOUR) == 1
    assert sum(count for _, _, count in comparison.by_duty()) == 9, "nobody knows who was on duty at a time not known"
    assert {value for _, value, _ in comparison.by_nature()} == {
        "CRISIS Crisis → TRESPASS Trespass",
        "BURGLARY Burglary → TRESPASS Trespass",
    }

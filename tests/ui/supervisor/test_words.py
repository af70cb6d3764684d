"""What the figures say: today's own beside the published ones, each with its source; and the span they cover."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain import metrics, queries
from console.domain.agency import Agency
from console.domain.follow_ups import Reach
from console.domain.ids import CallId, ReferralId
from console.domain.programmes import Hours, Published
from console.domain.state import State
from console.ui.supervisor.words import Figure, busy, figures, hours_on_duty, missed_span, percent, span_of_percent
from tests.support.agency import AGENCY, BURGLARY, CRISIS, TEAM
from tests.support.scenes import CALL, REYES, Scene, floor, receive, taken
from tests.ui.supervisor.scenes import met_by_unit

PUBLISHED = Published("overview of May", 14241, 12.19, 34.06, 46.25, 6.5, 0.04, 0.5, (50.0, 55.0))
BY_PHONE = replace(PUBLISHED, answered_percent=(75.0, 75.0), by_phone_percent=66.0, minutes_to_scene=1.37)


def with_published(state: State) -> State:
    programmes = tuple(
        replace(p, published={"TEAM": PUBLISHED, "PHONE": BY_PHONE}.get(p.code)) for p in state.agency.programmes
    )
    return replace(state, agency=replace(state.agency, programmes=programmes))


def cells(scene: Scene) -> dict[str, Figure]:
    state = with_published(scene.state)
    shown = figures(state, metrics.today(state, scene.at))
    return {"".join(part.words for part in figure.title): figure for figure in shown}


def words(figure: Figure) -> str:
    return "".join(part.words for part in figure.below)


def a_day() -> Scene:
    scene = met_by_unit(floor())
    scene.given(receive(CallId("missed")), c.CloseCall(CallId("missed"), missed="all_busy"))
    scene.given(receive(CallId("other")), c.CloseCall(CallId("other"), missed="excluded"))
    taken(scene.given(receive(CallId("p"))), call_id=CallId("p")).given(
        c.CloseCall(CallId("p"), outcome="by_phone"), by=REYES
    )
    return scene.given(receive(CallId("waits")))


def test_given_a_day_then_all_eligible_calls_are_accounted_for() -> None:
    found = cells(a_day())["eligible calls today"]
    assert found.large == "5"
    assert words(found) == "answered 2 · pending 1 · missed 1 · not counted 1"
    assert "does not count as missed" in found.means and found.means.endswith("Counted by this desk.")


def test_given_referrals_then_a_programme_of_follow_up_says_how_soon_it_reached_them_and_to_whom_it_owes_that() -> None:
    scene = floor().given(receive(), receive(CallId("two")))
    scene.given(c.ReferNeighbor(ReferralId("r1"), CALL), c.ReferNeighbor(ReferralId("r2"), CallId("two")))
    assert cells(scene)["CARE first contact"].large == "—"
    scene.at += timedelta(days=2)
    scene.given(c.TryOutreach(ReferralId("r1"), Reach.PHONE, reached=True), c.ConnectToCare(ReferralId("r1")), by=REYES)
    found = cells(scene)["CARE first contact"]
    assert found.large == "2.0 days" and words(found) == "connected 100 % · first contact owed to 1"
    assert found.means.startswith("Care: of 2 referrals on the lists 1 were contacted, on average 2.0 days after")


def test_given_a_programme_then_its_figures_stand_beside_the_published_ones_with_their_source() -> None:
    day = cells(a_day())
    team, phone, armed = day["TEAM answered"], day["PHONE answered"], day["ARMED answered"]
    assert team.large == "33 %" and words(team) == "published 50-55 % · to scene 10.0 min (12.19)"
    assert phone.large == "33 %" and words(phone) == "published 75 % · by phone alone 100 % (66 %)"
    for figure in (team, phone):
        assert "source: overview of May" in figure.means
    assert "to answer 0.0 min on average" in phone.means and "1.37 min to answer" in phone.means
    assert armed.large == "—" and "ublished" not in words(armed) + armed.means, "nothing published, nothing claimed"
    assert "no call that was open to it is settled yet today" in armed.means


def test_given_missed_calls_then_each_reason_is_counted_by_its_name() -> None:
    found = cells(a_day())["why 1 was missed"]
    assert words(found) == "no unit free 1"
    assert words(cells(floor())["why 0 were missed"]) == "none so far today"


def test_shares_are_whole_per_cent_and_nothing_is_never_nought() -> None:
    assert (percent(61.4), percent(0.0), percent(None)) == ("61 %", "0 %", "—")
    assert (span_of_percent((50, 55)), span_of_percent((12, 12))) == ("50-55 %", "12 %")


def test_given_a_day_then_missed_calls_say_the_span_they_cover() -> None:
    scene = a_day()
    today = metrics.today(scene.state, scene.at)
    assert missed_span(scene.state, today, scene.at) == "1 today"
    short = replace(scene.state, agency=replace(scene.state.agency, keep_closed_h=6))
    assert missed_span(short, today, scene.at) == "1 of the last 6 h, all that the live board holds"


def open_from(opens: int, closes: int) -> Agency:
    hours = (Hours(date(2020, 1, 1), time(opens), time(closes)),)
    return replace(AGENCY, programmes=tuple(replace(p, hours=hours) for p in AGENCY.programmes))


def test_given_hours_of_duty_then_busy_is_a_share_of_those_that_have_passed() -> None:
    scene = met_by_unit(floor())
    state = replace(scene.state, agency=open_from(10, 20))
    now = datetime(2026, 5, 4, 20, tzinfo=UTC)
    day = metrics.unit_days(state, now)
    t1 = next(found for unit, found in day.items() if unit == "T1")
    assert busy(state, TEAM, t1, now) == percent(100 * t1.busy_s / (6 * 3600)), "16:00 local, open since 10:00"
    before = metrics.midnight(state, now) + timedelta(hours=1)
    assert busy(state, TEAM, t1, before) == "—", "duty has not begun"
    assert busy(state, TEAM, None, now) == "—"


def test_given_hours_of_duty_then_each_hour_of_the_day_knows_whether_somebody_is_there() -> None:
    state = replace(floor().state, agency=open_from(10, 20))
    found = hours_on_duty(state, datetime(2026, 5, 4, 20, tzinfo=UTC))
    assert [hour for hour, on in enumerate(found) if on] == list(range(10, 20))


def test_given_calls_that_ended_as_another_nature_then_how_many_and_which_is_told() -> None:
    scene = floor()
    for number in ("one", "two"):
        scene.given(receive(CallId(number), nature=BURGLARY), c.CloseCall(CallId(number), outcome="resolved", nature=CRISIS))
    scene.given(receive(CallId("three"), nature=BURGLARY), c.CloseCall(CallId("three"), outcome="resolved"))
    today = metrics.today(scene.state, scene.at)
    assert today.recoded == {(BURGLARY, CRISIS): 2}
    cell = figures(scene.state, today)[0]
    assert cell.below[0].words.endswith("· closed as another nature 2")
    assert "most: Burglary as Crisis 2. Counted" in cell.means
    assert queries.ending_words(scene.state.agency, scene.state.calls[CallId("one")]) == "Resolved, as Crisis"

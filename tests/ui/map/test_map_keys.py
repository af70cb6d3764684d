"""The map's own words and keys without a page: symbols in order, what is asked of the hub, and a place that is confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.state import Place, UnitStatus
from console.ui.map import roving
from console.ui.map.asked import ALL, TRAIL, Asked, Past, coverage_words, past_of
from console.ui.map.picture import BLANK, MapCall, MapPicture, MapUnit
from console.ui.map.placing import Placing
from console.wire.geography import Coverage, Layer, Track, TrackPoint
from tests.support.scenes import CALL, T1, T2, floor, receive, status
from tests.ui.live import Live
from tests.ui.told_history import Told

POINTS = st.tuples(st.floats(35.8, 36.2), st.floats(-79, -78.7))


def unit(name: str, at: tuple[float, float] = (36.0, -78.9), backup: bool = False) -> MapUnit:
    return MapUnit(name, name, *at, "teal", backup=backup)


def test_given_symbols_then_what_matters_most_comes_first_and_n_goes_round() -> None:
    calls = {"late": MapCall("late", "0002", 36.0, -78.9, "past"), "new": MapCall("new", "0001", 36.1, -78.9)}
    picture = replace(BLANK, calls=calls, units={"T1": unit("T1"), "T2": unit("T2", backup=True)})
    assert roving.order(picture) == [("call", "late"), ("unit", "T2"), ("call", "new"), ("unit", "T1")]
    assert roving.beyond(picture, ("unit", "T1"), 1) == ("call", "late")
    assert roving.beyond(picture, roving.NOTHING, -1) == ("unit", "T1")
    assert roving.order(replace(picture, shows_units=False)) == [("call", "late"), ("call", "new")]
    assert roving.words(picture, ("unit", "T2")) == "unit T2"
    assert roving.still_there(replace(picture, calls={}), ("call", "late")) == roving.NOTHING
    assert roving.beyond(BLANK, roving.NOTHING, 1) == roving.NOTHING


@given(st.dictionaries(st.text(min_size=1, max_size=3), POINTS, min_size=1, max_size=12), st.sampled_from([1, -1]))
def test_going_on_visits_every_symbol_once_before_it_comes_back(places: dict[str, tuple[float, float]], step: int) -> None:
    picture = MapPicture(units={name: unit(name, at) for name, at in places.items()})
    mark, seen = roving.NOTHING, []
    for _ in places:
        mark = roving.beyond(picture, mark, step)
        seen.append(mark)
    assert set(seen) == {("unit", name) for name in places}
    assert roving.beyond(picture, mark, step) == seen[0]


def told(qtbot: QtBot) -> tuple[Live, Told, Asked]:
    del qtbot
    live = Live()
    history = Told(live)
    return live, history, Asked(live.context, live.context.ticker)


def test_given_coverage_then_it_is_said_how_it_was_reckoned_and_asked_again_while_shown(qtbot: QtBot) -> None:
    live, history, ask = told(qtbot)
    history.covered = Coverage(live.now, ((5.0, "{}"), (10.0, "{}")), by_roads=False)
    ask.cover(True)
    assert ask.legend == "Free units reach within 5, 10 min (estimate by straight line)"
    assert [band.minutes for band in ask.bands] == [5.0, 10.0]
    for _ in range(30):
        live.context.ticker.second.emit()
    assert history.asked == [("coverage", "5.0", "10.0", "15.0")] * 2
    ask.cover(False)
    assert (ask.bands, ask.legend) == ((), "")
    for _ in range(30):
        live.context.ticker.second.emit()
    assert len(history.asked) == 2
    assert coverage_words(Coverage(live.now, (), by_roads=True)) == "Coverage: no unit is free"


def test_given_no_hub_then_coverage_and_trail_say_so_and_draw_nothing(qtbot: QtBot) -> None:
    live, _, ask = told(qtbot)
    live.store.history = None
    ask.cover(True)
    ask.trail(T1)
    assert ask.legend == "Coverage could not be asked: the hub is away · The trail could not be asked: the hub is away"
    assert (ask.bands, ask.trails) == ((), ())


def test_given_a_trail_then_it_breaks_at_silence_passes_jumps_by_and_begins_with_its_time(qtbot: QtBot) -> None:
    live, history, ask = told(qtbot)
    ages = [(30, False), (28, False), (27, True), (26, False), (9, False), (8, False)]
    fixes = [
        TrackPoint(36 + n / 100, -78.9, live.now - timedelta(minutes=age), jump=jump) for n, (age, jump) in enumerate(ages)
    ]
    history.been = Track(T1, tuple(fixes), thinned=True)
    ask.trail(T1)
    (trail,) = ask.trails
    assert [len(line) for line in trail.lines] == [3, 2]
    assert trail.jumps == ((36.02, -78.9),)
    assert ask.legend.startswith("Trail of T1 since") and ask.legend.endswith("thinned")
    assert history.asked == [("track", T1, f"{TRAIL.total_seconds():.0f} s")]
    history.been = Track(T2, ())
    ask.trail(T2)
    assert (ask.trails, ask.legend) == ((), "No track of T2 is kept for that time")


def test_given_a_closed_call_then_the_trail_is_of_its_unit_from_sent_to_clear(qtbot: QtBot) -> None:
    del qtbot
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE, UnitStatus.CLEAR))
    scene.given(c.CloseCall(CALL, outcome="resolved"))
    live = Live(scene)
    part = scene.call().assignments[0]
    assert part.cleared_at is not None
    assert past_of(live.context, CALL) == Past(T1, part.dispatched_at, part.cleared_at)
    assert past_of(live.context, None) is None


def test_given_layers_then_a_key_goes_through_their_kinds_and_all_and_none(qtbot: QtBot) -> None:
    _, history, ask = told(qtbot)
    history.outlines = (Layer("Beats", "beat", "{}"), Layer("Districts", "district", "{}"))
    kinds = []
    for _ in range(4):
        ask.next_layers()
        kinds.append((ask.kind, len(ask.layers)))
    assert kinds == [("beat", 1), ("district", 1), (ALL, 2), ("", 0)]
    assert history.asked == [("layers",)], "asked once"


def test_given_a_center_without_layers_then_it_is_said(qtbot: QtBot) -> None:
    live, _, ask = told(qtbot)
    ask.next_layers()
    assert [notice.words for notice in live.context.notices.standing] == [
        "The center has imported no layers of its own map."
    ]


@pytest.mark.parametrize("address", ["1 Main St", ""])
def test_given_a_spot_then_nothing_is_sent_until_it_is_confirmed_and_the_words_stay(qtbot: QtBot, address: str) -> None:
    del qtbot
    live = Live(floor().given(receive(place=Place(address, uncertainty_m=80))))
    placing = Placing(live.context, live.context.ticker)
    placing.begin()
    assert not placing.aims, "no call is chosen"
    live.context.selection.choose_call(CALL)
    placing.begin()
    placing.point(36.0123456, -78.9)
    placing.point(36.0223456, -78.9)
    assert not live.sent and "Enter puts it there" in placing.words
    placing.confirm()
    assert live.sent == [c.LocateCall(CALL, Place(address or "36.02235, -78.90000", 36.02235, -78.9))]
    assert not placing.aims and placing.words == ""


def test_given_another_call_is_chosen_or_escape_then_nothing_is_set(qtbot: QtBot) -> None:
    del qtbot
    live = Live(floor().given(receive()))
    placing = Placing(live.context, live.context.ticker)
    live.context.selection.choose_call(CALL)
    placing.begin()
    placing.point(36.0, -78.9)
    live.context.selection.choose_call(None)
    assert not placing.aims
    placing.confirm()
    assert not live.sent

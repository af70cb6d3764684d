"""The thinning of tracks: nothing that tells something new is left out, and little of a unit that stands still is kept."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import UnitId
from console.domain.travel import kilometres
from console.hub.thinning import LEFT_S, MOVED_KM, STILL_S, Thinning, Trace

T1, T2 = UnitId("T1"), UnitId("T2")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_DEGREE_KM = 111.195


def at(second: float, metres: float = 0, unit: UnitId = T1, jump: bool = False) -> Trace:
    """A fix of so many seconds after noon, so many metres north of a place."""
    moment = NOON + timedelta(seconds=second)
    return Trace(unit, moment, moment, 36 + metres / 1000 / _DEGREE_KM, -78.9, jump=jump)


def kept(*traces: Trace) -> list[Trace]:
    thinning = Thinning()
    return [one for trace in traces for one in thinning.kept(trace)]


def test_given_a_unit_that_drives_then_every_fix_is_kept() -> None:
    drive = [at(n, 25 * n) for n in range(100)]
    assert kept(*drive) == drive


def test_given_a_unit_that_stands_then_one_fix_a_minute_is_kept() -> None:
    found = kept(*(at(n, n % 5) for n in range(601)))
    assert len(found) == 11 + 10, "each minute, and until when it had stood before"
    assert found[0] == at(0) and max(b.fix_at - a.fix_at for a, b in itertools.pairwise(found)).seconds <= STILL_S


def test_given_a_unit_that_sets_off_then_its_track_says_when() -> None:
    assert kept(at(0), at(20), at(40), at(41, 30)) == [at(0), at(40), at(41, 30)]


def test_given_a_unit_that_creeps_then_it_is_kept_as_soon_as_it_has_moved() -> None:
    found = kept(*(at(n, n) for n in range(101)))
    metres = [round((one.latitude - 36) * _DEGREE_KM * 1000) for one in found]
    assert max(b - a for a, b in itertools.pairwise(metres)) <= MOVED_KM * 1000 + 1


def test_given_a_backlog_then_it_is_thinned_by_itself_and_wakes_no_unit_that_stands() -> None:
    live = [at(1000 + n) for n in range(30)]
    late = [at(n) for n in range(30)]
    mixed = [one for pair in zip(live, late, strict=True) for one in pair]
    assert kept(*mixed) == [live[0], late[0]]


def test_given_jumps_then_every_one_is_kept_and_changes_nothing_for_the_others() -> None:
    jumps = [at(n, 50_000, jump=True) for n in range(1, 4)]
    assert kept(at(0), *jumps, at(5)) == [at(0), *jumps]


def test_given_two_units_then_one_is_nothing_to_the_other() -> None:
    assert kept(at(0), at(1, unit=T2)) == [at(0), at(1, unit=T2)]


fixes = st.builds(
    at, st.integers(0, 400), st.integers(0, 120), st.sampled_from([T1, T2]), st.booleans()
)  # fmt: skip


@given(st.lists(fixes, max_size=60))
def test_given_any_fixes_in_any_order_then_what_is_left_out_is_near_in_place_and_time_to_one_that_is_kept(
    said: list[Trace],
) -> None:
    found = kept(*said)
    assert all(one in said for one in found)
    assert [one for one in found if one.jump] == [one for one in said if one.jump]
    for out in (one for one in said if one not in found):
        assert any(_near(out, one) for one in found)
    assert LEFT_S < STILL_S


def _near(one: Trace, other: Trace) -> bool:
    apart_s = abs((one.fix_at - other.fix_at).total_seconds())
    apart_km = kilometres((one.latitude, one.longitude), (other.latitude, other.longitude))
    return one.unit_id == other.unit_id and apart_s < STILL_S and apart_km < MOVED_KM

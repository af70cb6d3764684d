"""`heart-console export track`: GPX that other programs read, beside a running hub; bad arguments are answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import gpxpy
import pytest
from gpxpy.gpx import GPX
from hypothesis import given
from hypothesis import strategies as st

from console.__main__ import main
from console.domain.ids import UnitId
from console.hub import export_command, track_rows
from console.hub.gpx import GAP, gpx
from console.hub.positions import Fix
from console.hub.store import Store
from console.hub.thinning import Trace
from tests.support.hub import running_hub, store_url
from tests.support.loop import runs

T1 = UnitId("T1")
SPAN = ("2026-11-22T00:00Z", "2026-11-23T00:00Z")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def trace(second: float, north: float = 0.0, jump: bool = False, source: str = "Modems a") -> Trace:
    """A fix that many seconds after noon."""
    at = NOON + timedelta(seconds=second)
    return Trace(T1, at, at, 36 + north, -78.9, 36.0, 90.0, source, jump)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    """A store with a drive, a pause of ten minutes, another drive, and a jump in each."""
    drive = [trace(n, n / 1000) for n in range(60)]
    later = [trace(700 + n, n / 1000) for n in range(30)]
    opened = Store(store_url(tmp_path))
    with opened._engine.begin() as connection:
        track_rows.keep(connection, [*later, trace(30, 5, jump=True), *drive, drive[3], trace(705, -5, jump=True)])
    opened.close()
    yield store_url(tmp_path)


def read(path: Path) -> GPX:
    return gpxpy.parse(path.read_text(encoding="utf-8"))


def test_given_a_track_then_its_gpx_has_segments_by_gap_and_jumps_as_waypoints(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "t1.gpx"
    assert main(["export", "track", "T1", *SPAN, "--store", store, "--out", str(out)]) == 0
    found = read(out)
    assert found.version == "1.1" and found.creator == "HEART console" and [track.name for track in found.tracks] == ["T1"]
    first, second = found.tracks[0].segments
    assert [point.time for point in first.points] == [trace(n).fix_at for n in range(60)], "once each, in their order"
    assert [(p.latitude, p.longitude) for p in second.points] == [(36 + n / 1000, -78.9) for n in range(30)]
    assert [(p.name, p.latitude, p.time) for p in found.waypoints] == [
        ("jump of T1", 41.0, trace(30).fix_at), ("jump of T1", 31.0, trace(705).fix_at),
    ]  # fmt: skip
    assert first.points[0].source == "Modems a"
    extension = first.points[0].extensions[0]
    assert [child.text for child in extension] == ["10.00", "90.0"], "metres a second, degrees"
    assert "90 points in 2 segments, 2 jumps as waypoints, in " in capsys.readouterr().err
    assert not (tmp_path / "t1.gpx.part").exists()


def test_given_no_file_then_the_gpx_alone_is_on_the_output(store: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", "track", "T1", *SPAN, "--store", store]) == 0
    said = capfdbinary.readouterr()
    assert len(gpxpy.parse(said.out.decode()).tracks[0].segments) == 2 and b"90 points" in said.err


def test_given_a_folder_to_write_to_then_it_is_said_and_nothing_is_left_beside_it(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tracks"
    folder.mkdir()
    assert main(["export", "track", "T1", *SPAN, "--store", store, "--out", str(folder)]) == 1
    assert "could not be written" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.part"))


def test_given_one_segment_then_it_is_not_called_segments(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "track", "T1", SPAN[0], "2026-11-22T12:05Z", "--store", store]) == 0
    assert "60 points in 1 segment, 1 jump as waypoints" in capsys.readouterr().err


def test_given_nothing_in_that_time_then_a_sentence_and_1(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "track", "T1", "2025-01-01T00:00Z", "2025-01-02T00:00Z", "--store", store]) == 1
    assert "no fix of T1 is kept from 2025-01-01 00:00:00 UTC" in (said := capsys.readouterr()).err and not said.out
    assert "other times" in said.err
    assert main(["export", "track", "Z9", *SPAN, "--store", store]) == 1
    assert "nothing at all is kept of a unit of that name" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("yesterday", "2026-11-22 14:00", "is no moment; write it as in"),
        ("2026-11-22 14:00", "25:00", "is no moment"),
        ("0001-01-01T00:00+14:00", "2026-11-22", "is no moment"),
        ("0300-01-01", "2026-11-22", "is no moment of a track"),
        ("", "2026-11-22", "is no moment"),
    ],
)
def test_given_what_is_no_moment_then_2_and_how_to_write_one(
    store: str, capsys: pytest.CaptureFixture[str], since: str, until: str, says: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "track", "T1", since, until, "--store", store])
    assert ended.value.code == 2 and says in capsys.readouterr().err


def test_given_bad_stores_orders_and_places_then_1_and_one_line(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> str:
        assert main(["export", "track", "T1", *arguments]) == 1
        found = capsys.readouterr()
        assert not found.out and found.err.count("\n") == 1
        return found.err

    assert "is later than" in said(SPAN[1], SPAN[0], "--store", store)
    assert "no such file" in said(*SPAN, "--store", f"sqlite:///{tmp_path / 'other.sqlite'}")
    (tmp_path / "broken.sqlite").write_bytes(b"not a store" * 1000)
    assert "damaged" in said(*SPAN, "--store", f"sqlite:///{tmp_path / 'broken.sqlite'}")
    assert "nothing was changed" in said(*SPAN, "--store", store, "--out", str(tmp_path / "missing" / "t.gpx"))
    monkeypatch.setattr(export_command, "FIXES_AT_MOST", 10)
    assert "93 fixes of T1" in said(*SPAN, "--store", store)


def test_given_a_running_hub_then_local_times_are_the_agencys_and_the_hub_is_not_disturbed(tmp_path: Path) -> None:
    out = tmp_path / "t1.gpx"

    @runs
    async def case() -> None:
        async with running_hub(tmp_path) as hub:
            now = hub.hub.time.now()
            hub.hub.positions.take([Fix(T1, 36 + n / 1000, -78.9, now - timedelta(days=1, seconds=-n)) for n in range(20)])
            await hub.hub.tracks.write()
            begin = (now - timedelta(days=1)).astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
            span = [(begin - timedelta(seconds=1)).isoformat(sep=" "), (begin + timedelta(seconds=9)).isoformat()]
            assert main(["export", "track", "T1", *span, "--store", store_url(tmp_path), "--out", str(out)]) == 0
            hub.hub.positions.take([Fix(T1, 40, -78.9, now)])
            await hub.hub.tracks.write()

    case()
    assert [len(segment.points) for segment in read(out).tracks[0].segments] == [10]


def test_given_the_hour_that_is_there_twice_then_both_of_it_are_exported() -> None:
    zone = ZoneInfo("America/New_York")
    twice = datetime.fromisoformat("2026-11-01 01:30")
    assert [i.hour for i in export_command._instants(twice, zone)] == [5, 6]
    missing = datetime.fromisoformat("2026-03-08 02:30")
    assert sorted(i.hour for i in export_command._instants(missing, zone)) == [6, 7]


moments = st.integers(0, 5_000_000).map(lambda milliseconds: milliseconds / 1000)
traces = st.builds(
    trace, moments, st.floats(-30, 30), st.booleans(), st.text(max_size=20)
)  # fmt: skip


@given(st.lists(traces, max_size=30))
def test_given_any_fixes_then_the_gpx_is_parsed_back_with_every_one_of_them(said: list[Trace]) -> None:
    ordered = sorted(said, key=lambda one: one.fix_at)
    made = gpx(T1, ordered)
    ElementTree.fromstring(made.xml)
    found = gpxpy.parse(made.xml)
    points = [point for segment in found.tracks[0].segments for point in segment.points]
    assert {(p.latitude, p.time) for p in points} == {(t.latitude, t.fix_at) for t in said if not t.jump}
    assert {(p.latitude, p.time) for p in found.waypoints} == {(t.latitude, t.fix_at) for t in said if t.jump}
    assert (made.points, made.segments, made.jumps) == (len(points), len(found.tracks[0].segments), len(found.waypoints))
    for segment in found.tracks[0].segments:
        times = [point.time for point in segment.points if point.time is not None]
        assert all(after - before <= GAP for before, after in itertools.pairwise(times))

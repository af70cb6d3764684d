"""The made-up city of the measurement is as large as a real one, and every line of it is a street that is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.bench.full_floor import agency
from console.bench.pan import city
from console.geography.street_lines import read_streets


def test_given_no_real_data_then_the_city_is_made_up_and_wholly_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEART_REAL_DATA", raising=False)
    latitude, longitude = agency().center
    path, what = city(tmp_path, (latitude, longitude))
    found: list[str] = []
    lines = list(read_streets(path, found.append))
    assert what == "a made-up city" and not found
    assert len(lines) == 3600 and {line.kind for line in lines} == {"artery", "street"}
    assert all(abs(y - latitude) < 0.15 and abs(x - longitude) < 0.15 for line in lines for y, x in line.points)


def test_given_real_data_then_its_streets_are_taken(real_data: Path, tmp_path: Path) -> None:
    path, what = city(tmp_path, agency().center)
    assert path.is_relative_to(real_data) and "real city" in what

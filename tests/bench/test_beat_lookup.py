"""The bench of beats itself, on a small city: its outlines fit together, and both figures are told beside their baseline."""

from __future__ import annotations

import pytest
import shapely

from console.bench import beat_lookup


def test_given_a_small_city_when_it_is_measured_then_both_lookups_have_a_figure_and_a_baseline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, small in {"ACROSS": 4, "CORNERS": 10, "LOOKUPS": 5}.items():
        monkeypatch.setattr(beat_lookup, name, small)
    figures = beat_lookup.measure()
    assert [figure.name for figure in figures] == ["beat and district of a point", "point in a programme's area"]
    assert all(figure.value > 0 and figure.baseline and figure.limit == 1.0 and figure.of_value for figure in figures)
    beats = [beat_lookup._beat(x, y) for y in range(4) for x in range(4)]
    assert shapely.is_valid(beats).all()
    assert sum(beat.area for beat in beats) == pytest.approx(shapely.union_all(beats).area), "none lies over another"

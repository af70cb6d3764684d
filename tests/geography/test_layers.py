"""Layers: a point finds its outline as by looking at every one; the file is read whole or not at all; drawn light."""

import json
import math
import sqlite3
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from console.domain.areas import Polygon
from console.geography import layers, layers_file
from console.geography.layers import Layers
from console.geography.layers_file import ALWAYS, OutlineLayer
from console.geography.outlines import METRES_A_DEGREE, corners, simplified
from console.geography.unusable import Unusable

DAY = date(2026, 5, 4)


def layer(*outlines: BaseGeometry, name: str = "beats", kind: str = "beat", since: date = ALWAYS) -> OutlineLayer:
    shapes = np.empty(len(outlines), dtype=object)
    shapes[:] = outlines
    labels = tuple(str(n) for n in range(1, len(outlines) + 1))
    return OutlineLayer(name, kind, since, "made-up.geojson", labels, shapes)


def grid(count: int) -> list[BaseGeometry]:
    """Beats side by side, `count` by `count`, of 0.01 degrees each."""
    return [
        shapely.box(-79 + 0.01 * x, 36 + 0.01 * y, -79 + 0.01 * (x + 1), 36 + 0.01 * (y + 1))
        for y in range(count)
        for x in range(count)
    ]


TURNS = st.lists(st.tuples(st.floats(0.05, 1), st.floats(0, 2 * math.pi)), min_size=3, max_size=30, unique_by=lambda t: t[1])


@given(turns=TURNS, point=st.tuples(st.floats(-1, 1), st.floats(-1, 1)))
def test_given_any_outline_then_a_point_lies_in_it_by_two_ways(
    turns: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    ring = [(radius * math.cos(turn), radius * math.sin(turn)) for radius, turn in sorted(turns, key=lambda t: t[1])]
    outline = shapely.Polygon(ring)
    assume(outline.is_valid)
    assume(outline.exterior.distance(shapely.Point(point)) > 1e-9)  # on the very border either answer is right
    x, y = point
    found = Layers([layer(outline)]).at((y, x), DAY)
    assert (found == {"beat": "1"}) is Polygon([tuple((north, east) for east, north in ring)]).holds((y, x))


def test_given_outlines_side_by_side_then_each_point_has_one_and_on_a_border_the_first() -> None:
    found = Layers([layer(*grid(3))])
    assert found.at((36.015, -78.975), DAY) == {"beat": "6"}
    assert found.at((36.01, -78.99), DAY) == {"beat": "1"}, "where four meet"
    assert found.at((35.999, -78.99), DAY) == {}
    assert found.at((math.inf, -78.99), DAY) == found.at((math.nan, math.nan), DAY) == {}


def test_given_layers_of_a_kind_with_one_date_then_they_complete_each_other() -> None:
    west, east = shapely.box(-79, 36, -78.9, 36.1), shapely.box(-78.9, 36, -78.8, 36.1)
    since = date(2026, 1, 1)
    both = Layers([layer(west, name="a", kind="city", since=since), layer(east, name="b", kind="city", since=since)])
    assert both.at((36.05, -78.95), DAY) == both.at((36.05, -78.85), DAY) == {"city": "1"}
    assert both.kinds(DAY) == {"city"} and both.kinds(date(2025, 12, 31)) == frozenset()
    assert both.at((36.05, -78.95), date(2025, 12, 31)) == {}


def test_given_a_file_that_was_kept_then_it_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "geography" / "layers.sqlite"
    first, second = layer(*grid(2)), layer(*grid(1), name="cities", kind="city", since=date(2024, 2, 29))
    assert layers_file.keep(path, first) == ["beats"]
    assert layers_file.keep(path, second) == ["beats", "cities"]
    found = layers_file.read(path)
    assert [(each.name, each.kind, each.effective_from, each.labels) for each in found] == [
        ("beats", "beat", ALWAYS, ("1", "2", "3", "4")),
        ("cities", "city", date(2024, 2, 29), ("1",)),
    ]
    assert shapely.equals(found[0].shapes, first.shapes).all()
    assert [each.name for each in path.parent.iterdir()] == ["layers.sqlite"]


@pytest.mark.parametrize("damage", ["cut", "shape", "date", "format", "text", "empty"])
def test_given_a_file_that_is_damaged_then_no_part_of_it_is_read(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "layers.sqlite"
    layers_file.keep(path, layer(*grid(12)))
    if damage in ("cut", "text", "empty"):
        whole = path.read_bytes()
        path.write_bytes({"cut": whole[: len(whole) // 2], "text": b"not a database, by far" * 99, "empty": b""}[damage])
    else:
        change = {
            "shape": "UPDATE outline SET shape = x'0103' WHERE number = 7",
            "date": "UPDATE layer SET effective_from = 'soon'",
            "format": "PRAGMA user_version = 99",
        }[damage]
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(change)
    with pytest.raises(Unusable, match=r"damaged|of format"):
        Layers.read(path)


def test_given_an_import_that_fails_in_the_middle_then_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "layers.sqlite"
    layers_file.keep(path, layer(*grid(1)))
    before = path.read_bytes()
    with monkeypatch.context() as patched, pytest.raises(OSError, match="no space"):
        patched.setattr(Path, "replace", _no_space)
        layers_file.keep(path, layer(*grid(2)))
    assert path.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == ["layers.sqlite"]


def _no_space(*_: object) -> None:
    raise OSError("no space left")


def wavy(count: int) -> list[BaseGeometry]:
    """Beats side by side whose common borders have many corners."""

    def border(x: float) -> list[tuple[float, float]]:
        return [(x + 0.0004 * math.sin(0.3 * n), 36 + 0.0001 * n) for n in range(1_000)]

    lines = [border(-79 + 0.01 * n) for n in range(count + 1)]
    return [shapely.Polygon([*one, *reversed(other)]) for one, other in pairwise(lines)]


@pytest.mark.parametrize(("tolerance", "share"), [(1.0, 1.0), (10.0, 0.4)])
def test_given_outlines_that_fit_together_then_simplified_they_still_do(tolerance: float, share: float) -> None:
    whole = wavy(4)
    lighter = simplified(whole, tolerance)
    assert corners(lighter) < corners(whole) * share
    assert shapely.is_valid(lighter).all() and shapely.coverage_is_valid(lighter)
    for one, other in zip(whole, lighter, strict=True):
        assert shapely.hausdorff_distance(one, other) * METRES_A_DEGREE < 3 * tolerance


def test_given_one_outline_then_simplified_it_leaves_what_it_was_by_no_more_than_the_tolerance() -> None:
    (whole,) = wavy(1)
    (lighter,) = simplified([whole], 5.0)
    assert shapely.get_num_coordinates(lighter) < shapely.get_num_coordinates(whole) / 3
    assert shapely.hausdorff_distance(whole, lighter) * METRES_A_DEGREE <= 5.1


def test_given_a_layer_too_large_to_draw_then_it_is_simplified_until_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "DRAWN_AT_MOST", 5_000)
    (drawn,) = Layers([layer(*wavy(4))]).drawn(DAY)
    assert (drawn.name, drawn.kind) == ("beats", "beat") and len(drawn.geojson) <= 5_000
    found = json.loads(drawn.geojson)["features"]
    assert [each["properties"] for each in found] == [{"label": str(n)} for n in range(1, 5)]
    assert all(each["geometry"]["type"] == "Polygon" for each in found)

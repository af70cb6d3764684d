"""Tiles are drawn in the theme's colours, names stand whole across their edges and not over each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from console.geography.drawn_streets import DrawnStreets
from console.geography.street_classes import StreetKind
from console.geography.street_lines import StreetLine
from console.geography.tile_archive import TileName, tile_at
from console.ui.map.tiles.drawing import decodes, draw, width
from console.ui.map.tiles.names import APART, covered, place_names
from console.ui.map.tiles.style import FINE, STYLES, TILE, ZOOMS, drawn_at, named_at
from console.ui.theme import load_theme
from tests.geography.archives import png

DARK, LIGHT = load_theme("dark"), load_theme("light")
SIDE = round(TILE * FINE)
WEST, NORTH, STEP = -79.0, 36.05, 0.003


def line(name: str, kind: StreetKind, *points: tuple[float, float]) -> StreetLine:
    return StreetLine(name, kind, 0, None, 0, points)


def city() -> Iterator[StreetLine]:
    """A grid of streets, with a freeway of two carriageways through it."""
    for number in range(30):
        kind: StreetKind = "artery" if number % 6 == 0 else "street"
        yield line(f"{number} Avenue", kind, (NORTH - number * STEP, WEST), (NORTH - number * STEP, WEST + 30 * STEP))
        yield line(f"{number}th Street", kind, (NORTH, WEST + number * STEP), (NORTH - 30 * STEP, WEST + number * STEP))
    for side in (0.0, 0.0002):
        yield line("Durham Freeway", "freeway", (NORTH - side, WEST), (NORTH - 30 * STEP - side, WEST + 30 * STEP))


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[DrawnStreets]:
    made = DrawnStreets(tmp_path_factory.mktemp("drawn") / "work", "city")
    made.fill(city())
    for zoom in ZOOMS:
        place_names(made, zoom, width)
    yield made
    made.close()


def tile(zoom: int, longitude: float, latitude: float) -> TileName:
    column, row = tile_at(zoom - 1, longitude, latitude)
    return TileName(zoom - 1, int(column), int(row))


def images(streets: DrawnStreets, name: TileName) -> list[QImage]:
    return [QImage.fromData(data) for data in draw(streets, name, [DARK, LIGHT])]


def colours(image: QImage) -> set[str]:
    return {QColor(image.pixel(x, y)).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_given_a_tile_then_it_is_a_png_in_the_colours_of_each_theme(streets: DrawnStreets) -> None:
    for image, theme in zip(images(streets, tile(14, WEST + 0.04, NORTH - 0.04)), (DARK, LIGHT), strict=True):
        assert (image.width(), image.height()) == (SIDE, SIDE)
        seen = colours(image)
        assert {theme.ground, theme.road, theme.road_major, theme.place} <= seen
        assert len(seen) < 200


def test_given_a_tile_beside_all_streets_then_it_is_bare_ground(streets: DrawnStreets) -> None:
    dark, light = images(streets, TileName(13, 100, 100))
    assert colours(dark) == {DARK.ground} and colours(light) == {LIGHT.ground}


def test_given_what_matters_more_then_it_is_drawn_above_and_wider(streets: DrawnStreets) -> None:
    for zoom in ZOOMS:
        kinds = list(STYLES)
        drawn = kinds[: kinds.index(drawn_at(zoom)) + 1]
        widths = [style.widths[max(z for z in style.widths if z <= zoom)] for style in (STYLES[kind] for kind in drawn)]
        assert widths == sorted(widths, reverse=True) and len(set(widths)) == len(widths)
        assert kinds.index(named_at(zoom)) <= kinds.index(drawn_at(zoom))


@pytest.mark.parametrize("zoom", ZOOMS)
def test_given_names_then_no_two_stand_over_each_other_and_none_is_there_twice_nearby(
    streets: DrawnStreets, zoom: int
) -> None:
    far = 1e9
    words = streets.words(zoom, (-far, far, -far, far))
    if zoom >= 13:
        assert len(words) > 20
    sizes = [STYLES[each.kind].name_size for each in words]
    taken = [list(covered(w.x, w.y, w.turn, width(w.text, size), size)) for w, size in zip(words, sizes, strict=True)]
    for (a, boxes), (b, others) in combinations(zip(words, taken, strict=True), 2):
        if (a.x - b.x) ** 2 + (a.y - b.y) ** 2 < APART**2:
            assert a.text != b.text
            assert not any(
                one[0] < other[1] - 0.1 and one[1] > other[0] + 0.1 and one[2] < other[3] - 0.1 and one[3] > other[2] + 0.1
                for one in boxes
                for other in others
            ), (a, b)
    assert all(-90 <= each.turn <= 90 for each in words), "no name stands upside down"


def test_given_a_name_across_an_edge_then_both_tiles_bear_their_part_of_it(streets: DrawnStreets) -> None:
    zoom = 15
    names = [tile(zoom, WEST + 0.04, NORTH - 0.04)]
    names.append(TileName(names[0].zoom, names[0].column + 1, names[0].row))
    left, right = (draw(streets, name, [DARK])[0] for name in names)
    a, b = QImage.fromData(left), QImage.fromData(right)
    edge = [(QColor(a.pixel(SIDE - 1, y)).name(), QColor(b.pixel(0, y)).name()) for y in range(SIDE)]
    far = sum(abs(QColor(x).lightness() - QColor(y).lightness()) > 60 for x, y in edge)
    assert any(x != DARK.ground for x, _ in edge)
    assert far < 4, "what stands at the end of one tile goes on at the beginning of the next"


def test_given_a_crooked_street_then_its_name_stands_where_it_is_straight_enough_or_nowhere(
    tmp_path: Path, qapp: QApplication
) -> None:
    zigzag = [(36.0 + 0.0004 * (n % 2), -79.0 + n * 0.0004) for n in range(40)]
    made = DrawnStreets(tmp_path / "work", "crooked")
    made.fill([line("Crooked Lane", "street", *zigzag), line("Straight Lane", "street", (36.1, -79.0), (36.1, -78.9))])
    place_names(made, 15, width)
    assert {words.text for words in made.words(15, (-1e9, 1e9, -1e9, 1e9))} == {"Straight Lane"}
    made.close()


def test_given_bytes_then_only_a_whole_picture_decodes(qapp: QApplication) -> None:
    assert decodes(png())
    assert not decodes(png()[:60]) and not decodes(b"no picture") and not decodes(b"")

"""The theme: both token sets agree, what stands together can be read, and it can change while the desk runs."""

from __future__ import annotations

import re
from itertools import product
from typing import get_args

import msgspec
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from console.domain.programmes import Colour
from console.ui import theme as themes
from console.ui.resources import resource_path
from console.ui.theme import Theme, load_theme

BOTH = [load_theme("dark"), load_theme("light")]
SURFACES = ["bg", "surface", "raised", "selection"]
BANNERS = ["alarm_bg", "handoff_bg"]
PALETTE = get_args(Colour)
WORDS = ["text", "muted", "faint", "due", "alarm", "fine", *PALETTE]
TEXT_PAIRS = [
    *product(WORDS, SURFACES),
    *product(["text", "muted"], BANNERS),
    ("alarm", "alarm_bg"),
    ("violet", "handoff_bg"),
    *product(["on_accent"], ["focus", "alarm", *PALETTE]),
    *product(["text", "muted", "alarm", "due", *PALETTE], ["ground"]),
]
GRAPHIC_PAIRS = [
    *product(["focus", "faint", "due", "alarm", "fine", *PALETTE], [*SURFACES, "ground"]),
    *product(["place"], ["ground"]),
    *product(["focus"], BANNERS),
    ("text", "water"),
]


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(theme: Theme, front: str, back: str) -> float:
    """Contrast ratio of two tokens, 1 to 21."""
    darker, lighter = sorted((luminance(theme.colour(front)), luminance(theme.colour(back))))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
def test_every_text_colour_can_be_read_on_every_surface_it_stands_on(theme: Theme) -> None:
    poor = {pair: ratio for pair in TEXT_PAIRS if (ratio := contrast(theme, *pair)) < 4.5}
    assert not poor


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
def test_large_text_and_graphics_stand_out(theme: Theme) -> None:
    poor = {pair: ratio for pair in GRAPHIC_PAIRS if (ratio := contrast(theme, *pair)) < 3.0}
    assert not poor


def test_contrast_is_computed_as_the_standard_says() -> None:
    black_on_white = msgspec.structs.replace(BOTH[0], text="#000000", bg="#ffffff")
    assert contrast(black_on_white, "text", "bg") == pytest.approx(21.0)


def test_both_themes_and_their_explanations_have_the_same_names() -> None:
    groups = msgspec.json.decode(resource_path("theme/tokens.json").read_bytes(), type=dict[str, dict[str, str]])
    assert set(groups) == {"about", "dark", "light"}
    assert list(groups["dark"]) == list(groups["light"]) == list(groups["about"]) == list(BOTH[0].tokens())
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for name in ("dark", "light") for value in groups[name].values())


def test_every_token_that_is_asked_for_exists_and_every_token_is_asked_for() -> None:
    asked = set(re.findall(r"\$(\w+)", resource_path("theme/desk.qss").read_text(encoding="utf-8")))
    scripts = "".join(path.read_text(encoding="utf-8") for path in resource_path("map").glob("*.js"))
    drawn = set(re.findall(r"\btheme\.(\w+)", scripts)) | set(re.findall(r'"(road|road_major|water)"', scripts))
    tokens = set(BOTH[0].tokens())
    assert asked - tokens == {"clock_family"}
    assert drawn <= tokens | {"name"}
    assert tokens <= asked | drawn


def test_given_an_unknown_token_or_theme_then_the_error_names_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"no colour token 'pink'.*surface"):
        BOTH[0].colour("pink")
    with pytest.raises(ValueError, match="one of dark, light"):
        load_theme("sepia")


def test_given_a_widget_built_before_the_desk_is_dressed_then_it_looks_as_one_built_after(
    qapp: QApplication, qtbot: QtBot
) -> None:
    qapp.setStyleSheet("")
    themes.prepare(qapp, BOTH[1], 1.5)
    made = []
    for dressed in (False, True):
        if dressed:
            themes.dress(qapp)
        label = QLabel("12:48")
        label.setProperty("role", "clock-large")
        qtbot.addWidget(label)
        made.append(label)
    for label in made:
        label.ensurePolished()
    looks = [
        (label.font().pixelSize(), label.font().family(), label.palette().color(label.foregroundRole())) for label in made
    ]
    assert looks[0] == looks[1]
    assert looks[0][0] == 27
    themes.apply(qapp, BOTH[0])


def test_given_a_running_desk_when_the_theme_changes_then_widgets_and_icons_follow(qapp: QApplication, qtbot: QtBot) -> None:
    label, icon = QLabel("12:48"), themes.icon("mdi6.phone", "text")
    label.setProperty("role", "muted")
    qtbot.addWidget(label)

    def ink() -> set[str]:
        image = icon.pixmap(32, 32).toImage()
        pixels = (image.pixelColor(x, y) for x, y in product(range(32), range(32)))
        return {colour.name() for colour in pixels if colour.alpha() == 255}

    for theme in BOTH:
        with qtbot.waitSignal(themes.look.changed):
            themes.apply(qapp, theme)
        label.ensurePolished()
        assert label.palette().color(label.foregroundRole()).name() == theme.muted
        assert ink() == {theme.text}
    themes.apply(qapp, BOTH[0])


def test_given_twice_the_size_then_fonts_and_lengths_double() -> None:
    assert themes.fonts(2.0).text.pixelSize() == 28
    assert themes.fonts(1.0).question.pixelSize() == 20 and themes.fonts(1.0).question.bold()
    single, double = (themes.style_sheet(BOTH[0], scale) for scale in (1.0, 2.0))
    lengths = [[int(n) for n in re.findall(r"(\d+)px", sheet)] for sheet in (single, double)]
    assert lengths[1] == [2 * length for length in lengths[0]]


def test_given_clock_fonts_then_every_digit_has_the_same_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetrics

    for font in (themes.fonts().clock, themes.fonts().clock_large):
        assert len({QFontMetrics(font).horizontalAdvance(digit) for digit in "0123456789:"}) == 1


def test_given_a_missing_file_then_the_error_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match="install the console again"):
        resource_path("theme/none.json")

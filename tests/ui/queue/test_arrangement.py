"""The words of a queue line in the room there is: nothing overlaps, and what endangers a team never goes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from console.ui.queue.arrangement import Arrangement, arrange
from console.ui.queue.rows import Row, Tag, row
from console.ui.widgets import faces, tag_width
from tests.support.scenes import CALL, OKAFOR, floor, receive

NARROW, WIDE = 206, 298
"""Pixels right of the clock at 1366 x 768 and at 1920 x 1080."""
WEAPON, VIOLENCE = "weapon: within reach", "violence?"
PROGRAMMES = (Tag("CRT", "teal"), Tag("COR", "blue"), Tag("CCD", "violet"))


def line(nature: str = "Mental Health Crisis", *cautions: str, tags: tuple[Tag, ...] = PROGRAMMES) -> Row:
    scene = floor().given(receive(), by=OKAFOR)
    made = row(scene.state, scene.call(CALL), (), OKAFOR)
    return replace(made, nature=nature, cautions=cautions, tags=tags, details=("↻ 3 calls in 24 h", "¿ Spanish"))


def wide(*tags: Tag) -> int:
    return sum(tag_width(tag.text) for tag in tags) + 5 * max(0, len(tags) - 1)


def lines_fit(shown: Arrangement, made: Row, room: int) -> bool:
    nature = min(shown.nature, faces().strong.metrics.horizontalAdvance(made.nature))
    first = nature + sum(5 + tag_width(tag.text) for tag in (*shown.after_nature, *shown.at_right))
    third = wide(*shown.third, *shown.third_right)
    return first <= room and third <= room and wide(*shown.second_right) < room / 1.8 + 1


@pytest.mark.parametrize("room", [NARROW, WIDE])
@pytest.mark.parametrize("cautions", [(), ("weapon?",), (WEAPON,), ("weapon?", VIOLENCE), (WEAPON, VIOLENCE, "suicide?")])
@pytest.mark.parametrize("nature", ["Trespass", "Mental Health Crisis", "Mental Health Crisis with Violence at Home"])
def test_every_caution_is_shown_or_counted_and_no_line_overflows(
    nature: str, cautions: tuple[str, ...], room: int, qtbot: QtBot
) -> None:
    made = line(nature, *cautions)
    shown = arrange(made, room)
    due = [tag.text for tag in shown.tags if tag.colour == "due"]
    counted = sum(int(words.rpartition("+")[2]) for words in due if "+" in words)
    named = len(due) - sum(words.startswith("+") for words in due)
    assert named + counted == len(cautions)
    assert lines_fit(shown, made, room)


def test_a_caution_beside_three_programmes_keeps_the_nature_and_the_place_whole_in_a_narrow_list(qtbot: QtBot) -> None:
    made = line("Mental Health Crisis", "weapon?")
    shown = arrange(made, NARROW)
    assert shown.nature >= faces().strong.metrics.horizontalAdvance(made.nature)
    assert [tag.text for tag in shown.third] == ["weapon?"]
    assert shown.third_right == PROGRAMMES
    assert shown.second.startswith(f"{made.call.number} · {made.place}")


def test_in_a_wide_list_all_stands_beside_the_nature(qtbot: QtBot) -> None:
    shown = arrange(line("Trespass", "weapon?"), WIDE)
    assert ([tag.text for tag in shown.after_nature], shown.at_right) == (["weapon?"], PROGRAMMES)
    assert shown.third_words == "↻ 3 calls in 24 h · ¿ Spanish"


def test_a_caution_too_long_for_its_line_is_shortened_not_dropped(qtbot: QtBot) -> None:
    shown = arrange(line("Threats Just Made", "danger to others: imminent, with a weapon in hand", "weapon?"), NARROW)
    assert len(shown.third) == 1
    assert shown.third[0].text.startswith("danger to others")
    assert shown.third[0].text.endswith("… +1")


def test_a_call_open_to_no_programme_says_so(qtbot: QtBot) -> None:
    scene = floor().given(receive(nature="BURGLARY"), by=OKAFOR)
    assert row(scene.state, scene.call(CALL), (), OKAFOR).details == ("open to no programme now",)


@pytest.mark.parametrize("place", ["2115 Guess Rd", "4 Martin Luther King Jr Pkwy"])
@pytest.mark.parametrize("cautions", [(), ("weapon?",), (WEAPON, VIOLENCE)])
def test_the_number_that_the_command_line_needs_always_stands_there(
    cautions: tuple[str, ...], place: str, qtbot: QtBot
) -> None:
    made = replace(line("Trespass", *cautions), place=place)
    shown = arrange(made, NARROW)
    assert sum(words.startswith(made.call.number) for words in (shown.second, shown.third_words)) == 1


def test_a_long_place_is_not_cut_for_the_number_where_the_third_line_has_room(qtbot: QtBot) -> None:
    place = "4 Martin Luther King Jr Pkw"
    made = replace(line("Trespass", tags=()), place=place, details=())
    room = faces().second.metrics.horizontalAdvance(place) + 2
    shown = arrange(made, room)
    assert (shown.second, shown.third_words) == (place, made.call.number)


@pytest.mark.parametrize("room", [NARROW, WIDE])
@pytest.mark.parametrize("cautions", [(), ("weapon?",), (WEAPON, VIOLENCE)])
@pytest.mark.parametrize(
    "details",
    [
        ("open to no programme now", "unit 12 asked", "triage 5 of at most 13"),
        ("↻ 3 calls in 24 h", "¿ Spanish", "offered to M. Reyes", "Police asked for"),
        ("officer request", "J. Lin did not answer"),
    ],
)
def test_details_are_shown_whole_or_counted_and_use_both_lines(
    details: tuple[str, ...], cautions: tuple[str, ...], room: int, qtbot: QtBot
) -> None:
    made = replace(line("Trespass", *cautions), details=details)
    shown = arrange(made, room)
    said = [part for words in (shown.second, shown.third_words) for part in words.split(" · ") if part]
    counts = [words.rpartition(" +")[2] for words in (shown.second, shown.third_words) if " +" in words]
    whole = [part.rpartition(" +")[0] or part for part in said]
    assert not any("…" in part for part in said)
    assert sum(detail in whole for detail in details) + sum(map(int, counts)) == len(details)
    advance = faces().second.metrics.horizontalAdvance
    assert advance(shown.second) + sum(5 + tag_width(tag.text) for tag in shown.second_right) <= room
    assert advance(shown.third_words) + sum(5 + tag_width(t.text) for t in (*shown.third, *shown.third_right)) <= room


def test_a_narrow_line_without_cautions_shows_all_details_of_an_offered_call(qtbot: QtBot) -> None:
    shown = arrange(replace(line("Trespass"), details=("¿ Spanish", "offered to M. Reyes")), NARROW)
    assert shown.third_words == "¿ Spanish · offered to M. Reyes"

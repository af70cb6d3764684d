"""What is told to the page: only what differs, and enough to make one picture out of the other."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from console.ui.map.picture import BLANK, NOTHING, MapCall, MapLook, MapPatch, MapPicture, MapUnit, View, patch

UNITS = st.builds(
    MapUnit,
    id=st.sampled_from("ABCD"),
    label=st.sampled_from(["x", "y"]),
    latitude=st.sampled_from([35.9, 36.0]),
    longitude=st.sampled_from([-78.9, -78.8]),
    colour=st.just("teal"),
    filled=st.booleans(),
    backup=st.booleans(),
)
CALLS = st.builds(
    MapCall,
    id=st.sampled_from("12"),
    label=st.just("x"),
    latitude=st.sampled_from([35.9, 36.0]),
    longitude=st.just(-78.9),
    tone=st.sampled_from(["plain", "due", "past"]),
    chosen=st.booleans(),
)
PICTURES = st.builds(
    MapPicture,
    look=st.sampled_from([MapLook({"bg": "#000000"}, "sans"), MapLook({"bg": "#ffffff"}, "sans", 2.0)]),
    areas=st.sampled_from([(), ("{}",)]),
    units=st.lists(UNITS).map(lambda units: {unit.id: unit for unit in units}),
    calls=st.lists(CALLS).map(lambda calls: {call.id: call for call in calls}),
    shows_units=st.booleans(),
    shows_calls=st.booleans(),
    shows_areas=st.booleans(),
    note=st.sampled_from(["", "EXERCISE"]),
    view=st.sampled_from([View(), View("follow", "1"), View("free", center=(36.0, -78.9, 12.0))]),
)


def applied(picture: MapPicture, change: MapPatch) -> MapPicture:
    """What the page makes of a patch."""
    units = {key: unit for key, unit in picture.units.items() if key not in change.units_gone}
    units |= {unit.id: unit for unit in change.units}
    units |= {key: replace(units[key], latitude=lat, longitude=lon) for key, lat, lon in change.moves}
    calls = {key: call for key, call in picture.calls.items() if key not in change.calls_gone}
    calls |= {call.id: call for call in change.calls}
    names = ("look", "areas", "shows_units", "shows_calls", "shows_areas", "note", "view")
    told = {name: value for name in names if (value := getattr(change, name)) is not UNSET}
    return replace(picture, units=units, calls=calls, **told)


@given(PICTURES, PICTURES)
def test_a_patch_makes_the_one_picture_out_of_the_other(before: MapPicture, after: MapPicture) -> None:
    assert applied(before, patch(before, after)) == after


@given(PICTURES)
def test_given_a_page_that_was_loaded_again_then_one_patch_tells_it_everything(picture: MapPicture) -> None:
    assert applied(BLANK, patch(BLANK, picture)) == picture


@given(PICTURES)
def test_given_no_change_then_there_is_nothing_to_tell(picture: MapPicture) -> None:
    assert patch(picture, replace(picture, units=dict(picture.units))) == NOTHING


def test_given_a_unit_that_only_moved_then_only_its_point_is_told() -> None:
    unit = MapUnit("A", "A → 0137", 36.0, -78.9, "teal", backup=True)
    before = MapPicture(units={"A": unit, "B": replace(unit, id="B")})
    after = replace(before, units={**before.units, "A": replace(unit, latitude=36.1)})
    assert patch(before, after) == MapPatch(moves=[("A", 36.1, -78.9)])

"""What is on the map, from the shared state, the last positions and the time. Pure: nothing here draws or waits."""

from datetime import datetime

from console.domain import queries, unit_status
from console.domain.ids import CallId
from console.domain.positions import Standing, doubt
from console.domain.state import Call, Position, State, Unit, UnitStatus
from console.domain.times import local
from console.domain.travel import way, whole_minutes
from console.ui.map.picture import MapCall, MapUnit, Tone


def map_unit(
    state: State, unit: Unit, position: Position | None, standing: Standing | None, now: datetime
) -> MapUnit | None:
    """A unit as drawn; None for one that is off shift, has sent no position, or whose programme has no symbol."""
    programme = state.agency.programme(unit.programme)
    shape = programme.shape if programme else "circle"
    if position is None or shape == "none" or not unit_status.on_duty(unit):
        return None
    heading = unit_status.heading(state, unit)
    doubted = doubt(state.agency, unit, position, standing, now)
    words = unit.unit_id + (f" → {heading.number}" if heading else "")
    if unit.backup:
        words += " ▲ backup"
    if doubted:
        words += f" · {doubted}"
    elif heading and unit.status is UnitStatus.EN_ROUTE:
        there = way(state.agency.travel, position, heading.place)
        words += f" · {whole_minutes(there.minutes)} min" if there else ""
    return MapUnit(
        id=unit.unit_id,
        label=words,
        latitude=position.latitude,
        longitude=position.longitude,
        colour=programme.colour if programme else "slate",
        shape=shape,
        filled=unit_status.free(unit),
        stale=bool(doubted),
        backup=unit.backup is not None,
        target=heading.call_id if heading else "",
    )


def map_call(state: State, call: Call, now: datetime, chosen: CallId | None) -> MapCall | None:
    """A call as drawn; None for one that is closed or has no point. Due and past: it still waits for somebody."""
    point = call.place.point
    if call.closing is not None or point is None:
        return None
    return MapCall(
        id=call.call_id,
        label=f"{call.number} {queries.nature_words(state.agency, call)}" if call.call_id == chosen else call.number,
        latitude=point[0],
        longitude=point[1],
        tone=_tone(state, call, now),
        chosen=call.call_id == chosen,
        radius_m=call.place.uncertainty_m or 0.0,
    )


def map_areas(state: State, now: datetime) -> list[str]:
    """The GeoJSON text of the areas that programmes serve at this time, each once."""
    today = local(state.agency, now).date()
    files: dict[str, None] = {}
    for programme in state.agency.programmes:
        in_force = [area for area in programme.areas if area.effective_from <= today]
        if in_force:
            files[max(in_force, key=lambda area: area.effective_from).file] = None
    return [state.agency.areas[file] for file in files if file in state.agency.areas]


def _tone(state: State, call: Call, now: datetime) -> Tone:
    if call.eligible_since is None or call.in_care_of is not None or queries.served(call):
        return "plain"
    level = queries.wait(state.agency, call, now).level
    return "plain" if level == "fine" else level

"""The mapping files that come with the console: each loads, fits its file, and names natures that the agency has."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from console.domain.agency import Agency, Nature
from console.domain.commands import Rejected
from console.domain.decide import decide
from console.domain.ids import NatureCode, UserId
from console.domain.state import Source, State
from console.recorded import findings as f
from console.recorded.findings import Finding
from console.recorded.mapping import load_mapping
from console.recorded.order import TimeOrder
from console.recorded.reading import Reading
from console.recorded.replay import Replayed
from tests.recorded.made_up import Read
from tests.support.agency import AGENCY

START = datetime(2026, 1, 1, tzinfo=UTC)
CONFIG = Path(__file__).parents[2] / "config"
FILES = {
    "durham": "durham/dpd_calls_for_service_sample5.csv",
    "seattle": "calls/seattle_wa_spd_calls_2018_2023.csv",
    "seattle-types": "calls/seattle_wa_spd_types_2010_2024.csv",
    "dallas": "calls/dallas_tx_active_calls.csv",
    "montgomery": "calls/montgomery_pa_911_headerless.csv",
}


def agency() -> Agency:
    """The invented center with the natures of the shipped configuration."""
    with (CONFIG / "durham" / "natures.csv").open(encoding="utf-8", newline="") as file:
        natures = {
            NatureCode(line["code"]): Nature(NatureCode(line["code"]), line["name"], line["priority"])
            for line in csv.DictReader(file)
        }
    return replace(AGENCY, natures=natures, unmapped_nature=NatureCode("UNMAPPED"))


def read(folder: Path, name: str) -> Read:
    path, findings = CONFIG / "mappings" / f"{name}.toml", list[Finding]()
    with Reading(folder / FILES[name], load_mapping(path), agency(), findings.append, path) as reading:
        calls = list(reading)
    return Read(calls, findings, reading.counts)


def test_every_mapping_file_is_known_here() -> None:
    assert {path.stem for path in (CONFIG / "mappings").glob("*.toml")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_mapping_file_loads_and_names_only_natures_the_agency_has(name: str) -> None:
    mapping = load_mapping(CONFIG / "mappings" / f"{name}.toml")
    assert mapping.name == name
    known = agency().natures
    assert [code for code in mapping.nature.table.values() if code not in known] == []


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_a_real_file_is_a_call_with_a_known_nature(real_data: Path, name: str) -> None:
    result = read(real_data, name)
    rows, calls, merged = {
        "durham": (5, 5, 0),
        "seattle": (222, 222, 0),
        "seattle-types": (2706, 2706, 0),
        "dallas": (63, 45, 18),
        "montgomery": (3051, 3040, 11),
    }[name]
    counts = result.counts
    assert (counts.rows, counts.calls, counts.merged, counts.listed) == (rows, calls, merged, 0)
    assert Counter(result.kinds) == ({f.REPEATED_ROW: 11} if name == "montgomery" else {})
    assert counts.without_point == (45 if name == "dallas" else 0)
    assert len({call.key for call in result.calls}) == calls


@pytest.mark.parametrize("name", FILES)
def test_the_domain_takes_every_call_of_a_real_file(real_data: Path, name: str) -> None:
    state, feed = State(agency=agency()), UserId("feed")
    replayed = Replayed(name, ZoneInfo("America/New_York"), True)
    orders = [replayed.order(call) for call in read(real_data, name).calls]
    assert len({order.command_id for order in orders}) == len(orders)
    decisions = [decide(state, order.command, feed, order.occurred_at or START) for order in orders]
    assert [decision for decision in decisions if isinstance(decision, Rejected)] == []


def in_ring(longitude: float, latitude: float, ring: list[list[float]]) -> bool:
    """Even-odd: how often a line eastward from the point crosses the ring."""
    crossings = 0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:] + ring[:1], strict=True):
        crossings += (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
    return crossings % 2 == 1


def beats_at(longitude: float, latitude: float, layer: dict[str, Any]) -> list[str]:
    return [
        str(feature["properties"]["beat"])
        for feature in layer["features"]
        if any(
            sum(in_ring(longitude, latitude, ring) for ring in polygon) % 2 for polygon in feature["geometry"]["coordinates"]
        )
    ]


def test_each_call_of_the_city_lies_in_the_beat_it_carries(real_data: Path) -> None:
    layer = json.loads((real_data / "durham" / "durham_police_beats_37.geojson").read_text(encoding="utf-8"))
    calls = read(real_data, "durham").calls
    for call in calls:
        assert call.place.longitude is not None and call.place.latitude is not None
        assert beats_at(call.place.longitude, call.place.latitude, layer) == [call.place.beat]
    assert calls[0].received_at == datetime(2025, 1, 1, 5, 1, 2, tzinfo=UTC)
    assert (calls[0].source, calls[1].source) == (Source.WIRELESS_911, Source.PHONE)
    assert {call.nature for call in calls} == {"DISCHARGE"}


def test_units_of_one_incident_come_in_one_call(real_data: Path) -> None:
    calls = {call.reference: call for call in read(real_data, "dallas").calls}
    assert len(calls["18-0052951"].units) == 4
    assert sum(len(call.units) for call in calls.values()) == 63
    assert calls["18-0052973"].place.address == "3000 E Illinois Ave"
    assert calls["18-0052973"].received_at == datetime(2018, 1, 9, 15, 26, tzinfo=UTC)


def test_queued_and_arrived_times_and_both_types_are_kept(real_data: Path) -> None:
    calls = {call.reference: call for call in read(real_data, "seattle").calls}
    call = calls["2023000319821"]
    assert call.received_at == datetime(2023, 11, 5, 1, 8, 26, tzinfo=UTC)
    assert call.arrived_at == datetime(2023, 11, 5, 1, 51, 6, tzinfo=UTC)
    assert call.final_nature_text == "--SUSPICIOUS CIRCUM. - SUSPICIOUS PERSON"
    assert call.place.uncertainty_m == 150
    assert sum(call.arrived_at is not None for call in calls.values()) == 222 - 36


def test_calls_of_dates_only_say_that_their_hour_is_not_known(real_data: Path) -> None:
    calls = read(real_data, "seattle-types").calls
    assert all(call.flags == ("hour not known",) for call in calls)
    with TimeOrder() as order:
        for call in calls:
            order.add(call)
        times = [call.received_at for call in order]
    assert times == sorted(times)

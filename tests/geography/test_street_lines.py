"""Streets are read from what maps and counties export, and what is left out or assumed is told."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import osmium
import pytest

from console.geography.street_lines import StreetLine, read_streets
from console.geography.unusable import Unusable

OSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6" generator="by hand">
  <node id="1" version="1" lat="36.0" lon="-79.0"/>
  <node id="2" version="1" lat="36.0" lon="-78.99"/>
  <node id="3" version="1" lat="36.0" lon="-78.98"/>
  <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
    <tag k="highway" v="motorway"/><tag k="ref" v="I 40;US 64"/><tag k="maxspeed" v="65 mph"/></way>
  <way id="11" version="1"><nd ref="2"/><nd ref="99"/><nd ref="1"/>
    <tag k="highway" v="residential"/><tag k="name" v="Half Street"/><tag k="oneway" v="-1"/></way>
  <way id="12" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way>
  <way id="13" version="1"><nd ref="1"/><nd ref="3"/>
    <tag k="highway" v="secondary"/><tag k="bridge" v="yes"/><tag k="layer" v="2"/><tag k="maxspeed" v="50"/></way>
  <way id="14" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
    <tag k="highway" v="service"/><tag k="motor_vehicle" v="no"/></way>
  <way id="15" version="1"><nd ref="1"/><nd ref="3"/><tag k="building" v="yes"/></way>
</osm>
"""


def collection(*properties: dict[str, object], line: Sequence[Sequence[float]] = ((-79.0, 36.0), (-78.9, 36.1))) -> str:
    """A GeoJSON file with one line for each set of properties."""
    features = [
        {"type": "Feature", "properties": each, "geometry": {"type": "LineString", "coordinates": line}}
        for each in properties
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def read(path: Path) -> tuple[list[StreetLine], list[str]]:
    """The streets of a file, and what was found."""
    found: list[str] = []
    return list(read_streets(path, found.append)), found


def geojson(folder: Path, text: str) -> tuple[list[StreetLine], list[str]]:
    """The same, of the text of a GeoJSON file."""
    path = folder / "streets.geojson"
    path.write_text(text, encoding="utf-8")
    return read(path)


def as_pbf(source: Path, path: Path) -> None:
    """The same map in OpenStreetMap's binary form."""
    with osmium.SimpleWriter(str(path)) as writer:
        for each in osmium.FileProcessor(str(source)):
            writer.add(each)


@pytest.mark.parametrize("ending", [".osm", ".osm.bz2", ".osm.gz", ".pbf"])
def test_given_openstreetmap_when_read_then_ways_for_vehicles_with_class_speed_direction_and_level(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"streets{ending}"
    plain = tmp_path / "plain.osm"
    plain.write_bytes(OSM.encode())
    if ending == ".pbf":
        as_pbf(plain, path)
    else:
        packed = {".osm": OSM.encode(), ".osm.bz2": bz2.compress(OSM.encode()), ".osm.gz": gzip.compress(OSM.encode())}
        path.write_bytes(packed[ending])
    streets, found = read(path)
    motorway, bridge = streets
    assert (motorway.name, motorway.kind, motorway.oneway, motorway.level) == ("I 40", "freeway", 1, 0)
    assert motorway.speed_km_h == pytest.approx(104.6, abs=0.1)
    assert motorway.points == ((36.0, -79.0), (36.0, -78.99), (36.0, -78.98))
    assert (bridge.kind, bridge.oneway, bridge.speed_km_h, bridge.level) == ("artery", 0, 50.0, 2)
    assert "1 left out: within the extract by less than two points" in found
    assert "1 left out: for people on foot, bicycle or horse" in found
    assert "1 left out: closed to vehicles" in found


def test_given_a_way_that_leaves_the_extract_when_read_then_it_is_not_bridged_over_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "cut.osm"
    path.write_text(
        OSM.replace('<nd ref="2"/><nd ref="99"/><nd ref="1"/>', '<nd ref="3"/><nd ref="2"/><nd ref="99"/><nd ref="1"/>')
    )
    streets, found = read(path)
    half = next(street for street in streets if street.name == "Half Street")
    assert half.points == ((36.0, -78.98), (36.0, -78.99))
    assert half.oneway == -1
    assert "1 taken: way reaches beyond the extract, only the part within it" in found


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"type": "primary", "name": "Main", "oneway": 1, "bridge": 0, "z_order": 6.0}, ("Main", "artery", 1, 55.0, 0)),
        ({"type": "motorway", "name": None, "ref": "I 85", "bridge": 1, "z_order": 29.0}, ("I 85", "freeway", 0, 95.0, 2)),
        ({"fclass": "residential", "name": "A", "oneway": "T", "maxspeed": 0, "tunnel": "T"}, ("A", "street", -1, 35.0, -1)),
        ({"fclass": "residential", "name": "A", "oneway": "B", "layer": -1}, ("A", "street", 0, 35.0, -1)),
        ({"MTFCC": "S1100", "FULLNAME": "I- 40"}, ("I- 40", "freeway", 0, 95.0, 0)),
        (
            {"RoadClass": "Local", "St_PreDir": "North", "St_Name": "Roxboro", "St_PosTyp": "Street", "OneWay": "FT",
             "SpeedLimit": 25},
            ("North Roxboro Street", "street", 1, pytest.approx(40.2, abs=0.1), 0),
        ),
        ({"STREETNAME": "OAK", "TYPE": "TRAIL", "SPEED": "35"}, ("OAK", "street", 0, pytest.approx(56.3, abs=0.1), 0)),
        ({}, ("", "street", 0, None, 0)),
    ],
)  # fmt: skip
def test_given_the_attributes_of_an_export_when_read_then_they_mean_what_its_makers_say(
    tmp_path: Path, properties: dict[str, object], expected: tuple[object, ...]
) -> None:
    (street,), _ = geojson(tmp_path, collection(properties))
    assert (street.name, street.kind, street.oneway, street.speed_km_h, street.level) == expected
    assert street.points == ((36.0, -79.0), (36.1, -78.9))


def test_given_what_no_unit_drives_on_when_read_then_it_is_left_out_and_counted(tmp_path: Path) -> None:
    streets, found = geojson(
        tmp_path,
        collection(
            {"class": "railway", "type": "rail"}, {"highway": "steps"}, {"highway": "construction"}, {"highway": "track"}
        ),
    )
    assert [street.kind for street in streets] == ["path"]
    assert sorted(found) == [
        "1 left out: a railway",
        "1 left out: for people on foot, bicycle or horse",
        "1 left out: not built, no longer open, or not for traffic",
    ]


def test_given_what_cannot_be_meant_when_read_then_the_usual_is_taken_and_told(tmp_path: Path) -> None:
    streets, found = geojson(
        tmp_path, collection({"highway": "residential", "maxspeed": "999", "oneway": "sometimes"}, {"speed": "fast"})
    )
    assert [(street.speed_km_h, street.oneway) for street in streets] == [(35.0, 0), (None, 0)]
    assert "2 taken: limit not readable or not possible, the usual speed of its class taken" in found
    assert "1 taken: direction not known, taken for both ways" in found
    assert "1 taken: class not known, taken for an ordinary street" in found


def test_given_lines_without_length_and_other_shapes_when_read_then_counted(tmp_path: Path) -> None:
    text = collection({"highway": "residential"}, line=((-79.0, 36.0), (-79.0, 36.0)))
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-79, 36]}}
    whole = json.loads(text)
    whole["features"].append(point)
    streets, found = geojson(tmp_path, json.dumps(whole))
    assert streets == []
    assert "2 left out: no line but a Point" in found


@pytest.mark.parametrize("name", ["broken.osm", "broken.osm.bz2", "broken.pbf", "broken.geojson", "missing.osm"])
def test_given_a_broken_or_missing_file_when_read_then_unusable(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not name.startswith("missing"):
        whole = bz2.compress(OSM.encode()) if name.endswith("bz2") else OSM.encode()
        path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unusable):
        list(read_streets(path, lambda _: None))


def test_given_a_binary_map_that_was_cut_when_read_then_unusable(tmp_path: Path) -> None:
    plain, whole, cut = tmp_path / "plain.osm", tmp_path / "whole.pbf", tmp_path / "cut.pbf"
    plain.write_text(OSM)
    as_pbf(plain, whole)
    for kept in (20, whole.stat().st_size // 2, whole.stat().st_size - 5):
        cut.write_bytes(whole.read_bytes()[:kept])
        with pytest.raises(Unusable):
            list(read_streets(cut, lambda _: None))


def test_given_an_empty_file_when_read_then_unusable(tmp_path: Path) -> None:
    for name in ("empty.osm", "empty.pbf", "empty.geojson"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(Unusable):
            list(read_streets(tmp_path / name, lambda _: None))


def test_given_the_roads_of_durham_when_read_then_3719_lines_and_the_railways_left_out(real_data: Path) -> None:
    streets, found = read(real_data / "durham" / "durham_osm_roads.geojson")
    assert len(streets) == 3719
    assert "214 left out: a railway" in found
    assert {street.kind for street in streets} == {"freeway", "artery", "street"}


def test_given_west_oakland_when_read_then_its_streets_with_their_names(real_data: Path) -> None:
    streets, _ = read(real_data / "maps" / "West-Oakland.osm.bz2")
    assert len(streets) == 23
    assert {"Goss Street", "9th Street"} <= {street.name for street in streets}
    assert sum(street.oneway != 0 for street in streets) == 8

"""Files of a center's GIS, good and hostile: every feature is given, or said with place and reason."""

import json
import math
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyproj
import pytest
import shapefile
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console.geography import json_members
from console.geography.vector_file import Feature, Unusable, read_features

SQUARE = [[-78.9, 35.9], [-78.8, 35.9], [-78.8, 36.0], [-78.9, 36.0], [-78.9, 35.9]]
BOX = shapely.box(-78.9, 35.9, -78.8, 36.0)
NORTH_CAROLINA_FEET = pyproj.CRS.from_epsg(2264)


def polygon(*rings: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **more, "features": list(features)}


def crs(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


Read = Callable[[Any], tuple[list[Feature], list[str]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a file of a record, a text or bytes: its features, and what was said of it."""

    def reading(content: Any) -> tuple[list[Feature], list[str]]:
        path = tmp_path / "layer.geojson"
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        said: list[str] = []
        return list(read_features(path, said.append)), said

    return reading


def refused(read: Read, content: Any) -> str:
    with pytest.raises(Unusable) as error:
        read(content)
    return str(error.value)


# ------------------------------------------------------------------------------------------------- GeoJSON


@pytest.mark.parametrize(
    "content",
    [
        collection(feature(polygon(SQUARE), beat=111)),
        {"features": [feature(polygon(SQUARE), beat=111)], "type": "FeatureCollection"},
        feature(polygon(SQUARE), beat=111),
        polygon(SQUARE),
        "\ufeff" + json.dumps(collection(feature(polygon(SQUARE), beat=111))),
        json.dumps(collection(feature(polygon(SQUARE), beat=111)), indent=2).replace("\n", "\r\n").encode("utf-16"),
        collection(feature(polygon([[*corner, 120.5] for corner in SQUARE]), beat=111)),
        collection(feature(polygon([[*SQUARE[0], 7.0], *SQUARE[1:]]), beat=111)),
    ],
    ids=[
        "collection",
        "features first",
        "one feature",
        "bare geometry",
        "byte order mark",
        "utf-16",
        "heights",
        "some heights",
    ],
)
def test_given_any_form_of_geojson_then_its_outline_is_read(read: Read, content: Any) -> None:
    (found,), said = read(content)
    assert found.number == 1 and found.geometry.equals(BOX) and not said
    assert found.properties in ({"beat": 111}, {})


def test_given_a_reference_system_wherever_it_is_named_then_coordinates_are_converted(read: Read) -> None:
    to_feet = pyproj.Transformer.from_crs("EPSG:4326", NORTH_CAROLINA_FEET, always_xy=True)
    in_feet = [list(to_feet.transform(corner[0], corner[1])) for corner in SQUARE]
    features = [feature(polygon(in_feet), beat=1)]
    for content in (
        {"type": "FeatureCollection", "crs": crs("urn:ogc:def:crs:EPSG::2264"), "features": features},
        {"type": "FeatureCollection", "features": features, "crs": crs("EPSG:2264")},
    ):
        (found,), said = read(content)
        assert found.geometry.symmetric_difference(BOX).area < 1e-9 and not said
    assert read(collection(feature(polygon(SQUARE)), crs=crs("urn:ogc:def:crs:EPSG::4326")))[0][0].geometry.equals(BOX)
    assert read(collection(feature(polygon(SQUARE), crs="of this feature")))[0][0].geometry.equals(BOX)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b" \n ", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"<kml><Document/></kml>", "no GeoJSON and no Shapefile: it begins with '<kml>"),
        (b"\x00\x01\x02\x03", "no GeoJSON and no Shapefile"),
        (b"SQLite format 3\x00....", "GeoPackage"),
        (b"[1, 2]", "a JSON list"),
        (b"{}", "which is no GeoJSON"),
        (b'{"type": "Topology", "objects": {}}', '"Topology", which is no GeoJSON'),
        (b'{"type": "FeatureCollection", "features": {}}', "its features are no list"),
        (b'{"geometryType": "esriGeometryPolygon", "features": []}', "Esri's own JSON"),
        (json.dumps(collection(feature(polygon(SQUARE))))[:-3].encode(), "cut off"),
        (json.dumps(collection(feature(polygon(SQUARE))))[:-30].encode(), "cut off"),
        (json.dumps(collection(feature(polygon(SQUARE)), name="half a na"))[:60].encode(), "cut off"),
        (b'{"type": "FeatureCollection", "features": [}', "byte"),
        (b'{"type": "FeatureCollection",\n"features": [] "x": 1}', "line 2, character 16: '\"' stands where , or }"),
        (b'{"type": "FeatureCollection", "features": []} {}', "after the end"),
        (b'{1: 2}', "byte 1: a member's name is not in quotes"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "digits"),
        (collection(feature(polygon(SQUARE)), crs=crs("EPSG:999999")), "'EPSG:999999' is not known"),
        (collection(feature(polygon(SQUARE)), crs=crs("a system of our own")), "is not known"),
        (collection(feature(polygon(SQUARE)), crs={"type": "link", "properties": {"href": "x"}}), "names no"),
        (collection(feature({"type": "Point", "coordinates": [2_030_000, 820_000]})), "none of its places is on the earth"),
        (collection(feature({"type": "Point", "coordinates": [36.0, -118.2]})), "latitude and longitude may be swapped"),
        (collection(feature(polygon(SQUARE)), crs=crs("EPSG:2264")), "none of its places is on the earth"),
    ],
)  # fmt: skip
def test_given_a_file_of_which_nothing_can_be_made_then_place_and_reason_are_said(
    read: Read, content: Any, words: str
) -> None:
    assert words in refused(read, content)


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (None, "no geometry"),
        (polygon(), "empty"),
        (polygon(SQUARE[:2]), "empty"),
        (polygon([[-78.9, None], *SQUARE[1:]]), "NaN, null or infinite"),
        (polygon([[-78.9, float("nan")], *SQUARE[1:]]), "NaN, null or infinite"),
        (polygon([[-78.9, 95.0], *SQUARE[1:]]), "the coordinates -78.9, 95 are nowhere"),
        (polygon([[1e999, 35.0], *SQUARE[1:]]), "infinite"),
        (polygon([[10**400, 35], *SQUARE[1:]]), "not lists of numbers"),
        (polygon([["west", "north"], *SQUARE[1:]]), "not lists of numbers"),
        ({"type": "Polygon", "coordinates": 7}, "not lists of numbers"),
        ({"type": "Polygon", "coordinates": {"a": 1}}, "its geometry is empty"),
        ({"type": "Polygon"}, "not lists of numbers"),
        ({"type": "Point", "coordinates": []}, "not lists of numbers"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "not lists of numbers"),
        ({"type": "Circle", "coordinates": [1, 2]}, "'Circle', which is no GeoJSON geometry"),
        ({"rings": []}, "not lists of numbers"),
        ("a polygon", "not lists of numbers"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "encloses nothing"),
    ],
)  # fmt: skip
def test_given_one_feature_that_is_no_good_then_it_is_left_out_with_its_number_and_the_rest_taken(
    read: Read, geometry: Any, words: str
) -> None:
    found, said = read(collection(feature(polygon(SQUARE)), feature(geometry), feature(polygon(SQUARE))))
    assert [each.number for each in found] == [1, 3]
    assert any(line.startswith("feature 2: left out: ") and words in line for line in said), said


def test_given_what_is_no_feature_or_has_no_properties_then_it_is_said(read: Read) -> None:
    esri = {"attributes": {"beat": 1}, "geometry": {"rings": [SQUARE]}}
    found, said = read(collection(7, esri, {**feature(polygon(SQUARE)), "properties": [1]}, feature(polygon(SQUARE))))
    assert [(each.number, each.properties) for each in found] == [(3, {}), (4, {})]
    assert said == [
        "feature 1: left out: it is no GeoJSON feature",
        "feature 2: left out: it is no GeoJSON feature but Esri's own JSON; export it as GeoJSON",
        "feature 3: its properties are no record: not read",
    ]


def test_given_an_outline_that_crosses_itself_then_it_is_mended_and_said(read: Read) -> None:
    bow_tie = [[-78.9, 35.9], [-78.8, 36.0], [-78.8, 35.9], [-78.9, 36.0], [-78.9, 35.9]]
    (found,), (said,) = read(collection(feature(polygon(bow_tie))))
    assert found.geometry.is_valid and found.geometry.geom_type == "MultiPolygon"
    assert found.geometry.area == pytest.approx(BOX.area / 2)
    assert re.fullmatch(r"feature 1: its outline is not simple \(Self-intersection.*\): mended", said)


def test_given_an_open_ring_and_a_hole_of_two_corners_then_the_outline_stands_and_the_hole_is_said(read: Read) -> None:
    (found,), said = read(feature(polygon(SQUARE[:-1], [[-78.85, 35.95], [-78.84, 35.95]])))
    assert found.geometry.equals(BOX)
    assert said == ["feature 1: a ring of 2 corners left out"]


def test_given_mixed_encodings_then_what_is_not_utf_8_is_read_as_windows_1252_and_said(read: Read) -> None:
    text = json.dumps(collection(feature(polygon(SQUARE), name="Peña", other="Ca\u00f1on")), ensure_ascii=False)
    (found,), said = read(text.encode().replace("Cañon".encode(), "Cañon".encode("cp1252")))
    assert found.properties == {"name": "Peña", "other": "Cañon"}
    assert said == ["feature 1: some of its texts are not UTF-8; read as Windows-1252"]


def test_given_a_large_file_then_it_is_read_in_bounded_memory_and_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "large.geojson"
    one = json.dumps(feature(polygon(SQUARE), note="x" * 2_000))
    number = 4_000
    with path.open("w") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        file.writelines(f"{one}{', ' if n < number - 1 else ''}" for n in range(number))
        file.write("]}")
    shares: list[float] = []
    list(read_features(tmp_path / "large.geojson", pytest.fail, shares.append))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_features(path, pytest.fail))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == number
    assert peak < path.stat().st_size / 8, "the file is never in memory as a whole"
    assert shares == sorted(shares) and shares[0] < 0.1 and shares[-1] > 0.9


def test_given_one_endless_feature_then_it_is_refused_before_memory_is_gone(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_members, "AT_MOST", 1 << 20)
    endless = b'{"type": "FeatureCollection", "features": [{"a": [' + b"1," * (1 << 21)
    assert "one feature is longer than" in refused(read, endless)


@given(size=st.integers(1, 70), names=st.lists(st.text(max_size=8), max_size=4))
def test_given_any_size_of_chunk_then_the_same_features_are_read(
    tmp_path_factory: pytest.TempPathFactory, size: int, names: list[str]
) -> None:
    path = tmp_path_factory.mktemp("chunks") / "layer.geojson"
    features = [feature({"type": "Point", "coordinates": [n, -n]}, name=name) for n, name in enumerate(names)]
    path.write_text(
        json.dumps(collection(*features, count=12345, end=1.5), ensure_ascii=False).encode("utf-8", "replace").decode()
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_members, "CHUNK", size)
        found = list(read_features(path, pytest.fail))
    kept = [name.encode("utf-8", "replace").decode() for name in names]
    assert [(each.geometry.bounds[0], each.properties) for each in found] == [
        (n, {"name": name}) for n, name in enumerate(kept)
    ]


@given(data=st.data())
def test_given_a_file_with_any_bytes_changed_then_it_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("changed") / "layer.geojson"
    whole = json.dumps(collection(feature(polygon(SQUARE), beat=1), crs=crs("EPSG:4326"))).encode()
    _read_anything(path, _changed(whole, data))


def _changed(whole: bytes, data: st.DataObject) -> bytes:
    at = data.draw(st.integers(0, len(whole) - 1))
    return whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 4)) :]


def _read_anything(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        for each in read_features(path, lambda _: None):
            assert shapely.is_valid(each.geometry)
    except Unusable as error:
        assert str(error)


# ------------------------------------------------------------------------------------------------- Shapefile


def shape_file(
    folder: Path, *, name: str = "beats", prj: str | None = None, cpg: str | None = "UTF-8", encoding: str = "utf-8"
) -> Path:
    """Two beats: a square with a hole, and one beside it, in feet of North Carolina."""
    to_feet = pyproj.Transformer.from_crs("EPSG:4326", NORTH_CAROLINA_FEET, always_xy=True)
    hole = [[-78.86, 35.94], [-78.84, 35.94], [-78.84, 35.96], [-78.86, 35.96], [-78.86, 35.94]]
    with shapefile.Writer(str(folder / name), shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("BEAT", "C", 20)
        writer.field("SINCE", "D")
        writer.field("PEOPLE", "N")
        writer.poly([[to_feet.transform(corner[0], corner[1]) for corner in ring] for ring in (SQUARE[::-1], hole)])
        writer.record("Peña 111", "20240102", 4000)
        writer.null()
        writer.record("nowhere", None, None)
    if prj is None:
        prj = NORTH_CAROLINA_FEET.to_wkt(pyproj.enums.WktVersion.WKT1_ESRI)
    if prj:
        (folder / f"{name}.prj").write_text(prj)
    if cpg is not None:
        (folder / f"{name}.cpg").write_text(cpg)
    return folder / f"{name}.shp"


def zipped(path: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "a") as packed:
        for part in path.parent.glob(f"{path.stem}.???"):
            packed.write(part, f"export/{part.name}")
    return archive


def features_of(path: Path) -> tuple[list[Feature], list[str]]:
    said: list[str] = []
    return list(read_features(path, said.append)), said


@pytest.mark.parametrize(
    ("cpg", "encoding"),
    [
        ("UTF-8", "utf-8"),
        (None, "utf-8"),
        ("1252", "cp1252"),
        ("ISO-8859-1", "latin-1"),
        ("88591", "latin-1"),
        ("65001", "utf-8"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["shp", "zip"])
def test_given_a_shapefile_then_it_is_read_by_its_own_reference_system_and_encoding(
    tmp_path: Path, cpg: str | None, encoding: str, packed: bool
) -> None:
    path = shape_file(tmp_path, cpg=cpg, encoding=encoding)
    (found,), said = features_of(zipped(path, tmp_path / "beats.zip") if packed else path)
    assert found.properties == {"BEAT": "Peña 111", "SINCE": "2024-01-02", "PEOPLE": 4000}
    hole = shapely.box(-78.86, 35.94, -78.84, 35.96)
    assert found.geometry.symmetric_difference(BOX.difference(hole)).area < 1e-9
    assert said == ["feature 2: left out: it has no geometry"]


def test_given_a_large_shapefile_then_it_is_read_in_bounded_memory(tmp_path: Path) -> None:
    ring = [(-79 + 0.01 * math.cos(n / 80), 36 + 0.01 * math.sin(n / 80)) for n in range(500)]
    with shapefile.Writer(str(tmp_path / "large"), shapeType=shapefile.POLYGON) as writer:
        writer.field("BEAT", "N")
        for number in range(400):
            writer.poly([[*ring, ring[0]]])
            writer.record(number)
    (tmp_path / "large.prj").write_text(pyproj.CRS.from_epsg(4326).to_wkt(pyproj.enums.WktVersion.WKT1_ESRI))
    path, shares = tmp_path / "large.shp", list[float]()
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_features(path, pytest.fail, shares.append))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 400 and shares == sorted(shares) and shares[-1] > 0.9
    assert peak < path.stat().st_size / 2, "the file is never in memory as a whole"


def test_given_rings_that_run_the_wrong_way_round_then_the_outline_is_still_what_it_should_be(tmp_path: Path) -> None:
    rings = [SQUARE, [[-78.86, 35.94], [-78.86, 35.96], [-78.84, 35.96], [-78.84, 35.94], [-78.86, 35.94]]]
    hole = shapely.box(-78.86, 35.94, -78.84, 35.96)
    with shapefile.Writer(str(tmp_path / "rings"), shapeType=shapefile.POLYGON) as writer:
        writer.field("N", "N")
        for number, listed in enumerate((rings[:1], rings, [rings[0], rings[1][::-1]]), start=1):
            writer.poly(listed)
            writer.record(number)
    (tmp_path / "rings.prj").write_text(pyproj.CRS.from_epsg(4326).to_wkt(pyproj.enums.WktVersion.WKT1_ESRI))
    (alone, reversed_both, reversed_outer), said = features_of(tmp_path / "rings.shp")
    assert alone.geometry.equals(BOX)
    assert reversed_both.geometry.equals(BOX.difference(hole))
    assert reversed_outer.geometry.equals(BOX.difference(hole))
    assert [line.partition(": ")[0] for line in said] == ["feature 2", "feature 3"]


def test_given_texts_in_another_encoding_than_stated_then_they_are_read_as_windows_1252_and_said(tmp_path: Path) -> None:
    (found,), said = features_of(shape_file(tmp_path, cpg="UTF-8", encoding="cp1252"))
    assert found.properties["BEAT"] == "Peña 111"
    assert said[0] == "record 1: 'Peña 111' is not utf-8; read as Windows-1252"
    (found,), said = features_of(shape_file(tmp_path, name="other", cpg="KLINGON-7"))
    assert "names the encoding 'KLINGON-7', which is not known" in said[0]


def test_given_a_shapefile_with_a_part_missing_or_cut_off_then_it_says_which(tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        with pytest.raises(Unusable) as error:
            features_of(path)
        return str(error.value)

    whole = shape_file(tmp_path)
    assert "no .prj" in refusal(shape_file(tmp_path, name="bare", prj=""))
    assert "is not known" in refusal(shape_file(tmp_path, name="odd", prj='LOCAL_CS["our own"]'))
    assert "name beats.shp" in refusal(tmp_path / "beats.dbf")
    assert "it is a folder" in refusal(tmp_path)
    assert "cannot be read" in refusal(tmp_path / "nowhere.geojson")
    assert "this one has 0: none" in refusal(zipped(tmp_path / "nothing.shp", _empty_zip(tmp_path / "empty.zip")))
    both = zipped(shape_file(tmp_path, name="more"), zipped(whole, tmp_path / "both.zip"))
    assert "this one has 2: export/beats.shp, export/more.shp" in refusal(both)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(zipped(whole, tmp_path / "whole.zip").read_bytes()[:-40])
    assert refusal(cut)
    text = whole.read_bytes()
    whole.write_bytes(text[:-10])
    assert "cut off" in refusal(whole)
    whole.write_bytes(text[:104] + struct.pack(">i", -4) + text[108:])
    assert "record 1, at byte 100" in refusal(whole)
    whole.write_bytes(text)
    names = (tmp_path / "beats.dbf").read_bytes()
    (tmp_path / "beats.dbf").write_bytes(names[:4] + struct.pack("<i", 1) + names[8:])
    assert "2 records, its .dbf 1" in refusal(whole)
    (tmp_path / "beats.dbf").write_bytes(names[:-25])
    assert "damaged" in refusal(whole)
    (tmp_path / "beats.dbf").unlink()
    assert "no .dbf" in refusal(whole)


def _empty_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w"):
        return path


@settings(max_examples=50)
@given(part=st.sampled_from([".shp", ".dbf", ".prj", ".cpg"]), data=st.data())
def test_given_a_shapefile_with_any_bytes_changed_then_it_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, part: str, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("changed") / "beats.shp"
    parts = {**_whole(), part: _changed(_whole()[part], data)}
    for ending, content in parts.items():
        path.with_suffix(ending).write_bytes(content)
    _read_anything(path, parts[".shp"])


@cache
def _whole() -> dict[str, bytes]:
    with TemporaryDirectory() as made:
        path = shape_file(Path(made))
        return {part.suffix: part.read_bytes() for part in path.parent.iterdir()}

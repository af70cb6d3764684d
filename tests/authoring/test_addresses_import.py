"""`import addresses`: lists of many makes, each row taken or said why not; nothing is half written, whatever the file."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from console import __main__ as entry
from console.geography.geocoder import Geocoder
from console.geography.street_points import metres
from console.recorded.mapping import MappingError
from tests.hub.test_configuration import FILES

HEADER = "address,lat,lon\n"
ROWS = "10 OAK ST,36.01,-78.91\n12 OAK ST,36.02,-78.92\nOAK ST/ELM ST,36.03,-78.93\nCITY HALL,36.04,-78.94\n"
Import = Callable[..., int]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A whole small configuration; its center lies at 36, -78.9."""
    for name, content in FILES.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "config"


@pytest.fixture
def take(config: Path, tmp_path: Path) -> Import:
    """Import a text or bytes as a file; gives the exit code."""

    def run(content: str | bytes, *more: str) -> int:
        file = tmp_path / "list.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return entry.main(["import", "addresses", str(file), "--config", str(config), *more])

    return run


def index(config: Path) -> Path:
    return config / "geography" / "addresses.sqlite"


def point(config: Path, words: str) -> tuple[float, float]:
    found = Geocoder.open(index(config)).find(words)[0]
    return found.latitude, found.longitude


def test_given_a_plain_list_then_all_of_it_is_taken_and_told(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(HEADER + ROWS) == 0
    told = capsys.readouterr().out
    assert "4 rows taken: 2 addresses on 2 streets, 1 crossings, 1 names; left out: none" in told
    assert point(config, "12 oak street") == (36.02, -78.92)
    assert point(config, "elm & oak") == (36.03, -78.93)
    assert point(config, "city hall") == (36.04, -78.94)
    assert [path.name for path in index(config).parent.iterdir()] == ["addresses.sqlite"]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_given_another_mark_between_columns_then_it_is_found_out(take: Import, config: Path, mark: str) -> None:
    assert take((HEADER + ROWS).replace(",", mark)) == 0
    assert point(config, "10 oak st") == (36.01, -78.91)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_given_letters_in_any_usual_encoding_then_they_are_read(take: Import, config: Path, encoding: str) -> None:
    assert take((HEADER + "10 PEÑA ST,36.01,-78.91\n").encode(encoding)) == 0
    assert point(config, "10 pena st") == (36.01, -78.91)


def test_given_mixed_encodings_then_each_line_is_read_by_its_own_and_it_is_told(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(HEADER.encode() + "10 PEÑA ST,36.01,-78.91\n".encode() + "12 CAÑON RD,36.02,-78.92\n".encode("cp1252")) == 0
    assert "1 with letters that are not UTF-8, read as Windows-1252" in capsys.readouterr().out
    assert (point(config, "10 pena st"), point(config, "12 canon rd")) == ((36.01, -78.91), (36.02, -78.92))


def test_given_the_fields_of_nena_sta_006_then_parts_towns_units_and_landmarks_are_put_together(
    take: Import, config: Path
) -> None:
    header = (
        "Long,Lat,AddNum_Pre,Add_Number,AddNum_Suf,St_PreDir,St_PreTyp,St_Name,St_PosTyp,St_PosDir,LSt_PreDir,LSt_Name,LSt_Type,"
        "Unit,Inc_Muni,LandmkName,ESN\n"
    )
    lines = (
        "-78.91,36.01,,1002,1/2,East,,Geer,Street,,,,,,Springfield,,101\n"
        "-78.92,36.02,,4900,,,Highway,55,,West,,,,Suite 140,Unincorporated,,101\n"
        "-78.93,36.03,,7,,,,,,,N,OLD MILL,RD,B,,The Mill,101\n"
    )
    assert take(header + lines) == 0
    assert point(config, "1002 1/2 e geer st, springfield") == (36.01, -78.91)
    assert point(config, "4900 hwy 55 west ste 140") == (36.02, -78.92)
    assert point(config, "7 n old mill road #b") == (36.03, -78.93)
    assert Geocoder.open(index(config)).find("the mill")[0].words == "The Mill, 7 N OLD MILL RD # B"


def test_given_number_and_street_in_columns_of_their_own_then_they_are_joined(take: Import, config: Path) -> None:
    assert take("LON,LAT,NUMBER,STREET,UNIT,CITY\n-78.91,36.01,10,OAK ST,5,Springfield\n") == 0
    assert Geocoder.open(index(config)).find("10 oak st apt 5")[0].words == "10 OAK ST APT 5, SPRINGFIELD"


def test_given_projected_points_and_their_system_then_they_become_degrees(take: Import, config: Path) -> None:
    assert take("Address,X,Y\n400 CHESTNUT OAK PL,2055296.139,825122.6138\n", "--crs", "EPSG:2264") == 0
    assert metres(point(config, "400 chestnut oak pl"), (36.014, -78.813)) < 1_000


def test_given_a_mapping_file_then_columns_and_system_are_as_it_says(
    take: Import, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'crs = "EPSG:2264"\n[file]\ndelimiter = ";"\n'
        '[columns]\naddress = ["HOUSE", "ROAD"]\nx = "E"\ny = "N"\nname = "CALLED"\n'
    )
    lines = "HOUSE;ROAD;E;N;CALLED\n400;CHESTNUT OAK PL;2055296.139;825122.6138;Oak House\n"
    assert take(lines, "--map", str(mapping)) == 0
    assert metres(point(config, "oak house"), (36.014, -78.813)) < 1_000
    assert take(lines.replace("ROAD", "STREET"), "--map", str(mapping)) == 2
    assert "there is no column 'ROAD'; the file has HOUSE, STREET" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["x = [", "[columns]\nx = 1\n", "[columns]\naddress='A'\nx='X'\ny='Y'\nz='Z'\n", None])
def test_given_a_mapping_that_is_wrong_then_its_place_is_said(
    take: Import, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    mapping = tmp_path / "map.toml"
    if text is not None:
        mapping.write_text(text)
    assert take(HEADER + ROWS, "--map", str(mapping)) == 2
    assert "map.toml" in capsys.readouterr().err
    assert not index(config).exists()


def test_given_the_shipped_example_of_a_mapping_then_it_can_be_read() -> None:
    from console.authoring.address_columns import load_address_mapping
    from console.shipped import default_configuration

    examples = list((default_configuration().parent / "mappings" / "addresses").glob("*.toml"))
    assert examples
    for path in examples:
        assert load_address_mapping(path).columns.address
    with pytest.raises(MappingError):
        load_address_mapping(Path("nowhere.toml"))


def test_given_rows_that_cannot_be_taken_then_each_is_said_with_its_line_and_the_others_are_taken(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = (
        "14 OAK ST,,\n16 OAK ST,north,west\n18 OAK ST,0,0\n20 OAK ST,91,-78.9\n22 OAK ST,41,-78.9\n,36,-78.9\n"
        "address,lat,lon\n24 OAK ST,36\n26 OAK ST,nan,inf\n"
    )
    assert take(HEADER + ROWS + ROWS + bad) == 1
    told = capsys.readouterr()
    for line, why in (
        (10, "without a point"), (11, "a point that is no two numbers: west, north"), (12, "a point at 0, 0"),
        (13, "a point off the world"), (14, "a point more than 200 km from the center"), (15, "without an address"),
        (16, "the header again"), (17, "wrong number of columns"), (18, "a point that is no two numbers"),
    ):  # fmt: skip
        assert f"list.csv: line {line}: left out: {why}" in told.err
    assert "8 rows taken" in told.out
    assert "1 a point at 0, 0" in told.out
    assert point(config, "10 oak st") == (36.01, -78.91)


def test_given_very_many_bad_rows_then_the_first_are_listed_and_all_are_counted(
    take: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(HEADER + ROWS + "14 OAK ST,,\n" * 500) == 1
    told = capsys.readouterr()
    assert told.err.count("left out: without a point") == 20
    assert "left out: 500 without a point" in told.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"\xff\xfea\x00d\x00", "UTF-16"),
        (HEADER, "no row of it could be taken"),
        ("what,ever\n1,2\n", "no column of it is known as an address"),
        ("address,what\n1,2\n", "no columns of it are known as a point"),
        ("Address,X,Y\n10 OAK ST,2055296,825122\n12 OAK ST,2055290,825120\n", "--crs EPSG:2264"),
        ("address,lat,lon\n10 OAK ST,-78.91,36.01\n12 OAK ST,-78.92,36.02\n", "x and y are swapped"),
        ('address,lat,lon\n"10 OAK ST,36.01,-78.91\n', "no row of it could be taken"),
        (b"\x00" * 3000, "known as an address"),
        (b"address,lat,lon\n" + b"x" * 3_000_000, "no row of it could be taken"),
    ],
)
def test_given_a_file_of_which_nothing_can_be_made_then_it_is_said_and_the_old_one_stays(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, said: str
) -> None:
    assert take(HEADER + ROWS) == 0
    before = index(config).read_bytes()
    capsys.readouterr()
    assert take(content) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.rstrip().endswith("Nothing was written.")
    assert index(config).read_bytes() == before
    assert [path.name for path in index(config).parent.iterdir()] == ["addresses.sqlite"]


@pytest.mark.parametrize("crs", ["EPSG:999999", "nonsense"])
def test_given_a_reference_system_that_is_none_then_it_is_said(
    take: Import, capsys: pytest.CaptureFixture[str], crs: str
) -> None:
    assert take("Address,X,Y\n10 OAK ST,1,2\n", "--crs", crs) == 2
    assert crs in capsys.readouterr().err


def test_given_degrees_and_a_system_for_x_and_y_then_it_is_said_that_they_do_not_go_together(
    take: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(HEADER + ROWS, "--crs", "EPSG:2264") == 2
    assert "which are degrees" in capsys.readouterr().err


def test_given_no_such_file_or_configuration_then_it_is_said(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file, folder in (("none.csv", config), ("list.csv", tmp_path / "none")):
        (tmp_path / "list.csv").write_text(HEADER + ROWS)
        assert entry.main(["import", "addresses", str(tmp_path / file), "--config", str(folder)]) == 2
        assert "none" in capsys.readouterr().err


def test_given_a_file_cut_off_in_the_middle_of_a_row_then_the_whole_rows_are_taken(take: Import, config: Path) -> None:
    assert take((HEADER + ROWS)[:-12]) == 1
    assert point(config, "12 oak st") == (36.02, -78.92)


def test_given_five_megabytes_then_only_a_part_of_it_is_ever_in_memory(take: Import, config: Path) -> None:
    wide = "x" * 1_300
    lines = [f"{100 + n} OAK ST,36.01,{-78.9 - n / 1e6:.6f},{wide}\n" for n in range(4_000)]
    content = "address,lat,lon,remark\n" + "".join(lines)
    assert len(content) > 5_000_000
    take(HEADER + ROWS)  # whatever is loaded once
    tracemalloc.start()
    try:
        file = config.parent / "list.csv"
        file.write_text(content)
        del lines, content
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        assert entry.main(["import", "addresses", str(file), "--config", str(config)]) == 0
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000
    assert point(config, "4000 oak st")[0] == 36.01

"""A mapping that is wrong says so before anything is read: in which file, where in it, and what is allowed."""

from pathlib import Path

import pytest

from console.recorded.mapping import MappingError, load_mapping
from tests.recorded.made_up import HEADER, MAPPING, read_file, read_rows, row


@pytest.mark.parametrize(
    ("old", "new", "place", "allowed"),
    [
        ('nature = "Nature"', 'natur = "Nature"', "columns.natur: there is no such key", "nature, reference"),
        ("[columns]", "[colums]\n[columns]", "colums: there is no such key", "columns"),
        ('nature = "Nature"', "", "columns: object missing required field `nature`", ""),
        ('nature = "Nature"', "nature = 7", "columns.nature: expected `str`, got `int`", ""),
        ('time = ["Date", "Time"]', "time = []", "columns: both time and nature", ""),
        ('x = "X"', "", "columns.x: is missing", "go together"),
        ('name = "anytown"', 'name = "Any Town"', "name: expected `str` matching regex", ""),
        ("-80.0, 35.0, -78.0, 37.0", "37.0, -80.0, 35.0, -78.0", "point.bounds: must be west, south", ""),
        ("-80.0, 35.0, -78.0, 37.0", "-80.0, 35.0", "point.bounds", "4"),
        ('"phone"', '"telegraph"', "source.table[...]: invalid enum value 'telegraph'", ""),
        ('2 = "2"', '2 = "11"', "priority.table[...]: invalid enum value '11'", ""),
        ("[point]", "[file]\nheader = false\n[point]", "file.names: is missing", "left to right"),
        ("[point]", '[file]\nnames = ["a"]\n[point]', "file.names: a file with a header row", "header = false"),
        ("[point]", '[file]\nheader = false\nnames = ["a", "a"]\n[point]', "file.names: a: each name once", ""),
        ("[point]", "[file]\ndelimiter = '\"'\n[point]", "file.delimiter: cannot be", "; | and tab"),
        ("[point]", '[file]\nencoding = "ebcdic"\n[point]', "file.encoding: invalid enum value 'ebcdic'", ""),
        ("[point]", "[point", "is not TOML", "line"),
    ],
)
def test_given_a_wrong_mapping_when_it_is_loaded_then_one_error_names_file_and_place(
    tmp_path: Path, old: str, new: str, place: str, allowed: str
) -> None:
    file = tmp_path / "map.toml"
    assert old in MAPPING
    file.write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(MappingError) as error:
        load_mapping(file)
    assert str(error.value).startswith(f"{file}: {place}" if place != "is not TOML" else f"{file}: is not TOML")
    assert allowed in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("America/New_York", "Anytown", "time.zone: 'Anytown' is no zone"),
        ("%S%p", "%S%Q", "time.formats.0: "),
        ("%m/%d/%Y %I:%M:%S%p", "%m/%d/%Y", "time.time_of_day: is missing"),
        ("%m/%d/%Y %I:%M:%S%p", "%m/%Y %H", "time.formats.0: "),
        ("%I:%M:%S%p", "%I:%M:%S", "time.formats.0: "),
        ("EPSG:2264", "EPSG:99999999", "point.crs: 'EPSG:99999999' is no reference system"),
        ('= "CRISIS"', '= "CRISES"', 'nature.table."PERSON IN CRISIS": Anytown Communications has no nature'),
        ('= "CRISIS"', '= "CRISIS"\n"person in  Crisis" = "TRESPASS"', 'nature.table."PERSON IN CRISIS": stands twice'),
        ('beat = "Beat"', 'beat = "Precinct"', 'columns.beat: the file has no column "Precinct"'),
        ('["Date", "Time"]', '["Date", "Hour"]', 'columns.time: the file has no column "Hour"'),
    ],
)
def test_given_a_mapping_that_does_not_fit_when_reading_starts_then_one_error_says_where(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    assert old in MAPPING
    with pytest.raises(MappingError) as error:
        read_rows(tmp_path, row(), mapping=MAPPING.replace(old, new))
    assert str(error.value).startswith(f"{tmp_path / 'map.toml'}: {place}")


def test_given_a_missing_column_when_reading_starts_then_the_error_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r'columns\.nature: .* no column "Nature".*columns of .* are Number, Date'):
        read_file(tmp_path, HEADER.replace("Nature", "Type") + "\n" + row())


def test_given_a_column_that_is_there_twice_when_it_is_mapped_then_the_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match='several columns "Beat"'):
        read_file(tmp_path, HEADER.replace("Number", "Beat") + "\n", MAPPING.replace('reference = "Number"', ""))


def test_given_none_of_many_rows_readable_when_reading_starts_then_the_mapping_is_refused(tmp_path: Path) -> None:
    rows = [row(number=str(n), date="2025-01-15") for n in range(100)]
    with pytest.raises(MappingError, match=r"map\.toml: does not fit .*calls\.csv.*100 of them: a time that none"):
        read_rows(tmp_path, *rows)


def test_given_no_file_when_it_is_loaded_then_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"none\.toml: cannot be read"):
        load_mapping(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"name = 'caf\xe9'")
    with pytest.raises(MappingError, match=r"latin\.toml: is not UTF-8 text"):
        load_mapping(tmp_path / "latin.toml")

"""Each way a row can be broken, and what becomes of it: fed without the bad part and flagged, or listed with its number."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.state import Source
from console.recorded import findings as f
from console.recorded import reading as reading_module
from console.recorded.mapping import MappingError
from tests.recorded.made_up import HEADER, MAPPING, PER_UNIT, read_file, read_rows, row
from tests.support.agency import BURGLARY, CRISIS, TRESPASS


def test_given_a_clean_row_when_read_then_every_part_of_it_is_in_the_call(tmp_path: Path) -> None:
    read = read_rows(tmp_path, row(cancelled="1"))
    (call,) = read.calls
    assert read.findings == []
    assert (call.key, call.reference, call.row, call.line) == ("1001", "1001", 2, 2)
    assert call.received_at == datetime(2025, 1, 15, 5, 1, 2, tzinfo=UTC)
    assert (call.source, call.priority, call.nature, call.nature_text) == (Source.PHONE, "2", TRESPASS, "TRESPASS")
    assert (call.place.address, call.place.beat, call.place.uncertainty_m) == ("400 ELM ST", "121", None)
    assert call.place.latitude == pytest.approx(35.989, abs=0.01)
    assert call.place.longitude == pytest.approx(-78.899, abs=0.01)
    assert call.cancelled
    assert call.flags == ()


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        ("person  in crisis", CRISIS, None),
        ("TEAM - TRESPASS", TRESPASS, None),
        ("TEAM - PERSON IN CRISIS", CRISIS, None),
        ("Trespass", TRESPASS, None),
        ("ZEBRA LOOSE", BURGLARY, f.UNMAPPED_NATURE),
        ("TEAM - ZEBRA LOOSE", BURGLARY, f.UNMAPPED_NATURE),
        ("", BURGLARY, f.BLANK_NATURE),
    ],
)
def test_natures_are_translated_exactly_then_without_prefix_and_else_keep_their_words(
    tmp_path: Path, words: str, code: str, kind: f.Kind | None
) -> None:
    read = read_rows(tmp_path, row(nature=words))
    (call,) = read.calls
    assert (call.nature, call.nature_text) == (code, words)
    assert read.kinds == ([kind] if kind else [])
    assert call.flags == (("nature not mapped",) if kind else ())


@pytest.mark.parametrize(
    ("x", "y", "kind"),
    [
        ("0", "0", f.ZERO_POINT),
        ("0.0", "-0.0", f.ZERO_POINT),
        ("", "", f.BLANK_POINT),
        ("2030000", "", f.UNREADABLE_POINT),
        ("here", "there", f.UNREADABLE_POINT),
        ("nan", "815000", f.UNREADABLE_POINT),
        ("inf", "815000", f.UNREADABLE_POINT),
        ("3.1e7", "3.1e7", f.POINT_OUTSIDE_BOUNDS),
        ("31000000", "815000", f.POINT_OUTSIDE_BOUNDS),
        ("1e300", "1e300", f.POINT_OUTSIDE_BOUNDS),
        ("1030000", "815000", f.POINT_OUTSIDE_BOUNDS),
    ],
)
def test_a_point_that_cannot_be_right_is_left_out_and_the_call_says_so(tmp_path: Path, x: str, y: str, kind: f.Kind) -> None:
    read = read_rows(tmp_path, row(x=x, y=y))
    (call,) = read.calls
    assert (call.place.latitude, call.place.longitude) == (None, None)
    assert call.place.address == "400 ELM ST"
    assert call.flags == ("no point",)
    (finding,) = read.findings
    assert (finding.kind, finding.row, finding.column, finding.value) == (kind, 2, "X, Y", f"{x}, {y}")
    assert read.counts.without_point == 1


@pytest.mark.parametrize(
    ("part", "value", "kind", "flags"),
    [
        ("priority", "Q", f.UNKNOWN_PRIORITY, ("priority not mapped",)),
        ("source", "Pigeon", f.UNKNOWN_SOURCE, ("source not mapped",)),
        ("cancelled", "maybe", f.UNKNOWN_CANCELLED, ()),
        ("number", "", f.NO_REFERENCE, ()),
    ],
)
def test_a_value_the_mapping_does_not_name_is_left_out_and_said(
    tmp_path: Path, part: str, value: str, kind: f.Kind, flags: tuple[str, ...]
) -> None:
    read = read_rows(tmp_path, row(**{part: value}))
    (call,) = read.calls
    assert read.kinds == [kind]
    assert call.flags == flags
    assert (read.counts.rows, read.counts.calls, read.counts.listed) == (1, 1, 0)


def test_given_a_blank_priority_and_source_then_nothing_is_amiss(tmp_path: Path) -> None:
    read = read_rows(tmp_path, row(priority="", source=""))
    assert (read.calls[0].priority, read.calls[0].source, read.findings) == ("", Source.OTHER, [])


@pytest.mark.parametrize(
    ("broken", "kind", "column"),
    [
        (row(date="", time=""), f.NO_TIME, "Date, Time"),
        (row(time=""), f.UNREADABLE_TIME, "Date, Time"),
        (row(date="13/45/2025"), f.UNREADABLE_TIME, "Date, Time"),
        (row(date="yesterday"), f.UNREADABLE_TIME, "Date, Time"),
        (row() + ",more", f.WRONG_WIDTH, ""),
        ("1001,1/15/2025", f.WRONG_WIDTH, ""),
        (HEADER, f.HEADER_AGAIN, ""),
    ],
)
def test_a_row_without_use_is_listed_with_its_number_and_the_rows_around_it_are_fed(
    tmp_path: Path, broken: str, kind: f.Kind, column: str
) -> None:
    read = read_rows(tmp_path, row("1"), broken, row("3"))
    assert [call.reference for call in read.calls] == ["1", "3"]
    (finding,) = read.findings
    assert (finding.kind, finding.row, finding.line, finding.column) == (kind, 3, 3, column)
    assert kind.listed
    assert (read.counts.rows, read.counts.calls, read.counts.listed) == (3, 2, 1)


def test_given_a_byte_order_mark_and_windows_line_ends_when_read_then_nothing_is_amiss(tmp_path: Path) -> None:
    content = "\r\n".join((HEADER, row("1"), row("2"), "")).encode("utf-8-sig")
    read = read_file(tmp_path, content)
    assert [call.reference for call in read.calls] == ["1", "2"]
    assert read.findings == []


def test_given_old_line_ends_when_read_then_nothing_is_amiss(tmp_path: Path) -> None:
    read = read_file(tmp_path, "\r".join((HEADER, row("1"), row("2"), "")))
    assert [call.reference for call in read.calls] == ["1", "2"]


def test_given_quoted_line_ends_and_commas_when_read_then_they_are_words(tmp_path: Path) -> None:
    read = read_rows(tmp_path, row("1", address='"FLAT 2,\n400 ""ELM"" ST"'), row("2", time=""))
    assert read.calls[0].place.address == 'FLAT 2,\n400 "ELM" ST'
    (finding,) = read.findings
    assert (finding.row, finding.line) == (3, 4)


def test_given_a_quotation_mark_that_never_closes_then_only_its_own_row_is_lost(tmp_path: Path) -> None:
    rows = [row(str(n)) for n in range(50)]
    rows[10] = row("10", address='"400 ELM ST')
    read = read_rows(tmp_path, *rows)
    assert [call.reference for call in read.calls] == [str(n) for n in range(50) if n != 10]
    assert [(finding.kind, finding.row, finding.line) for finding in read.findings] == [(f.OPEN_QUOTE, 12, 12)]


def test_given_a_quotation_mark_that_swallows_more_than_a_column_holds_then_only_its_own_row_is_lost(tmp_path: Path) -> None:
    rows = [row(str(n)) for n in range(3000)]
    rows[10] = row("10", address='"400 ELM ST')
    read = read_rows(tmp_path, *rows)
    assert len(read.calls) == 2999
    assert [(finding.kind, finding.row) for finding in read.findings] == [(f.OPEN_QUOTE, 12)]


def test_given_a_column_longer_than_any_when_read_then_its_row_is_listed(tmp_path: Path) -> None:
    read = read_rows(tmp_path, row("1", address="A" * 200_000), row("2"))
    assert [call.reference for call in read.calls] == ["2"]
    assert read.kinds == [f.TOO_LONG]


def test_given_a_file_without_line_ends_when_read_then_it_is_cut_and_listed(tmp_path: Path) -> None:
    read = read_rows(tmp_path, "A" * (3 << 20), row("2"))
    assert [call.reference for call in read.calls] == ["2"]
    assert set(read.kinds) == {f.TOO_LONG}


def test_given_bytes_of_another_encoding_when_read_then_they_are_read_as_windows_text_and_said(tmp_path: Path) -> None:
    read = read_file(tmp_path, "\n".join((HEADER, row("1", address="CAFÉ ST"), row("2"))).encode("cp1252"))
    assert [call.place.address for call in read.calls] == ["CAFÉ ST", "400 ELM ST"]
    assert read.calls[0].flags == ("text repaired",)
    assert [(finding.kind, finding.row) for finding in read.findings] == [(f.REPAIRED_TEXT, 2)]


def test_given_the_encoding_in_the_mapping_when_read_then_nothing_is_amiss(tmp_path: Path) -> None:
    mapping = MAPPING + '\n[file]\nencoding = "cp1252"\ndelimiter = ";"\n'
    content = "\n".join((HEADER, row("1", address="CAFÉ ST"))).replace(",", ";").encode("cp1252")
    read = read_file(tmp_path, content, mapping)
    assert (read.calls[0].place.address, read.findings) == ("CAFÉ ST", [])


def test_given_sixteen_bit_text_when_opened_then_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="UTF-16 text; save it as UTF-8"):
        read_file(tmp_path, HEADER.encode("utf-16"))


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf"])
def test_given_an_empty_file_when_opened_then_the_error_says_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MappingError, match=r"calls\.csv: is empty"):
        read_file(tmp_path, content)


def test_given_a_header_and_no_rows_when_read_then_there_are_none(tmp_path: Path) -> None:
    read = read_file(tmp_path, HEADER)
    assert (read.calls, read.findings, read.counts.rows) == ([], [], 0)


def test_empty_lines_are_no_rows_but_count_in_the_numbers_a_spreadsheet_shows(tmp_path: Path) -> None:
    read = read_rows(tmp_path, row("1"), "", "", row("2"))
    assert [(call.row, call.line) for call in read.calls] == [(2, 2), (5, 5)]
    assert read.counts.rows == 2


NO_HEADER = """
name = "plain"
title = "Plain"
address_joiner = ", "
[file]
header = false
names = ["lat", "lon", "what", "when", "town", "street"]
[columns]
time = "when"
nature = "what"
x = "lon"
y = "lat"
address = ["street", "town"]
[time]
formats = ["%Y-%m-%d %H:%M"]
zone = "America/New_York"
[point]
uncertainty_m = 150
[source]
otherwise = "call_911"
"""


def test_given_no_header_row_when_read_then_the_first_row_is_a_call_known_by_its_words(tmp_path: Path) -> None:
    rows = ["40.1,-75.3,TRESPASS,2016-01-15 12:01,UPPER,ELM & OAK", "40.1,-75.3,TRESPASS,2016-01-15 12:02,UPPER,ELM & OAK"]
    read = read_file(tmp_path, "\n".join(rows), NO_HEADER)
    first, second = read.calls
    assert (first.row, first.reference, first.source, first.place.address) == (1, "", Source.CALL_911, "ELM & OAK, UPPER")
    assert (first.place.latitude, first.place.longitude, first.place.uncertainty_m) == (40.1, -75.3, 150)
    assert first.key != second.key
    assert [call.key for call in read_file(tmp_path, "\n".join(rows), NO_HEADER).calls] == [first.key, second.key]


def test_given_the_same_row_again_when_read_then_it_is_merged_and_said(tmp_path: Path) -> None:
    read = read_rows(tmp_path, row("1"), row("2"), row("1"), row("2", nature="CRISIS"))
    assert [call.reference for call in read.calls] == ["1", "2"]
    assert read.calls[1].nature == TRESPASS
    assert [(x.kind, x.row, x.value) for x in read.findings] == [
        (f.REPEATED_ROW, 4, "row 2"),
        (f.DIFFERING_ROW, 5, "row 3: nature, nature_text"),
    ]
    assert (read.counts.rows, read.counts.calls, read.counts.merged, read.counts.listed) == (4, 2, 2, 0)


def test_given_one_row_a_unit_when_read_then_the_units_of_a_call_come_together(tmp_path: Path) -> None:
    rows = [row("1", beat="A1"), row("2", beat="B1"), row("1", beat="A2", time="12:00:30AM"), row("1", beat="A3")]
    read = read_rows(tmp_path, *rows, mapping=PER_UNIT)
    assert [(call.reference, call.units) for call in read.calls] == [("1", ("A1", "A2", "A3")), ("2", ("B1",))]
    assert read.calls[0].received_at == datetime(2025, 1, 15, 5, 0, 30, tzinfo=UTC)
    assert read.findings == []
    assert (read.counts.rows, read.counts.calls, read.counts.merged) == (4, 2, 2)


def test_given_rows_of_a_call_far_apart_when_read_then_the_late_one_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "BATCH", 5)
    monkeypatch.setattr(reading_module, "TRIED", 5)
    rows = [row(str(n), beat="A1") for n in range(20)]
    near, far = row("5", beat="A2"), row("0", beat="A2")
    read = read_rows(tmp_path, *rows[:10], near, *rows[10:], far, mapping=PER_UNIT)
    assert read.calls[5].units == ("A1", "A2")
    assert read.calls[0].units == ("A1",)
    assert [(x.kind, x.row, x.value) for x in read.findings] == [(f.LATE_REPEAT, 23, "0")]
    assert (read.counts.rows, read.counts.calls, read.counts.merged, read.counts.listed) == (22, 20, 1, 1)


ARRIVED = MAPPING.replace('beat = "Beat"', 'arrived = "Beat"')


@pytest.mark.parametrize(
    ("arrived", "expected", "kinds"),
    [
        ("1/15/2025 12:11:02AM", datetime(2025, 1, 15, 5, 11, 2, tzinfo=UTC), []),
        ("", None, []),
        ("soon", None, [f.UNREADABLE_ARRIVAL]),
        ("1/14/2025 12:11:02AM", None, [f.EARLY_ARRIVAL]),
    ],
)
def test_a_time_of_arrival_is_taken_where_it_can_be(
    tmp_path: Path, arrived: str, expected: datetime | None, kinds: list[f.Kind]
) -> None:
    read = read_rows(tmp_path, row(beat=arrived), mapping=ARRIVED)
    assert read.calls[0].arrived_at == expected
    assert read.kinds == kinds


def test_given_dates_only_when_the_mapping_says_so_then_calls_are_flagged_and_nothing_is_found(tmp_path: Path) -> None:
    mapping = MAPPING.replace('["Date", "Time"]', '"Date"').replace(" %I:%M:%S%p", "")
    read = read_rows(tmp_path, row(), mapping=mapping.replace("[point]", 'time_of_day = "12:30"\n[point]'))
    assert read.calls[0].received_at == datetime(2025, 1, 15, 17, 30, tzinfo=UTC)
    assert read.calls[0].flags == ("hour not known",)
    assert read.findings == []


def test_given_a_date_only_among_times_when_read_then_it_is_found(tmp_path: Path) -> None:
    formats = 'formats = ["%m/%d/%Y %I:%M:%S%p", "%m/%d/%Y"]\ntime_of_day = "12:30"'
    read = read_rows(tmp_path, row(time=""), mapping=MAPPING.replace('formats = ["%m/%d/%Y %I:%M:%S%p"]', formats))
    assert (read.kinds, read.calls[0].flags) == ([f.HOUR_NOT_KNOWN], ("hour not known",))

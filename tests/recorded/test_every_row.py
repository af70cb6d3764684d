"""The law of reading: whatever a file holds, nothing raises, and every row is accounted for exactly once."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from console.recorded import findings as f
from tests.recorded.made_up import HEADER, PER_UNIT, Read, read_file

PLAUSIBLE = st.sampled_from(
    ["", "0", "1", "2", "P", "1/15/2025", "12:01:02AM", "11/3/2024", "1:30:00AM", "Phone Call", "TRESPASS", "X", "2030000"]
)
CELL = PLAUSIBLE | st.text(max_size=8)
ROW = st.lists(CELL, min_size=11, max_size=11) | st.lists(CELL, max_size=13)
MERGED = (f.REPEATED_ROW, f.DIFFERING_ROW)


def read(content: bytes, mapping: str | None = None) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        return read_file(Path(folder), content, mapping) if mapping else read_file(Path(folder), content)


def assert_accounted(result: Read) -> None:
    counts = result.counts
    assert counts.rows == counts.calls + counts.merged + counts.listed
    assert counts.calls == len(result.calls)
    assert counts.listed == sum(finding.kind.listed for finding in result.findings)
    fed = [call.row for call in result.calls]
    merged = [finding.row for finding in result.findings if finding.kind in MERGED]
    listed = [finding.row for finding in result.findings if finding.kind.listed]
    rows = fed + merged + listed
    assert len(rows) == len(set(rows)) == counts.rows


@given(st.lists(ROW, max_size=20))
def test_whatever_the_cells_hold_every_row_is_fed_merged_or_listed(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([HEADER.split(","), *rows])
    result = read(written.getvalue().encode("utf-8", "surrogatepass"))
    assert_accounted(result)
    in_file = [cells for cells in csv.reader(io.StringIO(written.getvalue(), newline="")) if cells][1:]
    if all(len(cells) == 11 for cells in in_file):
        assert result.counts.rows == len(in_file)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_every_row_is_fed_merged_or_listed(content: bytes) -> None:
    assert_accounted(read(HEADER.encode() + b"\n" + content))


@given(st.text('",\n1a', max_size=60))
def test_however_quotation_marks_stand_every_row_is_fed_merged_or_listed(content: str) -> None:
    assert_accounted(read(f"{HEADER}\n{content}".encode()))


LINE = st.text("1/25:0AMP ,x", max_size=40)


@given(st.lists(LINE, max_size=20))
def test_without_quotation_marks_every_line_is_a_row(lines: list[str]) -> None:
    assert read("\n".join([HEADER, *lines]).encode()).counts.rows == sum(line != "" for line in lines)


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from("AB")), max_size=12))
def test_however_rows_of_units_mix_every_unit_is_in_its_call_once(rows: list[tuple[str, str]]) -> None:
    lines = [f"{number},1/15/2025,12:01:02AM,,,TRESPASS,,,,{unit},0" for number, unit in rows]
    result = read("\n".join([HEADER, *lines]).encode(), PER_UNIT)
    assert {call.reference: set(call.units) for call in result.calls} == {
        number: {unit for other, unit in rows if other == number} for number, _ in rows
    }
    assert all(len(set(call.units)) == len(call.units) for call in result.calls)
    assert result.counts.rows == len(rows) == len(result.calls) + result.counts.merged

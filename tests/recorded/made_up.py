"""Small files of an invented town, and mappings for them."""

from pathlib import Path

from msgspec import Struct

from console.recorded.findings import Finding, Kind
from console.recorded.mapping import load_mapping
from console.recorded.reading import Counts, Reading
from console.recorded.recorded_call import RecordedCall
from tests.support.agency import AGENCY

HEADER = "Number,Date,Time,Source,Priority,Nature,Address,X,Y,Beat,Cancelled"
MAPPING = """
name = "anytown"
title = "Anytown: calls"

[columns]
reference = "Number"
time = ["Date", "Time"]
source = "Source"
priority = "Priority"
nature = "Nature"
address = "Address"
x = "X"
y = "Y"
beat = "Beat"
cancelled = "Cancelled"

[time]
formats = ["%m/%d/%Y %I:%M:%S%p"]
zone = "America/New_York"

[point]
crs = "EPSG:2264"
bounds = [-80.0, 35.0, -78.0, 37.0]

[nature]
prefixes = ["TEAM - "]

[nature.table]
"PERSON IN CRISIS" = "CRISIS"

[priority.table]
P = "P"
1 = "1"
2 = "2"

[source.table]
"Wireless 911 Call" = "wireless_911"
"Phone Call" = "phone"
"""
PER_UNIT = MAPPING.replace('beat = "Beat"', 'unit = "Beat"')
"""The same file, but with a unit where the beat stands: one row a unit."""


def row(
    number: str = "1001",
    date: str = "1/15/2025",
    time: str = "12:01:02AM",
    source: str = "Phone Call",
    priority: str = "2",
    nature: str = "TRESPASS",
    address: str = "400 ELM ST",
    x: str = "2030000",
    y: str = "815000",
    beat: str = "121",
    cancelled: str = "0",
) -> str:
    """One row of Anytown's file; each part as it is asked for."""
    return ",".join((number, date, time, source, priority, nature, address, x, y, beat, cancelled))


class Read(Struct):
    """What came of reading a file."""

    calls: list[RecordedCall]
    findings: list[Finding]
    counts: Counts

    @property
    def kinds(self) -> list[Kind]:
        """What was found, in the order of the file."""
        return [finding.kind for finding in self.findings]


def read_file(folder: Path, content: str | bytes, mapping: str = MAPPING) -> Read:
    """Write a file and its mapping, and read them."""
    file, map_file = folder / "calls.csv", folder / "map.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    map_file.write_text(mapping, encoding="utf-8")
    findings: list[Finding] = []
    with Reading(file, load_mapping(map_file), AGENCY, findings.append, map_file) as reading:
        calls = list(reading)
    return Read(calls, findings, reading.counts)


def read_rows(folder: Path, *rows: str, mapping: str = MAPPING) -> Read:
    """Read rows under Anytown's header."""
    return read_file(folder, "\n".join((HEADER, *rows, "")), mapping)

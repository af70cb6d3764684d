"""What can be wrong with a row, and what is then done with it: one table for the reader and the report."""

from collections.abc import Callable

from msgspec import Struct


class Kind(Struct, frozen=True):
    """One thing that can be wrong with a row.

    `listed` kinds keep the row from being fed; the others say which part is missing and put `flag` on the call.
    `by_value` kinds are gaps in the mapping rather than in a row: the report names each value once, with its count.
    """

    reason: str
    done: str
    flag: str = ""
    listed: bool = False
    by_value: bool = False


class Finding(Struct, frozen=True):
    """One row's fault: `row` as a spreadsheet numbers it (the header is row 1), `line` where it begins in the file."""

    kind: Kind
    row: int
    line: int
    column: str = ""
    value: str = ""


Note = Callable[[Finding], None]
"""Where findings go."""

LISTED = "listed, not fed"
NO_POINT = "no point"

WRONG_WIDTH = Kind("wrong number of columns", LISTED, listed=True)
OPEN_QUOTE = Kind("a quotation mark opens here and does not close", LISTED, listed=True)
TOO_LONG = Kind("a column longer than 131,072 characters", LISTED, listed=True)
HEADER_AGAIN = Kind("the header again", LISTED, listed=True)
NO_TIME = Kind("no time", LISTED, listed=True)
UNREADABLE_TIME = Kind("a time that none of the mapping's formats reads", LISTED, listed=True)
LATE_REPEAT = Kind("belongs to a call whose other rows stand far above", LISTED, listed=True)

REPEATED_ROW = Kind("the same call again", "merged with the call's first row")
DIFFERING_ROW = Kind("the same call again, with other words", "merged; the call's first row counts")

HOUR_NOT_KNOWN = Kind("only a date", "fed at the mapping's time of day", "hour not known")
CLOCK_WENT_BACK = Kind("a time that came twice, as the clocks went back", "fed as the first of the two", "clock change")
CLOCK_WENT_FORWARD = Kind(
    "a time that never came, as the clocks went forward", "fed as the same moment by the new clock", "clock change"
)
UNREADABLE_ARRIVAL = Kind("an unreadable time of arrival", "fed without it")
EARLY_ARRIVAL = Kind("arrived before the call was received", "fed without the time of arrival")

BLANK_POINT = Kind("no coordinates", "fed without a point", NO_POINT)
UNREADABLE_POINT = Kind("coordinates that are not numbers", "fed without a point", NO_POINT)
ZERO_POINT = Kind("a point at 0,0", "fed without a point", NO_POINT)
POINT_OUTSIDE_WORLD = Kind("a point outside the world", "fed without a point", NO_POINT)
POINT_OUTSIDE_BOUNDS = Kind("a point outside the area of the mapping", "fed without a point", NO_POINT)

BLANK_NATURE = Kind("no nature", "fed with the agency's unmapped nature", "nature not mapped")
UNMAPPED_NATURE = Kind(
    "a nature that the mapping does not name", "fed with the agency's unmapped nature and its own words",
    "nature not mapped", by_value=True,
)  # fmt: skip
UNKNOWN_PRIORITY = Kind(
    "a priority that the mapping does not name", "fed without a priority", "priority not mapped", by_value=True
)
UNKNOWN_SOURCE = Kind(
    "a source that the mapping does not name", "fed with the mapping's other source", "source not mapped", by_value=True
)
UNKNOWN_CANCELLED = Kind("neither cancelled nor not, by the mapping", "fed as not cancelled", by_value=True)

NO_REFERENCE = Kind("no reference number", "fed with an id made from the row")
REPAIRED_TEXT = Kind(
    "bytes that are not in the mapping's encoding", "fed; these bytes read as Windows-1252", "text repaired"
)

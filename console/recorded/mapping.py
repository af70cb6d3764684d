"""The mapping file: how the columns of another system's export become calls. Read and checked whole, before any row."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from console.domain.state import Source

Names = str | tuple[str, ...]
"""A column's name, or several whose words are joined in this order."""
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Character = Annotated[str, Meta(min_length=1, max_length=1)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Metres = Annotated[float, Meta(gt=0)]
Priority = Literal["P", "1", "2", "3", "4", "5", "6", "7", "8", "9", ""]


class OfFile(Protocol):
    """A mapping, which says how its file is written."""

    @property
    def file(self) -> "FileShape":
        """Encoding, delimiter, header."""


T = TypeVar("T", bound=OfFile)


class MappingError(Exception):
    """The mapping, or its fit with the file, is wrong; the words name the file, the place in it and what is allowed."""


class FileShape(Struct, frozen=True, forbid_unknown_fields=True):
    """How the file is written. Without a header row, `names` gives every column, from left to right, a name."""

    encoding: Literal["utf-8", "cp1252", "latin-1"] = "utf-8"
    delimiter: Character = ","
    header: bool = True
    names: tuple[str, ...] = ()


class Columns(Struct, frozen=True, forbid_unknown_fields=True):
    """Which column holds what. Only the time and the nature are needed."""

    time: Names
    nature: str
    reference: str = ""
    source: str = ""
    priority: str = ""
    final_nature: str = ""
    address: Names = ()
    x: str = ""
    y: str = ""
    beat: str = ""
    unit: str = ""
    arrived: Names = ()
    disposition: str = ""
    cancelled: str = ""
    callback: str = ""
    language: str = ""
    text: str = ""


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """How times are written: `iso`, or the letters of strptime. `zone` is where the clock hung (an IANA name).

    A format with a date only needs `time_of_day`, the local time that such a call is given.
    """

    formats: Annotated[tuple[str, ...], Meta(min_length=1)]
    zone: str
    time_of_day: TimeOfDay | None = None


class Points(Struct, frozen=True, forbid_unknown_fields=True):
    """What the coordinates are: their CRS, the bounds they must lie in, and by how much they were blurred, if at all.

    `bounds` is west, south, east, north in degrees (WGS 84).
    """

    crs: str = "EPSG:4326"
    bounds: tuple[float, float, float, float] | None = None
    uncertainty_m: Metres | None = None


class Natures(Struct, frozen=True, forbid_unknown_fields=True):
    """From the file's words to the agency's nature codes; `prefixes` are taken off words the table does not name."""

    prefixes: tuple[str, ...] = ()
    table: dict[str, str] = {}


class Priorities(Struct, frozen=True, forbid_unknown_fields=True):
    """From the file's priorities to P and 1 to 9; `blank` is what an empty one means."""

    table: dict[str, Priority] = {}
    blank: Priority = ""


class Sources(Struct, frozen=True, forbid_unknown_fields=True):
    """From the file's words to the ways a call can reach the center; `otherwise` where the file gives no word."""

    table: dict[str, Source] = {}
    otherwise: Source = Source.OTHER


class Cancelled(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the column that says whether the call was cancelled."""

    yes: tuple[str, ...] = ("1",)
    no: tuple[str, ...] = ("0", "")


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of file. `name` is part of every call's id, so the same file fed twice makes no call twice."""

    name: Name
    title: str
    columns: Columns
    time: Times
    file: FileShape = FileShape()
    point: Points = Points()
    nature: Natures = Natures()
    priority: Priorities = Priorities()
    source: Sources = Sources()
    cancelled: Cancelled = Cancelled()
    address_joiner: str = " "


def with_columns(mapping: Mapping, *fields: str) -> Mapping:
    """The mapping for a reader who wants only some parts of a call: columns of other parts are not looked at."""
    left_out = {field: "" for field in Columns.__struct_fields__ if field not in (*fields, "time", "nature")}
    return replace(mapping, columns=replace(mapping.columns, **left_out))


def load_mapping(path: Path) -> Mapping:
    """Read the mapping file of a list of calls, or raise MappingError with its place and what is allowed there."""
    mapping = read_mapping(path, Mapping)
    _check(path, mapping)
    return mapping


def read_mapping(path: Path, kind: type[T]) -> T:
    """Read a mapping file (TOML) of a kind of list, or raise MappingError with its place and what is allowed there."""
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), kind)
    except OSError as error:
        raise MappingError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path}: is not UTF-8 text (byte {error.start}); a mapping is a TOML file") from error
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{path}: is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise MappingError(f"{path}: {_in_words(str(error), kind)}") from error
    _check_shape(path, mapping.file)
    return mapping


def _in_words(message: str, kind: type) -> str:
    """msgspec's `what - at `$.place`` as `place: what`, with the keys that are allowed where one was not known."""
    what, _, at = message.partition(" - at ")
    place = at.strip("`").removeprefix("$").removeprefix(".")
    table: Any = kind
    for key in filter(None, place.split(".")):
        table = getattr(table, "__annotations__", {}).get(key)
    unknown = re.search(r"unknown field `(.*)`", what)
    if not unknown or not hasattr(table, "__struct_fields__"):
        return f"{place or 'the file'}: {what[0].lower()}{what[1:]}"
    whole = f"{place}.{unknown[1]}" if place else unknown[1]
    return f"{whole}: there is no such key; allowed are {', '.join(table.__struct_fields__)}"


def _check_shape(path: Path, shape: FileShape) -> None:
    """What no type says of how a file is written."""
    if shape.header == bool(shape.names):
        raise MappingError(
            f"{path}: file.names: a file with a header row has its names there; names go with header = false"
            if shape.header
            else f"{path}: file.names: is missing; without a header row it names every column from left to right"
        )
    doubled = sorted({name for name in shape.names if shape.names.count(name) > 1})
    if doubled:
        raise MappingError(f"{path}: file.names: {', '.join(doubled)}: each name once")
    if shape.delimiter in '"\r\n':
        raise MappingError(f"{path}: file.delimiter: cannot be a quotation mark or a line's end; , ; | and tab can")


def _check(path: Path, mapping: Mapping) -> None:
    """What no type says: parts of a mapping that must fit each other."""
    columns = mapping.columns
    if not mapping.columns.time or not mapping.columns.nature:
        raise MappingError(f"{path}: columns: both time and nature must name a column")
    if bool(columns.x) != bool(columns.y):
        raise MappingError(f"{path}: columns.{'y' if columns.x else 'x'}: is missing; x and y go together")
    bounds = mapping.point.bounds
    if bounds and not (-180 <= bounds[0] < bounds[2] <= 180 and -90 <= bounds[1] < bounds[3] <= 90):
        raise MappingError(
            f"{path}: point.bounds: must be west, south, east, north in degrees, west < east and south < north"
        )

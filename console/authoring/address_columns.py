"""Which columns of a center's list of addresses hold what: by names that are known, or by a mapping file."""

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from console.authoring.rows_import import shortly
from console.geography.street_words import DWELLINGS, DWELLINGS_ALONE
from console.recorded.mapping import FileShape, MappingError, Names, read_mapping

_NUMBER = ("addnumpre", "addnumber", "addnumsuf")
_STREET = ("stpremod", "stpredir", "stpretyp", "stpresep", "stname", "stpostyp", "stposdir", "stposmod")
_OLD_STREET = ("lstpredir", "lstname", "lsttyp", "lsttype", "lstposdir")
"""Address number and street name of NENA-STA-006 (GIS data model): in parts, and as older systems had the street."""

_KNOWN: dict[str, tuple[str, ...]] = {
    "address": (
        "address", "fulladdress", "fulladdr", "fulladd", "addressfull", "addrfull", "siteaddress", "siteaddr",
        "streetaddress", "addr", "location",
    ),
    "number": ("addnumber", "number", "housenumber", "houseno", "addno", "stnum", "streetnumber", "addrnumber"),
    "street": ("street", "streetname", "fullname", "fullstname", "fullstreet", "roadname", "stname"),
    "unit": ("unit", "unitid", "unitnumber", "apt", "apartment", "suite"),
    "latitude": ("lat", "latitude", "gpslat", "ylat"),
    "longitude": ("long", "lon", "lng", "longitude", "gpslon", "gpslong", "xlong"),
    "x": ("x", "pointx", "xcoord", "xcoordinate", "easting", "east", "geox"),
    "y": ("y", "pointy", "ycoord", "ycoordinate", "northing", "north", "geoy"),
    "town": ("incmuni", "city", "town", "municipality", "community", "msagcomm", "postcomm", "unincomm", "uninccomm"),
    "name": ("landmkname", "landmark", "landmarkname", "placename", "commonname", "sitename", "name", "business"),
}  # fmt: skip
"""By part: the names of columns it is known by, without case and marks; the first that a file has counts."""
_NO_TOWN = frozenset({"UNINCORPORATED", "UNKNOWN", "NONE", "N/A"})


class MappedColumns(Struct, frozen=True, forbid_unknown_fields=True):
    """Which column holds what; an address in several columns is joined with blanks. x is east, y is north."""

    address: Names
    x: str
    y: str
    unit: str = ""
    town: str = ""
    name: str = ""


class AddressMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of list: how the file is written, what its columns are, and the reference system of x and y."""

    columns: MappedColumns
    title: str = ""
    file: FileShape = FileShape()
    crs: str = "EPSG:4326"


class Columns(Struct, frozen=True):
    """Where in a row stands what: places of cells. Of `addresses`, number and street, the first with a street counts."""

    addresses: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    unit: int | None
    x: int
    y: int
    towns: tuple[int, ...]
    name: int | None
    in_degrees: bool
    """Whether the columns of the point are named as latitude and longitude."""

    def words(self, cells: Sequence[str]) -> str:
        """The address of a row, "" for none."""
        for numbers, streets in self.addresses:
            street = _joined(cells, streets)
            if street:
                words = " ".join(filter(None, (_joined(cells, numbers), street)))
                break
        else:
            return ""
        unit = cells[self.unit].strip() if self.unit is not None else ""
        if not unit:
            return words
        known = unit.split()[0].upper() in DWELLINGS | DWELLINGS_ALONE or unit.startswith("#")
        return f"{words} {unit}" if known else f"{words} # {unit}"

    def town(self, cells: Sequence[str]) -> str:
        """The town of a row, "" where it names none."""
        named = (cells[place].strip() for place in self.towns)
        return next((town for town in named if town and town.upper() not in _NO_TOWN), "")

    def called(self, cells: Sequence[str]) -> str:
        """What the place of a row is called, "" for nothing."""
        return cells[self.name].strip() if self.name is not None else ""


def _joined(cells: Sequence[str], places: Sequence[int]) -> str:
    return " ".join(filter(None, (cells[place].strip() for place in places)))


def load_address_mapping(path: Path) -> AddressMapping:
    """Read a mapping file, or raise MappingError with its place and what is allowed there."""
    return read_mapping(path, AddressMapping)


def mapped(names: Sequence[str], columns: MappedColumns) -> Columns:
    """The columns of a mapping in a file with these names; raises MappingError for one that the file does not have."""

    def place(part: str, name: str) -> int:
        if name not in names:
            raise MappingError(f"columns.{part}: there is no column {name!r}; the file has {shortly(names)}")
        return names.index(name)

    def maybe(part: str, name: str) -> int | None:
        return place(part, name) if name else None

    address = (columns.address,) if isinstance(columns.address, str) else columns.address
    town = maybe("town", columns.town)
    return Columns(
        (((), tuple(place("address", name) for name in address)),), maybe("unit", columns.unit), place("x", columns.x),
        place("y", columns.y), () if town is None else (town,), maybe("name", columns.name), in_degrees=False,
    )  # fmt: skip


def recognised(names: Sequence[str], *, projected: bool) -> Columns:
    """The columns of a file by their names; with `projected`, x and y come before latitude and longitude.

    Raises MappingError where no column can be the address, or none the point.
    """
    plain = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in names]

    def first(part: str) -> int | None:
        return next((plain.index(name) for name in _KNOWN[part] if name in plain), None)

    def those(parts: Sequence[str]) -> tuple[int, ...]:
        return tuple(plain.index(part) for part in parts if part in plain)

    whole, number, street = first("address"), first("number"), first("street")
    addresses: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    if "addnumber" in plain:
        named = ((_STREET, "stname"), (_OLD_STREET, "lstname"))
        addresses += [(those(_NUMBER), those(parts)) for parts, name in named if name in plain]
    elif number is not None and street is not None:
        addresses.append(((number,), (street,)))
    if whole is not None:
        addresses.append(((), (whole,)))
    points = [(first("longitude"), first("latitude"), True), (first("x"), first("y"), False)]
    pairs = [(x, y, degrees) for x, y, degrees in points if x is not None and y is not None]
    found = shortly(names)
    if not addresses:
        raise MappingError(f"no column of it is known as an address; name it in a mapping file (--map). It has: {found}")
    if not pairs:
        raise MappingError(f"no columns of it are known as a point; name them in a mapping file (--map). It has: {found}")
    x, y, degrees = pairs[-1 if projected else 0]
    if degrees and projected:
        raise MappingError(f"its points are {names[x]} and {names[y]}, which are degrees: --crs says nothing about them")
    return Columns(tuple(addresses), first("unit"), x, y, those(_KNOWN["town"]), first("name"), degrees)

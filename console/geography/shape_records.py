"""Shapefiles record by record: attributes by the file's own encoding, outlines as GeoJSON, coordinates as they are."""

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import shapefile

from console.geography.unusable import Unusable

# Rings that run the wrong way round are common; outlines that come of them are mended, and that is said.
shapefile.VERBOSE = False

_HEADER = 100
"""Bytes before the first record (ESRI Shapefile Technical Description, 1998)."""
_UNPACKED_AT_MOST = 1 << 32
"""Bytes of one file out of a .zip; the format itself ends at 2 GB a file."""
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


class ShapeRecord(NamedTuple):
    """One record: its attributes, and its geometry as GeoJSON or what is wrong; `share` of the file read, 0 to 1."""

    properties: dict[str, Any]
    geometry: dict[str, Any] | None
    fault: str
    share: float


class ShapeRecords:
    """A Shapefile that is open: .shp with .dbf and .prj beside it, or all of them in a .zip."""

    def __init__(self, path: Path, said: Callable[[str], None]) -> None:
        """Open it and see that it is whole. What is odd and can be lived with is `said`. Raises `Unusable` and OSError."""
        self._said = said
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            parts = _unpacked(path, folder) if zipfile.is_zipfile(path) else _beside(path)
            if ".prj" not in parts:
                raise Unusable(
                    "there is no .prj beside it, so nobody knows its coordinate reference system; export it with one"
                )
            if ".dbf" not in parts:
                raise Unusable("there is no .dbf beside it, so nothing has a name; export it with one")
            self.reference_system = parts[".prj"].read_text("utf-8-sig", "replace")
            self._shp = parts[".shp"]
            shapes = sum(1 for _ in _records(self._shp))
            self._encoding = _stated_encoding(parts, said)
            self._reader = _reader(parts, stack)
            attributes = len(self._reader.dbf_reader)
            if attributes != shapes:
                raise Unusable(f"its .shp has {shapes} records, its .dbf {attributes}: they do not belong together")
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Close it, and remove what was unpacked."""
        self._stack.close()

    def __iter__(self) -> Iterator[ShapeRecord]:
        """Every record in the order of the file. Raises `Unusable` where one cannot be read."""
        names = [self._text(field.name) for field in self._reader.data_fields]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            self._said(f"columns of the same name: {', '.join(sorted(twice))}; the last of each counts")
        number, size = 0, self._shp.stat().st_size
        try:
            for number, (begins, length) in enumerate(_records(self._shp), start=1):
                # By its place: by its number the library would keep the places of all in memory.
                shape = self._reader.shp_reader.shape(number - 1, begins, length)
                values = self._reader.record(number - 1)
                properties = {name: self._value(value, number) for name, value in zip(names, values or (), strict=False)}
                geometry, fault = _geojson(shape) if values is not None else (None, "it is marked as deleted")
                yield ShapeRecord(properties, geometry, fault, begins / size)
        except _DAMAGED as error:
            raise Unusable(f"record {number}: it is damaged ({error}); export it again") from error

    def _value(self, value: Any, number: int) -> Any:
        if isinstance(value, str):
            return self._text(value, number)
        return value.isoformat() if isinstance(value, date) else value

    def _text(self, latin_1: str, number: int = 0) -> str:
        """A text as the file's encoding has it; what is not in that encoding is read as Windows-1252, and said."""
        raw = latin_1.encode("latin-1").rstrip(b"\0 ")
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
            self._said(f"record {number}: {text!r} is not {self._encoding}; read as Windows-1252")
            return text


_DAMAGED = (shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError, TypeError, EOFError, OverflowError)
"""What the library raises where bytes are not what they should be."""
_NOT_UNPACKED = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, struct.error, OverflowError, zlib.error)
"""What Python raises where an archive is damaged, locked, or packed in a way it does not know."""


def _beside(path: Path) -> dict[str, Path]:
    """The files of one name, whatever the case of their endings."""
    return {
        other.suffix.lower(): other
        for other in path.parent.iterdir()
        if other.stem == path.stem and other.suffix.lower() in _PARTS and other.is_file()
    }


def _unpacked(path: Path, folder: Path) -> dict[str, Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
            shapes = [name for name in names if name.lower().endswith(".shp")]
            if len(shapes) != 1:
                listed = ", ".join(shapes[:10]) or "none"
                raise Unusable(f"a .zip with one Shapefile is wanted; this one has {len(shapes)}: {listed}")
            stem = PurePosixPath(shapes[0]).with_suffix("")
            found = {}
            for name in names:
                inside = PurePosixPath(name)
                if inside.with_suffix("") == stem and inside.suffix.lower() in _PARTS:
                    if archive.getinfo(name).file_size > _UNPACKED_AT_MOST:
                        raise Unusable(f"{name} would be {archive.getinfo(name).file_size >> 20} MB unpacked: too much")
                    target = found[inside.suffix.lower()] = folder / f"layer{inside.suffix.lower()}"
                    with archive.open(name) as packed, target.open("wb") as out:
                        copyfileobj(packed, out)
            return found
    except _NOT_UNPACKED as error:
        raise Unusable(f"the .zip cannot be unpacked ({error})") from error


def _records(path: Path) -> Iterator[tuple[int, int]]:
    """Where each record begins and how many bytes follow its header of eight; raises `Unusable` for one that cannot be."""
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(_HEADER)
        if len(header) < _HEADER or header[:4] != b"\x00\x00\x27\x0a":
            raise Unusable("it is no Shapefile: the header is missing or cut off")
        number, at = 0, _HEADER
        while at < size:
            number += 1
            file.seek(at)
            record = file.read(8)
            length = 2 * struct.unpack(">2i", record)[1] if len(record) == 8 else -1
            if length < 4 or at + 8 + length > size:
                raise Unusable(f"record {number}, at byte {at}: it is cut off or damaged; export it again")
            yield at, length
            at += 8 + length
    stated = struct.unpack(">i", header[24:28])[0] * 2
    if stated != size:
        raise Unusable(f"it says that it has {stated} bytes and has {size}: it is cut off or damaged; export it again")


def _reader(parts: dict[str, Path], stack: ExitStack) -> Any:
    shp, dbf = (stack.enter_context(parts[ending].open("rb")) for ending in (".shp", ".dbf"))
    try:
        # Latin-1 gives every byte back as it was; what the texts say is for us to decode.
        return stack.enter_context(shapefile.Reader(shp=shp, dbf=dbf, encoding="latin-1"))
    except _DAMAGED as error:
        raise Unusable(f"it is damaged ({error}); export it again") from error


def _stated_encoding(parts: dict[str, Path], said: Callable[[str], None]) -> str:
    """The encoding that the .cpg names, else UTF-8; where neither fits a text, it is read as Windows-1252."""
    if ".cpg" not in parts:
        return "utf-8"
    stated = parts[".cpg"].read_text("latin-1").strip()[:40]
    digits = re.fullmatch(r"(?:ansi|oem|cp|windows)?[ _-]*(\d{3,5})", stated, re.IGNORECASE)
    candidates = [stated, *([f"cp{digits[1]}", f"iso-{digits[1][:4]}-{digits[1][4:]}"] if digits else [])]
    for name in candidates:
        try:
            return codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
    said(f"its .cpg names the encoding {stated!r}, which is not known; read as UTF-8")
    return "utf-8"


def _geojson(shape: Any) -> tuple[dict[str, Any] | None, str]:
    """The library's GeoJSON of a shape; an empty one is none."""
    if shape is None or shape.shapeType == shapefile.NULL or not shape.points:
        return None, "it has no geometry"
    if shape.shapeType == shapefile.MULTIPATCH:
        return None, "it is a three-dimensional body (MultiPatch), which is not read"
    try:
        shapefile.VERBOSE = (
            False  # rings that run the wrong way round are common; what comes of them is mended and said later
        )
        return shape.__geo_interface__, ""
    except Exception as error:  # whatever the library makes of rings that are none
        return None, f"its geometry cannot be read ({error})"

"""PMTiles version 3: tiles in one file behind directories sorted along a curve. Only read."""

import gzip
import json
import mmap
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    tileid_to_zxy,
    zxy_to_tileid,
)

from console.geography.tile_archive import WORLD, TileName, facts_of
from console.geography.unusable import Unusable

_HEADER = 127
_DEPTH = 4
"""Directories on the way to a tile, at most, as the format's own library has it."""
_DIRECTORIES_KEPT = 64
_PICTURES = {TileType.PNG, TileType.JPEG, TileType.WEBP}


class PmTilesArchive:
    """One open file, which nothing else changes while it is open."""

    def __init__(self, path: Path) -> None:
        """Open it, or raise `Unusable`."""
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._directory = lru_cache(_DIRECTORIES_KEPT)(self._read_directory)
        try:
            self._header = self._read_header()
            header = self._header
            if header["tile_type"] not in _PICTURES | {TileType.MVT, TileType.UNKNOWN}:
                raise Unusable(f"its tiles are {header['tile_type'].name}; the desk draws PNG, JPEG and WebP")
            bounds = tuple(header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7"))
            west, south, east, north = bounds
            self.facts = facts_of(
                None if header["tile_type"] == TileType.MVT else next(self.tiles(), None),
                (header["min_zoom"], header["max_zoom"]),
                (west, south, east, north) if any(bounds) else WORLD,
                str(self._metadata().get("attribution") or ""),
                "mvt" if header["tile_type"] == TileType.MVT else "",
            )
        except Unusable:
            self.close()
            raise

    def tile(self, name: TileName) -> bytes | None:
        """One tile; None where there is none."""
        if not name.exists:
            return None
        wanted, offset, length = zxy_to_tileid(*name), self._header["root_offset"], self._header["root_length"]
        for _ in range(_DEPTH):
            found = find_tile(self._directory(offset, length), wanted)
            if found is None:
                return None
            if found.run_length:
                return self._data(found)
            offset, length = self._header["leaf_directory_offset"] + found.offset, found.length
        raise Unusable("its directories lie within each other without end")

    def tiles(self) -> Iterator[tuple[TileName, bytes]]:
        """Every tile, one at a time in memory."""
        yield from self._below(self._header["root_offset"], self._header["root_length"], _DEPTH)

    def count(self) -> int:
        """How many tiles there are, as the file says."""
        return int(self._header["addressed_tiles_count"])

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def _below(self, offset: int, length: int, depth: int) -> Iterator[tuple[TileName, bytes]]:
        if not depth:
            raise Unusable("its directories lie within each other without end")
        for entry in self._directory(offset, length):
            if not entry.run_length:
                yield from self._below(self._header["leaf_directory_offset"] + entry.offset, entry.length, depth - 1)
            for further in range(entry.run_length):
                yield TileName(*tileid_to_zxy(entry.tile_id + further)), self._data(entry)

    def _data(self, entry: Entry) -> bytes:
        data = self._part(self._header["tile_data_offset"] + entry.offset, entry.length)
        return _gunzipped(data) if self._header["tile_compression"] == Compression.GZIP else data

    def _read_header(self) -> HeaderDict:
        try:
            header = deserialize_header(self._part(0, _HEADER))
        except MagicNumberNotFound as error:
            raise Unusable("it is no PMTiles archive") from error
        except SpecVersionUnsupported as error:
            raise Unusable(
                f"it is PMTiles of version {self._bytes[7]}; version 3 is read (`pmtiles convert` makes it)"
            ) from error
        except ValueError as error:
            raise Unusable(f"its header cannot be read ({error})") from error
        if header["tile_compression"] not in (Compression.NONE, Compression.GZIP, Compression.UNKNOWN):
            raise Unusable(f"its tiles are packed with {header['tile_compression'].name}; plain or gzip is read")
        if header["internal_compression"] not in (Compression.NONE, Compression.GZIP):
            raise Unusable(f"its directories are packed with {header['internal_compression'].name}; gzip is read")
        ends = max(
            header["root_offset"] + header["root_length"],
            header["metadata_offset"] + header["metadata_length"],
            header["leaf_directory_offset"] + header["leaf_directory_length"],
            header["tile_data_offset"] + header["tile_data_length"],
        )
        if ends > len(self._bytes):
            raise Unusable(f"it is broken off: {len(self._bytes):,} bytes of {ends:,} are there")
        return header

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        part = self._part(offset, length)
        try:
            # The library wants it packed, whatever the header says.
            packed = part if self._header["internal_compression"] == Compression.GZIP else gzip.compress(part, 1)
            return list(deserialize_directory(packed))
        except (OSError, EOFError, zlib.error, IndexError, ValueError, TypeError) as error:
            raise Unusable(f"its directory at byte {offset:,} cannot be read ({error})") from error

    def _metadata(self) -> dict[str, Any]:
        """What it says of itself; nothing of it is needed, so what cannot be read is left."""
        part = self._part(self._header["metadata_offset"], self._header["metadata_length"])
        try:
            packed = self._header["internal_compression"] == Compression.GZIP
            said = json.loads(gzip.decompress(part) if packed else part)
        except (OSError, EOFError, zlib.error, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def _part(self, offset: int, length: int) -> bytes:
        part = self._bytes[offset : offset + length]
        if len(part) < length:
            raise Unusable(f"it is broken off: there is nothing at byte {offset + length:,}")
        return part


def _gunzipped(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise Unusable(f"a tile cannot be unpacked ({error})") from error

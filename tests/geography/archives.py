"""Archives of tiles made for a test: real pictures of one pixel, whole archives, and the ways in which one is broken."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from console.geography.tile_archive import TileName


def png(width: int = 256, shade: int = 0) -> bytes:
    """A whole grey PNG, `width` pixels in square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes([shade]) * width) * width)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int) -> bytes:
    """The beginning of a JPEG of that width: application data, then the frame header."""
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", width, width) + b"\x01\x01\x11\x00"


def webp(width: int, kind: bytes = b"VP8 ") -> bytes:
    """The beginning of a WebP of that width."""
    body = {
        b"VP8 ": b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, width),
        b"VP8L": b"\x2f" + struct.pack("<I", width - 1),
        b"VP8X": b"\0\0\0\0" + (width - 1).to_bytes(3, "little") * 2,
    }[kind]
    return b"RIFF" + struct.pack("<I", 100) + b"WEBP" + kind + struct.pack("<I", len(body)) + body + bytes(16)


TILES: Mapping[TileName, bytes] = {
    TileName(0, 0, 0): png(shade=10),
    TileName(1, 0, 0): png(shade=20),
    TileName(1, 1, 1): png(shade=30),
}
"""A small world with holes."""


def mbtiles(path: Path, tiles: Mapping[TileName, bytes] = TILES, **said: str) -> Path:
    """Write an MBTiles archive that says this of itself."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
        rows = [(z, x, (1 << z) - 1 - y, data) for (z, x, y), data in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path


def pmtiles(path: Path, tiles: Mapping[TileName, bytes] = TILES, kind: TileType = TileType.PNG, **said: str) -> Path:
    """Write a PMTiles archive of the whole world."""
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]
        for name in sorted(tiles, key=lambda name: zxy_to_tileid(*name)):
            writer.write_tile(zxy_to_tileid(*name), tiles[name])
        zooms = [name.zoom for name in tiles]
        writer.finalize(
            {
                "tile_type": kind, "tile_compression": Compression.NONE, "min_zoom": min(zooms), "max_zoom": max(zooms),
                "min_lon_e7": -1800000000, "min_lat_e7": -850000000, "max_lon_e7": 1800000000, "max_lat_e7": 850000000,
                "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
            },
            said,
        )  # fmt: skip
    return path

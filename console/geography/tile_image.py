"""What a tile's picture is, by its first bytes: PNG, JPEG or WebP, and how many pixels wide. Nothing is decoded."""

from typing import Literal, NamedTuple

TileFormat = Literal["png", "jpg", "webp"]
MEDIA_TYPES: dict[TileFormat, str] = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


class TileImage(NamedTuple):
    """The format of a picture, and its width in pixels."""

    format: TileFormat
    width: int


def tile_image(data: bytes) -> TileImage | None:
    """What the bytes are a picture of; None where they are none that a map page draws."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 24:
        return TileImage("png", int.from_bytes(data[16:20], "big"))
    if data.startswith(b"\xff\xd8\xff"):
        width = _jpeg_width(data)
        return TileImage("jpg", width) if width else None
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        width = _webp_width(data)
        return TileImage("webp", width) if width else None
    return None


def _jpeg_width(data: bytes) -> int:
    """The width in the frame header (ITU-T T.81, B.2.2); 0 where there is none."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big")
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return 0


def _webp_width(data: bytes) -> int:
    """The width in the first chunk (RFC 9649, 2.5 to 2.7); 0 where there is none."""
    match data[12:16]:
        case b"VP8 ":
            return int.from_bytes(data[26:28], "little") & 0x3FFF
        case b"VP8L":
            return (int.from_bytes(data[21:23], "little") & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1
    return 0

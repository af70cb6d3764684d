"""TAIP, the Trimble ASCII Interface Protocol: `>RPV...;ID=1234;*7F<`, position and speed; `>RID1234<`, who is speaking.

A checksum is the exclusive or of all characters from `>` to `*`, both counted; where one is sent it is enforced. A PV tells
the second of the day (UTC) and no day: it is the nearest to now. Degrees with five decimals, miles an hour.
"""

import re
from datetime import datetime, timedelta
from functools import reduce
from operator import xor

from console.hub.feeds.fix import MILE_KM, DeviceFix, Heard, NoFix, Reason, checked, day_nearest

_MESSAGE = re.compile(rb">([^<>]*)(<|(?=>))")
_POSITION = re.compile(rb"(\d{5})([+-]\d{7})([+-]\d{8})(\d{3})(\d{3})(\d)(\d)")
_CHECKSUM = re.compile(rb"\*([0-9A-Fa-f]{2})")
_ID = re.compile(rb"[A-Za-z0-9_.\-]{1,64}")
_LONGEST = 1024
_DAY_S = 86_400
_FRESH_OR_OLD = (1, 2)
"""The age of what is sent: 2 is under 10 s, 1 over, 0 says that there is none."""
_SOURCE_UNKNOWN = 9


class TaipReader:
    """Reads one line of bytes, a connection or the datagrams of one sender."""

    def __init__(self, device: str | None) -> None:
        """`device` is whose all of it is; None where the messages say it."""
        self._device = device
        self._said_to_be: str | None = None
        self._rest = b""

    def read(self, piece: bytes, at: datetime) -> list[Heard]:
        """What these further bytes tell; an unfinished message waits for its end."""
        rest, heard, begun = self._rest + piece, list[Heard](), 0
        for message in _MESSAGE.finditer(rest):
            heard += _noise(rest[begun : message.start()])
            heard.append(self._message(message[0], at) if message[2] else _torn(message[0]))
            begun = message.end()
        left = rest[begun:]
        start = left.find(b">")
        heard += _noise(left if start < 0 else left[:start])
        self._rest = left[start:] if start >= 0 else b""
        if len(self._rest) > _LONGEST:
            heard.append(NoFix(Reason.TOO_LONG, f"{len(self._rest)} bytes without the end of a message"))
            self._rest = b""
        return heard

    def end(self, _at: datetime) -> list[Heard]:
        """What is left when nothing more comes."""
        rest, self._rest = self._rest, b""
        return [_torn(rest)] if rest else []

    def _message(self, message: bytes, at: datetime) -> Heard:
        body, *fields = message[1:-1].split(b";")
        said = None
        for n, field in enumerate(fields):
            if (sum_ := _CHECKSUM.fullmatch(field)) is not None:
                covered = message[: message.rindex(b"*") + 1]
                if n != len(fields) - 1 or reduce(xor, covered) != int(sum_[1], 16):
                    return NoFix(Reason.CHECKSUM, f"checksum wrong: {_shown(message)}")
            elif field.startswith(b"*"):
                return NoFix(Reason.CHECKSUM, f"checksum unreadable: {_shown(message)}")
            elif field.upper().startswith(b"ID="):
                said = field[3:]
        if said is not None and not _ID.fullmatch(said):
            return NoFix(Reason.NO_DEVICE, f"no id: {_shown(message)}")
        if body[:3] == b"RID" and _ID.fullmatch(body[3:]):
            self._said_to_be = body[3:].decode("ascii")
            return NoFix(Reason.NO_POSITION, f"{self._said_to_be} says who it is", self._device or self._said_to_be)
        device = self._device or (said.decode("ascii") if said is not None else self._said_to_be)
        if body[:3] != b"RPV":
            return NoFix(Reason.NO_POSITION, f"something else than a position: {_shown(message)}", device or "")
        if device is None:
            return NoFix(Reason.NO_DEVICE, f"nothing says whose it is: {_shown(message)}")
        return fix_of(body[3:], device, at)


def fix_of(position: bytes, device: str, at: datetime) -> Heard:
    """The fix of the 30 characters of a PV."""
    read = _POSITION.fullmatch(position)
    if read is None:
        return NoFix(Reason.UNREADABLE, f"{device}: no position: {_shown(position)}", device)
    second, latitude, longitude, miles, course, source, age = map(int, read.groups())
    if age not in _FRESH_OR_OLD or source == _SOURCE_UNKNOWN:
        return NoFix(Reason.VOID, f"{device} has no fix", device)
    if second >= _DAY_S:
        return NoFix(Reason.NO_TIME, f"{device}: second {second} of a day", device)
    fix_at = day_nearest(timedelta(seconds=second), at)
    return checked(DeviceFix(
        device, latitude / 1e5, longitude / 1e5, fix_at, at, speed_km_h=miles * MILE_KM, course=float(course),
    ))  # fmt: skip


def _noise(between: bytes) -> list[Heard]:
    """What stands between messages: ends of lines, or something that is none."""
    return [NoFix(Reason.UNREADABLE, f"no message: {_shown(between)}")] if between.strip(b"\r\n\t \0") else []


def _torn(message: bytes) -> NoFix:
    return NoFix(Reason.UNREADABLE, f"torn off: {_shown(message)}")


def _shown(message: bytes) -> str:
    return repr(message[:90].decode("ascii", "replace"))

"""NMEA 0183 as modems in vehicles send it: RMC, GGA and GLL, each sentence with its checksum, several units on one line.

Whose a sentence is stands before it on its line (`353861053849681,$GPRMC,...`), or is known from where it came. Sentences
may come in pieces, or glued to each other; a void fix is no position. GGA and GLL tell no day: it is that of the device's
own RMC a moment ago, else the nearest to now.
"""

import re
from datetime import UTC, datetime, time, timedelta

import pynmea2

from console.hub.feeds.fix import KNOT_KM_H, DeviceFix, Heard, NoFix, Reason, checked, day_nearest

_END = re.compile(rb"[\r\n]|\*[0-9A-Fa-f]{2}")
_SENTENCE = re.compile(rb"[$!][^$!]*")
_ID_BEFORE = re.compile(rb"\s*([A-Za-z0-9_.\-]{1,64})[\s,;:|]*")
_DEGREES = re.compile(r"\d{2,3}([0-5]\d(\.\d*)?|60(\.0*)?)")
"""Degrees and minutes. Some receivers round up to 60 minutes."""
_LONGEST = 1024
"""Bytes without an end. A sentence has 82; before it stands an id."""
_DAY_HOLDS = timedelta(minutes=1)
_DEVICES_AT_MOST = 4096
_NO_FIX_MODES = frozenset("NSM")
"""Not valid, simulated, put in by hand (NMEA 0183 3.0, mode indicator)."""
_FIX_QUALITIES = frozenset({1, 2, 3, 4, 5, 6})
"""GGA: 0 is none, 7 put in by hand, 8 simulated."""


class NmeaReader:
    """Reads one line of bytes, a connection or the datagrams of one sender."""

    def __init__(self, device: str | None) -> None:
        """`device` is whose all of it is; None where each sentence is led by an id."""
        self._device = device
        self._rest = b""
        self._torn = False
        """Whether the beginning of what comes next was lost, and with it whose it is."""
        self._last_rmc: dict[str, DeviceFix] = {}

    def read(self, piece: bytes, at: datetime) -> list[Heard]:
        """What these further bytes tell; an unfinished sentence waits for its end."""
        rest, heard, begun = self._rest + piece, list[Heard](), 0
        for end in _END.finditer(rest):
            heard += self._line(rest[begun : end.end()].strip(b"\r\n"), at)
            begun = end.end()
        self._rest = rest[begun:]
        if len(self._rest) > _LONGEST:
            heard.append(NoFix(Reason.TOO_LONG, f"{len(self._rest)} bytes without the end of a sentence"))
            self._rest, self._torn = b"", True
        return heard

    def end(self, at: datetime) -> list[Heard]:
        """What is left when nothing more comes."""
        rest, self._rest = self._rest, b""
        return self._line(rest, at)

    def _line(self, line: bytes, at: datetime) -> list[Heard]:
        """One line, or as much of it as ends with a checksum: an id perhaps, torn sentences perhaps, a sentence."""
        torn, self._torn = self._torn, False
        sentences = _SENTENCE.findall(line)
        before = line[: line.find(sentences[0])] if sentences else line
        if not sentences:
            return [NoFix(Reason.UNREADABLE, f"no sentence: {_shown(line)}")] if line.strip() else []
        heard: list[Heard] = [NoFix(Reason.UNREADABLE, f"torn off: {_shown(one)}") for one in sentences[:-1]]
        device = self._device
        if device is None:
            found = _ID_BEFORE.fullmatch(before)
            if torn or heard or found is None:
                return [*heard, NoFix(Reason.NO_DEVICE, f"no id stands before {_shown(sentences[-1])}")]
            device = found[1].decode("ascii")
        return [*heard, self._sentence(sentences[-1], device, at)]

    def _sentence(self, sentence: bytes, device: str, at: datetime) -> Heard:
        same = self._last_rmc.get(device)
        heard = fix_of(sentence, device, at, same if same is not None and at - same.received_at <= _DAY_HOLDS else None)
        if isinstance(heard, DeviceFix) and sentence[3:6] == b"RMC":
            self._last_rmc.pop(device, None)
            self._last_rmc[device] = heard
            if len(self._last_rmc) > _DEVICES_AT_MOST:
                del self._last_rmc[next(iter(self._last_rmc))]
        return heard


def fix_of(sentence: bytes, device: str, at: datetime, last_rmc: DeviceFix | None) -> Heard:
    """The fix of one sentence; `last_rmc` is that of the device's last RMC, which tells day, speed and course."""
    try:
        read = pynmea2.parse(sentence.decode("ascii"), check=True)
    except pynmea2.ChecksumError:
        # Not said to be of the device: what came broken may have its id broken too.
        return NoFix(Reason.CHECKSUM, f"{device}: checksum missing or wrong: {_shown(sentence)}")
    except pynmea2.SentenceTypeError:
        return NoFix(Reason.NO_POSITION, f"{device} tells something else than a position", device)
    except ValueError:
        return NoFix(Reason.UNREADABLE, f"{device}: no sentence: {_shown(sentence)}", device)
    if not isinstance(read, (pynmea2.RMC, pynmea2.GGA, pynmea2.GLL)):
        return NoFix(Reason.NO_POSITION, f"{device} tells something else than a position", device)
    if not _has_fix(read):
        return NoFix(Reason.VOID, f"{device} has no fix", device)
    if not isinstance(read.timestamp, time):
        return NoFix(Reason.NO_TIME, f"{device} tells no time: {_shown(sentence)}", device)
    try:
        latitude, longitude = _degrees(read.lat, read.lat_dir, "NS"), _degrees(read.lon, read.lon_dir, "EW")
        fix_at = _moment(read, last_rmc.fix_at if last_rmc is not None else at)
    except ValueError as error:
        return NoFix(Reason.UNREADABLE, f"{device}: {error}: {_shown(sentence)}", device)
    speed, course = None, None
    if isinstance(read, pynmea2.RMC):
        knots, course = _number(read.spd_over_grnd), _number(read.true_course)
        speed = knots * KNOT_KM_H if knots is not None else None
    elif last_rmc is not None and last_rmc.fix_at == fix_at:
        speed, course = last_rmc.speed_km_h, last_rmc.course
    return checked(DeviceFix(device, latitude, longitude, fix_at, at, speed_km_h=speed, course=course))


def _has_fix(read: "pynmea2.RMC | pynmea2.GGA | pynmea2.GLL") -> bool:
    if isinstance(read, pynmea2.GGA):
        return read.gps_qual in _FIX_QUALITIES
    mode = read.mode_indicator if isinstance(read, pynmea2.RMC) else read.faa_mode
    return read.status == "A" and (mode or "A") not in _NO_FIX_MODES


def _moment(read: "pynmea2.RMC | pynmea2.GGA | pynmea2.GLL", near: datetime) -> datetime:
    clock = read.timestamp
    if isinstance(read, pynmea2.RMC):
        if not hasattr(read.datestamp, "year"):
            raise ValueError("no date")
        return datetime.combine(read.datestamp, clock, UTC)
    since_midnight = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    return day_nearest(since_midnight, near)


def _degrees(written: str, side: str, sides: str) -> float:
    """Degrees from degrees and minutes in one (`3558.5213`), which the library reads more kindly than is safe."""
    if not _DEGREES.fullmatch(written) or side not in tuple(sides):
        raise ValueError(f"{written[:20]} {side[:5]} is no angle")
    whole, minutes = divmod(float(written), 100)
    return (whole + minutes / 60) * (1 if side == sides[0] else -1)


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _shown(line: bytes) -> str:
    return repr(line[:90].decode("ascii", "replace"))

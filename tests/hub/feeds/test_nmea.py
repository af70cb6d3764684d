"""NMEA 0183: which sentences are positions, whose they are, and that neither pieces nor noise lose the next one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.hub.feeds.fix import Heard, Reason
from console.hub.feeds.nmea import NmeaReader
from tests.hub.feeds.saying import NOON, a_fix, gga, gll, reasons, rmc, sentence


def said(*lines: bytes, device: str | None = "U", at: datetime = NOON) -> list[Heard]:
    reader = NmeaReader(device)
    return [*reader.read(b"".join(line + b"\r\n" for line in lines), at), *reader.end(at)]


def test_given_an_rmc_then_it_is_a_fix_with_day_speed_and_course() -> None:
    (heard,) = said(rmc(NOON - timedelta(days=1)))
    fix = a_fix(heard)
    assert (fix.latitude, fix.longitude) == pytest.approx((36.0, -78.9))
    assert fix.fix_at == NOON - timedelta(days=1) and fix.received_at == NOON
    assert fix.speed_km_h == pytest.approx(24 * 1.852) and fix.course == 270


@pytest.mark.parametrize("made", [gga, gll])
def test_given_a_gga_or_gll_then_its_day_is_the_nearest(made: object) -> None:
    assert callable(made)
    before_midnight = datetime(2026, 11, 22, 23, 59, 58, tzinfo=UTC)
    (heard,) = said(made(before_midnight + timedelta(seconds=4)), at=before_midnight)
    assert a_fix(heard).fix_at == before_midnight + timedelta(seconds=4)
    (heard,) = said(made(before_midnight), at=before_midnight + timedelta(seconds=4))
    assert a_fix(heard).fix_at == before_midnight
    assert (a_fix(heard).latitude, a_fix(heard).longitude) == pytest.approx((36.0, -78.9))


def test_given_minutes_rounded_up_to_sixty_then_they_are_a_degree() -> None:
    (heard,) = said(rmc(latitude="3560.0000,N"))
    assert a_fix(heard).latitude == pytest.approx(36.0)


def test_given_a_backlog_of_yesterday_then_a_gga_after_its_rmc_is_of_yesterday_too_and_keeps_its_speed() -> None:
    then = NOON - timedelta(days=1, seconds=-5)
    moving, same, later = said(rmc(then), gga(then), gga(then + timedelta(seconds=1)))
    assert a_fix(same).fix_at == then and a_fix(later).fix_at == then + timedelta(seconds=1)
    assert a_fix(same).speed_km_h == a_fix(moving).speed_km_h and a_fix(later).speed_km_h is None


@pytest.mark.parametrize(
    "line",
    [
        rmc(status="V"),
        gga(quality=0),
        gga(quality=7),
        gga(quality=8),
        gll(status="V"),
        sentence("GPRMC,120000.00,A,3600.0000,N,07854.0000,W,24.0,270.0,221126,,,S"),
        sentence("GPRMC,120000.00,A,3600.0000,N,07854.0000,W,24.0,270.0,221126,,,N"),
        sentence("GPRMC,,V,,,,,,,,,,N"),
        sentence("GPGGA,,,,,,0,,,,,,,,"),
        rmc(latitude="0000.0000,N", longitude="00000.0000,E"),
    ],
)
def test_given_a_void_simulated_or_typed_fix_then_it_is_no_position(line: bytes) -> None:
    assert reasons(said(line)) == [Reason.VOID]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (rmc()[:-3], Reason.CHECKSUM),
        (rmc()[:-2] + b"00", Reason.CHECKSUM),
        (rmc().replace(b"3600", b"3700"), Reason.CHECKSUM),
        (sentence("GPGSV,3,1,11,03,03,111,00"), Reason.NO_POSITION),
        (sentence("GPVTG,054.7,T,034.4,M,005.5,N,010.2,K"), Reason.NO_POSITION),
        (sentence("GPXYZ,1"), Reason.NO_POSITION),
        (sentence("PGRME,15.0,M,45.0,M,25.0,M"), Reason.NO_POSITION),
        (b"hello", Reason.UNREADABLE),
        (b"$GPRMC,12\xff\xfe", Reason.UNREADABLE),
        (sentence("GPRMC,120000.00,A,3699.0000,N,07854.0000,W,,,221126,,,A"), Reason.UNREADABLE),
        (sentence("GPRMC,120000.00,A,3600.0000,X,07854.0000,W,,,221126,,,A"), Reason.UNREADABLE),
        (sentence("GPRMC,120000.00,A,,,,,,,221126,,,A"), Reason.UNREADABLE),
        (sentence("GPRMC,120000.00,A,3600.0000,N,07854.0000,W,,,991326,,,A"), Reason.UNREADABLE),
        (sentence("GPRMC,,A,3600.0000,N,07854.0000,W,,,221126,,,A"), Reason.NO_TIME),
        (sentence("GPRMC,276199.00,A,3600.0000,N,07854.0000,W,,,221126,,,A"), Reason.NO_TIME),
        (sentence("GPRMC,120000.00,A,9100.0000,N,07854.0000,W,,,221126,,,A"), Reason.OUT_OF_RANGE),
    ],
)
def test_given_something_else_then_the_reason_is_said_and_the_next_is_read(line: bytes, reason: Reason) -> None:
    assert reasons(said(line, rmc())) == [reason, None]


@pytest.mark.parametrize("cut", range(1, len(rmc()) + 2))
def test_given_a_sentence_in_two_pieces_then_it_is_read_once(cut: int) -> None:
    reader, whole = NmeaReader("U"), rmc() + b"\r\n"
    assert reasons([*reader.read(whole[:cut], NOON), *reader.read(whole[cut:], NOON), *reader.end(NOON)]) == [None]


def test_given_one_byte_at_a_time_then_every_sentence_is_read() -> None:
    reader, whole = NmeaReader(None), b"".join(b"D%d," % n + rmc() + b"\n" for n in range(5))
    heard = [one for byte in whole for one in reader.read(bytes([byte]), NOON)]
    assert [a_fix(one).device for one in heard] == ["D0", "D1", "D2", "D3", "D4"]


def test_given_glued_sentences_then_each_is_read() -> None:
    assert reasons(said(rmc() + gga() + gll())) == [None, None, None]


def test_given_a_broken_sentence_then_it_makes_no_device_known() -> None:
    (heard,) = said(b"ghost," + rmc()[:-2] + b"00", device=None)
    assert reasons([heard]) == [Reason.CHECKSUM] and heard.device == ""


def test_given_a_sentence_torn_off_by_the_next_then_only_it_is_lost() -> None:
    assert reasons(said(rmc()[:30] + gga(), rmc())) == [Reason.UNREADABLE, None, None]


@pytest.mark.parametrize("between", [b",", b" ", b": ", b";", b"|", b""])
def test_given_ids_before_the_sentences_then_each_is_of_its_device(between: bytes) -> None:
    heard = said(b"353861053849681" + between + rmc(), b"MED-2" + between + gga() + b"U3" + between + gll(), device=None)
    assert [a_fix(one).device for one in heard] == ["353861053849681", "MED-2", "U3"]


def test_given_two_devices_on_one_line_then_the_day_of_one_is_not_that_of_the_other() -> None:
    yesterday = NOON - timedelta(days=1)
    heard = said(b"A," + rmc(yesterday), b"B," + gga(NOON), b"A," + gga(yesterday), device=None)
    assert [a_fix(one).fix_at for one in heard] == [yesterday, NOON, yesterday]


def test_given_no_id_or_a_torn_one_then_the_sentence_is_nobodys() -> None:
    """What a torn sentence is glued to could be anybody's: shown as somebody's it would be a lie."""
    lines = [rmc(), b"A," + rmc()[:25] + b"B," + rmc(), b"two words," + rmc(), b"C," + rmc()]
    heard = said(*lines, device=None)
    assert reasons(heard) == [Reason.NO_DEVICE, Reason.UNREADABLE, Reason.NO_DEVICE, Reason.NO_DEVICE, None]
    assert a_fix(heard[-1]).device == "C"


def test_given_a_flood_without_an_end_then_it_is_counted_and_what_follows_it_on_its_line_is_nobodys() -> None:
    reader = NmeaReader(None)
    assert reasons(reader.read(b"x" * 5000, NOON)) == [Reason.TOO_LONG]
    assert reasons(reader.read(b"12.5," + rmc() + b"\r\nA," + rmc(), NOON)) == [Reason.NO_DEVICE, None]


@pytest.mark.real_data
def test_recorded_noise_beside_a_recorded_position_loses_nothing(real_data: Path) -> None:
    reader = NmeaReader("U")
    recorded = (real_data / "avl" / "pynmea2_data.log").read_bytes()
    heard = [*reader.read(recorded, NOON), *reader.end(NOON)]
    assert reasons(heard)[0] is None and None not in reasons(heard)[1:]
    fix = a_fix(heard[0])
    assert (fix.latitude, fix.longitude) == pytest.approx((-19.48408, 24.17510), abs=1e-5)
    assert fix.fix_at == datetime(2026, 11, 22, 18, 43, 53, 70_000, UTC)

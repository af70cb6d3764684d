"""TAIP: positions with and without checksum, and whose they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.hub.feeds.fix import Heard, Reason
from console.hub.feeds.taip import TaipReader
from tests.hub.feeds.saying import NOON, a_fix, pv, reasons, taip


def said(*messages: bytes, device: str | None = None, at: datetime = NOON) -> list[Heard]:
    reader = TaipReader(device)
    return [*reader.read(b"\r\n".join(messages), at), *reader.end(at)]


def test_given_the_example_of_the_manual_then_every_field_and_the_checksum_are_right() -> None:
    at = datetime(2026, 11, 22, 4, 22, 0, tzinfo=UTC)
    (heard,) = said(b">RPV15714+3739438-1220384601512612;ID=1234;*7F<", at=at)
    fix = a_fix(heard)
    assert fix.device == "1234"
    assert (fix.latitude, fix.longitude) == pytest.approx((37.39438, -122.03846))
    assert fix.fix_at == datetime(2026, 11, 22, 4, 21, 54, tzinfo=UTC)
    assert fix.speed_km_h == pytest.approx(15 * 1.609344) and fix.course == 126


@pytest.mark.parametrize("checksum", [True, False])
def test_given_a_position_with_or_without_checksum_then_it_is_a_fix(checksum: bool) -> None:
    (heard,) = said(pv(device="1234", checksum=checksum))
    assert (a_fix(heard).latitude, a_fix(heard).longitude) == pytest.approx((36.0, -78.9))


def test_given_times_around_midnight_then_the_day_is_the_nearest() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    (heard,) = said(pv(midnight - timedelta(seconds=2), "1"), at=midnight + timedelta(seconds=1))
    assert a_fix(heard).fix_at == midnight - timedelta(seconds=2)


def test_given_who_it_is_then_the_positions_after_it_are_of_that_device() -> None:
    heard = said(pv(), taip("RID1234"), pv(), pv(device="9"), pv(), taip("RID0007", checksum=False), pv(checksum=False))
    assert reasons(heard) == [Reason.NO_DEVICE, Reason.NO_POSITION, None, None, None, Reason.NO_POSITION, None]
    assert [a_fix(heard[n]).device for n in (2, 3, 4, 6)] == ["1234", "9", "1234", "0007"]


def test_given_a_port_of_one_unit_then_all_is_of_it() -> None:
    assert [a_fix(one).device for one in said(pv(), pv(device="9"), device="Van")] == ["Van", "Van"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (pv(device="1")[:-3] + b"00<", Reason.CHECKSUM),
        (pv(device="1").replace(b"+36", b"+37"), Reason.CHECKSUM),
        (b">RPV43200+3600000-0789000001512612;ID=1;*Q<", Reason.CHECKSUM),
        (b">RPV43200+3600000-0789000001512612;*00;ID=1<", Reason.CHECKSUM),
        (taip("RPV43200+3600000-078900000151261;ID=1"), Reason.UNREADABLE),
        (taip("RPV43200+36000x0-0789000001512612;ID=1"), Reason.UNREADABLE),
        (taip("RPV86400+3600000-0789000001512612;ID=1"), Reason.NO_TIME),
        (taip("RPV43200+9900000-0789000001512612;ID=1"), Reason.OUT_OF_RANGE),
        (taip("RPV43200+0000000+0000000001512612;ID=1"), Reason.VOID),
        (pv(device="1", source_and_age="10"), Reason.VOID),
        (pv(device="1", source_and_age="92"), Reason.VOID),
        (taip("RVR TRIMBLE SVEESIX;ID=1"), Reason.NO_POSITION),
        (taip("QPV"), Reason.NO_POSITION),
        (taip("RPV43200+3600000-0789000001512612;ID="), Reason.NO_DEVICE),
        (b"<>", Reason.UNREADABLE),
        (b"noise", Reason.UNREADABLE),
        (pv(device="1")[:20], Reason.UNREADABLE),
    ],
)
def test_given_something_else_then_the_reason_is_said_and_the_next_is_read(message: bytes, reason: Reason) -> None:
    assert set(reasons(said(message, pv(device="2")))) == {reason, None}
    assert a_fix(said(message, pv(device="2"))[-1]).device == "2"


@pytest.mark.parametrize("cut", range(1, len(pv(device="1234"))))
def test_given_a_message_in_two_pieces_then_it_is_read_once(cut: int) -> None:
    reader, whole = TaipReader(None), pv(device="1234")
    assert reasons([*reader.read(whole[:cut], NOON), *reader.read(whole[cut:], NOON), *reader.end(NOON)]) == [None]


def test_given_glued_messages_then_each_is_read() -> None:
    assert reasons(TaipReader(None).read(pv(device="1") + pv(device="2") + pv(device="3"), NOON)) == [None, None, None]


def test_given_a_flood_without_an_end_then_it_is_counted_and_the_next_is_read() -> None:
    reader = TaipReader(None)
    assert reasons(reader.read(b">" + b"x" * 5000, NOON)) == [Reason.TOO_LONG]
    assert reasons(reader.read(b"x<" + pv(device="1"), NOON)) == [Reason.UNREADABLE, None]

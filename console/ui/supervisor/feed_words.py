"""How the feeds of positions stand, in rows and in sentences: what is wrong with a feed stands right under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from console.domain.ids import UnitId
from console.domain.times import about, span
from console.ui.supervisor.words import NOTHING
from console.ui.units.rows import Cell
from console.wire.feeds import DeviceHeard, FeedHealth, FeedState, Jump

SHAPES: Final = {
    FeedState.WORKING: Cell("●", "fine"),
    FeedState.WAITING: Cell("○", "muted"),
    FeedState.SILENT: Cell("◆", "due"),
    FeedState.FAILING: Cell("▲", "alarm"),
}
"""Each state has its own shape beside its colour."""
NO_FEEDS: Final = "This hub was started without --feeds."
NO_FEEDS_IN_EXERCISE: Final = "An exercise drives its units itself."
_SILENT, _UNKNOWN, _JUMP, _UNDER = Cell("◆", "due"), Cell("◇", "text"), Cell("△", "text"), Cell("", "muted")
_NO_AGE: Final = Cell("", "muted")
JUMPS_SHOWN: Final = 5
Key = tuple[str, ...]


class Row(Struct, frozen=True):
    """One line: its shape, what is so, since when that is or was; and in sentences what the line has no room for."""

    key: Key
    shape: Cell
    words: Cell
    at: datetime | None
    sentence: str
    """A form: "{ago}" stands where the age comes."""
    tells_age: bool = True


def rows(feeds: Sequence[FeedHealth]) -> list[Row]:
    """Each feed, and under it what somebody may have to look after."""
    return [row for feed in feeds for row in (_feed(feed), *_under(feed))]


def cells(row: Row, now: datetime) -> tuple[Cell, ...]:
    """A row as it is now."""
    if not row.tells_age:
        return row.shape, row.words, _NO_AGE
    return row.shape, row.words, Cell(NOTHING if row.at is None else span(_age(row.at, now)), row.words.ink)


def sentences(row: Row, now: datetime) -> str:
    """A row in full, for who chose it."""
    ago = f"{about(_age(row.at, now))} ago" if row.at is not None else "not since the hub started"
    return row.sentence.format(ago=ago)


def summary(feeds: Sequence[FeedHealth]) -> tuple[str, str]:
    """What stands in the heading: what is wrong, or that nothing is; and shorter, what is wrong with whole feeds."""
    states = [feed.state for feed in feeds]
    units = sum(len(feed.stale_units) for feed in feeds)
    unknown = sum(len(feed.unknown) + feed.unknown_forgotten for feed in feeds)
    whole = [
        _counted("▲", states.count(FeedState.FAILING), "feed failing", "feeds failing"),
        _counted("◆", states.count(FeedState.SILENT), "feed silent", "feeds silent"),
    ]
    parts = [
        _counted("◆", units, "unit silent", "units silent"),
        _counted("◇", unknown, "device not bound", "devices not bound"),
    ]
    said = " · ".join(filter(None, (*whole, *parts)))
    well = f"all {len(feeds)} well" if len(feeds) > 1 else "well" if feeds else "none"
    return said or well, " · ".join(filter(None, whole))


def _counted(shape: str, count: int, one: str, many: str) -> str:
    return f"{shape} {count:,} {one if count == 1 else many}" if count else ""


def _age(at: datetime, now: datetime) -> float:
    return (now - at).total_seconds()


def _feed(feed: FeedHealth) -> Row:
    shape = SHAPES[feed.state]
    refused = sum(feed.refused.values())
    counts = f"{feed.taken:,} taken" + (f", {refused:,} refused" if refused else "")
    where = ", ".join((feed.protocol, *feed.listens))
    sentence = _literal(f"{feed.name} ({where}) is {feed.state.value}: last taken ") + "{ago}"
    sentence += _literal(f", its limit is {about(feed.stale_s)}.")
    if feed.last_refused:
        sentence += _literal(f" Last refused: {feed.last_refused}.")
    words = Cell(f"{feed.name}: {feed.state.value}, {counts}", "text" if shape.ink == "fine" else shape.ink)
    return Row(("feed", feed.name), shape, words, feed.taken_at, sentence)


def _under(feed: FeedHealth) -> Iterator[Row]:
    for part in filter(None, feed.trouble.split("; ")):
        yield _fact(("trouble", feed.name, part), Cell(part, "alarm"), f"{feed.name}: {feed.trouble}.")
    for unit_id in feed.stale_units:
        yield _silent(feed, unit_id)
    for device in feed.unknown:
        yield _unknown(feed, device)
    if feed.unknown_forgotten:
        words = f"{feed.unknown_forgotten:,} more devices, not bound"
        yield _fact(("forgotten", feed.name), Cell(words), f"{words}: too many to remember; those heard last are listed.")
    for jump in feed.jumps[: -JUMPS_SHOWN - 1 : -1]:
        yield _jumped(feed, jump)
    for reason, count in sorted(feed.refused.items(), key=lambda item: -item[1]):
        words = f"{count:,} refused: {reason.replace('_', ' ')}"
        yield _fact(("refused", feed.name, reason), Cell(words, "muted"), f"{feed.name}, since the hub started: {words}.")


def _fact(key: Key, words: Cell, sentence: str) -> Row:
    """A line under a feed that has no age of its own."""
    return Row(key, _UNDER, words, None, _literal(sentence), tells_age=False)


def _silent(feed: FeedHealth, unit_id: UnitId) -> Row:
    devices = [device for device in feed.devices if device.unit_id == unit_id]
    at = max((device.heard_at for device in devices), default=None)
    by = f" by {', '.join(device.device for device in devices)}" if devices else ""
    sentence = _literal(f"{unit_id}: {feed.name} took no position of it for over {about(feed.stale_s)}. Last heard{by} ")
    return Row(("silent", feed.name, unit_id), _SILENT, Cell(f"{unit_id} is silent", "due"), at, sentence + "{ago}.")


def _unknown(feed: FeedHealth, device: DeviceHeard) -> Row:
    place = f" at {device.latitude:.5f}, {device.longitude:.5f}" if device.latitude is not None else ""
    says = ", ".join(f"{name} {value}" for name, value in device.attributes.items())
    sentence = _literal(f"{device.device} ({feed.name}) was heard {device.heard:,} times, last ") + "{ago}"
    sentence += _literal(f"{place}.{f' It says: {says}.' if says else ''} To bind it, name its unit in the feeds file.")
    return Row(
        ("unknown", feed.name, device.device), _UNKNOWN, Cell(f"{device.device} is not bound"), device.heard_at, sentence
    )


def _jumped(feed: FeedHealth, jump: Jump) -> Row:
    words = f"jump, {jump.km:,.1f} km at {jump.km_h:,.0f} km/h"
    sentence = _literal(f"{jump.unit_id} by {jump.device} of {feed.name}: {words}, to ")
    sentence += _literal(f"{jump.latitude:.5f}, {jump.longitude:.5f}, ") + "{ago}. It is kept in the track, not drawn."
    key = ("jump", feed.name, jump.device, jump.fix_at.isoformat(), f"{jump.latitude} {jump.longitude}")
    return Row(key, _JUMP, Cell(f"{jump.unit_id}: {words}"), jump.fix_at, sentence)


def _literal(text: str) -> str:
    """Words that came from elsewhere, safe from being read as a form."""
    return text.replace("{", "{{").replace("}", "}}")

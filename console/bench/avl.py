"""From a modem's packet to the painted map with 2,000 units at 1 Hz, also while a backlog of 50,000 fixes comes in."""

import asyncio
import socket
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor
from pathlib import Path
from threading import Thread

from console.bench.child import Child, child
from console.bench.figure import Figure, percentile
from console.bench.full_floor import configuration_with, set_up, spot
from console.bench.hubs import PASSWORD, TELECOMMUNICATORS, carry_out, center_hub, signed_in, staffed_store
from console.domain.agency import Agency
from console.domain.ids import DeskId, UserId
from console.hub.configuration import load
from console.link.hub_client import HubClient
from console.wire.feeds import FeedHealth

UNITS = 2000
SECONDS = 12
BACKLOG = 50_000
BACKLOG_UNITS = 50
WARM_UP_S = 3
P99_MS, BACKLOG_MS = 500.0, 2000.0
_FEED = """
[[feed]]
name = "Modems"
protocol = "nmea"
tcp = "127.0.0.1:0"
udp = "127.0.0.1:0"
[feed.units]
"""
_AT_ONCE = 10
"""Packets sent between two sleeps: a finer pace than a system's sleep could keep."""

Sent = dict[tuple[str, int], float]
"""When each fix was sent, by unit and time of the fix in milliseconds."""


def measure() -> list[Figure]:
    """Live fixes alone, then beside a backlog, then the same packets to a bare socket in another process."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = configuration_with(folder, UNITS)
        rules = load(config)
        store, feeds = staffed_store(folder), folder / "feeds.toml"
        bound = "\n".join(f'"D{n}" = "{unit.unit_id}"' for n, unit in enumerate(rules.units))
        feeds.write_text(f"{_FEED}{bound}\n", encoding="utf-8")
        with center_hub(store, config, "--feeds", str(feeds)) as (url, _):
            asyncio.run(_on_duty(url, rules))
            ports = {one.split()[0]: int(one.rpartition(":")[2]) for one in _health(url).listens}
            with child(folder / "desk", "console.bench.avl_desk", url) as desk:
                desk.hear()
                _live(rules, ports["udp"], WARM_UP_S)
                alone = _painted(desk, lambda: _live(rules, ports["udp"], SECONDS))
                flood = Thread(target=_backlog, args=(rules, ports["tcp"]))
                began = time.monotonic()
                flood.start()
                beside = _painted(desk, lambda: _live(rules, ports["udp"], SECONDS))
                flood.join()
                after = _absorbed(url)
                absorbed_s = time.monotonic() - began
        bare = _bare(folder, rules)
    sent = SECONDS * UNITS
    how = (
        f"{UNITS} units, each an NMEA packet a second over UDP for {SECONDS} s, from sending it to the second frame after "
        f"it was pushed to the map page of a Qt desk in another process, rendered without a graphics card; the hub gathers "
        f"fixes for 200 ms, the desk for 100; {len(alone)} of {sent} painted by the time that the last ones were; one "
        f"monotonic clock; baseline: the same packets to a bare socket in another process"
    )
    beside_how = (
        f"the same while {BACKLOG} fixes of {BACKLOG_UNITS} units, up to a day old, come over TCP at once; {len(beside)} of "
        f"{sent} painted; {after.refused.get('older_than_held', 0)} were refused as older: no unit went backwards; all "
        f"of it was read {absorbed_s:.0f} s after it began, of which {SECONDS} s with live packets"
    )
    figures = [
        Figure(
            f"packet to painted, {name}", percentile(alone, p) * 1e3, "ms", limit, how, percentile(bare, p) * 1e3,
            of_value=True,
        )
        for name, p, limit in (("median", 50, None), ("99 %", 99, P99_MS))
    ]  # fmt: skip
    kept = len(beside) / sent * 100
    return [
        *figures,
        Figure("packet to painted beside a backlog, longest", max(beside) * 1e3, "ms", BACKLOG_MS, beside_how),
        Figure("live packets painted beside a backlog", kept, "%", 99.0, beside_how, at_least=True),
    ]


def packet(rules: Agency, n: int, at: datetime) -> bytes:
    """An RMC of the n-th unit, which drives north, or back, at about 40 km/h."""
    latitude, longitude = spot(rules, n)
    latitude += abs(at.timestamp() % 600 - 300) * 1e-4
    places = f"{_minutes(latitude, 2)},{'NS'[latitude < 0]},{_minutes(longitude, 3)},{'EW'[longitude < 0]}"
    body = f"GPRMC,{at:%H%M%S}.{at.microsecond // 1000:03d},A,{places},21.6,0.0,{at:%d%m%y},,,A"
    return f"D{n},${body}*{reduce(xor, body.encode()):02X}\r\n".encode()


def _minutes(degrees: float, digits: int) -> str:
    """Degrees and minutes in one, as NMEA writes them, to a ten-thousandth of a minute."""
    whole, rest = divmod(round(abs(degrees) * 600_000), 600_000)
    return f"{whole:0{digits}d}{rest / 10_000:07.4f}"


def _live(rules: Agency, port: int, seconds: int) -> Sent:
    """Every unit once a second, evenly over the second."""
    sent: Sent = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        begun = time.monotonic()
        for turn in range(seconds * UNITS):
            if turn % _AT_ONCE == 0:
                time.sleep(max(0.0, begun + turn / UNITS - time.monotonic()))
            n, now = turn % UNITS, datetime.now(UTC)
            at = now.replace(microsecond=now.microsecond // 1000 * 1000)
            made = packet(rules, n, at)
            sent[rules.units[n].unit_id, round(at.timestamp() * 1000)] = time.monotonic()
            sending.sendto(made, ("127.0.0.1", port))
    return sent


def _painted(desk: Child, live: Callable[[], Sent]) -> list[float]:
    """Seconds from packet to paint of every fix that was painted, once nearly the last one was: datagrams may be lost."""
    sent = live()
    desk.tell(sorted(fix for _, fix in sent)[-2 * _AT_ONCE])
    return [at - sent[unit, fix] for unit, fix, at in desk.hear() if (unit, fix) in sent]


def _backlog(rules: Agency, port: int) -> None:
    """What modems send that were out of reach for a day: all at once, oldest first."""
    now, each = datetime.now(UTC), BACKLOG // BACKLOG_UNITS
    step = timedelta(days=1) / (each + 1)
    with socket.create_connection(("127.0.0.1", port)) as modem:
        for n in range(BACKLOG_UNITS):
            modem.sendall(b"".join(packet(rules, n, now - step * (each - k)) for k in range(each)))


def _bare(folder: Path, rules: Agency) -> list[float]:
    seconds = 3
    with child(folder / "bare", "console.bench.bare_datagrams", str(seconds * UNITS)) as bare:
        (port,) = bare.hear()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            begun, sent = time.monotonic(), []
            for turn in range(seconds * UNITS):
                if turn % _AT_ONCE == 0:
                    time.sleep(max(0.0, begun + turn / UNITS - time.monotonic()))
                made = b"%d,%b" % (turn, packet(rules, turn % UNITS, datetime.now(UTC)))
                sent.append(time.monotonic())
                sending.sendto(made, ("127.0.0.1", port))
        return [at - sent[number] for number, at in bare.hear()]


async def _on_duty(url: str, rules: Agency) -> None:
    client, session = await signed_in(url, TELECOMMUNICATORS[0])
    await carry_out(url, session, set_up(rules, 0))
    await client.close()


def _health(url: str) -> FeedHealth:
    """How the feed stands, as a supervisor is told."""

    async def ask() -> FeedHealth:
        client = HubClient(url)
        await client.sign_in(UserId("supervisor"), PASSWORD, DeskId("desk-supervisor"))
        try:
            return (await client.feeds())[0]
        finally:
            await client.close()

    return asyncio.run(ask())


def _absorbed(url: str) -> FeedHealth:
    """How the feed stands once nothing more of what was sent is left to be read."""
    before, now = -1, _health(url)
    while now.received > before:
        before = now.received
        time.sleep(0.25)
        now = _health(url)
    return now

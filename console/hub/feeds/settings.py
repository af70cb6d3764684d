"""Which feeds of positions a hub has, and whose each device is: one small TOML file, `--feeds FILE`.

[[feed]]
name = "Modems"
protocol = "nmea"                # or osmand, taip, gtfs-realtime
udp = "0.0.0.0:5061"             # or tcp, or both; osmand: listen; gtfs-realtime: url
[feed.units]
"353861053849681" = "U1"         # device = unit; a device that stands nowhere is listed to supervisors
"""

from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from console.domain.ids import UnitId
from console.hub.feeds.fix import is_device


class FeedsFaulty(Exception):
    """The file cannot be used; the message is one line a finding, with its place."""


class _Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="protocol"):
    """What every feed is told: how supervisors call it, whose the devices are, and when it counts as silent."""

    name: str
    units: dict[str, UnitId] = {}
    """Unit of each device."""
    stale_s: float = 60.0
    clock_ahead_s: float = 0.0
    """What the devices' clocks are ahead of UTC: 18 where they tell the time of GPS."""

    @property
    def protocol(self) -> str:
        """The protocol, as the file names it."""
        return str(type(self).__struct_config__.tag)

    def unit_of(self, device: str) -> UnitId | None:
        """The unit that a device is bound to."""
        return self.units.get(device)

    def bound(self) -> tuple[UnitId, ...]:
        """Every unit that is bound."""
        return tuple(dict.fromkeys(self.units.values()))


class OsmandFeed(_Feed, frozen=True, kw_only=True, tag="osmand"):
    """Phones and trackers that send each fix as a web request."""

    listen: str


class _Line(_Feed, frozen=True, kw_only=True):
    """Modems that send lines of bytes. Either `units`, or the one `unit` that speaks at this port."""

    tcp: str = ""
    udp: str = ""
    unit: UnitId = UnitId("")
    devices_by: Literal["id", "address"] = "id"
    """Whether a device is known by the id that it sends, or by the address that it sends from."""

    def unit_of(self, device: str) -> UnitId | None:
        """The unit that a device is bound to."""
        return self.unit or self.units.get(device)

    def bound(self) -> tuple[UnitId, ...]:
        """Every unit that is bound."""
        return (self.unit,) if self.unit else tuple(dict.fromkeys(self.units.values()))

    def device_at(self, address: str) -> str | None:
        """Whose everything from that address is; None where each message says it."""
        return self.name if self.unit else address if self.devices_by == "address" else None


class NmeaFeed(_Line, frozen=True, kw_only=True, tag="nmea"):
    """NMEA 0183."""


class TaipFeed(_Line, frozen=True, kw_only=True, tag="taip"):
    """TAIP."""


class GtfsRealtimeFeed(_Feed, frozen=True, kw_only=True, tag="gtfs-realtime"):
    """An address that is asked for the places of a whole fleet."""

    url: str
    every_s: float = 15.0
    timeout_s: float = 10.0


LineFeed = NmeaFeed | TaipFeed
Feed = OsmandFeed | NmeaFeed | TaipFeed | GtfsRealtimeFeed
_PROTOCOLS = tuple(str(kind.__struct_config__.tag) for kind in get_args(Feed))


class _File(Struct, forbid_unknown_fields=True):
    feed: list[Feed]


class FeedsSettings(Struct, frozen=True):
    """The feeds of a hub, and the file that says so, for findings about it."""

    feeds: tuple[Feed, ...]
    path: str = "feeds"


def read(path: Path) -> FeedsSettings:
    """Read and check the file, or raise `FeedsFaulty` with everything that is wrong."""
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise FeedsFaulty(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        allowed = f"; allowed: {', '.join(_PROTOCOLS)}" if str(error).endswith(".protocol`") else ""
        raise FeedsFaulty(f"{path}: {error}{allowed}") from None
    found = [f"{path}: feed {n} ({feed.name}): {what}" for n, feed in enumerate(file.feed, 1) for what in _faults(feed)]
    found += [f"{path}: {what}" for what in _doubled(file.feed)]
    if found:
        raise FeedsFaulty("\n".join(found))
    return FeedsSettings(tuple(file.feed), str(path))


def place(address: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT` (IPv6 in brackets; port 0 is any that is free); ValueError for anything else."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise ValueError(f"{address!r} is no address; write HOST:PORT, for example 127.0.0.1:5055")
    return host, int(port)


def _faults(feed: Feed) -> list[str]:
    found = [] if is_device(feed.name) else ["name: write 1 to 64 characters, by which supervisors are to know it"]
    found += [f"units.{name!r}: is no id of a device" for name in feed.units if not is_device(name)]
    found += [f"units.{device!r}: names no unit" for device, unit in feed.units.items() if not unit.strip()]
    numbers = {"stale_s": feed.stale_s}
    addresses: dict[str, str] = {}
    match feed:
        case OsmandFeed():
            addresses = {"listen": feed.listen}
        case NmeaFeed() | TaipFeed():
            addresses = {name: at for name, at in (("tcp", feed.tcp), ("udp", feed.udp)) if at}
            if not addresses:
                found.append("tcp, udp: neither is there; write HOST:PORT at one of them or at both")
            if feed.unit and feed.units:
                found.append("unit, units: are both there; name the one unit of this port, or whose each device is")
        case GtfsRealtimeFeed():
            numbers |= {"every_s": feed.every_s, "timeout_s": feed.timeout_s}
            if not _is_url(feed.url):
                found.append(f"url: {feed.url!r} is not an address; write https://HOST/PATH")
    for name, address in addresses.items():
        try:
            place(address)
        except ValueError as error:
            found.append(f"{name}: {error}")
    found += [f"{name}: {n:g} is not a number of seconds above 0" for name, n in numbers.items() if not 0 < n < 1e9]
    if not abs(feed.clock_ahead_s) < 1e6:
        found.append(f"clock_ahead_s: {feed.clock_ahead_s:g} is not a number of seconds; write 18 for the time of GPS")
    return found


def _doubled(feeds: list[Feed]) -> list[str]:
    """Names and listening places that two feeds claim."""
    claims: dict[str, list[str]] = {}
    for n, feed in enumerate(feeds, 1):
        claims.setdefault(f"name {feed.name!r}", []).append(f"feed {n}")
        for kind, address in listening(feed):
            if not address.endswith(":0"):
                claims.setdefault(f"{kind} {address}", []).append(f"feed {n}")
    return [f"{' and '.join(who)}: {what}: is claimed more than once" for what, who in claims.items() if len(who) > 1]


def listening(feed: Feed) -> list[tuple[str, str]]:
    """Where a feed listens: "tcp" or "udp", and the address."""
    match feed:
        case OsmandFeed():
            return [("tcp", feed.listen)]
        case NmeaFeed() | TaipFeed():
            return [(kind, address) for kind, address in (("tcp", feed.tcp), ("udp", feed.udp)) if address]
        case _:
            return []


def _is_url(url: str) -> bool:
    try:
        where = urlsplit(url)
        return where.scheme in ("http", "https") and bool(where.hostname) and (where.port is None or where.port > 0)
    except ValueError:
        return False

"""feeds.toml: what may stand in it, and that each fault is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.ids import UnitId
from console.hub.feeds.settings import FeedsFaulty, GtfsRealtimeFeed, NmeaFeed, OsmandFeed, TaipFeed, place, read

WHOLE = """
[[feed]]
name = "Phones"
protocol = "osmand"
listen = "0.0.0.0:5055"
stale_s = 120
[feed.units]
"353861053849681" = "U1"

[[feed]]
name = "Modems"
protocol = "nmea"
udp = "0.0.0.0:5061"
tcp = "[::]:5061"
devices_by = "address"
units = { "10.20.0.7" = "U2" }

[[feed]]
name = "Van"
protocol = "taip"
udp = "127.0.0.1:5062"
unit = "U3"
clock_ahead_s = 18

[[feed]]
name = "Fleet"
protocol = "gtfs-realtime"
url = "https://fleet.example/positions"
every_s = 10
units = { "bus 7" = "U4" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "feeds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_given_one_feed_of_each_protocol_then_all_is_read(tmp_path: Path) -> None:
    phones, modems, van, fleet = read(written(tmp_path, WHOLE)).feeds
    assert isinstance(phones, OsmandFeed) and phones.stale_s == 120 and phones.unit_of("353861053849681") == "U1"
    assert isinstance(modems, NmeaFeed) and modems.device_at("10.20.0.7") == "10.20.0.7" and modems.unit_of("9") is None
    assert isinstance(van, TaipFeed) and van.device_at("10.0.0.1") == "Van" and van.unit_of("Van") == UnitId("U3")
    assert isinstance(fleet, GtfsRealtimeFeed) and fleet.bound() == ("U4",) and fleet.protocol == "gtfs-realtime"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('protocol = "nmea"', 'protocol = "xml"', "`$.feed[1].protocol`; allowed: osmand, nmea, taip, gtfs-realtime"),
        ("every_s = 10", "evry_s = 10", "evry_s"),
        ("every_s = 10", "every_s = 0", "feed 4 (Fleet): every_s: 0 is not a number of seconds above 0"),
        ("stale_s = 120", "stale_s = nan", "feed 1 (Phones): stale_s: nan"),
        ("stale_s = 120", 'stale_s = "long"', "$.feed[0].stale_s"),
        ("clock_ahead_s = 18", "clock_ahead_s = inf", "feed 3 (Van): clock_ahead_s: inf"),
        ('listen = "0.0.0.0:5055"', 'listen = "5055"', "feed 1 (Phones): listen: '5055' is no address; write HOST:PORT"),
        ('listen = "0.0.0.0:5055"', 'listen = "h:99999"', "feed 1 (Phones): listen: 'h:99999' is no address"),
        ('udp = "127.0.0.1:5062"\n', "", "feed 3 (Van): tcp, udp: neither is there"),
        ('unit = "U3"', 'unit = "U3"\nunits = { a = "U1" }', "feed 3 (Van): unit, units: are both there"),
        ('{ "bus 7" = "U4" }', '{ "bus 7" = "" }', "feed 4 (Fleet): units.'bus 7': names no unit"),
        ('{ "bus 7" = "U4" }', '{ " 7" = "U4" }', "feed 4 (Fleet): units.' 7': is no id of a device"),
        ('name = "Van"', 'name = ""', "feed 3 (): name: write 1 to 64 characters"),
        ('name = "Van"', 'name = "Fleet"', "feed 3 and feed 4: name 'Fleet': is claimed more than once"),
        ("127.0.0.1:5062", "0.0.0.0:5061", "feed 2 and feed 3: udp 0.0.0.0:5061: is claimed more than once"),
        ("https://fleet.example/positions", "fleet.example", "feed 4 (Fleet): url: 'fleet.example' is not an address"),
        ('[[feed]]\nname = "Modems"', '[[fede]]\nname = "Modems"', "fede"),
        ("[[feed]]", "[[feed", "feeds.toml"),
    ],
)
def test_given_a_fault_then_its_place_and_what_is_wrong_are_said(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in WHOLE
    with pytest.raises(FeedsFaulty) as caught:
        read(written(tmp_path, WHOLE.replace(before, after, 1)))
    assert said in str(caught.value) and "feeds.toml" in str(caught.value)


def test_given_several_faults_then_all_are_said_at_once(tmp_path: Path) -> None:
    faulty = WHOLE.replace("every_s = 10", "every_s = -1").replace("stale_s = 120", "stale_s = 0")
    with pytest.raises(FeedsFaulty) as caught:
        read(written(tmp_path, faulty))
    assert len(str(caught.value).splitlines()) == 2


def test_given_no_file_then_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(FeedsFaulty, match=r"none\.toml: cannot be read"):
        read(tmp_path / "none.toml")


def test_a_place_is_a_host_and_a_port() -> None:
    assert place("[::1]:5055") == ("::1", 5055) and place("localhost:0") == ("localhost", 0)

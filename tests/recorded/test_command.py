"""`replay` as a person meets it: what it prints, the report it leaves, its exit code."""

import argparse
import asyncio
import csv
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from console.domain.commands import Accepted, CommandOutcome, Order, ReceiveCall, Rejected
from console.domain.ids import Seq
from console.recorded.command import add_arguments, run
from console.recorded.replay import HubLost, Send
from tests.recorded.made_up import HEADER, MAPPING, row
from tests.support.agency import AGENCY


class Center:
    """A folder with a file and a mapping, and a hub that takes what it is given."""

    def __init__(self, folder: Path) -> None:
        self.file, self.map, self.report = folder / "calls.csv", folder / "map.toml", folder / "found.csv"
        self.map.write_text(MAPPING, encoding="utf-8")
        self.orders: list[Order] = []
        self.connected = False
        self.on_send: Callable[[Order], CommandOutcome] = lambda order: Accepted(Seq(1))

    async def send(self, order: Order) -> CommandOutcome:
        outcome = self.on_send(order)
        await asyncio.sleep(0)
        self.orders.append(order)
        return outcome

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[Send, None]:
        self.connected = True
        yield self.send

    def replay(self, *rows: str, options: tuple[str, ...] = (), report: bool = True) -> int:
        """Write the rows, and run the command on them."""
        self.file.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        report_option = ("--report", str(self.report)) if report else ()
        line = [str(self.file), "--map", str(self.map), "--speed", "max", *report_option, *options]
        return asyncio.run(run(parser.parse_args(line), AGENCY, self.connect))

    @property
    def listed(self) -> list[dict[str, str]]:
        with self.report.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def references(self) -> list[str]:
        return [order.command.reference for order in self.orders if isinstance(order.command, ReceiveCall)]


@pytest.fixture
def center(tmp_path: Path) -> Center:
    return Center(tmp_path)


def test_given_a_clean_file_then_all_is_fed_in_order_of_time(center: Center, capsys: pytest.CaptureFixture[str]) -> None:
    assert center.replay(row("2", time="01:00:00AM"), row("1")) == 0
    assert center.references == ["1", "2"]
    assert center.listed == []
    said = capsys.readouterr()
    assert (said.out, said.err) == ("2 rows: 2 calls fed\n", "")


def test_given_a_pace_then_it_says_how_long_it_will_take(center: Center, capsys: pytest.CaptureFixture[str]) -> None:
    assert center.replay(row("2", time="12:01:03AM"), row("1"), options=("--speed", "1e9")) == 0
    assert capsys.readouterr().err == "2 calls over 0:00:01: at speed 1e+09 the last comes in 0:00:00.\n"


def test_given_bad_rows_then_the_sum_the_findings_and_the_report_tell_of_each(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row("1"), row("2", date="soon"), row("3", x="0", y="0"), "4,short", row("5", nature="ZEBRA"), row("1")]
    assert center.replay(*rows, row("6", nature="ZEBRA"), row("7", nature="=cmd()")) == 1
    assert center.references == ["1", "3", "5", "6", "7"]
    said = capsys.readouterr()
    assert said.out == (
        f"8 rows: 5 calls fed, 1 merged with another row of their call, 2 listed in {center.report}, 1 without a point\n"
    )
    assert said.err.splitlines() == [
        "3 x a nature that the mapping does not name: fed with the agency's unmapped nature and its own words "
        "(first: row 6, Nature 'ZEBRA')",
        "1 x a time that none of the mapping's formats reads: listed, not fed (first: row 3, Date, Time 'soon 12:01:02AM')",
        "1 x a point at 0,0: fed without a point (first: row 4, X, Y '0, 0')",
        "1 x wrong number of columns: listed, not fed (first: row 5)",
        "1 x the same call again: merged with the call's first row (first: row 7)",
        f"Each is listed in {center.report}",
    ]
    assert [(line["row"], line["column"], line["value"], line["calls"]) for line in center.listed] == [
        ("3", "Date, Time", "soon 12:01:02AM", "1"),
        ("4", "X, Y", "0, 0", "1"),
        ("5", "", "2, not 11", "1"),
        ("7", "", "row 2", "1"),
        ("6", "Nature", "ZEBRA", "2"),
        ("9", "Nature", "'=cmd()", "1"),
    ]


def test_given_no_report_named_then_there_is_one_only_if_something_is_found(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert center.replay(row("1"), report=False) == 0
    assert not (tmp_path / "calls.findings.csv").exists()
    assert center.replay(row("1", date="soon"), report=False) == 1
    assert (tmp_path / "calls.findings.csv").exists()


def test_given_only_a_check_then_nothing_is_fed(center: Center, capsys: pytest.CaptureFixture[str]) -> None:
    assert center.replay(row("1"), options=("--check",)) == 0
    assert not center.connected
    assert capsys.readouterr().out == "1 rows: 1 calls readable\n"


def test_given_a_header_and_no_rows_then_that_is_said_and_nothing_is_clean(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    assert center.replay() == 1
    assert "0 rows" in capsys.readouterr().out


@pytest.mark.parametrize("old", ['beat = "Beat"', 'zone = "America/New_York"'])
def test_given_a_wrong_mapping_then_one_line_says_so_and_nothing_is_fed(
    center: Center, capsys: pytest.CaptureFixture[str], old: str
) -> None:
    center.map.write_text(MAPPING.replace(old, old.replace("=", '= "No"#')), encoding="utf-8")
    assert center.replay(row("1")) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"heart-console replay: {center.map}: ") and said.count("\n") == 1
    assert not center.connected


def test_given_a_report_that_would_overwrite_its_file_then_it_is_refused(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    center.report = center.file
    assert center.replay(row("1")) == 2
    assert "the report would overwrite" in capsys.readouterr().err
    assert center.file.read_text(encoding="utf-8").startswith(HEADER)


def test_given_a_place_where_no_report_can_be_written_then_nothing_is_fed(
    center: Center, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    center.report = tmp_path / "no" / "such" / "folder.csv"
    assert center.replay(row("1")) == 2
    assert "folder.csv" in capsys.readouterr().err
    assert not center.connected


def test_given_no_such_file_then_that_is_said(center: Center, capsys: pytest.CaptureFixture[str]) -> None:
    center.file = center.file.parent / "calls"
    center.file.mkdir()
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    for name in (center.file, center.file / "none.csv"):
        arguments = parser.parse_args([str(name), "--map", str(center.map), "--report", str(center.report)])
        assert asyncio.run(run(arguments, AGENCY, center.connect)) == 2
        assert f"{name}: cannot be read" in capsys.readouterr().err


def test_given_calls_the_hub_refuses_then_they_stand_in_the_report(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    center.on_send = lambda order: Rejected("place-bad", "There is no such place.")
    assert center.replay(row("1"), row("2")) == 1
    said = capsys.readouterr()
    assert said.out == "2 rows: 0 calls fed, 2 refused by the hub\n"
    assert "2 x refused by the hub: place-bad: not on the board (first: row 2)" in said.err
    assert [line["value"] for line in center.listed] == ["There is no such place."] * 2


def test_given_a_person_who_has_seen_enough_then_it_says_where_it_stood(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    async def stopped() -> int:
        task = asyncio.current_task()
        assert task is not None
        left = iter(range(2))

        def on_send(order: Order) -> CommandOutcome:
            if next(left, None) == 1:
                task.cancel()
            return Accepted(Seq(1))

        center.on_send = on_send
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        line = [str(center.file), "--map", str(center.map), "--speed", "max", "--report", str(center.report)]
        code = await run(parser.parse_args(line), AGENCY, center.connect)
        assert not task.cancelling()
        return code

    center.file.write_text("\n".join((HEADER, *(row(str(n)) for n in range(200)))), encoding="utf-8")
    assert asyncio.run(stopped()) == 1
    said = capsys.readouterr()
    assert "stopped: the hub has " in said.err
    assert "up to row " in said.err and "of 2025-01-15 00:01:02 EST" in said.err
    assert "not sent" in said.out
    assert len(center.orders) < 200


def test_given_a_person_who_stops_the_reading_then_nothing_was_fed(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    async def stopped() -> int:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        return await run(parser.parse_args([str(center.file), "--map", str(center.map)]), AGENCY, center.connect)

    center.file.write_text("\n".join((HEADER, row("1"))), encoding="utf-8")
    assert asyncio.run(stopped()) == 1
    assert capsys.readouterr().err == "heart-console replay: stopped while reading; nothing was fed.\n"
    assert not center.connected


def test_given_a_hub_that_cannot_be_reached_then_it_says_where_it_stood(
    center: Center, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def nowhere() -> AsyncGenerator[Send, None]:
        raise HubLost("Nobody answers at that address.")
        yield center.send

    center.connect = nowhere  # type: ignore[method-assign]
    assert center.replay(row("1")) == 1
    said = capsys.readouterr()
    assert "Nobody answers at that address.: the hub has 0 of 1 calls" in said.err
    assert said.out == "1 rows: 0 calls fed, 1 not sent\n"


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("0", None), ("1", 1.0), ("60", 60.0), ("0.5", 0.5)])
def test_speeds(text: str, speed: float | None) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert parser.parse_args(["f", "--map", "m", "--speed", text]).speed == speed


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "fast", ""])
def test_a_speed_that_is_none_is_a_usage_error(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["f", "--map", "m", f"--speed={text}"])
    assert ended.value.code == 2
    assert "is not a speed" in capsys.readouterr().err

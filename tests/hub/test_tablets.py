"""Tokens of tablets: kept as a digest, refused when wrong, bounded; and the command that makes, lists and revokes them."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from console.__main__ import main
from console.domain.ids import UnitId
from console.hub import tablets
from console.hub.problems import Refusal
from console.hub.store import Store
from console.hub.tablets import Tablets, WrongTokens
from tests.support.hub import running_hub, store_url
from tests.support.loop import runs
from tests.support.tablet import T1, Tablet

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Said = pytest.CaptureFixture[str]


async def made(folder: Path) -> None:
    """A store whose log knows the units."""
    async with running_hub(folder):
        pass


def run(folder: Path, *arguments: str) -> int:
    return main(["tablet", *arguments, "--store", store_url(folder)])


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@runs
async def test_given_a_hub_that_runs_when_a_tablet_is_added_and_taken_back_then_both_count_at_once(
    tmp_path: Path, capsys: Said, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_hub(tmp_path) as hub:
        assert run(tmp_path, "add", "T1", "--name", "Vehicle 12") == 0
        said = capsys.readouterr().out
        found = re.search(r"Tablet (\w+) of T1.*\n\n    (\S+)\n\n.*/field#(\S+) behind", said)
        assert found is not None and found[2] == found[3]
        tablet = Tablet(hub, found[1], found[2])
        assert (await tablet.me()).unit.unit_id == T1
        assert run(tmp_path, "list") == 0
        listed = capsys.readouterr().out
        assert listed.startswith(f"{found[1]}  T1 ") and "last heard 20" in listed and "Vehicle 12" in listed
        assert found[2] not in listed
        assert run(tmp_path, "revoke", found[1]) == 0
        assert "refuses it from now on" in capsys.readouterr().out
        assert (await tablet.get()).status_code == 401
        assert run(tmp_path, "revoke", found[1]) == 0
        assert "was taken back before" in capsys.readouterr().out
        run(tmp_path, "list")
        assert "taken back 20" in capsys.readouterr().out
    assert found[2].encode() not in everything_in(tmp_path)
    assert found[2] not in caplog.text


def test_given_no_store_an_unknown_unit_or_an_unknown_tablet_then_one_line_says_so(tmp_path: Path, capsys: Said) -> None:
    assert run(tmp_path, "add", "T1") == 1
    assert "there is no such file" in capsys.readouterr().err
    runs(partial(made, tmp_path))()
    assert run(tmp_path, "list") == 0
    assert capsys.readouterr().out == "No unit has a tablet.\n"
    for arguments, words in (
        (("add", "X9"), "knows no unit X9; it knows A1, T1, T2; nothing was changed"),
        (("add", "T1", "--name", "x" * 65), "at most 64 characters"),
        (("revoke", "nobody"), "no unit has a tablet"),
    ):
        assert run(tmp_path, *arguments) == 1
        said = capsys.readouterr().err
        assert words in said and said.count("\n") == 1
    assert run(tmp_path, "add", "T2") == 0
    capsys.readouterr()
    assert run(tmp_path, "revoke", "nobody") == 1
    assert "there is no tablet nobody" in capsys.readouterr().err


def test_given_a_store_that_no_hub_has_configured_then_what_to_do_is_said(tmp_path: Path, capsys: Said) -> None:
    Store(store_url(tmp_path)).close()
    assert run(tmp_path, "add", "T1") == 1
    assert "it knows none: start the hub once with --config" in capsys.readouterr().err


@runs
async def test_given_use_after_use_then_the_store_is_written_once_a_minute(tmp_path: Path) -> None:
    store, now = Store(store_url(tmp_path)), NOON
    try:
        known = Tablets(store, lambda: now)
        _, token = await store.write(partial(tablets.add, T1, "", NOON))
        kept = []
        for seconds in (0, 30, 61):
            now = NOON + timedelta(seconds=seconds)
            await known.who(f"Bearer {token}", "here")
            heard = (await store.read(tablets.listed))[0].heard_at
            assert heard is not None
            kept.append((heard - NOON).seconds)
            assert (await known.all())[0].heard_at == now
        assert kept == [0, 0, 61]
    finally:
        store.close()


@pytest.mark.expects_log("token was refused")
@runs
async def test_given_five_wrong_tokens_from_one_address_then_ten_minutes_later_it_is_looked_at_again(tmp_path: Path) -> None:
    store, now = Store(store_url(tmp_path)), NOON
    try:
        known = Tablets(store, lambda: now)

        async def tried(address: str = "here", token: str = "Bearer no") -> str:
            with pytest.raises(Refusal) as refused:
                await known.who(token, address)
            return refused.value.problem.code

        assert [await tried() for _ in range(6)] == ["token-unknown"] * 5 + ["locked"]
        assert await tried("elsewhere") == "token-unknown"
        assert await tried(token="Basic x") == "no-token"
        now = NOON + timedelta(minutes=10, seconds=1)
        assert await tried() == "token-unknown"
    finally:
        store.close()


def test_given_wrong_tokens_from_ever_new_addresses_then_what_is_kept_of_them_is_bounded() -> None:
    wrong = WrongTokens()
    for n in range(3_000):
        wrong.note(f"address {n}", NOON)
    assert len(wrong._wrong) == 1_000
    for n in range(5):
        wrong.note("address 2999", NOON + timedelta(seconds=n))
    assert wrong.locked_until("address 2999", NOON + timedelta(seconds=5)) is not None


def test_given_a_store_of_an_earlier_version_then_it_has_room_for_tablets(tmp_path: Path) -> None:
    store = Store(store_url(tmp_path))
    store.close()
    with sqlite3.connect(tmp_path / "hub.sqlite") as connection:
        connection.execute("DROP TABLE tablet")
        connection.execute("UPDATE alembic_version SET version_num = '0008'")
    connection.close()
    store = Store(store_url(tmp_path))
    try:
        assert store.read_now(tablets.listed) == []
        assert store.read_now(partial(tablets.find, "no token")) is None
    finally:
        store.close()


def test_a_token_has_256_random_bits_and_each_is_another(tmp_path: Path) -> None:
    store = Store(store_url(tmp_path))
    try:
        add = partial(tablets.add, UnitId("T1"), "", NOON)
        tokens = {store.read_now(add)[1] for _ in range(3)}
        assert len(tokens) == 3 and all(len(token) == 43 for token in tokens)
    finally:
        store.close()

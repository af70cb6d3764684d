"""The history of contacts: found by number and by place however they were written, over 90 days, by those on the floor."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine, select, text

from console.domain.commands import CloseCall
from console.domain.contacts import LISTED, Contacts, NumbersBegun, counts_words
from console.domain.ids import CallId
from console.domain.state import Call, Place, Role
from console.hub import history
from console.hub import store as store_module
from console.hub.store import Store
from console.hub.tables import SCHEMA, call_history
from console.wire import codec
from tests.hub.test_commands_over_http import problem
from tests.support.agency import BURGLARY
from tests.support.hub import running_hub, store_url
from tests.support.loop import runs
from tests.support.scenes import CALL, START, floor, receive

NUMBER, PLACE = "919 555 0142", "2115 Guess Road, apt 14"
NOW = START


def closed(name: str, days: float, callback: str = "", address: str = "") -> Call:
    scene = floor().given(receive(callback=callback, place=Place(address)), CloseCall(CALL, missed="all_busy"))
    return replace(scene.call(), call_id=CallId(name), received_at=NOW - timedelta(days=days))


def kept(folder: Path, *calls: Call) -> Store:
    store = Store(store_url(folder))
    with store._engine.begin() as connection:
        history.keep(connection, {call.call_id: call for call in calls})
    return store


def asked(folder: Path, *calls: Call, callback: str = "", address: str = "", now: datetime = NOW) -> Contacts:
    store = kept(folder, *calls)
    try:
        return store.read_now(lambda c: history.contacts(c, now, callback=callback, address=address))
    finally:
        store.close()


def begun(folder: Path, digits: str, *calls: Call, board: tuple[Call, ...] = ()) -> NumbersBegun:
    store = kept(folder, *calls)
    try:
        return store.read_now(lambda c: history.numbers_begun(c, NOW, digits, board))
    finally:
        store.close()


def test_given_calls_of_a_number_and_of_a_place_then_each_is_found_once_the_latest_first(tmp_path: Path) -> None:
    found = asked(
        tmp_path,
        closed("number", 8, "+1 (919) 555-0142", "Elsewhere"),
        closed("both", 3, "919.555.0142", "2115 GUESS RD #14"),
        closed("place", 60, "919 555 0199", "2115 Guess Rd., Apartment 14, 27705"),
        closed("next door", 1, "919 555 0198", "2115 Guess Rd, apt 15"),
        closed("too old", 91, NUMBER, PLACE),
        closed("nothing known", 1),
        callback=NUMBER,
        address=PLACE,
    )
    assert [(one.call_id, one.by_number) for one in found.listed] == [("both", True), ("number", True), ("place", False)]
    assert found.asked_at == NOW and found.beyond == (0, 0, 0)
    assert {(one.outcome, one.missed, one.units, one.programme) for one in found.listed} == {("", "all_busy", (), "")}
    assert b"okafor" not in codec.encode(found).lower(), "a contact names nobody"


@pytest.mark.parametrize(("callback", "address"), [("", ""), ("not known", ""), ("", " , "), ("+1", "")])
def test_given_no_digits_and_no_words_then_calls_without_them_are_no_contacts(
    callback: str, address: str, tmp_path: Path
) -> None:
    assert asked(tmp_path, closed("empty", 1), callback=callback, address=address).listed == ()


def test_given_more_than_are_listed_then_the_rest_is_counted_by_its_days(tmp_path: Path) -> None:
    calls = [closed(f"{n:03}", n * 80 / (LISTED + 30), NUMBER if n % 2 else "", PLACE) for n in range(LISTED + 30)]
    found = asked(tmp_path, *calls, callback=NUMBER, address=PLACE)
    assert len(found.listed) == LISTED and found.listed[0].call_id == "000"
    assert (found.beyond, found.beyond_by_number) == ((0, 0, 30), 15)


def test_given_first_digits_then_their_numbers_are_told_each_with_its_counts_and_its_latest(tmp_path: Path) -> None:
    scene = floor().given(receive(callback="+1 919 555 0142"))
    found = begun(
        tmp_path,
        "919555",
        closed("a", 3, NUMBER),
        closed("b", 40, NUMBER),
        closed("c", 1, "919 555 0199"),
        closed("old", 200, "919 555 0100"),
        closed("other", 1, "984 555 0142"),
        board=(replace(scene.call(), received_at=NOW),),
    )
    assert [(one.number, one.counts, one.latest.call_id) for one in found.numbers] == [
        ("9195550142", (2, 2, 3), CALL),
        ("9195550199", (1, 1, 1), "c"),
    ]
    assert not found.more
    assert counts_words(found.numbers[0].counts) == "2 contacts in 7 days, 3 in 90"


def test_given_digits_that_begin_many_numbers_then_the_first_are_told_and_that_there_are_more(tmp_path: Path) -> None:
    calls = [closed(str(n), 1, f"91955501{n:02}") for n in range(60)]
    found = begun(tmp_path, "9195", *calls)
    assert [one.number for one in found.numbers] == [f"91955501{n:02}" for n in range(history.NUMBERS)]
    assert found.more


@runs
async def test_given_closed_calls_then_every_role_on_the_floor_gets_the_same_answer_and_a_feed_none(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        call = receive(nature=BURGLARY, callback="919-555-0142")
        await hub.order(call)
        assert (await hub.order(CloseCall(call.call_id, outcome="resolved"))).status_code == 200
        for path, field in (
            ("/v1/contacts?callback=1+919+5550142", "listed"),
            ("/v1/contacts/numbers?begin=91955", "numbers"),
        ):
            answers = [
                (await hub.get(path, role)).json() for role in (Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR)
            ]
            assert [answer[field] == answers[0][field] and len(answer[field]) for answer in answers] == [1, 1, 1]
            problem(await hub.get(path, Role.ACTOR), 403, "forbidden")
        assert (await hub.get("/v1/contacts?address=elsewhere")).json()["listed"] == []
        problem(await hub.get("/v1/contacts"), 400, "nothing-asked")
        for digits in ("", "919", "91x5", "9195%C2%B2", "1" * 16):
            problem(await hub.get(f"/v1/contacts/numbers?begin={digits}"), 400, "too-few-digits")


def test_given_a_store_of_before_the_normal_forms_then_its_contacts_are_found_once_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = closed("old", 3, "+1 (919) 555-0142", "2115 Guess Road #14")
    engine = create_engine(store_url(tmp_path))
    try:
        with engine.begin() as connection:
            with monkeypatch.context() as before:
                before.setattr(store_module, "SCHEMA", "0001")
                store_module._migrate(connection, tmp_path, "base")
            row = {k: v for k, v in history.row(old).items() if not k.endswith("_key")}
            columns = {name: call_history.c[name] for name in row}
            connection.execute(text(
                f"INSERT INTO call_history ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})"
            ), row)  # fmt: skip
    finally:
        engine.dispose()
    with closing(sqlite3.connect(tmp_path / "hub.sqlite")) as written:
        assert written.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    found = asked(tmp_path, callback=NUMBER, address="2115 guess rd, apartment 14")
    assert [one.call_id for one in found.listed] == ["old"]
    store = kept(tmp_path)
    try:
        keys = store.read_now(lambda c: c.execute(select(call_history.c.number_key, call_history.c.place_key)).all())
        assert [tuple(each) for each in keys] == [("9195550142", "2115 guess rd apt 14")]
        assert store.read_now(lambda c: c.execute(text("SELECT version_num FROM alembic_version")).scalar()) == SCHEMA
    finally:
        store.close()

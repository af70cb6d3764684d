"""A file of recorded calls, a mapping and a real hub: what the file says stands on the board, once."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from console import replay_command
from console.domain.state import PresenceStatus, Role
from console.link.hub_client import HubClient
from console.shipped import default_configuration
from tests.support.hub import PASSWORD, PEOPLE, RunningHub, running_hub
from tests.support.loop import runs

MAPPING = """
name = "anytown"
title = "made up for this test"
[columns]
reference = "id"
time = "when"
nature = "what"
address = "where"
[time]
formats = ["%Y-%m-%d %H:%M"]
zone = "America/New_York"
[source]
otherwise = "call_911"
[nature.table]
"WELFARE" = "CRISIS"
"BREAK IN" = "BURGLARY"
"""
ROWS = """id,when,what,where
1,2025-01-01 12:00,WELFARE,100 MAIN ST
2,2025-01-01 12:05,BREAK IN,200 OAK ST
3,soon,WELFARE,300 ELM ST
"""


def arguments(hub: RunningHub, folder: Path, *extra: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    replay_command.add_arguments(parser)
    files = [str(folder / "calls.csv"), "--map", str(folder / "map.toml"), "--report", str(folder / "report.csv")]
    return parser.parse_args([*files, "--hub", hub.url, "--speed", "max", "--user", PEOPLE[Role.ACTOR].user_id, *extra])


@runs
async def test_given_a_file_with_a_bad_row_when_replayed_twice_then_each_call_stands_once_and_the_row_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(replay_command.PASSWORD_VARIABLE, PASSWORD)
    (tmp_path / "calls.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    async with running_hub(tmp_path) as hub:
        assert await replay_command.run(arguments(hub, tmp_path)) == 1
        board = hub.hub.ledger.state.calls.values()
        assert sorted((call.reference, call.nature) for call in board) == [("1", "CRISIS"), ("2", "BURGLARY")]
        assert "soon" in (tmp_path / "report.csv").read_text(encoding="utf-8")
        assert await replay_command.run(arguments(hub, tmp_path)) == 1
        assert len(hub.hub.ledger.state.calls) == 2, "a file that is fed again makes no second call"
    said = capsys.readouterr()
    first, again = said.out.splitlines()
    assert first.startswith("3 rows: 2 calls fed, 1 listed")
    assert again.startswith("3 rows: 0 calls fed, 2 already there, 1 listed")


@pytest.mark.parametrize(("role", "code"), [(Role.CLINICIAN, 2), (Role.TELECOMMUNICATOR, 1)])
@runs
async def test_given_a_person_when_the_feeding_ends_then_they_are_signed_out_and_only_who_may_has_fed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], role: Role, code: int
) -> None:
    monkeypatch.setenv(replay_command.PASSWORD_VARIABLE, PASSWORD)
    (tmp_path / "calls.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    user = PEOPLE[role].user_id
    async with running_hub(tmp_path) as hub:
        assert await replay_command.run(arguments(hub, tmp_path, "--user", user)) == code
        state = hub.hub.ledger.state
        assert state.people[user].status is PresenceStatus.SIGNED_OFF
        assert len(state.calls) == (0 if code == 2 else 2)
    assert (f"{user} is a clinician; calls are fed by" in capsys.readouterr().err) == (code == 2)


@runs
async def test_given_a_person_of_an_exercise_who_may_not_feed_then_they_are_not_even_signed_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running_hub(tmp_path, config=default_configuration(), exercise=True) as hub:
        async with HubClient(hub.url) as client:
            exercise = await client.exercise()
        assert exercise is not None
        user = next(person.user_id for person in exercise.people if person.role is Role.CLINICIAN)
        assert await replay_command.run(arguments(hub, tmp_path, "--user", user)) == 2
        assert all(present.desk_id != "replay" for present in hub.hub.ledger.state.people.values())
    assert "is a clinician" in capsys.readouterr().err


@runs
async def test_given_no_address_of_a_hub_then_it_says_how_one_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running_hub(tmp_path) as hub:
        assert await replay_command.run(arguments(hub, tmp_path, "--hub", hub.url.removeprefix("http://"))) == 2
    assert "a hub's address begins with http:// or https://.\nNothing was fed." in capsys.readouterr().err


@runs
async def test_given_nobody_at_the_terminal_then_it_says_where_else_a_password_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv(replay_command.PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr(replay_command, "getpass", nobody)
    async with running_hub(tmp_path) as hub:
        assert await replay_command.run(arguments(hub, tmp_path)) == 2
    assert "no password was typed; where nobody sits, give it in HEART_PASSWORD" in capsys.readouterr().err


@pytest.mark.expects_log("a sign-in was refused")
@runs
async def test_given_a_wrong_password_or_no_hub_then_nothing_is_fed_and_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "calls.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    monkeypatch.setenv(replay_command.PASSWORD_VARIABLE, "not the password")
    async with running_hub(tmp_path) as hub:
        assert await replay_command.run(arguments(hub, tmp_path)) == 2
        assert hub.hub.ledger.state.calls == {}
        args = arguments(hub, tmp_path)
    assert await replay_command.run(args) == 2
    assert capsys.readouterr().err.count("Nothing was fed") == 2

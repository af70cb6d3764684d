"""The child process of a desk: starts, is watched, is started again, and never outlives the desk."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from console.link.backoff import Backoff
from console.link.embedded import EmbeddedHub, hub_command
from tests.support.loop import runs

STAND_IN = """
import json, sys
token = sys.stdin.readline().strip()
print(json.dumps({"url": "http://127.0.0.1:1", "log_id": "log-1"}), flush=True)
print("started with a token of", len(token), "characters", file=sys.stderr, flush=True)
for line in sys.stdin:
    pass
print("the desk is gone", file=sys.stderr, flush=True)
"""
"""As much of a hub as the desk sees of it from outside: token in, address out, ends with its input."""


class Told:
    """What an embedded hub told its desk."""

    def __init__(self, script: str, log_path: Path) -> None:
        self.urls: list[str] = []
        self.failures: list[str] = []
        self._moved = asyncio.Event()
        self.hub = EmbeddedHub(
            (sys.executable, "-c", script),
            log_path,
            listening=self._listening,
            failed=self._failed,
            backoff=Backoff(lambda: 0.0, first_s=0.01, most_s=0.01),
        )

    async def until(self, *, urls: int = 0, failures: int = 0) -> None:
        while len(self.urls) < urls or len(self.failures) < failures:
            self._moved.clear()
            await self._moved.wait()

    def _listening(self, url: str) -> None:
        self.urls.append(url)
        self._moved.set()

    def _failed(self, why: str) -> None:
        self.failures.append(why)
        self._moved.set()


@asynccontextmanager
async def embedded(tmp_path: Path, script: str = STAND_IN) -> AsyncIterator[Told]:
    told = Told(script, tmp_path / "logs" / "hub.log")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(told.hub.run())
        yield told
        running.cancel()


def log_of(tmp_path: Path) -> str:
    return (tmp_path / "logs" / "hub.log").read_text()


@runs
async def test_given_a_desk_when_it_starts_then_its_hub_gets_the_token_and_tells_where_it_listens(
    tmp_path: Path,
) -> None:
    async with embedded(tmp_path) as told:
        await told.until(urls=1)
        assert told.hub.url == "http://127.0.0.1:1"
        assert told.hub.pid
    assert f"a token of {len(told.hub.token)} characters" in log_of(tmp_path)
    assert "the desk is gone" in log_of(tmp_path)
    assert told.failures == []


@runs
async def test_given_two_desks_then_each_has_a_token_of_its_own(tmp_path: Path) -> None:
    one, two = (EmbeddedHub((), tmp_path / "log", listening=lambda _url: None) for _ in range(2))
    assert one.token != two.token
    assert len(one.token) >= 32


def test_the_command_line_is_this_same_program_on_a_free_loopback_port() -> None:
    command = hub_command("--exercise")
    assert command[0] == sys.executable
    assert command[-5:] == ("hub", "--listen", "127.0.0.1:0", "--embedded", "--exercise")


@pytest.mark.expects_log("embedded-hub-ended")
@runs
async def test_given_a_hub_that_is_killed_then_it_is_started_again(tmp_path: Path) -> None:
    async with embedded(tmp_path) as told:
        for life in (1, 2, 3):
            await told.until(urls=life)
            assert told.hub.pid is not None
            os.kill(told.hub.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
            await told.until(failures=life)
        await told.until(urls=4)
    assert all("is being started again" in why for why in told.failures)


@pytest.mark.expects_log("embedded-hub-ended")
@runs
async def test_given_a_hub_that_ends_after_ordinary_work_then_its_log_is_not_quoted_as_the_reason(tmp_path: Path) -> None:
    script = STAND_IN.replace("for line in sys.stdin:\n    pass", "print(WORK, file=sys.stderr); sys.exit(7)")
    work = "WORK = '2026-03-02 14:00:00,123 INFO Started server process [1]'\n"
    async with embedded(tmp_path, work + script) as told:
        await told.until(failures=1)
        assert told.failures[0] == "The hub of this desk ended (exit 7). It is being started again."


@pytest.mark.expects_log("embedded-hub-ended")
@runs
async def test_given_a_hub_that_cannot_start_then_one_sentence_says_why_by_its_own_last_words(tmp_path: Path) -> None:
    script = "import sys; print('reading'); sys.exit('agency.toml: line 7: programme ABC has no hours')"
    async with embedded(tmp_path, script.replace("print('reading'); ", "")) as told:
        await told.until(failures=2)
        assert "exit 1" in told.failures[0]
        assert "agency.toml: line 7: programme ABC has no hours" in told.failures[0]
        assert str(tmp_path / "logs" / "hub.log") in told.failures[0]
        assert "\n" not in told.failures[0]
        assert told.hub.url is None
    assert "programme ABC has no hours" in log_of(tmp_path)


@pytest.mark.expects_log("embedded-hub-ended")
@runs
async def test_given_something_that_is_no_hub_then_it_is_said_and_ended(tmp_path: Path) -> None:
    async with embedded(tmp_path, "import sys; print('hello', flush=True); sys.stdin.read()") as told:
        await told.until(failures=1)
        assert "did not say where it listens" in told.failures[0]


@pytest.mark.expects_log("embedded-hub-ended")
@runs
async def test_given_a_program_that_is_not_there_then_it_is_said(tmp_path: Path) -> None:
    told = Told("", tmp_path / "logs" / "hub.log")
    told.hub._command = (str(tmp_path / "no such program"),)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(told.hub.run())
        await told.until(failures=1)
        running.cancel()
    assert "cannot be started" in told.failures[0]


@runs
async def test_given_a_hub_that_talks_without_end_then_its_log_stays_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.link.embedded.LOG_BYTES", 50_000)
    chatty = STAND_IN.replace("for line in", "print('x' * 140_000, 'words ' * 60_000, file=sys.stderr)\nfor line in")
    async with embedded(tmp_path, chatty) as told:
        await told.until(urls=1)
    kept = sum(path.stat().st_size for path in (tmp_path / "logs").iterdir())
    assert 0 < kept < 150_000


DESK = """
import asyncio, sys
from pathlib import Path
from console.link.embedded import EmbeddedHub

def listening(url):
    print(hub.pid, flush=True)

hub = EmbeddedHub((sys.executable, "-c", sys.argv[1]), Path(sys.argv[2]), listening=listening)
asyncio.run(hub.run())
"""


def test_given_a_desk_that_is_killed_then_its_hub_is_gone(tmp_path: Path) -> None:
    """The stand-in holds a connection to us open for as long as it lives; we read its end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        holding = f"import socket; held = socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))\n{STAND_IN}"
        command = [sys.executable, "-c", DESK, holding, str(tmp_path / "log")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
            held, _ = server.accept()
            assert desk.stdout is not None
            assert int(desk.stdout.readline()) > 0
            desk.kill()
        with held:
            assert held.recv(1) == b""

"""Real hub processes and real links: killed, restored, replaced. Nobody loses a word, and all see one truth."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from console.domain.commands import Accepted, AddNarrative, CommandOutcome, ReceiveCall
from console.domain.ids import CallId, UserId
from console.domain.state import Place, Role, Source
from console.hub import people
from console.hub.configuration import load
from console.hub.store import write_once
from console.link.backoff import Backoff
from console.link.embedded import EmbeddedHub, hub_command
from console.link.fresh import new_call_id, new_entry_id
from console.link.hub_client import HubClient
from console.link.link_state import LinkState
from console.link.problems import Refused
from console.wire.codec import digest
from tests.support.cut import Wire, wire
from tests.support.desk import Desk, desk
from tests.support.hub import PEOPLE, store_url
from tests.support.loop import runs

CONFIG = Path(__file__).parents[2] / "config" / "durham"
OFFLINE = LinkState.OFFLINE


def prepare(folder: Path) -> None:
    """A store in which people may sign in."""
    folder.mkdir()

    def keep(connection: Connection) -> None:
        for person in PEOPLE.values():
            people.keep(person, connection)

    write_once(store_url(folder), keep)


def arguments(folder: Path) -> tuple[str, ...]:
    return ("--store", store_url(folder), "--config", str(CONFIG))


class Life:
    """An embedded hub as its desk sees it; `wire` always leads to where it listens now."""

    def __init__(self, folder: Path, cable: Wire, token: str, extra: tuple[str, ...] = ()) -> None:
        self._cable = cable
        self._listens = asyncio.Event()
        backoff = Backoff(lambda: 0.0, first_s=0.01, most_s=0.01)
        self.hub = EmbeddedHub(
            hub_command(*arguments(folder), *extra), folder / "hub.log", listening=self._listening, backoff=backoff
        )
        self.hub.token = token

    async def listens(self) -> None:
        await self._listens.wait()
        self._listens.clear()

    def kill(self) -> None:
        """End the process without a word."""
        assert self.hub.pid is not None
        os.kill(self.hub.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

    def _listening(self, url: str) -> None:
        self._cable.lead_to(url)
        self._listens.set()


@asynccontextmanager
async def hub_process(folder: Path, cable: Wire, token: str = "token", *extra: str) -> AsyncIterator[Life]:
    """A hub process on the store in `folder`, started again whenever it ends, and ended at the end."""
    life = Life(folder, cable, token, extra)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(life.hub.run())
        try:
            await life.listens()
            yield life
        finally:
            running.cancel()


@asynccontextmanager
async def two_desks(cable: Wire, folder: Path) -> AsyncIterator[tuple[Desk, Desk]]:
    async with AsyncExitStack() as desks:
        one = await desks.enter_async_context(desk(cable.url, folder / "one", desk_token="token"))
        two = await desks.enter_async_context(desk(cable.url, folder / "two", "reyes", desk_token="token"))
        await one.live()
        await two.live()
        yield one, two


def receive(call_id: CallId) -> ReceiveCall:
    return ReceiveCall(call_id, Source.CALL_911, next(iter(load(CONFIG).natures)), Place("101 City Hall Plaza"))


def notes(at: Desk, call_id: CallId) -> list[str]:
    return [entry.text for entry in at.state.calls[call_id].narrative]


@pytest.mark.expects_log("embedded-hub-ended")
@runs
async def test_given_kill_9_in_the_middle_of_a_burst_then_no_acknowledged_word_is_lost_and_none_is_double(
    tmp_path: Path,
) -> None:
    prepare(tmp_path / "hub")
    async with wire("") as cable, hub_process(tmp_path / "hub", cable) as life, two_desks(cable, tmp_path) as (one, two):
        call_id = new_call_id()
        assert isinstance(await one.connection.submit(receive(call_id)), Accepted)
        await two.until(lambda: call_id in two.state.calls)
        said = [f"word {number}" for number in range(60)]
        outcomes: list[CommandOutcome] = []

        async def say(at: Desk, words: list[str]) -> None:
            for word in words:
                outcomes.append(await at.connection.submit(AddNarrative(call_id, new_entry_id(), word)))
                if len(outcomes) in (15, 35):
                    life.kill()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(say(one, said[:30]))
            tasks.create_task(say(two, said[30:]))
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        for at in (one, two):
            await at.until(lambda at=at: len(notes(at, call_id)) == len(said))  # type: ignore[misc]
            assert sorted(notes(at, call_id)) == sorted(said)
            assert [word for word in notes(at, call_id) if word in said[:30]] == said[:30]
            assert OFFLINE in at.links
        assert digest(one.state) == digest(two.state)
        assert one.connection.seq == two.connection.seq
        assert one.outbox.rows == two.outbox.rows == {}


@pytest.mark.expects_log("embedded-hub-ended", "board-taken-anew")
@runs
async def test_given_a_restored_backup_then_every_desk_shows_what_the_hub_has_and_says_so(tmp_path: Path) -> None:
    """The restored hub is behind its desks: it answers 410, and they take its board for theirs."""
    prepare(tmp_path / "hub")
    async with wire("") as cable, AsyncExitStack() as hubs, AsyncExitStack() as desks:
        await hubs.enter_async_context(hub_process(tmp_path / "hub", cable))
        one, two = await desks.enter_async_context(two_desks(cable, tmp_path))
        kept, lost, again = new_call_id(), new_call_id(), new_call_id()
        await one.connection.submit(receive(kept))
        await hubs.aclose()
        shutil.copytree(tmp_path / "hub", tmp_path / "backup")

        await hubs.enter_async_context(hub_process(tmp_path / "hub", cable))
        await one.live()
        for _ in range(5):
            await one.connection.submit(AddNarrative(kept, new_entry_id(), "said after the backup"))
        await one.connection.submit(receive(lost))
        await two.until(lambda: lost in two.state.calls)
        before = two.connection.seq
        await hubs.aclose()
        await two.until(lambda: two.connection.link.state is OFFLINE)
        assert lost in two.state.calls  # the old board stays meanwhile

        await hubs.enter_async_context(hub_process(tmp_path / "backup", cable))
        for at in (one, two):
            await at.until(lambda at=at: lost not in at.state.calls)  # type: ignore[misc]
            await at.live()
            assert kept in at.state.calls
        assert isinstance(await one.connection.submit(receive(again)), Accepted)
        await two.until(lambda: again in two.state.calls)
        assert two.connection.seq == one.connection.seq < before
        assert digest(one.state) == digest(two.state)
        await desks.aclose()
        await hubs.aclose()


@pytest.mark.expects_log("embedded-hub-ended", "board-taken-anew")
@runs
async def test_given_another_log_at_the_same_address_then_the_board_is_swapped_whole(tmp_path: Path) -> None:
    prepare(tmp_path / "hub")
    prepare(tmp_path / "other")
    async with wire("") as cable, AsyncExitStack() as first:
        await first.enter_async_context(hub_process(tmp_path / "hub", cable))
        async with desk(cable.url, tmp_path / "one", desk_token="token") as one:
            await one.live()
            call_id = new_call_id()
            await one.connection.submit(receive(call_id))
            await first.aclose()
            async with hub_process(tmp_path / "other", cable):
                await one.until(lambda: one.connection.session is None)  # the other hub does not know the session
                await one.connection.sign_in(UserId("okafor"), "correct horse")
                await one.until(lambda: call_id not in one.state.calls)
                await one.live()


@runs
async def test_given_a_client_without_the_desks_token_then_the_embedded_hub_answers_nothing(tmp_path: Path) -> None:
    prepare(tmp_path / "hub")
    async with wire("") as cable, hub_process(tmp_path / "hub", cable) as life:
        assert life.hub.url is not None
        for token in (None, "wrong"):
            async with HubClient(life.hub.url, token) as stranger:
                with pytest.raises(Refused) as refused:
                    await stranger.health()
                assert refused.value.problem.status == 403
        async with HubClient(life.hub.url, "token") as own:
            assert (await own.health()).ok


@runs
async def test_given_an_exercise_when_its_speed_changes_then_the_desks_clock_runs_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    async with wire("") as cable, hub_process(folder, cable, "token", "--exercise", "--speed", "1") as life:
        assert life.hub.url is not None
        async with HubClient(life.hub.url, "token") as visitor:
            exercise = await visitor.exercise()
        assert exercise is not None
        person = next(person for person in exercise.people if person.role is Role.SUPERVISOR)
        async with desk(cable.url, tmp_path / "one", person.user_id, person.password, desk_token="token") as one:
            await one.live()
            assert one.connection.rate == 1.0
            assert one.state.exercise
            await one.client.set_speed(600.0)
            await one.until(lambda: one.connection.rate == 600.0)
            begun = one.connection.now()
            await one.until(lambda: one.connection.now() - begun > timedelta(minutes=10))
            await one.live()
            await one.client.set_speed(1.0)
            await one.until(lambda: one.connection.rate == 1.0)
            health = await one.client.health()
            assert abs(one.connection.now() - health.hub_time) < timedelta(seconds=30)


DESK = """
import asyncio, sys
from pathlib import Path
from console.link.embedded import EmbeddedHub, hub_command

def listening(url):
    print(url, flush=True)

hub = EmbeddedHub(hub_command(*sys.argv[2:]), Path(sys.argv[1]), listening=listening)
asyncio.run(hub.run())
"""


def test_given_a_desk_killed_with_9_then_its_hub_is_gone_and_its_log_whole(tmp_path: Path) -> None:
    prepare(tmp_path / "hub")
    command = [sys.executable, "-c", DESK, str(tmp_path / "hub.log"), *arguments(tmp_path / "hub")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        host, _, port = killed.stdout.readline().strip().removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as held:
            killed.kill()
            assert held.recv(1) == b""  # the hub's end of it, closed by its ending
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)))

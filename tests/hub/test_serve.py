"""The hub as a program: starts in order or not at all, and ends with its desk or when it is asked to."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from console.domain.commands import CheckUnit, ConfigureAgency
from console.domain.events import AgencyConfigured
from console.domain.ids import HUB, DeskId, Seq, UnitId
from console.domain.state import Role
from console.hub import people
from console.hub.serve import CannotStart, listen, running, url_of
from console.hub.store import write_once
from console.wire import codec
from console.wire.messages import Health, SignInRequest
from tests.hub.test_configuration import FILES
from tests.support.agency import AGENCY
from tests.support.hub import PASSWORD, PEOPLE, order, running_hub, store_url
from tests.support.hub_process import TOKEN, HubProcess, hub_that_fails
from tests.support.loop import runs

PERSON = PEOPLE[Role.TELECOMMUNICATOR].user_id


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small whole configuration."""
    return proved_folder(tmp_path / "config")


def proved_folder(folder: Path) -> Path:
    """A small configuration that is proved, in files."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    for name, edits in SOUND.items():
        text = (folder / name).read_text(encoding="utf-8")
        for before, after in edits.items():
            assert before in text
            text = text.replace(before, after)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


_WEAPON = "  - {propose: POLICE, when: {facts: {weapon: [near]}}, because: a weapon is there}\n"
SOUND = {
    "agency.toml": {'name = "Police"': 'name = "Police"\narmed = true'},
    "eligibility.yaml": {
        "criteria:\n": "never_unarmed: [{when: {facts: {weapon: [near, not_known]}}, because: a weapon}]\ncriteria:\n",
        "  TEAM:\n": "  TEAM: &unarmed\n",
        "    needs: [weapon]\n": "    needs: [weapon]\n  PHONE: *unarmed\n",
    },
    "protocols/crisis.yaml": {
        "es: ¿Un arma?}\n": "es: ¿Un arma?}\n    again: {en: A knife?, es: ¿Un cuchillo?}\n",
        _WEAPON: _WEAPON + "  - {propose: PHONE, when: {facts: {calm: [yes]}}, because: calm}\n",
        "because: nothing speaks against it}\n": (
            "because: nothing speaks against it}\n  - {propose: POLICE, when: {}, because: nothing else fits}\n"
        ),
    },
}
"""What the proof wants of the small configuration: other words where it counts, facts used, an outcome to every call."""


def health(hub: HubProcess) -> Health:
    answer = httpx.get(f"{hub.url}/v1/health", headers=hub.headers, timeout=20)
    assert answer.status_code == 200, answer.text
    return codec.decode(answer.content, Health)


def test_given_an_embedded_hub_then_it_answers_its_desk_alone_and_ends_with_it(tmp_path: Path, config: Path) -> None:
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub:
        found = health(hub)
        assert (found.head, found.log_id, found.exercise) == (1, hub.log_id, False)
        assert httpx.get(f"{hub.url}/v1/health", timeout=20).status_code == 403
        assert hub.desk_is_gone() == 0
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as again:
        assert (health(again).head, again.log_id) == (1, hub.log_id), "the same configuration is not written twice"


def test_given_a_hub_whose_desk_is_gone_then_it_ends_with_an_open_stream_too(tmp_path: Path, config: Path) -> None:
    write_once(store_url(tmp_path), lambda c: people.keep(PEOPLE[Role.TELECOMMUNICATOR], c))
    with (
        HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub,
        httpx.Client(base_url=hub.url, headers=hub.headers, timeout=20) as client,
    ):
        session = client.post("/v1/sign-in", content=codec.encode(SignInRequest(PERSON, PASSWORD, DeskId("d")))).json()
        query = {"log": hub.log_id, "after": "0"}
        headers = {"authorization": f"Bearer {session['token']}"}
        with client.stream("GET", "/v1/stream", params=query, headers=headers) as stream:
            assert next(stream.iter_lines()) == "event: heartbeat"
            assert hub.desk_is_gone() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a process can answer")
def test_given_a_center_s_hub_when_it_is_asked_to_end_then_it_ends_well(tmp_path: Path, config: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "console", "hub", "--listen", "127.0.0.1:0", "--store", store_url(tmp_path)],
        stderr=subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert started.stderr
    with started:
        for line in started.stderr:
            if b"listening on http://127.0.0.1:" in line:
                started.send_signal(signal.SIGTERM)
                break
        assert started.wait(30) == 0
        started.stderr.close()


FAILING = {
    "no folder for the store": (("--store", "sqlite:///{}/none/hub.sqlite"), "does not exist"),
    "no address": (("--listen", "here"), "--listen here: write HOST:PORT"),
    "no token": (("--embedded",), "an embedded hub is started by a desk"),
    "an exercise of nothing": (("--exercise",), "--exercise"),
    "no configuration": (("--config", "{}/none"), "is not a folder"),
    "no file of feeds": (("--feeds", "{}/none.toml"), "none.toml: cannot be read"),
    "feeds in an exercise": (("--exercise", "--feeds", "feeds.toml"), "--feeds: an exercise drives its units itself"),
}


@pytest.mark.parametrize("name", FAILING)
def test_given_something_that_will_not_do_then_one_line_exit_code_1_and_no_half_start(tmp_path: Path, name: str) -> None:
    arguments = [argument.format(tmp_path) for argument in FAILING[name][0]]
    if "--store" not in arguments:
        arguments += ["--store", store_url(tmp_path)]
    code, said = hub_that_fails(*arguments)
    assert (code, len(said)) == (1, 1)
    assert FAILING[name][1] in said[0]


def test_given_a_broken_configuration_then_every_finding_a_line_and_the_store_is_not_touched(
    tmp_path: Path, config: Path
) -> None:
    agency = config / "agency.toml"
    agency.write_text(agency.read_text().replace('"teal"', '"pink"').replace('"Anytown"', "7"))
    (config / "units.csv").unlink()
    code, said = hub_that_fails("--store", store_url(tmp_path), "--config", str(config))
    assert code == 1
    assert said == [
        "agency.toml: city: 7 does not fit here; expected text",
        "agency.toml: programmes[0].colour: 'pink' does not fit here; allowed: teal, blue, violet, sky, slate",
        "units.csv: this file is missing; a configuration has it",
    ]
    assert not (tmp_path / "hub.sqlite").exists()


def test_given_a_protocol_that_fails_its_proof_then_a_new_log_is_not_begun_and_an_old_one_goes_on_with_the_last_good(
    tmp_path: Path, config: Path
) -> None:
    path = config / "protocols/crisis.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("- {propose: POLICE, when: {}, because: nothing else fits}", ""), encoding="utf-8")
    code, said = hub_that_fails("--store", store_url(tmp_path), "--listen", "127.0.0.1:0", "--config", str(config))
    assert (code, len(said)) == (1, 2)
    assert said[0].startswith("protocols/crisis.yaml: proposals: this conversation ends without a proposal")
    assert f"`heart-console protocol check {config}`" in said[1]
    path.write_text(good, encoding="utf-8")
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub:
        assert health(hub).head == 1
    path.write_text(good.replace("nothing else fits}", "").replace("- {propose: POLICE, when: {}, because: ", ""))
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub:
        assert health(hub).head == 2, "what is refused stands in the log"


def test_given_a_protocol_that_cannot_be_read_then_a_new_log_is_not_begun_and_an_old_one_goes_on_with_the_last_good(
    tmp_path: Path, config: Path
) -> None:
    path = config / "protocols/crisis.yaml"
    good = path.read_text(encoding="utf-8")
    broken = good.replace("version: 1", "version: 2").replace("text: {en: A weapon?", "text: [{en: A weapon?")
    path.write_text(broken, encoding="utf-8")
    code, said = hub_that_fails("--store", store_url(tmp_path), "--config", str(config))
    assert (code, len(said)) == (1, 2)
    assert said[0].startswith("protocols/crisis.yaml: line 13, column ")
    path.write_text(good, encoding="utf-8")
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub:
        assert health(hub).head == 1
    path.write_text(broken, encoding="utf-8")
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub:
        assert health(hub).head == 2, "what is refused stands in the log"
        assert hub.desk_is_gone() == 0
        assert hub.process.stderr
        said = hub.process.stderr.read().decode().splitlines()
    [refused] = [line for line in said if "WARNING" in line]
    assert "refused: protocol crisis, version 2, protocols/crisis.yaml: line 13, column " in refused
    assert refused.endswith(f"; `heart-console protocol check {config}`")


def test_given_a_store_that_another_hub_uses_then_the_second_says_so_and_the_first_goes_on(tmp_path: Path) -> None:
    with HubProcess("--store", store_url(tmp_path)) as first:
        code, said = hub_that_fails(
            "--store", store_url(tmp_path), "--listen", "127.0.0.1:0", "--embedded", stdin=TOKEN.encode() + b"\n"
        )
        assert code == 1 and "another hub is using this store" in said[0]
        assert health(first).ok


def test_given_a_taken_port_then_one_line_says_so() -> None:
    first = listen("127.0.0.1:0")
    try:
        with pytest.raises(CannotStart, match="choose another port"):
            listen(url_of(first).removeprefix("http://"))
    finally:
        first.close()


@runs
async def test_given_a_changed_configuration_then_the_log_has_both_and_its_maker_is_the_hub(tmp_path: Path) -> None:
    from msgspec.structs import replace

    async with running_hub(tmp_path):
        pass
    async with running_hub(tmp_path, agency=replace(AGENCY, hand_off_s=45)) as hub:
        entries = await hub.hub.ledger.entries(Seq(0))
        assert [(type(entry.event), entry.by) for entry in entries] == [(AgencyConfigured, HUB)] * 2
        assert hub.hub.ledger.state.agency.hand_off_s == 45
    async with running_hub(tmp_path, agency=None) as hub:
        assert hub.hub.ledger.head == 2 and hub.hub.ledger.state.agency.hand_off_s == 45


@runs
async def test_given_the_log_of_an_exercise_then_it_never_becomes_a_real_one(tmp_path: Path) -> None:
    async with running_hub(tmp_path, agency=None) as hub:
        await hub.hub.ledger.submit(order(ConfigureAgency(AGENCY, exercise=True)), HUB)
    listening = listen("127.0.0.1:0")
    try:
        with pytest.raises(CannotStart, match="holds an exercise"):
            async with running(store_url(tmp_path), None, listening):
                raise AssertionError("it started")
    finally:
        listening.close()


@runs
async def test_given_a_fault_in_the_block_then_it_comes_out_as_it_was_and_all_is_closed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with running_hub(tmp_path) as hub:
            await hub.submit(CheckUnit(UnitId("T1")))
            raise ZeroDivisionError
    async with running_hub(tmp_path) as hub:
        assert hub.hub.ledger.head == 2
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


def test_given_a_log_that_cannot_be_read_then_one_line_and_no_half_start(tmp_path: Path, config: Path) -> None:
    with HubProcess("--store", store_url(tmp_path), "--config", str(config)) as hub:
        assert hub.desk_is_gone() == 0
    connection = sqlite3.connect(tmp_path / "hub.sqlite")
    with connection:
        connection.execute("UPDATE log SET entry = '{\"seq\": 1}'")
    connection.close()
    code, said = hub_that_fails("--store", store_url(tmp_path))
    assert code == 1 and len(said) == 1
    assert "entry 1" in said[0] and "newer" in said[0]

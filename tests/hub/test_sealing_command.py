"""`heart-console sealing`: a key made and changed, a call redacted, the audit read, and what will not do is said."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from console.domain.state import Role
from console.hub import sealing_command
from console.hub.center_key import SealingKey, load
from console.wire import codec
from console.wire.messages import NoteOpened
from tests.hub.test_sealed_notes import NOTE, WORDS, in_care, opening, said, to_seal
from tests.support.hub import running_hub, store_url


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    sealing_command.add_arguments(parser)
    return sealing_command.main(parser.parse_args(arguments))


def seal_one(store: Path, center: SealingKey) -> None:
    async def case() -> None:
        async with running_hub(store, center_key=center) as hub:
            await in_care(hub)
            assert (await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)).status_code == 200
            assert (await opening(hub)).status_code == 200

    asyncio.run(case())


def opened_under(store: Path, center: SealingKey) -> str | tuple[int, str]:
    async def case() -> str | tuple[int, str]:
        async with running_hub(store, center_key=center) as hub:
            answer = await opening(hub)
            return codec.decode(answer.content, NoteOpened).text if answer.status_code == 200 else said(answer)

    return asyncio.run(case())


def test_given_a_new_key_when_the_store_is_rotated_to_it_then_notes_open_under_it(tmp_path: Path, store: Path) -> None:
    old, new = str(tmp_path / "old.key"), str(tmp_path / "new.key")
    assert run("new-key", old) == run("new-key", new) == 0
    seal_one(store, load(old))
    assert run("rotate", "--store", store_url(store), "--old", old, "--new", new) == 0
    assert opened_under(store, load(new)) == WORDS


def test_given_a_hub_at_work_then_its_key_is_not_changed_under_it(
    tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = str(tmp_path / "old.key"), str(tmp_path / "new.key")
    run("new-key", old), run("new-key", new)
    rotate = ("rotate", "--store", store_url(store), "--old", old, "--new", new)
    assert run(*rotate) == 1 and "no such file" in capsys.readouterr().err

    async def case() -> int:
        async with running_hub(store, center_key=load(old)):
            return await asyncio.to_thread(run, *rotate)

    assert asyncio.run(case()) == 1
    assert "another hub is using this store" in capsys.readouterr().err


def test_given_a_call_that_is_redacted_then_its_note_never_opens_again_and_the_audit_stays(
    tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "center.key")
    run("new-key", place)
    seal_one(store, load(place))
    redact = ("redact", "0001", "--store", store_url(store), "--by", "A. Lindqvist", "--reason", "court order 12")
    assert run(*redact) == 0
    assert opened_under(store, load(place)) == (410, "redacted")
    capsys.readouterr()
    assert run(*redact) == 1 and "nothing was changed" in capsys.readouterr().err
    assert run("redact", "9999", *redact[2:]) == 1 and "there is no call 9999" in capsys.readouterr().err
    assert run("audit", "--store", store_url(store)) == 0
    assert f"reyes at desk-clinician opened note {NOTE}" in capsys.readouterr().out


class Memory(KeyringBackend):
    """A system's keyring, in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_given_the_systems_keyring_then_a_key_is_made_there_once_and_found_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        assert run("new-key", "keyring:center") == 0
        assert load("keyring:center").id
        assert run("new-key", "keyring:center") == 1
        assert "already" in capsys.readouterr().err
        assert run("rotate", "--store", store_url(tmp_path), "--old", "keyring:none", "--new", "keyring:center") == 1
        assert "holds no such key" in capsys.readouterr().err
    finally:
        keyring.set_keyring(before)

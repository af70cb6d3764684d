"""`heart-console person add`: asks for the password, keeps it as argon2id, and refuses weak ones in words."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from console.domain.state import Role
from console.hub import people, people_command
from console.hub.store import Store
from tests.support.hub import QUICK, running_hub, store_url
from tests.support.loop import runs

Typed = Callable[..., None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Say what is typed at each question for a password."""

    def type_in(*answers: str) -> None:
        left = list(answers)
        monkeypatch.setattr(people_command, "getpass", lambda _prompt: left.pop(0))

    monkeypatch.setattr(people, "PasswordHasher", lambda: QUICK)
    return type_in


def run(folder: Path, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    people_command.add_arguments(parser)
    return people_command.main(parser.parse_args(["add", *arguments, "--store", store_url(folder)]))


def test_given_a_crew_then_it_is_no_person_who_signs_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path, "t1", "--role", "crew")
    assert "invalid choice: 'crew'" in capsys.readouterr().err


def kept(folder: Path, user_id: str) -> people.Person | None:
    store = Store(store_url(folder))
    try:
        return store.read_now(lambda connection: people.find(user_id, connection))
    finally:
        store.close()


def test_given_a_password_twice_then_the_person_is_kept_with_its_hash(tmp_path: Path, typed: Typed) -> None:
    typed("battery staple", "battery staple")
    arguments = (
        "--name",
        "M. Reyes",
        "--title",
        "LCSW",
        "--programme",
        "PHONE",
        "--languages",
        "en es",
        "--skills",
        "YOUTH OLDER",
        "--extension",
        "2103",
    )
    assert run(tmp_path, "reyes", "--role", "clinician", *arguments) == 0
    person = kept(tmp_path, "reyes")
    assert person is not None
    assert (person.name, person.role, person.title, person.programme) == ("M. Reyes", Role.CLINICIAN, "LCSW", "PHONE")
    assert (person.languages, person.skills, person.extension) == (("en", "es"), ("YOUTH", "OLDER"), "2103")
    assert person.password_hash.startswith("$argon2id$") and "battery" not in person.password_hash
    assert PasswordHasher().verify(person.password_hash, "battery staple")


def test_given_the_same_name_again_then_it_says_so_and_only_what_is_given_changes(
    tmp_path: Path, typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("battery staple", "battery staple")
    known = (
        "--name",
        "M. Reyes",
        "--title",
        "LCSW",
        "--position",
        "Position 4",
        "--languages",
        "en es",
        "--extension",
        "2103",
    )
    run(tmp_path, "reyes", "--role", "clinician", "--programme", "PHONE", *known)
    assert capsys.readouterr().out == "reyes may sign in as clinician.\n"
    typed("another horse", "another horse")
    assert run(tmp_path, "reyes", "--role", "clinician", "--title", "LCMHC") == 0
    assert capsys.readouterr().out == "reyes was changed: may sign in as clinician, with the new password.\n"
    person = kept(tmp_path, "reyes")
    assert person is not None
    assert (person.name, person.role, person.title, person.position, person.programme, person.languages) == (
        "M. Reyes", Role.CLINICIAN, "LCMHC", "Position 4", "PHONE", ("en", "es")
    )  # fmt: skip
    assert (person.extension, person.skills) == ("2103", ())
    assert PasswordHasher().verify(person.password_hash, "another horse")


@pytest.mark.parametrize(
    ("user", "answers", "says"),
    [
        ("reyes", ["short", "short"], "shorter than 8"),
        ("longenough", ["LongEnough", "LongEnough"], "is the sign-in name"),
        ("reyes", ["battery staple", "battery stable"], "the two passwords differ"),
        ("x" * 65, [], "1 to 64 characters"),
    ],
)
def test_given_a_password_that_will_not_do_then_one_line_and_nothing_is_changed(
    tmp_path: Path, typed: Typed, capsys: pytest.CaptureFixture[str], user: str, answers: list[str], says: str
) -> None:
    typed(*answers)
    assert run(tmp_path, user, "--role", "supervisor") == 1
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
    assert kept(tmp_path, user) is None


@pytest.mark.parametrize(
    ("folder", "role", "says"), [("nowhere", "supervisor", "does not exist"), ("", "clinician", "--programme")]
)
def test_given_what_cannot_be_kept_then_it_is_said_before_a_password_is_asked(
    tmp_path: Path, typed: Typed, capsys: pytest.CaptureFixture[str], folder: str, role: str, says: str
) -> None:
    typed()
    assert run(tmp_path / folder, "reyes", "--role", role) == 1
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_given_people_then_they_are_listed_without_their_passwords(
    tmp_path: Path, typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed() -> int:
        parser = argparse.ArgumentParser()
        people_command.add_arguments(parser)
        return people_command.main(parser.parse_args(["list", "--store", store_url(tmp_path)]))

    assert listed() == 1
    assert "there is no such file" in capsys.readouterr().err
    for name, more in (
        ("reyes", ("--role", "clinician", "--programme", "PHONE", "--extension", "2103")),
        ("feed", ("--role", "actor")),
    ):
        typed("battery staple", "battery staple")
        assert run(tmp_path, name, *more) == 0
    capsys.readouterr()
    assert listed() == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(None, 2) for line in said] == [
        ["feed", "actor", "feed"],
        ["reyes", "clinician", "PHONE, dial 2103, reyes"],
    ]


def test_given_nobody_at_the_terminal_then_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(people_command, "getpass", nobody)
    assert run(tmp_path, "reyes", "--role", "supervisor") == 1
    assert "no password was typed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--programme", "PHNOE"), "the center has no programme 'PHNOE': it has ARMED, CARE, PHONE, TEAM"),
        (("--programme", "PHONE", "--skills", "telepathy"), "the center has no skill 'telepathy': it has none"),
    ],
)
def test_given_a_code_that_the_center_has_not_then_nothing_is_changed_and_it_is_said_what_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    @runs
    async def opened_once() -> None:
        async with running_hub(tmp_path):
            pass

    opened_once()
    assert run(tmp_path, "newcomer", "--role", "clinician", *arguments) == 1
    said = capsys.readouterr().err
    assert why in said and said.rstrip().endswith("nothing was changed")
    assert kept(tmp_path, "newcomer") is None

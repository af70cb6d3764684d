"""What `packaging/dev.py` decides: which Python will do, what is left to set up, and what to say when it cannot."""

from __future__ import annotations

import ast
import errno
import io
import os
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import commands
import dev
import set_up
import system_libraries
from progress import Progress, follow
from set_up import Environment, Part, ensure
from trouble import DISK_FULL, NO_INDEX, NO_VENV, WRONG_HASH, Trouble, explain, explain_os

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------- which Python


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0)])
def test_given_a_new_enough_python_then_there_is_no_complaint(version: tuple[int, ...]) -> None:
    assert dev.complaint_about(version) is None


def test_given_an_old_python_and_a_newer_one_beside_it_then_both_are_named() -> None:
    said = dev.complaint_about((3, 9, 2), which={"python3.11": "/there", "python3.12": "/there"}.get)
    assert "needs Python 3.11 or newer; this is Python 3.9" in said
    assert "python3.12" in said


def test_given_an_old_python_alone_then_installing_a_newer_one_is_advised() -> None:
    said = dev.complaint_about((3, 6), which=lambda _name: None)
    assert "this is Python 3.6" in said
    assert "Install a newer Python" in said


def test_given_an_old_python_when_started_then_it_ends_with_the_complaint_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert dev.main(["run"], version=(3, 8, 0)) == 2
    assert "this is Python 3.8" in capsys.readouterr().err


def test_an_old_python_can_read_the_file_that_complains() -> None:
    ast.parse((ROOT / "packaging" / "dev.py").read_text(encoding="ascii"), feature_version=(3, 4))


# ------------------------------------------------------------------------------------------------- the lock


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", LOCK, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), []).append(version)
    asked = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["dev"]]
    unmet = [
        str(requirement)
        for requirement in asked
        if not any(requirement.specifier.contains(pin) for pin in pins.get(canonicalize_name(requirement.name), []))
    ]
    assert not unmet, "renew the lock: CONTRIBUTING.md says how"


def test_every_package_of_the_lock_has_its_hashes_and_no_address() -> None:
    entries = re.split(r"^(?=\S+==)", LOCK, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK
    assert "--index" not in LOCK


# ------------------------------------------------------------------------------------------------- the stamp


@pytest.fixture
def checkout(tmp_path: Path) -> Environment:
    """Give a checkout with a lock, a project file and an environment whose Python is an empty file."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "requirements.lock").write_text("one==1 --hash=sha256:0\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    environment = Environment(tmp_path)
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    return environment


def recording(made: list[str], breaks_at: str = "") -> dict[str, Part]:
    """Give parts that only note that they were made; one may break instead."""

    def maker(part: str) -> Callable[[Environment, Callable[[str], None]], None]:
        def make(_environment: Environment, _note: Callable[[str], None]) -> None:
            if part == breaks_at:
                raise NO_INDEX
            made.append(part)

        return make

    return {part: (part, maker(part)) for part in set_up.PARTS}


def test_given_nothing_set_up_then_every_part_is_made_in_order(checkout: Environment) -> None:
    made: list[str] = []
    assert ensure(checkout, recording(made))
    assert made == ["python", "packages", "project", "libraries"]


def test_given_all_set_up_then_a_second_start_makes_nothing(checkout: Environment) -> None:
    ensure(checkout, recording([]))
    made: list[str] = []
    assert not ensure(checkout, recording(made))
    assert made == []


def test_given_a_set_up_that_broke_off_then_the_next_goes_on_at_that_part(checkout: Environment) -> None:
    with pytest.raises(Trouble):
        ensure(checkout, recording([], breaks_at="project"))
    made: list[str] = []
    ensure(checkout, recording(made))
    assert made == ["project", "libraries"]


def test_given_a_new_lock_then_only_the_packages_are_installed(checkout: Environment) -> None:
    ensure(checkout, recording([]))
    checkout.lock.write_text("one==2 --hash=sha256:0\n", encoding="utf-8")
    assert checkout.pending() == ["packages"]


def test_given_a_changed_project_file_then_only_the_project_is_installed(checkout: Environment) -> None:
    ensure(checkout, recording([]))
    (checkout.root / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert checkout.pending() == ["project"]


def test_given_a_checkout_that_was_moved_then_the_project_is_installed_anew(checkout: Environment) -> None:
    ensure(checkout, recording([]))
    moved = checkout.root.rename(checkout.root.with_name("moved"))
    assert Environment(moved).pending() == ["project"]


def test_given_an_environment_whose_python_is_gone_then_all_is_made_anew(checkout: Environment) -> None:
    ensure(checkout, recording([]))
    checkout.python.unlink()
    assert checkout.pending() == ["python", "packages", "project", "libraries"]


def test_given_another_python_then_all_is_made_anew_and_the_old_parts_are_forgotten(checkout: Environment) -> None:
    ensure(checkout, recording([]))
    text = checkout.stamp.read_text(encoding="utf-8")
    checkout.stamp.write_text(re.sub("python = .*", "python = cpython 3.10", text), encoding="utf-8")
    assert checkout.pending() == ["python", "packages", "project", "libraries"]
    with pytest.raises(Trouble):
        ensure(checkout, recording([], breaks_at="packages"))
    assert list(checkout.stamped()) == ["python"]


def test_given_a_python_without_venv_then_the_missing_package_is_named(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Trouble, match="python3-venv"):
        set_up.make_python(checkout, lambda _text: None)


def test_given_a_half_made_environment_then_it_is_made_anew(checkout: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout.folder / "half-made").touch()
    ran: list[list[str]] = []

    def program(command: list[str], *_rest: object) -> tuple[int, str]:
        ran.append(command[1:])
        return (1, "") if command[1] == "-c" else (0, "")

    monkeypatch.setattr("progress.follow", program)
    set_up.make_python(checkout, lambda _text: None)
    assert ran[-1] == ["-m", "venv", str(checkout.folder)]
    assert not (checkout.folder / "half-made").exists()


def test_given_too_little_room_then_it_is_said_before_anything_is_made(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.python.unlink()
    monkeypatch.setattr("shutil.disk_usage", lambda _place: Room(free=10_000_000))
    with pytest.raises(Trouble, match="disk is full"):
        set_up.make_python(checkout, lambda _text: None)


class Room:
    """How much of a disk is free, in bytes."""

    def __init__(self, free: int) -> None:
        self.free = free


# ------------------------------------------------------------------------------------------------- words for failures


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new connection'\n"
            "ERROR: No matching distribution found for alembic==1.0",
            NO_INDEX,
        ),
        ("ProxyError('Cannot connect to proxy.')\nERROR: No matching distribution found for alembic==1.0", NO_INDEX),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", DISK_FULL),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", WRONG_HASH),
        ("The virtual environment was not created because ensurepip is not available.", NO_VENV),
    ],
)
def test_given_what_a_failed_program_said_then_a_person_reads_what_it_means(output: str, expected: Trouble) -> None:
    told = explain(output, "installing", "a.log")
    assert told.happened == expected.happened
    assert told.to_do.startswith(expected.to_do)
    assert "a.log" in told.to_do


def test_given_a_package_without_a_build_for_this_machine_then_it_is_named() -> None:
    told = explain("ERROR: No matching distribution found for PySide6==6.11.3 (from x)\n", "installing", "a.log")
    assert "no build of PySide6==6.11.3 for this Python" in told.happened


def test_given_an_unknown_failure_then_its_last_words_and_the_log_are_given() -> None:
    told = explain("one\nthe last words\n\n", "installing", "a.log")
    assert told.happened == "installing failed: the last words"
    assert "a.log" in told.to_do


def test_given_an_error_of_the_system_then_it_is_told_in_words() -> None:
    assert explain_os(OSError(errno.ENOSPC, "x")) is DISK_FULL
    assert "may not write here (/there)" in explain_os(PermissionError(errno.EACCES, "Permission denied", "/there")).happened
    assert "Read-only file system (/there)" in explain_os(OSError(errno.EROFS, "Read-only file system", "/there")).happened


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (NO_INDEX, 1, "pip cannot reach a package index"),
        (KeyboardInterrupt(), 130, "goes on from there"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "the disk is full"),
    ],
)
def test_given_a_set_up_that_fails_then_it_ends_with_words_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: BaseException, code: int, said: str
) -> None:
    def fails(_environment: Environment) -> bool:
        raise raised

    monkeypatch.setattr(commands, "ensure", fails)
    assert commands.main(["setup"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


@pytest.mark.parametrize("arguments", [[], ["dance"], ["setup", "now"]])
def test_given_no_known_command_then_the_usage_is_shown(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert commands.main(arguments) == 2
    assert "usage: python3 packaging/dev.py setup" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------- run


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["desk"], True),
        (["desk", "--help"], False),
        (["--workspace", "clinician"], True),
        (["--help"], False),
        (["hub", "--exercise"], False),
        (["shoot", "--workspace", "dispatch"], False),
        (["protocol", "check"], False),
    ],
)
def test_only_the_desk_opens_a_window(arguments: list[str], window: bool) -> None:
    assert commands.opens_a_window(arguments) is window


@pytest.mark.parametrize(
    ("platform", "variables", "display"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_a_display_is_found_where_qt_would_find_it(platform: str, variables: dict[str, str], display: bool) -> None:
    assert commands.has_display(variables, platform) is display


def test_given_no_display_when_the_desk_is_run_then_the_way_to_look_off_screen_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "has_display", lambda _variables: False)
    monkeypatch.setattr(commands, "ensure", lambda _environment: pytest.fail("set up, though it cannot run"))
    assert commands.main(["run"]) == 1
    assert "run shoot" in capsys.readouterr().err


def test_the_sandbox_of_the_map_page_is_left_out_for_root_alone() -> None:
    assert commands.run_environment({"A": "b"}, root=False) == {"A": "b"}
    expected = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if sys.platform.startswith("linux") else {}
    assert commands.run_environment({}, root=True) == expected


# ------------------------------------------------------------------------------------------------- test


def test_given_no_display_then_the_tests_run_off_screen() -> None:
    assert commands.test_environment({}, "linux")["QT_QPA_PLATFORM"] == "offscreen"
    assert "QT_QPA_PLATFORM" not in commands.test_environment({"DISPLAY": ":0"}, "linux")
    assert commands.test_environment({}, "win32") == {}


def test_given_a_shell_that_keeps_no_bytecode_then_the_tests_keep_it_all_the_same() -> None:
    assert commands.test_environment({"PYTHONDONTWRITEBYTECODE": "1", "A": "b"}, "win32") == {"A": "b"}


@pytest.mark.parametrize(("fails", "after"), [("ruff", "mypy, import-linter, pytest"), ("import-linter", "pytest")])
def test_given_a_check_that_fails_then_it_is_named_and_the_rest_is_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fails: str, after: str
) -> None:
    ran: list[str] = []

    def program(command: list[str], *_rest: object) -> int:
        name = next(name for name, arguments in commands.CHECKS if tuple(command[1 : 1 + len(arguments)]) == arguments)
        ran.append(name)
        return 3 if name == fails else 0

    monkeypatch.setattr(commands, "ensure", lambda _environment: False)
    monkeypatch.setattr(commands, "_wait", program)
    assert commands.main(["test"]) == 3
    assert ran[-1] == fails
    assert f"{fails} failed (exit 3). Not run: {after}." in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "given"), [(["-k", "hub"], ["-k", "hub"]), ([], list(commands.WHOLE))])
def test_given_arguments_then_pytest_alone_gets_them_and_without_any_it_runs_the_whole_in_two_processes(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], given: list[str]
) -> None:
    ran: list[list[str]] = []

    def program(command: list[str], *_rest: object) -> int:
        ran.append(command[1:])
        return 0

    monkeypatch.setattr(commands, "ensure", lambda _environment: False)
    monkeypatch.setattr(commands, "_wait", program)
    assert commands.main(["test", *arguments]) == 0
    assert ran[:-1] == [list(command) for _, command in commands.CHECKS[:-1]]
    assert ran[-1] == ["-m", "pytest", *given]


# ------------------------------------------------------------------------------------------------- system libraries


def test_given_windows_or_macos_then_no_library_is_missing() -> None:
    assert system_libraries.missing("win32") == system_libraries.missing("darwin") == []


def test_given_a_library_that_does_not_load_then_it_is_missing() -> None:
    assert system_libraries.missing("linux", lambda name: name != "libnss3.so") == ["libnss3.so"]


def test_given_a_package_that_was_renamed_then_the_name_of_this_release_is_taken() -> None:
    wanted = ["libasound.so.2", "libnss3.so"]
    assert system_libraries.packages_for(wanted, lambda _package: True) == ["libasound2t64", "libnss3"]
    old = {"libasound2", "libnss3"}
    assert system_libraries.packages_for(wanted, old.__contains__) == ["libasound2", "libnss3"]


def test_given_missing_libraries_and_no_right_to_install_then_one_command_is_told(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_libraries, "missing", lambda: ["libnss3.so", "libEGL.so.1"])
    monkeypatch.setattr(system_libraries, "may_install", lambda: False)
    monkeypatch.setattr(system_libraries, "apt_knows", lambda _package: True)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Trouble, match=r"sudo apt-get install --no-install-recommends libegl1 libnss3\n"):
        set_up.check_libraries(checkout, lambda _text: None)


# ------------------------------------------------------------------------------------------------- progress


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_given_no_terminal_then_each_step_is_a_line_when_it_begins_and_when_it_is_done() -> None:
    out = io.StringIO()
    progress = Progress(2, out)
    with progress.step("First"):
        pass
    with pytest.raises(Trouble), progress.step("Second"):
        raise NO_INDEX
    assert out.getvalue().splitlines() == ["[1/2] First ...", "[1/2] First: done in 0 s", "[2/2] Second ..."]


def test_given_a_terminal_then_one_line_is_redrawn_and_left_clean() -> None:
    out = Terminal()
    with Progress(1, out).step("Only"):
        pass
    drawn = out.getvalue().split("\r")
    assert drawn[1].startswith("[1/1] Only | 0:00")
    assert drawn[-1] == "[1/1] Only: done in 0 s\n"


def test_given_a_program_then_its_lines_are_heard_kept_and_given(tmp_path: Path) -> None:
    heard: list[str] = []
    log = tmp_path / "set-up.log"
    program = [sys.executable, "-S", "-c", "import sys; print('a'); print('b'); sys.exit(4)"]
    code, said = follow(program, log, heard.append, os.environ, tmp_path)
    assert (code, said) == (4, "a\nb\n")
    assert heard == ["a\n", "b\n"]
    assert log.read_text(encoding="utf-8").endswith("a\nb\n")

"""The three commands of ``dev.py``: set up; run the console; check the sources and run the tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from set_up import Environment, ensure
from trouble import Trouble, explain_os

USAGE = """\
usage: python3 packaging/dev.py setup                set up (.venv, locked packages, system libraries)
       python3 packaging/dev.py run [ARGS ...]       set up if needed, then heart-console ARGS
       python3 packaging/dev.py test [ARGS ...]      set up if needed, check the sources, then pytest ARGS
"""

# What `test` runs, in this order; the first that fails ends it. Each is a module of the locked environment.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff", ("-m", "ruff", "check", ".")),
    ("mypy", ("-m", "mypy", "--strict")),
    ("import-linter", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
    ("pytest", ("-m", "pytest")),
)

# The whole suite runs in two processes; tests/conftest.py says which tests stay together. What ARGS name runs in one.
WHOLE = ("-n", "2")


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask; gives the exit code, and never a traceback for what a person can mend."""
    verb, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if verb in ("-h", "--help"):
        print(USAGE, end="")
        return 0
    try:
        if verb == "setup" and not rest:
            if not ensure(Environment()):
                print("Set up already; nothing to do.")
            return 0
        if verb == "run":
            return run(rest)
        if verb == "test":
            return test(rest)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped by you. What is done is kept; the same command goes on from there.", file=sys.stderr)
        return 130
    except OSError as error:
        print(explain_os(error), file=sys.stderr)
        return 1
    print(USAGE, end="", file=sys.stderr)
    return 2


def opens_a_window(arguments: Sequence[str]) -> bool:
    """Tell whether these arguments of heart-console open the desk on a screen."""
    if "-h" in arguments or "--help" in arguments:
        return False
    return not arguments or arguments[0] == "desk" or arguments[0].startswith("-")


def has_display(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether Qt would find a screen, or was told by name what to draw on."""
    if not platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def is_root() -> bool:
    """Tell whether this is root of a system that has one."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def run_environment(environment: Mapping[str, str], root: bool) -> dict[str, str]:
    """Give the variables for the console. Chromium refuses its sandbox to root, and only then is it left out."""
    more = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if root and sys.platform.startswith("linux") else {}
    return {**environment, **more}


def test_environment(environment: Mapping[str, str], platform: str = sys.platform) -> dict[str, str]:
    """Give the variables for the tests: off screen where there is no screen, and no sandbox in a container.

    Programs that the tests start, a hundred or so, may keep what they compile: else each compiles all of the console anew.
    """
    more = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if platform.startswith("linux") else {}
    if not has_display(environment, platform):
        more["QT_QPA_PLATFORM"] = "offscreen"
    return {**{name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}, **more}


def run(arguments: Sequence[str]) -> int:
    """Run ``heart-console`` with these arguments in this folder."""
    if opens_a_window(arguments) and not has_display(os.environ):
        raise Trouble(
            "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the desk cannot open its window.",
            "Start it on a graphical desktop. To look at it off screen: "
            "python3 packaging/dev.py run shoot --workspace dispatch --out desk.png",
            "Nothing was changed.",
        )
    made = Environment()
    ensure(made)
    command = [str(made.python), "-m", "console", *arguments]
    variables = run_environment(os.environ, is_root())
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(made.python, command, variables)  # the console takes this process over: signals reach it directly
    return _wait(command, variables, None)


def test(arguments: Sequence[str]) -> int:
    """Check the sources, then run the tests; stops at the first that fails and says which."""
    made = Environment()
    ensure(made)
    variables = test_environment(os.environ)
    for at, (name, command) in enumerate(CHECKS):
        print(f"[{at + 1}/{len(CHECKS)}] {name}", flush=True)
        last = at + 1 == len(CHECKS)
        code = _wait([str(made.python), *command, *((arguments or WHOLE) if last else ())], variables, made.root)
        if code:
            unrun = ", ".join(other for other, _ in CHECKS[at + 1 :])
            print(f"Stopped: {name} failed (exit {code}).{f' Not run: {unrun}.' if unrun else ''}", file=sys.stderr)
            return code if 0 < code < 128 else 1
    return 0


def _wait(command: Sequence[str], variables: Mapping[str, str], cwd: Path | None) -> int:
    import subprocess

    with subprocess.Popen(command, env=dict(variables), cwd=cwd) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue  # the key press reached the program too: it says its last words, then we end with it

"""A process of its own for whatever opens a window: Qt's loop can be entered only once in one. Off screen, and its own
folders: a measurement must neither take the screen nor change what this user's desk remembers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from console.bench.memory import processor_s


class Child:
    """A process that says JSON lines and is told lines."""

    def __init__(self, process: "subprocess.Popen[str]", complaints: Path) -> None:
        """Talk to a process that has its ends of both pipes; what it complains of is in a file."""
        self._process, self._complaints = process, complaints

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def hear(self) -> Any:
        """The next line it says; RuntimeError when it has ended instead."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(('"', "{", "[")):  # not what a library has to say
                return msgspec.json.decode(line)
        said = self._complaints.read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()} before it had measured:\n{said}")

    def tell(self, line: object) -> None:
        """Say one JSON line to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(line).decode() + "\n")
        self._process.stdin.flush()

    def processor_s(self) -> float:
        """Processor seconds of it and of its children so far."""
        return processor_s(self.pid)


@contextmanager
def child(folder: Path, module: str, *arguments: str) -> Iterator[Child]:
    """Run `python -m module` with its settings and data below `folder`; it is ended afterwards."""
    surroundings = {**os.environ, **_surroundings(folder)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # a desk that people use is compiled once, not at every start
    complaints = folder / f"{module}.stderr"
    with complaints.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            env=surroundings, text=True,
        )  # fmt: skip
    try:
        yield Child(process, complaints)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def say(line: object) -> None:
    """In the child: say one JSON line."""
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


def _surroundings(folder: Path) -> dict[str, str]:
    """Off screen, and this user's folders elsewhere, on every system by its own names for them."""
    set_up = {"QT_QPA_PLATFORM": "offscreen"}
    for name in _FOLDERS:
        own = folder / name.lower()
        own.mkdir(parents=True, exist_ok=True)
        set_up[name] = str(own)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        set_up["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium has no sandbox for root
    return set_up


_FOLDERS = (
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME",
    "WIN_PD_OVERRIDE_APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA",
)  # fmt: skip

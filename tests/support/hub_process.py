"""A hub as a process of its own, as a desk or a center starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from console.wire.messages import DESK_TOKEN_HEADER

TOKEN = "a-token-of-this-desk"
"""What an embedded hub of the tests is told on its first line."""


class HubProcess:
    """An embedded hub that listens; its standard input is the desk's life line."""

    def __init__(self, *arguments: str) -> None:
        """Start it and wait for its one line."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "console", "hub", "--listen", "127.0.0.1:0", "--embedded", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.process.stdin.write(TOKEN.encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the hub did not start: {self.process.stderr.read().decode()}")
        said = json.loads(line)
        self.url: str = said["url"]
        self.log_id: str = said["log_id"]
        self.headers = {DESK_TOKEN_HEADER: TOKEN}

    def desk_is_gone(self) -> int:
        """Close the life line; the exit code of the hub."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(30)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(30)

    def __enter__(self) -> HubProcess:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave nothing running and no pipe open."""
        self.process.kill()
        self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()


def hub_that_fails(*arguments: str, stdin: bytes = b"") -> tuple[int, list[str]]:
    """Run `heart-console hub` where it must not start: its exit code and the lines it said on standard error.

    It takes a free port unless the arguments name one: another hub may be running on this machine.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "console", "hub", "--listen", "127.0.0.1:0", *arguments],
        input=stdin, capture_output=True, timeout=60, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.stdout == b""
    return ended.returncode, ended.stderr.decode().splitlines()

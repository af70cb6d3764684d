"""Progress on a terminal: which step of how many, what it is at, and a line that moves while it works."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class Progress:
    """Tells the steps of one piece of work on a text stream.

    On a terminal the current step is one line, redrawn five times a second; elsewhere each step is one line when it
    begins and one when it is done, so that a log stays readable.
    """

    def __init__(self, steps: int, out: TextIO | None = None) -> None:
        self.steps = steps
        self.out = out if out is not None else sys.stderr
        self.at = 0
        self.note = ""
        self._moving = self.out.isatty()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show one step while the block runs; a step left by an exception is not called done."""
        self.at, self.note = self.at + 1, ""
        head, begun, ended = f"[{self.at}/{self.steps}] {title}", time.monotonic(), threading.Event()
        ticker = threading.Thread(target=self._tick, args=(head, begun, ended), daemon=True)
        if self._moving:
            ticker.start()
        else:
            print(f"{head} ...", file=self.out, flush=True)
        done = False
        try:
            yield
            done = True
        finally:
            ended.set()
            if self._moving:
                ticker.join()
                self._draw("")
            if done:
                print(f"{head}: done in {time.monotonic() - begun:.0f} s", file=self.out, flush=True)

    def _tick(self, head: str, begun: float, ended: threading.Event) -> None:
        for sign in itertools.cycle("|/-\\"):
            passed = int(time.monotonic() - begun)
            self._draw(f"{head} {sign} {passed // 60}:{passed % 60:02d} {self.note}")
            if ended.wait(0.2):
                return

    def _draw(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self.out.write("\r" + text[:width].ljust(width) + ("" if text else "\r"))
        self.out.flush()


def follow(
    command: Sequence[str], log: Path, heard: Callable[[str], None], environment: Mapping[str, str], cwd: Path
) -> tuple[int, str]:
    """Run a program, keep all it says in ``log`` and tell each line to ``heard``; gives exit code and output."""
    said: list[str] = []
    with log.open("a", encoding="utf-8") as kept:
        print("$", *command, file=kept, flush=True)
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=dict(environment),
            cwd=cwd,
        ) as running:
            try:
                for line in running.stdout or ():
                    kept.write(line)
                    said.append(line)
                    heard(line)
            except BaseException:
                running.terminate()
                raise
    return running.returncode, "".join(said)

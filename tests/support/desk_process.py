"""A desk as a process of its own, seen from the test that works it: keys go in, what it shows comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

from console.wire import codec
from tests.support.loop import BOUND_S
from tests.support.shown import NOT_NOW, Shown

_ROOT = Path(__file__).parents[2]


class DeskProcess:
    """A desk that was started, with everything it keeps (settings, drafts, what is unsent) below `folder`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        """Start it, with the arguments of `heart-console desk`; it is there once `until` has seen something."""
        self.folder = folder
        folder.mkdir(exist_ok=True)
        places = {f"XDG_{name}_HOME": str(folder) for name in ("CONFIG", "DATA", "STATE")}
        self._said = (folder / "stderr.txt").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "tests.support.driven_desk", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, cwd=_ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(folder), **places},
        )  # fmt: skip
        self._asked = 0
        self._news = threading.Condition()
        self._now: Shown | None = None
        self._ended = False
        self.digests: dict[tuple[str, int], str] = {}
        """The digest of the board at every place of every log that this desk has told of."""
        self._reader = threading.Thread(target=self._read, name=f"desk {folder.name}", daemon=True)
        self._reader.start()

    # ------------------------------------------------------------------------------------------- what it shows

    @property
    def now(self) -> Shown:
        """What it told last."""
        return self.until(lambda _: True, "anything at all")

    def until(self, met: Callable[[Shown], object], what: str) -> Shown:
        """Wait until what is shown is as wanted, and return that look; `what` says what was waited for in vain."""
        with self._news:
            self._news.wait_for(lambda: self._ended or (self._now is not None and met(self._now)), BOUND_S)
            now, ended = self._now, self._ended
        if now is not None and met(now):
            return now
        why = f"the desk ended ({self._process.wait(BOUND_S)})" if ended else f"not within {BOUND_S:.0f} s"
        last = now.text if now else "nothing was shown"
        raise AssertionError(f"{self.folder.name}: {what}: {why}. It shows:\n{last}\n{self._trouble()}")

    def until_says(self, *words: str, region: str = "") -> Shown:
        """Wait until all of these words stand on the screen, or in a region of it."""
        return self.until(lambda now: all(now.says(one, region) for one in words), f"to say {words} in {region or 'any'}")

    def until_can(self, words: str) -> Shown:
        """Wait until a button that begins with these words is there and may be pressed."""

        def there(now: Shown) -> bool:
            return any(line.startswith(words) and NOT_NOW not in line for line in now.said(words))

        return self.until(there, f"to offer {words!r}")

    def until_silent_of(self, words: str, region: str = "") -> Shown:
        """Wait until these words stand there no more."""
        return self.until(lambda now: not now.says(words, region), f"not to say {words!r} in {region or 'any'}")

    # ------------------------------------------------------------------------------------------- what is done to it

    def press(self, *keys: str) -> Shown:
        """Press keys one after the other; back when all have been taken, with what is shown then."""
        for key in keys:
            self._send({"press": key})
        return self._taken()

    def type(self, words: str) -> Shown:
        """Type words where the keyboard is."""
        self._send({"type": words})
        return self._taken()

    def orders_expire_s(self, seconds: float) -> None:
        """Let orders given from now on go stale after so many seconds instead of thirty."""
        self._send({"orders_expire_s": seconds})
        self._taken()

    def until_drawn(self, met: Callable[[str], bool], what: str) -> None:
        """Ask the map page what it has drawn until it is as wanted."""
        drawn = ""
        for _ in range(2000):
            self._send({"map": True})
            drawn = self._taken().map
            if met(drawn):
                return
        raise AssertionError(f"{self.folder.name}: the map does not show {what}: {drawn}")

    def _send(self, request: dict[str, object]) -> None:
        assert self._process.stdin
        self._asked += 1
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

    def _taken(self) -> Shown:
        asked = self._asked
        return self.until(lambda now: now.done >= asked, f"request {asked} to be carried out")

    # ------------------------------------------------------------------------------------------- its life

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def hub(self) -> psutil.Process:
        """The hub that this desk has started for itself."""
        children = psutil.Process(self._process.pid).children()
        return next(child for child in children if "hub" in child.cmdline())

    def kill(self) -> None:
        """End it as a crash would; for one that has ended already only what is open is closed."""
        if self.alive:
            self._process.kill()
        self._wait()

    def leave(self) -> None:
        """Close it by its key; it must end well, and have no fault in its log."""
        if self.alive:
            self._send({"press": "Ctrl+Q"})
            code = self._wait()
            assert code == 0, f"{self.folder.name} ended with {code}\n{self._trouble()}"
        assert not self._trouble(), self._trouble()

    def _wait(self) -> int:
        assert self._process.stdin and self._process.stdout
        try:
            return self._process.wait(BOUND_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            self._process.stdin.close()
            self._reader.join(BOUND_S)
            self._said.close()

    def _trouble(self) -> str:
        """What its log and its standard error hold that should not be there."""
        log = next(iter(self.folder.rglob("desk.log")), None)
        lines = log.read_text(encoding="utf-8").splitlines() if log else []
        wrong = [line for line in lines if any(sign in line for sign in (" ERROR ", " CRITICAL ", "board-taken-anew"))]
        said = (self.folder / "stderr.txt").read_text(encoding="utf-8", errors="replace")
        return "\n".join([*wrong[:20], said if "Traceback" in said or "Fatal" in said else ""]).strip()

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                now = codec.decode(line, Shown)
                with self._news:
                    if now.digest:
                        self.digests[now.log_id, now.seq] = now.digest
                    self._now = now
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

"""The Qt loop as the program enters it, once, in a process of its own."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from console.ui import program

SCRIPT = """
import asyncio, gc
from console.ui import program

app = program.application()
told = []

async def numbers(name):
    try:
        while True:
            yield 1
    finally:
        await asyncio.sleep(0)
        told.append(name)

async def main():
    async for _ in numbers("let go of"):
        break
    gc.collect()
    while not told:
        await asyncio.sleep(0)
    main.kept = numbers("kept")
    await anext(main.kept)
    return 7

print(program.enter_loop(app, main()), *told, sep=", ")
"""


def test_given_generators_let_go_of_or_left_behind_then_each_is_closed_before_the_loop_is() -> None:
    place = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=place, cwd=Path(__file__).parents[2], timeout=60
    )
    assert ended.stdout.strip() == "7, let go of, kept", ended.stderr
    assert "Traceback" not in ended.stderr


def test_given_a_log_when_nothing_is_said_then_there_is_no_file_and_else_its_lines_are_in_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.log"
    file = program._LogFile(path)
    file.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    assert not path.exists()
    file.emit(logging.LogRecord("desk", logging.WARNING, "", 0, "%s units", (3,), None))
    file.close()
    assert path.read_text(encoding="utf-8") == "WARNING 3 units\n"

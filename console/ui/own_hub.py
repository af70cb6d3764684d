"""The hub that a desk starts for itself, and the folder in which that keeps its log."""

from __future__ import annotations

import shutil
from pathlib import Path

from console.link.embedded import hub_command
from console.ui.folders import data_folder, log_folder, new_exercise_folder
from console.ui.hub_thread import HubThread


class OwnHub:
    """The exercise that this desk plays by itself: a child process and a folder that goes with it."""

    def __init__(self, configuration: Path, speed: float, seed: int) -> None:
        self.folder = new_exercise_folder(data_folder())
        store = f"sqlite:///{(self.folder / 'log.sqlite').as_posix()}"
        command = hub_command(
            "--store", store, "--config", str(configuration), "--exercise", "--speed", f"{speed:g}", "--seed", str(seed)
        )  # fmt: skip
        self.thread: HubThread = HubThread(command, log_folder() / "hub.log")

    def stop(self) -> None:
        """End the child and take its folder away."""
        self.thread.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

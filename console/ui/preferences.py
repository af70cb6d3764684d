"""What a person's desk remembers: theme, size, how it last started, where the panes stand. One JSON file."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)


class Remembered(msgspec.Struct):
    """Everything that is kept; a field that is missing in the file has its default. `panes`: by person and workspace."""

    theme: str = "dark"
    scale: float = 1.0
    start: str = ""
    """How the desk last began: "exercise", or the address of a hub."""
    user_id: str = ""
    panes: dict[str, str] = {}


class Preferences:
    """Reads once, writes at each change. Without a path nothing is kept. A damaged file is said and not followed."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.now = Remembered()
        if path is not None and path.exists():
            try:
                self.now = msgspec.json.decode(path.read_bytes(), type=Remembered)
            except (OSError, msgspec.DecodeError) as error:
                log.warning("%s could not be read (%s): the desk starts with its own settings", path, error)

    def save(self) -> None:
        """Write what is remembered now."""
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(".new")
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(self.now), indent=2))
            beside.replace(self._path)
        except OSError as error:
            log.warning("settings are not kept: %s", error)

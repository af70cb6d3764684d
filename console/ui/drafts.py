"""Half-typed words survive: one small file of them, by person and call, written moments after each key."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)

WRITE_AFTER_MS = 300


class Drafts(QObject):
    """Drafts by user, call and field. Without a path they live as long as the desk; a damaged file is set aside."""

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._texts: dict[str, str] = self._read()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER_MS)
        self._timer.timeout.connect(self.flush)

    def text(self, user_id: str, call_id: str, field: str = "narrative") -> str:
        """The draft, or ""."""
        return self._texts.get(_key(user_id, call_id, field), "")

    def keep(self, user_id: str, call_id: str, text: str, field: str = "narrative") -> None:
        """Remember a draft; empty text forgets it."""
        key = _key(user_id, call_id, field)
        if text == self._texts.get(key, ""):
            return
        if text:
            self._texts[key] = text
        else:
            del self._texts[key]
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Write now; the old file is replaced in one step, so that a crash leaves one or the other whole."""
        self._timer.stop()
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(".new")
            beside.write_bytes(msgspec.json.encode(self._texts))
            beside.replace(self._path)
        except OSError as error:
            log.warning("drafts are not kept: %s", error)

    def _read(self) -> dict[str, str]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError) as error:
            aside = self._path.with_suffix(".damaged")
            log.warning("drafts could not be read (%s); the file was set aside as %s", error, aside.name)
            self._path.replace(aside)
            return {}


def _key(user_id: str, call_id: str, field: str) -> str:
    return "\x1f".join((user_id, call_id, field))

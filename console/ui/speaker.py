"""What alarms sound like, made from their notes, and the loudspeaker that plays it; whether there is one is known."""

from __future__ import annotations

import logging
import math
from array import array
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioSink, QMediaDevices

log = logging.getLogger(__name__)

Note = tuple[float, float]
"""Pitch in hertz (0 is silence) and length in seconds."""

SOUNDS: Final[dict[str, tuple[Note, ...]]] = {
    "backup": ((988, 0.16), (740, 0.16), (988, 0.16), (740, 0.16), (988, 0.3)),
    "check": ((587, 0.22), (0, 0.08), (587, 0.22)),
}
"""Two pitches in turn for a unit that asks for backup, one pitch twice for a check that the supervisor acts on."""

RATE: Final = 22050
_FADE_S: Final = 0.01
_LOUD: Final = 0.5


def samples(notes: tuple[Note, ...]) -> bytes:
    """The notes as 16-bit samples, one channel at `RATE`; each fades in and out, so that nothing clicks."""
    made = array("h")
    for pitch, seconds in notes:
        count, fade = round(seconds * RATE), round(_FADE_S * RATE)
        for n in range(count):
            level = min(1.0, n / fade, (count - 1 - n) / fade) * _LOUD
            made.append(round(32767 * level * math.sin(2 * math.pi * pitch * n / RATE)))
    return made.tobytes()


class Speaker(QObject):
    """Plays a sound of the table at the machine's own output. Where there is none it beeps as the system does."""

    missing_changed = Signal(bool)
    """Whether there is no sound device now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.missing = False
        self._devices: QMediaDevices | None = None
        self._playing: tuple[QAudioSink, QBuffer] | None = None

    def open(self) -> None:
        """Look for the device, and again whenever one comes or goes. It takes a moment, so the start does it last."""
        try:
            from PySide6.QtMultimedia import QMediaDevices
        except ImportError as error:
            log.info("no sound: %s", error)
            self._miss(True)
            return
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._look)
        self._look()

    def play(self, name: str) -> None:
        """Play a sound of the table from its beginning; one that still plays ends."""
        if self._devices is None or self.missing:
            QApplication.beep()
            return
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

        wanted = QAudioFormat()
        wanted.setSampleRate(RATE)
        wanted.setChannelCount(1)
        wanted.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self.stop()
        sink, sound = QAudioSink(QMediaDevices.defaultAudioOutput(), wanted, self), QBuffer(self)
        sound.setData(samples(SOUNDS[name]))
        sound.open(QIODevice.OpenModeFlag.ReadOnly)
        self._playing = sink, sound
        sink.start(sound)

    def stop(self) -> None:
        """Be silent."""
        if self._playing is not None:
            sink, sound = self._playing
            self._playing = None
            sink.stop()
            sink.deleteLater()
            sound.deleteLater()

    def _look(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        self._miss(QMediaDevices.defaultAudioOutput().isNull())

    def _miss(self, missing: bool) -> None:
        if missing != self.missing:
            self.missing = missing
            self.missing_changed.emit(missing)

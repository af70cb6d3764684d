"""Calls put in the order of their receipt, however many: the records wait in a temporary file, only times in memory."""

import tempfile
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from console.recorded.recorded_call import RecordedCall

IN_MEMORY = 16 * 1024 * 1024
"""Bytes of records kept in memory before they go to a file."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class TimeOrder:
    """Add calls in any order, then iterate: earliest first, calls of one moment as they were added. 16 bytes a call."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by __exit__)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(RecordedCall).decode
        self._times = array("q")
        self._starts = array("Q", [0])

    def __enter__(self) -> "TimeOrder":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._times)

    @property
    def span(self) -> timedelta:
        """From the first call's receipt to the last's."""
        return (max(self._times) - min(self._times)) * _MICROSECOND if self._times else timedelta()

    def add(self, call: RecordedCall) -> None:
        """Take a call in."""
        record = self._encode(call)
        self._file.write(record)
        self._times.append((call.received_at - _EPOCH) // _MICROSECOND)
        self._starts.append(self._starts[-1] + len(record))

    def __iter__(self) -> Iterator[RecordedCall]:
        for number in sorted(range(len(self._times)), key=self._times.__getitem__):
            self._file.seek(self._starts[number])
            yield self._decode(self._file.read(self._starts[number + 1] - self._starts[number]))

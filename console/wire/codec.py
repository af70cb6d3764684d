"""JSON to records and back, for both ends, and the digest by which two replicas prove that they agree."""

from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar, cast

import msgspec

from console.domain.state import State

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder()
_CANONICAL = msgspec.json.Encoder(order="deterministic")


class Unreadable(Exception):
    """The bytes are not the record that was asked for; the message says what is wrong and at which place."""

    def __init__(self, message: str) -> None:
        """Split msgspec's sentence into what is wrong and its place (`$.command.unit_id`)."""
        super().__init__(message)
        self.what, _, place = message.partition(" - at `")
        self.where = place.rstrip("`")


def encode(record: object) -> bytes:
    """Write a record as JSON."""
    return _ENCODER.encode(record)


@cache
def _decoder(kind: Any) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind)


def decode(body: bytes | str, kind: type[T]) -> T:
    """Read a record of `kind`, or raise `Unreadable`. Unknown fields and unknown types are refused, never skipped."""
    try:
        record: T = _decoder(cast(Any, kind)).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    return record


def digest(state: State) -> str:
    """A short fingerprint of a state: equal for equal states, whatever order their dictionaries grew in."""
    return blake2b(_CANONICAL.encode(state), digest_size=16).hexdigest()
